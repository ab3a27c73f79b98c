"""A database is read in one snapshot, as text, whole or from a cursor on."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import pgserver
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from assets.company import Extract, Source, load_company
from assets.company_schema import Connector
from assets.extract import sql
from assets.extract.assets import pull
from assets.extract.native import native_types
from assets.extract.sql import Database, moved_back, open_database, pull_table
from assets.faults import ConfigurationFault, NotReadyFault
from assets.ledger import Ledger
from assets.night import Home, Night, NightPlan
from tests.conftest import ROOT
from tests.mariadb import mariadb_server

SOURCE = Source(name="erp", adapter="canonical_csv", connector=Connector(kind="sql", root="DSN"))
TABLE = (
    "create table invoice (id integer primary key, amount numeric(18, 2), posted date,"
    " changed timestamp, name varchar(80))"
)
ROWS = (
    "insert into invoice values (2, 1234567890123456.78, '2024-02-29', '2024-03-01 10:00:00',"
    " 'João; \"x\"'), (1, -0.10, null, '2024-03-01 09:00:00', null)"
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an embedded PostgreSQL."""
    found = pgserver.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="delete")
    yield found.get_uri()
    found.cleanup()


@pytest.fixture(scope="module")
def mariadb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a MariaDB."""
    with mariadb_server(tmp_path_factory.mktemp("mariadb")) as address:
        yield address


@pytest.fixture(params=["postgresql", "mariadb", "sqlite"])
def dsn(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with two invoices, of any kind."""
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path / 'erp.db'}"
    else:
        address = request.getfixturevalue("mariadb" if request.param == "mariadb" else "server")
    with engine_of(address).begin() as connection:
        connection.exec_driver_sql("drop table if exists invoice")
        connection.exec_driver_sql(TABLE)
        connection.exec_driver_sql(ROWS)
    return address


@pytest.fixture
def opened() -> Iterator[Callable[[str], Database]]:
    """Opens snapshots that end with the test."""
    found: list[Database] = []

    def open_one(address: str) -> Database:
        found.append(open_database(SOURCE, {"DSN": address}.get))
        return found[-1]

    yield open_one
    for database in found:
        database.close()


def engine_of(address: str) -> sa.Engine:
    drivers = {"postgresql://": "postgresql+psycopg://", "mariadb://": "mariadb+pymysql://"}
    for plain, driver in drivers.items():
        address = address.replace(plain, driver)
    return sa.create_engine(address, poolclass=sa.NullPool)


def extract(**changes: object) -> Extract:
    found = Extract(
        table="INVOICE",
        path="invoice",
        format="parquet",
        columns=["ID", "AMOUNT", "POSTED", "CHANGED", "NAME"],
        key=["ID"],
    )
    return found.model_copy(update=changes)


def rows(
    database: Database, work: Path, since: str | None = None, **changes: object
) -> tuple[list[dict], str | None]:
    [path], cursor = pull_table(
        database, SOURCE, extract(**changes), since=since, work=work, say=lambda text: None
    )
    return pq.read_table(path).to_pylist(), cursor


def test_values_arrive_as_text_under_their_declared_names_in_the_order_of_the_key(
    dsn: str, opened: Callable[[str], Database], tmp_path: Path
) -> None:
    found, _ = rows(opened(dsn), tmp_path / "work")

    assert [row["ID"] for row in found] == ["1", "2"]
    assert found[0] | {"CHANGED": None} == {
        "ID": "1",
        "AMOUNT": found[0]["AMOUNT"],
        "POSTED": None,
        "CHANGED": None,
        "NAME": None,
    }
    assert float(found[0]["AMOUNT"]) == -0.10
    assert (found[1]["POSTED"], found[1]["NAME"]) == ("2024-02-29", 'João; "x"')
    if not dsn.startswith("sqlite"):  # which keeps no decimals
        assert [row["AMOUNT"] for row in found] == ["-0.10", "1234567890123456.78"]


def test_the_same_rows_are_the_same_bytes(
    dsn: str, opened: Callable[[str], Database], tmp_path: Path
) -> None:
    contents = []
    for name in ("one", "two"):
        database = opened(dsn)
        [path], _ = pull_table(
            database, SOURCE, extract(), since=None, work=tmp_path / name, say=print
        )
        contents.append(path.read_bytes())

    assert contents[0] == contents[1]


