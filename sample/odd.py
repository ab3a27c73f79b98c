"""Rows that live in the same Protheus tables and are none of ours: suppliers, transfers.

Supplier codes equal codes of customers on purpose: only the type of the document tells.
"""

import numpy as np
import pyarrow as pa

from sample.calendar import next_business
from sample.native import Table, blank, branch, finished
from sample.plan import Plan
from sample.products import CODES
from sample.text import constant, decimal, integer, native_date, serial, words

SUPPLIERS = [f"{(i + 1) * 10:06d}" for i in range(12)]
FIRST_RECORD = 900_000_001


def _recorded(table: Table) -> Table:
    table = finished(table)
    rows = len(table["R_E_C_N_O_"])
    table["R_E_C_N_O_"] = integer(np.arange(rows) + FIRST_RECORD)
    return table


def odd_tables(plan: Plan) -> dict[str, Table]:
    """Returns to suppliers (types D and B), goods moved between branches, purchases, payments."""
    rng = plan.rng("odd rows")
    n = 42
    day = next_business(np.sort(rng.integers(plan.start + 30, plan.end - 40, n)))
    kind = np.array([0] * 20 + [1] * 10 + [2] * 12)  # D, B, transfer
    place = 1 + np.arange(n) % 2
    code = [SUPPLIERS[i % 12] if kind[i] < 2 else "900000" for i in range(n)]
    quantity, price = rng.integers(10, 200, n), rng.integers(500, 5_000, n)
    number = serial(800_000_000 + np.arange(n), 9)
    series = words(["", "1", "2"], place, 3)
    party = {"CLIENTE": words(code), "LOJA": words(["01" if k < 2 else "02" for k in kind])}
    order = words([f"ZZ{i:04d}" for i in range(n)])
    tipo = words(["D", "B", "N"], kind)
    product = words(CODES, np.arange(n) % 40, 15)
    header = {
        "F2_FILIAL": branch(place),
        "F2_DOC": number,
        "F2_SERIE": series,
        "F2_CLIENTE": party["CLIENTE"],
        "F2_LOJA": party["LOJA"],
        "F2_EMISSAO": native_date(day),
        "F2_TIPO": tipo,
        "F2_VEND1": blank(6, n),
        "F2_COND": constant("001", n),
        "F2_DTENTR": blank(8, n),
        "F2_MOEDA": constant("1", n),
        "F2_TXMOEDA": decimal(np.full(n, 10_000), 4),
    }
    item = {
        "D2_FILIAL": branch(place),
        "D2_DOC": number,
        "D2_SERIE": series,
        "D2_CLIENTE": party["CLIENTE"],
        "D2_LOJA": party["LOJA"],
        "D2_ITEM": constant("01", n),
        "D2_COD": product,
        "D2_QUANT": decimal(quantity * 100),
        "D2_PRCVEN": decimal(price),
        "D2_PRUNIT": decimal(price),
        "D2_TOTAL": decimal(quantity * price),
        "D2_DESCON": decimal(np.zeros(n, int)),
        "D2_VALIPI": decimal(np.zeros(n, int)),
        "D2_VALICM": decimal(np.zeros(n, int)),
        "D2_ICMSRET": decimal(np.zeros(n, int)),
        "D2_EMISSAO": native_date(day),
        "D2_PEDIDO": order,
        "D2_ITEMPV": constant("01", n),
        "D2_TES": words(["530", "530", "520"], kind),
        "D2_CF": words(["5202", "5915", "5152"], kind, 5),
        "D2_TIPO": tipo,
        "D2_CONTA": words(["1.1.4.01.001"] * 3, kind, 20),
        "D2_XDTSEP": native_date(day),
        "D2_NFORI": blank(9, n),
        "D2_SERIORI": blank(3, n),
        "D2_ITEMORI": blank(2, n),
        "D2_XMOTIV": blank(6, n),
    }
    supplier = np.flatnonzero(kind < 2)
    orders = {
        "C5_FILIAL": branch(place),
        "C5_NUM": order,
        "C5_TIPO": tipo,
        "C5_CLIENTE": party["CLIENTE"],
        "C5_LOJACLI": party["LOJA"],
        "C5_VEND1": blank(6, n),
        "C5_EMISSAO": native_date(day - 2),
        "C5_CONDPAG": constant("001", n),
        "C5_MOEDA": constant("1", n),
        "C5_SUGENT": blank(8, n),
        "C5_XBLINI": blank(14, n),
        "C5_XBLFIM": blank(14, n),
    }
    lines = {
        "C6_FILIAL": branch(place),
        "C6_NUM": order,
        "C6_ITEM": constant("01", n),
        "C6_PRODUTO": product,
        "C6_QTDVEN": decimal(quantity * 100),
        "C6_PRUNIT": decimal(price),
        "C6_PRCVEN": decimal(price),
        "C6_VALOR": decimal(quantity * price),
        "C6_ENTREG": native_date(day),
        "C6_QTDENT": decimal(quantity * 100),
        "C6_BLQ": blank(2, n),
        "C6_XCANCL": blank(1, n),
        "C6_XDTEMB": blank(8, n),
    }
    first = {"sc5010": orders, "sc6010": lines}
    only_suppliers = {
        name: _recorded({c: v.take(pa.array(supplier)) for c, v in table.items()})
        for name, table in first.items()
    }
    return only_suppliers | {
        "sf2010": _recorded(header),
        "sd2010": _recorded(item),
        "sd1010": _purchases(plan, rng),
        "se5010": _payments(plan, rng),
    }


