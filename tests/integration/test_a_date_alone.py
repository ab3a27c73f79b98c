"""A date computed alone gives the same rows as the same date in a set of 37."""

import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest

from assets.company import Company, load_company
from assets.scores.account_ltv import write_ltv
from assets.transform.project import assemble, run_dbt
from tests.conftest import World

pytestmark = pytest.mark.slow
NIGHT_TABLES = (
    "marts.account_concentration_night",
    "marts.concentration_monthly_night",
    "marts.retention_cohort_night",
    "marts.health_component_night",
    "marts.relationship_health_night",
    "marts.account_potential_night",
    "marts.key_account_review_night",
    "marts.ltv_input_night",
    "marts.portfolio_position_night",
    "scores.account_ltv_estimate",
    "scores.portfolio_ltv_estimate",
    "scores.ltv_model_fit",
    "scores.ltv_backtest",
)

PORTFOLIO_TABLES = (*NIGHT_TABLES[:3], "marts.portfolio_position_night")


def rows(warehouse: Path, table: str, day: date) -> list[tuple]:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return connection.execute(
            f"select * from {table} where as_of_date = ? order by all", [day]
        ).fetchall()


def parsed_project(first_night: World, company: Company, target: Path) -> Path:
    """The company's dbt project, with what dbt remembers of the first night's parse."""
    shutil.copytree(first_night.home / "dbt", target, symlinks=True)
    return assemble(company, target)


@pytest.mark.parametrize("day", [date(2024, 2, 29)])
def test_a_date_alone_says_what_it_says_in_a_set(
    first_night: World, tmp_path: Path, day: date
) -> None:
    company = load_company(first_night.config)
    kept = first_night.home / "build" / str(first_night.current) / "warehouse.duckdb"
    alone = tmp_path / "warehouse.duckdb"
    shutil.copyfile(kept, alone)
    with duckdb.connect(str(alone)) as connection:
        connection.execute("delete from control.night where as_of_date <> ?", [day])
    project = parsed_project(first_night, company, tmp_path / "dbt")
    run_dbt(project, ["run", "--select", "intermediate", "marts", "--quiet"], warehouse=alone)
    write_ltv(alone, company.metrics)

    for table in NIGHT_TABLES:
        in_a_set = rows(kept, table, day)
        assert rows(alone, table, day) == in_a_set, table
        assert in_a_set, table


def test_a_portfolio_row_knows_nothing_of_the_days_after_it(
    first_night: World, tmp_path: Path
) -> None:
    day = date(2025, 8, 31)
    company = load_company(first_night.config)
    kept = first_night.home / "build" / str(first_night.current) / "warehouse.duckdb"
    alone = tmp_path / "warehouse.duckdb"
    shutil.copyfile(kept, alone)
    with duckdb.connect(str(alone)) as connection:
        connection.execute("delete from control.night where as_of_date <> ?", [day])
        connection.execute(
            "update control.run set as_of_date = ?, constant_rate_date = ?", [day] * 2
        )
        # What was published by then is what the day compares itself with.
        connection.execute(
            "insert into memory.account_potential by name"
            " select * from kam.account_potential where as_of_date < ?",
            [day],
        )
    selected = [f"+{table.removeprefix('marts.')}" for table in PORTFOLIO_TABLES]
    excluded = ["--exclude", "staging", "canonical", "--quiet"]
    run_dbt(
        parsed_project(first_night, company, tmp_path / "dbt"),
        ["run", "--select", *selected, *excluded],
        warehouse=alone,
    )

    for table in PORTFOLIO_TABLES:
        in_a_set = rows(kept, table, day)
        assert rows(alone, table, day) == in_a_set, table
        assert in_a_set, table
