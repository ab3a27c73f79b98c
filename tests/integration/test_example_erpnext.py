"""An invented company on ERPNext, every trap of its tables, through the command of a user."""

from datetime import date
from decimal import Decimal

import pytest

from tests.balances import balances
from tests.conftest import ROOT, World

pytestmark = pytest.mark.slow


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
