"""Conditions on a value of metrics.yml, with the words that say what was expected."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any


@dataclass(frozen=True)
class Rule:
    """A condition on a value, and the words that say what was expected."""

    words: str
    holds: Callable[[Any], bool]


def is_number(value: Any) -> bool:
    """Whether a value is a finite number; true and false are none."""
    kinds = isinstance(value, int | float) and not isinstance(value, bool)
    return kinds and math.isfinite(value)


def number(lowest: float = 0, highest: float = math.inf, *, nullable: bool = False) -> Rule:
    """A number within bounds, or nothing where it may be unknown."""
    span = f" of at least {lowest:g}" if highest == math.inf else f" from {lowest:g} to {highest:g}"
    span = "" if lowest == -math.inf else span
    words = f"a number{span}" + (" or null" if nullable else "")
    return Rule(
        words,
        lambda v: (v is None and nullable) or (is_number(v) and lowest <= v <= highest),
    )


def whole(lowest: int = 0) -> Rule:
    """A whole number from a bound on."""
    return Rule(
        f"a whole number of at least {lowest}",
        lambda v: isinstance(v, int) and not isinstance(v, bool) and v >= lowest,
    )


def ordered(words: str, inner: Rule, count: int | None = None, *, falling: bool = False) -> Rule:
    """A list of numbers, each strictly above (below) the one before."""

    def holds(value: Any) -> bool:
        if not isinstance(value, list) or not all(inner.holds(v) for v in value):
            return False
        pairs = list(pairwise(value))
        in_order = all(a > b for a, b in pairs) if falling else all(a < b for a, b in pairs)
        return bool(value) and in_order and (count is None or len(value) == count)

    return Rule(words, holds)


def some_of(allowed: Iterable[str], *, may_be_empty: bool = False) -> Rule:
    """A list of words of a closed list, each once."""
    known = tuple(allowed)
    return Rule(
        f"a list of {', '.join(known)}, each at most once",
        lambda v: (
            isinstance(v, list)
            and (bool(v) or may_be_empty)
            and all(item in known for item in v)
            and len(v) == len(set(v))
        ),
    )


def block(words: str, keys: Iterable[str], holds: Callable[[dict[str, Any]], bool]) -> Rule:
    """A block of known keys whose values agree with one another."""
    known = set(keys)
    return Rule(words, lambda v: isinstance(v, dict) and v.keys() <= known and holds(v))
