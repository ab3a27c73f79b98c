"""One company, two systems: an ERP in PostgreSQL and a CRM in files, real sample data in both."""

import csv
import os
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pgserver
import pytest
import sqlalchemy as sa

from tests.conftest import ROOT, World, ask

pytestmark = pytest.mark.slow
TYPES = {
    "orders": "order_date date, required_date date, shipped_date date, freight numeric(12, 2)",
    "order_details": "unit_price real, quantity smallint, discount real",
}
NIGHT = "1998-05-06"


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.fixture(scope="module")
def tables(shared_data) -> dict[str, list[dict[str, str]]]:
    folder = shared_data("northwind")
    names = ("customers", "orders", "order_details", "products", "categories", "employees")
    return {name: read(folder / f"{name}.csv") for name in names}


@pytest.fixture(scope="module")
def northwind(
    tmp_path_factory: pytest.TempPathFactory,
    tables: dict[str, list[dict[str, str]]],
    shared_data,
) -> Iterator[World]:
    """Northwind in an embedded PostgreSQL, its night run through the command."""
    server = pgserver.get_server(tmp_path_factory.mktemp("northwind"), cleanup_mode="delete")
    engine = sa.create_engine(server.get_uri().replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        for name, rows in tables.items():
            typed = TYPES.get(name, "")
            columns = [f"{column} text" for column in rows[0] if f"{column} " not in typed]
            listed = ", ".join([*columns, *([typed] if typed else [])])
            connection.exec_driver_sql(f"create table {name} ({listed})")
            table = sa.Table(name, sa.MetaData(), autoload_with=connection)
            filled = [{k: v or None for k, v in row.items()} for row in rows]
            connection.execute(table.insert(), filled)
    world = World(
        config=ROOT / "examples" / "northwind",
        home=tmp_path_factory.mktemp("home"),
        drop=shared_data("maven_crm"),
    )
    os.environ["NORTHWIND_DSN"] = server.get_uri()
    try:
        assert world.kam("nightly", "--as-of", NIGHT) == 0
        yield world
    finally:
        del os.environ["NORTHWIND_DSN"]
        server.cleanup()


def test_revenue_is_that_of_the_shipped_orders_line_by_line(
    northwind: World, tables: dict[str, list[dict[str, str]]]
) -> None:
    shipped = {row["order_id"] for row in tables["orders"] if row["shipped_date"]}
    cents = Decimal("0.01")
    expected = sum(
        (
            Decimal(row["unit_price"]) * Decimal(row["quantity"]) * (1 - Decimal(row["discount"]))
        ).quantize(cents, ROUND_HALF_UP)
        for row in tables["order_details"]
        if row["order_id"] in shipped
    )

    assert len(tables["orders"]) - len(shipped) == 21
    assert northwind.query("select sum(net_revenue_rc) from kam.account_pnl_monthly") == [
        (expected,)
    ]


def test_freight_of_shipped_orders_is_a_cost_to_the_cent(
    northwind: World, tables: dict[str, list[dict[str, str]]]
) -> None:
    expected = sum(Decimal(r["freight"]) for r in tables["orders"] if r["shipped_date"])

    assert northwind.query("select sum(freight_rc) from kam.account_pnl_monthly") == [(expected,)]


def test_every_client_of_the_erp_and_every_account_of_the_crm_is_a_member_of_a_group(
    northwind: World,
) -> None:
    accounts = dict(
        northwind.query("select account_kind, count(*) from kam.dim_account group by account_kind")
    )
    assert accounts == {"erp_customer": 91, "crm_account": 85}
    [(prospects,)] = northwind.query(
        "select count(*) from kam.dim_account_group where lifecycle = 'prospect'"
        " and group_id like 'northwind:%'"
    )
    assert prospects == 2


def test_every_row_of_both_systems_is_accounted_for(northwind: World) -> None:
    reports = {
        name: figures
        for name, *figures in northwind.query(
            "select extract_name, rows_read, rows_loaded, rows_quarantined"
            " from kam_ops.run_source_report"
        )
    }
    assert reports["orders"] == [830, 830, 0]
    assert reports["order_details"] == [2155, 2155, 0]
    assert reports["customers"] == [91, 91, 0]
    assert reports["sales_pipeline"] == [8800, 8800, 0]


def test_open_opportunities_without_an_account_are_kept(northwind: World) -> None:
    build = northwind.home / "build" / str(northwind.current) / "warehouse.duckdb"

    assert ask(
        build,
        "select count(*), count(*) filter (account_id is null), count(*) filter (is_won)"
        " from canonical.opportunity",
    ) == [(8800, 1425, 4238)]


def test_a_source_can_be_looked_at_before_anything_is_read(
    northwind: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert northwind.kam("connect", "northwind") == 0
    shown = capsys.readouterr().out
    assert "order_details: 2,155 rows, 5 columns" in shown
    assert "supplies customer, customer_cost, delivery_line, invoice_line" in shown
