"""What an event at a key account is said to have moved, on markets of which the truth is known."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from assets.scores.halo.comparison import pretrend_p
from assets.scores.halo.inputs import NOWHERE, AnchorEvent, Category, Market
from assets.scores.halo.matching import match_nearest
from assets.scores.halo.study import Study
from assets.scores.halo.verdict import interval, judge_events
from tests.halo_panels import EVENT_MONTH, SETTINGS, Invented

SEEDS = range(120)
NOMINAL = 0.10  # an interval between the 5th and the 95th percentile leaves out one in ten


def least_and_most(rate: float) -> tuple[float, float]:
    """How often something of this rate happens in as many trials, one time in a thousand apart."""
    low, high = binom.interval(0.999, len(SEEDS), rate)
    return low, high


def test_a_planted_effect_is_estimated_and_its_interval_holds_the_truth() -> None:
    judged = [Invented(seed, effect=0.30).judged().loc["log_net_revenue"] for seed in SEEDS]
    missed = sum(not row.effect_lo <= 0.30 <= row.effect_hi for row in judged)

    assert {row.verdict for row in judged} == {"ESTIMATED"}
    assert np.mean([row.effect for row in judged]) == pytest.approx(0.30, abs=0.01)
    assert missed <= least_and_most(NOMINAL)[1]


def test_a_planted_loss_is_estimated_as_one() -> None:
    row = Invented(1, effect=-0.30).judged().loc["log_net_revenue"]

    assert row.verdict == "ESTIMATED"
    assert row.effect_lo <= -0.30 <= row.effect_hi < 0


def test_where_nothing_happened_one_in_ten_is_found_by_chance_and_no_more() -> None:
    """All but the planted effect is as above, so the same panels can fail this test."""
    judged = [Invented(seed).judged().loc["log_net_revenue"] for seed in SEEDS]
    found = sum(row.verdict == "ESTIMATED" for row in judged)
    usual = sum(row.verdict == "NOT_DISTINGUISHABLE_FROM_ZERO" for row in judged)
    low, high = least_and_most(NOMINAL)

    assert low <= found <= high
    assert found + usual == len(SEEDS)


def test_a_planted_trend_before_the_event_is_no_effect_of_it() -> None:
    """A wide caliper lets groups pair that the trend has driven apart."""
    wide = replace(SETTINGS, caliper=20.0)
    judged = [Invented(seed, pretrend=0.03).judged(wide) for seed in range(20)]

    assert {rows.verdict["log_net_revenue"] for rows in judged} == {"PRETREND_FAILS"}
    assert all(np.isfinite(rows.effect["log_net_revenue"]) for rows in judged)


def test_groups_that_a_trend_has_driven_apart_find_no_control() -> None:
    row = Invented(1, pretrend=0.10).judged().loc["log_net_revenue"]

    assert (row.verdict, row.reason) == ("TOO_FEW", "TOO_FEW")
    assert row.exposed_n == row.control_n < SETTINGS.min_groups


def test_few_groups_have_counts_and_no_effect() -> None:
    rows = Invented(1, groups=(9, 30, 30), effect=0.5).judged()

    assert set(rows.verdict) == {"TOO_FEW"}
    assert set(rows.reason) == {"TOO_FEW"}
    assert rows.exposed_n["new_customers"] == 9
    assert rows[["effect", "effect_lo", "effect_hi", "base_rc"]].isna().all(axis=None)


def test_few_placebo_months_have_no_effect() -> None:
    """Months 12 to 30 have full windows, and 13 of them lie within six of the event's: 18 to 30."""
    rows = Invented(1, months=37, event_month=24, effect=0.5).judged()

    assert rows.placebo_n.tolist() == [6, 6, 6]
    assert set(rows.verdict) == {"TOO_FEW"}


def test_months_that_are_not_over_are_not_due() -> None:
    rows = Invented(1, event_month=54).judged()

    assert rows.placebo_n["log_net_revenue"] >= SETTINGS.min_placebos
    assert set(rows.verdict) == {"TOO_FEW"}
    assert set(rows.reason) == {"NOT_DUE"}
    assert rows.pretrend_p.notna().all()


