"""A delivery lands whole, once, as declared; a night reads what was known by its cut-off."""

import gzip
import json
import os
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import fsspec
import pandas as pd
import pytest

from assets.company import Company, Extract, Source, load_company
from assets.company_schema import Connector, ControlTotal, Dialect
from assets.control import cutoff_now
from assets.extract.assets import pull
from assets.extract.ready import wait_until_quiet
from assets.extract.remote import fetch
from assets.faults import GateFault, NotReadyFault
from assets.gate import hold_deliveries
from assets.known import as_known, create_raw_view
from assets.ledger import Ledger, Waiver
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
            connector=Connector(kind="files", root="drop", quiet_seconds=0),
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


def test_a_clock_that_was_set_back_hides_no_delivery_from_a_later_run_of_the_night(drops) -> None:
    world = drops()
    world.put("COD;NOME;DEL\n1;A;\n", SECOND)
    pull(world.night(), world.source, world.extract)
    world.clock -= timedelta(minutes=1)
    cutoff = cutoff_now(world.night())

    assert len(as_known(world.night(cutoff=cutoff), world.source, world.extract)) == 1


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
        (b"COD,NOME,DEL\n1,a, \n", GateFault, "BAD_HEADER.*delimiter"),
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
    judged_pull(world, world.night(FIRST))
    world.put("COD;NOME;DEL\n", SECOND)
    night = world.night()
    found = judged_pull(world, night)

    assert [row[1] for row in world.rows(night)] == ["a"]
    assert found["raw_erp/sa1010:rows"] == "failed"


def judged_pull(world, night: Night) -> dict[str, str]:
    pull(night, world.source, world.extract)
    found = hold_deliveries(night, world.source, world.extract)
    return {result.check_id: result.status for result in found}


def test_unfinished_files_and_links_out_of_the_folder_are_not_read(drops, tmp_path: Path) -> None:
    world = drops(path="{date}/*", required=False)
    world.put("COD;NOME;DEL\n1;a; \n", SECOND, "sa1010.csv.part")
    assert pull(world.night(), world.source, world.extract).n_deliveries == 0

    (tmp_path / "secret.csv").write_text("COD;NOME;DEL\n1;a; \n")
    (Path(world.source.root) / f"{SECOND}" / "sa1010.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(GateFault, match="leaves it"):
        pull(world.night(), world.source, world.extract)


def test_different_rows_under_one_key_are_all_shown_and_equal_ones_collapse(drops) -> None:
    world = drops(date_formats={"NOME": "%Y%m%d"})
    world.put(
        "COD;NOME;DEL\n1;20260101; \n1;20260102; \n2;2026; \n2;2026; \n ;20260101; \n"
        "3;20260101;*\n3;20260102; \n",
        SECOND,
    )
    night = world.night()
    report = pull(night, world.source, world.extract)

    assert (report.rows_read, report.rows_collapsed, report.rows_loaded) == (7, 1, 6)
    assert [row[:2] for row in world.rows(night)] == [
        (" ", "20260101"),
        ("1", "20260101"),
        ("1", "20260102"),
        ("2", "2026"),
        ("3", "20260102"),
    ]
    [delivery] = night.ledger.deliveries()
    assert delivery.profile["aside_share"] == 3 / 7
    assert delivery.profile["parse_failure_share__NOME"] == 1 / 6


def test_rows_in_conflict_replace_the_row_before_them_like_any_other(drops) -> None:
    world = drops(mode="delta")
    world.put("COD;NOME;DEL\n1;a; \n2;b; \n", FIRST)
    world.put("COD;NOME;DEL\n1;x; \n1;y; \n", SECOND)
    night = world.night()
    pull(night, world.source, world.extract)

    assert [row[1] for row in world.rows(night)] == ["x", "y", "b"]


def test_a_line_with_too_few_fields_is_set_aside_and_the_others_are_rows(drops) -> None:
    world = drops()
    world.put('COD;NOME;DEL\n1;"a\nb"; \n2;short\n3;c; \n', SECOND)
    night = world.night()
    report = pull(night, world.source, world.extract)

    assert (report.rows_read, report.rows_quarantined) == (3, 1)
    assert [row[:2] for row in world.rows(night)] == [("1", "a\nb"), ("3", "c")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("COD;NOME;DEL\n1;a; \n2;b", "TRUNCATED"),
        ("COD;NOME;DEL\n1;a; \n2;b;*", "NO_EOL"),
        ("COD;NOME;DEL\n1;a; \n2;b\n", "TRUNCATED"),
        ('COD;NOME;DEL\n1;"a; \n2;b; \n3;c; \n', "TRUNCATED"),
        ("COD;NOME;DEL\n1;João; \n2;Conceição; \n".encode().decode("cp1252"), "DECODE"),
    ],
    ids=["row cut", "value cut", "line cut and ended", "quote left open", "utf-8 as cp1252"],
)
def test_a_file_that_lost_something_is_refused_whole(drops, content: str, code: str) -> None:
    world = drops()
    world.put(content, SECOND)

    with pytest.raises(GateFault, match=f"^{code}: "):
        pull(world.night(), world.source, world.extract)


