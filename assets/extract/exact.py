"""Reads JSON without taking a digit from its numbers: they stay the text they were."""

import json
import re
from decimal import Decimal
from typing import Any

LONG_NUMBER = re.compile(r"\d[\d.]{15,}|\d[eE]")


def exact_json(text: str) -> Any:
    """A JSON value whose numbers are their text; raises ValueError where it is none."""
    return json.loads(text, parse_float=_plain, parse_int=str, parse_constant=str)


def _plain(number: str) -> str:
    return format(Decimal(number), "f") if "e" in number.lower() else number


def with_exact_numbers(text: str) -> str:
    """JSON Lines in which numbers that a double cannot hold stand as text; other lines as is."""
    if not LONG_NUMBER.search(text):
        return text
    return "\n".join(map(_exact_line, text.split("\n")))


def _exact_line(line: str) -> str:
    if not LONG_NUMBER.search(line):
        return line
    try:
        return json.dumps(exact_json(line), ensure_ascii=False)
    except ValueError:
        return line
