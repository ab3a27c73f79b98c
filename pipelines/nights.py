"""Which nights a call runs, and what each of them is: next, sibling, lost or past."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from assets.company import Company, Source
from assets.extract.remote import root_of
from assets.faults import ConfigurationFault
from assets.ledger import Ledger
from assets.memory import Remembered
from assets.night import Home, Kind, NightPlan
from assets.publish import versions
from assets.publish.versions import Publication
from assets.publish.what_if import replay_of

DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Calendar:
    """What is known of time before a run: today in the company's zone and the drop folders."""

    today: date
    first_extract: date | None
    newest_extract: date | None


def look_at_calendar(company: Company, home: Home, ledger: Ledger, now: datetime) -> Calendar:
    """Today in the company's zone, and the first and newest extract dates delivered."""
    days = {delivery.extract_date for delivery in ledger.deliveries() if delivery.extract_date}
    dated = {day for source in company.sources for day in _dropped_dates(home, source)}
    days = {day for day in days if dated} | dated
    today = now.replace(tzinfo=ZoneInfo("UTC")).astimezone(company.time_zone).date()
    return Calendar(today, min(days, default=None), max(days, default=None))


def _dropped_dates(home: Home, source: Source) -> set[date]:
    found: set[date] = set()
    if source.connector.kind != "files":
        return found
    root = root_of(home, source)
    for pattern in sorted({e.path for e in source.extracts if e.is_dated}):
        before, after = pattern.split("{date}", 1)
        for path in root.glob(f"{before}????-??-??{after}"):
            named = DATE.search(str(path.relative_to(root)))
            if named:
                found.add(_parsed(named.group()))
    return found | {e.initial.date for e in source.extracts if e.initial and e.is_dated}


def _parsed(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ConfigurationFault(
            f"AS_OF: expected a date YYYY-MM-DD, found '{text}'. Example: make nightly "
            "AS_OF=2026-04-02."
        ) from error


def nights_due(
    as_of: str | None,
    calendar: Calendar,
    served: Publication | None,
    *,
    is_sample: bool,
    limit: int,
) -> list[date]:
    """The nights of a call: the one asked for, or those missing and then the newest.

    Raises ConfigurationFault where the date is malformed, in the future, or before the first
    extract.
    """
    if as_of is not None:
        asked = _parsed(as_of)
        if asked > calendar.today:
            raise ConfigurationFault(
                f"AS_OF: expected a date up to today ({calendar.today} in the company's zone), "
                f"found {asked}."
            )
        if calendar.first_extract and asked < calendar.first_extract:
            raise ConfigurationFault(
                f"AS_OF: expected a date from the first extract ({calendar.first_extract}) on, "
                f"found {asked}."
            )
        return [asked]
    newest = calendar.newest_extract if is_sample else None
    newest = newest or calendar.today - timedelta(days=1)
    if served is None or newest <= served.as_of:
        return [newest]
    gap = [served.as_of + timedelta(days=n) for n in range(1, (newest - served.as_of).days)]
    return [*gap[-limit:], newest]


def plan_night(home: Home, ledger: Ledger, as_of: date) -> NightPlan:
    """What running this night means, given what is served."""
    now_served = versions.served(home)
    served_id = now_served.publication_id if now_served else None
    known = ledger.cutoff(as_of)
    original = known[0] if known else None
    if now_served is None:
        return NightPlan(as_of=as_of, kind="forward", cutoff=original)
    if as_of > now_served.as_of:
        return NightPlan(
            as_of=as_of,
            kind="forward",
            served=served_id,
            parent=served_id,
            remembered=_memory_of(now_served),
            previous_as_of=now_served.as_of,
            cutoff=original,
        )
    if as_of == now_served.as_of:
        return _sibling(home, now_served)
    return _past_night(home, now_served, as_of, original)


def _sibling(home: Home, now_served: Publication) -> NightPlan:
    """The newest night again: a new publication on the same parent supersedes it."""
    parent = versions.publication(home, now_served.parent) if now_served.parent else None
    if now_served.parent and parent is None:
        return NightPlan(
            as_of=now_served.as_of,
            kind="sibling",
            served=now_served.publication_id,
            parent=now_served.parent,
            remembered=_memory_of(now_served, before=now_served.as_of),
            previous_as_of=_night_before(now_served, now_served.as_of),
        )
    return NightPlan(
        as_of=now_served.as_of,
        kind="sibling",
        served=now_served.publication_id,
        parent=now_served.parent,
        remembered=_memory_of(parent) if parent else None,
        previous_as_of=parent.as_of if parent else None,
    )


def _past_night(
    home: Home, now_served: Publication, as_of: date, original: datetime | None
) -> NightPlan:
    exists = as_of in now_served.nights
    kind: Kind = "sandbox" if exists else "append"
    before = next(
        (found for found in versions.ancestors(home, now_served) if found.as_of < as_of), None
    )
    oldest = list(versions.ancestors(home, now_served))[-1]
    is_before_all = before is None and oldest.parent is None
    remembered = None
    if before is not None:
        remembered = _memory_of(before)
    elif not is_before_all:
        remembered = _memory_of(now_served, before=as_of)
    previous = before.as_of if before else None
    if remembered is not None and before is None:
        previous = _night_before(now_served, as_of)
    return NightPlan(
        as_of=as_of,
        kind=kind,
        served=now_served.publication_id,
        parent=now_served.publication_id if kind == "append" else _id_of(before),
        remembered=remembered,
        previous_as_of=previous,
        cutoff=original,
        lands=kind == "append" and original is None,
    )


def _memory_of(found: Publication, before: date | None = None) -> Remembered:
    return Remembered(found.database, found.restricted, found.state, before)


def _id_of(found: Publication | None) -> str | None:
    return found.publication_id if found else None


def _night_before(found: Publication, day: date) -> date | None:
    return max((night for night in found.nights if night < day), default=None)


def what_if_plan(home: Home, own: Company, other: Company) -> NightPlan:
    """The segments of the last months again under another configuration, into a sandbox."""
    return replace(table_plan(home), replay=replay_of(_served(home), own, other))


def table_plan(home: Home) -> NightPlan:
    """One table again, on a copy of the build that is served, into a sandbox."""
    now_served = _served(home)
    return NightPlan(
        as_of=now_served.as_of,
        kind="table",
        served=now_served.publication_id,
        parent=now_served.parent,
        lands=False,
    )


def _served(home: Home) -> Publication:
    """What is served; raises ConfigurationFault before the first publication."""
    now_served = versions.served(home)
    if now_served is None:
        raise ConfigurationFault("nothing is published yet: run make nightly first.")
    return now_served
