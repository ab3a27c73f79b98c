"""What a night knows: the deliveries it may read, and the rows of them that count."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import duckdb

from assets.company import Extract, Source
from assets.ledger import Delivery
from assets.night import Night
from assets.sql_text import literal
from assets.transform.project import extracts_of_entity

ROWS, REJECTS = "data.parquet", "rejects.parquet"  # the files of a delivery


def same_date(night: Night, source: Source, extract: Extract, day: date) -> list[Delivery]:
    """The deliveries of an extract date, in the order they came; of all where none is dated."""
    known = night.ledger.deliveries(source.name, extract.table)
    return [d for d in known if d.extract_date == day or not _is_dated(source, extract)]


def _is_dated(source: Source, extract: Extract) -> bool:
    return extract.is_dated or source.connector.kind != "files"


def received(night: Night, source: Source, extract: Extract) -> list[Delivery]:
    """The deliveries dated by the night and received by its cut-off, refused ones among them."""
    return [
        delivery
        for delivery in night.ledger.deliveries(source.name, extract.table)
        if delivery.extract_date <= night.as_of
        and (night.plan.cutoff is None or delivery.received_at <= night.plan.cutoff)
    ]


def newest_of_dates(deliveries: Sequence[Delivery]) -> list[Delivery]:
    """The newest delivery of each extract date: a correction instead of what it corrects."""
    return list({delivery.extract_date: delivery for delivery in deliveries}.values())


def as_known(night: Night, source: Source, extract: Extract) -> list[Delivery]:
    """The deliveries a night may read: received, newest of their date, not refused."""
    found = newest_of_dates(received(night, source, extract))
    return [delivery for delivery in found if delivery.refused is None]


def create_raw_view(night: Night, source: Source, extract: Extract) -> None:
    """The view raw_<source>.<table> of the night's warehouse: rows as known, latest per key."""
    with duckdb.connect(str(night.warehouse)) as connection:
        connection.execute(f'create schema if not exists "raw_{source.name}"')
        connection.execute(
            f'create or replace view "raw_{source.name}"."{extract.table.lower()}" as '
            + rows_as_known(night, source, extract)
        )


def rows_as_known(night: Night, source: Source, extract: Extract) -> str:
    """The SELECT over landing Parquet behind a raw view.

    Rows that one key cannot tell apart are all in it: the canonical model sets them aside, with
    their money.
    """
    wanted = [*extract.columns, *extract.optional_columns]
    deliveries = read_by_mode(extract, as_known(night, source, extract))
    if not deliveries:
        empty = ", ".join(f'cast(null as varchar) as "{name}"' for name in wanted)
        return (
            f"select {empty}, cast(null as varchar) as _delivery_id, cast(null as bigint) as"
            " _file_row, cast(null as date) as _extract_date, cast(null as timestamp) as"
            " _received_at, false as _is_deleted where false"
        )
    union = " union all ".join(
        _delivery_select(night, delivery, wanted, place)
        for place, delivery in enumerate(deliveries)
    )
    is_gone = extract.deleted == "missing"
    deleted = "false"
    if is_gone and extract.mode == "full":
        deleted = f"_place < {len(deliveries) - 1}"
    elif extract.deleted and not is_gone:
        deleted = f"coalesce({extract.deleted}, false)"
    rows = f"select *, {deleted} as _is_deleted from ({union})"
    if extract.mode == "append" or "_file_row" in extract.key:
        return f"select * exclude (_place, _reason) from ({rows})"
    key = ", ".join(f'"{name}"' for name in extract.key)
    # Ties are meant: rows that one key cannot tell apart are all the newest.
    return (
        f"select * exclude (_place, _reason) from ({rows}) qualify rank() over (partition by {key},"
        " case when _reason = 'MISSING' then concat(_delivery_id, '/', _file_row) end"
        " order by _place desc, _is_deleted, _reason is null,"
        " case when _reason is null then -_file_row else 0 end) = 1"
    )


def read_by_mode(extract: Extract, deliveries: list[Delivery]) -> list[Delivery]:
    """Of the deliveries as known, those whose rows a night reads."""
    if extract.mode == "full" and extract.deleted != "missing":
        return deliveries[-1:]
    return deliveries


def _delivery_select(night: Night, delivery: Delivery, wanted: Sequence[str], place: int) -> str:
    path = night.home.landing / delivery.folder / ROWS
    columns = ", ".join(
        f'"{name}"' if name in delivery.column_names else f'cast(null as varchar) as "{name}"'
        for name in wanted
    )
    return (
        f"select {columns}, '{delivery.delivery_id}' as _delivery_id, _file_row,"
        f" date '{delivery.extract_date}' as _extract_date,"
        f" timestamp '{delivery.received_at:%Y-%m-%d %H:%M:%S.%f}' as _received_at,"
        f" _reason, {place} as _place from read_parquet({literal(path)})"
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
