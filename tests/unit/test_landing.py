"""A delivery lands whole, once, as declared; a night reads what was known by its cut-off."""

import gzip
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from assets.company import Company, Extract, Source, load_company
from assets.company_schema import Connector, Dialect
from assets.extract.assets import pull
from assets.faults import GateFault, NotReadyFault
from assets.landing import as_known, create_raw_view, profile
from assets.ledger import Ledger
from assets.night import Home, Night, NightPlan
from tests.conftest import ROOT

PROTHEUS = Dialect(encoding="cp1252", delimiter=";", decimal=",", thousands=".")
FIRST, SECOND = date(2026, 3, 30), date(2026, 3, 31)


@dataclass
class Drops:
    """A drop folder with one extract, and the nights that read it."""

    home: Home
    source: Source
    company: Company
    clock: datetime = field(default=datetime(2026, 4, 1, 7))

    def put(self, text: str | bytes, day: date = FIRST, name: str = "sa1010.csv") -> Path:
        path = Path(self.source.root) / f"{day}" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode("cp1252"))
        return path

    def night(self, as_of: date = SECOND, cutoff: datetime | None = None) -> Night:
        plan = NightPlan(as_of=as_of, kind="forward", cutoff=cutoff)
        night = Night(
            run_id="run-test",
            plan=plan,
            company=self.company,
            home=self.home,
            ledger=Ledger(self.home.ledger_file),
            project=self.home.root,
            trigger_kind="command",
            started_by="test",
            code_version="test",
            clock=lambda: self.clock,
        )
        night.folder.mkdir(parents=True, exist_ok=True)
        return night

    @property
    def extract(self) -> Extract:
        return self.source.extracts[0]

    def rows(self, night: Night) -> list[tuple]:
        create_raw_view(night, self.source, self.extract)
        with duckdb.connect(str(night.warehouse)) as connection:
            return connection.execute(
                "select COD, NOME, _is_deleted from raw_erp.sa1010 order by all"
            ).fetchall()


@pytest.fixture
def drops(tmp_path: Path) -> Callable[..., Drops]:
    def build(**changes: object) -> Drops:
        extract = Extract(
            table="SA1010",
            path="{date}/sa1010*.csv",
            dialect=PROTHEUS,
            columns=["COD", "NOME", "DEL"],
            optional_columns=["TERR"],
            key=["COD"],
            required=True,
            expect_every="day",
            min_rows=1,
            deleted="DEL = '*'",
        ).model_copy(update=changes)
        source = Source(
            name="erp",
            adapter="protheus",
            connector=Connector(kind="files", root="drop"),
            extracts=[extract],
            root=str(tmp_path / "drop"),
        )
        home = Home(tmp_path / "home")
        home.landing.mkdir(parents=True)
        return Drops(home, source, load_company(ROOT / "config"))

    return build


def test_text_arrives_as_it_was_written_with_accents_padding_and_leading_zeros(drops) -> None:
    world = drops()
    world.put("COD;NOME;DEL\r\n000123;João & Filhos   ; \r\n000124;NA;*\r\n", SECOND)
    night = world.night()
    report = pull(night, world.source, world.extract)

    assert (report.rows_read, report.rows_loaded, report.rows_collapsed) == (2, 2, 0)
    assert world.rows(night) == [("000123", "João & Filhos   ", False), ("000124", "NA", True)]


def test_several_part_files_are_one_delivery_and_positions_go_on(drops) -> None:
    world = drops()
    world.put("COD;NOME;DEL\n1;a; \n", SECOND, "sa1010_01.csv")
    world.put("COD;NOME;DEL\n2;b; \n", SECOND, "sa1010_02.csv")
    night = world.night()

    assert pull(night, world.source, world.extract).n_deliveries == 1
    assert [row[0] for row in world.rows(night)] == ["1", "2"]


def test_a_compressed_file_is_read(drops) -> None:
    world = drops(path="{date}/sa1010.csv.gz")
    world.put(gzip.compress("COD;NOME;DEL\n1;ação; \n".encode("cp1252")), SECOND, "sa1010.csv.gz")
    night = world.night()
    pull(night, world.source, world.extract)

    assert world.rows(night) == [("1", "ação", False)]


