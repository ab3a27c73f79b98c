"""A file that arrives late: invoices of the first night that its delivery did not hold."""

import csv
from pathlib import Path

from sample.plan import Plan, as_date

DOCUMENT = "999999901"
ROW = "900001"


def write(out: Path, plan: Plan) -> None:
    """Write late/erp/<first night>/ with one more invoice, and its truth.

    The invoice repeats the newest one of the first night under a number of its own.
    """
    night = str(as_date(plan.extract_days[0]))
    source = out / "extracts" / "erp" / night
    target = out / "late" / "erp" / night
    target.mkdir(parents=True, exist_ok=True)
    lines = [line for path in sorted(source.glob("sd2010*.csv")) for line in _rows(path)]
    heads = [line for path in sorted(source.glob("sf2010*.csv")) for line in _rows(path)]
    sold = [row for row in lines if _counts(row)]
    newest = max(sold, key=lambda row: (row["D2_EMISSAO"], row["D2_DOC"]))
    same = ("FILIAL", "DOC", "SERIE", "CLIENTE", "LOJA")
    chosen = [row for row in sold if all(row[f"D2_{k}"] == newest[f"D2_{k}"] for k in same)]
    head = next(row for row in heads if all(row[f"F2_{k}"] == newest[f"D2_{k}"] for k in same))
    for row in chosen:
        row.update({"D2_DOC": DOCUMENT, "D2_PEDIDO": " " * 6, "D2_ITEMPV": "  ", "R_E_C_N_O_": ROW})
    head.update({"F2_DOC": DOCUMENT, "R_E_C_N_O_": ROW})
    _write(target / "sd2010_late.csv", chosen)
    _write(target / "sf2010_late.csv", [head])
    total = sum(int(row["D2_TOTAL"].replace(".", "").replace(",", "")) for row in chosen)
    day = newest["D2_EMISSAO"]
    with (out / "truth" / "late.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(["extract_date", "customer_id", "month", "company_code", "revenue"])
        customer = f"erp_main:{newest['D2_CLIENTE']}-{newest['D2_LOJA']}"
        month = f"{day[:4]}-{day[4:6]}-01"
        money = f"{total // 100}.{total % 100:02d}"
        writer.writerow([night, customer, month, newest["D2_FILIAL"], money])


def _counts(row: dict[str, str]) -> bool:
    return row["D_E_L_E_T_"] == " " and row["D2_TIPO"] == "N" and row["D2_TES"] == "501"


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="cp1252", newline="") as handle:
        return list(csv.DictReader(handle, delimiter=";"))


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="cp1252", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]), delimiter=";", lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)
