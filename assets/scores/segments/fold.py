"""Segments review by review: what changes at each, given where every group stood before it."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from assets.scores.segments.reasons import reasons
from assets.scores.segments.review import Review
from assets.scores.segments.rules import (
    CODES,
    NEW,
    NO_CODE,
    NO_PROFILE,
    PROFILES,
    Booleans,
    Integers,
    SegmentRules,
)
from assets.scores.segments.standing import NO_DATE, RULE, Standing

ROW = [
    "group_id",
    "valid_from_date",
    "segment_code",
    "service_profile",
    "reason_code",
    "decided_by",
]


def fold(
    standing: Standing, reviews: Sequence[Review], rules: SegmentRules
) -> tuple[pd.DataFrame, Standing]:
    """The rows that the reviews open, oldest first, and where every group stands after them."""
    opened = []
    for review in reviews:
        rows, standing = decide(standing, review, rules)
        opened.append(rows)
    return pd.concat(opened, ignore_index=True) if opened else _no_rows(), standing


def decide(before: Standing, review: Review, rules: SegmentRules) -> tuple[pd.DataFrame, Standing]:
    """The rows that one review opens, and where every group stands after it."""
    code, waiting = _coded(before, review, rules)
    profile, held, hold_left = _profiled(before, review, rules, code)
    decided_by = np.where(review.override >= 0, review.override_by, RULE)
    is_all_new = (code == NEW) & np.isin(before.code, (NEW, NO_CODE))
    is_opened = review.is_seen & (
        (code != before.code)
        | (profile != before.profile)
        | (decided_by != before.decided_by)
        | (review.is_merged & ~is_all_new)
    )
    reason = reasons(before, review, rules, code, profile)
    after = replace(
        waiting,
        code=np.where(is_opened, code, before.code),
        profile=np.where(is_opened, profile, before.profile),
        since=np.where(is_opened, np.datetime64(review.review_date, "D"), before.since),
        decided_by=np.where(is_opened, decided_by, before.decided_by),
        is_valued=np.where(is_opened, review.potential.is_known, before.is_valued),
        held=held,
        hold_left=hold_left,
    )
    return _rows(after, reason, is_opened), after


def _coded(before: Standing, review: Review, rules: SegmentRules) -> tuple[Integers, Standing]:
    """The code of each group after a review, and the standing with the candidates that wait.

    Without band, confirmation and dwell: new clients, those that a move of records touched, and
    all after a change of configuration.
    """
    is_new = np.isin(before.code, (NEW, NO_CODE))
    is_at_once = is_new | review.is_moved | review.is_merged | review.is_config_changed
    plain = np.where(is_new & review.is_new, NEW, review.code(rules))
    wanted = np.where(is_at_once, plain, review.code_from(rules, before.code))
    wanted = np.where(review.is_seen, wanted, before.code)
    is_candidate = (wanted != before.code) & ~is_at_once
    is_same = is_candidate & (wanted == before.pending)
    n_reviews = np.where(is_candidate, np.where(is_same, before.pending_reviews + 1, 1), 0)
    day = np.datetime64(review.review_date, "D")
    age_days = (day - before.since) / np.timedelta64(1, "D")
    is_applied = (n_reviews >= rules.confirm_reviews) & (age_days >= rules.min_dwell_days)
    is_waiting = is_candidate & ~is_applied
    waiting = replace(
        before,
        pending=np.where(is_waiting, wanted, NO_CODE),
        pending_since=np.where(is_waiting, np.where(is_same, before.pending_since, day), NO_DATE),
        pending_reviews=np.where(is_waiting, n_reviews, 0),
    )
    return np.where(is_waiting, before.code, wanted), waiting


def _profiled(
    before: Standing, review: Review, rules: SegmentRules, code: Integers
) -> tuple[Integers, Integers, Integers]:
    """The profile of each group after a review, the one it holds and for how many reviews more.

    Who absorbed, gave or took records keeps the best of what its parts and its code give.
    """
    own = np.where(code == NO_CODE, NO_PROFILE, rules.profile_of[code])
    is_hold_begun = _begins_hold(review)
    best = np.minimum(np.minimum(review.part_profile, before.profile), own)
    held = np.where(is_hold_begun, best, before.held)
    left = np.where(is_hold_begun, rules.hold_reviews, np.maximum(before.hold_left - 1, 0))
    by_rule = np.where(left > 0, np.minimum(held, own), own)
    profile = np.where(review.override >= 0, review.override, by_rule)
    return profile, np.where(left > 0, held, NO_PROFILE), left


def _begins_hold(review: Review) -> Booleans:
    return review.is_seen & (review.is_merged | review.is_moved)


def first_sights(standing: Standing, night: object) -> pd.DataFrame:
    """The rows of groups first seen on a night that reviews none of them: they are NEW."""
    rows = np.flatnonzero(standing.code == NO_CODE)
    return pd.DataFrame(
        {
            "group_id": standing.group_id[rows],
            "valid_from_date": np.full(len(rows), np.datetime64(night, "s")),  # type: ignore[call-overload]
            "segment_code": "NEW",
            "service_profile": "NEW",
            "reason_code": "NEW",
            "decided_by": RULE,
        }
    )


def _rows(after: Standing, reason: np.ndarray, where: Booleans) -> pd.DataFrame:
    rows = np.flatnonzero(where)
    return pd.DataFrame(
        {
            "group_id": after.group_id[rows],
            "valid_from_date": after.since[rows].astype("datetime64[s]"),
            "segment_code": np.array(CODES, dtype=object)[after.code[rows]],
            "service_profile": np.array(PROFILES, dtype=object)[after.profile[rows]],
            "reason_code": reason[rows],
            "decided_by": after.decided_by[rows],
        }
    )


def _no_rows() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=object) for name in ROW})
