"""Protheus master tables: customers, sellers, products, prices, costs, rates, periods."""

from datetime import date
from pathlib import Path

import numpy as np

from sample import people, products, world
from sample.calendar import month_index, month_start, next_business
from sample.company import Base
from sample.documents import TES
from sample.native import Table, blank, branch, delta, finished, save, taken
from sample.plan import FAR, Plan, day
from sample.taxid import cnpj
from sample.text import constant, decimal, native_date, serial, words
from sample.titles import TERMS, terms_of

TES_TEXT = (
    "VENDA",
    "VENDA EXPORTACAO",
    "FRETE COBRADO",
    "BONIFICACAO",
    "COMPLEMENTO PRECO",
    "VENDA COLIGADA",
    "TRANSFERENCIA",
    "DEVOLUCAO COMPRA",
    "DEVOLUCAO VENDA",
)
ALL_TES = (*TES, "520", "530", "101")
NO_RECEIVABLE = ("510", "520")
FREIGHT_GROUP = "0009"


def customers(base: Base, plan: Plan, today: int) -> Table:
    """SA1010 as the ERP shows it on a night."""
    use = [(i, c) for i, c in enumerate(base.customers) if c.known <= today]
    n = len(use)
    seller = people.seller_code_of_group(plan)
    group = [c.group for _, c in use]
    channel = [world.CHANNELS[base.groups.channel[g]] if g >= 0 else "" for g in group]
    blocked = [c.is_deleted or base.process.alive_until[c.group] < today - 365 for _, c in use]
    mail = [f"compras@{world.domain(base.groups, g)}" if g >= 0 else "" for g in group]
    table = {
        "A1_FILIAL": blank(2, n),
        "A1_COD": words([c.code for _, c in use], None, 6),
        "A1_LOJA": words([c.store for _, c in use], None, 2),
        "A1_NOME": words([c.name[:40] for _, c in use], None, 40),
        "A1_NREDUZ": words([base.groups.names[g][:20] for g in group], None, 20),
        "A1_PESSOA": words(["F" if c.is_natural else "J" for _, c in use]),
        "A1_CGC": words([c.tax_id for _, c in use], None, 14),
        "A1_MUN": words([c.city[0] for _, c in use], None, 60),
        "A1_EST": words([c.city[1] for _, c in use], None, 2),
        "A1_REGIAO": words([c.city[2] for _, c in use], None, 3),
        "A1_PAIS": words(["586" if c.city[1] == "EX" else "105" for _, c in use], None, 3),
        "A1_VEND": words([seller[g] if g >= 0 else "" for g in group], None, 6),
        "A1_COND": words([TERMS[int(terms_of(np.array(g)))][0] for g in group], None, 3),
        "A1_GRPVEN": words(
            [world.sales_group_on(c, i, base.movers, today) for i, c in use], None, 6
        ),
        "A1_SATIV1": words(
            [world.INDUSTRIES[base.groups.channel[g]] if g >= 0 else "" for g in group], None, 6
        ),
        "A1_CODSEG": blank(6, n),
        "A1_LC": decimal(base.process.value_cents[np.array(group)] * 4 // 100_000 * 100_000),
        "A1_EMAIL": words(mail, None, 60),
        "A1_DTCAD": native_date(np.array([c.created for _, c in use])),
        "A1_MSBLQL": words(["1" if b else "2" for b in blocked]),
        "A1_XCANAL": words(channel, None, 12),
        "A1_XINTER": words(["S" if g == plan.groups else "N" for g in group]),
        "A1_XTERR": words([f"T{g % 8 + 1:02d}" if g >= 0 else "" for g in group], None, 3),
    }
    return finished(table, np.array([c.is_deleted for _, c in use]))


def _small(columns: dict[str, list[str]], widths: dict[str, int], deleted: int = 0) -> Table:
    table = {name: words(values, None, widths[name]) for name, values in columns.items()}
    rows = len(next(iter(columns.values())))
    return finished(table, np.arange(rows) >= rows - deleted)


def sellers() -> Table:
    """SA3010; code 000099 is a former code of the first seller."""
    rows = [(code, p) for p in people.build() for code in p.seller_codes]
    n = len(rows)
    return _small(
        {
            "A3_FILIAL": [""] * n,
            "A3_COD": [c for c, _ in rows],
            "A3_NOME": [p.name for _, p in rows],
            "A3_NREDUZ": [p.name[:25] for _, p in rows],
            "A3_SUPER": [""] * n,
            "A3_GEREN": [""] * n,
            "A3_TIPO": ["I"] * n,
            "A3_EMAIL": [p.email for _, p in rows],
            "A3_MSBLQL": ["1" if c == "000099" else "2" for c, _ in rows],
        },
        {
            "A3_FILIAL": 2,
            "A3_COD": 6,
            "A3_NOME": 40,
            "A3_NREDUZ": 25,
            "A3_SUPER": 6,
            "A3_GEREN": 6,
            "A3_TIPO": 1,
            "A3_EMAIL": 60,
            "A3_MSBLQL": 1,
        },
    )


def product_tables(base: Base) -> dict[str, Table]:
    """SBM010 categories and SB1010 products, with one deleted product."""
    groups = [f"{i + 1:04d}" for i in range(5)] + [FREIGHT_GROUP]
    names = [*products.CATEGORIES, "Serviços"]
    code = [*products.CODES, "PA9999"]
    n = len(code)
    number = np.arange(40)
    family = [products.FAMILIES[p // 8][p % 8 // 4] for p in number]
    described = [f"{family[p]} tipo {p % 4 + 1} cx" for p in number]
    weight = base.catalogue.weight_grams.tolist()
    goods = {
        "B1_FILIAL": blank(2, n),
        "B1_COD": words(code, None, 15),
        "B1_DESC": words([*described, "Frete cobrado do cliente", "Produto duplicado"], None, 30),
        "B1_TIPO": words([*["PA"] * 40, "SV", "PA"]),
        "B1_UM": words([*["CX"] * 40, "UN", "CX"]),
        "B1_GRUPO": words([groups[p // 8] for p in number] + [FREIGHT_GROUP, "0001"]),
        "B1_PESO": decimal(np.array([*weight, 0, 0]), 3),
        "B1_XFAMIL": words([*family, "Frete", ""], None, 20),
        "B1_MSBLQL": words(["1" if p in (11, 41) else "2" for p in range(n)]),
    }
    return {
        "sbm010": _small(
            {"BM_FILIAL": [""] * 6, "BM_GRUPO": groups, "BM_DESC": names},
            {"BM_FILIAL": 2, "BM_GRUPO": 4, "BM_DESC": 30},
        ),
        "sb1010": finished(goods, np.arange(n) == n - 1),
    }


def prices(base: Base, plan: Plan) -> Table:
    """DA1010: one list price a product and year, and a deleted row."""
    cat = base.catalogue
    years = np.repeat(np.arange(len(cat.list_cents)), 41)
    product = np.tile(np.arange(41), len(cat.list_cents))
    start = np.array([day(date(cat.first_year + int(y), 1, 1)) for y in range(len(cat.list_cents))])
    known = start[years] <= plan.end
    years, product = years[known], product[known]
    n = len(years)
    when = start[years]
    when[-1] += 14
    table = {
        "DA1_FILIAL": blank(2, n),
        "DA1_CODTAB": constant("001", n),
        "DA1_CODPRO": words(products.CODES, product, 15),
        "DA1_PRCVEN": decimal(cat.list_cents[years, product]),
        "DA1_DATVIG": native_date(when),
        "DA1_ATIVO": constant("1", n),
        "DA1_MOEDA": constant("1", n),
    }
    return finished(table, np.arange(n) == n - 1)


def costs(base: Base) -> tuple[Table, np.ndarray]:
    """SB9010 and the day each row is known: a month's cost two days after its end."""
    units = base.catalogue.cost_units
    month, place, product = (a.ravel() for a in np.indices(units.shape))
    last = month_start(month + base.catalogue.first_month + 1) - 1
    keep = ~((product == products.UNCOSTED[0]) & (place + 1 == products.UNCOSTED[1]))
    month, place, product, last = month[keep], place[keep], product[keep], last[keep]
    n = len(month)
    table = finished(
        {
            "B9_FILIAL": branch(place + 1),
            "B9_COD": words(products.CODES, product, 15),
            "B9_LOCAL": constant("01", n),
            "B9_DATA": native_date(last),
            "B9_CM1": decimal(units[month, place, product], 4),
        }
    )
    return table, next_business(last)


def rates(base: Base) -> tuple[Table, np.ndarray]:
    """SM2010: one rate a business day."""
    days = np.arange(
        base.catalogue.first_day, base.catalogue.first_day + len(base.catalogue.rate_units)
    )
    days = days[next_business(days) == days]
    table = finished(
        {
            "M2_DATA": native_date(days),
            "M2_MOEDA1": decimal(np.full(len(days), 10_000), 4),
            "M2_MOEDA2": decimal(base.catalogue.rate(days), 4),
        }
    )
    return table, days


def close_day(month: np.ndarray) -> np.ndarray:
    """A month is closed on the business day on or after the 5th of the next."""
    return next_business(month_start(np.asarray(month) + 1) + 4)


def periods(plan: Plan, today: int) -> Table:
    """CTG010: both branches' periods, open ones without a closing date."""
    first, last = int(month_index(plan.start)), int(month_index(plan.end)) // 12 * 12 + 11
    month = np.repeat(np.arange(first, last + 1), 2)
    place = np.tile([1, 2], last + 1 - first)
    closed = close_day(month)
    return finished(
        {
            "CTG_FILIAL": branch(place),
            "CTG_CALEND": constant("001", len(month)),
            "CTG_EXERC": serial(month // 12 + 1970, 4),
            "CTG_PERIOD": serial(month % 12 + 1, 2),
            "CTG_DTINI": native_date(month_start(month)),
            "CTG_DTFIM": native_date(month_start(month + 1) - 1),
            "CTG_STATUS": words(["1", "2"], (closed <= today).astype(int)),
            "CTG_XDTFEC": native_date(np.where(closed <= today, closed, FAR)),
        }
    )


def write(folder: Path, base: Base, plan: Plan, prev: int, today: int) -> None:
    """Master tables of one night: full ones whole, delta ones what is new."""
    company = {
        "M0_CODIGO": words(["01", "01"]),
        "M0_CODFIL": words(["01", "02"]),
        "M0_NOMECOM": words(
            ["Sertália Alimentos Matriz", "Sertália Alimentos Filial Sul"], None, 40
        ),
        "M0_CGC": words([cnpj("10900500", 8), cnpj("10900500", 9)]),
    }
    save(folder, "sm0", company)
    save(folder, "sa1010", customers(base, plan, today))
    save(folder, "sa3010", sellers())
    for name, table in product_tables(base).items():
        save(folder, name, table)
    save(folder, "da1010", prices(base, plan))
    terms = {
        "E4_FILIAL": [""] * 5,
        "E4_CODIGO": [t[0] for t in TERMS],
        "E4_DESCRI": [t[1] for t in TERMS],
        "E4_XDIAS": [str(t[2]) for t in TERMS],
    }
    save(
        folder,
        "se4010",
        _small(terms, {"E4_FILIAL": 2, "E4_CODIGO": 3, "E4_DESCRI": 15, "E4_XDIAS": 3}),
    )
    kinds = {
        "F4_FILIAL": [""] * len(ALL_TES),
        "F4_CODIGO": list(ALL_TES),
        "F4_TEXTO": list(TES_TEXT),
        "F4_DUPLIC": ["N" if t in NO_RECEIVABLE else "S" for t in ALL_TES],
        "F4_ESTOQUE": ["N" if t in ("503", "540") else "S" for t in ALL_TES],
    }
    save(
        folder,
        "sf4010",
        _small(
            kinds, {"F4_FILIAL": 2, "F4_CODIGO": 3, "F4_TEXTO": 20, "F4_DUPLIC": 1, "F4_ESTOQUE": 1}
        ),
    )
    for name, (table, known) in {"sb9010": costs(base), "sm2010": rates(base)}.items():
        save(folder, name, taken(table, delta(prev, today, known)))
    save(folder, "ctg010", periods(plan, today))
