"""An invented company on SAP, every trap of its tables in files, through the command of a user."""

from datetime import date
from decimal import Decimal

import pytest

from tests.balances import balances
from tests.conftest import ROOT, World

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def sap(tmp_path_factory: pytest.TempPathFactory) -> World:
    config = ROOT / "examples" / "sap"
    home = tmp_path_factory.mktemp("sap") / "home"
    world = World(config=config, home=home, drop=config / "extracts")
    assert world.kam("nightly", "--as-of", "2026-04-02", now="2026-04-03T07:15:00Z") == 0
    return world


def test_net_revenue_per_client_is_what_the_billing_documents_add_up_to(sap: World) -> None:
    found = sap.query(
        "select group_id, sum(net_revenue_rc) from kam.account_pnl_monthly group by group_id"
    )
    assert dict(found) == {
        "sap:1000": Decimal("1380.00"),  # 1,200 + 300 - 120 returned
        # 800 cancelled, 50 credited and the credit cancelled; 75 debited; EUR 100 / 0.16; 450 + 50
        "sap:2000": Decimal("1200.00"),
        "sap:3000": Decimal("210.00"),
        "sap:4000": Decimal("5500.00"),  # CLP 10,000.00 as stored are 1,000,000, at 5.50 a thousand
        # USD 1,000.10 x 5.20 = 5,200.52; JPY 2,000.00 as stored are 200,000, at 3.50 a hundred
        "sap:EXP-GMBH": Decimal("12200.52"),
        "INTERCOMPANY": Decimal("640.00"),
    }


def test_a_cancellation_and_a_return_stand_in_the_month_in_which_they_were_posted(
    sap: World,
) -> None:
    assert sap.query(
        "select month, net_revenue_rc from kam.account_pnl_monthly"
        " where group_id = 'sap:1000' and net_revenue_rc <> 0 order by month"
    ) == [(date(2026, 2, 1), Decimal("1500.00")), (date(2026, 3, 1), Decimal("-120.00"))]


def test_published_revenue_ties_to_the_ledger_account_by_account(sap: World) -> None:
    assert sap.query(
        "select company_code, period, gl_account, ledger_base, published_base, status"
        " from kam_ops.recon_ledger order by all"
    ) == [
        ("1000", "2026-02", "300100", Decimal("1500.00"), Decimal("1500.00"), "OK"),
        # credit 1,425 less debit 970; lines 800 - 800 - 120 - 50 + 50 + 75 + 450 + 50
        ("1000", "2026-03", "300100", Decimal("455.00"), Decimal("455.00"), "OK"),
        ("1000", "2026-03", "300200", Decimal("12825.52"), Decimal("12825.52"), "OK"),
        ("1000", "2026-03", "300300", Decimal("640.00"), Decimal("640.00"), "OK"),
        ("1000", "2026-04", "300100", Decimal("210.00"), Decimal("210.00"), "OPEN_PERIOD"),
        ("2000", "2026-03", "300100", Decimal("1000000.00"), Decimal("1000000.00"), "OK"),
    ]


def test_what_is_open_follows_from_items_and_their_receipts(sap: World) -> None:
    assert balances(sap) == {
        # 1,680 paid as 500 + 1,180; a credit of 120 with tax, 134.40, waits
        "sap:1000": (Decimal("-134.40"), Decimal("-134.40")),
        # 896 cancelled by 896; 200 paid before their invoice; the noted item of 777 is none
        "sap:2000": (Decimal("-200.00"), Decimal("-200.00")),
        "sap:2001": (Decimal("500.00"), Decimal("500.00")),  # 560 less 60 in part
        "sap:4000": (Decimal("1190000.00"), Decimal("1190000.00")),
        "sap:EXP-GMBH": (Decimal("5200.52"), Decimal("5200.52")),
    }


def test_a_promise_is_the_first_confirmed_date_and_goods_without_issue_have_not_left(
    sap: World,
) -> None:
    assert sap.canonical(
        "select order_id, order_line_id, first_requested_date, promised_date, quantity,"
        " cancelled_quantity from canonical.order_line order by all",
    ) == [
        ("sap:500", "10", date(2026, 2, 6), date(2026, 2, 9), 120, 0),  # 10 boxes of 12
        ("sap:500", "20", date(2026, 2, 6), date(2026, 2, 6), 5, 0),
        ("sap:501", "10", None, date(2026, 3, 12), 100, 0),
        ("sap:502", "10", date(2026, 3, 10), date(2026, 3, 10), 40, 32),  # 8 of 40 delivered
    ]
    assert sap.canonical(
        "select delivery_id, shipped_date, delivered_date, sum(quantity)"
        " from canonical.delivery_line group by all order by all",
    ) == [
        ("sap:80000001", date(2026, 2, 9), date(2026, 2, 10), 125),
        ("sap:80000002", date(2026, 3, 5), None, 100),
        ("sap:80000003", date(2026, 3, 6), date(2026, 3, 7), 8),
    ]


def test_the_copies_of_another_client_are_not_read_and_nothing_is_set_aside(sap: World) -> None:
    assert sap.canonical("select count(*) from canonical.customer") == [(9,)]
    assert sap.canonical("select count(*) from canonical.invoice_line") == [(16,)]
    assert sap.canonical("select count(*) from canonical.quarantine") == [(0,)]
