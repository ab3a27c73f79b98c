"""The adapters, read as text: what each maps, and that it reads only what sources.yml declares."""

import re
from pathlib import Path

import pytest
import yaml

from assets.transform.contract import DBT_PROJECT, REPOSITORY, canonical_entities

STAGING = DBT_PROJECT / "models" / "staging"
ADAPTERS = sorted(path.name for path in STAGING.iterdir() if path.is_dir())
NATIVE_COLUMN = re.compile(r"\b(?:(?:[A-Z][0-9]|BM|CTG|CQ0|DA1)_[A-Z0-9]+|[A-Z][A-Za-z_]+__c)\b")
RAW_TABLE = re.compile(r"source\('raw_\w+', '(\w+)'\)")


def models(adapter: str) -> list[Path]:
    return sorted((STAGING / adapter).glob("*.sql"))


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_every_model_maps_one_canonical_entity_and_says_so_beside_it(adapter: str) -> None:
    for path in models(adapter):
        assert path.stem.removeprefix(f"stg_{adapter}__") in canonical_entities()
        document = yaml.safe_load(path.with_suffix(".yml").read_text(encoding="utf-8"))
        assert [model["name"] for model in document["models"]] == [path.stem]
        assert document["models"][0]["description"].strip()


@pytest.mark.parametrize(("source", "adapter"), [("erp_main", "protheus"), ("crm", "salesforce")])
def test_an_adapter_reads_only_tables_and_columns_that_sources_yml_declares(
    source: str, adapter: str
) -> None:
    declared = yaml.safe_load((REPOSITORY / "config" / "sources.yml").read_text(encoding="utf-8"))
    extracts = declared["sources"][source]["extracts"]
    columns = {c for e in extracts for c in [*e["columns"], *e.get("optional_columns", [])]}
    for path in models(adapter):
        text = path.read_text(encoding="utf-8")
        assert set(RAW_TABLE.findall(text)) <= {e["table"].lower() for e in extracts}, path.name
        assert set(NATIVE_COLUMN.findall(text)) <= columns, path.name


def test_files_in_the_canonical_shape_may_bring_every_entity() -> None:
    mapped = {path.stem.removeprefix("stg_canonical_csv__") for path in models("canonical_csv")}
    assert mapped == set(canonical_entities())
