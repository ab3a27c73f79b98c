"""Protheus sales tables of one replica: orders, invoices, fiscal books."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sample import people
from sample.accidents import MOTIVES
from sample.company import Base, Trade
from sample.documents import ACCOUNTS, EXPORT, SERVICE, TES, tax_cents
from sample.native import Table, appended, branch, delta, finished, party, save
from sample.odd import odd_tables
from sample.plan import FAR, Plan
from sample.products import CODES
from sample.text import (
    Column,
    base36,
    constant,
    decimal,
    flag,
    integer,
    join,
    native_date,
    serial,
    words,
)
from sample.titles import TERMS, terms_of

CANCELLED_BY = (" ", "C", "E")
FISCAL = ("5102", "7102", "5933", "5910", "5949", "5152")


@dataclass(frozen=True)
class Night:
    """One extract: everything after `prev` up to `today`."""

    prev: int
    today: int

    @property
    def is_first(self) -> bool:
        return self.prev < 0


def _clock(days: np.ndarray, seed: np.ndarray, today: int) -> tuple:
    hour, minute = 8 + seed % 10, seed * 7 % 60
    text = join(native_date(days, today), serial(hour, 2), serial(minute, 2), "00")
    return text, days <= today


def _held(days: np.ndarray, today: int) -> Column:
    text, seen = _clock(days, np.arange(len(days)), today)
    blank = constant(" " * 14, len(days))
    codes = np.where(seen, np.arange(len(days)), len(days))
    return pa.concat_arrays([text, blank[:1]]).take(pa.array(codes)) if len(days) else text


def orders(base: Base, trade: Trade, plan: Plan, night: Night) -> Table:
    """SC5010: new orders, and those whose credit hold began or ended."""
    o = trade.orders
    known = o.day
    rows = np.flatnonzero(delta(night.prev, night.today, known, o.hold_from, o.hold_to))
    code, store = party(base, o.customer[rows])
    seller = people.seller_code_of_group(plan)
    table = {
        "C5_FILIAL": branch(o.branch[rows]),
        "C5_NUM": order_number(trade, rows),
        "C5_TIPO": constant("N", len(rows)),
        "C5_CLIENTE": code,
        "C5_LOJACLI": store,
        "C5_VEND1": words(seller, o.group[rows], 6),
        "C5_EMISSAO": native_date(o.day[rows]),
        "C5_CONDPAG": words([t[0] for t in TERMS], terms_of(o.group[rows])),
        "C5_MOEDA": flag(o.in_dollars[rows], "2", "1"),
        "C5_SUGENT": native_date(o.requested[rows]),
        "C5_XBLINI": _held(o.hold_from[rows], night.today),
        "C5_XBLFIM": _held(o.hold_to[rows], night.today),
    }
    return recorded(table, rows, trade.replica, len(o.day))


def order_number(trade: Trade, rows: np.ndarray):  # type: ignore[no-untyped-def]
    return base36(37 + rows + trade.replica * len(trade.orders.day), 6)


def recorded(
    table: Table, rows: np.ndarray, replica: int, size: int, deleted: np.ndarray | None = None
) -> Table:
    table = finished(table, deleted)
    table["R_E_C_N_O_"] = integer(rows + 1 + replica * size)
    return table


def _sent(trade: Trade, today: int) -> np.ndarray:
    """Quantity of each order line on documents that stand on a night."""
    d, x = trade.documents, trade.lines
    stands = (
        (x.order_line >= 0) & (d.known[x.document] <= today) & (d.cancelled[x.document] > today)
    )
    weights = x.quantity[stands]
    n = len(trade.order_lines.order)
    return np.bincount(x.order_line[stands], weights=weights, minlength=n).astype(np.int64)


def order_lines(base: Base, trade: Trade, night: Night) -> Table:
    """SC6010: new lines, and those sent, unsent or cancelled since."""
    x, o = trade.order_lines, trade.orders
    hit = delta(night.prev, night.today, o.day[x.order], x.cancelled_day)
    sent = _sent(trade, night.today)
    if not night.is_first:
        hit |= (sent != _sent(trade, night.prev)) & (o.day[x.order] <= night.today)
    rows = np.flatnonzero(hit)
    gone = x.cancelled_day[rows] <= night.today
    order = x.order[rows]
    table = {
        "C6_FILIAL": branch(o.branch[order]),
        "C6_NUM": order_number(trade, order),
        "C6_ITEM": serial(x.item[rows], 2),
        "C6_PRODUTO": words(CODES, x.product[rows], 15),
        "C6_QTDVEN": decimal(x.quantity[rows] * 100),
        "C6_PRUNIT": decimal(x.list_cents[rows]),
        "C6_PRCVEN": decimal(x.price_cents[rows]),
        "C6_VALOR": decimal(x.price_cents[rows] * x.quantity[rows]),
        "C6_ENTREG": native_date(o.promised[order]),
        "C6_QTDENT": decimal(sent[rows] * 100),
        "C6_BLQ": flag(gone, "R ", "  "),
        "C6_XCANCL": words(CANCELLED_BY, np.where(gone, x.cancelled_by[rows], 0)),
        "C6_XDTEMB": native_date(o.planned[order]),
    }
    return recorded(table, rows, trade.replica, len(x.order))


def document_key(base: Base, trade: Trade, doc: np.ndarray, prefix: str) -> Table:
    """Branch, number, series, customer and store: the key of an invoice."""
    d = trade.documents
    code, store = party(base, d.party[doc])
    return {
        f"{prefix}_FILIAL": branch(d.branch[doc]),
        f"{prefix}_DOC": serial(d.number[doc], 9),
        f"{prefix}_SERIE": words(["", "1", "2"], d.branch[doc], 3),
        f"{prefix}_CLIENTE": code,
        f"{prefix}_LOJA": store,
    }


def documents(base: Base, trade: Trade, plan: Plan, night: Night) -> tuple[Table, Table]:
    """SF2010 headers and their SF3010 fiscal records."""
    d = trade.documents
    rows = np.flatnonzero(delta(night.prev, night.today, d.known, d.cancelled, d.delivered))
    gone = d.is_void[rows] | (d.cancelled[rows] <= night.today)
    seller = people.seller_code_of_group(plan)
    table = document_key(base, trade, rows, "F2") | {
        "F2_EMISSAO": native_date(d.day[rows]),
        "F2_TIPO": flag(d.is_complement[rows], "C", "N"),
        "F2_VEND1": words(seller, d.group[rows], 6),
        "F2_COND": words([t[0] for t in TERMS], terms_of(d.group[rows])),
        "F2_DTENTR": native_date(d.delivered[rows], night.today),
        "F2_MOEDA": flag(d.rate[rows] != 10_000, "2", "1"),
        "F2_TXMOEDA": decimal(d.rate[rows], 4),
    }
    headers = recorded(table, rows, trade.replica, len(d.day), gone)
    rows = np.flatnonzero(delta(night.prev, night.today, d.known, d.cancelled) & ~d.is_void)
    key = document_key(base, trade, rows, "F3")
    fiscal = {
        "F3_FILIAL": key["F3_FILIAL"],
        "F3_NFISCAL": key["F3_DOC"],
        "F3_SERIE": key["F3_SERIE"],
        "F3_CLIEFOR": key["F3_CLIENTE"],
        "F3_LOJA": key["F3_LOJA"],
        "F3_DTCANC": native_date(d.cancelled[rows], night.today),
    }
    return headers, recorded(fiscal, rows, trade.replica, len(d.day))


def document_lines(base: Base, trade: Trade, night: Night) -> Table:
    """SD2010: items of the documents, complements with their origin."""
    d, x = trade.documents, trade.lines
    known, cancelled = d.known[x.document], d.cancelled[x.document]
    rows = np.flatnonzero(delta(night.prev, night.today, known, cancelled))
    x_rows, doc = {f: getattr(x, f)[rows] for f in x.__annotations__}, x.document[rows]
    gone = d.is_void[doc] | (cancelled[rows] <= night.today)
    ipi, substitution = (t[rows] for t in tax_cents(x))
    listed = np.where(x_rows["quantity"] > 0, x_rows["list_cents"] * x_rows["quantity"], 0)
    has_order = x_rows["order_line"] >= 0
    line = np.maximum(x_rows["order_line"], 0)
    origin = np.maximum(x_rows["origin"], 0)
    is_fix = x_rows["origin"] >= 0
    of = d.number[x.document[origin]]
    internal = ~np.isin(x_rows["kind"], [EXPORT, SERVICE])
    table = document_key(base, trade, doc, "D2") | {
        "D2_ITEM": serial(x_rows["item"], 2),
        "D2_COD": words(CODES, x_rows["product"], 15),
        "D2_QUANT": decimal(x_rows["quantity"] * 100),
        "D2_PRCVEN": decimal(x_rows["price_cents"]),
        "D2_PRUNIT": decimal(x_rows["list_cents"]),
        "D2_TOTAL": decimal(x_rows["total_cents"]),
        "D2_DESCON": decimal(np.maximum(0, listed - x_rows["total_cents"])),
        "D2_VALIPI": decimal(ipi),
        "D2_VALICM": decimal(np.where(internal, (x_rows["total_cents"] * 18 + 50) // 100, 0)),
        "D2_ICMSRET": decimal(substitution),
        "D2_EMISSAO": native_date(d.day[doc]),
        "D2_PEDIDO": where(has_order, order_number(trade, trade.order_lines.order[line]), " " * 6),
        "D2_ITEMPV": where(has_order, serial(trade.order_lines.item[line], 2), "  "),
        "D2_TES": words(TES, x_rows["kind"]),
        "D2_CF": words(FISCAL, x_rows["kind"], 5),
        "D2_TIPO": flag(d.is_complement[doc], "C", "N"),
        "D2_CONTA": words(ACCOUNTS, x_rows["kind"], 20),
        "D2_XDTSEP": native_date(np.where(is_fix, FAR, x_rows["ready"])),
        "D2_NFORI": where(is_fix, serial(of, 9), " " * 9),
        "D2_SERIORI": words(["", "1", "2"], np.where(is_fix, d.branch[doc], 0), 3),
        "D2_ITEMORI": where(is_fix, serial(x.item[origin], 2), "  "),
        "D2_XMOTIV": words([*MOTIVES, ""], np.where(is_fix, x_rows["motive"], len(MOTIVES)), 6),
    }
    return recorded(table, rows, trade.replica, len(x.item), gone)


def where(mask: np.ndarray, column, other: str):  # type: ignore[no-untyped-def]
    return pc.if_else(pa.array(mask), column, other)


def write(folder: Path, base: Base, trade: Trade, plan: Plan, night: Night) -> None:
    """The sales tables of one night; the first history is split in two files of lines."""
    headers, fiscal = documents(base, trade, plan, night)
    tables = {
        "sc5010": orders(base, trade, plan, night),
        "sc6010": order_lines(base, trade, night),
        "sf2010": headers,
        "sd2010": document_lines(base, trade, night),
        "sf3010": fiscal,
    }
    if night.is_first and trade.replica == 0:
        for name, extra in odd_tables(plan).items():
            if name in tables:
                tables[name] = appended(tables[name], extra)
    suffix = f"_{trade.replica + 1:04d}" if plan.scale > 1 else ""
    for name, table in tables.items():
        if name == "sd2010" and night.is_first:
            half = len(table["D2_DOC"]) // 2
            save(folder, f"{name}{suffix}_01", {k: v[:half] for k, v in table.items()})
            save(folder, f"{name}{suffix}_02", {k: v[half:] for k, v in table.items()})
        else:
            save(folder, f"{name}{suffix}", table)
