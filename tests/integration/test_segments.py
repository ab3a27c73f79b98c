"""Segments of the sample company: what the simulator planted is found, and nothing flaps."""

from datetime import date, timedelta

import numpy as np
import pytest

from tests.conftest import World

pytestmark = pytest.mark.slow
NIGHT = date(2026, 4, 2)
OVERRIDE_DAYS = timedelta(days=365)


def planted(world: World, story: str) -> list[tuple[str, dict[str, str]]]:
    groups = world.published_groups(str(NIGHT))
    rows = [row for row in world.truth("events") if row["story"] == story]
    assert rows, story
    return [(groups[row["true_group"]], row) for row in rows]


def review(world: World, group: str) -> tuple:
    [row] = world.query(
        "select finding, reason, potential_tier, is_key_account, decided_by, decided_date::varchar"
        " from kam.key_account_review_latest where group_id = ?",
        [group],
    )
    return row


def segments(world: World, group: str) -> list[tuple]:
    return world.query(
        "select valid_from_date, segment_code, service_profile, reason_code, decided_by"
        " from kam.segment_history where group_id = ? order by valid_from_date",
        [group],
    )


def test_every_client_has_exactly_one_segment_from_first_sight_to_the_night(
    published_sample: World,
) -> None:
    assert published_sample.query(
        "select count(*) from (select *, lead(valid_from_date) over (partition by group_id"
        " order by valid_from_date) as following from kam.segment_history)"
        " where valid_to_date is distinct from following or valid_to_date <= valid_from_date"
    ) == [(0,)]
    assert published_sample.query(
        "select count(*) from kam.dim_account_group where not is_pseudo_member and group_id not in"
        " (select group_id from kam.segment_history where valid_to_date is null)"
    ) == [(0,)]


def test_segments_change_on_review_dates_and_start_with_the_first_reconstructed_month(
    published_sample: World,
) -> None:
    rows = published_sample.query(
        "select valid_from_date, bool_and(is_review_date) from kam.segment_history"
        " join kam.calendar on calendar_date = valid_from_date where valid_from_date < ?"
        " group by 1 order by 1",
        [NIGHT],
    )
    assert rows[0][0] == date(2023, 4, 3)
    assert all(is_review for _, is_review in rows)


def test_no_row_ends_before_its_dwell_unless_something_acts_at_once(
    published_sample: World,
) -> None:
    assert published_sample.query(
        "select count(*) from kam.segment_history as one join kam.segment_history as following"
        " on one.group_id = following.group_id and one.valid_to_date = following.valid_from_date"
        " where one.valid_to_date - one.valid_from_date < 180 and following.reason_code not in"
        " ('HIERARCHY', 'CONFIG', 'REVIEW_OVERRIDE', 'OVERRIDE_ENDED', 'NEW')"
    ) == [(0,)]


def test_every_member_of_the_programme_is_judged_and_every_planted_one_is_a_member(
    published_sample: World,
) -> None:
    groups = published_sample.published_groups(str(NIGHT))
    keys = {groups[r["true_group"]] for r in published_sample.truth("process")
            if r["is_key_account"] == "true"}  # fmt: skip
    left = {group for group, _ in planted(published_sample, "lost_key_account")}
    judged = dict(
        published_sample.query(
            "select group_id, finding in ('KEEP', 'REMOVE', 'UNDECIDED')"
            " from kam.key_account_review where as_of_date = ?",
            [NIGHT],
        )
    )

    assert set(judged) == keys - left
    assert all(judged.values())


def test_partners_are_partners_from_the_first_review_to_the_last(published_sample: World) -> None:
    for group, _ in planted(published_sample, "partner"):
        assert [(row[1], row[2], row[3]) for row in segments(published_sample, group)] == [
            ("P1-DEEP-HIGH", "PARTNER", "NEW")
        ], group
        assert review(published_sample, group)[0] == "KEEP"


def test_the_account_that_wants_no_depth_is_served_so_and_should_leave_the_programme(
    published_sample: World,
) -> None:
    [(group, _)] = planted(published_sample, "no_depth")

    assert {(row[1].split("-")[1], row[2]) for row in segments(published_sample, group)} == {
        ("NONE", "TRANSACTIONAL")
    }
    assert review(published_sample, group)[:2] == ("REMOVE", "NO_APPETITE")


def test_the_promotable_client_is_the_one_the_rules_would_add(published_sample: World) -> None:
    [(group, _)] = planted(published_sample, "promotable")

    assert review(published_sample, group)[:4] == ("ADD", "POTENTIAL_AND_APPETITE", "P1", False)


def test_the_lost_key_account_stays_out_by_decision_and_by_rule(published_sample: World) -> None:
    [(group, _)] = planted(published_sample, "lost_key_account")
    found = review(published_sample, group)

    assert (found[0], found[1], found[5]) == ("STAY_OUT", "LOST", "2025-12-15")


