"""The whole simulated company: built once, read by every writer of files."""

from dataclasses import dataclass

from sample import accidents, credits, documents, orders, postings, process, products, titles, world
from sample.credits import Notes, Returns
from sample.documents import DocumentLines, Documents
from sample.orders import OrderLines, Orders
from sample.plan import Plan
from sample.postings import Postings
from sample.process import Process
from sample.products import Catalogue
from sample.titles import Receipts, Titles


@dataclass(frozen=True)
class Base:
    """What does not grow with --scale."""

    groups: world.Groups
    customers: list[world.Customer]
    movers: world.Movers
    catalogue: Catalogue
    process: Process


@dataclass(frozen=True)
class Trade:
    """One replica of the trade of the whole history: orders, documents, credits, money."""

    replica: int
    orders: Orders
    order_lines: OrderLines
    documents: Documents
    lines: DocumentLines
    returns: Returns
    notes: Notes
    titles: Titles
    receipts: Receipts
    postings: Postings


def build_base(plan: Plan) -> Base:
    groups = world.build_groups(plan)
    customers = world.build_customers(groups, plan)
    return Base(
        groups=groups,
        customers=customers,
        movers=world.Movers.of(customers, plan),
        catalogue=products.build(plan),
        process=process.simulate(groups, plan),
    )


def build_trade(base: Base, plan: Plan, replica: int = 0) -> Trade:
    """Draws one replica: the same order days, other products, quantities and accidents."""
    asked = orders.draw_orders(
        base.process, base.groups, base.customers, base.movers, plan, replica
    )
    order_lines = orders.draw_lines(asked, base.process, base.catalogue, plan, replica)
    docs, lines = documents.ship(asked, order_lines, base.catalogue, plan, replica)
    docs, lines = accidents.add_complements(docs, lines, plan, replica)
    docs, lines = accidents.add_voids(docs, lines, plan, replica)
    docs = accidents.arrive_late(docs, plan, replica)
    docs, lines = accidents.numbered(docs, lines, plan, replica)
    returned = credits.draw_returns(docs, lines, plan, replica)
    notes = credits.draw_notes(docs, lines, base.customers, plan, replica)
    owed = titles.draw_titles(docs, lines, returned, notes)
    return Trade(
        replica=replica,
        orders=asked,
        order_lines=order_lines,
        documents=docs,
        lines=lines,
        returns=returned,
        notes=notes,
        titles=owed,
        receipts=titles.draw_receipts(owed, base.process, plan, replica),
        postings=postings.collect(docs, lines, returned, notes),
    )
