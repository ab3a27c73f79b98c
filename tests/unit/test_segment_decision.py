"""What the marts of a night say is folded, and written where the models find it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest

from assets.scores.segment_decision import write_segment_decision
from tests.conftest import ask
from tests.segment_reviews import METRICS

NIGHT = date(2026, 4, 2)
MARTS = """
create schema marts;
create table marts.segment_standing (group_id varchar, segment_code varchar,
    service_profile varchar, valid_from_date date, decided_by varchar, is_valued boolean,
    pending_segment varchar, pending_since_date date, pending_reviews bigint,
    held_profile varchar, hold_reviews_left bigint);
create table marts.segment_review_input (review_date date, group_id varchar, is_seen boolean,
    is_new boolean, has_potential boolean, potential_cents bigint, has_appetite boolean,
    appetite_billionths bigint, has_impact boolean, impact_billionths bigint,
    override_profile varchar, override_by varchar, is_merged boolean, is_moved boolean,
    part_profile varchar);
create table marts.segment_review_cut (review_date date, is_config_changed boolean,
    first_cut_rc decimal(18, 2), second_cut_rc decimal(18, 2), first_cut_before_rc decimal(18, 2),
    second_cut_before_rc decimal(18, 2));
"""
STANDING = """
insert into marts.segment_standing values
    ('changing', 'P2-DEEP-HIGH', 'DEVELOP', '2025-01-02', 'rule', true,
        'P1-DEEP-HIGH', '2026-03-02', 1, null, null),
    ('held', 'P3-DEEP-HIGH', 'PARTNER', '2026-03-02', 'rule', true,
        null, null, null, 'PARTNER', 2),
    ('new_tonight', null, null, null, null, false, null, null, null, null, null);
"""
REVIEW = """
insert into marts.segment_review_cut values ('2026-04-01', false, 800, 500, null, null);
insert into marts.segment_review_input values
    ('2026-04-01', 'changing', true, false, true, 84000, true, 4200000000, true, 5000000000,
        null, null, false, false, null),
    ('2026-04-01', 'held', true, false, true, 10000, true, 4000000000, true, 3500000000,
        null, null, false, false, null),
    ('2026-04-01', 'new_tonight', false, true, false, 0, false, 0, false, 0,
        null, null, false, false, null);
"""
ROWS = (
    "select group_id, valid_from_date::varchar, segment_code, service_profile, reason_code,"
    " decided_by from scores.segment_decision order by 1"
)
WAITING = "select * from scores.segment_waiting order by 1"


@pytest.fixture
def decide(tmp_path: Path) -> Callable[..., Path]:
    """The warehouse of a night after its reviews, from the rows of its marts."""

    def run(*statements: str) -> Path:
        warehouse = tmp_path / "warehouse.duckdb"
        with duckdb.connect(str(warehouse)) as connection:
            for statement in (MARTS, *statements):
                connection.execute(statement)
        write_segment_decision(warehouse, METRICS, NIGHT)
        return warehouse

    return run


def test_a_review_confirms_what_waited_and_a_group_of_tonight_is_new(
    decide: Callable[..., Path],
) -> None:
    warehouse = decide(STANDING, REVIEW)

    assert ask(warehouse, ROWS) == [
        ("changing", "2026-04-01", "P1-DEEP-HIGH", "PARTNER", "POTENTIAL_UP", "rule"),
        ("new_tonight", "2026-04-02", "NEW", "NEW", "NEW", "rule"),
    ]
    assert ask(warehouse, WAITING) == [("held", None, None, 0, "PARTNER", 1)]


def test_a_night_without_a_review_opens_first_sights_and_passes_on_what_waits(
    decide: Callable[..., Path],
) -> None:
    warehouse = decide(STANDING)

    assert [row[0] for row in ask(warehouse, ROWS)] == ["new_tonight"]
    assert ask(warehouse, WAITING) == [
        ("changing", "P1-DEEP-HIGH", date(2026, 3, 2), 1, None, 0),
        ("held", None, None, 0, "PARTNER", 2),
    ]


def test_a_company_without_clients_opens_nothing(decide: Callable[..., Path]) -> None:
    warehouse = decide()

    assert (ask(warehouse, ROWS), ask(warehouse, WAITING)) == ([], [])


def test_money_beyond_what_a_float_can_tell_apart_is_held_against_the_cut_exactly(
    decide: Callable[..., Path],
) -> None:
    cut = "insert into marts.segment_review_cut values ('2026-04-01', false,"
    facts = "insert into marts.segment_review_input values ('2026-04-01', '{}', true, false, true,"
    rest = " {}, true, 4000000000, true, 3500000000, null, null, false, false, null)"
    nobody = "insert into marts.segment_standing (group_id, is_valued) values ('{}', false)"
    warehouse = decide(
        *(nobody.format(name) for name in ("at", "below")),
        f"{cut} 90071992547409.93, 1, null, null)",
        (facts + rest).format("at", 9007199254740993),
        (facts + rest).format("below", 9007199254740992),
    )

    assert [(row[0], row[2]) for row in ask(warehouse, ROWS)] == [
        ("at", "P1-DEEP-HIGH"),
        ("below", "P2-DEEP-HIGH"),
    ]
