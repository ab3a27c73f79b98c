"""Lifetime value: what accounts and portfolios are worth, the fits behind it, and its proof."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import numpy as np
import pandas as pd

from assets.night import Night
from assets.scores.ltv.facts import Facts, Frames
from assets.scores.ltv.horizon import as_date, day_number
from assets.scores.ltv.proof_rows import pair_rows
from assets.scores.ltv.settings import LtvSettings
from assets.scores.ltv.tables import LtvTables, score_company
from assets.scores.proof.pairs import ProofSettings

CUTOFFS = "select * from intermediate.int_cutoff__listed order by cutoff_date"
GROUPS = "select distinct group_id from marts.ltv_client_cutoff order by group_id"
CLIENTS = "select * from marts.ltv_client_cutoff where cutoff_date = ? order by group_id"
ORDER_DAYS = "select * from intermediate.int_order_day__counted order by group_id, order_date"
PART_DAYS = (
    "select * from intermediate.int_order_day__parted order by group_id, part_id, order_date"
)
MERGERS = "select * from intermediate.int_group__absorbed order by group_id, part_id"
CONTRIBUTIONS = "select * from intermediate.int_group_month__contributed order by group_id, month"
DELIVERED_FROM = "select min(posting_date) from canonical.invoice_line"
STORED = "select * from memory.ltv_forecast order by as_of_date, outcome, horizon_months, group_id"
NIGHTS = "select as_of_date, is_month_end from control.night order by as_of_date"
CONFIG_VERSION = "select config_version from control.run"
BASIS = "select order_basis, order_line_share from intermediate.int_order_basis__decided"

MARTS = {
    "intermediate": (
        "int_cutoff__listed",
        "int_order_day__counted",
        "int_order_day__parted",
        "int_group__absorbed",
        "int_group_month__contributed",
        "int_order_basis__decided",
    ),
    "marts": ("ltv_input_night", "ltv_client_cutoff"),
    "memory": ("ltv_forecast",),
}
DATE, TEXT, COUNT, MEASURE, FLAG = "date", "varchar", "bigint", "double", "boolean"
TABLES: dict[str, dict[str, str]] = {
    "account_ltv_estimate": {
        **dict.fromkeys(("as_of_date", "last_order_date"), DATE),
        **dict.fromkeys(("group_id", "fit_segment", "method"), TEXT),
        **dict.fromkeys(("horizon_months", "n_orders", "rung", "n_backtest"), COUNT),
        **dict.fromkeys(
            ("usual_gap_days", "p_alive", "p_order_90d", "expected_orders", "margin_per_order_rc",
             "ltv_mean_rc", "ltv_p10_rc", "ltv_p50_rc", "ltv_p90_rc"), MEASURE,
        ),
        **dict.fromkeys(("is_interval_pooled", "is_beyond_proof"), FLAG),
    },
    "portfolio_ltv_estimate": {
        "as_of_date": DATE,
        "scope": TEXT,
        **dict.fromkeys(
            ("horizon_months", "n_groups", "n_cutoffs", "n_independent_cutoffs"), COUNT
        ),
        **dict.fromkeys(
            ("ltv_mean_rc", "raw_p10_rc", "raw_p50_rc", "raw_p90_rc", "rms_error_ratio",
             "ltv_p10_rc", "ltv_p90_rc"), MEASURE,
        ),
        "is_beyond_proof": FLAG,
    },
    "ltv_model_fit": {
        "as_of_date": DATE,
        **dict.fromkeys(("fit_segment", "part", "parameter", "method", "reason"), TEXT),
        **dict.fromkeys(("value", "standard_error", "rung"), MEASURE),
    },
    "ltv_backtest": {
        **dict.fromkeys(("as_of_date", "first_cutoff_date", "last_cutoff_date"), DATE),
        **dict.fromkeys(
            ("score_id", "outcome", "population", "basis", "measure", "verdict"), TEXT
        ),
        **dict.fromkeys(
            ("horizon_days", "n", "n_events", "n_unscored", "n_cutoffs", "n_independent_cutoffs",
             "n_config_versions"), COUNT,
        ),
        **dict.fromkeys(("value", "lo", "hi"), MEASURE),
        "is_primary": FLAG,
    },
    "ltv_forecast_made": {
        "as_of_date": DATE,
        **dict.fromkeys(("group_id", "outcome"), TEXT),
        "horizon_months": COUNT,
        "mean": MEASURE,
        "percentiles": "double[]",
    },
    "ltv_pair": {
        "cutoff_date": DATE,
        **dict.fromkeys(("group_id", "fit_segment", "outcome"), TEXT),
        "horizon_days": COUNT,
        **dict.fromkeys(("is_key_account", "is_known"), FLAG),
        **dict.fromkeys(("forecast", "actual", "place"), MEASURE),
    },
}  # fmt: skip
DESCRIPTIONS = {
    "account_ltv_estimate": "What each account is worth over its lifetime.",
    "portfolio_ltv_estimate": "What portfolios are worth, and how far past totals missed.",
    "ltv_model_fit": "The fits behind lifetime value.",
    "ltv_backtest": "What past forecasts of lifetime value came to.",
    "ltv_forecast_made": "The forecasts of a month end that are kept for its proof.",
    "ltv_pair": "Past forecasts beside what came, pair by pair.",
}


@dataclass(frozen=True)
class Written:
    """Rows by table, and the pairs that the proof rests on."""

    rows: Mapping[str, int]
    order_basis: str
    order_line_share: float


@dg.multi_asset(
    name="account_ltv",
    specs=[
        dg.AssetSpec(
            dg.AssetKey(["scores", table]),
            deps=[dg.AssetKey([schema, mart]) for schema, marts in MARTS.items() for mart in marts],
            description=description,
            group_name="scores",
            kinds={"python", "duckdb"},
        )
        for table, description in DESCRIPTIONS.items()
    ],
    pool="warehouse",
)
def account_ltv(night: dg.ResourceParam[Night]) -> Iterator[dg.MaterializeResult]:
    """Lifetime value of the nights being computed."""
    with night.stage("score"):
        written = write_ltv(night.warehouse, night.metrics)
    night.say(
        f"scores account_ltv: {written.rows['account_ltv_estimate']:,} rows;"
        f" order days from {written.order_basis} records"
    )
    for table, rows in written.rows.items():
        yield dg.MaterializeResult(
            asset_key=dg.AssetKey(["scores", table]),
            metadata={
                "dagster/row_count": rows,
                "order_basis": written.order_basis,
                "order_line_share": written.order_line_share,
            },
        )


def write_ltv(warehouse: Path, metrics: Mapping[str, Any]) -> Written:
    """Write the tables of lifetime value into schema scores of a warehouse file."""
    settings = LtvSettings.of(metrics)
    with duckdb.connect(str(warehouse)) as connection:
        tables = _computed(connection, settings, ProofSettings.of(metrics))
        frames = {
            "account_ltv_estimate": tables.accounts,
            "portfolio_ltv_estimate": tables.portfolio,
            "ltv_model_fit": tables.model,
            "ltv_backtest": tables.backtest,
            "ltv_forecast_made": tables.kept,
            "ltv_pair": pair_rows(tables.pairs),
        }
        connection.execute("create schema if not exists scores")
        for table, columns in TABLES.items():
            _write(connection, table, columns, frames[table])
        basis, share = connection.execute(BASIS).fetchall()[0]
    rows = {table: len(frame) for table, frame in frames.items()}
    return Written(rows, basis, share if share is not None else float(np.nan))


def _write(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: Mapping[str, str],
    frame: pd.DataFrame,
) -> None:
    """One table of schema scores; NaN stays NaN, for dbt to name."""
    typed = ", ".join(f"{name} {data_type}" for name, data_type in columns.items())
    connection.execute(f'create or replace table scores."{table}" ({typed})')
    if len(frame):
        connection.register("computed", frame)
        listed = ", ".join(columns)
        connection.execute(f'insert into scores."{table}" ({listed}) select {listed} from computed')
        connection.unregister("computed")


def _computed(
    connection: duckdb.DuckDBPyConnection, settings: LtvSettings, proof: ProofSettings
) -> LtvTables:
    def frame(statement: str) -> pd.DataFrame:
        return connection.execute(statement).df()

    def clients_on(day: int) -> pd.DataFrame:
        return connection.execute(CLIENTS, [as_date(day)]).df()

    nights = connection.execute(NIGHTS).fetchall()
    [(config_version,)] = connection.execute(CONFIG_VERSION).fetchall()
    [(delivered_from,)] = connection.execute(DELIVERED_FROM).fetchall()
    frames = Frames(
        cutoffs=frame(CUTOFFS),
        clients=frame(GROUPS),
        order_days=frame(ORDER_DAYS),
        part_days=frame(PART_DAYS),
        mergers=frame(MERGERS),
        contributions=frame(CONTRIBUTIONS),
        delivered_from=pd.Timestamp(delivered_from),
    )
    return score_company(
        Facts.of(frames, settings, clients_on),
        {day_number(as_of): is_month_end for as_of, is_month_end in nights},
        frame(STORED),
        proof,
        config_version,
    )
