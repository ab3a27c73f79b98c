"""The two gates: DuckDB computes one row of measures, Great Expectations judges it."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb

from assets.company import Company, Extract, Source
from assets.faults import GateFault
from assets.landing import profile as landed_profile
from assets.ledger import CheckResult
from assets.memory import month_end
from assets.night import Night
from assets.transform.contract import Table
from expectations.incoming import incoming, volume_warning
from expectations.judge import Expectation, Judgement, judge
from expectations.outgoing import outgoing

OWNER = "great_expectations"
PROFILED_SUM = "net_revenue_rc"


def landing_gates(company: Company) -> list[dg.AssetChecksDefinition]:
    """One blocking check per extract: the only factory of checks."""
    return [
        landing_gate(source, extract) for source in company.sources for extract in source.extracts
    ]


def landing_gate(source: Source, extract: Extract) -> dg.AssetChecksDefinition:
    """Stop the night when a landed extract breaks a critical expectation."""
    table = f"raw_{source.name}.{extract.table.lower()}"

    @dg.asset_check(
        asset=[f"raw_{source.name}", extract.table.lower()],
        name="meets_expectations",
        blocking=True,
    )
    def gate(night: dg.ResourceParam[Night]) -> dg.AssetCheckResult:
        with night.stage("check"):
            found = _incoming_results(night, source, extract, table)
            for result in found:
                night.ledger.record_check(night.run_id, result)
            broken = [r for r in found if r.is_blocking and r.status not in PASSING]
            if broken:
                said = "; ".join(f"{r.check_id}: {r.detail}" for r in broken)
                night.note_fault(
                    GateFault(
                        f"{said}. Have the extract corrected and sent again, then run make "
                        f"nightly AS_OF={night.as_of}."
                    ),
                    stage="check",
                )
        return dg.AssetCheckResult(
            passed=not broken,
            metadata={"checked": len(found), "broken": [r.check_id for r in broken]},
        )

    return gate


PASSING = ("passed", "not_applicable", "waived")


def _incoming_results(
    night: Night, source: Source, extract: Extract, table: str
) -> list[CheckResult]:
    profile = landed_profile(night, source, extract)
    if not profile:
        return [_result(table, "rows", "critical", "not_applicable", reason_code="NO_SOURCE")]
    gates: Mapping[str, Any] = night.metrics["gates"]
    wanted, first_run = incoming(
        profile,
        min_rows=extract.min_rows,
        mode=extract.mode,
        is_required=extract.required,
        gates=gates,
    )
    results = [_judged(table, j) for j in _judge(table, profile, wanted)]
    band = volume_warning(profile, gates) if extract.mode == "full" else None
    if band is not None:
        [judged] = _judge(f"{table}.volume", profile, [band])
        results.append(_judged(table, judged, rule="volume_ratio"))
    results += [
        _result(table, rule, "critical", "not_applicable", reason_code="FIRST_RUN")
        for rule in first_run
    ]
    return results


def _judge(
    name: str, profile: Mapping[str, float | None], wanted: list[Expectation]
) -> list[Judgement]:
    """Judge, or report every expectation as not evaluated where the judge itself breaks."""
    try:
        return judge(name, profile, wanted)
    except Exception as error:
        return [Judgement(item, None, success=False, error=type(error).__name__) for item in wanted]


def _judged(table: str, found: Judgement, rule: str | None = None) -> CheckResult:
    item = found.expectation
    status = "error" if found.error else "passed" if found.success else "failed"
    detail = (
        f"expected {item.measure} {_range(item)}, found {found.error or _figure(found.observed)}"
    )
    return _result(
        table,
        rule or item.measure,
        item.severity,
        status,
        observed=found.observed,
        limit_min=item.minimum,
        limit_max=item.maximum,
        detail=None if status == "passed" else detail,
    )


def _range(item: Expectation) -> str:
    low = "" if item.minimum is None else f"at least {_figure(item.minimum)}"
    high = "" if item.maximum is None else f"at most {_figure(item.maximum)}"
    return " and ".join(part for part in (low, high) if part)


def _figure(value: float | None) -> str:
    return "nothing" if value is None else f"{value:,.6g}"


def _result(
    table: str,
    rule: str,
    severity: str,
    status: str,
    **values: Any,
) -> CheckResult:
    column = rule.partition("__")[2] or None
    return CheckResult(
        check_id=f"{table.replace('.', '/')}:{rule}",
        owner=OWNER,
        table_name=table,
        column_name=column,
        severity=severity,
        status=status,
        is_blocking=severity == "critical",
        **values,
    )


def judge_quarantine(
    connection: duckdb.DuckDBPyConnection,
    gates: Mapping[str, Any],
    record: Callable[[CheckResult], None],
) -> list[str]:
    """The breakers: too large a share of an entity's rows, or of its money, was set aside."""
    found = connection.execute(
        "select entity, count(distinct (source_system, delivery_id, file_row)),"
        " coalesce(sum(abs(amount_base)), 0) from canonical.quarantine group by entity"
        " order by entity"
    ).fetchall()
    failures = []
    for entity, n_rows, money in found:
        total = "sum(abs(net_amount_base))" if entity == "invoice_line" else "0"
        counted = f'select count(*), coalesce({total}, 0) from canonical."{entity}"'
        loaded, kept = connection.execute(counted).fetchone() or (0, 0)
        profile: dict[str, float | None] = {"bad_row_share": n_rows / (n_rows + loaded)}
        if money + kept:
            profile["bad_money_share"] = float(money) / float(money + kept)
        wanted = [Expectation(name, "critical", maximum=float(gates[name])) for name in profile]
        for judged in _judge(f"canonical.{entity}", profile, wanted):
            result = _judged(f"canonical.{entity}", judged)
            record(result)
            if result.status not in PASSING:
                failures.append(f"{result.check_id}: {result.detail}")
    return failures


