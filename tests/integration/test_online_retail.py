"""Real invoice lines that nobody here made up, through the command a user types."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.conftest import ROOT, World

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def retail(tmp_path_factory: pytest.TempPathFactory, shared_data) -> World:
    drop = shared_data("uci_online_retail")
    home = tmp_path_factory.mktemp("retail") / "home"
    world = World(config=ROOT / "examples" / "online_retail", home=home, drop=drop)
    assert world.kam("nightly", "--as-of", "2011-12-09") == 0
    return world


def test_net_revenue_is_the_sum_of_the_lines_to_the_cent(retail: World) -> None:
    assert retail.query("select sum(net_revenue_rc) from kam.account_pnl_monthly") == [
        (Decimal("8750197.78"),)
    ]


def test_money_without_a_customer_stands_on_unmapped(retail: World) -> None:
    assert retail.query(
        "select sum(net_revenue_rc) from kam.account_pnl_monthly where group_id = 'UNMAPPED'"
    ) == [(Decimal("1447682.12"),)]


def test_the_monthly_total_matches(retail: World) -> None:
    assert retail.query(
        "select sum(net_revenue_rc) from kam.account_pnl_monthly where month = date '2011-11-01'"
    ) == [(Decimal("1316847.61"),)]


def test_the_largest_customer_of_the_last_year_is_14646(retail: World) -> None:
    [(group,)] = retail.query(
        "select group_id from kam.account_concentration where measure = 'net_revenue_t12m'"
        " and as_of_date = date '2011-12-09' and rank_number = 1"
    )
    assert group.endswith(":14646")


def test_stock_write_offs_are_set_aside_as_sign_and_every_line_is_accounted_for(
    retail: World,
) -> None:
    [(read, loaded, collapsed, quarantined, erased)] = retail.query(
        "select rows_read, rows_loaded, rows_collapsed, rows_quarantined, rows_erased"
        " from kam_ops.run_source_report"
    )
    assert (read, collapsed, quarantined, erased) == (482_417, 0, 1_336, 0)
    assert loaded == read - quarantined


def test_what_is_missing_is_said_and_not_made_up(retail: World) -> None:
    missing = {
        entity
        for (entity,) in retail.query(
            "select entity from kam_ops.freshness where status = 'NO_SOURCE'"
        )
    }
    assert {"standard_cost", "activity", "account", "order_line", "receivable"} <= missing
    [(costs, reasons)] = retail.query(
        "select count(cost_of_goods_rc), count(*) filter (missing_reason like"
        " '%cost_of_goods_rc:NO_SOURCE%') - count(*) from kam.account_pnl_monthly"
    )
    assert (costs, reasons) == (0, 0)
    assert retail.query("select count(*) from kam.account_ltv where ltv_mean_rc is not null") == [
        (0,)
    ]
    assert retail.query(
        "select count(*) from kam_ops.recon_ledger where status not in"
        " ('OPEN_PERIOD', 'LEDGER_MISSING')"
    ) == [(0,)]


def test_the_published_night_is_the_one_asked_for(retail: World) -> None:
    assert retail.query("select as_of_date, status like 'published%' from kam_ops.publication") == [
        (date(2011, 12, 9), True)
    ]
    assert Path(retail.database).is_file()
