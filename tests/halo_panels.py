"""Invented markets for tests of the halo: who is small where, what they buy, what is planted."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from assets.scores.halo.inputs import AnchorEvent, Category, HaloSettings, Market
from assets.scores.halo.verdict import judge_events

SETTINGS = HaloSettings(
    pre_months=12,
    post_months=6,
    min_groups=10,
    min_placebos=20,
    caliper=0.5,
    pretrend_p_min=0.10,
)
MONTHS = 60
EVENT_MONTH = 53


@dataclass
class Invented:
    """A market of `regions` with so many small groups each, and one event in region 0."""

    seed: int
    groups: tuple[int, ...] = (20, 20, 20, 20)
    effect: float = 0.0
    pretrend: float = 0.0
    noise: float = 0.10
    months: int = MONTHS
    event_month: int = EVENT_MONTH
    newcomer_rate: float = 0.02
    other_anchors: list[tuple[int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        rng = np.random.default_rng(self.seed)
        n = sum(self.groups)
        self.home = np.repeat(np.arange(len(self.groups)), self.groups)
        level = rng.normal(9.0, 0.15, n)
        season = 0.2 * np.sin(np.arange(self.months) / 12 * 2 * np.pi)
        log = level + season[:, None] + rng.normal(0, self.noise, (self.months, n))
        exposed = self.home == 0
        log[self.event_month + 1 :, exposed] += self.effect
        rising = np.clip(np.arange(self.months) - (self.event_month - 12), 0, 12)
        log[:, exposed] += self.pretrend * rising[:, None]
        self.revenue = np.expm1(log)
        self.first_month = np.where(
            rng.random(n) < self.newcomer_rate * self.months,
            rng.integers(0, self.months, n),
            -1,
        )

    def market(self) -> Market:
        region = np.tile(self.home.astype(np.int16), (self.months, 1))
        return Market(region, np.ones(self.months, dtype=bool), len(self.groups), self.months)

    def category(self) -> Category:
        anchors = [(0, self.event_month), *self.other_anchors]
        return Category(
            revenue_cc=self.revenue,
            revenue_rc=self.revenue * 2,
            is_invoiced=np.ones(self.revenue.shape, dtype=bool),
            first_month=self.first_month,
            first_region=self.home.astype(np.int64),
            first_proven_month=0,
            anchor_region=np.array([region for region, _ in anchors]),
            anchor_month=np.array([month for _, month in anchors]),
        )

    def judged(self, settings: HaloSettings = SETTINGS) -> pd.DataFrame:
        """The rows of the event, by outcome."""
        event = AnchorEvent("e", "ALL", 0, self.event_month, -1)
        pairs = [("ALL", self.category())]
        rows = judge_events(self.market(), pairs, {"ALL": [event]}, settings)
        return rows.set_index("outcome")
