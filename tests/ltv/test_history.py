"""What is known of a client's orders on a day: counted by hand, in calendar and business time."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from assets.scores.ltv.cutoff import Cutoff
from assets.scores.ltv.horizon import (
    count_apart,
    days_to_months,
    discount_factors,
    month_end_away,
    months_away,
)
from assets.scores.ltv.season import Season, season_factors, whole_years
from tests.ltv.client import Client, every, number, text
from tests.ltv.company import SETTINGS, company

NIGHT = "2024-06-30"


def cutoff(*clients: Client, day: str = NIGHT, **how: str) -> Cutoff:
    return company(clients, [day], **how).groups(number(day))


def test_repeats_are_days_after_the_first_and_observation_runs_to_the_cutoff() -> None:
    """20 February to 31 May are 10 + 31 + 30 + 30 days (a leap year's), and 30 more to the end."""
    found = cutoff(Client("G", ["2024-02-20", "2024-03-01", "2024-05-31", "2024-07-01"])).histories

    assert found.n_orders.tolist() == [3]
    assert found.n_repeats.tolist() == [2]
    assert found.usual_gap_days.tolist() == [101 / 2]
    assert found.observed_days.tolist() == [131]


def test_weeks_are_days_over_seven_and_gaps_enter_by_their_logarithms() -> None:
    seen = cutoff(Client("G", ["2024-02-20", "2024-03-01", "2024-05-31"]))
    season = Season.of(np.ones(12), number("2024-01-01"), number("2025-01-01"))
    weeks = seen.purchases(np.array([0]), season)

    assert weeks.n_repeats.tolist() == [2]
    assert weeks.last == pytest.approx([101 / 7], rel=1e-12)
    assert weeks.observed == pytest.approx([131 / 7], rel=1e-12)
    assert weeks.log_gaps == pytest.approx([np.log(10 / 7) + np.log(91 / 7)], rel=1e-12)


def test_an_order_day_that_was_undone_stands_until_the_day_before() -> None:
    client = Client(
        "G", ["2024-01-10", "2024-03-10", "2024-05-10"], undone={"2024-03-10": "2024-06-30"}
    )

    assert cutoff(client, day="2024-06-29").histories.n_orders.tolist() == [3]
    assert cutoff(client, day="2024-06-30").histories.n_orders.tolist() == [2]


def test_orders_of_a_span_are_those_known_at_its_end_first_day_excluded() -> None:
    client = Client(
        "G",
        ["2024-06-30", "2024-07-01", "2024-07-20", "2024-07-31", "2024-08-01"],
        undone={"2024-07-20": "2024-08-15", "2024-07-31": "2024-07-31"},
    )
    log = cutoff(client).source
    span = number("2024-06-30"), number("2024-07-31")

    assert log.between(*span, number("2024-07-31")).tolist() == [2]
    assert log.between(*span, number("2024-08-15")).tolist() == [1]


def test_a_client_without_an_order_day_is_observed_from_its_first_invoice() -> None:
    found = cutoff(Client("G", first_seen="2024-06-20")).histories

    assert found.n_orders.tolist() == [0]
    assert found.n_repeats.tolist() == [0]
    assert found.observed_days.tolist() == [10]
    assert np.isnan(found.usual_gap_days).all()


@pytest.mark.parametrize(
    ("day", "months", "landed"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2024-03-31", -1, "2024-02-29"),
        ("2024-05-15", -12, "2023-05-15"),
        ("2026-03-31", 60, "2031-03-31"),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_of_the_month(
    day: str, months: int, landed: str
) -> None:
    assert text(months_away(number(day), months)) == landed


def test_months_ahead_are_counted_from_the_day_itself_and_do_not_slip() -> None:
    assert days_to_months(date(2026, 1, 31), 3).tolist() == [28, 59, 89]
    assert text(month_end_away(number("2024-03-10"), -1)) == "2024-02-29"


def test_money_of_a_month_is_discounted_from_its_middle() -> None:
    assert discount_factors(0.15, 60)[[0, 11, 59]] == pytest.approx(
        [1.15 ** (-0.5 / 12), 1.15 ** (-11.5 / 12), 1.15 ** (-59.5 / 12)], rel=1e-14
    )


def test_horizons_that_only_touch_are_apart() -> None:
    days = [number(f"{year}-06-30") for year in (2020, 2021, 2022)]

    assert count_apart(days, 12) == 3
    assert count_apart(days, 13) == 2
    assert count_apart([number("2020-01-31"), number("2020-02-29")], 1) == 2
    assert count_apart([], 12) == 0


def test_months_that_began_before_the_first_delivery_are_no_whole_months() -> None:
    first, last, n = whole_years(number("2022-01-15"), number("2024-03-20"))
    assert (text(first), text(last), n) == ("2022-03-01", "2024-02-29", 24)

    first, last, n = whole_years(number("2022-01-01"), number("2023-12-31"))
    assert (text(first), text(last), n) == ("2022-01-01", "2023-12-31", 24)

    assert whole_years(number("2022-01-02"), number("2023-12-31"))[2] == 12


def test_a_season_by_hand() -> None:
    """10 clients over 2022 and 2023 order once in each month, and 300 times more in December.

    So of 540 orders 320 are December's, 20 each other month's; a month weighs n / (n + 100).
    """
    window = whole_years(number("2022-01-01"), number("2023-12-31"))
    each = np.repeat([number(f"{y}-{m:02}-10") for y in (2022, 2023) for m in range(1, 13)], 10)
    december = np.repeat([number("2022-12-20"), number("2023-12-20")], 150)
    found = season_factors(
        np.concatenate([each, december]), np.full(10, number("2021-12-31")), window,
        min_months=24, prior_orders=100,
    )  # fmt: skip

    days = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31.0])
    orders = np.array([20.0] * 11 + [320.0])
    ratio = (orders / (2 * 10 * days)) / (orders.sum() / (2 * 10 * 365))
    shrunk = 1 + orders / (orders + 100) * (ratio - 1)
    assert found == pytest.approx(shrunk / (shrunk @ days / 365), rel=1e-12)
    assert found @ days == pytest.approx(365, rel=1e-14)
    assert shrunk[11] == pytest.approx(1 + 320 / 420 * (320 * 365 / (540 * 31) - 1))


def test_a_client_is_observed_from_the_day_after_its_first_order() -> None:
    """First order on 27 February 2022: one day of that February, 28 of the next, no first January.

    Its orders are 1 in the first month, 28 a year later, so that the years are alike.
    """
    window = whole_years(number("2022-01-01"), number("2023-12-31"))
    orders = [("2022-02-28", 1), ("2023-02-10", 28), ("2023-01-10", 10)]
    orders += [(f"{year}-{month:02}-10", 40) for year in (2022, 2023) for month in range(3, 13)]
    found = season_factors(
        np.concatenate([np.full(n, number(day)) for day, n in orders]),
        np.array([number("2022-02-27")]), window, min_months=24, prior_orders=100,
    )  # fmt: skip

    days = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31.0])
    exposure = np.array([31, 1 + 28, *(2 * days[2:])])
    seen = np.array([10, 29, *[80] * 10])
    ratio = (seen / exposure) / (seen.sum() / exposure.sum())
    shrunk = 1 + seen / (seen + 100) * (ratio - 1)
    assert found == pytest.approx(shrunk / (shrunk @ days / 365), rel=1e-12)


