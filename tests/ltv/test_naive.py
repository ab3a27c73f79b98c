"""The naive rules by hand, and rung 5: the best of them with the spread of what it missed."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from assets.scores.ltv.cutoff import Cutoff
from assets.scores.ltv.forecast import Calendar, Forecast
from assets.scores.ltv.naive import naive_orders
from assets.scores.ltv.naive_interval import forecast_naively
from assets.scores.ltv.rungs import NAIVE
from assets.scores.ltv.score import Scored, score_cutoff
from assets.scores.ltv.trial import Misses, Trial
from tests.ltv.client import Client, every, number
from tests.ltv.company import SETTINGS, company

NIGHT = "2024-06-30"
# A year before the cut-off begins after 30 June 2023.
ORDERS = [
    "2022-07-10", "2023-06-30", "2023-07-01", "2023-09-30", "2023-10-01",
    "2024-01-15", "2024-05-01", "2024-06-20",
]  # fmt: skip


def on(day: str, *clients: Client, delivered_from: str = "2020-01-01") -> Cutoff:
    return company(clients, [day], delivered_from=delivered_from).groups(number(day))


def ruled(
    months: int,
    orders: Sequence[str] = ORDERS,
    day: str = NIGHT,
    delivered_from: str = "2020-01-01",
) -> dict[str, float]:
    seen = on(day, Client("G", orders), delivered_from=delivered_from)
    found = naive_orders(seen.log, seen.histories, months, seen.delivered_from)
    return {rule: float(orders[0]) for rule, orders in found.items()}


@pytest.mark.parametrize(("months", "orders"), [(3, 2), (6, 3), (12, 5), (36, 5 * 1095 / 365)])
def test_the_last_period_again(months: int, orders: float) -> None:
    """92 days since 30 March, 183 since 30 December; 365 since 1 July, which is left out."""
    assert ruled(months)["last_12m"] == pytest.approx(orders, rel=1e-14)


def test_the_last_365_days_stand_for_a_leap_year_in_proportion() -> None:
    """The 12 months after March 2023 have a leap day."""
    found = ruled(12, ["2022-12-01", "2023-02-01"], day="2023-03-31")

    assert found["last_12m"] == pytest.approx(2 * 366 / 365, rel=1e-14)


@pytest.mark.parametrize(("months", "orders"), [(3, 2), (6, 3), (12, 6), (18, 6 + 3), (36, 18)])
def test_the_same_dates_a_year_before(months: int, orders: int) -> None:
    """July to September 2023: 2; to December: 3; the whole year: 6, again and again."""
    assert ruled(months)["seasonal"] == orders


def test_the_same_dates_of_a_quarter_after_a_leap_day_end_with_it() -> None:
    """(29 February, 29 May 2024] a year before ends on 29 May."""
    found = ruled(3, ["2023-02-28", "2023-03-01", "2023-05-29", "2023-05-30"], day="2024-02-29")

    assert found["seasonal"] == 2


@pytest.mark.parametrize(("months", "days"), [(3, 92), (12, 365), (36, 1095)])
def test_the_run_rate_of_those_not_silent_for_two_gaps(months: int, days: int) -> None:
    """10 July 2022 to 30 June 2024 are 721 days; 7 repeats."""
    assert ruled(months)["hiatus"] == pytest.approx(7 / 721 * days, rel=1e-14)


def test_a_client_without_a_repeat_is_silent() -> None:
    assert ruled(3, ["2024-06-30"])["hiatus"] == 0


def test_of_exactly_two_usual_gaps_the_client_is_silent() -> None:
    """A repeat after 23 days, and 46 days of silence; a day less of it, and it is not."""
    assert ruled(3, ["2024-04-22", "2024-05-15"])["hiatus"] == 0
    assert ruled(3, ["2024-04-23", "2024-05-16"])["hiatus"] == pytest.approx(92 / 68)


@pytest.mark.parametrize(
    ("delivered_from", "months", "known"),
    [
        ("2024-03-31", 3, {"last_12m"}),  # the 92 days from 31 March on
        ("2024-03-30", 3, {"last_12m"}),
        ("2024-04-01", 3, set()),
        ("2023-07-01", 12, {"last_12m", "seasonal"}),
        ("2023-07-02", 12, {"last_12m"}),
        ("2023-07-03", 12, set()),
        ("2023-07-02", 36, {"last_12m"}),
    ],
)
def test_a_rule_is_silent_where_the_data_begin_after_its_window(
    delivered_from: str, months: int, known: set[str]
) -> None:
    found = ruled(months, ["2024-05-01", "2024-06-01"], delivered_from=delivered_from)

    assert {rule for rule, orders in found.items() if not np.isnan(orders)} == known | {"hiatus"}


# Rung 5.

DECISIONS = ["2023-12-31", "2024-03-31"]


def naive(
    clients: Sequence[Client], months: tuple[int, ...], rule: str, past: Sequence[str] = DECISIONS
) -> Forecast:
    """The clients of segment RETAIL on a rule, given what it missed before."""
    facts = company(clients, [NIGHT], decisions=past)
    cutoff = facts.groups(number(NIGHT))
    forecast = Forecast.empty(cutoff.clients.n, months)
    forecast_naively(
        forecast, cutoff, np.flatnonzero(cutoff.clients.in_segment("RETAIL")), rule,
        Calendar.of(cutoff.day, max(months), SETTINGS),
        [facts.groups(number(day)) for day in past], SETTINGS,
    )  # fmt: skip
    return forecast


def quarterly(name: str, first: int, second: int, third: int, segment: str = "RETAIL") -> Client:
    """So many order days in the last three quarters before the night, and one long before."""
    days = [
        day
        for start, n in (("2023-10-05", first), ("2024-01-05", second), ("2024-04-05", third))
        for day in every(3, start, "2030-01-01")[:n]
    ]
    return Client(name, ["2022-01-01", *days], segment=segment)


def test_the_spread_of_a_rule_is_that_of_what_came_over_what_it_said() -> None:
    """40 clients of 4 orders in the last quarter of 2023 had 0, 1, ..., 9 in the next, four each.

    So what came over what was said is 0, 1/4, ..., 9/4; of a client at 8 orders, 0, 2, ..., 18.
    """
    clients = [quarterly(f"G{n:02}", 4, n % 10, 8) for n in range(40)]
    found = naive(clients, (3,), "last_12m", past=["2023-12-31"])

    assert found.expected[:, 0].tolist() == pytest.approx([8 * 1.0] * 40)
    ten_each = np.ceil(np.arange(1, 100) / 10 - 1e-9) - 1
    assert found.percentiles[0, 0] == pytest.approx(2.0 * ten_each)
    assert found.rung[:, 0].tolist() == [NAIVE] * 40
    assert set(found.method[:, 0]) == {"naive:last_12m"}
    assert np.isnan(found.p_alive).all()
    assert np.isnan(found.p_order_90d).all()


def test_where_the_rule_says_none_the_spread_is_that_of_what_came_of_such_clients() -> None:
    clients = [quarterly(f"G{n:02}", 0, n % 5, 0) for n in range(40)]
    found = naive(clients, (3,), "last_12m", past=["2023-12-31"])

    assert found.expected[:, 0].tolist() == [0.0] * 40
    eight_each = np.ceil(np.arange(1, 100) / 20 - 1e-9) - 1
    assert found.percentiles[0, 0] == pytest.approx(eight_each)


@pytest.mark.parametrize(("n_own", "ratio"), [(29, 2.0), (30, 1.0)])
def test_too_few_outcomes_of_a_segment_are_those_of_the_company(n_own: int, ratio: float) -> None:
    """Own clients order as often again, the many of another segment twice as often."""
    own = [quarterly(f"G{n:02}", 3, 3, 5) for n in range(n_own)]
    others = [quarterly(f"X{n:02}", 3, 6, 5, segment="OTHER") for n in range(70)]
    found = naive([*own, *others], (3,), "last_12m", past=["2023-12-31"])

    assert found.percentiles[0, 0, 49] == pytest.approx(5 * ratio)


def test_outcomes_of_all_cutoffs_that_have_ended_are_pooled() -> None:
    """2 orders, then 4, then 4: what came was once 2 and once 1 times what was said."""
    clients = [quarterly(f"G{n:02}", 2, 4, 4) for n in range(20)]
    found = naive(clients, (3,), "last_12m")

    assert found.percentiles[0, 0, [48, 49, 50]].tolist() == [4.0, 4.0, 8.0]


def test_a_horizon_that_has_not_ended_takes_the_spread_of_the_longest_that_has() -> None:
    """A year has not ended since the end of 2023; half a year has: 3 came where 6 were said."""
    clients = [quarterly(f"G{n:02}", 6, 2, 1) for n in range(40)]
    found = naive(clients, (12,), "last_12m", past=["2023-12-31"])

    assert found.expected[0, 0] == 9.0
    assert found.percentiles[0, 0] == pytest.approx(np.full(99, 4.5))


def test_without_any_outcome_the_rule_stands_alone() -> None:
    found = naive([quarterly("G", 1, 2, 3)], (3,), "last_12m", past=[])

    assert found.percentiles[0, 0].tolist() == [3.0] * 99


def test_orders_of_a_rule_are_worth_what_they_are_month_by_month() -> None:
    """The seasonal rule: two orders in the first month of the year before, one in the third."""
    client = Client("G", ["2022-01-01", "2023-07-10", "2023-07-20", "2023-09-10"])
    found = naive([client], (3,), "seasonal", past=[])

    assert found.expected[0, 0] == 3.0
    assert found.discounted[0, 0] == pytest.approx(
        2 * 1.15 ** (-0.5 / 12) + 1.15 ** (-2.5 / 12), rel=1e-12
    )


def test_a_segment_whose_rungs_all_failed_is_served_by_the_best_rule() -> None:
    clients = [quarterly(f"G{n:02}", 2, 4, 4) for n in range(5)]
    facts = company(clients, [NIGHT])
    groups = facts.groups(number(NIGHT))
    failed = Misses(10.0, {3: 99.0}, {"last_12m": 9.0, "seasonal": 5.0, "hiatus": 7.0})
    trials = [
        Trial(number(day), {("RETAIL", 3): failed, ("company", 3): failed})
        for day in ("2023-12-31", "2024-01-31")
    ]
    found: Scored = score_cutoff(groups, groups, trials, [], (3, 12, 36, 60), facts.settings)

    assert found.choices["RETAIL"].rule == "seasonal"
    assert set(found.forecast.method.ravel()) == {"naive:seasonal"}
    assert "RETAIL" not in found.models
    assert found.forecast.expected[0].tolist() == [0.0, 10.0, 30.0, 50.0]


def test_a_company_that_is_proven_on_few_pairs_says_so_by_the_settings() -> None:
    clients = [quarterly(f"G{n:02}", 3, 3, 5) for n in range(5)]
    others = [quarterly(f"X{n:02}", 3, 6, 5, segment="OTHER") for n in range(70)]
    facts = company([*clients, *others], [NIGHT], decisions=["2023-12-31"])
    cutoff = facts.groups(number(NIGHT))
    forecast = Forecast.empty(cutoff.clients.n, (3,))
    forecast_naively(
        forecast, cutoff, np.flatnonzero(cutoff.clients.in_segment("RETAIL")), "last_12m",
        Calendar.of(cutoff.day, 3, SETTINGS), [facts.groups(number("2023-12-31"))],
        replace(SETTINGS, min_backtest_n=5),
    )  # fmt: skip

    assert forecast.percentiles[0, 0].tolist() == [5.0] * 99
