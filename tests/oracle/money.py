"""Cents and rates: an amount is rounded once, half away from zero."""

from calendar import monthrange
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from tests.oracle.facts import Facts

REPORTING = "BRL"
MAX_AGE = timedelta(days=5)
Number = Decimal | Fraction | int


def cents(amount: Number) -> Decimal:
    """The amount in whole cents."""
    exact = Fraction(amount) * 100
    whole = (2 * abs(exact.numerator) + exact.denominator) // (2 * exact.denominator)
    return Decimal(whole if exact >= 0 else -whole) / 100


def month_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def month_end(day: date) -> date:
    """The last day of its month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def months_before(day: date, number: int) -> date:
    """The first day of a month that many months earlier."""
    index = day.year * 12 + day.month - 1 - number
    return date(index // 12, index % 12 + 1, 1)


class Rates:
    """Rates into the reporting currency as known on a day."""

    def __init__(self, facts: Facts, as_of: date) -> None:
        self.as_of = as_of
        self.direct: dict[str, dict[date, Fraction]] = defaultdict(dict)
        self.inverse: dict[str, dict[date, Fraction]] = defaultdict(dict)
        for row in facts.get("exchange_rate"):
            if row["to_currency"] == REPORTING:
                self.direct[row["from_currency"]][row["rate_date"]] = Fraction(row["rate"])
            else:
                self.inverse[row["to_currency"]][row["rate_date"]] = Fraction(row["rate"])

    def month(self, currency: str, month: date) -> Fraction | None:
        """The mean of the month's rates, else the last one shortly before its end."""
        if currency == REPORTING:
            return Fraction(1)
        for quoted, is_inverse in ((self.direct, False), (self.inverse, True)):
            rates = [rate for day, rate in quoted[currency].items() if month_of(day) == month]
            if rates:
                mean = sum(rates, Fraction(0)) / len(rates)
                return 1 / mean if is_inverse else mean
        return self.on(currency, min(month_end(month), self.as_of))

    def on(self, currency: str, day: date) -> Fraction | None:
        """The last rate of a day or shortly before."""
        if currency == REPORTING:
            return Fraction(1)
        for quoted, is_inverse in ((self.direct, False), (self.inverse, True)):
            known = [d for d in quoted[currency] if day - MAX_AGE <= d <= day]
            if known:
                rate = quoted[currency][max(known)]
                return 1 / rate if is_inverse else rate
        return None

    def constant(self, currency: str) -> Fraction | None:
        """The rate of the last day of the year before."""
        return self.on(currency, date(self.as_of.year - 1, 12, 31))


def times(amount: Number, rate: Fraction | None) -> Decimal | None:
    """An amount at a rate; nobody knows it without one."""
    return None if rate is None else cents(Fraction(amount) * rate)
