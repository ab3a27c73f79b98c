"""One whole night on the sample company, held against the simulator's own truth."""

import csv
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from assets.transform.contract import published_tables
from tests.conftest import World, ask

pytestmark = pytest.mark.slow
NIGHT = "2026-04-02"


def test_the_catalogue_and_the_published_file_agree_on_every_column(
    published_sample: World,
) -> None:
    for name, table in published_tables().items():
        found = published_sample.query(
            "select column_name, lower(data_type) from information_schema.columns"
            " where table_schema = ? and table_name = ? order by ordinal_position",
            [table.schema, table.name],
        )
        wanted = [(c.name, c.data_type.replace(" ", "")) for c in table.columns]
        assert [(c, t.replace(" ", "")) for c, t in found] == wanted, name


def test_every_key_is_unique_and_filled(published_sample: World) -> None:
    for name, table in published_tables().items():
        keys = ", ".join(table.key)
        nulls = " or ".join(f"{key} is null" for key in table.key)
        [(repeated,)] = published_sample.query(
            f"select count(*) from (select {keys} from {name} group by {keys} having count(*) > 1)"
        )
        [(empty,)] = published_sample.query(f"select count(*) from {name} where {nulls}")
        assert (repeated, empty) == (0, 0), name


def test_dim_metric_describes_every_published_column(published_sample: World) -> None:
    described = set(
        published_sample.query("select metric_id from kam.dim_metric where formula <> ''")
    )
    for table in published_tables().values():
        prefix = table.name if table.schema == "kam" else f"{table.schema}.{table.name}"
        for column in table.columns:
            assert (f"{prefix}.{column.name}",) in described


def test_a_client_that_the_crosswalk_joined_had_been_suggested_and_nothing_of_it_is_in_reach_of_bi(
    published_sample: World,
) -> None:
    """The story crosswalk_same: its CRM account carries neither tax id nor customer number."""
    [joined] = [row for row in published_sample.truth("events") if row["story"] == "crosswalk_same"]
    folder = published_sample.home / "restricted" / "versions" / str(published_sample.current)
    found = ask(
        folder / "restricted.duckdb",
        "select decision, match_score >= 0.85, left_id <> right_id"
        " from kam_restricted.match_candidate where left_id = ? or right_id = ?",
        [joined["record_id"], joined["record_id"]],
    )
    schemas = published_sample.query("select distinct table_schema from information_schema.tables")

    assert found == [("accepted", True, True)]
    assert ("kam_restricted",) not in schemas


def test_a_pending_suggestion_is_a_check_of_both_its_groups(published_sample: World) -> None:
    folder = published_sample.home / "restricted" / "versions" / str(published_sample.current)
    [(pending,)] = ask(
        folder / "restricted.duckdb",
        "select list(left_id order by left_id) || list(right_id order by right_id)"
        " from kam_restricted.match_candidate where decision = 'pending' and match_score >= 0.85",
    )
    flagged = published_sample.query(
        "select group_id from kam.dq_account where check_id = 'duplicate_suspect' and is_failed"
    )
    touched = published_sample.query(
        "select distinct group_id from kam.dim_account join kam.dim_account_group using (group_id)"
        " where list_contains(?, account_key) and is_key_account",
        [pending],
    )
    assert pending
    assert sorted(flagged) == sorted(touched)


def test_published_revenue_per_group_and_month_equals_the_truth_to_the_cent(
    published_sample: World,
) -> None:
    names: dict[str, str] = {}
    groups = dict(
        published_sample.query(
            "select account_key, group_id from kam.dim_account where account_kind = 'erp_customer'"
        )
    )
    for row in published_sample.truth("groups"):
        if row["night"] == NIGHT and row["customer_id"]:
            found = groups.get(row["customer_id"])
            assert found is not None, row["customer_id"]
            assert names.setdefault(row["true_group"], found) == found, row["true_group"]
    names["INTERCOMPANY"] = "INTERCOMPANY"
    wanted: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in published_sample.truth("revenue"):
        if row["extract_date"] == NIGHT:
            group = names.get(row["true_group"], row["true_group"])
            wanted[group, row["month"][:7]] += Decimal(row["revenue"])
    published = {
        (group, month): revenue
        for group, month, revenue in published_sample.query(
            "select group_id, strftime(month, '%Y-%m'), sum(ledger_revenue_rc)"
            " from kam.account_pnl_monthly group by all"
        )
    }
    differences = {
        key: (wanted.get(key, Decimal(0)), published.get(key, Decimal(0)))
        for key in wanted.keys() | published.keys()
        if wanted.get(key, Decimal(0)) != published.get(key, Decimal(0))
    }
    assert differences == {}


