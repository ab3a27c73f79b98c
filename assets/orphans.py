"""Orphans: rows that name a record which nobody has delivered. They count as UNMAPPED."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import duckdb

from assets.checks import PASSING, judge_measures, judged
from assets.ledger import CheckResult
from expectations.judge import Expectation

LISTED = """
with money as (

    select count(distinct coalesce(company.base_currency, run.reporting_currency)) as n_currencies
    from control.run as run
    left join canonical.company as company on true

)

select
    listed.entity,
    listed.column_name,
    listed.parent_entity,
    count(orphan.parent_id) as n_ids,
    cast(coalesce(sum(orphan.n_rows), 0) as bigint) as n_rows,
    case when any_value(money.n_currencies) = 1 then sum(orphan.amount_base) end as amount_base,
    max(run.as_of_date - orphan.first_seen_date) as oldest_days,
    count(*) filter (run.as_of_date - orphan.first_seen_date > ?) as n_late
from intermediate.int_reference__listed as listed
cross join control.run as run
cross join money
left join marts.orphan as orphan
    on listed.entity = orphan.entity
    and listed.column_name = orphan.column_name
where listed.is_supplied
group by all
order by all
"""


def judge_orphans(
    connection: duckdb.DuckDBPyConnection,
    gates: Mapping[str, Any],
    record: Callable[[CheckResult], CheckResult],
) -> list[str]:
    """Warn of orphans of every kind with their age; hold where too much money is on them."""
    _warn_of_orphans(connection, int(gates["orphan_grace_days"]), record)
    return _hold_to_money(connection, gates, record)


def _warn_of_orphans(
    connection: duckdb.DuckDBPyConnection,
    grace_days: int,
    record: Callable[[CheckResult], CheckResult],
) -> None:
    rows = connection.execute(LISTED, [grace_days]).fetchall()
    profile = {f"{entity}.{column}": float(n_rows) for entity, column, _, _, n_rows, *_ in rows}
    wanted = [Expectation(name, "warning", maximum=0, code="ORPHAN") for name in profile]
    for row, item in zip(rows, judge_measures("canonical.orphans", profile, wanted), strict=True):
        entity, column, parent, n_ids, n_rows, amount, oldest, n_late = row
        found = judged(f"canonical.{entity}", item, rule=f"orphans__{column}")
        if found.status == "passed":
            record(found)
            continue
        money = "" if amount is None else f" with {amount:,.2f}"
        detail = (
            f"ORPHAN: expected every {column} of {entity} to name a record of {parent}, found"
            f" {n_ids:,} that name none, in {n_rows:,} rows{money}; missing for up to {oldest}"
            f" days, {n_late:,} of them for more than {grace_days}"
        )
        money_affected = None if amount is None else str(amount)
        record(
            replace(found, n_rows_failed=n_rows, money_affected_base=money_affected, detail=detail)
        )


def _hold_to_money(
    connection: duckdb.DuckDBPyConnection,
    gates: Mapping[str, Any],
    record: Callable[[CheckResult], CheckResult],
) -> list[str]:
    """Money of the last 365 days on clients that no customer row names."""
    row = connection.execute(
        "select coalesce(sum(abs(net_amount_base)), 0), coalesce(sum(abs(net_amount_base))"
        " filter (customer_id not in (select customer_id from canonical.customer)), 0),"
        " count(distinct customer_id) filter"
        " (customer_id not in (select customer_id from canonical.customer))"
        " from canonical.invoice_line, control.run"
        " where posting_date > as_of_date - 365 and posting_date <= as_of_date"
    ).fetchone() or (0, 0, 0)
    total, orphaned, n_unknown = row
    if not total:
        return []
    limit = Expectation(
        "orphan_money_share",
        "critical",
        maximum=float(gates["orphan_money_share"]),
        code="ORPHAN",
    )
    table = "canonical.invoice_line"
    [item] = judge_measures(table, {limit.measure: float(orphaned) / float(total)}, [limit])
    result = record(replace(judged(table, item), n_rows_failed=n_unknown))
    if result.status in PASSING:
        return []
    return [f"{result.check_id}: {result.detail} ({n_unknown:,} unknown clients)"]
