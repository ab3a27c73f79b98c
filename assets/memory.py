"""What a build remembers and is told: the schemas memory, config and control.

See docs/architecture.md, "The warehouse", and docs/decisions/0002.
"""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb

from assets.company import Company
from assets.configuration.tables import TABLE_COLUMNS, TYPED_COLUMNS
from assets.rows import insert_rows
from assets.sql_text import literal
from assets.transform.contract import (
    MEMORY_CLASSES,
    Table,
    all_tables,
    canonical_entities,
    published_tables,
    state_tables,
)

STATE_DATES = (
    "valid_from_date", "effective_date", "suggested_date", "cut_date", "review_date",
    "as_of_date", "first_seen_date",
)  # fmt: skip
# What a state row said before the night that closed it.
LATER_UNDONE = {
    "valid_to_date": "case when valid_to_date < {cut} then valid_to_date end",
    "decision": "case when decided_date < {cut} then decision else 'pending' end",
    "decided_date": "case when decided_date < {cut} then decided_date end",
}


@dataclass(frozen=True)
class NightRow:
    """A night to compute: one row of control.night."""

    as_of_date: date
    is_reconstructed: bool
    is_tonight: bool


@dataclass(frozen=True)
class Remembered:
    """Where the memory of a run comes from.

    `published`, `restricted` and `state` are files of one publication. Where that publication is
    not the one before the night (it was pruned), `before` cuts its rows to those known before.
    """

    published: Path
    restricted: Path
    state: Path
    before: date | None = None

    def file_of(self, table: Table) -> Path:
        """The file that carries a table."""
        own = {"marts": self.state, "kam_restricted": self.restricted}
        return own.get(table.schema, self.published)


def memory_tables() -> list[Table]:
    """The tables whose rows a publication hands to the next."""
    published = [t for t in all_tables().values() if t.table_class in MEMORY_CLASSES]
    return published + list(state_tables().values())


def month_end(day: date) -> date:
    """The last day of the month of a day."""
    first_of_next = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return first_of_next - timedelta(days=1)


def month_ends_before(day: date, count: int) -> list[date]:
    """The newest `count` month ends strictly before a day, oldest first."""
    found: list[date] = []
    current = day.replace(day=1) - timedelta(days=1)
    for _ in range(count):
        found.append(current)
        current = current.replace(day=1) - timedelta(days=1)
    return found[::-1]


def nights_to_compute(
    as_of: date, *, previous: date | None, first_delivered: date | None, reconstructed: int
) -> list[NightRow]:
    """The nights one run computes, oldest first, ending with its own.

    On the first run (`previous` None) the `reconstructed` month ends strictly before `as_of`,
    none before the first delivered month; afterwards the month ends between `previous` and
    `as_of` that no night covered.
    """
    ends = month_ends_before(as_of, reconstructed)
    if previous is not None:
        ends = [day for day in ends if day > previous]
    elif first_delivered is not None:
        ends = [day for day in ends if day >= first_delivered.replace(day=1)]
    else:
        ends = []
    rows = [NightRow(day, is_reconstructed=True, is_tonight=False) for day in ends]
    return [*rows, NightRow(as_of, is_reconstructed=False, is_tonight=True)]


def lay_memory(
    connection: duckdb.DuckDBPyConnection,
    remembered: Remembered | None,
    tables: Sequence[Table] | None = None,
) -> None:
    """Fill schema memory with the parent's snapshot and state rows; empty tables without one.

    All tables of memory, or those named.
    """
    connection.execute("create schema if not exists memory")
    wanted = memory_tables() if tables is None else tables
    for table in wanted:
        columns = ", ".join(f'"{c.name}" {c.data_type}' for c in table.columns)
        connection.execute(f'create or replace table memory."{table.name}" ({columns})')
    if remembered is None:
        return
    for path, carried in itertools.groupby(wanted, remembered.file_of):
        if not path.is_file():  # made by a version of the product that had no such file
            continue
        connection.execute(f"attach {literal(path)} as parent (read_only)")
        for table in carried:
            schema = "carried" if table.schema == "marts" else table.schema
            _recall(connection, table, schema, remembered)
        connection.execute("detach parent")


def _recall(
    connection: duckdb.DuckDBPyConnection, table: Table, schema: str, remembered: Remembered
) -> None:
    """Fill one table of memory; one that an older version of the product had not stays empty."""
    described = connection.execute(
        "select column_name from duckdb_columns() where database_name = 'parent'"
        " and schema_name = ? and table_name = ?",
        [schema, table.name],
    ).fetchall()
    known = {row[0] for row in described}
    if not known:
        return
    origin = f'parent."{schema}"."{table.name}"'
    columns = [c.name for c in table.columns if c.name in known]
    listed = ", ".join(f'"{name}"' for name in columns)
    chosen = listed
    where = ""
    if remembered.before is not None:
        cut = f"date '{remembered.before}'"
        if table.table_class == "state":
            dated = next(name for name in STATE_DATES if name in known)
            where = f"where {dated} < {cut}"
            undone = {name: text.format(cut=cut) for name, text in LATER_UNDONE.items()}
            chosen = ", ".join(
                f'{undone[name]} as "{name}"' if name in undone else f'"{name}"' for name in columns
            )
        else:
            where = f"where as_of_date < {cut}"
    connection.execute(
        f'insert into memory."{table.name}" ({listed}) select {chosen} from {origin} {where}'
    )


