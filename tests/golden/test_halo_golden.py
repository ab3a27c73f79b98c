"""The halo of one event, worked by hand from the tables that dbt leaves to the score.

Windows of four and two months. Months are numbered from January 2024; the event falls in month 22,
November 2025; months 0 to 24 are told.

| group | region | traits before | what happens |
|---|---|---|---|
| A | SUL, exposed | ln(1 + revenue) 2 every month | 3 from month 23 |
| B | SUL, exposed | 1 every month | 2 from month 23; no invoice in months 20 and 21 |
| C | NOR, control | 2, as A | 3 in month 10 |
| D | NOR, control | 1, as B | 1.5 from month 23 |
| E | COE, control region | no rate converts its money: no pair of anybody | nothing |
| K | SUL | 2, as A, class B | the group behind the event: never compared |
| L | SUL | 2, as A, class A | not small |
| X, Y, K | SUL | | first purchases in months 23, 24 and 23 |
| Z | NOR | | first purchase in month 20 |

Placebo months are 4 to 19: four months before and two after are told, and 22 is more than two
away. Sixteen draws: rank 0.05 x 17 lies below the first, so the ends are the extremes.

log_net_revenue. A and B rise by 1, C by 0, D by 0.5: effect 1 - 0.25 = 0.75. Month 10 of C: in the
two months after, it lifts the control mean by 1/2/2 = 0.25, effect -0.25; in the four before,
1/4/2 = 0.125, effect +0.125. Interval 0.75 - 0.125 to 0.75 + 0.25. Flat before: p = 1.
active_customers. Exposed (1 + 0.5) / 2 before, 1 after: effect 0.25. Placebos: month 20 after
month 18, -0.25; 20 and 21 after month 19, -0.5; else 0. Interval 0.25 to 0.75. The gap before is
0, 0, -1/2, -1/2: slope -0.2, squares left 0.05, t squared 8, p = 1 - sqrt(8 / 10) with 2 degrees.
new_customers. SUL has 2 small buyers, NOR 2, COE 1. Before, NOR has 1/2 in one month of four and
COE nothing: 1/2/4/2 = 0.0625. After, SUL has 1/2 a month: effect 0.5 + 0.0625. Month 20 after
months 18 and 19: 1/2/2/2 = 0.125, effect -0.125. Interval 0.5625 to 0.6875. The gap before is
0, 0, -1/4, 0: slope -1/40, squares left 7/160, error squared 7/1600, t squared 1/7.
"""

import math
from pathlib import Path

import duckdb
import pytest

from assets.scores.halo_estimate import write_halo_estimate

METRICS = {
    "halo": {
        "pre_months": 4,
        "post_months": 2,
        "min_groups": 2,
        "min_placebos": 16,
        "caliper": 10.0,
        "pretrend_p_min": 0.10,
    }
}
FIRST = "date '2024-01-01'"
HOMES = {"A": "SUL", "B": "SUL", "C": "NOR", "D": "NOR", "E": "COE", "K": "SUL", "L": "SUL"}
LEVELS = {"A": 2, "B": 1, "C": 2, "D": 1, "K": 2, "L": 2}
JOINED = {"X": 23, "Y": 24, "K": 23, "Z": 20}


def level(group: str, month: int) -> float | None:
    """ln(1 + revenue) of a group in a month; unknown of E."""
    after = {"A": 3.0, "B": 2.0, "D": 1.5}
    if group in after and month >= 23:
        return after[group]
    return 3.0 if (group, month) == ("C", 10) else LEVELS.get(group)


def revenue(group: str, month: int) -> float | None:
    log = level(group, month)
    return None if log is None else math.expm1(log)


def is_invoiced(group: str, month: int) -> bool:
    return not (group == "B" and month in (20, 21))


