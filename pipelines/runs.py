"""Opening and closing a run: lock, recovery, plan, build folder, and the row it leaves."""

import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import IO

import duckdb

from assets.company import Company, configuration_files, load_company
from assets.extract.remote import fetch
from assets.faults import ConfigurationFault, InfrastructureFault, LockFault, NightFault
from assets.ledger import Ledger
from assets.memory import lay_catalogue, lay_configuration
from assets.night import Home, Night, NightPlan
from assets.publish import versions
from assets.publish.recovery import prune, recover
from assets.publish.release import release
from assets.publish.what_if import lay_replay
from assets.quarantine import keep_quarantine
from assets.transform.project import assemble
from pipelines.environment import Settings
from pipelines.nights import look_at_calendar, nights_due, plan_night, table_plan, what_if_plan

LOCK_WAIT_SECONDS = 10
_held: dict[Path, tuple[IO[str], int]] = {}

STATUS_OF_EXIT = {20: "held", 21: "not_ready", 75: "superseded"}


@contextmanager
def home_lock(home: Home) -> Iterator[None]:
    """Hold the home for this process; another process waits, then is told (75)."""
    if home.root in _held:
        yield
        return
    handle = (home.root / "lock").open("w")
    deadline = time.monotonic() + LOCK_WAIT_SECONDS
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError as error:
            if time.monotonic() > deadline:
                handle.close()
                raise LockFault(
                    f"another run holds {home.root}. Expected it to end within "
                    f"{LOCK_WAIT_SECONDS} s; run the same command again when kam status shows it "
                    "done."
                ) from error
            time.sleep(0.2)
    _held[home.root] = (handle, os.getpid())
    try:
        yield
    finally:
        del _held[home.root]
        handle.close()


def due_nights(settings: Settings, as_of: str | None) -> list[date]:
    """The nights a call runs, oldest first (pipelines/nights.py)."""
    company = load_company(settings.config)
    home, ledger = open_home(settings, company)
    for source in company.sources:
        fetch(home, source)
    return nights_due(
        as_of,
        look_at_calendar(company, home, ledger, settings.now()),
        versions.served(home),
        is_sample=settings.is_sample,
        limit=int(company.metrics["catch_up_max_nights"]),
    )


def open_home(settings: Settings, company: Company) -> tuple[Home, Ledger]:
    """The data folder and ledger of a company.

    Raises ConfigurationFault where the home belongs to another company's configuration,
    InfrastructureFault where it cannot be written.
    """
    home = Home(settings.home)
    try:
        for folder in (home.root, home.landing, home.versions, home.sandbox, home.root / "build"):
            folder.mkdir(parents=True, exist_ok=True)
        for private in (home.landing, home.root / "build"):
            private.chmod(0o700)
        probe = home.published / ".probe"
        probe.write_text("")
        probe.unlink()
    except OSError as error:
        raise InfrastructureFault(
            f"{error.filename}: expected to be able to write as uid {os.getuid()}, found: "
            f"{error.strerror}. Mend it with chmod or chown and run again."
        ) from error
    mark = home.root / "home.json"
    own = {"company": company.name, "configuration": company.folder.name}
    if mark.exists():
        found = json.loads(mark.read_text(encoding="utf-8"))
        if found != own:
            raise ConfigurationFault(
                f"{home.root} belongs to {found['company']} ({found['configuration']}); the "
                f"configuration is that of {company.name} ({company.folder.name}). Set KAM_HOME "
                "to another folder."
            )
    else:
        versions.write_json(mark, own)
    return home, Ledger(home.ledger_file)


@contextmanager
def open_night(
    settings: Settings,
    *,
    run_id: str,
    trigger_kind: str,
    as_of: date | None,
    what_if: Path | None = None,
) -> Iterator[Night]:
    """A run of a night (or, without a date, of one table) from lock to last row.

    `what_if` names the folder of another configuration under which segments are decided again.

    The run is concluded when the block ends: a table run writes its sandbox, the ledger row and
    current_status.json are written, the build is kept with its publication or removed.
    """
    company = load_company(settings.config)
    home, ledger = open_home(settings, company)
    if as_of is None:
        if what_if is None:
            plan = table_plan(home)
        else:
            own, company = company, load_company(what_if, sources_from=company.folder)
            plan = what_if_plan(home, own, company)
        with _run(settings, company, home, ledger, plan, run_id, trigger_kind) as night:
            _copy_build(night)
            yield night
        return
    with home_lock(home):
        recover(home, ledger, settings.now())
        plan = plan_night(home, ledger, as_of)
        company = _as_configured_then(company, home, ledger, plan)
        with _run(settings, company, home, ledger, plan, run_id, trigger_kind) as night:
            yield night
        if night.row.exit_code == 0:
            prune(home, settings.now())


def _as_configured_then(company: Company, home: Home, ledger: Ledger, plan: NightPlan) -> Company:
    """A past night runs under the configuration landed by then."""
    known = ledger.cutoff(plan.as_of)
    if plan.kind != "sandbox" or known is None or known[1] == company.config_version:
        return company
    folder = home.landing / "_config" / known[1]
    return load_company(folder, sources_from=company.folder) if folder.is_dir() else company


