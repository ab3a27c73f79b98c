"""Levels, bands and profiles as config/metrics.yml states them, over whole columns."""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

# A weighted mean of equal scores may miss a level by one bit: scores come as whole billionths.
SCORE_UNIT = 10**9
TIERS = ("P?", "P3", "P2", "P1")
APPETITES = ("UNKNOWN", "NONE", "LOW", "OPEN", "DEEP")
IMPACTS = ("UNKNOWN", "LOW", "HIGH")
CODES = (*("-".join(parts) for parts in itertools.product(TIERS, APPETITES, IMPACTS)), "NEW")
NEW, NO_CODE = len(CODES) - 1, -1
PROFILES = ("PARTNER", "DEVELOP", "EFFICIENT", "TRANSACTIONAL", "NEW")  # from the best
NEW_PROFILE, NO_PROFILE = len(PROFILES) - 1, len(PROFILES)


@dataclass(frozen=True)
class Ladder:
    """The cuts of one part of a code: the least whole value that is above each, from the lowest.

    `reach` counts without a band, `climb` for a value that comes from below, `stay` for one that
    is above already. Level 0 is the unknown one, level 1 lies below every cut.
    """

    reach: Integers
    climb: Integers
    stay: Integers

    @classmethod
    def of(
        cls, cuts: Sequence[Decimal], band: Decimal, n_exclusive: int = 0, unit: int = SCORE_UNIT
    ) -> "Ladder":
        """A ladder of ascending cuts; the first `n_exclusive` of them still belong below."""

        def limits(factor: Decimal) -> Integers:
            exact = [cut * factor * unit for cut in cuts]
            whole = [
                math.floor(limit) + 1 if place < n_exclusive else math.ceil(limit)
                for place, limit in enumerate(exact)
            ]
            return np.array(whole, dtype=np.int64)

        return cls(limits(Decimal(1)), limits(1 + band), limits(1 - band))

    def level(self, value: Integers, is_known: Booleans) -> Integers:
        """The level of each value without a band."""
        above = value[:, None] >= self.reach
        return np.where(is_known, 1 + above.sum(axis=1), 0)

    def level_from(self, value: Integers, is_known: Booleans, current: Integers) -> Integers:
        """The level of each value, given the one it had: no band from or to the unknown one."""
        is_above = current[:, None] > np.arange(1, len(self.reach) + 1)
        above = np.where(is_above, value[:, None] >= self.stay, value[:, None] >= self.climb)
        banded = 1 + above.sum(axis=1)
        return np.where(is_known & (current > 0), banded, self.level(value, is_known))


def code_of(tier: Integers, appetite: Integers, impact: Integers) -> Integers:
    """The number of a code from its levels."""
    return (tier * len(APPETITES) + appetite) * len(IMPACTS) + impact


def parts_of(code: Integers) -> tuple[Integers, Integers, Integers]:
    """Tier, appetite and impact levels of codes; of NEW and of none, meaningless ones."""
    rest, impact = np.divmod(code, len(IMPACTS))
    tier, appetite = np.divmod(rest, len(APPETITES))
    return tier, appetite, impact


@dataclass(frozen=True)
class SegmentRules:
    """The part of metrics.yml, `segmentation`, that decides a segment once cuts are drawn."""

    appetite: Ladder
    impact: Ladder
    band: Decimal
    confirm_reviews: int
    min_dwell_days: int
    hold_reviews: int
    profile_of: Integers

    @classmethod
    def of(cls, metrics: Mapping[str, Any]) -> "SegmentRules":
        """The rules in a metrics.yml."""
        rules = metrics["segmentation"]
        band = Decimal(str(rules["hysteresis"]["band"]))
        appetites = [Decimal(str(rules["appetite_levels"][n])) for n in ("NONE", "OPEN", "DEEP")]
        return cls(
            appetite=Ladder.of(appetites, band, n_exclusive=1),
            impact=Ladder.of([Decimal(str(rules["impact_levels"]["HIGH"]))], band),
            band=band,
            confirm_reviews=int(rules["hysteresis"]["confirm_reviews"]),
            min_dwell_days=int(rules["hysteresis"]["min_dwell_days"]),
            hold_reviews=int(rules["hierarchy_hold_reviews"]),
            profile_of=np.array([_profile(code, rules["profile_rules"]) for code in CODES]),
        )

    def tiers(self, second_cut: Decimal | None, first_cut: Decimal | None) -> Ladder | None:
        """The ladder of potentials in cents; None without cuts, where every tier is P?."""
        if first_cut is None or second_cut is None:
            return None
        return Ladder.of([second_cut, first_cut], self.band, unit=100)


def _profile(code: str, rules: Sequence[Mapping[str, Any]]) -> int:
    """The place in PROFILES of the first rule that a code matches."""
    if code == "NEW":
        return NEW_PROFILE
    named = dict(zip(("tier", "appetite", "impact"), code.split("-"), strict=True))
    for rule in rules:
        if all(part not in rule or level in rule[part] for part, level in named.items()):
            return PROFILES.index(rule["profile"])
    raise ValueError(f"segmentation.profile_rules: expected a rule that matches {code}, found none")
