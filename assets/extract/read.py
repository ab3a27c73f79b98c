"""Reads delivered files as text: declared encoding, declared dialect, nothing guessed."""

import codecs
import gzip
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from assets.company import Extract
from assets.extract.desk import hold_sheet_to_rules
from assets.faults import GateFault, NotReadyFault

BLOCK = 1 << 20
MOST_ENTRIES, MOST_BYTES, MOST_RATIO = 1_000, 512 << 20, 100


class EmptyFile(NotReadyFault):
    """A delivered file without the rows it must have."""


def to_parquet(
    extract: Extract, files: Sequence[Path], work: Path, target: Path
) -> tuple[int, tuple[str, ...]]:
    """Write the rows of one delivery, all text, with `_file_row`; rows and native columns found.

    Raises NotReadyFault for an empty file, GateFault for wrong encoding, columns or structure.
    """
    if extract.format == "xlsx":
        return _sheet_to_parquet(extract, files, target)
    if extract.format == "csv":
        return _csv_to_parquet(extract, files, work, target)
    return _structured_to_parquet(extract, files, target)


def _csv_to_parquet(
    extract: Extract, files: Sequence[Path], work: Path, target: Path
) -> tuple[int, tuple[str, ...]]:
    dialect = extract.dialect
    texts: list[Path] = []
    headers: list[tuple[str, ...]] = []
    for number, path in enumerate(files):
        text = work / f"{number}.csv"
        _transcode(path, text, dialect.encoding)
        headers.append(_header(extract, path, text))
        texts.append(text)
    parts = []
    with duckdb.connect() as connection:
        connection.execute("set preserve_insertion_order = true")
        for number, (text, header) in enumerate(zip(texts, headers, strict=True)):
            columns = ", ".join(f"{_literal(name)}: 'varchar'" for name in header)
            nulls = ", ".join(_literal(token) for token in dialect.null_tokens) or "''"
            parts.append(
                f"select * exclude (_line), {number} as _part, _line from (select *,"
                f" row_number() over () as _line from read_csv({_literal(str(text))},"
                f" columns = {{{columns}}}, delim = {_literal(dialect.delimiter)},"
                f" quote = {_literal(dialect.quote)}, escape = {_literal(dialect.quote)},"
                f" header = {str(dialect.header).lower()}, nullstr = [{nulls}],"
                " auto_detect = false, strict_mode = true, null_padding = false,"
                " parallel = false, max_line_size = 20000000))"
            )
        union = " union all by name ".join(parts)
        try:
            connection.execute(
                f"copy (select * exclude (_part, _line), row_number() over"
                f" (order by _part, _line) as _file_row from ({union}) order by _file_row)"
                f" to {_literal(str(target))} (format parquet, compression zstd)"
            )
        except duckdb.Error as error:
            found = " ".join(str(error).split())[:300]
            raise GateFault(
                f"{extract.table}: expected rows of {len(headers[0])} fields separated by "
                f"'{dialect.delimiter}', found a row that is not: {found} "
                "Have the file exported again, or correct its dialect in sources.yml."
            ) from error
        rows = connection.execute(f"select count(*) from {_literal(str(target))}").fetchone()
    return int(rows[0]) if rows else 0, headers[0]


def _transcode(path: Path, text: Path, encoding: str) -> None:
    """Write a file as UTF-8, strictly decoded; a byte order mark is dropped."""
    decoder = codecs.getincrementaldecoder(_codec(encoding))("strict")
    offset, last = 0, ""
    with _opened(path) as source, text.open("w", encoding="utf-8", newline="") as target:
        while True:
            block = source.read(BLOCK)
            if offset == 0:
                if not block:
                    raise EmptyFile(
                        f"{path}: expected rows, found 0 bytes. Have it sent again, then run "
                        "make nightly."
                    )
                _refuse_utf_16(path, block, encoding)
            try:
                decoded = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                raise GateFault(
                    f"{path}: expected the encoding {encoding}, found a byte it does not have "
                    f"at offset {offset + error.start}. Declare dialect.encoding in sources.yml, "
                    "or have it exported again."
                ) from error
            target.write(decoded.replace("\0", "") if "\0" in decoded else decoded)
            last = decoded[-1:] or last
            offset += len(block)
            if not block:
                break
    if last not in ("\n", "\r"):
        raise GateFault(
            f"{path}: expected the last line to end, found a file cut off after {offset} bytes. "
            "Have it sent again, then run make nightly."
        )


def _codec(encoding: str) -> str:
    return "utf-8-sig" if encoding.lower().replace("_", "-") in ("utf-8", "utf8") else encoding


def _refuse_utf_16(path: Path, block: bytes, encoding: str) -> None:
    marked = block[:2] in (b"\xff\xfe", b"\xfe\xff")
    if marked and not encoding.lower().startswith("utf-16"):
        raise GateFault(
            f"{path}: expected the encoding {encoding}, found UTF-16 at offset 0. Declare "
            "dialect.encoding in sources.yml, or have it exported again."
        )


