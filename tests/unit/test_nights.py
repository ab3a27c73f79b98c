"""Which nights a call runs, and what each of them is."""

import json
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from assets.company import load_company
from assets.faults import ConfigurationFault
from assets.ledger import Ledger
from assets.memory import (
    Remembered,
    constant_rate_date,
    lay_memory,
    month_end,
    month_ends_before,
    nights_to_compute,
)
from assets.night import Home
from assets.publish import versions
from pipelines.nights import Calendar, nights_due, plan_night
from tests.conftest import ROOT

CALENDAR = Calendar(
    today=date(2026, 4, 3), first_extract=date(2026, 3, 30), newest_extract=date(2026, 4, 2)
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    found = Home(tmp_path)
    found.versions.mkdir(parents=True)
    return found


@pytest.fixture
def publish(home: Home):
    """Publish a version that holds nothing but its manifest."""

    def run(as_of: date, parent: str | None, *nights: date) -> str:
        name = f"v{as_of:%Y%m%d}-{len(list(home.versions.iterdir()))}"
        before = versions.served(home)
        draft = home.versions / f".tmp.{name}"
        draft.mkdir()
        (draft / versions.DATABASE).write_text(name)
        (draft / versions.STATE).write_text(name)
        restricted = home.open_restricted("versions", f".tmp.{name}")
        (restricted / versions.RESTRICTED).write_text(name)
        versions.write_manifest(
            draft,
            restricted,
            {
                "publication_id": name,
                "parent_publication_id": parent,
                "as_of_date": as_of,
                "content_hash": name,
                "nights": [*nights, as_of],
                "run_id": name,
                "published_at": "2026-04-03T07:00:00",
            },
        )
        expected = before.publication_id if before else None
        versions.commit(home, draft, restricted, name, expected=expected)
        return name

    return run


def test_the_first_run_reconstructs_month_ends_from_the_first_delivered_month_on() -> None:
    rows = nights_to_compute(
        date(2026, 4, 2), previous=None, first_delivered=date(2026, 1, 15), reconstructed=36
    )

    assert [(row.as_of_date, row.is_reconstructed) for row in rows] == [
        (date(2026, 1, 31), True),
        (date(2026, 2, 28), True),
        (date(2026, 3, 31), True),
        (date(2026, 4, 2), False),
    ]
    assert [row.is_tonight for row in rows] == [False, False, False, True]


def test_an_ordinary_night_adds_only_the_month_ends_that_no_night_covered() -> None:
    rows = nights_to_compute(
        date(2026, 4, 2), previous=date(2026, 3, 30), first_delivered=None, reconstructed=36
    )

    assert [row.as_of_date for row in rows] == [date(2026, 3, 31), date(2026, 4, 2)]
    assert (
        len(
            nights_to_compute(
                date(2026, 4, 2), previous=date(2026, 4, 1), first_delivered=None, reconstructed=36
            )
        )
        == 1
    )


def test_a_month_end_night_is_not_reconstructed_too() -> None:
    assert month_ends_before(date(2026, 3, 31), 1) == [date(2026, 2, 28)]
    assert month_end(date(2024, 2, 3)) == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("asked", "complaint"),
    [
        ("2026-13-01", "expected a date YYYY-MM-DD"),
        ("yesterday", "expected a date YYYY-MM-DD"),
        ("2026-04-04", "up to today"),
        ("2026-03-29", "from the first extract"),
    ],
)
def test_a_date_that_cannot_be_run_is_a_configuration_fault(asked: str, complaint: str) -> None:
    with pytest.raises(ConfigurationFault, match=complaint):
        nights_due(asked, CALENDAR, None, is_sample=True, limit=31)


def test_without_a_date_the_sample_company_runs_its_newest_extract() -> None:
    assert nights_due(None, CALENDAR, None, is_sample=True, limit=31) == [date(2026, 4, 2)]


def test_without_a_date_another_company_runs_yesterday() -> None:
    assert nights_due(None, CALENDAR, None, is_sample=False, limit=31) == [date(2026, 4, 2)]


def test_missing_nights_come_first_and_only_the_newest_of_them(home: Home, publish) -> None:
    publish(date(2026, 2, 1), None)
    due = nights_due(None, CALENDAR, versions.served(home), is_sample=True, limit=31)

    assert len(due) == 32
    assert due[0] == date(2026, 3, 2)
    assert due[-1] == date(2026, 4, 2)


def test_a_later_night_continues_what_is_served(home: Home, publish) -> None:
    first = publish(date(2026, 3, 30), None)
    plan = plan_night(home, Ledger(home.ledger_file), date(2026, 3, 31))

    assert (plan.kind, plan.parent, plan.served) == ("forward", first, first)
    assert plan.previous_as_of == date(2026, 3, 30)


