"""One Dagster asset per extract: what a system delivered, landed, and as known on the night."""

import dagster as dg

from assets.company import Company, Extract, Source
from assets.extract.find import drops
from assets.extract.read import EmptyFile
from assets.faults import NotReadyFault
from assets.landing import as_known, create_raw_view, expected_date, land
from assets.ledger import CheckResult, Delivery, SourceReport
from assets.night import Night


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

    Raises NotReadyFault where a required delivery is missing or empty.
    """
    new: list[Delivery] = []
    repeated = 0
    for drop in drops(source, extract, night.as_of) if night.lands else []:
        try:
            delivery, is_new = land(night, source, extract, drop.extract_date, drop.files)
        except EmptyFile as empty:
            if extract.required:
                raise
            _warn(night, source, extract, "empty_file", empty.reason)
            continue
        new += [delivery] if is_new else []
        repeated += 0 if is_new else 1
    known = as_known(night, source, extract)
    _hold_to_calendar(night, source, extract, known)
    read = new if night.lands else known
    return SourceReport(
        source_system=source.name,
        extract_name=extract.table,
        n_deliveries=len(new),
        n_duplicate_deliveries=repeated,
        last_delivery_id=known[-1].delivery_id if known else None,
        last_sha256=known[-1].sha256 if known else None,
        rows_read=sum(d.rows_read for d in read),
        rows_loaded=sum(d.rows_read - d.rows_collapsed for d in read),
        rows_collapsed=sum(d.rows_collapsed for d in read),
    )


def _hold_to_calendar(
    night: Night, source: Source, extract: Extract, known: list[Delivery]
) -> None:
    due = expected_date(extract, night.as_of)
    last = known[-1].extract_date if known else None
    is_late = last is None or (due is not None and last < due)
    if not is_late:
        return
    place = f"{source.root}/{extract.path}".replace("{date}", str(due or night.as_of))
    reason = (
        f"{source.name}.{extract.table}: expected {place}, found "
        f"{'nothing' if last is None else f'the newest of {last}'}. Have it sent, then run make "
        f"nightly AS_OF={night.as_of}."
    )
    if extract.required:
        raise NotReadyFault(reason)
    if due is not None:
        _warn(night, source, extract, "delivered", reason)


def _warn(night: Night, source: Source, extract: Extract, rule: str, detail: str) -> None:
    night.ledger.record_check(
        night.run_id,
        CheckResult(
            check_id=f"raw_{source.name}/{extract.table.lower()}:{rule}",
            owner="ingest",
            table_name=f"raw_{source.name}.{extract.table.lower()}",
            severity="warning",
            status="failed",
            detail=detail,
        ),
    )
