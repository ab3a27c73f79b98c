"""Asks the published libraries, in the environment of `make test-peers`, about order histories."""

import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from assets.scores.ltv.mbg_cnbd import Purchases
from tests.ltv.references import Floats
from tests.ltv.simulator import Market, simulate
from tests.ltv.summary import Integers, summarise

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv-peers" / "bin" / "python"
WEEKS = 39.0


@dataclass(frozen=True)
class Asked:
    """Order histories (times in weeks, mean value of orders) and what each library made of them.

    An answer has `parameters` and, where the library tells it, `log_likelihood` per week; of
    order models also `p_alive` and the `expected` orders of the next WEEKS, per client.
    """

    x: Floats
    t_x: Floats
    T: Floats
    mean_value: Floats
    answers: dict[str, Any]

    @property
    def history(self) -> tuple[Floats, Floats, Floats]:
        return self.x, self.t_x, self.T

    @property
    def purchases(self) -> Purchases:
        """The histories as the served model takes them; gaps do not matter to it at k = 1."""
        return Purchases(self.x.astype(np.int64), self.t_x, self.T, np.zeros(len(self.x)))


def ask(folder: Path, x: Floats, t_x: Floats, T: Floats, mean_value: Floats) -> Asked:
    """The answers of every library, whose process ends before this returns."""
    source, target = folder / "in.npz", folder / "out.json"
    np.savez(source, x=x, t_x=t_x, T=T, mean_value=mean_value, weeks=WEEKS)
    script = Path(__file__).with_name("peers.py")
    subprocess.run([PYTHON, "-W", "ignore", script, source, target], check=True)
    return Asked(x, t_x, T, mean_value, json.loads(target.read_text(encoding="utf-8")))


def ask_about_cdnow(folder: Path, shared_data: Callable[[str], Path]) -> Asked:
    """2,357 real customers of 39 weeks."""
    table = pd.read_csv(shared_data("cdnow") / "cdnow_customers_summary_with_transactions.csv")
    columns = [table[name].to_numpy(dtype=float) for name in ("x", "t_x", "T")]
    return ask(folder, *columns, table["zbar"].where(table["x"] > 0).to_numpy())


def ask_about_invented(folder: Path) -> Asked:
    """4,000 simulated clients of one to two years."""
    market = Market(n_clients=4_000, seed="peers")
    history = summarise(simulate(market).log, market.cutoff)
    return ask(folder, history.x.astype(float), history.t_x, history.T, _values(history.x))


def _values(n_values: Integers) -> Floats:
    """Mean value of so many orders per client, gamma at a gamma rate; NaN where there are none."""
    random = np.random.default_rng(39)
    rate = random.gamma(4.0, 1 / 15.0, len(n_values))
    total = random.gamma(np.maximum(n_values, 1) * 6.0, 1 / rate)
    return np.where(n_values > 0, total / np.maximum(n_values, 1), np.nan)
