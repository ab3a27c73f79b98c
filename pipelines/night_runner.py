"""Runs the Dagster job of one night, or one table, in this process, and shows how far it is."""

import sys
import time
import uuid
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg

from assets.company import load_company
from assets.faults import ConfigurationFault
from assets.transform.contract import all_tables
from assets.transform.project import assemble
from pipelines.definitions import build_definitions
from pipelines.environment import Settings, dagster_home
from pipelines.event_log import instance_of
from pipelines.jobs import NIGHTLY, run_id_of
from pipelines.runs import open_home

REBUILT_LAYERS = ("intermediate", "marts", "scores")
# Another configuration may read sources and the calendar otherwise.
CONFIGURED_LAYERS = ("staging", "canonical", *REBUILT_LAYERS, "kam")


def run_one_night(found: Settings, as_of: date, trigger_kind: str) -> dict[str, Any]:
    """Run the job `nightly` for a date; the row it left in the attempt ledger."""
    definitions = _definitions(found)
    job = definitions.resolve_job_def(NIGHTLY)
    config = {"as_of": as_of.isoformat(), "trigger_kind": trigger_kind}
    return _execute(found, job, config, f"night {as_of}")


def run_one_table(found: Settings, name: str) -> dict[str, Any]:
    """Rebuild one published table and what it alone is made of, into a sandbox."""
    names = {table.name: table for table in all_tables().values()}
    if name not in names:
        raise ConfigurationFault(
            f"kam table: expected the name of a published table, found '{name}'. "
            f"Tables: {', '.join(sorted(names))}."
        )
    definitions = _definitions(found)
    graph = definitions.resolve_asset_graph()
    key = dg.AssetKey([names[name].schema, name])
    if key not in graph.get_all_asset_keys():
        raise ConfigurationFault(f"kam table: {name} is written at publish and cannot run alone.")
    wanted = _rebuilt_with(graph, key, REBUILT_LAYERS)
    job = definitions.resolve_implicit_global_asset_job_def()
    return _execute(found, job, {"trigger_kind": "command"}, f"table {name}", sorted(wanted))


def run_what_if(found: Settings, folder: Path) -> dict[str, Any]:
    """Decide segments again under another configuration, into a sandbox."""
    own = load_company(found.config)
    load_company(folder, sources_from=own.folder)
    definitions = _definitions(found)
    graph = definitions.resolve_asset_graph()
    key = dg.AssetKey(["kam", "segment_history"])
    wanted = _rebuilt_with(graph, key, CONFIGURED_LAYERS)
    job = definitions.resolve_implicit_global_asset_job_def()
    config = {"trigger_kind": "command", "what_if": str(folder.resolve())}
    return _execute(found, job, config, f"what-if {folder}", sorted(wanted))


def _rebuilt_with(graph: Any, key: dg.AssetKey, layers: Sequence[str]) -> set[dg.AssetKey]:
    """The asset, what it is made of in these layers, and what is only made together with that."""
    wanted, queue = {key}, [key]
    while queue:
        node = graph.get(queue.pop())
        made_of = {parent for parent in node.parent_keys if parent.path[0] in layers}
        for needed in made_of | set(node.execution_set_asset_keys):
            if needed not in wanted:
                wanted.add(needed)
                queue.append(needed)
    return wanted


def _definitions(found: Settings) -> dg.Definitions:
    company = load_company(found.config)
    home, _ = open_home(found, company)
    return build_definitions(company, assemble(company, home.dbt), found)


def _execute(
    found: Settings,
    job: dg.JobDefinition,
    config: dict[str, Any],
    title: str,
    selection: list[dg.AssetKey] | None = None,
) -> dict[str, Any]:
    folder = dagster_home(found.home)
    run_id = str(uuid.uuid4())
    print(f"{title}: running ...", flush=True)
    started = time.perf_counter()
    with instance_of(folder) as instance:
        job.execute_in_process(
            run_config={
                "resources": {"night": {"config": config}},
                "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
            },
            instance=instance,
            run_id=run_id,
            raise_on_error=False,
            asset_selection=selection,
        )
    print(f"{title}: {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
    _, ledger = open_home(found, load_company(found.config))
    rows = [row for row in ledger.runs() if row["run_id"] == run_id_of(run_id)]
    if not rows:
        raise ConfigurationFault(
            f"{title}: the run left no row in {ledger.path}; see {found.home}/dagster."
        )
    return rows[0]
