"""Where the clients of the sample company stand: what the simulator planted shows in the stages."""

from collections import defaultdict
from datetime import date
from itertools import zip_longest

import pytest
from openpyxl import load_workbook

from tests.conftest import World

pytestmark = pytest.mark.slow
NIGHT = date(2026, 4, 2)
QUARTER = date(2026, 1, 1)


def planted(world: World, story: str) -> str:
    """The published group of a story that one client plays."""
    [label] = {row["true_group"] for row in world.truth("events") if row["story"] == story}
    customer = next(
        row["customer_id"]
        for row in world.truth("groups")
        if row["true_group"] == label and row["customer_id"] and row["night"] == str(NIGHT)
    )
    [(group,)] = world.query(
        "select group_id from kam.dim_account where account_key = ?", [customer]
    )
    return group


def stage(world: World, group: str, day: date) -> tuple[str, set[str]]:
    [(name, evidence)] = world.query(
        "select kam_stage, string_split(stage_evidence, ';') from kam.portfolio_position"
        " where group_id = ? and as_of_date = ?",
        [group, day],
    )
    return name, set(evidence or [])


def desk_sheet(world: World, name: str) -> list[dict]:
    [path] = (world.drop / "extracts" / "desk" / str(NIGHT)).glob("*.xlsx")
    head, *rows = load_workbook(path, read_only=True)[name].values
    return [dict(zip_longest(head, row)) for row in rows]


def test_whoever_is_in_the_concentration_has_a_position_on_the_same_night(
    published_sample: World,
) -> None:
    assert published_sample.query(
        "select count(*) from kam.account_concentration anti join kam.portfolio_position"
        " using (as_of_date, group_id)"
    ) == [(0,)]
    assert published_sample.query(
        "select count(distinct as_of_date), list(distinct as_of_date) filter (is_to_date)"
        " from kam.portfolio_position"
    ) == [(37, [NIGHT])]
    assert published_sample.query(
        "select count(*) from kam.portfolio_position join kam.dim_account_group using (group_id)"
        " where is_pseudo_member"
    ) == [(0,)]


def test_the_account_whose_service_failed_comes_apart_after_the_failure_and_not_before(
    published_sample: World,
) -> None:
    """Failing from February to June 2025, its competitor noted on the last day, no order since."""
    lost = planted(published_sample, "lost_key_account")
    before, _ = stage(published_sample, lost, date(2025, 1, 31))
    after, reconstructed = stage(published_sample, lost, date(2026, 3, 31))
    tonight, evidence = stage(published_sample, lost, NIGHT)

    assert before != "UNCOUPLING"
    assert (after, tonight) == ("UNCOUPLING", "UNCOUPLING")
    assert {"SHARE_FALLING", "COMPETITOR"} <= reconstructed
    assert {"SHARE_FALLING", "COMPETITOR", "DETRACTOR"} <= evidence


def test_the_largest_partner_is_in_partnership_and_the_client_without_depth_is_not(
    published_sample: World,
) -> None:
    [(largest,)] = published_sample.query(
        "select group_id from kam.account_concentration where as_of_date = ? and rank_number = 1"
        " and measure = 'net_revenue_t12m'",
        [NIGHT],
    )
    assert stage(published_sample, largest, NIGHT)[0] == "PARTNERSHIP"
    name, evidence = stage(published_sample, planted(published_sample, "no_depth"), NIGHT)
    assert name == "EARLY"
    assert not {"LIVE_PLAN", "GOAL_AND_ACTION"} & evidence


def test_a_past_night_does_not_claim_to_know_who_decided_then(published_sample: World) -> None:
    rows = published_sample.query(
        "select is_reconstructed, count(*) filter (where stage_evidence like '%DETRACTOR%'),"
        " count(*) filter (where stage_evidence like '%ROLES_FALLING%')"
        " from kam.portfolio_position group by all order by all"
    )
    [(_, tonight, roles), past] = rows

    assert past == (True, 0, 0)
    assert tonight > 0
    assert roles == 0


def test_who_was_never_invoiced_is_listed_for_what_is_open(published_sample: World) -> None:
    rows = published_sample.query(
        "select kam_stage, stage_evidence from kam.portfolio_position as position"
        " join kam.dim_account_group as client using (group_id)"
        " where as_of_date = ? and client.lifecycle = 'prospect'",
        [NIGHT],
    )
    assert rows
    assert {name for name, _ in rows} == {"PRE"}
    assert all({"OPEN_OPPORTUNITY", "LIVE_PLAN"} & set(codes.split(";")) for _, codes in rows)


def test_the_growth_of_a_client_s_category_is_that_of_the_months_its_workbook_tells_twice(
    published_sample: World,
) -> None:
    """March is told after the night, so the quarter compares January and February."""
    groups = dict(published_sample.query("select account_key, group_id from kam.dim_account"))
    told: dict[str, dict[tuple, float]] = defaultdict(dict)
    for row in desk_sheet(published_sample, "sell_out"):
        if row["category_value_base"]:
            key = (row["account_id"], row["category"], str(row["period"]))
            told[groups[row["account_id"]]][key] = float(row["category_value_base"])
    wanted = {}
    for group, cells in told.items():
        pairs = [
            (value, cells[account, category, f"2025-{period[5:]}"])
            for (account, category, period), value in cells.items()
            if period in ("2026-01", "2026-02", "2026-03")
        ]
        if pairs:
            wanted[group] = sum(now for now, _ in pairs) / sum(then for _, then in pairs) - 1
    published = dict(
        published_sample.query(
            "select group_id, client_category_growth from kam.joint_results where quarter = ?",
            [QUARTER],
        )
    )
    assert len(published) > 5
    assert published == pytest.approx(wanted, abs=1e-9)
