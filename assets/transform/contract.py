"""What canonical entities and published tables promise, from the yml beside each model."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from assets.yaml_text import parse_yaml

REPOSITORY = Path(__file__).resolve().parents[2]
DBT_PROJECT = REPOSITORY / "dbt_project"
MEMORY_CLASSES = ("snapshot", "portfolio_snapshot", "state")


@dataclass(frozen=True)
class Column:
    """A column of a contract: its DuckDB type in lower case, its description and metadata."""

    name: str
    data_type: str
    description: str
    meta: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """A table of a contract, columns in published order."""

    schema: str
    name: str
    description: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    meta: dict[str, Any] = field(default_factory=dict)

    @property
    def table_class(self) -> str:
        """snapshot, portfolio_snapshot, state, rebuilt, ledger, one_row, sandbox."""
        return str(self.meta.get("class", "rebuilt"))


def _table(schema: str, node: dict[str, Any]) -> Table:
    meta = (node.get("config") or {}).get("meta") or {}
    columns = tuple(
        Column(
            name=column["name"],
            data_type=str(column.get("data_type", "varchar")).lower(),
            description=str(column.get("description", "")),
            meta=(column.get("config") or {}).get("meta") or {},
        )
        for column in node.get("columns", [])
    )
    return Table(
        schema=schema,
        name=(node.get("config") or {}).get("alias", node["name"]),
        description=" ".join(str(node.get("description", "")).split()),
        key=tuple(meta.get("key", [])),
        columns=columns,
        meta=meta,
    )


@cache
def tables_of(layer: str) -> dict[str, Table]:
    """The contracted tables of a layer folder (`canonical`, `kam`, `kam_ops`, ...), by name."""
    found: dict[str, Table] = {}
    for path in sorted((DBT_PROJECT / "models" / layer).rglob("*.yml")):
        document = parse_yaml(path.read_text(encoding="utf-8")) or {}
        nodes = list(document.get("models", []))
        for source in document.get("sources", []):
            nodes += source.get("tables", [])
        for node in nodes:
            table = _table(layer, node)
            found[table.name] = table
    return found


def canonical_entities() -> dict[str, Table]:
    """The canonical entities by name; a column with meta `required` must be filled."""
    return {name: table for name, table in tables_of("canonical").items() if table.key}


def published_tables() -> dict[str, Table]:
    """Every published table by `schema.name`."""
    return {
        f"{table.schema}.{name}": table
        for layer in ("kam", "kam_ops")
        for name, table in sorted(tables_of(layer).items())
        if table.table_class != "sandbox"
    }


def sandbox_tables() -> dict[str, Table]:
    """Every table that only a sandbox has, by `schema.name`."""
    found = tables_of("kam_ops").items()
    return {f"{t.schema}.{name}": t for name, t in found if t.table_class == "sandbox"}


def restricted_tables() -> dict[str, Table]:
    """Every table of the restricted file by `schema.name`."""
    return {f"{t.schema}.{name}": t for name, t in sorted(tables_of("kam_restricted").items())}


def all_tables() -> dict[str, Table]:
    """Every table that somebody may read, published or restricted, by `schema.name`."""
    return published_tables() | restricted_tables()


def state_tables() -> dict[str, Table]:
    """State that is carried from publication to publication without being published."""
    return {
        name: table for name, table in tables_of("marts").items() if table.table_class == "state"
    }