def test_upper_case_portuguese_is_not_taken_for_misread_text(drops) -> None:
    world = drops()
    world.put("COD;NOME;DEL\n1;JOÃO E IRMÃ LTDA; \n2;CONCEIÇÃO; \n", SECOND)

    assert pull(world.night(), world.source, world.extract).rows_loaded == 2


def test_a_new_column_that_holds_the_old_values_is_suggested_and_never_used(drops) -> None:
    world = drops()
    names = "".join(f"{n};name {n}; \n" for n in range(9))
    world.put(f"COD;NOME;DEL\n{names}", FIRST)
    pull(world.night(FIRST), world.source, world.extract)
    world.put(f"COD;RAZAO;DEL\n{names}", SECOND)

    with pytest.raises(GateFault, match=r"^SCHEMA: .*RAZAO holds values of NOME"):
        pull(world.night(), world.source, world.extract)


def test_a_column_nobody_declared_is_a_warning_and_stays_in_landing(drops) -> None:
    world = drops()
    world.put("COD;NOME;DEL;NOVO\n1;a; ;x\n", SECOND)
    night = world.night()
    pull(night, world.source, world.extract)

    assert world.rows(night) == [("1", "a", False)]
    [check] = night.ledger.checks("run-test")
    assert (check["check_id"], check["severity"]) == ("raw_erp/sa1010:schema_added", "warning")


class TestGate:
    """What a delivery promises is held against it, and against those before it."""

    def test_a_header_without_rows_is_refused_and_the_night_is_held(self, drops) -> None:
        world = drops()
        world.put("COD;NOME;DEL\n", SECOND)

        assert judged_pull(world, world.night())["raw_erp/sa1010:rows"] == "failed"
        [delivery] = world.night().ledger.deliveries()
        assert str(delivery.refused).startswith("HEADER_ONLY: ")

    def test_a_master_that_shrank_below_half_of_its_usual_size_is_refused(self, drops) -> None:
        world = drops()
        for day, rows in ((FIRST, 10), (SECOND, 4)):
            world.put("COD;NOME;DEL\n" + "".join(f"{n};a; \n" for n in range(rows)), day)
            found = judged_pull(world, world.night(day))

        assert found["raw_erp/sa1010:rows_ratio"] == "failed"
        assert world.rows(world.night())[0][0] == "0"
        assert len(world.rows(world.night())) == 10

    def test_amounts_a_thousand_times_as_large_are_a_shift_of_scale(self, drops) -> None:
        control = {"column": "NOME", "currency": None}
        world = drops(control_total=ControlTotal(**control), mode="delta")
        for day, amount in ((FIRST, "1,50"), (SECOND, "1.500,00")):
            world.put("COD;NOME;DEL\n" + "".join(f"{n};{amount}; \n" for n in range(30)), day)
            found = judged_pull(world, world.night(day))

        assert found["raw_erp/sa1010:median_ratio"] == "failed"
        assert str(world.night().ledger.deliveries()[-1].refused).startswith("SCALE_SHIFT: ")

    def test_an_extract_whose_newest_date_stands_still_is_stale(self, drops) -> None:
        world = drops(business_date="NOME", date_formats={"NOME": "%Y%m%d"}, mode="delta")
        world.put("COD;NOME;DEL\n1;20260330; \n", FIRST)
        judged_pull(world, world.night(FIRST))
        world.put("COD;NOME;DEL\n1;20260330; \n", SECOND)

        assert judged_pull(world, world.night())["raw_erp/sa1010:days_advanced"] == "failed"

    def test_a_refused_delta_holds_every_later_night_until_it_is_sent_again(self, drops) -> None:
        world = drops(mode="delta", min_rows=1)
        world.put("COD;NOME;DEL\n1;a; \n", date(2026, 3, 29))
        judged_pull(world, world.night(date(2026, 3, 29)))
        world.put("COD;NOME;DEL\n", FIRST)
        judged_pull(world, world.night(FIRST))
        world.put("COD;NOME;DEL\n2;b; \n", SECOND)
        assert "failed" in judged_pull(world, world.night()).values()

        world.put("COD;NOME;DEL\n1;A; \n", FIRST)
        assert "failed" not in judged_pull(world, world.night()).values()
        assert [row[1] for row in world.rows(world.night())] == ["A", "b"]

    def test_a_waiver_accepts_what_was_refused_and_says_who_and_why(self, drops) -> None:
        world = drops()
        world.put("COD;NOME;DEL\n", SECOND)
        night = world.night()
        waiver = Waiver("raw_erp/sa1010:rows", "no clients yet", SECOND, "ana")
        night.ledger.record_waiver(waiver, world.clock)

        assert judged_pull(world, night)["raw_erp/sa1010:rows"] == "waived"
        [check] = [c for c in night.ledger.checks() if c["status"] == "waived"]
        assert (check["waived_by"], check["waiver_reason"]) == ("ana", "no clients yet")
        assert night.ledger.deliveries()[0].refused is None
        assert night.ledger.waivers(date(2026, 4, 1)) == {}

    def test_a_manifest_vouches_for_rows_bytes_and_totals(self, drops) -> None:
        world = drops(control_total=ControlTotal(column="NOME", currency="TERR"))
        world.source = world.source.model_copy(
            update={"connector": Connector(kind="files", root="drop", ready="manifest")}
        )
        path = world.put("COD;NOME;DEL;TERR\n1;1,50; ;BRL\n2;2,00; ;USD\n", SECOND)
        with pytest.raises(NotReadyFault, match="expected its manifest"):
            pull(world.night(), world.source, world.extract)

        said = {"file": "sa1010.csv", "rows": 2, "bytes": path.stat().st_size}
        manifest = path.with_name("sa1010.csv.manifest.json")
        manifest.write_text(json.dumps(said | {"bytes": 99}))
        with pytest.raises(NotReadyFault, match=r"^TRUNCATED: .*99 bytes"):
            pull(world.night(), world.source, world.extract)

        manifest.write_text(json.dumps(said | {"rows": 3}))
        with pytest.raises(NotReadyFault, match=r"^TRUNCATED: .*3 rows"):
            pull(world.night(), world.source, world.extract)

        totals = {"BRL": "1.50", "USD": "2.01"}
        manifest.write_text(json.dumps(said | {"control_totals": totals}))
        found = judged_pull(world, world.night())
        assert found["raw_erp/sa1010:control_difference__BRL"] == "passed"
        assert found["raw_erp/sa1010:control_difference__USD"] == "failed"

        manifest.write_text(json.dumps(said | {"control_totals": totals | {"USD": "2.00"}}))
        assert "failed" not in judged_pull(world, world.night()).values()
        assert len(world.rows(world.night())) == 2


