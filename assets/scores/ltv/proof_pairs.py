"""The decision dates of lifetime value as the pairs that score_backtest judges."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from assets.scores.ltv.decision import NO_ORDER, ORDERS, REALISED, Decision, Ended, Kept
from assets.scores.ltv.forecast import SOON_DAYS
from assets.scores.ltv.inputs import Floats
from assets.scores.ltv.naive import HIATUS, LAST_12M, SEASONAL
from assets.scores.proof.forecasts import AmountForecast, Probability
from assets.scores.proof.pairs import Pairs

SCORE = "ltv"
RIVALS = {
    LAST_12M: "baseline:last_12m",
    SEASONAL: "baseline:seasonal_naive",
    HIATUS: "baseline:hiatus",
}
GAP_RULE = "baseline:gap_rule"
DAYS = {3: 90, 6: 180, 12: 365, 36: 1095}  # the names of horizons in calendar months
STORED = (12, 36)  # months whose forecasts are kept; shorter ones are always refitted
MONEY_MONTHS = (12, 36)


class PairBuilder:
    """Pairs of the decision dates of a run; stored forecasts stand in for refits where known."""

    def __init__(
        self, decisions: Sequence[Decision], kept: Mapping[int, Kept], config_version: str
    ) -> None:
        self.decisions = decisions
        self.kept = {day: stored for day, stored in kept.items() if stored.is_known}
        self.config_version = config_version

    def all(self) -> list[Pairs]:
        """The pairs of every outcome and horizon that any date has ended."""
        found = [self._silence([d for d in self.decisions if np.isfinite(d.is_silent).any()])]
        for months in DAYS:
            ended = [d for d in self.decisions if months in d.ended]
            found.append(self._orders(ended, months))
            if months in MONEY_MONTHS:
                found.append(self._money(ended, months))
        return found

    def _orders(self, decisions: Sequence[Decision], months: int) -> Pairs:
        return self._amounts(
            ORDERS, decisions, months, self.kept if months in STORED else {},
            actual=lambda ended: ended.actual_orders,
            mean=lambda ended: ended.orders,
            percentiles=lambda ended: ended.order_percentiles,
            rival=_rule,
        )  # fmt: skip

    def _money(self, decisions: Sequence[Decision], months: int) -> Pairs:
        return self._amounts(
            REALISED, decisions, months, self.kept,
            actual=lambda ended: ended.actual_money,
            mean=lambda ended: ended.money,
            percentiles=lambda ended: ended.money_percentiles,
            rival=_money_rule,
        )  # fmt: skip

    def _amounts(
        self,
        outcome: str,
        decisions: Sequence[Decision],
        months: int,
        kept: Mapping[int, Kept],
        *,
        actual: Callable[[Ended], Floats],
        mean: Callable[[Ended], Floats],
        percentiles: Callable[[Ended], Floats],
        rival: Callable[[str, int], Callable[[Decision], Floats]],
    ) -> Pairs:
        """The pairs of an amount: what is kept of a date was said, else the refit."""

        def said(d: Decision) -> Floats:
            known = kept.get(d.day)
            return known.mean(outcome, months, d.clients) if known else mean(d.ended[months])

        def spread(d: Decision) -> Floats:
            known = kept.get(d.day)
            if known:
                return known.percentiles(outcome, months, d.clients)
            return percentiles(d.ended[months])

        return self._pairs(
            outcome, decisions, months,
            actual=lambda d: actual(d.ended[months]),
            score=AmountForecast(
                mean=_joined(decisions, said),
                percentiles=_joined(decisions, spread, 99),
                is_without_order=_joined(decisions, lambda d: d.ended[months].actual_orders) == 0,
            ),
            rivals={name: _joined(decisions, rival(rule, months)) for rule, name in RIVALS.items()},
        )  # fmt: skip

    def _silence(self, decisions: Sequence[Decision]) -> Pairs:
        def any_order(d: Decision) -> Floats:
            known = self.kept.get(d.day)
            return known.mean(NO_ORDER, 3, d.clients) if known else d.p_order_90d

        def few(rule: str) -> Callable[[Decision], Floats]:
            return lambda d: (
                -d.ended[3].rules[rule] if 3 in d.ended else np.full(d.clients.n, np.nan)
            )

        rivals = {name: _joined(decisions, few(rule)) for rule, name in RIVALS.items()}
        rivals[GAP_RULE] = _joined(decisions, lambda d: d.gap_ratio)
        return self._pairs(
            NO_ORDER, decisions, None,
            actual=lambda d: d.is_silent,
            score=Probability(1.0 - _joined(decisions, any_order)),
            rivals=rivals,
        )  # fmt: skip

    def _pairs(
        self,
        outcome: str,
        decisions: Sequence[Decision],
        months: int | None,
        *,
        actual: Callable[[Decision], Floats],
        score: AmountForecast | Probability,
        rivals: Mapping[str, Floats],
    ) -> Pairs:
        sizes = [d.clients.n for d in decisions]
        days = np.array([d.day for d in decisions], dtype=np.int64).astype("datetime64[D]")
        known = np.array([d.day in self.kept for d in decisions], dtype=bool)
        versions = np.array(
            [
                self.kept[d.day].config_version if d.day in self.kept else self.config_version
                for d in decisions
            ],
            dtype=object,
        )
        return Pairs(
            score_id=SCORE,
            outcome=outcome,
            horizon_days=DAYS[months] if months else SOON_DAYS,
            horizon_months=months,
            cutoff_date=np.repeat(days, sizes),
            group_id=_texts(decisions, lambda d: d.clients.group_id),
            is_key=_joined(decisions, lambda d: d.clients.is_key).astype(bool),
            fit_segment=_texts(decisions, lambda d: d.clients.fit_segment),
            is_known=np.repeat(known, sizes),
            config_version=np.repeat(versions, sizes),
            actual=_joined(decisions, actual),
            score=score,
            rivals=rivals,
        )


def _rule(rule: str, months: int) -> Callable[[Decision], Floats]:
    return lambda decision: decision.ended[months].rules[rule]


def _money_rule(rule: str, months: int) -> Callable[[Decision], Floats]:
    """A naive rule's orders at the same margin, at the mean discount of the horizon."""

    def money(decision: Decision) -> Floats:
        ended = decision.ended[months]
        return ended.rules[rule] * decision.margin * ended.discount

    return money


def _joined(
    decisions: Sequence[Decision], part: Callable[[Decision], np.ndarray], width: int = 0
) -> np.ndarray:
    empty = np.zeros((0, width), dtype=np.float32) if width else np.zeros(0)
    return np.concatenate([empty, *(part(decision) for decision in decisions)])


def _texts(decisions: Sequence[Decision], part: Callable[[Decision], np.ndarray]) -> np.ndarray:
    empty = np.zeros(0, dtype=object)
    return np.concatenate([empty, *(part(decision) for decision in decisions)])
