"""Who the clients truly are: groups, their ERP customers and how they come to be one."""

from dataclasses import dataclass

import numpy as np

from sample import stories as s
from sample.names import ABROAD, CITIES, ENDINGS, company, plain
from sample.plan import FAR, Plan
from sample.taxid import cnpj, cpf, spoiled

CHANNELS = ("VAREJO", "ATACADO", "FOODSERVICE")
INDUSTRIES = ("SUPERM", "ATACAD", "RESTAU")
INTERCOMPANY, UNMAPPED = "INTERCOMPANY", "UNMAPPED"
PSEUDO_CODES = {0: "900000", 1: "999999"}  # by position after the true groups
JOINS = ("branch", "root", "sales_group", "account")


@dataclass(frozen=True)
class Groups:
    """One position per true group; the last two are INTERCOMPANY and UNMAPPED."""

    names: list[str]
    labels: list[str]
    channel: np.ndarray
    is_key: np.ndarray
    created: np.ndarray
    join: list[str]
    city: np.ndarray


@dataclass(frozen=True)
class Customer:
    """One ERP customer, with what its record says on the first night."""

    group: int
    code: str
    store: str
    name: str
    tax_id: str
    is_natural: bool
    sales_group: str
    city: tuple[str, str, str]
    created: int
    known: int
    is_deleted: bool = False

    @property
    def native_id(self) -> str:
        return f"{self.code}-{self.store}"


def build_groups(plan: Plan) -> Groups:
    """Draws the groups: 40 % were clients before the history begins."""
    rng = plan.rng("groups")
    n = plan.groups
    channel = rng.choice(3, n, p=[0.45, 0.30, 0.25])
    is_key = np.array([s.is_key(g, plan) for g in range(n)])
    old = plan.start - rng.integers(30, 3_000, n)
    joined = rng.integers(plan.start + 20, plan.end - 30, n)
    is_old = is_key | (rng.random(n) < 0.40)
    fixed_old = [s.PROMOTABLE, s.ABSORBED, s.SHRINKING, *s.DOLLARS, s.NATURAL_PERSON, s.BAD_TAX_ID]
    is_old[fixed_old] = True
    created = np.where(is_old, old, joined)
    created[list(s.ALPHANUMERIC)] = plan.end - 75, plan.end - 50
    created[s.LATE_MASTER] = plan.end - 8
    join = [JOINS[i] for i in rng.choice(4, n, p=[0.35, 0.25, 0.2, 0.2])]
    for group in (s.SURVIVOR, s.MOVE_FROM, s.MOVE_TO, s.ABSORBED):
        join[group] = "sales_group"
    names = [company(g, CHANNELS[channel[g]]) for g in range(n)]
    return Groups(
        names=[*names, "Coligadas Sertália", "Sem cadastro"],
        labels=[f"G{g:05d}" for g in range(n)] + [INTERCOMPANY, UNMAPPED],
        channel=np.r_[channel, 1, 1],
        is_key=np.r_[is_key, False, False],
        created=np.r_[created, plan.start - 2_000, plan.start - 2_000],
        join=[*join, "account", "account"],
        city=np.r_[rng.integers(0, len(CITIES), n), 0, 0],
    )


def _members(groups: Groups, plan: Plan) -> np.ndarray:
    rng = plan.rng("members")
    n = len(groups.labels)
    count = np.where(groups.is_key, rng.integers(2, 6, n), rng.choice([1, 1, 1, 1, 2, 2, 3], n))
    single = [s.CROSSWALK_TRUE, s.CROSSWALK_FALSE, s.NATURAL_PERSON, s.BAD_TAX_ID, s.LATE_MASTER]
    single.append(s.TAX_ID_ONLY)
    count[[*single, *s.DOLLARS, s.ALPHANUMERIC[0], s.SHRINKING]] = 1
    count[[s.SURVIVOR, s.MOVE_FROM, s.MOVE_TO]] = 3
    count[[s.ABSORBED, s.ALPHANUMERIC[1], plan.groups]] = 2
    count[plan.groups + 1] = 1
    return count


def _root(group: int, branch: int) -> str:
    if group in s.ALPHANUMERIC:
        return f"{group}KAM{group + 70}{branch}"
    return str(11_000_000 + ((group * 16 + branch) * 7_919) % 80_000_000)


