"""Rows of Python values arrive in their order, typed by the table."""

from datetime import date
from decimal import Decimal

import duckdb

from assets.rows import AT_ONCE, insert_rows


def test_rows_keep_their_order_and_take_the_types_of_the_table() -> None:
    n_rows = 2 * AT_ONCE + 1
    rows = [[n, None if n % 3 else f"{n}.50", "2026-03-31", n % 2 == 0] for n in range(n_rows)]
    with duckdb.connect() as connection:
        connection.execute("create table t (n bigint, money decimal(18, 2), day date, even bool)")
        insert_rows(connection, "t", rows)
        found = connection.execute("select * from t").fetchall()

    assert [row[0] for row in found] == list(range(n_rows))
    assert found[3] == (3, Decimal("3.50"), date(2026, 3, 31), False)
    assert found[400] == (400, None, date(2026, 3, 31), True)


def test_no_rows_leave_the_table_empty() -> None:
    with duckdb.connect() as connection:
        connection.execute("create table t (n bigint)")
        insert_rows(connection, "t", [])
        assert connection.execute("select count(*) from t").fetchall() == [(0,)]
