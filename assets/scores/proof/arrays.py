"""The arrays that the proof is computed on."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Bools = NDArray[np.bool_]
Dates = NDArray[np.datetime64]
Texts = NDArray[np.object_]


def codes(values: NDArray[Any]) -> Integers:
    """Place of each value among the sorted distinct values."""
    return np.asarray(np.unique(values, return_inverse=True)[1].reshape(-1))
