"""The reviews of a run, from the rows of the marts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from assets.scores.segments.fold import first_sights, fold
from assets.scores.segments.review import Measure, Review
from assets.scores.segments.rules import NO_PROFILE, PROFILES, SegmentRules
from assets.scores.segments.standing import Standing, places


@dataclass(frozen=True)
class ReviewCut:
    """The cuts in force at a review and those of the freeze before, None where there are none."""

    review_date: date
    is_config_changed: bool
    first: Decimal | None
    second: Decimal | None
    first_before: Decimal | None
    second_before: Decimal | None


@dataclass(frozen=True)
class SegmentInputs:
    """The rows of the marts segment_standing, segment_review_input and segment_review_cut.

    `facts` has one row for each review and group, `standing` one for each group, both sorted by
    group within a review; the same groups in the same order.
    """

    standing: pd.DataFrame
    facts: pd.DataFrame
    cuts: list[ReviewCut]

    def reviews(self, rules: SegmentRules) -> Iterator[Review]:
        """The reviews, oldest first."""
        days = dict(iter(self.facts.groupby("review_date")))
        for cut in sorted(self.cuts, key=lambda cut: cut.review_date):
            rows = days.get(pd.Timestamp(cut.review_date), self.facts.iloc[:0])
            if len(rows) == len(self.standing):
                yield _review(cut, rows, rules)


def decide_segments(
    inputs: SegmentInputs, metrics: Mapping[str, Any], night: date
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows that a night opens, and what waits after it."""
    rules = SegmentRules.of(metrics)
    standing = Standing.of(inputs.standing)
    rows, after = fold(standing, list(inputs.reviews(rules)), rules)
    return pd.concat([rows, first_sights(after, night)], ignore_index=True), after.waiting()


def _review(cut: ReviewCut, rows: pd.DataFrame, rules: SegmentRules) -> Review:
    return Review(
        review_date=cut.review_date,
        is_config_changed=cut.is_config_changed,
        tiers=rules.tiers(cut.second, cut.first),
        tiers_before=rules.tiers(cut.second_before, cut.first_before),
        is_seen=rows["is_seen"].to_numpy(dtype=bool),
        is_new=rows["is_new"].to_numpy(dtype=bool),
        potential=_measure(rows, "potential_cents", "has_potential"),
        appetite=_measure(rows, "appetite_billionths", "has_appetite"),
        impact=_measure(rows, "impact_billionths", "has_impact"),
        override=places(rows["override_profile"], PROFILES, -1),
        override_by=rows["override_by"].fillna("").to_numpy(dtype=object),
        is_merged=rows["is_merged"].to_numpy(dtype=bool),
        is_moved=rows["is_moved"].to_numpy(dtype=bool),
        part_profile=places(rows["part_profile"], PROFILES, NO_PROFILE),
    )


def _measure(rows: pd.DataFrame, value: str, known: str) -> Measure:
    return Measure(rows[value].to_numpy(dtype=np.int64), rows[known].to_numpy(dtype=bool))
