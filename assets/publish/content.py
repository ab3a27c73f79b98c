"""The published file: which tables, in which order, and the hash of what they say."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

import duckdb

from assets.transform.contract import Table, published_tables

HASH_EXEMPT = ("known_at",)


def create_table(connection: duckdb.DuckDBPyConnection, table: Table, origin: str) -> int:
    """Write a contracted table from a relation, typed and ordered by its key; its row count."""
    into = f'"{table.schema}"."{table.name}"'
    columns = ", ".join(
        f'cast("{column.name}" as {column.data_type}) as "{column.name}"'
        for column in table.columns
    )
    order = ", ".join(f'"{name}" nulls last' for name in table.key)
    connection.execute(f'create schema if not exists "{table.schema}"')
    connection.execute(
        f"create or replace table {into} as select {columns} from {origin} order by {order}"
    )
    return count_rows(connection, into)


def create_latest_view(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """The companion view of a snapshot table: for each group of today, its newest rows."""
    name = f'"{table.schema}"."{table.name}"'
    connection.execute(
        f'create or replace view "{table.schema}"."{table.name}_latest" as '
        f"select snapshot.* from {name} as snapshot "
        f"inner join (select group_id, max(as_of_date) as as_of_date from {name} group by group_id)"
        " as newest on snapshot.group_id = newest.group_id"
        " and snapshot.as_of_date = newest.as_of_date "
        "inner join kam.dim_account_group as today on snapshot.group_id = today.group_id"
    )


def has_latest_view(table: Table) -> bool:
    """Whether a table is a snapshot keyed by group."""
    return table.table_class in ("snapshot", "portfolio_snapshot") and "group_id" in table.key


def count_rows(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    """The number of rows of a relation."""
    row = connection.execute(f"select count(*) from {relation}").fetchone()
    return int(row[0]) if row else 0


def table_hash(
    connection: duckdb.DuckDBPyConnection, table: Table, relation: str, where: str = "true"
) -> str:
    """A hash of the rows of a table whatever their order, `known_at` left out (hex)."""
    columns = [column for column in table.columns if column.name not in HASH_EXEMPT]
    text = ", ".join(f"coalesce(cast(\"{column.name}\" as varchar), '~')" for column in columns)
    shape = ",".join(f"{column.name} {column.data_type}" for column in columns)
    row = connection.execute(
        f"select count(*), coalesce(sum(cast(md5_number_lower(line) as hugeint)), 0),"
        f" coalesce(sum(cast(md5_number_upper(line) as hugeint)), 0)"
        f" from (select concat_ws('|', {text}) as line from {relation} where {where})"
    ).fetchone()
    return hashlib.sha256(f"{table.name}({shape}){row}".encode()).hexdigest()


def content_hash(hashes: Iterable[tuple[str, str]]) -> str:
    """One hash over the tables of a publication, by name."""
    digest = hashlib.sha256()
    for name, value in sorted(hashes):
        digest.update(f"{name}={value}\n".encode())
    return digest.hexdigest()


def business_hashes(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The hash of every table of schema kam of an open publication."""
    return {
        name: table_hash(connection, table, f'"{table.schema}"."{table.name}"')
        for name, table in published_tables().items()
        if table.schema == "kam"
    }


def write_parquet(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write every published table as Parquet beside the database file."""
    for table in published_tables().values():
        target = folder / "parquet" / f"{table.schema}.{table.name}"
        target.mkdir(parents=True, exist_ok=True)
        order = ", ".join(f'"{name}" nulls last' for name in table.key)
        path = str(target / "part-0.parquet").replace("'", "''")
        connection.execute(
            f'copy (select * from "{table.schema}"."{table.name}" order by {order})'
            f" to '{path}' (format parquet, compression zstd)"
        )
