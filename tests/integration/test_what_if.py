"""What-if: segments under another configuration, told apart from what is published and served."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from assets.company import load_company
from assets.publish.versions import PAGE
from assets.publish.what_if import changed_keys, months_before
from tests.conftest import World, ask, clone_world, sample_world

NIGHT, CLOCK = "2026-03-30", "2026-03-31T07:15:00Z"
CHANGES = {
    "potential_percentiles: {P1: 0.80,": "potential_percentiles: {P1: 0.60,",
    "min_dwell_days: 180": "min_dwell_days: 90",
    "OPEN: 3.0, DEEP: 4.0}": "OPEN: 2.5, DEEP: 3.5}",
}
KEYS = (
    "segmentation.appetite_levels.DEEP;segmentation.appetite_levels.OPEN;"
    "segmentation.hysteresis.min_dwell_days;segmentation.potential_percentiles.P1"
)
IN_FORCE = """
    select review.calendar_date::varchar, segment.group_id, segment.segment_code,
    segment.service_profile, segment.reason_code
    from kam.calendar as review inner join kam.segment_history as segment
    on review.calendar_date >= segment.valid_from_date
    and review.calendar_date < coalesce(segment.valid_to_date, date '9999-12-31')
    where review.is_review_date and review.calendar_date > date '2024-02-29'
    and review.calendar_date <= date '2026-03-30'
"""


def other_configuration(world: World, folder: Path) -> Path:
    """A copy of a configuration with other thresholds of segmentation; sources stay at home."""
    shutil.copytree(world.config, folder)
    path = folder / "metrics.yml"
    text = path.read_text(encoding="utf-8")
    for before, after in CHANGES.items():
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    path.write_text(text, encoding="utf-8")
    return folder


def newest_sandbox(world: World) -> Path:
    return max(
        world.home.glob("sandbox/*/key_accounts.duckdb"), key=lambda path: path.stat().st_mtime_ns
    )


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, first_night: World) -> World:
    return clone_world(first_night, tmp_path_factory.mktemp("what-if"))


@pytest.mark.slow
def test_it_says_what_a_company_with_that_configuration_would_have_published(
    world: World, tmp_path: Path, small_sample: Path
) -> None:
    folder = other_configuration(world, tmp_path / "other")
    served, code = world.current, world.kam("what-if", "--config", str(folder), now=CLOCK)
    assert code == 0
    assert world.current == served

    truth = sample_world(tmp_path / "truth", small_sample)
    shutil.copyfile(folder / "metrics.yml", truth.config / "metrics.yml")
    assert truth.kam("nightly", "--as-of", NIGHT, now=CLOCK) == 0
    before = {row[:2]: row[2:] for row in world.query(IN_FORCE)}
    after = {row[:2]: row[2:] for row in truth.query(IN_FORCE)}
    expected = {
        (*key, before[key][0], after[key][0], before[key][1], after[key][1], after[key][2], KEYS)
        for key in before
        if before[key][:2] != after[key][:2]
    }
    found = set(
        ask(newest_sandbox(world), "select * replace (review_date::varchar as review_date)"
            " from kam_ops.what_if")
    )  # fmt: skip
    assert set(before) == set(after)
    assert len(expected) > 20
    assert found == expected


@pytest.mark.slow
def test_the_same_configuration_changes_nothing(world: World) -> None:
    assert world.kam("what-if", "--config", str(world.config), now=CLOCK) == 0
    assert ask(newest_sandbox(world), "select count(*) from kam_ops.what_if") == [(0,)]
    assert (newest_sandbox(world).parent / PAGE).is_file()


def test_a_folder_that_is_no_configuration_is_refused(world: World, tmp_path: Path, capsys) -> None:
    served = world.current
    assert world.kam("what-if", "--config", str(tmp_path), now=CLOCK) == 2
    assert "expected a configuration folder with company.yml" in capsys.readouterr().err
    assert world.current == served


def test_keys_and_files_that_differ_are_named(world: World, tmp_path: Path) -> None:
    own = load_company(world.config)
    folder = other_configuration(world, tmp_path / "other")
    with (folder / "holiday.csv").open("a", encoding="utf-8") as handle:
        handle.write("2026-12-24,Christmas Eve\n")
    other = load_company(folder, sources_from=own.folder)
    assert changed_keys(own, other) == ["holiday.csv", *KEYS.split(";")]
    assert changed_keys(own, own) == []


@pytest.mark.parametrize(
    ("day", "start"),
    [(date(2026, 3, 30), date(2024, 2, 29)), (date(2026, 4, 1), date(2024, 3, 31))],
)
def test_twenty_four_months_go_back_to_the_first_day_of_a_month(day: date, start: date) -> None:
    assert months_before(day, 24) == start
