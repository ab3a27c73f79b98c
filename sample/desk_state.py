"""What the sheets of the KAM desk are filled from: ids, names and yearly revenue."""

from dataclasses import dataclass, field

import numpy as np

from sample import people, team
from sample import stories as s
from sample.calendar import month_index
from sample.company import Base, Trade
from sample.contacts import Contact
from sample.crm import Crm
from sample.crm_text import full
from sample.plan import FAR, Plan, as_date
from sample.promotions import Promotion
from sample.workbook import Cell

Row = tuple[int, dict[str, Cell]]  # day from which the desk holds it, values by column


@dataclass(frozen=True)
class Desk:
    """Lookups shared by the sheets."""

    base: Base
    crm: Crm
    plan: Plan
    promotions: list[Promotion]
    revenue: np.ndarray  # cents [group, year - first_year]
    first_year: int
    account_of: dict[int, str]
    number_of: dict[int, int]
    persons_of: dict[int, list[Contact]] = field(default_factory=dict)

    @property
    def keys(self) -> list[int]:
        return [g for g in range(self.plan.groups) if s.is_key(g, self.plan)]

    def alive_until(self, group: int) -> int:
        return min(int(self.base.process.alive_until[group]), FAR)

    def customer(self, group: int) -> str:
        first = next(c for c in self.base.customers if c.group == group)
        return f"erp_main:{first.native_id}"

    def manager_on(self, group: int, day: int) -> int:
        spans = team.managers(group, self.plan)
        found = [p for p, begin, end in spans if begin <= day <= end]
        return found[-1] if found else people.seller_of(group)

    def spent(self, group: int, year: int) -> float:
        """Revenue of a calendar year in whole reais; the nearest full year outside history."""
        last = self.revenue.shape[1] - 2
        return float(self.revenue[group, min(max(year - self.first_year, 1), last)]) / 100


def person_id(position: int) -> str:
    return full("005", position + 1)


def contact_id(contact: Contact) -> str:
    return full("003", contact.number)


def when(day: int) -> Cell:
    """A date cell; empty for a day that never comes."""
    return None if day >= FAR else as_date(day)


def moment(day: int, minute: int) -> str:
    """UTC timestamp text of a local day and minute."""
    hour, rest = divmod(minute + 180, 60)
    return f"{as_date(day).isoformat()}T{hour:02d}:{rest:02d}:00Z"


def build(base: Base, crm: Crm, trade: Trade, promotions: list[Promotion], plan: Plan) -> Desk:
    p = trade.postings
    group_of = np.array([c.group for c in base.customers])[p.party]
    year = month_index(p.day) // 12 + 1970
    first = int(year.min())
    revenue = np.zeros((plan.groups + 2, int(year.max()) - first + 1), np.int64)
    np.add.at(revenue, (group_of, year - first), p.cents * (p.until >= FAR) * plan.scale)
    mains = [a for a in crm.accounts if not a.is_deleted and a.number % 4 == 1 and a.group >= 0]
    desk = Desk(
        base=base,
        crm=crm,
        plan=plan,
        promotions=promotions,
        revenue=revenue,
        first_year=first,
        account_of={a.group: full("001", a.number) for a in mains},
        number_of={a.group: a.number for a in mains},
    )
    for contact in crm.contacts:
        if not contact.master and contact.group >= 0:
            desk.persons_of.setdefault(contact.group, []).append(contact)
    return desk
