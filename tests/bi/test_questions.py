"""What people ask of the published file, in plain SQL and read-only, is answered."""

import csv
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from openpyxl import load_workbook

from assets.transform.contract import published_tables
from tests.conftest import World

pytestmark = pytest.mark.slow
QUESTIONS = Path(__file__).resolve().parents[3] / "shared" / "design" / "questions.sql"
TODAY = date(2026, 4, 2)
LARGEST = "erp_main:000010-01"


def questions() -> dict[str, str]:
    if not QUESTIONS.is_file():
        return {}
    text = QUESTIONS.read_text(encoding="utf-8")
    found = re.findall(r"^-- ([A-Z]+-\d+): .*?\n(.*?;)\s*$", text, re.S | re.M)
    return {name: sql for name, sql in found if tables_in(sql) <= known_names()}


def tables_in(sql: str) -> set[str]:
    named = set(re.findall(r"\b(?:from|join)\s+([a-z_.]+)", sql))
    return {name for name in named if name not in ("pnl", "proof", "year_pair")}


def known_names() -> set[str]:
    names = set()
    for table in published_tables().values():
        prefix = "" if table.schema == "kam" else "kam_ops."
        names |= {f"{prefix}{table.name}", f"{prefix}{table.name}_latest"}
    return names


def answer(world: World, sql: str, **values: object) -> list[tuple]:
    with duckdb.connect(str(world.database), read_only=True) as connection:
        connection.execute("set schema = 'kam'")
        wanted = {"today": TODAY, "group": LARGEST} | values
        return connection.execute(
            sql, {name: value for name, value in wanted.items() if f"${name}" in sql}
        ).fetchall()


def asked(world: World, name: str, **values: object) -> list[tuple]:
    """The answer to a question of the design, for a day and group of one's own."""
    found = questions()
    if name not in found:
        pytest.skip("the questions are not beside the project (../shared/design/questions.sql)")
    return answer(world, found[name], **values)


def test_every_question_whose_tables_exist_runs(published_sample: World) -> None:
    found = questions()
    if not found:
        pytest.skip("the questions are not beside the project (../shared/design/questions.sql)")
    assert len(found) >= 9
    asked_for = {
        "BI-1",
        "DIR-2",
        "DIR-3",
        "DIR-5",
        "DIR-6",
        "FIN-3",
        "FIN-4",
        "FIN-6",
        "KAM-4",
        "REV-2",
    }
    assert asked_for <= set(found)
    for sql in found.values():
        answer(published_sample, sql)


def test_the_p_and_l_holds_every_ledger_line(published_sample: World) -> None:
    rows = answer(
        published_sample,
        "with pnl as (select company_code, strftime(month, '%Y-%m') as period,"
        " sum(ledger_revenue_rc) as revenue from account_pnl_monthly group by all),"
        " proof as (select company_code, period, sum(published_base) as revenue"
        " from kam_ops.recon_ledger group by all)"
        " select count(*) from pnl full join proof using (company_code, period)"
        " where coalesce(company_code, '') <> '*'"
        " and coalesce(pnl.revenue, 0) <> coalesce(proof.revenue, 0)",
    )
    assert rows == [(0,)]


def test_thirteen_months_of_concentration_are_there_to_compare(published_sample: World) -> None:
    rows = answer(
        published_sample,
        "select as_of_date, top1_share, herfindahl_index, effective_n from concentration_monthly"
        " where scope = 'company' and measure = 'net_revenue_t12m'"
        " order by as_of_date desc limit 13",
    )
    assert len(rows) == 13
    assert all(abs(index * effective - 10_000) < 1e-6 for _, _, index, effective in rows)


def test_dir_3_names_the_override_of_the_quarter_and_who_decided_it(
    published_sample: World,
) -> None:
    rows = asked(published_sample, "DIR-3", today=date(2025, 12, 31))
    [(story, group, decided_by)] = planted(published_sample, "override", "2025-12-01")
    [row] = [row for row in rows if row[0] == group]

    assert story == "DEVELOP"
    assert row[1] == row[2]
    assert row[4:8] == ("DEVELOP", date(2025, 12, 1), "REVIEW_OVERRIDE", decided_by)
    assert all(row[5] >= date(2025, 10, 1) for row in rows)


def test_dir_6_names_who_should_leave_and_who_should_join(published_sample: World) -> None:
    found = {row[1]: (row[0], row[7]) for row in asked(published_sample, "DIR-6")}
    [(_, no_depth, _)] = planted(published_sample, "no_depth")
    [(_, promotable, _)] = planted(published_sample, "promotable")

    assert found[no_depth] == ("REMOVE", "NO_APPETITE")
    assert found[promotable] == ("ADD", "POTENTIAL_AND_APPETITE")
    assert {finding for finding, _ in found.values()} == {"ADD", "REMOVE"}


