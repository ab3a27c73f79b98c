"""A Salesforce org that answers describe and SOQL over REST: pages, cursors, deleted rows."""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

SOQL = re.compile(
    r"SELECT (?P<fields>.+) FROM (?P<name>\w+)(?: WHERE (?P<cursor>\w+) >= (?P<since>\S+))?"
)
NUMBERS = {"Amount", "CallDurationInSeconds", "DurationInMinutes", "Reopened_Count__c"}
BOOLEANS = {"true": True, "false": False}
Row = dict[str, Any]


@dataclass
class Org:
    """The records of an org by object, how many a page holds, and what was asked of each."""

    records: dict[str, list[Row]]
    page: int = 2000
    asked: dict[str, re.Match[str]] = field(default_factory=dict)

    def answer(self, path: str) -> Row | None:
        """The answer to a request, None where it is none of Salesforce."""
        url = urlparse(path)
        *_, place, last = url.path.split("/")
        if last == "describe":
            return self._described(place)
        if "q" in parse_qs(url.query):
            query = SOQL.fullmatch(parse_qs(url.query)["q"][0])
            assert query is not None, f"no SOQL that this org knows: {url.query}"
            self.asked[query["name"]] = query
            return self._page(query, 0, is_all=last == "queryAll")
        if place == "queryAll" and last.startswith("01g-"):
            _, start, name = last.split("-")
            return self._page(self.asked[name], int(start), is_all=True)
        return None

    def _described(self, name: str) -> Row:
        first = self.records[name][0]
        fields = [
            {"name": key, "relationshipName": None, "type": _type(name, key)}
            for key, value in first.items()
            if not isinstance(value, dict)
        ]
        related = [key for key, value in first.items() if isinstance(value, dict)]
        return {
            "fields": fields
            + [{"name": f"{k}Id", "relationshipName": k, "type": "reference"} for k in related]
        }

    def _page(self, query: re.Match[str], start: int, *, is_all: bool) -> Row:
        """Live rows, with queryAll deleted and merged ones too, in no order that means anything."""
        rows = [
            row
            for row in self.records[query["name"]]
            if (is_all or not row["IsDeleted"])
            and (not query["since"] or row[query["cursor"]][:19] >= query["since"].rstrip("Z"))
        ]
        wanted = {name.partition(".")[0] for name in query["fields"].split(", ")}
        end = start + self.page
        found: Row = {
            "totalSize": len(rows),
            "done": end >= len(rows),
            "records": [
                {"attributes": {"type": query["name"]}} | {k: row[k] for k in row if k in wanted}
                for row in rows[start:end]
            ],
        }
        if not found["done"]:
            found["nextRecordsUrl"] = f"/services/data/v62.0/queryAll/01g-{end}-{query['name']}"
        return found


def _type(name: str, key: str) -> str:
    if key in NUMBERS:
        return "double"
    if key.endswith(("Date", "Stamp", "Modstamp", "DateTime")):
        return "datetime"
    return "boolean" if re.match("Is[A-Z_]", key) else "string"


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV export."""
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def as_records(rows: Iterable[dict[str, str]]) -> list[Row]:
    """Rows of a CSV export as the API gives them: null, booleans and numbers of their own."""
    return [{key: _native(key, value) for key, value in row.items()} for row in rows]


def _native(key: str, value: str) -> Any:
    if value == "":
        return None
    if key in NUMBERS:
        return float(value) if "." in value else int(value)
    return BOOLEANS.get(value, value)


def with_changes(before: list[Row], delivered: list[Row], now: str, *, is_whole: bool) -> list[Row]:
    """The records after a night, from those before and the rows of its file.

    What is new or changed carries the time of the server, as every write to an org does; a file
    that is whole names every record that there is.
    """
    known = {row["Id"]: row for row in before}
    kept = {} if is_whole else dict(known)
    for row in delivered:
        same = row | {"SystemModstamp": None} == known.get(row["Id"], {}) | {"SystemModstamp": None}
        kept[row["Id"]] = known[row["Id"]] if same else row | {"SystemModstamp": now}
    return list(kept.values())