def _tax_id(group: int, member: int, join: str, is_intercompany: bool) -> str:
    if group in s.DOLLARS:
        return ""
    if group == s.NATURAL_PERSON:
        return cpf(312_456_789)
    if is_intercompany:
        return cnpj("10900500", member + 1)
    shares_root = join in ("branch", "root")
    number = cnpj(_root(group, 0 if shares_root else member), member + 1 if shares_root else 1)
    return spoiled(number) if group == s.BAD_TAX_ID else number


def build_customers(groups: Groups, plan: Plan) -> list[Customer]:
    """Every customer record, in order of code and store, with two deleted ones."""
    rng = plan.rng("customers")
    nights = s.Nights.of(plan)
    known = {s.LATE_MASTER: nights.correction, plan.groups + 1: FAR}
    out = []
    for group, count in enumerate(_members(groups, plan)):
        join = groups.join[group]
        for member in range(int(count)):
            place = CITIES[
                (int(groups.city[group]) + (int(rng.integers(0, 4)) if member else 0)) % 17
            ]
            code = (group + 1) * 10 + (0 if join == "branch" else member)
            created = int(groups.created[group]) + (int(rng.integers(0, 120)) if member else 0)
            created = min(created, plan.end - 8)
            name = f"{groups.names[group]} {ENDINGS[group % len(ENDINGS)]}"
            out.append(
                Customer(
                    group=group,
                    code=PSEUDO_CODES.get(group - plan.groups, f"{code:06d}"),
                    store=f"{member + 1:02d}" if join == "branch" or group >= plan.groups else "01",
                    name=_odd_name(group, name) if member == 0 else f"{name} Filial {member}",
                    tax_id=_tax_id(group, member, join, group >= plan.groups),
                    is_natural=group == s.NATURAL_PERSON,
                    sales_group=f"{group + 1:06d}" if join == "sales_group" else "",
                    city=ABROAD if group in s.DOLLARS else place,
                    created=created,
                    known=known.get(group, created),
                )
            )
    out += [_deleted(f"8{i:05d}", plan) for i in range(2)]
    return out


def _odd_name(group: int, name: str) -> str:
    """Names that hurt careless readers: quotes, the delimiter, formula and SQL text."""
    odd = {
        s.PROMOTABLE: 'Comercial D\'Ávila "Sul" Ltda; Matriz',
        s.SHRINKING: "=Soma Alimentos Ltda",
        s.ORPHAN_PARENT: "Empório'); DROP TABLE clientes Ltda",
        s.NATURAL_PERSON: "Elquira Montrexa Vilarque",
    }
    return odd.get(group, name)


def _deleted(code: str, plan: Plan) -> Customer:
    return Customer(
        group=-1,
        code=code,
        store="01",
        name="Cadastro em duplicidade",
        tax_id="",
        is_natural=False,
        sales_group="",
        city=CITIES[0],
        created=plan.start,
        known=plan.start,
        is_deleted=True,
    )


def sales_group_on(customer: Customer, position: int, movers: "Movers", today: int) -> str:
    """The sales group of the record as delivered on a night."""
    if customer.group == s.ABSORBED and today >= movers.merge_day:
        return f"{s.SURVIVOR + 1:06d}"
    if position == movers.customer and today >= movers.move_day:
        return f"{s.MOVE_TO + 1:06d}"
    return customer.sales_group


@dataclass(frozen=True)
class Movers:
    """The hierarchy changes that the nights tell."""

    merge_day: int
    move_day: int
    customer: int  # position of the customer that changes group

    @staticmethod
    def of(customers: list[Customer], plan: Plan) -> "Movers":
        nights = s.Nights.of(plan)
        members = [i for i, c in enumerate(customers) if c.group == s.MOVE_FROM]
        return Movers(nights.merge, nights.move, members[-1])


def true_group(customers: list[Customer], movers: Movers, today: int) -> np.ndarray:
    """The simulator's own group of every customer on a night (-1: deleted or not yet known)."""
    group = np.array([c.group for c in customers])
    if today >= movers.merge_day:
        group[group == s.ABSORBED] = s.SURVIVOR
    if today >= movers.move_day:
        group[movers.customer] = s.MOVE_TO
    known = np.array([FAR if c.is_deleted else c.known for c in customers])
    return np.where(known <= today, group, -1)


def domain(groups: Groups, group: int) -> str:
    return f"{plain(groups.names[group])}.example"
