"""The yml beside each published model says what the metric catalogue says."""

import re
from pathlib import Path

import pytest

from assets.transform.contract import (
    DBT_PROJECT,
    MEMORY_CLASSES,
    all_tables,
    canonical_entities,
)

CATALOGUE = Path(__file__).resolve().parents[3] / "shared" / "design" / "metrics"
TABLES = all_tables()
STAMP = [("known_at", "TIMESTAMP"), ("config_version", "VARCHAR"), ("is_reconstructed", "BOOLEAN")]
UNITS = {
    "rc", "cc", "base", "share", "days", "hours", "months", "count", "points", "date", "code",
    "id", "text", "amount",
}  # fmt: skip


def catalogued(table: str) -> list[tuple[str, str]]:
    if not CATALOGUE.is_dir():
        pytest.skip("the metric catalogue is not beside the project (../shared/design/metrics)")
    for path in CATALOGUE.glob("*.md"):
        found = re.search(
            rf"^## `{table}`\n(.*?)(?=^## |\Z)", path.read_text(encoding="utf-8"), re.S | re.M
        )
        if found:
            return re.findall(r"^\| `(\w+)` \| ([A-Z0-9(),]+) \|", found[1], re.M)
    raise AssertionError(f"{table} is not in the catalogue")


@pytest.mark.parametrize("name", sorted(TABLES))
def test_columns_and_types_are_those_of_the_catalogue(name: str) -> None:
    table = TABLES[name]
    stamp = STAMP if table.table_class in MEMORY_CLASSES else []

    assert [(c.name, c.data_type.upper()) for c in table.columns] == catalogued(table.name) + stamp


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_column_has_a_meaning_a_unit_and_a_direction(name: str) -> None:
    for column in TABLES[name].columns:
        assert column.description, column.name
        assert column.meta["unit"] in UNITS, column.name
        assert column.meta["direction"] in {"higher_better", "lower_better", "neutral"}, column.name


def test_every_canonical_entity_of_the_contract_is_a_table() -> None:
    assert len(canonical_entities()) == 36
    for entity in canonical_entities().values():
        assert [c.name for c in entity.columns][-3:] == [
            "source_system",
            "extract_date",
            "row_hash",
        ]


def test_every_threshold_that_sql_reads_stands_beside_a_column() -> None:
    shown = {
        key.strip()
        for table in TABLES.values()
        for column in table.columns
        for key in str(column.meta.get("thresholds") or "").split(";")
        if key.strip()
    }
    read = {
        key
        for path in (DBT_PROJECT / "models").rglob("*.sql")
        for key in re.findall(r"(?:threshold|money_rate)\('([\w.]+)'\)", path.read_text("utf-8"))
    }
    hidden = {
        key
        for key in read
        if not any(f"{key}.".startswith(f"{s}.") or f"{s}.".startswith(f"{key}.") for s in shown)
    }
    assert len(read) > 60
    assert not hidden, f"name them under `thresholds` of the columns they shape: {sorted(hidden)}"