def test_months_that_a_late_feed_does_not_tell_are_stale() -> None:
    world = Invented(1, event_month=54)
    event = {"ALL": [AnchorEvent("e", "ALL", 0, 54, -1)]}
    late = replace(world.market(), n_finished=61)
    rows = judge_events(late, [("ALL", world.category())], event, SETTINGS)

    assert set(rows.reason) == {"STALE"}


def test_an_event_nobody_placed_and_one_before_history_have_no_counts() -> None:
    world = Invented(1)
    unclassed = replace(world.market(), is_classed=np.arange(60) != EVENT_MONTH - 1)
    events = [
        AnchorEvent("nowhere", "ALL", NOWHERE, EVENT_MONTH, -1),
        AnchorEvent("early", "ALL", 0, 11, -1),
        AnchorEvent("unclassed", "ALL", 0, EVENT_MONTH, -1),
    ]
    rows = judge_events(unclassed, [("ALL", world.category())], {"ALL": events}, SETTINGS)

    assert rows.groupby("event_id").reason.first().to_dict() == {
        "nowhere": "NO_SOURCE",
        "early": "NO_HISTORY",
        "unclassed": "NO_HISTORY",
    }
    assert rows[["exposed_n", "control_n"]].isna().all(axis=None)
    assert len(rows) == 9


def test_first_purchases_in_the_first_delivered_months_prove_no_new_client() -> None:
    world = Invented(1)
    unproven = replace(world.category(), first_proven_month=EVENT_MONTH - 11)
    event = {"ALL": [AnchorEvent("e", "ALL", 0, EVENT_MONTH, -1)]}
    rows = judge_events(world.market(), [("ALL", unproven)], event, SETTINGS).set_index("outcome")

    assert rows.reason["new_customers"] == "NO_HISTORY"
    assert rows.exposed_n["new_customers"] == 20
    assert rows.verdict["log_net_revenue"] != "TOO_FEW"


def test_a_region_with_an_event_within_a_year_is_no_control_and_one_beyond_is() -> None:
    """Region 1 had one twelve months before, 2 one thirteen months before, 3 in twelve months."""
    others = [(1, EVENT_MONTH - 12), (2, EVENT_MONTH - 13), (3, EVENT_MONTH + 12)]
    world = Invented(1, other_anchors=others)
    study = Study(world.market(), world.category(), SETTINGS, 0, EVENT_MONTH, -1)

    assert study.control_regions.tolist() == [2]


def test_placebo_months_keep_six_months_away_from_events_of_the_region() -> None:
    """Months 12 to 53 have full windows; without 24 to 36 and 47 to 53 there are 22."""
    rows = Invented(1, other_anchors=[(0, 30)]).judged()

    assert rows.placebo_n.tolist() == [22, 22, 22]


def test_the_group_behind_the_event_is_nobody_s_small_client() -> None:
    world = Invented(1, groups=(11, 20, 20))
    event = {"ALL": [AnchorEvent("e", "ALL", 0, EVENT_MONTH, 4)]}
    rows = judge_events(world.market(), [("ALL", world.category())], event, SETTINGS)

    assert rows.set_index("outcome").exposed_n["new_customers"] == 10


def test_a_group_that_did_not_buy_in_the_months_before_is_not_compared() -> None:
    world = Invented(1, groups=(12, 20, 20))
    category = world.category()
    category.is_invoiced[: EVENT_MONTH - 12, 0] = True
    category.is_invoiced[EVENT_MONTH - 12 : EVENT_MONTH, 0] = False
    study = Study(world.market(), category, SETTINGS, 0, EVENT_MONTH, -1)

    assert 0 not in study.pairs[0]
    assert study.compare("new_customers").exposed_n == 11


def test_a_group_with_money_that_no_rate_converts_is_not_compared() -> None:
    world = Invented(1, groups=(12, 20, 20))
    category = world.category()
    category.revenue_cc[EVENT_MONTH + 3, 1] = np.nan
    study = Study(world.market(), category, SETTINGS, 0, EVENT_MONTH, -1)

    assert 1 not in study.pairs[0]
    assert np.isfinite(study.compare("log_net_revenue").effect)


