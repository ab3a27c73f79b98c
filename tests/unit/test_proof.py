"""score_backtest: what is pooled, what is proven, and what would give a bad score away."""

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from scipy.stats import nbinom

from assets.scores.proof.forecasts import LEVELS, AmountForecast
from assets.scores.proof.night import COLUMNS
from assets.scores.proof.pairs import ProofSettings
from assets.scores.proof.windows import add_months, count_independent
from tests.proof_pairs import LAST_MATURED, RIVAL, SETTINGS, amounts, events, rows, table

SKILL = "skill_vs:last_12m"
TWO = ("2025-09-30", LAST_MATURED)  # windows that do not overlap


def market(n: int, seed: int = 1) -> tuple[Any, Any]:
    """Order rates of n pairs, and the orders that come at them."""
    draw = np.random.default_rng(seed)
    rate = draw.gamma(2.0, 3.0, n)
    return rate, draw.poisson(rate).astype(float)


def days(*texts: str) -> Any:
    return np.array(texts, dtype="datetime64[D]")


def test_the_settings_are_those_of_the_company() -> None:
    with open("config/metrics.yml", encoding="utf-8") as file:
        settings = ProofSettings.of(yaml.safe_load(file))

    assert (settings.pool_months, settings.pool_months_1095) == (36, 72)
    assert (settings.min_events, settings.min_non_events, settings.min_groups) == (10, 10, 30)
    assert (settings.bootstrap, settings.interval) == (500, (0.05, 0.95))


@pytest.mark.parametrize(
    ("day", "months", "landed"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2025-11-30", 3, "2026-02-28"),
        ("2026-02-28", 3, "2026-05-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2026-03-31", -36, "2023-03-31"),
        ("2024-02-29", -36, "2021-02-28"),
    ],
)
def test_months_are_of_the_calendar(day: str, months: int, landed: str) -> None:
    assert add_months(days(day), months) == days(landed)


def test_windows_that_touch_do_not_overlap() -> None:
    starts = days("2025-01-31", "2025-02-28", "2025-03-31", "2025-04-30", "2025-05-31")

    assert count_independent(starts, add_months(starts, 1)) == 5
    assert count_independent(starts, add_months(starts, 2)) == 3
    assert count_independent(starts, add_months(starts, 3)) == 2
    assert count_independent(starts, starts + np.timedelta64(90, "D")) == 2
    assert count_independent(starts, add_months(starts, 12)) == 1
    assert count_independent(starts[:0], starts[:0]) == 0


@pytest.mark.parametrize(
    ("cutoff", "horizon_days", "months", "is_pooled"),
    [
        ("2025-12-31", 90, 3, True),
        ("2026-01-31", 90, 3, False),
        ("2025-12-31", 90, None, True),
        ("2023-04-30", 90, 3, True),
        ("2023-03-31", 90, 3, False),
        ("2025-03-31", 365, 12, True),
        ("2025-04-30", 365, 12, False),
        ("2023-03-31", 1095, 36, True),
        ("2023-04-30", 1095, 36, False),
        ("2020-04-30", 1095, 36, True),
        ("2020-03-31", 1095, 36, False),
    ],
)
def test_the_pool_holds_what_has_ended_and_is_not_too_old(
    cutoff: str, horizon_days: int, months: int | None, is_pooled: bool
) -> None:
    timed = {"horizon_days": horizon_days, "horizon_months": months}
    found = rows(amounts([1.0, 2.0], [1.0, 2.0], cutoffs=(cutoff,), **timed))

    assert (found["n"] == (2 if is_pooled else 0)).all()
    assert (found.loc[SKILL, "verdict"] == "NOT_VALIDATED") is not is_pooled


def test_ninety_days_are_not_three_months() -> None:
    """From 31 January, 90 days end on 1 May: on 30 April one day is still to come."""
    pairs = events([1, 0], [0.9, 0.1], cutoffs=("2025-01-31",))

    assert rows(pairs, as_of=date(2025, 4, 30)).loc[SKILL, "verdict"] == "NOT_VALIDATED"
    assert rows(pairs, as_of=date(2025, 5, 1)).loc["auc", "n"] == 2


