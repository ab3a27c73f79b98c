"""The part of metrics.yml that lifetime value reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PROVEN_CLIENTS = 2_000  # of a decision date besides its key accounts: more prove no more
PROVEN_MONTHS = (3, 6, 12)  # horizons on which rungs are chosen, shortest first
PROOF_MONTHS = (*PROVEN_MONTHS, 36)  # those on which forecasts are judged


@dataclass(frozen=True)
class LtvSettings:
    """Thresholds `ltv.*`, and from `backtest.*` how far back decision dates are pooled."""

    horizons: tuple[int, ...]
    annual_rate: float
    min_repeaters: int
    pool_repeaters: int
    k_max: int
    gradient_max: float
    log_parameter_max: float
    log_standard_error_max: float
    pool_ridge: float
    naive_tolerance: float
    new_weeks: float
    truncation_days: int
    survival_edges: tuple[float, ...]
    survival_prior_orders: float
    season_min_months: int
    season_prior_orders: float
    gamma_gamma_max_rho: float
    gamma_gamma_min_q: float
    draws: int
    min_backtest_n: int
    portfolio_min_cutoffs: int
    portfolio_min_independent: int
    merger_hold_month_ends: int
    pool_months: int
    pool_months_1095: int
    known_within_days: int

    @classmethod
    def of(cls, metrics: Mapping[str, Any]) -> "LtvSettings":
        """The settings in a metrics.yml."""
        ltv, backtest = metrics["ltv"], metrics["backtest"]
        return cls(
            horizons=tuple(sorted(int(months) for months in ltv["horizons"])),
            annual_rate=float(ltv["annual_rate"]),
            min_repeaters=int(ltv["min_repeaters"]),
            pool_repeaters=int(ltv["pool_repeaters"]),
            k_max=int(ltv["k_max"]),
            gradient_max=float(ltv["gradient_max"]),
            log_parameter_max=float(ltv["log_parameter_max"]),
            log_standard_error_max=float(ltv["log_standard_error_max"]),
            pool_ridge=float(ltv["pool_ridge"]),
            naive_tolerance=float(ltv["naive_tolerance"]),
            new_weeks=float(ltv["new_weeks"]),
            truncation_days=int(ltv["truncation_days"]),
            survival_edges=tuple(float(edge) for edge in ltv["survival_edges"]),
            survival_prior_orders=float(ltv["survival_prior_orders"]),
            season_min_months=int(ltv["season"]["min_months"]),
            season_prior_orders=float(ltv["season"]["prior_orders"]),
            gamma_gamma_max_rho=float(ltv["margin"]["gamma_gamma_max_rho"]),
            gamma_gamma_min_q=float(ltv["margin"]["q_min"]),
            draws=int(ltv["draws"]),
            min_backtest_n=int(ltv["min_backtest_n"]),
            portfolio_min_cutoffs=int(ltv["portfolio_min_cutoffs"]),
            portfolio_min_independent=int(ltv["portfolio_min_independent"]),
            merger_hold_month_ends=int(ltv["merger_hold_month_ends"]),
            pool_months=int(backtest["pool_months"]),
            pool_months_1095=int(backtest["pool_months_1095"]),
            known_within_days=int(backtest["known_within_days"]),
        )
