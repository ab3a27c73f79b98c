"""A night computes on an invented company what plain Python computes, to the cent, gaps too."""

from dataclasses import dataclass
from datetime import date

import pytest

from tests.conftest import World
from tests.oracle import published, world
from tests.oracle.facts import Facts
from tests.oracle.invented import UNRATED, company
from tests.oracle.pnl import Books, books
from tests.oracle.rulings import RULINGS, WITHOUT_RATE
from tests.oracle.tree import tree_of

pytestmark = pytest.mark.slow
SEEDS = (1, UNRATED)


@dataclass
class Company:
    """An invented company and the world in which its night ran."""

    facts: Facts
    world: World


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Company:
    found = Company(company(UNRATED), world.lay(tmp_path_factory.mktemp("invented")))
    world.run(found.world, found.facts, world.FIRST)
    return found


def test_a_company_has_a_fact_for_every_ruling() -> None:
    assert company(1).planted == RULINGS
    assert company(UNRATED).planted == RULINGS | WITHOUT_RATE


def computed(seed: int) -> Books:
    facts = company(seed)
    return books(facts, world.FIRST, tree_of(facts))


def test_plain_python_meets_what_was_planted() -> None:
    both = [computed(seed) for seed in SEEDS]
    lines = [(found, line) for found in both for line in found.lines.all]
    costs = [found.goods.cost(line) for found, line in lines]
    steps = [cost.steps for cost in costs if cost]
    parts = [part for found in both for part in found.matching.parts.values()]
    shipped = [(line["posting_date"], found.goods.ship_date(line)) for found, line in lines]
    served = [amount for found in both for amount in found.served.all()]

    assert {step for found in steps for step in found} == {1, 2, 3, 4}
    assert any(len(found) > 1 for found in steps)
    assert any(part.origin is None for found in parts for part in found)
    assert any(len([part for part in found if part.origin]) > 1 for found in parts)
    assert any(posted.month < sent.month for posted, sent in shipped)
    assert {amount.column for amount in served} == {
        "freight", "handling", "returns", "selling_service", "financing"
    }  # fmt: skip
    assert {amount.company for amount in served} >= {"*", "01", "02", "03", "04", "05"}
    assert {amount.group for amount in served} >= {"UNMAPPED", "AP"}


def test_every_cell_of_the_p_and_l_is_that_of_plain_python(first: Company) -> None:
    tree = tree_of(first.facts)

    assert published.pnl_differences(first.world, first.facts, world.FIRST, tree) == []


def test_portfolio_nights_are_those_of_plain_python(first: Company) -> None:
    tree = tree_of(first.facts)
    nights = [date(2023, 3, 31), date(2024, 2, 29), date(2025, 1, 31), date(2026, 2, 28)]

    for night in (*nights, world.FIRST):
        found = published.portfolio_differences(first.world, first.facts, night, tree)
        assert found == [], night


def test_every_row_of_the_proof_is_that_of_plain_python(first: Company) -> None:
    tree = tree_of(first.facts)
    statuses = first.world.query("select distinct status from kam_ops.recon_ledger order by 1")

    assert published.proof_differences(first.world, first.facts, world.FIRST, tree) == []
    assert [status for (status,) in statuses] == [
        "LEDGER_MISSING", "OK", "OPEN_PERIOD", "QUARANTINED"
    ]  # fmt: skip


def test_costs_that_repeat_a_rebate_are_counted(first: Company) -> None:
    documents = {
        line["document_id"]
        for line in first.facts.get("invoice_line")
        if line["document_type"] == "REBATE" and line["posting_date"] <= world.FIRST
    }
    repeats = [c for c in first.facts.get("customer_cost") if c["document_id"] in documents]
    [(counted,)] = first.world.query(
        "select n_rows_failed from kam_ops.dq_result"
        " where check_id = 'canonical/customer_cost:rows_repeating_a_rebate'"
    )

    assert counted == len(repeats) > 10


def test_every_client_is_as_old_and_as_alive_as_plain_python_says(first: Company) -> None:
    tree = tree_of(first.facts)
    lives = first.world.query("select distinct lifecycle from kam.dim_account_group order by 1")

    assert published.client_differences(first.world, first.facts, world.FIRST, tree) == []
    assert {life for (life,) in lives} >= {"active", "lost", "new", "prospect"}
