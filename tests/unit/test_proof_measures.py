"""Every measure of the proof, against its definition."""

from zlib import crc32

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import minimize
from scipy.special import expit, logit
from scipy.stats import kstest, norm, rankdata, spearmanr

from assets.scores.proof.amounts import AmountProof
from assets.scores.proof.chance import continued_crc32, pair_chance
from assets.scores.proof.events import EventProof
from assets.scores.proof.forecasts import LEVELS, crps, randomised_pit
from assets.scores.proof.pairs import Pairs
from assets.scores.proof.pool import Pool
from tests.proof_pairs import LAST_MATURED, RIVAL, amounts, events, rows


def replicated(pairs: Pairs, counts: np.ndarray) -> np.ndarray:
    """Positions of the pairs, each as often as its group was drawn."""
    return np.repeat(np.arange(len(pairs.actual)), counts[pairs.group_code])


def auc_by_pairs(event: np.ndarray, risk: np.ndarray) -> float:
    wins = [
        float(hit > miss) + 0.5 * float(hit == miss)
        for hit in risk[event == 1]
        for miss in risk[event == 0]
    ]
    return float(np.mean(wins))


def gini_by_ranks(actual: np.ndarray, forecast: np.ndarray) -> float:
    own, best = rankdata(forecast), rankdata(actual)
    return float(np.cov(own, actual)[0, 1] / np.cov(best, actual)[0, 1])


def top_share_by_pairs(actual: np.ndarray, forecast: np.ndarray, share: float) -> float:
    """Highest first; those equal to the one at the cut are taken in equal part."""
    wanted, taken = share * len(actual), 0.0
    for value in np.unique(forecast)[::-1]:
        tied = actual[forecast == value]
        part = min(1.0, max(0.0, wanted / len(tied)))
        taken, wanted = taken + part * tied.sum(), wanted - part * len(tied)
    return float(taken / actual.sum())


def test_four_clients_by_hand() -> None:
    """Outcomes 0, 10, 20, 70 (the first without order: -2 of costs), forecasts 10, 10, 30, 50."""
    percentiles = np.vstack(
        [np.zeros(99), np.full(99, 10.0), 30.0 + np.arange(-49, 50), np.arange(1.0, 100.0)]
    )
    pairs = amounts(
        [-2.0, 10.0, 20.0, 70.0],
        [10.0, 10.0, 30.0, 50.0],
        {RIVAL: [0.0, 20.0, 20.0, 20.0]},
        percentiles=percentiles,
        is_without_order=np.array([True, False, False, False]),
    )
    found = rows(pairs)["value"]
    rival = rows(pairs, score_id=RIVAL)["value"]

    assert found["actual_total"] == 98
    assert found["forecast_total"] == 100
    assert found["bias"] == pytest.approx(2 / 98)
    assert found["wape"] == pytest.approx((12 + 0 + 10 + 20) / 102)
    assert found["rmse"] == pytest.approx(np.sqrt((144 + 0 + 100 + 400) / 4))
    assert found["mae_of_median"] == pytest.approx((2 + 0 + 10 + 20) / 4)
    # u: first and second anywhere in [0, 1], the third 39 or 40 of 100, the fourth 69 or 70 of 100
    assert found["coverage_80"] in (0.5, 0.75, 1.0)
    assert found["coverage_80_inclusive"] == 1.0
    # ranks 1.5 1.5 3 4 against 1 2 3 4: 1 - (sum of d^2 = .5, tie term) = 9.5 / sqrt(4.5 x 5) / 2
    assert found["spearman"] == pytest.approx(4.5 / np.sqrt(4.5 * 5))
    # ranks less 2.5: -1 -1 .5 1.5 -> 2 - 10 + 10 + 105; perfect: 3 - 5 + 10 + 105
    assert found["gini"] == pytest.approx(107 / 113)
    # a tenth of four pairs is .4 of the highest, 70
    assert found["top_decile_capture"] == pytest.approx(0.4 * 70 / 98)
    assert rival["wape"] == pytest.approx((2 + 10 + 0 + 50) / 102)
    assert rival["mae_of_median"] == pytest.approx(62 / 4)
    assert rival["crps"] == pytest.approx((0 + 10 + 0 + 50) / 4)
    # three equal at the top: .4 of 3 pairs, of 100
    assert rival["top_decile_capture"] == pytest.approx(0.4 / 3 * 100 / 98)
    assert found["skill_vs:last_12m"] == pytest.approx(1 - 42 / 62)
    assert not {"coverage_80", "coverage_90", "pit_ks"} & set(rival.index)


