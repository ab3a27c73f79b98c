"""Measures of forecasts of an amount."""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from assets.scores.proof.arrays import Floats
from assets.scores.proof.pairs import OUTCOME, ProofSettings
from assets.scores.proof.pool import Measures, Pool, Rankings, Totals, ratio
from assets.scores.proof.ranks import largest_gap, rank_covariance, spearman, top_share
from assets.scores.proof.resamples import ClassSums

CLASSES = 48
PIT_CLASSES = 100
TOP = 0.10


@dataclass(frozen=True, eq=False)
class AmountProof:
    """The measures of a score and its rivals on one pool, by (score_id, measure).

    * `bias` = sum of forecasts / sum of actuals - 1, over |sum of actuals|: positive = too high.
    * `wape` = sum |actual - forecast| / sum |actual|; `rmse`, `mae_of_median` (the 50th percentile;
      of a point rule its point) and `crps` in units of the outcome.
    * `coverage_80`, `coverage_90` by randomised PIT; `coverage_80_inclusive` = share of outcomes in
      [p10, p90], both ends included; `pit_ks` = largest distance of the PIT from uniform. Only a
      score has them: a point rule claims no spread. In these and in `crps` an actual without any
      order day is 0.
    * `spearman` on mid-ranks. `gini` = covariance of actual and rank by forecast / covariance of
      actual and rank by actual: 1 ranks perfectly, 0 like chance, negative the wrong way round.
    * `top_decile_capture` = share of the actual total in the tenth of pairs with the highest
      forecasts, a class of equal forecasts at the cut taken in part.
    * `actual_total`, `forecast_total` over all pairs. Skill = 1 - wape / wape of the baseline.

    A ratio over 0 is undefined: NaN.
    """

    pool: Pool
    skill_measure: ClassVar = "wape"
    of_spread: ClassVar = ("coverage_80", "coverage_90", "coverage_80_inclusive", "pit_ks")
    of_points: ClassVar = (
        *("bias", "wape", "rmse", "mae_of_median", "crps", "spearman", "gini"),
        *("top_decile_capture", "actual_total", "forecast_total"),
    )

    @property
    def n_events(self) -> int:
        """Distinct groups."""
        return self.pool.n_groups

    def is_enough(self, settings: ProofSettings) -> bool:
        """Whether there are groups enough to measure anything."""
        return self.pool.n_groups >= settings.min_groups

    @staticmethod
    def skill(score: Floats, baseline: Floats) -> Floats:
        """1 - wape / wape of the baseline."""
        return np.asarray(1.0 - ratio(score, baseline))

    def exact(self) -> Measures:
        """Values on the pairs as they are, (1,) each."""
        u = np.sort(self._pit)
        return self._measured(None, self._exact, largest_gap(np.ones((len(u), 1)), u, u))

    def resampled(self, weights: Floats) -> Measures:
        """Values in each resample of the groups, ranks told apart in classes only."""
        edges = np.arange(PIT_CLASSES + 1) / PIT_CLASSES
        pit_gap = largest_gap(self._by_pit.at(weights), edges[:-1], edges[1:])
        return self._measured(weights, self._coarse, pit_gap)

    def _measured(self, weights: Floats | None, rankings: Rankings, pit_gap: Floats) -> Measures:
        score_id, totals, measures = self.pool.pairs.score_id, self._totals.at(weights), Measures()
        outcome = rankings.by_rule[OUTCOME].at(weights)
        for rule, joint in rankings.joints.items():
            own = rankings.by_rule[rule].at(weights)
            found = _errors(rule, totals)
            if rule == score_id:
                found |= _coverage(totals) | {"pit_ks": pit_gap}
            found["spearman"] = spearman(joint.at(weights), own, outcome)
            found["gini"] = ratio(rank_covariance(own), rank_covariance(outcome))
            found["top_decile_capture"] = top_share(own, TOP)
            found |= {"actual_total": totals[OUTCOME], "forecast_total": totals[f"{rule}:forecast"]}
            measures |= {(rule, measure): value for measure, value in found.items()}
        return measures

    @cached_property
    def _totals(self) -> Totals:
        terms = self.pool.pairs.terms
        return Totals(self.pool, {name: self.pool.taken(term) for name, term in terms.items()})

    @cached_property
    def _exact(self) -> Rankings:
        return Rankings(self.pool, None)

    @cached_property
    def _coarse(self) -> Rankings:
        return Rankings(self.pool, CLASSES)

    @cached_property
    def _pit(self) -> Floats:
        return self.pool.taken(self.pool.pairs.pit)

    @cached_property
    def _by_pit(self) -> ClassSums:
        place = np.minimum((self._pit * PIT_CLASSES).astype(np.int64), PIT_CLASSES - 1)
        return self.pool.sums(place, PIT_CLASSES)


def _errors(rule: str, totals: dict[str, Floats]) -> dict[str, Floats]:
    actual, n = totals[OUTCOME], totals["n"]
    return {
        "bias": ratio(totals[f"{rule}:forecast"] - actual, np.abs(actual)),
        "wape": ratio(totals[f"{rule}:absolute"], totals["size"]),
        "rmse": np.sqrt(totals[f"{rule}:squared"] / n),
        "mae_of_median": totals[f"{rule}:median"] / n,
        "crps": totals[f"{rule}:crps"] / n,
    }


def _coverage(totals: dict[str, Floats]) -> dict[str, Floats]:
    return {
        "coverage_80": totals["in_80"] / totals["n"],
        "coverage_90": totals["in_90"] / totals["n"],
        "coverage_80_inclusive": totals["in_80_inclusive"] / totals["n"],
    }
