"""A plain XLSX writer with fixed timestamps: equal sheets give equal bytes."""

import zipfile
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

Cell = str | int | float | bool | date | None
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_NS = "http://schemas.openxmlformats.org"
_STAMP = (2026, 1, 1, 0, 0, 0)
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_NS}/spreadsheetml/2006/main">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    "</cellXfs>"
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)


def _letters(column: int) -> str:
    return chr(65 + column) if column < 26 else chr(64 + column // 26) + chr(65 + column % 26)


def _cell(letter: str, row: int, value: Cell) -> str:
    at = f'r="{letter}{row}"'
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return f'<c {at} t="b"><v>{int(value)}</v></c>'
    if isinstance(value, date):
        return f'<c {at} s="1"><v>{value.toordinal() - 693_594}</v></c>'
    if isinstance(value, int | float):
        return f"<c {at}><v>{value}</v></c>"
    return f'<c {at} t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def _sheet(columns: list[str], rows: list[tuple[Cell, ...]]) -> str:
    letters = [_letters(i) for i in range(len(columns))]
    parts = [f'{_HEAD}<worksheet xmlns="{_NS}/spreadsheetml/2006/main"><sheetData>']
    for number, row in enumerate([tuple(columns), *rows], start=1):
        cells = "".join(
            _cell(letter, number, value) for letter, value in zip(letters, row, strict=True)
        )
        parts.append(f'<row r="{number}">{cells}</row>')
    return "".join([*parts, "</sheetData></worksheet>"])


def _package(names: list[str]) -> dict[str, str]:
    office = "application/vnd.openxmlformats-officedocument"
    kind = f"{_NS}/officeDocument/2006/relationships"
    numbered = list(enumerate(names, start=1))
    return {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_NS}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
        'relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/xl/workbook.xml" '
        f'ContentType="{office}.spreadsheetml.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{office}.spreadsheetml.styles+xml"/>'
        + "".join(
            f'<Override PartName="/xl/worksheets/sheet{i}.xml" '
            f'ContentType="{office}.spreadsheetml.worksheet+xml"/>'
            for i, _ in numbered
        )
        + "</Types>",
        "_rels/.rels": _HEAD + f'<Relationships xmlns="{_NS}/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{kind}/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>",
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_NS}/spreadsheetml/2006/main" '
        f'xmlns:r="{kind}"><sheets>'
        + "".join(f'<sheet name="{n}" sheetId="{i}" r:id="rId{i}"/>' for i, n in numbered)
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": _HEAD
        + f'<Relationships xmlns="{_NS}/package/2006/relationships">'
        + "".join(
            f'<Relationship Id="rId{i}" Type="{kind}/worksheet" Target="worksheets/sheet{i}.xml"/>'
            for i, _ in numbered
        )
        + f'<Relationship Id="rId{len(names) + 1}" Type="{kind}/styles" Target="styles.xml"/>'
        "</Relationships>",
        "xl/styles.xml": _STYLES,
    }


def write_workbook(path: Path, sheets: dict[str, tuple[list[str], list[tuple[Cell, ...]]]]) -> None:
    """One sheet an entry, header in the first row; dates, numbers and booleans typed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    parts = _package(list(sheets))
    for number, (columns, rows) in enumerate(sheets.values(), start=1):
        parts[f"xl/worksheets/sheet{number}.xml"] = _sheet(columns, rows)
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, _STAMP)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, text.encode(), compresslevel=1)
