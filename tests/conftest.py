"""Worlds for tests: a company's configuration, drop and data folders that vanish afterwards."""

import csv
import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.load_profile("repeatable")

ROOT = Path(__file__).resolve().parents[1]
SHARED_DATA = ROOT.parent / "shared" / "data"
MANAGED = ("KAM_CONFIG", "KAM_HOME", "KAM_NOW", "KAM_FAILPOINT", "DAGSTER_HOME", "AS_OF", "SCALE")


@dataclass
class World:
    """One company: its configuration, its drop folder and its data folder."""

    config: Path
    home: Path
    drop: Path

    def kam(self, *arguments: str, now: str | None = None) -> int:
        """Run the kam command in this process; its exit code."""
        from pipelines.command import main

        with environment(KAM_CONFIG=str(self.config), KAM_HOME=str(self.home), KAM_NOW=now):
            return main(arguments)

    def killed_at(self, failpoint: str, *arguments: str, now: str | None = None) -> int:
        """Run the kam command in a process of its own that dies at a named step."""
        variables = {
            **{k: v for k, v in os.environ.items() if k not in MANAGED},
            "KAM_CONFIG": str(self.config),
            "KAM_HOME": str(self.home),
            "KAM_FAILPOINT": failpoint,
        }
        if now:
            variables["KAM_NOW"] = now
        command = [sys.executable, "-m", "pipelines.command", *arguments]
        done = subprocess.run(command, env=variables, cwd=ROOT, capture_output=True, check=False)
        return done.returncode

    @property
    def current(self) -> str | None:
        """The publication that readers see."""
        link = self.home / "published" / "current"
        return os.readlink(link).removeprefix("versions/") if link.is_symlink() else None

    @property
    def database(self) -> Path:
        """The file that readers see."""
        return (self.home / "published" / "current" / "key_accounts.duckdb").resolve()

    def query(self, sql: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
        """Ask the published file."""
        return ask(self.database, sql, parameters)

    def canonical(self, sql: str) -> list[tuple[Any, ...]]:
        """Ask the tables behind what is published, in the build that is kept with it."""
        return ask(self.home / "build" / str(self.current) / "warehouse.duckdb", sql)

    def truth(self, name: str) -> list[dict[str, str]]:
        """A table of the simulator's own state, written beside the sample's files."""
        path = self.drop / "truth" / f"{name}.csv"
        with path.open(encoding="utf-8", newline="") as handle:
            return list(csv.DictReader(handle))

    def published_groups(self, night: str) -> dict[str, str]:
        """The published group of each true group that still is one, by its first customer."""
        groups = dict(
            self.query(
                "select account_key, group_id from kam.dim_account"
                " where account_kind = 'erp_customer'"
            )
        )
        return {
            row["true_group"]: groups[row["customer_id"]]
            for row in self.truth("groups")
            if row["night"] == night and row["customer_id"]
        }

    def status(self) -> dict[str, Any]:
        """The content of current_status.json."""
        import json

        return dict(json.loads((self.home / "published" / "current_status.json").read_text()))


@contextmanager
def environment(**variables: str | None) -> Iterator[None]:
    """The process environment with these variables, and without the others the product reads."""
    before = {name: os.environ.get(name) for name in MANAGED}
    for name in MANAGED:
        os.environ.pop(name, None)
    os.environ.update({name: value for name, value in variables.items() if value is not None})
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def ask(database: Path, sql: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
    """Rows of a query on a DuckDB file opened read-only."""
    with duckdb.connect(str(database), read_only=True) as connection:
        return connection.execute(sql, parameters or []).fetchall()


def write_sample(folder: Path, **options: int) -> Path:
    """The sample company's drop folder with these options."""
    flags = [part for name, value in options.items() for part in (f"--{name}", str(value))]
    subprocess.run(
        [sys.executable, "-m", "sample", "--out", str(folder), *flags], cwd=ROOT, check=True
    )
    return folder


def sample_world(folder: Path, sample: Path, *, copy: bool = False) -> World:
    """A world on a sample's files: its configuration points at them, its home is empty."""
    config = folder / "config"
    shutil.copytree(ROOT / "config", config)
    drop = folder / "drop"
    if copy:
        shutil.copytree(sample, drop)
    else:
        drop.symlink_to(sample)
        drop = sample
    _point_sources(config, drop)
    return World(config=config, home=folder / "home", drop=drop)


def clone_world(world: World, folder: Path) -> World:
    """A private copy of a world as it stands."""
    for name in ("config", "drop", "home"):
        shutil.copytree(world.config.parent / name, folder / name, symlinks=True)
    _point_sources(folder / "config", folder / "drop")
    return World(config=folder / "config", home=folder / "home", drop=folder / "drop")


def hashes_of(world: World) -> dict[str, str]:
    """The hash of every business table that readers see."""
    from assets.publish.content import business_hashes

    with duckdb.connect(str(world.database), read_only=True) as connection:
        return business_hashes(connection)


def another(first_night: World, folder: Path) -> World:
    """The configuration and files of the company, with an empty home."""
    world = clone_world(first_night, folder)
    shutil.rmtree(world.home)
    return world


def _point_sources(config: Path, drop: Path) -> None:
    sources = yaml.safe_load((config / "sources.yml").read_text(encoding="utf-8"))
    for source in sources["sources"].values():
        kind = Path(source["connector"]["root"]).name
        source["connector"]["root"] = str(drop / "extracts" / kind)
    (config / "sources.yml").write_text(yaml.safe_dump(sources, sort_keys=False), encoding="utf-8")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that run nights start first, so that none of them is what the others wait for."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """A folder that several test processes read, filled by the first that asks for it."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def folder(name: str, fill: Callable[[Path], object]) -> Path:
        found = shared / f"shared_{name}"
        with (shared / f"shared_{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (found / "done").exists():
                shutil.rmtree(found, ignore_errors=True)
                found.mkdir()
                fill(found)
                (found / "done").touch()
        return found

    return folder


@pytest.fixture(scope="session")
def small_sample(made_once: Callable[..., Path]) -> Path:
    """The drop folder of a small sample company, written once."""
    folder = made_once("small", lambda f: write_sample(f / "sample", groups=40, years=4))
    return folder / "sample"


@pytest.fixture(scope="session")
def full_sample(made_once: Callable[..., Path]) -> Path:
    """The drop folder of the sample company at normal size, written once."""
    return made_once("full", lambda f: write_sample(f / "sample")) / "sample"


@pytest.fixture(scope="session")
def published_sample(made_once: Callable[..., Path], full_sample: Path) -> World:
    """The sample company after one whole night, as `make nightly` leaves it; read only."""

    def publish(folder: Path) -> None:
        world = sample_world(folder, full_sample)
        assert world.kam("nightly", "--as-of", "2026-04-02", now="2026-04-03T07:15:00Z") == 0

    folder = made_once("published", publish)
    return World(config=folder / "config", home=folder / "home", drop=full_sample)


@pytest.fixture(scope="session")
def first_night(made_once: Callable[..., Path], small_sample: Path) -> World:
    """The small company after its first night, 2026-03-30; tests work on clones of it."""

    def publish(folder: Path) -> None:
        world = sample_world(folder, small_sample, copy=True)
        assert world.kam("nightly", "--as-of", "2026-03-30", now="2026-03-31T07:15:00Z") == 0

    folder = made_once("first", publish)
    return World(config=folder / "config", home=folder / "home", drop=folder / "drop")


@pytest.fixture(scope="session")
def shared_data() -> Callable[[str], Path]:
    """The folder of a public sample data set; skips where it is absent."""

    def folder(name: str) -> Path:
        path = SHARED_DATA / name
        if not path.is_dir():
            pytest.skip(f"the sample data {name} is not beside the project (../shared/data)")
        return path

    return folder
