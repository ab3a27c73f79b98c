"""The attempt ledger: every run, check, source read and delivery, also of runs that died.

A SQLite file beside the published versions, in WAL mode, so that it can be read while a run
writes. It is the origin of kam_ops.run_report, run_source_report and dq_result.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

KEPT_DAYS = 400
AS_JSON = ("column_names", "controls", "profile", "drift", "native_types")
# Columns that homes of older versions lack.
ADDED_COLUMNS = {"delivery": ("native_types",)}

SCHEMA = """
create table if not exists run (
    run_id text primary key, trigger_kind text, started_by text, as_of_date text,
    parent_publication_id text, publication_id text, started_at text, finished_at text,
    status text, exit_code integer, failed_stage text, reason text,
    extract_seconds real, transform_seconds real, score_seconds real, check_seconds real,
    publish_seconds real, cpu_seconds real, peak_rss_mb real, code_version text,
    config_version text, pid integer
);
create table if not exists cutoff (
    as_of_date text primary key, cutoff_at text, run_id text, config_version text
);
create table if not exists delivery (
    source_system text, extract_name text, extract_date text, delivery_id text, sha256 text,
    received_at text, rows_read integer, rows_collapsed integer, n_bytes integer, folder text,
    column_names text, is_corrected integer, rows_aside integer, rows_declared integer,
    controls text, profile text, drift text, refused text, is_judged integer,
    cursor_max text, native_types text,
    primary key (source_system, extract_name, extract_date, delivery_id)
);
create table if not exists source_report (
    run_id text, source_system text, extract_name text, report text,
    primary key (run_id, source_system, extract_name)
);
create table if not exists check_result (
    run_id text, check_id text, result text, primary key (run_id, check_id)
);
create table if not exists quarantine (
    run_id text primary key, summary text
);
create table if not exists waiver (
    check_id text, reason text, until_date text, who text, given_at text
);
create table if not exists event (
    happened_at text, kind text, publication_id text, who text, why text
);
"""


@dataclass(frozen=True)
class Delivery:
    """One delivery of an extract, as landed. `folder` is relative to the landing folder.

    `rows_read` counts every record; `rows_aside` those that landing itself set aside.
    `controls` holds the declared and the read
    total per currency, `profile` the measures that the gate judges and later deliveries are
    compared with, `refused` the reason for which the gate keeps the delivery out. `cursor_max` is
    the largest value of the cursor column of a pulled delivery, `native_types` the type of each
    column in its own system, where it has one.
    """

    source_system: str
    extract_name: str
    extract_date: date
    delivery_id: str
    sha256: str
    received_at: datetime
    rows_read: int
    rows_collapsed: int
    n_bytes: int
    folder: str
    column_names: tuple[str, ...] = ()
    is_corrected: bool = False
    rows_aside: int = 0
    rows_declared: int | None = None
    controls: dict[str, tuple[str | None, str]] = field(default_factory=dict)
    profile: dict[str, float | None] = field(default_factory=dict)
    drift: dict[str, list[str]] = field(default_factory=dict)
    refused: str | None = None
    is_judged: bool = False
    cursor_max: str | None = None
    native_types: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Waiver:
    """A check that may fail until a date (inclusive), and who said why."""

    check_id: str
    reason: str
    until_date: date
    who: str


@dataclass(frozen=True)
class SourceReport:
    """What a run read of one extract: a row of kam_ops.run_source_report without run_id."""

    source_system: str
    extract_name: str
    n_deliveries: int = 0
    n_duplicate_deliveries: int = 0
    last_delivery_id: str | None = None
    last_sha256: str | None = None
    rows_declared: int | None = None
    rows_read: int = 0
    rows_loaded: int = 0
    rows_collapsed: int = 0
    rows_quarantined: int = 0
    rows_erased: int = 0
    control_declared: str | None = None
    control_read: str | None = None
    control_difference: str | None = None
    min_business_date: str | None = None
    max_business_date: str | None = None


@dataclass(frozen=True)
class CheckResult:
    """The outcome of one check: a row of kam_ops.dq_result without run_id.

    `detail` names columns and counts only, never a value of a row.
    """

    check_id: str
    owner: str
    table_name: str
    severity: str
    status: str
    column_name: str | None = None
    is_blocking: bool = False
    reason_code: str | None = None
    observed: float | None = None
    limit_min: float | None = None
    limit_max: float | None = None
    n_rows_failed: int | None = None
    money_affected_base: str | None = None
    detail: str | None = None
    waived_by: str | None = None
    waived_until_date: str | None = None
    waiver_reason: str | None = None


@dataclass
class RunRow:
    """One attempt: a row of kam_ops.run_report. Timestamps are UTC without zone."""

    run_id: str
    trigger_kind: str
    started_by: str
    as_of_date: date
    started_at: datetime
    status: str
    parent_publication_id: str | None = None
    publication_id: str | None = None
    finished_at: datetime | None = None
    exit_code: int | None = None
    failed_stage: str | None = None
    reason: str | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    cpu_seconds: float | None = None
    peak_rss_mb: float | None = None
    code_version: str | None = None
    config_version: str | None = None
    pid: int | None = None


STAGES = ("extract", "transform", "score", "check", "publish")


class Ledger:
    """Reads and writes the attempt ledger of one home."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._open() as connection:
            connection.executescript("pragma journal_mode = wal;" + SCHEMA)
            for table, columns in ADDED_COLUMNS.items():
                known = {row["name"] for row in connection.execute(f"pragma table_info({table})")}
                for column in columns:
                    if column not in known:
                        connection.execute(f"alter table {table} add column {column} text")

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self.path, timeout=30)
        connection.row_factory = sqlite3.Row
        try:
            with connection:
                yield connection
        finally:
            connection.close()

    def _write(self, statement: str, values: Sequence[Any]) -> None:
        with self._open() as connection:
            connection.execute(statement, list(values))

    def _read(self, statement: str, values: Sequence[Any] = ()) -> list[sqlite3.Row]:
        with self._open() as connection:
            return connection.execute(statement, list(values)).fetchall()

    def save_run(self, run: RunRow) -> None:
        """Write or overwrite the row of an attempt."""
        row = {
            **{f.name: _text(getattr(run, f.name)) for f in fields(run) if f.name != "seconds"},
            **{f"{stage}_seconds": run.seconds.get(stage) for stage in STAGES},
        }
        names = ", ".join(row)
        marks = ", ".join("?" for _ in row)
        self._write(f"insert or replace into run ({names}) values ({marks})", list(row.values()))

    def runs(self, since: datetime | None = None) -> list[dict[str, Any]]:
        """The attempts, oldest first, of the days since `since`."""
        rows = self._read("select * from run order by started_at, run_id")
        kept = [dict(row) for row in rows]
        return [row for row in kept if since is None or row["started_at"] >= _text(since)]

    def record_cutoff(self, as_of: date, cutoff: datetime, run_id: str, config: str) -> None:
        """Keep the moment a published night's run ended extraction, and its configuration."""
        self._write(
            "insert or replace into cutoff values (?, ?, ?, ?)",
            [as_of.isoformat(), _text(cutoff), run_id, config],
        )

    def cutoff(self, as_of: date) -> tuple[datetime, str] | None:
        """The cut-off of a night and its config_version, None where it never ran."""
        rows = self._read("select * from cutoff where as_of_date = ?", [as_of.isoformat()])
        if not rows:
            return None
        return datetime.fromisoformat(rows[0]["cutoff_at"]), rows[0]["config_version"]

    def record_delivery(self, delivery: Delivery) -> None:
        """Index a landed delivery; a repeat of the same bytes changes nothing."""
        row = asdict(delivery) | {
            "extract_date": delivery.extract_date.isoformat(),
            "received_at": _text(delivery.received_at),
            "is_corrected": int(delivery.is_corrected),
            "is_judged": int(delivery.is_judged),
            **{name: json.dumps(getattr(delivery, name)) for name in AS_JSON},
        }
        marks = ", ".join("?" for _ in row)
        self._write(
            f"insert or ignore into delivery ({', '.join(row)}) values ({marks})",
            list(row.values()),
        )

    def record_verdict(self, delivery: Delivery, refused: str | None) -> None:
        """Write what the gate said of a delivery: the reason it is kept out for, or None."""
        self._write(
            "update delivery set is_judged = 1, refused = ? where source_system = ?"
            " and extract_name = ? and extract_date = ? and delivery_id = ?",
            [
                refused,
                delivery.source_system,
                delivery.extract_name,
                delivery.extract_date.isoformat(),
                delivery.delivery_id,
            ],
        )

    def record_controls(self, delivery: Delivery) -> None:
        """Write the totals that a corrected manifest declares of a delivery."""
        self._write(
            "update delivery set controls = ? where source_system = ? and extract_name = ?"
            " and extract_date = ? and delivery_id = ?",
            [
                json.dumps(delivery.controls),
                delivery.source_system,
                delivery.extract_name,
                delivery.extract_date.isoformat(),
                delivery.delivery_id,
            ],
        )

    def record_waiver(self, waiver: Waiver, given_at: datetime) -> None:
        """Keep a waiver; a later one for the same check replaces it."""
        with self._open() as connection:
            connection.execute("delete from waiver where check_id = ?", [waiver.check_id])
            connection.execute(
                "insert into waiver values (?, ?, ?, ?, ?)",
                [
                    waiver.check_id,
                    waiver.reason,
                    waiver.until_date.isoformat(),
                    waiver.who,
                    _text(given_at),
                ],
            )

    def waivers(self, as_of: date) -> dict[str, Waiver]:
        """The waivers in force on a night, by check."""
        rows = self._read("select * from waiver where until_date >= ?", [as_of.isoformat()])
        return {
            row["check_id"]: Waiver(
                row["check_id"], row["reason"], date.fromisoformat(row["until_date"]), row["who"]
            )
            for row in rows
        }

    def record_quarantine(self, run_id: str, summary: list[dict[str, Any]]) -> None:
        """Write what stood in quarantine at the end of a run, counted."""
        self._write(
            "insert or replace into quarantine values (?, ?)",
            [run_id, json.dumps(summary, default=str)],
        )

    def quarantines(self) -> list[dict[str, Any]]:
        """The rows of kam_ops.quarantine_summary of all kept runs."""
        rows = self._read("select * from quarantine order by run_id")
        return [
            {"run_id": row["run_id"], **item} for row in rows for item in json.loads(row["summary"])
        ]

    def deliveries(
        self, source_system: str | None = None, extract_name: str | None = None
    ) -> list[Delivery]:
        """The deliveries of an extract (or all), by extract date, then in the order they came."""
        rows = self._read(
            "select * from delivery where coalesce(?, source_system) = source_system"
            " and coalesce(?, extract_name) = extract_name"
            " order by source_system, extract_name, extract_date, rowid",
            [source_system, extract_name],
        )
        return [_delivery(row) for row in rows]

    def record_source(self, run_id: str, report: SourceReport) -> None:
        """Write what a run read of an extract."""
        self._write(
            "insert or replace into source_report values (?, ?, ?, ?)",
            [run_id, report.source_system, report.extract_name, json.dumps(asdict(report))],
        )

    def source_reports(self, run_id: str | None = None) -> list[dict[str, Any]]:
        """The source reports of a run, or of all kept runs."""
        rows = self._read(
            "select * from source_report where coalesce(?, run_id) = run_id"
            " order by run_id, source_system, extract_name",
            [run_id],
        )
        return [{"run_id": row["run_id"], **json.loads(row["report"])} for row in rows]

    def record_checks(self, run_id: str, results: Sequence[CheckResult]) -> None:
        """Write the outcome of checks, all of them or none."""
        with self._open() as connection:
            connection.executemany(
                "insert or replace into check_result values (?, ?, ?)",
                [(run_id, result.check_id, json.dumps(asdict(result))) for result in results],
            )

    def checks(self, run_id: str | None = None) -> list[dict[str, Any]]:
        """The check results of a run, or of all kept runs."""
        rows = self._read(
            "select * from check_result where coalesce(?, run_id) = run_id"
            " order by run_id, check_id",
            [run_id],
        )
        return [{"run_id": row["run_id"], **json.loads(row["result"])} for row in rows]

    def record_event(
        self, happened_at: datetime, kind: str, publication_id: str, who: str, why: str
    ) -> None:
        """Write an audit row: who did what to which publication, and why."""
        self._write(
            "insert into event values (?, ?, ?, ?, ?)",
            [_text(happened_at), kind, publication_id, who, why],
        )

    def forget(self, now: datetime) -> None:
        """Drop run rows, checks and source reports older than 400 days."""
        limit = _text(now - timedelta(days=KEPT_DAYS))
        with self._open() as connection:
            for table in ("source_report", "check_result", "quarantine"):
                connection.execute(
                    f"delete from {table} where run_id in"
                    " (select run_id from run where started_at < ?)",
                    [limit],
                )
            connection.execute("delete from run where started_at < ?", [limit])


def _text(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    return value


def _delivery(row: sqlite3.Row) -> Delivery:
    values = dict(row)
    return Delivery(
        **values
        | {
            "extract_date": date.fromisoformat(values["extract_date"]),
            "received_at": datetime.fromisoformat(values["received_at"]),
            "is_corrected": bool(values["is_corrected"]),
            "is_judged": bool(values["is_judged"]),
            **{name: json.loads(values[name] or "{}") for name in AS_JSON},
            "column_names": tuple(json.loads(values["column_names"])),
        }
    )
