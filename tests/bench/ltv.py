"""Fits and forecasts a million simulated clients with the served model and with two libraries."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import scipy

from tests.bench.ltv_served import CLIENTS, FEW, WEEKS
from tests.bench.measure import ROOT, Rounds, in_turn

HEADING = "Lifetime value"
PEERS_PYTHON = ROOT / ".venv-peers" / "bin" / "python"
PEERS = {"lifetimes": "lifetimes", "pymc-marketing": "pymc-marketing, MAP"}
OURS = "served model"
ROUNDS = 3
REGULARITIES = range(1, 13)
SAME = 1e-3
ALONE = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
TEXT = """{clients:,} simulated clients of up to three years ({repeats:,} repeats, daily dates).
One job, read from one file of x, t_x and T: fit MBG/NBD (k = 1), then expect the orders of every
client in the next {weeks:.0f} weeks. Each run is a process of its own with one thread for linear
algebra, after one that fills caches and is not counted. For every client the forecasts of all
must agree within {same:.1%}. Promised of the served model: at most 3 CPU-s and 400 MB, a quarter
of the CPU of either library.
"""
ABSENT = """The libraries to compare with are not installed here: `make test-peers` installs them
beside the project, and `make bench PART=ltv` then measures them too.
"""


def measured() -> str:
    """The section of the page."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        facts = json.loads(_answer("histories", str(folder / "in.npz")))
        compared = _compared(folder)
        by_k = in_turn({str(k): _served(folder, k) for k in REGULARITIES}, ROUNDS, **ALONE)
        few = float(_answer("few", str(folder / "in.npz")))
    text = TEXT.format(clients=CLIENTS, weeks=WEEKS, same=SAME, **facts)
    versions = f", numpy {np.__version__}, scipy {scipy.__version__}."
    return "\n".join([versions, "", text, *_table(compared), "", *_table_by_k(by_k), "",
        f"{FEW} clients, all k that the search tries and one forecast: {few:.0f} ms of CPU.",
    ])  # fmt: skip


def _compared(folder: Path) -> Rounds:
    commands = {OURS: _served(folder, 1)}
    if PEERS_PYTHON.exists():
        for library, name in PEERS.items():
            commands[name] = _peer(folder, library)
    for command in commands.values():
        subprocess.run(command(), cwd=ROOT, check=True)
    ours = np.load(folder / "served.npy")
    for theirs in map(np.load, sorted(folder.glob("*.npy"))):
        if not np.allclose(theirs, ours, rtol=SAME, atol=0):
            raise RuntimeError(
                f"the forecasts of one job differ by up to {np.max(np.abs(theirs / ours - 1)):.1%}"
            )
    return in_turn(commands, ROUNDS, **ALONE)


def _served(folder: Path, k: int) -> Callable[[], list[str]]:
    out = str(folder / ("served.npy" if k == 1 else "other.npy"))
    return lambda: [*_module("served"), str(folder / "in.npz"), out, str(k)]


def _peer(folder: Path, library: str) -> Callable[[], list[str]]:
    script = str(ROOT / "tests" / "bench" / "ltv_peers.py")
    out = str(folder / f"{library}.npy")
    return lambda: [str(PEERS_PYTHON), "-W", "ignore", script, library, str(folder / "in.npz"), out]


def _table(found: Rounds) -> list[str]:
    rows = ["| | rounds | CPU-s | peak MB | CPU over the served model's | load before | |",
            "|---|---|---|---|---|---|---|"]  # fmt: skip
    for name, runs in found.runs.items():
        rows.append(
            f"| {name} | {len(runs)} | {found.cpu_seconds(name):.2f} | {found.peak_mb(name):,.0f} |"
            f" {found.ratio(name, OURS):.1f} | {found.load:.1f} | {found.standing} |"
        )
    return rows if len(found.runs) > 1 else [*rows, "", ABSENT.strip()]


def _table_by_k(found: Rounds) -> list[str]:
    cells = [f"{found.cpu_seconds(name):.2f}" for name in found.runs]
    return [
        "The same job for each regularity k, served model, median CPU-s:",
        "",
        f"| k | {' | '.join(found.runs)} |",
        f"|---|{'---|' * len(cells)}",
        f"| CPU-s | {' | '.join(cells)} |",
    ]


def _module(task: str) -> list[str]:
    return [sys.executable, "-m", "tests.bench.ltv_served", task]


def _answer(task: str, *arguments: str) -> str:
    done = subprocess.run(
        [*_module(task), *arguments], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return done.stdout
