"""The sample company's CRM pulled over the Salesforce REST API instead of delivered in files."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.conftest import World, another, clone_world, environment, hashes_of
from tests.http_api import Server, serving
from tests.salesforce_api import Org, as_records, rows_of, with_changes

pytestmark = pytest.mark.slow
NIGHT, CLOCK = "2026-03-30", "2026-03-31T07:15:00Z"
NEXT_NIGHT, NEXT_CLOCK = "2026-03-31", "2026-04-01T07:15:00Z"
STAMP = "2026-03-31T21:00:00.000+0000"
SECRET = "grant_type=client_credentials&client_id=me&client_secret=hush"
DELTAS = ("Task", "Event", "EventRelation")
EXPIRED = '[{"errorCode": "INVALID_SESSION_ID", "message": "Session expired or invalid"}]'
OF_FILES = ("path", "format", "dialect", "expect_every", "mode")


def files_of(world: World, night: str) -> dict[str, list[dict[str, str]]]:
    folder = world.drop / "extracts" / "crm" / night
    return {path.stem: rows_of(path) for path in sorted(folder.glob("*.csv"))}


def rewritten(world: World, name: str, changes: dict[str, dict[str, str]]) -> None:
    """Change rows of a file of the second night, by the id of the record."""
    path = world.drop / "extracts" / "crm" / NEXT_NIGHT / f"{name}.csv"
    rows = [row | changes.get(row["Id"], {}) for row in rows_of(path)]
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def server(first_night: World) -> Iterator[Server]:
    """An org that holds what the CRM files of the first night hold."""
    with serving() as found:
        found.org = Org(
            {k: as_records(v) for k, v in files_of(first_night, NIGHT).items()}, page=500
        )
        yield found


@pytest.fixture(scope="module")
def pulled(first_night: World, server: Server, tmp_path_factory: pytest.TempPathFactory) -> World:
    """The company after a first night whose CRM came over the API, with some bad luck."""
    world = another(first_night, tmp_path_factory.mktemp("salesforce") / "world")
    path = world.config / "sources.yml"
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    crm = document["sources"]["crm"]
    crm["connector"] = {
        "kind": "rest",
        "root": server.url,
        "preset": "salesforce",
        "auth": {"kind": "oauth2", "env": "CRM_AUTH", "token_url": f"{server.url}/token"},
    }
    pull = {"mode": "delta", "cursor": "SystemModstamp", "lookback": "1d"}
    crm.pop("defaults", None)
    crm["extracts"] = [
        {key: value for key, value in extract.items() if key not in OF_FILES} | pull
        for extract in crm["extracts"]
    ]
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    server.faults = [
        ("queryAll/01g-500-Task", 429, "{}"),
        ("queryAll/01g-1000-Task", 401, EXPIRED),
        ("queryAll/01g-500-Event", 200, '{"records": [{"Id'),
    ]
    with environment(CRM_AUTH=SECRET):
        assert world.kam("nightly", "--as-of", NIGHT, now=CLOCK) == 0
    return world


def test_the_crm_over_rest_publishes_what_its_files_publish(
    first_night: World, pulled: World, server: Server
) -> None:
    assert hashes_of(pulled) == hashes_of(first_night)
    assert server.faults == [], "a fault was never met: the pull asked for too few pages"
    assert server.tokens_given == 2
    assert pulled.query(
        "select count(*) from kam_ops.run_source_report"
        " where rows_read <> rows_loaded + rows_collapsed + rows_quarantined + rows_erased"
    ) == [(0,)]


def test_a_night_by_cursor_publishes_what_whole_files_publish(
    first_night: World, pulled: World, server: Server, tmp_path: Path
) -> None:
    """An account changes its industry and one is merged away, a contact is deleted."""
    world = clone_world(first_night, tmp_path / "files")
    accounts = [
        row["Id"] for row in files_of(world, NEXT_NIGHT)["Account"]
        if row["IsDeleted"] == "false" and row["ERP_Customer_Ids__c"]
    ]  # fmt: skip
    changed, master, merged = accounts[8], accounts[9], accounts[10]
    contact = files_of(world, NEXT_NIGHT)["Contact"][0]["Id"]
    rewritten(world, "Account", {
        changed: {"Industry": "Mining"},
        merged: {"IsDeleted": "true", "MasterRecordId": master},
    })  # fmt: skip
    rewritten(world, "Contact", {contact: {"IsDeleted": "true"}})
    server.org.records = {
        name: with_changes(
            server.org.records[name], as_records(rows), STAMP, is_whole=name not in DELTAS
        )
        for name, rows in files_of(world, NEXT_NIGHT).items()
    }

    assert world.kam("nightly", "--as-of", NEXT_NIGHT, now=NEXT_CLOCK) == 0
    with environment(CRM_AUTH=SECRET):
        assert pulled.kam("nightly", "--as-of", NEXT_NIGHT, now=NEXT_CLOCK) == 0

    assert hashes_of(pulled) == hashes_of(world)
    assert hashes_of(pulled) != hashes_of(first_night)
    source = "source_system = 'crm' and extract_name"
    [(n_read,)] = pulled.query(
        f"select rows_read from kam_ops.run_source_report where {source} = 'Account'"
        " order by run_id in (select run_id from kam_ops.publication) desc limit 1"
    )
    assert 2 <= n_read < len(server.org.records["Account"]), "the pull was not by cursor"
    assert pulled.canonical(
        f"select industry from canonical.account where account_id = 'crm:{changed}'"
    ) == [("Mining",)]
    assert pulled.query(
        "select count(distinct group_id) from kam.dim_account where account_key in"
        f" ('crm:{master}', 'crm:{merged}')"
    ) == [(1,)]
    assert pulled.canonical(
        f"select count(*) from staging.stg_crm__contact where contact_id = 'crm:{contact}'"
    ) == [(0,)]
    written = [p for p in pulled.home.rglob("*") if p.is_file() and p.stat().st_size < 10**7]
    assert not [p for p in written if b"hush" in p.read_bytes()]
