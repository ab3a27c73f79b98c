"""Business time: calendar days weighted by how much a segment orders in their month."""

from dataclasses import dataclass

import numpy as np

from assets.scores.ltv.inputs import DAYS_PER_WEEK, Floats, Integers

MONTHS = 12
DAYS_OF_MONTH = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], dtype=np.float64)


@dataclass(frozen=True)
class Season:
    """Weight of a day in each calendar month (12,); the mean over 365 days is 1."""

    factors: Floats
    origin: int
    elapsed: Floats  # business weeks from the origin to the end of each day

    @classmethod
    def of(cls, factors: Floats, first_day: int, last_day: int) -> "Season":
        """Business time over the days that are asked about, both ends included."""
        days = np.arange(first_day, last_day + 1)
        return cls(factors, first_day, np.cumsum(factors[calendar_month(days)]) / DAYS_PER_WEEK)

    def weeks_at(self, day: Integers) -> Floats:
        """Business weeks from the origin to the end of days; differences are spans."""
        return np.asarray(self.elapsed[day - self.origin])

    def weeks_after(self, day: int, ends: Integers) -> Floats:
        """Business weeks of the days after one day up to each of others."""
        return np.asarray(self.weeks_at(ends) - self.elapsed[day - self.origin])

    def weeks_between(self, after: int, until: int) -> float:
        """Business weeks of the days after one day up to another."""
        return float(self.elapsed[until - self.origin] - self.elapsed[after - self.origin])


def calendar_month(day: Integers) -> Integers:
    """0 for January ... 11 for December, of days since 1970-01-01."""
    return np.asarray(day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % MONTHS)


def whole_years(first_day: int, cutoff: int) -> tuple[int, int, int]:
    """The newest whole years of whole months in (first day, cut-off]: first, last day, months."""
    started = np.datetime64(first_day, "D").astype("datetime64[M]")
    if started.astype("datetime64[D]").astype(np.int64) < first_day:
        started += 1
    ended = np.datetime64(cutoff + 1, "D").astype("datetime64[M]")
    months = int((ended - started).astype(np.int64))
    kept = max(months // MONTHS, 0) * MONTHS
    begun = (ended - kept).astype("datetime64[D]").astype(np.int64)
    return int(begun), int(ended.astype("datetime64[D]").astype(np.int64)) - 1, kept


def season_factors(
    repeat_days: Integers,
    first_days: Integers,
    window: tuple[int, int, int],
    *,
    min_months: int,
    prior_orders: float,
) -> Floats:
    """Order days per client-day of each calendar month over the same of all, shrunk to 1.

    `repeat_days` are the order days after each client's first, `first_days` those first ones;
    a client is observed from the day after. The steady change from year to year, above all as
    clients are lost unseen, is no season and is taken out: otherwise the later months of a year
    would look low. All 1 where the window has fewer than `min_months`.
    """
    begun, ended, months = window
    if months < min_months:
        return np.ones(MONTHS)
    days = np.arange(begun, ended + 1)
    observed = np.searchsorted(np.sort(first_days), days, side="left").astype(np.float64)
    watched = np.bincount(_months_from(begun, days), weights=observed, minlength=months)
    counted = repeat_days[(repeat_days >= begun) & (repeat_days <= ended)]
    orders = np.bincount(_months_from(begun, counted), minlength=months).astype(np.float64)
    if orders.sum() == 0.0:
        return np.ones(MONTHS)
    exposure = np.asarray(watched, dtype=np.float64)
    kept = _yearly_change(orders, exposure) ** (np.arange(months) / MONTHS)
    calendar = (calendar_month(np.array([begun])) + np.arange(months)) % MONTHS
    seen = np.bincount(calendar, weights=orders, minlength=MONTHS)
    expected = np.bincount(calendar, weights=exposure * kept, minlength=MONTHS)
    expected = expected * (seen.sum() / expected.sum())
    ratio = np.divide(seen, expected, out=np.ones(MONTHS), where=expected > 0)
    trusted = seen / (seen + prior_orders)
    shrunk = 1.0 + trusted * (ratio - 1.0)
    return np.asarray(shrunk * DAYS_OF_MONTH.sum() / float(shrunk @ DAYS_OF_MONTH))


def _months_from(begun: int, days: Integers) -> Integers:
    """Whole months from the month of a day to those of others."""
    numbers = np.append(begun, days).astype("datetime64[D]").astype("datetime64[M]")
    months = numbers.astype(np.int64)
    return np.asarray(months[1:] - months[0])


def _yearly_change(orders: Floats, exposure: Floats) -> float:
    """The rate of a month over that of the same month a year before, pooled; 1 where unknown.

    Weights are those of Mantel and Haenszel (1959), which a pair without exposure leaves.
    """
    before, after = exposure[:-MONTHS], exposure[MONTHS:]
    both = before + after
    weight = np.divide(1.0, both, out=np.zeros(len(both)), where=both > 0)
    was = float(np.sum(orders[:-MONTHS] * after * weight))
    became = float(np.sum(orders[MONTHS:] * before * weight))
    return became / was if was > 0 and became > 0 else 1.0
