"""The landing zone: every delivery once, as delivered and as Parquet, never changed afterwards."""

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

import duckdb

from assets.company import Extract, Source
from assets.extract.columns import ColumnsFault, suggested_names
from assets.extract.native import native_types
from assets.extract.read import Reading, to_parquet
from assets.extract.ready import Declared, hold_to_size
from assets.faults import FileFault, GateFault, NotReadyFault
from assets.known import REJECTS, ROWS, same_date
from assets.ledger import Delivery
from assets.measures import compared_totals, control_totals, profile
from assets.night import Night
from assets.quarantine import file_row
from assets.rivals import keep_one_of_each
from assets.sql_text import literal


def land(
    night: Night,
    source: Source,
    extract: Extract,
    extract_date: date,
    files: Sequence[Path],
    declared: Mapping[str, Declared] | None = None,
    cursor_max: str | None = None,
) -> tuple[Delivery, bool]:
    """The delivery of these bytes, and whether it is new; the same bytes land once.

    Bytes that were replaced by a correction and are then sent again are a correction themselves.
    Whole or not at all: a draft is renamed when its manifest is written. Raises NotReadyFault
    where a file is empty or not the one its manifest declares, GateFault where it cannot be read.
    """
    declared = declared or {}
    digests = [_digest(path) for path in files]
    for path, digest in zip(files, digests, strict=True):
        hold_to_size(path, digest, declared.get(path.name))
    sha256 = hashlib.sha256("".join(digests).encode()).hexdigest()
    earlier = same_date(night, source, extract, extract_date)
    if earlier and earlier[-1].sha256 == sha256:
        return _declared_again(night, extract, earlier[-1], declared), False
    repeats = sum(delivery.sha256 == sha256 for delivery in earlier)
    named = f"{extract_date}{sha256}{repeats or ''}"
    delivery_id = hashlib.sha256(named.encode()).hexdigest()[:12]
    draft = night.home.landing / f".tmp.{night.run_id}.{delivery_id}"
    copied = _copied(files, digests, draft)
    try:
        delivery = _read(night, source, extract, extract_date, copied, draft, declared)
    except (FileFault, NotReadyFault) as fault:
        night.refused_files.append(
            file_row(source, extract, extract_date, copied[0], digests[0], _code(fault))
        )
        shutil.rmtree(draft, ignore_errors=True)
        raise _named(fault, source, extract) from fault
    delivery = replace(
        delivery,
        delivery_id=delivery_id,
        sha256=sha256,
        cursor_max=cursor_max,
        is_corrected=bool(earlier) and extract.is_dated,
        native_types=native_types(extract, copied),
    )
    named_digests = {path.name: digest for path, digest in zip(files, digests, strict=True)}
    return _keep(night, extract, delivery, draft, named_digests), True


def _declared_again(
    night: Night, extract: Extract, delivery: Delivery, declared: Mapping[str, Declared]
) -> Delivery:
    """A delivery whose bytes came again: a manifest that was corrected counts as it now is."""
    read = {name: total for name, (_, total) in delivery.controls.items()}
    controls = compared_totals(extract, read, declared)
    if {name: list(pair) for name, pair in controls.items()} == {
        name: list(pair) for name, pair in delivery.controls.items()
    }:
        return delivery
    changed = replace(delivery, controls=controls)
    night.ledger.record_controls(changed)
    return changed


def _code(fault: FileFault | NotReadyFault) -> str:
    return fault.code if isinstance(fault, FileFault) else fault.reason.split(":", 1)[0]


def _named(fault: FileFault | NotReadyFault, source: Source, extract: Extract) -> Exception:
    if isinstance(fault, FileFault):
        return GateFault(fault.reason, check_id=source.check_id(extract, fault.code.lower()))
    return fault


def _copied(files: Sequence[Path], digests: Sequence[str], draft: Path) -> list[Path]:
    shutil.rmtree(draft, ignore_errors=True)
    (draft / "delivered").mkdir(parents=True, mode=0o700)
    (draft / "work").mkdir()
    copies = [draft / "delivered" / path.name for path in files]
    for path, copy, digest in zip(files, copies, digests, strict=True):
        shutil.copyfile(path, copy)
        if _digest(copy) != digest:
            shutil.rmtree(draft)
            raise NotReadyFault(
                f"{path}: expected a file that is complete, found one still being written. "
                "Run make nightly again in a minute."
            )
    return copies


