"""What accounts of every kind are worth, against the formulas of the papers and by hand."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from assets.scores.ltv.horizon import months_away
from assets.scores.ltv.mbg_cnbd import Parameters
from assets.scores.ltv.rungs import OWN
from assets.scores.ltv.score import Scored, score_cutoffs
from tests.ltv.client import Client, every, number, text
from tests.ltv.company import SETTINGS, company, crowd
from tests.ltv.night import accounts, tables
from tests.ltv.references import MbgNbd

NIGHT = "2024-06-30"
EARLY = "2022-09-01"  # under 24 whole months: no season bends time
PLAIN = replace(SETTINGS, k_max=1, draws=50)

STEADY = Client("STEADY", every(30, "2023-01-05", "2024-06-20"), margin=100.0)
DORMANT = Client("DORMANT", every(30, "2022-09-05", "2023-06-05"), margin=100.0)
BACK = Client("BACK", [*DORMANT.orders, "2024-06-10", "2024-06-25"], margin=100.0)
ONCE = Client("ONCE", ["2024-01-10"], margin=100.0)
LOSS = Client("LOSS", STEADY.orders, margin=-80.0)
NOTHING = Client("NOTHING", STEADY.orders, margin=0.0)
NEW = Client("NEW", [NIGHT], margin=100.0, created=NIGHT)
KINDS = [
    replace(client, created=client.created or "2015-01-01")
    for client in (STEADY, DORMANT, BACK, ONCE, LOSS, NOTHING, NEW)
]


def scored(clients: Sequence[Client], night: str = NIGHT, settings: Any = PLAIN) -> Scored:
    [(found, _, _)] = score_cutoffs(
        company(clients, [night], delivered_from=EARLY, settings=settings)
    )
    return found


@pytest.fixture(scope="module")
def crowded() -> list[Client]:
    return [*KINDS, *crowd(250, NIGHT, days=660)]


@pytest.fixture(scope="module")
def rows(crowded: list[Client]) -> Any:
    return accounts(company(crowded, [NIGHT], delivered_from=EARLY, settings=PLAIN))


@pytest.fixture(scope="module")
def parameters(crowded: list[Client]) -> Parameters:
    return scored(crowded).fits["RETAIL"].mbg[OWN].parameters


def history(client: Client) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """x, t_x and T in weeks."""
    days = [number(day) for day in client.orders]
    spans = (len(days) - 1, (days[-1] - days[0]) / 7, (number(NIGHT) - days[0]) / 7)
    x, last, observed = (np.array(float(value)) for value in spans)
    return x, last, observed


def expected(client: Client, p: Parameters, days: int) -> float:
    theta = (p.r, p.alpha, p.a, p.b)
    return float(MbgNbd.expected(days / 7, *theta, *history(client)))


@pytest.mark.parametrize("client", [STEADY, DORMANT, BACK, ONCE], ids=lambda c: c.group_id)
def test_a_client_lives_and_orders_as_the_paper_says(
    rows: Any, parameters: Parameters, client: Client
) -> None:
    theta = (parameters.r, parameters.alpha, parameters.a, parameters.b)
    for months in (12, 36, 60):
        row = rows.loc[(client.group_id, months)]
        ahead = months_away(number(NIGHT), months) - number(NIGHT)

        assert row["p_alive"] == pytest.approx(float(MbgNbd.p_alive(*theta, *history(client))))
        assert row["expected_orders"] == pytest.approx(
            expected(client, parameters, ahead), rel=1e-9
        )
        assert (row["rung"], row["method"]) == (1, "mbg_cnbd_k")


@pytest.mark.parametrize("months", [12, 36, 60])
@pytest.mark.parametrize("client", [STEADY, LOSS, ONCE], ids=lambda c: c.group_id)
def test_value_is_the_sum_over_months_of_orders_margin_and_discount(
    rows: Any, parameters: Parameters, client: Client, months: int
) -> None:
    night, total, before = number(NIGHT), 0.0, 0.0
    for month in range(1, months + 1):
        orders = expected(client, parameters, months_away(night, month) - night)
        total += (orders - before) * (client.margin or 0) * 1.15 ** (-(month - 0.5) / 12)
        before = orders

    row = rows.loc[(client.group_id, months)]
    assert row["margin_per_order_rc"] == pytest.approx(client.margin)
    assert row["ltv_mean_rc"] == pytest.approx(total, rel=1e-9)


def test_a_dormant_client_is_lost_and_one_that_came_back_is_not(rows: Any) -> None:
    alive = rows.xs(12, level=1)["p_alive"]

    assert alive["DORMANT"] < 0.05
    assert alive["BACK"] > 0.7
    assert alive["STEADY"] > 0.9
    value = rows.xs(36, level=1)["ltv_mean_rc"]
    assert value["STEADY"] > value["BACK"] > 20 * value["DORMANT"] > 0
    assert rows.loc[("DORMANT", 36), "ltv_p50_rc"] == 0.0


def test_a_client_of_one_order_may_be_lost_already(rows: Any) -> None:
    row = rows.loc[("ONCE", 12)]

    assert 0 < row["p_order_90d"] < row["p_alive"] < 1
    assert (row["n_orders"], np.isnan(row["usual_gap_days"])) == (1, True)


def test_a_brand_new_client_is_worth_what_others_became(rows: Any) -> None:
    row = rows.loc[("NEW", 12)]

    assert row["method"] == "segment_mean"
    assert np.isnan([row["p_alive"], row["p_order_90d"]]).all()
    assert row["last_order_date"] == pd.Timestamp(NIGHT)
    assert row["ltv_mean_rc"] > 0
    assert rows.loc[("NEW", 60), "method"] == "mbg_cnbd_k"


def test_a_loss_making_client_has_a_negative_value_and_its_bad_case_is_many_orders(
    rows: Any,
) -> None:
    loss, steady = rows.loc[("LOSS", 36)], rows.loc[("STEADY", 36)]

    assert loss["ltv_p10_rc"] < loss["ltv_mean_rc"] < 0
    assert loss["ltv_p10_rc"] < loss["ltv_p50_rc"] < loss["ltv_p90_rc"] <= 0
    # Percentile 10 of the money is -0.8 times the 90th of STEADY, which orders alike.
    for low, high in (("ltv_p10_rc", "ltv_p90_rc"), ("ltv_p90_rc", "ltv_p10_rc")):
        assert loss[low] == pytest.approx(-0.8 * steady[high])


def test_orders_that_earn_nothing_are_worth_nothing(rows: Any) -> None:
    row = rows.loc[("NOTHING", 36)]

    assert row["expected_orders"] == rows.loc[("STEADY", 36), "expected_orders"]
    assert row[["ltv_mean_rc", "ltv_p10_rc", "ltv_p90_rc"]].tolist() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize("months", [12, 36])
def test_quantiles_are_those_of_the_exact_distribution_in_money(
    crowded: list[Client], rows: Any, months: int
) -> None:
    """The least count that 10, 50 or 90 % reach, at the margin and the mean discount."""
    found = scored(crowded)
    row = rows.loc[("STEADY", months)]
    place = found.groups.clients.group_id.tolist().index("STEADY")
    at = found.fits["RETAIL"].places.tolist().index(place)
    weeks = (months_away(number(NIGHT), months) - number(NIGHT)) / 7
    more = found.models["RETAIL"].taken(np.array([at])).distribution(np.array([weeks]))[0]
    reached = 1 - np.append(more, 0.0)
    share = row["ltv_mean_rc"] / row["expected_orders"]

    for level, name in ((0.1, "ltv_p10_rc"), (0.5, "ltv_p50_rc"), (0.9, "ltv_p90_rc")):
        assert row[name] == pytest.approx(int(np.argmax(reached >= level)) * share)


@pytest.mark.parametrize(
    "client",
    [
        Client("G", first_seen="2023-01-10"),
        Client("G", ["2024-06-29", NIGHT]),
        Client("G", every(1, "2022-09-01", NIGHT)),
        Client("G", STEADY.orders, margin=1e12),
        Client("G", STEADY.orders, earned={"2024-01": -1e12}),
        Client("G", ["2022-09-01"]),
    ],
    ids=["no order", "next day", "daily", "huge", "huge loss", "oldest"],
)
@pytest.mark.parametrize("n_others", [0, 40])
def test_every_kind_of_client_gets_a_finite_value(client: Client, n_others: int) -> None:
    others = crowd(n_others, NIGHT, days=660) if n_others else [STEADY]
    row = accounts(company([client, *others], [NIGHT], delivered_from=EARLY, settings=PLAIN)).loc[
        ("G", 60)
    ]

    money = ["margin_per_order_rc", "ltv_mean_rc", "ltv_p10_rc", "ltv_p50_rc", "ltv_p90_rc"]
    assert np.isfinite(
        row[[*money, "expected_orders", "p_order_90d", "p_alive"]].astype(float)
    ).all()
    assert row["expected_orders"] > 0
    assert 0 < row["p_order_90d"] <= row["p_alive"] <= 1
    assert row["ltv_p10_rc"] <= row["ltv_p50_rc"] <= row["ltv_p90_rc"]


def test_a_company_of_one_client_of_one_order_is_scored() -> None:
    """Half a repeat in its 10 weeks and one more: shape 1, mean 1/22; so (0 + 1) / (10 + 22)."""
    client = Client("G", [text(number(NIGHT) - 70)])
    row = accounts(company([client], [NIGHT], delivered_from="2024-01-01")).loc[("G", 12)]

    assert row["expected_orders"] == pytest.approx(1 / (10 + 22) * 365 / 7)
    assert row["margin_per_order_rc"] == pytest.approx(100.0)


def test_no_client_is_no_row() -> None:
    found = tables(company([Client("G", ["2025-01-01"])], [NIGHT]))

    assert found.accounts.empty
    assert found.portfolio.empty
    assert found.model.empty
    assert found.kept.empty


def test_without_costs_orders_are_forecast_and_money_is_unknown() -> None:
    clients = [replace(client, margin=None) for client in crowd(40, NIGHT, days=660)]
    found = tables(company(clients, [NIGHT], delivered_from=EARLY, settings=PLAIN))

    assert found.accounts["expected_orders"].gt(0).all()
    assert found.accounts.filter(regex="_rc$").isna().all(axis=None)
    assert found.portfolio.filter(regex="_rc$").isna().all(axis=None)


def test_a_client_without_an_order_day_in_the_window_takes_the_margin_of_its_segment() -> None:
    """Its last order is three years old; 70 lost since then were not lost by an order."""
    old = Client("OLD", ["2020-01-10", "2020-03-10"], margin=9.0, earned={"2024-05": -70.0})
    others = [replace(STEADY, group_id=f"S{n}", margin=40.0 + n) for n in range(3)]
    row = accounts(company([old, *others], [NIGHT], settings=PLAIN)).loc[("OLD", 12)]

    assert row["margin_per_order_rc"] == pytest.approx(41.0)


# After a merger.

PART = ("2024-05-15", every(20, "2023-09-01", "2024-05-10"))
MERGED = Client("MERGED", every(45, "2023-02-01", "2024-08-20"), absorbed={"PART": PART},
                created="2015-01-01")  # fmt: skip
HALVES = [
    replace(MERGED, absorbed={}),
    Client("PART", PART[1], created="2015-01-01", margin=None),
]


def of(found: Scored, group: str) -> dict[str, Any]:
    place = found.groups.clients.group_id.tolist().index(group)
    forecast = found.forecast
    return {
        name: getattr(forecast, name)[place]
        for name in ("p_alive", "p_order_90d", "expected", "discounted", "percentiles", "rung")
    }


@pytest.fixture(scope="module")
def others() -> list[Client]:
    return crowd(200, "2024-07-31", days=690)


@pytest.mark.parametrize("night", ["2024-05-15", "2024-05-31", "2024-06-30"])
def test_after_a_merger_the_parts_are_forecast_apart_and_summed(
    others: list[Client], night: str
) -> None:
    whole = of(scored([MERGED, *others], night), "MERGED")
    apart = scored([*HALVES, *others], night)
    own, part = of(apart, "MERGED"), of(apart, "PART")

    for name in ("expected", "discounted"):
        assert whole[name] == pytest.approx(own[name] + part[name], rel=1e-9)
    for name in ("p_alive", "p_order_90d"):
        assert whole[name] == pytest.approx(1 - (1 - own[name]) * (1 - part[name]), rel=1e-9)
    assert set(whole["rung"]) == {OWN}


@pytest.mark.parametrize("night", ["2024-05-14", "2024-07-01", "2024-07-31"])
def test_before_it_and_after_two_month_ends_the_group_is_forecast_on_the_union(
    others: list[Client], night: str
) -> None:
    union = replace(MERGED, absorbed={}, orders=sorted({*MERGED.orders, *PART[1]}))

    found = of(scored([MERGED, *others], night), "MERGED")
    for name, value in of(scored([union, *others], night), "MERGED").items():
        assert found[name] == pytest.approx(value, rel=1e-12)


def test_a_merger_of_a_month_end_is_held_for_that_one_and_the_next(others: list[Client]) -> None:
    merged = replace(MERGED, absorbed={"PART": ("2024-05-31", PART[1])})
    entries = {night: scored([merged, *others], night).cutoff.clients.part_id.tolist()
               for night in ("2024-05-31", "2024-06-30", "2024-07-01", "2024-07-31")}  # fmt: skip

    assert [night for night, parts in entries.items() if "PART" in parts] == [
        "2024-05-31", "2024-06-30",
    ]  # fmt: skip


def test_percentiles_of_a_merged_group_are_those_of_the_sum_of_its_parts(
    others: list[Client],
) -> None:
    """Every pair of percentiles is as likely: the least sum that each share of them reaches."""
    whole = of(scored([MERGED, *others]), "MERGED")["percentiles"]
    apart = scored([*HALVES, *others])
    own, part = of(apart, "MERGED")["percentiles"], of(apart, "PART")["percentiles"]

    for horizon in range(len(own)):
        sums = np.sort([left + right for left in own[horizon] for right in part[horizon]])
        least = [sums[int(np.ceil(level * len(sums) / 100)) - 1] for level in range(1, 100)]
        assert whole[horizon].tolist() == least


def test_a_merged_group_earns_per_order_what_its_union_earns(others: list[Client]) -> None:
    """The margin is the group's: 100 on days of its own, 300 a month where the part ordered."""
    earned = dict.fromkeys(("2023-09", "2023-12", "2024-02"), 300.0)
    merged = replace(MERGED, earned=earned)
    union = replace(merged, absorbed={}, orders=sorted({*MERGED.orders, *PART[1]}))
    held, whole = scored([merged, *others]), scored([union, *others])
    place = held.groups.clients.group_id.tolist().index("MERGED")

    assert held.margin[place] == pytest.approx(whole.margin[place], rel=1e-12)
    assert len(held.cutoff.clients.group_id) == len(whole.cutoff.clients.group_id) + 1


def test_what_was_absorbed_long_ago_stays_with_its_survivor_when_another_joins(
    others: list[Client],
) -> None:
    """Else the older part, silent under its own name, would be taken for lost once more."""
    old = ["2023-02-01", *every(30, "2023-01-10", "2023-12-20")]
    survivor = replace(MERGED, absorbed={"PART": PART, "OLD": ("2024-01-01", old)})
    joined = replace(MERGED, orders=sorted({*MERGED.orders, *old}))

    found = of(scored([survivor, *others]), "MERGED")
    for name, value in of(scored([joined, *others]), "MERGED").items():
        assert found[name] == pytest.approx(value, rel=1e-12)
