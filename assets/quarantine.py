"""Quarantine: every row and file set aside, with its raw text, in a file of its own.

The file stands in the restricted zone and holds what is open at the end of the last attempt; its
counts are published as kam_ops.quarantine_summary.
"""

import base64
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from assets.company import Extract, Source
from assets.extract.records import Record, wanted_records
from assets.known import REJECTS, ROWS, as_known, newest_of_dates, read_by_mode, received
from assets.ledger import Delivery
from assets.night import Night
from assets.sql_text import literal

COLUMNS = {
    "run_id": "varchar",
    "delivery_id": "varchar",
    "source_system": "varchar",
    "entity": "varchar",
    "extract_name": "varchar",
    "extract_date": "date",
    "file_name": "varchar",
    "file_sha256": "varchar",
    "line_no": "bigint",
    "file_row": "bigint",
    "raw_text": "varchar",
    "raw_base64": "varchar",
    "reason_code": "varchar",
    "column_name": "varchar",
    "rule": "varchar",
    "amount_base": "decimal(18, 2)",
    "first_seen_run": "varchar",
}
IDENTITY = (
    "source_system", "extract_name", "entity", "file_sha256", "line_no", "reason_code",
    "column_name",
)  # fmt: skip
MONEY = "invoice_line"  # the entity whose amounts are counted


def quarantine_file(night: Night) -> Path:
    """Where the rows are."""
    return night.home.restricted / "quarantine.duckdb"


def keep_quarantine(night: Night) -> None:
    """Write what is set aside now, and its counts into the ledger; once per run."""
    if night.is_quarantined or night.plan.kind in ("sandbox", "table"):
        return
    night.is_quarantined = True
    rows = [*_set_aside(night), *_refused(night), *night.refused_files]
    target = quarantine_file(night)
    night.home.open_restricted()
    draft = target.with_name(f".tmp.{night.run_id}.duckdb")
    draft.unlink(missing_ok=True)
    with duckdb.connect(str(draft)) as connection:
        listed = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
        connection.execute(f"create table quarantine ({listed})")
        _insert(connection, [{"run_id": night.run_id, **row} for row in rows])
        _remember(connection, target, night.run_id)
        summary = _summary(connection)
    draft.chmod(0o600)
    os.replace(draft, target)
    night.ledger.record_quarantine(night.run_id, summary)


def file_row(
    source: Source, extract: Extract, extract_date: object, path: Path, sha256: str, code: str
) -> dict[str, Any]:
    """The quarantine row of a whole file that could not be read."""
    return {
        "source_system": source.name,
        "extract_name": extract.table,
        "extract_date": extract_date,
        "file_name": path.name,
        "file_sha256": sha256,
        "raw_base64": base64.b64encode(_first_bytes(path)).decode(),
        "reason_code": code,
        "column_name": "*",
        "rule": source.check_id(extract, code.lower()),
    }


def _first_bytes(path: Path) -> bytes:
    with path.open("rb") as handle:
        return handle.read(1024)


def _insert(connection: duckdb.DuckDBPyConnection, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    table = pa.table(
        {
            name: pa.array(
                [None if row.get(name) is None else str(row[name]) for row in rows], pa.string()
            )
            for name in COLUMNS
        }
    )
    connection.register("found", table)
    chosen = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in COLUMNS.items())
    connection.execute(f"insert into quarantine select {chosen} from found")
    connection.unregister("found")


def _set_aside(night: Night) -> Iterator[dict[str, Any]]:
    """Rows that staging, the canonical model or the reader set aside."""
    found = list(_staged(night))
    for source in night.company.sources:
        for extract in source.extracts:
            known = read_by_mode(extract, as_known(night, source, extract))
            for delivery in known:
                own = [row for row in found if row["delivery_id"] == delivery.delivery_id]
                own += list(_rejects(night, delivery))
                yield from _with_text(night, extract, delivery, own)


def _staged(night: Night) -> Iterator[dict[str, Any]]:
    if not night.warehouse.is_file():
        return
    with duckdb.connect(str(night.warehouse), read_only=True) as connection:
        known = connection.execute(
            "select count(*) from information_schema.tables where table_schema = 'canonical'"
            " and table_name = 'quarantine'"
        ).fetchone()
        if not known or not known[0]:
            return
        cursor = connection.execute(
            "select source_system, entity, extract_name, delivery_id, file_row, reason_code,"
            " coalesce(column_name, '*') as column_name, amount_base from canonical.quarantine"
            " order by all"
        )
        names = [column[0] for column in cursor.description or []]
        for values in cursor.fetchall():
            yield dict(zip(names, values, strict=True))