def test_the_month_of_the_event_is_left_out() -> None:
    usual = Invented(1)
    wild = Invented(1)
    wild.revenue[EVENT_MONTH, wild.home == 0] *= 100
    before, after = usual.judged(), wild.judged()

    assert before.effect["log_net_revenue"] == after.effect["log_net_revenue"]


def test_the_base_is_the_exposed_s_revenue_of_the_same_six_months_a_year_before() -> None:
    """All of region 0 pair here; months 42 to 47 are a year before 54 to 59; rc is twice cc."""
    world = Invented(3, groups=(12, 200))
    rows = world.judged(replace(SETTINGS, caliper=5.0))

    assert rows.exposed_n["log_net_revenue"] == 12
    assert rows.base_rc["log_net_revenue"] == pytest.approx(2 * world.revenue[42:48, :12].sum())


def test_activity_counts_months_with_an_invoice() -> None:
    """Half of the exposed stop after the event: the share falls by a half, and nothing does so
    by itself."""
    world = Invented(3, groups=(12, 200))
    category = world.category()
    category.is_invoiced[EVENT_MONTH + 1 :, :6] = False
    event = {"ALL": [AnchorEvent("e", "ALL", 0, EVENT_MONTH, -1)]}
    wide = replace(SETTINGS, caliper=5.0)
    rows = judge_events(world.market(), [("ALL", category)], event, wide).set_index("outcome")

    row = rows.loc["active_customers"]
    assert row.effect == row.effect_lo == row.effect_hi == -0.5
    assert row.pretrend_p == 1.0
    assert row.verdict == "ESTIMATED"


def test_an_equal_distance_is_decided_by_the_smaller_id_and_the_caliper_itself_is_near() -> None:
    exposed = np.array([[0.0, 0.0], [0.0, 0.0], [9.0, 9.0]])
    candidates = np.array([[0.3, 0.4], [-0.3, 0.4], [9.0, 9.6]])

    assert match_nearest(exposed, candidates, 0.5).tolist() == [0, 1, -1]


def test_a_market_without_groups_is_judged_too() -> None:
    market = Market(np.zeros((40, 0), dtype=np.int16), np.ones(40, dtype=bool), 0, 40)
    nothing, none = np.zeros((40, 0)), np.zeros(0, dtype=np.int64)
    category = Category(
        nothing, nothing, nothing.astype(bool), none, none, 0, np.array([0]), np.array([30])
    )
    rows = judge_events(
        market, [("ALL", category)], {"ALL": [AnchorEvent("e", "ALL", 0, 30, -1)]}, SETTINGS
    )

    assert rows.exposed_n.tolist() == [0, 0, 0]
    assert set(rows.reason) == {"TOO_FEW"}


def test_without_events_there_are_no_rows() -> None:
    world = Invented(1)

    assert len(judge_events(world.market(), [], {}, SETTINGS)) == 0


def test_the_ends_take_off_the_second_and_the_second_last_of_39() -> None:
    """Rank 0.05 x 40 = 2 and 0.95 x 40 = 38."""
    drawn = np.arange(39.0)

    assert interval(100.0, np.random.default_rng(1).permutation(drawn)) == (
        pytest.approx(100 - 37),
        pytest.approx(100 - 1),
    )


@pytest.mark.parametrize(
    ("gap", "expected"),
    [
        # Slope 0.6, squares left 0.2, error sqrt(0.1 / 5): t squared 18; p = 1 - t / sqrt(t^2 + 2).
        ([0.0, 1.0, 1.0, 2.0], 1 - 18**0.5 / 20**0.5),
        ([3.0, 3.0, 3.0, 3.0], 1.0),
        ([1.0, 2.0, 3.0, 4.0], 0.0),
    ],
    ids=["noisy", "flat", "straight"],
)
def test_the_trend_before_by_hand(gap: list[float], expected: float) -> None:
    assert pretrend_p(np.array(gap), np.zeros(4)) == pytest.approx(expected)


def test_rows_are_the_same_on_every_run() -> None:
    first, second = Invented(5).judged(), Invented(5).judged()

    pd.testing.assert_frame_equal(first, second)
