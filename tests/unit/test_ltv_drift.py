"""A fit or a total that jumps from one night to the next is warned of, and held up by nothing."""

from collections.abc import Sequence
from typing import Any

import duckdb
import pytest

from assets.checks import published_profile
from assets.transform.contract import published_tables
from expectations.outgoing import outgoing


def warned(name: str, rows: Sequence[dict[str, Any]]) -> dict[str, tuple[str, float | None, bool]]:
    """Measures of drift on a published table: severity, what was found, whether it is warned of."""
    table = published_tables()[name]
    with duckdb.connect() as connection:
        connection.execute("create schema kam")
        typed = ", ".join(f"{column.name} {column.data_type}" for column in table.columns)
        connection.execute(f"create table {name} ({typed})")
        for row in rows:
            marks = ", ".join("?" for _ in row)
            connection.execute(
                f"insert into {name} ({', '.join(row)}) values ({marks})", list(row.values())
            )
        profile = published_profile(connection, table)
    wanted, _ = outgoing(name, profile, {})
    return {
        item.measure: (item.severity, profile[item.measure], profile[item.measure] > item.maximum)
        for item in wanted
        if item.measure.endswith("_drift")
    }


def parameter(night: str, name: str, change: float | None, part: str = "orders") -> dict[str, Any]:
    return {
        "as_of_date": night, "fit_segment": "RETAIL", "part": part, "parameter": name,
        "value": 1.0, "change_ratio": change,
    }  # fmt: skip


def total(night: str, scope: str, mean: float, months: int = 12) -> dict[str, Any]:
    return {"as_of_date": night, "scope": scope, "horizon_months": months, "ltv_mean_rc": mean}


@pytest.mark.parametrize(("change", "is_warned"), [(0.5, False), (0.51, True), (-0.51, True)])
def test_a_parameter_of_the_orders_that_moves_by_more_than_half_is_warned_of(
    change: float, is_warned: bool
) -> None:
    rows = [
        parameter("2026-03-31", "r", 9.0),
        parameter("2026-04-01", "r", 0.01),
        parameter("2026-04-01", "alpha", change),
        parameter("2026-04-01", "n_fitted", 7.0),
        parameter("2026-04-01", "prior_weight", 7.0, part="margin"),
    ]

    found = warned("kam.ltv_model", rows)

    assert found == {"parameter_drift": ("warning", pytest.approx(abs(change)), is_warned)}


@pytest.mark.parametrize(("mean", "is_warned"), [(120.0, False), (120.1, True), (79.9, True)])
def test_a_total_that_moves_by_more_than_a_fifth_is_warned_of(mean: float, is_warned: bool) -> None:
    rows = [
        total("2026-02-28", "company", 999.0),
        total("2026-03-31", "company", 100.0),
        total("2026-04-01", "company", mean),
        total("2026-03-31", "key", 50.0),
        total("2026-04-01", "key", 50.0),
        total("2026-03-31", "manager:m", 1.0),
        total("2026-04-01", "manager:m", 9.0),
    ]

    found = warned("kam.portfolio_ltv", rows)

    assert found == {"total_drift": ("warning", pytest.approx(abs(mean / 100 - 1)), is_warned)}


def test_without_a_night_before_there_is_no_drift_to_judge() -> None:
    assert warned("kam.ltv_model", [parameter("2026-03-31", "r", None)]) == {}
    assert warned("kam.portfolio_ltv", [total("2026-03-31", "company", 100.0)]) == {}
