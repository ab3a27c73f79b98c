"""Great Expectations judges one row of measures; what is missing counts as failed."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from assets.checks import judge_published, judge_quarantine
from assets.ledger import CheckResult
from assets.transform.contract import Column, Table
from expectations.incoming import incoming, volume_warning
from expectations.judge import Expectation, judge

GATES = {"bad_row_share": 0.01, "header_only_share": 0.5, "volume_ratio": [0.5, 2.0]}
STRICT = {"min_rows": 1, "mode": "full", "is_required": True, "gates": GATES}
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


def broken(profile: dict[str, float | None], **arguments: object) -> set[str]:
    wanted, _ = incoming(profile, **STRICT | arguments)
    return {j.expectation.measure for j in judge("t", profile, wanted) if not j.success}


def test_a_sound_extract_passes() -> None:
    assert broken({"rows": 100, "duplicate_keys": 1, "empty_keys": 0, "rows_ratio": 1.0}) == set()


def test_the_breakers_act_just_above_their_limit() -> None:
    assert broken({"rows": 100, "duplicate_keys": 2, "empty_keys": 0, "rows_ratio": 0.5}) == {
        "duplicate_keys"
    }
    assert broken({"rows": 100, "duplicate_keys": 0, "empty_keys": 1, "rows_ratio": 0.49}) == {
        "empty_keys",
        "rows_ratio",
    }
    assert broken({"rows": 0, "duplicate_keys": 0, "empty_keys": 0, "rows_ratio": None}) == {"rows"}


def test_without_history_the_volume_cannot_be_judged_and_says_so() -> None:
    _, first_run = incoming({"rows": 5, "rows_ratio": None}, **STRICT)

    assert first_run == ["rows_ratio"]
    assert volume_warning({"rows_ratio": None}, GATES) is None


def test_a_shrunken_extract_that_is_not_required_only_warns() -> None:
    wanted, _ = incoming({"rows": 5, "rows_ratio": 0.1}, **STRICT | {"is_required": False})

    assert {e.severity for e in wanted if e.measure == "rows_ratio"} == {"warning"}


def test_a_measure_that_nobody_computed_counts_as_failed() -> None:
    [judged] = judge("t", {"rows": 1}, [Expectation("another", "critical", maximum=0)])

    assert (judged.success, judged.error) == (False, "not evaluated")


@pytest.fixture
def published(tmp_path: Path) -> Callable[..., Path]:
    def write(name: str, rows: str) -> Path:
        path = tmp_path / f"{name}.duckdb"
        with duckdb.connect(str(path)) as connection:
            connection.execute("create schema kam")
            connection.execute(
                "create table kam.account_pnl_monthly as select month::date as month, group_id,"
                " net_revenue_rc::decimal(18, 2) as net_revenue_rc,"
                f" share::double as estimated_cost_share from (values {rows})"
                " as row(month, group_id, net_revenue_rc, share)"
            )
        return path

    return write


def judged(path: Path, parent: Path | None) -> tuple[list[str], dict[str, CheckResult]]:
    results: dict[str, CheckResult] = {}
    with duckdb.connect(str(path), read_only=True) as connection:
        failures = judge_published(
            connection, [PNL], parent, METRICS, lambda r: results.update({r.check_id: r})
        )
    return failures, results


def test_a_first_publication_has_no_drift_but_all_other_checks(published) -> None:
    failures, results = judged(published("one", "('2026-01-01', 'A', 100, 0.1)"), None)

    assert failures == []
    assert results["kam/account_pnl_monthly:rows_change"].reason_code == "FIRST_RUN"
    assert results["kam/account_pnl_monthly:duplicate_keys"].status == "passed"


def test_repeated_keys_and_numbers_that_are_none_hold_the_night(published) -> None:
    failures, _ = judged(
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


@pytest.mark.parametrize(
    ("n_bad", "amount", "broken"),
    [(1, 0, []), (2, 0, ["bad_row_share"]), (1, 1.00, ["bad_money_share"])],
)
def test_the_breakers_count_rows_and_money(
    tmp_path: Path, n_bad: int, amount: float, broken: list[str]
) -> None:
    with duckdb.connect() as connection:
        connection.execute("create schema canonical")
        connection.execute(
            "create table canonical.invoice_line as"
            " select 1.00::decimal(18, 2) as net_amount_base from range(99)"
        )
        connection.execute(
            "create table canonical.quarantine as select 'invoice_line' as entity,"
            " 'erp' as source_system, 'd' as delivery_id, range as file_row,"
            f" {amount}::decimal(18, 2) as amount_base from range({n_bad})"
        )
        gates = {"bad_row_share": 0.01, "bad_money_share": 0.005}
        failures = judge_quarantine(connection, gates, lambda result: None)

    assert [failure.split(":")[1] for failure in failures] == broken
