"""How far rungs and naive rules missed the orders that followed a past cut-off."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assets.scores.ltv.cutoff import Cutoff
from assets.scores.ltv.forecast import over_spans
from assets.scores.ltv.horizon import months_away
from assets.scores.ltv.inputs import Floats
from assets.scores.ltv.naive import naive_orders
from assets.scores.ltv.rungs import NAIVE, OWN, POOLED, RUN_RATE, SegmentFit
from assets.scores.ltv.settings import PROVEN_MONTHS, LtvSettings

WORSE_THAN_NAIVE = "WORSE_THAN_NAIVE"


@dataclass(frozen=True)
class Misses:
    """Sums over the clients of a segment: orders that came, absolute errors by rung and rule."""

    actual: float
    by_rung: Mapping[int, float]
    by_rule: Mapping[str, float]


@dataclass(frozen=True)
class Trial:
    """The misses of a cut-off by (segment, horizon in months), of horizons that have ended."""

    day: int
    misses: Mapping[tuple[str, int], Misses]


@dataclass(frozen=True)
class Choice:
    """The rung a segment stands on, the naive rule if it is the last, and the evidence.

    The two WAPEs are those of the chosen rung and of the best rule on the same pairs, NaN where
    nothing has matured. `reason` tells why it is not the rung above; None on the first.
    """

    rung: int
    rule: str | None
    selection_wape: float
    best_naive_wape: float
    reason: str | None


def try_rungs(cutoff: Cutoff, fits: Mapping[str, SegmentFit], last_day: int) -> Trial:
    """The misses of every rung and rule at the horizons that ended by `last_day`."""
    ended = {m: months_away(cutoff.day, m) for m in PROVEN_MONTHS}
    ended = {months: day for months, day in ended.items() if day <= last_day}
    came = {
        m: cutoff.source.between(cutoff.day, day, day).astype(float) for m, day in ended.items()
    }
    rules = {
        months: naive_orders(cutoff.log, cutoff.histories, months, cutoff.delivered_from)
        for months in ended
    }
    misses: dict[tuple[str, int], Misses] = {}
    for segment, fit in fits.items():
        seen = cutoff.histories.n_orders[fit.places] > 0
        if not ended or not seen.any():
            continue
        places = fit.places[seen]
        said = {rung: _said(fit, rung, cutoff.day, list(ended.values())) for rung in fit.rungs}
        for position, months in enumerate(ended):
            actual = came[months][places]
            if any(np.isnan(orders[places]).any() for orders in rules[months].values()):
                continue
            misses[segment, months] = Misses(
                actual=float(np.sum(actual)),
                by_rung={r: _miss(said[r][seen, position], actual) for r in said},
                by_rule={r: _miss(o[places], actual) for r, o in rules[months].items()},
            )
    return Trial(cutoff.day, misses)


def _said(fit: SegmentFit, rung: int, day: int, ends: list[int]) -> Floats:
    """Expected orders of the segment's clients up to the end of some days, (n, days)."""
    weeks = fit.season.weeks_after(day, np.array(ends))
    model = fit.model(rung)
    orders = over_spans(model, weeks).expected(np.tile(weeks, model.n))
    return orders.reshape(model.n, len(ends))


def _miss(orders: Floats, actual: Floats) -> float:
    return float(np.sum(np.abs(orders - actual)))


def choose(fit: SegmentFit, trials: Sequence[Trial], day: int, settings: LtvSettings) -> Choice:
    """The first rung that missed no more than a little above the best naive rule, else that rule.

    Trials count whose horizon ended by `day`, all but the newest, on the longest horizon that
    leaves one. Where nothing has matured, the first rung that meets its conditions.
    """
    seen = _matured(trials, fit.segment, day, settings)
    above: str | None = None
    for rung in (OWN, POOLED, RUN_RATE):
        if rung not in fit.rungs:
            above = fit.why_not.get(rung, above)
            continue
        wape, best, _ = _compare((m for m in seen if rung in m.by_rung), rung)
        if not wape > settings.naive_tolerance * best:
            return Choice(rung, None, wape, best, above)
        above = WORSE_THAN_NAIVE
    _, best, rule = _compare(seen, RUN_RATE)
    return Choice(NAIVE, rule, best, best, above)


def _matured(
    trials: Sequence[Trial], segment: str, day: int, settings: LtvSettings
) -> list[Misses]:
    oldest = months_away(day, -settings.pool_months)
    for months in sorted(PROVEN_MONTHS, reverse=True):
        ended = [
            trial.misses[segment, months]
            for trial in trials
            if months_away(trial.day, months) <= day
            and trial.day > oldest
            and (segment, months) in trial.misses
        ]
        if len(ended) > 1:
            return ended[:-1]
    return []


def _compare(seen: Iterable[Misses], rung: int) -> tuple[float, float, str | None]:
    """WAPE of a rung, and of the best naive rule with its name, on the same pairs."""
    pairs = list(seen)
    actual = sum(misses.actual for misses in pairs)
    if actual == 0:
        return float(np.nan), float(np.nan), None
    rules = {
        rule: sum(misses.by_rule[rule] for misses in pairs) / actual for rule in pairs[0].by_rule
    }
    rule = min(rules, key=lambda name: (rules[name], name))
    return sum(misses.by_rung[rung] for misses in pairs) / actual, rules[rule], rule
