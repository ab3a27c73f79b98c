"""Small helpers every Protheus table is written with."""

from pathlib import Path

import numpy as np
import pyarrow as pa

from sample.company import Base
from sample.text import Column, constant, flag, integer, words, write_csv

Table = dict[str, Column]
FREE_TEXT = ("A1_NOME", "A1_NREDUZ", "B1_DESC")


def finished(table: Table, deleted: np.ndarray | None = None, first: int = 1) -> Table:
    """Adds the two columns every Protheus table ends with."""
    rows = len(next(iter(table.values())))
    gone = np.zeros(rows, bool) if deleted is None else deleted
    table["D_E_L_E_T_"] = flag(gone, "*", " ")
    table["R_E_C_N_O_"] = integer(np.arange(first, first + rows))
    return table


def taken(table: Table, rows: np.ndarray) -> Table:
    """The rows of a table selected by a mask or positions."""
    positions = np.flatnonzero(rows) if rows.dtype == bool else rows
    where = pa.array(positions)
    return {name: column.take(where) for name, column in table.items()}


def appended(*tables: Table) -> Table:
    return {name: pa.concat_arrays([t[name] for t in tables]) for name in tables[0]}


def delta(prev: int, today: int, known: np.ndarray, *events: np.ndarray) -> np.ndarray:
    """Rows that are new, or that an event changed, since the previous night."""
    hit = (known > prev) & (known <= today)
    for event in events:
        hit |= (event > prev) & (event <= today) & (known <= today)
    return hit


def save(folder: Path, name: str, table: Table) -> None:
    write_csv(folder / f"{name}.csv", table, ";", "cp1252", FREE_TEXT)


def branch(values: np.ndarray) -> Column:
    return words(["", "01", "02"], np.asarray(values), 2)


def blank(width: int, rows: int) -> Column:
    return constant(" " * width, rows)


def party(base: Base, positions: np.ndarray) -> tuple[Column, Column]:
    """Code and store of customers."""
    codes = words([c.code for c in base.customers], positions, 6)
    return codes, words([c.store for c in base.customers], positions, 2)
