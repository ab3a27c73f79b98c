"""Value, interval and verdict of every measure on one pool."""

from dataclasses import dataclass

import numpy as np

from assets.scores.proof.amounts import AmountProof
from assets.scores.proof.arrays import Floats
from assets.scores.proof.events import EventProof
from assets.scores.proof.forecasts import AmountForecast
from assets.scores.proof.pairs import Pairs, ProofSettings
from assets.scores.proof.pool import Measures, Pool
from assets.scores.proof.resamples import resampled_weights

KNOWN = "known"
SKILL = "skill_vs:"
BOUNDS = {"auc": (0.0, 1.0), "spearman": (-1.0, 1.0), "gini": (-np.inf, 1.0), "pit_ks": (0.0, 1.0)}


@dataclass(frozen=True, eq=False)
class Judgement:
    """Rows of one pool: `keys` are (score_id, measure), the others one entry for each of them."""

    keys: list[tuple[str, str]]
    value: Floats
    lo: Floats
    hi: Floats
    verdict: list[str | None]


def proof_of(pool: Pool) -> AmountProof | EventProof:
    """The measures that fit the outcome."""
    is_amount = isinstance(pool.pairs.score, AmountForecast)
    return AmountProof(pool) if is_amount else EventProof(pool)


def not_validated(pairs: Pairs) -> Judgement:
    """The rows where no cut-off has matured: one for each baseline."""
    return _unmeasured(_skill_keys(pairs), "NOT_VALIDATED")


def judged(
    pool: Pool, seed_text: str, basis: str, n_independent: int, settings: ProofSettings
) -> Judgement:
    """Every measure of a pool with its bootstrap interval; counts only where events are too few."""
    proof = proof_of(pool)
    if not proof.is_enough(settings):
        return _unmeasured(_keys(proof), "TOO_FEW_EVENTS")
    keys, measures = _keys(proof), _resampled(proof, seed_text, settings)
    draws = np.stack([measures[key] for key in keys])
    value = draws[:, 0]
    lo, hi = _interval(draws[:, 1:], settings.interval)
    lo, hi = np.where(np.isnan(value), np.nan, lo), np.where(np.isnan(value), np.nan, hi)
    is_proof = basis == KNOWN and n_independent >= settings.min_independent_cutoffs
    verdict = [
        _verdict(low, high, is_proof) if measure.startswith(SKILL) else None
        for (_, measure), low, high in zip(keys, lo, hi, strict=True)
    ]
    return Judgement(keys, value, lo, hi, verdict)


def _keys(proof: AmountProof | EventProof) -> list[tuple[str, str]]:
    """The score's measures, those of its rivals, and its skills."""
    pairs = proof.pool.pairs
    points = [(rule, measure) for rule in pairs.rules for measure in proof.of_points]
    spread = [(pairs.score_id, measure) for measure in proof.of_spread]
    return [*spread, *points, *_skill_keys(pairs)]


def _skill_keys(pairs: Pairs) -> list[tuple[str, str]]:
    return [(pairs.score_id, skill_against(rival)) for rival in sorted(pairs.rivals)]


def skill_against(rival: str) -> str:
    """The measure of a score beside a rival: `skill_vs:hiatus` for `baseline:hiatus`."""
    return f"{SKILL}{rival.removeprefix('baseline:')}"


def _unmeasured(keys: list[tuple[str, str]], verdict: str) -> Judgement:
    nothing = np.full(len(keys), np.nan)
    verdicts = [verdict if measure.startswith(SKILL) else None for _, measure in keys]
    return Judgement(keys, nothing, nothing, nothing, verdicts)


def _resampled(
    proof: AmountProof | EventProof, seed_text: str, settings: ProofSettings
) -> Measures:
    """Each measure's exact value and its resamples (1 + resamples,), skills with them.

    Resamples tell ranks apart in classes only. What that takes from the value of the pairs as they
    are, it is taken to take from every resample, and is given back.
    """
    blocks = [
        proof.resampled(weights)
        for weights in resampled_weights(seed_text, proof.pool.n_groups, settings.bootstrap)
    ]
    exact, measures = proof.exact(), Measures()
    for (score_id, measure), value in exact.items():
        draws = np.concatenate([block[score_id, measure] for block in blocks])
        draws = np.clip(draws + (value - draws[0]), *BOUNDS.get(measure, (-np.inf, np.inf)))
        draws[0] = value[0]
        measures[score_id, measure] = draws
    return measures | _skills(proof, measures)


def _skills(proof: AmountProof | EventProof, measures: Measures) -> Measures:
    score_id = proof.pool.pairs.score_id
    own = measures[score_id, proof.skill_measure]
    return {
        (score_id, skill_against(rival)): proof.skill(own, measures[rival, proof.skill_measure])
        for rival in sorted(proof.pool.pairs.rivals)
    }


def _interval(draws: Floats, levels: tuple[float, float]) -> tuple[Floats, Floats]:
    """Quantiles of each row over the resamples in which the measure is defined."""
    is_whole = np.isfinite(draws).all(axis=1)
    found = np.full((2, len(draws)), np.nan)
    found[:, is_whole] = np.quantile(draws[is_whole], levels, axis=1)
    for row in np.flatnonzero(~is_whole):
        defined = draws[row][np.isfinite(draws[row])]
        if len(defined):
            found[:, row] = np.quantile(defined, levels)
    return found[0], found[1]


def _verdict(lo: float, hi: float, is_proof: bool) -> str:
    if lo > 0.0:
        return "BETTER_THAN_BASELINE" if is_proof else "NOT_PROVEN"
    return "WORSE" if hi < 0.0 else "NOT_PROVEN"
