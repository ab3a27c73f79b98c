"""A company's configuration folder, validated, and the versions that follow from it."""

import csv
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from pydantic import ValidationError

from assets.company_schema import (
    TABLE_COLUMNS,
    CompanyFile,
    Extract,
    Source,
    SourcesFile,
    table_row_fault,
)
from assets.faults import ConfigurationFault
from assets.transform.contract import REPOSITORY, canonical_entities
from assets.yaml_text import read_yaml

DESK_SHEETS = (
    "account_plan", "plan_item", "assessment", "policy_exception", "promotion",
    "wallet_estimate", "sell_out", "environment_note", "account_event", "opportunity",
    "contact", "account_team", "survey_response", "segment_override", "manager_view",
    "person_assessment", "programme_decision",
)  # fmt: skip
REQUIRED_ENTITIES = ("customer", "invoice_line")
Row = dict[str, str | None]

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
    metrics = _metrics(folder / "metrics.yml")
    tables = {name: _table(folder / f"{name}.csv", name) for name in TABLE_COLUMNS}
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


def _yaml(path: Path) -> Any:
    if not path.is_file():
        raise ConfigurationFault(f"{path}: expected this file, found none.")
    try:
        return read_yaml(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise ConfigurationFault(f"{path}: expected YAML, found: {error}") from error


def _validated(kind: type[Any], path: Path) -> Any:
    try:
        return kind.model_validate(_yaml(path) or {})
    except ValidationError as error:
        found = "; ".join(
            f"{'.'.join(str(part) for part in item['loc'])}: {item['msg']}"
            for item in error.errors()
        )
        raise ConfigurationFault(f"{path}: {found}. Correct the key and run again.") from error


def _metrics(path: Path) -> dict[str, Any]:
    """metrics.yml, complete and without unknown keys, measured against the default's keys."""
    found = _yaml(path) or {}
    default = _yaml(REPOSITORY / "config" / "metrics.yml")
    faults = list(_key_faults(default, found, ""))
    if faults:
        raise ConfigurationFault(
            f"{path}: {'; '.join(faults)}. The complete set of keys is config/metrics.yml."
        )
    return dict(found)


FREE_KEYS = ("profile_rules", "publication_diff", "potential.confidence", "explains")


def _key_faults(default: Any, found: Any, place: str) -> Sequence[str]:
    if not isinstance(default, dict) or any(place.endswith(key) for key in FREE_KEYS):
        return []
    if not isinstance(found, dict):
        return [f"{place}: expected a block of keys, found {json.dumps(found, default=str)}"]
    faults = [
        f"{place}.{key}".lstrip(".") + ": unknown key" for key in found.keys() - default.keys()
    ]
    faults += [f"{place}.{key}".lstrip(".") + ": missing" for key in default.keys() - found.keys()]
    for key in default.keys() & found.keys():
        faults += _key_faults(default[key], found[key], f"{place}.{key}".lstrip("."))
    return sorted(faults)


def _table(path: Path, name: str) -> list[Row]:
    columns = TABLE_COLUMNS[name]
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as handle:
        reader = csv.reader(handle)
        header = next(reader, [])
        if header != list(columns):
            raise ConfigurationFault(
                f"{path}: line 1 must be {','.join(columns)}; found {','.join(header)}."
            )
        rows: list[Row] = []
        for number, values in enumerate(reader, start=2):
            if not values:
                continue
            if len(values) != len(columns):
                raise ConfigurationFault(
                    f"{path}: line {number} must have {len(columns)} values, found {len(values)}."
                )
            row: Row = {
                column: value.strip() or None for column, value in zip(columns, values, strict=True)
            }
            fault = table_row_fault(name, row)
            if fault:
                raise ConfigurationFault(f"{path}: line {number}: {fault}.")
            rows.append(row)
    return rows


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
