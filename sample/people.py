"""Our own people: managers, sellers and the other departments."""

from dataclasses import dataclass

import numpy as np

from sample import stories as s
from sample.names import person, plain
from sample.plan import FAR, Plan

N_MANAGERS, N_SELLERS = 7, 12
DIRECTOR, FIRST_MANAGER, EARLIER_LEAVER, FIRST_SELLER = 0, 1, 8, 9
LEAVER_POSITION = FIRST_MANAGER + s.LEAVER
# department as spelled in the CRM, how many people
OTHERS = (
    ("Marketing", 2),
    ("Trade Mkt", 3),
    ("Logística", 2),
    ("Supply Chain", 1),
    ("Financeiro", 3),
    ("Produção", 2),
    ("TI", 1),
    ("Industrial", 1),
    ("Controladoria", 1),
)
SALES_SPELLINGS = ("Vendas", "Comercial", "KAM")


@dataclass(frozen=True)
class Person:
    """One of our people."""

    position: int
    name: str
    email: str
    department: str
    superior: int
    seller_codes: tuple[str, ...]
    left: int = FAR


def build() -> list[Person]:
    """Everybody, in a fixed order, the same in every size of company."""
    departments = ["Vendas", *["KAM"] * N_MANAGERS, "Comercial", *["Vendas", "Comercial"] * 6]
    for name, count in OTHERS:
        departments += [name] * count
    out = []
    for i, department in enumerate(departments):
        first, last = person(i * 3 + 1)
        mail = f"{plain(first)}.{plain(last.split()[0])}{i}@sertalia.example"
        left = {LEAVER_POSITION: s.LEAVER_LAST_DAY, EARLIER_LEAVER: s.EARLIER_LEAVER_LAST_DAY}
        out.append(
            Person(
                i,
                f"{first} {last}",
                mail,
                department,
                0 if i else -1,
                seller_codes(i),
                left.get(i, FAR),
            )
        )
    return out


def seller_codes(position: int) -> tuple[str, ...]:
    if FIRST_SELLER <= position < FIRST_SELLER + N_SELLERS:
        code = f"{position - FIRST_SELLER + 1:06d}"
        return (code, "000099") if position == FIRST_SELLER else (code,)
    if FIRST_MANAGER <= position <= EARLIER_LEAVER:
        return (f"{position + 20:06d}",)
    return ()


def manager_of(group: int, plan: Plan) -> int | None:
    """Position of the account manager of a key account; None for the others."""
    if not s.is_key(group, plan):
        return None
    rank = group if group < 6 else group - s.FIRST_FREE_KEY + 6
    return FIRST_MANAGER + rank % N_MANAGERS


def seller_of(group: int) -> int:
    return FIRST_SELLER + group % N_SELLERS


def seller_code_of_group(plan: Plan) -> list[str]:
    """ERP seller of every group: the manager for two key accounts in three, else the seller."""
    codes = []
    for group in range(plan.groups + 2):
        manager = manager_of(group, plan)
        use_manager = manager is not None and group % 3 != 2
        codes.append(seller_codes(manager if use_manager and manager else seller_of(group))[0])
    return codes


def positions(plan: Plan) -> np.ndarray:
    """Owner of every group in the CRM: the manager of a key account, else the seller."""
    return np.array([manager_of(g, plan) or seller_of(g) for g in range(plan.groups)])
