"""Figures in words."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

RULES = {
    "last_12m": "the last 12 months again",
    "seasonal_naive": "the same dates one year before",
    "hiatus": "the hiatus rule",
    "gap_rule": "the gap rule",
}
NONE = "–"


@dataclass(frozen=True)
class Scale:
    """Units in which amounts of a size are easy to read."""

    factor: float
    unit: str

    @classmethod
    def of(cls, largest: float, unit: str) -> "Scale":
        """The scale for amounts of up to `largest` in a unit."""
        for factor, word in ((1e9, "billion "), (1e6, "million "), (1e3, "thousand ")):
            if largest >= 2.0 * factor:
                return cls(factor, f"{word}{unit}")
        return cls(1.0, unit)

    def text(self, amount: float) -> str:
        """An amount with its unit."""
        return f"{amount / self.factor:,.1f} {self.unit}"


def share(value: float) -> str:
    """A share to a tenth of a percent."""
    return NONE if not np.isfinite(value) else f"{value:.1%}"


def number(value: float, decimals: int = 0) -> str:
    """A number with thousands set apart."""
    return NONE if not np.isfinite(value) else f"{value:,.{decimals}f}"


def signed(value: float) -> str:
    """A number with its sign, to three decimals."""
    return NONE if not np.isfinite(value) else f"{value:+.3f}"


def day(value: pd.Timestamp) -> str:
    """A date."""
    return f"{value:%Y-%m-%d}"


def verdict(value: object) -> str:
    """A verdict of score_backtest."""
    return value.replace("_", " ").lower() if isinstance(value, str) else NONE
