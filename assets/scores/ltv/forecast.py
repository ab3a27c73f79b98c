"""What clients of a cut-off will order over each horizon, on the rung their segment stands on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assets.scores.ltv.horizon import as_date, days_to_months, discount_factors
from assets.scores.ltv.inputs import Floats, Integers, Texts
from assets.scores.ltv.order_count import OrderModel
from assets.scores.ltv.rungs import METHODS, RUN_RATE, SegmentFit
from assets.scores.ltv.settings import LtvSettings
from assets.scores.proof.forecasts import LEVELS

SOON_DAYS = 90
CHUNK = 32_768  # spans of clients that are counted at once


@dataclass
class Forecast:
    """Orders of n clients over H horizons (months), one entry per client of the cut-off.

    `p_alive` and `p_order_90d` (n,) are NaN where a rung has none; `rung`, `method`, `expected`
    and `discounted` (orders at their present value) are (n, H); `percentiles` (n, H, 99).
    """

    months: tuple[int, ...]
    p_alive: Floats
    p_order_90d: Floats
    rung: Integers
    method: Texts
    expected: Floats
    discounted: Floats
    percentiles: NDArray[np.float32]

    @classmethod
    def empty(cls, n: int, months: Sequence[int]) -> "Forecast":
        """A forecast to be filled segment by segment."""
        shape = (n, len(months))
        return cls(
            months=tuple(months),
            p_alive=np.full(n, np.nan),
            p_order_90d=np.full(n, np.nan),
            rung=np.zeros(shape, dtype=np.int64),
            method=np.full(shape, None, dtype=object),
            expected=np.zeros(shape),
            discounted=np.zeros(shape),
            percentiles=np.zeros((*shape, len(LEVELS)), dtype=np.float32),
        )

    def taken(self, places: Integers) -> "Forecast":
        """The forecast of the clients at these places."""
        return Forecast(
            months=self.months,
            p_alive=self.p_alive[places],
            p_order_90d=self.p_order_90d[places],
            rung=self.rung[places],
            method=self.method[places],
            expected=self.expected[places],
            discounted=self.discounted[places],
            percentiles=self.percentiles[places],
        )

    def at(self, months: int) -> int:
        """The position of a horizon."""
        return self.months.index(months)


@dataclass(frozen=True)
class Calendar:
    """The days at which months end after a cut-off, and the present value of each month."""

    cutoff: int
    month_ends: Integers
    discount: Floats

    @classmethod
    def of(cls, cutoff: int, months: int, settings: LtvSettings) -> "Calendar":
        """The calendar of so many months."""
        ahead = days_to_months(as_date(cutoff), months)
        return cls(cutoff, cutoff + ahead, discount_factors(settings.annual_rate, months))

    def worth(self, cumulative: Floats, months: int) -> Floats:
        """Present value of orders whose expected number to each month's end is (n, M)."""
        monthly = np.diff(cumulative[:, :months], prepend=0.0, axis=1)
        return np.asarray(np.sum(monthly * self.discount[:months], axis=1))


def forecast_on_model(
    forecast: Forecast, fit: SegmentFit, rung: int, calendar: Calendar
) -> OrderModel:
    """Fill in the clients of a segment from its order model on a rung; that model."""
    model, places, n = fit.model(rung), fit.places, len(fit.places)
    weeks = fit.season.weeks_after(calendar.cutoff, calendar.month_ends)
    soon = fit.season.weeks_between(calendar.cutoff, calendar.cutoff + SOON_DAYS)
    if rung != RUN_RATE or fit.run_rate.survival.is_measured:
        forecast.p_alive[places] = model.alive
    forecast.p_order_90d[places] = model.at_least(np.full(n, soon), 1)[:, 0]
    cumulative, counts = _outlook(model, weeks, np.array(forecast.months) - 1)
    forecast.rung[places] = rung
    forecast.method[places] = METHODS[rung]
    forecast.percentiles[places] = counts
    for position, months in enumerate(forecast.months):
        forecast.expected[places, position] = cumulative[:, months - 1]
        forecast.discounted[places, position] = calendar.worth(cumulative, months)
    return model


def over_spans(model: OrderModel, spans: Floats) -> OrderModel:
    """Every client once per span, the spans of a client one after the other."""
    return model.taken(np.repeat(np.arange(model.n), len(spans)))


def _outlook(model: OrderModel, weeks: Floats, chosen: Integers) -> tuple[Floats, Floats]:
    """Expected orders within each span (n, M), and percentiles within the chosen (n, H, 99)."""
    n, n_spans = model.n, len(weeks)
    cumulative = np.zeros((n, n_spans))
    counts = np.zeros((n, len(chosen), len(LEVELS)))
    step = max(1, CHUNK // n_spans)
    for at in range(0, n, step):
        part = model.taken(slice(at, at + step))
        where = (np.arange(part.n)[:, None] * n_spans + chosen).ravel()
        spans = np.tile(weeks, part.n)
        expected, at_least = over_spans(part, weeks).outlook(spans, where)
        cumulative[at : at + step] = expected.reshape(part.n, n_spans)
        counts[at : at + step] = percentiles_of(at_least).reshape(part.n, len(chosen), -1)
    return cumulative, counts


def percentiles_of(at_least: Floats) -> Floats:
    """Percentiles (n, 99) of counts, from P(at least 1, 2, ...) (n, N)."""
    left = (1.0 - LEVELS) * (1.0 + 1e-12)  # a chance that misses by rounding alone reaches it
    return np.stack([np.sum(at_least > level, axis=1) for level in left], axis=1).astype(np.float64)
