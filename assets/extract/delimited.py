"""Reads delimited text: declared encoding, declared dialect, nothing guessed, nothing lost."""

import codecs
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from assets.company import Extract
from assets.extract.columns import check_columns
from assets.extract.records import codec, count_records, opened
from assets.faults import FileFault, NotReadyFault
from assets.sql_text import literal

BLOCK = 1 << 20
MISREAD = "[ÂÃ][\\x{80}-\\x{BF}€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"


class EmptyFile(NotReadyFault):
    """A delivered file without the rows it must have."""


@dataclass(frozen=True)
class Text:
    """A delivered file as UTF-8: where it lies, how many lines it has, its column names."""

    delivered: Path
    path: Path
    n_lines: int
    columns: tuple[str, ...]


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
    texts = [
        _text(extract, path, work / f"{n}.csv", may_lack_columns) for n, path in enumerate(files)
    ]
    parts = []
    with duckdb.connect() as connection:
        connection.execute("set preserve_insertion_order = true")
        connection.execute("create table rejected (part integer, record bigint, reason varchar)")
        for number, text in enumerate(texts):
            _read(connection, extract, text, number)
            _hold_to_count(connection, extract, text, number)
            parts.append(_numbered(number, int(extract.dialect.header), text.n_lines))
        union = " union all by name ".join(parts)
        connection.execute(
            f"copy (select * exclude (_line), row_number() over (order by _part, _line)"
            f" as _file_row from ({union}) order by _file_row)"
            f" to {literal(target)} (format parquet, compression zstd)"
        )
        connection.execute(
            "copy (select distinct part, record, reason from rejected order by all)"
            f" to {literal(rejects)} (format parquet)"
        )
        _refuse_misread(connection, texts, target)
        row = connection.execute(f"select count(*) from {literal(target)}").fetchone()
    return int(row[0]) if row else 0, texts[0].columns


def _text(extract: Extract, path: Path, target: Path, may_lack_columns: bool) -> Text:
    n_lines, last_line = _transcode(path, target, extract.dialect.encoding)
    columns = _header(extract, path, target, may_lack_columns)
    if extract.dialect.ends_with_newline and last_line:
        fields = last_line.count(extract.dialect.delimiter) + 1
        code = "TRUNCATED" if fields < len(columns) else "NO_EOL"
        raise FileFault(
            code,
            f"{path}: expected the last line to end, found a file cut off after {fields} of "
            f"{len(columns)} fields. Have it sent again, then run make nightly.",
        )
    return Text(path, target, n_lines + bool(last_line), columns)


def _transcode(path: Path, target: Path, encoding: str) -> tuple[int, str]:
    """Write a file as UTF-8, strictly decoded; its complete lines, and a last line that is cut."""
    decoder = codecs.getincrementaldecoder(codec(encoding))("strict")
    offset, n_lines, rest = 0, 0, ""
    with opened(path) as source, target.open("w", encoding="utf-8", newline="") as written:
        while True:
            block = source.read(BLOCK)
            if offset == 0:
                if not block:
                    raise EmptyFile(
                        f"EMPTY_FILE: {path}: expected rows, found 0 bytes. Have it sent again, "
                        "then run make nightly."
                    )
                _refuse_utf_16(path, block, encoding)
            try:
                decoded = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                raise FileFault(
                    "DECODE",
                    f"{path}: expected the encoding {encoding}, found a byte it does not have "
                    f"at offset {offset + error.start}. Declare dialect.encoding in sources.yml, "
                    "or have it exported again.",
                ) from error
            if "\0" in decoded:
                decoded = decoded.replace("\0", "")
            written.write(decoded)
            n_lines += decoded.count("\n")
            cut = decoded.rfind("\n")
            rest = decoded[cut + 1 :] if cut >= 0 else rest + decoded
            offset += len(block)
            if not block:
                return n_lines, rest.strip("\r")


def _refuse_utf_16(path: Path, block: bytes, encoding: str) -> None:
    marked = block[:2] in (b"\xff\xfe", b"\xfe\xff")
    if marked and not encoding.lower().startswith("utf-16"):
        raise FileFault(
            "DECODE",
            f"{path}: expected the encoding {encoding}, found UTF-16 at offset 0. Declare "
            "dialect.encoding in sources.yml, or have it exported again.",
        )


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


