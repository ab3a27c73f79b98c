"""The tree shows how data flows: imports point one way, and one module knows the world outside."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAY_IMPORT = {
    "expectations": {"expectations"},
    "assets": {"assets", "expectations"},
    "pipelines": {"pipelines", "assets", "expectations"},
    "sample": {"sample"},
}
PACKAGES = set(MAY_IMPORT)
CLOCKS = {"now", "today", "utcnow", "time", "getctime", "localtime"}


def modules(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


@pytest.mark.parametrize("package", sorted(PACKAGES))
def test_imports_point_from_pipelines_to_assets_to_expectations(package: str) -> None:
    for path in modules(package):
        ours = {name.split(".")[0] for name in imported(path)} & PACKAGES
        assert ours <= MAY_IMPORT[package], path


@pytest.mark.parametrize("part", ["halo", "ltv", "proof", "segments"])
def test_the_mathematics_knows_neither_dagster_nor_dbt_nor_the_database(part: str) -> None:
    for path in modules(f"assets/scores/{part}"):
        outside = {name.split(".")[0] for name in imported(path)}
        assert not outside & {"dagster", "dagster_dbt", "dbt", "duckdb"}, path


def test_pictures_are_drawn_from_frames_alone() -> None:
    for path in modules("assets/publish/pages"):
        outside = {name.split(".")[0] for name in imported(path)}
        assert not outside & {"dagster", "dagster_dbt", "dbt", "duckdb"}, path
        assert "matplotlib.pyplot" not in imported(path), path


def test_only_transform_knows_dbt() -> None:
    for path in modules("assets") + modules("expectations"):
        names = {name.split(".")[0] for name in imported(path)}
        if "transform" not in path.relative_to(ROOT).parts:
            assert not names & {"dbt", "dagster_dbt"}, path


def test_environment_variables_are_read_in_one_module() -> None:
    reader = ROOT / "pipelines" / "environment.py"
    reads = re.compile(r"os\.getenv|os\.environ(\.get|\[[^\]]+\](?! =))")
    for package in sorted(PACKAGES):
        for path in modules(package):
            if path != reader:
                assert not reads.search(path.read_text(encoding="utf-8")), path


def test_nothing_but_the_environment_reads_the_wall_clock() -> None:
    for package in sorted(PACKAGES):
        for path in modules(package):
            if path.name == "environment.py":
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Attribute) and node.attr in CLOCKS:
                    owner = ast.unparse(node.value)
                    assert owner not in ("datetime", "date", "time", "dt.datetime"), path


def test_no_model_reads_a_clock() -> None:
    clock = re.compile(r"\b(current_date|current_timestamp|now\(\)|today\(\)|random\(\))", re.I)
    for path in sorted((ROOT / "dbt_project").rglob("*.sql")):
        code = re.sub(r"--.*|\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.S)
        assert not clock.search(code), path
