"""What holds of segments whatever clients, cuts and people do."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from assets.scores.segments.rules import CODES, PROFILES
from assets.scores.segments.standing import Standing
from tests.segment_reviews import RULES, Facts, Told, folded, month

AT_ONCE = {"HIERARCHY", "CONFIG", "REVIEW_OVERRIDE", "OVERRIDE_ENDED", "NEW"}
GROUPS = ("a", "b", "c")
potentials = st.sampled_from([None, "100", "474.99", "475", "500", "525", "759.99", "840", "900"])
scores = st.sampled_from([None, 1.0, 1.9, 2.0, 2.1, 2.5, 2.85, 3.0, 3.3, 3.5, 3.7, 4.0, 4.2, 5.0])
profiles = st.sampled_from([None, None, None, None, *PROFILES])
cuts = st.sampled_from([("800", "500"), ("800", "500"), ("900", "450"), None])
rarely = st.integers(0, 9).map(lambda n: n == 0)


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    is_moved = draw(rarely)
    return Facts(
        potential=draw(potentials),
        appetite=draw(scores),
        impact=draw(scores),
        is_new=draw(rarely),
        override=draw(profiles),
        override_by=draw(st.sampled_from(["p", "q"])),
        is_merged=is_moved and draw(st.booleans()),
        is_moved=is_moved,
        part_profile=draw(profiles) if is_moved else None,
    )


@st.composite
def stories(draw: st.DrawFn) -> list[Told]:
    """Reviews of three groups, each seen from some review on."""
    n = draw(st.integers(1, 15))
    seen = {group: draw(st.integers(1, n)) for group in GROUPS}
    told = []
    for number in range(1, n + 1):
        known = {g: draw(facts()) for g in GROUPS if number >= seen[g]}
        told.append(
            Told(month(number), known, draw(cuts), draw(cuts), is_config_changed=draw(rarely))
        )
    return told


def rows_of(rows: list[dict[str, Any]], group: str) -> list[dict[str, Any]]:
    return [row for row in rows if row["group_id"] == group]


def remembered(rows: list[dict[str, Any]], after: Standing, told: list[Told]) -> Standing:
    """The standing as the next night finds it: in the current rows and in what waits."""
    waiting = after.waiting().set_index("group_id")
    facts_of = {one.day: one.facts for one in told}
    table = []
    for group in GROUPS:
        own = rows_of(rows, group)
        current = own[-1] if own else {}
        waits = waiting.loc[group].to_dict() if group in waiting.index else {}
        day = current.get("valid_from_date")
        table.append(
            {
                "group_id": group,
                "segment_code": current.get("segment_code"),
                "service_profile": current.get("service_profile"),
                "valid_from_date": pd.Timestamp(day) if day else pd.NaT,
                "decided_by": current.get("decided_by"),
                "is_valued": bool(day) and facts_of[day][group].potential is not None,
                "pending_segment": waits.get("pending_segment"),
                "pending_since_date": waits.get("pending_since_date", pd.NaT),
                "pending_reviews": waits.get("pending_reviews"),
                "held_profile": waits.get("held_profile"),
                "hold_reviews_left": waits.get("hold_reviews_left"),
            }
        )
    return Standing.of(pd.DataFrame(table))


@given(stories(), st.data())
def test_folding_in_one_go_equals_folding_night_by_night(told: list[Told], data: Any) -> None:
    whole, end = folded(told, GROUPS)
    cut = data.draw(st.integers(0, len(told)))
    first, between = folded(told[:cut], GROUPS)
    second, last = folded(told[cut:], GROUPS, remembered(first, between, told))

    assert first + second == whole
    pd.testing.assert_frame_equal(last.waiting(), end.waiting())
    assert (last.code == end.code).all()


@given(stories())
def test_a_group_has_exactly_one_segment_from_first_sight_on(told: list[Told]) -> None:
    rows, _ = folded(told, GROUPS)
    for group in GROUPS:
        days = [row["valid_from_date"] for row in rows_of(rows, group)]
        seen = [one.day for one in told if group in one.facts]

        assert days[:1] == seen[:1]
        assert days == sorted(set(days))


@given(stories())
def test_only_what_acts_at_once_ends_a_row_before_the_dwell_is_over(told: list[Told]) -> None:
    rows, _ = folded(told, GROUPS)
    for group in GROUPS:
        for row, following in pairwise(rows_of(rows, group)):
            age = following["valid_from_date"] - row["valid_from_date"]
            assert age.days >= RULES.min_dwell_days or following["reason_code"] in AT_ONCE


@given(stories())
def test_only_mergers_and_persons_give_another_profile_than_the_code_does(told: list[Told]) -> None:
    rows, _ = folded(told, GROUPS)
    for row in rows:
        own = PROFILES[RULES.profile_of[CODES.index(row["segment_code"])]]
        assert row["service_profile"] == own or row["reason_code"] in {
            "HIERARCHY",
            "REVIEW_OVERRIDE",
        }


@given(stories())
def test_a_row_changes_something_unless_it_tells_a_merger(told: list[Told]) -> None:
    said = ("segment_code", "service_profile", "decided_by")
    rows, _ = folded(told, GROUPS)
    for group in GROUPS:
        for row, following in pairwise(rows_of(rows, group)):
            same = all(row[name] == following[name] for name in said)
            assert not same or following["reason_code"] == "HIERARCHY"


@given(stories(), st.sampled_from(GROUPS))
def test_a_group_is_decided_on_its_own_facts_alone(told: list[Told], group: str) -> None:
    whole, _ = folded(told, GROUPS)
    own = [replace(one, facts={g: f for g, f in one.facts.items() if g == group}) for one in told]
    alone, _ = folded(own, GROUPS)

    assert rows_of(whole, group) == alone


near_cut = st.integers(76000, 83999).map(lambda cents: f"{cents / 100:.2f}")
near_deep = st.integers(3_800_000_000, 4_199_999_999).map(lambda n: n / 1e9)
near_high = st.integers(3_325_000_000, 3_674_999_999).map(lambda n: n / 1e9)


@given(st.lists(st.tuples(near_cut, near_deep, near_high), min_size=1, max_size=30))
def test_nothing_flaps_while_inputs_move_within_their_bands(
    moves: list[tuple[str, float, float]],
) -> None:
    told = [
        Told(month(number), {"g": Facts(potential, appetite, impact)})
        for number, (potential, appetite, impact) in enumerate(moves, start=1)
    ]
    rows, after = folded(told)

    assert len(rows) == 1
    assert after.waiting().empty


@given(stories())
def test_a_candidate_waits_only_where_it_differs_from_the_current_code(told: list[Told]) -> None:
    _, after = folded(told, GROUPS)
    waiting = after.pending >= 0

    assert not np.any(waiting & (after.pending == after.code))
    assert (after.pending_since[waiting] <= np.datetime64(told[-1].day)).all()
