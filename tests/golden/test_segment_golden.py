"""Folds worked by hand: every reason code, and every boundary on both of its sides.

Cuts are 800 (P1) and 500 (P2); a review falls on the first of each month. Between 1 January 2024
and 29 June lie 180 days.
"""

from datetime import date, timedelta

import pytest

from tests.segment_reviews import Facts, Told, folded, month, path

START = (month(1), "P1-DEEP-HIGH", "PARTNER", "NEW")
SECOND = Facts(potential="600")


def months(first: int, last: int, facts: Facts) -> list[tuple[date, Facts]]:
    return [(month(n), facts) for n in range(first, last + 1)]


def test_an_old_client_is_classified_at_its_first_review() -> None:
    assert path([(month(1), Facts())]) == [START]


def test_a_new_client_and_a_prospect_stay_new_until_they_are_old_enough() -> None:
    story = [*months(1, 3, Facts(is_new=True)), *months(4, 5, Facts())]

    assert path(story) == [
        (month(1), "NEW", "NEW", "NEW"),
        (month(4), "P1-DEEP-HIGH", "PARTNER", "NEW"),
    ]


def test_a_change_is_applied_at_the_first_review_that_confirms_it_after_180_days() -> None:
    assert path([*months(1, 1, Facts()), *months(2, 12, SECOND)]) == [
        START,
        (month(7), "P2-DEEP-HIGH", "DEVELOP", "POTENTIAL_DOWN"),
    ]


@pytest.mark.parametrize(("age_days", "is_applied"), [(179, False), (180, True)])
def test_the_dwell_is_over_at_180_days(age_days: int, is_applied: bool) -> None:
    last = month(1) + timedelta(days=age_days)

    assert (len(path([(month(1), Facts()), (month(6), SECOND), (last, SECOND)])) == 2) is is_applied


def test_one_review_is_not_enough_and_the_current_code_clears_the_candidate() -> None:
    story = [*months(1, 8, Facts()), (month(9), SECOND), (month(10), Facts()), (month(11), SECOND)]
    rows, after = folded([Told(day, {"g": facts}) for day, facts in story])

    assert len(rows) == 1
    assert after.waiting().to_dict("records")[0] | {"pending_since_date": None} == {
        "group_id": "g",
        "pending_segment": "P2-DEEP-HIGH",
        "pending_since_date": None,
        "pending_reviews": 1,
        "held_profile": None,
        "hold_reviews_left": 0,
    }
    assert after.pending_since[0] == month(11)