def test_what_has_not_ended_changes_nothing() -> None:
    rate, orders = market(120)
    cutoffs = (*TWO, "2026-01-31", "2026-03-31")
    leaking = amounts(np.tile(orders, 4), np.tile(rate, 4), cutoffs=cutoffs)
    future = leaking.cutoff_date > days(LAST_MATURED)
    foreseen = replace(leaking, actual=np.where(future, 1e9, leaking.actual))
    blind = replace(leaking, actual=np.where(future, np.nan, leaking.actual))

    pd.testing.assert_frame_equal(table(leaking), table(foreseen), check_exact=True)
    pd.testing.assert_frame_equal(table(leaking), table(blind), check_exact=True)


def test_a_night_sees_what_the_night_before_could_not() -> None:
    rate, orders = market(80)
    pairs = amounts(orders, rate, cutoffs=TWO)

    assert (rows(pairs, as_of=date(2025, 12, 31))["n_cutoffs"] == 1).all()
    assert (rows(pairs, as_of=date(2026, 3, 30))["n_cutoffs"] == 1).all()
    assert (rows(pairs)["n_cutoffs"] == 2).all()


def test_score_and_rivals_are_judged_on_the_same_pairs() -> None:
    pairs = amounts(
        [1.0, 2.0, np.nan, 4.0, 5.0],
        [1.0, np.nan, 3.0, 4.0, 6.0],
        {RIVAL: [2.0, 2.0, 2.0, 2.0, 2.0], "baseline:hiatus": [1.0, 1.0, 1.0, np.nan, 1.0]},
    )
    found = table(pairs)
    found = found[(found["population"] == "all") & (found["basis"] == "known")]

    assert (found["n"] == 2).all()
    assert (found["n_unscored"] == 2).all()
    actual = found[found["measure"] == "actual_total"].set_index("score_id")["value"]
    assert actual.to_dict() == {"ltv": 6, RIVAL: 6, "baseline:hiatus": 6}


def test_populations_are_those_of_the_decision_date() -> None:
    pairs = amounts(
        np.arange(1.0, 9.0),
        np.arange(1.0, 9.0),
        cutoffs=TWO,
        is_key=np.array([True, False, False, False, True, True, False, False]),
        fit_segment=np.array(["A", "A", "B", "A", "A", "B", "B", "company"], dtype=object),
    )
    found = table(pairs, with_channels=True)
    totals = found[found["measure"].eq("actual_total") & found["score_id"].eq("ltv")]
    totals = totals[totals["basis"] == "known"].set_index("population")["value"]

    assert totals.to_dict() == {
        "all": 36.0,
        "key": 1.0 + 5.0 + 6.0,
        "channel:A": 1.0 + 2.0 + 4.0 + 5.0,
        "channel:B": 3.0 + 6.0 + 7.0,
    }
    assert set(table(pairs)["population"]) == {"all", "key"}


def test_known_and_reconstructed_are_never_mixed() -> None:
    rate, orders = market(120)
    is_known = np.arange(120) % 3 == 0
    pairs = amounts(orders, rate, cutoffs=TWO, is_known=is_known)
    other = replace(pairs, actual=np.where(is_known, orders, 7 * orders + 1))

    pd.testing.assert_frame_equal(rows(pairs), rows(other), check_exact=True)
    assert rows(pairs)["n"].iloc[0] + rows(pairs, basis="reconstructed")["n"].iloc[0] == 120


def test_every_row_has_a_place_and_the_key_is_unique() -> None:
    rate, orders = market(200)
    found = table(amounts(orders, rate, cutoffs=TWO), events(orders > 5, 1 - 1 / (1 + rate)))

    assert list(found) == list(COLUMNS)
    key = ["score_id", "outcome", "horizon_days", "population", "basis", "measure"]
    assert not found.duplicated(key).any()
    assert not found["is_primary"].any()
    assert found.loc[found["measure"].str.startswith("skill_vs:"), "verdict"].notna().all()
    assert found.loc[~found["measure"].str.startswith("skill_vs:"), "verdict"].isna().all()


