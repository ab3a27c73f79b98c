"""A source supplies the entities whose tables its block names, and says which it does not."""

import shutil
from pathlib import Path

import pytest
import yaml

from assets.company import Company, load_company
from assets.faults import ConfigurationFault
from assets.transform.project import assemble, lacking_tables, staged_entities
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