@pytest.mark.parametrize("kind", ["server", "mariadb"])
def test_all_tables_of_a_source_speak_of_one_moment(
    kind: str,
    request: pytest.FixtureRequest,
    opened: Callable[[str], Database],
    tmp_path: Path,
) -> None:
    address = request.getfixturevalue(kind)
    with engine_of(address).begin() as connection:
        connection.exec_driver_sql("drop table if exists invoice")
        connection.exec_driver_sql(TABLE)
    database = opened(address)
    with engine_of(address).begin() as connection:
        connection.exec_driver_sql(ROWS)

    assert rows(database, tmp_path / "work")[0] == []


def test_what_mariadb_writes_in_its_own_way_arrives_as_what_it_means(
    mariadb: str, opened: Callable[[str], Database], tmp_path: Path
) -> None:
    """A zero date is none, a boolean is 0 or 1, a bit is a number, text keeps every character."""
    with engine_of(mariadb).begin() as connection:
        connection.exec_driver_sql("drop table if exists invoice")
        connection.exec_driver_sql(
            "create table invoice (id integer primary key, posted date, changed datetime(6),"
            " is_open boolean, is_new bit(1), big bigint unsigned, name varchar(80)"
            " character set utf8mb4, old_name varchar(80) character set latin1)"
        )
        connection.exec_driver_sql(
            "insert into invoice values (1, '0000-00-00', '0000-00-00 00:00:00', true, b'1',"
            " 18446744073709551615, 'João 😀', 'João'), (2, '2024-02-29',"
            " '2024-03-01 10:00:00.000001', false, b'0', null, null, null)"
        )
    columns = ["ID", "POSTED", "CHANGED", "IS_OPEN", "IS_NEW", "BIG", "NAME", "OLD_NAME"]

    found, cursor = rows(
        opened(mariadb), tmp_path / "work", columns=columns, cursor="CHANGED", mode="delta"
    )

    assert [list(row.values()) for row in found] == [
        ["1", None, None, "1", "1", "18446744073709551615", "João 😀", "João"],
        ["2", "2024-02-29", "2024-03-01 10:00:00.000001", "0", "0", None, None, None],
    ]
    assert cursor == "2024-03-01 10:00:00.000001"


def test_the_types_of_the_database_go_with_a_pull(
    dsn: str, opened: Callable[[str], Database], tmp_path: Path
) -> None:
    database = opened(dsn)
    [path], _ = pull_table(
        database, SOURCE, extract(), since=None, work=tmp_path / "work", say=print
    )

    found = native_types(extract(), [path])
    assert found["AMOUNT"] in ("NUMERIC(18, 2)", "DECIMAL(18, 2)")
    assert (found["POSTED"], found["NAME"]) == ("DATE", "VARCHAR")
    assert found.keys() == {"ID", "AMOUNT", "POSTED", "CHANGED", "NAME"}


def test_a_column_of_another_type_than_the_night_before_is_named_with_both(
    server: str, tmp_path: Path
) -> None:
    home = Home(tmp_path / "home")
    said = []
    for day, change in (
        (date(2024, 3, 1), TABLE),
        (date(2024, 3, 2), "alter table invoice alter column name type varchar(200)"),
        (date(2024, 3, 3), "alter table invoice alter column amount type double precision"),
        (date(2024, 3, 4), ROWS.replace("1234567890123456.78", "5.25")),
    ):
        with engine_of(server).begin() as connection:
            if change == TABLE:
                connection.exec_driver_sql("drop table if exists invoice")
            connection.exec_driver_sql(change)
        night = night_of(home, day, server)
        pull(night, SOURCE, extract())
        night.opened["erp"].close()
        said += [
            (day.day, check["check_id"], check["detail"])
            for check in night.ledger.checks(night.run_id)
        ]

    [(day_of_month, check_id, detail)] = said
    assert (day_of_month, check_id) == (3, "raw_erp/invoice:schema_retyped")
    assert "since 2024-03-02: AMOUNT from NUMERIC(18, 2) to DOUBLE PRECISION" in detail


def test_a_cursor_reads_from_its_last_value_moved_back_on(
    dsn: str, opened: Callable[[str], Database], tmp_path: Path
) -> None:
    wanted = {"cursor": "CHANGED", "mode": "delta"}
    database = opened(dsn)
    found, cursor = rows(database, tmp_path / "a", **wanted)
    assert (len(found), str(cursor)[:19]) == (2, "2024-03-01 10:00:00")

    later, _ = rows(database, tmp_path / "b", since=cursor, **wanted)
    assert [row["ID"] for row in later] == ["2"]
    again, _ = rows(database, tmp_path / "c", since=cursor, lookback="12h", **wanted)
    assert [row["ID"] for row in again] == ["1", "2"]


