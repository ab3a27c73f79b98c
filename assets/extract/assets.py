"""One Dagster asset per extract: what a system delivered, landed, and as known on the night."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

import dagster as dg

from assets.company import Company, Extract, Source
from assets.extract.find import Drop, drops
from assets.extract.native import retyped
from assets.extract.pulled import forget_pull, pulled
from assets.extract.read import EmptyFile
from assets.extract.ready import hold_to_readiness, wait_until_quiet
from assets.extract.remote import root_of
from assets.faults import NotReadyFault
from assets.known import create_raw_view, expected_date, newest_of_dates, received, same_date
from assets.landing import land
from assets.ledger import CheckResult, Delivery, SourceReport
from assets.measures import EPOCH
from assets.night import Night

MOST_MONEY = 10**16


def extract_assets(company: Company) -> list[dg.AssetsDefinition]:
    """The assets of every extract of every source."""
    return [
        extract_asset(source, extract) for source in company.sources for extract in source.extracts
    ]


def extract_asset(source: Source, extract: Extract) -> dg.AssetsDefinition:
    """The asset raw_<source>/<table>."""

    @dg.asset(
        key=[f"raw_{source.name}", extract.table.lower()],
        group_name="raw",
        kinds={extract.format, "parquet"},
        description=f"{extract.table} of {source.name} ({source.adapter}), as delivered.",
        pool="warehouse",
    )
    def landed(night: dg.ResourceParam[Night]) -> dg.MaterializeResult:
        with night.stage("extract"):
            report = pull(night, source, extract)
            create_raw_view(night, source, extract)
            night.ledger.record_source(night.run_id, report)
        night.say(f"extract {source.name}.{extract.table}: {report.rows_read:,} rows")
        return dg.MaterializeResult(
            metadata={
                "dagster/row_count": report.rows_read,
                "new_deliveries": report.n_deliveries,
                "last_delivery_id": report.last_delivery_id or "none",
            }
        )

    return landed


def pull(night: Night, source: Source, extract: Extract) -> SourceReport:
    """Land what is new of an extract, and hold it against its delivery calendar.

    Raises NotReadyFault where a required delivery is missing, empty or not complete, GateFault
    where one cannot be read as declared.
    """
    new: list[Delivery] = []
    repeated = 0
    for drop in _dropped(night, source, extract) if night.lands else []:
        try:
            delivery, is_new = _landed(night, source, extract, drop)
        except EmptyFile as empty:
            if extract.required:
                raise
            _warn(night, source, extract, "empty_file", empty.reason)
            continue
        new += [delivery] if is_new else []
        repeated += 0 if is_new else 1
        if is_new and delivery.extract_date == night.as_of:
            _note_drift(night, source, extract, delivery)
            _note_retyped(night, source, extract, delivery)
        if is_new and delivery.is_corrected:
            _note_correction(night, source, extract, delivery)
    known = newest_of_dates(received(night, source, extract))
    _hold_to_calendar(night, source, extract, known)
    return _report(night, source, extract, known, new, repeated)


def _landed(night: Night, source: Source, extract: Extract, drop: Drop) -> tuple[Delivery, bool]:
    if source.connector.kind != "files":
        found = land(
            night, source, extract, drop.extract_date, drop.files, cursor_max=drop.cursor_max
        )
        forget_pull(night, source, extract)
        return found
    declared = hold_to_readiness(source.connector.ready, drop.files)
    return land(night, source, extract, drop.extract_date, drop.files, declared)


def _dropped(night: Night, source: Source, extract: Extract) -> list[Drop]:
    if source.connector.kind != "files":
        files, cursor_max = pulled(night, source, extract)
        return [Drop(night.as_of, tuple(files), cursor_max)]
    _wait_once(night)
    return drops(source, extract, night.as_of, root_of(night.home, source))


def _wait_once(night: Night) -> None:
    """Before the first file is read, wait until all that nothing vouches for are quiet."""
    if night.is_quiet or night.wall is None:
        return
    watched = {
        path: source.connector.quiet_seconds
        for source in night.company.sources
        if source.connector.kind == "files" and source.connector.ready == "stable"
        for extract in source.extracts
        for drop in drops(source, extract, night.as_of, root_of(night.home, source))
        for path in drop.files
    }
    for seconds in sorted(set(watched.values())):
        files = [path for path, quiet in watched.items() if quiet == seconds]
        wait_until_quiet(files, seconds, say=night.say, wall=night.wall)
    night.is_quiet = True


def _report(
    night: Night,
    source: Source,
    extract: Extract,
    known: list[Delivery],
    new: list[Delivery],
    repeated: int,
) -> SourceReport:
    read = new if night.lands else [d for d in known if d.refused is None]
    last = known[-1] if known else None
    declared = [d.rows_declared for d in read]
    controls = [pair for d in read for pair in d.controls.values()]
    is_declared = bool(controls) and all(said is not None for said, _ in controls)
    total_said = _total(said for said, _ in controls if said) if is_declared else None
    total_read = _total(found for _, found in controls) if controls else None
    days = [_day(d.profile.get("max_business_date")) for d in read]
    first_days = [_day(d.profile.get("min_business_date")) for d in read]
    return SourceReport(
        source_system=source.name,
        extract_name=extract.table,
        n_deliveries=len(new),
        n_duplicate_deliveries=repeated,
        last_delivery_id=last.delivery_id if last else None,
        last_sha256=last.sha256 if last else None,
        rows_declared=sum(n for n in declared if n is not None) if None not in declared else None,
        rows_read=sum(d.rows_read for d in read),
        rows_loaded=sum(d.rows_read - d.rows_collapsed - d.rows_aside for d in read),
        rows_collapsed=sum(d.rows_collapsed for d in read),
        rows_quarantined=sum(d.rows_aside for d in read),
        control_declared=_money(total_said),
        control_read=_money(total_read),
        control_difference=(
            None if total_said is None or total_read is None else _money(total_said - total_read)
        ),
        min_business_date=min((d for d in first_days if d), default=None),
        max_business_date=max((d for d in days if d), default=None),
    )


def _total(texts: Iterable[str]) -> Decimal:
    return sum((Decimal(text) for text in texts), Decimal(0))


def _money(total: Decimal | None) -> str | None:
    """A total as published money; one that no DECIMAL(18,2) holds is none."""
    return None if total is None or abs(total) >= MOST_MONEY else f"{total:.2f}"


def _day(days: float | None) -> str | None:
    return None if days is None else str(EPOCH + timedelta(days=int(days)))


def _hold_to_calendar(
    night: Night, source: Source, extract: Extract, known: list[Delivery]
) -> None:
    due = expected_date(extract, night.as_of)
    last = known[-1].extract_date if known else None
    if last is not None and (due is None or last >= due):
        return
    reason = (
        f"{source.name}.{extract.table}: expected {_place(source, extract, due or night.as_of)}, "
        f"found {'nothing' if last is None else f'the newest of {last}'}. Have it sent, then run "
        f"make nightly AS_OF={night.as_of}."
    )
    if extract.required:
        raise NotReadyFault(reason)
    if due is not None:
        _warn(night, source, extract, "delivered", reason)


def _place(source: Source, extract: Extract, day: date) -> str:
    return f"{source.root}/{extract.path}".replace("{date}", str(day))


def _note_drift(night: Night, source: Source, extract: Extract, delivery: Delivery) -> None:
    """Warn of columns nobody declared and optional ones that went missing, on the night they do."""
    before = newest_of_dates(received(night, source, extract))[:-1]
    for kind, names in delivery.drift.items():
        if kind == "dropped" and not (before and set(names) & set(before[-1].column_names)):
            continue
        said = {
            "added": f"not in the contract, kept in landing only: {', '.join(names[:20])}. Add "
            "them to optional_columns in sources.yml, or accept them with kam waive",
            "dropped": f"optional, and no longer delivered: {', '.join(names[:20])}",
        }[kind]
        _warn(night, source, extract, f"schema_{kind}", f"columns {said}.")


def _note_retyped(night: Night, source: Source, extract: Extract, delivery: Delivery) -> None:
    """Warn of columns that have another type in their own system than in the delivery before."""
    before = [
        known
        for known in newest_of_dates(received(night, source, extract))
        if known.extract_date < delivery.extract_date and known.native_types
    ]
    changed = retyped(before[-1].native_types, delivery.native_types) if before else {}
    if changed:
        said = ", ".join(f"{name} from {old} to {new}" for name, (old, new) in changed.items())
        _warn(
            night, source, extract, "schema_retyped",
            f"columns changed their type since {before[-1].extract_date}: {said}. Look whether "
            "they still mean the same; what no longer parses is set aside as TYPE or NUM_FORMAT.",
        )  # fmt: skip


def _note_correction(night: Night, source: Source, extract: Extract, delivery: Delivery) -> None:
    """Warn of an extract date that came again with other content, and how it differs."""
    earlier = [
        d
        for d in same_date(night, source, extract, delivery.extract_date)
        if d.delivery_id != delivery.delivery_id
    ]
    if not earlier:
        return
    before = earlier[-1]
    totals = "".join(
        f", total {name or 'of amounts'} {before.controls[name][1]} before and {read} now"
        for name, (_, read) in sorted(delivery.controls.items())
        if name in before.controls and before.controls[name][1] != read
    )
    _warn(
        night, source, extract, "corrected",
        f"{delivery.extract_date}: expected one delivery, found another with other content; the "
        f"new one counts. Rows {before.rows_read} before and {delivery.rows_read} now{totals}.",
    )  # fmt: skip


def _warn(night: Night, source: Source, extract: Extract, rule: str, detail: str) -> None:
    night.record_check(
        CheckResult(
            check_id=source.check_id(extract, rule),
            owner="ingest",
            table_name=f"raw_{source.name}.{extract.table.lower()}",
            severity="warning",
            status="failed",
            detail=detail,
        )
    )
