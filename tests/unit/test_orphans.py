"""Rows that name a record which nobody has delivered are counted, priced and aged."""

from collections.abc import Iterator

import duckdb
import pytest

from assets.ledger import CheckResult
from assets.orphans import judge_orphans

GATES = {"orphan_money_share": 0.02, "orphan_grace_days": 5}


@pytest.fixture
def build() -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse of 2 April 2026: two ids that no customer has, since 28 and 27 March."""
    with duckdb.connect() as connection:
        connection.execute(
            """
            create schema control; create schema canonical; create schema intermediate;
            create schema marts;
            create table control.run as
                select date '2026-04-02' as as_of_date, 'BRL' as reporting_currency;
            create table canonical.company (company_code varchar, base_currency varchar);
            create table canonical.customer as select 'e:1' as customer_id;
            create table canonical.invoice_line as select * from (values
                ('e:1', 9900.00, date '2026-04-01'), ('e:8', 100.00, date '2026-04-01')
            ) as line(customer_id, net_amount_base, posting_date);
            create table intermediate.int_reference__listed as select * from (values
                ('invoice_line', 'customer_id', 'customer', true),
                ('receipt', 'receivable_id', 'receivable', true),
                ('contact', 'account_id', 'account', false)
            ) as listed(entity, column_name, parent_entity, is_supplied);
            create table marts.orphan as select * from (values
                ('invoice_line', 'customer_id', 'e:8', 2, 60.25::decimal(18, 2), date '2026-03-28'),
                ('invoice_line', 'customer_id', 'e:9', 1, 39.75::decimal(18, 2), date '2026-03-27')
            ) as orphan(entity, column_name, parent_id, n_rows, amount_base, first_seen_date);
            """
        )
        yield connection


def judged(connection: duckdb.DuckDBPyConnection) -> tuple[list[str], dict[str, CheckResult]]:
    results: dict[str, CheckResult] = {}
    failures = judge_orphans(connection, GATES, lambda r: results.setdefault(r.check_id, r))
    return failures, results


def test_orphans_are_a_warning_that_names_entity_parent_count_money_and_age(build) -> None:
    """5 days are within the grace, 6 are not; an entity that nobody supplies is not looked at."""
    failures, results = judged(build)

    assert failures == []
    assert set(results) == {
        "canonical/invoice_line:orphans__customer_id",
        "canonical/receipt:orphans__receivable_id",
        "canonical/invoice_line:orphan_money_share",
    }
    found = results["canonical/invoice_line:orphans__customer_id"]
    assert (found.severity, found.status, found.is_blocking) == ("warning", "failed", False)
    assert (found.column_name, found.n_rows_failed) == ("customer_id", 3)
    assert found.money_affected_base == "100.00"
    assert found.detail == (
        "ORPHAN: expected every customer_id of invoice_line to name a record of customer, found 2"
        " that name none, in 3 rows with 100.00; missing for up to 6 days, 1 of them for more than"
        " 5"
    )
    assert results["canonical/receipt:orphans__receivable_id"].status == "passed"


def test_amounts_in_different_base_currencies_are_not_added(build) -> None:
    build.execute("insert into canonical.company values ('01', 'BRL'), ('02', 'EUR')")

    found = judged(build)[1]["canonical/invoice_line:orphans__customer_id"]
    assert found.money_affected_base is None
    assert "in 3 rows; missing" in (found.detail or "")


def test_too_much_money_on_unknown_clients_holds_whatever_its_age(build) -> None:
    build.execute("insert into canonical.invoice_line values ('e:8', 102.05, '2026-04-02')")
    failures, results = judged(build)

    assert results["canonical/invoice_line:orphan_money_share"].status == "failed"
    [failure] = failures
    assert failure.startswith("canonical/invoice_line:orphan_money_share: ORPHAN: ")