def _purchases(plan: Plan, rng: np.random.Generator) -> Table:
    """Incoming invoices of suppliers: type N, so no return of a client."""
    n = 60
    day = next_business(np.sort(rng.integers(plan.start, plan.end - 40, n)))
    quantity, price = rng.integers(10, 900, n), rng.integers(100, 4_000, n)
    return _recorded(
        {
            "D1_FILIAL": branch(1 + np.arange(n) % 2),
            "D1_DOC": serial(600_000_000 + np.arange(n), 9),
            "D1_SERIE": constant("1  ", n),
            "D1_FORNECE": words(SUPPLIERS, np.arange(n) % 12),
            "D1_LOJA": constant("01", n),
            "D1_ITEM": constant("0001", n),
            "D1_COD": words(["MP0001", "MP0002"], np.arange(n) % 2, 15),
            "D1_QUANT": decimal(quantity * 100),
            "D1_VUNIT": decimal(price),
            "D1_TOTAL": decimal(quantity * price),
            "D1_VALDESC": decimal(np.zeros(n, int)),
            "D1_TIPO": constant("N", n),
            "D1_NFORI": blank(9, n),
            "D1_SERIORI": blank(3, n),
            "D1_ITEMORI": blank(4, n),
            "D1_EMISSAO": native_date(day),
            "D1_DTDIGIT": native_date(day),
            "D1_CONTA": words(["1.1.4.01.001"], np.zeros(n, int), 20),
            "D1_TES": constant("001", n),
            "D1_XMOTIV": blank(6, n),
        }
    )


def _payments(plan: Plan, rng: np.random.Generator) -> Table:
    """What we paid to suppliers stands in the same table, with E5_RECPAG P."""
    n = 25
    day = next_business(np.sort(rng.integers(plan.start + 30, plan.end - 10, n)))
    return _recorded(
        {
            "E5_FILIAL": blank(2, n),
            "E5_PREFIXO": constant("COM", n),
            "E5_NUMERO": serial(600_000_000 + np.arange(n), 9),
            "E5_PARCELA": constant("01", n),
            "E5_TIPO": constant("NF ", n),
            "E5_CLIFOR": words(SUPPLIERS, np.arange(n) % 12),
            "E5_LOJA": constant("01", n),
            "E5_SEQ": constant("01", n),
            "E5_DATA": native_date(day),
            "E5_VALOR": decimal(rng.integers(10_000, 900_000, n)),
            "E5_MOTBX": constant("NOR", n),
            "E5_RECPAG": constant("P", n),
        }
    )
