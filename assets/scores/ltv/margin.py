"""What an order day earns: a client's own margin, shrunk to its segment's by credibility."""

from dataclasses import dataclass

import numpy as np

from assets.scores.ltv.inputs import Earnings, Floats


@dataclass(frozen=True)
class MarginPrior:
    """Margin per order day of a segment, and how many own order days weigh as much as it.

    `mean` is the segment's contribution over its order days, in money, NaN where nothing was
    earned or ordered; `weight` is m of n / (n + m): 0 trusts each client, infinity none.
    """

    mean: float
    weight: float
    within_variance: float
    between_variance: float

    def shrunk(self, order_days: Floats, contribution: Floats) -> Floats:
        """Margin per order day of clients, in money; the mean for those without an order day."""
        own = np.divide(
            contribution, order_days, out=np.full(len(order_days), self.mean), where=order_days > 0
        )
        if np.isinf(self.weight):
            return np.full(len(order_days), self.mean)
        trusted = np.divide(
            order_days,
            order_days + self.weight,
            out=np.zeros(len(order_days)),
            where=order_days > 0,
        )
        return np.asarray(trusted * own + (1.0 - trusted) * self.mean)


def fit_margin_prior(earnings: Earnings) -> MarginPrior:
    """The prior by Buhlmann and Straub (1970) on client-months weighted by order days.

    Clients without an order day are left out. Where clients do not differ more than their months
    do, or months were not seen twice, nothing speaks for a client's own margin: weight infinity.
    """
    ordered = earnings.order_days > 0
    days = earnings.order_days[ordered]
    total_days = float(np.sum(days))
    if total_days == 0.0:
        return MarginPrior(np.nan, np.inf, np.nan, np.nan)
    mean = float(np.sum(earnings.contribution[ordered])) / total_days
    spare_months = float(np.sum(earnings.n_months[ordered] - 1.0))
    evenness = total_days - float(np.sum(days**2)) / total_days
    if spare_months <= 0.0 or evenness <= 0.0:
        return MarginPrior(mean, np.inf, np.nan, np.nan)
    within = float(np.sum(earnings.within_square[ordered])) / spare_months
    own = earnings.contribution[ordered] / days
    spread = float(np.sum(days * (own - mean) ** 2))
    between = (spread - (len(days) - 1) * within) / evenness
    weight = within / between if between > 0.0 else np.inf
    return MarginPrior(mean, weight, within, between)