def test_six_events_by_hand() -> None:
    pairs = events([0, 0, 1, 0, 1, 1], [0.1, 0.2, 0.2, 0.4, 0.6, 0.9], {RIVAL: [1, 1, 1, 2, 2, 2]})
    found = rows(pairs)["value"]
    rival = rows(pairs, score_id=RIVAL)["value"]

    # 9 comparisons; .2 beats .1, ties .2, loses to .4; .6 and .9 win all three
    assert found["auc"] == pytest.approx(7.5 / 9)
    assert rival["auc"] == pytest.approx((2 * (2 + 0.5) + 1) / 9)
    assert found["skill_vs:last_12m"] == pytest.approx(1.5 / 9)
    assert found["brier"] == pytest.approx((0.01 + 0.04 + 0.64 + 0.16 + 0.16 + 0.01) / 6)
    assert found["lift_top_decile"] == pytest.approx(1 / 0.5)
    assert rival["lift_top_decile"] == pytest.approx((2 / 3) / 0.5)
    assert np.isnan(found["brier_skill"])
    # mid-ranks / 6: 1/12, 4/12 (two), 7/12, 9/12, 11/12 -> deciles 1, 4, 6, 8, 10
    assert found["calibration_decile:1"] == pytest.approx(0 - 0.1)
    assert found["calibration_decile:4"] == pytest.approx(0.5 - 0.2)
    assert found["calibration_decile:6"] == pytest.approx(0 - 0.4)
    assert found["calibration_decile:8"] == pytest.approx(1 - 0.6)
    assert found["calibration_decile:10"] == pytest.approx(1 - 0.9)
    assert np.isnan(found["calibration_decile:2"])
    assert not {"brier", "calibration_slope"} & set(rival.index)


@pytest.mark.parametrize("seed", range(5))
def test_resampled_amount_measures_are_those_of_the_repeated_rows(seed: int) -> None:
    draw = np.random.default_rng(seed)
    mean = draw.integers(0, 8, 30).astype(float)
    actual = draw.poisson(mean).astype(float)
    cutoffs = ("2025-09-30", "2025-10-31", "2025-11-30")
    pairs = amounts(actual, mean, {RIVAL: draw.integers(0, 5, 30)}, cutoffs=cutoffs)
    proof = AmountProof(Pool(pairs, pairs.order))
    counts = np.bincount(draw.integers(0, 10, 10), minlength=10)
    found = proof.resampled(counts[:, None].astype(float))

    again = replicated(pairs, counts)
    for rule, point in pairs.rules.items():
        a, f = actual[again], point[again]
        assert found[rule, "wape"][0] == pytest.approx(np.abs(a - f).sum() / a.sum())
        assert found[rule, "bias"][0] == pytest.approx(f.sum() / a.sum() - 1)
        assert found[rule, "rmse"][0] == pytest.approx(np.sqrt(np.mean((a - f) ** 2)))
        assert found[rule, "spearman"][0] == pytest.approx(spearmanr(a, f).statistic)
        assert found[rule, "gini"][0] == pytest.approx(gini_by_ranks(a, f))
        top = top_share_by_pairs(a, f, 0.1)
        assert found[rule, "top_decile_capture"][0] == pytest.approx(top)


@pytest.mark.parametrize("seed", range(5))
def test_resampled_event_measures_are_those_of_the_repeated_rows(seed: int) -> None:
    draw = np.random.default_rng(seed)
    probability = draw.integers(1, 20, 60) / 20
    event = (draw.random(60) < probability).astype(float)
    pairs = events(event, probability, {RIVAL: draw.integers(0, 4, 60)})
    proof = EventProof(Pool(pairs, pairs.order))
    counts = np.bincount(draw.integers(0, 60, 60), minlength=60)
    found = proof.resampled(counts[:, None].astype(float))

    again = replicated(pairs, counts)
    for rule, risk in pairs.rules.items():
        e, r = event[again], risk[again]
        assert found[rule, "auc"][0] == pytest.approx(auc_by_pairs(e, r))
        assert found[rule, "spearman"][0] == pytest.approx(spearmanr(e, r).statistic)
        lift = top_share_by_pairs(e, r, 0.1) / 0.1
        assert found[rule, "lift_top_decile"][0] == pytest.approx(lift)
    e, p = event[again], probability[again]
    assert found["ltv", "brier"][0] == pytest.approx(np.mean((e - p) ** 2))
    assert found["ltv", "calibration_slope"][0] == pytest.approx(slope_by_search(e, p), rel=1e-4)


