"""What a client is worth: the rules, at the clients that break careless models."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from assets.scores.ltv.inputs import Earnings, History, LtvSettings
from assets.scores.ltv.margin import fit_margin_prior
from assets.scores.ltv.prior import fit_rate_prior
from assets.scores.ltv.run_rate import fit_run_rates
from assets.scores.ltv.score import score_nights
from assets.scores.ltv.survival import gap_classes, measure_survival
from tests.ltv_inputs import SETTINGS, TONIGHT, Client, Outcome, company, crowd, one_night


def scored(*clients: Client, outcomes: tuple[Outcome, ...] = (), n_others: int = 40) -> Any:
    """The rows of some clients among others, by (group_id, horizon_months)."""
    rows = score_nights(one_night([*clients, *crowd(n_others)], outcomes))
    return rows.set_index(["group_id", "horizon_months"])


def histories(*clients: Client) -> History:
    return History.of(pd.DataFrame([client.row(TONIGHT) for client in clients]))


@pytest.mark.parametrize(
    ("n_repeats", "repeat_days", "gap_days", "placed"),
    [
        (0, 0, 0, 0),
        (0, 0, 900, 0),
        (2, 20, 0, 1),
        (2, 20, 9, 1),
        (2, 20, 10, 2),
        (2, 20, 14, 2),
        (2, 20, 15, 3),
        (2, 20, 29, 3),
        (2, 20, 30, 4),
        (3, 10, 10, 4),
        (1, 1, 4000, 4),
    ],
)
def test_silence_is_classed_by_the_usual_gap_and_an_edge_belongs_above(
    n_repeats: int, repeat_days: int, gap_days: int, placed: int
) -> None:
    client = Client(
        n_repeats=n_repeats, repeat_days=repeat_days, observed_days=repeat_days + gap_days
    )

    assert gap_classes(histories(client), (1.0, 1.5, 3.0)).tolist() == [placed]


def test_survival_is_shrunk_to_the_overall_ratio_and_never_above_one() -> None:
    classes = np.array([0, 1, 1, 4])
    expected, actual = np.array([10.0, 20.0, 20.0, 50.0]), np.array([0.0, 30.0, 30.0, 0.0])

    measured = measure_survival(classes, expected, actual, n_classes=5, prior_orders=5.0)

    assert measured.factors == pytest.approx([3 / 15, 1.0, 0.6, 0.6, 3 / 55])
    assert measured.is_measured


def test_without_a_matured_window_nobody_is_known_to_survive() -> None:
    rows = scored(Client())

    assert rows["p_alive"].isna().all()
    assert (rows["ltv_mean_rc"] > 0).all()


def test_the_longer_silence_keeps_less_of_the_run_rate() -> None:
    outcomes = tuple(
        Outcome(group_id=f"{kind}{place}", observed_days=days, actual_orders=orders)
        for kind, days, orders, n_groups in (("fresh", 220, 2, 20), ("silent", 600, 0, 100))
        for place in range(n_groups)
    )
    rows = scored(
        Client(group_id="fresh", observed_days=290),
        Client(group_id="silent", observed_days=900),
        outcomes=outcomes,
    )

    assert rows.loc[("fresh", 12), "p_alive"] > 0.9
    assert rows.loc[("silent", 12), "p_alive"] < 0.2


def test_a_loss_making_client_has_a_negative_value_and_its_bad_case_is_many_orders() -> None:
    rows = scored(Client(order_days=50, contribution=-5_000.0, n_months=24, within_square=10.0))
    row = rows.loc[("G", 36)]

    assert row["margin_per_order_rc"] < 0
    assert row["ltv_p10_rc"] < row["ltv_mean_rc"] < 0
    assert row["ltv_p10_rc"] < row["ltv_p50_rc"] < row["ltv_p90_rc"] <= 0


@pytest.mark.parametrize(
    "client",
    [
        Client(n_repeats=0, repeat_days=0, observed_days=0, order_days=1, n_months=1),
        Client(n_repeats=0, repeat_days=0, observed_days=1800, order_days=0, contribution=-40.0),
        Client(n_repeats=0, repeat_days=0, observed_days=700, n_orders=0, contribution=None),
        Client(n_repeats=1, repeat_days=1, observed_days=1),
        Client(n_repeats=5, repeat_days=60, observed_days=1800, order_days=0, contribution=0.0),
        Client(n_repeats=1800, repeat_days=1800, observed_days=1800, order_days=720),
        Client(n_repeats=4, contribution=0.0),
        Client(contribution=1e12, within_square=1e22),
    ],
    ids=["new", "one order", "no order", "next day", "dormant", "daily", "no margin", "huge"],
)
def test_every_kind_of_client_gets_a_finite_value(client: Client) -> None:
    outcomes = tuple(Outcome(group_id=f"C{n:03}", actual_orders=n % 3) for n in range(40))
    row = scored(client, outcomes=outcomes).loc[("G", 60)]

    numbers = [name for name in row.index if name not in ("as_of_date", "method")]
    if client.n_repeats == 0:
        assert np.isnan(row["usual_gap_days"])
        numbers.remove("usual_gap_days")
    assert np.isfinite(row[numbers].astype(float)).all()
    assert row["expected_orders"] > 0
    assert 0 < row["p_order_90d"] <= row["p_alive"] <= 1


def test_a_company_of_one_client_without_a_repeat_is_scored() -> None:
    row = score_nights(one_night([Client(n_repeats=0, repeat_days=0, observed_days=70)])).iloc[0]

    assert row["expected_orders"] == pytest.approx(1 / (10 + 2 * (10 + 1)) * 365 / 7)
    assert row["margin_per_order_rc"] == pytest.approx(100.0)


def test_no_client_is_no_row() -> None:
    assert score_nights(one_night([])).empty
    assert score_nights(one_night([Client(is_published=False)])).empty


def test_without_costs_orders_are_forecast_and_money_is_unknown() -> None:
    clients = [Client(contribution=None), *crowd(40, contribution=None)]
    rows = score_nights(one_night(clients))

    assert rows["expected_orders"].gt(0).all()
    assert rows.filter(regex="_rc$").isna().all(axis=None)


def test_a_client_without_an_order_day_in_the_window_takes_the_margin_of_its_segment() -> None:
    rows = scored(Client(fit_segment="RETAIL", order_days=0, contribution=-70.0))
    others = crowd(40)

    mean = sum(c.contribution or 0 for c in others) / sum(c.order_days for c in others)
    assert rows.loc[("G", 12), "margin_per_order_rc"] == pytest.approx(mean)


def test_margins_that_differ_no_more_than_their_months_are_those_of_the_segment() -> None:
    earnings = Earnings(
        order_days=np.array([10.0, 10.0]),
        contribution=np.array([99.0, 101.0]),
        n_months=np.array([5.0, 5.0]),
        within_square=np.array([800.0, 800.0]),
    )
    prior = fit_margin_prior(earnings)

    assert prior.weight == np.inf
    assert prior.shrunk(earnings.order_days, earnings.contribution).tolist() == [10.0, 10.0]


def test_margins_that_never_vary_within_a_client_are_its_own() -> None:
    earnings = Earnings(
        order_days=np.array([10.0, 10.0, 0.0]),
        contribution=np.array([50.0, 150.0, -9.0]),
        n_months=np.array([5.0, 5.0, 0.0]),
        within_square=np.zeros(3),
    )
    margins = fit_margin_prior(earnings).shrunk(earnings.order_days, earnings.contribution)

    assert margins.tolist() == [5.0, 15.0, 10.0]


def test_cents_and_euros_agree() -> None:
    clients = [Client(), *crowd(60)]
    cents = [
        replace(c, contribution=100 * (c.contribution or 0), within_square=1e4 * c.within_square)
        for c in clients
    ]
    in_euros, in_cents = score_nights(one_night(clients)), score_nights(one_night(cents))

    for name in in_euros.filter(regex="_rc$"):
        assert in_cents[name].to_numpy() / 100 == pytest.approx(in_euros[name].to_numpy(), rel=1e-8)
    assert in_cents["expected_orders"].equals(in_euros["expected_orders"])


def test_a_segment_with_29_repeaters_takes_the_parameters_of_the_company() -> None:
    def fitted(n_repeaters: int) -> set[str]:
        few = [replace(c, group_id="F" + c.group_id, fit_segment="FEW") for c in crowd(n_repeaters)]
        few = [replace(c, n_repeats=1, repeat_days=7) for c in few]
        [night] = one_night([*few, *crowd(60)]).nights()
        return set(fit_run_rates(night, SETTINGS))

    assert fitted(29) == {"company", "RETAIL"}
    assert fitted(30) == {"company", "RETAIL", "FEW"}


def test_histories_cut_off_by_the_data_are_forecast_but_not_fitted() -> None:
    cut_off = Client(group_id="old", n_repeats=300, repeat_days=1800, observed_days=1800)
    [whole] = one_night([replace(cut_off, is_in_fit=False), *crowd(80)]).nights()
    [without] = one_night(crowd(80)).nights()

    assert fit_run_rates(whole, SETTINGS)["company"].prior == (
        fit_run_rates(without, SETTINGS)["company"].prior
    )
    rows = score_nights(one_night([replace(cut_off, is_in_fit=False), *crowd(80)]))
    assert set(rows.loc[rows["group_id"] == "old", "horizon_months"]) == {12, 36, 60}


def test_everyone_is_fitted_where_fewer_than_30_repeaters_are_known_from_their_beginning() -> None:
    [night] = one_night([*crowd(60, is_in_fit=False), *crowd(6)]).nights()

    assert fit_run_rates(night, SETTINGS)["company"].prior.n_fitted == 66


def test_equal_rates_end_on_the_bound_of_the_shape() -> None:
    prior = fit_rate_prior(np.full(50, 4), np.full(50, 20.0))

    assert prior.r == pytest.approx(np.exp(9.0))
    assert prior.r / prior.alpha == pytest.approx(0.2)
    assert np.isnan(prior.standard_errors).all()


def test_the_start_of_the_search_is_never_the_answer() -> None:
    draw = np.random.default_rng(3)
    weeks = draw.uniform(1, 200, 500)
    prior = fit_rate_prior(draw.poisson(draw.gamma(2.5, 0.1, 500) * weeks), weeks)

    assert abs(np.log(prior.r)) > 0.1
    assert prior.gradient_per_group < 1e-9


def test_the_unit_of_time_moves_alpha_and_not_r() -> None:
    draw = np.random.default_rng(4)
    weeks = draw.integers(1, 1500, 400) / 7.0
    repeats = draw.poisson(draw.gamma(2.5, 0.1, 400) * weeks)
    by_week, by_day = fit_rate_prior(repeats, weeks), fit_rate_prior(repeats, 7 * weeks)

    assert by_day.r == pytest.approx(by_week.r, rel=1e-8)
    assert by_day.alpha == pytest.approx(7 * by_week.alpha, rel=1e-8)
    assert by_day.log_likelihood == pytest.approx(by_week.log_likelihood, rel=1e-12)


def test_a_night_is_worth_the_same_alone_as_in_a_set() -> None:
    earlier = date(2026, 2, 28)
    outcomes = [Outcome(group_id=f"C{n:03}", actual_orders=n % 4) for n in range(50)]
    tonight = (crowd(50), outcomes)
    both = score_nights(company({TONIGHT: tonight, earlier: (crowd(37), outcomes[:9])}))

    alone = score_nights(company({TONIGHT: tonight}))
    pd.testing.assert_frame_equal(
        both[both["as_of_date"] == pd.Timestamp(TONIGHT)].reset_index(drop=True),
        alone,
        check_exact=True,
    )


def test_settings_are_those_of_the_metrics_file() -> None:
    metrics = {
        "ltv": {
            "horizons": [60, 12, 36],
            "annual_rate": 0.15,
            "pool_repeaters": 30,
            "survival_edges": [1, 1.5, 3],
            "survival_prior_orders": 5,
            "log_parameter_max": 9,
        }
    }

    assert LtvSettings.of(metrics) == SETTINGS