def test_the_counts_say_what_stands_behind_a_row() -> None:
    pairs = amounts(
        np.ones(12),
        np.ones(12),
        cutoffs=("2025-09-30", "2025-10-31", "2025-11-30", "2025-12-31"),
        config_version=np.array(["c1"] * 6 + ["c2"] * 6, dtype=object),
    )
    row = rows(pairs).loc["wape"]

    assert (row["n"], row["n_events"], row["n_cutoffs"]) == (12, 3, 4)
    assert (row["n_independent_cutoffs"], row["n_config_versions"]) == (2, 2)
    assert row["first_cutoff_date"] == pd.Timestamp("2025-09-30")
    assert row["last_cutoff_date"] == pd.Timestamp("2025-12-31")


def better(**how: Any) -> Any:
    """Forecasts at the true rate against a rule that adds noise to it."""
    rate, orders = market(600)
    noise = np.random.default_rng(2).gamma(1.0, 1.0, 600)
    return amounts(orders, rate, {RIVAL: rate * noise}, **({"cutoffs": TWO} | how))


def test_a_better_score_is_proven_better() -> None:
    row = rows(better()).loc[SKILL]

    assert 0 < row["lo"] < row["value"] < row["hi"]
    assert row["verdict"] == "BETTER_THAN_BASELINE"


def test_a_worse_score_is_told() -> None:
    pairs = better()
    swapped = amounts(pairs.actual, pairs.rivals[RIVAL], {RIVAL: pairs.score.rank}, cutoffs=TWO)

    assert rows(swapped).loc[SKILL, "verdict"] == "WORSE"
    reconstructed = replace(swapped, is_known=np.zeros(600, dtype=bool))
    assert rows(reconstructed, basis="reconstructed").loc[SKILL, "verdict"] == "WORSE"


def test_a_score_as_good_as_its_rival_is_not_proven() -> None:
    rate, orders = market(600)
    draw = np.random.default_rng(5)
    one, two = rate * draw.gamma(4.0, 0.25, 600), rate * draw.gamma(4.0, 0.25, 600)
    row = rows(amounts(orders, one, {RIVAL: two}, cutoffs=TWO)).loc[SKILL]

    assert row["lo"] < 0 < row["hi"]
    assert row["verdict"] == "NOT_PROVEN"


def test_reconstructed_forecasts_prove_nothing() -> None:
    row = rows(better(is_known=np.zeros(600, dtype=bool)), basis="reconstructed").loc[SKILL]

    assert row["lo"] > 0
    assert row["verdict"] == "NOT_PROVEN"


def test_overlapping_windows_prove_nothing() -> None:
    row = rows(better(cutoffs=("2025-11-30", LAST_MATURED))).loc[SKILL]

    assert row["lo"] > 0
    assert (row["n_independent_cutoffs"], row["verdict"]) == (1, "NOT_PROVEN")


def test_nothing_matured_leaves_only_that_to_say() -> None:
    found = table(better(cutoffs=("2026-02-28", "2026-03-31")))

    assert set(found["measure"]) == {SKILL}
    assert set(found["verdict"]) == {"NOT_VALIDATED"}
    assert found[["value", "lo", "hi"]].isna().all(axis=None)
    assert (found["n"] == 0).all()
    assert set(zip(found["population"], found["basis"], strict=True)) == {
        (population, basis) for population in ("all", "key") for basis in ("known", "reconstructed")
    }


@pytest.mark.parametrize(("n_groups", "is_enough"), [(29, False), (30, True)])
def test_under_thirty_groups_only_counts_are_given(n_groups: int, is_enough: bool) -> None:
    rate, orders = market(2 * n_groups)
    few = replace(SETTINGS, min_groups=30)
    found = rows(amounts(orders, rate, cutoffs=TWO), settings=few)

    assert found["value"].notna().all() == is_enough
    assert found[["value", "lo", "hi"]].isna().all(axis=None) != is_enough
    assert (found.loc[SKILL, "verdict"] == "TOO_FEW_EVENTS") != is_enough
    assert (found["n_events"] == n_groups).all()


@pytest.mark.parametrize(
    ("n_events", "n_others", "is_enough"), [(9, 50, False), (10, 10, True), (50, 9, False)]
)
def test_under_ten_events_or_non_events_only_counts_are_given(
    n_events: int, n_others: int, is_enough: bool
) -> None:
    actual = np.repeat([1.0, 0.0], [n_events, n_others])
    risk = np.linspace(0.9, 0.1, len(actual))
    few = replace(SETTINGS, min_events=10, min_non_events=10)
    found = rows(events(actual, risk), settings=few)

    assert np.isfinite(found.loc["auc", "value"]) == is_enough
    assert (found.loc[SKILL, "verdict"] == "TOO_FEW_EVENTS") != is_enough
    assert (found["n_events"] == n_events).all()


