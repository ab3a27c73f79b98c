"""The delivered facts of a company: typed rows by entity, and their files."""

import csv
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

Row = dict[str, Any]

KNOWN_ON = {
    "invoice_line": "posting_date",
    "customer_cost": "posting_date",
    "order_line": "ordered_date",
    "delivery_line": "shipped_date",
    "receivable": "issued_date",
    "receipt": "paid_date",
    "exchange_rate": "rate_date",
    "activity": "happened_at",
    "case": "opened_at",
}


@dataclass
class Facts:
    """Rows by entity, the rulings they were planted to exercise, and lines that nobody can read."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    planted: set[str] = field(default_factory=set)
    set_aside: list[Row] = field(default_factory=list)

    def add(self, entity: str, **values: Any) -> Row:
        """One more row of an entity."""
        self.rows[entity].append(values)
        return values

    def get(self, entity: str) -> list[Row]:
        """The rows of an entity, with every column that any of them has."""
        rows = self.rows.get(entity, [])
        names = {name: None for row in rows for name in row}
        return [{**names, **row} for row in rows]

    def by_key(self, entity: str, *key: str) -> dict[Any, Row]:
        """The rows of an entity by its key."""
        rows = self.get(entity)
        return {row[key[0]] if len(key) == 1 else tuple(row[k] for k in key): row for row in rows}

    def known_by(self, day: date) -> "Facts":
        """What is dated by a day: later facts are not there, later shipments have not happened."""
        known = Facts(planted=self.planted, set_aside=self.set_aside)
        for entity in self.rows:
            for row in self.get(entity):
                name = KNOWN_ON.get(entity)
                if name is None or entity == "delivery_line" or local_day(row[name]) <= day:
                    known.add(entity, **_unhappened(row, day))
        return known

    def write(self, folder: Path) -> None:
        """One CSV file per entity; lines that will be set aside stand last in theirs."""
        folder.mkdir(parents=True, exist_ok=True)
        for entity in self.rows:
            rows = self.get(entity)
            if entity == "invoice_line":
                rows += [dict.fromkeys(rows[0]) | row for row in self.set_aside]
            path = folder / f"{entity}.csv"
            with path.open("w", encoding="utf-8", newline="") as handle:
                writer = csv.writer(handle, lineterminator="\n")
                writer.writerow(rows[0])
                writer.writerows([_text(value) for value in row.values()] for row in rows)


def local_day(value: date | datetime) -> date:
    """The day of a date, or of a timestamp in the company's zone, three hours behind all year."""
    return (value - timedelta(hours=3)).date() if isinstance(value, datetime) else value


def _unhappened(row: Row, day: date) -> Row:
    later = {name for name in ("shipped_date", "delivered_date") if row.get(name, day) is not None}
    return {n: None if n in later and row.get(n) and row[n] > day else v for n, v in row.items()}


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    return format(value, "f") if isinstance(value, Decimal) else str(value)
