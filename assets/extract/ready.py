"""Tells whether a delivery is complete: by its manifest, its success file, or its quiet."""

import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assets.faults import NotReadyFault

SUCCESS = "_SUCCESS"
MANIFEST = "manifest.json"
PATIENCE = 4.0  # times the quiet seconds, then the night is not ready


@dataclass(frozen=True)
class Declared:
    """What a manifest says of one delivered file."""

    rows: int | None = None
    n_bytes: int | None = None
    sha256: str | None = None
    control_totals: dict[str, str] = field(default_factory=dict)


def is_companion(path: Path) -> bool:
    """Whether a file only speaks of others."""
    return path.name == SUCCESS or path.name.endswith(MANIFEST)


def companions(path: Path) -> list[Path]:
    """Where the manifest of a file may be: beside it under its own name, or for the folder."""
    return [
        path.with_name(f"{path.name}.{MANIFEST}"),
        path.with_name(f"{path.stem}.{MANIFEST}"),
        path.with_name(MANIFEST),
    ]


def hold_to_readiness(ready: str, files: Sequence[Path]) -> dict[str, Declared]:
    """What is declared of each file, by name; nothing where no manifest is asked for or there.

    Raises NotReadyFault where the success file or a required manifest is missing.
    """
    if ready == "success_file":
        folders = sorted({path.parent for path in files})
        for folder in folders:
            if not (folder / SUCCESS).exists():
                raise NotReadyFault(
                    f"{folder}: expected the file {SUCCESS}, which says that the delivery is "
                    "complete, found none. Run make nightly again when it is there."
                )
    found = {path.name: _declared(path) for path in files}
    if ready == "manifest":
        for path in files:
            if found[path.name] is None:
                raise NotReadyFault(
                    f"{path}: expected its manifest {path.name}.{MANIFEST}, found none. Run make "
                    "nightly again when it is there."
                )
    return {name: declared for name, declared in found.items() if declared is not None}


def _declared(path: Path) -> Declared | None:
    for place in companions(path):
        if not place.is_file():
            continue
        try:
            document = json.loads(place.read_text(encoding="utf-8-sig"))
        except ValueError as error:
            raise NotReadyFault(
                f"{place}: expected JSON with file, rows, bytes, sha256 and control_totals, found "
                f"text that is not JSON ({error}). Have it written again, then run make nightly."
            ) from error
        for entry in _entries(document):
            if Path(str(entry.get("file", path.name))).name == path.name:
                return _entry(entry)
    return None


def _entries(document: Any) -> list[dict[str, Any]]:
    if isinstance(document, dict):
        document = document.get("files", [document])
    return [entry for entry in document if isinstance(entry, dict)]


def _entry(entry: dict[str, Any]) -> Declared:
    totals = entry.get("control_totals") or {}
    if isinstance(totals, list):
        totals = {str(t.get("currency") or "*"): t.get("total") for t in totals}
    if not isinstance(totals, dict):
        totals = {"*": totals}
    rows, size = entry.get("rows"), entry.get("bytes")
    return Declared(
        rows=None if rows is None else int(rows),
        n_bytes=None if size is None else int(size),
        sha256=str(entry["sha256"]).lower() if entry.get("sha256") else None,
        control_totals={str(key): str(value) for key, value in totals.items()},
    )


def hold_to_size(path: Path, digest: str, declared: Declared | None) -> None:
    """Raise NotReadyFault where a file is not the one its manifest speaks of."""
    if declared is None:
        return
    size = path.stat().st_size
    if declared.n_bytes not in (None, size) or declared.sha256 not in (None, digest):
        raise NotReadyFault(
            f"TRUNCATED: {path}: expected the {declared.n_bytes} bytes with the sha256 of its "
            f"manifest, found {size} bytes that are not those. Have it sent again, then run make "
            "nightly."
        )


def wait_until_quiet(
    files: Iterable[Path],
    quiet_seconds: float,
    *,
    say: Callable[[str], None],
    wall: Callable[[], float],
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Wait until no file has changed for a while: size and time of change, looked at twice.

    Raises NotReadyFault naming a file that goes on changing.
    """
    watched = list(files)
    waited, was_said = 0.0, False
    before = {path: _shape(path) for path in watched}
    while True:
        young = [p for p in watched if abs(wall() - before[p][1]) < quiet_seconds]
        if not young:
            return
        if waited >= PATIENCE * quiet_seconds:
            raise NotReadyFault(
                f"{young[0]}: expected a file that is complete, found one that was still changing "
                f"after {waited:.0f} s. Run make nightly again when it is written."
            )
        if not was_said:
            say(f"extract: waiting until {len(young)} new files have been quiet for a while ...")
            was_said = True
        youngest = max(before[path][1] for path in young)
        pause = min(max(quiet_seconds - (wall() - youngest), 0.05), quiet_seconds)
        sleep(pause)
        waited += pause
        before = {path: _shape(path) for path in watched}


def _shape(path: Path) -> tuple[int, float]:
    try:
        found = path.stat()
    except FileNotFoundError:
        return 0, 0.0
    return found.st_size, found.st_mtime
