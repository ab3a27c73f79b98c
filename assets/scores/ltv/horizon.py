"""Calendar months ahead of a night, in weeks, and what they are worth today."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from assets.scores.ltv.inputs import DAYS_PER_WEEK, Floats, Integers


def days_to_months(as_of: date, months: int) -> Integers:
    """Days from a date to the date 1, 2, ... `months` calendar months later.

    The day of the month is kept where the month has it, else the month's last day counts:
    31 January + 1 month is the last of February.
    """
    today = np.datetime64(as_of, "D")
    target = today.astype("datetime64[M]") + np.arange(1, months + 1)
    first = target.astype("datetime64[D]")
    last = (target + 1).astype("datetime64[D]") - 1
    landed = np.minimum(first + (as_of.day - 1), last)
    return np.asarray((landed - today).astype(np.int64))


def discount_factors(annual_rate: float, months: int) -> Floats:
    """Present value of 1 that comes in the middle of month 1, 2, ... `months`."""
    middle = np.arange(1, months + 1) - 0.5
    return np.asarray((1.0 + annual_rate) ** (-middle / 12.0))


@dataclass(frozen=True)
class Horizons:
    """Length of each horizon in weeks, plain and with every month's weeks discounted."""

    months: Integers
    weeks: Floats
    discounted_weeks: Floats

    @classmethod
    def of(cls, as_of: date, months: tuple[int, ...], annual_rate: float) -> "Horizons":
        """The horizons of a night."""
        longest = max(months)
        weeks_to = days_to_months(as_of, longest) / DAYS_PER_WEEK
        worth = np.cumsum(np.diff(weeks_to, prepend=0.0) * discount_factors(annual_rate, longest))
        chosen = np.asarray(months, dtype=np.int64)
        return cls(months=chosen, weeks=weeks_to[chosen - 1], discounted_weeks=worth[chosen - 1])