def test_another_candidate_starts_again() -> None:
    third = Facts(potential="100")
    story = [*months(1, 8, Facts()), (month(9), SECOND), (month(10), third), (month(11), third)]

    assert path(story) == [START, (month(11), "P3-DEEP-HIGH", "EFFICIENT", "POTENTIAL_DOWN")]


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        (Facts(), Facts(potential="760.00"), None),
        (Facts(), Facts(potential="759.99"), "P2-DEEP-HIGH"),
        (Facts(potential="799.99"), Facts(potential="839.99"), None),
        (Facts(potential="799.99"), Facts(potential="840.00"), "P1-DEEP-HIGH"),
        (Facts(potential="500"), Facts(potential="475.00"), None),
        (Facts(potential="500"), Facts(potential="474.99"), "P3-DEEP-HIGH"),
        (Facts(potential="499.99"), Facts(potential="525.00"), "P2-DEEP-HIGH"),
        (Facts(potential="499.99"), Facts(potential="524.99"), None),
        (Facts(potential="100"), Facts(potential="839.99"), "P2-DEEP-HIGH"),
        (Facts(potential="100"), Facts(potential="840.00"), "P1-DEEP-HIGH"),
        (Facts(), Facts(potential="474.99"), "P3-DEEP-HIGH"),
        (Facts(appetite=2.0), Facts(appetite=2.10), None),
        (Facts(appetite=2.0), Facts(appetite=2.100000001), "P1-LOW-HIGH"),
        (Facts(appetite=2.5), Facts(appetite=1.900000001), None),
        (Facts(appetite=2.5), Facts(appetite=1.90), "P1-NONE-HIGH"),
        (Facts(appetite=2.99), Facts(appetite=3.15), "P1-OPEN-HIGH"),
        (Facts(appetite=2.99), Facts(appetite=3.149999999), None),
        (Facts(appetite=3.0), Facts(appetite=2.85), None),
        (Facts(appetite=3.0), Facts(appetite=2.849999999), "P1-LOW-HIGH"),
        (Facts(appetite=3.9), Facts(appetite=4.2), "P1-DEEP-HIGH"),
        (Facts(appetite=3.9), Facts(appetite=4.199999999), None),
        (Facts(appetite=4.0), Facts(appetite=3.8), None),
        (Facts(appetite=4.0), Facts(appetite=3.799999999), "P1-OPEN-HIGH"),
        (Facts(impact=3.4), Facts(impact=3.675), "P1-DEEP-HIGH"),
        (Facts(impact=3.4), Facts(impact=3.674999999), None),
        (Facts(impact=3.5), Facts(impact=3.325), None),
        (Facts(impact=3.5), Facts(impact=3.324999999), "P1-DEEP-LOW"),
    ],
)
def test_a_level_is_left_at_its_band_and_not_before(
    before: Facts, after: Facts, code: str | None
) -> None:
    found = path([(month(1), before), *months(8, 9, after)])

    assert [row[1] for row in found[1:]] == ([code] if code else [])


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (Facts(potential="800"), "P1-DEEP-HIGH"),
        (Facts(potential="799.99"), "P2-DEEP-HIGH"),
        (Facts(potential="500"), "P2-DEEP-HIGH"),
        (Facts(potential="499.99"), "P3-DEEP-HIGH"),
        (Facts(potential=None), "P?-DEEP-HIGH"),
        (Facts(appetite=2.0), "P1-NONE-HIGH"),
        (Facts(appetite=2.000000001), "P1-LOW-HIGH"),
        (Facts(appetite=3.0), "P1-OPEN-HIGH"),
        (Facts(appetite=4.0), "P1-DEEP-HIGH"),
        (Facts(appetite=None), "P1-UNKNOWN-HIGH"),
        (Facts(impact=3.5), "P1-DEEP-HIGH"),
        (Facts(impact=3.499999999), "P1-DEEP-LOW"),
        (Facts(impact=None), "P1-DEEP-UNKNOWN"),
    ],
)
def test_a_first_code_knows_no_band(facts: Facts, code: str) -> None:
    assert [row[1] for row in path([(month(1), facts)])] == [code]


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        (SECOND, Facts(), "POTENTIAL_UP"),
        (Facts(), SECOND, "POTENTIAL_DOWN"),
        (Facts(potential=None), Facts(potential="1"), "WALLET_KNOWN"),
        (Facts(potential="1"), Facts(potential=None), "WALLET_EXPIRED"),
        (Facts(appetite=3.0), Facts(), "APPETITE"),
        (Facts(appetite=None), Facts(), "APPETITE"),
        (Facts(impact=1.0), Facts(), "IMPACT"),
        (Facts(potential="600", appetite=1.0, impact=1.0), Facts(), "POTENTIAL_UP"),
        (Facts(appetite=1.0, impact=1.0), Facts(), "APPETITE"),
    ],
)
def test_the_reason_is_the_first_part_that_changed(
    before: Facts, after: Facts, reason: str
) -> None:
    assert path([(month(1), before), *months(8, 9, after)])[1][3] == reason


@pytest.mark.parametrize(
    ("facts", "profile"),
    [
        (Facts(appetite=1.0), "TRANSACTIONAL"),
        (Facts(), "PARTNER"),
        (Facts(impact=1.0), "DEVELOP"),
        (Facts(potential="500", appetite=3.0), "DEVELOP"),
        (Facts(potential="1"), "EFFICIENT"),
        (Facts(appetite=2.5), "EFFICIENT"),
        (Facts(appetite=None), "EFFICIENT"),
        (Facts(potential=None), "EFFICIENT"),
    ],
)
def test_the_first_profile_rule_that_matches_decides(facts: Facts, profile: str) -> None:
    assert [row[2] for row in path([(month(1), facts)])] == [profile]


