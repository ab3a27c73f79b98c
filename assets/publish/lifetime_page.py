"""The page of lifetime value in the folder of a publication or a sandbox."""

from collections.abc import Sequence
from pathlib import Path
from traceback import extract_tb

import duckdb

from assets.ledger import CheckResult
from assets.night import Night
from assets.publish.pages.evidence import HORIZON_DAYS, Evidence
from assets.publish.pages.lifetime_value import files
from assets.publish.versions import PAGE
from assets.scores.proof.pairs import ProofSettings
from assets.sql_text import literal

PAIRS = (
    "select cutoff_date, cast(dense_rank() over (order by group_id) as integer) as client,"
    " is_known, forecast, actual, place from build.scores.ltv_pair"
    " where outcome = ? and horizon_days = ? order by cutoff_date, group_id"
)
PORTFOLIO = (
    "select * from kam.portfolio_ltv where scope in ('company', 'key')"
    " order by scope, horizon_months, as_of_date"
)
BACKTEST = (
    "select * from kam.score_backtest where population in ('all', 'key')"
    " and (as_of_date = ? or measure like 'skill_vs:%')"
    " order by as_of_date, score_id, outcome, horizon_days, population, basis, measure"
)


def write_lifetime_page(
    night: Night, database: Path, warehouses: Sequence[Path], content_hash: str
) -> None:
    """Write the page and its pictures beside the database, or a warning that they are missing.

    The past forecasts come from the first of `warehouses` that is kept. A picture never holds a
    night: what it shows stands in the tables too.
    """
    warehouse = next(path for path in warehouses if path.is_file())
    settings = ProofSettings.of(night.metrics)
    try:
        evidence = read_evidence(database, warehouse, night.company.name, content_hash, settings)
        written = files(evidence)
    except Exception as error:
        found = _place_of(error)
        night.say(f"the page of lifetime value could not be drawn: {found}")
        night.record_check(_check("failed", f"expected {PAGE}, found {found}"))
        return
    folder = (database.parent / PAGE).parent
    folder.mkdir()
    for name, text in written.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    night.record_check(_check("passed", None))


def read_evidence(
    database: Path, warehouse: Path, company: str, content_hash: str, settings: ProofSettings
) -> Evidence:
    """What the pictures show: past forecasts of a build, and the tables of a publication."""
    with duckdb.connect(str(database), read_only=True) as connection:
        connection.execute(f"attach {literal(warehouse)} as build (read_only)")
        [(as_of, currency)] = connection.execute(
            "select as_of_date, reporting_currency from build.control.run"
        ).fetchall()
        return Evidence(
            company=company,
            as_of=as_of,
            currency=currency,
            content_hash=content_hash,
            settings=settings,
            pairs={
                outcome: connection.execute(PAIRS, [outcome, days]).df()
                for outcome, days in HORIZON_DAYS.items()
            },
            portfolio=connection.execute(PORTFOLIO).df(),
            backtest=connection.execute(BACKTEST, [as_of]).df(),
        )


def _place_of(error: Exception) -> str:
    """Which fault, and where: its message might hold a value."""
    where = extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {Path(where.filename).name}:{where.lineno}"


def _check(status: str, detail: str | None) -> CheckResult:
    return CheckResult(
        check_id="pages/lifetime_value:drawn",
        owner="publish",
        table_name="pages.lifetime_value",
        severity="warning",
        status=status,
        detail=detail,
    )
