"""What portfolios are worth: draws added up over groups, widened by how far past totals missed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student

from assets.scores.ltv.draws import SegmentDraws
from assets.scores.ltv.inputs import COMPANY, Clients, Flags, Floats, Integers
from assets.scores.ltv.rungs import RUN_RATE
from assets.scores.ltv.score import Scored
from assets.scores.ltv.settings import LtvSettings

CHUNK = 512  # clients whose draws are held at once
NORMAL_80 = 1.2816  # half the width of a normal's 80 %, in standard deviations


@dataclass(frozen=True)
class DrawnMoney:
    """Draws of a night: per scope summed over its groups, and of each key account.

    `by_scope` and `by_key_account` (by group_id) are (draws, horizons).
    """

    by_scope: Mapping[str, Floats]
    by_key_account: Mapping[str, Floats]


def scopes_of(clients: Clients) -> dict[str, Flags]:
    """The clients of each scope of a day: company, key, channels and managers."""
    scopes = {"company": np.ones(clients.n, dtype=bool), "key": clients.is_key}
    for segment in sorted(set(clients.fit_segment) - {COMPANY}):
        scopes[f"channel:{segment}"] = clients.fit_segment == segment
    managed = np.array([manager is not None for manager in clients.manager_id], dtype=bool)
    for manager in sorted(set(clients.manager_id[managed])):
        scopes[f"manager:{manager}"] = clients.manager_id == manager
    return scopes


def draw_money(scored: Scored, config_version: str, settings: LtvSettings) -> DrawnMoney:
    """Draws of every client with a margin: key accounts month by month, the others summed up."""
    clients, horizons = scored.groups.clients, np.array(settings.horizons)
    shape = (settings.draws, len(horizons))
    scopes = scopes_of(clients)
    total: dict[str, Floats] = {scope: np.zeros(shape) for scope in scopes}
    by_key: dict[str, Floats] = {}
    for segment in sorted(set(scored.cutoff.clients.fit_segment)):
        draws = SegmentDraws(scored, segment, config_version, horizons, settings.draws)
        for owner, money in _drawn(scored, draws):
            for scope, where in scopes.items():
                if where[owner].any():
                    total[scope] += np.sum(money[where[owner]], axis=0)
            for place in np.flatnonzero(clients.is_key[owner]):
                group = str(clients.group_id[owner[place]])
                by_key[group] = by_key.get(group, np.zeros(shape)) + money[place]
    return DrawnMoney(total, by_key)


def _drawn(scored: Scored, draws: SegmentDraws) -> Iterator[tuple[Integers, Floats]]:
    """Parts of groups of a segment: the places of their groups (n,), and (n, draws, horizons)."""
    places = draws.fit.places
    owner = scored.cutoff.clients.owner_of(places)
    known = np.isfinite(scored.margin[owner])
    is_key = scored.groups.clients.is_key[owner] & known
    is_modelled = np.max(scored.part_forecast.rung[places], axis=1) <= RUN_RATE
    for position in np.flatnonzero(is_key & is_modelled):
        yield owner[[position]], draws.followed(int(position))[None]
    others = np.flatnonzero(known & ~(is_key & is_modelled))
    for at in range(0, len(others), CHUNK):
        part = others[at : at + CHUNK]
        yield owner[part], draws.summed_up(part)


@dataclass(frozen=True)
class Widened:
    """An interval of a total, NaN where past totals do not prove it."""

    p10: float
    p90: float
    rms_error_ratio: float
    n_cutoffs: int
    n_independent: int
    is_beyond_proof: bool


def widen(
    mean: float, raw_p10: float, raw_p90: float, errors: Floats, n_independent: int,
    settings: LtvSettings,
) -> Widened:  # fmt: skip
    """The interval that the draws' spread and the relative errors of past totals allow."""
    is_beyond = (
        len(errors) < settings.portfolio_min_cutoffs
        or n_independent < settings.portfolio_min_independent
    )
    missed = float(np.sqrt(np.mean(errors**2))) if len(errors) else float(np.nan)
    if is_beyond or mean == 0.0 or not np.isfinite(mean):
        return Widened(np.nan, np.nan, missed, len(errors), n_independent, True)
    spread = (raw_p90 - raw_p10) / (2.0 * NORMAL_80 * abs(mean))
    quantile = float(student.ppf(0.90, n_independent))
    half = quantile * abs(mean) * float(np.sqrt(missed**2 + spread**2))
    return Widened(mean - half, mean + half, missed, len(errors), n_independent, False)
