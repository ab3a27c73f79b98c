"""Reads delivered files as text: declared format, declared dialect, nothing guessed."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from assets.company import Extract
from assets.extract.columns import Drift, drift
from assets.extract.delimited import csv_to_parquet
from assets.extract.structured import json_to_parquet, parquet_to_parquet
from assets.extract.text import EmptyFile
from assets.extract.workbook import sheet_to_parquet

REJECTED = pa.schema([("part", pa.int32()), ("record", pa.int64()), ("reason", pa.string())])


@dataclass(frozen=True)
class Reading:
    """What was read of a delivery: rows in Parquet, records that are no rows, native columns."""

    n_rows: int
    n_rejects: int
    columns: tuple[str, ...]
    drift: Drift


def to_parquet(
    extract: Extract,
    files: Sequence[Path],
    work: Path,
    target: Path,
    rejects: Path,
    *,
    may_lack_columns: bool = False,
    is_desk: bool = False,
) -> Reading:
    """Write the rows of one delivery, all text, with `_file_row` and no `_reason`, and the records
    that are none.

    Raises EmptyFile (not ready) or FileFault (held) with the reason in quarantine.
    """
    lacks = may_lack_columns
    if extract.format == "xlsx":
        found = sheet_to_parquet(extract, files, target, may_lack_columns=lacks, is_desk=is_desk)
    elif extract.format == "csv":
        found = csv_to_parquet(extract, files, work, target, rejects, may_lack_columns=lacks)
    elif extract.format == "jsonl":
        found = json_to_parquet(extract, files, work, target, rejects, may_lack_columns=lacks)
    else:
        found = parquet_to_parquet(extract, files, target, may_lack_columns=lacks)
    if not rejects.exists():
        pq.write_table(REJECTED.empty_table(), rejects)
    n_rows, columns = found
    n_rejects = pq.read_metadata(rejects).num_rows
    return Reading(n_rows, n_rejects, columns, drift(extract, columns))


__all__ = ["EmptyFile", "Reading", "to_parquet"]
