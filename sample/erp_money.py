"""Protheus tables of returns, receivables, receipts, customer costs and the ledger."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sample import postings
from sample.accidents import MOTIVES
from sample.calendar import month_index, next_business
from sample.company import Base, Trade
from sample.costs import TYPES, Costs
from sample.erp_sales import Night, recorded, where
from sample.native import Table, appended, blank, branch, delta, finished, party, save
from sample.odd import odd_tables
from sample.plan import FAR, Plan
from sample.products import CODES
from sample.text import constant, decimal, flag, native_date, serial, words
from sample.titles import INVOICE, NOTE, PROVISIONAL, REASONS, RETURN


def returns(base: Base, trade: Trade, night: Night) -> Table:
    """SD1010: goods returned, some without the origin invoice."""
    r, d, x = trade.returns, trade.documents, trade.lines
    rows = np.flatnonzero(delta(night.prev, night.today, r.day, r.corrected))
    line = r.line[rows]
    doc = x.document[line]
    corrected = r.corrected[rows] <= night.today
    quantity = np.where(
        corrected | (r.corrected[rows] == FAR), r.quantity[rows], r.first_quantity[rows]
    )
    code, store = party(base, d.party[doc])
    linked = r.has_origin[rows]
    n = len(rows)
    table = {
        "D1_FILIAL": branch(d.branch[doc]),
        "D1_DOC": serial(r.number[rows], 9),
        "D1_SERIE": words(["", "DV1", "DV2"], d.branch[doc], 3),
        "D1_FORNECE": code,
        "D1_LOJA": store,
        "D1_ITEM": serial(r.item[rows], 4),
        "D1_COD": words(CODES, x.product[line], 15),
        "D1_QUANT": decimal(quantity * 100),
        "D1_VUNIT": decimal(r.price_cents[rows]),
        "D1_TOTAL": decimal(quantity * r.price_cents[rows]),
        "D1_VALDESC": decimal(np.zeros(n, np.int64)),
        "D1_TIPO": constant("D", n),
        "D1_NFORI": where(linked, serial(d.number[doc], 9), " " * 9),
        "D1_SERIORI": words(["", "1", "2"], np.where(linked, d.branch[doc], 0), 3),
        "D1_ITEMORI": where(linked, pc.utf8_rpad(serial(x.item[line], 2), 4), " " * 4),
        "D1_EMISSAO": native_date(r.issued[rows]),
        "D1_DTDIGIT": native_date(r.day[rows]),
        "D1_CONTA": words([postings.RETURNED], np.zeros(n, int), 20),
        "D1_TES": constant("101", n),
        "D1_XMOTIV": words(MOTIVES, r.motive[rows], 6),
    }
    return recorded(table, rows, trade.replica, len(r.line))


def titles(base: Base, trade: Trade, night: Night) -> Table:
    """SE1010: receivables as they stand on a night."""
    t, n = trade.titles, trade.notes
    paid, last, changed = _paid(trade, night)
    rows = np.flatnonzero(
        delta(night.prev, night.today, t.known, t.cancelled, t.corrected) | changed
    )
    kind, now = t.kind[rows], t.corrected[rows] <= night.today
    value = np.where(now | (t.corrected[rows] == FAR), t.cents[rows], t.first_cents[rows])
    base_value = np.where(t.is_dollar[rows], t.base[rows], value)
    settled = np.where(t.is_dollar[rows], np.where(paid[rows] > 0, value, 0), paid[rows])
    code, store = party(base, t.party[rows])
    note = np.where(kind == NOTE, t.source[rows], 0)
    is_note, rebate = kind == NOTE, n.is_rebate[note]
    nature = np.where(is_note, np.where(rebate, 1, 2), np.where(kind == RETURN, 3, 0))
    product = np.where(is_note & (n.product[note] >= 0), n.product[note], len(CODES))
    prefix = np.where(kind == NOTE, 3, np.where(kind == RETURN, 3 + t.branch[rows], t.branch[rows]))
    account = np.where(is_note, np.where(rebate, 2, 1), 0)
    table = {
        "E1_FILIAL": blank(2, len(rows)),
        "E1_PREFIXO": words(["", "1", "2", "NCC", "DV1", "DV2"], prefix, 3),
        "E1_NUM": serial(t.number[rows], 9),
        "E1_PARCELA": words(["  ", "01", "02"], t.instalment[rows] + 1),
        "E1_TIPO": words(["NF", "NCC", "NCC", "PR"], kind, 3),
        "E1_CLIENTE": code,
        "E1_LOJA": store,
        "E1_EMISSAO": native_date(t.issued[rows]),
        "E1_VENCTO": native_date(t.due[rows]),
        "E1_VENCREA": native_date(next_business(t.due[rows])),
        "E1_VALOR": decimal(value),
        "E1_SALDO": decimal(value - settled),
        "E1_BAIXA": native_date(last[rows]),
        "E1_MOEDA": flag(t.is_dollar[rows], "2", "1"),
        "E1_VLCRUZ": decimal(base_value),
        "E1_FILORIG": branch(t.branch[rows]),
        "E1_NATUREZ": words(["VENDA", "VERBA", "DESCONTO", "DEVOLUCAO"], nature, 10),
        "E1_ORIGEM": words(["MATA460", "MATA100", "FINA040", "FINA040"], _origin(kind), 8),
        "E1_XCONTA": words(["", postings.DISCOUNT, postings.REBATE], account, 20),
        "E1_XPROD": words([*CODES, ""], product, 15),
        "E1_XMOTIV": words([*MOTIVES, ""], np.where(is_note, n.motive[note], len(MOTIVES)), 6),
    }
    gone = t.cancelled[rows] <= night.today
    return recorded(table, rows, trade.replica, len(t.kind), gone)


def _origin(kind: np.ndarray) -> np.ndarray:
    order = {INVOICE: 0, RETURN: 1, NOTE: 2, PROVISIONAL: 3}
    return np.array([order[k] for k in range(4)])[kind]


def _paid(trade: Trade, night: Night) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Paid so far, day of the latest payment, and whether one came since the last night."""
    r, n = trade.receipts, len(trade.titles.kind)
    seen = r.day <= night.today
    paid = np.bincount(r.title[seen], weights=r.cents[seen], minlength=n).astype(np.int64)
    last = np.full(n, -1)
    np.maximum.at(last, r.title[seen], r.day[seen])
    return paid, np.where(last < 0, FAR, last), last > night.prev


