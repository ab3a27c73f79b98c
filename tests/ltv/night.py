"""The tables of a small company's nights, as they are served."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from assets.scores.ltv.facts import Facts
from assets.scores.ltv.inputs import Floats
from assets.scores.ltv.tables import LtvTables, score_company
from tests.ltv.client import stamp, text
from tests.proof_pairs import SETTINGS as PROOF

STORED = (
    "as_of_date", "group_id", "outcome", "horizon_months", "mean", "percentiles",
    "last_received_at", "known_at", "config_version", "is_reconstructed",
)  # fmt: skip


def tables(facts: Facts, stored: pd.DataFrame | None = None, version: str = "v1") -> LtvTables:
    """Every table of the nights of these facts."""
    nights = [int(day) for day in facts.days[facts.is_night]]
    is_month_end = {day: text(day + 1).endswith("-01") for day in nights}
    rows = pd.DataFrame(columns=list(STORED)) if stored is None else stored
    return score_company(facts, is_month_end, rows, PROOF, version)


def accounts(facts: Facts) -> Any:
    """The rows of account_ltv by (group_id, horizon_months)."""
    return tables(facts).accounts.set_index(["group_id", "horizon_months"])


def stored(
    night: str,
    groups: Sequence[str],
    outcome: str,
    months: int,
    mean: Sequence[float],
    *,
    received: str | None = None,
    version: str = "v0",
) -> pd.DataFrame:
    """Forecasts kept on a night, percentiles around the mean; `received` the newest delivery."""
    spread: Floats = np.asarray(mean, dtype=float)[:, None] * np.linspace(0.5, 1.5, 99)
    return pd.DataFrame({
        "as_of_date": stamp(night),
        "group_id": list(groups),
        "outcome": outcome,
        "horizon_months": months,
        "mean": np.asarray(mean, dtype=float),
        "percentiles": list(spread),
        "last_received_at": pd.Timestamp(received or night),
        "known_at": pd.Timestamp(night),
        "config_version": version,
        "is_reconstructed": False,
    })  # fmt: skip
