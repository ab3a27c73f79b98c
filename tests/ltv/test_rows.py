"""The rows of the tables: what is told of fits, of accounts' proof, and of portfolios, by hand."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from assets.scores.ltv.portfolio import widen
from assets.scores.ltv.settings import LtvSettings
from tests.ltv.client import Client, every, month_ends
from tests.ltv.company import SETTINGS, company, crowd
from tests.ltv.night import stored, tables

NIGHT, THEN = "2024-06-30", "2023-06-30"
QUICK = replace(SETTINGS, k_max=2, draws=20)
ROOT = Path(__file__).resolve().parents[2]


def steady(name: str, gap: int = 30, first: str = "2022-01-03", **like: Any) -> Client:
    return Client(name, every(gap, first, NIGHT), **like)


def test_settings_are_those_of_the_metrics_file() -> None:
    metrics = yaml.safe_load((ROOT / "config" / "metrics.yml").read_text(encoding="utf-8"))

    assert LtvSettings.of(metrics) == SETTINGS


# ltv_model.

ORDERS = {
    "n_fitted", "n_repeaters", "n_left_truncated", "selection_wape", "best_naive_wape",
    "is_fit_on_all",
}  # fmt: skip
FITTED = {"k", "r", "alpha", "a", "b", "log_likelihood", "gradient_per_group"}
SEASON = {f"f_{month:02}" for month in range(1, 13)}
RATES = {"rate_r", "rate_alpha"}
RATIOS = {"ratio_none", "ratio_lt_1", "ratio_1_15", "ratio_15_3", "ratio_ge_3"}


@pytest.fixture(scope="module")
def model() -> Any:
    """A segment on rung 1 whose values follow Gamma-Gamma, and one of two clients."""
    random = np.random.default_rng(2)
    large = [
        replace(c, segment="LARGE", margin=float(random.gamma(4.0, 1 / 0.02)))
        for c in crowd(220, NIGHT, days=600)
    ]
    old = steady("OLD", created="2015-01-01", segment="LARGE", margin=90.0)
    small = [steady(f"S{n}", 40 + n, "2023-03-01", segment="SMALL") for n in range(2)]
    facts = company([*large, old, *small], [NIGHT], delivered_from="2022-09-01", settings=QUICK)
    return tables(facts).model.set_index(["fit_segment", "part", "parameter"]).sort_index()


def names(model: Any, segment: str, part: str) -> set[str]:
    return set(model.loc[(segment, part)].index)


def test_a_fit_of_the_first_rung_tells_its_parameters_and_their_errors(model: Any) -> None:
    assert names(model, "LARGE", "orders") == ORDERS | FITTED
    orders = model.loc[("LARGE", "orders")]

    assert set(orders["rung"]) == {1}
    assert set(orders["method"]) == {"mbg_cnbd_k"}
    assert orders["reason"].isna().all()
    parameters = orders.loc[["r", "alpha", "a", "b"]]
    assert (parameters["value"] > 0).all()
    assert parameters["standard_error"].between(0.01, 3).all()
    assert orders.drop(index=["r", "alpha", "a", "b"])["standard_error"].isna().all()
    assert orders.loc["n_fitted", "value"] == 220
    assert orders.loc["n_left_truncated", "value"] == 1
    assert orders.loc["is_fit_on_all", "value"] == 0
    assert orders.loc["gradient_per_group", "value"] < 1e-5
    assert np.isnan(orders.loc["selection_wape", "value"])


def test_a_segment_on_the_run_rate_tells_why_and_by_which_prior(model: Any) -> None:
    orders, company_wide = model.loc[("SMALL", "orders")], model.loc[("company", "survival")]

    assert names(model, "SMALL", "orders") == ORDERS | {"log_likelihood", "gradient_per_group"}
    assert set(orders["reason"]) == {"TOO_FEW_REPEATERS"}
    assert set(orders["rung"]) == {3}
    assert set(orders["method"]) == {"run_rate_survival"}
    survival = model.loc[("SMALL", "survival")]
    for name in RATES:
        assert survival.loc[name, "value"] == company_wide.loc[name, "value"]


def test_every_segment_tells_its_season_and_its_survival(model: Any) -> None:
    for segment in ("company", "LARGE", "SMALL"):
        assert names(model, segment, "seasonality") == SEASON
        assert names(model, segment, "survival") == RATIOS | RATES
        season = model.loc[(segment, "seasonality")]
        assert set(season["value"]) == {1.0}
        assert set(season["method"]) == {"flat"}


def test_the_margin_tells_which_estimator_serves(model: Any) -> None:
    base = {"prior_mean", "prior_weight", "spearman_rho"}

    assert names(model, "LARGE", "margin") == base | {"p", "q", "gamma"}
    assert set(model.loc[("LARGE", "margin"), "method"]) == {"gamma_gamma"}
    assert names(model, "SMALL", "margin") == base
    assert set(model.loc[("SMALL", "margin"), "method"]) == {"credibility"}
    assert model.loc[("SMALL", "margin", "prior_mean"), "value"] == pytest.approx(100.0)
    # Clients that do not differ have no weight of their own: infinity is not published.
    assert np.isnan(model.loc[("SMALL", "margin", "prior_weight"), "value"])


def test_rung_and_reason_are_those_of_orders_alone(model: Any) -> None:
    others = model[model.index.get_level_values("part") != "orders"]

    assert others["rung"].isna().all()
    assert others["reason"].isna().all()


def test_without_a_matured_window_no_survival_is_told() -> None:
    facts = company([steady("G", 9, "2024-04-01")], [NIGHT], delivered_from="2024-04-01")
    model = tables(facts).model.set_index(["fit_segment", "part", "parameter"]).sort_index()

    assert names(model, "RETAIL", "survival") == RATES


# The proof behind an account.


def proven(clients: Sequence[Client], decisions: Sequence[str], night: str = NIGHT) -> Any:
    facts = company(clients, [night], decisions=decisions, delivered_from="2017-01-01",
                    settings=QUICK)  # fmt: skip
    return tables(facts).accounts.set_index(["group_id", "horizon_months"])


def test_an_account_counts_the_ended_forecasts_of_its_segment() -> None:
    """10 clients, 3 cut-offs a year and more before: 30; the other segment 2 x 3, one later."""
    clients = [
        *(steady(f"A{n:02}", 20 + n) for n in range(10)),
        *(steady(f"B{n}", 30, segment="OTHER") for n in range(2)),
        steady("B9", 30, "2024-01-01", segment="OTHER"),
        steady("C", 30, segment="company"),
    ]
    rows = proven(clients, ["2023-04-30", "2023-05-31", THEN, "2023-07-31"])

    by_group = rows.xs(12, level=1)
    assert by_group.loc["A00", ["n_backtest", "is_interval_pooled"]].tolist() == [30, False]
    assert by_group.loc["B0", ["n_backtest", "is_interval_pooled"]].tolist() == [6, True]
    assert by_group.loc["B9", "n_backtest"] == 6
    assert by_group.loc["C", "n_backtest"] == 3 * 13
    assert set(rows.xs(36, level=1)["n_backtest"]) == {0}


@pytest.mark.parametrize(
    ("decisions", "is_beyond"),
    [
        (["2022-06-30", "2022-07-31", THEN], False),
        (["2022-07-31", "2022-12-31", THEN], True),
        ([THEN], True),
        ([], True),
    ],
)
def test_a_horizon_is_proven_by_two_cutoffs_that_do_not_overlap(
    decisions: Sequence[str], is_beyond: bool
) -> None:
    rows = proven([steady("A", first="2018-01-01")], decisions)

    assert rows.loc[("A", 12), "is_beyond_proof"] == is_beyond
    assert rows.loc[("A", 36), "is_beyond_proof"]
    assert rows.loc[("A", 60), "is_beyond_proof"]


def test_an_account_tells_its_history() -> None:
    row = proven([Client("A", ["2024-01-10", "2024-02-09", "2024-05-09"])], []).loc[("A", 12)]

    assert row["n_orders"] == 3
    assert row["last_order_date"] == pd.Timestamp("2024-05-09")
    assert row["usual_gap_days"] == 120 / 2
    assert row["as_of_date"] == pd.Timestamp(NIGHT)


# portfolio_ltv.

ERRORS = np.array([0.1, -0.2, 0.3, 0.0, 0.1, -0.1])


def test_an_interval_is_widened_by_what_past_totals_missed() -> None:
    """s^2 = .16 / 6; v = 400 / (2 x 1.2816 x 1000); the 90th percentile of t with 2 is 1.8856."""
    found = widen(1_000.0, 800.0, 1_200.0, ERRORS, 2, SETTINGS)

    half = 1.885618 * 1_000 * np.sqrt(0.16 / 6 + (400 / 2_563.2) ** 2)
    assert (found.p10, found.p90) == pytest.approx((1_000 - half, 1_000 + half), rel=1e-6)
    assert found.rms_error_ratio == pytest.approx(np.sqrt(0.16 / 6))
    assert (found.n_cutoffs, found.n_independent, found.is_beyond_proof) == (6, 2, False)


def test_more_cutoffs_that_do_not_overlap_narrow_it() -> None:
    """t with 5: 1.4759."""
    two, five = (widen(1_000.0, 800.0, 1_200.0, ERRORS, n, SETTINGS) for n in (2, 5))

    assert (1_000 - five.p10) / (1_000 - two.p10) == pytest.approx(1.475884 / 1.885618, rel=1e-6)


def test_a_total_below_zero_has_its_interval_the_right_way_round() -> None:
    found = widen(-1_000.0, -1_200.0, -800.0, ERRORS, 2, SETTINGS)
    above = widen(1_000.0, 800.0, 1_200.0, ERRORS, 2, SETTINGS)

    assert (found.p10, found.p90) == (-above.p90, -above.p10)


@pytest.mark.parametrize(
    ("mean", "errors", "n_independent"),
    [(1e3, ERRORS[:5], 2), (1e3, ERRORS, 1), (0.0, ERRORS, 2), (np.nan, ERRORS, 2)],
)
def test_what_is_not_proven_has_no_interval(
    mean: float, errors: np.ndarray, n_independent: int
) -> None:
    found = widen(mean, 800.0, 1_200.0, errors, n_independent, SETTINGS)

    assert np.isnan([found.p10, found.p90]).all()
    assert found.is_beyond_proof
    assert found.rms_error_ratio == pytest.approx(np.sqrt(np.mean(errors**2)))


def test_without_a_past_total_nothing_is_known_of_errors() -> None:
    assert np.isnan(widen(1e3, 800.0, 1_200.0, np.zeros(0), 0, SETTINGS).rms_error_ratio)


MANY = [
    steady("A", 30, is_key=True, manager="M1", margin=10.005),
    steady("B", 20, manager="M1", margin=33.333),
    steady("C", 25, segment="OTHER", manager="M2", margin=77.777),
    steady("D", 50, segment="company", margin=1.111),
]


def portfolio(
    clients: Sequence[Client],
    decisions: Sequence[str] = (),
    kept: pd.DataFrame | None = None,
) -> Any:
    facts = company(
        clients, [NIGHT], decisions=decisions, delivered_from="2017-01-01", settings=QUICK
    )
    return tables(facts, kept).portfolio.set_index(["scope", "horizon_months"])


def test_scopes_are_the_company_key_accounts_channels_and_managers() -> None:
    rows = portfolio(MANY)

    counted = {scope: rows.loc[(scope, 36), "n_groups"] for scope, _ in rows.index}
    assert counted == {
        "company": 4, "key": 1, "channel:RETAIL": 2, "channel:OTHER": 1, "manager:M1": 2,
        "manager:M2": 1,
    }  # fmt: skip
    assert len(rows) == 6 * 3


def test_without_a_key_account_there_is_no_such_row() -> None:
    assert "key" not in portfolio(MANY[1:]).index.get_level_values(0)


def test_a_portfolio_is_worth_the_cents_of_its_accounts() -> None:
    facts = company(MANY, [NIGHT], delivered_from="2017-01-01", settings=QUICK)
    found = tables(facts)
    rows = found.portfolio.set_index(["scope", "horizon_months"])
    cents = found.accounts.assign(cents=(found.accounts["ltv_mean_rc"] * 100).round())
    for months in (12, 36, 60):
        of_horizon = cents[cents["horizon_months"] == months].set_index("group_id")["cents"]
        for scope, groups in (("company", list("ABCD")), ("manager:M1", ["A", "B"])):
            total = int(of_horizon[groups].sum())
            assert round(100 * rows.loc[(scope, months), "ltv_mean_rc"], 6) == total


def test_quantiles_of_a_scope_are_those_of_its_draws() -> None:
    rows = portfolio([steady(f"G{n:02}", 20 + n) for n in range(30)])

    for months in (12, 36, 60):
        row = rows.loc[("company", months)]
        assert row["raw_p10_rc"] < row["raw_p50_rc"] < row["raw_p90_rc"]
        assert row["raw_p50_rc"] == pytest.approx(row["ltv_mean_rc"], rel=0.1)


def kept(received: str = THEN) -> pd.DataFrame:
    return stored(THEN, ["A", "B", "C"], "LTV_REALISED", 12, [400.0, 200.0, 100.0],
                  received=received)  # fmt: skip


def results(*months: tuple[str, float]) -> dict[str, Any]:
    return {"margin": None, "earned": dict(months)}


PAST = [
    steady("A", is_key=True, **results(("2023-02", 50.0), ("2023-07", 300.0))),
    steady("B", **results(("2023-02", 50.0), ("2024-06", 250.0))),
    steady("C", is_same_tree=False, **results(("2024-01", 9e9))),
    steady("D", **results(("2024-01", 5e9))),
]
WORTH_A, WORTH_B = 300 * 1.15 ** (-0.5 / 12), 250 * 1.15 ** (-11.5 / 12)


def test_the_error_of_a_past_total_is_that_of_the_forecast_stored_then() -> None:
    """600 were said of A and B; C's customers have changed, and of D nothing was stored."""
    rows = portfolio(PAST, [THEN], kept())

    row = rows.loc[("company", 12)]
    assert row["rms_error_ratio"] == pytest.approx(abs(WORTH_A + WORTH_B - 600) / 600)
    assert row[["n_cutoffs", "n_independent_cutoffs"]].tolist() == [1, 1]
    assert row["is_beyond_proof"]
    assert rows.loc[("key", 12), "rms_error_ratio"] == pytest.approx(abs(WORTH_A - 400) / 400)
    assert rows.loc[("company", 36), "n_cutoffs"] == 0