def test_fin_3_finds_the_large_client_that_destroys_profit_and_that_its_price_does_it(
    published_sample: World,
) -> None:
    """Nobody else pays less than 76 % of the list price: 19 % off, and an offer of 5 %."""
    [(off, group, _)] = planted(published_sample, "underpriced")
    pays = 1 - int(off.split()[0]) / 10_000
    worst, *others = asked(published_sample, "FIN-3")
    [(lowest,)] = answer(
        published_sample,
        "select min(net_price_index) from portfolio_position where as_of_date = $today",
    )

    assert worst[0] == group
    assert worst[1] < min(row[1] for row in others) * 10 < 0
    assert worst[2] == lowest < pays / 0.76
    assert worst[3] < 1 - worst[2]
    assert worst[4] == "bargain_basement"


def test_fin_4_shows_every_interval_beside_the_share_of_past_ones_that_held(
    published_sample: World,
) -> None:
    rows = asked(published_sample, "FIN-4")

    clients = published_sample.query(
        "select count(*) from kam.account_ltv_latest where horizon_months in (12, 36)"
    )
    assert [(len(rows),)] == clients
    for horizon, _, p10, p50, p90, mean, _, _, _, basis, coverage, low, high, n, _ in rows:
        if mean is not None:
            assert p10 <= p50 <= p90
        assert (basis, horizon in (12, 36)) == ("reconstructed", True)
        assert low <= coverage <= high
        assert n > 1_000
    [largest] = [row for row in rows if row[:2] == (12, LARGEST)]
    assert largest[2] < largest[5] < largest[4]


def test_fin_6_says_what_key_accounts_bring_beside_money(published_sample: World) -> None:
    """One row a key account; what is proven of its events is among what was tested of them."""
    rows = asked(published_sample, "FIN-6")
    keys = answer(published_sample, "select group_id from dim_account_group where is_key_account")
    tested = answer(
        published_sample,
        "select count(*) from halo_effect join dim_account_group"
        " on anchor_group_id = group_id where is_key_account",
    )

    assert {row[0] for row in rows} == {group for (group,) in keys}
    assert sum(row[7] for row in rows) == tested[0][0] > 0
    assert all(row[6] <= row[7] for row in rows)
    values = [row[2] for row in rows]
    known = [value for value in values if value is not None]
    assert values == [*sorted(known, reverse=True), *[None] * (len(values) - len(known))]
    assert known[0] > 0


def test_kam_4_puts_the_wallet_that_the_client_told_first(published_sample: World) -> None:
    """The largest client: one estimate of everything, told on 3 November 2025."""
    [largest] = [row for row in planted(published_sample, "partner") if row[1] == LARGEST]
    first, *rest = asked(published_sample, "KAM-4", group=LARGEST)
    told = wallet_of(published_sample, largest[2])

    assert first[0] == "ALL"
    assert first[1] == told
    assert first[3] == pytest.approx(float(first[2] / told))
    assert first[4] == told - first[2]
    assert first[5:] == ("client_told", (TODAY - date(2025, 11, 3)).days, 0.9)
    assert {(row[1], row[3], row[4]) for row in rest} == {(None, None, None)}
    assert sum(row[2] for row in rest) + without_category(published_sample, LARGEST) == first[2]


def test_rev_2_finds_no_segment_flapping(published_sample: World) -> None:
    assert asked(published_sample, "REV-2") == []


def without_category(world: World, group: str) -> Decimal:
    """What documents without a product, rebates left out, add to a client's twelve months."""
    [(amount,)] = world.canonical(
        "select coalesce(sum(line.net_amount_base), 0) from canonical.invoice_line as line"
        " join intermediate.int_account__grouped as customer"
        f" on line.customer_id = customer.account_key and customer.group_id = '{group}'"
        " where product_id is null and document_type <> 'REBATE'"
        f" and posting_date between date '{TODAY}' - 364 and date '{TODAY}'"
    )
    return Decimal(amount)


def planted(world: World, story: str, since: str | None = None) -> list[tuple[str, str, str]]:
    """Detail, published group and record of the rows of a planted story."""
    groups = dict(answer(world, "select account_key, group_id from dim_account"))
    customers = {r["true_group"]: r["customer_id"] for r in truth(world, "groups")}
    return [
        (row["detail"], groups[customers[row["true_group"]]], row["record_id"])
        for row in truth(world, "events")
        if row["story"] == story and since in (None, row["from_date"])
    ]


def truth(world: World, name: str) -> list[dict[str, str]]:
    with (world.drop / "truth" / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return [row for row in csv.DictReader(handle) if row.get("customer_id", "-")]


def wallet_of(world: World, account: str) -> Decimal:
    """The latest amount that the desk workbook holds for an account."""
    [path] = (world.drop / "extracts" / "desk" / str(TODAY)).glob("*.xlsx")
    head, *rows = load_workbook(path, read_only=True)["wallet_estimate"].values
    told = [dict(zip(head, row, strict=True)) for row in rows]
    own = [row for row in told if row["account_id"] == account]
    return Decimal(str(max(own, key=lambda row: str(row["estimated_date"]))["amount"]))


def test_a_reader_cannot_change_what_is_served(published_sample: World) -> None:
    with (
        duckdb.connect(str(published_sample.database), read_only=True) as connection,
        pytest.raises(duckdb.Error),
    ):
        connection.execute("delete from kam.calendar")
