"""Rung 5: the best naive rule, with the spread of what came over what it said before."""

from collections.abc import Sequence

import numpy as np

from assets.scores.ltv.cutoff import Cutoff
from assets.scores.ltv.forecast import Calendar, Forecast
from assets.scores.ltv.horizon import months_away
from assets.scores.ltv.inputs import COMPANY, Floats, Integers
from assets.scores.ltv.naive import naive_orders
from assets.scores.ltv.rungs import NAIVE
from assets.scores.ltv.settings import PROVEN_MONTHS, LtvSettings
from assets.scores.proof.forecasts import LEVELS


def forecast_naively(
    forecast: Forecast,
    cutoff: Cutoff,
    places: Integers,
    rule: str,
    calendar: Calendar,
    past: Sequence[Cutoff],
    settings: LtvSettings,
) -> None:
    """Fill in the clients of a segment from a naive rule.

    `past` are the decision dates before the cut-off, of which the segment's outcomes at the same
    horizon count, the company's where they are too few, at the longest horizon that has ended.
    """
    n_months = len(calendar.month_ends)
    cumulative = np.stack(
        [_rule(cutoff, months, rule)[places] for months in range(1, n_months + 1)], axis=1
    )
    segment = str(cutoff.clients.fit_segment[places[0]])
    forecast.p_alive[places] = np.nan
    forecast.p_order_90d[places] = np.nan
    forecast.rung[places] = NAIVE
    forecast.method[places] = f"naive:{rule}"
    for position, months in enumerate(forecast.months):
        orders = cumulative[:, months - 1]
        forecast.expected[places, position] = orders
        forecast.discounted[places, position] = calendar.worth(cumulative, months)
        ratio, of_none = _spread(past, segment, months, rule, cutoff.day, settings)
        spread = np.where(orders[:, None] > 0, orders[:, None] * ratio, of_none)
        forecast.percentiles[places, position] = spread


def _rule(cutoff: Cutoff, months: int, rule: str) -> Floats:
    return naive_orders(cutoff.log, cutoff.histories, months, cutoff.delivered_from)[rule]


def _spread(
    past: Sequence[Cutoff], segment: str, months: int, rule: str, day: int, settings: LtvSettings
) -> tuple[Floats, Floats]:
    """Percentiles of actual over forecast, and of actual where the forecast was 0; (99,) each."""
    for horizon in sorted({m for m in (*PROVEN_MONTHS, months) if m <= months}, reverse=True):
        for scope in (segment, COMPANY):
            said, came = _outcomes(past, scope, horizon, rule, day)
            if len(said) >= settings.min_backtest_n or (scope == COMPANY and len(said)):
                ratio = came[said > 0] / said[said > 0]
                return _percentiles(ratio, 1.0), _percentiles(came[said == 0], 0.0)
    return np.ones(len(LEVELS)), np.zeros(len(LEVELS))


def _percentiles(sample: Floats, otherwise: float) -> Floats:
    if len(sample) == 0:
        return np.full(len(LEVELS), otherwise)
    return np.asarray(np.quantile(sample, LEVELS, method="inverted_cdf"), dtype=np.float64)


def _outcomes(
    past: Sequence[Cutoff], segment: str, months: int, rule: str, day: int
) -> tuple[Floats, Floats]:
    said, came = [np.zeros(0)], [np.zeros(0)]
    for earlier in past:
        ended = months_away(earlier.day, months)
        if ended > day:
            continue
        orders = _rule(earlier, months, rule)
        where = earlier.clients.in_segment(segment) & (earlier.histories.n_orders > 0)
        where &= ~np.isnan(orders)
        said.append(orders[where])
        actual = earlier.source.between(earlier.day, ended, ended)
        came.append(actual[where].astype(np.float64))
    return np.concatenate(said), np.concatenate(came)