def test_a_success_file_says_that_a_delivery_is_complete(drops) -> None:
    world = drops()
    world.source = world.source.model_copy(
        update={"connector": Connector(kind="files", root="drop", ready="success_file")}
    )
    path = world.put("COD;NOME;DEL\n1;a; \n", SECOND)
    with pytest.raises(NotReadyFault, match="_SUCCESS"):
        pull(world.night(), world.source, world.extract)

    path.with_name("_SUCCESS").touch()
    assert pull(world.night(), world.source, world.extract).n_deliveries == 1


def test_a_file_that_still_grows_is_waited_for_and_then_not_ready(tmp_path: Path) -> None:
    path = tmp_path / "growing.csv"
    path.write_text("a\n")
    clock = [path.stat().st_mtime]

    def sleep(seconds: float) -> None:
        clock[0] += seconds
        os.utime(path, (clock[0], clock[0]))

    with pytest.raises(NotReadyFault, match=r"growing\.csv.*still changing"):
        wait_until_quiet([path], 30, say=lambda text: None, wall=lambda: clock[0], sleep=sleep)


def test_a_file_that_stops_growing_is_read_once_it_has_been_quiet(tmp_path: Path) -> None:
    path = tmp_path / "grown.csv"
    path.write_text("a\n")
    clock, slept = [path.stat().st_mtime + 5], []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        clock[0] += seconds

    wait_until_quiet([path], 30, say=lambda text: None, wall=lambda: clock[0], sleep=sleep)
    assert sum(slept) == pytest.approx(25, abs=0.01)


@pytest.mark.parametrize("format", ["jsonl", "parquet", "xlsx"])
def test_other_formats_land_as_the_same_text(drops, format: str) -> None:
    world = drops(format=format, path=f"{{date}}/sa1010.{format}", dialect=Dialect())
    path = Path(world.source.root) / f"{SECOND}" / f"sa1010.{format}"
    path.parent.mkdir(parents=True)
    frame = pd.DataFrame({"COD": ["007", "8"], "NOME": ["João", None], "DEL": [" ", "*"]})
    if format == "jsonl":
        frame.to_json(path, orient="records", lines=True, force_ascii=False)
    elif format == "parquet":
        frame.to_parquet(path)
    else:
        frame.to_excel(path, index=False, sheet_name="Export")
    night = world.night()
    pull(night, world.source, world.extract)

    assert world.rows(night) == [("007", "João", False), ("8", None, True)]


