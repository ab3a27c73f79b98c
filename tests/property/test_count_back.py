"""Days of sales by one join are those that walking back month by month gives."""

import calendar
from datetime import date
from decimal import Decimal

import duckdb
import jinja2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.transform.contract import DBT_PROJECT

MONTHS = [date(2024 + n // 12, n % 12 + 1, 1) for n in range(16)]
NIGHT = date(2025, 4, 11)  # the last month is running
MONEY = st.one_of(st.just(0), st.integers(-500, 3_000)).map(lambda n: Decimal(n) / 100)
BILLED = st.lists(st.one_of(st.none(), MONEY), min_size=len(MONTHS), max_size=len(MONTHS))


def last_day(month: date) -> date:
    end = month.replace(day=calendar.monthrange(month.year, month.month)[1])
    return min(end, NIGHT)


def walked(billed: list[Decimal | None], place: int, balance: Decimal) -> float | None:
    """The rule as it is told: while the balance exceeds a month's billing, add its days."""
    known = [n for n in range(place + 1) if billed[n] is not None]
    if not known:
        return None
    if balance <= 0:
        return 0.0
    days, left = 0.0, balance
    for n in range(place, known[0] - 1, -1):
        of_month = billed[n] or Decimal(0)
        length = last_day(MONTHS[n]).day
        if of_month <= 0:
            days += length
        elif left > of_month:
            days, left = days + length, left - of_month
        else:
            return days + length * float(left / of_month)
    return days


@pytest.fixture(scope="module")
def count_back() -> str:
    """The model as a query on tables of the names it refers to."""
    path = DBT_PROJECT / "models/intermediate/service/int_receivable_month__counted.sql"
    environment = jinja2.Environment()
    environment.globals |= {"ref": lambda name: name, "source": lambda schema, name: name}
    return environment.from_string(path.read_text("utf-8")).render()


@settings(max_examples=120)
@given(
    billed=BILLED,
    place=st.integers(0, len(MONTHS) - 1),
    balance=st.integers(-200, 20_000).map(lambda n: Decimal(n) / 100),
)
def test_the_join_counts_the_days_that_the_walk_counts(
    count_back: str, billed: list[Decimal | None], place: int, balance: Decimal
) -> None:
    connection = duckdb.connect()
    connection.execute("create table run as select cast(? as date) as as_of_date", [NIGHT])
    connection.execute(
        "create table int_group_month__billed (group_id varchar, month date,"
        " counted_rc decimal(18, 2), billed_so_far_rc decimal(18, 2), is_without_rate boolean,"
        " first_month date)"
    )
    so_far, first = (
        Decimal(0),
        next((m for m, b in zip(MONTHS, billed, strict=True) if b is not None), None),
    )
    for month, of_month in zip(MONTHS, billed, strict=True):
        if of_month is not None:
            so_far += max(of_month, Decimal(0))
            connection.execute(
                "insert into int_group_month__billed values ('g', ?, ?, ?, false, ?)",
                [month, max(of_month, Decimal(0)), so_far, first],
            )
    connection.execute(
        "create table int_receivable_month__open as select 'g' as group_id, cast(? as date) as"
        " month, cast(? as decimal(18, 2)) as balance_rc",
        [MONTHS[place], balance],
    )
    row = connection.execute(count_back).fetchone()

    assert row is not None
    expected = walked(billed, place, balance)
    assert row[2] == (None if expected is None else pytest.approx(expected, abs=1e-6))
