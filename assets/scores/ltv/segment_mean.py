"""Rung 4: what clients of a segment ordered after their first weeks, for clients as young."""

import numpy as np

from assets.scores.ltv.cutoff import Cutoff
from assets.scores.ltv.forecast import Calendar, Forecast
from assets.scores.ltv.horizon import months_after
from assets.scores.ltv.inputs import COMPANY, Floats, Integers
from assets.scores.ltv.rungs import METHODS, SEGMENT_MEAN
from assets.scores.ltv.settings import LtvSettings
from assets.scores.proof.forecasts import LEVELS

LATER_THAN_ANY = 10_000_000  # days
FEWEST = 10  # clients observed long enough, below which the company's stand in


def forecast_new_clients(
    forecast: Forecast, cutoff: Cutoff, calendar: Calendar, settings: LtvSettings
) -> None:
    """Fill in the clients without a repeat in their first weeks, where enough others are known.

    Only clients known from their first order count; a horizon that too few of them were observed
    for keeps what the segment's rung says.
    """
    new = cutoff.histories.is_new(settings.new_weeks) & (cutoff.histories.n_orders > 0)
    known = cutoff.is_known_from_start(settings)
    for segment in sorted(set(cutoff.clients.fit_segment[new])):
        places = np.flatnonzero(new & (cutoff.clients.fit_segment == segment))
        own = np.flatnonzero(known & cutoff.clients.in_segment(segment))
        everyone = np.flatnonzero(known & cutoff.clients.in_segment(COMPANY))
        for position, months in enumerate(forecast.months):
            cumulative = next(
                (
                    counted
                    for clients in (own, everyone)
                    if len(counted := orders_after(cutoff, clients, months, settings)) >= FEWEST
                ),
                None,
            )
            if cumulative is None:
                continue
            mean = np.mean(cumulative, axis=0)[None, :]
            forecast.rung[places, position] = SEGMENT_MEAN
            forecast.method[places, position] = METHODS[SEGMENT_MEAN]
            forecast.expected[places, position] = mean[0, -1]
            forecast.discounted[places, position] = calendar.worth(mean, months)[0]
            forecast.percentiles[places, position] = np.quantile(
                cumulative[:, -1], LEVELS, method="inverted_cdf"
            )


def orders_after(cutoff: Cutoff, clients: Integers, months: int, settings: LtvSettings) -> Floats:
    """Orders to the end of month 1, 2, ... after the first weeks of clients observed that long."""
    begun = cutoff.histories.first[clients] + int(7 * settings.new_weeks)
    ends = months_after(begun, months)
    seen = ends[:, -1] <= cutoff.day
    log = cutoff.log.of_clients(clients[seen])
    begun, ends = begun[seen], ends[seen]
    day, place = log.day, log.client
    after = day > begun[place]
    month = np.searchsorted(
        _keyed(np.arange(len(begun))[:, None], ends).ravel(), _keyed(place, day)
    )
    month = month - months * place
    kept = after & (month < months)
    counted = np.zeros((len(begun), months))
    np.add.at(counted, (place[kept], month[kept]), 1.0)
    return np.cumsum(counted, axis=1)


def _keyed(place: Integers, day: Integers) -> Integers:
    """One sortable number for a client's place and a day."""
    return np.asarray(place * LATER_THAN_ANY + day)
