"""The fault matrix, faults 1-30: exit code, reason, quarantine, and what readers still see."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
import yaml

from assets.company import load_company
from assets.extract.assets import pull
from assets.ledger import Ledger
from assets.night import Home, Night, NightPlan
from tests.conftest import World, ask
from tests.tiny import FIRST, LINE, SECOND, Tiny, line, second_lines, text_of, tiny_company

pytestmark = pytest.mark.slow
GOOD = text_of(LINE, second_lines())
Change = Callable[[Tiny], None]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    """The tiny company after its first night."""
    tiny = tiny_company(tmp_path_factory.mktemp("matrix"))
    assert tiny.night(FIRST) == (0, "")
    shutil.copytree(tiny.world.home, tiny.world.home.with_name("home_of_first"), symlinks=True)
    return tiny


@pytest.fixture
def tiny(served: Tiny) -> Iterator[Tiny]:
    """The second night, about to be broken; mended afterwards."""
    sources = (served.world.config / "sources.yml").read_text(encoding="utf-8")
    yield served
    served.mend()
    (served.world.config / "sources.yml").write_text(sources, encoding="utf-8")


def replaced(old: str, new: str, name: str = "invoice_line") -> Change:
    return lambda tiny: put(tiny, tiny.texts[SECOND, name].replace(old, new), name)


def put(tiny: Tiny, content: str | bytes, name: str = "invoice_line") -> None:
    tiny.put(SECOND, name, content)


def manifest(tiny: Tiny, **said: object) -> None:
    path = tiny.path(SECOND, "invoice_line")
    tiny.configure()
    found = {"file": path.name, "rows": 300, "bytes": path.stat().st_size}
    path.with_name(f"{path.name}.manifest.json").write_text(json.dumps(found | said))


def truncated_below_its_manifest(tiny: Tiny) -> None:
    manifest(tiny)
    put(tiny, GOOD[:-200])


def renamed_column(tiny: Tiny) -> None:
    put(tiny, GOOD.replace("net_amount_base;", "valor_base;", 1))


def times_a_thousand(tiny: Tiny) -> None:
    rows = [
        row | {"net_amount": f"{float(row['net_amount']) * 1000:.2f}"} for row in second_lines()
    ]
    put(tiny, text_of(LINE, rows))


def yesterday_again(tiny: Tiny) -> None:
    put(tiny, tiny.texts[FIRST, "invoice_line"])


# First what never lands: once a delivery of the night was refused, the night is held for it.
FILE_FAULTS: list[tuple[str, Change, int, str]] = [
    ("13 missing", lambda t: t.path(SECOND, "invoice_line").unlink(), 21, "expected"),
    ("1 row cut, manifest", truncated_below_its_manifest, 21, "TRUNCATED"),
    ("1 row cut", lambda t: put(t, GOOD[:-60]), 20, "TRUNCATED"),
    ("2 value cut", lambda t: put(t, GOOD[:-1]), 20, "NO_EOL"),
    ("3 header only", lambda t: put(t, GOOD.split("\n")[0] + "\n"), 20, "HEADER_ONLY"),
    ("4 no bytes", lambda t: put(t, b""), 21, "EMPTY_FILE"),
    ("5 wrong delimiter", lambda t: put(t, GOOD.replace(";", ",")), 20, "BAD_HEADER"),
    ("6 encoding", lambda t: put(t, GOOD.replace("P1", "Ã1").encode("cp1252")), 20, "DECODE"),
    ("7 utf-16", lambda t: put(t, GOOD.encode("utf-16")), 20, "DECODE"),
    ("9 thousands", times_a_thousand, 20, "SCALE_SHIFT"),
    ("12 half written", lambda t: manifest(t, bytes=10**9), 21, "TRUNCATED"),
    ("14 stale", yesterday_again, 20, "STALE"),
    ("16 dropped column", replaced(";currency;", ";", "invoice_line"), 20, "SCHEMA"),
    ("17 renamed column", renamed_column, 20, "SCHEMA"),
    (
        "29 manifest total",
        lambda t: manifest(t, control_totals={"BRL": "1.00"}),
        20,
        "CONTROL_TOTAL",
    ),
]


@pytest.mark.parametrize(
    ("change", "code", "reason"), [f[1:] for f in FILE_FAULTS], ids=[f[0] for f in FILE_FAULTS]
)
def test_a_broken_file_holds_the_night_and_says_why(
    tiny: Tiny, change: Change, code: int, reason: str
) -> None:
    before = tiny.world.current
    change(tiny)
    found, said = tiny.night(SECOND)

    assert (found, reason in said) == (code, True), said
    assert tiny.world.current == before
    status = tiny.world.status()
    assert status["is_last_good"] is True
    assert status["attempt_exit_code"] == code
    if reason not in ("expected",) and "manifest" not in said:
        assert reason in {row["reason_code"] for row in tiny.quarantine()}


def test_fault_17_names_the_column_that_holds_the_values(tiny: Tiny) -> None:
    renamed_column(tiny)

    assert "valor_base holds values of net_amount_base" in tiny.night(SECOND)[1]


@pytest.mark.parametrize(
    "content",
    [b"product_id;product_name\n", b"", None],
    ids=["3 header only", "4 no bytes", "13 missing"],
)
def test_a_broken_optional_file_leaves_the_one_before_in_use(
    served: Tiny, tmp_path: Path, content: bytes | None
) -> None:
    world = clone_world_of(served, tmp_path / "world")
    path = world.drop / f"{SECOND}" / "product.csv"
    path.unlink()
    if content is not None:
        path.write_bytes(content)

    assert world.kam("nightly", "--as-of", str(SECOND), now="2026-04-01T07:15:00Z") == 0
    assert world.query(
        "select status from kam_ops.freshness where entity = 'product'"
        f" and as_of_date = date '{SECOND}'"
    ) == [("STALE",)]
    assert world.query("select status from kam_ops.publication") == [("published_with_warnings",)]


def clone_world_of(tiny: Tiny, folder: Path) -> World:
    root = tiny.world.config.parent
    folder.mkdir()
    for name, copy in (("tiny", "tiny"), ("drop", "drop"), ("home_of_first", "home")):
        shutil.copytree(root / name, folder / copy, symlinks=True)
    return World(config=folder / "tiny", home=folder / "home", drop=folder / "drop")


ROW_FAULTS: dict[str, tuple[str, str, dict[str, object]]] = {
    "8": ("NUM_FORMAT", "net_amount", {"net_amount": "1.234,56"}),
    "18": ("TYPE", "posting_date", {"posting_date": "31/03/2026"}),
    "21": ("FUTURE", "posting_date", {"posting_date": "2099-01-01"}),
    "22": ("SIGN", "quantity", {"quantity": "-5"}),
    "23": ("NON_FINITE", "net_amount_base", {"net_amount_base": "NaN"}),
    "24": ("RANGE", "net_amount", {"net_amount": "99999999999999999999.00"}),
}
FORMULA, SQL = "=cmd|' /C calc'!A0", "'); DROP TABLE kam.calendar;--".replace(";", ",")


@pytest.fixture(scope="module")
def night_of_rows(served: Tiny, tmp_path_factory: pytest.TempPathFactory) -> tuple[Tiny, int]:
    """The second night with one bad row of each kind among 300, and what is odd but right."""
    rows = second_lines()
    for number, (_, _, change) in enumerate(ROW_FAULTS.values()):
        rows.append(line(8000 + number, SECOND) | change)
    rows.append(line(8100, SECOND, net_amount="7.00", net_amount_base="7.00"))
    rows.append(line(8100, SECOND, net_amount="8.00", net_amount_base="8.00"))
    rows += [line(8200, SECOND)] * 2
    rows.append(line(8300, SECOND, customer_id="C999", net_amount_base="33.00"))
    rows.append(line(8400, SECOND, reason=FORMULA))
    rows.append(line(8500, SECOND, reason=SQL))
    text = text_of(LINE, rows).replace("N08400;1", '"N08400";1') + "N08600;1;01;too few\n"
    text += ";".join(str(line(8700, SECOND)[column]) for column in LINE) + "\n"
    world = clone_world_of(served, tmp_path_factory.mktemp("rows") / "world")
    tiny = Tiny(world)
    text = (
        text.replace("reason\n", "reason;novo\n", 1).replace("\n", ";\n").replace(";novo;", ";novo")
    )
    text = text.replace("too few;", "too few")
    tiny.put(SECOND, "invoice_line", b"\xef\xbb\xbf" + text.encode())
    return tiny, tiny.night(SECOND)[0]


@pytest.mark.parametrize("fault", sorted(ROW_FAULTS, key=int))
def test_a_bad_row_is_set_aside_alone_with_its_text(
    night_of_rows: tuple[Tiny, int], fault: str
) -> None:
    tiny, code = night_of_rows
    reason, column, _ = ROW_FAULTS[fault]
    found = [row for row in tiny.quarantine() if row["reason_code"] == reason]

    assert code == 0
    [row] = found
    assert row["column_name"] == column
    delivered = tiny.path(SECOND, "invoice_line").read_bytes().removeprefix(b"\xef\xbb\xbf")
    assert row["raw_text"].encode() == delivered.split(b"\n")[row["line_no"] - 1]
    document = f"N{8000 + sorted(ROW_FAULTS, key=list(ROW_FAULTS).index).index(fault):05d}"
    assert row["raw_text"].startswith(document)


def test_fault_19_collapses_equal_rows_and_sets_rivals_aside(
    night_of_rows: tuple[Tiny, int],
) -> None:
    tiny, _ = night_of_rows
    rivals = [row for row in tiny.quarantine() if row["reason_code"] == "DUP_KEY"]

    assert sorted(str(row["amount_base"]) for row in rivals) == ["7.00", "8.00"]
    [report] = tiny.world.query(
        "select rows_read, rows_loaded, rows_collapsed, rows_quarantined, rows_erased"
        " from kam_ops.run_source_report inner join kam_ops.publication using (run_id)"
        " where extract_name = 'invoice_line'"
    )
    assert report == (315, 305, 1, 9, 0)


def test_fault_20_an_unknown_client_is_money_on_the_unmapped_member(
    night_of_rows: tuple[Tiny, int],
) -> None:
    tiny, _ = night_of_rows
    [(money,)] = tiny.world.query(
        "select sum(net_revenue_rc) from kam.account_pnl_monthly where group_id = 'UNMAPPED'"
    )
    assert str(money) == "33.00"
    assert tiny.world.query(
        "select dq_result.status, severity, n_rows_failed, money_affected_base"
        " from kam_ops.dq_result inner join kam_ops.publication using (run_id)"
        " where check_id = 'canonical/invoice_line:orphans__customer_id'"
    ) == [("failed", "warning", 1, money)]


def test_faults_7_15_25_and_26_change_nothing(night_of_rows: tuple[Tiny, int]) -> None:
    tiny, _ = night_of_rows
    checks = dict(
        tiny.world.query(
            "select check_id, dq_result.status from kam_ops.dq_result"
            " inner join kam_ops.publication using (run_id)"
            " where table_name = 'raw_erp.invoice_line'"
        )
    )
    assert checks["raw_erp/invoice_line:schema_added"] == "failed"
    build = tiny.world.home / "build" / str(tiny.world.current) / "warehouse.duckdb"
    assert ask(
        build,
        "select reason from canonical.invoice_line where document_id in"
        " ('erp:N08400', 'erp:N08500') order by document_id",
    ) == [(FORMULA,), (SQL,)]


def test_fault_27_a_row_with_too_few_fields_is_one_row(night_of_rows: tuple[Tiny, int]) -> None:
    tiny, _ = night_of_rows
    [row] = [row for row in tiny.quarantine() if row["reason_code"] == "FIELDS"]

    assert row["raw_text"] == "N08600;1;01;too few"
    assert tiny.world.query(
        "select n_rows, n_new_rows, n_files from kam_ops.quarantine_summary"
        " inner join kam_ops.publication using (run_id) where reason_code = 'FIELDS'"
    ) == [(1, 1, 1)]


def test_money_read_is_money_loaded_and_money_set_aside(night_of_rows: tuple[Tiny, int]) -> None:
    """300 good lines, 1 of a rate of equal rows, 4 odd ones; the rest stands in quarantine."""
    tiny, _ = night_of_rows
    [(loaded,)] = tiny.world.query(
        f"select sum(net_revenue_rc) from kam.account_pnl_monthly where month = '{SECOND:%Y-%m}-01'"
    )
    first = sum(
        10_000 + n for n in range(2000) if (FIRST.toordinal() - n % 500) >= FIRST.toordinal() - 29
    )
    second = sum(10_000 + n for n in range(2000, 2300))
    odd = 10_000 + 8200 + 3300 + 10_000 + 8400 + 10_000 + 8500 + 10_000 + 8700
    assert int(loaded * 100) == first + second + odd


def test_fault_10_the_same_file_again_changes_nothing(night_of_rows: tuple[Tiny, int]) -> None:
    tiny, _ = night_of_rows
    before = len(Ledger(tiny.world.home / "ledger.sqlite").deliveries())
    path = tiny.path(SECOND, "invoice_line")
    path.rename(path.with_name("invoice_line_again.csv"))
    company = load_company(tiny.world.config)
    night = Night(
        run_id="run-again", plan=NightPlan(as_of=SECOND, kind="sibling"), company=company,
        home=Home(tiny.world.home), ledger=Ledger(tiny.world.home / "ledger.sqlite"),
        project=tiny.world.home, trigger_kind="command", started_by="test", code_version="test",
        clock=lambda: datetime(2026, 4, 2),
    )  # fmt: skip
    report = pull(night, company.sources[0], company.sources[0].extract("invoice_line"))
    assert (report.n_deliveries, report.n_duplicate_deliveries) == (0, 2)
    assert len(night.ledger.deliveries()) == before


def test_fault_11_the_newer_content_of_a_date_counts_and_the_difference_is_kept(
    served: Tiny, tmp_path: Path
) -> None:
    tiny = Tiny(clone_world_of(served, tmp_path / "world"))
    assert tiny.night(SECOND)[0] == 0
    [(before,)] = tiny.world.query("select sum(net_revenue_rc) from kam.account_pnl_monthly")
    more = [*second_lines(), line(8000, SECOND, net_amount="50.00", net_amount_base="50.00")]
    tiny.put(SECOND, "invoice_line", text_of(LINE, more))

    assert tiny.night(SECOND)[0] == 0
    [(after,)] = tiny.world.query("select sum(net_revenue_rc) from kam.account_pnl_monthly")
    assert str(after - before) == "50.00"
    [(status, detail)] = tiny.world.query(
        "select dq_result.status, detail from kam_ops.dq_result"
        " inner join kam_ops.publication using (run_id)"
        " where check_id = 'raw_erp/invoice_line:corrected'"
    )
    assert (status, "Rows 300 before and 301 now" in detail) == ("failed", True), detail


def test_fault_30_without_a_rate_money_is_empty_and_the_pair_is_named(tmp_path: Path) -> None:
    tiny = tiny_company(tmp_path)
    path = tiny.world.config / "company.yml"
    path.write_text(path.read_text().replace("BRL", "USD"), encoding="utf-8")
    (tiny.world.drop / f"{FIRST}" / "company.csv").write_text(
        "company_code,name,base_currency\n01,Tiny,BRL\n", encoding="utf-8"
    )
    sources = tiny.world.config / "sources.yml"
    document = yaml.safe_load(sources.read_text(encoding="utf-8"))
    document["sources"]["erp"]["extracts"].append(
        {
            "table": "company", "path": "{date}/company.csv", "format": "csv",
            "columns": ["company_code", "base_currency"], "key": ["company_code"],
        }
    )  # fmt: skip
    sources.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")

    assert tiny.night(FIRST)[0] == 0
    assert tiny.world.query(
        "select count(*), count(net_revenue_rc),"
        " count(*) filter (where contains(missing_reason, 'net_revenue_rc:NO_SOURCE'))"
        " from kam.account_pnl_monthly where month = date '2026-03-01'"
    ) == [(40, 0, 40)]
    [(status, is_blocking, detail)] = tiny.world.query(
        "select status, is_blocking, detail from kam_ops.dq_result"
        " where check_id = 'canonical/exchange_rate:lines_without_rate'"
    )
    assert (status, is_blocking) == ("failed", False)
    assert "BRL>USD: " in detail
    assert "2026-03" in detail


@pytest.mark.parametrize(
    ("changes", "limit"),
    [
        ([{"quantity": "-1"}] * 24, "bad_row_share"),
        ([{"net_amount": "x", "net_amount_base": "9999.00"}], "bad_money_share"),
        ([{"customer_id": "C999", "net_amount_base": "9000.00"}], "orphan_money_share"),
    ],
    ids=["28 rows", "28 money", "20 orphans"],
)
def test_too_much_bad_holds_the_night(
    served: Tiny, tmp_path: Path, changes: list[dict[str, object]], limit: str
) -> None:
    tiny = Tiny(clone_world_of(served, tmp_path / "world"))
    bad = [line(8000 + n, SECOND) | change for n, change in enumerate(changes)]
    tiny.put(SECOND, "invoice_line", text_of(LINE, second_lines() + bad))
    before = tiny.world.current
    code, reason = tiny.night(SECOND)

    assert (code, limit in reason) == (20, True), reason
    assert tiny.world.current == before
    assert os.path.basename(tiny.world.home) == "home"
