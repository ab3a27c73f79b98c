"""What clients of the sample company bring beside money, against what the desk wrote down."""

from collections import Counter, defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import zip_longest
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.conftest import World

pytestmark = pytest.mark.slow
NIGHT = date(2026, 4, 2)
ANCHORS = {"win", "listing", "case_study", "joint_campaign", "loss"}
IMAGE = {"co_branded_piece", "award", "case_study"}


def desk_sheet(world: World, name: str) -> list[dict[str, Any]]:
    [path] = (world.drop / "extracts" / "desk" / str(NIGHT)).glob("*.xlsx")
    head, *rows = load_workbook(path, read_only=True)[name].values
    return [dict(zip_longest(head, row)) for row in rows]


def group_of(world: World) -> dict[str, str]:
    """The published group of each CRM account, by its native id."""
    rows = world.query(
        "select account_key, group_id from kam.dim_account where account_kind = 'crm_account'"
    )
    return {key.split(":", 1)[1]: group for key, group in rows}


def day(value: Any) -> date:
    return date.fromisoformat(str(value)[:10])


def native(value: str) -> str:
    return value.split(":", 1)[-1]


def test_every_logged_event_is_counted_once_in_its_month(published_sample: World) -> None:
    groups = group_of(published_sample)
    campaigns: Counter[tuple[str, date]] = Counter()
    image: Counter[tuple[str, date]] = Counter()
    for row in desk_sheet(published_sample, "account_event"):
        place = groups[native(row["account_id"])], day(row["event_date"]).replace(day=1)
        campaigns[place] += row["event_type"] == "joint_campaign"
        image[place] += row["event_type"] in IMAGE
    found = published_sample.query(
        "select group_id, month, joint_campaigns, image_evidence from kam.nonfinancial_value"
        " where joint_campaigns > 0 or image_evidence > 0"
    )

    assert {(g, m): n for g, m, n, _ in found if n} == dict(+campaigns)
    assert {(g, m): n for g, m, _, n in found if n} == dict(+image)


def test_growth_is_that_of_the_months_and_products_both_years_tell(
    published_sample: World,
) -> None:
    groups = group_of(published_sample)
    category_of = dict(
        published_sample.canonical("select product_id, category from canonical.product")
    )
    rows = desk_sheet(published_sample, "sell_out")
    by_product = {
        (row["account_id"], row["period"], category_of[row["product_id"]])
        for row in rows
        if row["product_id"]
    }
    told: dict[tuple[str, str], dict[tuple[str, str, str], Decimal]] = defaultdict(dict)
    for row in rows:
        account, group = row["account_id"], groups[native(row["account_id"])]
        place = account, row["product_id"] or row["category"], row["period"]
        # The row of a category stands for our sales of it only where no product of it was told.
        if row["product_id"] or (account, row["period"], row["category"]) not in by_product:
            told[group, "ours"][place] = Decimal(str(row["value_base"]))
        if not row["product_id"]:
            told[group, "category"][place] = Decimal(str(row["category_value_base"]))
    months = {f"2026-{m:02}": f"2025-{m:02}" for m in (1, 2)} | {"2025-12": "2024-12"}

    def growth(values: dict[tuple[str, str, str], Decimal]) -> float:
        pairs = [
            (value, values[account, item, months[period]])
            for (account, item, period), value in values.items()
            if period in months and (account, item, months[period]) in values
        ]
        return float(sum(now for now, _ in pairs) / sum(then for _, then in pairs)) - 1

    found = published_sample.query(
        "select group_id, sell_out_growth, category_growth, consumer_pull_index"
        " from kam.nonfinancial_value where month = '2026-02-01' and sell_out_growth is not null"
    )
    assert len(found) >= 10
    for group, ours, category, pull in found:
        assert ours == pytest.approx(growth(told[group, "ours"]), rel=1e-9)
        assert category == pytest.approx(growth(told[group, "category"]), rel=1e-9)
        assert pull == pytest.approx((1 + ours) / (1 + category), rel=1e-9)


def test_a_reference_owns_its_part_of_what_the_group_won_is_worth(published_sample: World) -> None:
    """Every win again, in plain arithmetic, from the CRM's and the desk's own words."""
    groups = {f"crm:{native_id}": group for native_id, group in group_of(published_sample).items()}
    expected: Counter[tuple[str, date]] = Counter()
    unvalued: Counter[tuple[str, date]] = Counter()
    for account, referrer, created, closed, influence in published_sample.canonical(
        "select account_id, reference_account_id, created_date, close_date, reference_influence"
        " from canonical.opportunity where is_won and reference_account_id is not null"
        f" and close_date <= date '{NIGHT}'"
    ):
        last = min(NIGHT, _last_day(closed))
        ltv = published_sample.query(
            "select ltv_mean_rc from kam.account_ltv where group_id = ? and horizon_months = 36"
            " and as_of_date <= ? order by as_of_date desc limit 1",
            [groups[account], last],
        )
        place = groups[referrer], closed.replace(day=1)
        if not ltv or ltv[0][0] is None:
            unvalued[place] += 1
            continue
        years = (closed - created).days / 365.25
        worth = float(influence) * max(0.0, float(ltv[0][0])) / 1.15**years
        expected[place] += Decimal(str(worth)).quantize(Decimal("0.01"), ROUND_HALF_UP)  # type: ignore[assignment]
    found = published_sample.query(
        "select group_id, month, reference_wins_unvalued, business_reference_value_rc"
        " from kam.nonfinancial_value where reference_wins > 0"
    )

    assert {(g, m): value for g, m, _, value in found if value is not None} == dict(expected)
    assert {(g, m): n for g, m, n, _ in found if n} == dict(unvalued)
    assert expected
    assert unvalued


def test_the_halo_of_a_company_with_events_everywhere_is_honestly_unknown(
    published_sample: World,
) -> None:
    """Every region of the sample has an event of a key account within any year."""
    logged = desk_sheet(published_sample, "account_event")
    wanted = {f"desk:{row['event_id']}" for row in logged if row["event_type"] in ANCHORS}
    rows = published_sample.query(
        "select event_id, count(*), count(distinct outcome), bool_and(verdict = 'TOO_FEW'),"
        " count(value_rc), count(effect), bool_and(missing_reason like '%effect:%')"
        " from kam.halo_effect group by event_id"
    )

    assert {row[0] for row in rows} <= wanted
    assert len(rows) > 100
    assert {row[1:] for row in rows} == {(3, 3, True, 0, 0, True)}


def test_key_accounts_have_a_row_in_every_month_of_their_programme(
    published_sample: World,
) -> None:
    assert published_sample.query(
        "select count(*) from (select distinct month from kam.nonfinancial_value) as listed"
        " join kam.dim_account_group_history as state on state.is_key_account"
        f" and least(last_day(listed.month), date '{NIGHT}') >= state.valid_from_date"
        f" and least(last_day(listed.month), date '{NIGHT}')"
        " < coalesce(state.valid_to_date, date '9999-12-31')"
        " anti join kam.nonfinancial_value as value"
        " on value.month = listed.month and value.group_id = state.group_id"
    ) == [(0,)]
    assert published_sample.query(
        "select distinct regexp_extract(missing_reason, 'sell_through_ratio:([A-Z_]+)', 1)"
        " from kam.nonfinancial_value where month = '2026-04-01' and group_id in"
        " (select group_id from kam.nonfinancial_value where sell_through_ratio is not null)"
    ) == [("NOT_DUE",)]


def _last_day(of: date) -> date:
    following = date(of.year + of.month // 12, of.month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)
