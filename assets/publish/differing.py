"""Writes kam_ops.publication_diff: what is remembered of it, and what this publication changed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from assets.checks import has_table
from assets.differences import Difference
from assets.ledger import KEPT_DAYS
from assets.sql_text import literal
from assets.transform.contract import Table, published_tables


def write_differences(
    database: Path, origin: Path, schema: str, stamp: Mapping[str, Any], found: Sequence[Difference]
) -> None:
    """Write the table into a publication: what a schema of `origin` has of it, and new rows.

    `stamp` holds what all new rows share; rows older than 400 days before its night are dropped.
    """
    table = published_tables()["kam_ops.publication_diff"]
    columns = ", ".join(f'"{c.name}" {c.data_type}' for c in table.columns)
    with duckdb.connect(str(database)) as connection:
        connection.execute(f'create schema if not exists "{table.schema}"')
        connection.execute(f"create or replace table {_into(table)} ({columns})")
        _remember(connection, table, origin, schema, stamp["as_of_date"])
        rows = [
            {**vars(d), "difference": d.difference, "is_over_limit": d.is_over_limit, **stamp}
            for d in found
        ]
        if rows:
            marks = ", ".join("?" for _ in table.columns)
            connection.executemany(
                f"insert into {_into(table)} values ({marks})",
                [[row[c.name] for c in table.columns] for row in rows],
            )
        connection.execute("checkpoint")


def _into(table: Table) -> str:
    return f'"{table.schema}"."{table.name}"'


def _remember(
    connection: duckdb.DuckDBPyConnection, table: Table, origin: Path, schema: str, as_of: Any
) -> None:
    """Carry the rows of the last 400 days; an older version of the product has none."""
    connection.execute(f"attach {literal(origin)} as origin (read_only)")
    if has_table(connection, "origin", replace(table, schema=schema)):
        listed = ", ".join(f'"{c.name}"' for c in table.columns)
        connection.execute(
            f'insert into {_into(table)} select {listed} from origin."{schema}"."{table.name}"'
            f" where as_of_date > cast(? as date) - {KEPT_DAYS}"
            " order by as_of_date, publication_id, table_name, measure",
            [as_of],
        )
    connection.execute("detach origin")