def test_a_line_of_json_that_is_none_is_set_aside(drops) -> None:
    world = drops(format="jsonl", path="{date}/sa1010.jsonl")
    good = '{{"COD": "{n}", "NOME": 1.5, "DEL": " "}}\n'
    world.put(good.format(n=1) + '{"COD": "2", "NO\n' + good.format(n=3), SECOND, "sa1010.jsonl")
    night = world.night()
    report = pull(night, world.source, world.extract)

    assert (report.rows_read, report.rows_quarantined) == (3, 1)
    assert world.rows(night) == [("1", "1.5", False), ("3", "1.5", False)]


@pytest.mark.parametrize(
    ("second", "said"),
    [
        ('{"COD": "1", "NOME": "1.234,5", "DEL": null}\n', "NOME from NUMBER to STRING"),
        ('{"COD": "1", "NOME": {"a": 1}, "DEL": true}\n', "NOME from NUMBER to OBJECT"),
        ('{"COD": "1", "NOME": null, "DEL": " "}\n', None),
        ('{"COD": "1", "NOME": 7, "DEL": " "}\n', None),
    ],
    ids=["text", "object and a boolean never seen", "empty", "whole number"],
)
def test_a_value_of_another_kind_than_before_is_a_warning(drops, second, said) -> None:
    world = drops(
        format="jsonl", path="{date}/sa1010.jsonl", dialect=Dialect(), optional_columns=[]
    )
    world.put('{"COD": "1", "NOME": 1.5}\n{"COD": "2", "NOME": null, "DEL": null}\n', FIRST,
              "sa1010.jsonl")  # fmt: skip
    pull(world.night(FIRST), world.source, world.extract)
    world.put(second, SECOND, "sa1010.jsonl")
    night = world.night()
    pull(night, world.source, world.extract)

    found = [
        check["detail"]
        for check in night.ledger.checks("run-test")
        if check["check_id"] == "raw_erp/sa1010:schema_retyped"
    ]
    assert len(found) == (said is not None)
    assert said is None or f"since {FIRST}: {said}." in found[0]


def test_a_parquet_column_of_another_type_than_before_is_a_warning(drops) -> None:
    world = drops(format="parquet", path="{date}/sa1010.parquet", optional_columns=[])
    for day, kind in ((FIRST, "decimal(18, 2)"), (SECOND, "double")):
        path = world.put("", day, "sa1010.parquet")
        duckdb.sql(
            f"select '1' as COD, cast(2 as {kind}) as NOME, date '2026-01-01' as DEL"
        ).write_parquet(str(path))
        night = world.night(day)
        pull(night, world.source, world.extract)

    [check] = night.ledger.checks("run-test")
    assert (check["check_id"], check["severity"]) == ("raw_erp/sa1010:schema_retyped", "warning")
    assert f"since {FIRST}: NOME from DECIMAL(18,2) to DOUBLE." in check["detail"]


def test_a_ledger_of_an_older_version_gains_its_columns_and_keeps_its_rows(drops) -> None:
    world = drops()
    world.put("COD;NOME;DEL\n1;a; \n", SECOND)
    pull(world.night(), world.source, world.extract)
    with sqlite3.connect(world.home.ledger_file) as connection:
        connection.execute("alter table delivery drop column native_types")
    connection.close()

    [delivery] = Ledger(world.home.ledger_file).deliveries()
    assert (delivery.rows_read, delivery.native_types) == (1, {})
    world.put("COD;NOME;DEL\n1;b; \n", SECOND)
    assert pull(world.night(), world.source, world.extract).n_deliveries == 1


def test_a_key_absent_from_a_full_extract_is_gone_where_that_is_declared(drops) -> None:
    world = drops(deleted="missing")
    world.put("COD;NOME;DEL\n1;a; \n2;b; \n", FIRST)
    world.put("COD;NOME;DEL\n2;B; \n", SECOND)
    night = world.night()
    pull(night, world.source, world.extract)

    assert world.rows(night) == [("1", "a", True), ("2", "B", False)]


def test_files_behind_a_url_are_fetched_and_land_like_local_ones(drops) -> None:
    world = drops()
    place = fsspec.filesystem("memory")
    place.pipe(f"/drop/{SECOND}/sa1010.csv", b"COD;NOME;DEL\n1;a; \n")
    world.source = world.source.model_copy(
        update={
            "root": "memory://drop",
            "connector": Connector(kind="files", root="memory://drop", quiet_seconds=0),
        }
    )
    night = world.night()
    fetch(world.home, world.source)
    pull(night, world.source, world.extract)
    assert world.rows(night) == [("1", "a", False)]

    place.rm(f"/drop/{SECOND}/sa1010.csv")
    fetch(world.home, world.source)
    assert not list((world.home.root / "fetched").rglob("sa1010.csv"))
