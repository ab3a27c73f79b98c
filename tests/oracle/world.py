"""A configuration, a drop folder and a data folder around invented facts."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import yaml

from tests.conftest import ROOT, World
from tests.oracle.facts import Facts

FIRST, SECOND = date(2026, 3, 3), date(2026, 3, 31)


def lay(folder: Path) -> World:
    """A world that reads one folder of canonical files."""
    config = folder / "config"
    shutil.copytree(ROOT / "examples" / "online_retail", config)
    shutil.copyfile(ROOT / "config" / "metrics.yml", config / "metrics.yml")
    company = yaml.safe_load((config / "company.yml").read_text(encoding="utf-8"))
    company |= {"name": "Invented", "reporting_currency": "BRL", "time_zone": "America/Sao_Paulo"}
    company["revenue_gl_accounts"] = ["3.1.*"]
    (config / "company.yml").write_text(yaml.safe_dump(company), encoding="utf-8")
    connector = {"kind": "files", "root": "../drop", "quiet_seconds": 0}
    sources = {"sources": {"erp": {"adapter": "canonical_csv", "connector": connector}}}
    (config / "sources.yml").write_text(yaml.safe_dump(sources), encoding="utf-8")
    return World(config=config, home=folder / "home", drop=folder / "drop")


def run(world: World, facts: Facts, day: date) -> None:
    """Deliver what is dated by a day and run its night."""
    shutil.rmtree(world.drop, ignore_errors=True)
    facts.known_by(day).write(world.drop)
    morning = f"{day + timedelta(days=1)}T07:15:00Z"
    code = world.kam("nightly", "--as-of", str(day), now=morning)
    assert code == 0, world.status()
