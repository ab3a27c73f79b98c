"""What past forecasts came to: the pairs that the proof judges, counted by hand."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from zlib import crc32

import numpy as np
import pandas as pd
import pytest

from assets.scores.ltv.proof_rows import pair_rows
from assets.scores.ltv.tables import LtvTables
from assets.scores.proof.pairs import Pairs
from tests.ltv.client import Client, every, month_ends
from tests.ltv.company import SETTINGS, company
from tests.ltv.night import stored, tables

NIGHT = "2024-06-30"
THEN = "2023-06-30"
QUICK = replace(SETTINGS, k_max=1, draws=20)


def steady(name: str, gap: int = 30, last: str = NIGHT, **like: Any) -> Client:
    return Client(name, every(gap, "2022-01-03", last), **like)


def proven(
    clients: Sequence[Client],
    decisions: Sequence[str] = (THEN,),
    kept: pd.DataFrame | None = None,
    night: str = NIGHT,
) -> LtvTables:
    facts = company(
        clients, [night], decisions=decisions, delivered_from="2021-01-01", settings=QUICK
    )
    return tables(facts, kept, version="v9")


def pairs_of(found: LtvTables, outcome: str, days: int) -> Pairs:
    [one] = [p for p in found.pairs if (p.outcome, p.horizon_days) == (outcome, days)]
    return one


def named(pairs: Pairs, values: Any) -> dict[str, float]:
    return dict(zip(pairs.group_id.tolist(), np.asarray(values).tolist(), strict=True))


def test_orders_that_came_are_those_of_the_months_after_the_day() -> None:
    """(30 June 2023, 30 June 2024]: 1 July counts, 30 June 2023 and what was undone do not."""
    edge = Client("E", ["2022-06-30", THEN, "2023-07-01", "2023-09-30", "2023-10-01", NIGHT],
                  undone={"2023-09-30": "2023-12-15"})  # fmt: skip
    found = proven([edge, steady("S")])

    assert named(pairs_of(found, "ORDERS", 365), pairs_of(found, "ORDERS", 365).actual)["E"] == 3
    assert named(pairs_of(found, "ORDERS", 180), pairs_of(found, "ORDERS", 180).actual)["E"] == 2
    # At the end of September it was not yet undone.
    assert named(pairs_of(found, "ORDERS", 90), pairs_of(found, "ORDERS", 90).actual)["E"] == 2


def test_a_horizon_is_judged_from_the_day_it_ends() -> None:
    found = proven(
        [steady("S")], decisions=["2023-06-30", "2023-07-31", "2024-03-31", "2024-04-30"]
    )

    ends = {days: pairs_of(found, "ORDERS", days).cutoff_date.astype(str).tolist()
            for days in (90, 180, 365, 1095)}  # fmt: skip
    assert ends == {
        90: ["2023-06-30", "2023-07-31", "2024-03-31"],  # and three months end on 30 June
        180: ["2023-06-30", "2023-07-31"],
        365: ["2023-06-30"],
        1095: [],
    }


def test_rivals_are_the_naive_rules_on_the_orders_before_the_day() -> None:
    """Every 30 days since 3 January 2022, the 19th order on 27 June 2023: 18 repeats in 543 days.

    13 of the orders are of the year before, the first on 2 July 2022.
    """
    found = pairs_of(proven([steady("S")]), "ORDERS", 365)

    assert {name: float(rule[0]) for name, rule in found.rivals.items()} == pytest.approx({
        "baseline:last_12m": 13 * 366 / 365,
        "baseline:seasonal_naive": 13,
        "baseline:hiatus": 18 / 543 * 366,
    })  # fmt: skip


def test_rivals_of_money_take_the_same_margin_and_the_mean_discount() -> None:
    found = pairs_of(proven([steady("S", margin=70.0)]), "LTV_REALISED", 365)
    discount = np.mean([1.15 ** (-(m - 0.5) / 12) for m in range(1, 13)])

    assert found.rivals["baseline:seasonal_naive"] == pytest.approx([13 * 70.0 * discount])


def test_realised_value_is_discounted_month_by_month() -> None:
    """July and December 2023 and June 2024 earned 100, -30 and 7; June and July beside do not."""
    earned = {"2023-06": 1e6, "2023-07": 100.0, "2023-12": -30.0, "2024-06": 7.0, "2024-07": 1e6}
    client = steady("S", margin=None, earned=earned)
    found = pairs_of(proven([client]), "LTV_REALISED", 365)

    assert found.actual == pytest.approx([
        100 * 1.15 ** (-0.5 / 12) - 30 * 1.15 ** (-5.5 / 12) + 7 * 1.15 ** (-11.5 / 12)
    ])  # fmt: skip


def test_a_month_of_unknown_contribution_leaves_the_group_unjudged_in_money_alone() -> None:
    known = steady("A")
    unknown = steady("B", earned={"2023-11": float("nan")})
    found = proven([known, unknown])

    money = named(pairs_of(found, "LTV_REALISED", 365), pairs_of(found, "LTV_REALISED", 365).actual)
    orders = named(pairs_of(found, "ORDERS", 365), pairs_of(found, "ORDERS", 365).actual)
    assert np.isnan(money["B"])
    assert np.isfinite([money["A"], orders["B"]]).all()


def test_a_group_whose_customers_have_changed_since_is_left_out_of_every_outcome() -> None:
    found = proven([steady("A"), steady("B", is_same_tree=False)])

    for pairs in found.pairs:
        if len(pairs.group_id):
            actual = named(pairs, pairs.actual)
            assert np.isnan(actual["B"])
            assert np.isfinite(actual["A"])


@pytest.mark.parametrize(
    ("orders", "is_silent"),
    [
        (["2023-06-01"], 1.0),
        (["2023-06-01", "2023-09-28"], 0.0),  # the 90th day
        (["2023-06-01", "2023-09-29"], 1.0),
        (["2022-07-01"], 1.0),  # 364 days before
        (["2022-06-30"], np.nan),  # 365 days before: (d - 365, d] leaves it out
        (["2022-01-03", "2023-07-02"], np.nan),
    ],
)
def test_only_who_ordered_in_the_year_before_can_fall_silent(
    orders: Sequence[str], is_silent: float
) -> None:
    found = pairs_of(proven([steady("S"), Client("G", orders)]), "NO_ORDER_90", 90)

    assert named(found, found.actual)["G"] == pytest.approx(is_silent, nan_ok=True)


def test_silence_is_judged_once_90_days_are_over() -> None:
    early = proven([steady("S")], decisions=["2024-04-01"])
    late = proven([steady("S")], decisions=["2024-04-02"])

    assert len(pairs_of(early, "NO_ORDER_90", 90).actual) == 1
    assert len(pairs_of(late, "NO_ORDER_90", 90).actual) == 0


def test_the_gap_rule_is_silence_over_the_usual_gap() -> None:
    """Orders of 3 January, 2 February and 4 March 2023, a gap of 30 days; silent for 118."""
    client = Client("G", ["2023-01-03", "2023-02-02", "2023-03-04"])
    found = pairs_of(proven([steady("S"), client]), "NO_ORDER_90", 90)

    assert named(found, found.rivals["baseline:gap_rule"])["G"] == pytest.approx(118 / 30)


def kept_of(found: LtvTables, group: str = "A") -> dict[str, tuple[float, float, bool, str]]:
    """Forecast, 50th percentile, basis and version of a group, by outcome and horizon."""
    table = {}
    for pairs in found.pairs:
        names = pairs.group_id.tolist()
        if group in names:
            at = names.index(group)
            mean = float(pairs.score.rank[at])
            table[f"{pairs.outcome} {pairs.horizon_days}"] = (
                mean, bool(pairs.is_known[at]), pairs.config_version[at],
            )  # fmt: skip
    return table


def all_kept(**how: Any) -> pd.DataFrame:
    groups = ["A", "B"]
    return pd.concat(
        [
            stored(THEN, groups, "ORDERS", 12, [7.5, 8.5], **how),
            stored(THEN, groups, "LTV_REALISED", 12, [750.0, 850.0], **how),
            stored(THEN, groups, "NO_ORDER_90", 3, [0.25, 0.75], **how),
        ],
        ignore_index=True,
    )


def test_what_was_stored_is_judged_and_not_a_refit() -> None:
    found = kept_of(proven([steady("A"), steady("B", 20)], kept=all_kept()))

    assert found["ORDERS 365"] == (7.5, True, "v0")
    assert found["LTV_REALISED 365"] == (750.0, True, "v0")
    assert found["NO_ORDER_90 90"] == (0.75, True, "v0")


def test_the_percentiles_judged_are_the_stored_ones() -> None:
    pairs = pairs_of(proven([steady("A"), steady("B", 20)], kept=all_kept()), "ORDERS", 365)

    at = pairs.group_id.tolist().index("A")
    assert pairs.score.percentiles[at] == pytest.approx(7.5 * np.linspace(0.5, 1.5, 99))


def test_a_quarter_and_half_a_year_of_orders_are_always_refits() -> None:
    clients = [steady("A"), steady("B", 20)]
    refit, known = kept_of(proven(clients)), kept_of(proven(clients, kept=all_kept()))

    for name in ("ORDERS 90", "ORDERS 180"):
        assert known[name][0] == refit[name][0]


def test_without_a_stored_forecast_the_refit_is_judged_as_reconstructed() -> None:
    """And it is what the night would have said, on the facts dated by it."""
    clients = [steady("A"), steady("B", 20)]
    found = kept_of(proven(clients))
    then = proven(clients, decisions=(), night=THEN).accounts.set_index(
        ["group_id", "horizon_months"]
    )

    assert {(known, version) for _, known, version in found.values()} == {(False, "v9")}
    row = then.loc[("A", 12)]
    assert found["ORDERS 365"][0] == pytest.approx(row["expected_orders"], rel=1e-12)
    assert found["LTV_REALISED 365"][0] == pytest.approx(row["ltv_mean_rc"], rel=1e-12)
    assert found["NO_ORDER_90 90"][0] == pytest.approx(1 - row["p_order_90d"], rel=1e-12)


@pytest.mark.parametrize(
    ("received", "is_known"), [("2023-07-03 23:59", True), ("2023-07-04 00:00", False)]
)
def test_a_forecast_that_read_a_later_delivery_is_not_known(received: str, is_known: bool) -> None:
    """Three days after 30 June are over at the end of 3 July."""
    clients = [steady("A"), steady("B", 20)]
    found = kept_of(proven(clients, kept=all_kept(received=received)))

    assert found["ORDERS 365"][1] == is_known
    assert (found["ORDERS 365"][0] == 7.5) == is_known


def test_a_group_of_whom_nothing_was_stored_has_no_known_forecast() -> None:
    found = pairs_of(
        proven([steady("A"), steady("B", 20), steady("C", 10)], kept=all_kept()), "ORDERS", 365
    )

    assert named(found, found.is_scored) == {"A": True, "B": True, "C": False}


def test_rows_of_pairs_are_the_judged_ones() -> None:
    found = proven([steady("A"), steady("B", 20, is_same_tree=False)], kept=all_kept())
    rows = pair_rows(found.pairs)

    assert set(rows["group_id"]) == {"A"}
    row = rows[(rows["outcome"] == "ORDERS") & (rows["horizon_days"] == 365)].iloc[0]
    assert (row["forecast"], row["actual"], row["is_known"]) == (7.5, 12.0, True)
    assert rows.loc[rows["outcome"] == "NO_ORDER_90", "place"].isna().all()


def test_the_table_of_the_night_counts_pairs_and_cutoffs() -> None:
    decisions = month_ends("2022-12-31", "2024-05-31")
    backtest = proven([steady(f"G{n}", 20 + n) for n in range(4)], decisions).backtest
    orders = backtest[
        (backtest["outcome"] == "ORDERS") & (backtest["horizon_days"] == 365)
        & (backtest["population"] == "all") & (backtest["basis"] == "reconstructed")
        & (backtest["score_id"] == "ltv") & (backtest["measure"] == "wape")
    ]  # fmt: skip

    # Month ends from December 2022 to June 2023, whose years overlap all.
    assert orders[["n", "n_cutoffs", "n_independent_cutoffs"]].to_numpy().tolist() == [[28, 7, 1]]
    assert orders["as_of_date"].tolist() == [pd.Timestamp(NIGHT)]


# What a month end keeps.


def test_a_month_end_keeps_the_forecasts_that_its_proof_will_need() -> None:
    found = proven([steady("A"), steady("B", 20)])
    kept = found.kept.set_index(["outcome", "horizon_months", "group_id"])

    assert sorted({key[:2] for key in kept.index}) == [
        ("LTV_REALISED", 12), ("LTV_REALISED", 36), ("LTV_REALISED", 60),
        ("NO_ORDER_90", 3), ("ORDERS", 12), ("ORDERS", 36),
    ]  # fmt: skip
    rows = found.accounts.set_index(["horizon_months", "group_id"])
    for group in ("A", "B"):
        row = rows.loc[(36, group)]
        assert kept.loc[("ORDERS", 36, group), "mean"] == row["expected_orders"]
        assert kept.loc[("LTV_REALISED", 36, group), "mean"] == row["ltv_mean_rc"]
        assert kept.loc[("NO_ORDER_90", 3, group), "mean"] == row["p_order_90d"]
        money = kept.loc[("LTV_REALISED", 36, group), "percentiles"]
        assert [money[9], money[49], money[89]] == [
            row["ltv_p10_rc"], row["ltv_p50_rc"], row["ltv_p90_rc"],
        ]  # fmt: skip


def test_a_night_within_a_month_keeps_nothing() -> None:
    assert proven([steady("A")], night="2024-06-29", decisions=()).kept.empty


def test_only_the_newest_night_keeps_its_forecasts() -> None:
    facts = company([steady("A")], ["2024-05-31", NIGHT], settings=QUICK)

    assert set(tables(facts).kept["as_of_date"]) == {pd.Timestamp(NIGHT)}


def test_a_stored_forecast_comes_back_as_it_was_judged() -> None:
    """What a month end keeps is, a year later, the known forecast of that month end."""
    clients = [steady("A"), steady("B", 20)]
    then = proven(clients, night=THEN, decisions=[THEN]).kept
    kept = then.assign(
        last_received_at=pd.Timestamp(THEN), known_at=pd.Timestamp(THEN), config_version="v1",
        is_reconstructed=False,
    )  # fmt: skip
    again = pairs_of(proven(clients, kept=kept), "ORDERS", 365)
    refit = pairs_of(proven(clients), "ORDERS", 365)

    assert again.is_known.all()
    assert again.score.mean == pytest.approx(refit.score.mean, rel=1e-12)
    assert again.score.percentiles == pytest.approx(refit.score.percentiles)


def test_a_large_company_is_proven_on_its_key_accounts_and_a_sample_that_no_client_moves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("assets.scores.ltv.facts.PROVEN_CLIENTS", 20)
    others = [steady(f"G{place:02}", is_key=False) for place in range(60)]

    def judged(clients: Sequence[Client]) -> set[str]:
        return set(pairs_of(proven([*clients, steady("K", is_key=True)]), "ORDERS", 365).group_id)

    found = judged(others)
    assert "K" in found
    assert len(found) == 21
    assert found - {"G58", "G59"} <= judged(others[:58])


def test_a_group_in_parts_takes_no_place_of_another_among_the_proven(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of seven groups the three of lowest check sums, the first of them merged ten days before."""
    names = sorted((f"G{n}" for n in range(7)), key=lambda name: crc32(name.encode()))
    part = {"P": ("2023-06-20", every(25, "2022-02-01", "2023-06-10"))}
    clients = [
        steady(name, 20 + 3 * place, absorbed=part if place == 0 else {})
        for place, name in enumerate(names)
    ]
    everyone = pairs_of(proven(clients), "ORDERS", 365)
    monkeypatch.setattr("assets.scores.ltv.facts.PROVEN_CLIENTS", 3)
    chosen = pairs_of(proven(clients), "ORDERS", 365)

    assert sorted(chosen.group_id) == sorted(names[:3])
    full = named(everyone, everyone.score.mean)
    assert named(chosen, chosen.score.mean) == {name: full[name] for name in sorted(names[:3])}
