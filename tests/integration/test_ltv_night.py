"""Lifetime value of the sample company's night: to the cent, added up, and proven."""

import pytest

from tests.conftest import World

pytestmark = pytest.mark.slow
NIGHT = "date '2026-04-02'"


def test_what_a_group_brought_is_its_contribution_to_the_cent(published_sample: World) -> None:
    assert published_sample.query(
        "with earned as (select value.as_of_date, value.group_id, value.horizon_months,"
        " sum(pnl.contribution_rc) as total from kam.account_ltv as value"
        " join kam.account_pnl_monthly as pnl on pnl.group_id = value.group_id"
        " and pnl.month <= value.as_of_date group by all)"
        " select count(*) filter (value.realised_to_date_rc is distinct from earned.total),"
        " count(*) > 5000, count(distinct value.as_of_date)"
        " from kam.account_ltv as value left join earned"
        " using (as_of_date, group_id, horizon_months)"
        " where value.as_of_date < date '2026-04-01'"
    ) == [(0, True, 36)]


def test_a_value_is_what_was_realised_and_what_is_expected(published_sample: World) -> None:
    assert published_sample.query(
        "select count(*) from kam.account_ltv"
        " where ltv_total_rc is distinct from realised_to_date_rc + ltv_mean_rc"
        " or ltv_p10_rc > ltv_p50_rc or ltv_p50_rc > ltv_p90_rc"
        " or (rung > 3) <> (p_alive is null and status not in ('PROSPECT', 'PSEUDO')"
        " and rung is not null)"
    ) == [(0,)]


def test_a_portfolio_is_the_sum_of_its_accounts_at_every_month_end(
    published_sample: World,
) -> None:
    rows = published_sample.query(
        "with account as (select as_of_date, horizon_months, sum(ltv_mean_rc) as total,"
        " count(ltv_mean_rc) as n from kam.account_ltv where is_reconstructed group by all),"
        " channel as (select as_of_date, horizon_months, sum(ltv_mean_rc) as total"
        " from kam.portfolio_ltv where scope like 'channel:%' group by all)"
        " select count(*), count(*) filter (account.total <> portfolio.ltv_mean_rc"
        " or channel.total <> portfolio.ltv_mean_rc or account.n <> portfolio.n_groups)"
        " from kam.portfolio_ltv as portfolio"
        " join account using (as_of_date, horizon_months)"
        " join channel using (as_of_date, horizon_months) where portfolio.scope = 'company'"
    )
    assert rows == [(108, 0)]


def test_the_proof_shows_it_ahead_of_the_hiatus_rule_with_honest_intervals(
    published_sample: World,
) -> None:
    found = {
        (score, measure): (value, n)
        for score, measure, value, n in published_sample.query(
            "select score_id, measure, value, n from kam.score_backtest"
            f" where as_of_date = {NIGHT} and outcome = 'ORDERS' and horizon_days = 365"
            " and population = 'all' and basis = 'reconstructed'"
        )
    }
    for measure in ("rmse", "crps"):
        assert found["ltv", measure][0] < found["baseline:hiatus", measure][0]
    coverage, n = found["ltv", "coverage_80"]
    assert abs(coverage - 0.80) <= max(0.05, 3 * (0.16 / n) ** 0.5)


def test_no_verdict_on_a_reconstructed_basis_says_better(published_sample: World) -> None:
    assert published_sample.query(
        "select count(*) > 100, count(*) filter (verdict = 'BETTER_THAN_BASELINE')"
        " from kam.score_backtest where measure like 'skill_vs:%' and basis = 'reconstructed'"
    ) == [(True, 0)]


def test_the_regularity_and_the_seasons_of_the_company_are_found(published_sample: World) -> None:
    """The simulator's gaps have shape 3, 2 and 4 by channel; a season of a month is its own."""
    fitted = published_sample.query(
        "select distinct value from kam.ltv_model where part = 'orders' and parameter = 'k'"
    )
    assert {value for (value,) in fitted} <= {2.0, 3.0, 4.0}
    assert fitted
    factors = published_sample.truth("season")
    true = {int(row["month"]): float(row["factor"]) for row in factors}
    mean = sum(true.values()) / 12
    for month, found in published_sample.query(
        "select cast(right(parameter, 2) as integer), value from kam.ltv_model"
        f" where as_of_date = {NIGHT} and fit_segment = 'company' and part = 'seasonality'"
    ):
        assert found == pytest.approx(true[month] / mean, abs=0.08)


def test_every_rung_but_the_first_says_why_not_the_one_above(published_sample: World) -> None:
    assert published_sample.query(
        "select count(*) from kam.ltv_model where part = 'orders'"
        " and (rung = 1) <> (reason is null)"
    ) == [(0,)]
