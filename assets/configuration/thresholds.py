"""What each key of metrics.yml must be: by its place, else by its name, else by its kind."""

import math
import re
from datetime import date
from fnmatch import fnmatchcase
from itertools import pairwise
from typing import Any

from assets.configuration.rules import Rule, block, is_number, number, ordered, some_of, whole
from assets.configuration.tables import DEPARTMENTS, is_date

TIERS = ("P1", "P2", "P3", "P?")
APPETITES = ("NONE", "LOW", "OPEN", "DEEP", "UNKNOWN")
IMPACTS = ("HIGH", "LOW", "UNKNOWN")
ROLES = ("economic_buyer", "technical", "user", "procurement", "champion", "gatekeeper", "blocker")
ACTIVITY_TYPES = (
    "visit", "call", "meeting", "executive_review", "plan_review", "email", "message", "event",
    "task", "other",
)  # fmt: skip
AREAS = (
    "price", "payment_term", "lead_time", "minimum_order", "returns", "assortment", "promotion",
    "credit", "other",
)  # fmt: skip
SOURCES = ("client_told", "sell_out", "market_share", "model")


def _hours(value: Any) -> bool:
    found = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)", str(value))
    return bool(found) and str(value)[:5] < str(value)[6:]


def _rate_date(value: Any) -> bool:
    return value == "previous_year_end" or isinstance(value, date) or is_date(str(value))


def _weekdays(value: Any) -> bool:
    listed = isinstance(value, list) and bool(value) and len(value) == len(set(map(str, value)))
    return listed and all(whole(1).holds(day) and day <= 7 for day in value)


def _numbers_in_order(value: dict[str, Any], names: tuple[str, ...]) -> bool:
    """Whether the named values are numbers, each below the next."""
    found: list[Any] = [value.get(name) for name in names]
    return all(map(is_number, found)) and all(a < b for a, b in pairwise(found))


ANY_NUMBER, SHARE = number(-math.inf), number(0, 1)
MONEY_OR_UNKNOWN = number(nullable=True)
EXPLAINING = some_of(AREAS, may_be_empty=True)
RULES: tuple[tuple[str, Rule], ...] = (
    ("calendar.hours", Rule("hours HH:MM-HH:MM, the first before the second", _hours)),
    ("calendar.business_weekdays", Rule("a list of days 1 (Monday) to 7, each once", _weekdays)),
    ("currency.constant_rate_date", Rule("previous_year_end or a date YYYY-MM-DD", _rate_date)),
    ("cost_to_serve.*_rate", MONEY_OR_UNKNOWN),
    ("cost_to_serve.annual_cost_of_capital", number(0, 1, nullable=True)),
    ("concentration.abc", ordered("two rising fractions from 0 to 1", SHARE, 2)),
    ("concentration.xyz_variation", ordered("two rising numbers", number(), 2)),
    ("concentration.herfindahl_bands", ordered("two rising numbers", number(0, 10_000), 2)),
    ("potential.confidence", block(
        f"a fraction from 0 to 1 for each of {', '.join(SOURCES)}", SOURCES,
        lambda v: v.keys() == set(SOURCES) and all(map(SHARE.holds, v.values())),
    )),
    ("segmentation.review", Rule(
        "first_business_day_of_month", lambda v: v == "first_business_day_of_month"
    )),
    ("segmentation.percentile_cuts_frozen", Rule("calendar_year", lambda v: v == "calendar_year")),
    ("segmentation.potential_percentiles", block(
        "two fractions from 0 to 1, that of P1 above that of P2", ("P1", "P2"),
        lambda v: all(map(SHARE.holds, v.values())) and _numbers_in_order(v, ("P2", "P1")),
    )),
    ("segmentation.appetite_levels", block(
        "three numbers, NONE below OPEN below DEEP", ("NONE", "OPEN", "DEEP"),
        lambda v: _numbers_in_order(v, ("NONE", "OPEN", "DEEP")),
    )),
    ("segmentation.hysteresis.confirm_reviews", whole(1)),
    ("programme.tiers", some_of(TIERS, may_be_empty=True)),
    ("otif.*_tol_days", whole()),
    ("service.count_window_months", whole(1)),
    ("service.compliance_tolerance", SHARE),
    ("required_roles.*", some_of(ROLES)),
    ("required_departments.*", some_of(DEPARTMENTS)),
    ("cross_functional.window_days", whole(1)),
    ("exceptions_per_client_per_quarter.*", whole()),
    ("exceptions_rc_per_client_per_quarter.*", MONEY_OR_UNKNOWN),
    ("exceptions.repeat.*", whole(1)),
    ("exceptions.explains", Rule("a block of elements", lambda v: isinstance(v, dict))),
    ("history.*", whole(1)),
    ("health.components.*.red", ANY_NUMBER),
    ("health.components.*.green", ANY_NUMBER),
    ("health.components.*.window_days", whole(1)),
    ("health.bands", block(
        "two numbers from 0 to 100, amber below green", ("green", "amber"),
        lambda v: all(number(0, 100).holds(x) for x in v.values())
        and _numbers_in_order(v, ("amber", "green")),
    )),
    ("roles.two_way_types", some_of(ACTIVITY_TYPES, may_be_empty=True)),
    ("roles.decision_roles_left_out", some_of((*ROLES, "unknown"), may_be_empty=True)),
    ("backtest.interval", ordered("two rising fractions from 0 to 1", SHARE, 2)),
    ("*.horizons", ordered("rising whole numbers", whole(1))),
    ("*.horizons_days", ordered("rising whole numbers", whole(1))),
    ("ltv.survival_edges", ordered("rising numbers", number())),
    ("gates.volume_ratio", ordered("two rising numbers", number(), 2)),
    ("gates.median_ratio", ordered("two rising numbers", number(), 2)),
    ("data_quality.wallet_inconsistent_above", number()),
)  # fmt: skip
BY_NAME: tuple[tuple[str, Rule], ...] = (
    (r".*(_days|_months|_month_ends|_nights|_reviews|_people)", whole()),
    (
        r"(min_(lines|wallets|buyers|groups|inputs|ranked|events|repeaters)|few_suppliers|count)",
        whole(),
    ),
    (r".*(_share|_rate|in_full_tol|coverage|near|share_min|breadth_max|band|shrink|_loss)", SHARE),
)


def rule_for(place: tuple[str, ...], default: Any) -> Rule | None:
    """The rule of a key: its own, else that of its name, else the kind of its default.

    None for a block whose keys have rules of their own.
    """
    dotted = ".".join(place)
    for pattern, rule in RULES:
        if fnmatchcase(dotted, pattern):
            return rule
    if isinstance(default, dict):
        return None
    if is_number(default):
        for pattern, rule in BY_NAME:
            if re.fullmatch(pattern, place[-1]):
                return rule
        return number()
    return _of_kind(default)


def _of_kind(default: Any) -> Rule:
    if isinstance(default, bool):
        return Rule("true or false", lambda v: isinstance(v, bool))
    if isinstance(default, list):
        kinds = "numbers" if all(map(is_number, default)) else "words"
        inner = is_number if kinds == "numbers" else (lambda v: isinstance(v, str))
        return Rule(f"a list of {kinds}", lambda v: isinstance(v, list) and all(map(inner, v)))
    return Rule("a word", lambda v: isinstance(v, str) and bool(v))
