"""What was forecast for a year, and what came, by size of the forecast."""

import numpy as np
import pandas as pd

from assets.publish.pages.canvas import ACTUAL, FORECAST, drawing, legend_above
from assets.publish.pages.evidence import ORDERS, REALISED, Evidence, Pool, tenths
from assets.publish.pages.picture import Picture, Section
from assets.publish.pages.words import NONE, RULES, Scale, number, share

BAR = 0.4
MOST = 10.0  # times its forecast: above it the ratio is that of two trifles
TOO_EARLY = "No decision date lies 12 months back yet: nothing to compare."


def totals(evidence: Evidence) -> Section:
    """Orders and money of the next 12 months by tenth of their forecast."""
    currency = evidence.currency
    return Section(
        "totals",
        "Did the orders and the money come that were forecast?",
        "Clients are sorted by forecast, the smallest at the left; each pair of bars sums a tenth"
        " of them, on the average decision date, and the figure above it is what came in percent of"
        " the forecast: 100% is exact.",
        [
            _picture(evidence, ORDERS, "orders_by_tenth", "Order days within 12 months", "orders"),
            _picture(
                evidence, REALISED, "money_by_tenth", f"Contribution within 12 months, {currency}",
                currency,
            ),
        ],
    )  # fmt: skip


def by_tenth(pairs: pd.DataFrame) -> pd.DataFrame:
    """n, forecast and actual by tenth of the forecast: totals of a decision date, on average."""
    n_dates = pairs["cutoff_date"].nunique()
    tenth = tenths(pairs["forecast"].to_numpy(dtype=np.float64))
    found = pairs.groupby(tenth)[["forecast", "actual"]].sum() / n_dates
    found.insert(0, "n", pairs.groupby(tenth).size())
    return found.rename_axis("tenth").reset_index()


def _picture(evidence: Evidence, outcome: str, name: str, title: str, unit: str) -> Picture:
    pool = evidence.pool(outcome)
    if pool.pairs.empty:
        return Picture(name, title, _why_none(evidence, outcome))
    n_groups = pool.pairs["client"].nunique()
    if n_groups < evidence.settings.min_groups:
        return Picture(name, title, f"{n_groups} clients are too few to compare.")
    rows = by_tenth(pool.pairs)
    forecast, actual = rows["forecast"].sum(), rows["actual"].sum()
    scale = Scale.of(float(rows[["forecast", "actual"]].abs().to_numpy().max()), unit)
    says = (
        f"On average {scale.text(forecast)} were forecast for a year and {scale.text(actual)} came"
        f" ({_percent(actual, forecast)}). {_against_rules(evidence, pool, outcome)}{pool.in_words}"
    )
    return Picture(name, title, says, _drawn(rows, name, title, scale), _table(rows, scale))


def _why_none(evidence: Evidence, outcome: str) -> str:
    """Money may be missing although a year has passed: no costs, or no rate."""
    if outcome == REALISED and not evidence.pairs[ORDERS].empty:
        return "No contribution is known (no costs are supplied): there is no money to compare."
    return TOO_EARLY


def _against_rules(evidence: Evidence, pool: Pool, outcome: str) -> str:
    """How far forecasts were off client by client, beside the best naive rule."""
    judged = evidence.judged(pool, outcome)
    wape = {
        key.removesuffix("|wape"): float(row.value)
        for key, row in judged.items()
        if key.endswith("|wape") and pd.notna(row.value)
    }
    own = wape.pop("ltv", None)
    if own is None or not wape:
        return ""
    best = min(sorted(wape), key=lambda rule: wape[rule])
    return (
        f"Client by client the forecast was off by {share(own)} of what came; the best naive rule"
        f" ({RULES.get(best.removeprefix('baseline:'), best)}) by {share(wape[best])}. "
    )


def _drawn(rows: pd.DataFrame, name: str, title: str, scale: Scale) -> str:
    place = rows["tenth"].to_numpy() + 1.0
    forecast, actual = (rows[part].to_numpy() / scale.factor for part in ("forecast", "actual"))
    with drawing(name, title) as drawn:
        axes = drawn.axes
        axes.bar(place - BAR / 2, forecast, BAR, color=FORECAST, label="forecast")
        axes.bar(place + BAR / 2, actual, BAR, color=ACTUAL, label="came")
        tops = np.maximum(np.maximum(forecast, actual), 0.0)
        for at, top, was, came in zip(place, tops, forecast, actual, strict=True):
            axes.annotate(
                _percent(came, was), (at, top), (0.0, 3.0), textcoords="offset points",
                ha="center", fontsize=8.0,
            )  # fmt: skip
        axes.set_xticks(range(1, 11))
        axes.grid(visible=False, axis="x")
        axes.margins(y=0.12)
        axes.set_xlabel("tenth of clients by forecast")
        axes.set_ylabel(scale.unit)
        legend_above(axes)
    return drawn.svg


def _percent(actual: float, forecast: float) -> str:
    """What came in percent of a forecast, as far as that says anything."""
    if forecast <= 0.0:
        return NONE
    ratio = actual / forecast
    return f"{ratio:.0%}" if ratio < MOST else f"over {MOST:.0%}"


def _table(rows: pd.DataFrame, scale: Scale) -> pd.DataFrame:
    whole = rows[["n", "forecast", "actual"]].sum()
    every = pd.concat([rows, whole.to_frame().T], ignore_index=True)
    decimals = 1 if scale.factor == 1.0 else 0
    return pd.DataFrame(
        {
            "tenth": [*(str(tenth + 1) for tenth in rows["tenth"]), "all"],
            "forecasts": [number(n) for n in every["n"]],
            "forecast": [number(value, decimals) for value in every["forecast"]],
            "came": [number(value, decimals) for value in every["actual"]],
            "came / forecast": [
                _percent(came, was)
                for came, was in zip(every["actual"], every["forecast"], strict=True)
            ],
        }
    )