def test_overrides_hold_from_the_review_after_the_decision_to_the_one_after_their_end(
    published_sample: World,
) -> None:
    reviews = [
        day
        for (day,) in published_sample.query(
            "select calendar_date from kam.calendar where is_review_date order by 1"
        )
    ]
    for group, row in planted(published_sample, "override"):
        decided = date.fromisoformat(row["from_date"])
        until = date.fromisoformat(row["to_date"]) if row["to_date"] else decided + OVERRIDE_DAYS
        begins = next(day for day in reviews if day >= decided)
        ends = next(day for day in reviews if day > until)
        held = [one for one in segments(published_sample, group) if begins <= one[0] < ends]
        after = [one for one in segments(published_sample, group) if one[0] >= ends]

        assert held[0][0] == begins
        assert {one[2:] for one in held} == {(row["detail"], "REVIEW_OVERRIDE", row["record_id"])}
        assert [(one[0], one[3], one[4]) for one in after[:1]] == (
            [(ends, "OVERRIDE_ENDED", "rule")] if ends <= NIGHT else []
        )


def test_cuts_are_quantiles_of_what_account_potential_publishes(published_sample: World) -> None:
    """No estimate begins or expires between the review of January 2026 and the month end."""
    potentials = [
        float(value)
        for (value,) in published_sample.query(
            "select potential_value_rc from kam.account_potential where category = 'ALL'"
            " and as_of_date = date '2026-01-31' and potential_value_rc is not null"
        )
    ]
    cuts = published_sample.query(
        "select tier, value_rc, n from kam.segment_cut where cut_date = date '2026-01-02'"
    )

    assert {n for _, _, n in cuts} == {len(potentials)}
    for tier, share in (("P1", 0.8), ("P2", 0.5)):
        [value] = [float(value) for name, value, _ in cuts if name == tier]
        assert value == pytest.approx(np.quantile(potentials, share), abs=0.006)


def test_our_sales_in_account_potential_are_those_of_the_p_and_l_without_billed_freight(
    published_sample: World,
) -> None:
    """31 March 2026 ends twelve whole months."""
    sold = dict(
        published_sample.query(
            "select group_id, our_t12m_rc from kam.account_potential"
            " where as_of_date = date '2026-03-31' and category = 'ALL'"
        )
    )
    posted = dict(
        published_sample.query(
            "select group_id, sum(invoiced_ex_tax_rc - returns_credits_rc)"
            " from kam.account_pnl_monthly"
            " where month between date '2025-04-01' and date '2026-03-01' group by 1"
        )
    )
    freight = dict(
        published_sample.canonical(
            "select group_id, sum(net_amount_base) from canonical.invoice_line"
            " join canonical.product using (product_id) join kam.dim_account"
            " on account_kind = 'erp_customer' and account_key = customer_id"
            " where not is_revenue and document_type <> 'REBATE'"
            " and posting_date between date '2025-04-01' and date '2026-03-31' group by 1"
        )
    )

    assert sum(freight.values()) > 0
    assert sold == {group: posted.get(group, 0) - freight.get(group, 0) for group in sold}


def test_wallets_of_categories_add_up_to_all(published_sample: World) -> None:
    assert published_sample.query(
        "with total as (select * from kam.account_potential where category = 'ALL'),"
        " parts as (select as_of_date, group_id, sum(wallet_rc) as wallet,"
        " sum(headroom_rc) as headroom, sum(our_covered_rc) as covered"
        " from kam.account_potential where category <> 'ALL' and wallet_rc is not null"
        " group by all)"
        " select count(*) > 100, count(*) filter (total.wallet_rc <> parts.wallet"
        " or total.headroom_rc <> parts.headroom or total.our_covered_rc <> parts.covered)"
        " from total join parts using (as_of_date, group_id)"
    ) == [(True, 0)]


def test_what_has_no_category_is_only_in_all(published_sample: World) -> None:
    without = dict(
        published_sample.canonical(
            "select group_id, sum(net_amount_base) from canonical.invoice_line"
            " join kam.dim_account on account_kind = 'erp_customer' and account_key = customer_id"
            " left join canonical.product using (product_id)"
            " where category is null and document_type <> 'REBATE'"
            " and posting_date between date '2025-04-01' and date '2026-03-31' group by 1"
        )
    )
    left = dict(
        published_sample.query(
            "select group_id, sum(case category when 'ALL' then our_t12m_rc else -our_t12m_rc end)"
            " from kam.account_potential where as_of_date = date '2026-03-31' group by 1"
        )
    )

    assert any(without.values())
    assert left == {group: without.get(group, 0) for group in left}


def test_checks_of_data_quality_agree_with_potential_and_assessments(
    published_sample: World,
) -> None:
    assert published_sample.query(
        "select count(*) from kam.dq_account as dq join kam.account_potential as potential"
        " using (as_of_date, group_id) where category = 'ALL' and check_id = 'no_wallet'"
        " and is_failed <> (wallet_rc is null)"
    ) == [(0,)]
    assert published_sample.query(
        "select count(*) from kam.dq_account as dq left join (select group_id, max(assessed_date)"
        " as newest from kam.qualitative_assessment group by 1) as assessed using (group_id)"
        " where check_id = 'stale_assessment'"
        " and is_failed <> coalesce(as_of_date - newest > 365, true)"
    ) == [(0,)]
    assert published_sample.query(
        "select count(*) from kam.dq_account as dq where check_id = 'wallet_inconsistent'"
        " and is_failed <> exists (select 1 from kam.account_potential as potential"
        " where potential.as_of_date = dq.as_of_date and potential.group_id = dq.group_id"
        " and our_covered_rc > 1.05 * wallet_rc)"
    ) == [(0,)]