def slope_by_search(event: np.ndarray, probability: np.ndarray) -> float:
    x = logit(np.clip(probability, 0.001, 0.999))

    def loss(theta: np.ndarray) -> float:
        eta = theta[0] + theta[1] * x
        return float(np.sum(np.logaddexp(0.0, eta) - event * eta))

    return float(minimize(loss, [0.1, 0.5], method="BFGS").x[1])


def test_ranks_in_classes_give_the_resamples_of_exact_ranks() -> None:
    """With 4,000 distinct forecasts; literal re-ranking of the repeated rows is the truth."""
    draw = np.random.default_rng(7)
    level = np.tile(draw.gamma(1.0, 100.0, 200), 20)
    actual, mean = level * draw.gamma(3.0, 1 / 3, 4000), level * draw.gamma(9.0, 1 / 9, 4000)
    cutoffs = np.arange("2022-01", "2023-09", dtype="datetime64[M]")[:20].astype(str)
    pairs = amounts(actual, mean, cutoffs=[f"{month}-28" for month in cutoffs])
    proof = AmountProof(Pool(pairs, pairs.order))
    counts = np.stack([np.bincount(draw.integers(0, 200, 200), minlength=200) for _ in range(40)])
    weights = np.vstack([np.ones(200), counts]).T
    exact, found = proof.exact(), proof.resampled(weights)

    def truth(measure: str, drawn: np.ndarray) -> float:
        again = replicated(pairs, drawn)
        a, f = actual[again], mean[again]
        if measure == "spearman":
            return float(spearmanr(a, f).statistic)
        if measure == "pit_ks":
            return float(kstest(pairs.pit[again], "uniform").statistic)
        gini = gini_by_ranks(a, f)
        return gini if measure == "gini" else top_share_by_pairs(a, f, 0.1)

    allowed = {"spearman": 0.05, "gini": 0.05, "pit_ks": 0.1, "top_decile_capture": 0.15}
    for measure, share_of_deviation in allowed.items():
        draws = found["ltv", measure]
        shifted = draws[1:] + exact["ltv", measure] - draws[0]
        wanted = np.array([truth(measure, drawn) for drawn in counts])
        assert exact["ltv", measure] == pytest.approx(truth(measure, np.ones(200, dtype=int)))
        error = np.sqrt(np.mean((shifted - wanted) ** 2))
        assert error < share_of_deviation * wanted.std(), measure


def test_the_crps_of_a_normal_forecast_is_the_closed_form() -> None:
    """Gneiting and Raftery 2007: sigma (z (2 Phi(z) - 1) + 2 phi(z) - 1 / sqrt(pi))."""
    z = np.array([-2.0, -0.3, 0.0, 1.1, 2.4])
    closed = z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - 1 / np.sqrt(np.pi)

    found = crps(np.tile(norm.ppf(LEVELS), (5, 1)), z)

    assert found == pytest.approx(closed, abs=0.02)


def test_the_crps_is_the_area_between_two_distributions() -> None:
    """Of a forecast uniform on [0, 100]: the integral of (F(x) - [x >= y])^2, for y = 20."""
    area = quad(lambda x: (x / 100) ** 2, 0, 20)[0] + quad(lambda x: (x / 100 - 1) ** 2, 20, 100)[0]

    [found] = crps(np.arange(1.0, 100.0)[None, :], np.array([20.0]))

    assert found == pytest.approx(area, rel=0.01)


def test_a_point_rule_has_its_absolute_error_as_crps() -> None:
    percentiles = np.repeat(np.array([[3.0], [-4.0], [0.0]]), 99, axis=1)

    assert crps(percentiles, np.array([5.5, 1.0, 0.0])) == pytest.approx([2.5, 5.0, 0.0])


