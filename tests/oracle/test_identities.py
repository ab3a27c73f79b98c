"""What holds on every company, and what a change of the hierarchy leaves as it was."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from tests.conftest import World
from tests.oracle import published, world
from tests.oracle.facts import Facts
from tests.oracle.identities import IDENTITIES, PNL
from tests.oracle.invented import company, rehung
from tests.oracle.tree import Tree, tree_of

pytestmark = pytest.mark.slow
WAIVED = "kam_ops/recon_ledger:rows_with_difference"
SNAPSHOTS = ("concentration_monthly", "account_concentration", "retention_cohort")


@dataclass
class Moved:
    """A company whose hierarchy changed between two nights."""

    facts: Facts
    tree: Tree
    world: World
    before: dict[str, list[tuple]]
    first_differences: list[str]


def snapshots(found: World) -> dict[str, list[tuple]]:
    return {
        name: found.query(f"select * from kam.{name} where not is_to_date order by all")
        for name in SNAPSHOTS
    }


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Moved:
    facts, found = company(1), world.lay(tmp_path_factory.mktemp("moved"))
    world.run(found, facts, world.FIRST)
    tree, before, later = tree_of(facts), snapshots(found), rehung(facts)
    differing = [
        line
        for compare in (
            published.pnl_differences,
            published.portfolio_differences,
            published.proof_differences,
            published.client_differences,
        )
        for line in compare(found, facts, world.FIRST, tree)
    ]
    assert found.kam("waive", WAIVED, "--reason", "a journal", "--until", "2026-04-30") == 0
    world.run(found, later, world.SECOND)
    return Moved(later, tree_of(later, facts, world.SECOND), found, before, differing)


def test_the_night_before_the_change_is_that_of_plain_python(moved: Moved) -> None:
    assert moved.first_differences == []


@pytest.mark.parametrize("name", IDENTITIES)
def test_an_identity_holds(moved: Moved, name: str) -> None:
    assert moved.world.query(IDENTITIES[name]) == []


def test_the_questions_of_the_identities_are_about_something(moved: Moved) -> None:
    [(cells, moved_cells, credits, cohorts)] = moved.world.query(
        f"select count(*), count(*) filter (group_id <> group_id_as_was),"
        " least(count(nullif(returns_matched_rc, 0)), count(nullif(returns_unmatched_rc, 0))),"
        " (select count(gross_revenue_retention) from kam.retention_cohort)"
        f" from {PNL}"
    )

    assert min(cells, moved_cells, credits, cohorts) > 5


def test_every_cell_is_that_of_plain_python_under_both_trees(moved: Moved) -> None:
    found = published.pnl_differences(moved.world, moved.facts, world.SECOND, moved.tree)

    assert found == []


def test_the_portfolio_of_the_night_stands_on_the_new_tree(moved: Moved) -> None:
    found = published.portfolio_differences(moved.world, moved.facts, world.SECOND, moved.tree)

    assert found == []


def test_past_portfolio_snapshots_stay_and_the_night_to_date_goes(moved: Moved) -> None:
    now = snapshots(moved.world)

    for name, rows in moved.before.items():
        assert set(rows) <= set(now[name])
        assert {row[0] for row in now[name]} - {row[0] for row in rows} == {world.SECOND}
        [(to_date,)] = moved.world.query(f"select count(*) from kam.{name} where is_to_date")
        assert to_date == 0


def test_the_moves_are_told_once(moved: Moved) -> None:
    rows = moved.world.query(
        "select from_account_key, from_group_id, to_group_id, change_type, effective_date"
        " from kam.dim_account_lineage order by 1"
    )
    moves = [
        ("C02c", "C02a", "C01a", "reparent"),
        ("C13b", "C13a", "C13b", "split"),
        ("C14a", "C14a", "C13a", "merge"),
    ]

    assert [row for row in rows if row[0].startswith("erp:C")] == [
        (f"erp:{who}", f"erp:{before}", f"erp:{now}", kind, world.SECOND)
        for who, before, now, kind in moves
    ]


def test_a_waived_difference_is_published_as_waived(moved: Moved) -> None:
    differing = moved.world.query(
        "select company_code, period, gl_account, status, difference_base"
        " from kam_ops.recon_ledger where is_closed and difference_base <> 0"
    )
    waived = moved.world.query(
        "select dq_result.status, waiver_reason from kam_ops.dq_result"
        f" inner join kam_ops.publication using (run_id) where check_id = '{WAIVED}'"
    )

    assert differing == [("01", "2025-03", "3.1.2", "WAIVED", Decimal("0.01"))]
    assert waived == [("waived", "a journal")]


def test_only_the_fact_of_the_new_tree_is_of_the_new_group_in_both(moved: Moved) -> None:
    rows = moved.world.query(
        f"select month, sum(ledger_revenue_rc) from {PNL}"
        " where group_id = 'erp:C13a' and group_id_as_was = 'erp:C14a' group by all order by 1"
    )

    assert [month for month, money in rows if money] == [
        date(2025, 6, 1), date(2025, 9, 1), date(2026, 1, 1)
    ]  # fmt: skip
