"""What another configuration would change: reviews decided again, beside the published ones."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from assets.company import Company
from assets.memory import (
    NightRow,
    Remembered,
    lay_control,
    lay_memory,
    memory_tables,
    month_ends_before,
)
from assets.night import Night, Replay
from assets.publish.content import create_table
from assets.publish.versions import Publication
from assets.sql_text import literal
from assets.transform.contract import sandbox_tables

MONTHS = 24
DECIDED = ("segment_history", "segment_cut", "segment_state", "segment_review")
# A segment holds from its first day to the day before the next one's.
DIFFERENCES = """
select
    review.review_date,
    coalesce(before.group_id, after.group_id) as group_id,
    before.segment_code as segment_code_before,
    after.segment_code as segment_code_after,
    before.service_profile as service_profile_before,
    after.service_profile as service_profile_after,
    after.reason_code,
    {keys} as changed_keys
from (
    select calendar_date as review_date from kam.calendar
    where is_review_date and calendar_date > date '{first}' and calendar_date <= date '{last}'
) as review
cross join (
    select group_id from published.kam.segment_history
    union select group_id from kam.segment_history
) as client
left join published.kam.segment_history as before
    on client.group_id = before.group_id and review.review_date >= before.valid_from_date
    and review.review_date < coalesce(before.valid_to_date, date '9999-12-31')
left join kam.segment_history as after
    on client.group_id = after.group_id and review.review_date >= after.valid_from_date
    and review.review_date < coalesce(after.valid_to_date, date '9999-12-31')
where before.segment_code is distinct from after.segment_code
    or before.service_profile is distinct from after.service_profile
"""


def replay_of(served: Publication, own: Company, other: Company) -> Replay:
    """How the last 24 months of a publication are decided again under another configuration.

    From the segments of that day where a night stood before it; else, as the first night did, from
    nothing at the start of its reconstruction.
    """
    start = months_before(served.as_of, MONTHS)
    remembered = None
    if _first_night(served) <= start:
        remembered = Remembered(served.database, served.restricted, served.state, before=start)
    else:
        ends = int(other.metrics["history"]["reconstructed_month_ends"])
        first_end = month_ends_before(served.as_of, ends)[0]
        start = month_ends_before(first_end, 1)[0]
    return Replay(start, remembered, served.database, tuple(changed_keys(own, other)))


def months_before(day: date, months: int) -> date:
    """The last day before the month that lies so many months before that of a day."""
    return month_ends_before(day, months + 1)[0]


def _first_night(served: Publication) -> date:
    """The first night that was not reconstructed."""
    with duckdb.connect(str(served.database), read_only=True) as connection:
        [(first,)] = connection.execute("select min(as_of_date) from kam_ops.freshness").fetchall()
    return first if isinstance(first, date) else served.as_of


def changed_keys(own: Company, other: Company) -> list[str]:
    """The keys of metrics.yml and company.yml, and the CSV files, that say different things."""
    before = dict(_leaves({**own.as_vars(), **own.metrics}))
    after = dict(_leaves({**other.as_vars(), **other.metrics}))
    missing = object()
    keys = {
        key
        for key in before.keys() | after.keys()
        if before.get(key, missing) != after.get(key, missing)
    }
    files = {f"{name}.csv" for name in own.tables if own.tables[name] != other.tables.get(name)}
    return sorted(keys | files)


def _leaves(block: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in block.items():
        name = f"{above}.{key}" if above else str(key)
        if isinstance(value, Mapping):
            yield from _leaves(value, name)
        else:
            yield name, value


def lay_replay(night: Night, replay: Replay) -> None:
    """Let a copied build forget the decisions that the other configuration makes again."""
    with duckdb.connect(str(night.warehouse)) as connection:
        tables = [table for table in memory_tables() if table.name in DECIDED]
        lay_memory(connection, replay.remembered, tables)
        lay_control(
            connection,
            night.company,
            [NightRow(night.as_of, is_reconstructed=False, is_tonight=True)],
            known_at=night.started_at,
            is_first_run=False,
            replayed_after=replay.after,
        )


def write_what_if(night: Night, replay: Replay, database: Path) -> None:
    """Write kam_ops.what_if into a sandbox: reviews and groups whose segment would differ."""
    table = sandbox_tables()["kam_ops.what_if"]
    keys = (
        literal(";".join(replay.changed_keys)) if replay.changed_keys else "cast(null as varchar)"
    )
    first = months_before(night.as_of, MONTHS)
    query = DIFFERENCES.format(keys=keys, first=first, last=night.as_of)
    with duckdb.connect(str(database)) as connection:
        connection.execute(f"attach {literal(replay.published)} as published (read_only)")
        create_table(connection, table, f"({query})")
        connection.execute("detach published")
        connection.execute("checkpoint")
