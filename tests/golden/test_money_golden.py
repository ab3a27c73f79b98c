"""A company small enough for paper: what the questions about money answer, worked by hand.

A is a key account. It bought 100 pieces for 1,000.00 in June 2024 (cost 4.00 each, freight 50.00)
and 150 for 1,500.00 in June 2025 (cost 5.00, freight 100.00); in July 2025 it returned 10 of them
for 100.00, in August it got a bonus of 40.00. B bought 50 for 500.00 in October 2025 and cost
300.00 of freight and 20.00 of handling its returns. C bought 20 for 200.00 in December 2025,
cancelled in January. In February 2026 somebody unknown bought for 10.00. Nobody delivers orders,
activities or receivables. The ledger lacks October 2025; a line of July for 5.00 names no client.
"""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import yaml

from assets.transform.contract import published_tables
from tests.conftest import World
from tests.oracle import world
from tests.oracle.facts import Facts

pytestmark = pytest.mark.slow
TODAY = date(2026, 4, 2)
QUESTIONS = Path(__file__).resolve().parents[3] / "shared" / "design" / "questions.sql"


def facts() -> Facts:
    """The company of the text above."""
    told = Facts()
    for name in "ABC":
        told.add("customer", customer_id=name, customer_name=f"Client {name}")
    told.add(
        "account", account_id="KA", account_name="Client A", erp_customer_ids="A",
        key_account_from=date(2024, 1, 1),
    )  # fmt: skip
    told.add("product", product_id="P", product_name="Piece", category="Pieces")
    for day, cost in ((date(2024, 5, 1), "4"), (date(2025, 5, 1), "5")):
        told.add(
            "standard_cost", company_code="01", product_id="P", valid_from=day,
            unit_cost_base=Decimal(cost),
        )  # fmt: skip
    _documents(told)
    for number, (kind, customer, day, amount) in enumerate(
        (
            ("freight", "A", date(2024, 6, 11), "50"),
            ("freight", "A", date(2025, 6, 11), "100"),
            ("bonus", "A", date(2025, 8, 1), "40"),
            ("freight", "B", date(2025, 10, 2), "300"),
            ("return_handling", "B", date(2025, 10, 3), "20"),
        )
    ):
        told.add(
            "customer_cost", cost_id=f"K{number}", cost_type=kind, customer_id=customer,
            posting_date=day, amount_base=Decimal(amount),
        )  # fmt: skip
    return told


def _documents(told: Facts) -> None:
    ledger = {"2024-06": 1000, "2025-06": 1500, "2025-07": -95, "2025-12": 200, "2026-01": -200}
    for period in (*ledger, "2025-10", "2026-02"):
        told.add("period_close", company_code="01", period=period, closed_date=date(2026, 4, 1))
    for period, amount in (ledger | {"2026-02": 10}).items():
        told.add(
            "ledger_balance", company_code="01", period=period, gl_account="3.1.1",
            amount_base=Decimal(amount),
        )  # fmt: skip
    for kind, name, customer, day, pieces, amount, link in (
        ("INVOICE", "A1", "A", date(2024, 6, 10), 100, 1000, {}),
        ("INVOICE", "A2", "A", date(2025, 6, 10), 150, 1500, {}),
        ("RETURN", "A3", "A", date(2025, 7, 5), -10, -100, {"origin": "A2"}),
        ("INVOICE", "B1", "B", date(2025, 10, 1), 50, 500, {}),
        ("INVOICE", "C1", "C", date(2025, 12, 1), 20, 200, {}),
        ("CANCELLATION", "C2", "C", date(2026, 1, 15), -20, -200, {"cancels": "C1"}),
        ("INVOICE", "X1", "X", date(2026, 2, 1), None, 10, {}),
        ("INVOICE", "Q1", None, date(2025, 7, 9), 1, 5, {}),
    ):
        line = {
            "document_id": name, "line_id": "1", "company_code": "01", "document_type": kind,
            "posting_date": day, "customer_id": customer, "quantity": pieces,
            "product_id": None if pieces is None else "P", "net_amount": Decimal(amount),
            "currency": "BRL", "net_amount_base": Decimal(amount), "gl_account": "3.1.1",
            "is_restocked": kind == "RETURN",
        }  # fmt: skip
        for which, document in link.items():
            line |= {f"{which}_document_id": document, f"{which}_line_id": "1"}
        told.add("invoice_line", **line)


@pytest.fixture(scope="module")
def golden(tmp_path_factory: pytest.TempPathFactory) -> World:
    found = world.lay(tmp_path_factory.mktemp("golden"))
    metrics = found.config / "metrics.yml"
    read = yaml.safe_load(metrics.read_text(encoding="utf-8"))
    read["gates"] |= {"bad_row_share": 0.5, "bad_money_share": 0.5}
    metrics.write_text(yaml.safe_dump(read, sort_keys=False), encoding="utf-8")
    world.run(found, facts(), TODAY)
    return found


