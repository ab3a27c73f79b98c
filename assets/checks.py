"""Checks of measures: DuckDB computes one row of them, Great Expectations judges it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from assets.comparison import differences
from assets.differences import Difference, limits_of, rule_of
from assets.ledger import CheckResult
from assets.transform.contract import Table
from expectations.judge import Expectation, Judgement, judge
from expectations.outgoing import outgoing

OWNER = "great_expectations"


PASSING = ("passed", "not_applicable", "waived")


def judge_measures(
    name: str, profile: Mapping[str, float | None], wanted: list[Expectation]
) -> list[Judgement]:
    """Judge, or report every expectation as not evaluated where the judge itself breaks."""
    try:
        return judge(name, profile, wanted)
    except Exception as error:
        return [Judgement(item, None, success=False, error=type(error).__name__) for item in wanted]


def judged(table: str, found: Judgement, rule: str | None = None) -> CheckResult:
    item = found.expectation
    status = "error" if found.error else "passed" if found.success else "failed"
    code = f"{item.code}: " if item.code else ""
    detail = (
        f"{code}expected {item.measure} {_range(item)}, found "
        f"{found.error or _figure(found.observed)}"
    )
    return result_of(
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


def result_of(
    table: str,
    rule: str,
    severity: str,
    status: str,
    **values: Any,
) -> CheckResult:
    column = rule.partition("@")[0].partition("__")[2] or None
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


FEWEST_BAD = 20  # rows of one delivery below which its own share proves nothing


def judge_quarantine(
    connection: duckdb.DuckDBPyConnection,
    gates: Mapping[str, Any],
    record: Callable[[CheckResult], CheckResult],
) -> list[str]:
    """The breakers: too large a share of an entity's rows, or of its money, was set aside.

    The share of rows is that of the entity, and of each delivery that lost many.
    """
    entities = connection.execute(
        "select distinct entity from canonical.quarantine order by entity"
    ).fetchall()
    failures = []
    for (entity,) in entities:
        table = f"canonical.{entity}"
        profile = _breaker_profile(connection, entity)
        wanted = [
            Expectation(
                name,
                "critical",
                maximum=float(gates["bad_money_share" if "money" in name else "bad_row_share"]),
            )
            for name in profile
        ]
        for item in judge_measures(table, profile, wanted):
            result = record(judged(table, item))
            if result.status not in PASSING:
                failures.append(_with_reasons(connection, entity, result))
    return failures


def _with_reasons(connection: duckdb.DuckDBPyConnection, entity: str, result: CheckResult) -> str:
    rows = connection.execute(
        "select reason_code, column_name, count(*) from canonical.quarantine where entity = ?"
        " group by all order by 3 desc, 1, 2 limit 3",
        [entity],
    ).fetchall()
    reasons = ", ".join(f"{reason} in {column}: {n:,}" for reason, column, n in rows)
    return f"{result.check_id}: {result.detail} ({reasons} rows)"


def _breaker_profile(connection: duckdb.DuckDBPyConnection, entity: str) -> dict[str, float | None]:
    total = "sum(abs(net_amount_base))" if entity == "invoice_line" else "0"
    loaded, kept = connection.execute(
        f'select count(*), coalesce({total}, 0) from canonical."{entity}"'
    ).fetchone() or (0, 0)
    aside, money = connection.execute(
        "select count(distinct (source_system, delivery_id, file_row)),"
        " coalesce(sum(abs(amount_base)), 0) from canonical.quarantine where entity = ?",
        [entity],
    ).fetchone() or (0, 0)
    worst = connection.execute(
        "select max(n_bad / rows_read) from (select source_system, extract_name, delivery_id,"
        " count(distinct file_row) as n_bad from canonical.quarantine where entity = ?"
        " group by all) inner join (select distinct source_system, extract_name, delivery_id,"
        " rows_read from control.delivery) using (source_system, extract_name, delivery_id)"
        " where n_bad >= ? and rows_read > 0",
        [entity, FEWEST_BAD],
    ).fetchone() or (None,)
    profile: dict[str, float | None] = {"bad_row_share": aside / max(aside + loaded, 1)}
    if worst[0] is not None:
        profile["bad_row_share_of_delivery"] = float(worst[0])
    if money + kept:
        profile["bad_money_share"] = float(money) / float(money + kept)
    return profile


UNRATED = """
with pair as (

    select
        coalesce(company.base_currency, run.reporting_currency) as from_currency,
        line.month
    from intermediate.int_invoice_line__attributed as line
    cross join control.run as run
    left join canonical.company as company on line.company_code = company.company_code
    where line.net_amount_rc is null
    union all
    select line.currency as from_currency, run.constant_rate_date as month
    from intermediate.int_invoice_line__attributed as line
    cross join control.run as run
    where line.net_amount_cc is null

)

select
    pair.from_currency || '>' || run.reporting_currency as named,
    count(*) as n_lines,
    min(pair.month) as first_month,
    max(pair.month) as last_month