def test_the_same_bytes_land_once(drops) -> None:
    world = drops()
    world.put("COD;NOME;DEL\n1;a; \n", SECOND)
    pull(world.night(), world.source, world.extract)
    again = pull(world.night(), world.source, world.extract)

    assert (again.n_deliveries, again.n_duplicate_deliveries) == (0, 1)
    assert len(world.night().ledger.deliveries()) == 1


def test_exactly_equal_rows_collapse_unless_their_position_is_the_key(drops) -> None:
    text = "COD;NOME;DEL\n1;a; \n1;a; \n2;b; \n"
    world = drops()
    world.put(text, SECOND)
    report = pull(world.night(), world.source, world.extract)
    assert (report.rows_read, report.rows_collapsed, report.rows_loaded) == (3, 1, 2)


def test_with_the_position_as_key_nothing_collapses(drops) -> None:
    world = drops(key=["_file_row"])
    world.put("COD;NOME;DEL\n1;a; \n1;a; \n", SECOND)
    night = world.night()

    assert pull(night, world.source, world.extract).rows_collapsed == 0
    assert len(world.rows(night)) == 2


@pytest.mark.parametrize(
    ("mode", "expected"),
    [("full", ["B", "c"]), ("delta", ["a", "B", "c"]), ("append", ["a", "b", "B", "c"])],
)
def test_a_full_extract_replaces_a_delta_replaces_by_key_and_an_append_adds(
    drops, mode: str, expected: list[str]
) -> None:
    world = drops(mode=mode)
    world.put("COD;NOME;DEL\n1;a; \n2;b; \n", FIRST)
    world.put("COD;NOME;DEL\n2;B; \n3;c; \n", SECOND)
    night = world.night()
    pull(night, world.source, world.extract)

    assert sorted(row[1] for row in world.rows(night)) == sorted(expected)


@pytest.mark.parametrize("mode", ["full", "delta", "append"])
def test_a_correction_of_a_date_replaces_what_it_corrects_also_when_taken_back(
    drops, mode: str
) -> None:
    world = drops(mode=mode)
    right, wrong = "COD;NOME;DEL\n1;a; \n", "COD;NOME;DEL\n1;a; \n9;wrong; \n"
    found = []
    for text in (right, wrong, right):
        world.put(text, SECOND)
        night = world.night()
        pull(night, world.source, world.extract)
        found.append([row[0] for row in world.rows(night)])

    assert found == [["1"], ["1", "9"], ["1"]]


def test_a_late_file_counts_only_for_nights_whose_cutoff_comes_after_it(drops) -> None:
    world = drops(mode="delta")
    world.put("COD;NOME;DEL\n1;a; \n", SECOND)
    pull(world.night(), world.source, world.extract)
    cutoff = world.clock
    world.clock = datetime(2026, 4, 2, 7)
    world.put("COD;NOME;DEL\n1;a; \n9;late; \n", SECOND)
    pull(world.night(), world.source, world.extract)

    assert len(as_known(world.night(cutoff=cutoff), world.source, world.extract)) == 1
    assert len(world.rows(world.night(cutoff=cutoff))) == 1
    assert len(world.rows(world.night())) == 2


def test_an_extract_dated_after_the_night_is_not_read(drops) -> None:
    world = drops()
    world.put("COD;NOME;DEL\n1;a; \n", FIRST)
    world.put("COD;NOME;DEL\n1;b; \n", SECOND)
    night = world.night(FIRST)
    pull(night, world.source, world.extract)

    assert [row[1] for row in world.rows(night)] == ["a"]


def test_a_column_that_may_be_absent_is_empty(drops) -> None:
    world = drops()
    world.put("COD;NOME;DEL\n1;a; \n", SECOND)
    night = world.night()
    pull(night, world.source, world.extract)
    create_raw_view(night, world.source, world.extract)
    with duckdb.connect(str(night.warehouse)) as connection:
        assert connection.execute("select TERR from raw_erp.sa1010").fetchall() == [(None,)]


