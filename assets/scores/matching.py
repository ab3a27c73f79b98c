"""How likely two client records are one client: names by rapidfuzz, evidence added as log odds.

The sum follows Fellegi and Sunter, "A theory for record linkage", JASA 64 (1969): each comparison
adds the logarithm (base 2) of how much more often it comes out so between records of one client
than between records of two. The weights are declared, not estimated, so a score means the same
every night and in every company.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

Floats = NDArray[np.float64]

PRIOR = -6.0  # two records of one block are one client about once in 64
NAME_LEVELS = ((0.95, 9.0), (0.88, 6.0), (0.80, 3.0), (0.0, -5.0))
DOMAIN = (8.0, -3.0)  # the same, another
CITY = (3.0, -2.0)
TAX_ROOT = (9.0, -4.0)
SUBSET = 0.9  # what a name that lies wholly within the other is worth


def name_similarity(left: Sequence[str], right: Sequence[str]) -> Floats:
    """Similarity of cleaned names, pair by pair, 0 to 1; neither order nor extra words matter much.

    Shapes: two sequences of n names; n figures. Source: rapidfuzz, token sort and token set ratio.
    """
    sort = process.cpdist(left, right, scorer=fuzz.token_sort_ratio, dtype=np.float64)
    subset = process.cpdist(left, right, scorer=fuzz.token_set_ratio, dtype=np.float64)
    return np.maximum(sort, SUBSET * subset) / 100.0


def match_score(
    similarity: Floats, same_domain: Floats, same_city: Floats, same_root: Floats
) -> Floats:
    """Probability that two records are one client, 0 to 1, from declared log odds.

    Shapes: four arrays of n; the last three hold 1 for the same, 0 for another, NaN where one
    side has none, which counts neither way.
    """
    odds = np.full_like(similarity, PRIOR)
    levels = [similarity >= least for least, _ in NAME_LEVELS]
    odds += np.select(levels, [weight for _, weight in NAME_LEVELS])
    for agrees, (same, other) in ((same_domain, DOMAIN), (same_city, CITY), (same_root, TAX_ROOT)):
        odds += np.where(np.isnan(agrees), 0.0, np.where(agrees > 0, same, other))
    return 1.0 / (1.0 + np.exp2(-odds))
