"""Names follow the grammar of CONTRIBUTING, and every model has its description beside it."""

import re
from pathlib import Path

import pytest
import yaml

from assets.transform.contract import all_tables

MODELS = Path(__file__).resolve().parents[2] / "dbt_project" / "models"
GRAMMAR = {
    "staging": r"stg_(?P<adapter>[a-z0-9_]+?)__[a-z0-9_]+",
    "canonical": r"[a-z][a-z0-9_]*",
    "intermediate": r"int_[a-z0-9_]+__[a-z0-9_]+",
    "marts": r"[a-z][a-z0-9_]*",
    "kam": r"[a-z][a-z0-9_]*",
    "kam_ops": r"[a-z][a-z0-9_]*",
    "kam_restricted": r"[a-z][a-z0-9_]*",
}


@pytest.mark.parametrize("layer", sorted(GRAMMAR))
def test_a_model_is_named_by_its_layer_and_described_beside_it(layer: str) -> None:
    for path in sorted((MODELS / layer).rglob("*.sql")):
        assert re.fullmatch(GRAMMAR[layer], path.stem), path
        described = path.with_suffix(".yml")
        assert described.is_file(), described
        [model] = [
            model
            for model in yaml.safe_load(described.read_text(encoding="utf-8"))["models"]
            if model["name"] == path.stem
        ]
        assert model.get("description"), described


def test_a_staging_model_is_named_after_its_adapter() -> None:
    for path in sorted((MODELS / "staging").rglob("*.sql")):
        assert path.stem.startswith(f"stg_{path.parent.name}__"), path


def test_a_column_s_name_says_its_unit() -> None:
    for name, table in all_tables().items():
        for column in table.columns:
            place = (name, column.name)
            is_money = column.name.endswith(("_rc", "_cc", "_base"))
            if is_money and not column.name.startswith("n_"):
                assert column.data_type == "decimal(18,2)", place
            if column.name.endswith("_date") and not column.name.startswith(("is_", "has_")):
                assert column.data_type == "date", place
            if column.name.endswith("_at"):
                assert column.data_type == "timestamp", place
            if column.name.startswith(("is_", "has_")):
                assert column.data_type == "boolean", place