@contextmanager
def _run(
    settings: Settings,
    company: Company,
    home: Home,
    ledger: Ledger,
    plan: NightPlan,
    run_id: str,
    trigger_kind: str,
) -> Iterator[Night]:
    night = Night(
        run_id=run_id,
        plan=plan,
        company=company,
        home=home,
        ledger=ledger,
        project=_project(home, company, plan, run_id),
        trigger_kind="simulation" if settings.is_simulated else trigger_kind,
        started_by=settings.user,
        code_version=settings.code_version,
        clock=settings.now,
        failpoint=settings.failpoint,
        wall=settings.wall,
        secret=settings.secret,
    )
    night.row.pid = os.getpid()
    night.folder.mkdir(parents=True, exist_ok=True)
    if plan.replay is None:
        _land_configuration(home, company)
    ledger.save_run(night.row)
    try:
        yield night
        if plan.kind == "table" and night.fault is None:
            with night.stage("publish"):
                night.result["released"] = release(night)
    except NightFault as fault:
        night.note_fault(fault, stage=night.row.failed_stage or "publish")
    finally:
        _conclude(night)


def _project(home: Home, company: Company, plan: NightPlan, run_id: str) -> Path:
    """The home's dbt project; one of the run's own under a past or another configuration."""
    is_past = (home.landing / "_config") in company.folder.parents
    if plan.replay is None and not is_past:
        return assemble(company, home.dbt)
    return assemble(company, home.build(run_id) / "dbt")


def _land_configuration(home: Home, company: Company) -> None:
    folder = home.landing / "_config" / company.config_version
    if folder.is_dir() or (home.landing / "_config") in company.folder.parents:
        return
    draft = folder.with_name(f".tmp.{company.config_version}")
    draft.mkdir(parents=True, exist_ok=True)
    for path in [*configuration_files(company.folder), company.folder / "sources.yml"]:
        shutil.copyfile(path, draft / path.name)
    draft.rename(folder)


def _copy_build(night: Night) -> None:
    kept = night.home.build(night.plan.served or "") / "warehouse.duckdb"
    if not kept.is_file():
        raise ConfigurationFault(
            f"expected the build of publication {night.plan.served} in {kept.parent}, found none: "
            "it was pruned. Run make nightly, then try again."
        )
    shutil.copyfile(kept, night.warehouse)
    with duckdb.connect(str(night.warehouse)) as connection:
        lay_configuration(connection, night.company)
        lay_catalogue(connection)
        for table in ("night", "run"):
            connection.execute(
                f"update control.{table} set config_version = ?", [night.company.config_version]
            )
    if night.plan.replay is not None:
        lay_replay(night, night.plan.replay)


def _conclude(night: Night) -> None:
    row, home = night.row, night.home
    for database in night.opened.values():
        database.close()
    released = night.result.get("released")
    if released is not None:
        row.status, row.exit_code = released.status, 0
        row.publication_id = released.publication_id
        row.failed_stage = row.reason = None
        if row.status != "sandboxed":
            night.ledger.record_cutoff(
                night.as_of, night.cutoff or night.clock(), night.run_id, row.config_version or ""
            )
            night.ledger.record_event(
                night.clock(), "published", released.publication_id, night.started_by, "nightly"
            )
            kept = home.build(released.publication_id)
            shutil.rmtree(kept, ignore_errors=True)
            night.folder.rename(kept)
    else:
        fault = night.fault or InfrastructureFault("the run ended before it published")
        row.reason = row.reason or fault.reason
        row.exit_code = fault.exit_code
        row.status = STATUS_OF_EXIT.get(fault.exit_code, "failed")
        _keep_quarantine_of_a_failed_run(night)
    shutil.rmtree(night.folder, ignore_errors=True)
    row.finished_at = night.clock()
    night.measured()
    night.ledger.save_run(row)
    night.ledger.forget(night.clock())
    if night.plan.kind != "table":
        write_status(home, night)


def _keep_quarantine_of_a_failed_run(night: Night) -> None:
    """What could not be read is kept whatever ended the run; failing at that ends nothing more."""
    try:
        keep_quarantine(night)
    except (OSError, duckdb.Error, NightFault) as error:
        night.say(f"quarantine could not be written: {type(error).__name__}")


def write_status(home: Home, night: Night) -> None:
    """Rewrite current_status.json: the last attempt, and what readers see."""
    row, now_served = night.row, versions.served(home)
    became_served = now_served is not None and now_served.publication_id == row.publication_id
    is_last_good = not became_served and row.status != "sandboxed"
    versions.write_json(
        home.published / "current_status.json",
        {
            "status_id": 1,
            "attempt_run_id": row.run_id,
            "attempt_as_of_date": row.as_of_date,
            "attempt_status": row.status,
            "attempt_exit_code": row.exit_code,
            "attempt_finished_at": row.finished_at,
            "attempt_reason": row.reason,
            "served_publication_id": now_served.publication_id if now_served else None,
            "served_as_of_date": now_served.as_of if now_served else None,
            "served_since_at": now_served.manifest["published_at"] if now_served else None,
            "is_last_good": is_last_good,
            "repair_command": _repair(night) if is_last_good else None,
        },
    )


def _repair(night: Night) -> str:
    command = f"make nightly AS_OF={night.as_of}"
    configuration = night.company.folder
    return f"KAM_CONFIG={configuration} {command}" if configuration.name != "config" else command
