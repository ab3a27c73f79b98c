"""Great Expectations judges one row of measures; what is missing counts as failed."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from assets.checks import judge_published, judge_quarantine
from assets.differences import Difference
from assets.ledger import CheckResult
from assets.publish.differing import write_differences
from assets.transform.contract import Column, Table, published_tables
from expectations.incoming import Promise, incoming, volume_warning
from expectations.judge import Expectation, judge

GATES = {
    "bad_row_share": 0.01,
    "header_only_share": 0.5,
    "volume_ratio": [0.5, 2.0],
    "median_ratio": [0.1, 10.0],
}
STRICT = {
    "min_rows": 1,
    "mode": "full",
    "is_required": True,
    "has_amounts": False,
    "has_business_date": False,
    "has_key": True,
}
SOUND = {"rows": 100, "rejected_share": 0.0, "aside_share": 0.0, "rows_ratio": 1.0}
METRICS = {"publication_diff": {"account_pnl_monthly": {"rows": 0.2, "sum": 0.2}}}
PNL = Table(
    schema="kam",
    name="account_pnl_monthly",
    description="",
    key=("month", "group_id"),
    columns=(
        Column("month", "date", ""),
        Column("group_id", "varchar", ""),
        Column("net_revenue_rc", "decimal(18,2)", ""),
        Column("estimated_cost_share", "double", ""),
    ),
)


def broken(profile: dict[str, float | None], **promise: object) -> set[str]:
    wanted, _ = incoming(profile, Promise(**STRICT | promise), GATES)
    return {j.expectation.measure for j in judge("t", profile, wanted) if not j.success}


def test_a_sound_extract_passes() -> None:
    assert broken(SOUND) == set()


def test_the_breakers_act_just_above_their_limit() -> None:
    assert broken(SOUND | {"aside_share": 0.01, "rows_ratio": 0.5}) == set()
    assert broken(SOUND | {"aside_share": 0.011, "rejected_share": 0.02}) == {
        "aside_share",
        "rejected_share",
    }
    assert broken(SOUND | {"rows_ratio": 0.49}) == {"rows_ratio"}
    assert broken(SOUND | {"rows": 0, "rows_ratio": None}) == {"rows"}


def test_a_median_of_many_amounts_may_move_by_a_factor_of_ten() -> None:
    amounts = SOUND | {"n_amounts": 20, "median_ratio": 10.0}

    assert broken(amounts, has_amounts=True) == set()
    assert broken(amounts | {"median_ratio": 10.1}, has_amounts=True) == {"median_ratio"}
    assert broken(amounts | {"median_ratio": 0.09}, has_amounts=True) == {"median_ratio"}
    assert broken(amounts | {"median_ratio": 99.0, "n_amounts": 19}, has_amounts=True) == set()


def test_without_history_the_volume_cannot_be_judged_and_says_so() -> None:
    _, first_run = incoming(SOUND | {"rows_ratio": None}, Promise(**STRICT), GATES)

    assert first_run == ["rows_ratio"]
    assert volume_warning({"rows_ratio": None}, GATES) is None


def test_a_shrunken_extract_that_is_not_required_only_warns() -> None:
    promise = Promise(**STRICT | {"is_required": False})
    wanted, _ = incoming(SOUND | {"rows_ratio": 0.1}, promise, GATES)

    assert {e.severity for e in wanted if e.measure == "rows_ratio"} == {"warning"}


def test_a_measure_that_nobody_computed_counts_as_failed() -> None:
    [judged] = judge("t", {"rows": 1}, [Expectation("another", "critical", maximum=0)])

    assert (judged.success, judged.error) == (False, "not evaluated")


@pytest.fixture
def published(tmp_path: Path) -> Callable[..., Path]:
    def write(name: str, rows: str, *changes: str) -> Path:
        path = tmp_path / f"{name}.duckdb"
        with duckdb.connect(str(path)) as connection:
            connection.execute("create schema kam")
            connection.execute(
                "create table kam.account_pnl_monthly as select month::date as month, group_id,"
                " net_revenue_rc::decimal(18, 2) as net_revenue_rc,"
                f" share::double as estimated_cost_share from (values {rows})"
                " as row(month, group_id, net_revenue_rc, share)"
            )
            for change in changes:
                connection.execute(change)
        return path

    return write


def judged(
    path: Path, parent: Path | None, table: Table = PNL, metrics: dict = METRICS
) -> tuple[list[str], dict[str, CheckResult], dict[str, Difference]]:
    results: dict[str, CheckResult] = {}
    with duckdb.connect(str(path), read_only=True) as connection:
        failures, found = judge_published(
            connection,
            [table],
            parent,
            metrics,
            lambda recorded: [results.setdefault(r.check_id, r) for r in recorded],
        )
    return failures, results, {difference.measure: difference for difference in found}


def test_a_first_publication_has_no_drift_but_all_other_checks(published) -> None:
    failures, results, found = judged(published("one", "('2026-01-01', 'A', 100, 0.1)"), None)

    assert failures == []
    assert results["kam/account_pnl_monthly:rows_change"].reason_code == "FIRST_RUN"
    assert results["kam/account_pnl_monthly:duplicate_keys"].status == "passed"
    assert found == {}


def test_repeated_keys_and_numbers_that_are_none_hold_the_night(published) -> None:
    failures, *_ = judged(
        published("two", "('2026-01-01', 'A', 1, 'nan'::double), ('2026-01-01', 'A', 2, 0.5)"), None
    )

    assert len(failures) == 2
    assert any("duplicate_keys" in failure for failure in failures)
    assert any("not_finite" in failure for failure in failures)


def test_money_that_jumps_by_more_than_its_limit_holds_the_night(published) -> None:
    before = published("before", "('2026-01-01', 'A', 100, 0.1)")
    at_limit = published("at", "('2026-01-01', 'A', 120, 0.1)")
    beyond = published("beyond", "('2026-01-01', 'A', 120.01, 0.1)")

    assert judged(at_limit, before)[0] == []
    [failure] = judged(beyond, before)[0]
    assert "sum_change" in failure
    measure = "sum:net_revenue_rc"
    assert [judged(path, before)[2][measure].is_over_limit for path in (at_limit, beyond)] == [
        False, True,
    ]  # fmt: skip


def test_what_changed_in_shape_and_number_is_listed_and_what_did_not_is_not(published) -> None:
    before = published(
        "before",
        "('2026-01-01', 'A', 100, 0.1), ('2026-01-01', 'B', 50, 0.2), ('2026-01-01', 'C', 7, 0)",
        "alter table kam.account_pnl_monthly add column old_code varchar",
        "alter table kam.account_pnl_monthly add column n_lines integer default 1",
    )
    now = published(
        "now",
        "('2026-01-01', 'A', 100, 0.1), ('2026-01-01', 'B', 51.5, null), ('2026-02-01', 'C', 7, 0)",
        "alter table kam.account_pnl_monthly add column n_lines bigint default 1",
        "alter table kam.account_pnl_monthly add column cogs_rc decimal(18, 2)",
    )
    _, _, found = judged(now, before)

    assert {
        name: (d.value_before, d.value_after, d.difference, d.detail) for name, d in found.items()
    } == {
        "rows": (3, 3, 0, None),
        "rows_changed": (0, 3, 3, None),  # B says something else, C is gone and new
        "sum:net_revenue_rc": (157, 158.5, 1.5, None),
        "nulls:estimated_cost_share": (0, 1, 1, None),
        "columns_added": (0, 1, 1, "cogs_rc DECIMAL(18,2)"),
        "columns_removed": (0, 1, 1, "old_code VARCHAR"),
        "columns_retyped": (0, 1, 1, "n_lines INTEGER to BIGINT"),
    }


def test_any_measure_may_have_a_limit_of_its_own_and_a_check_of_its_own(published) -> None:
    before = published("before", "('2026-01-01', 'A', 100, null), ('2026-01-01', 'B', 1, 0.1)")
    now = published("now", "('2026-01-01', 'A', 100, null), ('2026-01-01', 'B', 1, null)")
    limits = {"account_pnl_monthly": {"rows": None, "nulls:estimated_cost_share": 0.5}}
    failures, results, _ = judged(now, before, metrics={"publication_diff": limits})

    [failure] = failures
    check = results["kam/account_pnl_monthly:nulls_change__estimated_cost_share"]
    assert failure.startswith(check.check_id)
    assert (check.owner, check.severity, check.observed) == ("great_expectations", "critical", 1.0)


SNAPSHOT = Table(
    "kam", "relationship_health", "", ("as_of_date", "group_id"), (), {"class": "snapshot"}
)


def test_a_snapshot_is_compared_with_the_night_before_on_key_accounts(published) -> None:
    """A turned red and C is no key account; earlier nights and the date itself are no change."""
    clients = (
        "create table kam.dim_account_group as select * from"
        " (values ('A', true), ('B', true), ('C', false)) as client(group_id, is_key_account)"
    )
    health = (
        "create table kam.relationship_health as select date '2026-03-{day}' as as_of_date, *,"
        " timestamp '2026-03-{day} 07:00:00' as known_at from"
        " (values ('A', '{band}', 70.0), ('B', 'GREY', null), ('C', '{band}', 1.0))"
        " as client(group_id, band, score)"
    )
    nothing = "('2026-01-01', 'A', 100, 0.1)"
    before = published("before", nothing, clients, health.format(day=29, band="AMBER"))
    later = health.format(day=30, band="RED").replace(
        "create table kam.relationship_health as", "insert into kam.relationship_health"
    )
    now = published("now", nothing, clients, health.format(day=29, band="AMBER"), later)
    metrics = {"publication_diff": {"relationship_health": {"rows": 0.10, "sum": None}}}
    _, _, found = judged(now, before, SNAPSHOT, metrics)

    assert {name: (d.value_before, d.value_after) for name, d in found.items()} == {
        "rows": (2, 2),
        "rows_changed": (0, 1),
        "band:AMBER>RED": (0, 1),
    }


def test_a_table_that_the_parent_had_not_has_no_value_before(published) -> None:
    now = published("now", "('2026-01-01', 'A', 100, 0.1)")
    before = published("before", "('2026-01-01', 'A', 1, 0)", "drop table kam.account_pnl_monthly")
    failures, results, found = judged(now, before)

    assert failures == []
    assert results["kam/account_pnl_monthly:sum_change"].reason_code == "FIRST_RUN"
    assert [(d.measure, d.value_before, d.value_after) for d in found.values()] == [
        ("rows", None, 1)
    ]


def test_differences_are_kept_for_400_days(tmp_path: Path) -> None:
    table = published_tables()["kam_ops.publication_diff"]
    columns = ", ".join(f'"{c.name}" {c.data_type}' for c in table.columns)
    stamp = {
        "publication_id": "now", "as_of_date": "2026-03-30", "known_at": datetime(2026, 3, 31),
        "config_version": "c", "is_reconstructed": False,
    }  # fmt: skip
    origin, target = tmp_path / "origin.duckdb", tmp_path / "target.duckdb"
    with duckdb.connect(str(origin)) as connection:
        connection.execute(f"create schema memory; create table memory.{table.name} ({columns})")
        for name, day in (("kept", "2025-02-24"), ("forgotten", "2025-02-23")):
            connection.execute(
                f"insert into memory.{table.name} (publication_id, as_of_date, table_name, measure)"
                " values (?, ?, 'kam.calendar', 'rows')",
                [name, day],
            )
    found = [Difference("kam.calendar", "rows", 10, 12, 0.1)]
    listed = "select publication_id, difference, is_over_limit from kam_ops.publication_diff"

    write_differences(target, origin, "memory", stamp, found)
    with duckdb.connect(str(target)) as connection:
        assert connection.execute(listed).fetchall() == [("kept", None, None), ("now", 2.0, True)]

    write_differences(target, origin, "kam_ops", stamp, found)  # of a version without the table
    with duckdb.connect(str(target)) as connection:
        assert connection.execute(listed).fetchall() == [("now", 2.0, True)]


@pytest.mark.parametrize(
    ("n_bad", "amount", "broken"),
    [
        (1, 0, []),
        (2, 0, ["bad_row_share"]),
        (1, 1.00, ["bad_money_share"]),
        (20, 0, ["bad_row_share_of_delivery"]),
    ],
)
def test_the_breakers_count_rows_and_money(
    tmp_path: Path, n_bad: int, amount: float, broken: list[str]
) -> None:
    with duckdb.connect() as connection:
        connection.execute("create schema canonical")
        connection.execute(
            "create table canonical.invoice_line as"
            " select 1.00::decimal(18, 2) as net_amount_base"
            f" from range({99 if n_bad < 20 else 9999})"
        )
        connection.execute(
            "create schema control; create table control.delivery as select 'erp' as source_system,"
            " 'SD2' as extract_name, 'd' as delivery_id, 100 as rows_read"
        )
        connection.execute(
            "create table canonical.quarantine as select 'invoice_line' as entity,"
            " 'erp' as source_system, 'SD2' as extract_name, 'd' as delivery_id, range as file_row,"
            " 'TYPE' as reason_code, 'quantity' as column_name,"
            f" {amount}::decimal(18, 2) as amount_base from range({n_bad})"
        )
        gates = {"bad_row_share": 0.01, "bad_money_share": 0.005}
        failures = judge_quarantine(connection, gates, lambda result: result)

    assert [failure.split(":")[1] for failure in failures] == broken
