"""Reads Parquet and JSON Lines as text, one column per declared name."""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from assets.company import Extract
from assets.extract.columns import check_columns
from assets.extract.exact import with_exact_numbers
from assets.extract.records import codec, opened
from assets.extract.text import EmptyFile
from assets.faults import FileFault
from assets.sql_text import json_pointer, literal

FLOATS = ("DOUBLE", "FLOAT")


def parquet_to_parquet(
    extract: Extract, files: Sequence[Path], target: Path, *, may_lack_columns: bool
) -> tuple[int, tuple[str, ...]]:
    """Write the rows of Parquet files as text; an unreadable file is a FileFault."""
    listed = ", ".join(literal(path) for path in files)
    relation = f"read_parquet([{listed}], union_by_name = true)"
    with duckdb.connect() as connection:
        try:
            described = connection.execute(f"describe select * from {relation}").fetchall()
        except duckdb.Error as error:
            raise FileFault(
                "TRUNCATED",
                f"{files[0]}: expected complete Parquet files, found one that cannot be read. "
                "Have it sent again, then run make nightly.",
            ) from error
        found = [extract.aliases.get(row[0], row[0]) for row in described]
        check_columns(extract, files[0].name, found, may_lack=may_lack_columns)
        chosen = ", ".join(
            f'{_as_text(row[0], row[1])} as "{name}"'
            for row, name in zip(described, found, strict=True)
        )
        rows = f"select {chosen}, 0 as _part, row_number() over () as _record from {relation}"
        return _write(connection, rows, target), tuple(found)


def _as_text(name: str, kind: str) -> str:
    if kind not in FLOATS:
        return f'cast("{name}" as varchar)'
    plain = f'cast(try_cast("{name}" as decimal(38, 12)) as varchar)'
    return f"coalesce(rtrim(rtrim({plain}, '0'), '.'), cast(\"{name}\" as varchar))"


def json_to_parquet(
    extract: Extract,
    files: Sequence[Path],
    work: Path,
    target: Path,
    rejects: Path,
    *,
    may_lack_columns: bool,
) -> tuple[int, tuple[str, ...]]:
    """Write the objects of JSON Lines files, values as text; lines that are none are rejects."""
    with duckdb.connect() as connection:
        connection.execute("create table line (part integer, record bigint, text varchar)")
        for number, path in enumerate(files):
            text = work / f"{number}.jsonl"
            _transcode(path, text, extract.dialect.encoding)
            connection.execute(
                f"insert into line select {number}, row_number() over (), text from (select *"
                f" from read_csv({literal(text)}, columns = {{'text': 'varchar'}},"
                " delim = '\x01', quote = '', escape = '', header = false, auto_detect = false,"
                " parallel = false, null_padding = false, max_line_size = 20000000)"
                " where text <> '')"
            )
        is_object = "case when json_valid(text) then json_type(text) = 'OBJECT' else false end"
        connection.execute(
            f"copy (select part, record, 'STRUCTURE' as reason from line where not ({is_object})"
            f" order by all) to {literal(rejects)} (format parquet)"
        )
        connection.execute(f"delete from line where not ({is_object})")
        keys = connection.execute(
            "select key from (select unnest(json_keys(text)) as key from line) group by key"
            " order by key"
        ).fetchall()
        native = [row[0] for row in keys] or [*extract.columns, *extract.optional_columns]
        found = [extract.aliases.get(name, name) for name in native]
        check_columns(extract, files[0].name, found, may_lack=may_lack_columns)
        chosen = ", ".join(
            f'json_extract_string(text, {literal(json_pointer(key))}) as "{name}"'
            for key, name in zip(native, found, strict=True)
        )
        relation = (
            f"select {chosen}, part as _part, record as _record from line order by part, record"
        )
        return _write(connection, relation, target), tuple(found)


def _transcode(path: Path, target: Path, encoding: str) -> None:
    with opened(path) as source:
        content = source.read()
    if not content:
        raise EmptyFile(
            f"EMPTY_FILE: {path}: expected rows, found 0 bytes. Have it sent again, then run make "
            "nightly."
        )
    try:
        exact = with_exact_numbers(content.decode(codec(encoding)))
        target.write_text(exact, encoding="utf-8", newline="")
    except UnicodeDecodeError as error:
        raise FileFault(
            "DECODE",
            f"{path}: expected the encoding {encoding}, found a byte it does not have at offset "
            f"{error.start}. Declare dialect.encoding in sources.yml.",
        ) from error


def _write(connection: duckdb.DuckDBPyConnection, relation: str, target: Path) -> int:
    connection.execute(
        "copy (select *, cast(null as varchar) as _reason, row_number() over () as _file_row"
        f" from ({relation}))"
        f" to {literal(target)} (format parquet, compression zstd)"
    )
    row = connection.execute(f"select count(*) from {literal(target)}").fetchone()
    return int(row[0]) if row else 0
