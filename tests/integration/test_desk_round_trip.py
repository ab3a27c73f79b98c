"""The KAM desk: a template, filled in as a manager would, is judged cell by cell and published."""

from datetime import date
from pathlib import Path

import pytest
import yaml
from openpyxl import load_workbook

from tests.tiny import FIRST, Tiny, tiny_company

pytestmark = pytest.mark.slow
KEY = "erp:A1"
FINDINGS = (
    "sheet wallet_estimate: row 3, column estimated_date: must be a date; "
    "row 3, column amount: must be a number",
    "sheet environment_note: row 2, column direction: must be one of opportunity, threat",
)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    """The tiny company with one CRM account and a desk whose workbook is still to come."""
    found = tiny_company(tmp_path_factory.mktemp("desk"))
    found.put(
        FIRST, "account", "account_id;account_name;erp_customer_ids\nA1;Comércio 1;erp:C001\n"
    )
    place = found.world.config / "sources.yml"
    sources = yaml.safe_load(place.read_text(encoding="utf-8"))
    extracts = sources["sources"]["erp"]["extracts"]
    extracts.append(
        extracts[0]
        | {
            "table": "account",
            "path": "{date}/account.csv",
            "columns": ["account_id", "account_name", "erp_customer_ids"],
            "key": ["account_id"],
        }
    )
    sources["sources"]["desk"] = {
        "adapter": "kam_desk",
        "connector": {
            "kind": "files", "root": "../drop", "path": "{date}/kam_desk.xlsx", "quiet_seconds": 0,
        },
    }  # fmt: skip
    place.write_text(yaml.safe_dump(sources, sort_keys=False), encoding="utf-8")
    return found


def fill(workbook: Path, sheet: str, row: int, **cells: object) -> None:
    book = load_workbook(workbook)
    names = [cell.value for cell in book[sheet][1]]
    for name, value in cells.items():
        book[sheet].cell(row=row, column=names.index(name) + 1, value=value)
    book.save(workbook)


def test_a_filled_template_is_held_at_its_bad_cells_and_published_when_they_are_mended(
    tiny: Tiny, capsys: pytest.CaptureFixture[str]
) -> None:
    workbook = tiny.path(FIRST, "kam_desk").with_suffix(".xlsx")
    assert tiny.world.kam("desk-template", str(workbook)) == 0
    decided = {"account_id": KEY, "decided_date": date(2026, 3, 1), "is_key_account": "sim"}
    fill(workbook, "programme_decision", 2, **decided)
    wallet = {"account_id": KEY, "category": "Biscoito", "currency": "BRL"}
    fill(workbook, "wallet_estimate", 2, **wallet, estimated_date=date(2026, 3, 2), amount=90000.5)
    fill(workbook, "wallet_estimate", 3, **wallet, estimated_date="amanhã", amount="muito")
    note = {"note_id": "N1", "account_id": KEY, "noted_date": date(2026, 3, 3)}
    fill(workbook, "environment_note", 2, **note, direction="sideways")

    code, reason = tiny.night(FIRST)

    assert code == 20
    assert tiny.world.current is None
    found = [text for text in FINDINGS if text in reason]
    assert found, reason
    capsys.readouterr()
    assert tiny.world.kam("connect", "desk") == 20
    shown = "".join(capsys.readouterr())
    assert [text for text in FINDINGS if text not in shown] == []

    fill(workbook, "wallet_estimate", 3, estimated_date=date(2026, 3, 4), amount=70000)
    fill(workbook, "environment_note", 2, direction="threat")

    assert tiny.night(FIRST)[0] == 0
    assert tiny.world.query(
        "select account_key, is_key_account from kam.dim_account join kam.dim_account_group"
        " using (group_id) where account_key in ('erp:A1', 'erp:C001', 'erp:C002') order by 1"
    ) == [("erp:A1", True), ("erp:C001", True), ("erp:C002", False)]
    assert tiny.world.query(
        "select check_id, is_failed from kam.dq_account where group_id = 'erp:C001'"
        " and check_id = 'no_wallet'"
    ) == [("no_wallet", False)]
    assert tiny.world.canonical(
        "select estimated_date, amount from canonical.wallet_estimate order by 1"
    ) == [(date(2026, 3, 2), 90000.5), (date(2026, 3, 4), 70000)]
    assert tiny.world.canonical("select note_id, direction from canonical.environment_note") == [
        ("desk:N1", "threat")
    ]
