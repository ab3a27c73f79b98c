"""The last asset of the night: what readers will see from now on."""

import dagster as dg

from assets.night import Night
from assets.publish.release import WRITTEN_HERE, release
from assets.transform.contract import all_tables

KEY = dg.AssetKey(["kam_ops", "publication"])


def publication_asset() -> dg.AssetsDefinition:
    """One row that says what is published; it exists only when every gate has passed."""
    tables = [t for t in all_tables().values() if t.name not in WRITTEN_HERE]

    @dg.asset(
        key=KEY,
        deps=[dg.AssetKey([table.schema, table.name]) for table in tables],
        group_name="kam_ops",
        kinds={"duckdb", "parquet"},
        pool="publish",
    )
    def publication(night: dg.ResourceParam[Night]) -> dg.MaterializeResult:
        """The version readers see, behind one symlink."""
        with night.stage("publish"):
            released = release(night)
            night.result["released"] = released
        return dg.MaterializeResult(
            metadata={
                "publication_id": released.publication_id,
                "content_hash": released.content_hash,
                "status": released.status,
                "path": dg.MetadataValue.path(str(released.database)),
            }
        )

    return publication