def test_under_two_whole_years_there_is_no_season() -> None:
    days = every(5, "2022-02-01", "2023-12-31")
    season = [
        cutoff(*(Client(f"G{n}", days) for n in range(9)), day="2023-12-31", delivered_from=begun)
        .season(np.ones(9, dtype=bool), SETTINGS)
        .factors
        for begun in ("2022-01-02", "2022-01-01")
    ]

    assert season[0].tolist() == [1.0] * 12
    assert np.ptp(season[1]) > 0.05


def test_a_month_in_which_nobody_was_observed_counts_as_any_other() -> None:
    window = whole_years(number("2022-01-01"), number("2023-12-31"))
    first = np.full(5, number("2022-06-30"))
    orders = np.repeat([number("2022-09-10"), number("2023-09-10")], 5)
    found = season_factors(orders, first, window, min_months=24, prior_orders=0.001)

    assert np.all(np.isfinite(found))
    assert np.argmax(found) == 8


def test_business_time_adds_up_the_weights_of_days_the_first_left_out() -> None:
    """From 30 January to 2 February: the 31st at 2, two days at 1/2."""
    weights = np.array([2.0, 0.5, *[1.0] * 10])
    season = Season.of(weights, number("2024-01-01"), number("2024-12-31"))

    found = season.weeks_between(number("2024-01-30"), number("2024-02-02"))
    assert found == pytest.approx((2.0 + 0.5 + 0.5) / 7, rel=1e-12)
    ends = season.weeks_at(np.array([number("2024-01-30"), number("2024-02-02")]))
    assert ends[1] - ends[0] == pytest.approx(found, rel=1e-12)


