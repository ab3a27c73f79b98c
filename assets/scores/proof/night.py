"""The table score_backtest of a night: every score on every population, with its verdict."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from assets.scores.proof.arrays import Bools
from assets.scores.proof.judgement import judged, not_validated, proof_of
from assets.scores.proof.pairs import Pairs, ProofSettings
from assets.scores.proof.pool import Pool
from assets.scores.proof.windows import count_independent, is_matured, is_recent, window_ends

COMPANY = "company"
BASES = {"known": True, "reconstructed": False}
COLUMNS = {
    "score_id": "str",
    "outcome": "str",
    "horizon_days": "int64",
    "population": "str",
    "basis": "str",
    "measure": "str",
    "value": "float64",
    "lo": "float64",
    "hi": "float64",
    "n": "int64",
    "n_events": "int64",
    "n_unscored": "int64",
    "n_cutoffs": "int64",
    "n_independent_cutoffs": "int64",
    "first_cutoff_date": "datetime64[s]",
    "last_cutoff_date": "datetime64[s]",
    "n_config_versions": "int64",
    "is_primary": "bool",
    "verdict": "str",
}


def backtest_night(
    pairs: Sequence[Pairs], *, as_of: date, settings: ProofSettings, with_channels: bool
) -> pd.DataFrame:
    """The rows of score_backtest of a night, in a fixed order, without their date.

    Populations are all, key and, `with_channels`, each channel met in the pool of dates; groups
    without channel are in all. Rows of windows that have not ended by the night do not enter.
    NaN, NaT and missing text stand for NULL.
    """
    rows = [
        _rows(place, as_of, settings)
        for one in sorted(pairs, key=lambda one: (one.score_id, one.outcome, one.horizon_days))
        for place in _places(one, as_of, settings, with_channels)
    ]
    columns = {name: [value for row in rows for value in row[name]] for name in COLUMNS}
    return pd.DataFrame({name: pd.Series(columns[name], dtype=COLUMNS[name]) for name in COLUMNS})


@dataclass(frozen=True, eq=False)
class _Place:
    """One population and basis of a score and outcome on a night."""

    pool: Pool
    population: str
    basis: str
    n_matured: int


def _places(
    pairs: Pairs, as_of: date, settings: ProofSettings, with_channels: bool
) -> Iterator[_Place]:
    recent = is_recent(pairs, as_of, settings)
    matured = recent & is_matured(pairs, as_of) & ~np.isnan(pairs.actual)
    for population, belongs in _populations(pairs, recent, with_channels):
        for basis, is_known in BASES.items():
            has_outcome = matured & belongs & (pairs.is_known == is_known)
            is_used = (has_outcome & pairs.is_scored)[pairs.order]
            pool = Pool(pairs, pairs.order[is_used])
            yield _Place(pool, population, basis, int(np.count_nonzero(has_outcome)))


def _populations(pairs: Pairs, recent: Bools, with_channels: bool) -> Iterator[tuple[str, Bools]]:
    yield "all", np.ones_like(recent)
    yield "key", pairs.is_key
    names, place = pairs.segments
    if with_channels:
        met = np.bincount(place[recent], minlength=len(names))
        for code, name in enumerate(names):
            if met[code] and name != COMPANY:
                yield f"channel:{name}", place == code


def _rows(place: _Place, as_of: date, settings: ProofSettings) -> dict[str, list[Any]]:
    """The rows of one population and basis, column by column."""
    pool, pairs = place.pool, place.pool.pairs
    cutoffs = np.unique(pairs.cutoff_date[pool.where])
    n_independent = count_independent(cutoffs, window_ends(pairs, cutoffs))
    if place.n_matured:
        seed_text = f"{as_of}|{pairs.outcome}|{pairs.horizon_days}|{place.population}"
        judgement = judged(pool, seed_text, place.basis, n_independent, settings)
    else:
        judgement = not_validated(pairs)
    same = {
        "outcome": pairs.outcome,
        "horizon_days": pairs.horizon_days,
        "population": place.population,
        "basis": place.basis,
        "n": len(pool.where),
        "n_events": proof_of(pool).n_events,
        "n_unscored": place.n_matured - len(pool.where),
        "n_cutoffs": len(cutoffs),
        "n_independent_cutoffs": n_independent,
        "first_cutoff_date": cutoffs[0] if len(cutoffs) else None,
        "last_cutoff_date": cutoffs[-1] if len(cutoffs) else None,
        "n_config_versions": len(np.unique(pairs.config_code[pool.where])),
        "is_primary": False,
    }
    return {name: [value] * len(judgement.keys) for name, value in same.items()} | {
        "score_id": [score_id for score_id, _ in judgement.keys],
        "measure": [measure for _, measure in judgement.keys],
        "value": judgement.value.tolist(),
        "lo": judgement.lo.tolist(),
        "hi": judgement.hi.tolist(),
        "verdict": judgement.verdict,
    }