def test_the_newest_night_again_is_a_sibling_on_the_same_parent(home: Home, publish) -> None:
    first = publish(date(2026, 3, 30), None)
    second = publish(date(2026, 3, 31), first, date(2026, 3, 30))
    plan = plan_night(home, Ledger(home.ledger_file), date(2026, 3, 31))

    assert (plan.kind, plan.parent, plan.served) == ("sibling", first, second)
    assert plan.remembered is not None
    assert plan.remembered.published.parent.name == first


def test_a_past_night_that_exists_goes_into_a_sandbox_with_its_own_memory_and_cutoff(
    home: Home, publish
) -> None:
    first = publish(date(2026, 3, 30), None)
    second = publish(date(2026, 3, 31), first, date(2026, 3, 30))
    publish(date(2026, 4, 1), second, date(2026, 3, 30), date(2026, 3, 31))
    ledger = Ledger(home.ledger_file)
    ledger.record_cutoff(date(2026, 3, 31), datetime(2026, 4, 1, 7), "run", "config")
    plan = plan_night(home, ledger, date(2026, 3, 31))

    assert (plan.kind, plan.lands, plan.cutoff) == ("sandbox", False, datetime(2026, 4, 1, 7))
    assert plan.remembered is not None
    assert plan.remembered.published.parent.name == first
    assert plan_night(home, ledger, date(2026, 3, 30)).remembered is None


def test_a_missing_older_night_is_appended(home: Home, publish) -> None:
    first = publish(date(2026, 3, 30), None)
    third = publish(date(2026, 4, 1), first, date(2026, 3, 30))
    plan = plan_night(home, Ledger(home.ledger_file), date(2026, 3, 31))

    assert (plan.kind, plan.parent, plan.lands) == ("append", third, True)
    assert plan.previous_as_of == date(2026, 3, 30)


def test_a_pruned_parent_is_replaced_by_the_served_rows_before_the_night(
    home: Home, publish
) -> None:
    first = publish(date(2026, 3, 30), None)
    second = publish(date(2026, 3, 31), first, date(2026, 3, 30))
    versions.discard(home.versions / first)
    plan = plan_night(home, Ledger(home.ledger_file), date(2026, 3, 31))

    assert plan.parent == first
    assert plan.remembered is not None
    assert plan.remembered.published.parent.name == second
    assert plan.remembered.before == date(2026, 3, 31)


def test_constant_currency_is_dated_at_the_end_of_last_year() -> None:
    sample = load_company(ROOT / "config")

    assert constant_rate_date(sample, date(2026, 4, 2)) == date(2025, 12, 31)


def test_current_json_names_what_is_served(home: Home, publish) -> None:
    name = publish(date(2026, 3, 30), None)
    facts = json.loads((home.published / "CURRENT.json").read_text())

    assert facts["publication_id"] == name


def test_a_table_that_the_parent_s_version_did_not_have_starts_with_empty_memory(
    tmp_path: Path,
) -> None:
    """A parent with one dated table, one of its columns unknown to it, and no restricted file."""
    published, state = tmp_path / "published.duckdb", tmp_path / "state.duckdb"
    with duckdb.connect(str(published)) as connection:
        connection.execute("create schema kam")
        connection.execute(
            "create table kam.dim_account_group_history as"
            " select 'g' as group_id, date '2026-01-01' as valid_from_date"
        )
    with duckdb.connect(str(state)) as connection:
        connection.execute("create schema carried")
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        lay_memory(connection, Remembered(published, tmp_path / "none.duckdb", state))
        kept = connection.execute(
            "select group_id, valid_from_date, valid_to_date from memory.dim_account_group_history"
        ).fetchall()
        [(suggested,)] = connection.execute(
            "select count(*) from memory.match_candidate"
        ).fetchall()

    assert kept == [("g", date(2026, 1, 1), None)]
    assert suggested == 0


def test_a_decision_that_came_later_is_pending_in_the_memory_of_a_pruned_night(
    tmp_path: Path,
) -> None:
    restricted, other = tmp_path / "restricted.duckdb", tmp_path / "other.duckdb"
    with duckdb.connect(str(restricted)) as connection:
        connection.execute("create schema kam_restricted")
        connection.execute(
            "create table kam_restricted.match_candidate as select * from (values"
            " ('a', 'b', date '2026-01-01', 'accepted', date '2026-03-01'),"
            " ('c', 'd', date '2026-01-01', 'rejected', date '2026-01-15'),"
            " ('e', 'f', date '2026-03-01', 'pending', null))"
            " as t (left_id, right_id, suggested_date, decision, decided_date)"
        )
    with duckdb.connect(str(other)):
        pass
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        lay_memory(connection, Remembered(other, restricted, other, before=date(2026, 2, 1)))
        kept = connection.execute(
            "select left_id, decision, decided_date from memory.match_candidate order by left_id"
        ).fetchall()

    assert kept == [("a", "pending", None), ("c", "rejected", date(2026, 1, 15))]
