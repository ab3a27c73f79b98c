"""Tells the rows of a delivery apart: equal rows collapse, rivals under one key are marked."""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from assets.company import Extract
from assets.sql_text import literal


def keep_one_of_each(
    extract: Extract, columns: Sequence[str], whole: Path, target: Path
) -> tuple[int, int]:
    """Keep the first of exactly equal rows and mark those that cannot be told apart by key.

    Several different rows under one key are rivals (DUP_KEY), a row may lack its key (MISSING);
    rows marked as deleted are rivals of nobody. With the position as part of the key nothing
    collapses. Moves `whole` to `target`; returns how many rows were collapsed and marked.
    """
    if "_file_row" in extract.key:
        whole.rename(target)
        return 0, 0
    with duckdb.connect() as connection:
        connection.execute("set preserve_insertion_order = true")
        if not _find_doubtful(connection, extract, columns, whole):
            whole.rename(target)
            return 0, 0
        connection.execute(
            f"create table kept as select min(_file_row) as _file_row, {_reason(extract, columns)}"
            f" as reason from doubtful group by {_listed(columns)}"
        )
        connection.execute(
            f"copy (select whole.* replace (kept.reason as _reason) from {literal(whole)} as whole"
            " left join doubtful on doubtful._file_row = whole._file_row"
            " left join kept on kept._file_row = whole._file_row"
            " where doubtful._file_row is null or kept._file_row is not null"
            f" order by whole._file_row) to {literal(target)} (format parquet, compression zstd)"
        )
        found = connection.execute(
            "select (select count(*) from doubtful), count(*), count(reason) from kept"
        ).fetchone()
    whole.unlink()
    n_doubtful, n_kept, n_marked = found or (0, 0, 0)
    return int(n_doubtful - n_kept), int(n_marked)


def _find_doubtful(
    connection: duckdb.DuckDBPyConnection, extract: Extract, columns: Sequence[str], whole: Path
) -> bool:
    """Put the rows that share their key, or lack it, into `doubtful`; whether there are any.

    Different hashes prove different keys, so a delivery without doubt costs one count.
    """
    key = _key(extract, columns) or list(columns)
    relation, hashed = literal(whole), f"hash({_listed(key)})"
    blank = _blank(key)
    [(n_repeated,)] = connection.execute(
        f"select count(*) - count(distinct {hashed}) from {relation}"
    ).fetchall()
    [(n_blank,)] = connection.execute(f"select count(*) from {relation} where {blank}").fetchall()
    if not n_repeated and not n_blank:
        return False
    connection.execute(
        f"create table doubtful as select * from {relation} where ({blank}) or {hashed} in"
        f" (select {hashed} from {relation} group by all having count(*) > 1)"
    )
    return True


def _reason(extract: Extract, columns: Sequence[str]) -> str:
    key = _key(extract, columns)
    if not key:
        return "cast(null as varchar)"
    live = "true"
    if extract.deleted and extract.deleted != "missing":
        live = f"not coalesce({extract.deleted}, false)"
    rivals = f"count(*) filter ({live}) over (partition by {_listed(key)})"
    return f"case when {_blank(key)} then 'MISSING' when {live} and {rivals} > 1 then 'DUP_KEY' end"


def _key(extract: Extract, columns: Sequence[str]) -> list[str]:
    """The key, if every column of it was delivered."""
    return list(extract.key) if set(extract.key) <= set(columns) else []


def _blank(names: Sequence[str]) -> str:
    return " and ".join(f"nullif(trim(\"{name}\"), '') is null" for name in names)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
