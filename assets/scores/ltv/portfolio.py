"""What portfolios are worth: draws added up over groups, widened by how far past totals missed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student

from assets.scores.ltv.draws import SegmentDraws, Spans
from assets.scores.ltv.inputs import COMPANY, Clients, Flags, Floats
from assets.scores.ltv.score import Scored
from assets.scores.ltv.settings import LtvSettings

NORMAL_80 = 1.2816  # half the width of a normal's 80 %, in standard deviations


@dataclass(frozen=True)
class DrawnMoney:
    """Draws of a night: per scope summed over its groups, and of each key account.

    `by_scope` (draws, horizons); `key_percentiles` by group_id, (horizons, 99).
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
    """Draws of every client: key accounts month by month, the others from horizon to horizon."""
    horizons = np.array(settings.horizons)
    shape = (settings.draws, len(horizons))
    clients = scored.groups.clients
    scopes = scopes_of(clients)
    total: dict[str, Floats] = {scope: np.zeros(shape) for scope in scopes}
    by_key: dict[str, Floats] = {}
    memberships = _memberships(scopes, clients.n)
    for owner, money in _drawn(scored, config_version, settings):
        for scope in memberships[owner]:
            total[scope] += money
        if clients.is_key[owner]:
            group = str(clients.group_id[owner])
            by_key[group] = by_key.get(group, np.zeros(shape)) + money
    return DrawnMoney(total, by_key)


def _memberships(scopes: Mapping[str, Flags], n: int) -> list[list[str]]:
    return [[scope for scope, where in scopes.items() if where[place]] for place in range(n)]


def _drawn(
    scored: Scored, config_version: str, settings: LtvSettings
) -> Iterator[tuple[int, Floats]]:
    """Each part of each group with a margin: its group's place, and (draws, horizons)."""
    owners = scored.cutoff.clients.owners
    monthly = Spans.monthly(scored)
    by_horizon = Spans.by_horizon(scored, settings.horizons)
    at_horizon = np.array(settings.horizons) - 1
    for segment in sorted(set(scored.cutoff.clients.fit_segment)):
        draws = SegmentDraws(scored, segment, config_version, settings.draws)
        for position, place in enumerate(draws.fit.places.tolist()):
            owner = int(np.searchsorted(owners, place, side="right")) - 1
            if np.isnan(scored.margin[owner]):
                continue
            if scored.groups.clients.is_key[owner]:
                yield owner, draws.money(position, monthly)[:, at_horizon]
            else:
                yield owner, draws.money(position, by_horizon)


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
