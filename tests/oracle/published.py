"""What a night published, beside what plain Python computed."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import duckdb

from tests.conftest import World
from tests.oracle import cohort, pnl, proof
from tests.oracle.clients import clients
from tests.oracle.facts import Facts, Row
from tests.oracle.portfolio import Portfolio
from tests.oracle.tree import Tree

Table = dict[Any, Row]


def table(world: World, name: str, key: tuple[str, ...], where: str = "true") -> Table:
    """A published table by its key, group ids without the prefix of their source."""
    with duckdb.connect(str(world.database), read_only=True) as connection:
        cursor = connection.execute(f"select * from {name} where {where}")
        names = [column[0] for column in cursor.description or []]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    for row in rows:
        row |= {k: row[k].removeprefix("erp:") for k in ("group_id", "group_id_as_was") if k in row}
    return {tuple(row[k] for k in key): row for row in rows}


def is_same(wanted: Any, found: Any) -> bool:
    """Money and counts exactly; ratios to nine digits."""
    if wanted is None or found is None:
        return wanted is found
    if isinstance(wanted, Fraction | float) or isinstance(found, float):
        return abs(float(wanted) - float(found)) <= 1e-9 * max(1.0, abs(float(wanted)))
    return bool(wanted == found)


def differences(wanted: Mapping[Any, Row], found: Table) -> list[str]:
    """Every cell that differs, in words."""
    differing = [f"missing {key}" for key in wanted.keys() - found.keys()]
    differing += [f"unexpected {key}" for key in found.keys() - wanted.keys()]
    for key in wanted.keys() & found.keys():
        for column, value in wanted[key].items():
            if not is_same(value, found[key][column]):
                differing.append(f"{key} {column}: {value} expected, {found[key][column]} found")
    return sorted(differing)


def pnl_differences(world: World, facts: Facts, as_of: date, tree: Tree) -> list[str]:
    """account_pnl_monthly, cell by cell, and the columns that it says are missing."""
    found = table(
        world, "kam.account_pnl_monthly", ("month", "group_id", "group_id_as_was", "company_code")
    )
    wanted = pnl.cells(pnl.books(facts, as_of, tree))
    for cell in wanted.values():
        empty = [name for name, value in cell.items() if value is None]
        has_cost = cell["cost_of_goods_rc"] is None or cell["cost_to_serve_rc"] is None
        few = {} if has_cost else {"estimated_cost_share": "TOO_FEW"}
        reasons = [f"{name}:{few.get(name, 'NO_SOURCE')}" for name in empty]
        cell["missing_reason"] = ";".join(reasons) or None
    return differences(wanted, found)


def portfolio_differences(world: World, facts: Facts, as_of: date, tree: Tree) -> list[str]:
    """Concentration, classes and cohorts of one portfolio night."""
    books, where = pnl.books(facts, as_of, tree), f"as_of_date = date '{as_of}'"
    wanted = Portfolio(books, as_of)
    indices = table(world, "kam.concentration_monthly", ("scope", "measure"), where)
    classes = table(world, "kam.account_concentration", ("group_id", "measure"), where)
    cohorts = table(world, "kam.retention_cohort", ("scope",), where)
    flags = {row["is_to_date"] for row in (*indices.values(), *classes.values())}
    expected = cohort.cohorts(books, as_of, facts)
    keyed = {(scope,): row for scope, row in expected.items()}
    return [
        *([] if flags == {wanted.is_to_date} else [f"is_to_date: {flags}"]),
        *differences(wanted.concentration(), indices),
        *differences(wanted.classes(), classes),
        *differences(keyed, {k: v for k, v in cohorts.items() if "segment:" not in k[0]}),
    ]


def proof_differences(world: World, facts: Facts, as_of: date, tree: Tree) -> list[str]:
    """recon_ledger, row by row."""
    wanted = proof.proof(pnl.books(facts, as_of, tree), facts, as_of)
    found = table(world, "kam_ops.recon_ledger", ("company_code", "period", "gl_account"))
    return differences(wanted, found)


def client_differences(world: World, facts: Facts, as_of: date, tree: Tree) -> list[str]:
    """dim_account_group, but for pseudo-members."""
    found = table(world, "kam.dim_account_group", ("group_id",), "not is_pseudo_member")
    wanted = clients(facts, as_of, tree)
    return differences({(group,): row for group, row in wanted.items()}, found)
