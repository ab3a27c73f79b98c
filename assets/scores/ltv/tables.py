"""Every table of lifetime value, for the nights being computed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from assets.scores.ltv.account_rows import account_rows, kept_rows
from assets.scores.ltv.decision import Decision, decide, kept_forecasts, totals
from assets.scores.ltv.facts import Facts
from assets.scores.ltv.horizon import as_date
from assets.scores.ltv.model_rows import model_rows
from assets.scores.ltv.portfolio import DrawnMoney, draw_money
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
    nights: list[tuple[Scored, DrawnMoney]] = []
    decisions: list[Decision] = []
    for scored, is_night, is_decision in score_cutoffs(facts):
        if is_night:
            nights.append((scored, draw_money(scored, config_version, facts.settings)))
        if is_decision:
            decisions.append(decide(scored, facts))
    kept = kept_forecasts(stored, facts.settings.known_within_days)
    errors = totals(decisions, {day: found for day, found in kept.items() if found.is_known})
    accounts, portfolios, models = [], [], []
    for scored, drawn in nights:
        accounts.append(account_rows(scored, drawn, decisions, facts.settings))
        portfolios.append(portfolio_rows(scored, accounts[-1], drawn, errors, facts.settings))
        models.append(model_rows(scored))
    pairs = PairBuilder(decisions, kept, config_version).all()
    newest = max(month_ends)
    return LtvTables(
        accounts=_stacked(accounts),
        portfolio=_stacked(portfolios),
        model=_stacked(models),
        backtest=_stacked(
            [
                backtest_night(
                    pairs, as_of=as_date(day), settings=proof, with_channels=is_month_end
                ).assign(as_of_date=pd.Timestamp(as_date(day)))
                for day, is_month_end in month_ends.items()
            ]
        ),
        kept=_stacked(
            [
                kept_rows(scored, drawn, facts.settings)
                for scored, drawn in nights
                if scored.groups.day == newest and month_ends[newest]
            ]
        ),
        pairs=pairs,
    )


def _stacked(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
