"""Resamples of groups, and sums over pairs in each of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from zlib import crc32

import numpy as np
from scipy.sparse import csr_array

from assets.scores.proof.arrays import Floats, Integers

BLOCK = 4_000_000  # weights held at once: 32 MB


def resampled_weights(seed_text: str, n_groups: int, n_resamples: int) -> Iterator[Floats]:
    """How often each group was drawn, (n_groups, resamples) in blocks; the first column is all 1.

    That first column is no resample but the groups themselves.
    """
    generator = np.random.default_rng(crc32(seed_text.encode()))
    block = max(1, BLOCK // n_groups)
    for start in range(0, n_resamples, block):
        n_columns = min(block, n_resamples - start)
        drawn = generator.integers(n_groups, size=(n_groups, n_columns), dtype=np.int32)
        cells = drawn * np.int64(n_columns) + np.arange(n_columns)
        counts = np.bincount(cells.ravel(), minlength=n_groups * n_columns)
        weights = counts.reshape(n_groups, n_columns).astype(np.float64)
        if start == 0:
            weights = np.hstack([np.ones((n_groups, 1)), weights])
        yield weights


@dataclass(frozen=True, eq=False)
class ClassSums:
    """Sums over the pairs of each class: of 1, or of `amount` where given.

    `place` (n,) class of each pair, `group` (n,) its group.
    """

    place: Integers
    n_places: int
    group: Integers
    n_groups: int
    amount: Floats | None = None

    def plain(self) -> Floats:
        """Each pair once, (n_places, 1)."""
        return np.bincount(self.place, self.amount, self.n_places).astype(np.float64)[:, None]

    def resampled(self, weights: Floats) -> Floats:
        """Each pair as often as its group was drawn, (n_places, resamples)."""
        return np.asarray(self._matrix @ weights)

    def at(self, weights: Floats | None) -> Floats:
        """Plain sums without weights, else those of the resamples."""
        return self.plain() if weights is None else self.resampled(weights)

    @cached_property
    def _matrix(self) -> csr_array:
        amount = np.ones(len(self.place)) if self.amount is None else self.amount
        shape = (self.n_places, self.n_groups)
        return csr_array((amount, (self.place, self.group)), shape=shape)
