"""Reads the sheets of a workbook as text; archives that unpack to far more are refused."""

import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from assets.company import Extract
from assets.extract.columns import check_columns
from assets.extract.desk import hold_sheet_to_rules
from assets.faults import FileFault

MOST_ENTRIES, MOST_BYTES, MOST_RATIO = 1_000, 512 << 20, 100


def sheet_to_parquet(
    extract: Extract, files: Sequence[Path], target: Path, *, may_lack_columns: bool, is_desk: bool
) -> tuple[int, tuple[str, ...]]:
    """Write the rows of a sheet as text, `_file_row` their row in the sheet.

    The sheet is named like the extract; a workbook with one sheet may name it otherwise.
    """
    rows: list[tuple[int, list[str | None]]] = []
    header: tuple[str, ...] = (*extract.columns, *extract.optional_columns)
    for path in files:
        found = sheet_rows(path, extract.table, may_be_other=not is_desk)
        if found is None:
            continue
        names, values = found
        names = [extract.aliases.get(name, name) for name in names]
        place = f"{path.name}, sheet {extract.table}"
        check_columns(extract, place, names, may_lack=may_lack_columns)
        header = tuple(names)
        rows += [
            (number, row)
            for number, row in enumerate(values, start=2)
            if any(cell not in (None, "") for cell in row)
        ]
    columns = [[row[place] for _, row in rows] for place in range(len(header))]
    arrays = {
        name: pa.array(column, pa.string()) for name, column in zip(header, columns, strict=True)
    }
    arrays["_part"] = pa.array([0] * len(rows), pa.int32())
    arrays["_record"] = pa.array([number for number, _ in rows], pa.int64())
    arrays["_reason"] = pa.nulls(len(rows), pa.string())
    arrays["_file_row"] = pa.array([number for number, _ in rows], pa.int64())
    pq.write_table(pa.table(arrays), target, compression="zstd")
    if is_desk:
        hold_sheet_to_rules(files[-1].name, extract.table, header, target)
    return len(rows), header


def sheet_rows(
    path: Path, sheet: str, *, may_be_other: bool = False
) -> tuple[list[str], list[list[str | None]]] | None:
    """Header and cell texts of a sheet, None where the workbook has no such sheet."""
    from python_calamine import CalamineWorkbook

    _refuse_bombs(path)
    workbook = CalamineWorkbook.from_path(str(path))
    if sheet not in workbook.sheet_names:
        if not may_be_other or len(workbook.sheet_names) != 1:
            return None
        sheet = workbook.sheet_names[0]
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
        raise FileFault(
            "STRUCTURE",
            f"{path}: expected an XLSX workbook, found a file that is not one. Save it again as "
            ".xlsx, or write a template with make kam-desk.",
        ) from error
    packed = max(1, path.stat().st_size)
    total = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or total > MOST_BYTES or total / packed > MOST_RATIO:
        raise FileFault(
            "ARCHIVE_LIMIT",
            f"{path}: expected at most {MOST_ENTRIES} parts, {MOST_BYTES >> 20} MB and a ratio "
            f"of {MOST_RATIO}; found {len(entries)} parts and {total >> 20} MB.",
        )