def test_business_time_takes_the_place_of_days_in_every_span_of_a_history() -> None:
    seen = cutoff(Client("G", ["2024-01-30", "2024-02-02"]), day="2024-02-04")
    season = Season.of(
        np.array([2.0, 0.5, *[1.0] * 10]), number("2024-01-01"), number("2024-12-31")
    )
    weeks = seen.purchases(np.array([0]), season)

    assert weeks.last == pytest.approx([3 / 7], rel=1e-12)
    assert weeks.observed == pytest.approx([4 / 7], rel=1e-12)
    assert weeks.log_gaps == pytest.approx([np.log(3 / 7)], rel=1e-12)


@pytest.mark.parametrize(
    ("created", "first_order", "is_known"),
    [
        ("2022-01-01", "2022-01-05", True),
        ("2021-12-31", "2024-01-05", False),
        (None, "2022-12-31", False),
        (None, "2023-01-01", False),
        (None, "2023-01-02", True),
    ],
)
def test_a_beginning_is_known_by_the_creation_or_by_a_late_first_order(
    created: str | None, first_order: str, is_known: bool
) -> None:
    """Deliveries begin on 2022-01-01; 365 days later is 2023-01-01."""
    seen = cutoff(Client("G", [first_order], created=created), delivered_from="2022-01-01")

    assert seen.is_known_from_start(SETTINGS).tolist() == [is_known]


def test_without_an_order_no_beginning_is_known() -> None:
    seen = cutoff(Client("G", first_seen="2024-01-01", created="2024-01-01"))

    assert seen.is_known_from_start(SETTINGS).tolist() == [False]
    assert seen.chosen_for_fit(SETTINGS)[0].tolist() == [False]


@pytest.mark.parametrize("n_known", [29, 30])
def test_everyone_is_fitted_where_fewer_than_30_repeaters_have_a_known_beginning(
    n_known: int,
) -> None:
    days = ["2023-03-01", "2023-05-01"]
    known = [Client(f"K{n:02}", days, created="2023-03-01") for n in range(n_known)]
    once = [Client(f"O{n:02}", days[:1], created="2023-03-01") for n in range(5)]
    older = [Client(f"T{n:02}", days, created="2019-03-01") for n in range(50)]
    chosen, is_on_all = cutoff(*known, *once, *older).chosen_for_fit(SETTINGS)

    assert is_on_all == (n_known < 30)
    assert chosen.sum() == (n_known + 5 if n_known == 30 else n_known + 5 + 50)


def test_the_days_of_truncation_are_those_of_the_settings() -> None:
    seen = cutoff(Client("G", ["2022-02-01"]), delivered_from="2022-01-01")

    assert seen.is_known_from_start(replace(SETTINGS, truncation_days=30)).tolist() == [True]
