"""What the portfolio was expected to be worth, night after night."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from assets.publish.pages.canvas import FORECAST, date_axis, drawing, legend_above
from assets.publish.pages.evidence import Evidence
from assets.publish.pages.picture import Picture, Section
from assets.publish.pages.words import NONE, Scale, day, number

SCOPES = {"company": "All clients", "key": "Key accounts"}
HORIZONS = (36, 12)
MOST_MARKED = 60  # nights whose points can still be told apart
LISTED = 13  # rows of the table: the newest night of each month


def portfolio(evidence: Evidence) -> Section:
    """Mean lifetime value of the company and of its key accounts over nights, with its band."""
    return Section(
        "portfolio",
        "What is the portfolio worth, and is it growing?",
        "The line is the contribution expected from each night on, discounted to it; the filled"
        " band (p10 to p90) is widened by how far past totals missed, the hatched one is as the"
        " model has it, too narrow, drawn where too few past totals have matured to prove more.",
        [_picture(evidence, scope, months) for months in HORIZONS for scope in SCOPES],
    )


def over_nights(frame: pd.DataFrame, scope: str, months: int) -> pd.DataFrame:
    """The nights of a scope and horizon that have a mean, with the band that holds for each."""
    is_own = (frame["scope"] == scope) & (frame["horizon_months"] == months)
    rows = frame[is_own & frame["ltv_mean_rc"].notna()].sort_values("as_of_date")
    is_raw = rows["is_beyond_proof"].astype(bool)
    return pd.DataFrame(
        {
            "as_of_date": pd.to_datetime(rows["as_of_date"]),
            "n_groups": rows["n_groups"].astype("int64"),
            "mean": rows["ltv_mean_rc"].astype("float64"),
            "low": rows["raw_p10_rc"].where(is_raw, rows["ltv_p10_rc"]).astype("float64"),
            "high": rows["raw_p90_rc"].where(is_raw, rows["ltv_p90_rc"]).astype("float64"),
            "is_raw": is_raw,
            "is_reconstructed": rows["is_reconstructed"].astype(bool),
        }
    ).reset_index(drop=True)


def _picture(evidence: Evidence, scope: str, months: int) -> Picture:
    name = f"portfolio_{scope}_{months}"
    title = f"{SCOPES[scope]}, next {months} months, {evidence.currency}"
    rows = over_nights(evidence.portfolio, scope, months)
    if rows.empty:
        is_there = (evidence.portfolio["scope"] == scope).any()
        why = "no contribution is known (no costs are supplied)" if is_there else "no such client"
        return Picture(name, title, f"No lifetime value: {why}.")
    scale = Scale.of(float(rows[["mean", "low", "high"]].abs().max().max()), evidence.currency)
    last = rows.iloc[-1]
    kind = "raw, beyond proof" if last["is_raw"] else "with the error of past totals"
    says = (
        f"On {day(last['as_of_date'])}, {last['n_groups']:,} clients are worth"
        f" {scale.text(last['mean'])}, p10 to p90 {_figure(last['low'], scale)} to"
        f" {_figure(last['high'], scale)} ({kind})."
    )
    return Picture(name, title, says, _drawn(rows, name, title, scale), _table(rows))


def _drawn(rows: pd.DataFrame, name: str, title: str, scale: Scale) -> str:
    scaled = rows.assign(**{part: rows[part] / scale.factor for part in ("mean", "low", "high")})
    with drawing(name, title) as drawn:
        axes = drawn.axes
        _bands(axes, scaled)
        axes.plot(scaled["as_of_date"], scaled["mean"], color=FORECAST, linewidth=1.4, gid="mean")
        if len(scaled) <= MOST_MARKED:
            _points(axes, scaled)
        lowest = float(np.nanmin(scaled[["mean", "low"]].to_numpy()))
        axes.set_ylim(bottom=min(0.0, lowest * 1.05))
        axes.set_xlabel("night")
        axes.set_ylabel(scale.unit)
        date_axis(axes, scaled["as_of_date"])
        legend_above(axes)
    return drawn.svg


def _bands(axes: Axes, rows: pd.DataFrame) -> None:
    """One band of each kind, and a bar at the newest night, which a band shows of no single one."""
    looks: dict[bool, dict[str, Any]] = {
        False: {"facecolor": "#bcd3ee", "label": "p10 to p90"},
        True: {
            "facecolor": "none", "edgecolor": "#9db4cf", "hatch": "////",
            "label": "p10 to p90, beyond proof",
        },
    }  # fmt: skip
    for is_raw, look in looks.items():
        is_own = rows["is_raw"] == is_raw
        if is_own.any():
            axes.fill_between(
                rows["as_of_date"], rows["low"], rows["high"], where=is_own, linewidth=0.0,
                gid="raw-band" if is_raw else "band", **look,
            )  # fmt: skip
    last = rows.iloc[-1:]
    axes.vlines(last["as_of_date"], last["low"], last["high"], color=FORECAST, linewidth=1.4)


def _points(axes: Axes, rows: pd.DataFrame) -> None:
    for is_refit, label in ((False, "night"), (True, "reconstructed night")):
        of_kind = rows[rows["is_reconstructed"] == is_refit]
        if len(of_kind):
            axes.plot(
                of_kind["as_of_date"], of_kind["mean"], "o", color=FORECAST, markersize=4.0,
                markerfacecolor="white" if is_refit else FORECAST, label=label,
                gid=label.replace(" ", "-"),
            )  # fmt: skip


def _figure(amount: float, scale: Scale) -> str:
    return NONE if not np.isfinite(amount) else f"{amount / scale.factor:,.1f}"


def _table(rows: pd.DataFrame) -> pd.DataFrame:
    newest = rows.groupby(rows["as_of_date"].dt.to_period("M")).tail(1).tail(LISTED)
    return pd.DataFrame(
        {
            "night": [day(date) for date in newest["as_of_date"]],
            "clients": [number(n) for n in newest["n_groups"]],
            "mean": [number(value) for value in newest["mean"]],
            "p10": [number(value) for value in newest["low"]],
            "p90": [number(value) for value in newest["high"]],
            "band": ["raw, beyond proof" if raw else "proven" for raw in newest["is_raw"]],
        }
    )
