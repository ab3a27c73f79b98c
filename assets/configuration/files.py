"""The configuration CSVs as rows, refused with file, line and rule where one is wrong."""

import csv
import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path

from assets.configuration.tables import TABLE_COLUMNS, UNIQUE, Row, row_fault, side_of
from assets.faults import ConfigurationFault


def read_tables(folder: Path) -> dict[str, list[Row]]:
    """The rows of every configuration CSV of a folder; a file that is not there has none.

    Raises ConfigurationFault naming file, line, what was expected and what was found.
    """
    for path in sorted(folder.glob("*.csv")):
        meant = difflib.get_close_matches(path.stem, TABLE_COLUMNS, n=1, cutoff=0.8)
        if meant and path.stem not in TABLE_COLUMNS:
            raise ConfigurationFault(
                f"{path}: expected the name {meant[0]}.csv; nobody reads a file of this name."
            )
    return {name: _read(folder / f"{name}.csv", name) for name in TABLE_COLUMNS}


def _read(path: Path, name: str) -> list[Row]:
    if not path.is_file():
        return []
    numbered = dict(_lines(path, TABLE_COLUMNS[name]))
    for number, row in numbered.items():
        if fault := row_fault(name, row):
            raise ConfigurationFault(f"{path}: line {number}: {fault}.")
    if fault := _repetition(name, numbered):
        raise ConfigurationFault(f"{path}: {fault}.")
    return list(numbered.values())


def _lines(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, Row]]:
    """Line number and values of each row, its header held against the columns."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        reader = csv.reader(text.splitlines(keepends=True), strict=True)
        header = next(reader, [])
        if header != list(columns):
            raise ConfigurationFault(
                f"{path}: line 1 must be {','.join(columns)}; found {','.join(header)}."
            )
        start = reader.line_num + 1
        for values in reader:
            if values and len(values) != len(columns):
                raise ConfigurationFault(
                    f"{path}: line {start} must have {len(columns)} values, found {len(values)}."
                )
            if values:
                cells = zip(columns, values, strict=True)
                yield start, {column: value.strip() or None for column, value in cells}
            start = reader.line_num + 1
    except UnicodeDecodeError as error:
        raise ConfigurationFault(f"{path}: expected UTF-8 text, found: {error}.") from error
    except csv.Error as error:
        raise ConfigurationFault(f"{path}: line {reader.line_num}: {error}.") from error


def _repetition(table: str, numbered: Mapping[int, Row]) -> str | None:
    """The first row that says again, or otherwise, what an earlier one says."""
    seen: dict[tuple[str, ...], int] = {}
    for number, row in numbered.items():
        if table == "account_crosswalk":
            sides = sorted([str(side_of(row, "left")), str(side_of(row, "right"))])
            key = tuple(sides)
        else:
            key = tuple(str(row[column]).lower() for column in UNIQUE[table])
        if key in seen:
            named = " and ".join(UNIQUE[table])
            return f"line {number}: {named} must stand once; line {seen[key]} has them already"
        seen[key] = number
    return None
