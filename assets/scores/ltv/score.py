"""The lifetime value of every published client, night by night."""

import numpy as np
import pandas as pd

from assets.scores.ltv.horizon import Horizons
from assets.scores.ltv.inputs import COMPANY, Earnings, Floats, LtvInputs, LtvSettings, NightInputs
from assets.scores.ltv.margin import MarginPrior, fit_margin_prior
from assets.scores.ltv.run_rate import Forecast, RunRate, fit_run_rates

VALUES = ["ltv_mean_rc", "ltv_p10_rc", "ltv_p50_rc", "ltv_p90_rc"]


def score_nights(inputs: LtvInputs) -> pd.DataFrame:
    """One row per night, published client and horizon, in this order.

    Money is in reporting currency and not yet rounded; NaN stands for what is not known. No night
    knows of another: a night alone gets the same bits as in a set. Closed form, no draws.
    """
    scored = [score_night(night, inputs.settings) for night in inputs.nights()]
    if not scored:
        raise ValueError("score_nights expected at least one night with a client, found none")
    return pd.concat(scored, ignore_index=True)


def score_night(night: NightInputs, settings: LtvSettings) -> pd.DataFrame:
    """The rows of one night."""
    horizons = Horizons.of(night.as_of, settings.horizons, settings.annual_rate)
    fitted = fit_run_rates(night, settings)
    scored = []
    for segment, parameters in fitted.items():
        where = np.flatnonzero(night.is_published & (night.now.fit_segment == segment))
        history = night.now.taken(where)
        forecast = parameters.forecast(history, horizons, settings)
        margins = _margin_prior(night, segment, fitted).shrunk(
            night.earnings.order_days[where], night.earnings.contribution[where]
        )
        scored.append(_rows(night, where, forecast, margins, horizons))
    rows = pd.concat(scored, ignore_index=True)
    return rows.sort_values(["group_id", "horizon_months"], ignore_index=True)