def receipts(base: Base, trade: Trade, night: Night) -> Table:
    """SE5010: settlements by day, write-offs and nettings by reason."""
    r, t = trade.receipts, trade.titles
    rows = np.flatnonzero(delta(night.prev, night.today, r.day))
    title = r.title[rows]
    kind = t.kind[title]
    code, store = party(base, t.party[title])
    prefix = np.where(
        kind == NOTE, 3, np.where(kind == RETURN, 3 + t.branch[title], t.branch[title])
    )
    table = {
        "E5_FILIAL": blank(2, len(rows)),
        "E5_PREFIXO": words(["", "1", "2", "NCC", "DV1", "DV2"], prefix, 3),
        "E5_NUMERO": serial(t.number[title], 9),
        "E5_PARCELA": words(["  ", "01", "02"], t.instalment[title] + 1),
        "E5_TIPO": words(["NF", "NCC", "NCC", "PR"], kind, 3),
        "E5_CLIFOR": code,
        "E5_LOJA": store,
        "E5_SEQ": serial(r.sequence[rows], 2),
        "E5_DATA": native_date(r.day[rows]),
        "E5_VALOR": decimal(r.cents[rows]),
        "E5_MOTBX": words(REASONS, r.reason[rows], 3),
        "E5_RECPAG": constant("R", len(rows)),
    }
    return recorded(table, rows, trade.replica, len(r.title))


