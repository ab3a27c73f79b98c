"""A source supplies the entities whose tables its block names, and says which it does not."""

import json
import shutil
from pathlib import Path

import pytest
import yaml

from assets.company import Company, load_company
from assets.faults import ConfigurationFault
from assets.transform.project import (
    FIRST_MODEL,
    assemble,
    compiled,
    lacking_tables,
    parse,
    run_dbt,
    staged_entities,
)
from assets.transform.resource import dbt_resource
from tests.conftest import ROOT


def company_without(folder: Path, example: str, *tables: str) -> Company:
    config = folder / example
    shutil.copytree(ROOT / "examples" / example, config)
    path = config / "sources.yml"
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    for source in document["sources"].values():
        source["extracts"] = [e for e in source["extracts"] if e["table"] not in tables]
    path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    return load_company(config)


def test_an_entity_whose_table_no_extract_names_is_left_out_and_said(tmp_path: Path) -> None:
    company = company_without(tmp_path, "sap", "LIPS", "FAGLFLEXT")
    sap = company.sources[0]

    assert lacking_tables(sap) == {
        "delivery_line": ["lips"],
        "ledger_balance": ["faglflext"],
        "order_line": ["lips"],
    }
    assert {"customer", "invoice_line"} <= set(staged_entities(sap))
    models = assemble(company, tmp_path / "dbt") / "models" / "staging" / "sap"
    assert not (models / "stg_sap__order_line.sql").exists()
    assert (models / "stg_sap__invoice_line.sql").exists()


def test_a_company_without_clients_or_invoices_is_refused_with_the_table_that_lacks(
    tmp_path: Path,
) -> None:
    company = company_without(tmp_path, "template", "invoices")

    with pytest.raises(ConfigurationFault) as found:
        assemble(company, tmp_path / "dbt")
    assert "expected a source that supplies invoice_line" in found.value.reason
    assert "acme has no extract invoices" in found.value.reason


@pytest.fixture(scope="module")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An assembled project as a first run finds it."""
    company = load_company(ROOT / "examples" / "online_retail")
    project = assemble(company, tmp_path_factory.mktemp("assembly") / "dbt")
    parse(project)
    return project


@pytest.mark.slow
def test_what_a_first_run_needs_before_dbt_is_every_model_that_invoice_lines_read(
    parsed: Path,
) -> None:
    models = [(schema, name) for schema, name, _ in compiled(parsed, FIRST_MODEL)]

    assert models == [
        ("staging", "stg_retail__invoice_line"),
        ("canonical", "invoice_line"),
    ]


@pytest.mark.slow
def test_a_project_that_is_parsed_is_not_parsed_again_for_another_build(
    parsed: Path, tmp_path: Path
) -> None:
    for build in ("one", "two"):
        (tmp_path / build).mkdir()
        run_dbt(parsed, ["parse"], warehouse=tmp_path / build / "warehouse.duckdb")
        performed = json.loads((parsed / "target" / "perf_info.json").read_text())
        assert performed["is_partial_parse_enabled"]
        assert performed["path_count"] > 100
        assert performed["parsed_path_count"] == 0, build


@pytest.mark.slow
def test_dagster_starts_dbt_once_and_asks_no_package_index_for_a_newer_one(
    parsed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(*command: object) -> bytes:
        raise AssertionError(f"dbt was started to ask for {command}")

    monkeypatch.setattr("dagster_dbt.core.resource.check_output", asked)
    done = dbt_resource(parsed).cli(["list", "--select", FIRST_MODEL, "--quiet"]).wait()

    assert done.is_successful()
    assert done.adapter is None
