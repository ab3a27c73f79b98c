"""Lands invoice lines as a night would, and copies them as bare DuckDB would."""

import shutil
import sys
import tempfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import duckdb

from tests.bench.measure import Rounds, in_turn

HEADING = "Landing"
PAIRS = {1_000_000: 5}
FEWEST_PAIRS = 3
TEXT = """One delivery of invoice lines in Protheus shape (18 columns) lands as on a night: two
digests, the copy of the bytes, records counted, numbered, Parquet, keys told apart,
control total, measures of the gate. Beside it the same file by DuckDB alone,
`copy (select * from read_csv(...)) to ... (format parquet, compression zstd)`.
Promised: at most 1.5 at ten million lines.

| lines | pairs | landing, CPU-s | bare copy, CPU-s | median ratio | peak MB | load before | |
|---|---|---|---|---|---|---|---|"""
DAY = date(2026, 4, 1)
KEY = ["D2_FILIAL", "D2_DOC", "D2_SERIE", "D2_CLIENTE", "D2_LOJA", "D2_ITEM"]
LINE = """
    select '01' as D2_FILIAL, lpad(cast(i // 4 + 1 as varchar), 9, '0') as D2_DOC, '1' as D2_SERIE,
    lpad(cast(i // 4 * 7919 % 200000 as varchar), 6, '0') as D2_CLIENTE, '01' as D2_LOJA,
    lpad(cast(i % 4 + 1 as varchar), 2, '0') as D2_ITEM,
    'PA' || lpad(cast(i * 31 % 5000 as varchar), 6, '0') as D2_COD,
    replace(cast(cast(i * 13 % 500 + 1 as decimal(11, 2)) as varchar), '.', ',') as D2_QUANT,
    replace(cast(cast((i * 17 % 20000 + 100) / 100.0 as decimal(14, 2)) as varchar), '.', ',')
        as D2_PRCVEN,
    replace(cast(cast((i * 13 % 500 + 1) * (i * 17 % 20000 + 100) / 100.0 as decimal(14, 2))
        as varchar), '.', ',') as D2_TOTAL,
    '0,00' as D2_DESCON,
    strftime(date '2021-01-01' + cast(i * 1800 // $n as integer), '%Y%m%d') as D2_EMISSAO,
    lpad(cast(i // 5 as varchar), 6, '0') as D2_PEDIDO, '501' as D2_TES, '5102' as D2_CF,
    'N' as D2_TIPO, ' ' as D_E_L_E_T_, i + 1 as R_E_C_N_O_
    from range($n) as line(i)
"""


def write_lines(folder: Path, n_lines: int) -> Path:
    """A delivery of invoice lines in Protheus shape, four to a document, five years."""
    path = folder / "drop" / f"{DAY}" / "sd2010.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        connection.execute(
            f"copy ({LINE.replace('$n', str(n_lines))}) to '{path}'"
            " (format csv, delimiter ';', header true)"
        )
    return path


def measured(sizes: Sequence[int]) -> str:
    """The section of the page, for each number of lines."""
    rows = []
    for n_lines in sizes:
        print(f"landing {n_lines:,} lines ...", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            found = compare(Path(folder), n_lines, PAIRS.get(n_lines, FEWEST_PAIRS))
        rows.append(
            f"| {n_lines:,} | {len(found.runs['landing'])} | {found.cpu_seconds('landing'):.1f} |"
            f" {found.cpu_seconds('bare copy'):.1f} | {found.ratio('landing', 'bare copy'):.2f} |"
            f" {found.peak_mb('landing'):,.0f} | {found.load:.1f} | {found.standing} |"
        )
    return "\n".join([f", DuckDB {duckdb.__version__}.", "", TEXT, *rows])


def compare(folder: Path, n_lines: int, pairs: int) -> Rounds:
    """Landing against a bare copy of the same file to Parquet."""
    path = write_lines(folder, n_lines)
    module = [sys.executable, "-m", "tests.bench.landing"]

    def ours() -> list[str]:
        shutil.rmtree(folder / "home", ignore_errors=True)
        return [*module, "land", str(path), str(folder / "home")]

    def raw() -> list[str]:
        return [*module, "copy", str(path), str(folder / "copy.parquet")]

    return in_turn({"landing": ours, "bare copy": raw}, pairs)


def land(path: Path, home: Path) -> None:
    """Land one delivery: digests, copy, rows, keys, control total and measures."""
    from assets.company import Extract, Source, load_company
    from assets.company_schema import Connector, ControlTotal, Dialect
    from assets.landing import land as land_delivery
    from assets.ledger import Ledger
    from assets.night import Home, Night, NightPlan
    from tests.bench.measure import ROOT

    with path.open(encoding="utf-8") as handle:
        columns = handle.readline().strip().split(";")
    extract = Extract(
        table="SD2010",
        path="{date}/sd2010.csv",
        dialect=Dialect(encoding="cp1252", delimiter=";", decimal=",", thousands="."),
        columns=columns,
        key=KEY,
        required=True,
        min_rows=1,
        deleted="D_E_L_E_T_ = '*'",
        control_total=ControlTotal(column="D2_TOTAL"),
        date_formats={"D2_EMISSAO": "%Y%m%d"},
        business_date="D2_EMISSAO",
    )
    source = Source(
        name="erp",
        adapter="protheus",
        connector=Connector(kind="files", root="drop", quiet_seconds=0),
        extracts=[extract],
        root=str(path.parents[1]),
    )
    place = Home(home)
    place.landing.mkdir(parents=True)
    night = Night(
        run_id="bench",
        plan=NightPlan(as_of=DAY, kind="forward"),
        company=load_company(ROOT / "config"),
        home=place,
        ledger=Ledger(place.ledger_file),
        project=home,
        trigger_kind="command",
        started_by="bench",
        code_version="bench",
        clock=lambda: datetime(2026, 4, 2, 7),
    )
    delivery, is_new = land_delivery(night, source, extract, DAY, [path])
    assert is_new
    assert delivery.rows_aside == delivery.rows_collapsed == 0


def copy(path: Path, target: Path) -> None:
    """The same file to Parquet by DuckDB alone."""
    with path.open(encoding="utf-8") as handle:
        columns = handle.readline().strip().split(";")
    listed = ", ".join(f"'{name}': 'varchar'" for name in columns)
    with duckdb.connect() as connection:
        connection.execute(
            f"copy (select * from read_csv('{path}', columns = {{{listed}}}, delim = ';',"
            f" header = true, auto_detect = false)) to '{target}'"
            " (format parquet, compression zstd)"
        )


if __name__ == "__main__":
    {"land": land, "copy": copy}[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
