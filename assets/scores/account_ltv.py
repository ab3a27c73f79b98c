"""account_ltv: what each account is worth over its lifetime, from the marts of the night."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import numpy as np

from assets.night import Night
from assets.scores.ltv.inputs import LtvInputs, LtvSettings
from assets.scores.ltv.score import score_nights

CLIENTS = """
select * from marts.ltv_input_night
where status not in ('PSEUDO', 'PROSPECT')
order by as_of_date, group_id
"""
SURVIVAL = "select * from marts.ltv_survival_night order by as_of_date, group_id"
BASIS = "select order_basis, order_line_share from intermediate.int_order_basis__decided"


def _each(template: str, columns: Iterable[str]) -> str:
    return ",\n        ".join(template.format(column) for column in columns)


ESTIMATE = "cast(nullif(estimate.{0}, 'nan') as decimal(18, 2)) as {0}"
PAIR = "case when is_client and {0} is null then '{0}:' || money_reason end"
ESTIMATES = ["margin_per_order_rc", "ltv_mean_rc", "ltv_p10_rc", "ltv_p50_rc", "ltv_p90_rc"]

# Estimates are rounded to cents half away from zero, which is what a cast to DECIMAL does.
# Prospects and pseudo-members have no estimate: they carry what was realised, and their status.
TABLE = f"""
create or replace table scores.account_ltv_night as
with published as (

    select * from marts.ltv_input_night
    cross join (select unnest($horizons) as horizon_months)
    where is_published

),

joined as (

    select
        published.as_of_date,
        published.group_id,
        cast(published.horizon_months as bigint) as horizon_months,
        published.status,
        estimate.group_id is not null as is_client,
        published.fit_segment,
        published.realised_to_date_rc,
        published.n_orders,
        published.last_order_date,
        nullif(estimate.usual_gap_days, 'nan') as usual_gap_days,
        nullif(estimate.p_alive, 'nan') as p_alive,
        estimate.p_order_90d,
        estimate.expected_orders,
        {_each(ESTIMATE, ESTIMATES)},
        estimate.rung,
        estimate.method
    from published
    left join estimate
        on published.as_of_date = estimate.as_of_date
        and published.group_id = estimate.group_id
        and published.horizon_months = estimate.horizon_months

),

reasoned as (

    select
        *,
        cast(realised_to_date_rc + ltv_mean_rc as decimal(18, 2)) as ltv_total_rc,
        case when realised_to_date_rc is null then 'NO_SOURCE' else 'TOO_FEW' end as money_reason
    from joined

)

select
    cast(as_of_date as date) as as_of_date,
    group_id,
    horizon_months,
    case when is_client then fit_segment end as fit_segment,
    realised_to_date_rc,
    cast(case when is_client then n_orders end as bigint) as n_orders,
    case when is_client then last_order_date end as last_order_date,
    usual_gap_days,
    p_alive,
    p_order_90d,
    expected_orders,
    margin_per_order_rc,
    ltv_mean_rc,
    ltv_p10_rc,
    ltv_p50_rc,
    ltv_p90_rc,
    ltv_total_rc,
    cast(rung as bigint) as rung,
    method,
    status,
    cast(case when is_client then 0 end as bigint) as n_backtest,
    case when is_client then true end as is_interval_pooled,
    case when is_client then true end as is_beyond_proof,
    nullif(concat_ws(
        ';',
        case when realised_to_date_rc is null then 'realised_to_date_rc:NO_SOURCE' end,
        case when is_client and last_order_date is null then 'last_order_date:TOO_FEW' end,
        case when is_client and usual_gap_days is null then 'usual_gap_days:TOO_FEW' end,
        case when is_client and p_alive is null then 'p_alive:NO_HISTORY' end,
        {_each(PAIR, [*ESTIMATES, "ltv_total_rc"])}
    ), '') as missing_reason
from reasoned
order by as_of_date, group_id, horizon_months
"""


@dg.asset(
    key=["scores", "account_ltv_night"],
    group_name="scores",
    kinds={"python", "duckdb"},
    deps=[dg.AssetKey(["marts", name]) for name in ("ltv_input_night", "ltv_survival_night")],
    pool="warehouse",
)
def account_ltv(night: dg.ResourceParam[Night]) -> dg.MaterializeResult:
    """What each account is worth over its lifetime, for the nights being computed."""
    with night.stage("score"):
        rows = write_account_ltv(night.warehouse, night.metrics)
        basis, share = order_basis(night.warehouse)
    night.say(f"scores account_ltv: {rows:,} rows; order days from {basis} records")
    return dg.MaterializeResult(
        metadata={"dagster/row_count": rows, "order_basis": basis, "order_line_share": share}
    )


def write_account_ltv(warehouse: Path, metrics: Mapping[str, Any]) -> int:
    """Write scores.account_ltv_night into a warehouse file; the number of its rows."""
    settings = LtvSettings.of(metrics)
    with duckdb.connect(str(warehouse)) as connection:
        clients = connection.execute(CLIENTS).df()
        survival = connection.execute(SURVIVAL).df()
        connection.register("estimate", score_nights(LtvInputs(clients, survival, settings)))
        connection.execute("create schema if not exists scores")
        connection.execute(TABLE, {"horizons": list(settings.horizons)})
        connection.unregister("estimate")
        found = connection.execute("select count(*) from scores.account_ltv_night").fetchone()
    return int(found[0]) if found else 0


def order_basis(warehouse: Path) -> tuple[str, float]:
    """Which records give the order days, and the share of invoice lines with an order line."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        basis, share = connection.execute(BASIS).fetchall()[0]
    return basis, share if share is not None else float(np.nan)
