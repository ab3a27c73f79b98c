"""Pulls an extract of an HTTP API into one Parquet file of text, and goes on where it broke off."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from assets.company import Extract
from assets.extract.native import noting
from assets.extract.rest import Api
from assets.extract.rest_calls import (
    LIFTED,
    OVERHEAD,
    as_moment,
    described_types,
    pages_of,
    unfolded,
)
from assets.extract.sql import moved_back
from assets.sql_text import json_pointer, literal


def pull_pages(
    api: Api,
    extract: Extract,
    *,
    since: str | None,
    work: Path,
    say: Callable[[str], None],
    limit: int | None = None,
) -> tuple[list[Path], str | None]:
    """Write the rows of an API as one Parquet file; the file, and the largest cursor in it.

    Pages that an interrupted pull left in `work` for the same question are kept; for another one
    the pull starts again.
    """
    work.mkdir(parents=True, exist_ok=True)
    start = as_moment(moved_back(since, extract.lookback)) if extract.cursor else None
    _hold_to_question(extract, start, work)
    for number, rows in pages_of(api, extract, start, work, say, limit):
        draft = work / ".page"
        with draft.open("w", encoding="utf-8") as file:
            for row in rows:
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
        os.replace(draft, work / f"page-{number:09d}.jsonl")
    target = work / f"{extract.table.lower().replace('/', '_')}.parquet"
    with duckdb.connect() as connection:
        names = _flatten(connection, api.source.connector.preset, extract, work)
        _write(connection, extract, names, target, described_types(extract, work))
        return [target], _largest(connection, extract, names)


def _hold_to_question(extract: Extract, start: str | None, work: Path) -> None:
    asked = json.dumps([extract.model_dump(mode="json"), start], sort_keys=True)
    kept = work / "question.json"
    if kept.is_file() and kept.read_text(encoding="utf-8") == asked:
        return
    shutil.rmtree(work)
    work.mkdir()
    kept.write_text(asked, encoding="utf-8")


def _flatten(
    connection: duckdb.DuckDBPyConnection, preset: str, extract: Extract, work: Path
) -> dict[str, str]:
    """Fill `record` with the rows of all pages, lists unfolded; the pointer of each column."""
    connection.execute("create table record (page varchar, place bigint, body json)")
    files = sorted(work.glob("page-*.jsonl"))
    if files:
        connection.execute(
            "insert into record select filename, row_number() over (), json from"
            f" read_ndjson_objects([{', '.join(literal(f) for f in files)}], filename = true,"
            " maximum_object_size = 100000000)"
        )
    lift = extract.request.lift or LIFTED.get(preset)
    for path in extract.request.explode or unfolded(preset, extract):
        _unfold(connection, path)
    names = _names(connection, "", OVERHEAD.get(preset))
    if lift and lift in names:
        del names[lift]
        names |= _names(connection, json_pointer(lift), None)
    for name in [*extract.columns, *extract.optional_columns, *extract.aliases]:
        if "." in name and name not in names:
            pointer = json_pointer(*name.split("."))
            row = connection.execute(
                f"select count(*) from record where json_exists(body, {literal(pointer)})"
            ).fetchone()
            if row and row[0]:
                names[name] = pointer
    return names


def _unfold(connection: duckdb.DuckDBPyConnection, path: str) -> None:
    """One row for each element of a list, the element in the place of the list."""
    parts = path.split(".")
    patch = "element"
    for part in reversed(parts):
        patch = f"json_object({literal(part)}, {patch})"
    pointer = json_pointer(*parts)
    connection.execute(
        "create or replace table record as select page, place,"
        f" json_merge_patch(body, {patch}) as body from (select page, place, body,"
        f" unnest(json_extract(body, {literal(pointer)})::json[]) as element from record)"
    )


def _names(
    connection: duckdb.DuckDBPyConnection, pointer: str, overhead: str | None
) -> dict[str, str]:
    place = f"json_extract(body, {literal(pointer)})" if pointer else "body"
    keys = connection.execute(
        f"select distinct key from (select unnest(json_keys({place})) as key from record"
        f" where json_type({place}) = 'OBJECT') order by key"
    ).fetchall()
    return {row[0]: pointer + json_pointer(row[0]) for row in keys if row[0] != overhead}


def _write(
    connection: duckdb.DuckDBPyConnection,
    extract: Extract,
    names: dict[str, str],
    target: Path,
    types: dict[str, str],
) -> None:
    """One row per key: where a record stood on two pages (it changed in between), the later."""
    if not names:
        empty = {name: pa.array([], pa.string()) for name in dict.fromkeys(
            [*extract.columns, *extract.optional_columns])}  # fmt: skip
        pq.write_table(pa.table(empty), target)
        return
    native = {new: old for old, new in extract.aliases.items()}
    key = [native.get(k, k) for k in extract.key if native.get(k, k) in names]
    chosen = ", ".join(
        f'json_extract_string(body, {literal(pointer)}) as "{name}"'
        for name, pointer in names.items()
    )
    newest = ""
    if key and len(key) == len(extract.key):
        listed = ", ".join(f'"{name}"' for name in key)
        # Ties are meant: two rows of one page under one key are for the gate to judge.
        newest = f" qualify rank() over (partition by {listed} order by page desc) = 1"
    order = ", ".join([*(f'"{name}"' for name in key), "page", "place"])
    connection.execute(
        f"copy (select * exclude (page, place) from (select {chosen}, page, place from record)"
        f"{newest} order by {order})"
        f" to {literal(target)} (format parquet, compression zstd{noting(types)})"
    )


def _largest(
    connection: duckdb.DuckDBPyConnection, extract: Extract, names: dict[str, str]
) -> str | None:
    pointer = names.get(extract.cursor or "")
    if pointer is None:
        return None
    row = connection.execute(
        f"select max(json_extract_string(body, {literal(pointer)})) from record"
    ).fetchone()
    return str(row[0]) if row and row[0] is not None else None
