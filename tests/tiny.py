"""A company small enough to break in every way: two canonical files a night, in two nights."""

import shutil
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from tests.conftest import ROOT, World

FIRST, SECOND = date(2026, 3, 30), date(2026, 3, 31)
CLOCK = {FIRST: "2026-03-31T07:15:00Z", SECOND: "2026-04-01T07:15:00Z"}
CUSTOMER = ("customer_id", "customer_name", "city")
LINE = (
    "document_id", "line_id", "company_code", "document_type", "posting_date", "customer_id",
    "product_id", "quantity", "net_amount", "currency", "net_amount_base", "gl_account", "reason",
)  # fmt: skip
PRODUCT = ("product_id", "product_name")


def line(number: int, day: date, **changes: object) -> dict[str, object]:
    """An invoice line: 10 pieces for 100.00 and its number in cents."""
    amount = f"{100 + number / 100:.2f}"
    return {
        "document_id": f"N{number:05d}",
        "line_id": "1",
        "company_code": "01",
        "document_type": "INVOICE",
        "posting_date": day.isoformat(),
        "customer_id": f"C{number % 40:03d}",
        "product_id": "P1",
        "quantity": "10",
        "net_amount": amount,
        "currency": "BRL",
        "net_amount_base": amount,
        "gl_account": "3.1.1",
        "reason": "",
    } | changes


def text_of(columns: tuple[str, ...], rows: list[dict[str, object]]) -> str:
    """Semicolon-separated text with a header; no value holds a semicolon."""
    lines = [";".join(columns), *(";".join(str(row[c]) for c in columns) for row in rows)]
    return "\n".join(lines) + "\n"


def first_lines() -> list[dict[str, object]]:
    """2,000 lines in the 500 days up to the first night."""
    return [line(n, FIRST - timedelta(days=n % 500)) for n in range(2000)]


def second_lines() -> list[dict[str, object]]:
    """300 lines of the second night."""
    return [line(n, SECOND) for n in range(2000, 2300)]


def customers() -> list[dict[str, object]]:
    """Forty clients, their names with accents."""
    return [
        {"customer_id": f"C{n:03d}", "customer_name": f"Comércio São José {n}", "city": "Itajaí"}
        for n in range(40)
    ]


@dataclass
class Tiny:
    """The world of the tiny company, and the text of its files."""

    world: World
    texts: dict[tuple[date, str], str] = field(default_factory=dict)

    def path(self, night: date, name: str) -> Path:
        return self.world.drop / f"{night}" / f"{name}.csv"

    def put(self, night: date, name: str, content: str | bytes) -> Path:
        path = self.path(night, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    def mend(self) -> None:
        """Every file as it should be."""
        shutil.rmtree(self.world.drop, ignore_errors=True)
        for (night, name), text in self.texts.items():
            self.put(night, name, text)

    def night(self, day: date) -> tuple[int, str]:
        """Run a night; its exit code and reason."""
        code = self.world.kam("nightly", "--as-of", str(day), now=CLOCK[day])
        return code, str(self.world.status().get("attempt_reason") or "")

    def quarantine(self) -> list[dict[str, Any]]:
        """The rows of the quarantine file."""
        import duckdb

        path = self.world.home / "restricted" / "quarantine.duckdb"
        with duckdb.connect(str(path), read_only=True) as connection:
            cursor = connection.execute("select * from quarantine order by all")
            names = [column[0] for column in cursor.description or []]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def configure(self, **changes: Any) -> None:
        """Change keys of the extract of invoice lines."""
        path = self.world.config / "sources.yml"
        sources = yaml.safe_load(path.read_text(encoding="utf-8"))
        sources["sources"]["erp"]["extracts"][1] |= changes
        path.write_text(yaml.safe_dump(sources, sort_keys=False), encoding="utf-8")


def tiny_company(folder: Path, **line_extract: Any) -> Tiny:
    """The tiny company with both nights delivered."""
    config = folder / "tiny"
    shutil.copytree(ROOT / "examples" / "online_retail", config)
    shutil.copyfile(ROOT / "config" / "metrics.yml", config / "metrics.yml")
    company = yaml.safe_load((config / "company.yml").read_text(encoding="utf-8"))
    company |= {"name": "Tiny", "reporting_currency": "BRL", "time_zone": "America/Sao_Paulo"}
    (config / "company.yml").write_text(yaml.safe_dump(company), encoding="utf-8")
    (config / "sources.yml").write_text(yaml.safe_dump(_sources(line_extract)), encoding="utf-8")
    tiny = Tiny(World(config=config, home=folder / "home", drop=folder / "drop"))
    for night, lines in ((FIRST, first_lines()), (SECOND, second_lines())):
        tiny.texts[night, "customer"] = text_of(CUSTOMER, customers())
        tiny.texts[night, "invoice_line"] = text_of(LINE, lines)
        tiny.texts[night, "product"] = text_of(
            PRODUCT, [{"product_id": "P1", "product_name": "Biscoito"}]
        )
    tiny.mend()
    return tiny


def _sources(line_extract: dict[str, Any]) -> dict[str, Any]:
    dated = {"format": "csv", "dialect": {"delimiter": ";"}, "expect_every": "day", "min_rows": 1}
    return {
        "sources": {
            "erp": {
                "adapter": "canonical_csv",
                "connector": {"kind": "files", "root": "../drop", "quiet_seconds": 0},
                "extracts": [
                    dated
                    | {
                        "table": "customer",
                        "path": "{date}/customer*.csv",
                        "columns": ["customer_id", "customer_name"],
                        "optional_columns": ["city"],
                        "key": ["customer_id"],
                        "required": True,
                    },
                    dated
                    | {
                        "table": "invoice_line",
                        "path": "{date}/invoice_line*.csv",
                        "columns": list(LINE[:12]),
                        "optional_columns": ["reason"],
                        "key": ["document_id", "line_id"],
                        "mode": "delta",
                        "required": True,
                        "control_total": {"column": "net_amount", "currency": "currency"},
                        "business_date": "posting_date",
                    }
                    | line_extract,
                    dated
                    | {
                        "table": "product",
                        "path": "{date}/product*.csv",
                        "columns": list(PRODUCT),
                        "key": ["product_id"],
                    },
                ],
            }
        }
    }
