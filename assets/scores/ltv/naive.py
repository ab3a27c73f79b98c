"""The naive rules that a model must beat: no parameters, no interval of their own."""

import numpy as np

from assets.scores.ltv.history import Histories, OrderLog
from assets.scores.ltv.horizon import months_away
from assets.scores.ltv.inputs import Floats

LAST_12M = "last_12m"
SEASONAL = "seasonal"
HIATUS = "hiatus"
RULES = (LAST_12M, SEASONAL, HIATUS)
YEAR = 365
YEAR_MONTHS = 12
HIATUS_GAPS = 2.0


def naive_orders(
    log: OrderLog, histories: Histories, months: int, delivered_from: int
) -> dict[str, Floats]:
    """Orders within so many months of the cut-off by each rule, (n,) each.

    last_12m: as many as in the last days of that number, from a year on those of 365 days in
    proportion. seasonal: as many as on the same dates a year before, repeated beyond a year.
    hiatus: x/T while the silence is shorter than two usual gaps, else none. NaN where the data
    begin after the window that a rule looks at.
    """
    cutoff = histories.cutoff
    ahead = months_away(cutoff, months) - cutoff
    return {
        LAST_12M: _last(log, cutoff, ahead, months, delivered_from),
        SEASONAL: _seasonal(log, cutoff, months, delivered_from),
        HIATUS: _hiatus(histories, ahead),
    }


def _last(log: OrderLog, cutoff: int, ahead: int, months: int, delivered_from: int) -> Floats:
    window = YEAR if months >= YEAR_MONTHS else ahead
    counted = log.between(cutoff - window, cutoff, cutoff).astype(np.float64) * (ahead / window)
    return _where_delivered(counted, cutoff - window, delivered_from)


def _seasonal(log: OrderLog, cutoff: int, months: int, delivered_from: int) -> Floats:
    begun = months_away(cutoff, -YEAR_MONTHS)
    whole, rest = divmod(months, YEAR_MONTHS)
    year = log.between(begun, cutoff, cutoff)
    ended = months_away(months_away(cutoff, rest), -YEAR_MONTHS)
    part = log.between(begun, ended, cutoff) if rest else 0
    return _where_delivered(np.asarray(whole * year + part, np.float64), begun, delivered_from)


def _where_delivered(counted: Floats, after: int, delivered_from: int) -> Floats:
    is_seen = after + 1 >= delivered_from
    return np.asarray(counted if is_seen else np.full(len(counted), np.nan), dtype=np.float64)


def _hiatus(histories: Histories, ahead: int) -> Floats:
    x, observed = histories.n_repeats, histories.observed_days
    span = histories.last - histories.first
    gap = histories.cutoff - histories.last
    rate = np.divide(x, observed, out=np.zeros(len(x)), where=observed > 0)
    is_silent = gap * x >= HIATUS_GAPS * span
    return np.where((x == 0) | is_silent, 0.0, rate * ahead)
