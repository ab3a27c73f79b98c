"""Memory: what was published stays, what is lost comes back, what is past goes into a sandbox."""

import csv
import shutil
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest

from assets.publish.content import business_hashes, table_hash
from assets.publish.versions import PAGE
from assets.transform.contract import published_tables
from tests.conftest import World, ask, clone_world

NIGHTS = ["2026-03-30", "2026-03-31", "2026-04-01"]
SNAPSHOTS = [
    (name, table)
    for name, table in published_tables().items()
    if table.schema == "kam" and table.table_class in ("snapshot", "portfolio_snapshot")
]
STATES = [
    (name, table)
    for name, table in published_tables().items()
    if table.schema == "kam" and table.table_class == "state"
    if "valid_from_date" in {column.name for column in table.columns}
]


def clock(night: str, day_after: int = 1) -> str:
    day = int(night[-2:]) + day_after
    month = night[:8] if day <= 31 else "2026-04-"
    return f"{month}{day if day <= 31 else day - 31:02d}T07:15:00Z"


def kept_rows(database: Path, before: str) -> dict[str, str]:
    """The hash of every snapshot row older than a date, is_to_date rows left out."""
    hashes = {}
    with duckdb.connect(str(database), read_only=True) as connection:
        for name, table in SNAPSHOTS:
            where = f"as_of_date <= date '{before}'"
            if table.table_class == "portfolio_snapshot":
                where += " and not is_to_date"
            hashes[name] = table_hash(connection, table, name, where)
    return hashes


def closed_rows(database: Path) -> dict[str, set[tuple]]:
    return {
        name: set(ask(database, f"select * from {name} where valid_to_date is not null"))
        for name, _ in STATES
    }


def drawn(database: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (database.parent / PAGE).parent.iterdir()}


def hashes_of(database: Path) -> dict[str, str]:
    with duckdb.connect(str(database), read_only=True) as connection:
        return business_hashes(connection)