def values(rows: list[tuple[object, ...]], columns: str) -> str:
    written = ", ".join(
        "(" + ", ".join("null" if v is None else repr(v) for v in row) + ")" for row in rows
    )
    return f"select * from (values {written}) as told({columns})"


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple]:
    """The rows of the event, by outcome."""
    warehouse = tmp_path_factory.mktemp("halo") / "warehouse.duckdb"
    month = f"cast({FIRST} + to_months(cast(number as integer)) as date)"
    classed = [(n, g, g != "L") for n in range(3, 25) for g in HOMES]
    located = [(n, g, HOMES[g]) for n, g, is_small in classed if is_small]
    located += [(23, "X", "SUL"), (24, "Y", "SUL"), (20, "Z", "NOR")]
    cells = [(g, n, revenue(g, n), is_invoiced(g, n)) for g in HOMES for n in range(25)]
    events = [("e", "K", 22, "SUL"), ("placed nowhere", "K", 22, None)]
    tables = {
        "int_month__bounded": f"select {FIRST} as first_month, {FIRST} as first_proven_month,"
        " date '2026-01-01' as last_finished_month, date '2026-01-01' as last_told_month",
        "int_event__anchored": "select event_id, anchor_group_id, region_key,"
        f" 'TEA' as category_key, {month} as month from"
        f" ({values(events, 'event_id, anchor_group_id, number, region_key')})",
        "int_group_month__sized": f"select {month} as month, group_id, is_small from"
        f" ({values(classed, 'number, group_id, is_small')})",
        "int_group_month__located": f"select {month} as month, group_id, region_key from"
        f" ({values(located, 'number, group_id, region_key')})",
        "int_group_category__joined": f"select group_id, 'TEA' as category_key, {month} as month"
        f" from ({values(list(JOINED.items()), 'group_id, number')})",
        "int_group_category_month__earned": "select group_id, 'TEA' as category_key,"
        f" {month} as month, revenue as net_revenue_cc, 2 * revenue as net_revenue_rc, is_invoiced"
        f" from ({values(cells, 'group_id, number, revenue, is_invoiced')})",
    }
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("create schema intermediate")
        for name, statement in tables.items():
            connection.execute(f"create table intermediate.{name} as {statement}")
    assert write_halo_estimate(warehouse, METRICS) == (6, 3)
    return rows_of(warehouse)


def rows_of(warehouse: Path) -> dict[str, tuple]:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        found = connection.execute(
            "select outcome, * exclude (event_id, outcome) from scores.halo_estimate"
            " where event_id = 'e'"
        ).fetchall()
    return {row[0]: row[1:] for row in found}


def test_revenue_of_matched_groups(judged: dict[str, tuple]) -> None:
    *counts, effect, low, high, pretrend, base, verdict, reason = judged["log_net_revenue"]

    assert counts == [2, 2, 16]
    assert (effect, low, high) == pytest.approx((0.75, 0.625, 1.0))
    assert pretrend == 1.0
    # Months 11 and 12 of A and B, twice in the reporting currency.
    assert base == pytest.approx(2 * 2 * (math.e**2 - 1 + math.e - 1))
    assert (verdict, reason) == ("ESTIMATED", None)


def test_activity_of_matched_groups(judged: dict[str, tuple]) -> None:
    *counts, effect, low, high, pretrend, base, verdict, _ = judged["active_customers"]

    assert counts == [2, 2, 16]
    assert (effect, low, high) == pytest.approx((0.25, 0.25, 0.75))
    assert pretrend == pytest.approx(1 - math.sqrt(8 / 10))
    assert base is None
    assert verdict == "ESTIMATED"


def test_new_clients_of_the_regions(judged: dict[str, tuple]) -> None:
    *counts, effect, low, high, pretrend, base, verdict, _ = judged["new_customers"]

    assert counts == [2, 3, 16]
    assert (effect, low, high) == pytest.approx((0.5625, 0.5625, 0.6875))
    assert pretrend == pytest.approx(1 - math.sqrt(1 / 7 / (1 / 7 + 2)))
    assert base is None
    assert verdict == "ESTIMATED"
