"""What holds of lifetime value whatever the company."""

from dataclasses import fields, replace

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as some

from assets.scores.ltv.facts import Facts, Frames
from assets.scores.ltv.forecast import percentiles_of
from assets.scores.ltv.mbg_cnbd import Parameters, Purchases
from assets.scores.ltv.order_count import OrderModel
from assets.scores.ltv.survival import gap_classes
from assets.scores.ltv.tables import LtvTables
from tests.ltv.client import Client, number, text
from tests.ltv.company import SETTINGS, company, frames
from tests.ltv.night import tables

NIGHT, BEFORE = "2024-06-30", "2023-12-31"
EARLY = "2022-03-15"
QUICK = replace(SETTINGS, k_max=1, draws=10, min_repeaters=8, pool_repeaters=3, min_backtest_n=5)
SPAN = number(NIGHT) - number(EARLY)


@some.composite
def clients(draw: some.DrawFn) -> list[Client]:
    """Up to 10 clients in up to three segments, profitable or not, a few undone or merged."""
    return [_client(draw, f"G{place:02}") for place in range(draw(some.integers(1, 10)))]


def _client(draw: some.DrawFn, name: str) -> Client:
    days = draw(some.lists(some.integers(0, SPAN + 300), min_size=1, max_size=25, unique=True))
    orders = [text(number(EARLY) + day) for day in sorted(days)]
    part = draw(some.lists(some.integers(0, SPAN - 40), max_size=6, unique=True))
    merged = text(number(NIGHT) - draw(some.integers(0, 35)))
    return Client(
        name,
        orders,
        segment=draw(some.sampled_from(["RETAIL", "WHOLESALE", "company"])),
        created=draw(some.none() | some.just("2010-01-01") | some.just(orders[0])),
        is_key=draw(some.booleans()),
        manager=draw(some.none() | some.sampled_from(["M1", "M2"])),
        is_same_tree=draw(some.booleans()),
        margin=draw(some.none() | some.integers(-(10**5), 10**6).map(lambda cents: cents / 100)),
        undone={orders[-1]: text(number(orders[-1]) + draw(some.integers(1, 400)))}
        if draw(some.booleans())
        else {},
        absorbed={f"P{name}": (merged, [text(number(EARLY) + day) for day in part])}
        if part and draw(some.booleans())
        else {},
    )


def scored(found: list[Client]) -> LtvTables:
    return tables(company(found, [NIGHT], decisions=[BEFORE], delivered_from=EARLY, settings=QUICK))


@settings(max_examples=8, deadline=None)
@given(clients(), some.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(found: list[Client], random: object) -> None:
    rows = frames(found, [NIGHT], [BEFORE], EARLY)
    mixed = {
        field.name: table.sample(frac=1.0, random_state=random.randrange(2**31))  # type: ignore[attr-defined]
        if isinstance(table := getattr(rows, field.name), pd.DataFrame)
        else table
        for field in fields(rows)
    }
    shuffled = tables(Facts.of(Frames(**mixed), QUICK))
    expected = scored(found)

    for name in ("accounts", "portfolio", "model", "backtest", "kept"):
        pd.testing.assert_frame_equal(
            getattr(shuffled, name), getattr(expected, name), check_exact=True
        )


@settings(max_examples=10, deadline=None)
@given(clients())
def test_values_are_ordered_and_of_the_sign_of_the_margin(found: list[Client]) -> None:
    rows = scored(found).accounts
    if rows.empty:
        return

    known = rows["margin_per_order_rc"].notna()
    money = rows.loc[known, ["ltv_p10_rc", "ltv_p50_rc", "ltv_p90_rc"]].to_numpy()
    assert np.isfinite(money).all()
    assert (np.diff(money, axis=1) >= 0).all()
    assert rows.loc[~known].filter(regex="^ltv_").isna().all(axis=None)
    assert np.isfinite(rows["expected_orders"]).all()
    assert rows["expected_orders"].ge(0).all()
    for chance in ("p_alive", "p_order_90d"):
        assert rows[chance].dropna().between(0, 1).all()
    signs = np.sign(rows.loc[known, ["ltv_mean_rc", "margin_per_order_rc"]]).to_numpy()
    assert np.all((signs[:, 0] == 0) | (signs[:, 0] == signs[:, 1]))


@settings(max_examples=10, deadline=None)
@given(clients())
def test_portfolios_hold_every_account_once_in_each_kind_of_scope(found: list[Client]) -> None:
    tables = scored(found)
    if tables.accounts.empty:
        return
    rows = tables.portfolio.set_index(["scope", "horizon_months"])
    for months in (12, 36, 60):
        accounts = tables.accounts[tables.accounts["horizon_months"] == months]
        channels = rows.xs(months, level=1).filter(regex="^channel:", axis=0)
        without = int((accounts["fit_segment"] == "company").sum())
        assert rows.loc[("company", months), "n_groups"] == len(accounts)
        assert channels["n_groups"].sum() + without == len(accounts)


@given(
    some.integers(1, 400), some.integers(0, 3000), some.integers(0, 3000), some.integers(0, 3000)
)
def test_a_more_recent_last_order_never_means_a_longer_silence(
    n_repeats: int, first: int, second: int, rest: int
) -> None:
    spans = np.sort([n_repeats + first, n_repeats + second]) / 7
    seen = Purchases(np.full(2, n_repeats), spans, np.full(2, spans[1] + rest / 7), np.zeros(2))
    earlier, later = gap_classes(seen, SETTINGS.survival_edges)

    assert later <= earlier


@settings(max_examples=100, deadline=None)
@given(
    some.integers(1, 4), some.floats(0.05, 5.0), some.floats(0.5, 60.0), some.floats(0.05, 5.0),
    some.floats(0.1, 8.0), some.integers(0, 60), some.floats(0.0, 1.0), some.floats(1.0, 300.0),
)  # fmt: skip
def test_percentiles_are_the_least_counts_that_reach_their_levels(
    k: int, r: float, alpha: float, a: float, b: float, x: int, recency: float, observed: float
) -> None:
    last = observed * recency if x else 0.0
    seen = Purchases(np.array([x]), np.array([last]), np.array([observed]), np.zeros(1))
    more = OrderModel.of(Parameters(k, r, alpha, a, b), seen).distribution(np.array([52.0]))
    counts = percentiles_of(more)[0].astype(int)
    above = np.append(more[0], 0.0)

    assert np.all(np.diff(above) <= 1e-15)
    for level, count in enumerate(counts, start=1):
        left = 1 - level / 100
        assert above[count] <= left * (1 + 1e-9)
        assert count == 0 or above[count - 1] > left * (1 - 1e-9)


@settings(max_examples=100, deadline=None)
@given(some.integers(1, 4), some.integers(0, 20), some.floats(0.0, 1.0), some.floats(9.0, 200.0))
def test_a_longer_horizon_never_has_fewer_orders(
    k: int, x: int, recency: float, observed: float
) -> None:
    last = observed * recency if x else 0.0
    one = np.zeros(4)
    seen = Purchases(np.full(4, x), one + last, one + observed, one)
    spans = np.array([1.0, 2.0, 13.0, 52.0])
    expected = OrderModel.of(Parameters(k, 0.7, 6.0, 0.8, 2.5), seen).expected(spans)

    assert np.all(np.diff(expected) >= 0)
