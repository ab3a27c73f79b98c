"""The processes of the benchmark of lifetime value on our side of it.

Usage: python -m tests.bench.ltv_served histories OUT.npz | served IN.npz OUT.npy K | few IN.npz
"""

import json
import sys
import time

import numpy as np

from assets.scores.ltv.mbg_cnbd import Purchases
from assets.scores.ltv.mbg_fit import fit_k, fit_mbg_cnbd
from assets.scores.ltv.order_count import OrderModel

WEEKS = 52.0
CLIENTS = 1_000_000
FEW = 300


def histories(target: str) -> None:
    """Simulate clients and write x, and t_x and T in days."""
    from tests.ltv.simulator import Market, simulate
    from tests.ltv.summary import summarise

    market = Market(
        r=0.6, alpha=8.0, a=0.9, b=2.0, n_clients=CLIENTS, entry_days=1_095, cutoff=1_095,
        future=1, seed="bench",
    )  # fmt: skip
    history = summarise(simulate(market).log, market.cutoff)
    days = {name: np.rint(getattr(history, name) * 7).astype(np.int32) for name in ("t_x", "T")}
    np.savez(target, x=history.x.astype(np.int32), log_gaps=history.log_gaps, **days)
    print(json.dumps({"repeats": int(history.x.sum())}))


def _read(source: str) -> Purchases:
    with np.load(source) as given:
        x, last, observed = given["x"].astype(np.int64), given["t_x"] / 7, given["T"] / 7
        return Purchases(x, last, observed, given["log_gaps"])


def served(source: str, target: str, k: str) -> None:
    """Fit one k and write the orders expected of every client."""
    purchases = _read(source)
    fit = fit_k(purchases, int(k))
    model = OrderModel.of(fit.parameters, purchases)
    np.save(target, model.expected(np.full(purchases.n, WEEKS)))


def few(source: str) -> None:
    """Print the CPU in ms of choosing k for few clients and forecasting them, of many times."""
    purchases = _read(source).taken(np.arange(FEW))
    began, times = time.process_time(), 20
    for _ in range(times):
        fit = fit_mbg_cnbd(purchases)
        OrderModel.of(fit.parameters, purchases).expected(np.full(FEW, WEEKS))
    print((time.process_time() - began) / times * 1_000)


if __name__ == "__main__":
    {"histories": histories, "served": served, "few": few}[sys.argv[1]](*sys.argv[2:])
