"""A company's configuration folder, validated, and the versions that follow from it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import ValidationError

from assets.company_schema import CompanyFile, Extract, Source, SourcesFile
from assets.configuration.files import read_tables
from assets.configuration.metrics import read_metrics
from assets.configuration.tables import TABLE_COLUMNS, Row
from assets.configuration.yaml import read_yaml
from assets.faults import ConfigurationFault
from assets.transform.contract import canonical_entities

DESK_SHEETS = (
    "account_plan", "plan_item", "assessment", "policy_exception", "promotion",
    "wallet_estimate", "sell_out", "environment_note", "account_event", "opportunity",
    "contact", "account_team", "survey_response", "segment_override", "manager_view",
    "person_assessment", "programme_decision",
)  # fmt: skip
REQUIRED_ENTITIES = ("customer", "invoice_line")

__all__ = ["Company", "Extract", "Source", "load_company"]


@dataclass(frozen=True)
class Company:
    """One company as its configuration folder describes it.

    `metrics` is metrics.yml as read; `tables` holds each configuration CSV as a list of rows
    (text values, None where empty), columns as `TABLE_COLUMNS`. `config_version` and
    `sources_version` are content hashes (16 hex digits).
    """

    folder: Path
    name: str
    reporting_currency: str
    time_zone: ZoneInfo
    fiscal_year_start_month: int
    revenue_gl_accounts: tuple[str, ...]
    metrics: dict[str, Any]
    tables: dict[str, list[Row]]
    sources: tuple[Source, ...]
    precedence: dict[str, list[str]]
    config_version: str
    sources_version: str

    def as_vars(self) -> dict[str, Any]:
        """What SQL may know of the company."""
        return {
            "reporting_currency": self.reporting_currency,
            "time_zone": self.time_zone.key,
            "fiscal_year_start_month": self.fiscal_year_start_month,
            "revenue_gl_accounts": list(self.revenue_gl_accounts),
        }

    def sources_in_precedence(self, entity: str) -> list[Source]:
        """The sources in the order in which they win for an entity; the KAM desk last."""
        by_name = {source.name: source for source in self.sources}
        named = [by_name[name] for name in self.precedence.get(entity, []) if name in by_name]
        rest = [source for source in self.sources if source not in named]
        return named + sorted(rest, key=lambda source: source.adapter == "kam_desk")


def load_company(folder: Path, *, sources_from: Path | None = None) -> Company:
    """The company of a configuration folder; its sources from another one where named.

    Raises ConfigurationFault naming file, key or line, what was expected and what was found.
    """
    folder = folder.resolve()
    if not (folder / "company.yml").is_file():
        raise ConfigurationFault(
            f"{folder}: expected a configuration folder with company.yml, found none. "
            "Set KAM_CONFIG to such a folder (config is the sample company)."
        )
    company = _validated(CompanyFile, folder / "company.yml")
    try:
        zone = ZoneInfo(company.time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ConfigurationFault(
            f"{folder / 'company.yml'}: time_zone must be an IANA name such as "
            f"America/Sao_Paulo, found '{company.time_zone}'."
        ) from error
    metrics = read_metrics(folder / "metrics.yml")
    tables = read_tables(folder)
    origin = sources_from or folder
    declared = _validated(SourcesFile, origin / "sources.yml")
    sources = tuple(
        _with_implied_extracts(source.named(name), origin)
        for name, source in declared.sources.items()
    )
    return Company(
        folder=folder,
        name=company.name,
        reporting_currency=company.reporting_currency,
        time_zone=zone,
        fiscal_year_start_month=company.fiscal_year_start_month,
        revenue_gl_accounts=tuple(company.revenue_gl_accounts),
        metrics=metrics,
        tables=tables,
        sources=sources,
        precedence=declared.precedence,
        config_version=_version(folder, configuration_files(folder)),
        sources_version=_version(origin, [origin / "sources.yml"]),
    )


def configuration_files(folder: Path) -> list[Path]:
    """The files whose content shapes results: company.yml, metrics.yml and the CSVs."""
    names = ["company.yml", "metrics.yml", *(f"{name}.csv" for name in TABLE_COLUMNS)]
    return [folder / name for name in names if (folder / name).is_file()]


def _validated(kind: type[Any], path: Path) -> Any:
    document = read_yaml(path)
    try:
        return kind.model_validate(document.value)
    except ValidationError as error:
        places = [(tuple(map(str, item["loc"])), item["msg"]) for item in error.errors()]
        found = "; ".join(
            f"line {document.line(place)}: {'.'.join(place)}: {words}" for place, words in places
        )
        raise ConfigurationFault(f"{path}: {found}. Correct the key and run again.") from error


def _with_implied_extracts(source: Source, folder: Path) -> Source:
    """A source whose adapter knows its files needs no extracts block."""
    declared = source.connector.root
    is_path = source.connector.kind == "files" and "://" not in declared
    root = (folder / declared).resolve() if is_path else folder
    source = source.model_copy(update={"root": str(root) if is_path else declared})
    if source.connector.kind != "files":
        pulled = [e.model_copy(update={"format": "parquet"}) for e in source.extracts]
        source = source.model_copy(update={"extracts": pulled})
    elif any(not extract.path for extract in source.extracts):
        lacking = next(extract.table for extract in source.extracts if not extract.path)
        raise ConfigurationFault(
            f"{folder / 'sources.yml'}: sources.{source.name}: extract {lacking}: expected a "
            "path below root, found none."
        )
    if source.extracts:
        return source.model_copy(
            update={"extracts": [_with_contract(source, extract) for extract in source.extracts]}
        )
    if source.adapter == "kam_desk":
        path = source.connector.path or "{date}/kam_desk*.xlsx"
        extracts = [_implied(sheet, path, "xlsx") for sheet in DESK_SHEETS]
    elif source.adapter == "canonical_csv":
        delivered = {path.stem.split(".")[0] for path in root.rglob("*.csv*")}
        prefix = f"{source.connector.path.rstrip('/')}/" if source.connector.path else ""
        extracts = [
            _implied(entity, f"{prefix}{entity}.csv", "csv", required=entity in REQUIRED_ENTITIES)
            for entity in canonical_entities()
            if entity in delivered or entity in REQUIRED_ENTITIES
        ]
    else:
        raise ConfigurationFault(
            f"{folder / 'sources.yml'}: sources.{source.name}: extracts: expected at least one."
        )
    return source.model_copy(update={"extracts": extracts})


def _with_contract(source: Source, extract: Extract) -> Extract:
    """An extract in the canonical shape may hold every column of its entity."""
    entity = canonical_entities().get(extract.table.lower())
    if source.adapter not in ("canonical_csv", "kam_desk") or entity is None:
        return extract
    lineage = ("source_system", "extract_date", "row_hash")
    named = {*extract.columns, *extract.optional_columns, *lineage}
    rest = [column.name for column in entity.columns if column.name not in named]
    return extract.model_copy(update={"optional_columns": [*extract.optional_columns, *rest]})


def _implied(
    entity: str, path: str, kind: Literal["csv", "xlsx"], *, required: bool = False
) -> Extract:
    table = canonical_entities()[entity]
    needed = [column.name for column in table.columns if column.meta.get("required")]
    lineage = ("source_system", "extract_date", "row_hash")
    columns = [name for name in needed if name not in lineage]
    optional = [c.name for c in table.columns if c.name not in columns and c.name not in lineage]
    return Extract(
        table=entity,
        path=path,
        format=kind,
        columns=columns,
        optional_columns=optional,
        key=list(table.key),
        required=required,
        is_column_order_free=True,
    )


def _version(folder: Path, files: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        digest.update(f"{path.relative_to(folder)}\0".encode())
        digest.update(path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()[:16]
