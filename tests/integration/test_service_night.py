"""What the sample company planted in its service shows in the published tables."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest

from tests.bi.test_questions import answer, questions
from tests.conftest import World

pytestmark = pytest.mark.slow
NIGHT = "2026-04-02"


def failure(world: World) -> tuple[str, date, date]:
    """The client whose service failed, and the first and last day of it."""
    [row] = [row for row in world.truth("events") if row["story"] == "service_failure"]
    start, end = date.fromisoformat(row["from_date"]), date.fromisoformat(row["to_date"])
    return world.published_groups(NIGHT)[row["true_group"]], start, end


def test_the_service_failure_shows_in_otif_in_causes_and_in_returns(
    published_sample: World,
) -> None:
    """Six in ten orders late and one line in three short; promises lag orders by a week."""
    group, start, end = failure(published_sample)
    span = (
        "select sum(lines_otif_promised) / sum(lines_due), sum(late_lines) / sum(lines_due),"
        " sum(late_lines) - sum(late_cause_finance + late_cause_production + late_cause_logistics"
        " + late_cause_unknown), sum(cases_opened) / count(*)"
        " from kam.service_performance_monthly where group_id = ? and month"
    )
    [(otif, late, rest, cases)] = published_sample.query(
        f"{span} > ? and month <= ?", [group, start, end]
    )
    [(otif_before, late_before, _, cases_before)] = published_sample.query(
        f"{span} < ? and month >= ? - interval 1 year", [group, start, start]
    )

    assert otif < 0.45 < 0.8 < otif_before
    assert late > 0.5 > 0.2 > late_before
    assert rest == 0
    assert cases > 2 * cases_before


def test_no_other_key_account_was_served_as_badly_while_it_failed(published_sample: World) -> None:
    group, start, end = failure(published_sample)
    rows = published_sample.query(
        "select group_id, sum(lines_otif_promised) / sum(lines_due) as otif"
        " from kam.service_performance_monthly where month > ? and month <= ?"
        " group by group_id having sum(lines_due) >= 30 order by otif",
        [start, end],
    )
    assert rows[0][0] == group
    assert rows[1][1] > rows[0][1] + 0.2


def test_the_service_failure_is_a_run_of_breaches_that_logistics_is_asked_about(
    published_sample: World,
) -> None:
    group, start, end = failure(published_sample)
    [(reaches,)] = published_sample.query("select min(valid_from_date) from kam.segment_history")
    if reaches > start:
        pytest.skip("segment_history does not reach back to the failure")
    rows = published_sample.query(
        "select month, department, is_compliant, consecutive_breaches, gap > 0"
        " from kam.service_compliance where group_id = ? and element_id = 'OTIF'"
        " and month > ? and month <= ? order by month",
        [group, start, end],
    )
    assert [row[1:3] for row in rows] == [("Logistics", False)] * 4
    runs = [row[3] for row in rows]
    assert runs == list(range(runs[0], runs[0] + 4))
    assert all(row[4] for row in rows)


def test_the_question_of_standards_missed_three_months_running_finds_it(
    published_sample: World,
) -> None:
    """Unless an exception explains the month, which the question leaves out."""
    asked = questions()
    group, start, end = failure(published_sample)
    [(reaches,)] = published_sample.query("select min(valid_from_date) from kam.segment_history")
    if not asked or reaches > start:
        pytest.skip("the questions, or segment_history back to the failure, are not there")
    unexplained = {
        month
        for (month,) in published_sample.query(
            "select month from kam.service_compliance where group_id = ? and element_id = 'OTIF'"
            " and consecutive_breaches >= 3 and exception_id is null and is_compliant = false"
            " and month between ? and ?",
            [group, start, end],
        )
    }
    missed = {
        row[0] for row in answer(published_sample, asked["LOG-2"]) if row[1:3] == (group, "OTIF")
    }
    assert unexplained
    assert unexplained <= missed


def test_exceptions_are_those_that_the_simulator_granted(published_sample: World) -> None:
    """The group, the day, the decision and the money of every request, and nothing else."""
    names = published_sample.published_groups(NIGHT)
    wanted = {
        row["exception_id"]: (
            names[row["true_group"]],
            date.fromisoformat(row["requested_date"]),
            row["policy_area"],
            row["decision"],
            date.fromisoformat(row["decided_date"]) if row["decided_date"] else None,
            Decimal(row["cost"]) if row["cost"] else None,
        )
        for row in published_sample.truth("exceptions")
    }
    zone = "at time zone 'UTC' at time zone 'America/Sao_Paulo'"
    published = {
        row[0]: row[1:]
        for row in published_sample.query(
            f"select exception_id, group_id, cast(requested_at {zone} as date), policy_area,"
            f" decision, cast(decided_at {zone} as date), cost_rc from kam.policy_exception"
        )
    }
    assert len(wanted) > 500
    assert published == wanted


def test_budgets_add_up_to_what_the_simulator_granted(published_sample: World) -> None:
    """Over all profiles of a quarter: approved, their money, those without price, pending."""
    wanted: dict[date, list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 4)
    for row in published_sample.truth("exceptions"):
        asked = date.fromisoformat(row["requested_date"])
        cell = wanted[asked.replace(month=(asked.month - 1) // 3 * 3 + 1, day=1)]
        if row["decision"] == "approved":
            cell[0] += 1
            cell[1] += Decimal(row["cost"] or 0)
            cell[2] += not row["cost"]
        cell[3] += row["decision"] == "pending"
    published = {
        row[0]: list(row[1:])
        for row in published_sample.query(
            "select quarter, sum(used_count), sum(used_rc), sum(unpriced_count),"
            " sum(pending_count) from kam.exception_budget group by quarter"
        )
    }
    assert {quarter: cell for quarter, cell in published.items() if any(cell)} == dict(wanted)
    assert max(published) == date(2026, 4, 1)


def test_balances_tie_to_receivables_and_receipts(published_sample: World) -> None:
    """On the night, and on a month end a year before, over every client and UNMAPPED."""
    for month, last in (
        (date(2026, 4, 1), date(2026, 4, 2)),
        (date(2025, 3, 1), date(2025, 3, 31)),
    ):
        [(published,)] = published_sample.query(
            "select sum(receivable_balance_rc) from kam.service_performance_monthly"
            " where month = ?",
            [month],
        )
        [(owed,)] = published_sample.canonical(
            "with movement as (select customer_id, issued_date as day, amount_base"
            " from canonical.receivable union all"
            " select receivable.customer_id, receipt.paid_date, -receipt.amount_base"
            " from canonical.receipt as receipt join canonical.receivable as receivable"
            " on receipt.receivable_id = receivable.receivable_id)"
            " select sum(amount_base) from movement left join intermediate.int_account__grouped"
            f" on customer_id = account_key where day <= date '{last}'"
            " and coalesce(group_id, 'UNMAPPED') <> 'INTERCOMPANY'"
        )
        assert published == owed
