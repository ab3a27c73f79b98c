"""Calendar months ahead of and behind a day, and what they are worth today."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from assets.scores.ltv.inputs import Floats, Integers
from assets.scores.proof.windows import add_months, count_independent

EPOCH = date(1970, 1, 1)


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def as_date(number: int) -> date:
    """The date of a day number."""
    return EPOCH + timedelta(days=int(number))


def days_to_months(as_of: date, months: int) -> Integers:
    """Days from a date to the date 1, 2, ... `months` calendar months later.

    The day of the month is kept where the month has it, else the month's last day counts:
    31 January + 1 month is the last of February.
    """
    today = day_number(as_of)
    return months_after(np.array([today]), months)[0] - today


def months_after(days: Integers, months: int) -> Integers:
    """The days 1, 2, ... `months` calendar months after each of n days, (n, months)."""
    return _shifted(days[:, None], np.arange(1, months + 1))


def months_away(day: int, months: int) -> int:
    """The day so many calendar months after a day, before it where negative."""
    return int(_shifted(np.array([day]), np.array([months]))[0])


def month_end_away(day: int, months: int) -> int:
    """The last day of the month so many months after that of a day."""
    month = np.datetime64(day, "D").astype("datetime64[M]") + months + 1
    return int(month.astype("datetime64[D]").astype(np.int64)) - 1


def _shifted(days: Integers, months: Integers) -> Integers:
    return add_months(days.astype("datetime64[D]"), months).astype(np.int64)


def discount_factors(annual_rate: float, months: int) -> Floats:
    """Present value of 1 that comes in the middle of month 1, 2, ... `months`."""
    middle = np.arange(1, months + 1) - 0.5
    return np.asarray((1.0 + annual_rate) ** (-middle / 12.0))


def count_apart(days: Sequence[int], months: int) -> int:
    """The most of these days, sorted, whose horizons do not overlap."""
    ends = [months_away(day, months) for day in days]
    starts_ends = np.array([days, ends], dtype="datetime64[D]").reshape(2, -1)
    return count_independent(*starts_ends)
