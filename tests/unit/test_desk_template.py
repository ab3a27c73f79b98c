"""The workbook a manager fills in has a sheet per entity, lists to choose from, and no clock."""

from pathlib import Path

from openpyxl import load_workbook

from assets.company import DESK_SHEETS, load_company
from assets.desk_template import write_template
from assets.extract.workbook import sheet_rows
from tests.conftest import ROOT


def test_the_template_has_a_sheet_per_entity_with_the_contract_s_columns(tmp_path: Path) -> None:
    write_template(tmp_path / "desk.xlsx", load_company(ROOT / "config"))
    for sheet in DESK_SHEETS:
        found = sheet_rows(tmp_path / "desk.xlsx", sheet)
        assert found is not None
        assert found[1] == []
    names, _ = sheet_rows(tmp_path / "desk.xlsx", "wallet_estimate") or ([], [])
    assert names[:4] == ["account_id", "category", "estimated_date", "amount"]


def test_closed_lists_are_drop_downs_and_profiles_say_what_they_may_hold(tmp_path: Path) -> None:
    write_template(tmp_path / "desk.xlsx", load_company(ROOT / "config"))
    book = load_workbook(tmp_path / "desk.xlsx")

    lists = [item.formula1 for item in book["environment_note"].data_validations.dataValidation]
    assert '"opportunity,threat,neutral"' in lists
    comments = [cell.comment.text for cell in book["contact"][1] if cell.comment]
    assert len(comments) == 3
    assert all("Never: health, religion" in text for text in comments)


def test_two_templates_are_the_same_bytes(tmp_path: Path) -> None:
    company = load_company(ROOT / "config")
    write_template(tmp_path / "one.xlsx", company)
    write_template(tmp_path / "two.xlsx", company)

    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
