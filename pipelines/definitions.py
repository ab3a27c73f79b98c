"""Assembles everything Dagster knows of one company; holds no logic of its own."""

from datetime import timedelta
from pathlib import Path

import dagster as dg

from assets.company import Company, load_company
from assets.control import control_assets
from assets.extract.assets import extract_assets
from assets.gate import landing_gates
from assets.publish.publication import publication_asset
from assets.scores.account_ltv import account_ltv
from assets.scores.account_pair import account_pair
from assets.scores.halo_estimate import halo_estimate
from assets.scores.segment_decision import segment_decision
from assets.transform.models import dbt_models
from assets.transform.project import assemble
from pipelines import alerts, jobs
from pipelines.environment import Settings, settings

PUBLISHED_BY = "0 6 * * *"


def build_definitions(company: Company, project: Path, home: Settings) -> dg.Definitions:
    """The assets, checks, job, schedule and sensor of a company and its assembled dbt project."""
    extracts = extract_assets(company)
    models = dbt_models(project)
    publication = publication_asset()
    freshness = dg.FreshnessPolicy.cron(
        deadline_cron=PUBLISHED_BY,
        lower_bound_delta=timedelta(hours=6),
        timezone=company.time_zone.key,
    )
    raw = [key for asset in extracts for key in asset.keys]
    assets: list[dg.AssetsDefinition] = [
        *extracts,
        control_assets(raw),
        models,
        account_ltv,
        account_pair,
        halo_estimate,
        segment_decision,
        publication,
    ]
    served = [
        asset.map_asset_specs(
            lambda spec: (
                spec.replace_attributes(freshness_policy=freshness)
                if spec.group_name in ("kam", "kam_ops", "kam_restricted")
                else spec
            )
        )
        for asset in assets
    ]
    return dg.Definitions(
        assets=served,
        asset_checks=landing_gates(company),
        jobs=[jobs.nightly],
        schedules=[jobs.nightly_schedule(company, home)],
        sensors=[alerts.nightly_failed],
        resources={"night": jobs.night_resource(home)},
        executor=dg.in_process_executor,
    )


def company_definitions() -> dg.Definitions:
    """The definitions of the company that the environment names."""
    found = settings()
    company = load_company(found.config)
    return build_definitions(company, assemble(company, found.home / "dbt"), found)
