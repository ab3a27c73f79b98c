"""metrics.yml: complete, without unknown keys, and every value of its kind and in its order."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assets.configuration.rules import is_number
from assets.configuration.tables import ELEMENTS, PROFILES
from assets.configuration.thresholds import APPETITES, EXPLAINING, IMPACTS, TIERS, rule_for
from assets.configuration.yaml import Document, Place, read_yaml
from assets.faults import ConfigurationFault
from assets.transform.contract import REPOSITORY

CONDITIONS = {"tier": TIERS, "appetite": APPETITES, "impact": IMPACTS}
Fault = tuple[Place, str]


def read_metrics(path: Path) -> dict[str, Any]:
    """The thresholds of a company, held against the keys and kinds of the default file.

    Raises ConfigurationFault naming file, line, key, what was expected and what was found.
    """
    document = read_yaml(path)
    default = read_yaml(REPOSITORY / "config" / "metrics.yml").value
    faults = sorted(
        (document.line(place), f"line {document.line(place)}: {'.'.join(place)}: {words}")
        for place, words in _faults(default, document, (), document.value)
    )
    if faults:
        raise ConfigurationFault(
            f"{path}: {'; '.join(words for _, words in faults)}. The complete set of keys is "
            "config/metrics.yml."
        )
    return dict(document.value)


def _faults(default: Any, document: Document, place: Place, found: Any) -> Iterator[Fault]:
    if place == ("segmentation", "profile_rules"):
        yield from _profile_rule_faults(place, found)
        return
    if place == ("publication_diff",):
        yield from _drift_faults(place, found)
        return
    if place == ("exceptions", "explains") and isinstance(found, dict):
        yield from _explanation_faults(place, found)
        return
    if rule := rule_for(place, default) if place else None:
        if not rule.holds(found):
            yield place, f"expected {rule.words}, found {_shown(found)}"
        return
    if not isinstance(found, dict):
        yield place or ("metrics",), f"expected a block of keys, found {_shown(found)}"
        return
    known, given = {str(k) for k in default}, {str(k) for k in found}
    yield from (((*place, key), "unknown key") for key in given - known)
    yield from (((*place, key), "missing") for key in known - given)
    for key in default.keys() & found.keys():
        yield from _faults(default[key], document, (*place, str(key)), found[key])
    if "red" in known and found.get("red") == found.get("green"):
        yield (*place, "green"), "expected another number than red, found the same"


def _profile_rule_faults(place: Place, found: Any) -> Iterator[Fault]:
    """Each rule names a profile and known conditions; the last has none, so that one matches."""
    if not isinstance(found, list) or not found:
        yield place, f"expected a list of rules, found {_shown(found)}"
        return
    for number, rule in enumerate(found):
        at = (*place, str(number))
        if not isinstance(rule, dict) or rule.get("profile") not in PROFILES:
            yield at, f"expected a profile of {', '.join(PROFILES)}, found {_shown(rule)}"
            continue
        for key, values in rule.items():
            if key == "profile":
                continue
            allowed = CONDITIONS.get(str(key))
            if allowed is None:
                yield (*at, str(key)), "unknown key"
            elif not isinstance(values, list) or not set(map(str, values)) <= set(allowed):
                yield (
                    (*at, str(key)),
                    f"expected a list of {', '.join(allowed)}, found {_shown(values)}",
                )
    if isinstance(found[-1], dict) and found[-1].keys() != {"profile"}:
        yield (*place, str(len(found) - 1)), "the last rule must have no condition"


def _explanation_faults(place: Place, found: dict[Any, Any]) -> Iterator[Fault]:
    """Elements that no exception explains may be left out; unknown ones are misspelt."""
    for element, areas in found.items():
        at = (*place, str(element))
        if element not in ELEMENTS:
            yield at, f"expected one of {', '.join(ELEMENTS)}"
        elif not EXPLAINING.holds(areas):
            yield at, f"expected {EXPLAINING.words}, found {_shown(areas)}"


def _drift_faults(place: Place, found: Any) -> Iterator[Fault]:
    if not isinstance(found, dict):
        yield place, f"expected a block of tables, found {_shown(found)}"
        return
    for table, limits in found.items():
        at = (*place, str(table))
        if not isinstance(limits, dict) or limits.keys() != {"rows", "sum"}:
            yield at, f"expected rows and sum, found {_shown(limits)}"
            continue
        for key, limit in limits.items():
            if limit is not None and not (is_number(limit) and limit >= 0):
                yield (*at, key), f"expected a number of at least 0 or null, found {_shown(limit)}"


def _shown(value: Any) -> str:
    return json.dumps(value, default=str, ensure_ascii=False)
