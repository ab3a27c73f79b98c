"""A file that arrives late: an invoice of the first night that its delivery did not hold."""

import csv
from collections.abc import Callable
from pathlib import Path

from sample.plan import Plan, as_date

DOCUMENT = "999999901"
FIRST_RECORD = 900_001
KEY = ("FILIAL", "DOC", "SERIE", "CLIENTE", "LOJA")
Row = dict[str, str]


def write(out: Path, plan: Plan) -> None:
    """Write late/erp/<first night>/ with one more invoice and its titles, and its truth.

    The invoice repeats the newest one of the first night under a number of its own, without an
    order and with nothing paid on it. Copied into the night's folder it is more parts of it.
    """
    night = str(as_date(plan.extract_days[0]))
    source = out / "extracts" / "erp" / night
    target = out / "late" / "erp" / night
    target.mkdir(parents=True, exist_ok=True)
    sold = _rows(source, "sd2010", _counts)
    newest = max(sold, key=lambda row: (row["D2_EMISSAO"], row["D2_DOC"]))
    lines = [row for row in sold if all(row[f"D2_{k}"] == newest[f"D2_{k}"] for k in KEY)]
    heads = _rows(source, "sf2010", lambda r: all(r[f"F2_{k}"] == newest[f"D2_{k}"] for k in KEY))
    number, series = newest["D2_DOC"], newest["D2_SERIE"]
    owed = _rows(source, "se1010", lambda r: _is_title(r, number, series))
    total = sum(_cents(row["D2_TOTAL"]) for row in lines)
    no_order = {"D2_DOC": DOCUMENT, "D2_PEDIDO": " " * 6, "D2_ITEMPV": "  "}
    _write(target / "sd2010_late.csv", lines, lambda row: no_order)
    _write(target / "sf2010_late.csv", heads, lambda row: {"F2_DOC": DOCUMENT})
    unpaid = {"E1_NUM": DOCUMENT, "E1_BAIXA": " " * 8}
    _write(target / "se1010_late.csv", owed, lambda row: {**unpaid, "E1_SALDO": row["E1_VALOR"]})
    day = newest["D2_EMISSAO"]
    with (out / "truth" / "late.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(["extract_date", "customer_id", "month", "company_code", "revenue"])
        customer = f"erp_main:{newest['D2_CLIENTE']}-{newest['D2_LOJA']}"
        month = f"{day[:4]}-{day[4:6]}-01"
        money = f"{total // 100}.{total % 100:02d}"
        writer.writerow([night, customer, month, newest["D2_FILIAL"], money])


def _counts(row: Row) -> bool:
    return row["D_E_L_E_T_"] == " " and row["D2_TIPO"] == "N" and row["D2_TES"] == "501"


def _is_title(row: Row, number: str, series: str) -> bool:
    same = row["E1_NUM"] == number and row["E1_PREFIXO"] == series
    return same and row["E1_TIPO"] == "NF " and row["D_E_L_E_T_"] == " "


def _cents(text: str) -> int:
    return int(text.replace(".", "").replace(",", ""))


def _rows(folder: Path, table: str, wanted: Callable[[Row], bool]) -> list[Row]:
    found: list[Row] = []
    for path in sorted(folder.glob(f"{table}*.csv")):
        with path.open(encoding="cp1252", newline="") as handle:
            found += [row for row in csv.DictReader(handle, delimiter=";") if wanted(row)]
    return found


def _write(path: Path, rows: list[Row], changes: Callable[[Row], Row]) -> None:
    with path.open("w", encoding="cp1252", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]), delimiter=";", lineterminator="\n")
        writer.writeheader()
        for number, row in enumerate(rows, start=FIRST_RECORD):
            writer.writerow({**row, **changes(row), "R_E_C_N_O_": str(number)})
