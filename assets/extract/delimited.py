"""Reads delimited text: declared encoding, declared dialect, nothing guessed, nothing lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from assets.company import Extract
from assets.extract.columns import check_columns
from assets.extract.records import count_records
from assets.extract.text import ODD, Survey, survey
from assets.faults import FileFault
from assets.sql_text import literal


@dataclass(frozen=True)
class Part:
    """One file of a delivery: what was delivered, its text, its column names, its records."""

    delivered: Path
    text: Survey
    columns: tuple[str, ...]
    n_lines: int
    n_headers: int


def csv_to_parquet(
    extract: Extract,
    files: Sequence[Path],
    work: Path,
    target: Path,
    rejects: Path,
    *,
    may_lack_columns: bool = False,
) -> tuple[int, tuple[str, ...]]:
    """Write the rows of a delivery, all text, with `_file_row`; rows and native columns found.

    `rejects` gets the records that are no rows: part (0 = first file), record and reason.
    Raises EmptyFile, or FileFault with the reason of reliability's fault matrix.
    """
    parts = [
        _part(extract, path, work / f"{n}.csv", may_lack_columns) for n, path in enumerate(files)
    ]
    with duckdb.connect() as connection:
        # Numbering rows is one thread's work; a second one only makes it buffer the whole file.
        connection.execute("set threads = 1")
        connection.execute("create table rejected (part integer, record bigint, reason varchar)")
        streamed = [work / f"{number}.parquet" for number in range(len(parts))]
        counts = [
            _stream(connection, extract, part, number, path)
            for number, (part, path) in enumerate(zip(parts, streamed, strict=True))
        ]
        for number, (part, n_rows) in enumerate(zip(parts, counts, strict=True)):
            _hold_to_count(connection, extract, part, number, n_rows)
        if len(parts) == 1 and connection.execute("from rejected").fetchone() is None:
            streamed[0].rename(target)
        else:
            _renumber(connection, parts, counts, streamed, target)
        connection.execute(
            "copy (select distinct part, record, reason from rejected order by all)"
            f" to {literal(rejects)} (format parquet)"
        )
        _refuse_misread(connection, parts, target)
    return sum(counts), parts[0].columns


def _part(extract: Extract, path: Path, target: Path, may_lack_columns: bool) -> Part:
    text = survey(path, target, extract.dialect.encoding)
    columns = _header(extract, path, text.path, may_lack_columns)
    if extract.dialect.ends_with_newline and text.last_line:
        fields = text.last_line.count(extract.dialect.delimiter) + 1
        code = "TRUNCATED" if fields < len(columns) else "NO_EOL"
        raise FileFault(
            code,
            f"{path}: expected the last line to end, found a file cut off after {fields} of "
            f"{len(columns)} fields. Have it sent again, then run make nightly.",
        )
    n_lines = text.n_line_ends + bool(text.last_line)
    return Part(path, text, columns, n_lines, int(extract.dialect.header))


def _header(extract: Extract, path: Path, text: Path, may_lack_columns: bool) -> tuple[str, ...]:
    """The column names of a file, held against the contract."""
    if not extract.dialect.header:
        return tuple(extract.columns)
    with text.open(encoding="utf-8", newline="") as handle:
        line = handle.readline().rstrip("\r\n")
    quote = extract.dialect.quote
    names = [name.strip().strip(quote) for name in line.split(extract.dialect.delimiter)]
    found = [extract.aliases.get(name, name) for name in names]
    check_columns(extract, path.name, found, may_lack=may_lack_columns)
    return tuple(found)


def _stream(
    connection: duckdb.DuckDBPyConnection, extract: Extract, part: Part, number: int, target: Path
) -> int:
    """Copy the rows of a file to Parquet in one pass, as if every line were one; their count."""
    dialect = extract.dialect
    columns = ", ".join(f"{literal(name)}: 'varchar'" for name in part.columns)
    nulls = ", ".join(literal(token) for token in dialect.null_tokens) or "''"
    quote = literal(dialect.quote)
    try:
        connection.execute(
            f"copy (select *, {number} as _part, row_number() over () + {part.n_headers}"
            " as _record, cast(null as varchar) as _reason, row_number() over () as _file_row"
            f" from read_csv({literal(part.text.path)}, columns = {{{columns}}},"
            f" delim = {literal(dialect.delimiter)}, quote = {quote}, escape = {quote},"
            f" header = {str(dialect.header).lower()}, nullstr = [{nulls}],"
            " auto_detect = false, strict_mode = true, null_padding = false, parallel = false,"
            f" max_line_size = 20000000, store_rejects = true, rejects_limit = 0,"
            f" rejects_table = 'errors_{number}', rejects_scan = 'scans_{number}'))"
            f" to {literal(target)} (format parquet, compression zstd)"
        )
        connection.execute(
            f"insert into rejected select distinct {number}, line, 'FIELDS' from errors_{number}"
        )
    except duckdb.Error as error:
        found = " ".join(str(error).split())[:200]
        raise FileFault(
            "STRUCTURE",
            f"{part.delivered}: expected rows of {len(part.columns)} fields separated by "
            f"'{dialect.delimiter}', found text that is not: {found} Have the file exported "
            "again, or correct its dialect in sources.yml.",
        ) from error
    row = connection.execute(f"select count(*) from {literal(target)}").fetchone()
    return int(row[0]) if row else 0


def _renumber(
    connection: duckdb.DuckDBPyConnection,
    parts: Sequence[Part],
    counts: Sequence[int],
    streamed: Sequence[Path],
    target: Path,
) -> None:
    """Put the files of a delivery together; rows behind a reject stand that much later."""
    connection.execute(
        "create table passed as select part, record - row_number() over (partition by part"
        " order by record) as row_before, row_number() over (partition by part order by record)"
        " as n_passed from (select distinct part, record from rejected)"
    )
    connection.execute(
        "create table shift as select part, row_before, max(n_passed) as n_passed from passed"
        " group by part, row_before"
    )
    selects = [
        f"select streamed.* replace (streamed._record + coalesce(shift.n_passed, 0) as _record,"
        f" streamed._file_row + {sum(counts[:number])} as _file_row)"
        f" from {literal(path)} as streamed asof left join shift on shift.part = streamed._part"
        " and streamed._record > shift.row_before"
        for number, path in enumerate(streamed)
    ]
    union = " union all by name ".join(selects)
    connection.execute(
        f"copy (select * from ({union}) order by _file_row)"
        f" to {literal(target)} (format parquet, compression zstd)"
    )


def _hold_to_count(
    connection: duckdb.DuckDBPyConnection, extract: Extract, part: Part, number: int, n_rows: int
) -> None:
    """Every record of the file is a row or a reject; the last one is no half row."""
    figures = connection.execute(
        f"select count(distinct record), max(record) from rejected where part = {number}"
    ).fetchone()
    n_rejects, last_reject = figures or (0, None)
    found = n_rows + n_rejects + part.n_headers
    if found != part.n_lines:
        in_file, is_open = count_records(part.delivered, extract.dialect)
        if is_open or found != in_file:
            problem = "a quote that is never closed" if is_open else f"only {found} of them read"
            raise FileFault(
                "TRUNCATED" if is_open else "STRUCTURE",
                f"{part.delivered}: expected {in_file} records, found {problem}. Have it exported "
                "again, then run make nightly.",
            )
        found = in_file
    if last_reject is not None and last_reject >= found:
        raise FileFault(
            "TRUNCATED",
            f"{part.delivered}: expected {len(part.columns)} fields in the last line, found "
            "another number of them. Have it sent again, then run make nightly.",
        )


def _refuse_misread(
    connection: duckdb.DuckDBPyConnection, parts: Sequence[Part], target: Path
) -> None:
    """Text in which nearly every accent is two odd characters was declared in a wrong encoding."""
    accented = sum(part.text.accented for part in parts)
    if 4 * sum(part.text.misread for part in parts) <= accented:
        return
    listed = ", ".join(f'"{name}"' for name in parts[0].columns)
    row = connection.execute(
        "select count(*) filter (regexp_matches(line, '[^\\x00-\\x7F]')),"
        f" count(*) filter (regexp_matches(line, {literal(ODD)}))"
        f" from (select concat_ws(' ', {listed}) as line from {literal(target)})"
    ).fetchone()
    accented, misread = row or (0, 0)
    if misread and misread > accented / 2:
        raise FileFault(
            "DECODE",
            f"{parts[0].delivered}: expected text in the declared encoding, found {misread} of "
            f"{accented} accented rows that read like UTF-8 taken for another one. Declare "
            "dialect.encoding in sources.yml, or have it exported again.",
        )