class TestCuts:
    """A tier may change because the client did, or because the cuts did."""

    def test_a_change_of_tier_that_last_years_cuts_would_not_make_is_config(self) -> None:
        new_year = {"cuts": ("1200", "500"), "cuts_before": ("800", "500")}
        story = [
            *months(1, 12, Facts()),
            Told(month(13), {"g": Facts()}, **new_year),
            Told(month(14), {"g": Facts()}, **new_year),
        ]

        assert path(story)[1:] == [(month(14), "P2-DEEP-HIGH", "DEVELOP", "CONFIG")]

    def test_a_client_that_fell_below_both_cuts_has_changed_itself(self) -> None:
        new_year = {"cuts": ("1200", "500"), "cuts_before": ("800", "500")}
        story = [
            *months(1, 12, Facts()),
            Told(month(13), {"g": SECOND}, **new_year),
            Told(month(14), {"g": SECOND}, **new_year),
        ]

        assert path(story)[1:] == [(month(14), "P2-DEEP-HIGH", "DEVELOP", "POTENTIAL_DOWN")]

    def test_cuts_that_appear_and_vanish_are_config_and_no_wallet_news(self) -> None:
        without = [Told(month(n), {"g": Facts()}, cuts=None) for n in range(1, 9)]
        gone = [Told(month(n), {"g": Facts()}, cuts=None) for n in range(17, 19)]

        assert path([*without, *months(9, 16, Facts()), *gone]) == [
            (month(1), "P?-DEEP-HIGH", "EFFICIENT", "NEW"),
            (month(10), "P1-DEEP-HIGH", "PARTNER", "CONFIG"),
            (month(18), "P?-DEEP-HIGH", "EFFICIENT", "CONFIG"),
        ]

    def test_a_changed_configuration_decides_at_once_without_band_or_dwell(self) -> None:
        changed = Told(month(2), {"g": Facts(potential="799.99")}, is_config_changed=True)

        assert path([*months(1, 1, Facts()), changed, *months(3, 4, Facts())]) == [
            START,
            (month(2), "P2-DEEP-HIGH", "DEVELOP", "CONFIG"),
        ]

    def test_a_changed_configuration_that_changes_nothing_opens_nothing(self) -> None:
        changed = Told(month(2), {"g": Facts(potential="800")}, is_config_changed=True)

        assert path([*months(1, 1, Facts()), changed]) == [START]


class TestOverrides:
    """A person's decision replaces the profile, not the code, and says who took it."""

    def test_it_acts_at_once_and_ends_at_the_review_after_it(self) -> None:
        decided = Facts(override="TRANSACTIONAL")
        story = [(month(1), Facts()), *months(2, 4, decided), *months(5, 6, Facts())]
        rows, _ = folded([Told(day, {"g": facts}) for day, facts in story])

        assert [
            (r["valid_from_date"], r["service_profile"], r["reason_code"], r["decided_by"])
            for r in rows
        ] == [
            (month(1), "PARTNER", "NEW", "rule"),
            (month(2), "TRANSACTIONAL", "REVIEW_OVERRIDE", "director"),
            (month(5), "PARTNER", "OVERRIDE_ENDED", "rule"),
        ]
        assert {r["segment_code"] for r in rows} == {"P1-DEEP-HIGH"}

    def test_it_holds_for_a_new_client_too(self) -> None:
        young, grown = Facts(is_new=True), Facts()
        decided = Facts(is_new=True, override="PARTNER")

        assert path([(month(1), young), (month(2), decided), (month(3), grown)]) == [
            (month(1), "NEW", "NEW", "NEW"),
            (month(2), "NEW", "PARTNER", "REVIEW_OVERRIDE"),
            (month(3), "P1-DEEP-HIGH", "PARTNER", "OVERRIDE_ENDED"),
        ]

    def test_a_change_of_code_meanwhile_is_a_row_of_the_override(self) -> None:
        decided = Facts(potential="600", override="PARTNER")

        assert path([(month(1), Facts()), *months(2, 9, decided)]) == [
            START,
            (month(2), "P1-DEEP-HIGH", "PARTNER", "REVIEW_OVERRIDE"),
            (month(8), "P2-DEEP-HIGH", "PARTNER", "REVIEW_OVERRIDE"),
        ]

    def test_the_same_decision_of_another_person_is_a_row(self) -> None:
        first, second = Facts(override="PARTNER"), Facts(override="PARTNER", override_by="board")
        story = [(month(1), Facts()), (month(2), first), (month(3), second)]

        assert [row[3] for row in path(story)] == ["NEW", "REVIEW_OVERRIDE", "REVIEW_OVERRIDE"]


