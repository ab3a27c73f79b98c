"""What to generate: sizes, nights and the seeded random streams."""

from dataclasses import dataclass
from datetime import date, timedelta
from zlib import crc32

import numpy as np

EPOCH = date(1970, 1, 1)
NEWEST = date(2026, 4, 2)
FAR = 99_999  # a day that never comes: an event that does not happen
MIN_GROUPS = 30  # the planted stories need this many


def day(value: date) -> int:
    """Days since 1970-01-01, the form in which every date is computed."""
    return (value - EPOCH).days


def as_date(number: int) -> date:
    return EPOCH + timedelta(days=int(number))


@dataclass(frozen=True)
class Plan:
    """The arguments of one sample company; equal plans give equal bytes."""

    groups: int = 400
    years: int = 5
    nights: int = 4
    scale: int = 1
    seed: int = 20260402

    def __post_init__(self) -> None:
        if self.groups < MIN_GROUPS:
            raise ValueError(
                f"--groups: expected at least {MIN_GROUPS} (the stories), found {self.groups}"
            )
        if not 1 <= self.nights <= 28 or self.years < 2 or self.scale < 1:
            raise ValueError("expected 1 <= nights <= 28, years >= 2 and scale >= 1")

    @property
    def start(self) -> int:
        """First day of the delivered history."""
        return day(date(NEWEST.year - self.years, NEWEST.month, 1))

    @property
    def end(self) -> int:
        return day(NEWEST)

    @property
    def extract_days(self) -> list[int]:
        return [self.end - i for i in reversed(range(self.nights))]

    @property
    def n_key(self) -> int:
        return max(6, self.groups // 10)

    def rng(self, label: str, replica: int = 0) -> np.random.Generator:
        """One independent stream per subject, so that a change in one leaves the others."""
        entropy = np.random.SeedSequence([self.seed, crc32(label.encode()), replica])
        return np.random.Generator(np.random.PCG64(entropy))
