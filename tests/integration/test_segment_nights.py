"""Segments of nights that miss a review, under a configuration that changed meanwhile."""

import pytest

from tests.conftest import World, ask, clone_world
from tests.integration.test_memory import hashes_of

pytestmark = pytest.mark.slow
STATE = ("kam.segment_history", "kam.segment_cut", "kam.dim_account_group_history")


@pytest.fixture(scope="module")
def late(tmp_path_factory: pytest.TempPathFactory, first_night: World) -> World:
    """The small company on 2 April, three days after its first night: the review of 1 April is
    decided late, and P1 begins lower since."""
    world = clone_world(first_night, tmp_path_factory.mktemp("late"))
    metrics = world.config / "metrics.yml"
    text = metrics.read_text(encoding="utf-8")
    changed = text.replace("potential_percentiles: {P1: 0.80,", "potential_percentiles: {P1: 0.60,")
    assert changed != text
    metrics.write_text(changed, encoding="utf-8")
    assert world.kam("nightly", "--as-of", "2026-04-02", now="2026-04-03T07:15:00Z") == 0
    return world


def state(world: World, sql: str) -> list[tuple]:
    return ask(world.database.with_name("state.duckdb"), sql)


def test_changed_percentiles_freeze_new_cuts_at_the_next_review(late: World) -> None:
    (before, _), (now, reason) = late.query(
        "select value_rc, freeze_reason from kam.segment_cut where tier = 'P1'"
        " order by cut_date desc limit 2"
    )[::-1]
    assert reason == "CONFIG"
    assert now < before


def test_every_client_that_the_new_cut_lifts_is_lifted_at_once_and_nothing_waits(
    late: World,
) -> None:
    lifted = late.query(
        "select reason_code, count(*) from kam.segment_history"
        " where valid_from_date = date '2026-04-01' and previous_segment like 'P2-%'"
        " and segment_code like 'P1-%' group by 1"
    )
    assert [reason for reason, _ in lifted] == ["CONFIG"]
    assert lifted[0][1] > 0
    assert late.query(
        "select count(*) from kam.segment_history where pending_segment is not null"
    ) == [(0,)]


def test_a_review_decided_after_its_day_says_so(late: World) -> None:
    assert state(
        late,
        "select review_date::varchar, is_reconstructed from carried.segment_review"
        " order by review_date desc limit 1",
    ) == [("2026-04-01", True)]
    assert late.query(
        "select distinct is_reconstructed from kam.segment_history"
        " where valid_from_date = date '2026-04-01'"
    ) == [(True,)]


def test_a_merger_seen_after_the_review_waits_for_the_next(late: World) -> None:
    [(acquired, acquirer)] = late.query(
        "select distinct from_group_id, to_group_id from kam.dim_account_lineage"
        " where change_type = 'merge' and from_group_id <> to_group_id"
    )
    assert late.query(
        "select max(valid_to_date)::varchar, count(*) filter (valid_to_date is null)"
        " from kam.segment_history where group_id = ?",
        [acquired],
    ) == [("2026-04-02", 0)]
    assert state(
        late,
        "select is_merged, part_profile is not null, valid_from_date::varchar"
        f" from carried.segment_state where group_id = '{acquirer}' and valid_to_date is null",
    ) == [(True, True, "2026-04-02")]
    assert late.query(
        "select count(*) from kam.segment_history where reason_code = 'HIERARCHY'"
    ) == [(0,)]


def test_a_missing_night_adds_its_snapshots_and_decides_nothing_again(late: World) -> None:
    before = hashes_of(late.database)
    rows = state(late, "select * from carried.segment_state order by all")
    assert late.kam("nightly", "--as-of", "2026-04-01", now="2026-04-03T09:00:00Z") == 0

    after = hashes_of(late.database)
    assert {name: after[name] for name in STATE} == {name: before[name] for name in STATE}
    assert state(late, "select * from carried.segment_state order by all") == rows
    for table in ("key_account_review", "account_potential"):
        assert late.query(
            f"select count(distinct as_of_date) from kam.{table}"
            " where as_of_date in (date '2026-04-01', date '2026-04-02')"
        ) == [(2,)], table
