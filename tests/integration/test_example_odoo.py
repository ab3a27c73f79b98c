"""An invented company in the PostgreSQL database of an Odoo, through the command of a user."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pgserver
import psycopg
import pytest

from tests.balances import balances
from tests.conftest import ROOT, World, environment

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def odoo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    server = pgserver.get_server(tmp_path_factory.mktemp("odoo_db"), cleanup_mode="delete")
    config = ROOT / "examples" / "odoo"
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute((config / "odoo.sql").read_text(encoding="utf-8").encode())
    world = World(config=config, home=tmp_path_factory.mktemp("odoo") / "home", drop=config)
    with environment(ODOO_DSN=server.get_uri()):
        assert world.kam("connect", "odoo") == 0
        assert world.kam("nightly", "--as-of", "2026-04-02", now="2026-04-03T07:15:00Z") == 0
    yield world
    server.cleanup()


def test_net_revenue_is_that_of_posted_customer_documents(odoo: World) -> None:
    assert odoo.query(
        "select group_id, sum(net_revenue_rc) from kam.account_pnl_monthly"
        " where net_revenue_rc <> 0 group by 1 order by 1"
    ) == [
        ("INTERCOMPANY", Decimal("600.00")),  # billed to the company itself
        ("odoo:10", Decimal("880.00")),  # 1,188 - 188 taken back - 120 refunded
        ("odoo:20", Decimal("800.00")),  # a draft of 999 and 700 cancelled are none
        ("odoo:30", Decimal("5200.50")),
    ]


def test_published_revenue_ties_to_the_ledger(odoo: World) -> None:
    assert odoo.query(
        "select period, gl_account, ledger_base, published_base from kam_ops.recon_ledger"
        " where ledger_base is not null order by all"
    ) == [
        ("2026-02", "3.1.1", Decimal("1000.00"), Decimal("1000.00")),
        ("2026-03", "3.1.1", Decimal("1280.00"), Decimal("1280.00")),  # 800 - 120 + 600
        ("2026-03", "3.1.2", Decimal("5200.50"), Decimal("5200.50")),
    ]


def test_what_is_open_follows_from_lines_and_their_matches(odoo: World) -> None:
    assert balances(odoo) == {
        # 1,120 less 500 paid and 134.40 refunded; 200 of the payment of 700 wait
        "odoo:10": (Decimal("285.60"), Decimal("285.60")),
        "odoo:20": (Decimal("800.00"), Decimal("800.00")),
        "odoo:30": (Decimal("5200.50"), Decimal("5200.50")),
        "odoo:1": (Decimal("600.00"), Decimal("600.00")),
    }


def test_a_dozen_ordered_is_twelve_pieces_sent_when_the_picking_was_done(odoo: World) -> None:
    assert odoo.canonical(
        "select order_id, order_line_id, customer_id, ordered_date, promised_date, quantity"
        " from canonical.order_line",
    ) == [("odoo:7", "71", "odoo:10", date(2026, 2, 2), date(2026, 2, 9), 120)]
    assert odoo.canonical(
        "select order_line_id, shipped_date, quantity from canonical.delivery_line"
    ) == [("71", date(2026, 2, 9), 120)]


def test_opportunities_activities_and_contacts_belong_to_the_commercial_partner(
    odoo: World,
) -> None:
    assert odoo.canonical(
        "select account_id, stage, is_closed, is_won from canonical.opportunity order by 1"
    ) == [("odoo:10", "Novo", True, False), ("odoo:20", "Ganho", True, True)]
    assert odoo.canonical(
        "select account_id, activity_type, direction from canonical.activity order by 1"
    ) == [("odoo:10", "call", None), ("odoo:20", "email", "inbound")]
    assert odoo.canonical("select account_id, contact_name from canonical.contact") == [
        ("odoo:10", "Ana Lima")
    ]
    assert odoo.canonical("select count(*) from canonical.quarantine") == [(0,)]
