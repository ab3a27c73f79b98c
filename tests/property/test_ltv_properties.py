"""What holds of lifetime value whatever the company."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as some

from assets.scores.ltv.inputs import History
from assets.scores.ltv.predictive import order_quantiles, p_more_than
from assets.scores.ltv.score import score_nights
from assets.scores.ltv.survival import gap_classes
from tests.ltv_inputs import SETTINGS, TONIGHT, Client, Outcome, company

EARLIER = date(2026, 2, 28)


@some.composite
def clients(draw: some.DrawFn) -> list[Client]:
    """Up to 45 clients in up to three segments, profitable or not, a few without margins."""
    return [
        Client(
            group_id=f"G{place:02}",
            fit_segment=draw(some.sampled_from(["RETAIL", "WHOLESALE", "company"])),
            n_repeats=n_repeats,
            repeat_days=n_repeats and n_repeats + draw(some.integers(0, 1500)),
            observed_days=3300 - draw(some.integers(0, 1500))
            if n_repeats
            else draw(some.integers(0, 3000)),
            is_in_fit=draw(some.booleans()),
            is_published=draw(some.booleans()),
            order_days=draw(some.integers(0, 30)),
            contribution=draw(some.none() | some.integers(-(10**6), 10**6).map(lambda c: c / 100)),
            n_months=draw(some.integers(1, 24)),
            within_square=draw(some.floats(0, 1e6)),
        )
        for place, n_repeats in enumerate(
            draw(some.lists(some.integers(0, 120), min_size=1, max_size=45))
        )
    ]


@some.composite
def outcomes(draw: some.DrawFn) -> list[Outcome]:
    """What became of up to 30 of them."""
    return [
        Outcome(
            group_id=f"G{place:02}",
            fit_segment=draw(some.sampled_from(["RETAIL", "WHOLESALE"])),
            n_repeats=n_repeats,
            repeat_days=7 * n_repeats,
            observed_days=7 * n_repeats + draw(some.integers(0, 900)),
            actual_orders=draw(some.integers(0, 40)),
            is_in_fit=draw(some.booleans()),
        )
        for place, n_repeats in enumerate(draw(some.lists(some.integers(0, 60), max_size=30)))
    ]


@settings(max_examples=60, deadline=None)
@given(some.data(), clients(), outcomes())
def test_the_order_of_the_rows_changes_nothing(
    data: some.DataObject, now: list[Client], then: list[Outcome]
) -> None:
    shuffled = company(
        {TONIGHT: (data.draw(some.permutations(now)), data.draw(some.permutations(then)))}
    )

    pd.testing.assert_frame_equal(
        score_nights(shuffled), score_nights(company({TONIGHT: (now, then)})), check_exact=True
    )


@settings(max_examples=60, deadline=None)
@given(clients(), outcomes(), clients(), outcomes())
def test_another_night_changes_nothing(
    now: list[Client], then: list[Outcome], other: list[Client], other_then: list[Outcome]
) -> None:
    both = score_nights(company({TONIGHT: (now, then), EARLIER: (other, other_then)}))
    alone = score_nights(company({TONIGHT: (now, then)}))

    tonight = both[both["as_of_date"] == pd.Timestamp(TONIGHT)].reset_index(drop=True)
    pd.testing.assert_frame_equal(tonight, alone, check_exact=True)


@settings(max_examples=60, deadline=None)
@given(clients(), outcomes())
def test_values_are_ordered_finite_and_grow_with_the_horizon(
    now: list[Client], then: list[Outcome]
) -> None:
    rows = score_nights(company({TONIGHT: (now, then)}))

    known = rows["margin_per_order_rc"].notna()
    money = rows.loc[known, ["ltv_p10_rc", "ltv_p50_rc", "ltv_p90_rc"]].to_numpy()
    assert np.isfinite(money).all()
    assert (np.diff(money, axis=1) >= 0).all()
    assert rows["expected_orders"].ge(0).all()
    assert rows["p_order_90d"].between(0, 1).all()
    assert rows["p_alive"].dropna().between(0, 1).all()
    assert (
        np.sign(rows.loc[known, "ltv_mean_rc"])
        .isin([0.0, *np.sign(rows.loc[known, "margin_per_order_rc"])])
        .all()
    )
    for _, ahead in rows.groupby("group_id"):
        assert ahead["expected_orders"].is_monotonic_increasing
        assert ahead["ltv_mean_rc"].abs().dropna().is_monotonic_increasing


@settings(max_examples=40, deadline=None)
@given(clients(), outcomes())
def test_without_costs_all_money_is_unknown(now: list[Client], then: list[Outcome]) -> None:
    uncosted = [replace(client, contribution=None) for client in now]
    rows = score_nights(company({TONIGHT: (uncosted, then)}))

    assert rows.filter(regex="_rc$").isna().all(axis=None)


@given(
    some.integers(1, 400), some.integers(0, 3000), some.integers(0, 3000), some.integers(0, 3000)
)
def test_a_more_recent_last_order_never_means_a_longer_silence(
    n_repeats: int, first: int, second: int, rest: int
) -> None:
    spans = sorted([n_repeats + first, n_repeats + second])
    rows = [
        Client(n_repeats=n_repeats, repeat_days=span, observed_days=spans[1] + rest).row(TONIGHT)
        for span in spans
    ]
    earlier, later = gap_classes(History.of(pd.DataFrame(rows)), SETTINGS.survival_edges)

    assert later <= earlier


@settings(max_examples=200, deadline=None)
@given(
    some.floats(0.01, 0.99),
    some.floats(0.0, 1.0),
    some.floats(1e-3, 1e4),
    some.floats(0.5, 1e4),
    some.floats(1.0, 300.0),
)
def test_a_quantile_is_the_least_count_that_reaches_it(
    quantile: float, alive: float, shape: float, rate: float, weeks: float
) -> None:
    arrays = [np.array([value]) for value in (alive, shape, rate)]
    [count] = order_quantiles(quantile, *arrays, np.array([weeks]))
    ease = np.array([rate / (rate + weeks)])

    def p_more(n: float) -> float:
        return float(p_more_than(np.array([n]), arrays[0], arrays[1], ease)[0])

    slack = 1e-9
    assert count >= 0
    assert count == int(count)
    assert p_more(count) <= (1 - quantile) * (1 + slack)
    assert count == 0 or p_more(count - 1) > (1 - quantile) * (1 - slack)
