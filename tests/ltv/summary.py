"""What the models see of an event log: repeats, first to last, first to cut-off, and the gaps."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Summary:
    """Per client: repeats x, first to last t_x and first to cut-off T in weeks, sum of log gaps."""

    client: Integers
    x: Integers
    t_x: Floats
    T: Floats
    log_gaps: Floats


def summarise(log: pd.DataFrame, cutoff: int, passed: Floats | None = None) -> Summary:
    """The summary of an event log (client, day) at the end of day `cutoff`.

    `passed` is the business time at the end of each day, in days; without it calendar time counts.
    """
    seen = log[log["day"] <= cutoff].sort_values(["client", "day"])
    weeks = (np.arange(cutoff + 1) if passed is None else passed) / 7.0
    at = weeks[seen["day"].to_numpy()]
    client, first, count = np.unique(seen["client"], return_index=True, return_counts=True)
    is_repeat = np.ones(len(at), dtype=bool)
    is_repeat[first] = False
    log_gap = np.zeros(len(at))
    log_gap[is_repeat] = np.log(np.diff(at)[is_repeat[1:]])
    return Summary(
        client=client,
        x=count - 1,
        t_x=at[first + count - 1] - at[first],
        T=weeks[cutoff] - at[first],
        log_gaps=np.add.reduceat(log_gap, first),
    )
