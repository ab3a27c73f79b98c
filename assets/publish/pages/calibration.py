"""Whether clients that were given a chance of falling silent did so about that often."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from assets.publish.pages.canvas import ACTUAL, FORECAST, MUTED, SQUARE, drawing, legend_above
from assets.publish.pages.evidence import NO_ORDER, Evidence, Pool, tenths
from assets.publish.pages.picture import Picture, Section
from assets.publish.pages.words import number, share

NAME = "calibration_no_order_90"
TITLE = "No order within 90 days: forecast and observed"
TICKS = (0.0, 0.01, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0)


def calibration(evidence: Evidence) -> Section:
    """P(no order in 90 days) by tenth of its forecast, against what was observed."""
    return Section(
        "calibration",
        "Do forecasts of silence come true as often as they say?",
        "Each point is a tenth of all forecasts: on the diagonal, as many clients stayed without an"
        " order as were expected; above it more did, below it fewer. Both axes are stretched at the"
        " low end, where most clients are.",
        [_picture(evidence)],
    )


def by_tenth(pairs: pd.DataFrame) -> pd.DataFrame:
    """n, mean forecast and observed share by tenth of the forecast; empty tenths are left out."""
    tenth = tenths(pairs["forecast"].to_numpy(dtype=np.float64))
    found = pairs.groupby(tenth).agg(
        n=("actual", "size"), forecast=("forecast", "mean"), observed=("actual", "mean")
    )
    return found.rename_axis("tenth").reset_index()


def _picture(evidence: Evidence) -> Picture:
    pool = evidence.pool(NO_ORDER)
    n_events = int(pool.pairs["actual"].sum())
    n_others = len(pool.pairs) - n_events
    settings = evidence.settings
    if pool.pairs.empty:
        return Picture(NAME, TITLE, "No decision date lies 90 days back yet: nothing to compare.")
    if n_events < settings.min_events or n_others < settings.min_non_events:
        few = (
            f"{n_events} forecasts ended without an order, {n_others} with one: too few to compare."
        )
        return Picture(NAME, TITLE, few)
    rows = _with_intervals(by_tenth(pool.pairs), evidence, pool)
    says = (
        f"Expected {share(pool.pairs['forecast'].mean())} without an order, observed"
        f" {share(pool.pairs['actual'].mean())}. {pool.in_words}"
    )
    return Picture(NAME, TITLE, says, _drawn(rows, evidence, pool), _table(rows))


def _with_intervals(rows: pd.DataFrame, evidence: Evidence, pool: Pool) -> pd.DataFrame:
    """Add the interval of the observed share, by clients drawn again, where the night has one."""
    judged = evidence.judged(pool, NO_ORDER)
    found = [judged.get(f"ltv|calibration_decile:{tenth + 1}") for tenth in rows["tenth"]]
    for side in ("lo", "hi"):
        excess = np.array([np.nan if row is None else getattr(row, side) for row in found], float)
        rows[side] = np.clip(rows["forecast"] + excess, 0.0, 1.0)
    return rows


def _drawn(rows: pd.DataFrame, evidence: Evidence, pool: Pool) -> str:
    is_known = pool.basis == "known"
    with drawing(NAME, TITLE, SQUARE) as drawn:
        axes = drawn.axes
        axes.plot([0.0, 1.0], [0.0, 1.0], color=MUTED, linewidth=1.0, gid="diagonal")
        bounded = rows[np.isfinite(rows["lo"]) & np.isfinite(rows["hi"])]
        low, high = evidence.settings.interval
        axes.vlines(
            bounded["forecast"], bounded["lo"], bounded["hi"], color=ACTUAL, gid="intervals",
            linewidth=1.2, label=f"{high - low:.0%} interval",
        )  # fmt: skip
        axes.plot(
            rows["forecast"], rows["observed"], "o", color=FORECAST, gid="tenths", markersize=6.0,
            markerfacecolor=FORECAST if is_known else "white", label=f"tenth ({pool.basis})",
        )  # fmt: skip
        _stretch(axes)
        axes.set_xlabel("forecast probability of no order")
        axes.set_ylabel("observed share without an order")
        legend_above(axes)
    return drawn.svg


def _stretch(axes: Axes) -> None:
    """Both axes from 0 to 1 by the square root."""

    def root(values: np.ndarray) -> np.ndarray:
        return np.asarray(np.sqrt(np.maximum(values, 0.0)))

    labels = [f"{tick:.0%}" for tick in TICKS]
    axes.set_xscale("function", functions=(root, np.square))
    axes.set_yscale("function", functions=(root, np.square))
    axes.set_xticks(TICKS, labels)
    axes.set_yticks(TICKS, labels)
    axes.set(xlim=(0.0, 1.0), ylim=(0.0, 1.0))


def _table(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "tenth": [str(tenth + 1) for tenth in rows["tenth"]],
            "forecasts": [number(n) for n in rows["n"]],
            "forecast": [share(value) for value in rows["forecast"]],
            "observed": [share(value) for value in rows["observed"]],
            "interval from": [share(value) for value in rows["lo"]],
            "to": [share(value) for value in rows["hi"]],
        }
    )
