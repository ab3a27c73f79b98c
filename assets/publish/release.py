"""Write, audit, publish: the night's tables become a version, or nothing changes."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

from assets.checks import (
    count_repeated_costs,
    has_table,
    judge_published,
    judge_quarantine,
    judge_rates,
)
from assets.differences import Difference
from assets.faults import GateFault, InfrastructureFault
from assets.ledger import KEPT_DAYS, SourceReport
from assets.night import Night
from assets.orphans import judge_orphans
from assets.publish import content, versions
from assets.publish.differing import write_differences
from assets.publish.versions import DATABASE, RESTRICTED, STATE, Publication
from assets.publish.what_if import write_what_if
from assets.quarantine import keep_quarantine
from assets.rows import insert_rows
from assets.sql_text import literal
from assets.transform.contract import (
    Table,
    published_tables,
    restricted_tables,
    state_tables,
)

CONTRACT_VERSION = "1.0.0"
WRITTEN_HERE = (
    "publication", "publication_diff", "run_report", "run_source_report", "dq_result",
    "quarantine_summary",
)  # fmt: skip


@dataclass(frozen=True)
class Released:
    """What a run left behind: a served version, or a sandbox file."""

    publication_id: str
    database: Path
    content_hash: str
    status: str


def release(night: Night) -> Released:
    """Publish the build of a night, or write its sandbox.

    Raises GateFault where a check is missing, failed or in error (nothing is published),
    LockFault where another run published meanwhile.
    """
    publication_id = f"{night.clock():%Y%m%dT%H%M%SZ}-{night.run_id[-8:]}"
    is_sandbox = night.plan.kind in ("sandbox", "table")
    parent = _parent(night)
    draft = (night.home.sandbox if is_sandbox else night.home.versions) / f".tmp.{night.run_id}"
    versions.discard(draft)
    draft.mkdir(parents=True)
    own = night.home.open_restricted("versions", f".tmp.{night.run_id}")
    night.fail_at("draft")
    hashes = _write_tables(night, draft / DATABASE, parent)
    if night.plan.replay is not None:
        write_what_if(night, night.plan.replay, draft / DATABASE)
    _write_restricted(night, own / RESTRICTED, parent)
    _write_page(night, draft / DATABASE, parent, hashes)
    night.fail_at("tables")
    differing: list[Difference] = []
    if not is_sandbox:
        try:
            differing = _judge(night, draft / DATABASE, own / RESTRICTED, parent)
        except GateFault as fault:
            versions.discard(own)
            raise GateFault(f"{fault.reason} {_kept_for_a_look(night, draft)}") from fault
    _count_quarantined(night)
    keep_quarantine(night)
    status = _status(night) if not is_sandbox else "sandboxed"
    facts = _facts(night, publication_id, parent, hashes, status, draft / DATABASE)
    _write_operations(night, draft / DATABASE, facts)
    _write_differences(night, draft / DATABASE, parent, facts, differing)
    _write_state(night, draft / STATE, parent)
    _audit(draft, hashes)
    night.fail_at("audit")
    if is_sandbox:
        final = night.home.sandbox / publication_id
        own.rename(night.home.restricted_versions / publication_id)
        draft.rename(final)
        return Released(publication_id, final / DATABASE, facts["content_hash"], status)
    versions.write_json(draft / "run_report.json", {**facts, "seconds": night.row.seconds})
    versions.write_manifest(draft, own, facts)
    night.fail_at("manifest")
    done = versions.commit(night.home, draft, own, publication_id, expected=night.plan.served)
    night.fail_at("commit")
    return Released(publication_id, done.database, done.content_hash, status)


def _kept_for_a_look(night: Night, draft: Path) -> str:
    """Move what was not published into the sandbox, and say where it is."""
    kept = night.home.sandbox / f"held-{night.run_id}"
    versions.discard(kept)
    draft.rename(kept)
    return f"What was not published: {kept / DATABASE}."


def _count_quarantined(night: Night) -> None:
    """Complete what the run read of each extract by the rows that staging set aside."""
    with duckdb.connect(str(night.warehouse), read_only=True) as connection:
        found = connection.execute(
            "select source_system, extract_name, delivery_id, count(distinct file_row)"
            " from canonical.quarantine group by all"
        ).fetchall()
    read = {
        delivery.delivery_id
        for delivery in night.ledger.deliveries()
        if not night.lands or delivery.received_at >= night.started_at
    }
    aside: Counter[tuple[str, str]] = Counter()
    for source, extract, delivery_id, rows in found:
        aside[source, extract] += rows if delivery_id in read else 0
    for row in night.ledger.source_reports(night.run_id):
        del row["run_id"]
        report = SourceReport(**row)
        n_aside = aside[report.source_system, report.extract_name] + report.rows_quarantined
        loaded = report.rows_read - report.rows_collapsed - n_aside - report.rows_erased
        counted = replace(report, rows_quarantined=n_aside, rows_loaded=loaded)
        night.ledger.record_source(night.run_id, counted)


def _parent(night: Night) -> Publication | None:
    if night.plan.parent is None:
        return None
    return versions.publication(night.home, night.plan.parent)


def _origin(night: Night, table: Table, *, is_kept: bool) -> str:
    """Where the rows of a published table come from; `is_kept`: the parent has it.

    A night that is appended adds only its snapshot rows; all else stays at the parent's.
    """
    built = f'build."{table.schema}"."{table.name}"'
    if night.plan.kind != "append" or not is_kept:
        return built
    kept = f'parent."{table.schema}"."{table.name}"'
    if table.table_class not in ("snapshot", "portfolio_snapshot"):
        return kept
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    to_date = " and not is_to_date" if table.table_class == "portfolio_snapshot" else ""
    return (
        f"(select {columns} from {kept} union all select {columns} from {built} where as_of_date"
        " in (select as_of_date from build.control.night)"
        f" and as_of_date not in (select as_of_date from {kept}){to_date})"
    )


def _write_tables(night: Night, database: Path, parent: Publication | None) -> dict[str, str]:
    with duckdb.connect(str(database)) as connection:
        connection.execute(f"attach {literal(night.warehouse)} as build (read_only)")
        if parent is not None:
            connection.execute(f"attach {literal(parent.database)} as parent (read_only)")
        for table in published_tables().values():
            if table.name not in WRITTEN_HERE:
                is_kept = parent is not None and has_table(connection, "parent", table)
                content.create_table(connection, table, _origin(night, table, is_kept=is_kept))
        for table in published_tables().values():
            if content.has_latest_view(table):
                content.create_latest_view(connection, table)
        return content.business_hashes(connection)


def _write_restricted(night: Night, database: Path, parent: Publication | None) -> None:
    with duckdb.connect(str(database)) as connection:
        connection.execute(f"attach {literal(night.warehouse)} as build (read_only)")
        has_file = parent is not None and parent.restricted.is_file()
        if parent is not None and has_file:
            connection.execute(f"attach {literal(parent.restricted)} as parent (read_only)")
        for table in restricted_tables().values():
            is_kept = has_file and has_table(connection, "parent", table)
            content.create_table(connection, table, _origin(night, table, is_kept=is_kept))
        connection.execute("checkpoint")


def _write_page(
    night: Night, database: Path, parent: Publication | None, hashes: dict[str, str]
) -> None:
    """Draw what people look at; a night that is appended shows the past forecasts of its parent."""
    from assets.publish.lifetime_page import write_lifetime_page  # a second of imports

    builds = [night.warehouse]
    if parent is not None and _appends(night):
        builds.insert(0, night.home.build(parent.publication_id) / night.warehouse.name)
    write_lifetime_page(night, database, builds, content.content_hash(hashes.items()))


def _judge(
    night: Night, database: Path, restricted: Path, parent: Publication | None
) -> list[Difference]:
    """The gate at the exit, then the audit of every check this run should have made.

    Returns how the tables differ from those of the parent.
    """
    tables = [t for t in published_tables().values() if t.name not in WRITTEN_HERE]
    own = list(restricted_tables().values())
    failures: list[str] = []
    with night.stage("check"), duckdb.connect(str(night.warehouse), read_only=True) as build:
        failures += judge_quarantine(
            build,
            night.metrics["gates"],
            night.record_check,
        )
        failures += judge_orphans(build, night.metrics["gates"], night.record_check)
        judge_rates(build, night.record_check)
        count_repeated_costs(build, night.record_check)
    with night.stage("check"), duckdb.connect(str(database), read_only=True) as connection:
        broken, differing = judge_published(
            connection,
            tables,
            parent.database if parent else None,
            night.metrics,
            night.record_checks,
        )
        failures += broken
    with night.stage("check"), duckdb.connect(str(restricted), read_only=True) as connection:
        broken, _ = judge_published(connection, own, None, night.metrics, night.record_checks)
        failures += broken
    failures += list(_unmet(night, [*tables, *own]))
    if failures:
        raise GateFault(
            f"the night is held: {'; '.join(sorted(set(failures))[:12])}. "
            "The publication before stays; see kam status and docs/runbook.md."
        )
    return differing


def _unmet(night: Night, tables: Iterable[Table]) -> Iterable[str]:
    """Checks that are missing, failed or in error: a missing check counts as failed."""
    found = night.ledger.checks(night.run_id)
    checked = {check["table_name"].lower() for check in found}
    wanted = {f"{table.schema}.{table.name}" for table in tables}
    for source in night.company.sources:
        wanted |= {f"raw_{source.name}.{e.table.lower()}" for e in source.extracts}
    for name in sorted(wanted - checked):
        yield f"{name}: expected a check, found none"
    for check in found:
        if check["severity"] == "critical" and check["status"] not in (
            "passed",
            "not_applicable",
            "waived",
        ):
            yield f"{check['check_id']}: {check['detail'] or check['status']}"


def _status(night: Night) -> str:
    return "published_with_warnings" if _n_failed_warnings(night) else "published"


def _n_failed_warnings(night: Night) -> int:
    return sum(
        1
        for check in night.ledger.checks(night.run_id)
        if check["severity"] == "warning" and check["status"] == "failed"
    )


def _facts(
    night: Night,
    publication_id: str,
    parent: Publication | None,
    hashes: dict[str, str],
    status: str,
    database: Path,
) -> dict[str, Any]:
    with duckdb.connect(str(night.warehouse), read_only=True) as connection:
        nights = [
            r[0] for r in connection.execute("select as_of_date from control.night").fetchall()
        ]
    with duckdb.connect(str(database), read_only=True) as connection:
        rows = {
            name: content.count_rows(connection, f'"{table.schema}"."{table.name}"')
            for name, table in published_tables().items()
            if table.name not in WRITTEN_HERE
        }
    newest = max(night.as_of, parent.as_of) if parent and _appends(night) else night.as_of
    known = sorted({*nights, *_nights_before(night, parent)})
    return {
        "publication_id": publication_id,
        "parent_publication_id": night.plan.parent,
        "run_id": night.run_id,
        "as_of_date": newest.isoformat(),
        "published_at": night.clock().isoformat(timespec="microseconds"),
        "status": status,
        "code_version": night.code_version,
        "config_version": night.company.config_version,
        "sources_version": night.company.sources_version,
        "contract_version": CONTRACT_VERSION,
        "content_hash": content.content_hash(hashes.items()),
        "n_tables": len(published_tables()),
        "n_nights": len(nights),
        "n_warnings": _n_failed_warnings(night),
        "n_waivers": sum(c["status"] == "waived" for c in night.ledger.checks(night.run_id)),
        "nights": [day.isoformat() for day in known],
        "rows": rows,
        "table_hashes": hashes,
        "oldest_duckdb": "1.0.0",
    }


def _appends(night: Night) -> bool:
    return night.plan.kind == "append"


def _nights_before(night: Night, parent: Publication | None) -> list[date]:
    if parent is None:
        return []
    return [day for day in parent.nights if _appends(night) or day < night.as_of]


def _write_operations(night: Night, database: Path, facts: dict[str, Any]) -> None:
    """Write the kam_ops tables that only the end of a run knows."""
    since = night.started_at - timedelta(days=KEPT_DAYS)
    runs = night.ledger.runs(since)
    kept = {row["run_id"] for row in runs}
    rows: dict[str, list[dict[str, Any]]] = {
        "publication": [facts],
        "run_report": runs,
        "run_source_report": [r for r in night.ledger.source_reports() if r["run_id"] in kept],
        "dq_result": [r for r in night.ledger.checks() if r["run_id"] in kept],
        "quarantine_summary": [r for r in night.ledger.quarantines() if r["run_id"] in kept],
    }
    tables = published_tables()
    with duckdb.connect(str(database)) as connection:
        for name, values in rows.items():
            table = tables[f"kam_ops.{name}"]
            columns = ", ".join(f'"{c.name}" {c.data_type}' for c in table.columns)
            connection.execute(f'create or replace table kam_ops."{name}" ({columns})')
            ordered = [[row.get(column.name) for column in table.columns] for row in values]
            insert_rows(connection, f'kam_ops."{name}"', ordered)
        connection.execute("checkpoint")


def _write_differences(
    night: Night,
    database: Path,
    parent: Publication | None,
    facts: dict[str, Any],
    found: list[Difference],
) -> None:
    """Continue publication_diff from the memory of the night; an appended one, from its parent."""
    stamp = {
        "publication_id": facts["publication_id"],
        "as_of_date": facts["as_of_date"],
        "known_at": night.started_at,
        "config_version": facts["config_version"],
        "is_reconstructed": False,
    }
    origin, schema = night.warehouse, "memory"
    if parent is not None and _appends(night):
        origin, schema = parent.database, "kam_ops"
    write_differences(database, origin, schema, stamp, found)


def _write_state(night: Night, path: Path, parent: Publication | None) -> None:
    """Write the state of the night; a night that is appended keeps what its parent has of it."""
    keeps = parent if _appends(night) else None
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"attach {literal(night.warehouse)} as build (read_only)")
        if keeps is not None:
            connection.execute(f"attach {literal(keeps.state)} as parent (read_only)")
        for table in state_tables().values():
            carried = replace(table, schema="carried")
            origin = f'build."{table.schema}"."{table.name}"'
            if keeps is not None and has_table(connection, "parent", carried):
                origin = f'parent.carried."{table.name}"'
            content.create_table(connection, carried, origin)
        connection.execute("create schema if not exists carried")
        connection.execute("checkpoint")


def _audit(draft: Path, hashes: dict[str, str]) -> None:
    """Re-read the bytes that will be served; write Parquet from them; both must say the same."""
    leftovers = sorted(path.name for path in draft.glob("*.wal"))
    if leftovers:
        raise InfrastructureFault(f"expected a closed database, found {', '.join(leftovers)}.")
    with duckdb.connect(str(draft / DATABASE), read_only=True) as connection:
        found = content.business_hashes(connection)
        if found != hashes:
            changed = sorted(name for name in hashes if found.get(name) != hashes[name])
            raise InfrastructureFault(f"written tables read back differently: {changed}.")
        content.write_parquet(connection, draft)
        for table in published_tables().values():
            relation = f'"{table.schema}"."{table.name}"'
            path = literal(draft / "parquet" / f"{table.schema}.{table.name}" / "part-0.parquet")
            if content.count_rows(connection, relation) != content.count_rows(
                connection, f"read_parquet({path})"
            ):
                raise InfrastructureFault(f"{relation}: Parquet and DuckDB differ in rows.")
