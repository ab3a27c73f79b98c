"""Past forecasts beside what came, as rows: what the pages draw and an analyst looks through."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from assets.scores.proof.forecasts import AmountForecast
from assets.scores.proof.pairs import Pairs


def pair_rows(pairs: Sequence[Pairs]) -> pd.DataFrame:
    """One row per outcome, horizon, decision date and group with a forecast and an outcome.

    `forecast` is the mean, or the probability of the event; `place` the randomised PIT of an
    amount, NaN of an event.
    """
    return pd.concat([_rows(one) for one in pairs], ignore_index=True)


def _rows(pairs: Pairs) -> pd.DataFrame:
    kept = np.flatnonzero(pairs.is_scored & np.isfinite(pairs.actual))
    is_amount = isinstance(pairs.score, AmountForecast)
    place = pairs.pit[kept] if is_amount else np.full(len(kept), np.nan)
    return pd.DataFrame(
        {
            "cutoff_date": pairs.cutoff_date[kept].astype("datetime64[s]"),
            "group_id": pd.Series(pairs.group_id[kept], dtype="str"),
            "fit_segment": pd.Series(pairs.fit_segment[kept], dtype="str"),
            "outcome": pairs.outcome,
            "horizon_days": pairs.horizon_days,
            "is_key_account": pairs.is_key[kept],
            "is_known": pairs.is_known[kept],
            "forecast": pairs.score.rank[kept],
            "actual": pairs.actual[kept],
            "place": place,
        }
    )
