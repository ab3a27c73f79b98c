"""An invented company on ERPNext, every trap of its tables, through the command of a user."""

import csv
import re
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
import yaml

from tests.balances import balances
from tests.conftest import ROOT, World, environment, hashes_of
from tests.mariadb import mariadb_server

pytestmark = pytest.mark.slow
TYPES = {  # of the fields of a site, by what all filled values of a column look like
    r"-?\d+\.\d{9}": "decimal(21, 9)",
    r"[\d-]{10} [\d:]{8}\.\d{6}": "datetime(6)",
    r"\d{4}-\d\d-\d\d": "date",
    r"\d\d?:\d\d:\d\d(\.\d{6})?": "time(6)",
    r"[0-2]": "tinyint(1)",
}


@pytest.fixture(scope="module")
def erpnext(tmp_path_factory: pytest.TempPathFactory) -> World:
    config = ROOT / "examples" / "erpnext"
    home = tmp_path_factory.mktemp("erpnext") / "home"
    world = World(config=config, home=home, drop=config / "extracts")
    assert world.kam("nightly", "--as-of", "2026-04-02", now="2026-04-03T07:15:00Z") == 0
    return world


def test_net_revenue_is_that_of_submitted_documents(erpnext: World) -> None:
    found = erpnext.query(
        "select group_id, sum(net_revenue_rc) from kam.account_pnl_monthly"
        " where net_revenue_rc <> 0 group by group_id"
    )
    assert dict(found) == {
        "erpnext:CUST-0001": Decimal("1380.00"),  # 1,200 + 300 - 120 returned; opening 640 is none
        # 800 cancelled and amended to 780; 50 returned; 75 debited; 450 + 50; a draft of 999
        "erpnext:CUST-0002": Decimal("1305.00"),
        "erpnext:Armarinho São Bento": Decimal("309.60"),
        "erpnext:CUST-EXP": Decimal("5200.52"),
        "INTERCOMPANY": Decimal("640.00"),
    }


def test_published_revenue_ties_to_the_ledger_whose_cancelled_entries_are_none(
    erpnext: World,
) -> None:
    assert erpnext.query(
        "select period, gl_account, ledger_base, published_base, status"
        " from kam_ops.recon_ledger where ledger_base is not null order by all"
    ) == [
        ("2026-02", "Vendas - VV", Decimal("1500.00"), Decimal("1500.00"), "OK"),
        ("2026-03", "Exportação - VV", Decimal("5200.52"), Decimal("5200.52"), "OK"),
        ("2026-03", "Vendas - VV", Decimal("1284.60"), Decimal("1284.60"), "OK"),
        ("2026-03", "Vendas Internas - VV", Decimal("640.00"), Decimal("640.00"), "OK"),
        ("2026-04", "Vendas - VV", Decimal("210.00"), Decimal("210.00"), "OPEN_PERIOD"),
    ]


def test_what_is_open_follows_from_items_and_their_receipts(erpnext: World) -> None:
    assert balances(erpnext) == {
        # 1,680 paid as 500 + 1,045.60, netted with 134.40 returned; opening 640; 60 came first
        "erpnext:CUST-0001": (Decimal("580.00"), Decimal("580.00")),
        # 780 + 500, a credit of 50 that stands for itself, 75 written off, 200 not allocated
        "erpnext:CUST-0002": (Decimal("1030.00"), Decimal("1030.00")),
        "erpnext:Armarinho São Bento": (Decimal("210.00"), Decimal("210.00")),  # 100 paid at once
        # USD 1,000.10 less 600 at 5.20; a difference of exchange moves nothing
        "erpnext:CUST-EXP": (Decimal("2080.52"), Decimal("2080.52")),
        "erpnext:CUST-INT": (Decimal("640.00"), Decimal("640.00")),
    }


def test_orders_are_counted_in_stock_units_and_what_a_closed_one_lacks_is_cancelled(
    erpnext: World,
) -> None:
    assert erpnext.canonical(
        "select order_id, order_line_id, promised_date, quantity, cancelled_quantity"
        " from canonical.order_line order by all",
    ) == [
        ("erpnext:SAL-ORD-2026-00001", "soi0001", date(2026, 2, 9), 120, 0),
        ("erpnext:SAL-ORD-2026-00001", "soi0002", date(2026, 2, 6), 5, 0),
        ("erpnext:SAL-ORD-2026-00002", "soi0003", date(2026, 3, 10), 40, 32),
    ]


def test_the_client_of_an_issue_is_the_customer_and_nothing_is_set_aside(erpnext: World) -> None:
    assert erpnext.canonical(
        "select account_id, count(*) from canonical.case group by all order by all"
    ) == [("erpnext:CUST-0001", 1), ("erpnext:CUST-0002", 2), (None, 1)]
    assert erpnext.canonical("select count(*) from canonical.quarantine") == [(0,)]


def fill(connection: sa.Connection, table: str, path: Path) -> None:
    """A table of a site as MariaDB holds it; an empty date is written as zeros, as old sites do."""
    with path.open(encoding="utf-8", newline="") as handle:
        header, *rows = csv.reader(handle)
    kinds = [
        next(
            (
                kind
                for form, kind in TYPES.items()
                if any(values) and all(re.fullmatch(form, v) for v in values if v)
            ),
            "varchar(140)",
        )
        for values in zip(*rows, strict=True)
    ]
    listed = ", ".join(f"`{name}` {kind}" for name, kind in zip(header, kinds, strict=True))
    connection.exec_driver_sql(f"create table `{table}` ({listed}) character set utf8mb4")
    empty = ["0000-00-00" if kind == "date" else None for kind in kinds]
    marks = ", ".join(["%s"] * len(header))
    connection.exec_driver_sql(
        f"insert into `{table}` values ({marks})",
        [tuple(v or e for v, e in zip(row, empty, strict=True)) for row in rows],
    )


def test_the_mariadb_of_a_site_publishes_what_its_exported_tables_publish(
    erpnext: World, tmp_path: Path
) -> None:
    config = tmp_path / "config"
    shutil.copytree(erpnext.config, config)
    document = yaml.safe_load((config / "sources.yml").read_text(encoding="utf-8"))
    source = document["sources"]["erpnext"]
    del source["defaults"]
    source["connector"] = {"kind": "sql", "root": "SITE_DSN"}
    for extract in source["extracts"]:
        for key in ("format", "dialect", "expect_every"):
            del extract[key]
        words = extract["table"].replace("gl_", "GL_").split("_")
        extract["path"] = "tab" + " ".join(word[0].upper() + word[1:] for word in words)
    (config / "sources.yml").write_text(yaml.safe_dump(document), encoding="utf-8")
    world = World(config=config, home=tmp_path / "home", drop=config / "extracts")

    with mariadb_server(tmp_path) as address, environment(SITE_DSN=address):
        engine = sa.create_engine(address.replace("mariadb://", "mariadb+pymysql://"))
        with engine.begin() as connection:
            for extract in source["extracts"]:
                path = world.drop / "2026-04-02" / f"{extract['table']}.csv"
                fill(connection, extract["path"], path)
        engine.dispose()
        assert world.kam("connect", "erpnext") == 0
        assert world.kam("nightly", "--as-of", "2026-04-02", now="2026-04-03T07:15:00Z") == 0

    assert hashes_of(world) == hashes_of(erpnext)