def test_outcomes_without_any_score_are_unscored_and_too_few() -> None:
    found = rows(amounts([1.0, 2.0], [np.nan, np.nan]))

    assert (found["n_unscored"] == 2).all()
    assert found.loc[SKILL, "verdict"] == "TOO_FEW_EVENTS"
    assert found["first_cutoff_date"].isna().all()


def test_a_score_against_itself_has_no_skill_at_all() -> None:
    rate, orders = market(3000)
    draw = np.random.default_rng(4)
    same = amounts(orders, rate, {"baseline:a": rate * draw.random(3000), "baseline:b": rate})
    risk = draw.random(3000)
    event = events(draw.random(3000) < risk, risk, {"baseline:b": 7 * risk - 3})

    for pairs in (same, event):
        row = rows(pairs).loc["skill_vs:b"]
        assert (row["value"], row["lo"], row["hi"]) == (0.0, 0.0, 0.0)
        assert row["verdict"] == "NOT_PROVEN"


def test_rivals_share_the_resamples_of_the_score() -> None:
    """The gain of 1 % over a rule is certain though neither error is known within 1 %."""
    rate, orders = market(400)
    found = amounts(orders, rate, {RIVAL: orders + 1.01 * (rate - orders)}, cutoffs=TWO)
    row, own = rows(found).loc[SKILL], rows(found).loc["wape"]

    assert row["hi"] - row["lo"] < 1e-9
    assert own["hi"] - own["lo"] > 0.01


def test_a_rule_worse_than_chance_counts_as_chance() -> None:
    draw = np.random.default_rng(6)
    risk = draw.random(2000)
    pairs = events(draw.random(2000) < risk, risk, {RIVAL: -risk})
    found = rows(pairs)

    assert rows(pairs, score_id=RIVAL).loc["auc", "value"] < 0.4
    assert found.loc[SKILL, "value"] == pytest.approx(found.loc["auc", "value"] - 0.5)
    assert found.loc[SKILL, "lo"] == pytest.approx(found.loc["auc", "lo"] - 0.5)


def test_the_resamples_are_of_groups_not_of_pairs() -> None:
    """Each group repeats its own outcome at twelve dates: 40 facts, not 480."""
    rate, orders = market(40)
    cutoffs = np.arange("2025-01", "2026-01", dtype="datetime64[M]")
    ends = ((cutoffs + 1).astype("datetime64[D]") - 1).astype(str).tolist()
    once = rows(amounts(orders, rate)).loc["wape"]
    often = rows(amounts(np.tile(orders, 12), np.tile(rate, 12), cutoffs=ends)).loc["wape"]

    assert often["n"] == 12 * once["n"]
    assert often[["value", "lo", "hi"]].tolist() == pytest.approx(once[["value", "lo", "hi"]])


def test_the_interval_is_that_of_resampled_groups() -> None:
    """A mean over 200 groups: the bootstrap must give 1.645 standard errors to either side."""
    draw = np.random.default_rng(8)
    error = draw.normal(0.0, 1.0, 200)
    row = rows(amounts(100.0 + error, np.full(200, 100.0)), score_id=RIVAL).loc["forecast_total"]
    total = rows(amounts(100.0 + error, np.full(200, 100.0))).loc["bias"]
    deviation = error.std() / np.sqrt(200) / 100

    assert total["hi"] - total["lo"] == pytest.approx(2 * 1.645 * deviation, rel=0.15)
    assert (row["lo"], row["hi"]) == (20200.0, 20200.0)


def negative_binomial(n: int) -> tuple[Any, Any, Any]:
    """Orders of dormant and lively clients, mostly none, with the exact distribution of each."""
    draw = np.random.default_rng(9)
    shape, mean = 0.3, draw.gamma(0.5, 3.0, n) + 0.02
    orders = nbinom.rvs(shape, shape / (shape + mean), random_state=draw).astype(float)
    percentiles = nbinom.ppf(LEVELS, shape, (shape / (shape + mean))[:, None])
    return mean, orders, percentiles