def _read(
    night: Night,
    source: Source,
    extract: Extract,
    extract_date: date,
    copied: Sequence[Path],
    draft: Path,
    declared: Mapping[str, Declared],
) -> Delivery:
    """The delivery of a draft, whose rows and rejects now stand in Parquet; without its ids."""
    whole = draft / "all.parquet"
    try:
        reading = to_parquet(
            extract,
            copied,
            draft / "work",
            whole,
            draft / REJECTS,
            may_lack_columns=night.is_waived(source.check_id(extract, "schema")),
            is_desk=source.adapter == "kam_desk",
        )
    except ColumnsFault as fault:
        raise _with_suggestions(night, source, extract, fault, copied[0], draft) from fault
    rows_declared = _hold_to_rows(copied, reading, declared)
    totals = control_totals(extract, reading.columns, whole, declared)
    collapsed, aside = keep_one_of_each(extract, reading.columns, whole, draft / ROWS)
    shutil.rmtree(draft / "work")
    measures = profile(extract, reading, draft / ROWS, aside)
    return Delivery(
        source_system=source.name,
        extract_name=extract.table,
        extract_date=extract_date,
        delivery_id="",
        sha256="",
        received_at=night.clock(),
        rows_read=reading.n_rows + reading.n_rejects,
        rows_collapsed=collapsed,
        rows_aside=reading.n_rejects,
        rows_declared=rows_declared,
        n_bytes=sum(path.stat().st_size for path in copied),
        folder="",
        column_names=reading.columns,
        controls=totals,
        profile=measures,
        drift={name: list(found) for name, found in asdict(reading.drift).items() if found},
    )


def _with_suggestions(
    night: Night,
    source: Source,
    extract: Extract,
    fault: ColumnsFault,
    delivered: Path,
    draft: Path,
) -> FileFault:
    """The fault, naming the new column in which the values of a missing one are found."""
    before = night.ledger.deliveries(source.name, extract.table)
    transcoded = draft / "work" / "0.csv"
    text = transcoded if transcoded.is_file() else delivered
    if not before or not fault.added or extract.format != "csv":
        return fault
    dialect = extract.dialect
    now = (
        f"read_csv({literal(text)}, delim = {literal(dialect.delimiter)}, all_varchar = true,"
        " header = true, auto_detect = false, ignore_errors = true, null_padding = true,"
        f" columns = {{{_columns_of(text, dialect.delimiter)}}})"
    )
    known = night.home.landing / before[-1].folder / ROWS
    with duckdb.connect() as connection:
        try:
            found = suggested_names(connection, fault, known, now)
        except duckdb.Error:
            return fault
    said = "; ".join(f"{new} holds values of {old}" for old, new in sorted(found.items()))
    if not said:
        return fault
    return FileFault(fault.code, f"{fault.reason.removeprefix(f'{fault.code}: ')} {said}.")


def _columns_of(text: Path, delimiter: str) -> str:
    with text.open(encoding="utf-8", newline="") as handle:
        names = handle.readline().rstrip("\r\n").split(delimiter)
    return ", ".join(f"{literal(name.strip())}: 'varchar'" for name in names)


def _hold_to_rows(
    copied: Sequence[Path], reading: Reading, declared: Mapping[str, Declared]
) -> int | None:
    """The rows that manifests declare; raises NotReadyFault where the files have others."""
    counts = [declared[path.name].rows for path in copied if path.name in declared]
    if not counts or None in counts or len(counts) < len(copied):
        return None
    total = sum(count for count in counts if count is not None)
    found = reading.n_rows + reading.n_rejects
    if total != found:
        raise NotReadyFault(
            f"TRUNCATED: {copied[0].name}: expected the {total} rows of its manifest, found "
            f"{found}. Have it sent again, then run make nightly."
        )
    return total


def _keep(
    night: Night, extract: Extract, delivery: Delivery, draft: Path, files: Mapping[str, str]
) -> Delivery:
    """Give a finished draft its place, its manifest and its row in the ledger."""
    folder = (
        Path(delivery.source_system)
        / extract.table.lower()
        / f"extract_date={delivery.extract_date}"
        / delivery.delivery_id
    )
    placed = replace(delivery, folder=str(folder))
    facts = {name: str(value) for name, value in vars(placed).items()}
    manifest = {**facts, "files": dict(files)}
    (draft / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    final = night.home.landing / folder
    final.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(final, ignore_errors=True)
    draft.rename(final)
    night.ledger.record_delivery(placed)
    return placed


def _digest(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
