"""The CDNOW sample of 2,357 customers in the forms in which its results were published."""

from pathlib import Path

import numpy as np
import pandas as pd

from assets.scores.ltv.mbg_cnbd import Purchases

CALIBRATED = pd.Timestamp("1997-09-30")
WEEKS = 39


def summary(folder: Path) -> Purchases:
    """The published calibration summary; times rounded to .01 weeks, gaps not known."""
    rows = pd.read_csv(folder / "cdnow_customers_summary.csv")
    return Purchases(
        rows["frequency"].to_numpy(),
        rows["recency"].to_numpy(dtype=np.float64),
        rows["T"].to_numpy(dtype=np.float64),
        np.zeros(len(rows)),
    )


def order_days(folder: Path) -> pd.DataFrame:
    """Every customer and day with a purchase, in order: sample_id, date."""
    log = pd.read_csv(folder / "cdnow_sample_elog.csv", parse_dates=["date"])
    days = log.drop_duplicates(["sample_id", "date"])
    return days.sort_values(["sample_id", "date"], ignore_index=True)[["sample_id", "date"]]
