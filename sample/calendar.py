"""Brazilian business days and month arithmetic on day numbers."""

from datetime import date, timedelta

import numpy as np

from sample.plan import day

FIXED = {
    (1, 1): "Confraternização Universal",
    (4, 21): "Tiradentes",
    (5, 1): "Dia do Trabalho",
    (9, 7): "Independência do Brasil",
    (10, 12): "Nossa Senhora Aparecida",
    (11, 2): "Finados",
    (11, 15): "Proclamação da República",
    (12, 25): "Natal",
}
FIRST_DAY, LAST_DAY = day(date(2005, 1, 1)), day(date(2035, 12, 31))


def easter(year: int) -> date:
    """Gregorian Easter Sunday (anonymous algorithm of Meeus, Jones and Butcher)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    h = (19 * a + b - d - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    month, rest = divmod(h + m - 7 * ((a + 11 * h + 22 * m) // 451) + 114, 31)
    return date(year, month, rest + 1)


def holidays(first_year: int, last_year: int) -> dict[date, str]:
    """National holidays by date, in order of date."""
    found: dict[date, str] = {}
    for year in range(first_year, last_year + 1):
        found |= {date(year, month, dom): name for (month, dom), name in FIXED.items()}
        found[easter(year) - timedelta(days=2)] = "Sexta-feira Santa"
        if year >= 2024:
            found[date(year, 11, 20)] = "Dia da Consciência Negra"
    return dict(sorted(found.items()))


def _next_business_table() -> np.ndarray:
    days = np.arange(FIRST_DAY, LAST_DAY + 1)
    is_off = (days + 3) % 7 >= 5  # day 0 of 1970 was a Thursday
    is_off[[day(d) - FIRST_DAY for d in holidays(2005, 2035)]] = True
    table = np.where(is_off, LAST_DAY, days)
    return np.minimum.accumulate(table[::-1])[::-1]


_NEXT = _next_business_table()


def next_business(days: np.ndarray | int) -> np.ndarray:
    """The same day where it is a business day, else the next one; days never to come stay."""
    days = np.asarray(days)
    return np.where(days < LAST_DAY, _NEXT[np.minimum(days, LAST_DAY) - FIRST_DAY], days)


def month_index(days: np.ndarray | int) -> np.ndarray:
    """Months since January 1970."""
    return np.asarray(days, dtype="datetime64[D]").astype("datetime64[M]").astype(np.int64)


def month_start(months: np.ndarray | int) -> np.ndarray:
    """First day of each month index."""
    return np.asarray(months, dtype="datetime64[M]").astype("datetime64[D]").astype(np.int64)


def month_text(month: int) -> str:
    """YYYY-MM of a month index."""
    return f"{1970 + int(month) // 12}-{int(month) % 12 + 1:02d}"
