"""Measures what the product promises about speed, as ratios in one run; writes docs/benchmarks.md.

Usage: python -m tests.bench [LINES ...] (default 1000000 10000000).
"""

import platform
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import duckdb

from tests.bench import landing
from tests.bench.measure import ROOT, Pairs

PAIRS = {1_000_000: 5}
FEWEST_PAIRS = 3
PAGE = ROOT / "docs" / "benchmarks.md"


def main(arguments: Sequence[str]) -> None:
    """Run every benchmark for each number of lines and write the page."""
    sizes = [int(argument) for argument in arguments] or [1_000_000, 10_000_000]
    rows = []
    for n_lines in sizes:
        print(f"landing {n_lines:,} lines ...", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            found = landing.compare(Path(folder), n_lines, PAIRS.get(n_lines, FEWEST_PAIRS))
        rows.append(_row(n_lines, found))
    PAGE.write_text(_page(rows), encoding="utf-8")
    print(PAGE.read_text(encoding="utf-8"))


def _row(n_lines: int, found: Pairs) -> str:
    ours = sorted(run.cpu_seconds for run in found.ours)[len(found.ours) // 2]
    raw = sorted(run.cpu_seconds for run in found.raw)[len(found.raw) // 2]
    peak = max(run.peak_mb for run in found.ours)
    void = "void: the machine had other work" if found.is_void else "counts"
    return (
        f"| {n_lines:,} | {len(found.ours)} | {ours:.1f} | {raw:.1f} | {found.ratio:.2f} |"
        f" {peak:,.0f} | {found.load:.1f} | {void} |"
    )


def _page(rows: Sequence[str]) -> str:
    machine = (
        f"{platform.machine()}, Python {platform.python_version()}, DuckDB {duckdb.__version__}"
    )
    return "\n".join(
        [
            "# Benchmarks",
            "",
            "Written by `make bench`. Ratios of whole processes in one run, one command after the",
            "other, CPU (user and system, all threads) as the operating system counted it.",
            f"Machine: {machine}. No test holds a time.",
            "",
            "## Landing",
            "",
            "One delivery of invoice lines in Protheus shape (18 columns) lands as on a night: two",
            "digests, the copy of the bytes, records counted, numbered, Parquet, keys told apart,",
            "control total, measures of the gate. Beside it the same file by DuckDB alone,",
            "`copy (select * from read_csv(...)) to ... (format parquet, compression zstd)`.",
            "Promised: at most 1.5 at ten million lines.",
            "",
            "| lines | pairs | landing, CPU-s | bare copy, CPU-s | median ratio | peak MB |"
            " load before | |",
            "|---|---|---|---|---|---|---|---|",
            *rows,
            "",
        ]
    )


if __name__ == "__main__":
    main(sys.argv[1:])