def _opened(path: Path):  # type: ignore[no-untyped-def]
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")


def _header(extract: Extract, path: Path, text: Path) -> tuple[str, ...]:
    """The column names of a file, held against the contract."""
    if not extract.dialect.header:
        return tuple(extract.columns)
    with text.open(encoding="utf-8", newline="") as handle:
        line = handle.readline().rstrip("\r\n")
    quote = extract.dialect.quote
    names = [name.strip().strip(quote) for name in line.split(extract.dialect.delimiter)]
    found = [extract.aliases.get(name, name) for name in names]
    check_columns(extract, path.name, found)
    return tuple(found)


def check_columns(extract: Extract, name: str, found: Sequence[str]) -> None:
    """Raise GateFault where the columns of a file are not those of the contract."""
    missing = [column for column in extract.columns if column not in found]
    known = {*extract.columns, *extract.optional_columns}
    added = [column for column in found if column not in known]
    repeated = sorted({column for column in found if list(found).count(column) > 1})
    if missing or repeated:
        problem = f"missing {', '.join(missing)}" if missing else f"twice {', '.join(repeated)}"
        hint = f"; not in the contract: {', '.join(added[:10])}" if added else ""
        raise GateFault(
            f"{name}: header: expected the columns {', '.join(extract.columns[:6])}"
            f"{', ...' if len(extract.columns) > 6 else ''} of {extract.table}; {problem}{hint}. "
            "Name a renamed column under aliases in sources.yml, or have the file exported again."
        )


def _structured_to_parquet(
    extract: Extract, files: Sequence[Path], target: Path
) -> tuple[int, tuple[str, ...]]:
    reader = "read_parquet" if extract.format == "parquet" else "read_json_auto"
    listed = ", ".join(_literal(str(path)) for path in files)
    with duckdb.connect() as connection:
        relation = f"{reader}([{listed}], union_by_name = true)"
        described = connection.execute(f"describe select * from {relation}").fetchall()
        names = [row[0] for row in described]
        found = [extract.aliases.get(name, name) for name in names]
        check_columns(extract, files[0].name, found)
        chosen = ", ".join(
            f'cast("{name}" as varchar) as "{column}"'
            for name, column in zip(names, found, strict=True)
        )
        connection.execute(
            f"copy (select {chosen}, row_number() over () as _file_row from {relation})"
            f" to {_literal(str(target))} (format parquet, compression zstd)"
        )
        rows = connection.execute(f"select count(*) from {_literal(str(target))}").fetchone()
    return int(rows[0]) if rows else 0, tuple(found)


def _sheet_to_parquet(
    extract: Extract, files: Sequence[Path], target: Path
) -> tuple[int, tuple[str, ...]]:
    rows: list[list[str | None]] = []
    header: tuple[str, ...] = (*extract.columns, *extract.optional_columns)
    for path in files:
        found = sheet_rows(path, extract.table)
        if found is None:
            continue
        names, values = found
        check_columns(extract, f"{path.name}, sheet {extract.table}", names)
        header = tuple(names)
        rows += [row for row in values if any(cell not in (None, "") for cell in row)]
    columns = [[row[place] for row in rows] for place in range(len(header))]
    arrays = {
        name: pa.array(column, pa.string()) for name, column in zip(header, columns, strict=True)
    }
    arrays["_file_row"] = pa.array(range(2, len(rows) + 2), pa.int64())
    pq.write_table(pa.table(arrays), target, compression="zstd")
    hold_sheet_to_rules(files[-1].name, extract.table, header, target)
    return len(rows), header


def sheet_rows(path: Path, sheet: str) -> tuple[list[str], list[list[str | None]]] | None:
    """Header and cell texts of a sheet, None where the workbook has no such sheet."""
    from python_calamine import CalamineWorkbook

    _refuse_bombs(path)
    workbook = CalamineWorkbook.from_path(str(path))
    if sheet not in workbook.sheet_names:
        return None
    cells = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    if not cells:
        return None
    names = [str(name).strip() for name in cells[0] if str(name).strip()]
    return names, [[cell_text(cell) for cell in row[: len(names)]] for row in cells[1:]]


def cell_text(cell: object) -> str | None:
    """A cell as the canonical text of its value: ISO dates, plain numbers, true and false."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        midnight = not (cell.hour or cell.minute or cell.second)
        return cell.date().isoformat() if midnight else cell.isoformat(sep="T")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def _refuse_bombs(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile as error:
        raise GateFault(
            f"{path}: expected an XLSX workbook, found a file that is not one. Save it again as "
            ".xlsx, or write a template with make kam-desk."
        ) from error
    packed = max(1, path.stat().st_size)
    total = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or total > MOST_BYTES or total / packed > MOST_RATIO:
        raise GateFault(
            f"{path}: ARCHIVE_LIMIT: expected at most {MOST_ENTRIES} parts, {MOST_BYTES >> 20} MB "
            f"and a ratio of {MOST_RATIO}; found {len(entries)} parts and {total >> 20} MB."
        )


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
