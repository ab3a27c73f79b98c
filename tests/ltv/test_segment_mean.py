"""Rung 4 by hand: a new client is worth what others of its segment were after their 8th week."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from assets.scores.ltv.rungs import RUN_RATE, SEGMENT_MEAN
from assets.scores.ltv.score import Scored, score_cutoffs
from assets.scores.ltv.segment_mean import orders_after
from tests.ltv.client import Client, number, text
from tests.ltv.company import SETTINGS, company

NIGHT = "2024-06-30"
FIRST = "2022-01-10"
EIGHTH = number(FIRST) + 56  # 7 March 2022


def grown(name: str, n_early: int, **like: Any) -> Client:
    """One whose 8 weeks ended on 7 March 2022: so many orders a month later, one in the 12th."""
    early = [text(EIGHTH + 1 + day) for day in range(n_early)]
    days = [FIRST, "2022-02-01", text(EIGHTH), *early, "2023-03-01"]
    return Client(name, days, created=FIRST, **like)


def young(days: int = 55, **like: Any) -> Client:
    first = text(number(NIGHT) - days)
    return Client("NEW", [first], created=first, **like)


def scored(clients: Sequence[Client]) -> Scored:
    [(found, _, _)] = score_cutoffs(company(clients, [NIGHT], delivered_from="2021-06-01"))
    return found


def of_new(found: Scored, name: str = "NEW") -> int:
    return found.groups.clients.group_id.tolist().index(name)


def test_a_new_client_orders_as_others_did_after_their_eighth_week() -> None:
    """0, 1 and 2 orders in the first month, four clients each, and 1 in the twelfth: 2 a year.

    Orders of the first 8 weeks, and of their last day, do not count.
    """
    found = scored([young(), *(grown(f"G{n:02}", n % 3) for n in range(12))])
    place, at = of_new(found), found.forecast.at(12)

    assert found.forecast.rung[place, at] == SEGMENT_MEAN
    assert found.forecast.method[place, at] == "segment_mean"
    assert found.forecast.expected[place, at] == pytest.approx(2.0)
    assert found.forecast.discounted[place, at] == pytest.approx(
        1.15 ** (-0.5 / 12) + 1.15 ** (-11.5 / 12)
    )
    a_third_each = [1.0] * 33 + [2.0] * 33 + [3.0] * 33
    assert found.forecast.percentiles[place, at].tolist() == a_third_each


def test_a_horizon_that_nobody_was_observed_for_keeps_the_rung_of_the_segment() -> None:
    found = scored([young(), *(grown(f"G{n:02}", n % 3) for n in range(12))])
    place = of_new(found)

    rungs = dict(zip(found.forecast.months, found.forecast.rung[place].tolist(), strict=True))
    assert rungs == {3: SEGMENT_MEAN, 6: SEGMENT_MEAN, 12: SEGMENT_MEAN, 36: RUN_RATE, 60: RUN_RATE}


@pytest.mark.parametrize(
    ("n_own", "n_others", "expected"),
    [(10, 0, 4.0), (9, 10, (9 * 4 + 10 * 1) / 19), (9, 0, None)],
)
def test_too_few_of_a_segment_are_those_of_the_company_and_too_few_of_it_none(
    n_own: int, n_others: int, expected: float | None
) -> None:
    own = [grown(f"G{n:02}", 3) for n in range(n_own)]
    others = [grown(f"X{n:02}", 0, segment="OTHER") for n in range(n_others)]
    found = scored([young(), *own, *others])
    place, at = of_new(found), found.forecast.at(12)

    if expected is None:
        assert found.forecast.rung[place, at] == RUN_RATE
    else:
        assert found.forecast.expected[place, at] == pytest.approx(expected)


@pytest.mark.parametrize(("days", "rung"), [(0, SEGMENT_MEAN), (55, SEGMENT_MEAN), (56, RUN_RATE)])
def test_a_client_is_new_for_less_than_eight_weeks(days: int, rung: int) -> None:
    found = scored([young(days), *(grown(f"G{n:02}", 1) for n in range(12))])

    assert found.forecast.rung[of_new(found), found.forecast.at(12)] == rung


def test_one_that_has_repeated_is_new_no_more() -> None:
    repeated = Client("NEW", ["2024-06-20", "2024-06-21"], created="2024-06-20")
    found = scored([repeated, *(grown(f"G{n:02}", 1) for n in range(12))])

    assert set(found.forecast.rung[of_new(found)]) == {RUN_RATE}


def test_a_client_without_an_order_is_none_of_them() -> None:
    invoiced = Client("NEW", first_seen="2024-06-20")
    found = scored([invoiced, *(grown(f"G{n:02}", 1) for n in range(12))])

    assert set(found.forecast.rung[of_new(found)]) == {RUN_RATE}


def test_clients_whose_beginning_is_not_known_do_not_count() -> None:
    older = [Client(f"O{n:02}", [FIRST, *(text(EIGHTH + d) for d in range(1, 20))],
                    created="2015-01-01") for n in range(20)]  # fmt: skip
    found = scored([young(), *(grown(f"G{n:02}", 1) for n in range(12)), *older])

    assert found.forecast.expected[of_new(found), found.forecast.at(12)] == pytest.approx(2.0)


def test_months_end_on_their_day_and_begin_after_the_eighth_week() -> None:
    """7 April is the last day of the first month, 7 June of the third; 8 June comes too late."""
    days = [FIRST, text(EIGHTH), "2022-04-07", "2022-04-08", "2022-06-07", "2022-06-08"]
    just = Client("JUST", [text(number("2022-06-07") - 56)])
    late = Client("LATE", [text(number("2022-06-08") - 56)])
    cutoff = company([Client("G", days), just, late], ["2022-09-07"]).groups(number("2022-09-07"))

    found = orders_after(cutoff, np.array([0, 1, 2]), 3, SETTINGS)
    assert found.tolist() == [[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]]
