"""The business rules in SQL: every dbt unit test of every model and adapter."""

import json
from pathlib import Path

import duckdb
import pytest
import yaml

from assets import memory
from assets.company import load_company
from assets.faults import InfrastructureFault
from assets.transform.project import assemble, run_dbt
from tests.conftest import ROOT

pytestmark = pytest.mark.slow
EXAMPLES = sorted((ROOT / "examples").glob("*/sources.yml"))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """An assembled project in which every adapter has a source, over empty extracts."""
    folder = tmp_path_factory.mktemp("unit")
    config = folder / "config"
    config.mkdir()
    for path in (ROOT / "config").iterdir():
        (config / path.name).write_bytes(path.read_bytes())
    sources = yaml.safe_load((config / "sources.yml").read_text(encoding="utf-8"))
    for example in EXAMPLES:
        of_example = yaml.safe_load(example.read_text(encoding="utf-8"))["sources"]
        name = example.parent.name
        sources["sources"] |= {f"{name}_{source}": block for source, block in of_example.items()}
    plain = folder / "plain"
    plain.mkdir()
    for entity in memory.entity_names():
        (plain / f"{entity}.csv").write_text("", encoding="utf-8")
    sources["sources"]["plain"] = {
        "adapter": "canonical_csv",
        "connector": {"kind": "files", "root": str(plain)},
    }
    (config / "sources.yml").write_text(yaml.safe_dump(sources, sort_keys=False), encoding="utf-8")
    company = load_company(config)
    warehouse = folder / "warehouse.duckdb"
    lay_empty(warehouse, company)
    return assemble(company, folder / "dbt"), warehouse


def lay_empty(warehouse: Path, company: memory.Company) -> None:
    """The schemas that Python lays, and every extract as an empty view."""
    night = memory.NightRow(memory.date(2026, 4, 2), is_reconstructed=False, is_tonight=True)
    with duckdb.connect(str(warehouse)) as connection:
        memory.lay_configuration(connection, company)
        memory.lay_memory(connection, None)
        memory.lay_deliveries(connection, [])
        memory.lay_waivers(connection, [])
        moment = memory.datetime(2026, 4, 3, 7, 15)
        memory.lay_control(connection, company, [night], known_at=moment, is_first_run=True)
        ltv = memory.published_tables()["kam.account_ltv"].columns[:-3]
        typed = ", ".join(f'"{column.name}" {column.data_type}' for column in ltv)
        connection.execute(f"create table scores.account_ltv_night ({typed})")
        connection.execute(
            "create table scores.account_pair (left_key varchar, right_key varchar,"
            " name_similarity double, match_score double)"
        )
        connection.execute(
            "create table scores.halo_estimate (event_id varchar, outcome varchar,"
            " exposed_n bigint, control_n bigint, placebo_n bigint, effect double,"
            " effect_lo double, effect_hi double, pretrend_p double, base_rc double,"
            " verdict varchar, reason varchar)"
        )
        connection.execute(
            "create table scores.segment_decision (group_id varchar, valid_from_date date,"
            " segment_code varchar, service_profile varchar, reason_code varchar,"
            " decided_by varchar)"
        )
        connection.execute(
            "create table scores.segment_waiting (group_id varchar, pending_segment varchar,"
            " pending_since_date date, pending_reviews bigint, held_profile varchar,"
            " hold_reviews_left bigint)"
        )
        for source in company.sources:
            connection.execute(f'create schema "raw_{source.name}"')
            for extract in source.extracts:
                columns = [*extract.columns, *extract.optional_columns]
                listed = ", ".join(f'"{name}" varchar' for name in columns)
                connection.execute(
                    f'create table "raw_{source.name}"."{extract.table.lower()}" ({listed},'
                    " _delivery_id varchar, _file_row bigint, _extract_date date,"
                    " _received_at timestamp, _is_deleted boolean)"
                )


def test_every_business_rule_in_sql_holds(project: tuple[Path, Path]) -> None:
    folder, warehouse = project
    run_dbt(folder, ["run", "--empty", "--quiet"], warehouse=warehouse)
    failure = None
    try:
        run_dbt(folder, ["test", "--select", "test_type:unit", "--quiet"], warehouse=warehouse)
    except InfrastructureFault as fault:
        failure = fault.reason
    results = json.loads((folder / "target" / "run_results.json").read_text())["results"]
    broken = [result["unique_id"] for result in results if result["status"] != "pass"]

    adapters = {path.name for path in (ROOT / "dbt_project/models/staging").iterdir()}
    tested = {source.adapter for source in load_company(folder.parent / "config").sources}
    assert tested == adapters
    assert len(results) > 150
    assert broken == [], failure
