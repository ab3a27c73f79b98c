"""A cut-off: a day, its clients, and what was known of their orders by its end."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from assets.scores.ltv.history import Histories, OrderLog
from assets.scores.ltv.horizon import months_away
from assets.scores.ltv.inputs import UNDATED, Clients, Flags, Integers
from assets.scores.ltv.mbg_cnbd import Purchases
from assets.scores.ltv.season import Season, season_factors, whole_years
from assets.scores.ltv.settings import PROOF_MONTHS, LtvSettings


@dataclass(frozen=True)
class Cutoff:
    """A day and its clients, in the order of `source`: their order days, later ones included.

    `delivered_from` is the first delivered day; days count from 1970-01-01.
    """

    day: int
    delivered_from: int
    clients: Clients = field(repr=False)
    source: OrderLog = field(repr=False)

    @cached_property
    def log(self) -> OrderLog:
        """The order days that had come by the end of the day."""
        return self.source.until(self.day)

    @cached_property
    def histories(self) -> Histories:
        """The clients' histories on the day."""
        return self.log.of_calendar(self.day, self.clients.first_seen)

    def only(self, places: Integers) -> "Cutoff":
        """Some of the clients."""
        clients, source = self.clients.taken(places), self.source.of_clients(places)
        return Cutoff(self.day, self.delivered_from, clients, source)

    def earlier(self, day: int) -> "Cutoff":
        """The same clients, as far as they were known on an earlier day."""
        return Cutoff(day, self.delivered_from, self.clients, self.source)

    def is_known_from_start(self, settings: LtvSettings) -> Flags:
        """Whose first observed order is the first: those created since deliveries began.

        Where a creation is not known, the first order must come long after that day.
        """
        histories, created = self.histories, self.clients.created
        late = histories.first > self.delivered_from + settings.truncation_days
        trusted = np.where(created == UNDATED, late, created >= self.delivered_from)
        return (histories.n_orders > 0) & trusted

    def chosen_for_fit(self, settings: LtvSettings) -> tuple[Flags, bool]:
        """Who is fitted, and whether that is everyone as too few are known from the start."""
        known = self.is_known_from_start(settings)
        repeaters = int(np.count_nonzero(known & (self.histories.n_repeats > 0)))
        if repeaters < settings.pool_repeaters:
            return self.histories.n_orders > 0, True
        return known, False

    def season(self, where: Flags, settings: LtvSettings) -> Season:
        """Business time of some clients, up to the end of the longest horizon."""
        log, histories = self.log, self.histories
        ordered = where & (histories.n_orders > 0)
        is_repeat = where[log.client]
        is_repeat[log.starts[:-1][ordered]] = False
        factors = season_factors(
            log.day[is_repeat],
            histories.first[ordered],
            whole_years(self.delivered_from, self.day),
            min_months=settings.season_min_months,
            prior_orders=settings.season_prior_orders,
        )
        begun = int(histories.first[where].min()) if where.any() else self.day
        ended = months_away(self.day, max(*settings.horizons, *PROOF_MONTHS))
        return Season.of(factors, min(begun, self.day), ended)

    def purchases(self, places: Integers, season: Season) -> Purchases:
        """The histories of the clients at these places, in business weeks."""
        return self.log.of_clients(places).purchases(self.histories.taken(places), season)