def night_of(home: Home, as_of: date, dsn: str) -> Night:
    night = Night(
        run_id=f"run-{as_of}", plan=NightPlan(as_of=as_of, kind="forward"), home=home,
        company=load_company(ROOT / "config"), ledger=Ledger(home.ledger_file),
        project=home.root, trigger_kind="command", started_by="test", code_version="test",
        clock=lambda: datetime(2024, 3, 2, 7), secret={"DSN": dsn}.get,
    )  # fmt: skip
    home.landing.mkdir(parents=True, exist_ok=True)
    return night


def test_a_night_pulls_what_changed_since_the_night_before_and_again_when_run_again(
    dsn: str, tmp_path: Path
) -> None:
    home = Home(tmp_path / "home")
    wanted = extract(cursor="CHANGED", mode="delta")
    found = []
    for day, change in (
        (date(2024, 3, 1), None),
        (date(2024, 3, 2), "update invoice set changed = '2024-03-02 08:00:00' where id = 1"),
        (date(2024, 3, 2), "update invoice set changed = '2024-03-02 09:00:00' where id = 2"),
    ):
        if change:
            with engine_of(dsn).begin() as connection:
                connection.exec_driver_sql(change)
        night = night_of(home, day, dsn)
        found.append(pull(night, SOURCE, wanted).rows_read)
        night.opened["erp"].close()
        assert not list(home.root.glob("pulling/erp/invoice/*"))

    cursors = [str(d.cursor_max)[:19] for d in Ledger(home.ledger_file).deliveries()]
    assert cursors == ["2024-03-01 10:00:00", "2024-03-02 08:00:00", "2024-03-02 09:00:00"]
    assert found == [2, 2, 2]


def test_an_interrupted_pull_goes_on_after_its_last_part(
    dsn: str, opened: Callable[[str], Database], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sql, "CHUNK", 1)
    wanted = {"cursor": "CHANGED", "mode": "delta"}
    database = opened(dsn)
    work = tmp_path / "work"
    rows(database, work, **wanted)
    parts = sorted(work.glob("part-*"))
    assert len(parts) == 2
    parts[1].unlink()
    first = parts[0].stat().st_mtime_ns

    found, _ = rows(database, work, **wanted)
    assert [row["ID"] for row in found] == ["1", "2"]
    assert parts[0].stat().st_mtime_ns == first


def test_a_table_without_rows_is_a_delivery_without_rows(
    dsn: str, opened: Callable[[str], Database], tmp_path: Path
) -> None:
    with engine_of(dsn).begin() as connection:
        connection.exec_driver_sql("delete from invoice")

    assert rows(opened(dsn), tmp_path / "work")[0] == []


def test_a_table_that_is_not_there_is_a_fault_of_the_configuration(
    dsn: str, opened: Callable[[str], Database], tmp_path: Path
) -> None:
    database = opened(dsn)
    with pytest.raises(ConfigurationFault, match="expected the table invoices"):
        rows(database, tmp_path / "work", path="invoices")


def test_no_message_holds_a_password(tmp_path: Path) -> None:
    secret = "k4n4ry-p4ss"
    for address, fault in (
        (f"postgresql://kam:{secret}@127.0.0.1:1/erp", NotReadyFault),
        (f"mysql://kam:{secret}@127.0.0.1:1/erp", NotReadyFault),
        (f"kam:{secret} no url", ConfigurationFault),
        ("", ConfigurationFault),
    ):
        with pytest.raises(fault) as raised:
            open_database(SOURCE, {"DSN": address}.get, sleep=lambda seconds: None)
        assert secret not in str(raised.value)
        assert "DSN" in str(raised.value)


@pytest.mark.parametrize(
    ("since", "lookback", "expected"),
    [
        ("2024-03-01", "3d", "2024-02-27"),
        ("2024-03-01 10:00:00", "12h", "2024-02-29 22:00:00"),
        ("20240301", "1d", "20240229"),
        ("1000", "100", "900"),
        ("2024-03-01", None, "2024-03-01"),
        (None, "3d", None),
    ],
)
def test_a_lookback_moves_a_cursor_back(
    since: str | None, lookback: str | None, expected: str | None
) -> None:
    assert moved_back(since, lookback) == expected
