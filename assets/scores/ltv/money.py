"""What expected orders are worth: means and quantiles in money, unrounded."""

import numpy as np

from assets.scores.ltv.inputs import Floats
from assets.scores.ltv.score import Scored


def mean_money(scored: Scored, months: int) -> Floats:
    """Discounted expected contribution of each group over a horizon, (n,)."""
    return np.asarray(scored.forecast.discounted[:, scored.forecast.at(months)] * scored.margin)


def money_percentiles(scored: Scored, months: int) -> Floats:
    """The percentiles of the orders in money, (n, 99): times margin and mean discount.

    A negative margin turns them round: many orders are the bad case.
    """
    forecast, at = scored.forecast, scored.forecast.at(months)
    expected = forecast.expected[:, at]
    share = np.divide(
        forecast.discounted[:, at], expected, out=np.ones(len(expected)), where=expected > 0
    )
    counts = forecast.percentiles[:, at]
    turned = np.where(scored.margin[:, None] < 0, counts[:, ::-1], counts)
    return np.asarray(turned * (scored.margin * share)[:, None])
