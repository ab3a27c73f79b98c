"""Why a segment row opens: the first reason that applies."""

import numpy as np
from numpy.typing import NDArray

from assets.scores.segments.review import Review
from assets.scores.segments.rules import NEW, NO_CODE, Booleans, Integers, SegmentRules, parts_of
from assets.scores.segments.standing import RULE, Standing


def reasons(
    before: Standing, review: Review, rules: SegmentRules, code: Integers, profile: Integers
) -> NDArray[np.object_]:
    """The reason code of each group for leaving its standing for this code and profile."""
    is_ruled = before.decided_by == RULE
    was_held = (
        is_ruled & (before.code != NO_CODE) & (before.profile != rules.profile_of[before.code])
    )
    is_held = profile != rules.profile_of[code]
    was_new = (before.code == NO_CODE) | (before.code == NEW)
    named = [
        (review.is_merged, "HIERARCHY"),
        (review.override >= 0, "REVIEW_OVERRIDE"),
        (is_held, "HIERARCHY"),
        (~is_ruled & (before.code != NO_CODE), "OVERRIDE_ENDED"),
        (review.is_moved, "HIERARCHY"),
        (was_new, "NEW"),
        (np.full(len(code), review.is_config_changed), "CONFIG"),
        (was_held & (code == before.code), "HIERARCHY"),
        *_parts_changed(before, review, code),
    ]
    found = np.select([where for where, _ in named], [name for _, name in named], "CONFIG")
    return found.astype(object)


def _parts_changed(before: Standing, review: Review, code: Integers) -> list[tuple[Booleans, str]]:
    """The first part of the code that changed; a tier that the cuts moved is CONFIG.

    A client without a tier although its potential was known had no cuts to be held against.
    """
    old_tier, old_appetite, _ = parts_of(before.code)
    tier, appetite, _ = parts_of(code)
    is_moved = tier != old_tier
    is_by_cuts = np.zeros(len(code), dtype=bool)
    if review.tiers_before is not None:
        is_by_cuts = review.tier_by_earlier_cuts(before.code) != tier
    return [
        (is_moved & (old_tier == 0) & before.is_valued, "CONFIG"),
        (is_moved & (old_tier == 0), "WALLET_KNOWN"),
        (is_moved & (tier == 0) & review.potential.is_known, "CONFIG"),
        (is_moved & (tier == 0), "WALLET_EXPIRED"),
        (is_moved & is_by_cuts, "CONFIG"),
        (tier > old_tier, "POTENTIAL_UP"),
        (tier < old_tier, "POTENTIAL_DOWN"),
        (appetite != old_appetite, "APPETITE"),
        (code != before.code, "IMPACT"),
    ]
