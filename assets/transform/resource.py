"""The dbt that Dagster drives: the one of this environment, offline."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from dagster_dbt import DbtCliResource
from dbt.version import __version__ as dbt_version
from packaging.version import Version

from assets.transform.project import DBT_PROGRAM


class OfflineDbt(DbtCliResource):
    """dbt that is started for its work only.

    Dagster asks the program for its version, for which dbt also asks the package index for a newer
    one, and loads an adapter for metadata of columns that nobody fetches.
    """

    @cached_property
    def _cli_version(self) -> Version:
        return Version(dbt_version)

    def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> Any:
        return None


def dbt_resource(project: Path) -> OfflineDbt:
    """The dbt of this environment, on an assembled project."""
    return OfflineDbt(
        project_dir=str(project),
        profiles_dir=str(project),
        dbt_executable=str(DBT_PROGRAM),
    )
