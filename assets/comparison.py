"""Compares a published table with the one in the previous publication, in DuckDB."""

from collections.abc import Mapping, Sequence

import duckdb

from assets.differences import Difference
from assets.memory import month_end
from assets.transform.contract import Table

MONEY = ("_rc", "_cc", "_base")
STAMPS = ("known_at", "config_version", "is_reconstructed")
MOVES = {  # table: the code that is followed from one publication to the next, and its rows
    "kam.segment_history": ("migrations", "segment_code", "valid_to_date is null"),
    "kam.relationship_health": ("band", "band", "true"),
}


def differences(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    limits: Mapping[str, float],
    *,
    has_parent: bool,
) -> list[Difference]:
    """The differences of a table against the attached publication `before`.

    Rows are always there; what did not change and has no limit is left out.
    """
    name = f"{table.schema}.{table.name}"
    relation = f'"{table.schema}"."{table.name}"'
    if not has_parent:
        row = connection.execute(f"select count(*) from {relation}").fetchone() or (0,)
        return [Difference(name, "rows", None, float(row[0]))]
    before, now = (_shape(connection, table, before=side) for side in (True, False))
    sides = [
        f"{catalog}{relation} {_comparable(connection, table, relation, catalog)}"
        for catalog in ("before.", "")
    ]
    columns = [column for column in now if column in before]
    found = [
        *_counted(connection, table, sides, columns, limits),
        _changed(connection, table, sides, columns),
        *_reshaped(name, before, now),
        *_moved(connection, name, sides),
    ]
    return [d for d in found if d.measure == "rows" or d.difference or d.limit_ratio is not None]


def _shape(connection: duckdb.DuckDBPyConnection, table: Table, *, before: bool) -> dict[str, str]:
    database = "'before'" if before else "current_database()"
    rows = connection.execute(
        f"select column_name, data_type from duckdb_columns() where database_name = {database}"
        " and schema_name = ? and table_name = ? order by column_index",
        [table.schema, table.name],
    ).fetchall()
    return dict(rows)


def _comparable(
    connection: duckdb.DuckDBPyConnection, table: Table, relation: str, catalog: str
) -> str:
    """The rows of a snapshot table that two publications share in kind.

    Of a table that holds all groups on month ends only, a month end is compared with the month end
    before, and another night on key accounts.
    """
    if "as_of_date" not in table.key:
        return "where true"
    if table.table_class == "portfolio_snapshot" or "group_id" not in table.key:
        return f"where as_of_date = (select max(as_of_date) from {catalog}{relation})"
    row = connection.execute(f"select max(as_of_date) from {relation}").fetchone()
    is_month_end = bool(row and row[0] and row[0] == month_end(row[0]))
    kind = "where as_of_date = last_day(as_of_date)" if is_month_end else ""
    newest = f"where as_of_date = (select max(as_of_date) from {catalog}{relation} {kind})"
    if is_month_end:
        return newest
    keys = f"select group_id from {catalog}kam.dim_account_group where is_key_account"
    return f"{newest} and group_id in ({keys})"


def _counted(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    sides: Sequence[str],
    columns: Sequence[str],
    limits: Mapping[str, float],
) -> list[Difference]:
    """Rows, the sum of each column of money, and the empty values of each column."""
    formulas = {"rows": "count(*)"}
    for column in columns:
        if column.endswith(MONEY):
            formulas[f"sum:{column}"] = f'coalesce(sum("{column}"), 0)'
        if column not in table.key:
            formulas[f"nulls:{column}"] = f'count(*) - count("{column}")'
    listed = ", ".join(f"cast({formula} as double)" for formula in formulas.values())
    before, after = (
        connection.execute(f"select {listed} from {side}").fetchone() or () for side in sides
    )
    return [
        Difference(f"{table.schema}.{table.name}", measure, old, new, limits.get(measure))
        for measure, old, new in zip(formulas, before, after, strict=True)
    ]


def _changed(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    sides: Sequence[str],
    columns: Sequence[str],
) -> Difference:
    """Rows that are new, gone, or say something else under the same key."""
    key = [name for name in table.key if name != "as_of_date" and name in columns]
    said = [name for name in columns if name not in (*table.key, *STAMPS)]
    listed = "".join(f'"{name}", ' for name in key)
    content = ", ".join(f'"{name}"' for name in said) or "0"
    old, new = (f"(select {listed}hash({content}) as said, 1 as one from {side})" for side in sides)
    same = ", ".join([*(f'"{name}"' for name in key), "one"])
    row = connection.execute(
        f"select count(*) from {old} as old full join {new} as new using ({same})"
        " where old.said is distinct from new.said"
    ).fetchone() or (0,)
    return Difference(f"{table.schema}.{table.name}", "rows_changed", 0.0, float(row[0]))


def _reshaped(name: str, before: Mapping[str, str], after: Mapping[str, str]) -> list[Difference]:
    shapes = {
        "columns_added": [f"{c} {kind}" for c, kind in after.items() if c not in before],
        "columns_removed": [f"{c} {kind}" for c, kind in before.items() if c not in after],
        "columns_retyped": [
            f"{c} {before[c]} to {kind}"
            for c, kind in after.items()
            if c in before and before[c] != kind
        ],
    }
    return [
        Difference(name, measure, 0.0, float(len(said)), detail="; ".join(said) or None)
        for measure, said in shapes.items()
    ]


def _moved(
    connection: duckdb.DuckDBPyConnection, name: str, sides: Sequence[str]
) -> list[Difference]:
    """How many groups went from one segment or band to another; newcomers came from none."""
    if name not in MOVES:
        return []
    measure, code, where = MOVES[name]
    old, new = (f"(select group_id, {code} as code from {side} and {where})" for side in sides)
    rows = connection.execute(
        f"select old.code, new.code, count(*) from {old} as old inner join {new} as new"
        " using (group_id) where old.code <> new.code group by all order by all"
    ).fetchall()
    return [Difference(name, f"{measure}:{a}>{b}", 0.0, float(n)) for a, b, n in rows]
