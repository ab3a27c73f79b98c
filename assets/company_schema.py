"""The shapes of the configuration files: what each key may hold."""

import datetime as dt
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Strict(BaseModel):
    """A block in which an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class CompanyFile(Strict):
    """company.yml."""

    name: str
    reporting_currency: str = Field(pattern="^[A-Z]{3}$")
    time_zone: str
    fiscal_year_start_month: int = Field(default=1, ge=1, le=12)
    revenue_gl_accounts: list[str] = []


class Dialect(Strict):
    """How a delimited text file is written; never guessed."""

    encoding: str = "utf-8"
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    quote: str = Field(default='"', max_length=1)
    decimal: str = "."
    thousands: str = ""
    header: bool = True
    null_tokens: list[str] = [""]
    ends_with_newline: bool = True


class ControlTotal(Strict):
    """A column whose sum is held against the manifest."""

    column: str
    currency: str | None = None


class Request(Strict):
    """What is asked of an HTTP API for an extract, and where its rows stand in the answer."""

    params: dict[str, str] = {}
    rows: str = ""
    since: str | None = None
    lift: str | None = None
    explode: list[str] = []
    paginator: dict[str, Any] | None = None


class Initial(Strict):
    """The first full load of an extract that comes in deltas since: its files, and their date."""

    path: str
    date: dt.date


class Extract(Strict):
    """One native table, sheet or entity file of a source."""

    table: str
    path: str = ""
    initial: Initial | None = None
    format: Literal["csv", "jsonl", "parquet", "xlsx"] = "csv"
    dialect: Dialect = Dialect()
    columns: list[str]
    optional_columns: list[str] = []
    mode: Literal["full", "delta", "append"] = "full"
    key: list[str]
    cursor: str | None = None
    required: bool = False
    expect_every: Literal["day", "business_day", "week", "month"] | None = None
    min_rows: int = 0
    deleted: str | None = None
    lookback: str | None = None
    business_date: str | None = None
    control_total: ControlTotal | None = None
    date_formats: dict[str, str] = {}
    aliases: dict[str, str] = {}
    request: Request = Request()
    time_zone: str | None = None
    purpose: str | None = None
    legal_basis: str | None = None
    is_column_order_free: bool = False

    @property
    def is_dated(self) -> bool:
        """Whether the path names the extract date."""
        return "{date}" in self.path


class Auth(Strict):
    """How an HTTP API is signed in to; the secret itself stands in the environment."""

    kind: Literal["none", "bearer", "header", "basic", "oauth2"] = "none"
    env: str | None = None
    header: str = "X-Api-Key"
    token_url: str | None = None

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> "Auth":
        if self.kind != "none" and not self.env:
            raise ValueError("env: expected the environment variable that holds the secret")
        if self.kind == "oauth2" and not self.token_url:
            raise ValueError("token_url: expected the address that gives tokens")
        return self


class Connector(Strict):
    """Where a source's deliveries are found."""

    kind: Literal["files", "sql", "rest"]
    root: str
    preset: Literal["generic", "salesforce", "hubspot"] = "generic"
    api_version: str = "62.0"
    auth: Auth = Auth()
    paginator: dict[str, Any] = {"type": "single_page"}
    path: str | None = None
    ready: Literal["manifest", "success_file", "stable"] = "stable"
    quiet_seconds: float = Field(default=30, ge=0)


class Source(Strict):
    """One system: its adapter, its connector and its extracts."""

    name: str = ""
    adapter: str
    connector: Connector
    defaults: dict[str, Any] | None = Field(default=None, exclude=True)
    extracts: list[Extract] = []
    root: str = ""

    def named(self, name: str) -> "Source":
        """The source under its name in sources.yml."""
        return self.model_copy(update={"name": name})

    @property
    def is_one_file_per_entity(self) -> bool:
        """Whether only the files that exist are entities supplied (canonical_csv)."""
        return self.adapter == "canonical_csv"

    def check_id(self, extract: Extract, rule: str) -> str:
        """The id of a check on one of its extracts."""
        return f"raw_{self.name}/{extract.table.lower()}:{rule}"

    def extract(self, table: str) -> Extract:
        """The extract of a native table, whatever its case."""
        return next(e for e in self.extracts if e.table.lower() == table.lower())


class SourcesFile(Strict):
    """sources.yml."""

    sources: dict[str, Source]
    precedence: dict[str, list[str]] = {}
