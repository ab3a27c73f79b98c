"""Rows of Python values on their way into a DuckDB table."""

from collections.abc import Sequence
from itertools import chain

import duckdb

AT_ONCE = 200


def insert_rows(
    connection: duckdb.DuckDBPyConnection, relation: str, rows: Sequence[Sequence[object]]
) -> None:
    """Append rows in their order, many by one statement: a commit for each row takes seconds."""
    for start in range(0, len(rows), AT_ONCE):
        part = rows[start : start + AT_ONCE]
        marks = f"({', '.join('?' for _ in part[0])})"
        listed = ", ".join(marks for _ in part)
        connection.execute(f"insert into {relation} values {listed}", list(chain(*part)))
