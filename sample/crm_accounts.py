"""CRM accounts: how our sellers see the same clients, with their double and stray records."""

from dataclasses import dataclass, replace

from sample import people, world
from sample import stories as s
from sample.company import Base
from sample.names import CITIES, KINDS, WORDS, company, plain
from sample.plan import FAR, Plan
from sample.taxid import cnpj

PER_GROUP = 4  # account numbers kept for each group
FIRST_PROSPECT = 900_000
NOWHERE = 899_999  # a parent that no record has


@dataclass(frozen=True)
class Account:
    """One CRM account as its record stands on a night; numbers make the ids."""

    number: int
    label: str  # the true group
    group: int  # -1 for prospects
    name: str
    parent: int = 0
    master: int = 0
    is_deleted: bool = False
    tax_id: str = ""
    customers: tuple[str, ...] = ()
    website: str = ""
    city: tuple[str, str, str] = CITIES[0]
    owner: int = 0
    created: int = 0
    is_key: bool = False
    key_from: int = FAR
    industry: str = ""


def main_number(group: int) -> int:
    return group * PER_GROUP + 1


def _tax_id_only(group: int, base: Base, chance: float) -> bool:
    if group == s.TAX_ID_ONLY:
        return True
    story = group < s.FIRST_FREE_KEY or base.groups.is_key[group]
    return not story and base.groups.join[group] in ("branch", "root") and chance < 0.2


def key_from(group: int, plan: Plan) -> int:
    """First day in the programme; group 4 carries the bare flag without dates."""
    return FAR if group == 4 else plan.start + group * 37 % 500


def _punctuated(number: str) -> str:
    return f"{number[:2]}.{number[2:5]}.{number[5:8]}/{number[8:12]}-{number[12:]}"


def build(base: Base, plan: Plan) -> list[Account]:
    """Every account as on the first night; about one group in sixteen has none."""
    rng = plan.rng("accounts")
    members: dict[int, list[world.Customer]] = {}
    for customer in base.customers:
        members.setdefault(customer.group, []).append(customer)
    out = []
    for group in range(plan.groups):
        chance, second, double = rng.random(3)
        free = group >= s.FIRST_FREE_KEY and not base.groups.is_key[group]
        if free and base.groups.join[group] != "account" and chance > 0.93:
            continue
        out += _of_group(group, members[group], base, plan, chance, second, double)
    return [*out, *_prospects(base, plan), _trash(plan)]


def _of_group(
    group: int,
    members: list[world.Customer],
    base: Base,
    plan: Plan,
    chance: float,
    second: float,
    double: float,
) -> list[Account]:
    groups = base.groups
    by_tax = _tax_id_only(group, base, chance)
    listed = members if groups.join[group] != "sales_group" else members[:1]
    hidden = by_tax or group == s.CROSSWALK_TRUE
    tax = members[0].tax_id
    show_tax = by_tax or (group > s.FIRST_FREE_KEY and chance < 0.6 and len(tax) == 14)
    number = main_number(group)
    main = Account(
        number=number,
        label=groups.labels[group],
        group=group,
        name=groups.names[group],
        tax_id=(_punctuated(tax) if group % 2 else tax) if show_tax else "",
        customers=() if hidden else tuple(f"erp_main:{c.native_id}" for c in listed),
        website=f"https://www.{world.domain(groups, group)}/" if group % 5 else "",
        city=members[0].city,
        owner=int(people.positions(plan)[group]),
        created=max(members[0].created - 20, plan.start - 700),
        is_key=bool(groups.is_key[group]),
        key_from=key_from(group, plan) if groups.is_key[group] else FAR,
        industry=world.INDUSTRIES[groups.channel[group]],
        parent={s.PARENT_CYCLE: number + 1, s.ORPHAN_PARENT: NOWHERE}.get(group, 0),
    )
    plain_copy = replace(main, customers=(), tax_id="", is_key=False, key_from=FAR, parent=number)
    out = [main]
    if group == s.PARENT_CYCLE or (groups.is_key[group] and second < 0.5 and group > 5):
        out.append(replace(plain_copy, number=number + 1, name=f"{main.name} Lojas"))
    if group == s.MERGED_ACCOUNTS or (group > s.FIRST_FREE_KEY and double < 0.04):
        copy = replace(plain_copy, number=number + 2, name=f"{main.name} (duplicada)", parent=0)
        out.append(replace(copy, is_deleted=True, master=number))
    return out


def _prospects(base: Base, plan: Plan) -> list[Account]:
    """Companies that never bought; the first shares a tax-id root with a client it is not."""
    rng = plan.rng("prospects")
    out = []
    for i in range(4 + plan.groups // 40):
        channel = world.CHANNELS[i % 3]
        name = f"{KINDS[channel][i % 4]} {WORDS[-1 - i % 9]} Novo {i + 1}"
        taken = world._root(s.CROSSWALK_FALSE, 0)
        tax = cnpj(taken, 2) if i == 0 else cnpj(f"{97_000_000 + i * 31}", 1) if i % 3 else ""
        out.append(
            Account(
                number=FIRST_PROSPECT + i,
                label=f"P{i:05d}",
                group=-1,
                name=name,
                tax_id=tax,
                website=f"https://{plain(name)}.example",
                city=CITIES[int(rng.integers(0, 17))],
                owner=people.seller_of(i),
                created=plan.end - int(rng.integers(60, 700)),
                industry=world.INDUSTRIES[i % 3],
            )
        )
    return out


def _trash(plan: Plan) -> Account:
    return Account(
        number=FIRST_PROSPECT - 2,
        label="",
        group=-1,
        name=company(999, "VAREJO") + "\nteste",
        is_deleted=True,
        created=plan.start,
    )


def on_night(accounts: list[Account], base: Base, today: int) -> list[Account]:
    """The records as delivered on a night: what exists by then, with the planted changes."""
    out = []
    for account in accounts:
        if account.created > today:
            continue
        if account.group == s.ABSORBED and today >= base.movers.merge_day and not account.master:
            account = replace(account, parent=main_number(s.SURVIVOR))
        out.append(account)
    return out


def true_label(account: Account, base: Base, today: int) -> str:
    """The simulator's own group of an account on a night."""
    if account.group == s.ABSORBED and today >= base.movers.merge_day:
        return base.groups.labels[s.SURVIVOR]
    return account.label
