"""The truth beside the files can be found in the files, by somebody who only has those."""

import csv
import re
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from sample.plan import Plan, as_date
from sample.taxid import cnpj
from tests.conftest import ROOT

NIGHTS = [str(as_date(day)) for day in Plan().extract_days]
Row = dict[str, str]


@pytest.fixture(scope="module")
def sample(small_sample: Path) -> Path:
    return small_sample


def read(path: Path, delimiter: str = ",", encoding: str = "utf-8") -> list[Row]:
    with path.open(encoding=encoding, newline="") as handle:
        return list(csv.DictReader(handle, delimiter=delimiter))


def truth(sample: Path, name: str) -> list[Row]:
    return read(sample / "truth" / f"{name}.csv")


def erp(sample: Path, night: str, table: str) -> list[Row]:
    paths = sorted((sample / "extracts" / "erp" / night).glob(f"{table}*.csv"))
    return [row for path in paths for row in read(path, ";", "cp1252")]


def latest(sample: Path, table: str, key: list[str]) -> list[Row]:
    """Rows of a delta table as known on the last night."""
    found = {tuple(r[k] for k in key): r for night in NIGHTS for r in erp(sample, night, table)}
    return list(found.values())


def customer(row: Row, code: str, store: str) -> str:
    return f"erp_main:{row[code]}-{row[store]}"


def money(text: str) -> Decimal:
    return Decimal(text.replace(".", "").replace(",", ".") or "0")


def root_of(number: str) -> str | None:
    plain = re.sub(r"[./-]", "", number.strip())
    is_valid = len(plain) == 14 and cnpj(plain[:8], int(plain[8:12])) == plain
    return plain[:8] if is_valid else None


class Links:
    """Groups as connected components of the links of the contract."""

    def __init__(self) -> None:
        self.parent: dict[str, str] = {}

    def find(self, record: str) -> str:
        self.parent.setdefault(record, record)
        while self.parent[record] != record:
            record = self.parent[record]
        return record

    def join(self, left: str, right: str) -> None:
        self.parent[self.find(left)] = self.find(right)


def linked(sample: Path, night: str) -> dict[str, str]:
    """A component for every customer and account of a night's deliveries."""
    links = Links()
    crosswalk = read(ROOT / "config" / "account_crosswalk.csv")
    apart = {(r["left_id"], r["right_id"]) for r in crosswalk if r["is_same"] == "false"}
    roots: dict[str, list[str]] = defaultdict(list)
    houses: dict[str, str] = {}
    customers = {
        customer(r, "A1_COD", "A1_LOJA"): r
        for r in erp(sample, night, "sa1010")
        if r["D_E_L_E_T_"] == " " and r["A1_XINTER"] == "N"
    }
    for record, row in customers.items():
        links.find(record)
        roots[root_of(row["A1_CGC"]) or record].append(record)
        links.join(record, houses.setdefault(f"code {row['A1_COD']}", record))
        if row["A1_GRPVEN"].strip():
            links.join(record, houses.setdefault(f"sales group {row['A1_GRPVEN']}", record))
    accounts = read(sample / "extracts" / "crm" / night / "Account.csv")
    full = {r["Id"][:15]: f"crm:{r['Id']}" for r in accounts}
    for row in accounts:
        record, above = f"crm:{row['Id']}", full.get(row["ParentId"][:15])
        if row["IsDeleted"] == "true":
            if row["MasterRecordId"]:
                links.join(record, full[row["MasterRecordId"][:15]])
            continue
        links.find(record)
        roots[root_of(row["Tax_Id__c"]) or record].append(record)
        declared = [c for c in row["ERP_Customer_Ids__c"].split(";") if c in customers]
        for other in [*declared, above] if above else declared:
            links.join(record, other)
    for same in roots.values():
        for i, left in enumerate(same):
            for right in same[i + 1 :]:
                if (left, right) not in apart and (right, left) not in apart:
                    links.join(left, right)
    for row in crosswalk:
        if row["is_same"] == "true":
            links.join(row["left_id"], row["right_id"])
    return {record: links.find(record) for record in links.parent}


@pytest.mark.parametrize("night", NIGHTS)
def test_the_true_groups_are_the_components_of_the_delivered_links(
    sample: Path, night: str
) -> None:
    true = {
        r["customer_id"] or r["account_id"]: r["true_group"]
        for r in truth(sample, "groups")
        if r["night"] == night
    }
    found = linked(sample, night)

    assert found.keys() == true.keys()
    pairs = {(found[record], true[record]) for record in true}
    assert len(pairs) == len({left for left, _ in pairs}) == len({right for _, right in pairs})


