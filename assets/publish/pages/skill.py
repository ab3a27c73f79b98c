"""Whether the forecast beats the best rule that needs no model, night after night."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from assets.publish.pages.canvas import ACTUAL, FORECAST, INK, date_axis, drawing, legend_above
from assets.publish.pages.evidence import HORIZON_DAYS, NO_ORDER, ORDERS, REALISED, YEAR, Evidence
from assets.publish.pages.picture import Picture, Section
from assets.publish.pages.words import RULES, day, number, signed, verdict

MEASURE = "skill_vs:"
POPULATIONS = {"all": ("all clients", FORECAST), "key": ("key accounts", ACTUAL)}
LISTED = 6  # nights in the table, for each population and basis
DRAWN = (
    (ORDERS, "skill_orders", "Order days within 12 months: skill"),
    (REALISED, "skill_money", "Contribution within 12 months: skill"),
    (NO_ORDER, "skill_no_order_90", "No order within 90 days: skill"),
)


def skill(evidence: Evidence) -> Section:
    """Skill against the best naive rule over nights, with its interval."""
    return Section(
        "skill",
        "Is the model better than a rule of thumb?",
        "Above zero the forecast was better than the best of the rules that need no model, below it"
        " was worse; while the shaded interval holds zero, neither is proven.",
        [_picture(evidence, *asked) for asked in DRAWN],
    )


def over_nights(backtest: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """The least skill of each night, population and basis: that against the best rule."""
    is_own = (
        (backtest["score_id"] == "ltv")
        & (backtest["outcome"] == outcome)
        & (backtest["horizon_days"] == HORIZON_DAYS[outcome])
        & backtest["population"].isin(list(POPULATIONS))
        & backtest["measure"].str.startswith(MEASURE)
        & backtest["value"].notna()
    )
    keys = ["population", "basis", "as_of_date"]
    rows = backtest[is_own].sort_values([*keys, "value", "measure"])
    least = rows.groupby(keys, sort=True).head(1)
    return least.assign(rule=least["measure"].str.removeprefix(MEASURE)).reset_index(drop=True)


def _picture(evidence: Evidence, outcome: str, name: str, title: str) -> Picture:
    rows = over_nights(evidence.backtest, outcome)
    if rows.empty:
        years = "12 months" if HORIZON_DAYS[outcome] == YEAR else "90 days"
        none = f"Nothing is judged: too few decision dates lie {years} back, or too little came."
        return Picture(name, title, none)
    last = rows.groupby(["population", "basis"]).tail(1)
    says = " ".join([*(_said(row) for row in last.itertuples()), *_unsaid(rows)])
    return Picture(name, title, says, _drawn(rows, name, title), _table(rows))


def _said(row: Any) -> str:
    who = POPULATIONS[row.population][0]
    return (
        f"{who.capitalize()} ({row.basis}): {signed(row.value)} against"
        f" {RULES.get(row.rule, row.rule)}, {verdict(row.verdict)}."
    )


def _unsaid(rows: pd.DataFrame) -> list[str]:
    missing = [who for name, (who, _) in POPULATIONS.items() if name not in set(rows["population"])]
    return [f"{who.capitalize()}: too little to judge." for who in missing]


def _drawn(rows: pd.DataFrame, name: str, title: str) -> str:
    with drawing(name, title) as drawn:
        axes = drawn.axes
        axes.axhline(0.0, color=INK, linewidth=1.0, gid="zero")
        for (population, basis), own in rows.groupby(["population", "basis"], sort=True):
            _line(axes, own, str(population), str(basis))
        axes.set_xlabel("night")
        axes.set_ylabel("skill against the best rule")
        date_axis(axes, rows["as_of_date"])
        legend_above(axes, columns=2)
    return drawn.svg


def _line(axes: Axes, rows: pd.DataFrame, population: str, basis: str) -> None:
    who, colour = POPULATIONS[population]
    is_known = basis == "known"
    nights = rows["as_of_date"]
    look: dict[str, Any] = {"color": colour, "linewidth": 1.4}
    axes.fill_between(nights, rows["lo"], rows["hi"], color=colour, alpha=0.15, linewidth=0.0)
    axes.plot(
        nights, rows["value"], marker="o" if len(rows) == 1 else None, markersize=4.0,
        linestyle="-" if is_known else (0, (4, 2)), label=f"{who} ({basis})",
        markerfacecolor=colour if is_known else "white", gid=f"{population}-{basis}", **look,
    )  # fmt: skip
    last = rows.iloc[-1:]
    axes.vlines(last["as_of_date"], last["lo"], last["hi"], **look)


def _table(rows: pd.DataFrame) -> pd.DataFrame:
    newest = rows.groupby(["population", "basis"]).tail(LISTED)
    return pd.DataFrame(
        {
            "night": [day(date) for date in newest["as_of_date"]],
            "clients": [POPULATIONS[who][0] for who in newest["population"]],
            "basis": list(newest["basis"]),
            "best rule": [RULES.get(rule, rule) for rule in newest["rule"]],
            "skill": [signed(value) for value in newest["value"]],
            "interval from": [signed(value) for value in newest["lo"]],
            "to": [signed(value) for value in newest["hi"]],
            "decision dates": [number(n) for n in newest["n_cutoffs"]],
            "not overlapping": [number(n) for n in newest["n_independent_cutoffs"]],
            "verdict": [verdict(value) for value in newest["verdict"]],
        }
    )
