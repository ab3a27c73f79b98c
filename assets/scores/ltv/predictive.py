"""How many orders may come: a gamma-Poisson count that comes at all only if the client is alive."""

import numpy as np
from scipy.special import betaincc
from scipy.stats import nbinom

from assets.scores.ltv.inputs import Floats

TIE = 1.0 + 1e-12  # a probability that misses the quantile by rounding alone reaches it


def p_any_order(alive: Floats, shape: Floats, rate: Floats, weeks: float) -> Floats:
    """P(at least one order within `weeks`), one entry per client.

    Orders come with probability `alive`, at a rate ~ gamma(`shape`, `rate` in weeks).
    """
    return np.asarray(-alive * np.expm1(-shape * np.log1p(weeks / rate)))


def p_more_than(counts: Floats, alive: Floats, shape: Floats, ease: Floats) -> Floats:
    """P(more than `counts` orders); `ease` = rate / (rate + weeks). Arrays broadcast."""
    return np.asarray(alive * betaincc(shape, counts + 1.0, ease))


def order_quantiles(
    quantile: float, alive: Floats, shape: Floats, rate: Floats, weeks: Floats
) -> Floats:
    """The least count n with P(N <= n) >= `quantile`; arrays broadcast.

    P(N > n) = alive x P(negative binomial > n), so the quantile is one of the negative binomial,
    moved up by the chance of being lost, and 0 where that chance alone reaches it.
    """
    ease = rate / (rate + weeks)
    alive, shape, ease = np.broadcast_arrays(alive, shape, ease)
    left = 1.0 - quantile
    with np.errstate(divide="ignore", over="ignore"):
        wanted = np.clip(1.0 - left / alive, 0.0, 1.0)
    count = np.where(wanted > 0.0, nbinom.ppf(wanted, shape, ease), 0.0)
    too_low = p_more_than(count, alive, shape, ease) > left * TIE
    count = count + too_low
    below = p_more_than(np.maximum(count - 1.0, 0.0), alive, shape, ease)
    return np.asarray(count - ((count > 0) & (below <= left * TIE) & ~too_low))