def test_a_stored_forecast_that_read_a_later_delivery_gives_way_to_a_refit() -> None:
    known, late = portfolio(PAST, [THEN], kept()), portfolio(PAST, [THEN], kept("2023-07-09"))
    refit = portfolio(PAST, [THEN])

    assert (
        late.loc[("company", 12), "rms_error_ratio"]
        == refit.loc[("company", 12), "rms_error_ratio"]
    )
    assert known.loc[("company", 12), "rms_error_ratio"] != pytest.approx(
        refit.loc[("company", 12), "rms_error_ratio"]
    )


def test_past_totals_count_for_three_years_and_those_of_three_years_for_six() -> None:
    """Of year-long horizons that ended, July 2021 to June 2023 are 24; of long ones all 3."""
    decisions = [*month_ends("2021-05-31", "2024-05-31"), "2018-06-30", "2018-07-31", "2020-06-30"]
    rows = portfolio([steady("A", 90, "2017-02-01")], sorted(decisions))

    assert rows.loc[("company", 12), "n_cutoffs"] == 24
    assert rows.loc[("company", 12), "n_independent_cutoffs"] == 2
    # 36 months: 31 July 2018, 30 June 2020 and 31 May 2021 to 30 June 2021.
    assert rows.loc[("company", 36), "n_cutoffs"] == 4
    assert rows.loc[("company", 36), "is_beyond_proof"]


def test_a_proven_total_has_the_widened_interval() -> None:
    """Two years of month ends: the formula on the row's own numbers."""
    clients = [steady(f"G{n}", 15 + 4 * n, "2020-01-03") for n in range(8)]
    row = portfolio(clients, month_ends("2022-06-30", "2023-06-30")).loc[("company", 12)]

    assert (row["n_cutoffs"], row["n_independent_cutoffs"]) == (13, 2)
    assert not row["is_beyond_proof"]
    mean = row["ltv_mean_rc"]
    spread = (row["raw_p90_rc"] - row["raw_p10_rc"]) / (2 * 1.2816 * mean)
    half = 1.885618 * mean * np.sqrt(row["rms_error_ratio"] ** 2 + spread**2)
    assert row["ltv_p10_rc"] == pytest.approx(mean - half, rel=1e-6)
    assert row["ltv_p90_rc"] == pytest.approx(mean + half, rel=1e-6)
