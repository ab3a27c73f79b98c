"""One company whose ERP is delivered as Protheus files, as its database, and in canonical files."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pgserver
import psycopg
import pytest
import yaml

from assets.transform.contract import canonical_entities
from tests.conftest import World, another, environment, hashes_of

pytestmark = pytest.mark.slow
NIGHT, CLOCK = "2026-03-30", "2026-03-31T07:15:00Z"
DECIMAL = "'-?[0-9.]+,[0-9]+-?'"


def warehouse_of(world: World) -> duckdb.DuckDBPyConnection:
    [path] = (world.home / "build").glob("*/warehouse.duckdb")
    return duckdb.connect(str(path), read_only=True)


def reconfigure(world: World, connector: dict, extracts: list[dict] | None, adapter: str) -> None:
    path = world.config / "sources.yml"
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    source = {"adapter": adapter, "connector": connector}
    if extracts is not None:
        source["extracts"] = extracts
    document["sources"]["erp_main"] = source
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")


def protheus_extracts(world: World) -> list[dict]:
    document = yaml.safe_load((world.config / "sources.yml").read_text(encoding="utf-8"))
    return document["sources"]["erp_main"]["extracts"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    found = pgserver.get_server(tmp_path_factory.mktemp("protheus_db"), cleanup_mode="delete")
    yield found.get_uri()
    found.cleanup()


def test_the_database_of_protheus_publishes_what_its_files_publish(
    first_night: World, server: str, tmp_path: Path
) -> None:
    world = another(first_night, tmp_path / "world")
    extracts = protheus_extracts(world)
    with warehouse_of(first_night) as raw, psycopg.connect(server, autocommit=True) as target:
        for extract in extracts:
            table = extract["table"].lower()
            columns = [*extract["columns"], *extract.get("optional_columns", [])]
            chosen = ", ".join(
                f'case when regexp_full_match(trim("{name}"), {DECIMAL}) then'
                f" replace(replace(\"{name}\", '.', ''), ',', '.') else \"{name}\" end"
                for name in columns
            )
            path = tmp_path / f"{table}.csv"
            raw.execute(
                f"copy (select {chosen} from raw_erp_main.{table}) to '{path}' (header false)"
            )
            listed = ", ".join(f"{name} text" for name in columns)
            target.execute(f"create table {table} ({listed})".encode())
            with target.cursor().copy(f"copy {table} from stdin (format csv)".encode()) as copy:
                copy.write(path.read_bytes())
    pulled = [
        {k: v for k, v in extract.items() if k not in ("path", "format", "dialect", "expect_every")}
        for extract in extracts
    ]
    reconfigure(world, {"kind": "sql", "root": "PROTHEUS_DSN"}, pulled, "protheus")

    with environment(PROTHEUS_DSN=server):
        assert world.kam("nightly", "--as-of", NIGHT, now=CLOCK) == 0
    assert hashes_of(world) == hashes_of(first_night)


def test_canonical_files_publish_what_the_files_of_protheus_publish(
    first_night: World, tmp_path: Path
) -> None:
    world = another(first_night, tmp_path / "world")
    plain = tmp_path / "plain"
    plain.mkdir()
    with warehouse_of(first_night) as built:
        for name, table in canonical_entities().items():
            chosen = ", ".join(
                written(column.name, column.data_type)
                for column in table.columns
                if column.name not in ("source_system", "extract_date", "row_hash")
            )
            built.execute(
                f"copy (select {chosen} from canonical.\"{name}\" where source_system = 'erp_main')"
                f" to '{plain / f'{name}.csv'}' (header)"
            )
    for path in plain.iterdir():
        if path.read_text(encoding="utf-8").count("\n") < 2:
            path.unlink()
    reconfigure(world, {"kind": "files", "root": str(plain)}, None, "canonical_csv")

    assert world.kam("nightly", "--as-of", NIGHT, now=CLOCK) == 0
    assert hashes_of(world) == hashes_of(first_night)


def written(name: str, data_type: str) -> str:
    """A canonical column as text of a canonical file."""
    if data_type == "timestamp":
        return f'strftime("{name}", \'%Y-%m-%dT%H:%M:%SZ\') as "{name}"'
    if data_type.endswith("[]"):
        return f'array_to_string("{name}", \';\') as "{name}"'
    return f'"{name}"'
