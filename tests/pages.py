"""Invented frames behind the page of lifetime value, and drawings read back."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import pandas as pd

from assets.publish.pages.evidence import HORIZON_DAYS, NO_ORDER, ORDERS, REALISED, Evidence
from assets.scores.proof.pairs import ProofSettings

NIGHT = date(2026, 3, 31)
SETTINGS = ProofSettings(
    pool_months=36,
    pool_months_1095=72,
    min_events=10,
    min_non_events=10,
    min_groups=30,
    min_independent_cutoffs=2,
    bootstrap=10,
    interval=(0.05, 0.95),
)
PAIR = {
    "cutoff_date": "datetime64[s]",
    "client": "int32",
    "is_known": "bool",
    "forecast": "float64",
    "actual": "float64",
    "place": "float64",
}
PORTFOLIO = {
    "as_of_date": "datetime64[s]",
    "scope": "str",
    "horizon_months": "int64",
    "n_groups": "int64",
    **dict.fromkeys(
        ("ltv_mean_rc", "raw_p10_rc", "raw_p90_rc", "ltv_p10_rc", "ltv_p90_rc"), "float64"
    ),
    "is_beyond_proof": "bool",
    "is_reconstructed": "bool",
}
BACKTEST = {
    "as_of_date": "datetime64[s]",
    "score_id": "str",
    "outcome": "str",
    "horizon_days": "int64",
    "population": "str",
    "basis": "str",
    "measure": "str",
    **dict.fromkeys(("value", "lo", "hi"), "float64"),
    "n_cutoffs": "int64",
    "n_independent_cutoffs": "int64",
    "verdict": "str",
}


def frame(columns: dict[str, str], rows: Iterable[Sequence[object]] = ()) -> pd.DataFrame:
    """Rows as a typed frame."""
    found = pd.DataFrame(list(rows), columns=list(columns))
    return found.astype(columns)


def pairs(rows: Iterable[Sequence[object]] = ()) -> pd.DataFrame:
    """(decision date, client, is_known, forecast, actual, place)."""
    return frame(PAIR, rows)


def portfolio(rows: Iterable[Sequence[object]] = ()) -> pd.DataFrame:
    """Rows of kam.portfolio_ltv, as far as they are drawn."""
    return frame(PORTFOLIO, rows)


def backtest(rows: Iterable[Sequence[object]] = ()) -> pd.DataFrame:
    """Rows of kam.score_backtest, as far as they are read."""
    return frame(BACKTEST, rows)


def judged(outcome: str, measure: str, value: float, **other: object) -> list[object]:
    """A row of the backtest of the night: of everyone, reconstructed, unless said otherwise."""
    row: dict[str, object] = {
        "as_of_date": NIGHT,
        "score_id": "ltv",
        "outcome": outcome,
        "horizon_days": HORIZON_DAYS[outcome],
        "population": "all",
        "basis": "reconstructed",
        "measure": measure,
        "value": value,
        "lo": value - 0.1,
        "hi": value + 0.1,
        "n_cutoffs": 12,
        "n_independent_cutoffs": 1,
        "verdict": "NOT_PROVEN",
    }
    return list((row | other).values())


def evidence(**frames: pd.DataFrame) -> Evidence:
    """Evidence of a night with these frames; `orders`, `money` and `silence` are pairs."""
    named = {ORDERS: "orders", REALISED: "money", NO_ORDER: "silence"}
    return Evidence(
        company="Sample & <Co>",
        as_of=NIGHT,
        currency="BRL",
        content_hash="0123456789abcdef" * 4,
        settings=replace(SETTINGS),
        pairs={outcome: frames.get(name, pairs()) for outcome, name in named.items()},
        portfolio=frames.get("portfolio", portfolio()),
        backtest=frames.get("backtest", backtest()),
    )


class Read:
    """An SVG read back: its texts, and the places of what was drawn under a name."""

    def __init__(self, svg: str, name: str) -> None:
        self.root = ElementTree.fromstring(svg)
        self.name = name

    @property
    def texts(self) -> list[str]:
        """Every text, in order."""
        return [str(e.text) for e in self.root.iter() if e.tag.endswith("}text")]

    def _of(self, artist: str) -> ElementTree.Element | None:
        wanted = f"{self.name}-{artist}"
        return next((e for e in self.root.iter() if e.get("id") == wanted), None)

    def has(self, artist: str) -> bool:
        """Whether something was drawn under a name."""
        return self._of(artist) is not None

    def points(self, artist: str) -> list[tuple[float, float]]:
        """The markers of an artist, in pixels, y downwards."""
        found = self._of(artist)
        uses = [] if found is None else [e for e in found.iter() if e.tag.endswith("}use")]
        return [(float(use.get("x", "nan")), float(use.get("y", "nan"))) for use in uses]

    def paths(self, artist: str) -> list[list[tuple[float, float]]]:
        """The lines of an artist, as their corners in pixels."""
        found = self._of(artist)
        drawn = [] if found is None else [e for e in found.iter() if e.tag.endswith("}path")]
        return [_corners(str(path.get("d"))) for path in drawn]


def _corners(text: str) -> list[tuple[float, float]]:
    numbers = [float(part) for part in text.replace("z", "").split() if part not in "ML"]
    return list(zip(numbers[::2], numbers[1::2], strict=True))