@pytest.mark.slow
class TestThreeNightsAndWhatMayHappenToThem:
    """One story, told in order: each test continues where the one before ended."""

    world: World
    published: dict[str, tuple[str, Path, dict[str, str]]]

    @pytest.fixture(scope="class", autouse=True)
    def story(self, tmp_path_factory: pytest.TempPathFactory, first_night: World):
        cls = type(self)
        cls.world = clone_world(first_night, tmp_path_factory.mktemp("memory"))
        cls.published = {}
        for night in NIGHTS:
            if night == NIGHTS[-1]:
                cls.reconfigure()
            if night != NIGHTS[0]:
                assert cls.world.kam("nightly", "--as-of", night, now=clock(night)) == 0
            assert cls.world.current is not None
            cls.published[night] = (
                cls.world.current,
                cls.world.database,
                hashes_of(cls.world.database),
            )

    @classmethod
    def reconfigure(cls) -> None:
        """Another limit from the third night on: older ones must not feel it."""
        path = cls.world.config / "metrics.yml"
        text = path.read_text(encoding="utf-8")
        assert text.count("major_customer_share: 0.10") == 1
        changed = text.replace("major_customer_share: 0.10", "major_customer_share: 0.02")
        path.write_text(changed, encoding="utf-8")

    def test_a_night_never_changes_the_snapshot_rows_before_it(self) -> None:
        for earlier, later in pairwise(NIGHTS):
            _, before, _ = self.published[earlier]
            _, after, _ = self.published[later]
            assert kept_rows(after, earlier) == kept_rows(before, earlier)

    def test_state_tables_continue_where_they_stood(self) -> None:
        for earlier, later in pairwise(NIGHTS):
            _, before, _ = self.published[earlier]
            _, after, _ = self.published[later]
            for name, rows in closed_rows(before).items():
                assert rows <= closed_rows(after)[name], name
            for name, _ in STATES:
                opened = ask(before, f"select group_id, valid_from_date from {name}")
                assert set(opened) <= set(
                    ask(after, f"select group_id, valid_from_date from {name}")
                )

    def test_each_publication_says_what_it_changed_and_keeps_what_was_said_before(self) -> None:
        (_, first, _), (_, before, _), (newest, after, _) = self.published.values()
        listed = "select distinct as_of_date::varchar from kam_ops.publication_diff order by 1"
        assert [ask(database, listed) for database in (first, before, after)] == [
            [], [(NIGHTS[1],)], [(NIGHTS[1],), (NIGHTS[2],)],
        ]  # fmt: skip
        said = ask(
            after,
            "select measure, value_before, value_after, difference, is_over_limit"
            " from kam_ops.publication_diff where publication_id = ?"
            " and table_name = 'kam.account_pnl_monthly'"
            " and measure in ('rows', 'sum:net_revenue_rc') order by 1",
            [newest],
        )
        counted = [
            ask(database, "select count(*), sum(net_revenue_rc) from kam.account_pnl_monthly")[0]
            for database in (before, after)
        ]
        assert said == [
            (measure, float(old), float(new), float(new) - float(old), False)
            for measure, old, new in zip(("rows", "sum:net_revenue_rc"), *counted, strict=True)
        ]
        shapes = "select count(*) from kam_ops.publication_diff where measure like 'columns_%'"
        assert ask(after, shapes) == [(0,)]

    def test_the_month_end_night_is_kept_and_the_row_of_an_ordinary_night_is_replaced(self) -> None:
        for table in ("concentration_monthly", "portfolio_position"):
            dates = self.world.query(
                f"select distinct as_of_date::varchar, is_to_date from kam.{table}"
                " where as_of_date >= date '2026-03-01' order by 1"
            )
            assert dates == [("2026-03-31", False), ("2026-04-01", True)], table

    def test_a_month_end_keeps_what_it_forecast_and_later_nights_hand_it_on(self) -> None:
        listed = (
            "select as_of_date::varchar, outcome, horizon_months, group_id, mean, percentiles,"
            " last_received_at from carried.ltv_forecast order by all"
        )
        kept = [ask(self.published[n][1].with_name("state.duckdb"), listed) for n in NIGHTS]

        assert kept[0] == []
        assert {row[:3] for row in kept[1]} == {
            ("2026-03-31", *what)
            for what in [("NO_ORDER_90", 3), ("ORDERS", 12), ("ORDERS", 36)]
            + [("LTV_REALISED", months) for months in (12, 36, 60)]
        }
        assert kept[2] == kept[1]
        published = self.world.query(
            "select group_id, expected_orders from kam.account_ltv"
            " where as_of_date = date '2026-03-31' and horizon_months = 12 and rung is not null"
        )
        said = {row[3]: row[4] for row in kept[1] if row[1:3] == ("ORDERS", 12)}
        assert len(published) > 20
        assert all(said[group] == pytest.approx(orders) for group, orders in published)

    def test_the_same_night_again_publishes_the_same_content(self) -> None:
        current, _, hashes = self.published["2026-04-01"]
        page = drawn(self.world.database)
        assert self.world.kam("nightly", "--as-of", "2026-04-01", now=clock("2026-04-01", 1)) == 0
        assert self.world.current != current
        assert hashes_of(self.world.database) == hashes
        assert drawn(self.world.database) == page

    def test_a_late_file_for_the_first_night_changes_no_row_of_it(self) -> None:
        late = self.world.drop / "late" / "erp" / "2026-03-30"
        assert late.is_dir()
        shutil.copytree(
            late, self.world.drop / "extracts" / "erp" / "2026-03-30", dirs_exist_ok=True
        )
        assert self.world.kam("rollback", "--to", self.published["2026-03-31"][0]) == 0
        assert self.world.current == self.published["2026-03-31"][0]

    def test_the_lost_night_is_appended_again_as_it_was(self) -> None:
        assert self.world.kam("nightly", "--as-of", "2026-04-01", now="2026-04-02T09:00:00Z") == 0
        assert hashes_of(self.world.database) == self.published["2026-04-01"][2]

    def test_an_old_night_runs_into_a_sandbox_that_equals_what_was_published_then(self) -> None:
        served = self.world.current
        for night in NIGHTS[:2]:
            assert self.world.kam("nightly", "--as-of", night, now="2026-04-02T10:00:00Z") == 0
            assert self.world.current == served
            sandbox = max(
                self.world.home.glob("sandbox/*/key_accounts.duckdb"),
                key=lambda path: path.stat().st_mtime_ns,
            )
            assert hashes_of(sandbox) == self.published[night][2]

    def test_the_late_file_counts_from_the_next_night_on(self) -> None:
        before = self.world.query("select sum(net_revenue_rc) from kam.account_pnl_monthly")
        earlier = kept_rows(self.world.database, "2026-04-01")
        assert self.world.kam("nightly", "--as-of", "2026-04-02", now="2026-04-03T07:15:00Z") == 0
        after = self.world.query("select sum(net_revenue_rc) from kam.account_pnl_monthly")
        assert after != before
        assert kept_rows(self.world.database, "2026-04-01") == earlier
        assert self.world.query(
            "select count(*) from kam_ops.recon_ledger where unexplained_base <> 0"
        ) == [(0,)]

    def test_the_acquisition_and_the_move_are_rows_of_lineage_on_their_nights(self) -> None:
        with (self.world.drop / "truth" / "events.csv").open(encoding="utf-8") as handle:
            stories = {row["story"]: row for row in csv.DictReader(handle)}
        found = {
            (account, day): (kind, reason, before != after)
            for account, day, kind, reason, before, after in self.world.query(
                "select from_account_key, effective_date::varchar, change_type, reason,"
                " from_group_id, to_group_id from kam.dim_account_lineage"
            )
        }
        for story, kind in (("acquisition_absorbed", "merge"), ("reparenting_to", "reparent")):
            planted = stories[story]
            key = (planted["record_id"], planted["from_date"])
            assert found.get(key) == (kind, "PARENT", True), story
        assert {day for _, day in found} == {
            stories["acquisition_absorbed"]["from_date"],
            stories["reparenting_to"]["from_date"],
        }

    def test_the_acquirer_has_a_segment_of_the_union_and_the_acquired_ends_that_night(self) -> None:
        """The acquisition is seen on 1 April, a review; the move on 2 April waits for the next."""
        parted = self.world.query(
            "select distinct change_type, from_group_id, to_group_id from kam.dim_account_lineage"
            " where from_group_id <> to_group_id order by change_type"
        )
        [(_, acquired, acquirer), (_, giver, taker)] = parted
        last = (
            "select valid_from_date::varchar, valid_to_date::varchar, reason_code"
            " from kam.segment_history where group_id = ? order by valid_from_date desc limit 1"
        )
        assert [kind for kind, _, _ in parted] == ["merge", "reparent"]
        assert self.world.query(last, [acquirer]) == [("2026-04-01", None, "HIERARCHY")]
        assert self.world.query(last, [acquired])[0][1] == "2026-04-01"
        for group in (giver, taker):
            [(opened, ended, _)] = self.world.query(last, [group])
            assert opened < "2026-04-02", group
            assert ended is None, group
        waiting = ask(
            self.world.database.with_name("state.duckdb"),
            "select group_id, valid_from_date::varchar, is_moved, is_merged"
            " from carried.segment_state where valid_to_date is null and is_moved",
        )
        assert sorted(waiting) == sorted(
            (group, "2026-04-02", True, False) for group in (giver, taker)
        )

    def test_a_review_is_decided_once_and_the_nights_after_it_open_only_first_sights(self) -> None:
        decided = {}
        for night in NIGHTS:
            decided[night] = ask(
                self.published[night][1].with_name("state.duckdb"),
                "select max(review_date)::varchar, count(*) from carried.segment_review",
            )[0]
        assert [day for day, _ in decided.values()] == ["2026-03-02", "2026-03-02", "2026-04-01"]
        assert decided[NIGHTS[2]][1] == decided[NIGHTS[1]][1] + 1
        assert self.world.query(
            "select count(*) from kam.segment_history where valid_from_date in"
            " (date '2026-03-30', date '2026-03-31', date '2026-04-02') and reason_code <> 'NEW'"
        ) == [(0,)]

    def test_a_table_alone_goes_into_a_sandbox_and_says_the_same(self) -> None:
        served, hashes = self.world.current, hashes_of(self.world.database)
        for table in ("account_concentration", "score_backtest"):
            assert self.world.kam("table", table, now="2026-04-03T08:00:00Z") == 0
            assert self.world.current == served
            sandbox = max(
                self.world.home.glob("sandbox/*/key_accounts.duckdb"),
                key=lambda path: path.stat().st_mtime_ns,
            )
            assert hashes_of(sandbox) == hashes, table

    def test_every_kept_publication_is_sound(self) -> None:
        assert self.world.kam("verify") == 0
