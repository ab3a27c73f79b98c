"""The planted stories as rows of the truth: who, when, and the record that tells it."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from sample import people, team
from sample import stories as s
from sample.company import Base, Trade
from sample.contacts import ECONOMIC, RECENTLY_LEFT
from sample.crm import Crm
from sample.crm_accounts import FIRST_PROSPECT, main_number
from sample.crm_text import full
from sample.plan import FAR, Plan, as_date, day


def events(base: Base, crm: Crm, first: Trade, plan: Plan) -> Iterator[list[object]]:
    """Story, true group, first and last day, id of the record and what it says.

    A story of a record that arrives or changes on a night begins on that night.
    """
    labels = base.groups.labels
    for story, group, start, end, record, detail in [
        *_relations(base, crm, plan),
        *_hierarchy(base, plan),
        *_deliveries(base, first, plan),
    ]:
        days = [as_date(day) if day < FAR else "" for day in (start, end)]
        yield [story, labels[group], *days, record, detail]


Event = tuple[str, int, int, int, str, str]


def _customer(base: Base, group: int) -> str:
    return f"erp_main:{next(c for c in base.customers if c.group == group).native_id}"


def _relations(base: Base, crm: Crm, plan: Plan) -> Iterator[Event]:
    """People and appetites: who failed, left, took over, wants more or nothing."""
    lost = full("001", main_number(s.LOST_KEY))
    yield "service_failure", s.LOST_KEY, *s.FAILURE, lost, "late and short deliveries"
    yield "lost_key_account", s.LOST_KEY, s.LAST_ORDER_OF_LOST, FAR, lost, "no order after this day"
    for group, left in ((s.LOST_KEY, s.BUYER_LEFT), (s.MOVE_FROM, RECENTLY_LEFT)):
        buyer = next(c for c in crm.contacts if c.group == group and c.role == ECONOMIC)
        yield "buyer_left", group, left, FAR, full("003", buyer.number), "economic buyer"
    leaver = full("005", people.LEAVER_POSITION + 1)
    yield "manager_leaves", s.LEAVER, s.LEAVER_LAST_DAY, FAR, leaver, "last day, known ahead"
    for group in np.flatnonzero(base.groups.is_key).tolist():
        spans = team.managers(group, plan)
        for (old, _, _), (new, start, _) in pairwise(spans):
            detail = f"from {full('005', old + 1)}"
            yield "manager_handover", group, start, FAR, full("005", new + 1), detail
    for story, group, start in (
        ("no_depth", s.NO_DEPTH, plan.start),
        ("promotable", s.PROMOTABLE, plan.start),
        ("shrinking", s.SHRINKING, s.SHRINK_FROM),
    ):
        yield story, group, start, FAR, full("001", main_number(group)), ""
    off = f"{s.UNDERPRICED_DISCOUNT} basis points off the list price"
    cheap = full("001", main_number(s.UNDERPRICED))
    yield "underpriced", s.UNDERPRICED, plan.start, FAR, cheap, off
    for group in s.PARTNERS:
        yield "partner", group, plan.start, FAR, full("001", main_number(group)), ""
    director = full("005", people.DIRECTOR + 1)
    for group, profile, at, until in s.OVERRIDES:
        yield "override", group, day(at), day(until) if until else FAR, director, profile


def _hierarchy(base: Base, plan: Plan) -> Iterator[Event]:
    """Which records belong together, and what changes on a night."""
    nights, movers = s.Nights.of(plan), base.movers
    moved = f"erp_main:{base.customers[movers.customer].native_id}"
    absorbed = _customer(base, s.ABSORBED)
    survivor = _customer(base, s.SURVIVOR)
    yield "acquisition_absorbed", s.ABSORBED, nights.merge, FAR, absorbed, "by its sales group"
    yield "acquisition_survivor", s.SURVIVOR, nights.merge, FAR, survivor, ""
    yield "reparenting_from", s.MOVE_FROM, nights.move, FAR, moved, ""
    yield "reparenting_to", s.MOVE_TO, nights.move, FAR, moved, ""
    account = full("001", main_number(s.CROSSWALK_TRUE))
    prospect = full("001", FIRST_PROSPECT)
    yield "crosswalk_same", s.CROSSWALK_TRUE, plan.start, FAR, account, "joined by the crosswalk"
    yield "crosswalk_different", s.CROSSWALK_FALSE, plan.start, FAR, prospect, "kept apart by it"
    for story, group in (
        ("natural_person", s.NATURAL_PERSON),
        ("invalid_tax_id", s.BAD_TAX_ID),
        *(("alphanumeric_tax_id", g) for g in s.ALPHANUMERIC),
        *(("invoiced_in_dollars", g) for g in s.DOLLARS),
    ):
        yield story, group, plan.start, FAR, _customer(base, group), ""
    for story, group in (
        ("merged_accounts", s.MERGED_ACCOUNTS),
        ("tax_id_only", s.TAX_ID_ONLY),
        ("parent_cycle", s.PARENT_CYCLE),
        ("orphan_parent", s.ORPHAN_PARENT),
    ):
        yield story, group, plan.start, FAR, full("001", main_number(group)), ""


def _deliveries(base: Base, first: Trade, plan: Plan) -> Iterator[Event]:
    """Rows that arrive after their day, or are delivered again with other values."""
    nights = s.Nights.of(plan)
    late = _customer(base, s.LATE_MASTER)
    yield "late_master", s.LATE_MASTER, nights.correction, FAR, late, "invoiced before it is known"
    d, x, r, n = first.documents, first.lines, first.returns, first.notes
    for line in np.flatnonzero(r.corrected < FAR):
        group = int(d.group[x.document[r.line[line]]])
        number = f"DV{d.branch[x.document[r.line[line]]]} {r.number[line]:09d}"
        detail = f"quantity {r.first_quantity[line]} becomes {r.quantity[line]}"
        yield "corrected_return", group, int(r.corrected[line]), FAR, number, detail
    for note in np.flatnonzero(n.corrected < FAR):
        detail = f"cents {n.first_cents[note]} become {n.cents[note]}"
        number = f"NCC {n.number[note]:09d}"
        yield (
            "corrected_credit_note",
            int(n.group[note]),
            int(n.corrected[note]),
            FAR,
            number,
            detail,
        )
    for doc in np.flatnonzero(d.known > d.day):
        number = f"{d.branch[doc]} {d.number[doc]:09d}"
        detail = f"issued {as_date(int(d.day[doc]))}"
        yield "late_document", int(d.group[doc]), int(d.known[doc]), FAR, number, detail
    rebates = np.flatnonzero(n.is_rebate)[-4:-2]
    for note in rebates:
        number = f"NCC {n.number[note]:09d}"
        detail = "a customer cost names it: the same money twice"
        yield "repeated_cost", int(n.group[note]), int(n.day[note]), FAR, number, detail
