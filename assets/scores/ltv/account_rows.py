"""The rows of account_ltv of a night, and the forecasts that are kept for its proof."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from assets.scores.ltv.decision import NO_ORDER, ORDERS, REALISED, Decision
from assets.scores.ltv.horizon import as_date, count_apart, months_away
from assets.scores.ltv.inputs import COMPANY, Floats
from assets.scores.ltv.money import mean_money, money_percentiles
from assets.scores.ltv.portfolio import DrawnMoney
from assets.scores.ltv.proof_pairs import STORED
from assets.scores.ltv.rungs import RUN_RATE
from assets.scores.ltv.score import Scored
from assets.scores.ltv.settings import LtvSettings
from assets.scores.proof.forecasts import LEVELS

P10, P50, P90 = 9, 49, 89  # places among the percentiles
SOON_MONTHS = 3


def account_rows(
    scored: Scored, drawn: DrawnMoney, decisions: Sequence[Decision], settings: LtvSettings
) -> pd.DataFrame:
    """One row per client and horizon; money unrounded, NaN where it is not known."""
    parts = [
        _horizon_rows(scored, drawn, decisions, months, settings) for months in settings.horizons
    ]
    rows = pd.concat(parts, ignore_index=True)
    return rows.sort_values(["group_id", "horizon_months"], kind="stable", ignore_index=True)


def _horizon_rows(
    scored: Scored,
    drawn: DrawnMoney,
    decisions: Sequence[Decision],
    months: int,
    settings: LtvSettings,
) -> pd.DataFrame:
    groups, forecast, at = scored.groups, scored.forecast, scored.forecast.at(months)
    histories, clients = groups.histories, groups.clients
    worth = group_percentiles(scored, drawn, months, settings)
    has_model = forecast.rung[:, at] <= RUN_RATE
    ended = [d for d in decisions if months_away(d.day, months) <= groups.day]
    n_backtest = _n_backtest(clients.fit_segment, ended)
    n_apart = count_apart([d.day for d in ended], months)
    ordered = histories.n_orders > 0
    last = np.where(ordered, histories.last, 0).astype("datetime64[D]").astype("datetime64[s]")
    last[~ordered] = np.datetime64("NaT")
    return pd.DataFrame(
        {
            "as_of_date": pd.Timestamp(as_date(groups.day)),
            "group_id": pd.Series(clients.group_id, dtype="str"),
            "horizon_months": months,
            "fit_segment": pd.Series(clients.fit_segment, dtype="str"),
            "n_orders": histories.n_orders,
            "last_order_date": last,
            "usual_gap_days": histories.usual_gap_days,
            "p_alive": np.where(has_model, forecast.p_alive, np.nan),
            "p_order_90d": np.where(has_model, forecast.p_order_90d, np.nan),
            "expected_orders": forecast.expected[:, at],
            "margin_per_order_rc": scored.margin,
            "ltv_mean_rc": mean_money(scored, months),
            "ltv_p10_rc": worth[:, P10],
            "ltv_p50_rc": worth[:, P50],
            "ltv_p90_rc": worth[:, P90],
            "rung": forecast.rung[:, at],
            "method": pd.Series(forecast.method[:, at], dtype="str"),
            "n_backtest": n_backtest,
            "is_interval_pooled": n_backtest < settings.min_backtest_n,
            "is_beyond_proof": n_apart < settings.portfolio_min_independent,
        }
    )


def _n_backtest(segments: np.ndarray, ended: Sequence[Decision]) -> np.ndarray:
    """Forecasts that have ended, of each client's fit segment."""
    counted = {COMPANY: sum(d.clients.n for d in ended)}
    for segment in set(segments) - {COMPANY}:
        counted[segment] = sum(int(np.sum(d.clients.in_segment(segment))) for d in ended)
    return np.array([counted[segment] for segment in segments], dtype=np.int64)


def group_percentiles(
    scored: Scored, drawn: DrawnMoney, months: int, settings: LtvSettings
) -> Floats:
    """Percentiles of each group's money, (n, 99): of its draws where it has some."""
    worth = money_percentiles(scored, months)
    at = settings.horizons.index(months)
    for place, group in enumerate(scored.groups.clients.group_id.tolist()):
        draws = drawn.by_key_account.get(group)
        if draws is not None:
            worth[place] = np.quantile(draws[:, at], LEVELS)
    return worth


def kept_rows(scored: Scored, drawn: DrawnMoney, settings: LtvSettings) -> pd.DataFrame:
    """What is stored of a month end's forecasts: outcome, horizon, group, mean and percentiles."""
    groups, forecast = scored.groups.clients.group_id, scored.forecast
    parts = [_kept(groups, NO_ORDER, SOON_MONTHS, forecast.p_order_90d, None)]
    for months in STORED:
        at = forecast.at(months)
        parts.append(
            _kept(groups, ORDERS, months, forecast.expected[:, at], forecast.percentiles[:, at])
        )
    for months in settings.horizons:
        worth = group_percentiles(scored, drawn, months, settings)
        parts.append(_kept(groups, REALISED, months, mean_money(scored, months), worth))
    rows = pd.concat(parts, ignore_index=True)
    return rows.assign(as_of_date=pd.Timestamp(as_date(scored.groups.day)))


def _kept(
    groups: np.ndarray, outcome: str, months: int, mean: Floats, percentiles: np.ndarray | None
) -> pd.DataFrame:
    table = np.full((len(groups), 99), np.nan) if percentiles is None else percentiles
    rows: Mapping[str, object] = {
        "group_id": pd.Series(groups, dtype="str"),
        "outcome": outcome,
        "horizon_months": months,
        "mean": mean,
        "percentiles": pd.Series(list(table), dtype=object),
    }
    return pd.DataFrame(rows)
