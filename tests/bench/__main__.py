"""Measures what the product promises about speed, as ratios in one run; writes docs/benchmarks.md.

Usage: python -m tests.bench [PART ...] [LINES ...]. Parts: landing (of 1000000 and 10000000 lines
unless told), ltv; without one, all. A part that is not measured keeps its section of the page.
"""

import platform
import re
import sys
from collections.abc import Sequence

from tests.bench import landing, ltv
from tests.bench.measure import ROOT

PAGE = ROOT / "docs" / "benchmarks.md"
PARTS = {"landing": landing.HEADING, "ltv": ltv.HEADING}
HEAD = """# Benchmarks

Written by `make bench`. Ratios of whole processes in one run, one command after the
other, CPU (user and system, all threads) as the operating system counted it. No test holds a time.
"""


def main(arguments: Sequence[str]) -> None:
    """Measure the parts asked for and write their sections of the page."""
    sizes = [int(word) for word in arguments if word.isdigit()] or [1_000_000, 10_000_000]
    wanted = [word for word in arguments if not word.isdigit()] or list(PARTS)
    sections = _sections(PAGE.read_text(encoding="utf-8") if PAGE.exists() else "")
    machine = f"Machine: {platform.machine()}, Python {platform.python_version()}"
    for part in wanted:
        print(f"{part} ...", flush=True)
        body = landing.measured(sizes) if part == "landing" else ltv.measured()
        sections[PARTS[part]] = f"{machine}{body}"
    text = [f"## {heading}\n\n{sections[heading].strip()}\n" for heading in PARTS.values()
            if heading in sections]  # fmt: skip
    PAGE.write_text("\n".join([HEAD, *text]), encoding="utf-8")
    print(PAGE.read_text(encoding="utf-8"))


def _sections(page: str) -> dict[str, str]:
    """What stands under each heading of the page."""
    parts = re.split(r"^## (.+)$", page, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


if __name__ == "__main__":
    main(sys.argv[1:])
