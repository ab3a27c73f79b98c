"""Two published libraries, on real and on simulated orders, say what our mathematics says."""

import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.ltv.references import (
    BgNbd,
    Floats,
    MbgNbd,
    ParetoNbd,
    gamma_gamma_log_likelihood,
    maximise,
)
from tests.ltv.simulator import Market, simulate
from tests.ltv.summary import Integers, summarise

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv-peers" / "bin" / "python"
WEEKS = 39.0

pytestmark = [
    pytest.mark.peers,
    pytest.mark.skipif(
        not PYTHON.exists(), reason="the libraries are not installed (make test-peers)"
    ),
]


@dataclass(frozen=True)
class Asked:
    """Order histories, and what each library made of them."""

    x: Floats
    t_x: Floats
    T: Floats
    mean_value: Floats
    answers: dict[str, Any]

    @property
    def history(self) -> tuple[Floats, Floats, Floats]:
        return self.x, self.t_x, self.T


def ask(folder: Path, x: Floats, t_x: Floats, T: Floats, mean_value: Floats) -> Asked:
    """Run the libraries in their own environment."""
    source, target = folder / "in.npz", folder / "out.json"
    np.savez(source, x=x, t_x=t_x, T=T, mean_value=mean_value, weeks=WEEKS)
    script = Path(__file__).with_name("peers.py")
    subprocess.run([PYTHON, "-W", "ignore", script, source, target], check=True)
    return Asked(x, t_x, T, mean_value, json.loads(target.read_text(encoding="utf-8")))


def cdnow(folder: Path, shared_data: Callable[[str], Path]) -> Asked:
    table = pd.read_csv(shared_data("cdnow") / "cdnow_customers_summary_with_transactions.csv")
    columns = [table[name].to_numpy(dtype=float) for name in ("x", "t_x", "T")]
    return ask(folder, *columns, table["zbar"].where(table["x"] > 0).to_numpy())


def simulated(folder: Path) -> Asked:
    market = Market(n_clients=4_000, seed="peers")
    history = summarise(simulate(market).log, market.cutoff)
    return ask(folder, history.x.astype(float), history.t_x, history.T, _values(history.x))


def _values(n_values: Integers) -> Floats:
    """Mean value of so many orders per client, gamma with a gamma rate; NaN where there are none."""
    random = np.random.default_rng(39)
    rate = random.gamma(4.0, 1 / 15.0, len(n_values))
    total = random.gamma(np.maximum(n_values, 1) * 6.0, 1 / rate)
    return np.where(n_values > 0, total / np.maximum(n_values, 1), np.nan)


@pytest.fixture(scope="module", params=["cdnow", "simulated"])
def asked(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    shared_data: Callable[[str], Path],
) -> Asked:
    folder = tmp_path_factory.mktemp(request.param)
    return cdnow(folder, shared_data) if request.param == "cdnow" else simulated(folder)


@pytest.mark.parametrize(
    ("name", "model", "tolerance"),
    [
        ("BetaGeoFitter", BgNbd, 1e-3),
        ("ModifiedBetaGeoFitter", MbgNbd, 1e-3),
        ("ParetoNBDFitter", ParetoNbd, 2e-3),
        ("BetaGeoModel", BgNbd, 1e-3),
        ("ModifiedBetaGeoModel", MbgNbd, 1e-3),
    ],
)
def test_textbook_code_and_libraries_agree(
    asked: Asked, name: str, model: Any, tolerance: float
) -> None:
    said = asked.answers[name]
    found, height = maximise(
        lambda *point: float(np.sum(model.log_likelihood(*point, *asked.history))), model.start
    )

    assert said["parameters"] == pytest.approx(found, rel=tolerance)
    if "log_likelihood" in said:
        assert said["log_likelihood"] == pytest.approx(height, abs=1e-3)
    theirs = said["parameters"]
    assert said["p_alive"] == pytest.approx(model.p_alive(*theirs, *asked.history), rel=1e-6)
    assert said["expected"] == pytest.approx(
        model.expected(WEEKS, *theirs, *asked.history), rel=1e-6
    )


def test_textbook_and_library_agree_on_values_of_orders(asked: Asked) -> None:
    said = asked.answers["GammaGammaFitter"]
    known = ~np.isnan(asked.mean_value)
    x, mean_value = asked.x[known], asked.mean_value[known]
    found, height = maximise(
        lambda p, q, gamma: float(np.sum(gamma_gamma_log_likelihood(p, q, gamma, x, mean_value))),
        (5.0, 3.0, 15.0),
    )

    assert said["parameters"] == pytest.approx(found, rel=1e-3)
    assert said["log_likelihood"] == pytest.approx(height, abs=1e-3)
