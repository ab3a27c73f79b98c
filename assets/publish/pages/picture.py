"""What stands on a page: pictures with their figures, or the reason why there is none."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Picture:
    """One drawing. `name` is that of its file, `says` what it shows in figures, `table` the figures
    behind it as text; without `svg` the page prints `says` in its place.
    """

    name: str
    title: str
    says: str
    svg: str | None = None
    table: pd.DataFrame | None = None


@dataclass(frozen=True)
class Section:
    """Pictures that answer one question; `reading` tells how to read each of them."""

    name: str
    question: str
    reading: str
    pictures: Sequence[Picture]
