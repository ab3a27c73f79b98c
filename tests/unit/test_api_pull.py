"""An HTTP API is read page by page as text, through limits, expired tokens and broken pages."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from assets.company import Extract, Source
from assets.company_schema import Auth, Connector, Request
from assets.extract.native import native_types
from assets.extract.rest import open_api
from assets.extract.rest_rows import pull_pages
from assets.faults import ConfigurationFault, NightFault, NotReadyFault
from tests.http_api import Server, serving

ACCOUNT = Extract(
    table="Account",
    columns=["Id", "Name", "AnnualRevenue", "Owner.Name", "IsDeleted", "SystemModstamp"],
    optional_columns=["Branch__c"],
    key=["Id"],
    mode="delta",
    cursor="SystemModstamp",
    lookback="1d",
)
COMPANY = Extract(
    table="company",
    path="crm/v3/objects/companies",
    columns=["id", "archived", "name", "domain"],
    key=["id"],
)
SECRET = {"CRM_AUTH": "grant_type=client_credentials&client_id=me&client_secret=hush"}


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as found:
        yield found


@pytest.fixture
def pull(server: Server, tmp_path: Path) -> Callable[..., tuple[list[dict[str, Any]], str | None]]:
    def pulled(
        extract: Extract, preset: Any, since: str | None = None, **connector: Any
    ) -> tuple[list[dict[str, Any]], str | None]:
        auth = Auth(kind="oauth2", env="CRM_AUTH", token_url=f"{server.url}/token")
        source = Source(
            name="crm",
            adapter=preset,
            connector=Connector(
                kind="rest", root=server.url, preset=preset, **({"auth": auth} | connector)
            ),
        )
        api = open_api(source, SECRET.get)
        try:
            [path], cursor = pull_pages(
                api, extract, since=since, work=tmp_path / "pull", say=lambda text: None
            )
        finally:
            api.close()
        return pq.read_table(path).to_pylist(), cursor

    return pulled


def test_salesforce_pages_are_one_table_with_deleted_rows_and_exact_amounts(server, pull) -> None:
    rows, cursor = pull(ACCOUNT, "salesforce")

    assert [row["Id"][12:15] for row in rows] == ["001", "002", "003", "004", "005"]
    assert rows[0] == {
        "Id": "001000000000001AAA",
        "Name": "Comércio 1",
        "AnnualRevenue": "1234567890123456.78",
        "Owner": '{"attributes":{"type":"User"},"Name":"Ana"}',
        "Owner.Name": "Ana",
        "IsDeleted": "false",
        "SystemModstamp": "2026-03-11T08:00:00.000+0000",
    }
    assert rows[2]["IsDeleted"] == "true"
    assert cursor == "2026-03-15T08:00:00.000+0000"


def test_only_fields_that_the_object_has_are_asked_for(server, pull) -> None:
    pull(ACCOUNT, "salesforce")
    [query] = [path for path in server.asked if "q=" in path]

    assert "Owner.Name" in query
    assert "Branch__c" not in query


def test_the_types_of_fields_go_with_a_pull(pull, tmp_path) -> None:
    pull(ACCOUNT, "salesforce")

    found = native_types(ACCOUNT.model_copy(update={"format": "parquet"}), [
        tmp_path / "pull" / "account.parquet"
    ])  # fmt: skip
    assert found == {
        "Id": "string",
        "Name": "string",
        "AnnualRevenue": "string",
        "IsDeleted": "boolean",
        "SystemModstamp": "datetime",
    }


def test_a_pull_since_a_cursor_asks_from_there_moved_back(server, pull) -> None:
    rows, _ = pull(ACCOUNT, "salesforce", since="2026-03-15T08:00:00.000+0000")

    assert [row["Id"][12:15] for row in rows] == ["004", "005"]


def test_hubspot_objects_come_live_and_archived_with_their_properties_as_columns(pull) -> None:
    rows, _ = pull(COMPANY, "hubspot")

    assert [(row["id"], row["archived"]) for row in rows] == [
        (str(n), "true" if n > 5 else "false") for n in range(1, 8)
    ]
    assert (rows[0]["name"], rows[0]["domain"], rows[0]["odd-name.x"]) == (
        "Empresa 1", "e1.example", "y",
    )  # fmt: skip
    assert "properties" not in rows[0]


def test_hubspot_associations_are_one_row_per_bond_and_kind(pull) -> None:
    extract = Extract(
        table="contact_company",
        path="associations/contacts/companies",
        columns=["from.id", "to.toObjectId", "to.associationTypes.typeId"],
        key=["from.id", "to.toObjectId", "to.associationTypes.typeId"],
    )
    rows, _ = pull(extract, "hubspot")

    assert [(r["from.id"], r["to.toObjectId"], r["to.associationTypes.typeId"]) for r in rows] == [
        (n, "900", kind) for n in ("1", "3", "4", "5") for kind in ("1", "7")
    ]


def test_any_paged_api_is_told_in_yaml(pull) -> None:
    extract = Extract(
        table="orders",
        columns=["number", "client_code"],
        key=["number"],
        aliases={"client.code": "client_code"},
        request=Request(rows="data.items"),
    )
    rows, _ = pull(
        extract,
        "generic",
        paginator={"type": "offset", "limit": 3, "total_path": None},
    )

    assert [(row["number"], row["client.code"]) for row in rows] == [
        (str(n), f"{n:05d}") for n in range(7)
    ]


@pytest.mark.parametrize(
    ("status", "body"),
    [(429, "{}"), (500, "{}"), (200, '{"records": [{"Id"'), (401, "[]")],
    ids=["limit reached", "server fault", "broken page", "token expired"],
)
def test_a_page_that_fails_once_is_asked_for_again(server, pull, status: int, body: str) -> None:
    server.faults = [("queryAll/01g-2", status, body)]
    rows, _ = pull(ACCOUNT, "salesforce")

    assert len(rows) == 5
    assert sum("queryAll/01g-2" in path for path in server.asked) == 2
    assert server.tokens_given == (2 if status == 401 else 1)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ((403, '[{"errorCode": "REQUEST_LIMIT_EXCEEDED"}]'), "status 403 REQUEST_LIMIT_EXCEEDED"),
        ((200, '{"message": "maintenance"}'), "expected rows under 'records' in page 2"),
        ((200, '{"records": [], "nextRecordsUrl": "http://127.0.0.2/x"}'), "another host"),
    ],
    ids=["daily limit", "no rows", "foreign next page"],
)
def test_what_stays_broken_is_not_ready_and_a_later_pull_goes_on(
    server, pull, fault: tuple[int, str], said: str
) -> None:
    server.faults = [("queryAll/01g-2", *fault)]
    with pytest.raises(NotReadyFault) as found:
        pull(ACCOUNT, "salesforce")
    expected = "the next page on" if said == "another host" else said
    assert expected in found.value.reason
    assert "hush" not in found.value.reason
    assert "token-" not in found.value.reason

    server.asked.clear()
    rows, _ = pull(ACCOUNT, "salesforce")
    assert [row["Id"][12:15] for row in rows] == ["001", "002", "003", "004", "005"]
    assert not any("q=" in path for path in server.asked), "the first page was asked for again"


def test_an_interrupted_pull_for_another_question_starts_again(server, pull, tmp_path) -> None:
    server.faults = [("queryAll/01g-2", 403, "[]")]
    with pytest.raises(NotReadyFault):
        pull(ACCOUNT, "salesforce")
    rows, _ = pull(ACCOUNT, "salesforce", since="2026-03-15T08:00:00.000+0000")

    assert [row["Id"][12:15] for row in rows] == ["004", "005"]
    assert json.loads((tmp_path / "pull" / "question.json").read_text())[1] == (
        "2026-03-14T08:00:00Z"
    )


def test_an_api_without_rows_is_an_empty_table_with_its_columns(server, pull) -> None:
    server.faults = [("queryAll", 200, '{"records": [], "done": true}')]
    rows, cursor = pull(ACCOUNT, "salesforce")

    assert (rows, cursor) == ([], None)


@pytest.mark.parametrize(
    ("auth", "said"),
    [
        (Auth(kind="bearer", env="NOWHERE"), "environment variable NOWHERE"),
        (Auth(kind="oauth2", env="CRM_AUTH", token_url="{url}/nothing"), "expected a token from"),
    ],
    ids=["no secret", "no token"],
)
def test_credentials_that_are_missing_or_wrong_say_where_they_are_looked_for(
    server, pull, auth: Auth, said: str
) -> None:
    place = (auth.token_url or "").replace("{url}", server.url) or None
    with pytest.raises(NightFault) as found:
        pull(ACCOUNT, "salesforce", auth=auth.model_copy(update={"token_url": place}))
    assert isinstance(found.value, (ConfigurationFault, NotReadyFault))
    assert said in found.value.reason
    assert "hush" not in found.value.reason
