"""The parts of a line that takes back, and how its money is shared among them."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from tests.oracle.facts import Row
from tests.oracle.money import cents


@dataclass
class Part:
    """A part of a line that takes back: from which line, how many pieces, how much money."""

    origin: Row | None
    quantity: Fraction
    money: Decimal | None


def reverse(parts: list[Part], money: Decimal | None) -> list[Part]:
    """Money in the proportion in which it was taken; the last part takes the cent."""
    taken = [Fraction(part.money or 0) for part in parts]
    total, left = sum(taken, Fraction(0)), money
    for part, weight in zip(parts, taken, strict=True):
        part.money = (
            left if part is parts[-1] or money is None else cents(Fraction(money) * weight / total)
        )
        left = None if left is None or part.money is None else left - part.money
    return parts


def split(parts: list[Part], money: Decimal | None, quantity: Fraction) -> list[Part]:
    """Money pro rata to pieces; the last part takes the cent."""
    if money is None:
        return parts
    left = money
    for part in parts[:-1]:
        part.money = cents(Fraction(money) * part.quantity / quantity) if quantity else Decimal(0)
        left -= part.money
    parts[-1].money = left
    return parts