def _rejects(night: Night, delivery: Delivery) -> Iterator[dict[str, Any]]:
    path = night.home.landing / delivery.folder / REJECTS
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"select part, record, reason from read_parquet({literal(path)}) order by all"
        ).fetchall()
    for part, record, reason in rows:
        yield {
            "source_system": delivery.source_system,
            "extract_name": delivery.extract_name,
            "delivery_id": delivery.delivery_id,
            "reason_code": reason,
            "column_name": "*",
            "_place": (part, record),
        }


def _with_text(
    night: Night, extract: Extract, delivery: Delivery, rows: list[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Rows of one delivery with the text and line they came from."""
    if not rows:
        return
    folder = night.home.landing / delivery.folder
    places = _places(folder, [row["file_row"] for row in rows if row.get("file_row")])
    files: Mapping[str, str] = json.loads((folder / "manifest.json").read_text())["files"]
    names = list(files)
    wanted: dict[int, set[int]] = {}
    for row in rows:
        row["_place"] = row.get("_place") or places.get(row["file_row"], (0, 0, None))
        wanted.setdefault(row["_place"][0], set()).add(row["_place"][1])
    texts = {
        part: _texts(extract, folder / "delivered" / names[part], numbers)
        for part, numbers in wanted.items()
    }
    for row in rows:
        part, record, *cells = row.pop("_place")
        found = texts[part].get(record)
        yield row | {
            "extract_date": delivery.extract_date,
            "file_name": names[part],
            "file_sha256": files[names[part]],
            "line_no": found.line_no if found else record,
            "raw_text": found.text if found else (cells[0] if cells else None),
            "rule": f"{row.get('entity') or extract.table.lower()}:{row['reason_code'].lower()}",
        }


def _texts(extract: Extract, path: Path, numbers: set[int]) -> dict[int, Record]:
    if extract.format == "csv":
        return wanted_records(path, extract.dialect, numbers)
    if extract.format == "jsonl":
        plain = extract.dialect.model_copy(update={"quote": ""})
        return wanted_records(path, plain, numbers)
    return {}


def _places(folder: Path, file_rows: Iterable[int]) -> dict[int, tuple[int, int, str]]:
    """File, record and cells (as JSON) of rows by their position in the delivery."""
    listed = ", ".join(str(int(row)) for row in sorted(set(file_rows)))
    if not listed:
        return {}
    with duckdb.connect() as connection:
        rows = connection.execute(
            "select _file_row, _part, _record, cast(to_json(data) as varchar)"
            f" from read_parquet({literal(folder / ROWS)}) as data"
            f" where _file_row in ({listed})"
        ).fetchall()
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


def _refused(night: Night) -> Iterator[dict[str, Any]]:
    """Deliveries that the gate keeps out."""
    for source in night.company.sources:
        for extract in source.extracts:
            for delivery in newest_of_dates(received(night, source, extract)):
                if delivery.refused is None:
                    continue
                folder = night.home.landing / delivery.folder / "delivered"
                path = sorted(folder.iterdir())[0]
                code = delivery.refused.split(":", 1)[0]
                row = file_row(source, extract, delivery.extract_date, path, delivery.sha256, code)
                yield row | {"delivery_id": delivery.delivery_id}


def _remember(connection: duckdb.DuckDBPyConnection, before: Path, run_id: str) -> None:
    """Keep the run that first saw what is still open."""
    if before.is_file():
        connection.execute(f"attach {literal(before)} as old (read_only)")
        connection.execute("create temp table seen as select * from old.main.quarantine")
        connection.execute("detach old")
        same = " and ".join(
            f"quarantine.{name} is not distinct from seen.{name}" for name in IDENTITY
        )
        connection.execute(
            "update quarantine set first_seen_run = seen.first_seen_run from seen where " + same
        )
    connection.execute(
        "update quarantine set first_seen_run = ? where first_seen_run is null", [run_id]
    )


def _summary(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    cursor = connection.execute(
        "select source_system, extract_name, reason_code, column_name,"
        " count(distinct file_sha256) as n_files, count(line_no) as n_rows,"
        " count(line_no) filter (first_seen_run = run_id) as n_new_rows,"
        " sum(amount_base) as amount_base,"
        f" count(*) filter (entity = '{MONEY}' and amount_base is null) as n_unreadable_amounts,"
        " min(extract_date) as oldest_delivery_date"
        " from quarantine group by all order by all"
    )
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
