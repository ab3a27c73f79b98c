"""The companies of an invented group and the rates they are told."""

import random
from datetime import date, timedelta
from decimal import Decimal

from tests.oracle.facts import Facts
from tests.oracle.invented_master import FIRST_DAY, LAST_DAY, POSTED_RATE


def companies_and_rates(facts: Facts, chance: random.Random) -> None:
    """Two base currencies besides the reporting one, quoted in one way and in the other."""
    facts.add("company", company_code="01", name="One", base_currency="BRL")
    facts.add("company", company_code="02", name="Two", base_currency="EUR")
    facts.add("company", company_code="04", name="Four", base_currency="CLP")
    day = FIRST_DAY - timedelta(days=40)
    while day <= LAST_DAY:
        for currency in ("EUR", "USD"):
            if _is_quoted(day, chance):
                rate = Decimal(POSTED_RATE[currency]) * chance.randint(9000, 11000) / 10000
                if (day.year, day.month) == (2024, 8):
                    _quote(facts, day, "BRL", currency, 1 / rate)
                else:
                    _quote(facts, day, currency, "BRL", rate)
        if day.month == 7 and day.weekday() == 2:
            _quote(facts, day, "BRL", "EUR", Decimal("0.171"))
        if _is_quoted(day, chance):
            _quote(facts, day, "BRL", "CLP", Decimal(chance.randint(150_000, 190_000)) / 1000)
        day += timedelta(days=1)
    facts.planted |= {"base_other_than_reporting", "inverse_pair", "days_without_rate"}
    facts.planted |= {"company_without_row", "month_without_rate", "quoted_both_ways"}


def _is_quoted(day: date, chance: random.Random) -> bool:
    """Weekdays, most of them; never 28 to 31 December nor the first three days of March 2026."""
    if day.month == 12 and day.day in (27, 28):
        return True
    if day in (date(2026, 2, 26), date(2026, 2, 27)):
        return True
    without = (day.month == 12 and day.day > 28) or date(2026, 2, 28) <= day <= date(2026, 3, 3)
    return not without and day.weekday() < 5 and chance.random() < 0.7


def _quote(facts: Facts, day: date, source: str, target: str, rate: Decimal) -> None:
    rate = rate.quantize(Decimal("0.000001"))
    facts.add("exchange_rate", rate_date=day, from_currency=source, to_currency=target, rate=rate)