def lay_configuration(connection: duckdb.DuckDBPyConnection, company: Company) -> None:
    """Fill schema config with the configuration CSVs, typed."""
    connection.execute("create schema if not exists config")
    for name, columns in TABLE_COLUMNS.items():
        typed = ", ".join(f'"{c}" {TYPED_COLUMNS.get(c, "varchar")}' for c in columns)
        connection.execute(f'create or replace table config."{name}" ({typed})')
        rows = [[row[column] for column in columns] for row in company.tables[name]]
        insert_rows(connection, f'config."{name}"', rows)


def lay_control(
    connection: duckdb.DuckDBPyConnection,
    company: Company,
    nights: Sequence[NightRow],
    *,
    known_at: datetime,
    is_first_run: bool,
    replayed_after: date | None = None,
) -> None:
    """Fill control.night, control.run and control.column_catalogue."""
    tonight = nights[-1].as_of_date
    connection.execute("create schema if not exists control")
    connection.execute("create schema if not exists scores")
    connection.execute(
        "create or replace table control.night (as_of_date date, is_reconstructed boolean,"
        " is_month_end boolean, is_tonight boolean, known_at timestamp, config_version varchar)"
    )
    insert_rows(
        connection,
        "control.night",
        [
            [
                row.as_of_date,
                row.is_reconstructed,
                row.as_of_date == month_end(row.as_of_date),
                row.is_tonight,
                known_at,
                company.config_version,
            ]
            for row in nights
        ],
    )
    connection.execute(
        "create or replace table control.run (as_of_date date, known_at timestamp,"
        " config_version varchar, reporting_currency varchar, constant_rate_date date,"
        " is_first_run boolean, replayed_after_date date)"
    )
    connection.execute(
        "insert into control.run values (?, ?, ?, ?, ?, ?, ?)",
        [
            tonight,
            known_at,
            company.config_version,
            company.reporting_currency,
            constant_rate_date(company, tonight),
            is_first_run,
            replayed_after,
        ],
    )
    lay_catalogue(connection)


def constant_rate_date(company: Company, as_of: date) -> date:
    """The date whose rates make constant currency: declared, else 31 December of last year."""
    declared = str(company.metrics["currency"]["constant_rate_date"])
    if declared == "previous_year_end":
        return date(as_of.year - 1, 12, 31)
    return date.fromisoformat(declared)


def lay_catalogue(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill control.column_catalogue: every published column with its metadata."""
    connection.execute(
        "create or replace table control.column_catalogue (schema_name varchar,"
        " table_name varchar, column_position bigint, column_name varchar, column_type varchar,"
        " version bigint, unit varchar, direction varchar, formula varchar, thresholds varchar,"
        " owner_department varchar, valid_from_date date)"
    )
    rows = list(_catalogue_rows(published_tables().values()))
    insert_rows(connection, "control.column_catalogue", rows)


def _catalogue_rows(tables: Iterable[Table]) -> Iterable[list[object]]:
    for table in tables:
        for position, column in enumerate(table.columns, start=1):
            meta = {**table.meta, **column.meta}
            yield [
                table.schema,
                table.name,
                position,
                column.name,
                column.data_type.upper(),
                meta.get("version", 1),
                meta["unit"],
                meta["direction"],
                column.description,
                column.meta.get("thresholds"),
                meta["owner"],
                date.fromisoformat(str(meta["valid_from"])),
            ]


def lay_deliveries(connection: duckdb.DuckDBPyConnection, rows: Sequence[Sequence[object]]) -> None:
    """Fill control.delivery: per source, extract and entity, the latest delivery as known."""
    connection.execute("create schema if not exists control")
    connection.execute(
        "create or replace table control.delivery (source_system varchar, extract_name varchar,"
        " entity varchar, is_required boolean, delivery_id varchar, extract_date date,"
        " received_at timestamp, expected_date date, rows_read bigint, is_supplied boolean)"
    )
    insert_rows(connection, "control.delivery", rows)


def lay_waivers(connection: duckdb.DuckDBPyConnection, checks: Sequence[str]) -> None:
    """Fill control.waiver: the checks that somebody has accepted to fail on the night."""
    connection.execute("create schema if not exists control")
    connection.execute("create or replace table control.waiver (check_id varchar)")
    insert_rows(connection, "control.waiver", [[check] for check in checks])


def first_delivered_day(connection: duckdb.DuckDBPyConnection) -> date | None:
    """The first posting date of the canonical invoice lines, None without any."""
    row = connection.execute("select min(posting_date) from canonical.invoice_line").fetchone()
    return row[0] if row else None


def entity_names() -> list[str]:
    """The canonical entities, in alphabetical order."""
    return sorted(canonical_entities())
