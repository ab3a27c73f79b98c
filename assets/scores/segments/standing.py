"""Where each group stands between two reviews: its current row, and what waits."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from assets.scores.segments.rules import (
    CODES,
    NO_CODE,
    NO_PROFILE,
    PROFILES,
    Booleans,
    Integers,
)

RULE = "rule"
Dates = NDArray[np.datetime64]
NO_DATE = np.datetime64("NaT", "D")


@dataclass(frozen=True)
class Standing:
    """One entry per group, sorted by group_id.

    `code`, `profile`, `since`, `decided_by` of the current row (NO_CODE without one) and whether
    a potential was known when it opened; the candidate that waits, since when and for how many
    reviews in a row; the profile that a merger holds, and for how many more reviews.
    """

    group_id: NDArray[np.object_]
    code: Integers
    profile: Integers
    since: Dates
    decided_by: NDArray[np.object_]
    is_valued: Booleans
    pending: Integers
    pending_since: Dates
    pending_reviews: Integers
    held: Integers
    hold_left: Integers

    @classmethod
    def of(cls, frame: pd.DataFrame) -> "Standing":
        """The standing of each group in a frame of marts.segment_standing, in its order."""
        waiting = frame["pending_segment"].notna()
        return cls(
            group_id=frame["group_id"].to_numpy(dtype=object),
            code=places(frame["segment_code"], CODES, NO_CODE),
            profile=places(frame["service_profile"], PROFILES, NO_PROFILE),
            since=frame["valid_from_date"].to_numpy(dtype="datetime64[D]"),
            decided_by=frame["decided_by"].fillna("").to_numpy(dtype=object),
            is_valued=frame["is_valued"].to_numpy(dtype=bool),
            pending=places(frame["pending_segment"], CODES, NO_CODE),
            pending_since=frame["pending_since_date"].to_numpy(dtype="datetime64[D]"),
            pending_reviews=_counts(frame["pending_reviews"], waiting),
            held=places(frame["held_profile"], PROFILES, NO_PROFILE),
            hold_left=_counts(frame["hold_reviews_left"], frame["held_profile"].notna()),
        )

    @classmethod
    def none(cls, group_id: NDArray[np.object_]) -> "Standing":
        """Groups that nobody has seen yet."""
        n = len(group_id)
        dates = np.full(n, NO_DATE)
        zeros = np.zeros(n, dtype=np.int64)
        no_code, no_profile = np.full(n, NO_CODE), np.full(n, NO_PROFILE)
        return cls(
            group_id, no_code, no_profile, dates, np.full(n, "", dtype=object), zeros.astype(bool),
            no_code, dates, zeros, no_profile, zeros,
        )  # fmt: skip

    def waiting(self) -> pd.DataFrame:
        """What the next review must know beside the current rows: candidates and holds."""
        is_pending, is_held = self.pending != NO_CODE, self.hold_left > 0
        rows = is_pending | is_held
        names = np.array([*CODES, None], dtype=object)
        profiles = np.array([*PROFILES, None], dtype=object)
        return pd.DataFrame(
            {
                "group_id": self.group_id,
                "pending_segment": names[self.pending],
                "pending_since_date": self.pending_since.astype("datetime64[s]"),
                "pending_reviews": self.pending_reviews,
                "held_profile": profiles[np.where(is_held, self.held, NO_PROFILE)],
                "hold_reviews_left": self.hold_left,
            }
        )[rows].reset_index(drop=True)


def places(names: pd.Series, known: tuple[str, ...], none: int) -> Integers:
    """The place of each name in a list of known ones."""
    found = pd.Index(known).get_indexer(pd.Index(names))
    return np.where(found < 0, none, found).astype(np.int64)


def _counts(numbers: pd.Series, where: pd.Series) -> Integers:
    return numbers.where(where, 0).fillna(0).to_numpy(dtype=np.int64)
