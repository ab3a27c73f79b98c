"""The client's people: roles in the decision, support, and who has left."""

from dataclasses import dataclass
from datetime import date

from sample import stories as s
from sample.crm_accounts import Account
from sample.names import person, plain
from sample.plan import FAR, Plan, day

ECONOMIC, TECHNICAL, USER, PROCUREMENT, CHAMPION, GATEKEEPER, BLOCKER, UNKNOWN = range(8)
ROLES = (
    "Economic Buyer",
    "Technical Buyer",
    "User",
    "Procurement",
    "Champion",
    "Gatekeeper",
    "Blocker",
    "",
)
TITLES = (
    "Diretor Comercial",
    "Gerente de Qualidade",
    "Gerente de Loja",
    "Comprador",
    "Gerente de Categoria",
    "Assistente de Compras",
    "Controller",
    "",
)
DEPARTMENTS = (
    "Diretoria",
    "Qualidade",
    "Operações",
    "Compras",
    "Comercial",
    "Compras",
    "Financeiro",
    "",
)
SUPPORT = ("Mentor", "Supporter", "Neutral", "Non-Supporter", "Opponent", "")
KEY_ROLES = (ECONOMIC, PROCUREMENT, TECHNICAL, CHAMPION, USER, GATEKEEPER, USER, BLOCKER, UNKNOWN)
OTHER_ROLES = (PROCUREMENT, ECONOMIC, USER)
RECENTLY_LEFT = day(date(2026, 2, 10))


@dataclass(frozen=True)
class Contact:
    """One person of a client; numbers make the ids."""

    number: int
    account: int
    group: int
    first: str
    last: str
    email: str
    role: int
    support: int
    reports_to: int
    created: int
    left: int
    updated: int
    updated_by: int
    master: int = 0


def build(accounts: list[Account], plan: Plan) -> list[Contact]:
    """Seven to nine people for a key account, one to three for others."""
    rng = plan.rng("contacts")
    out: list[Contact] = []
    for a in accounts:
        if a.is_deleted or a.master or (a.number % 4 == 2 and a.group >= 0):
            continue
        wanted = (
            KEY_ROLES[: int(rng.integers(7, 10))]
            if a.is_key
            else OTHER_ROLES[: int(rng.integers(1, 4))]
        )
        boss = 0
        for role in wanted:
            number = len(out) + 1
            first, last = person(1_000 + number)
            created = max(a.created, plan.start - 400) + int(rng.integers(0, 200))
            created = min(created, plan.end - 9)
            left = created + int(rng.integers(200, 1_500)) if rng.random() < 0.05 else FAR
            left = FAR if left > plan.end - 20 else left
            if role == ECONOMIC:
                left = {s.LOST_KEY: s.BUYER_LEFT, s.MOVE_FROM: RECENTLY_LEFT}.get(a.group, FAR)
            support = int(rng.choice(6, p=[0.1, 0.3, 0.3, 0.1, 0.05, 0.15]))
            updated = plan.end - 3 - int(rng.integers(0, 500))
            out.append(
                Contact(
                    number=number,
                    account=a.number,
                    group=a.group,
                    first=first,
                    last=last,
                    email=f"{plain(first)}{number}@cliente{a.number}.example" if number % 9 else "",
                    role=role,
                    support=4 if a.group == s.NO_DEPTH else support,
                    reports_to=boss,
                    created=created,
                    left=left,
                    updated=max(created, updated),
                    updated_by=a.owner,
                )
            )
            boss = boss or (number if role == ECONOMIC else 0)
    doubles = [c for c in out if c.number % 97 == 50]
    for c in doubles:
        out.append(
            Contact(
                len(out) + 1,
                c.account,
                c.group,
                c.first,
                c.last,
                c.email,
                c.role,
                c.support,
                0,
                c.created,
                FAR,
                c.updated,
                c.updated_by,
                master=c.number,
            )
        )
    return out