def test_the_acquisition_and_the_move_are_seen_on_their_nights(sample: Path) -> None:
    stories = {r["story"]: r for r in truth(sample, "events")}
    group = {(r["night"], r["customer_id"]): r["true_group"] for r in truth(sample, "groups")}
    for before, after, story in (
        ("acquisition_absorbed", "acquisition_survivor", "acquisition_absorbed"),
        ("reparenting_from", "reparenting_to", "reparenting_to"),
    ):
        record, day = stories[story]["record_id"], stories[story]["from_date"]
        for night in NIGHTS:
            wanted = stories[after if night >= day else before]["true_group"]
            assert group[night, record] == wanted, (story, night)


def test_trade_spend_is_the_cost_table_without_what_a_document_already_holds(
    sample: Path,
) -> None:
    group = {
        r["customer_id"]: r["true_group"]
        for r in truth(sample, "groups")
        if r["night"] == NIGHTS[-1]
    }
    found: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for row in latest(sample, "sz1010", ["Z1_FILIAL", "Z1_NUM"]):
        if row["Z1_TIPO"].strip() in ("VERBA", "BONUS", "COOP") and row["Z1_SERIE"] != "NCC":
            owner = group.get(customer(row, "Z1_CLIENTE", "Z1_LOJA"), "UNMAPPED")
            day = row["Z1_DATA"]
            found[owner, f"{day[:4]}-{day[4:6]}-01", row["Z1_FILIAL"]] += money(row["Z1_VALOR"])
    wanted = {
        (r["true_group"], r["month"], r["company_code"]): Decimal(r["trade_spend"])
        for r in truth(sample, "trade_spend")
        if r["extract_date"] == NIGHTS[-1]
    }

    assert wanted == {cell: value for cell, value in found.items() if value}


def test_whoever_defected_ordered_last_on_the_true_day(sample: Path) -> None:
    group = {
        r["customer_id"]: r["true_group"]
        for r in truth(sample, "groups")
        if r["night"] == NIGHTS[-1]
    }
    last: dict[str, str] = {}
    for row in latest(sample, "sc5010", ["C5_FILIAL", "C5_NUM"]):
        if row["C5_TIPO"] == "N":
            owner = group.get(customer(row, "C5_CLIENTE", "C5_LOJACLI"), "")
            last[owner] = max(last.get(owner, ""), row["C5_EMISSAO"])
    gone = truth(sample, "defections")

    assert "service_failure" in {row["cause"] for row in gone}
    for row in gone:
        assert last[row["true_group"]] == row["last_order_date"].replace("-", "")


def test_a_corrected_credit_is_delivered_again_with_its_key_and_another_value(
    sample: Path,
) -> None:
    stories = {r["story"]: r for r in truth(sample, "events")}
    for story, table, series, number, value in (
        ("corrected_return", "sd1010", "D1_SERIE", "D1_DOC", "D1_TOTAL"),
        ("corrected_credit_note", "se1010", "E1_PREFIXO", "E1_NUM", "E1_VALOR"),
    ):
        wanted = stories[story]["record_id"].split()
        told = [
            (night, row[value])
            for night in NIGHTS
            for row in erp(sample, night, table)
            if [row[series].strip(), row[number]] == wanted
        ]
        assert told[0][0] == NIGHTS[0]
        assert told[1][0] == stories[story]["from_date"]
        assert told[0][1] != told[1][1]


def test_the_late_file_holds_the_invoice_its_lines_and_its_titles(sample: Path) -> None:
    folder = sample / "late" / "erp" / NIGHTS[0]
    lines, heads, owed = (
        read(folder / f"{table}_late.csv", ";", "cp1252")
        for table in ("sd2010", "sf2010", "se1010")
    )
    columns = ("D2_TOTAL", "D2_VALIPI", "D2_ICMSRET")
    billed = sum(money(row[column]) for row in lines for column in columns)

    assert len(heads) == 1
    assert {row["D2_DOC"] for row in lines} == {heads[0]["F2_DOC"]}
    assert sum(money(row["E1_VALOR"]) for row in owed) >= billed
    assert all(row["E1_SALDO"] == row["E1_VALOR"] for row in owed)
