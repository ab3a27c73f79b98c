"""Equal columns are brought together, and each column finds its own again."""

import numpy as np
import pytest

from assets.scores.ltv.distinct import distinct


@pytest.mark.parametrize("n", [0, 1, 5, 4_000])
def test_each_column_finds_itself_among_the_distinct_ones(n: int) -> None:
    rows = np.random.default_rng(n).integers(0, 6, (3, n)) / 7.0
    columns, place = distinct(rows)

    assert np.array_equal(columns[:, place], rows)
    assert columns.shape[1] == len({tuple(column) for column in rows.T})


def test_the_order_of_the_columns_does_not_change_what_is_found() -> None:
    rows = np.random.default_rng(2).integers(0, 6, (3, 500)) / 7.0

    assert np.array_equal(distinct(rows)[0], distinct(rows[:, ::-1])[0])
