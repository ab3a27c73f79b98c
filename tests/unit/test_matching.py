"""How likely two records are one client: by names, and by what else agrees."""

import numpy as np
import pytest

from assets.scores.matching import match_score, name_similarity

NONE, SAME, OTHER = np.nan, 1.0, 0.0


def score(similarity: float, domain: float, city: float, root: float) -> float:
    parts = (np.array([part]) for part in (similarity, domain, city, root))
    return float(match_score(*parts)[0])


def test_the_order_of_words_does_not_matter_and_a_name_within_the_other_is_worth_nine_tenths() -> (
    None
):
    found = name_similarity(
        ["SAO JOAO ALIMENTOS", "ALFA", "ALFA", "SUPERMERCADOS ALFA"],
        ["ALIMENTOS SAO JOAO", "ALFA DISTRIBUIDORA", "ZETA", "SUPERMERCADO ALFA"],
    )
    assert found[0] == 1.0
    assert found[1] == 0.9
    assert found[2] < 0.8
    assert 0.95 < found[3] < 1.0


@pytest.mark.parametrize(
    ("parts", "odds"),
    [
        ((1.0, NONE, NONE, NONE), 3),
        ((0.95, NONE, SAME, NONE), 6),
        ((0.949, NONE, SAME, NONE), 3),
        ((0.9, SAME, OTHER, NONE), 6),
        ((0.80, NONE, NONE, OTHER), -7),
        ((0.79, SAME, SAME, SAME), 9),
    ],
)
def test_each_comparison_adds_its_log_odds(parts: tuple[float, ...], odds: int) -> None:
    """By hand: prior -6; names +9, +6, +3 or -5; domain +8/-3; city +3/-2; tax root +9/-4."""
    assert score(*parts) == pytest.approx(2.0**odds / (1 + 2.0**odds), abs=1e-12)


def test_an_equal_name_alone_is_a_suspect_and_another_tax_root_clears_it() -> None:
    assert score(1.0, NONE, NONE, NONE) >= 0.85
    assert score(1.0, NONE, NONE, OTHER) < 0.5
