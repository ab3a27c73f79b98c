"""Holds the columns of a delivered file against the contract of its extract."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from assets.company import Extract
from assets.faults import FileFault
from assets.sql_text import literal

LEAST_OVERLAP = 0.5


@dataclass(frozen=True)
class Drift:
    """How the columns of a file differ from the contract without breaking it."""

    added: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


class ColumnsFault(FileFault):
    """A file without columns that its contract needs: `missing` ones, and `added` ones beside."""

    def __init__(
        self, code: str, reason: str, missing: Sequence[str], added: Sequence[str]
    ) -> None:
        super().__init__(code, reason)
        self.missing, self.added = tuple(missing), tuple(added)


def drift(extract: Extract, found: Sequence[str]) -> Drift:
    """The columns that nobody declared, and the optional ones that are absent."""
    known = {*extract.columns, *extract.optional_columns}
    return Drift(
        added=tuple(name for name in found if name not in known),
        dropped=tuple(n for n in extract.optional_columns if n not in found),
    )


def check_columns(
    extract: Extract, name: str, found: Sequence[str], *, may_lack: bool = False
) -> None:
    """Raise ColumnsFault where the columns of a file are not those of the contract.

    With `may_lack` (a waiver), columns that are missing will be empty instead.
    """
    missing = [column for column in extract.columns if column not in found]
    added = drift(extract, found).added
    repeated = sorted({column for column in found if list(found).count(column) > 1})
    if repeated or (missing and not may_lack):
        is_foreign = len(missing) == len(extract.columns) or bool(repeated)
        problem = f"twice {', '.join(repeated)}" if repeated else f"missing {', '.join(missing)}"
        if is_foreign and not repeated:
            problem = f"{len(found)} other columns; is it the declared delimiter?"
        elif added:
            problem += f"; not in the contract: {', '.join(added[:10])}"
        raise ColumnsFault(
            "BAD_HEADER" if is_foreign else "SCHEMA",
            f"{name}: header: expected the columns {', '.join(extract.columns[:6])}"
            f"{', ...' if len(extract.columns) > 6 else ''} of {extract.table}, found {problem}. "
            "Name a renamed column under aliases in sources.yml, correct the dialect there, or "
            "have the file exported again.",
            missing,
            added,
        )


def suggested_names(
    connection: duckdb.DuckDBPyConnection, fault: ColumnsFault, before: Path, now: str
) -> dict[str, str]:
    """Which added column holds the values that a missing one had: suggestions, never used.

    `before` is the Parquet of the last delivery; `now` a relation with the new file's columns.
    """
    known = {row[0] for row in connection.execute(f"describe from {literal(before)}").fetchall()}
    found: dict[str, str] = {}
    for old in fault.missing:
        if old not in known:
            continue
        shares = []
        for new in fault.added:
            row = connection.execute(
                f"select coalesce(avg(case when value in (select \"{old}\" from '{before}') then"
                f' 1 else 0 end), 0) from (select distinct "{new}" as value from {now}'
                f' where "{new}" is not null)'
            ).fetchone()
            shares.append((float(row[0]) if row else 0.0, new))
        best = max(shares, default=(0.0, ""))
        if best[0] >= LEAST_OVERLAP:
            found[old] = best[1]
    return found
