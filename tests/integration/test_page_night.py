"""The page of lifetime value of a whole night: under the manifest, and at one with the tables."""

import re

import pytest

from assets.ledger import Ledger
from assets.night import Home
from assets.publish.lifetime_page import read_evidence
from assets.publish.pages.calibration import by_tenth as calibrated
from assets.publish.pages.coverage import HIGH, LOW
from assets.publish.pages.evidence import NO_ORDER, ORDERS, REALISED, Evidence
from assets.publish.pages.totals import by_tenth as totalled
from assets.publish.versions import PAGE, faults_of, served
from pipelines import show
from tests.conftest import World
from tests.pages import SETTINGS

pytestmark = pytest.mark.slow
DRAWN = {
    "portfolio_company_36", "portfolio_key_36", "portfolio_company_12", "portfolio_key_12",
    "orders_by_tenth", "money_by_tenth", "calibration_no_order_90", "coverage_orders",
    "coverage_money", "skill_orders", "skill_money", "skill_no_order_90",
}  # fmt: skip


@pytest.fixture
def evidence(published_sample: World) -> Evidence:
    warehouse = published_sample.home / "build" / str(published_sample.current) / "warehouse.duckdb"
    return read_evidence(published_sample.database, warehouse, "any", "any", SETTINGS)


def test_the_manifest_covers_the_page_and_its_pictures_and_they_are_sound(
    published_sample: World,
) -> None:
    found = served(Home(published_sample.home))
    assert found is not None
    listed = {name for name in found.manifest["files"] if name.startswith("pages/")}
    assert listed == {PAGE, *(f"pages/{name}.svg" for name in DRAWN)}
    assert faults_of(found) == []


def test_the_page_needs_neither_scripts_nor_a_network(published_sample: World) -> None:
    page = (published_sample.database.parent / PAGE).read_text(encoding="utf-8")
    assert "<script" not in page
    outside = re.sub(r'xmlns(:xlink)?="http://www\.w3\.org/[\w/]+"', "", page)
    assert "://" not in outside


def test_the_page_was_checked_and_its_path_is_named(
    published_sample: World, capsys: pytest.CaptureFixture[str]
) -> None:
    assert published_sample.query(
        "select dq_result.status from kam_ops.dq_result"
        " inner join kam_ops.publication using (run_id)"
        " where check_id = 'pages/lifetime_value:drawn'"
    ) == [("passed",)]
    home = Home(published_sample.home)
    show.status(home, Ledger(home.ledger_file))
    assert f"to look at: {home.current / PAGE}" in capsys.readouterr().out


def test_pooled_pairs_say_what_the_backtest_of_the_night_says(evidence: Evidence) -> None:
    pool = evidence.pool(NO_ORDER)
    judged = evidence.judged(pool, NO_ORDER)
    for tenth in calibrated(pool.pairs).itertuples():
        measured = judged[f"ltv|calibration_decile:{tenth.tenth + 1}"].value
        assert tenth.observed - tenth.forecast == pytest.approx(measured, abs=1e-12)
    for outcome in (ORDERS, REALISED):
        pool = evidence.pool(outcome)
        judged = evidence.judged(pool, outcome)
        summed = totalled(pool.pairs)[["forecast", "actual"]].sum() * pool.n_dates
        assert summed["forecast"] == pytest.approx(judged["ltv|forecast_total"].value)
        assert summed["actual"] == pytest.approx(judged["ltv|actual_total"].value)
        covered = pool.pairs["place"].between(LOW, HIGH).mean()
        assert covered == pytest.approx(judged["ltv|coverage_80"].value)
