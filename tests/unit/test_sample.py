"""The sample company is the same bytes everywhere, and its truth agrees with its own ledger."""

import csv
import hashlib
import subprocess
import sys
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from assets.company import DESK_SHEETS
from assets.extract.workbook import sheet_rows
from sample.plan import Plan, as_date
from tests.conftest import ROOT, write_sample

NIGHTS = [str(as_date(day)) for day in Plan().extract_days]
WEIGHTS = [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_sample(tmp_path_factory.mktemp("sample") / "out", groups=40, years=4)


def erp(sample: Path, night: str, table: str) -> list[dict[str, str]]:
    rows = []
    for path in sorted((sample / "extracts" / "erp" / night).glob(f"{table}*.csv")):
        with path.open(encoding="cp1252", newline="") as handle:
            rows += list(csv.DictReader(handle, delimiter=";"))
    return rows


def truth(sample: Path, name: str) -> list[dict[str, str]]:
    with (sample / "truth" / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def money(text: str) -> Decimal:
    return Decimal(text.strip().replace(".", "").replace(",", "."))


def hashes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_arguments_give_the_same_bytes(sample: Path, tmp_path: Path) -> None:
    assert hashes(write_sample(tmp_path / "again", groups=40, years=4)) == hashes(sample)


def test_a_complete_folder_is_left_alone(sample: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in sample.rglob("*")}
    write_sample(sample, groups=40, years=4)

    assert {path: path.stat().st_mtime_ns for path in sample.rglob("*")} == before


def test_every_declared_table_and_sheet_is_delivered_every_night(sample: Path) -> None:
    sources = yaml.safe_load((ROOT / "config" / "sources.yml").read_text(encoding="utf-8"))
    for kind, name in (("erp", "erp_main"), ("crm", "crm")):
        for extract in sources["sources"][name]["extracts"]:
            for night in NIGHTS:
                pattern = extract["path"].replace("{date}", night)
                assert list((sample / "extracts" / kind).glob(pattern)), pattern
    for night in NIGHTS:
        for sheet in DESK_SHEETS:
            found = sheet_rows(sample / "extracts" / "desk" / night / "kam_desk.xlsx", sheet)
            assert found is not None, (night, sheet)
            assert found[1], (night, sheet)


def test_erp_files_are_cp1252_and_not_utf_8(sample: Path) -> None:
    content = (sample / "extracts" / "erp" / NIGHTS[0] / "sa1010.csv").read_bytes()

    assert "ã" in content.decode("cp1252")
    with pytest.raises(UnicodeDecodeError):
        content.decode("utf-8")


def test_tax_numbers_have_valid_check_digits_letters_included(sample: Path) -> None:
    numbers = {row["A1_CGC"].strip() for row in erp(sample, NIGHTS[-1], "sa1010")}
    companies = {number for number in numbers if len(number) == 14}
    valid = {number for number in companies if number[12:] == check_digits(number[:12])}

    assert any(not number.isdigit() for number in valid)
    assert len(companies) - len(valid) == 1


def check_digits(body: str) -> str:
    digits = ""
    for weights in (WEIGHTS, [6, *WEIGHTS]):
        values = [ord(character) - 48 for character in body + digits]
        rest = sum(v * w for v, w in zip(values, weights, strict=True)) % 11
        digits += str(0 if rest < 2 else 11 - rest)
    return digits


def test_the_truth_agrees_with_the_ledger_of_every_closed_month(sample: Path) -> None:
    wanted: dict[str, Decimal] = defaultdict(Decimal)
    for row in truth(sample, "revenue"):
        if row["extract_date"] == NIGHTS[-1] and row["month"] < "2026-03":
            wanted[row["month"][:7]] += Decimal(row["revenue"])
    latest = {}
    for night in NIGHTS:
        for row in erp(sample, night, "cq0010"):
            latest[row["CQ0_FILIAL"], row["CQ0_CONTA"], row["CQ0_DATA"]] = row
    booked: dict[str, Decimal] = defaultdict(Decimal)
    for (_, account, day), row in latest.items():
        month = f"{day[:4]}-{day[4:6]}"
        if account.startswith("3.1.") and month < "2026-03":
            booked[month] += money(row["CQ0_CREDIT"]) - money(row["CQ0_DEBITO"])

    assert dict(booked) == dict(wanted)


def test_the_planted_stories_name_groups_that_exist(sample: Path) -> None:
    groups = {row["true_group"] for row in truth(sample, "groups")}
    stories = {row["story"]: row["true_group"] for row in truth(sample, "events")}

    assert set(stories.values()) <= groups | {stories["acquisition_absorbed"]}
    assert {"service_failure", "manager_leaves", "reparenting_to", "no_depth"} <= set(stories)


def test_the_late_file_is_worth_what_its_truth_says(sample: Path) -> None:
    [late] = truth(sample, "late")
    path = sample / "late" / "erp" / NIGHTS[0] / "sd2010_late.csv"
    with path.open(encoding="cp1252", newline="") as handle:
        lines = list(csv.DictReader(handle, delimiter=";"))

    assert sum(money(line["D2_TOTAL"]) for line in lines) == Decimal(late["revenue"])


def test_scale_multiplies_invoice_lines_and_keeps_the_groups(sample: Path, tmp_path: Path) -> None:
    twice = write_sample(tmp_path / "twice", groups=40, years=4, scale=2)
    lines = len(erp(sample, NIGHTS[0], "sd2010"))

    assert 1.8 * lines < len(erp(twice, NIGHTS[0], "sd2010")) < 2.2 * lines
    assert truth(twice, "groups") == truth(sample, "groups")


def test_too_few_groups_for_the_stories_are_refused(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sample", "--out", str(tmp_path), "--groups", "10"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode != 0
    assert "at least 30" in done.stderr


def test_a_request_outside_policy_is_the_same_on_every_night_but_for_its_answer(
    sample: Path,
) -> None:
    """Between two nights a request may be answered; nothing else of any changes."""
    seen: dict[str, dict[str, str | None]] = {}
    for night in NIGHTS:
        path = sample / "extracts" / "desk" / night / "kam_desk.xlsx"
        found = sheet_rows(path, "policy_exception")
        assert found is not None
        header, rows = found
        for values in rows:
            row = dict(zip(header, values, strict=True))
            del row["decided_at"], row["decision"]
            assert seen.setdefault(str(row["exception_id"]), row) == row
    told = {row["exception_id"]: row["decision"] for row in truth(sample, "exceptions")}
    assert {f"desk:{key}" for key in seen} == set(told)
    assert "pending" in told.values()
