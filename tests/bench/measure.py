"""Times commands in turn as whole processes: CPU of each child, peak memory, round by round."""

import os
import statistics
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Run:
    """One finished process: CPU seconds (user and system, all threads) and peak memory."""

    cpu_seconds: float
    peak_mb: float


@dataclass(frozen=True)
class Rounds:
    """What commands cost in turn, by name; `is_void` where the machine had other work to do."""

    runs: Mapping[str, list[Run]]
    load: float

    def cpu_seconds(self, name: str) -> float:
        """Median CPU of a command."""
        return statistics.median(run.cpu_seconds for run in self.runs[name])

    def peak_mb(self, name: str) -> float:
        """The most memory a command ever took."""
        return max(run.peak_mb for run in self.runs[name])

    def ratio(self, name: str, other: str) -> float:
        """Median of one command's CPU over another's, round by round."""
        both = zip(self.runs[name], self.runs[other], strict=True)
        return statistics.median(one.cpu_seconds / two.cpu_seconds for one, two in both)

    @property
    def is_void(self) -> bool:
        return self.load > (os.cpu_count() or 1)

    @property
    def standing(self) -> str:
        """Whether the rounds count, in a word."""
        return "void: the machine had other work" if self.is_void else "counts"


def in_turn(
    commands: Mapping[str, Callable[[], Sequence[str]]], rounds: int, **variables: str
) -> Rounds:
    """Run every command `rounds` times, one after the other; each call prepares a fresh run.

    `variables` are added to the environment of all.
    """
    load = os.getloadavg()[0]
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for number in range(rounds):
        for name, command in commands.items():
            runs[name].append(_run(command(), variables))
        spent = ", ".join(f"{name} {done[-1].cpu_seconds:.1f}" for name, done in runs.items())
        print(f"  round {number + 1} of {rounds}, CPU-seconds: {spent}", flush=True)
    return Rounds(runs, load)


def _run(command: Sequence[str], variables: Mapping[str, str]) -> Run:
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **variables})
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: ended with {process.returncode}")
    return Run(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
