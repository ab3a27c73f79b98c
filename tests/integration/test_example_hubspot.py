"""HubSpot pulled over HTTP and an ERP in plain files: two systems, one company."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from tests.conftest import ROOT, World, environment
from tests.http_api import PRIMARY, Server, serving

pytestmark = pytest.mark.slow
UNLABELLED = {"category": "HUBSPOT_DEFINED", "typeId": 279, "label": None}


def thing(number: int, archived: bool = False, **properties: str | None) -> dict:
    return {"id": str(number), "archived": archived, "properties": properties}


OBJECTS = {
    "companies": [
        thing(11, name="Casa Lumen", domain="casalumen.example", hubspot_owner_id="5",
              erp_customer_ids="erp:1000", is_key_account="true", hs_merged_object_ids="9"),
        thing(12, name="Rede Aurora SA", domain="aurora.example", hubspot_owner_id="5",
              tax_id="7KD20X41000190", industry="Hotels"),
        thing(13, name="Hotel Mirante", domain=None, hubspot_owner_id=None),
        thing(14, archived=True, name="Trash", domain=None, hubspot_owner_id=None),
    ],
    "contacts": [
        thing(1, firstname="Ana", lastname="Lima", createdate="2026-01-05T12:00:00Z",
              lastmodifieddate="2026-01-05T12:00:00Z", hs_buying_role="DECISION_MAKER"),
    ],
    "deals": [
        thing(21, dealname="Linha hotel", pipeline="default", dealstage="7", amount="9000",
              closedate="2026-03-31T00:00:00Z", createdate="2026-01-15T12:00:00Z",
              hs_is_closed="true", hs_is_closed_won="true"),
    ],
    "tickets": [
        thing(31, createdate="2026-03-02T12:00:00Z", closed_date="2026-03-03T12:00:00Z",
              hs_ticket_priority="HIGH"),
    ],
    "calls": [
        thing(41, hs_timestamp="2026-03-02T13:00:00Z", hs_call_direction="INBOUND",
              hs_call_duration="600000", hubspot_owner_id="5"),
    ],
    "meetings": [
        thing(42, hs_meeting_start_time="2026-03-04T13:00:00Z", hs_meeting_outcome="COMPLETED",
              hs_meeting_end_time="2026-03-04T14:00:00Z", hubspot_owner_id="5"),
        thing(43, hs_meeting_start_time="2026-09-04T13:00:00Z", hs_meeting_outcome="SCHEDULED"),
    ],
    "owners": [{"id": "5", "archived": False, "firstName": "Rui", "lastName": "Sá"}],
}  # fmt: skip
PIPELINES = [
    {"id": "default", "label": "Sales", "stages": [
        {"id": "7", "label": "Ganho", "metadata": {"isClosed": "true"}},
        {"id": "8", "label": "Oferta", "metadata": {"isClosed": "false"}}]}
]  # fmt: skip
BONDS = {
    ("contacts", "companies", "1"): [(13, [UNLABELLED]), (11, [PRIMARY, UNLABELLED])],
    ("deals", "companies", "21"): [(12, [{"category": "HUBSPOT_DEFINED", "typeId": 5}])],
    ("tickets", "companies", "31"): [(12, [{"category": "HUBSPOT_DEFINED", "typeId": 26}])],
    ("calls", "companies", "41"): [(11, [{"category": "HUBSPOT_DEFINED", "typeId": 182}])],
    ("calls", "contacts", "41"): [(1, [{"category": "HUBSPOT_DEFINED", "typeId": 194}])],
    ("meetings", "companies", "42"): [(12, [{"category": "HUBSPOT_DEFINED", "typeId": 188}])],
    ("meetings", "companies", "43"): [(12, [{"category": "HUBSPOT_DEFINED", "typeId": 188}])],
}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as found:
        found.token = "private-app-token"
        found.objects = OBJECTS | {"pipelines": PIPELINES}
        found.bonds = BONDS
        yield found


@pytest.fixture(scope="module")
def hubspot(server: Server, tmp_path_factory: pytest.TempPathFactory) -> World:
    config = ROOT / "examples" / "hubspot"
    home = tmp_path_factory.mktemp("hubspot") / "home"
    world = World(config=config, home=home, drop=config / "erp")
    with environment(HUBSPOT_URL=server.url, HUBSPOT_TOKEN="private-app-token"):
        assert world.kam("connect", "crm") == 0
        assert world.kam("nightly", "--as-of", "2026-04-02", now="2026-04-03T07:15:00Z") == 0
    return world


def test_companies_meet_their_erp_customers_by_declared_id_and_by_tax_id(hubspot: World) -> None:
    assert hubspot.query(
        "select group_id, sum(net_revenue_rc) from kam.account_pnl_monthly group by 1 order by 1"
    ) == [
        ("erp:1000", Decimal("1200.00")),
        ("erp:2000", Decimal("800.00")),
        ("erp:3000", Decimal("99.60")),
    ]
    assert hubspot.query(
        "select group_id, account_key from kam.dim_account where account_key like 'crm:%'"
        " order by account_key"
    ) == [
        ("erp:1000", "crm:11"),
        ("erp:2000", "crm:12"),
        ("crm:13", "crm:13"),
        ("erp:1000", "crm:9"),  # merged into 11
    ]


def test_deals_tickets_and_activities_belong_to_their_company(hubspot: World) -> None:
    assert hubspot.canonical(
        "select account_id, stage, is_won, amount, close_date from canonical.opportunity",
    ) == [("crm:12", "Ganho", True, Decimal("9000.00"), date(2026, 3, 31))]
    assert hubspot.canonical(
        "select activity_id, account_id, activity_type, direction, duration_minutes,"
        " logged_by_person_id from canonical.activity order by 1",
    ) == [
        ("crm:41", "crm:11", "call", "inbound", 10, "crm:5"),
        ("crm:42", "crm:12", "visit", None, 60, "crm:5"),
    ]
    assert hubspot.canonical(
        "select activity_id, party_id from canonical.activity_participant"
    ) == [("crm:41", "crm:1")]
    assert hubspot.canonical("select account_id, severity from canonical.case") == [
        ("crm:12", "HIGH")
    ]
    assert hubspot.canonical(
        "select account_id, contact_name, decision_role from canonical.contact"
    ) == [("crm:11", "Ana Lima", "economic_buyer")]


def test_every_row_of_the_api_is_accounted_for_and_no_secret_is_written_down(
    hubspot: World,
) -> None:
    assert hubspot.query(
        "select count(*) from kam_ops.run_source_report"
        " where rows_read <> rows_loaded + rows_collapsed + rows_quarantined + rows_erased"
    ) == [(0,)]
    written = [p for p in hubspot.home.rglob("*") if p.is_file() and p.stat().st_size < 10**7]
    assert not [p for p in written if b"private-app-token" in p.read_bytes()]
    assert not (hubspot.home / "pulling" / "crm" / "company").exists() or not any(
        (hubspot.home / "pulling" / "crm" / "company").iterdir()
    )
