"""The dbt models as Dagster assets, and what a dbt run says of itself."""

import contextlib
import io
import itertools
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import (
    DagsterDbtTranslator,
    DbtCliInvocation,
    DbtProject,
    dbt_assets,
)

from assets.faults import GateFault, InfrastructureFault
from assets.ledger import CheckResult
from assets.night import Night
from assets.transform.project import parse, point_at
from assets.transform.resource import dbt_resource

LONGEST_DETAIL = 400
# A test on models of both dbt passes runs in the second, when all of them exist.
ONLY_WHAT_CAN_BE_JUDGED = (
    "--exclude-resource-type",
    "unit_test",
    "--indirect-selection",
    "buildable",
)
SHOWN_EVERY = 60


class OnePass(DagsterDbtTranslator):
    """Models that read landing, or nothing at all, also wait for the control schema.

    Without it Dagster would run them before `control`, in a dbt invocation of their own.
    """

    def get_asset_spec(
        self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None
    ) -> dg.AssetSpec:
        """The asset of a model, after everything that Python lays beside it."""
        spec = super().get_asset_spec(manifest, unique_id, project)
        if spec.key.path[0] not in ("staging", "canonical") and list(spec.deps):
            return spec
        run = dg.AssetDep(["control", "run"])
        others = [dep for dep in spec.deps if dep.asset_key != run.asset_key]
        return spec.replace_attributes(deps=[*others, run])


def dbt_models(project: Path) -> dg.AssetsDefinition:
    """Every model of an assembled project as assets, its tests as asset checks.

    Dagster splits the one definition around the Python scores in the middle.
    """

    @dbt_assets(
        manifest=parse(project),
        name="dbt_models",
        dagster_dbt_translator=OnePass(),
        pool="warehouse",
    )
    def models(context: dg.AssetExecutionContext, night: dg.ResourceParam[Night]) -> Iterator[Any]:
        with night.stage("transform"):
            parse(night.project)
            point_at(night.project, night.warehouse)
            arguments = ["build", *ONLY_WHAT_CAN_BE_JUDGED]
            dbt = dbt_resource(night.project)
            invocation = dbt.cli(arguments, context=context, raise_on_error=False)
            yield from _quietly(night, invocation)
            _conclude(night, invocation)

    return models


def _quietly(night: Night, invocation: DbtCliInvocation) -> Iterator[Any]:
    """The events of dbt without its log, which stays in the target folder; a count now and then."""
    events = iter(invocation.stream())
    for number in itertools.count(1):
        with contextlib.redirect_stdout(io.StringIO()):
            event = next(events, None)
        if event is None:
            night.say(f"transform: {number - 1} models and tests done")
            return
        if number % SHOWN_EVERY == 0:
            night.say(f"transform: {number} models and tests ...")
        yield event


def _conclude(night: Night, invocation: DbtCliInvocation) -> None:
    """Keep the outcome of every dbt test; end the run where a model or a test failed."""
    results = _run_results(invocation.target_path)
    manifest = json.loads((night.project / "target" / "manifest.json").read_text())
    nodes: Mapping[str, Any] = manifest["nodes"]
    known = [(nodes[r["unique_id"]], r) for r in results if r["unique_id"] in nodes]
    tests = [_check(node, r, nodes) for node, r in known if node["resource_type"] == "test"]
    broken = [
        f"{check.check_id}: {check.detail}"
        for check in night.record_checks(tests)
        if check.is_blocking and check.status != "passed"
    ]
    for node, result in known:
        if node["resource_type"] != "test" and result["status"] == "error":
            message = " ".join(str(result["message"]).split())[:LONGEST_DETAIL]
            raise InfrastructureFault(f"dbt model {node['name']} failed: {message}")
    if broken:
        raise GateFault(f"dbt tests failed: {'; '.join(broken[:8])}. See docs/runbook.md.")
    if not invocation.is_successful():
        raise InfrastructureFault(f"dbt build failed; its log: {invocation.target_path}/dbt.log")


def _run_results(target: Path) -> list[dict[str, Any]]:
    path = target / "run_results.json"
    if not path.is_file():
        return []
    return list(json.loads(path.read_text(encoding="utf-8"))["results"])


def _check(
    node: Mapping[str, Any], result: Mapping[str, Any], nodes: Mapping[str, Any]
) -> CheckResult:
    tested = next((nodes[n] for n in node["depends_on"]["nodes"] if n in nodes), None)
    layer = tested["schema"] if tested else "kam"
    table = tested["alias"] if tested else node["name"]
    rule = node["test_metadata"]["name"] if node.get("test_metadata") else node["name"]
    column = node.get("column_name")
    severity = "critical" if node["config"]["severity"].lower() == "error" else "warning"
    status = {"pass": "passed", "fail": "failed", "warn": "failed"}.get(result["status"], "error")
    failures = result.get("failures")
    return CheckResult(
        check_id=f"{layer}/{table}:{rule}" + (f":{column}" if column else ""),
        owner="dbt",
        table_name=f"{layer}.{table}",
        column_name=column,
        severity=severity,
        is_blocking=severity == "critical",
        status=status,
        observed=float(failures) if failures is not None else None,
        limit_max=0.0,
        n_rows_failed=failures,
        detail=f"{failures} rows break {rule}" if status == "failed" else result["status"],
    )
