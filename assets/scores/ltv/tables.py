"""Every table of lifetime value, for the nights being computed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from assets.scores.ltv.account_rows import account_rows, kept_rows
from assets.scores.ltv.decision import (
    Decision,
    TotalErrors,
    add_totals,
    decide,
    kept_forecasts,
)
from assets.scores.ltv.facts import Facts
from assets.scores.ltv.horizon import as_date
from assets.scores.ltv.model_rows import model_rows
from assets.scores.ltv.portfolio import draw_money
from assets.scores.ltv.portfolio_rows import portfolio_rows
from assets.scores.ltv.proof_pairs import PairBuilder
from assets.scores.ltv.score import Scored, score_cutoffs
from assets.scores.proof.night import backtest_night
from assets.scores.proof.pairs import Pairs, ProofSettings


@dataclass(frozen=True)
class LtvTables:
    """The rows by table; `kept` the forecasts of the newest night, none unless a month end.

    `pairs` are the matured pairs of forecasts and outcomes behind `backtest`.
    """

    accounts: pd.DataFrame
    portfolio: pd.DataFrame
    model: pd.DataFrame
    backtest: pd.DataFrame
    kept: pd.DataFrame
    pairs: Sequence[Pairs]


def score_company(
    facts: Facts,
    month_ends: Mapping[int, bool],
    stored: pd.DataFrame,
    proof: ProofSettings,
    config_version: str,
) -> LtvTables:
    """The tables of the nights, by day number in `month_ends`; empty frames without a client.

    `stored` are the rows of the state table ltv_forecast.
    """
    kept = kept_forecasts(stored, facts.settings.known_within_days)
    known = {day: found for day, found in kept.items() if found.is_known}
    newest = max(month_ends)
    nights = []
    decisions: list[Decision] = []
    errors: TotalErrors = {}
    for scored, is_night, is_decision in score_cutoffs(facts):
        if is_night:
            is_kept = scored.groups.day == newest and month_ends[newest]
            nights.append(_night(scored, decisions, errors, facts, config_version, is_kept))
        if is_decision:
            decisions.append(decide(scored, facts))
            add_totals(errors, decisions[-1], known)
    pairs = PairBuilder(decisions, kept, config_version).all()
    backtests = [
        backtest_night(
            pairs, as_of=as_date(day), settings=proof, with_channels=is_month_end
        ).assign(as_of_date=pd.Timestamp(as_date(day)))
        for day, is_month_end in month_ends.items()
    ]
    return LtvTables(
        accounts=_stacked([night.accounts for night in nights]),
        portfolio=_stacked([night.portfolio for night in nights]),
        model=_stacked([night.model for night in nights]),
        backtest=_stacked(backtests),
        kept=_stacked([night.kept for night in nights if night.kept is not None]),
        pairs=pairs,
    )


@dataclass(frozen=True)
class _NightRows:
    """The rows of one night; `kept` of a month end that is the night of the run."""

    accounts: pd.DataFrame
    portfolio: pd.DataFrame
    model: pd.DataFrame
    kept: pd.DataFrame | None


def _night(
    scored: Scored,
    decisions: Sequence[Decision],
    errors: TotalErrors,
    facts: Facts,
    config_version: str,
    is_kept: bool,
) -> _NightRows:
    """The rows of a night, from the decision dates before it."""
    settings = facts.settings
    drawn = draw_money(scored, config_version, settings)
    accounts = account_rows(scored, drawn, decisions, settings)
    proven = scored.of_groups(np.flatnonzero(facts.proven(scored.groups.clients)))
    return _NightRows(
        accounts=accounts,
        portfolio=portfolio_rows(scored, accounts, drawn, errors, settings),
        model=model_rows(scored),
        kept=kept_rows(proven, drawn, settings) if is_kept else None,
    )


def _stacked(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
