"""The rows of ltv_model of a night: the fits behind it, and why no other."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from assets.scores.ltv.horizon import as_date
from assets.scores.ltv.mbg_cnbd import PARAMETERS
from assets.scores.ltv.rungs import METHODS, RUN_RATE, SegmentFit
from assets.scores.ltv.score import Scored
from assets.scores.ltv.trial import Choice

COLUMNS = [
    "fit_segment",
    "part",
    "parameter",
    "value",
    "standard_error",
    "method",
    "rung",
    "reason",
]
GAPS = ("none", "lt_1", "1_15", "15_3", "ge_3")
Row = tuple[str, float, float, str, int | None, str | None]
SEASONAL_INDEX = "monthly_index"
FLAT = "flat"
SURVIVAL = "gap_survival"
NONE = float("nan")


def model_rows(scored: Scored) -> pd.DataFrame:
    """One row per fit segment, part and parameter; NaN where a value or an error has none."""
    rows = [
        (segment, part, parameter, *rest)
        for segment, fit in scored.fits.items()
        for part, found in (
            ("orders", _orders(fit, scored.choices[segment])),
            ("margin", _margin(fit)),
            ("seasonality", _season(fit)),
            ("survival", _survival(fit)),
        )
        for parameter, *rest in found
    ]
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.assign(as_of_date=pd.Timestamp(as_date(scored.groups.day)))


def _orders(fit: SegmentFit, choice: Choice) -> Iterator[Row]:
    method = METHODS.get(choice.rung, f"naive:{choice.rule}")
    said = (method, choice.rung, choice.reason)
    if choice.rung in fit.mbg:
        found = fit.mbg[choice.rung]
        yield ("k", float(found.parameters.k), NONE, *said)
        values = np.exp(found.parameters.log_theta).tolist()
        errors = found.log_standard_errors.tolist()
        for name, value, error in zip(PARAMETERS, values, errors, strict=True):
            yield (name, value, error, *said)
        yield ("log_likelihood", found.log_likelihood, NONE, *said)
        yield ("gradient_per_group", found.gradient, NONE, *said)
    elif choice.rung == RUN_RATE:
        prior = fit.run_rate.prior
        yield ("log_likelihood", prior.log_likelihood, NONE, *said)
        yield ("gradient_per_group", prior.gradient_per_group, NONE, *said)
    yield ("n_fitted", float(fit.n_fitted), NONE, *said)
    yield ("n_repeaters", float(fit.n_repeaters), NONE, *said)
    yield ("n_left_truncated", float(fit.n_left_truncated), NONE, *said)
    yield ("selection_wape", choice.selection_wape, NONE, *said)
    yield ("best_naive_wape", choice.best_naive_wape, NONE, *said)
    yield ("is_fit_on_all", float(fit.is_fit_on_all), NONE, *said)


def _margin(fit: SegmentFit) -> Iterator[Row]:
    said = (fit.margin.method, None, None)
    prior, fitted = fit.margin.prior, fit.margin.gamma_gamma
    yield ("prior_mean", prior.mean, NONE, *said)
    yield ("prior_weight", prior.weight if np.isfinite(prior.weight) else NONE, NONE, *said)
    yield ("spearman_rho", fit.margin.rho, NONE, *said)
    if fitted is not None:
        errors = fitted.log_standard_errors.tolist()
        values = (fitted.p, fitted.q, fitted.gamma)
        for name, value, error in zip(("p", "q", "gamma"), values, errors, strict=True):
            yield (name, value, error, *said)


def _season(fit: SegmentFit) -> Iterator[Row]:
    factors = fit.season.factors.tolist()
    method = FLAT if all(factor == 1.0 for factor in factors) else SEASONAL_INDEX
    for month, factor in enumerate(factors, start=1):
        yield (f"f_{month:02}", factor, NONE, method, None, None)


def _survival(fit: SegmentFit) -> Iterator[Row]:
    said = (SURVIVAL, None, None)
    survival, prior = fit.run_rate.survival, fit.run_rate.prior
    if survival.is_measured:
        for name, factor in zip(GAPS, survival.factors.tolist(), strict=True):
            yield (f"ratio_{name}", factor, NONE, *said)
    yield ("rate_r", prior.r, prior.standard_errors[0], *said)
    yield ("rate_alpha", prior.alpha, prior.standard_errors[1], *said)