def customer_costs(base: Base, trade: Trade, costs: Costs, night: Night) -> Table:
    """SZ1010: the company's own table of costs by customer."""
    rows = np.flatnonzero(delta(night.prev, night.today, costs.day))
    d, n = trade.documents, trade.notes
    who = [c.code for c in base.customers] + [""]
    store = [c.store for c in base.customers] + [""]
    position = np.where(costs.party[rows] < 0, len(base.customers), costs.party[rows])
    doc, note = costs.document[rows], costs.note[rows]
    number = np.where(note >= 0, n.number[np.maximum(note, 0)], d.number[np.maximum(doc, 0)])
    series = np.where(note >= 0, 3, np.where(doc >= 0, costs.branch[rows], 0))
    promo = [f"desk:PM-{i:04d}" for i in range(int(costs.promotion.max(initial=0)) + 1)] + [""]
    amount = decimal(np.maximum(costs.cents[rows], 0))
    identity = rows + 1 + trade.replica * len(costs.day)
    table = {
        "Z1_FILIAL": branch(costs.branch[rows]),
        "Z1_NUM": serial(identity, 10),
        "Z1_TIPO": words(TYPES, costs.kind[rows], 10),
        "Z1_CLIENTE": words(who, position, 6),
        "Z1_LOJA": words(store, position, 2),
        "Z1_DOC": where((doc >= 0) | (note >= 0), serial(number, 9), " " * 9),
        "Z1_SERIE": words(["", "1", "2", "NCC"], series, 3),
        "Z1_PROD": words([*CODES, ""], _or_last(costs.product[rows], len(CODES)), 15),
        "Z1_PROMO": words(promo, _or_last(costs.promotion[rows], len(promo) - 1), 12),
        "Z1_DATA": native_date(costs.day[rows]),
        "Z1_VALOR": pc.if_else(pa.array(costs.cents[rows] >= 0), amount, ""),
    }
    return recorded(table, rows, trade.replica, len(costs.day))


def _or_last(positions: np.ndarray, last: int) -> np.ndarray:
    return np.where(positions < 0, last, positions)


def ledger(cells: list[tuple[np.ndarray, np.ndarray]], plan: Plan, night: Night) -> Table:
    """CQ0010: a month's movement, delivered from its last day on and whenever it changes.

    `cells` holds the debits and credits of this night and, but on the first, of the one before.
    """
    debit, credit = cells[0]
    first = int(month_index(plan.start))
    month, place, account = (a.ravel() for a in np.indices(debit.shape))
    last = np.array([postings.month_end(int(m) + first) for m in month])
    values = debit.ravel(), credit.ravel()
    use = (last <= night.today) & ((values[0] != 0) | (values[1] != 0))
    if not night.is_first:
        before = cells[1]
        changed = (values[0] != before[0].ravel()) | (values[1] != before[1].ravel())
        use &= changed | (last > night.prev)
    rows = np.flatnonzero(use)
    table = {
        "CQ0_FILIAL": branch(place[rows] + 1),
        "CQ0_CONTA": words(postings.LEDGER, account[rows], 20),
        "CQ0_MOEDA": constant("01", len(rows)),
        "CQ0_DATA": native_date(last[rows]),
        "CQ0_DEBITO": decimal(values[0][rows]),
        "CQ0_CREDIT": decimal(values[1][rows]),
    }
    return recorded(table, rows, 0, debit.size)


def other_accounts(plan: Plan) -> Table:
    """Two ledger rows on an account that is no revenue."""
    month = int(month_index(plan.end)) - 3
    last = np.array([postings.month_end(month), postings.month_end(month)])
    return finished(
        {
            "CQ0_FILIAL": branch(np.array([1, 2])),
            "CQ0_CONTA": words(["4.1.1.01.001"] * 2, None, 20),
            "CQ0_MOEDA": constant("01", 2),
            "CQ0_DATA": native_date(last),
            "CQ0_DEBITO": decimal(np.array([123_456_789, 98_765_432])),
            "CQ0_CREDIT": decimal(np.array([0, 0])),
        },
        first=900_000_001,
    )


def write(folder: Path, base: Base, trade: Trade, costs: Costs, plan: Plan, night: Night) -> None:
    """Returns, receivables, receipts and costs of one night and replica."""
    tables = {
        "sd1010": returns(base, trade, night),
        "se1010": titles(base, trade, night),
        "se5010": receipts(base, trade, night),
        "sz1010": customer_costs(base, trade, costs, night),
    }
    if night.is_first and trade.replica == 0:
        extra = odd_tables(plan)
        tables |= {name: appended(tables[name], extra[name]) for name in ("sd1010", "se5010")}
    suffix = f"_{trade.replica + 1:04d}" if plan.scale > 1 else ""
    for name, table in tables.items():
        save(folder, f"{name}{suffix}", table)
