"""What holds of the halo whatever the company."""

from dataclasses import replace

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as some
from scipy.stats import linregress

from assets.scores.halo import matching
from assets.scores.halo.comparison import difference, pretrend_p
from assets.scores.halo.inputs import AnchorEvent
from assets.scores.halo.matching import match_nearest
from assets.scores.halo.verdict import interval, judge_events
from tests.halo_panels import SETTINGS, Invented

# Few whole places, so that equal distances are common.
places = some.lists(some.tuples(some.integers(0, 4), some.integers(0, 4)), max_size=60)
effects = some.lists(some.floats(-5, 5), min_size=20, max_size=60)


def one_after_another(exposed: np.ndarray, candidates: np.ndarray, caliper: float) -> list[int]:
    """The ruling read aloud: each takes the nearest that is left, ties by the smaller id."""
    left = list(range(len(candidates)))
    taken = []
    for group in exposed:
        apart = [(float(np.sqrt(((group - candidates[c]) ** 2).sum())), c) for c in left]
        near = [pair for pair in apart if pair[0] <= caliper]
        taken.append(min(near)[1] if near else -1)
        if near:
            left.remove(taken[-1])
    return taken


@given(places, places, some.sampled_from([0.0, 1.0, 1.5, 10.0]), some.integers(1, 9))
@settings(max_examples=300)
def test_matching_in_blocks_is_matching_one_after_another(
    exposed: list[tuple[int, int]], candidates: list[tuple[int, int]], caliper: float, block: int
) -> None:
    left = np.array(exposed, dtype=np.float64).reshape(-1, 2)
    right = np.array(candidates, dtype=np.float64).reshape(-1, 2)
    usual = matching.FIRST_BLOCK, matching.FIRST_NEIGHBOURS
    try:
        matching.FIRST_BLOCK, matching.FIRST_NEIGHBOURS = block, 2
        found = match_nearest(left, right, caliper).tolist()
    finally:
        matching.FIRST_BLOCK, matching.FIRST_NEIGHBOURS = usual

    assert found == one_after_another(left, right, caliper)


@given(some.integers(0, 50), some.integers(20, 300), some.integers(5, 300))
@settings(max_examples=20)
def test_matching_of_measured_groups_is_matching_one_after_another(
    seed: int, n_exposed: int, n_candidates: int
) -> None:
    rng = np.random.default_rng(seed)
    left, right = rng.normal(size=(n_exposed, 2)), rng.normal(size=(n_candidates, 2))
    found = match_nearest(left, right, 0.5)
    taken = found[found >= 0]

    assert found.tolist() == one_after_another(left, right, 0.5)
    assert len(set(taken.tolist())) == len(taken)


@given(some.integers(0, 1000))
@settings(max_examples=15)
def test_the_order_in_which_groups_are_told_changes_nothing(seed: int) -> None:
    """Sizes and traits have no ties here, so ids decide nothing."""
    world = Invented(seed, groups=(15, 25, 25), months=40, event_month=33)
    order = np.random.default_rng(seed + 1).permutation(sum(world.groups))
    market, category = world.market(), world.category()
    event = {"ALL": [AnchorEvent("e", "ALL", 0, 33, -1)]}
    usual = judge_events(market, [("ALL", category)], event, SETTINGS)
    mixed = judge_events(
        replace(market, region=market.region[:, order]),
        [
            (
                "ALL",
                replace(
                    category,
                    revenue_cc=category.revenue_cc[:, order],
                    revenue_rc=category.revenue_rc[:, order],
                    is_invoiced=category.is_invoiced[:, order],
                    first_month=category.first_month[order],
                    first_region=category.first_region[order],
                ),
            )
        ],
        event,
        SETTINGS,
    )

    pd.testing.assert_frame_equal(usual, mixed, rtol=1e-9)


@given(some.integers(0, 1000), some.floats(0.2, 5))
@settings(max_examples=15)
def test_money_in_another_unit_changes_effects_on_revenue_only_through_the_one_in_its_logarithm(
    seed: int, unit: float
) -> None:
    """Monthly revenues lie above 4,000: ln(1 + u x) - ln(u) moves by less than 1/(4,000 u)."""
    world = Invented(seed, groups=(15, 25, 25), months=40, event_month=33)
    few = replace(SETTINGS, min_placebos=1)
    before = world.judged(few)
    world.revenue = world.revenue * unit
    after = world.judged(few)
    same = ["active_customers", "new_customers"]

    assert np.allclose(
        before.loc["log_net_revenue", ["effect", "effect_lo", "effect_hi"]].astype(float),
        after.loc["log_net_revenue", ["effect", "effect_lo", "effect_hi"]].astype(float),
        atol=3e-3 / min(1, unit),
        equal_nan=True,
    )
    pd.testing.assert_frame_equal(before.loc[same], after.loc[same])


@given(some.integers(0, 100), some.floats(-3, 3), some.floats(-3, 3))
def test_what_moves_everybody_alike_is_no_effect_and_no_trend(
    seed: int, shift: float, slope: float
) -> None:
    rng = np.random.default_rng(seed)
    exposed, control = rng.normal(size=18), rng.normal(size=18)
    common = shift + slope * np.arange(18)
    cut = (exposed[:12], control[:12]), (exposed[12:], control[12:])
    moved = (
        (exposed[:12] + common[:12], control[:12] + common[:12]),
        (exposed[12:] + common[12:], control[12:] + common[12:]),
    )

    assert np.isclose(difference(*cut), difference(*moved), atol=1e-9)
    assert np.isclose(pretrend_p(*cut[0]), pretrend_p(*moved[0]), atol=1e-6)


@given(effects, some.floats(-5, 5), some.floats(-5, 5))
def test_an_interval_moves_with_its_effect_and_its_ends_never_cross(
    drawn: list[float], effect: float, shift: float
) -> None:
    low, high = interval(effect, np.array(drawn))
    moved = interval(effect + shift, np.array(drawn))

    assert low <= high
    assert np.allclose(moved, (low + shift, high + shift), atol=1e-9)
    assert effect - max(drawn) <= low + 1e-9
    assert high <= effect - min(drawn) + 1e-9


@given(some.lists(some.floats(-100, 100), min_size=12, max_size=12))
def test_the_trend_before_is_that_of_an_ordinary_regression(gap: list[float]) -> None:
    series = np.array(gap)
    if np.ptp(series) < 1e-6:
        return
    expected = linregress(np.arange(12), series).pvalue

    assert np.isclose(pretrend_p(series, np.zeros(12)), expected, atol=1e-6)
