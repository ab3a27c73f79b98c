"""Business hours between any two moments are those that a clock on the office wall would count."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import duckdb
import jinja2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.transform.contract import DBT_PROJECT

ZONE = ZoneInfo("America/Sao_Paulo")
UTC = ZoneInfo("UTC")
OPENS, CLOSES = time(9), time(18)
FIRST, LAST = date(2018, 1, 1), date(2026, 12, 31)
HOLIDAYS = {date(2018, 11, 2), date(2019, 1, 1), date(2024, 5, 1), date(2026, 4, 3)}
DAYS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
# Sao Paulo had summer time until February 2019: the moments lie on both sides of it.
MOMENTS = st.one_of(
    st.datetimes(datetime(2018, 10, 1), datetime(2019, 4, 1)),
    st.datetimes(datetime(2024, 4, 20), datetime(2024, 5, 10)),
    st.datetimes(datetime(2018, 2, 1), datetime(2026, 12, 1)),
)


def is_business_day(day: date) -> bool:
    return day.isoweekday() <= 5 and day not in HOLIDAYS


def counted(start: datetime, end: datetime) -> float:
    """Hours of every day between two UTC moments, one day after the other."""
    local_start, local_end = (
        moment.replace(tzinfo=UTC).astimezone(ZONE).replace(tzinfo=None) for moment in (start, end)
    )
    total = timedelta()
    day = local_start.date()
    while day <= local_end.date():
        if is_business_day(day):
            begin = max(local_start, datetime.combine(day, OPENS))
            stop = min(local_end, datetime.combine(day, CLOSES))
            total += max(stop - begin, timedelta())
        day += timedelta(days=1)
    return total / timedelta(hours=1)


@pytest.fixture(scope="module")
def office() -> duckdb.DuckDBPyConnection:
    """The business days, and the macro as a function of two moments."""
    environment = jinja2.Environment()
    environment.globals |= {
        "threshold": lambda key: {"calendar.hours": "09:00-18:00"}[key],
        "var": lambda name: {"time_zone": ZONE.key},
    }
    text = "".join(
        (DBT_PROJECT / "macros" / f"{name}.sql").read_text("utf-8")
        for name in ("local_date", "calendar")
    )
    macros = environment.from_string(text).module
    hours = macros.business_hours("pair.start_at", "start_day", "pair.end_at", "end_day")  # type: ignore[attr-defined]
    dates = {name: macros.local_date(f"pair.{name}_at") for name in ("start", "end")}  # type: ignore[attr-defined]
    connection = duckdb.connect()
    connection.execute(
        "create table day"
        " (calendar_date date, is_business_day boolean, business_days_before bigint)"
    )
    before = 0
    rows = []
    for day in DAYS:
        rows.append([day, is_business_day(day), before])
        before += is_business_day(day)
    connection.executemany("insert into day values (?, ?, ?)", rows)
    connection.execute(
        f"create macro hours_between(a, b) as (select {hours}"
        " from (select cast(a as timestamp) as start_at, cast(b as timestamp) as end_at) as pair"
        f" left join day as start_day on {dates['start']} = start_day.calendar_date"
        f" left join day as end_day on {dates['end']} = end_day.calendar_date)"
    )
    return connection


def between(office: duckdb.DuckDBPyConnection, start: datetime, end: datetime) -> float:
    row = office.execute("select hours_between(?, ?)", [start, end]).fetchone()
    assert row is not None
    return float(row[0])


@settings(max_examples=150)
@given(start=MOMENTS, end=MOMENTS)
def test_any_two_moments_are_as_far_apart_as_the_clock_on_the_wall_says(
    office: duckdb.DuckDBPyConnection, start: datetime, end: datetime
) -> None:
    expected = counted(start, end) if end >= start else 0.0
    assert between(office, start, end) == pytest.approx(expected, abs=1e-9)


@settings(max_examples=60)
@given(moments=st.lists(MOMENTS, min_size=3, max_size=3).map(sorted))
def test_the_hours_of_two_spans_end_to_end_add_up(
    office: duckdb.DuckDBPyConnection, moments: list[datetime]
) -> None:
    first, middle, last = moments
    whole = between(office, first, last)
    parts = between(office, first, middle) + between(office, middle, last)
    assert whole == pytest.approx(parts, abs=1e-9)
    assert whole <= 9 * ((last.date() - first.date()).days + 2)
