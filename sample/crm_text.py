"""Salesforce ids, timestamps and the writer of its CSV files."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sample.text import Column, fixed_width, write_csv

_SYMBOLS = np.frombuffer(
    b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", np.uint8
)
_CHECK = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345", np.uint8)
FREE_TEXT = ("Name", "Subject", "Title", "ERP_Customer_Ids__c")
_ZONE_SECONDS = 3 * 3600  # Sao Paulo is three hours behind UTC, without summer time since 2019


def ids(prefix: str, numbers: np.ndarray) -> Column:
    """18-character ids: case-sensitive 15 and the three checking characters."""
    numbers = np.asarray(numbers, np.int64)
    body = np.empty((len(numbers), 15), np.uint8)
    body[:, :10] = np.frombuffer(f"{prefix}5f00000".encode(), np.uint8)
    rest = numbers.copy()
    for position in range(14, 9, -1):
        rest, digit = np.divmod(rest, 62)
        body[:, position] = _SYMBOLS[digit]
    upper = ((body >= 65) & (body <= 90)).reshape(-1, 3, 5)
    check = _CHECK[(upper * np.array([1, 2, 4, 8, 16])).sum(axis=2)]
    return fixed_width(np.concatenate([body, check.astype(np.uint8)], axis=1))


def one_id(prefix: str, number: int) -> str:
    return ids(prefix, np.array([number]))[0].as_py()


def full(prefix: str, number: int) -> str:
    """The id as other systems write it: with the name of the source."""
    return f"crm:{one_id(prefix, number)}"


def maybe(column: Column, present: np.ndarray) -> Column:
    """The value where there is one, else empty."""
    return pc.if_else(pa.array(np.asarray(present, bool)), column, "")


def mixed_length(column: Column, short: np.ndarray) -> Column:
    """Some references come in the 15-character form."""
    return pc.if_else(
        pa.array(np.asarray(short, bool)), pc.utf8_slice_codeunits(column, 0, 15), column
    )


def local(days: np.ndarray, minutes: np.ndarray | int) -> np.ndarray:
    """Seconds since 1970 UTC of a local day and minute of the day."""
    return np.asarray(days, np.int64) * 86_400 + np.asarray(minutes) * 60 + _ZONE_SECONDS


def local_day(seconds: np.ndarray) -> np.ndarray:
    return (np.asarray(seconds) - _ZONE_SECONDS) // 86_400


def stamps(seconds: np.ndarray) -> Column:
    """2026-03-30T14:05:00.000+0000."""
    text = np.datetime_as_string(np.asarray(seconds, np.int64).astype("datetime64[s]"))
    return pc.binary_join_element_wise(pa.array(text.astype(object)), ".000+0000", "")


def boolean(values: np.ndarray) -> Column:
    return pc.if_else(pa.array(np.asarray(values, bool)), "true", "false")


def save(folder: Path, name: str, table: dict[str, Column]) -> None:
    write_csv(folder / f"{name}.csv", table, ",", "utf-8", FREE_TEXT)