from pair
cross join control.run as run
group by all
order by n_lines desc, named
"""


def judge_rates(
    connection: duckdb.DuckDBPyConnection, record: Callable[[CheckResult], CheckResult]
) -> None:
    """Warn of invoice lines that no rate converts, and name each pair: their cells are NULL."""
    pairs = connection.execute(UNRATED).fetchall()
    n_lines = sum(row[1] for row in pairs)
    limit = Expectation("lines_without_rate", "warning", maximum=0, code="NO_SOURCE")
    [item] = judge_measures("canonical.exchange_rate", {limit.measure: float(n_lines)}, [limit])
    found = judged("canonical.exchange_rate", item)
    named = "; ".join(
        f"{pair}: {n:,} lines, {first:%Y-%m} to {last:%Y-%m}" for pair, n, first, last in pairs
    )
    detail = f"{found.detail} ({named})" if named else found.detail
    record(replace(found, n_rows_failed=n_lines, detail=detail))


REPEATED = """
select count(*), coalesce(sum(abs(amount_rc)), 0)
from intermediate.int_customer_cost__attributed
where is_repeated
"""


def count_repeated_costs(
    connection: duckdb.DuckDBPyConnection, record: Callable[[CheckResult], CheckResult]
) -> None:
    """Say how many rows of customer_cost were left out: they repeat money of a REBATE document."""
    n_rows, money = connection.execute(REPEATED).fetchone() or (0, 0)
    found = result_of(
        "canonical.customer_cost", "rows_repeating_a_rebate", "warning", "passed",
        observed=float(n_rows),
        detail=f"{n_rows:,} rows left out, {money:,.2f} in the reporting currency",
    )  # fmt: skip
    record(replace(found, n_rows_failed=n_rows))


def judge_published(
    connection: duckdb.DuckDBPyConnection,
    tables: Sequence[Table],
    parent: Path | None,
    metrics: Mapping[str, Any],
    record: Callable[[Sequence[CheckResult]], list[CheckResult]],
) -> tuple[list[str], list[Difference]]:
    """Judge the tables about to be published: what is critical and broken, in words.

    And how they differ from those of the parent, where there is one.
    """
    if parent is not None:
        connection.execute(f"attach '{parent!s}' as before (read_only)")
    results: list[CheckResult] = []
    differing: list[Difference] = []
    for table in tables:
        name = f"{table.schema}.{table.name}"
        limits = limits_of(metrics, table)
        own: list[Difference] = []
        if parent is not None:
            had_it = has_table(connection, "before", table)
            own = differences(connection, table, limits, has_parent=had_it)
        changes = {d.measure: d.change for d in own}
        profile = published_profile(connection, table)
        profile |= {rule_of(measure): changes.get(measure) for measure in limits}
        drifts = {rule_of(measure): limit for measure, limit in limits.items()}
        wanted, first_run = outgoing(name, profile, drifts)
        differing += own
        results += [judged(name, item) for item in judge_measures(name, profile, wanted)]
        results += [
            result_of(name, rule, "critical", "not_applicable", reason_code="FIRST_RUN")
            for rule in first_run
        ]
    if parent is not None:
        connection.execute("detach before")
    failures = [
        f"{result.check_id}: {result.detail}"
        for result in record(results)
        if result.is_blocking and result.status not in PASSING
    ]
    return failures, differing


def has_table(connection: duckdb.DuckDBPyConnection, database: str, table: Table) -> bool:
    """Whether an attached publication has a table; an older version of the product may lack it."""
    row = connection.execute(
        "select count(*) from duckdb_tables() where database_name = ? and schema_name = ?"
        " and table_name = ?",
        [database, table.schema, table.name],
    ).fetchone()
    return bool(row and row[0])


# What some tables are asked beside what every table is. Of lifetime value: how far its parameters
# and its totals moved from the night before to the newest.
OWN_MEASURES = {
    "recon_ledger": {
        "unexplained_base": "coalesce(max(abs(unexplained_base)), 0)",
        "rows_with_difference": "count(*) filter (status in ('DIFF', 'WAIVED'))",
        "rows_without_ledger": "count(*) filter (status = 'LEDGER_MISSING')",
    },
    "ltv_model": {
        "parameter_drift": """max(abs(change_ratio)) filter (
            part = 'orders' and parameter in ('k', 'r', 'alpha', 'a', 'b')
            and as_of_date = (select max(as_of_date) from kam.ltv_model)
        )"""
    },
    "portfolio_ltv": {
        "total_drift": """(
            select max(abs(ltv_mean_rc - mean_before) / nullif(abs(mean_before), 0))
            from (
                select
                    *,
                    lag(cast(ltv_mean_rc as double)) over (
                        partition by scope, horizon_months order by as_of_date nulls last
                    ) as mean_before
                from kam.portfolio_ltv
                where scope in ('company', 'key')
            )
            where as_of_date = (select max(as_of_date) from kam.portfolio_ltv)
        )"""
    },
}


def published_profile(
    connection: duckdb.DuckDBPyConnection, table: Table
) -> dict[str, float | None]:
    """One row of measures of a published table."""
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
        **OWN_MEASURES.get(table.name, {}),
    }
    listed = ", ".join(f"{formula} as {name}" for name, formula in measures.items())
    cursor = connection.execute(f"select {listed} from {relation}")
    values = cursor.fetchone() or ()
    return dict(zip(measures, values, strict=True))
