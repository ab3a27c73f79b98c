"""What people ask of the published file, in plain SQL and read-only, is answered."""

import re
from datetime import date
from pathlib import Path

import duckdb
import pytest

from assets.transform.contract import published_tables
from tests.conftest import World

pytestmark = pytest.mark.slow
QUESTIONS = Path(__file__).resolve().parents[3] / "shared" / "design" / "questions.sql"
TODAY = date(2026, 4, 2)


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


def answer(world: World, sql: str) -> list[tuple]:
    with duckdb.connect(str(world.database), read_only=True) as connection:
        connection.execute("set schema = 'kam'")
        wanted = {"today": TODAY, "group": "erp_main:000010-01"}
        return connection.execute(
            sql, {name: value for name, value in wanted.items() if f"${name}" in sql}
        ).fetchall()


def test_every_question_whose_tables_exist_runs(published_sample: World) -> None:
    found = questions()
    if not found:
        pytest.skip("the questions are not beside the project (../shared/design/questions.sql)")
    assert len(found) >= 9
    assert "BI-1" in found
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


def test_a_reader_cannot_change_what_is_served(published_sample: World) -> None:
    with (
        duckdb.connect(str(published_sample.database), read_only=True) as connection,
        pytest.raises(duckdb.Error),
    ):
        connection.execute("delete from kam.calendar")
