"""What holds of score_backtest whatever the forecasts."""

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as some

from assets.scores.proof.forecasts import AmountForecast, Probability
from assets.scores.proof.pairs import Pairs
from tests.proof_pairs import RIVAL, SETTINGS, amounts, events, table

CUTOFFS = ("2025-06-30", "2025-09-30", "2025-12-31", "2026-01-31")
QUICK = replace(SETTINGS, bootstrap=50)
TEXTS = ("group_id", "fit_segment", "config_version")


@some.composite
def pairs(draw: some.DrawFn) -> Pairs:
    """Up to 12 groups at four dates, the last not matured; some unknown, some unscored."""
    n = 4 * draw(some.integers(2, 12))
    chance = np.random.default_rng(draw(some.integers(0, 10**6)))
    gap = np.where(chance.random(n) < draw(some.sampled_from([0.0, 0.2])), np.nan, 0.0)
    facts: dict[str, Any] = {
        "is_key": chance.random(n) < 0.4,
        "is_known": chance.random(n) < 0.6,
        "fit_segment": chance.choice(np.array(["A", "B", "company"], dtype=object), n),
        "config_version": chance.choice(np.array(["c1", "c2"], dtype=object), n),
    }
    if draw(some.booleans()):
        risk = np.round(chance.random(n), 1)
        hit = (chance.random(n) < risk).astype(float)
        return events(hit, risk + gap, {RIVAL: chance.integers(0, 3, n)}, cutoffs=CUTOFFS, **facts)
    scale = draw(some.sampled_from([-3.0, 1.0, 1e6]))
    mean = scale * chance.integers(0, 9, n)
    percentiles = np.sort(mean[:, None] * chance.gamma(2.0, 0.5, (n, 99)), axis=1)
    unknown = np.where(chance.random(n) < 0.1, np.nan, 0.0)
    return amounts(
        scale * chance.poisson(4.0, n) + unknown,
        mean + gap,
        {RIVAL: scale * chance.integers(0, 5, n), "baseline:hiatus": mean},
        percentiles=percentiles,
        cutoffs=CUTOFFS,
        **facts,
    )


def taken(one: Pairs, where: Any) -> Pairs:
    """Some of the pairs, in the order of `where`."""
    moved = {field.name: getattr(one, field.name) for field in fields(one)}
    moved = {name: v[where] if isinstance(v, np.ndarray) else v for name, v in moved.items()}
    score = one.score
    if isinstance(score, AmountForecast):
        moved["score"] = AmountForecast(
            score.mean[where], score.percentiles[where], score.is_without_order[where]
        )
    else:
        moved["score"] = Probability(score.of_event[where])
    return Pairs(**moved | {"rivals": {name: v[where] for name, v in one.rivals.items()}})


def night(*these: Pairs) -> pd.DataFrame:
    return table(*these, settings=QUICK, with_channels=True)


@settings(max_examples=40, deadline=None)
@given(pairs(), some.integers(0, 10**6))
def test_the_order_of_the_pairs_changes_nothing(one: Pairs, seed: int) -> None:
    shuffled = taken(one, np.random.default_rng(seed).permutation(len(one.actual)))

    pd.testing.assert_frame_equal(night(shuffled), night(one), check_exact=True)


@settings(max_examples=25, deadline=None)
@given(pairs(), pairs())
def test_another_outcome_changes_nothing(one: Pairs, other: Pairs) -> None:
    longer = replace(other, horizon_days=180, outcome="OTHER")
    both = night(longer, one)

    mine = both[both["outcome"] == one.outcome].reset_index(drop=True)
    pd.testing.assert_frame_equal(mine, night(one), check_exact=True)


@settings(max_examples=25, deadline=None)
@given(pairs())
def test_the_basis_that_is_left_out_changes_nothing(one: Pairs) -> None:
    whole, alone = night(one), night(taken(one, np.flatnonzero(one.is_known)))
    all_and_key = ["all", "key"]

    def known(frame: pd.DataFrame) -> pd.DataFrame:
        mask = frame["population"].isin(all_and_key) & (frame["basis"] == "known")
        return frame[mask].reset_index(drop=True)

    pd.testing.assert_frame_equal(known(whole), known(alone), check_exact=True)


@settings(max_examples=40, deadline=None)
@given(pairs())
def test_numbers_are_finite_or_missing_and_intervals_are_in_order(one: Pairs) -> None:
    found = night(one)

    assert not np.isinf(found[["value", "lo", "hi"]].to_numpy()).any()
    assert (found["lo"].isna() == found["hi"].isna()).all()
    assert found.loc[found["value"].isna(), ["lo", "hi"]].isna().all(axis=None)
    assert (found["lo"] <= found["hi"])[found["lo"].notna()].all()
    shares = found["measure"].isin(["auc", "coverage_80", "coverage_90", "pit_ks"])
    within = found.loc[shares & found["value"].notna(), ["value", "lo", "hi"]]
    assert ((within.isna()) | ((within >= 0) & (within <= 1))).all(axis=None)
    assert found["verdict"].dropna().isin(
        ["BETTER_THAN_BASELINE", "NOT_PROVEN", "WORSE", "TOO_FEW_EVENTS", "NOT_VALIDATED"]
    ).all()  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(pairs())
def test_every_known_outcome_is_used_or_counted_as_unscored(one: Pairs) -> None:
    found = night(one).drop_duplicates(["population", "basis"])
    matured = ~np.isnan(one.actual) & (one.cutoff_date <= np.datetime64("2025-12-31"))

    everyone = found[found["population"] == "all"]
    assert (everyone["n"] + everyone["n_unscored"]).sum() == matured.sum()
    by_channel = found[found["population"].str.startswith("channel:")]
    in_channel = matured & (one.fit_segment != "company")
    assert (by_channel["n"] + by_channel["n_unscored"]).sum() == in_channel.sum()
