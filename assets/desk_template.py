"""The workbook for what neither ERP nor CRM keeps: one sheet per entity, lists as drop-downs."""

import zipfile
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from assets.company import DESK_SHEETS, Company
from assets.extract.desk import SUGGESTED, allowed_values
from assets.transform.contract import canonical_entities

EPOCH = datetime(2020, 1, 1)
LAST_ROW = 5_000
LINEAGE = ("source_system", "extract_date", "row_hash")
NEVER = (
    "Never: health, religion, politics, union, ethnicity, sexual life, biometrics, family members "
    "by name, private addresses."
)
MAY_HOLD = {
    "technical_profile": "Training, specialities, systems and standards used, criteria in "
    "technical decisions. ",
    "personal_profile": "What the person chose to tell for the working relation; needs "
    "consent_basis consent. ",
    "behavioural_profile": "Observed behaviour in negotiation and decision, as facts with dates; "
    "needs consent_basis consent. ",
}


def write_template(path: Path, company: Company) -> None:
    """Write the empty workbook; the same bytes every time.

    Item ids of assessments are those of the company's assessment_item.csv.
    """
    book = Workbook()
    book.remove(book.active)
    items = tuple(str(row["item_id"]) for row in company.tables["assessment_item"])
    for sheet in DESK_SHEETS:
        page = book.create_sheet(sheet)
        for place, column in enumerate(canonical_entities()[sheet].columns, start=1):
            if column.name in LINEAGE:
                continue
            cell = page.cell(row=1, column=place, value=column.name)
            cell.font = Font(bold=bool(column.meta.get("required")))
            note = MAY_HOLD.get(column.name)
            cell.comment = Comment(note + NEVER, "kam") if note else None
            letter = get_column_letter(place)
            page.column_dimensions[letter].width = max(12, len(column.name) + 2)
            values = _values(sheet, column.name, column.data_type, items)
            if values:
                listed = DataValidation(
                    type="list", formula1=f'"{",".join(values)}"', allow_blank=True
                )
                listed.showErrorMessage = column.name not in SUGGESTED
                page.add_data_validation(listed)
                listed.add(f"{letter}2:{letter}{LAST_ROW}")
        page.freeze_panes = "A2"
    book.properties.created = book.properties.modified = EPOCH
    draft = path.with_name(f".{path.name}.new")
    book.save(draft)
    _strip_clock(draft, path)


def _values(sheet: str, column: str, data_type: str, items: tuple[str, ...]) -> tuple[str, ...]:
    if data_type == "boolean":
        return ("true", "false")
    if column == "item_id":
        return items
    return allowed_values(sheet, column) or SUGGESTED.get(column, ())


def _strip_clock(draft: Path, path: Path) -> None:
    """Rewrite the archive with one fixed date, so that equal templates are equal files."""
    with zipfile.ZipFile(draft) as source, zipfile.ZipFile(path, "w") as target:
        for name in sorted(source.namelist()):
            content = source.read(name)
            if name == "docProps/core.xml":
                start = content.find(b"<dcterms:modified")
                end = content.find(b"</dcterms:modified>")
                stamp = b'<dcterms:modified xsi:type="dcterms:W3CDTF">2020-01-01T00:00:00Z'
                content = content[:start] + stamp + content[end:]
            entry = zipfile.ZipInfo(name, date_time=(2020, 1, 1, 0, 0, 0))
            target.writestr(entry, content, compress_type=zipfile.ZIP_DEFLATED)
    draft.unlink()
