"""Columns of delivered text, built with Arrow, and the writer of CSV files."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sample.plan import EPOCH, FAR

Column: TypeAlias = Any  # an Arrow array of text; pyarrow ships no types
_DAYS = [EPOCH + timedelta(days=i) for i in range(25_000)]
_NATIVE_DATES = pa.array([d.strftime("%Y%m%d") for d in _DAYS] + [" " * 8])
_ISO_DATES = pa.array([d.isoformat() for d in _DAYS] + [""])
_SWAP = str.maketrans(",.", ".,")


def words(values: Sequence[str], codes: np.ndarray | None = None, width: int = 0) -> Column:
    """The values right-padded to a CHAR width; with codes, one value per code."""
    table = pa.array([v.ljust(width) for v in values], pa.string())
    return table if codes is None else table.take(pa.array(codes))


def constant(value: str, rows: int) -> Column:
    return pa.repeat(pa.scalar(value, pa.string()), rows)


def native_date(days: np.ndarray, today: int = FAR) -> Column:
    """YYYYMMDD; eight spaces where the day has not come by `today`."""
    return _NATIVE_DATES.take(pa.array(_visible(days, today)))


def iso_date(days: np.ndarray, today: int = FAR) -> Column:
    """YYYY-MM-DD; empty where the day has not come by `today`."""
    return _ISO_DATES.take(pa.array(_visible(days, today)))


def _visible(days: np.ndarray, today: int) -> np.ndarray:
    days = np.asarray(days)
    return np.where((days <= today) & (days < FAR), days, len(_DAYS))


def distinct(values: np.ndarray, render: Callable[[int], str]) -> Column:
    """Renders each distinct value once."""
    unique, inverse = np.unique(values, return_inverse=True)
    return pa.array([render(int(v)) for v in unique], pa.string()).take(pa.array(inverse))


def decimal(units: np.ndarray, places: int = 2) -> Column:
    """Brazilian numbers (1.234,56) from integers in units of 10^-places."""
    scale = 10**places

    def render(value: int) -> str:
        whole, rest = divmod(abs(value), scale)
        sign = "-" if value < 0 else ""
        return f"{sign}{whole:,}".translate(_SWAP) + f",{rest:0{places}d}"

    return distinct(units, render)


def integer(values: np.ndarray) -> Column:
    return pc.cast(pa.array(values), pa.string())


def serial(values: np.ndarray, width: int) -> Column:
    """Zero-padded decimal numbers of a fixed width."""
    return pc.utf8_lpad(integer(values), width, "0")


def base36(values: np.ndarray, width: int) -> Column:
    """Fixed-width codes 0-9A-Z, the way Protheus counts past 999999."""
    return _digits(values, width, b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def base62(values: np.ndarray, width: int) -> Column:
    return _digits(values, width, b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")


def _digits(values: np.ndarray, width: int, alphabet: bytes) -> Column:
    symbols = np.frombuffer(alphabet, np.uint8)
    rest = np.asarray(values, np.int64)
    out = np.empty((len(rest), width), np.uint8)
    for position in range(width - 1, -1, -1):
        rest, digit = np.divmod(rest, len(symbols))
        out[:, position] = symbols[digit]
    return fixed_width(out)


def fixed_width(characters: np.ndarray) -> Column:
    """One string per row of a matrix of ASCII codes."""
    rows, width = characters.shape
    offsets = np.arange(0, (rows + 1) * width, width, dtype=np.int32)
    data = pa.py_buffer(np.ascontiguousarray(characters).tobytes())
    return pa.StringArray.from_buffers(rows, pa.py_buffer(offsets.tobytes()), data)


def join(*parts: Column | str) -> Column:
    """Concatenates columns and constants row by row."""
    return pc.binary_join_element_wise(*parts, "")


def flag(values: np.ndarray, yes: str, no: str) -> Column:
    return pc.if_else(pa.array(np.asarray(values, bool)), yes, no)


def quoted(column: Column, delimiter: str) -> Column:
    """RFC 4180 quotes around the values that need them."""
    needs = pc.match_substring_regex(column, f'["\r\n{delimiter}]')
    if not pc.any(needs).as_py():
        return column
    doubled = pc.replace_substring(column, '"', '""')
    return pc.if_else(needs, join('"', doubled, '"'), column)


def write_csv(
    path: Path,
    table: dict[str, Column],
    delimiter: str,
    encoding: str,
    free_text: Sequence[str] = (),
) -> None:
    """Writes one file; only columns named in `free_text` are looked at for quotes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = [quoted(c, delimiter) if n in free_text else c for n, c in table.items()]
    header = (delimiter.join(table) + "\n").encode(encoding)
    if len(columns[0]) == 0:
        path.write_bytes(header)
        return
    ends = constant("\n", len(columns[0]))
    lines = pc.binary_join_element_wise(*columns[:-1], join(columns[-1], ends), delimiter)
    lines = lines.combine_chunks() if isinstance(lines, pa.ChunkedArray) else lines
    body = lines.buffers()[2].to_pybytes()
    size = int(np.frombuffer(lines.buffers()[1], np.int32)[len(lines)])
    body = body[:size]
    path.write_bytes(header + (body if encoding == "utf-8" else body.decode().encode(encoding)))


def days_text(value: int) -> str:
    return date.fromordinal(EPOCH.toordinal() + int(value)).isoformat()
