"""segment_decision: which segment rows the reviews of a night open, and what waits after them."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb

from assets.night import Night
from assets.scores.segments.inputs import ReviewCut, SegmentInputs, decide_segments

STANDING = "select * from marts.segment_standing order by group_id"
FACTS = "select * from marts.segment_review_input order by review_date, group_id"
CUTS = """
select
    review_date,
    is_config_changed,
    first_cut_rc,
    second_cut_rc,
    first_cut_before_rc,
    second_cut_before_rc
from marts.segment_review_cut
order by review_date
"""
DECISION = """
create or replace table scores.segment_decision as
select
    cast(group_id as varchar) as group_id,
    cast(valid_from_date as date) as valid_from_date,
    cast(segment_code as varchar) as segment_code,
    cast(service_profile as varchar) as service_profile,
    cast(reason_code as varchar) as reason_code,
    cast(decided_by as varchar) as decided_by
from decided
order by group_id, valid_from_date
"""
WAITING = """
create or replace table scores.segment_waiting as
select
    cast(group_id as varchar) as group_id,
    cast(pending_segment as varchar) as pending_segment,
    cast(pending_since_date as date) as pending_since_date,
    cast(pending_reviews as bigint) as pending_reviews,
    cast(held_profile as varchar) as held_profile,
    cast(hold_reviews_left as bigint) as hold_reviews_left
from decided
order by group_id
"""


TABLES = {"segment_decision": DECISION, "segment_waiting": WAITING}
MARTS = ("segment_standing", "segment_review_input", "segment_review_cut")


@dg.multi_asset(
    name="segment_decision",
    specs=[
        dg.AssetSpec(
            dg.AssetKey(["scores", table]),
            deps=[dg.AssetKey(["marts", mart]) for mart in MARTS],
            group_name="scores",
            kinds={"python", "duckdb"},
        )
        for table in TABLES
    ],
    pool="warehouse",
)
def segment_decision(night: dg.ResourceParam[Night]) -> Iterator[dg.MaterializeResult]:
    """The segment rows that the reviews of the night open, and what waits after them."""
    with night.stage("score"):
        counted = write_segment_decision(night.warehouse, night.metrics, night.as_of)
    night.say(f"scores segment_decision: {counted['segment_decision']:,} rows open")
    for table, rows in counted.items():
        yield dg.MaterializeResult(
            asset_key=dg.AssetKey(["scores", table]), metadata={"dagster/row_count": rows}
        )


def write_segment_decision(
    warehouse: Path, metrics: Mapping[str, Any], night: date
) -> dict[str, int]:
    """Write scores.segment_decision and scores.segment_waiting; the number of their rows."""
    with duckdb.connect(str(warehouse)) as connection:
        inputs = SegmentInputs(
            standing=connection.execute(STANDING).df(),
            facts=connection.execute(FACTS).df(),
            cuts=[ReviewCut(*row) for row in connection.execute(CUTS).fetchall()],
        )
        frames = decide_segments(inputs, metrics, night)
        connection.execute("create schema if not exists scores")
        counted = {}
        for (table, statement), frame in zip(TABLES.items(), frames, strict=True):
            connection.register("decided", frame)
            connection.execute(statement)
            connection.unregister("decided")
            counted[table] = len(frame)
    return counted
