"""Whether the intervals hold as many outcomes as they promise, date by date."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from assets.publish.pages.canvas import FORECAST, MUTED, ODD, date_axis, drawing, legend_above
from assets.publish.pages.evidence import ORDERS, REALISED, Evidence
from assets.publish.pages.picture import Picture, Section
from assets.publish.pages.totals import TOO_EARLY
from assets.publish.pages.words import day, number, share

PROMISED = 0.80
LOW, HIGH = 0.10, 0.90  # places of the outcome in its forecast that the interval holds
PALE = "#eaeef2"
BAND = 3.0  # standard errors of independent clients


def coverage(evidence: Evidence) -> Section:
    """Share of outcomes within the 80% interval over decision dates."""
    return Section(
        "coverage",
        "Are the intervals as wide as they should be?",
        "Eight outcomes in ten should fall between p10 and p90: under the line the intervals were"
        " too narrow, above it too wide; within the grey band the difference is no more than chance"
        " would do to independent clients, and diamonds lie outside it.",
        [
            _picture(evidence, ORDERS, "coverage_orders", "Order days within 12 months: coverage"),
            _picture(
                evidence, REALISED, "coverage_money", "Contribution within 12 months: coverage"
            ),
        ],
    )


def by_date(pairs: pd.DataFrame, fewest: int) -> pd.DataFrame:
    """n, covered share and the band around the promise by decision date and basis.

    Dates with fewer than `fewest` clients are left out.
    """
    inside = pairs["place"].between(LOW, HIGH).where(pairs["place"].notna())
    found = (
        pairs.assign(covered=inside.astype("float64"))
        .groupby(["cutoff_date", "is_known"])["covered"]
        .agg(n="count", covered="mean")
        .reset_index()
    )
    found = found[found["n"] >= fewest].reset_index(drop=True)
    spread = BAND * np.sqrt(PROMISED * (1.0 - PROMISED) / found["n"])
    found["low"], found["high"] = PROMISED - spread, np.minimum(PROMISED + spread, 1.0)
    found["is_odd"] = ~found["covered"].between(found["low"], found["high"])
    return found


def _picture(evidence: Evidence, outcome: str, name: str, title: str) -> Picture:
    past = evidence.pairs[outcome]
    fewest = evidence.settings.min_groups
    if past.empty:
        is_money = outcome == REALISED and not evidence.pairs[ORDERS].empty
        no_money = "No contribution is known (no costs are supplied): there is no money to compare."
        return Picture(name, title, no_money if is_money else TOO_EARLY)
    rows = by_date(past, fewest)
    if rows.empty:
        return Picture(name, title, f"No decision date has {fewest} clients: too few to compare.")
    whole = np.average(rows["covered"], weights=rows["n"])
    says = (
        f"{share(whole)} of {number(rows['n'].sum())} outcomes lay within their 80% interval;"
        f" {int(rows['is_odd'].sum())} of {len(rows)} dates lie outside the band."
    )
    return Picture(name, title, says, _drawn(rows, name, title), _table(rows))


def _drawn(rows: pd.DataFrame, name: str, title: str) -> str:
    with drawing(name, title) as drawn:
        axes = drawn.axes
        axes.fill_between(
            rows["cutoff_date"], rows["low"], rows["high"], color=PALE, gid="band",
            linewidth=4.0 if len(rows) == 1 else 0.0, label=f"±{BAND:.0f} standard errors",
        )  # fmt: skip
        axes.axhline(PROMISED, color=MUTED, linewidth=1.2, label="80% promised", gid="promise")
        _points(axes, rows)
        axes.set_ylim(min(0.6, float(rows["covered"].min()) - 0.05), 1.0)
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
        axes.set_xlabel("decision date")
        axes.set_ylabel("outcomes within p10 to p90")
        date_axis(axes, rows["cutoff_date"])
        legend_above(axes)
    return drawn.svg


def _points(axes: Axes, rows: pd.DataFrame) -> None:
    for (is_known, is_odd), of_kind in rows.groupby(["is_known", "is_odd"]):
        colour = ODD if is_odd else FORECAST
        label = f"{'known' if is_known else 'reconstructed'}{', odd' if is_odd else ''}"
        axes.plot(
            of_kind["cutoff_date"], of_kind["covered"], "D" if is_odd else "o", color=colour,
            markerfacecolor=colour if is_known else "white", markersize=5.0, label=label,
            gid=label.replace(", ", "-"),
        )  # fmt: skip


def _table(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "decision date": [day(date) for date in rows["cutoff_date"]],
            "basis": ["known" if known else "reconstructed" for known in rows["is_known"]],
            "clients": [number(n) for n in rows["n"]],
            "within p10 to p90": [share(value) for value in rows["covered"]],
            "band from": [share(value) for value in rows["low"]],
            "to": [share(value) for value in rows["high"]],
        }
    )
