"""Drawings as SVG text: the same figures give the same bytes, on every machine.

Text stays text, in a generic family: a reader can select it, and no font is shipped. It is set by
the measures of the one font that comes with matplotlib, which is wider than those that replace it.
"""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from typing import Any

import matplotlib.style
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, DateFormatter
from matplotlib.figure import Figure

INK, MUTED, GRID = "#24292f", "#6e7781", "#d8dee4"
FORECAST, ACTUAL, ODD = "#2f6fb5", "#d9822b", "#b42318"
STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "kam",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9.0,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": MUTED,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": GRID,
    "grid.linewidth": 0.6,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "hatch.linewidth": 0.6,
    "legend.frameon": False,
    "legend.fontsize": 8.0,
}
TITLE: dict[str, Any] = {"fontsize": 10.0, "fontweight": "bold"}
SHORT_DAYS = 120
WIDE, SQUARE = (6.6, 3.4), (4.8, 4.4)
NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))
LEAKING = re.compile(r"<defs>\s*<style.*?</style>\s*</defs>", re.S)
IDENTIFIERS = re.compile(r'(\bid="|href="#|url\(#)')


class Drawing:
    """Axes to draw on, and their SVG once the drawing is done."""

    def __init__(self, axes: Axes) -> None:
        self.axes = axes
        self.svg = ""


@contextmanager
def drawing(name: str, title: str, size: tuple[float, float] = WIDE) -> Iterator[Drawing]:
    """Axes under a title; `svg` holds the picture when the block has ended.

    Identifiers begin with `name`, so that several pictures can stand on one page.
    """
    with matplotlib.style.context(STYLE, after_reset=True):
        figure = Figure(figsize=size, layout="constrained")
        drawn = Drawing(figure.add_subplot())
        drawn.axes.set_title(title, loc="left", **TITLE)
        yield drawn
        text = io.StringIO()
        figure.savefig(text, format="svg", metadata=NO_METADATA)
        drawn.svg = _standing_alone(text.getvalue(), name, title)


def _standing_alone(text: str, name: str, title: str) -> str:
    """The svg element alone: no document type to fetch, no style that reaches beyond it."""
    element = LEAKING.sub("", text[text.index("<svg") :], count=1)
    element = IDENTIFIERS.sub(rf"\g<1>{name}-", element)
    named = (
        f'<svg role="img" aria-label="{escape(title)}" stroke-linejoin="round"'
        f' stroke-linecap="butt"'
    )
    return element.replace("<svg", named, 1).replace(">", f"><title>{escape(title)}</title>", 1)


def legend_above(axes: Axes, columns: int = 4) -> None:
    """The legend under the title, where no line can run through it."""
    handles, labels = axes.get_legend_handles_labels()
    if not handles:
        return
    axes.legend(
        handles, labels, ncols=columns, loc="lower left", bbox_to_anchor=(0.0, 0.99),
        borderaxespad=0.0,
    )  # fmt: skip
    rows = -(-len(handles) // columns)
    axes.set_title(axes.get_title(loc="left"), loc="left", pad=7.0 + 13.0 * rows, **TITLE)


def date_axis(axes: Axes, dates: pd.Series) -> None:
    """Few dates in digits (names of months are the machine's own), and room around a single one."""
    first, last = dates.min(), dates.max()
    is_short = last - first < pd.Timedelta(days=SHORT_DAYS)
    room = pd.Timedelta(days=SHORT_DAYS / 4) if is_short else (last - first) / 30
    axes.set_xlim(first - room, last + room)
    locator = AutoDateLocator(minticks=2, maxticks=8)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(DateFormatter("%Y-%m-%d" if is_short else "%Y-%m"))