@pytest.mark.parametrize(
    ("actual", "chance", "u"),
    [
        (0.0, 0.0, 0.0),
        (0.0, 0.999999, 0.61),
        (7.0, 0.5, (60 + 0.5 * 40) / 100),
        (3.0, 0.5, (60 + 0.5 * 1) / 100),
        (9.0, 1.0, 1.0),
        (-1.0, 1.0, 0.01),
    ],
)
def test_the_place_of_an_outcome_in_60_zeros_and_39_sevens(
    actual: float, chance: float, u: float
) -> None:
    percentiles = np.repeat([0.0, 7.0], [60, 39])[None, :]

    [found] = randomised_pit(percentiles, np.array([actual]), np.array([chance]))

    assert found == pytest.approx(u, abs=1e-5)


def test_chance_is_seeded_by_the_check_sum_of_group_date_and_horizon() -> None:
    texts = ["G1|2026-03-31|90", "Ünion|2024-02-29|90"]
    heads = np.array([crc32(text.split("|")[0].encode()) for text in texts], dtype=np.uint32)
    tails = np.array([list(text[text.index("|") :].encode()) for text in texts], dtype=np.uint8)

    assert continued_crc32(heads, tails).tolist() == [crc32(text.encode()) for text in texts]


def test_chance_is_uniform_and_independent_over_groups_dates_and_horizons() -> None:
    groups = np.array([f"erp:{place:05}" for place in range(2000)], dtype=object)
    days = np.full(2000, LAST_MATURED, dtype="datetime64[D]")
    one = pair_chance(groups, days, 90)
    others = [pair_chance(groups, days - 31, 90), pair_chance(groups, days, 365), np.roll(one, 1)]

    assert kstest(one, "uniform").pvalue > 0.01
    for other in others:
        assert kstest((one - other) % 1.0, "uniform").pvalue > 0.01
        assert abs(spearmanr(one, other).statistic) < 3 / np.sqrt(2000)
    assert pair_chance(groups[[7]], days[[7]], 90)[0] == one[7]


def test_the_brier_reference_is_the_rate_of_windows_that_had_ended() -> None:
    """Windows of 90 days from 31 January end on 1 May: known on 31 May, not on 30 April."""
    cutoffs = ("2025-01-31", "2025-04-30", "2025-05-31")
    pairs = events([1, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0], np.full(12, 0.5), cutoffs=cutoffs)

    skill = rows(pairs)["value"]["brier_skill"]

    # only the four of 31 May have a reference, 1 of 4; they came at 2 of 4
    assert skill == pytest.approx(1 - 4 * 0.25 / (2 * 0.75**2 + 2 * 0.25**2))


def test_an_overconfident_probability_has_a_slope_below_one() -> None:
    draw = np.random.default_rng(3)
    truth = draw.normal(0.0, 1.5, 20_000)
    event = draw.random(20_000) < expit(truth)

    honest = rows(events(event, expit(truth)))["value"]
    bold = rows(events(event, expit(2 * truth)))["value"]

    assert honest["calibration_slope"] == pytest.approx(1.0, abs=0.05)
    assert bold["calibration_slope"] == pytest.approx(0.5, abs=0.05)
    assert max(abs(honest[f"calibration_decile:{k}"]) for k in range(1, 11)) < 0.04
    assert bold["calibration_decile:10"] < -0.04 < 0.04 < bold["calibration_decile:1"]
    assert bold["auc"] == honest["auc"]


def test_a_window_that_ends_on_the_decision_date_had_ended() -> None:
    """90 days from 30 November 2024 end on 28 February 2025."""
    pairs = events([1, 0, 0, 0, 1, 1, 0, 0], np.full(8, 0.5), cutoffs=("2024-11-30", "2025-02-28"))

    skill = rows(pairs)["value"]["brier_skill"]

    assert skill == pytest.approx(1 - 4 * 0.25 / (2 * 0.75**2 + 2 * 0.25**2))


def test_what_classes_take_from_the_value_is_given_back_to_the_interval() -> None:
    """A perfect score of 1,000 distinct risks, parted in the middle of a class."""
    risk = np.arange(1000) / 1000
    row = rows(events(risk >= 0.495, risk)).loc["auc"]

    assert row["value"] == 1.0
    assert row["hi"] == 1.0
    assert row["lo"] > 0.9999
