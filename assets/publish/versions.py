"""The versions folder: what is published, what is served, and how that changes in one rename."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from assets.faults import ConfigurationFault, InfrastructureFault, LockFault
from assets.night import Home

MANIFEST = "manifest.json"
DATABASE = "key_accounts.duckdb"
STATE = "state.duckdb"
RESTRICTED = "restricted.duckdb"
PAGE = "pages/lifetime_value.html"
BLOCK = 1 << 20


@dataclass(frozen=True)
class Publication:
    """A published version, as its manifest describes it. `nights` are all as_of dates in it."""

    publication_id: str
    folder: Path
    parent: str | None
    as_of: date
    content_hash: str
    nights: tuple[date, ...]
    manifest: dict[str, Any]

    @property
    def database(self) -> Path:
        """The DuckDB file that BI tools read."""
        return self.folder / DATABASE

    @property
    def state(self) -> Path:
        """The state that is carried without being published."""
        return self.folder / STATE

    @property
    def page(self) -> Path:
        """The page that people look at; absent where it could not be drawn."""
        return self.folder / PAGE

    @property
    def restricted(self) -> Path:
        """The DuckDB file with the tables of kam_restricted, outside the published zone."""
        return self.folder.parents[2] / "restricted" / "versions" / self.publication_id / RESTRICTED


def read_publication(folder: Path) -> Publication:
    """The publication in a version folder."""
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return Publication(
        publication_id=manifest["publication_id"],
        folder=folder,
        parent=manifest["parent_publication_id"],
        as_of=date.fromisoformat(manifest["as_of_date"]),
        content_hash=manifest["content_hash"],
        nights=tuple(date.fromisoformat(day) for day in manifest["nights"]),
        manifest=manifest,
    )


def served(home: Home) -> Publication | None:
    """The publication readers see, None before the first."""
    if not home.current.is_symlink():
        return None
    return read_publication(home.current.resolve())


def publication(home: Home, publication_id: str) -> Publication | None:
    """A kept publication by its id."""
    folder = home.versions / publication_id
    return read_publication(folder) if (folder / MANIFEST).is_file() else None


def publications(home: Home) -> list[Publication]:
    """Every kept publication, oldest first."""
    if not home.versions.is_dir():
        return []
    folders = sorted(path for path in home.versions.iterdir() if (path / MANIFEST).is_file())
    return [read_publication(folder) for folder in folders]


def ancestors(home: Home, newest: Publication | None) -> Iterator[Publication]:
    """A publication and those its memory continues, newest first, as far as they are kept."""
    while newest is not None:
        yield newest
        newest = publication(home, newest.parent) if newest.parent else None


def file_digest(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while block := handle.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def sync(path: Path) -> None:
    """Force a file or folder to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _described(folder: Path) -> dict[str, dict[str, Any]]:
    return {
        str(path.relative_to(folder)): {"bytes": path.stat().st_size, "sha256": file_digest(path)}
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def write_manifest(folder: Path, restricted: Path, facts: dict[str, Any]) -> None:
    """Describe every file of a version by size and SHA-256, then make the version read-only.

    `restricted` is the folder of what the version keeps in the restricted zone.
    """
    described = {"files": _described(folder), "restricted_files": _described(restricted)}
    text = json.dumps({**facts, **described}, indent=1, sort_keys=True, default=str)
    for path in sorted(restricted.iterdir()):
        path.chmod(0o440)
        sync(path)
    sync(restricted)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            path.chmod(0o444)
            sync(path)
    for path in sorted(folder.rglob("*")):
        if path.is_dir():
            sync(path)
    sync(folder)


def faults_of(found: Publication) -> list[str]:
    """What is wrong with the files of a publication, in words; empty when all is as published."""
    own = found.manifest.get("restricted_files", {})
    return [
        *_differences(found.folder, found.manifest["files"]),
        *(f"restricted {fault}" for fault in _differences(found.restricted.parent, own)),
    ]


def _differences(folder: Path, declared: dict[str, dict[str, Any]]) -> list[str]:
    faults = []
    for name, facts in declared.items():
        path = folder / name
        if not path.is_file():
            faults.append(f"{name}: missing")
        elif file_digest(path) != facts["sha256"]:
            faults.append(f"{name}: content differs from the manifest")
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_file() and name not in declared and name != MANIFEST:
            faults.append(f"{name}: not part of the publication")
    return faults


def commit(
    home: Home, draft: Path, restricted: Path, publication_id: str, *, expected: str | None
) -> Publication:
    """Make a finished draft the version readers see: one rename of a symlink.

    What stands in the restricted zone goes first: no reader finds it before the symlink turns.
    Raises LockFault where another run published since `expected` was read.
    """
    now_served = served(home)
    found = now_served.publication_id if now_served else None
    if found != expected:
        raise LockFault(
            f"expected to replace publication {expected}, found {found} published meanwhile. "
            "Run the same command again."
        )
    os.rename(restricted, home.restricted_versions / publication_id)
    sync(home.restricted_versions)
    final = home.versions / publication_id
    os.rename(draft, final)
    sync(home.versions)
    point_current(home, publication_id)
    return read_publication(final)


def point_current(home: Home, publication_id: str) -> None:
    """Swing `current` to a version and remember the one before as `previous`."""
    before = os.readlink(home.current) if home.current.is_symlink() else None
    _swing(home.current, f"versions/{publication_id}")
    if before and before != f"versions/{publication_id}":
        _swing(home.published / "previous", before)
    facts = read_publication(home.versions / publication_id)
    write_json(
        home.published / "CURRENT.json",
        {
            "publication_id": publication_id,
            "as_of_date": facts.as_of.isoformat(),
            "folder": f"versions/{publication_id}",
        },
    )
    sync(home.published)


def _swing(link: Path, target: str) -> None:
    temporary = link.with_name(f".{link.name}.new")
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(target)
    os.replace(temporary, link)


def write_json(path: Path, facts: dict[str, Any]) -> None:
    """Write a JSON file whole or not at all."""
    temporary = path.with_name(f".{path.name}.new")
    temporary.write_text(json.dumps(facts, indent=1, default=str) + "\n", encoding="utf-8")
    sync(temporary)
    os.replace(temporary, path)


def roll_back(home: Home, publication_id: str | None) -> Publication:
    """Serve an older, verified version; its id, or the parent of the one served."""
    now_served = served(home)
    if now_served is None:
        raise ConfigurationFault("nothing is published yet: expected a publication to roll back.")
    wanted = publication_id or now_served.parent
    target = publication(home, wanted) if wanted else None
    if target is None:
        kept = ", ".join(p.publication_id for p in publications(home))
        raise ConfigurationFault(
            f"expected the id of a kept publication, found '{wanted}'. Kept: {kept}."
        )
    faults = faults_of(target)
    if faults:
        raise InfrastructureFault(f"publication {wanted} is damaged: {'; '.join(faults)}.")
    point_current(home, target.publication_id)
    return target


def discard(folder: Path) -> None:
    """Remove a folder, read-only files included."""
    shutil.rmtree(folder, ignore_errors=True)