def test_an_exact_model_is_covered_by_randomised_pit_and_the_plain_share_flatters_it() -> None:
    n = 8000
    mean, orders, percentiles = negative_binomial(n)
    found = rows(amounts(orders, mean, percentiles=percentiles))["value"]

    assert np.mean(orders == 0) > 0.5
    assert abs(found["coverage_80"] - 0.80) < 3 * np.sqrt(0.16 / n)
    assert abs(found["coverage_90"] - 0.90) < 3 * np.sqrt(0.09 / n)
    assert found["pit_ks"] < 1.63 / np.sqrt(n) + 0.005
    assert found["coverage_80_inclusive"] > 0.90


def test_narrow_intervals_are_exposed() -> None:
    mean, orders, percentiles = negative_binomial(8000)
    narrow = np.round(mean[:, None] + 0.4 * (percentiles - mean[:, None]))
    honest = rows(amounts(orders, mean, percentiles=percentiles))["value"]
    found = rows(amounts(orders, mean, percentiles=narrow))["value"]

    assert found["coverage_80"] < 0.70
    assert found["pit_ks"] > 5 * honest["pit_ks"]
    assert found["crps"] > honest["crps"]


def test_an_actual_without_order_counts_as_nothing_where_it_meets_percentiles() -> None:
    """Costs of 3 posted to clients that never ordered are no miss of a forecast of 0."""
    n = 1000
    zeros, costs = np.zeros(n), np.full(n, -3.0)
    silent = amounts(costs, zeros, is_without_order=np.ones(n, dtype=bool))
    lively = amounts(costs, zeros, is_without_order=np.zeros(n, dtype=bool))

    assert rows(silent).loc["crps", "value"] == 0
    assert rows(silent).loc["coverage_80", "value"] == pytest.approx(0.80, abs=0.04)
    assert rows(silent).loc["mae_of_median", "value"] == 3
    assert rows(lively).loc["crps", "value"] == pytest.approx(3)
    assert rows(lively).loc["coverage_80", "value"] == 0


def test_losses_and_zeros_leave_no_infinite_number() -> None:
    nothing = amounts(np.zeros(40), np.zeros(40), {RIVAL: np.zeros(40)})
    losses = amounts(-np.arange(40.0), -np.arange(40.0) - 1.0)

    for found in (rows(nothing), rows(losses)):
        assert not np.isinf(found[["value", "lo", "hi"]].to_numpy()).any()
    assert rows(nothing).loc[SKILL, "verdict"] == "NOT_PROVEN"
    assert np.isnan(rows(nothing).loc["wape", "value"])
    assert np.isnan(rows(losses).loc["top_decile_capture", "value"])
    assert rows(losses).loc["gini", "value"] == pytest.approx(1.0)
    assert rows(losses).loc["bias", "value"] < 0


def test_cents_and_euros_agree() -> None:
    mean, orders, percentiles = negative_binomial(300)
    euros = amounts(orders, mean, percentiles=percentiles)
    cents = replace(
        euros,
        actual=100 * euros.actual,
        score=AmountForecast(100 * mean, 100 * percentiles, orders == 0),
        rivals={RIVAL: 100 * euros.rivals[RIVAL]},
    )
    one, two = rows(euros), rows(cents)
    in_money = ["rmse", "mae_of_median", "crps", "actual_total", "forecast_total"]
    free = [measure for measure in one.index if measure not in in_money]

    numbers = ["value", "lo", "hi"]
    assert two.loc[free, numbers].to_numpy() == pytest.approx(one.loc[free, numbers].to_numpy())
    assert two.loc[in_money, "value"].tolist() == pytest.approx(
        (100 * one.loc[in_money, "value"]).tolist()
    )


def test_a_night_repeats_itself_and_another_draws_anew() -> None:
    pairs = better()
    again, tomorrow = rows(better()), rows(pairs, as_of=date(2026, 4, 1))

    pd.testing.assert_frame_equal(rows(pairs), again, check_exact=True)
    assert tomorrow.loc["wape", "value"] == again.loc["wape", "value"]
    assert tomorrow.loc["wape", "lo"] != again.loc["wape", "lo"]