class TestHierarchy:
    """Who absorbs keeps the best profile of its parts for two reviews."""

    def test_a_merger_holds_the_best_profile_for_this_and_the_next_review(self) -> None:
        small = Facts(potential="100")
        merged = Facts(potential="110", is_merged=True, part_profile="PARTNER")

        assert path([(month(1), small), (month(2), merged), *months(3, 6, small)]) == [
            (month(1), "P3-DEEP-HIGH", "EFFICIENT", "NEW"),
            (month(2), "P3-DEEP-HIGH", "PARTNER", "HIERARCHY"),
            (month(4), "P3-DEEP-HIGH", "EFFICIENT", "HIERARCHY"),
        ]

    def test_the_code_of_the_union_may_be_the_best(self) -> None:
        merged = Facts(potential="800", is_merged=True, part_profile="EFFICIENT")

        assert path([(month(1), SECOND), (month(2), merged), *months(3, 6, Facts())]) == [
            (month(1), "P2-DEEP-HIGH", "DEVELOP", "NEW"),
            (month(2), "P1-DEEP-HIGH", "PARTNER", "HIERARCHY"),
        ]

    def test_a_merger_that_changes_nothing_is_told_all_the_same(self) -> None:
        merged = Facts(is_merged=True, part_profile="EFFICIENT")

        assert path([(month(1), Facts()), (month(2), merged), *months(3, 6, Facts())]) == [
            START,
            (month(2), "P1-DEEP-HIGH", "PARTNER", "HIERARCHY"),
        ]

    def test_two_prospects_that_prove_to_be_one_stay_new_without_a_row(self) -> None:
        young = Facts(is_new=True)
        merged = Facts(is_new=True, is_merged=True, part_profile="NEW")

        assert len(path([(month(1), young), (month(2), merged)])) == 1

    def test_who_gives_records_away_keeps_its_profile_for_two_reviews(self) -> None:
        reduced = Facts(potential="100", is_moved=True)
        later = Facts(potential="100")

        assert path([(month(1), Facts()), (month(2), reduced), *months(3, 5, later)]) == [
            START,
            (month(2), "P3-DEEP-HIGH", "PARTNER", "HIERARCHY"),
            (month(4), "P3-DEEP-HIGH", "EFFICIENT", "HIERARCHY"),
        ]

    def test_a_move_that_changes_nothing_opens_nothing(self) -> None:
        assert path(
            [(month(1), Facts()), (month(2), Facts(is_moved=True)), (month(4), Facts())]
        ) == [START]

    def test_what_splits_off_keeps_the_profile_it_had_in_the_whole(self) -> None:
        split = Facts(potential="100", is_moved=True, part_profile="PARTNER")

        assert path([(month(2), split), *months(3, 5, Facts(potential="100"))]) == [
            (month(2), "P3-DEEP-HIGH", "PARTNER", "HIERARCHY"),
            (month(4), "P3-DEEP-HIGH", "EFFICIENT", "HIERARCHY"),
        ]

    def test_the_dwell_begins_anew_with_a_merger(self) -> None:
        merged = Facts(is_merged=True, part_profile="NEW")
        story = [(month(1), Facts()), (month(6), merged), *months(7, 14, SECOND)]

        assert path(story)[-1] == (month(12), "P2-DEEP-HIGH", "DEVELOP", "POTENTIAL_DOWN")

    def test_an_override_stands_before_what_a_merger_holds(self) -> None:
        small = Facts(potential="100", override="TRANSACTIONAL")
        merged = Facts(
            potential="100", override="TRANSACTIONAL", is_merged=True, part_profile="PARTNER"
        )

        assert path([(month(1), small), (month(2), merged)])[1] == (
            month(2), "P3-DEEP-HIGH", "TRANSACTIONAL", "HIERARCHY",
        )  # fmt: skip
