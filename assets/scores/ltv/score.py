"""The lifetime value of every published client, night by night."""

import numpy as np
import pandas as pd

from assets.scores.ltv.horizon import Horizons
from assets.scores.ltv.inputs import (
    COMPANY,
    Floats,
    Integers,
    LtvInputs,
    LtvSettings,
    NightInputs,
)
from assets.scores.ltv.margin import MarginPrior, fit_margin_prior
from assets.scores.ltv.run_rate import Forecast, fit_run_rates

COLUMNS = [
    "as_of_date",
    "group_id",
    "horizon_months",
    "usual_gap_days",
    "p_alive",
    "p_order_90d",
    "expected_orders",
    "margin_per_order_rc",
    "ltv_mean_rc",
    "ltv_p10_rc",
    "ltv_p50_rc",
    "ltv_p90_rc",
    "rung",
    "method",
]


def score_nights(inputs: LtvInputs) -> pd.DataFrame:
    """One row per night, published client and horizon, in this order.

    Money is in reporting currency, not yet rounded; NaN stands for what is not known. Closed
    form, no draws; a night gets the same bits alone as in a set. No client, no row.
    """
    scored = [score_night(night, inputs.settings) for night in inputs.nights()]
    return pd.concat(scored, ignore_index=True) if scored else pd.DataFrame(columns=COLUMNS)


def score_night(night: NightInputs, settings: LtvSettings) -> pd.DataFrame:
    """The rows of one night."""
    horizons = Horizons.of(night.as_of, settings.horizons, settings.annual_rate)
    fitted = fit_run_rates(night, settings)
    margin_priors = {segment: _margin_prior(night, segment) for segment in fitted}
    scored = []
    for segment in sorted(set(night.now.fit_segment)):
        parameters_of = segment if segment in fitted else COMPANY
        where = np.flatnonzero(night.is_published & (night.now.fit_segment == segment))
        forecast = fitted[parameters_of].forecast(night.now.taken(where), horizons, settings)
        earnings = night.earnings.taken(where)
        margin = margin_priors[parameters_of].shrunk(earnings.order_days, earnings.contribution)
        scored.append(_rows(night, where, horizons, forecast, margin))
    rows = pd.concat(scored, ignore_index=True)
    return rows.sort_values(["group_id", "horizon_months"], ignore_index=True)


def _margin_prior(night: NightInputs, segment: str) -> MarginPrior:
    prior = fit_margin_prior(night.earnings.taken(night.now.in_segment(segment)))
    if np.isnan(prior.mean) and segment != COMPANY:
        return fit_margin_prior(night.earnings)
    return prior


def _rows(
    night: NightInputs, where: Integers, horizons: Horizons, forecast: Forecast, margin: Floats
) -> pd.DataFrame:
    """Forecast and margin as rows: each client's horizons one after the other."""
    n_horizons = len(horizons.months)
    history = night.now.taken(where)
    usual_gap = np.full(len(where), np.nan)
    np.divide(history.repeat_days, history.n_repeats, out=usual_gap, where=history.n_repeats > 0)
    worth = money_quantiles(forecast, margin)
    return pd.DataFrame(
        {
            "as_of_date": pd.Timestamp(night.as_of),
            "group_id": pd.Series(np.repeat(history.group_id, n_horizons), dtype="str"),
            "horizon_months": np.tile(horizons.months, len(where)),
            "usual_gap_days": np.repeat(usual_gap, n_horizons),
            "p_alive": np.repeat(forecast.p_alive, n_horizons),
            "p_order_90d": np.repeat(forecast.p_order_90d, n_horizons),
            "expected_orders": forecast.expected_orders.ravel(),
            "margin_per_order_rc": np.repeat(margin, n_horizons),
            "ltv_mean_rc": (forecast.discounted_orders * margin[:, None]).ravel(),
            "ltv_p10_rc": worth[:, :, 0].ravel(),
            "ltv_p50_rc": worth[:, :, 1].ravel(),
            "ltv_p90_rc": worth[:, :, 2].ravel(),
            "rung": forecast.rung,
            "method": forecast.method,
        }
    )


def money_quantiles(forecast: Forecast, margin: Floats) -> Floats:
    """Order quantiles (n, H, 3) in money: times margin and the mean discount of the horizon.

    A negative margin turns them round: many orders are the bad case.
    """
    discount = np.divide(
        forecast.discounted_orders,
        forecast.expected_orders,
        out=np.ones_like(forecast.expected_orders),
        where=forecast.expected_orders > 0,
    )
    counts = np.where(
        margin[:, None, None] < 0, forecast.order_quantiles[:, :, ::-1], forecast.order_quantiles
    )
    return np.asarray(counts * (margin[:, None] * discount)[:, :, None])
