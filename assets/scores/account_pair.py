"""account_pair: the score of every pair of client records that could be one client."""

from pathlib import Path

import dagster as dg
import duckdb

from assets.night import Night
from assets.scores.matching import match_score, name_similarity

PAIRS = """
select
    left_key,
    right_key,
    left_name,
    right_name,
    cast(is_same_domain as double) as same_domain,
    cast(is_same_city as double) as same_city,
    cast(is_same_tax_root as double) as same_root
from intermediate.int_account_pair__blocked
order by left_key, right_key, left_name, right_name
"""
TABLE = """
create or replace table scores.account_pair as
select
    left_key,
    right_key,
    cast(name_similarity as double) as name_similarity,
    cast(match_score as double) as match_score
from scored
qualify
    row_number() over (
        partition by left_key, right_key
        order by match_score desc, name_similarity desc, left_name nulls last, right_name nulls last
    ) = 1
order by left_key, right_key
"""


@dg.asset(
    key=["scores", "account_pair"],
    group_name="scores",
    kinds={"python", "duckdb"},
    deps=[dg.AssetKey(["intermediate", "int_account_pair__blocked"])],
    pool="warehouse",
)
def account_pair(night: dg.ResourceParam[Night]) -> dg.MaterializeResult:
    """How likely each pair of similar records is one client."""
    with night.stage("score"):
        rows = write_account_pair(night.warehouse)
    return dg.MaterializeResult(metadata={"dagster/row_count": rows})


def write_account_pair(warehouse: Path) -> int:
    """Write scores.account_pair into a warehouse file; the number of its rows."""
    with duckdb.connect(str(warehouse)) as connection:
        pairs = connection.execute(PAIRS).df()
        pairs["name_similarity"] = name_similarity(
            pairs["left_name"].tolist(), pairs["right_name"].tolist()
        )
        pairs["match_score"] = match_score(
            pairs["name_similarity"].to_numpy(),
            pairs["same_domain"].to_numpy(),
            pairs["same_city"].to_numpy(),
            pairs["same_root"].to_numpy(),
        )
        connection.register("scored", pairs)
        connection.execute("create schema if not exists scores")
        connection.execute(TABLE)
        connection.unregister("scored")
        found = connection.execute("select count(*) from scores.account_pair").fetchone()
    return int(found[0]) if found else 0
