"""Which decision dates a night may judge: windows that have ended, recent enough to matter."""

from datetime import date

import numpy as np

from assets.scores.proof.arrays import Bools, Dates, Integers
from assets.scores.proof.pairs import Pairs, ProofSettings

THREE_YEARS = 1095


def add_months(days: Dates, months: int | Integers) -> Dates:
    """The same day `months` calendar months later, or the month's last day where it has none."""
    target = days.astype("datetime64[M]") + months
    last = (target + 1).astype("datetime64[D]") - 1
    day_of_month = days - days.astype("datetime64[M]").astype("datetime64[D]")
    return np.asarray(np.minimum(target.astype("datetime64[D]") + day_of_month, last))


def window_ends(pairs: Pairs, cutoffs: Dates) -> Dates:
    """Last day of the outcome's window of each decision date."""
    if pairs.horizon_months is None:
        return np.asarray(cutoffs + np.timedelta64(pairs.horizon_days, "D"))
    return add_months(cutoffs, pairs.horizon_months)


def is_recent(pairs: Pairs, as_of: date, settings: ProofSettings) -> Bools:
    """Whether the decision date lies in the pool of the night, matured or not.

    Horizons of 1095 days take `pool_months_1095`: in a pool of 36 months none would ever mature.
    """
    is_long = pairs.horizon_days == THREE_YEARS
    months = settings.pool_months_1095 if is_long else settings.pool_months
    night = np.asarray([as_of], dtype="datetime64[D]")
    oldest = add_months(night, -months)
    return np.asarray((pairs.cutoff_date > oldest) & (pairs.cutoff_date <= night))


def is_matured(pairs: Pairs, as_of: date) -> Bools:
    """Whether the outcome's window has ended by the night."""
    return np.asarray(window_ends(pairs, pairs.cutoff_date) <= np.datetime64(as_of, "D"))


def count_independent(starts: Dates, ends: Dates) -> int:
    """The most windows (start, end] that do not overlap; `starts` and `ends` sorted alike.

    Taking always the window that ends first is best (interval scheduling).
    """
    count, free_from = 0, np.datetime64("0001-01-01", "D")
    for start, end in zip(starts, ends, strict=True):
        if start >= free_from:
            count, free_from = count + 1, end
    return count
