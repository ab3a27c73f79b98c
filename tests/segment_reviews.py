"""Segment reviews for tests, told group by group."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import yaml

from assets.scores.segments.fold import fold
from assets.scores.segments.review import Measure, Review
from assets.scores.segments.rules import NO_PROFILE, PROFILES, SCORE_UNIT, SegmentRules
from assets.scores.segments.standing import Standing
from tests.conftest import ROOT

METRICS: dict[str, Any] = yaml.safe_load((ROOT / "config" / "metrics.yml").read_text("utf-8"))
RULES = SegmentRules.of(METRICS)
Cuts = tuple[str, str] | None  # of P1 and of P2


@dataclass(frozen=True)
class Facts:
    """What a review knows of one group; a partner of old, unless told otherwise."""

    potential: str | None = "1000.00"
    appetite: float | None = 5.0
    impact: float | None = 5.0
    is_new: bool = False
    is_seen: bool = True
    override: str | None = None
    override_by: str = "director"
    is_merged: bool = False
    is_moved: bool = False
    part_profile: str | None = None


@dataclass(frozen=True)
class Told:
    """One review: its day, what it knows of each group, and the cuts in force."""

    day: date
    facts: Mapping[str, Facts]
    cuts: Cuts = ("800", "500")
    cuts_before: Cuts = None
    is_config_changed: bool = False
    rules: SegmentRules = field(default=RULES)

    def review(self, groups: Sequence[str]) -> Review:
        told = [self.facts.get(group, Facts(is_seen=False)) for group in groups]

        def measure(numbers: Sequence[Any], unit: int) -> Measure:
            whole = [0 if n is None else round(Decimal(str(n)) * unit) for n in numbers]
            known = [n is not None for n in numbers]
            return Measure(np.array(whole, dtype=np.int64), np.array(known))

        def places(names: Sequence[str | None], none: int) -> np.ndarray:
            return np.array([none if name is None else PROFILES.index(name) for name in names])

        return Review(
            review_date=self.day,
            is_config_changed=self.is_config_changed,
            tiers=ladder(self.rules, self.cuts),
            tiers_before=ladder(self.rules, self.cuts_before),
            is_seen=np.array([f.is_seen for f in told]),
            is_new=np.array([f.is_new for f in told]),
            potential=measure([f.potential for f in told], 100),
            appetite=measure([f.appetite for f in told], SCORE_UNIT),
            impact=measure([f.impact for f in told], SCORE_UNIT),
            override=places([f.override for f in told], -1),
            override_by=np.array([f.override_by for f in told], dtype=object),
            is_merged=np.array([f.is_merged for f in told]),
            is_moved=np.array([f.is_moved or f.is_merged for f in told]),
            part_profile=places([f.part_profile for f in told], NO_PROFILE),
        )


def ladder(rules: SegmentRules, cuts: Cuts) -> Any:
    return rules.tiers(Decimal(cuts[1]), Decimal(cuts[0])) if cuts else None


def folded(
    told: Sequence[Told], groups: Sequence[str] = ("g",), standing: Standing | None = None
) -> tuple[list[dict[str, Any]], Standing]:
    """The rows that these reviews open, and the standing after them."""
    named = np.array(sorted(groups), dtype=object)
    start = standing or Standing.none(named)
    rows, after = fold(start, [one.review(list(named)) for one in told], RULES)
    rows["valid_from_date"] = [stamp.date() for stamp in rows["valid_from_date"]]
    return rows.to_dict("records"), after


def month(number: int) -> date:
    """The first of the n-th month from January 2024: a review that falls on it."""
    return date(2024 + (number - 1) // 12, (number - 1) % 12 + 1, 1)


def path(story: Sequence[tuple[date, Facts] | Told]) -> list[tuple[date, str, str, str]]:
    """Day, code, profile and reason of every row that the story of one group opens."""
    told = [one if isinstance(one, Told) else Told(one[0], {"g": one[1]}) for one in story]
    rows, _ = folded(told)
    return [
        (r["valid_from_date"], r["segment_code"], r["service_profile"], r["reason_code"])
        for r in rows
    ]
