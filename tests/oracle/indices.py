"""Indices of concentration and classes over what clients bring."""

from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any

Known = Decimal | None
Values = dict[str, Known]
ZERO: Known = Decimal("0.00")
INDICES = (
    "n_active", "top1_share", "top5_share", "top10_share", "top20pct_share",
    "pareto80_share_of_accounts", "herfindahl_index", "effective_n", "gini", "n_major",
    "negative_mass_rc", "whale_peak_ratio", "top1",
)  # fmt: skip


def plus(total: Known, value: Known) -> Known:
    """A sum of which a part is not known is not known."""
    return None if total is None or value is None else total + value


def ordered(values: Values) -> list[tuple[str, Decimal]]:
    """Largest first, the smaller id on ties."""
    return sorted(values.items(), key=lambda item: (-item[1], item[0]))


def indices(values: Values) -> dict[str, Any]:
    """The indices of concentration; those that need a positive sum are NULL without one.

    One value that is not known makes all of them unknown.
    """
    if None in values.values():
        return dict.fromkeys(INDICES)
    rows = [(g, v) for g, v in ordered(values) if v > 0]
    n, total = len(rows), sum((v for _, v in rows), Decimal(0))
    share = [Fraction(v) / Fraction(total) for _, v in rows]
    squares = sum((s * s for s in share), Fraction(0))
    ascending = sum((2 * i - n - 1) * s for i, s in enumerate(reversed(share), start=1))
    pareto = next((k for k in range(1, n + 1) if sum(share[:k]) >= Fraction(8, 10)), None)
    first = {f"top{k}_share": sum(share[:k]) if n else None for k in (1, 5, 10)}
    return {
        "n_active": n,
        **first,
        "top20pct_share": sum(share[: ceil(n / 5)]) if n else None,
        "pareto80_share_of_accounts": Fraction(pareto, n) if pareto else None,
        "herfindahl_index": 10000 * squares if n else None,
        "effective_n": 1 / squares if n else None,
        "gini": ascending / n if n else None,
        "n_major": sum(s >= Fraction(1, 10) for s in share),
        "negative_mass_rc": sum((v for v in values.values() if v < 0), Decimal("0.00")),
        "whale_peak_ratio": None,
        "top1": rows[0][0] if rows else None,
    }


def whale(values: Values) -> Fraction | None:
    """How much more there would be without the clients that destroy it."""
    if None in values.values():
        return None
    total = sum(values.values(), Decimal(0))
    running = peak = Decimal(0)
    for _, value in ordered(values):
        running += value
        peak = max(peak, running)
    return Fraction(peak) / Fraction(total) if total > 0 else None


def ranked(values: Values) -> dict[str, dict[str, Any]]:
    """Rank, share and ABC class; of what is known only where every value is."""
    if None in values.values():
        unknown = dict.fromkeys(("rank_number", "share", "cumulative_share", "abc_class"))
        loss = {"share": 0, "cumulative_share": 1, "abc_class": "D"}
        return {
            g: unknown | {"value_rc": v} | (loss if v is not None and v <= 0 else {})
            for g, v in values.items()
        }
    total = sum((v for v in values.values() if v > 0), Decimal(0))
    before, found = Decimal(0), {}
    for number, (group, value) in enumerate(ordered(values), start=1):
        row: dict[str, Any] = {"value_rc": value, "rank_number": number}
        if value <= 0:
            row |= {"share": 0, "cumulative_share": 1, "abc_class": "D"}
        else:
            limits = Fraction(before) / Fraction(total)
            kind = "A" if limits < Fraction(8, 10) else "B" if limits < Fraction(95, 100) else "C"
            before += value
            row |= {"share": Fraction(value) / Fraction(total), "abc_class": kind}
            row["cumulative_share"] = Fraction(before) / Fraction(total)
        found[group] = row
    return found