def judge_published(
    connection: duckdb.DuckDBPyConnection,
    tables: Sequence[Table],
    parent: Path | None,
    metrics: Mapping[str, Any],
    record: Callable[[CheckResult], None],
) -> list[str]:
    """Judge the tables about to be published; what is critical and broken, in words."""
    if parent is not None:
        connection.execute(f"attach '{parent!s}' as before (read_only)")
    failures = []
    for table in tables:
        name = f"{table.schema}.{table.name}"
        limits = dict(metrics["publication_diff"].get(table.name) or {})
        profile = published_profile(connection, table, has_parent=parent is not None)
        wanted, first_run = outgoing(name, profile, limits)
        results = [_judged(name, found) for found in _judge(name, profile, wanted)]
        results += [
            _result(name, rule, "critical", "not_applicable", reason_code="FIRST_RUN")
            for rule in first_run
        ]
        for result in results:
            record(result)
            if result.is_blocking and result.status not in PASSING:
                failures.append(f"{result.check_id}: {result.detail}")
    if parent is not None:
        connection.execute("detach before")
    return failures


def published_profile(
    connection: duckdb.DuckDBPyConnection, table: Table, *, has_parent: bool
) -> dict[str, float | None]:
    """One row of measures of a published table, and its change against the parent."""
    relation = f'"{table.schema}"."{table.name}"'
    keys = ", ".join(f'"{name}"' for name in table.key)
    empty = " or ".join(f'"{name}" is null' for name in table.key)
    doubles = [c.name for c in table.columns if c.data_type == "double"]
    infinite = " or ".join(f'not isfinite("{name}")' for name in doubles) or "false"
    measures = {
        "rows": "count(*)",
        "duplicate_keys": f"count(*) - count(distinct ({keys}))",
        "empty_keys": f"count(*) filter ({empty})",
        "not_finite": f"count(*) filter ({infinite})",
    }
    if table.name == "recon_ledger":
        measures |= {
            "unexplained_base": "coalesce(max(abs(unexplained_base)), 0)",
            "rows_with_difference": "count(*) filter (status = 'DIFF')",
            "rows_without_ledger": "count(*) filter (status = 'LEDGER_MISSING')",
        }
    listed = ", ".join(f"{formula} as {name}" for name, formula in measures.items())
    cursor = connection.execute(f"select {listed} from {relation}")
    values = cursor.fetchone() or ()
    found: dict[str, float | None] = dict(zip(measures, values, strict=True))
    found |= _changes(connection, table, relation, has_parent=has_parent)
    return found


def _changes(
    connection: duckdb.DuckDBPyConnection, table: Table, relation: str, *, has_parent: bool
) -> dict[str, float | None]:
    """How much rows and money changed on the newest date both publications hold in kind."""
    none: dict[str, float | None] = {"rows_change": None, "sum_change": None}
    if not has_parent:
        return none
    money = PROFILED_SUM if any(c.name == PROFILED_SUM for c in table.columns) else None
    total = f"sum({money})" if money else "0"
    figures = []
    for catalog in ("before.", ""):
        compared = _comparable(connection, table, relation, catalog)
        counted = f"select count(*), {total} from {catalog}{relation} {compared}"
        figures.append(connection.execute(counted).fetchone())
    (rows_before, sum_before), (rows_after, sum_after) = figures  # type: ignore[misc]
    return {
        "rows_change": _change(rows_before, rows_after),
        "sum_change": _change(sum_before, sum_after) if money else None,
    }


def _comparable(
    connection: duckdb.DuckDBPyConnection, table: Table, relation: str, catalog: str
) -> str:
    """The rows of a snapshot table that two publications share in kind.

    A month end holds every group and is compared with the month end before; another night is
    compared on key accounts.
    """
    if "as_of_date" not in table.key:
        return ""
    row = connection.execute(f"select max(as_of_date) from {relation}").fetchone()
    is_month_end = bool(row and row[0] and row[0] == month_end(row[0]))
    kind = "where as_of_date = last_day(as_of_date)" if is_month_end else ""
    newest = f"where as_of_date = (select max(as_of_date) from {catalog}{relation} {kind})"
    if is_month_end or "group_id" not in table.key:
        return newest
    keys = f"select group_id from {catalog}kam.dim_account_group where is_key_account"
    return f"{newest} and group_id in ({keys})"


def _change(before: Any, after: Any) -> float | None:
    if not before:
        return None
    return abs(float(after or 0) - float(before)) / abs(float(before))
