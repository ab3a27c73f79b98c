"""The context of one run: which night, whose home, what it may read, how it ends."""

import os
import resource
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from assets.company import Company
from assets.faults import GateFault, InfrastructureFault, NightFault
from assets.ledger import CheckResult, Ledger, RunRow, Waiver
from assets.memory import Remembered

FAILING = ("failed", "error")
RESTRICTED_MODE = 0o2750  # what is written inside takes the group of the folder
Kind = Literal["forward", "sibling", "append", "sandbox", "table"]


@dataclass(frozen=True)
class Home:
    """The data folder of one company; see docs/architecture.md."""

    root: Path

    @property
    def landing(self) -> Path:
        """Immutable deliveries."""
        return self.root / "landing"

    @property
    def ledger_file(self) -> Path:
        """The attempt ledger."""
        return self.root / "ledger.sqlite"

    @property
    def dbt(self) -> Path:
        """The assembled dbt project."""
        return self.root / "dbt"

    @property
    def published(self) -> Path:
        """The published zone."""
        return self.root / "published"

    @property
    def versions(self) -> Path:
        """One folder per publication."""
        return self.published / "versions"

    @property
    def current(self) -> Path:
        """The symlink that readers follow: the only commit point."""
        return self.published / "current"

    @property
    def restricted(self) -> Path:
        """What only some may read: quarantined rows and people's details."""
        return self.root / "restricted"

    @property
    def restricted_versions(self) -> Path:
        """One folder per publication with its restricted file."""
        return self.restricted / "versions"

    def open_restricted(self, *parts: str) -> Path:
        """A folder of the restricted zone, closed to all but its owner and the zone's group."""
        folder = self.restricted.joinpath(*parts)
        folder.mkdir(parents=True, exist_ok=True)
        for path in (folder, *folder.parents):
            path.chmod(RESTRICTED_MODE)
            if path == self.restricted:
                break
        return folder

    @property
    def sandbox(self) -> Path:
        """Results nobody is served."""
        return self.root / "sandbox"

    def build(self, name: str) -> Path:
        """The build folder of a run, or the one kept with a publication."""
        return self.root / "build" / name


@dataclass(frozen=True)
class Replay:
    """Reviews decided again under another configuration (assets/publish/what_if.py).

    Those after `after`, from the segments that `remembered` holds of that day (none: from nothing);
    compared with `published`. `changed_keys` names what the configurations say differently.
    """

    after: date
    remembered: Remembered | None
    published: Path
    changed_keys: tuple[str, ...]


@dataclass(frozen=True)
class NightPlan:
    """What a run shall do, decided before it starts (pipelines/nights.py).

    `served` is the publication readers see at the start; `parent` the one whose memory the new
    publication continues; `previous_as_of` the last night before this one in that memory.
    `cutoff` is the original cut-off of a night that ran before, None where the run sets its own.
    """

    as_of: date
    kind: Kind
    served: str | None = None
    parent: str | None = None
    remembered: Remembered | None = None
    previous_as_of: date | None = None
    cutoff: datetime | None = None
    lands: bool = True
    replay: Replay | None = None