def _read(connection: duckdb.DuckDBPyConnection, extract: Extract, text: Text, number: int) -> None:
    dialect = extract.dialect
    columns = ", ".join(f"{literal(name)}: 'varchar'" for name in text.columns)
    nulls = ", ".join(literal(token) for token in dialect.null_tokens) or "''"
    quote = literal(dialect.quote)
    try:
        connection.execute(
            f"create table part_{number} as select *, row_number() over () as _line"
            f" from read_csv({literal(text.path)}, columns = {{{columns}}},"
            f" delim = {literal(dialect.delimiter)}, quote = {quote}, escape = {quote},"
            f" header = {str(dialect.header).lower()}, nullstr = [{nulls}],"
            " auto_detect = false, strict_mode = true, null_padding = false, parallel = false,"
            f" max_line_size = 20000000, store_rejects = true, rejects_limit = 0,"
            f" rejects_table = 'errors_{number}', rejects_scan = 'scans_{number}')"
        )
        connection.execute(
            f"insert into rejected select distinct {number}, line, 'FIELDS' from errors_{number}"
        )
    except duckdb.Error as error:
        found = " ".join(str(error).split())[:200]
        raise FileFault(
            "STRUCTURE",
            f"{text.delivered}: expected rows of {len(text.columns)} fields separated by "
            f"'{dialect.delimiter}', found text that is not: {found} Have the file exported "
            "again, or correct its dialect in sources.yml.",
        ) from error


def _numbered(number: int, n_headers: int, n_lines: int) -> str:
    """The rows of a part with the number of their record in the file: rejects have numbers too."""
    return (
        f"select part.*, {number} as _part, kept.record as _record from part_{number} as part"
        " inner join (select record, row_number() over (order by record) as _line"
        f" from (select unnest(generate_series({n_headers + 1}, {n_lines + 1})) as record)"
        f" where record not in (select record from rejected where part = {number})) as kept"
        " on part._line = kept._line"
    )


def _hold_to_count(
    connection: duckdb.DuckDBPyConnection, extract: Extract, text: Text, number: int
) -> None:
    """Every record of the file is a row or a reject; the last one is no half row."""
    figures = connection.execute(
        f"select (select count(*) from part_{number}), count(distinct record), max(record)"
        f" from rejected where part = {number}"
    ).fetchone()
    n_rows, n_rejects, last_reject = figures or (0, 0, None)
    is_headed = int(extract.dialect.header)
    found = n_rows + n_rejects + is_headed
    if found != text.n_lines:
        in_file, is_open = count_records(text.delivered, extract.dialect)
        if is_open or found != in_file:
            problem = "a quote that is never closed" if is_open else f"only {found} of them read"
            raise FileFault(
                "TRUNCATED" if is_open else "STRUCTURE",
                f"{text.delivered}: expected {in_file} records, found {problem}. Have it exported "
                "again, then run make nightly.",
            )
        found = in_file
    if last_reject is not None and last_reject >= found:
        raise FileFault(
            "TRUNCATED",
            f"{text.delivered}: expected {len(text.columns)} fields in the last line, found "
            "another number of them. Have it sent again, then run make nightly.",
        )


def _refuse_misread(
    connection: duckdb.DuckDBPyConnection, texts: Sequence[Text], target: Path
) -> None:
    """Text in which nearly every accent is two odd characters was declared in a wrong encoding."""
    listed = ", ".join(f'"{name}"' for name in texts[0].columns)
    row = connection.execute(
        "select count(*) filter (regexp_matches(line, '[^\\x00-\\x7F]')),"
        f" count(*) filter (regexp_matches(line, '{MISREAD}'))"
        f" from (select concat_ws(' ', {listed}) as line from {literal(target)})"
    ).fetchone()
    accented, misread = row or (0, 0)
    if misread and misread > accented / 2:
        raise FileFault(
            "DECODE",
            f"{texts[0].delivered}: expected text in the declared encoding, found {misread} of "
            f"{accented} accented rows that read like UTF-8 taken for another one. Declare "
            "dialect.encoding in sources.yml, or have it exported again.",
        )
