"""A night says the same whatever else is computed, in whatever order its rows came."""

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from assets.scores.ltv.facts import Facts, Frames
from assets.scores.ltv.settings import LtvSettings
from assets.scores.ltv.tables import LtvTables
from tests.ltv.client import Client, every, month_ends
from tests.ltv.company import SETTINGS, company, crowd, frames
from tests.ltv.night import tables

NIGHT, EARLIER = "2024-06-30", "2024-05-31"
EARLY = "2022-06-01"
# Rungs may miss far more than the rules: so every rung serves some segment.
QUICK = replace(SETTINGS, k_max=1, draws=30, naive_tolerance=9.0)
DECISIONS = month_ends("2023-11-30", NIGHT)
TABLES = ("accounts", "portfolio", "model", "backtest")


def clients() -> list[Client]:
    """Segments of several sizes, new clients, a merger, key accounts, and days undone."""
    many = crowd(160, NIGHT, segment="LARGE", is_key=False, manager="M1")
    few = [replace(c, group_id=f"F{c.group_id}", segment="FEW", margin=7.0 + place)
           for place, c in enumerate(crowd(60, NIGHT, seed="few"))]  # fmt: skip
    merged = Client("MERGED", every(31, "2023-01-10", NIGHT), segment="LARGE", is_key=True,
                    absorbed={
                        "PART": ("2024-05-20", every(25, "2023-02-01", "2024-05-01"))})  # fmt: skip
    lost = Client("LOST", every(9, "2022-07-01", "2022-12-01"), segment="SMALL", margin=-3.0)
    undone = Client("U", every(20, "2023-01-01", NIGHT), segment="SMALL", is_key=True,
                    undone={"2023-04-11": "2024-03-15"})  # fmt: skip
    return [*many, *few, merged, lost, undone, Client("NEW", [NIGHT], is_key=True, created=NIGHT)]


def whole(nights: list[str], decisions: list[str] = DECISIONS) -> LtvTables:
    return tables(
        company(clients(), nights, decisions=decisions, delivered_from=EARLY, settings=QUICK)
    )


@pytest.fixture(scope="module")
def both() -> LtvTables:
    return whole([EARLIER, NIGHT])


def of_night(table: pd.DataFrame, night: str) -> pd.DataFrame:
    return table[table["as_of_date"] == pd.Timestamp(night)].reset_index(drop=True)


def assert_same(found: LtvTables, expected: LtvTables, night: str) -> None:
    for name in TABLES:
        pd.testing.assert_frame_equal(
            of_night(getattr(found, name), night),
            of_night(getattr(expected, name), night),
            check_exact=True,
        )


def test_the_newest_night_is_worth_the_same_alone_as_in_a_set(both: LtvTables) -> None:
    assert_same(whole([NIGHT]), both, NIGHT)


def test_an_earlier_night_is_worth_the_same_before_a_later_one_is_known(both: LtvTables) -> None:
    assert_same(whole([EARLIER], DECISIONS[:-1]), both, EARLIER)


def test_the_company_of_these_tests_stands_on_every_rung(both: LtvTables) -> None:
    """Else they would say little."""
    assert set(both.accounts["rung"]) == {1, 2, 3, 4, 5}


def shuffled(rows: Frames, seed: int) -> Frames:
    random = np.random.default_rng(seed)
    tables: dict[str, Any] = {}
    for field in fields(rows):
        table = getattr(rows, field.name)
        tables[field.name] = (
            table.iloc[random.permutation(len(table))] if isinstance(table, pd.DataFrame) else table
        )
    return Frames(**tables)


def test_rows_in_another_order_give_the_same_bits(both: LtvTables) -> None:
    rows = frames(clients(), [EARLIER, NIGHT], DECISIONS, EARLY)
    found = tables(Facts.of(shuffled(rows, 1), QUICK))

    for night in (EARLIER, NIGHT):
        assert_same(found, both, night)
    pd.testing.assert_frame_equal(found.kept, both.kept, check_exact=True)


def test_horizons_of_a_company_may_be_short() -> None:
    """What the proof needs beyond them is forecast all the same."""
    short: LtvSettings = replace(QUICK, horizons=(12, 24))
    found = tables(
        company(clients(), [NIGHT], decisions=[NIGHT], delivered_from=EARLY, settings=short)
    )

    assert set(found.accounts["horizon_months"]) == {12, 24}
    assert set(found.kept.loc[found.kept["outcome"] == "ORDERS", "horizon_months"]) == {12, 36}


def test_a_month_end_without_a_year_of_deliveries_keeps_what_its_proof_will_need() -> None:
    short = replace(QUICK, horizons=(24,))
    found = tables(company(clients(), [NIGHT], delivered_from=EARLY, settings=short))

    assert set(found.kept.loc[found.kept["outcome"] == "ORDERS", "horizon_months"]) == {12, 36}
