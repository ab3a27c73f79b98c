"""The types that columns have in their own system: noted with a pull, read of typed files."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from assets.company import Extract
from assets.sql_text import json_pointer, literal

NOTE = "native_types"
ANY_OF = "|"
JSON_KIND = (
    "case json_type(text, {0}) when 'NULL' then null when 'VARCHAR' then 'STRING'"
    " when 'BOOLEAN' then 'BOOLEAN' when 'OBJECT' then 'OBJECT' when 'ARRAY' then 'ARRAY'"
    " else 'NUMBER' end"
)


def noting(types: Mapping[str, str]) -> str:
    """The option by which a pulled file of text says what its columns are in their system."""
    if not types:
        return ""
    return f", kv_metadata {{{NOTE}: {literal(json.dumps(dict(sorted(types.items()))))}}}"


def native_types(extract: Extract, files: Sequence[Path]) -> dict[str, str]:
    """The type of each column in its own system, by its declared name; of text formats none."""
    if extract.format == "jsonl":
        found = _of_json(files, extract.dialect.encoding)
    elif extract.format == "parquet":
        found = _of_parquet(files)
    else:
        found = {}
    return {extract.aliases.get(name, name): kind for name, kind in found.items()}


def _of_parquet(files: Sequence[Path]) -> dict[str, str]:
    noted = (pq.read_metadata(files[0]).metadata or {}).get(NOTE.encode())
    if noted is not None:
        return dict(json.loads(noted))
    listed = ", ".join(literal(path) for path in files)
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"describe select * from read_parquet([{listed}], union_by_name = true)"
        ).fetchall()
    return {row[0]: row[1] for row in rows}


def _of_json(files: Sequence[Path], encoding: str) -> dict[str, str]:
    """Of each key what its values are; several where they differ, joined by a bar."""
    if encoding.lower().replace("-", "") != "utf8":
        return {}
    listed = ", ".join(literal(path) for path in files)
    with duckdb.connect() as connection:
        connection.execute(
            "create table line as select json as text from read_ndjson_objects("
            f"[{listed}], ignore_errors = true) where json_type(json) = 'OBJECT'"
        )
        keys = connection.execute(
            "select distinct unnest(json_keys(text)) as key from line order by key"
        ).fetchall()
        if not keys:
            return {}
        kinds = ", ".join(
            f"array_to_string(list_sort(list(distinct {JSON_KIND.format(pointer)}) filter"
            f" (json_exists(text, {pointer}))), '{ANY_OF}')"
            for pointer in (literal(json_pointer(key)) for (key,) in keys)
        )
        found = connection.execute(f"select {kinds} from line").fetchone() or ()
    return {key: kind for (key,), kind in zip(keys, found, strict=True) if kind}


def retyped(before: Mapping[str, str], now: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """The columns of both that are now something they were not: what they were, what they are."""
    return {
        name: (before[name], kind)
        for name, kind in sorted(now.items())
        if name in before and set(kind.split(ANY_OF)) - set(before[name].split(ANY_OF))
    }
