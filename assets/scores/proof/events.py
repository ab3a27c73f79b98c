"""Measures of the probability of an event."""

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np

from assets.scores.proof.arrays import Floats
from assets.scores.proof.logistic import calibration_slope
from assets.scores.proof.pairs import OUTCOME, ProofSettings
from assets.scores.proof.pool import Measures, Pool, Rankings, Totals, ratio
from assets.scores.proof.ranks import auc, spearman, top_share
from assets.scores.proof.resamples import ClassSums
from assets.scores.proof.windows import window_ends

CLASSES = 100
DECILES = 10
TOP = 0.10
LOGIT_BOUND = 1e-3


@dataclass(frozen=True, eq=False)
class EventProof:
    """The measures of a probability and of rival ranks of risk on one pool, by (score_id, measure).

    * `auc` with ties half. `lift_top_decile` = event rate in the tenth of pairs with the highest
      risk / event rate of all, a class of equal risks at the cut taken in part. `spearman` of risk
      and event on mid-ranks.
    * `brier` = mean squared error. `brier_skill` = 1 - brier / that of the event rate of the
      earlier cut-offs whose windows had ended at the decision date, over the pairs that have one.
    * `calibration_slope` of a logistic regression of the event on the logit of its probability
      (Cox 1958): 1 is calibrated, less is overconfident. Probabilities are taken in
      [0.001, 0.999] there.
    * `calibration_decile:<k>` = mean event - mean probability in the k-th tenth of pairs by
      probability, equal ones together: positive = more events than forecast.

    Skill = auc - auc of the baseline, which is taken as 0.5 where it is less, in each resample.
    """

    pool: Pool
    skill_measure: ClassVar = "auc"
    of_spread: ClassVar = (
        *("brier", "brier_skill", "calibration_slope"),
        *(f"calibration_decile:{place}" for place in range(1, DECILES + 1)),
    )
    of_points: ClassVar = ("auc", "lift_top_decile", "spearman")

    @property
    def n_events(self) -> int:
        """Events among the pairs."""
        return int(self.pool.actual.sum())

    def is_enough(self, settings: ProofSettings) -> bool:
        """Whether there are events and non-events enough to measure anything."""
        n_others = len(self.pool.where) - self.n_events
        return self.n_events >= settings.min_events and n_others >= settings.min_non_events

    @staticmethod
    def skill(score: Floats, baseline: Floats) -> Floats:
        """The auc above that of the baseline, or above chance."""
        return np.asarray(score - np.maximum(baseline, 0.5))

    def exact(self) -> Measures:
        """Values on the pairs as they are, (1,) each."""
        return self._measured(None, self._exact)

    def resampled(self, weights: Floats) -> Measures:
        """Values in each resample of the groups, ranks told apart in classes only."""
        return self._measured(weights, self._coarse)

    def _measured(self, weights: Floats | None, rankings: Rankings) -> Measures:
        measures = Measures()
        outcome = rankings.by_rule[OUTCOME].at(weights)
        for rule, joint in rankings.joints.items():
            own = rankings.by_rule[rule].at(weights)
            found = {"auc": auc(own), "lift_top_decile": top_share(own, TOP) / TOP}
            found["spearman"] = spearman(joint.at(weights), own, outcome)
            if rule == self.pool.pairs.score_id:
                found |= self._calibration(weights, rankings)
            measures |= {(rule, measure): value for measure, value in found.items()}
        return measures

    def _calibration(self, weights: Floats | None, rankings: Rankings) -> dict[str, Floats]:
        totals = self._totals.at(weights)
        score = rankings.by_rule[self.pool.pairs.score_id]
        logit = ClassSums(*score.places, *self.pool.groups, self._logit).plain()
        own = score.at(weights)
        count, excess = (sums.at(weights) for sums in self._by_decile)
        of_decile = ratio(excess, count)
        return {
            "brier": totals["squared"] / totals["n"],
            "brier_skill": 1.0 - ratio(totals["squared_in_reach"], totals["reference"]),
            "calibration_slope": calibration_slope(logit / score.at(None).weight, own),
        } | {f"calibration_decile:{place + 1}": of_decile[place] for place in range(DECILES)}

    @cached_property
    def _totals(self) -> Totals:
        squared = self.pool.taken(self.pool.pairs.terms["squared"])
        rate = self._earlier_rate
        is_in_reach = np.isfinite(rate)
        reference = np.where(is_in_reach, (rate - self.pool.actual) ** 2, 0.0)
        in_reach = np.where(is_in_reach, squared, 0.0)
        terms = {"squared": squared, "squared_in_reach": in_reach, "reference": reference}
        return Totals(self.pool, terms)

    @cached_property
    def _earlier_rate(self) -> Floats:
        """Event rate of the cut-offs whose windows had ended by each pair's date, NaN if none."""
        cutoffs, place = np.unique(
            self.pool.pairs.cutoff_date[self.pool.where], return_inverse=True
        )
        n_pairs = np.cumsum(np.bincount(place))
        n_events = np.cumsum(np.bincount(place, self.pool.actual))
        n_ended = np.searchsorted(window_ends(self.pool.pairs, cutoffs), cutoffs, side="right")
        rate = np.append(np.nan, n_events / n_pairs)[n_ended]
        return np.asarray(rate[place])

    @cached_property
    def _logit(self) -> Floats:
        bounded = np.clip(self._probability, LOGIT_BOUND, 1.0 - LOGIT_BOUND)
        return np.asarray(np.log(bounded) - np.log1p(-bounded))

    @cached_property
    def _probability(self) -> Floats:
        return self.pool.taken(self.pool.pairs.score.rank)

    @cached_property
    def _by_decile(self) -> tuple[ClassSums, ClassSums]:
        place, n_places = self._exact.by_rule[self.pool.pairs.score_id].places
        counts = np.bincount(place, minlength=n_places)
        middle = (np.cumsum(counts) - counts / 2.0) / len(place)
        decile = np.minimum((middle * DECILES).astype(np.int64), DECILES - 1)[place]
        excess = self.pool.actual - self._probability
        return self.pool.sums(decile, DECILES), self.pool.sums(decile, DECILES, excess)

    @cached_property
    def _exact(self) -> Rankings:
        return Rankings(self.pool, None)

    @cached_property
    def _coarse(self) -> Rankings:
        return Rankings(self.pool, CLASSES)