@dataclass
class Night:
    """One run of one night. Assets receive it; nothing else knows the clock.

    `clock` is the clock of the run, which a simulation sets; `wall` the one that files carry.
    """

    run_id: str
    plan: NightPlan
    company: Company
    home: Home
    ledger: Ledger
    project: Path
    trigger_kind: str
    started_by: str
    code_version: str
    clock: Callable[[], datetime]
    failpoint: str | None = None
    wall: Callable[[], float] | None = None
    secret: Callable[[str], str | None] = field(default=lambda name: None)
    started_at: datetime = field(init=False)
    cutoff: datetime | None = field(init=False)
    row: RunRow = field(init=False)
    fault: NightFault | None = field(default=None, init=False)
    result: dict[str, Any] = field(default_factory=dict, init=False)
    is_quiet: bool = field(default=False, init=False)
    is_quarantined: bool = field(default=False, init=False)
    opened: dict[str, Any] = field(default_factory=dict, init=False)
    refused_files: list[dict[str, Any]] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        self.started_at = self.clock()
        self.cutoff = self.plan.cutoff
        self.row = RunRow(
            run_id=self.run_id,
            trigger_kind=self.trigger_kind,
            started_by=self.started_by,
            as_of_date=self.plan.as_of,
            started_at=self.started_at,
            status="publishing",
            parent_publication_id=self.plan.parent,
            code_version=self.code_version,
            config_version=self.company.config_version,
        )

    @property
    def as_of(self) -> date:
        """The business date of the run."""
        return self.plan.as_of

    @property
    def lands(self) -> bool:
        """Whether new deliveries are picked up."""
        return self.plan.lands

    @property
    def metrics(self) -> dict[str, Any]:
        """metrics.yml."""
        return self.company.metrics

    @property
    def folder(self) -> Path:
        """The private build folder of the run."""
        return self.home.build(self.run_id)

    @property
    def warehouse(self) -> Path:
        """The DuckDB file the run builds."""
        return self.folder / "warehouse.duckdb"

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a stage of the run; whatever breaks in it ends the run there."""
        started = time.perf_counter()
        try:
            yield
        except NightFault as fault:
            self.note_fault(fault, stage=name)
            raise
        except Exception as error:
            self.note_fault(InfrastructureFault(f"{type(error).__name__}: {error}"), stage=name)
            raise
        finally:
            seconds = self.row.seconds
            seconds[name] = round(seconds.get(name, 0.0) + time.perf_counter() - started, 3)

    def note_fault(self, fault: NightFault, *, stage: str) -> None:
        """Remember why the run cannot end well: a gate outranks missing input, the first wins."""
        weight: dict[type[NightFault], int] = {GateFault: 1}
        if self.fault is None or weight.get(type(fault), 0) > weight.get(type(self.fault), 0):
            self.fault = fault
            self.row.failed_stage = stage
            self.row.reason = fault.reason

    def is_waived(self, check_id: str) -> bool:
        """Whether somebody has accepted that this check fails on this night."""
        return check_id in self.ledger.waivers(self.as_of)

    def record_check(self, result: CheckResult) -> CheckResult:
        """Write the outcome of a check; one that fails under a waiver is waived."""
        return self.record_checks([result])[0]

    def record_checks(self, results: Sequence[CheckResult]) -> list[CheckResult]:
        """Write the outcome of checks together; those that fail under a waiver are waived."""
        waivers: dict[str, Waiver] = {}
        if any(result.status in FAILING for result in results):
            waivers = self.ledger.waivers(self.as_of)
        recorded = [_under(waivers, result) for result in results]
        self.ledger.record_checks(self.run_id, recorded)
        return recorded

    def say(self, text: str) -> None:
        """Show a person how far the run is."""
        print(f"  {text}", flush=True)

    def fail_at(self, step: str) -> None:
        """Die as if killed when the environment names this step (fault tests)."""
        if self.failpoint == step:
            self.ledger.record_event(self.clock(), "failpoint", self.run_id, "test", step)
            os._exit(137)

    def measured(self) -> None:
        """Write CPU seconds and peak memory of the run and its children into its row."""
        own = resource.getrusage(resource.RUSAGE_SELF)
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.row.cpu_seconds = round(
            own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime, 3
        )
        self.row.peak_rss_mb = round(max(own.ru_maxrss, children.ru_maxrss) / 1024, 1)


def _under(waivers: Mapping[str, Waiver], result: CheckResult) -> CheckResult:
    """A check as it counts: waived where it fails and somebody has accepted that."""
    waiver = waivers.get(result.check_id) if result.status in FAILING else None
    if waiver is None:
        return result
    return replace(
        result,
        status="waived",
        is_blocking=False,
        waived_by=waiver.who,
        waived_until_date=waiver.until_date.isoformat(),
        waiver_reason=waiver.reason,
    )
