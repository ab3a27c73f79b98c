"""Every cell of the monthly P&L."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from tests.oracle.costs import Amount
from tests.oracle.credits import Matching
from tests.oracle.facts import Facts
from tests.oracle.goods import Goods
from tests.oracle.lines import Lines
from tests.oracle.money import Rates, month_of
from tests.oracle.served import Served
from tests.oracle.tree import Tree

Cell = tuple[date, str, str, str]
SERVED = ("freight", "handling", "returns", "selling_service", "financing")
Known = Decimal | None


@dataclass
class Books:
    """The facts known on a day, computed line by line."""

    lines: Lines
    matching: Matching
    goods: Goods
    served: Served


def books(facts: Facts, as_of: date, tree: Tree) -> Books:
    """Everything that is known by a day."""
    known = facts.known_by(as_of)
    lines = Lines(known, as_of, tree, Rates(known, as_of))
    matching = Matching(lines)
    return Books(lines, matching, Goods(lines, matching), Served(lines))


def amounts(found: Books) -> Iterator[Amount]:
    """The money of every source row, column by column."""
    for line in found.lines.all:
        group, was = found.lines.group(line)
        place = (month_of(line["posting_date"]), group, was, line["company_code"])
        column, money = found.lines.column(line["document_id"]), found.lines.rc(line)
        yield Amount(*place, column, money if column == "invoiced" else _minus(money))
        yield Amount(*place, "cc", found.lines.cc(line))
        if column == "invoiced":
            yield Amount(*place, "gross_list", found.lines.list_value(line))
        cost = found.goods.cost(line)
        if cost is not None:
            yield Amount(*place, "goods", cost.cost)
            yield Amount(*place, "goods_estimated", cost.estimated)
            yield Amount(*place, "uncosted", cost.uncosted)
        for part in found.matching.parts.get((line["document_id"], line["line_id"]), []):
            name = "unmatched" if part.origin is None else "matched"
            dated = (part.origin or line)["posting_date"]
            yield Amount(month_of(dated), *place[1:], name, part.money)
    for _, posted, fixed in found.served.customer_costs():
        if posted.column == "trade_spend_costs":
            yield posted
            place = (posted.month, posted.group, posted.group_as_was, posted.company)
            yield Amount(*place, "cc", _minus(fixed))
    yield from found.served.all()


def _minus(money: Known) -> Known:
    return None if money is None else -money


def cells(found: Books) -> dict[Cell, dict[str, Any]]:
    """The P&L by month, group, group of the day and company."""
    gathered: dict[Cell, list[Amount]] = defaultdict(list)
    for amount in amounts(found):
        cell = (amount.month, amount.group, amount.group_as_was, amount.company)
        gathered[cell].append(amount)
    return {cell: _cell(amounts) for cell, amounts in gathered.items()}


def _sum(amounts: list[Amount], *columns: str) -> Known:
    money = [amount.money for amount in amounts if amount.column in columns]
    return None if None in money else sum(money, Decimal("0.00"))  # type: ignore[arg-type]


def _less(whole: Known, *parts: Known) -> Known:
    for part in parts:
        whole = None if whole is None or part is None else whole - part
    return whole


def _cell(found: list[Amount]) -> dict[str, Any]:
    invoiced, gross = _sum(found, "invoiced"), _sum(found, "gross_list")
    credits, documents = _sum(found, "credits"), _sum(found, "trade_spend")
    spent, goods = _sum(found, "trade_spend_costs"), _sum(found, "goods")
    ledger = _less(invoiced, credits, documents)
    net = _less(ledger, spent)
    served = [_sum(found, name) for name in SERVED]
    known = [money for money in served if money is not None]
    to_serve = sum(known, Decimal(0)) if known else None
    return {
        "gross_list_rc": gross,
        "on_invoice_discount_rc": _less(gross, invoiced),
        "invoiced_ex_tax_rc": invoiced,
        "returns_credits_rc": credits,
        "trade_spend_documents_rc": documents,
        "ledger_revenue_rc": ledger,
        "trade_spend_costs_rc": spent,
        "net_revenue_rc": net,
        "returns_matched_rc": _sum(found, "matched"),
        "returns_unmatched_rc": _sum(found, "unmatched"),
        "cost_of_goods_rc": goods,
        "uncosted_revenue_rc": _sum(found, "uncosted"),
        "gross_margin_rc": _less(net, goods),
        "freight_rc": served[0],
        "handling_rc": served[1],
        "returns_handling_rc": served[2],
        "selling_service_rc": served[3],
        "financing_rc": served[4],
        "cost_to_serve_rc": to_serve,
        "contribution_rc": _less(net, goods, to_serve or Decimal(0)),
        "estimated_cost_share": _estimated(found),
        "net_revenue_cc": _sum(found, "cc"),
    }


def _estimated(found: list[Amount]) -> float | None:
    costs = [a for a in found if a.column == "goods" or a.column in SERVED]
    estimated = [a for a in found if a.column == "goods_estimated"]
    estimated += [a for a in costs if a.is_estimated]
    if any(amount.money is None for amount in costs):
        return None
    whole = sum(abs(amount.money or 0) for amount in costs)
    return float(sum(abs(amount.money or 0) for amount in estimated) / whole) if whole else None
