"""What one review knows of each group, and the code that follows from it."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from assets.scores.segments.rules import (
    Booleans,
    Integers,
    Ladder,
    SegmentRules,
    code_of,
    parts_of,
)


@dataclass(frozen=True)
class Measure:
    """A number of each group in whole units (cents, billionths), where it is known."""

    value: Integers
    is_known: Booleans


@dataclass(frozen=True)
class Review:
    """The facts known at one review, one entry per group.

    `is_seen`: known by the review; `is_new`: prospect, or not yet old enough to classify;
    `override`: the profile (place in PROFILES) that a person has set, -1 without one;
    `is_merged`: a whole former group joined since the last review; `is_moved`: records came or
    went; `part_profile`: the best profile among the groups they came from, NO_PROFILE without.
    `tiers_before`: the ladder of the freeze before the one in force.
    """

    review_date: date
    is_config_changed: bool
    tiers: Ladder | None
    tiers_before: Ladder | None
    is_seen: Booleans
    is_new: Booleans
    potential: Measure
    appetite: Measure
    impact: Measure
    override: Integers
    override_by: NDArray[np.object_]
    is_merged: Booleans
    is_moved: Booleans
    part_profile: Integers

    def code(self, rules: SegmentRules) -> Integers:
        """The code of each group on these facts alone, without a band."""
        return code_of(
            self._tier(self.tiers, None),
            rules.appetite.level(self.appetite.value, self.appetite.is_known),
            rules.impact.level(self.impact.value, self.impact.is_known),
        )

    def code_from(self, rules: SegmentRules, current: Integers) -> Integers:
        """The code of each group, given the one it has: a part leaves its level past the band."""
        tier, appetite, impact = parts_of(current)
        return code_of(
            self._tier(self.tiers, tier),
            rules.appetite.level_from(self.appetite.value, self.appetite.is_known, appetite),
            rules.impact.level_from(self.impact.value, self.impact.is_known, impact),
        )

    def tier_by_earlier_cuts(self, current: Integers) -> Integers:
        """The tier that the cuts before those in force would give, given the code of now."""
        return self._tier(self.tiers_before, parts_of(current)[0])

    def _tier(self, tiers: Ladder | None, current: Integers | None) -> Integers:
        if tiers is None:
            return np.zeros(len(self.is_seen), dtype=np.int64)
        if current is None:
            return tiers.level(self.potential.value, self.potential.is_known)
        return tiers.level_from(self.potential.value, self.potential.is_known, current)
