"""A first load and three deltas of a public sample company, through the command of a user."""

import shutil
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from assets.publish.content import business_hashes
from tests.conftest import ROOT, World

pytestmark = pytest.mark.slow
CLOCK = {15: "2026-01-16T07:15:00Z", 16: "2026-01-17T07:15:00Z", 17: "2026-01-18T07:15:00Z"}


@pytest.fixture(scope="module")
def data(shared_data) -> Path:
    return shared_data("adventureworks_deltas")


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory, data: Path) -> tuple[World, World]:
    """The three delta nights one after the other, and again the last two in one go."""
    folder = tmp_path_factory.mktemp("adventureworks")
    config = ROOT / "examples" / "adventureworks"
    one = World(config=config, home=folder / "one", drop=data)
    other = World(config=config, home=folder / "other", drop=data)
    assert one.kam("nightly", "--as-of", "2026-01-15", now=CLOCK[15]) == 0
    shutil.copytree(one.home, other.home, symlinks=True)
    for day in (16, 17):
        assert one.kam("nightly", "--as-of", f"2026-01-{day}", now=CLOCK[day]) == 0
    assert other.kam("nightly", now=CLOCK[17]) == 0
    return one, other


def hashes_of(world: World) -> dict[str, str]:
    with duckdb.connect(str(world.database), read_only=True) as connection:
        return business_hashes(connection)


def billed(data: Path, last_file: int) -> tuple[Decimal, int]:
    """Money and lines of the files up to a day, by a formula of its own."""
    days = [f"_2026-01-{day}" for day in range(15, last_file + 1)]
    total, lines = Decimal(0), 0
    for suffix in ["", *days]:
        relation = duckdb.sql(
            "select cast(unit_price as decimal(20, 4)) * order_qty"
            " * (1 - cast(percentage_discount as decimal(9, 4))) as amount"
            f" from read_csv('{data / f'sales_order_detail{suffix}.csv'}', delim = ';')"
        )
        row = relation.aggregate("sum(round(amount, 2)), count(*)").fetchone()
        assert row is not None
        total, lines = total + row[0], lines + row[1]
    return total, lines


def test_each_night_holds_the_lines_of_the_files_up_to_it(
    nights: tuple[World, World], data: Path
) -> None:
    one, _ = nights
    total, lines = billed(data, 17)
    assert lines == 60_173 + 68 + 61 + 96
    assert one.query("select sum(net_revenue_rc) from kam.account_pnl_monthly") == [(total,)]
    [before] = one.home.glob("published/versions/20260116*/key_accounts.duckdb")
    with duckdb.connect(str(before), read_only=True) as connection:
        found = connection.execute("select sum(net_revenue_rc) from kam.account_pnl_monthly")
        assert found.fetchone() == (billed(data, 15)[0],)


def test_the_date_of_a_file_is_not_the_date_of_an_order(nights: tuple[World, World]) -> None:
    one, _ = nights
    [warehouse] = sorted(one.home.glob("build/20260118*/warehouse.duckdb"))
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        assert connection.execute(
            "select extract_date::varchar, max(ordered_date)::varchar from canonical.order_line"
            " group by 1 order by 1"
        ).fetchall() == [
            ("2026-01-14", "2026-01-02"),
            ("2026-01-15", "2026-01-03"),
            ("2026-01-16", "2026-01-04"),
            ("2026-01-17", "2026-01-05"),
        ]
        states = "select count(*) from canonical.customer where state <> trim(state)"
        closed = "select count(*) from canonical.customer where not is_active"
        assert connection.execute(states).fetchone() == (0,)
        assert connection.execute(closed).fetchone() == (6,)


def test_nights_in_one_go_give_what_nights_one_by_one_give(nights: tuple[World, World]) -> None:
    one, other = nights
    assert hashes_of(other) == hashes_of(one)


def test_a_delta_night_run_again_changes_nothing(nights: tuple[World, World]) -> None:
    one, other = nights
    assert other.kam("nightly", "--as-of", "2026-01-17", now=CLOCK[17]) == 0
    assert hashes_of(other) == hashes_of(one)
    report = other.query(
        "select extract_name, n_deliveries from kam_ops.run_source_report"
        " inner join kam_ops.publication using (run_id)"
    )
    assert {count for _, count in report} == {0}
