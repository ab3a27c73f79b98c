"""The rung a segment stands on is the first that meets its conditions, and says why no higher."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import betaln, gammaln, logsumexp

from assets.scores.ltv.mbg_cnbd import Parameters, Purchases
from assets.scores.ltv.mbg_fit import MbgFit, fit_k, fit_mbg_cnbd
from assets.scores.ltv.rungs import (
    NAIVE,
    OWN,
    POOLED,
    RUN_RATE,
    SegmentFit,
    fit_orders,
    fit_segments,
    flaw_of,
)
from assets.scores.ltv.score import Scored, score_cutoffs
from assets.scores.ltv.settings import LtvSettings
from assets.scores.ltv.trial import Choice, Misses, Trial, choose, try_rungs
from tests.ltv.client import Client, every, number, text
from tests.ltv.company import SETTINGS, company, crowd
from tests.ltv.simulator import Market, simulate
from tests.ltv.summary import Floats, summarise

NIGHT = "2024-06-30"
QUICK = replace(SETTINGS, k_max=2)


def seen(n_repeaters: int, k: int = 1, n_once: int = 20) -> Purchases:
    """So many repeaters and others of one market."""
    market = Market(k=k, r=1.4, alpha=14.0 / k, n_clients=4 * (n_repeaters + n_once), seed="ladder")
    history = summarise(simulate(market).log, market.cutoff)
    repeats, once = np.flatnonzero(history.x > 0), np.flatnonzero(history.x == 0)
    kept = np.sort(np.concatenate([repeats[:n_repeaters], once[:n_once]]))
    return Purchases(history.x, history.t_x, history.T, history.log_gaps).taken(kept)


def log_likelihood(k: int, theta: Floats, seen: Purchases) -> float:
    """The sum over clients as the design writes it, in logarithms."""
    r, alpha, a, b = theta
    x, last, end = seen.n_repeats.astype(float), seen.last, seen.observed
    size = r + k * x
    with np.errstate(divide="ignore"):
        stages = [
            gammaln(size + j) - gammaln(size) - gammaln(j + 1)
            + (j * np.log((end - last) / (alpha + end)) if j else 0.0)
            for j in range(k)
        ]  # fmt: skip
    lost = np.log(a / (b + x)) + size * np.log((alpha + end) / (alpha + last))
    each = (
        betaln(a, b + x + 1) - betaln(a, b) + gammaln(size) - gammaln(r) + r * np.log(alpha)
        - size * np.log(alpha + end) + (k - 1) * seen.log_gaps - x * gammaln(k)
        + logsumexp([*stages, lost], axis=0)
    )  # fmt: skip
    return float(each.sum())


@pytest.fixture(scope="module")
def parent() -> MbgFit:
    return fit_k(seen(400, k=2), 2)


@pytest.mark.parametrize(
    ("n_repeaters", "rung", "why_not"),
    [
        (100, OWN, {}),
        (99, POOLED, {OWN: "TOO_FEW_REPEATERS"}),
        (30, POOLED, {OWN: "TOO_FEW_REPEATERS"}),
        (29, None, {OWN: "TOO_FEW_REPEATERS", POOLED: "TOO_FEW_REPEATERS"}),
    ],
)
def test_as_many_repeaters_as_a_rung_needs_reach_it(
    parent: MbgFit, n_repeaters: int, rung: int | None, why_not: dict[int, str]
) -> None:
    found, reasons = fit_orders(seen(n_repeaters), parent, QUICK)

    assert list(found) == ([rung] if rung else [])
    assert reasons == why_not


def test_without_a_parent_on_the_first_rung_nothing_is_pooled() -> None:
    found, reasons = fit_orders(seen(60), None, QUICK)

    assert found == {}
    assert reasons == {OWN: "TOO_FEW_REPEATERS", POOLED: "TOO_FEW_REPEATERS"}


@pytest.mark.parametrize(
    ("condition", "reason"),
    [
        ({"log_parameter_max": 0.01}, "AT_BOUND"),
        ({"gradient_max": 0.0}, "NOT_CONVERGED"),
        ({"log_standard_error_max": 1e-4}, "WIDE_ERRORS"),
    ],
)
def test_a_broken_condition_leads_down_and_is_named(
    parent: MbgFit, condition: dict[str, float], reason: str
) -> None:
    broken: LtvSettings = replace(QUICK, **condition)

    assert fit_orders(seen(150), parent, broken) == ({}, {OWN: reason, POOLED: reason})


def test_a_broken_condition_of_the_first_rung_alone_leads_to_the_second(parent: MbgFit) -> None:
    """The pull to the parent narrows the errors that are too wide without it."""
    clients = seen(100, n_once=0)
    own = fit_mbg_cnbd(clients, 2)
    pooled, _ = fit_orders(clients, parent, replace(QUICK, min_repeaters=101))
    widest = [fit.log_standard_errors.max() for fit in (own, pooled[POOLED])]
    between = replace(QUICK, log_standard_error_max=sum(widest) / 2)

    assert widest[0] > 1.05 * widest[1]
    found, reasons = fit_orders(clients, parent, between)
    assert list(found) == [POOLED]
    assert reasons == {OWN: "WIDE_ERRORS"}


def test_a_fit_without_errors_or_with_a_parameter_far_out_cannot_serve(parent: MbgFit) -> None:
    far = replace(parent, parameters=Parameters(1, 1.0, np.exp(9.01), 1.0, 1.0))
    near = replace(parent, parameters=Parameters(1, 1.0, np.exp(8.99), 1.0, 1.0))
    unsure = replace(parent, covariance=np.full((4, 4), np.nan))

    assert flaw_of(parent, SETTINGS) is None
    assert flaw_of(near, SETTINGS) is None
    assert flaw_of(far, SETTINGS) == "AT_BOUND"
    assert flaw_of(unsure, SETTINGS) == "WIDE_ERRORS"
    assert flaw_of(replace(parent, gradient=np.nan), SETTINGS) == "NOT_CONVERGED"


def test_pooled_parameters_maximise_likelihood_less_the_distance_from_the_parent(
    parent: MbgFit,
) -> None:
    """Another likelihood and another search: log L / n - 0.01 |log theta - log theta_parent|^2."""
    clients = seen(40, k=2)
    [pooled] = fit_orders(clients, parent, QUICK)[0].values()
    centre = parent.parameters.log_theta

    def loss(log_theta: Floats) -> float:
        away = log_theta - centre
        return 0.01 * float(away @ away) - log_likelihood(2, np.exp(log_theta), clients) / clients.n

    best = minimize(loss, centre, method="BFGS", options={"gtol": 1e-8})
    assert pooled.parameters.k == parent.parameters.k == 2
    assert pooled.parameters.log_theta == pytest.approx(best.x, abs=1e-5)
    theta = np.exp(pooled.parameters.log_theta)
    assert pooled.log_likelihood == pytest.approx(log_likelihood(2, theta, clients), rel=1e-12)
    assert np.abs(best.x - centre).max() > 0.05


@pytest.fixture(scope="module")
def scored() -> Scored:
    """A large segment, one of 40 repeaters or so, and a small one."""
    clients = [
        *crowd(400, NIGHT, segment="LARGE"),
        *(replace(c, group_id=f"M{c.group_id}") for c in crowd(80, NIGHT, segment="MIDDLE")),
        *(replace(c, group_id=f"S{c.group_id}") for c in crowd(12, NIGHT, segment="SMALL")),
    ]
    [(found, _, _)] = score_cutoffs(
        company(clients, [NIGHT], delivered_from="2022-06-01", settings=QUICK)
    )
    return found


def test_each_segment_stands_on_the_rung_its_data_allow(scored: Scored) -> None:
    choices = scored.choices

    assert 30 <= scored.fits["MIDDLE"].n_repeaters < 100
    assert {name: (choice.rung, choice.reason) for name, choice in choices.items()} == {
        "company": (OWN, None),
        "LARGE": (OWN, None),
        "MIDDLE": (POOLED, "TOO_FEW_REPEATERS"),
        "SMALL": (RUN_RATE, "TOO_FEW_REPEATERS"),
    }


def test_accounts_carry_the_rung_and_the_method_of_their_segment(scored: Scored) -> None:
    segments = scored.groups.clients.fit_segment
    young = scored.groups.histories.is_new(8.0)
    methods = scored.forecast.method[:, -1]

    for segment, method in (
        ("LARGE", "mbg_cnbd_k"),
        ("MIDDLE", "pooled_mbg_cnbd_k"),
        ("SMALL", "run_rate_survival"),
    ):
        assert set(methods[(segments == segment) & ~young]) == {method}


def test_the_company_is_fitted_on_the_clients_of_all_segments(scored: Scored) -> None:
    fits = scored.fits

    assert fits["company"].n_fitted == sum(
        fits[name].n_fitted for name in ("LARGE", "MIDDLE", "SMALL")
    )


# Choosing on what past forecasts came to.


@pytest.fixture(scope="module")
def plain_fit() -> SegmentFit:
    facts = company([Client("G", every(40, "2023-01-01", NIGHT))], [NIGHT])
    return fit_segments(facts.groups(number(NIGHT)), SETTINGS)["RETAIL"]


def trial(
    day: str, by_rung: Mapping[int, float], naive: float, months: int = 12, actual: float = 100.0
) -> Trial:
    """Misses of the rungs, of the seasonal rule, and a little worse ones of the other rules."""
    rules = {"last_12m": naive + 1, "seasonal": naive, "hiatus": naive + 2}
    return Trial(number(day), {("RETAIL", months): Misses(actual, by_rung, rules)})


def chosen(fit: SegmentFit, *trials: Trial, day: str = NIGHT) -> Choice:
    return choose(fit, trials, number(day), SETTINGS)


@pytest.fixture(scope="module")
def full_fit(plain_fit: SegmentFit, parent: MbgFit) -> SegmentFit:
    return replace(plain_fit, mbg={OWN: parent}, why_not={})


NEWEST = trial("2023-06-30", {OWN: 1e6, RUN_RATE: 1e6}, 0.0)


@pytest.mark.parametrize(
    ("own", "run_rate", "rung", "reason", "wape"),
    [
        (52.5, 10.0, OWN, None, 0.525),
        (52.6, 52.5, RUN_RATE, "WORSE_THAN_NAIVE", 0.525),
        (52.6, 52.6, NAIVE, "WORSE_THAN_NAIVE", 0.5),
    ],
)
def test_a_rung_may_miss_by_a_twentieth_more_than_the_best_rule(
    full_fit: SegmentFit, own: float, run_rate: float, rung: int, reason: str | None, wape: float
) -> None:
    """The best rule misses 50 of 100 orders: up to 52.5 a rung serves."""
    past = trial("2023-05-31", {OWN: own, RUN_RATE: run_rate}, 50.0)
    choice = chosen(full_fit, past, NEWEST)

    assert choice == Choice(
        rung, "seasonal" if rung == NAIVE else None, wape, pytest.approx(0.5), reason
    )


def test_all_matured_cutoffs_but_the_newest_count_by_their_orders(full_fit: SegmentFit) -> None:
    """(10 + 60) / (100 + 300) against (20 + 30) / 400."""
    first = trial("2023-03-31", {OWN: 10.0, RUN_RATE: 1.0}, 20.0)
    second = trial("2023-04-30", {OWN: 60.0, RUN_RATE: 1.0}, 30.0, actual=300.0)
    choice = chosen(full_fit, first, second, NEWEST)

    assert (choice.rung, choice.best_naive_wape) == (RUN_RATE, 50 / 400)
    assert chosen(full_fit, first, NEWEST).selection_wape == 10 / 100


def test_a_horizon_counts_from_the_day_it_has_ended(full_fit: SegmentFit) -> None:
    past = trial("2023-06-29", {OWN: 90.0, RUN_RATE: 10.0}, 50.0)

    assert chosen(full_fit, past, NEWEST, day="2024-06-30").rung == RUN_RATE
    assert chosen(full_fit, past, NEWEST, day="2024-06-29").rung == OWN


def test_where_a_year_has_not_matured_half_a_year_is_asked_and_then_a_quarter(
    full_fit: SegmentFit,
) -> None:
    bad, good = {OWN: 90.0, RUN_RATE: 10.0}, {OWN: 10.0, RUN_RATE: 90.0}
    year = [trial(day, bad, 50.0, 12) for day in ("2023-05-31", "2023-06-30")]
    half = [trial(day, good, 50.0, 6) for day in ("2023-11-30", "2023-12-31")]
    quarter = [trial(day, bad, 50.0, 3) for day in ("2024-02-29", "2024-03-31")]

    assert chosen(full_fit, *year, *half, *quarter).rung == RUN_RATE
    assert chosen(full_fit, *year[1:], *half, *quarter).rung == OWN
    assert chosen(full_fit, *half[1:], *quarter).rung == RUN_RATE


def test_where_nothing_has_matured_the_first_rung_serves(full_fit: SegmentFit) -> None:
    choice = chosen(full_fit, NEWEST)

    assert (choice.rung, choice.reason) == (OWN, None)
    assert np.isnan([choice.selection_wape, choice.best_naive_wape]).all()


def test_cutoffs_of_three_years_ago_no_longer_count(full_fit: SegmentFit) -> None:
    bad = {OWN: 90.0, RUN_RATE: 10.0}

    assert chosen(full_fit, trial("2021-06-30", bad, 50.0), NEWEST).rung == OWN
    assert chosen(full_fit, trial("2021-07-01", bad, 50.0), NEWEST).rung == RUN_RATE


def test_a_rung_is_judged_only_where_it_stood(full_fit: SegmentFit) -> None:
    """It fails on the one cut-off it stood at; on the other the rules were far better."""
    without = trial("2023-03-31", {RUN_RATE: 10.0}, 1.0)
    stood = trial("2023-04-30", {OWN: 50.0, RUN_RATE: 10.0}, 50.0)
    choice = chosen(full_fit, without, stood, NEWEST)

    assert (choice.rung, choice.selection_wape, choice.best_naive_wape) == (OWN, 0.5, 0.5)


def test_the_reason_is_that_of_the_nearest_rung_above(plain_fit: SegmentFit) -> None:
    few = replace(plain_fit, mbg={}, why_not={OWN: "WIDE_ERRORS", POOLED: "AT_BOUND"})
    past = trial("2023-05-31", {RUN_RATE: 90.0}, 50.0)

    assert chosen(few).reason == "AT_BOUND"
    assert (chosen(few, past, NEWEST).rung, chosen(few, past, NEWEST).reason) == (
        NAIVE, "WORSE_THAN_NAIVE",
    )  # fmt: skip


def test_rules_that_miss_alike_are_taken_by_name(plain_fit: SegmentFit) -> None:
    level = Misses(100.0, {RUN_RATE: 90.0}, {"seasonal": 50.0, "hiatus": 50.0, "last_12m": 50.0})
    past = Trial(number("2023-05-31"), {("RETAIL", 12): level})

    assert chosen(plain_fit, past, NEWEST).rule == "hiatus"


def test_a_past_without_any_order_says_nothing_against_a_rung(full_fit: SegmentFit) -> None:
    silent = trial("2023-05-31", {OWN: 90.0, RUN_RATE: 10.0}, 50.0, actual=0.0)

    assert chosen(full_fit, silent, NEWEST).rung == OWN


def test_the_trial_of_a_past_night_holds_rungs_against_what_came() -> None:
    """Two clients every 30 days: the hiatus rule by hand, x / T x days, against the order days."""
    steady = every(30, "2022-01-01", "2024-06-30")
    stopped = every(30, "2022-01-01", "2023-12-31")
    facts = company(
        [Client("A", steady), Client("B", stopped)], ["2024-06-30"], decisions=["2023-12-31"]
    )
    then = facts.groups(number("2023-12-31"))
    found = try_rungs(then, fit_segments(then, SETTINGS), number("2024-06-30"))
    x, observed = len(stopped) - 1, number("2023-12-31") - number("2022-01-01")
    came = len(steady) - len(stopped)
    said = x / observed * (number("2024-06-30") - number("2023-12-31"))

    assert set(found.misses) == {(s, m) for s in ("company", "RETAIL") for m in (3, 6)}
    misses = found.misses["RETAIL", 6]
    assert misses.actual == came
    assert misses.by_rule["hiatus"] == pytest.approx(abs(said - came) + said)
    assert list(misses.by_rung) == [RUN_RATE]
    assert text(found.day) == "2023-12-31"