def test_the_ledger_proof_shows_nothing_unexplained_and_no_difference(
    published_sample: World,
) -> None:
    rows = published_sample.query(
        "select status, count(*), sum(abs(unexplained_base)), sum(abs(difference_base))"
        " from kam_ops.recon_ledger group by status order by status"
    )
    assert {row[0] for row in rows} <= {"OK", "OPEN_PERIOD"}
    assert all(row[2] == 0 for row in rows)
    assert all(row[3] == 0 for row in rows if row[0] == "OK")


def test_the_two_trees_of_the_p_and_l_add_up_to_the_same_money(published_sample: World) -> None:
    [(today, then)] = published_sample.query(
        "select (select sum(net_revenue_rc) from kam.account_pnl_monthly),"
        " (select sum(total) from (select group_id_as_was, sum(net_revenue_rc) as total"
        " from kam.account_pnl_monthly group by 1))"
    )
    assert today == then


def test_every_identity_of_the_p_and_l_holds_on_every_row(published_sample: World) -> None:
    assert published_sample.query(
        "select count(*) from kam.account_pnl_monthly where"
        " ledger_revenue_rc <> invoiced_ex_tax_rc - returns_credits_rc - trade_spend_documents_rc"
        " or net_revenue_rc <> ledger_revenue_rc - coalesce(trade_spend_costs_rc, 0)"
        " or gross_margin_rc <> net_revenue_rc - cost_of_goods_rc"
        " or contribution_rc <> gross_margin_rc - coalesce(cost_to_serve_rc, 0)"
        " or on_invoice_discount_rc <> gross_list_rc - invoiced_ex_tax_rc"
    ) == [(0,)]
    assert published_sample.query(
        "select sum(returns_matched_rc) + sum(returns_unmatched_rc) - sum(returns_credits_rc)"
        " from kam.account_pnl_monthly"
    ) == [(Decimal("0.00"),)]


def test_the_planted_key_accounts_are_the_published_ones(published_sample: World) -> None:
    [(key_accounts,)] = published_sample.query(
        "select count(*) from kam.dim_account_group where is_key_account"
    )
    assert 36 <= key_accounts <= 44


def test_the_first_run_reconstructs_thirty_six_month_ends_and_marks_them(
    published_sample: World,
) -> None:
    rows = published_sample.query(
        "select as_of_date, bool_and(is_reconstructed) from kam.relationship_health"
        " group by as_of_date order by as_of_date"
    )
    assert len(rows) == 37
    assert rows[0][0] == date(2023, 4, 30)
    assert [flag for _, flag in rows] == [True] * 36 + [False]


def test_contributions_add_up_to_the_uncapped_score(published_sample: World) -> None:
    assert published_sample.query(
        "with summed as (select as_of_date, group_id, count(*) as n,"
        " sum(contribution_points) as total from kam.health_component group by all)"
        " select count(*) from kam.relationship_health as health"
        " join summed using (as_of_date, group_id)"
        " where n <> 9 or abs(coalesce(uncapped_score, 0) - coalesce(total, 0)) > 1e-9"
        " or score_if_missing_bad > coalesce(score, score_if_missing_good)"
        " or coalesce(score, score_if_missing_bad) > score_if_missing_good"
    ) == [(0,)]


def test_realised_lifetime_value_adds_up_to_the_p_and_l(published_sample: World) -> None:
    rows = published_sample.query(
        "with value as (select as_of_date, sum(realised_to_date_rc) as total from kam.account_ltv"
        " where horizon_months = 12 and is_reconstructed group by 1),"
        " pnl as (select value.as_of_date, sum(contribution_rc) as total from value"
        " join kam.account_pnl_monthly on month <= value.as_of_date group by 1)"
        " select count(*) from value join pnl using (as_of_date) where value.total <> pnl.total"
    )
    assert rows == [(0,)]


def test_every_row_read_is_accounted_for(published_sample: World) -> None:
    assert published_sample.query(
        "select count(*) from kam_ops.run_source_report"
        " where rows_read <> rows_loaded + rows_collapsed + rows_quarantined + rows_erased"
    ) == [(0,)]


def test_names_of_client_people_and_free_text_stay_out_of_kam(published_sample: World) -> None:
    words = client_words(published_sample.drop)
    assert len(words) > 50
    for name, table in published_tables().items():
        texts = [c.name for c in table.columns if c.data_type == "varchar"]
        for column in texts:
            rows = published_sample.query(f'select distinct "{column}" from {name}')
            found = {value for (value,) in rows}
            assert not found & words, (name, column)


def client_words(drop: Path) -> set[str]:
    folder = drop / "extracts" / "crm" / NIGHT
    with (folder / "Contact.csv").open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    found = {f"{row['FirstName']} {row['LastName']}" for row in rows} | {r["Email"] for r in rows}
    return {word for word in found if word.strip()}


def test_latest_views_hold_one_date_per_group(published_sample: World) -> None:
    for table in ("relationship_health", "account_ltv", "account_concentration"):
        assert published_sample.query(
            f"select count(*) from (select group_id from kam.{table}_latest group by group_id"
            " having count(distinct as_of_date) > 1)"
        ) == [(0,)]
