"""Assembles the dbt project of one company from the repository's models and its sources.

See docs/architecture.md, "The assembled dbt project".
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from assets.company import REQUIRED_ENTITIES, Company, Source
from assets.faults import ConfigurationFault, InfrastructureFault
from assets.transform.contract import DBT_PROJECT, canonical_entities
from assets.yaml_text import parse_yaml

STAMP = "assembled.sha256"
DESK_ADAPTER = "kam_desk"
DBT_PROGRAM = Path(sys.executable).with_name("dbt")
FIRST_MODEL = "invoice_line"  # its first date is where the reconstruction of a first run starts
WITHOUT_WAREHOUSE = ("--no-populate-cache", "--no-introspect", "--quiet")
BUILDING = "building"  # in the project: a link to the folder of the warehouse that dbt writes
NO_TELEMETRY = {"DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "DO_NOT_TRACK": "1"}


def assemble(company: Company, target: Path) -> Path:
    """The dbt project of the company at `target`, rewritten only where something changed.

    Returns `target`; it holds `target/manifest.json` after `parse`. Raises ConfigurationFault
    where a source names an adapter that has no staging folder.
    """
    files = _files(company)
    digest = _digest(files)
    stamp = target / STAMP
    if stamp.exists() and stamp.read_text() == digest:
        return target
    target.mkdir(parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)
    keep = {str(path) for path in files}
    for root in ("models", "macros", "tests", "docs"):
        for path in sorted((target / root).rglob("*"), reverse=True):
            relative = str(path.relative_to(target))
            if path.is_file() and relative not in keep:
                path.unlink()
            elif path.is_dir() and not any(path.iterdir()):
                path.rmdir()
    for place, content in files.items():
        path = target / place
        if not path.exists() or path.read_text(encoding="utf-8") != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
    for stale in ("manifest.json", "partial_parse.msgpack"):
        (target / "target" / stale).unlink(missing_ok=True)
    shutil.rmtree(target / "target" / "compiled", ignore_errors=True)
    stamp.write_text(digest)
    return target


def parse(project: Path) -> Path:
    """The manifest of an assembled project, parsed where it is missing.

    The models that a first run needs before dbt are compiled with it, for which dbt would otherwise
    have to start once more.
    """
    manifest = project / "target" / "manifest.json"
    if not manifest.exists():
        run_dbt(project, ["compile", *WITHOUT_WAREHOUSE, "--select", f"+{FIRST_MODEL}"])
    return manifest


def compiled(project: Path, model: str) -> list[tuple[str, str, str]]:
    """Schema, name and SELECT of the models that a model reads, in order, and last its own."""
    nodes = json.loads(parse(project).read_text(encoding="utf-8"))["nodes"]
    node = nodes[f"model.kam.{model}"]
    place = project / "target" / "compiled" / "kam" / node["original_file_path"]
    above = [nodes[key]["name"] for key in node["depends_on"]["nodes"] if key in nodes]
    before = [found for name in above for found in compiled(project, name)]
    return [*before, (node["schema"], model, place.read_text(encoding="utf-8"))]


def run_dbt(project: Path, arguments: list[str], *, warehouse: Path | None = None) -> None:
    """Run dbt in a process of its own, offline and without telemetry, on one DuckDB file."""
    if warehouse is not None:
        point_at(project, warehouse)
    command = [str(DBT_PROGRAM), *arguments]
    done = subprocess.run(
        [*command, "--project-dir", str(project), "--profiles-dir", str(project)],
        env={**os.environ, **NO_TELEMETRY},
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        tail = "\n".join((done.stdout + done.stderr).strip().splitlines()[-25:])
        raise InfrastructureFault(f"dbt {arguments[0]} failed in {project}:\n{tail}")


def point_at(project: Path, warehouse: Path) -> None:
    """Let dbt write this warehouse, under the name that profiles.yml has for every build.

    dbt parses a whole project again where its connection has another path than the last time.
    """
    link = project / BUILDING
    link.unlink(missing_ok=True)
    link.symlink_to(warehouse.parent.resolve(), target_is_directory=True)


def staged_entities(source: Source) -> list[str]:
    """The canonical entities the adapter of a source maps and the source delivers.

    An entity of which no extract names a table is not supplied (`lacking_tables`).
    """
    lacking = lacking_tables(source)
    return [entity for entity in mapped_entities(source.adapter) if entity not in lacking]


RAW_TABLE = re.compile(r"""source\(\s*['"]raw_\w+['"]\s*,\s*['"](\w+)['"]\s*\)""")


@cache
def mapped_entities(adapter: str) -> dict[str, list[str]]:
    """The native tables (lower case) behind each entity that an adapter maps."""
    folder = DBT_PROJECT / "models" / "staging" / adapter
    prefix = f"stg_{adapter}__"
    found = {}
    for path in sorted(folder.glob(f"{prefix}*.sql")):
        entity = path.stem.removeprefix(prefix)
        tables = sorted(set(RAW_TABLE.findall(path.read_text(encoding="utf-8"))))
        found[entity] = tables or [entity]
    return found


def lacking_tables(source: Source) -> dict[str, list[str]]:
    """The entities that a source could supply, with the tables that no extract of it names."""
    declared = {extract.table.lower() for extract in source.extracts}
    return {
        entity: lacking
        for entity, tables in mapped_entities(source.adapter).items()
        if (lacking := [table for table in tables if table not in declared])
    }


def extracts_of_entity(source: Source) -> dict[str, list[str]]:
    """Which native tables (lower case) stand behind each entity that the source supplies."""
    tables = mapped_entities(source.adapter)
    return {entity: tables[entity] for entity in staged_entities(source)}


def _files(company: Company) -> dict[Path, str]:
    """Every file of the assembled project, by path relative to it."""
    files = {
        path.relative_to(DBT_PROJECT): path.read_text(encoding="utf-8")
        for root in ("models", "macros", "tests", "docs")
        for path in sorted((DBT_PROJECT / root).rglob("*"))
        if path.is_file() and "staging" not in path.relative_to(DBT_PROJECT).parts
    }
    files[Path("profiles.yml")] = (DBT_PROJECT / "profiles.yml").read_text(encoding="utf-8")
    for source in company.sources:
        files |= _compiled_adapter(source)
    _hold_to_required(company)
    files[Path("macros/supplied.sql")] = _supplied_macros(company)
    project = parse_yaml((DBT_PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))
    project["vars"] = {"metrics": company.metrics, "company": company.as_vars()}
    files[Path("dbt_project.yml")] = yaml.safe_dump(project, sort_keys=False, allow_unicode=True)
    return files


def _hold_to_required(company: Company) -> None:
    for entity in REQUIRED_ENTITIES:
        if any(entity in staged_entities(source) for source in company.sources):
            continue
        lacking = [
            f"{source.name} has no extract {', '.join(lacking_tables(source)[entity])}"
            for source in company.sources
            if entity in lacking_tables(source) and not source.is_one_file_per_entity
        ]
        raise ConfigurationFault(
            f"{company.folder / 'sources.yml'}: expected a source that supplies {entity}, found "
            f"{'; '.join(lacking) or 'none'}. Name its tables under extracts, then run make "
            "sources."
        )


def _compiled_adapter(source: Source) -> dict[Path, str]:
    folder = DBT_PROJECT / "models" / "staging" / source.adapter
    if not folder.is_dir():
        known = sorted(path.name for path in folder.parent.iterdir() if path.is_dir())
        raise ConfigurationFault(
            f"sources.yml, source {source.name}: adapter '{source.adapter}' has no folder "
            f"dbt_project/models/staging/{source.adapter}; known adapters: {', '.join(known)}. "
            "Correct the name, or add the folder (docs/connect-a-source.md)."
        )
    entities = staged_entities(source)
    compiled: dict[Path, str] = {}
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.suffix not in (".sql", ".yml"):
            continue
        prefix = f"stg_{source.adapter}__"
        if path.stem.startswith(prefix) and path.stem.removeprefix(prefix) not in entities:
            continue
        text = path.read_text(encoding="utf-8")
        text = text.replace(prefix, f"stg_{source.name}__")
        text = text.replace(f"raw_{source.adapter}", f"raw_{source.name}")
        name = path.name.replace(prefix, f"stg_{source.name}__")
        compiled[Path("models/staging") / source.name / name] = text
    compiled[Path("models/staging") / source.name / "_extracts.yml"] = _extracts_yml(source)
    return compiled


def _extracts_yml(source: Source) -> str:
    raw = f"raw_{source.name}"
    tables = [
        {
            "name": extract.table.lower(),
            "config": {"meta": {"dagster": {"asset_key": [raw, extract.table.lower()]}}},
        }
        for extract in source.extracts
    ]
    document = {"sources": [{"name": raw, "schema": raw, "tables": tables}]}
    return yaml.safe_dump(document, sort_keys=False)


def _supplied_macros(company: Company) -> str:
    supplied: dict[str, list[str]] = {}
    for entity in canonical_entities():
        ordered = company.sources_in_precedence(entity)
        models = [f"stg_{s.name}__{entity}" for s in ordered if entity in staged_entities(s)]
        if models:
            supplied[entity] = models
    desk = [
        f"stg_{source.name}__{entity}"
        for source in company.sources
        if source.adapter == DESK_ADAPTER
        for entity in staged_entities(source)
    ]
    adapters = {source.name: source.adapter for source in company.sources}
    return "\n".join(
        [
            "{# Generated from sources.yml; do not edit. #}",
            _constant("supplied_entities", supplied),
            "{% macro supplied_by(entity) %}"
            "{{ return(supplied_entities().get(entity, [])) }}{% endmacro %}",
            _constant("desk_models", desk),
            _constant("adapter_of_source", adapters),
            _constant("separators_of_source", {s.name: _separators(s) for s in company.sources}),
            "",
        ]
    )


def _separators(source: Source) -> dict[str, str]:
    """How a source writes decimals: as its files are declared; a database or API with a dot."""
    dialects = [e.dialect for e in source.extracts if e.format == "csv"]
    if source.connector.kind != "files" or not dialects:
        return {"adapter": source.adapter, "decimal": ".", "thousands": ""}
    first = dialects[0]
    return {"adapter": source.adapter, "decimal": first.decimal, "thousands": first.thousands}


def _constant(name: str, value: Any) -> str:
    return "{% macro " + name + "() %}{{ return(" + json.dumps(value) + ") }}{% endmacro %}"


def _digest(files: Mapping[Path, str]) -> str:
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(f"{path}\0{files[path]}\0".encode())
    return digest.hexdigest()
