"""Times two commands in turn as whole processes: CPU of each child, peak memory, pair by pair."""

import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Run:
    """One finished process: CPU seconds (user and system, all threads) and peak memory."""

    cpu_seconds: float
    peak_mb: float


@dataclass(frozen=True)
class Pairs:
    """What two commands cost in turn; `is_void` where the machine had other work to do."""

    ours: list[Run]
    raw: list[Run]
    load: float

    @property
    def ratio(self) -> float:
        """Median of our CPU over the raw one's, pair by pair."""
        return statistics.median(
            ours.cpu_seconds / raw.cpu_seconds
            for ours, raw in zip(self.ours, self.raw, strict=True)
        )

    @property
    def is_void(self) -> bool:
        return self.load > (os.cpu_count() or 1)


def in_turn(
    ours: Callable[[], Sequence[str]], raw: Callable[[], Sequence[str]], pairs: int
) -> Pairs:
    """Run both commands `pairs` times, one after the other; each call prepares a fresh run."""
    load = os.getloadavg()[0]
    found: tuple[list[Run], list[Run]] = ([], [])
    for number in range(pairs):
        found[0].append(_run(ours()))
        found[1].append(_run(raw()))
        print(f"  pair {number + 1} of {pairs}: {found[0][-1].cpu_seconds:.1f} against "
              f"{found[1][-1].cpu_seconds:.1f} CPU-seconds", flush=True)  # fmt: skip
    return Pairs(*found, load=load)


def _run(arguments: Sequence[str]) -> Run:
    process = subprocess.Popen([sys.executable, *arguments], cwd=ROOT)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(arguments)}: ended with {process.returncode}")
    return Run(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