def answer(found: World, name: str) -> list[tuple]:
    """What a question of the catalogue answers, group ids without the prefix of their source."""
    if not QUESTIONS.is_file():
        pytest.skip("the questions are not beside the project (../shared/design/questions.sql)")
    asked = re.search(rf"^-- {name}: .*?\n(.*?;)\s*$", QUESTIONS.read_text(), re.S | re.M)
    assert asked
    sql = asked[1]
    with duckdb.connect(str(found.database), read_only=True) as connection:
        connection.execute("set schema = 'kam'")
        rows = connection.execute(sql, {"today": TODAY} if "$today" in sql else {}).fetchall()
    return [tuple(v.removeprefix("erp:") if isinstance(v, str) else v for v in r) for r in rows]


def test_finance_sees_the_period_without_ledger_and_the_money_set_aside(golden: World) -> None:
    assert answer(golden, "FIN-1") == [
        ("01", "2025-07", "3.1.1", -95, -95, -100, 0, 5, 0, 0, "QUARANTINED"),
        ("01", "2025-10", "3.1.1", None, 500, 500, 0, 0, 0, None, "LEDGER_MISSING"),
    ]


def test_finance_sees_where_the_contribution_of_a_key_account_changed(golden: World) -> None:
    # 1,360 - 700 - 100 = 560 against 1,000 - 400 - 50 = 550
    assert answer(golden, "FIN-2") == [("A", 10, 360, -300, -50)]


def test_finance_sees_the_client_that_destroys_profit(golden: World) -> None:
    if "kam.portfolio_position" not in published_tables():
        pytest.skip("portfolio_position is not published yet")
    rows = answer(golden, "FIN-3")

    assert [row[:2] for row in rows] == [("B", Decimal("-70.00"))]


def test_directors_see_how_much_hangs_on_one_client(golden: World) -> None:
    two = (1860, 1360**2 + 500**2, 1360)
    three = (2060, 1360**2 + 500**2 + 200**2, 1360)
    by_month = {
        "2025-04-30": ((1000, 1000**2, 1000), 550, 1),
        "2025-05-31": ((1000, 1000**2, 1000), 550, 1),
        "2025-06-30": ((1500, 1500**2, 1500), 650, 1),
        "2025-07-31": ((1400, 1400**2, 1400), 600, 1),
        "2025-08-31": ((1360, 1360**2, 1360), 560, 1),
        "2025-09-30": ((1360, 1360**2, 1360), 560, 1),
        "2025-10-31": (two, 560, 2),
        "2025-11-30": (two, 560, 2),
        "2025-12-31": (three, 560, 2),
        "2026-01-31": (two, 560, 2),
        "2026-02-28": (two, 560, 2),
        "2026-03-31": (two, 560, 2),
        "2026-04-02": (two, 560, 2),
    }
    rows = {str(row[0]): row[1:] for row in answer(golden, "DIR-1")}

    assert rows.keys() == by_month.keys()
    for day, ((total, squares, largest), loss, n_major) in by_month.items():
        wanted = (largest / total, 1, 10000 * squares / total**2, total**2 / squares)
        assert rows[day][0] == (day == "2026-04-02"), day
        assert rows[day][1:5] == pytest.approx(wanted, abs=1e-9), day
        assert rows[day][5:] == (n_major, loss), day


def test_every_line_of_the_ledger_is_in_the_p_and_l_under_both_trees(golden: World) -> None:
    by_period = {
        "2024-06": 1000, "2025-06": 1500, "2025-07": -100, "2025-10": 500, "2025-12": 200,
        "2026-01": -200, "2026-02": 10,
    }  # fmt: skip
    rows = {row[1]: row for row in answer(golden, "BI-5")}

    for period, revenue in by_period.items():
        assert rows[period] == ("01", period, revenue, revenue, 0, 0, 0)
    assert rows.pop("2025-08") == ("01", "2025-08", 0, None, None, None, 0)  # the bonus only
    assert rows.keys() == by_period.keys()


def test_logistics_sees_what_moving_goods_costs_by_account(golden: World) -> None:
    assert answer(golden, "LOG-4") == [
        ("B", pytest.approx(64), 500, 0),
        ("A", pytest.approx(100 * 100 / 1360), 1360, 0),
        ("UNMAPPED", 0, 10, None),
        ("C", None, 0, 0),
    ]


def test_a_feed_that_nobody_supplies_is_missing_and_not_zero(golden: World) -> None:
    rows = golden.query(
        "select distinct handling_rc, selling_service_rc, financing_rc, missing_reason"
        " from kam.account_pnl_monthly where group_id = 'erp:A' and cost_of_goods_rc <> 0"
    )
    reason = "handling_rc:NO_SOURCE;selling_service_rc:NO_SOURCE;financing_rc:NO_SOURCE"

    assert rows == [(None, None, None, reason)]
