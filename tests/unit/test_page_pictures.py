"""Pictures of lifetime value: each figure where it belongs, and a reason where there is none."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from assets.publish.pages.calibration import by_tenth as calibrated
from assets.publish.pages.calibration import calibration
from assets.publish.pages.coverage import by_date, coverage
from assets.publish.pages.evidence import NO_ORDER, ORDERS, REALISED, tenths
from assets.publish.pages.picture import Picture
from assets.publish.pages.portfolio import over_nights, portfolio
from assets.publish.pages.skill import over_nights as least_skill
from assets.publish.pages.skill import skill
from assets.publish.pages.totals import by_tenth as totalled
from assets.publish.pages.totals import totals
from assets.publish.pages.words import Scale
from tests import pages
from tests.pages import NIGHT, Read, backtest, evidence, judged, pairs

MARCH = date(2025, 3, 31)
ONE_MONTH_EARLIER = date(2025, 2, 28)
ONE_YEAR_EARLIER = date(2024, 3, 31)


def silence(rates: list[tuple[float, int]], n: int = 20, day: date = MARCH) -> pd.DataFrame:
    """For each (forecast, events), n clients given that chance of whom so many fell silent."""
    return pairs(
        (day, 100 * place + client, False, forecast, float(client < events), np.nan)
        for place, (forecast, events) in enumerate(rates)
        for client in range(n)
    )


def amounts(
    rows: list[tuple[float, float]], days: list[date], *, known: bool = False
) -> pd.DataFrame:
    """The same (forecast, actual) of clients on every day, each in the middle of its forecast."""
    return pairs(
        (day, client, known, forecast, actual, 0.5)
        for day in days
        for client, (forecast, actual) in enumerate(rows)
    )


def only(pictures: Sequence[Picture]) -> Picture:
    [found] = pictures
    return found


def drawn(picture: Picture) -> Read:
    assert picture.svg is not None, picture.says
    return Read(picture.svg, picture.name)


# Tenths


def test_a_tenth_is_a_tenth_of_the_values_by_size() -> None:
    values = np.array([7.0, 1.0, 9.0, 0.0, 3.0, 2.0, 8.0, 4.0, 6.0, 5.0])
    assert tenths(values).tolist() == [7, 1, 9, 0, 3, 2, 8, 4, 6, 5]


def test_equal_values_share_the_tenth_in_whose_middle_they_lie() -> None:
    # six zeros lie around place 3 of 10; the others stand alone at 6.5, 7.5, 8.5, 9.5
    assert tenths(np.array([0.0] * 6 + [1.0, 2.0, 3.0, 4.0])).tolist() == [3] * 6 + [6, 7, 8, 9]


def test_nothing_has_no_tenths() -> None:
    assert tenths(np.zeros(0)).tolist() == []


# Which pairs count


def test_reconstructed_forecasts_are_shown_until_two_windows_of_known_ones_do_not_overlap() -> None:
    refits = amounts([(1.0, 1.0)], [date(2024, 1, 31)])
    overlapping = amounts([(1.0, 1.0)], [ONE_MONTH_EARLIER, MARCH], known=True)
    apart = amounts([(1.0, 1.0)], [ONE_YEAR_EARLIER, MARCH], known=True)

    early = evidence(orders=pd.concat([refits, overlapping])).pool(ORDERS)
    late = evidence(orders=pd.concat([refits, apart])).pool(ORDERS)

    assert (early.basis, early.n_dates, early.n_waiting) == ("reconstructed", 1, 2)
    assert "2 known dates do not suffice yet" in early.in_words
    assert (late.basis, late.n_dates) == ("known", 2)


def test_known_forecasts_are_shown_where_nothing_else_is_there() -> None:
    pool = evidence(orders=amounts([(1.0, 1.0)], [MARCH], known=True)).pool(ORDERS)
    assert (pool.basis, len(pool.pairs)) == ("known", 1)


def test_decision_dates_of_three_years_ago_are_no_longer_pooled() -> None:
    days = [date(2023, 3, 31), date(2023, 4, 30)]
    pool = evidence(orders=amounts([(1.0, 1.0)], days)).pool(ORDERS)
    assert pool.pairs["cutoff_date"].dt.date.tolist() == [date(2023, 4, 30)]


# Calibration


def test_a_tenth_of_forecasts_stands_over_what_came_of_it() -> None:
    found = calibrated(silence([((k + 0.5) / 20, k) for k in range(10)]))
    assert found["n"].tolist() == [20] * 10
    assert found["forecast"].tolist() == pytest.approx([(k + 0.5) / 20 for k in range(10)])
    assert found["observed"].tolist() == pytest.approx([k / 20 for k in range(10)])


def test_a_calibrated_tenth_lies_on_the_diagonal_and_a_silent_one_above_it() -> None:
    picture = only(calibration(evidence(silence=silence([(0.25, 5), (0.25001, 20)]))).pictures)
    read = drawn(picture)
    [(left, bottom), (right, top)] = read.paths("diagonal")[0]
    calibrated_point, silent_point = read.points("tenths")

    # the axes are stretched by the square root: a quarter stands in the middle
    assert calibrated_point == pytest.approx(((left + right) / 2, (bottom + top) / 2), abs=0.01)
    assert silent_point == pytest.approx(((left + right) / 2, top), abs=0.01)
    assert picture.says.startswith("Expected 25.0% without an order, observed 62.5%.")
    assert {"observed share without an order", "forecast probability of no order"} <= set(
        read.texts
    )


def test_an_interval_is_drawn_where_the_night_has_judged_that_tenth() -> None:
    rows = silence([((k + 0.5) / 20, k + 5) for k in range(10)])
    measured = backtest(
        [
            judged(NO_ORDER, "calibration_decile:3", 0.0, lo=-0.02, hi=0.04),
            judged(NO_ORDER, "calibration_decile:4", 0.0, lo=-0.02, hi=0.04, population="key"),
            judged(NO_ORDER, "calibration_decile:5", 0.0, lo=np.nan, hi=np.nan),
        ]
    )
    picture = only(calibration(evidence(silence=rows, backtest=measured)).pictures)

    assert len(drawn(picture).paths("intervals")) == 1
    assert picture.table is not None
    assert picture.table[["interval from", "to"]].to_numpy().tolist()[2] == ["10.5%", "16.5%"]
    assert set(picture.table.drop(index=2)["to"]) == {"–"}


@pytest.mark.parametrize("events", [9, 191])
def test_too_few_events_or_too_few_others_are_not_compared(events: int) -> None:
    picture = only(calibration(evidence(silence=silence([(0.5, events)], n=200))).pictures)
    assert picture.svg is None
    assert picture.says == (
        f"{events} forecasts ended without an order, {200 - events} with one: too few to compare."
    )


# Forecast against what came


def test_totals_are_those_of_the_average_decision_date() -> None:
    clients = [(float(k), float(2 * k)) for k in range(10)]
    found = totalled(amounts(clients, [ONE_YEAR_EARLIER, MARCH]))
    assert found["n"].tolist() == [2] * 10
    assert found["forecast"].tolist() == [float(k) for k in range(10)]
    assert found["actual"].tolist() == [float(2 * k) for k in range(10)]


def test_the_ratio_stands_above_its_bars_as_far_as_it_says_anything() -> None:
    losses = [(-5.0, 2.0), (-4.0, 2.0), (-3.0, 2.0), (-2.0, 2.0)]
    trifles = [(0.1, 4.0), (0.2, 4.0), (0.3, 4.0), (0.4, 4.0)]
    clients = [*losses, *trifles, *((float(k), 1.5 * k) for k in range(10, 42))]
    picture = totals(evidence(orders=amounts(clients, [MARCH]))).pictures[0]
    labels = [text for text in drawn(picture).texts if text.endswith("%") or text == "–"]

    assert labels == ["–", "over 1000%"] + ["150%"] * 8
    assert picture.table is not None
    assert picture.table.iloc[:3].to_numpy().tolist() == [
        ["1", "4", "-14.0", "8.0", "–"],
        ["2", "4", "1.0", "16.0", "over 1000%"],
        ["3", "4", "46.0", "69.0", "150%"],
    ]
    # 10 + .. + 41 = 816, half as much again 1224
    assert picture.table.iloc[-1].tolist() == ["all", "40", "803.0", "1,248.0", "155%"]


def test_the_best_naive_rule_is_named_beside_the_forecast() -> None:
    clients = [(float(k), float(k)) for k in range(40)]
    measured = backtest(
        [
            judged(ORDERS, "wape", 0.20),
            judged(ORDERS, "wape", 0.30, score_id="baseline:last_12m"),
            judged(ORDERS, "wape", 0.25, score_id="baseline:hiatus"),
            judged(ORDERS, "wape", 0.01, score_id="baseline:hiatus", basis="known"),
            judged(ORDERS, "wape", np.nan, score_id="baseline:seasonal_naive"),
        ]
    )
    picture = totals(evidence(orders=amounts(clients, [MARCH]), backtest=measured)).pictures[0]
    assert "off by 20.0% of what came; the best naive rule (the hiatus rule) by 25.0%" in (
        picture.says
    )


def test_a_company_without_costs_has_orders_and_says_why_there_is_no_money() -> None:
    found = evidence(orders=amounts([(float(k), 1.0) for k in range(40)], [MARCH]))
    for section in (totals(found), coverage(found)):
        orders, money = section.pictures
        assert orders.svg is not None
        assert money.svg is None
        assert "no costs are supplied" in money.says


def test_money_is_written_in_units_that_can_be_read() -> None:
    assert Scale.of(19_800_000.0, "BRL").text(19_800_000.0) == "19.8 million BRL"
    assert Scale.of(2_500.0, "BRL").text(-1_500.0) == "-1.5 thousand BRL"
    assert Scale.of(1_999.0, "orders").text(1_999.0) == "1,999.0 orders"


# Coverage


def placed(day: date, places: list[float], *, known: bool = False) -> pd.DataFrame:
    return pairs((day, n, known, 1.0, 1.0, place) for n, place in enumerate(places))


def test_coverage_counts_places_between_a_tenth_and_nine_tenths_both_included() -> None:
    found = by_date(placed(MARCH, [0.1, 0.9, 0.5, 0.0999, 0.9001]), fewest=5)
    assert found[["n", "covered"]].to_numpy().tolist() == [[5.0, 0.6]]


def test_the_band_is_three_standard_errors_of_so_many_clients() -> None:
    found = by_date(placed(MARCH, [0.5] * 100), fewest=30)
    # sqrt(.8 x .2 / 100) = .04
    assert found[["low", "high"]].to_numpy().tolist() == [pytest.approx([0.68, 0.92])]


def test_dates_outside_the_band_are_marked_and_counted_by_basis() -> None:
    inside, outside = [0.5] * 80 + [0.95] * 20, [0.5] * 60 + [0.05] * 40
    rows = pd.concat(
        [
            placed(ONE_YEAR_EARLIER, inside),
            placed(ONE_MONTH_EARLIER, outside),
            placed(MARCH, inside, known=True),
            placed(date(2025, 4, 30), [0.0] * 29),
        ]
    )
    picture = coverage(evidence(orders=rows)).pictures[0]
    read = drawn(picture)

    assert [len(read.points(name)) for name in ("reconstructed", "reconstructed-odd", "known")] == [
        1, 1, 1,
    ]  # fmt: skip
    assert "73.3% of 300 outcomes" in picture.says
    assert "1 of 3 dates lie outside the band" in picture.says
    [(_, promised), _] = read.paths("promise")[0]
    assert read.points("known")[0][1] == pytest.approx(promised, abs=0.01)
    assert read.points("reconstructed-odd")[0][1] > promised  # y runs downwards


def test_dates_with_too_few_clients_are_not_drawn() -> None:
    picture = coverage(evidence(orders=placed(MARCH, [0.5] * 29))).pictures[0]
    assert picture.svg is None
    assert "No decision date has 30 clients" in picture.says


# The portfolio


def night(day: date, mean: float, *, raw: bool, refit: bool = True) -> tuple[object, ...]:
    wide = (None, None) if raw else (mean - 30.0, mean + 30.0)
    return (day, "company", 36, 5, mean, mean - 10.0, mean + 10.0, *wide, raw, refit)


def test_the_band_is_widened_where_it_is_proven_and_raw_where_it_is_not() -> None:
    rows = pages.portfolio(
        [night(ONE_YEAR_EARLIER, 100.0, raw=True), night(MARCH, 200.0, raw=False)]
    )
    found = over_nights(rows, "company", 36)
    assert found[["low", "mean", "high"]].to_numpy().tolist() == [
        [90.0, 100.0, 110.0],
        [170.0, 200.0, 230.0],
    ]


def test_bands_of_two_kinds_are_drawn_apart_and_nights_apart_from_reconstructed_ones() -> None:
    days = [ONE_YEAR_EARLIER + timedelta(days=30 * k) for k in range(6)]
    rows = pages.portfolio(night(day, 100.0, raw=k < 3, refit=k < 5) for k, day in enumerate(days))
    picture = portfolio(evidence(portfolio=rows)).pictures[0]
    read = drawn(picture)

    assert read.has("raw-band")
    assert read.has("band")
    assert len(read.points("reconstructed-night")) == 5
    assert len(read.points("night")) == 1
    assert "p10 to p90, beyond proof" in read.texts
    assert picture.says == (
        "On 2024-08-28, 5 clients are worth 100.0 BRL, p10 to p90 70.0 to 130.0"
        " (with the error of past totals)."
    )


def test_the_first_night_of_a_young_company_is_one_point_with_its_raw_band() -> None:
    rows = pages.portfolio([night(MARCH, 100.0, raw=True, refit=False)])
    picture = portfolio(evidence(portfolio=rows)).pictures[0]
    read = drawn(picture)

    assert len(read.points("night")) == 1
    assert not read.has("band")
    assert "raw, beyond proof" in picture.says
    assert any(text.startswith("2025-") for text in read.texts)


def test_a_portfolio_at_a_loss_is_drawn_below_zero() -> None:
    rows = pages.portfolio([night(MARCH, -100.0, raw=True), night(NIGHT, -50.0, raw=True)])
    [before, after] = drawn(portfolio(evidence(portfolio=rows)).pictures[0]).points(
        "reconstructed-night"
    )
    assert before[1] > after[1]


def test_a_portfolio_without_money_or_without_key_accounts_says_so() -> None:
    without_money = pages.portfolio([night(MARCH, np.nan, raw=True)])
    company, key, *_ = portfolio(evidence(portfolio=without_money)).pictures
    assert (company.svg, key.svg) == (None, None)
    assert "no costs are supplied" in company.says
    assert "no such client" in key.says


# Skill


def test_skill_is_that_against_the_best_of_the_rules_on_each_night() -> None:
    rows = backtest(
        [
            judged(ORDERS, "skill_vs:last_12m", 0.30),
            judged(ORDERS, "skill_vs:hiatus", 0.10),
            judged(ORDERS, "skill_vs:seasonal_naive", np.nan),
            judged(ORDERS, "skill_vs:hiatus", -0.20, population="channel:SHOP"),
            judged(ORDERS, "skill_vs:hiatus", 0.40, as_of_date=MARCH),
            judged(REALISED, "skill_vs:hiatus", -0.50),
            judged(ORDERS, "wape", -1.0),
        ]
    )
    found = least_skill(rows, ORDERS)
    assert found[["value", "rule"]].to_numpy().tolist() == [
        [0.40, "hiatus"],
        [0.10, "hiatus"],
    ]


def test_known_and_reconstructed_skill_are_lines_of_their_own() -> None:
    rows = backtest(
        [
            judged(ORDERS, "skill_vs:hiatus", 0.1),
            judged(ORDERS, "skill_vs:hiatus", 0.2, basis="known", verdict="WORSE"),
        ]
    )
    picture = skill(evidence(backtest=rows)).pictures[0]
    read = drawn(picture)
    assert read.has("all-known")
    assert read.has("all-reconstructed")
    assert "All clients (known): +0.200 against the hiatus rule, worse." in picture.says
    assert "Key accounts: too little to judge." in picture.says


def test_skill_that_nothing_has_judged_is_said_to_be_none() -> None:
    rows = backtest([judged(ORDERS, "skill_vs:hiatus", np.nan, verdict="NOT_VALIDATED")])
    for picture in skill(evidence(backtest=rows)).pictures:
        assert picture.svg is None
        assert picture.says.startswith("Nothing is judged")


def test_a_company_without_any_history_has_a_reason_in_place_of_every_picture() -> None:
    nothing = evidence()
    for section in (calibration, totals, coverage, portfolio, skill):
        for picture in section(nothing).pictures:
            assert picture.svg is None
            assert picture.says
