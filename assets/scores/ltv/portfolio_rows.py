"""The rows of portfolio_ltv of a night."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from assets.scores.ltv.horizon import as_date, count_apart, months_away
from assets.scores.ltv.portfolio import DrawnMoney, scopes_of, widen
from assets.scores.ltv.score import Scored
from assets.scores.ltv.settings import LtvSettings

Errors = Mapping[tuple[str, int], Sequence[tuple[int, float]]]
YEAR = 12


def portfolio_rows(
    scored: Scored,
    accounts: pd.DataFrame,
    drawn: DrawnMoney,
    errors: Errors,
    settings: LtvSettings,
) -> pd.DataFrame:
    """One row per scope and horizon; money is the sum of cents, or NaN without a known account."""
    rows = []
    for months in settings.horizons:
        of_horizon = accounts[accounts["horizon_months"] == months]
        money = of_horizon["ltv_mean_rc"].to_numpy(dtype=np.float64)
        for scope, where in scopes_of(scored.groups.clients).items():
            if where.any():
                rows.append(_row(scored, scope, months, money[where], drawn, errors, settings))
    return pd.DataFrame(rows)


def _row(
    scored: Scored, scope: str, months: int, money: np.ndarray, drawn: DrawnMoney,
    errors: Errors, settings: LtvSettings,
) -> dict[str, object]:  # fmt: skip
    known = np.isfinite(money)
    mean = float(np.sum(np.round(money[known], 2))) if known.any() else float(np.nan)
    draws = drawn.by_scope[scope][:, settings.horizons.index(months)]
    p10, p50, p90 = np.quantile(draws, [0.1, 0.5, 0.9]).tolist() if known.any() else [np.nan] * 3
    day = scored.groups.day
    pool = settings.pool_months if months <= YEAR else settings.pool_months_1095
    ended = [
        (begun, error)
        for begun, error in errors.get((scope, months), ())
        if months_away(begun, months) <= day and begun > months_away(day, -pool)
    ]
    n_apart = count_apart([begun for begun, _ in ended], months)
    wide = widen(mean, p10, p90, np.array([error for _, error in ended]), n_apart, settings)
    return {
        "as_of_date": pd.Timestamp(as_date(day)),
        "scope": scope,
        "horizon_months": months,
        "n_groups": len(money),
        "ltv_mean_rc": mean,
        "raw_p10_rc": p10,
        "raw_p50_rc": p50,
        "raw_p90_rc": p90,
        "n_cutoffs": wide.n_cutoffs,
        "n_independent_cutoffs": wide.n_independent,
        "rms_error_ratio": wide.rms_error_ratio,
        "ltv_p10_rc": wide.p10,
        "ltv_p90_rc": wide.p90,
        "is_beyond_proof": wide.is_beyond_proof,
    }
