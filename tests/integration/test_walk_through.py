"""A system that no adapter knows is connected by following docs/connect-a-source.md."""

import os
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from tests.conftest import ROOT, ask

pytestmark = pytest.mark.slow
CODE = ("assets", "dbt_project", "docs", "expectations", "pipelines", "sample", "examples")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository in which a newcomer works."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in CODE:
        shutil.copytree(ROOT / name, folder / name)
    shutil.copytree(ROOT / "config", folder / "config")
    for name in (
        "Makefile",
        "pyproject.toml",
        "requirements.lock",
        "dagster.yaml",
        "workspace.yaml",
    ):
        shutil.copyfile(ROOT / name, folder / name)
    return folder


def run(checkout: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=checkout,
        env={
            **os.environ,
            "PYTHONPATH": str(checkout),
            "KAM_CONFIG": "mine",
            "KAM_NOW": "2026-04-03T07:15:00Z",
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_new_system_is_a_copy_of_the_template_and_a_block_of_configuration(
    checkout: Path,
) -> None:
    made = run(checkout, "make", "-s", "adapter", "NAME=acme")
    assert made.returncode == 0, made.stderr
    assert "stg_acme__invoice_line.sql" in made.stdout
    shutil.copytree(checkout / "examples" / "template", checkout / "mine")
    sources = checkout / "mine" / "sources.yml"
    sources.write_text(sources.read_text().replace("_template", "acme"), encoding="utf-8")
    # The system calls its tables otherwise: the two places where a name stands are changed.
    staging = checkout / "dbt_project" / "models" / "staging" / "acme"
    for path in [*staging.iterdir(), sources]:
        text = path.read_text(encoding="utf-8")
        text = text.replace("'invoices'", "'vendas'").replace("table: invoices", "table: VENDAS")
        path.write_text(text, encoding="utf-8")

    kam = (sys.executable, "-m", "pipelines.command")
    said = run(checkout, *kam, "sources")
    assert "supplies customer, invoice_line" in said.stdout, said.stdout + said.stderr
    seen = run(checkout, *kam, "connect", "acme")
    assert "VENDAS: 4 rows" in seen.stdout, seen.stdout
    night = run(checkout, *kam, "nightly", "--as-of", "2026-04-02")
    assert night.returncode == 0, night.stdout[-3000:]
    database = checkout / "data" / "mine" / "published" / "current" / "key_accounts.duckdb"
    assert ask(
        database,
        "select group_id, sum(net_revenue_rc) from kam.account_pnl_monthly group by 1 order by 1",
    ) == [
        ("acme:0001", Decimal("1284.56")),  # 1,234.56 + 100.00 - 50.00
        ("acme:0002", Decimal("99.60")),
    ]


def test_a_name_that_is_taken_or_malformed_says_so(checkout: Path) -> None:
    taken = run(checkout, "make", "-s", "adapter", "NAME=sap")
    assert taken.returncode == 2
    assert "expected a new name" in taken.stdout
    odd = run(checkout, "make", "-s", "adapter", "NAME=My ERP")
    assert odd.returncode == 2
    assert "expected a name of a-z" in odd.stdout