@pytest.mark.parametrize(
    ("content", "fault", "complaint"),
    [
        (b"", NotReadyFault, "0 bytes"),
        (b"COD;NOME;DEL\n1;\x81; \n", GateFault, "offset 15"),
        ("COD;NOME;DEL\n1;a; \n".encode("utf-16"), GateFault, "UTF-16"),
        (b"COD;RAZAO;DEL\n1;a; \n", GateFault, "missing NOME; not in the contract: RAZAO"),
        (b"COD,NOME,DEL\n1,a, \n", GateFault, "missing COD, NOME, DEL"),
        (b"COD;NOME;DEL\n1;a; \n2;b", GateFault, "cut off after"),
        (b"COD;NOME;DEL\n1;a;b;c\n", GateFault, "3 fields"),
    ],
    ids=["empty", "byte", "utf-16", "renamed", "delimiter", "truncated", "too many fields"],
)
def test_a_file_that_is_not_as_declared_is_refused_and_nothing_lands(
    drops, content: bytes, fault: type[Exception], complaint: str
) -> None:
    world = drops()
    world.put(content, SECOND)

    with pytest.raises(fault, match=complaint):
        pull(world.night(), world.source, world.extract)
    assert world.night().ledger.deliveries() == []


def test_a_renamed_column_can_be_named_under_aliases(drops) -> None:
    world = drops(aliases={"RAZAO": "NOME"})
    world.put("COD;RAZAO;DEL\n1;a; \n", SECOND)
    night = world.night()
    pull(night, world.source, world.extract)

    assert world.rows(night) == [("1", "a", False)]


def test_a_missing_required_file_says_where_it_was_expected(drops) -> None:
    world = drops()
    world.put("COD;NOME;DEL\n1;a; \n", FIRST)

    with pytest.raises(NotReadyFault, match=r"2026-03-31/sa1010\*\.csv, found the newest of"):
        pull(world.night(), world.source, world.extract)


def test_a_missing_optional_file_is_a_warning_and_an_empty_view(drops) -> None:
    world = drops(required=False)
    night = world.night()
    pull(night, world.source, world.extract)

    assert world.rows(night) == []
    [check] = night.ledger.checks("run-test")
    assert (check["severity"], check["status"]) == ("warning", "failed")


def test_an_optional_file_without_rows_leaves_the_delivery_before_in_use(drops) -> None:
    world = drops(required=False)
    world.put("COD;NOME;DEL\n1;a; \n", FIRST)
    world.put("COD;NOME;DEL\n", SECOND)
    night = world.night()
    pull(night, world.source, world.extract)

    assert [row[1] for row in world.rows(night)] == ["a"]
    checks = {check["check_id"]: check["status"] for check in night.ledger.checks("run-test")}
    assert checks["raw_erp/sa1010:empty_file"] == "failed"


def test_unfinished_files_and_links_out_of_the_folder_are_not_read(drops, tmp_path: Path) -> None:
    world = drops(path="{date}/*", required=False)
    world.put("COD;NOME;DEL\n1;a; \n", SECOND, "sa1010.csv.part")
    assert pull(world.night(), world.source, world.extract).n_deliveries == 0

    (tmp_path / "secret.csv").write_text("COD;NOME;DEL\n1;a; \n")
    (Path(world.source.root) / f"{SECOND}" / "sa1010.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(GateFault, match="leaves it"):
        pull(world.night(), world.source, world.extract)


def test_the_profile_measures_keys_dates_and_volume(drops) -> None:
    world = drops(date_formats={"NOME": "%Y%m%d"}, mode="full")
    world.put("COD;NOME;DEL\n1;20260101; \n2;20260102; \n", FIRST)
    world.put("COD;NOME;DEL\n1;20260101; \n1;2026; \n ;00000000; \n3;        ; \n", SECOND)
    night = world.night()
    pull(night, world.source, world.extract)

    assert profile(night, world.source, world.extract) == {
        "rows": 4,
        "duplicate_keys": 1,
        "empty_keys": 1,
        "parse_failure_share__NOME": 0.25,
        "rows_ratio": 2.0,
    }
