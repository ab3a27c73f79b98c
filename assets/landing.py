"""The landing zone: every delivery once, as delivered and as Parquet, never changed afterwards."""

import hashlib
import json
import shutil
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

from assets.company import Extract, Source
from assets.extract.read import EmptyFile, to_parquet
from assets.ledger import Delivery
from assets.night import Night
from assets.transform.project import extracts_of_entity

LINEAGE = ("_delivery_id", "_file_row", "_extract_date", "_received_at")


def land(
    night: Night, source: Source, extract: Extract, extract_date: date, files: Sequence[Path]
) -> tuple[Delivery, bool]:
    """The delivery of these bytes, and whether it is new; the same bytes land once.

    Bytes that were replaced by a correction and are then sent again are a correction themselves.
    Whole or not at all: a draft is renamed when its manifest is written.
    """
    digests = [_digest(path) for path in files]
    known = night.ledger.deliveries(source.name, extract.table)
    sha256 = hashlib.sha256("".join(digests).encode()).hexdigest()
    same_date = [d for d in known if d.extract_date == extract_date or not extract.is_dated]
    if same_date and same_date[-1].sha256 == sha256:
        return same_date[-1], False
    repeats = sum(d.sha256 == sha256 for d in same_date)
    named = f"{extract_date}{sha256}{repeats or ''}"
    delivery_id = hashlib.sha256(named.encode()).hexdigest()[:12]
    folder = (
        Path(source.name) / extract.table.lower() / f"extract_date={extract_date}" / delivery_id
    )
    draft = night.home.landing / f".tmp.{night.run_id}.{delivery_id}"
    shutil.rmtree(draft, ignore_errors=True)
    (draft / "delivered").mkdir(parents=True, mode=0o700)
    for path in files:
        shutil.copyfile(path, draft / "delivered" / path.name)
    if [_digest(draft / "delivered" / path.name) for path in files] != digests:
        shutil.rmtree(draft)
        raise _still_written(files)
    (draft / "work").mkdir()
    delivered = [draft / "delivered" / path.name for path in files]
    rows, columns = to_parquet(extract, delivered, draft / "work", draft / "all.parquet")
    if rows < extract.min_rows and not extract.required:
        shutil.rmtree(draft)
        raise EmptyFile(
            f"{files[0]}: expected at least {extract.min_rows} rows, found {rows}; the delivery "
            "before stays in use. Have it sent again, then run make nightly."
        )
    collapsed = _collapse(extract, columns, draft / "all.parquet", draft / "data.parquet")
    shutil.rmtree(draft / "work")
    (draft / "all.parquet").unlink()
    delivery = Delivery(
        source_system=source.name,
        extract_name=extract.table,
        extract_date=extract_date,
        delivery_id=delivery_id,
        sha256=sha256,
        received_at=night.clock(),
        rows_read=rows,
        rows_collapsed=collapsed,
        n_bytes=sum(path.stat().st_size for path in delivered),
        folder=str(folder),
        column_names=columns,
        is_corrected=any(d.extract_date == extract_date for d in known) and extract.is_dated,
    )
    manifest = {
        **{name: str(value) for name, value in vars(delivery).items()},
        "files": dict(zip([path.name for path in files], digests, strict=True)),
    }
    (draft / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    final = night.home.landing / folder
    final.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(final, ignore_errors=True)
    draft.rename(final)
    night.ledger.record_delivery(delivery)
    return delivery, True


def _still_written(files: Sequence[Path]) -> Exception:
    from assets.faults import NotReadyFault

    return NotReadyFault(
        f"{files[0]}: expected a file that is complete, found one still being written. "
        "Run make nightly again in a minute."
    )


def _digest(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _collapse(extract: Extract, columns: Sequence[str], whole: Path, target: Path) -> int:
    """Keep the first of exactly equal rows, unless the position is part of the key."""
    if "_file_row" in extract.key:
        shutil.copyfile(whole, target)
        return 0
    listed = ", ".join(f'"{name}"' for name in columns)
    with duckdb.connect() as connection:
        relation = f"read_parquet('{_quoted(whole)}')"
        connection.execute(
            f"copy (select {listed}, min(_file_row) as _file_row from {relation}"
            f" group by {listed} order by _file_row) to '{_quoted(target)}'"
            " (format parquet, compression zstd)"
        )
        row = connection.execute(
            f"select (select count(*) from {relation})"
            f" - (select count(*) from read_parquet('{_quoted(target)}'))"
        ).fetchone()
    return int(row[0]) if row else 0


def as_known(night: Night, source: Source, extract: Extract) -> list[Delivery]:
    """The deliveries a night may read: dated by it, received by its cut-off."""
    return [
        delivery
        for delivery in night.ledger.deliveries(source.name, extract.table)
        if delivery.extract_date <= night.as_of
        and (night.plan.cutoff is None or delivery.received_at <= night.plan.cutoff)
    ]


def create_raw_view(night: Night, source: Source, extract: Extract) -> None:
    """The view raw_<source>.<table> of the night's warehouse: rows as known, latest per key."""
    with duckdb.connect(str(night.warehouse)) as connection:
        connection.execute(f'create schema if not exists "raw_{source.name}"')
        connection.execute(
            f'create or replace view "raw_{source.name}"."{extract.table.lower()}" as '
            + rows_as_known(night, source, extract)
        )


def rows_as_known(night: Night, source: Source, extract: Extract) -> str:
    """The SELECT over landing Parquet behind a raw view."""
    wanted = [*extract.columns, *extract.optional_columns]
    deliveries = _read_by_mode(extract, as_known(night, source, extract))
    if not deliveries:
        empty = ", ".join(f'cast(null as varchar) as "{name}"' for name in wanted)
        return (
            f"select {empty}, cast(null as varchar) as _delivery_id, cast(null as bigint) as"
            " _file_row, cast(null as date) as _extract_date, cast(null as timestamp) as"
            " _received_at, false as _is_deleted where false"
        )
    parts = [_delivery_select(night, delivery, wanted) for delivery in deliveries]
    union = " union all ".join(parts)
    deleted = f"coalesce({extract.deleted}, false)" if extract.deleted else "false"
    latest = ""
    if extract.mode == "delta" or "_file_row" not in extract.key:
        key = ", ".join(f'"{name}"' for name in extract.key)
        if extract.mode != "append":
            latest = (
                f" qualify row_number() over (partition by {key} order by _extract_date desc,"
                " _received_at desc, _delivery_id desc, _file_row desc) = 1"
            )
    return f"select *, {deleted} as _is_deleted from ({union}){latest}"


def _read_by_mode(extract: Extract, deliveries: list[Delivery]) -> list[Delivery]:
    """The newest delivery of each extract date, a correction instead of what it corrects."""
    if extract.mode == "full":
        return deliveries[-1:]
    return list({d.extract_date: d for d in deliveries}.values())


def _delivery_select(night: Night, delivery: Delivery, wanted: Sequence[str]) -> str:
    path = night.home.landing / delivery.folder / "data.parquet"
    columns = ", ".join(
        f'"{name}"' if name in delivery.column_names else f'cast(null as varchar) as "{name}"'
        for name in wanted
    )
    return (
        f"select {columns}, '{delivery.delivery_id}' as _delivery_id, _file_row,"
        f" date '{delivery.extract_date}' as _extract_date,"
        f" timestamp '{delivery.received_at:%Y-%m-%d %H:%M:%S.%f}' as _received_at"
        f" from read_parquet('{_quoted(path)}')"
    )


def expected_date(extract: Extract, as_of: date) -> date | None:
    """The latest extract date due by a night, by the delivery calendar."""
    if extract.expect_every is None or not extract.is_dated:
        return None
    if extract.expect_every == "business_day":
        back = max(0, as_of.weekday() - 4)
        return as_of - timedelta(days=back)
    if extract.expect_every == "week":
        return as_of - timedelta(days=6)
    if extract.expect_every == "month":
        return as_of.replace(day=1)
    return as_of


def delivery_rows(night: Night) -> list[list[Any]]:
    """The rows of control.delivery: per source, extract and entity, the latest delivery."""
    rows: list[list[Any]] = []
    for source in night.company.sources:
        for entity, tables in sorted(extracts_of_entity(source).items()):
            for table in tables:
                extract = source.extract(table)
                known = as_known(night, source, extract)
                last = known[-1] if known else None
                rows.append(
                    [
                        source.name,
                        extract.table,
                        entity,
                        extract.required,
                        last.delivery_id if last else None,
                        last.extract_date if last else None,
                        last.received_at if last else None,
                        expected_date(extract, night.as_of),
                        last.rows_read if last else None,
                        last is not None,
                    ]
                )
    return rows


def profile(night: Night, source: Source, extract: Extract) -> dict[str, float | None]:
    """One row of measures of the newest delivery as known: what the incoming gate judges."""
    known = as_known(night, source, extract)
    if not known:
        return {}
    last = known[-1]
    relation = f"read_parquet('{_quoted(night.home.landing / last.folder / 'data.parquet')}')"
    key = [name for name in extract.key if name != "_file_row"]
    measures = ["count(*) as rows"]
    if len(key) == len(extract.key):
        listed = ", ".join(f'"{name}"' for name in key)
        measures.append(f"count(*) - count(distinct ({listed})) as duplicate_keys")
        empty = " and ".join(f"nullif(trim(\"{name}\"), '') is null" for name in key)
        measures.append(f"count(*) filter ({empty}) as empty_keys")
    for name, form in extract.date_formats.items():
        if name in last.column_names:
            filled = f"nullif(nullif(trim(\"{name}\"), ''), '00000000')"
            measures.append(
                f"coalesce(count(*) filter ({filled} is not null and try_strptime({filled},"
                f" '{form}') is null) / nullif(count(*), 0), 0) as \"parse_failure_share__{name}\""
            )
    with duckdb.connect() as connection:
        cursor = connection.execute(f"select {', '.join(measures)} from {relation}")
        names = [column[0] for column in cursor.description or []]
        found: dict[str, float | None] = dict(zip(names, cursor.fetchone() or (), strict=True))
    before = sorted(d.rows_read for d in known[:-1] if d.rows_read > 0)
    median = before[len(before) // 2] if before else None
    found["rows_ratio"] = last.rows_read / median if median else None
    return found


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
