"""What every start does first: bury dead runs, drop their leftovers, check what is served."""

import os
import shutil
from datetime import datetime, timedelta

from assets.faults import InfrastructureFault
from assets.ledger import Ledger, RunRow
from assets.night import Home
from assets.publish import versions

KEPT_VERSIONS = 31
KEPT_BUILDS = 3
GRACE = timedelta(hours=24)


def recover(home: Home, ledger: Ledger, now: datetime) -> list[str]:
    """Bring a home into a clean state before a run; says in words what it mended.

    Raises InfrastructureFault where no kept publication can be served.
    """
    mended = _bury_dead_runs(home, ledger, now)
    mended += _drop_uncommitted(home, ledger)
    for zone in (home.versions, home.sandbox, home.restricted_versions):
        for leftover in sorted(zone.glob(".tmp.*")) if zone.is_dir() else []:
            versions.discard(leftover)
            mended.append(f"removed unfinished {leftover.name}")
    now_served = versions.served(home) if _is_readable(home) else None
    if home.current.is_symlink() and (now_served is None or versions.faults_of(now_served)):
        mended.append(_serve_newest_sound(home))
    return mended


def _is_readable(home: Home) -> bool:
    return (home.current / versions.MANIFEST).is_file()


def _bury_dead_runs(home: Home, ledger: Ledger, now: datetime) -> list[str]:
    buried = []
    now_served = versions.served(home) if _is_readable(home) else None
    served_run = now_served.manifest["run_id"] if now_served else None
    served_id = now_served.publication_id if now_served else None
    for row in ledger.runs():
        if row["status"] != "publishing":
            continue
        folder = home.build(row["run_id"])
        if folder.is_dir():
            shutil.rmtree(folder, ignore_errors=True)
        became_served = served_run == row["run_id"]
        ledger.save_run(
            RunRow(
                run_id=row["run_id"],
                trigger_kind=row["trigger_kind"],
                started_by=row["started_by"],
                as_of_date=datetime.fromisoformat(row["as_of_date"]).date(),
                started_at=datetime.fromisoformat(row["started_at"]),
                status="published" if became_served else "crashed",
                publication_id=served_id if became_served else None,
                exit_code=0 if became_served else None,
                parent_publication_id=row["parent_publication_id"],
                finished_at=now,
                reason="the run ended without a word; its leftovers were removed at this start",
                code_version=row["code_version"],
                config_version=row["config_version"],
                pid=row["pid"],
            )
        )
        buried.append(f"run {row['run_id']} had crashed")
    return buried


def _drop_uncommitted(home: Home, ledger: Ledger) -> list[str]:
    """A version that was named but never served belongs to a run that died just before."""
    crashed = {row["run_id"] for row in ledger.runs() if row["status"] == "crashed"}
    dropped = []
    for found in versions.publications(home):
        if found.manifest["run_id"] in crashed:
            versions.discard(found.folder)
            dropped.append(f"removed {found.publication_id}, which was never served")
    _drop_unpublished_restricted(home)
    return dropped


def _drop_unpublished_restricted(home: Home) -> None:
    """What stands in the restricted zone lives as long as its publication or sandbox."""
    known = {found.publication_id for found in versions.publications(home)}
    known |= {path.name for path in home.sandbox.iterdir()} if home.sandbox.is_dir() else set()
    zone = home.restricted_versions
    for folder in sorted(zone.iterdir()) if zone.is_dir() else []:
        if folder.name not in known and not folder.name.startswith(".tmp."):
            versions.discard(folder)


def _serve_newest_sound(home: Home) -> str:
    for candidate in reversed(versions.publications(home)):
        if not versions.faults_of(candidate):
            versions.point_current(home, candidate.publication_id)
            return f"the served publication was damaged; now serving {candidate.publication_id}"
    raise InfrastructureFault(
        "the served publication is damaged and no other kept one is sound: restore "
        f"{home.versions} from a backup, or run make nightly with a new KAM_HOME."
    )


def prune(home: Home, now: datetime) -> None:
    """Drop the oldest versions and builds; never those served, their parent, or of today."""
    now_served = versions.served(home)
    kept = {now_served.publication_id, now_served.parent} if now_served else set()
    previous = home.published / "previous"
    if previous.is_symlink():
        kept.add(os.readlink(previous).removeprefix("versions/"))
    everything = versions.publications(home)
    for old in everything[:-KEPT_VERSIONS]:
        published = datetime.fromisoformat(old.manifest["published_at"])
        if old.publication_id not in kept and now - published > GRACE:
            versions.discard(old.folder)
    _drop_unpublished_restricted(home)
    newest = [p.publication_id for p in everything[-KEPT_BUILDS:]]
    builds = home.root / "build"
    for folder in sorted(builds.iterdir()) if builds.is_dir() else []:
        if folder.name not in kept and folder.name not in newest:
            shutil.rmtree(folder, ignore_errors=True)
