"""How many orders clients place in a span of time: exact, for any regularity k.

Platzer and Reutterer (2016), "Ticking away the moments", Marketing Science 35(5), give the parts.
A living client has run j < k stages since its last order with probability w_j; the stages of the
span are then negative binomial, of size A + j and chance z = t / (alpha + T + t), A = r + k x. An
n-th order needs n k - j of them, and to survive the n - 1 orders before it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assets.scores.ltv.distinct import distinct
from assets.scores.ltv.inputs import Floats, Integers
from assets.scores.ltv.mbg_cnbd import Parameters, Purchases

CHUNK = 16_384  # clients at a time: the arrays of one step stay in the cache
NEGLIGIBLE = 1e-15  # of a client's expected orders, and as a chance
MOST_ORDERS = 100_000
ASKED_EVERY = 4  # orders, whether a client still counts
UNDERFLOW = -600.0  # of a logarithm: below it a chance is carried with a shift
RESCALED = 1e200


@dataclass(frozen=True)
class OrderModel:
    """What is known of n clients' future orders; each field is an array (n,) but k.

    `alive`: probability of being a client at all. Then: stages at a rate ~ gamma(`size`, `rate`
    in weeks), an order every k of them, `idle` = (T - t_x) / (alpha + T) telling how many have run;
    after each order the client is lost with probability ~ beta(`a`, `b`); never, where `a` = 0.
    """

    k: int
    alive: Floats
    size: Floats
    rate: Floats
    idle: Floats
    a: Floats
    b: Floats

    @classmethod
    def of(cls, parameters: Parameters, purchases: Purchases) -> "OrderModel":
        """The model of clients with these histories under fitted parameters."""
        x, last, observed = purchases.n_repeats, purchases.last, purchases.observed
        return cls(
            k=parameters.k,
            alive=parameters.p_alive(x, last, observed),
            size=parameters.size(x),
            rate=parameters.alpha + observed,
            idle=parameters.idle(last, observed),
            a=np.full(len(x), parameters.a),
            b=np.asarray(parameters.b + x + 1.0, dtype=np.float64),
        )

    @property
    def n(self) -> int:
        """Number of clients."""
        return len(self.alive)

    def _columns(self, weeks: Floats) -> Floats:
        """All that the orders of a living client depend on once its stage is known, (5, n)."""
        return np.stack([self.size, self.rate, self.a, self.b, weeks])

    def taken(self, where: Any) -> "OrderModel":
        """The clients at these places."""
        arrays = {f.name: getattr(self, f.name)[where] for f in fields(self) if f.name != "k"}
        return OrderModel(k=self.k, **arrays)

    @classmethod
    def together(cls, models: Sequence["OrderModel"]) -> "OrderModel":
        """Models of one k as one, in their order."""
        arrays = {
            f.name: np.concatenate([getattr(model, f.name) for model in models])
            for f in fields(cls)
            if f.name != "k"
        }
        return cls(k=models[0].k, **arrays)

    def expected(self, weeks: Floats) -> Floats:
        """E[orders within `weeks`], one span per client (n,).

        Given the stage, it depends on few distinct columns only: each is counted once.
        """
        if self.k == 1 and not self.a.any():
            return np.asarray(self.alive * self.size / self.rate * weeks)
        columns, place = distinct(self._columns(weeks))
        by_stage = np.empty((self.k, columns.shape[1]))
        for at in range(0, columns.shape[1], CHUNK):
            part = slice(at, at + CHUNK)
            by_stage[:, part] = _sum_of(self.k, columns[:, part])
        total = np.empty(self.n)
        for at in range(0, self.n, CHUNK):
            part = slice(at, at + CHUNK)
            weight = stage_weights(self.taken(part))
            total[part] = np.sum(weight * by_stage[:, place[part]], axis=0)
        return self.alive * total

    def at_least(self, weeks: Floats, n_orders: int) -> Floats:
        """P(at least 1, 2, ... `n_orders` orders within `weeks`), (n, n_orders)."""
        found = np.zeros((self.n, n_orders))
        weight = stage_weights(self)
        for number, (places, chance) in enumerate(_tails(self.k, self._columns(weeks))):
            if number == n_orders:
                break
            found[places, number] = np.sum(weight[:, places] * chance, axis=0)
        return found * self.alive[:, None]

    def distribution(self, weeks: Floats) -> Floats:
        """P(at least 1, 2, ... orders), (n, N), N where nothing worth counting is left."""
        return self.outlook(weeks, np.arange(self.n))[1]

    def outlook(self, weeks: Floats, where: Integers) -> tuple[Floats, Floats]:
        """E[orders within `weeks`] (n,), and P(at least 1, 2, ...) of those at `where` (m, N)."""
        weight, total = stage_weights(self), np.zeros(self.n)
        slot = np.full(self.n, -1)
        slot[where] = np.arange(len(where))
        columns = []
        for places, by_stage in _tails(self.k, self._columns(weeks)):
            chance = np.sum(weight[:, places] * by_stage, axis=0)
            total[places] += chance
            kept = slot[places] >= 0
            column = np.zeros(len(where))
            column[slot[places[kept]]] = chance[kept]
            columns.append(column)
        at_least = np.stack(columns, axis=1) * self.alive[where, None]
        return self.alive * total, at_least


def _sum_of(k: int, columns: Floats) -> Floats:
    """Sum over n of P(X >= n | alive, stage), (k, n)."""
    total = np.zeros((k, columns.shape[1]))
    for places, chance in _tails(k, columns):
        total[:, places] += chance
    return total


def _tails(k: int, columns: Floats) -> Iterator[tuple[Integers, Floats]]:
    """P(X >= n | alive, stage) for n = 1, 2, ...: the places still counted, and theirs (k, m).

    `columns` are size, rate, a, b and weeks. A place has no more chances once they no longer add
    to their sum: what it gets hangs on no other place.
    """
    places = np.arange(columns.shape[1])
    walk = _Walk.of(k, *columns)
    total, live = np.zeros((k, len(places))), np.ones(len(places), dtype=bool)
    for n in range(1, MOST_ORDERS):
        chance = walk.next_order(n) * live
        yield places, chance
        total += chance
        if n % ASKED_EVERY:
            continue
        live &= np.any(walk.remaining() > NEGLIGIBLE * np.maximum(total, 1.0), axis=0)
        if not live.any():
            return
        if np.count_nonzero(live) < 0.9 * len(live):
            places, total, walk = places[live], total[:, live], walk.taken(live)
            live = live[live]
    weeks = float(np.max(columns[4]))
    raise ArithmeticError(
        f"orders within {weeks:.0f} weeks do not end at {MOST_ORDERS} of a client"
    )


@dataclass
class _Walk:
    """The negative binomials of the k stages, step by step; arrays (k, n) but `survived` (n,).

    `left`: chance of more steps than taken; `term` x exp(`shift`): chance of exactly as many.
    """

    k: int
    size: Floats
    coming: Floats
    term: Floats
    left: Floats
    shift: Floats
    steps: Floats
    a: Floats
    b: Floats
    survived: Floats

    @classmethod
    def of(cls, k: int, size: Floats, rate: Floats, a: Floats, b: Floats, weeks: Floats) -> "_Walk":
        size = size + np.arange(k, dtype=np.float64)[:, None]
        none = size * np.log(rate / (rate + weeks))
        shift = np.where(none < UNDERFLOW, none, 0.0)
        return cls(
            k=k,
            size=size,
            coming=weeks / (rate + weeks),
            term=np.exp(none - shift),
            left=np.ones_like(size),
            shift=shift,
            steps=np.zeros((k, 1)),
            a=a,
            b=b,
            survived=np.ones_like(a),
        )

    def next_order(self, n: int) -> Floats:
        """P(X >= n | alive, stage), n one more than the last time."""
        if n == 1:
            for stage in range(self.k):
                for _ in range(self.k - stage):
                    self._step(slice(stage, stage + 1))
        else:
            self.survived = self.survived * ((self.b + (n - 2)) / (self.a + self.b + (n - 2)))
            for _ in range(self.k):
                self._step(slice(None))
        return np.asarray(np.maximum(self.left, 0.0) * self.survived)

    def _step(self, rows: slice) -> None:
        """Take off the chance of exactly as many steps, and go on to one more."""
        term, shift = self.term[rows], self.shift[rows]
        if self.shift.any():
            self.left[rows] -= term * np.exp(shift)
            high = term > RESCALED
            term = np.where(high, term / RESCALED, term)
            self.shift[rows] = shift + np.where(high, np.log(RESCALED), 0.0)
        else:
            self.left[rows] -= term
        steps = self.steps[rows]
        self.term[rows] = term * ((self.size[rows] + steps) / (steps + 1.0) * self.coming)
        self.steps[rows] += 1.0

    def remaining(self) -> Floats:
        """Bound of the chance of still more steps: terms fall at least geometrically by now.

        `left` itself does not tell: rounding keeps it from reaching 0.
        """
        ratio = (self.size + self.steps) / (self.steps + 1.0) * self.coming
        term = self.term * np.exp(self.shift)
        falling = np.divide(term, 1.0 - ratio, out=np.ones_like(term), where=ratio < 1.0)
        return np.asarray(falling * self.survived)

    def taken(self, kept: NDArray[np.bool_]) -> "_Walk":
        """The walk of some of the clients."""
        arrays = {
            name: getattr(self, name)[..., kept]
            for name in ("size", "coming", "term", "left", "shift", "a", "b", "survived")
        }
        return _Walk(k=self.k, steps=self.steps, **arrays)


def stage_weights(model: OrderModel) -> Floats:
    """w_j: chance that a living client has run j stages since its last order, (k, n)."""
    weight = stage_terms(model.size, model.idle, model.k)
    return np.asarray(weight / np.sum(weight, axis=0))


def stage_terms(size: Floats, idle: Floats, k: int) -> Floats:
    """S_j for j < k, (k, n): the likelihood of having run j stages since the last order."""
    terms = [np.ones_like(size)]
    for j in range(1, k):
        terms.append(terms[-1] * (size + (j - 1)) / j * idle)
    return np.stack(terms)
