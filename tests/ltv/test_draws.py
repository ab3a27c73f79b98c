"""Draws follow the model where parameters are certain, and share them where they are not."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.stats import binom

from assets.scores.ltv.draws import SegmentDraws
from assets.scores.ltv.forecast import LEVELS
from assets.scores.ltv.portfolio import draw_money
from assets.scores.ltv.rungs import OWN, RUN_RATE
from assets.scores.ltv.score import Scored, score_cutoffs
from assets.scores.ltv.settings import LtvSettings
from assets.scores.ltv.trial import Choice
from tests.ltv.client import Client, every, number
from tests.ltv.company import SETTINGS, company, crowd
from tests.ltv.night import tables
from tests.ltv.references import MbgNbd
from tests.ltv.simulator import Market, simulate
from tests.ltv.summary import Floats

NIGHT = "2024-06-30"
EARLY = "2022-09-01"
# Money is the number of orders: each earns 1, and a year's delay costs nothing.
COUNTING = replace(SETTINGS, annual_rate=0.0, k_max=3, horizons=(12, 36))
N = 4_000


def scored(clients: Sequence[Client], settings: LtvSettings = COUNTING) -> Scored:
    facts = company(clients, [NIGHT], delivered_from=EARLY, settings=settings)
    [(found, _, _)] = score_cutoffs(facts)
    return found


def steady_market(k: int) -> list[Client]:
    """Clients with regular gaps: Erlang-k."""
    market = Market(k=k, r=1.4, alpha=14.0 / k, n_clients=300, cutoff=660, seed=f"draws {k}")
    begun = number(NIGHT) - 660
    found = simulate(market).log.groupby("client")["day"]
    return [
        Client(f"C{client:04}", [str(np.datetime64(begun + day, "D")) for day in days],
               margin=1.0, created=str(np.datetime64(begun + min(days), "D")))
        for client, days in found
    ]  # fmt: skip


def certain(found: Scored) -> Scored:
    """The same as if its parameters were known exactly, and every order earned the same."""
    fits = {
        name: replace(
            fit,
            mbg={
                rung: replace(each, covariance=np.eye(4) * 1e-20) for rung, each in fit.mbg.items()
            },
            run_rate=replace(
                fit.run_rate, prior=replace(fit.run_rate.prior, standard_errors=(0.0, 0.0))
            ),
        )
        for name, fit in found.fits.items()
    }
    return replace(found, fits=fits)


def on_rung(found: Scored, rung: int) -> Scored:
    """The same with every segment on a rung."""
    choices = {name: Choice(rung, None, np.nan, np.nan, None) for name in found.choices}
    return replace(
        found, choices=choices, models={n: fit.model(rung) for n, fit in found.fits.items()}
    )


def draws(found: Scored, n: int = N, version: str = "v1") -> SegmentDraws:
    return SegmentDraws(found, "RETAIL", version, np.array([12, 36]), n)


@pytest.fixture(scope="module", params=[1, 3])
def regular(request: pytest.FixtureRequest) -> Scored:
    found = scored(steady_market(request.param))
    assert found.fits["RETAIL"].mbg[OWN].parameters.k == request.param
    return found


def typical(found: Scored) -> list[int]:
    """A client without a repeat, a lively one, one long silent, and others, past their 8 weeks."""
    fit = found.fits["RETAIL"]
    old = np.flatnonzero(~found.cutoff.histories.is_new(8.0)[fit.places])
    x, alive = fit.purchases.n_repeats[old], found.forecast.p_alive[fit.places][old]
    picks = [np.argmin(x), np.argmax(x), np.argmin(np.where(x > 1, alive, 2.0)), 5, 50]
    return [int(old[pick]) for pick in picks]


def weeks_of(found: Scored, months: int) -> Floats:
    ends = found.calendar.month_ends[months - 1]
    return np.array([found.fits["RETAIL"].season.weeks_between(found.cutoff.day, int(ends))])


@pytest.mark.parametrize("rung", [OWN, RUN_RATE])
def test_with_certain_parameters_a_client_is_drawn_from_its_exact_distribution(
    regular: Scored, rung: int
) -> None:
    """The share of draws with at least n orders lies within 4.5 standard errors, for every n."""
    found = on_rung(certain(regular), rung)
    segment = draws(found)
    for position in typical(found):
        money = segment.followed(position)
        for at, months in enumerate((12, 36)):
            model = found.models["RETAIL"].taken(np.array([position]))
            exact = model.distribution(weeks_of(found, months))[0]
            counts = np.arange(1, len(exact) + 1)
            share = np.mean(money[:, at][:, None] >= counts - 0.5, axis=0)
            inside = (binom.cdf(N * share, N, exact) > 3e-6) & (
                binom.sf(N * share - 1, N, exact) > 3e-6
            )
            assert np.all(inside | (np.abs(share - exact) < 1e-3))


def test_orders_of_a_later_horizon_include_those_of_an_earlier_one(regular: Scored) -> None:
    for position in typical(regular):
        money = draws(regular, 500).followed(position)

        assert np.all(money[:, 1] >= money[:, 0])


@pytest.mark.parametrize("rung", [OWN, RUN_RATE])
def test_the_mean_of_draws_is_the_closed_form_discounted_month_by_month(rung: int) -> None:
    priced = replace(COUNTING, annual_rate=0.15, k_max=1)
    found = on_rung(certain(scored(steady_market(1), priced)), rung)
    fit = found.fits["RETAIL"]
    model, months = fit.model(rung), np.arange(1, 37)
    spans = np.array([weeks_of(found, int(month))[0] for month in months])
    segment = draws(found)
    for position in typical(found):
        one = model.taken(np.full(36, position))
        monthly = np.diff(one.expected(spans), prepend=0.0)
        closed = float(np.sum(monthly * 1.15 ** (-(months - 0.5) / 12)))
        money = segment.followed(position)[:, 1]

        assert abs(money.mean() - closed) < 4.5 * money.std() / np.sqrt(N) + 1e-9


def test_margins_of_orders_vary_around_that_of_their_client(regular: Scored) -> None:
    """Variance by order 9: that of a total rises by 9 times its orders, its mean stays."""
    plain = certain(regular)
    noisy = replace(plain, deviation=np.full(len(plain.deviation), 3.0))
    position = typical(regular)[1]
    without, within = (draws(each).followed(position)[:, 1] for each in (plain, noisy))

    away = within - without
    assert abs(away.mean()) < 4.5 * away.std() / np.sqrt(N)
    assert away.var() == pytest.approx(9 * without.mean(), rel=0.1)


def test_the_accounts_that_are_not_followed_are_drawn_from_their_percentiles(
    regular: Scored,
) -> None:
    """Each of the 99 is as likely; what is expected beyond them, in the last percent, is added."""
    found = certain(regular)
    positions = np.array(typical(found))
    money = draws(found).summed_up(positions)

    places = found.fits["RETAIL"].places[positions]
    assert money.shape == (len(positions), N, 2)
    for row, place in enumerate(places):
        for at, months in enumerate((12, 36)):
            forecast = found.forecast
            counts = forecast.percentiles[place, forecast.at(months)]
            expected = forecast.expected[place, forecast.at(months)]
            drawn = money[row, :, at]
            beyond = expected - counts.mean()
            assert set(np.round(drawn - beyond, 6)) <= set(counts)
            assert abs(drawn.mean() - expected) < 4.5 * counts.std() / np.sqrt(N) + 1e-9
            shares = [np.mean(np.round(drawn - beyond, 6) == count) for count in (0.0, counts[50])]
            known = [np.mean(counts == count) for count in (0.0, counts[50])]
            assert shares == pytest.approx(known, abs=0.04)


def test_the_total_of_all_accounts_is_drawn_around_the_sum_of_their_means(regular: Scored) -> None:
    found = certain(regular)
    everyone = np.arange(len(found.fits["RETAIL"].places))
    total = draws(found, 1_000).summed_up(everyone).sum(axis=0)

    for at, months in enumerate((12, 36)):
        expected = found.forecast.expected[:, found.forecast.at(months)].sum()
        away = total[:, at].mean() - expected
        assert abs(away) < 4.5 * total[:, at].std() / np.sqrt(1_000)
        assert abs(away) < 0.01 * expected


@pytest.mark.parametrize("rung", [OWN, RUN_RATE])
def test_clients_followed_bring_together_what_their_models_expect(
    regular: Scored, rung: int
) -> None:
    found = on_rung(certain(regular), rung)
    segment, positions = draws(found, 1_000), range(0, 300, 3)
    money = np.stack([segment.followed(position) for position in positions])
    model = found.models["RETAIL"].taken(np.array(positions))

    for at, months in enumerate((12, 36)):
        expected = model.expected(np.repeat(weeks_of(found, months), model.n)).sum()
        total = money[:, :, at].sum(axis=0)
        assert abs(total.mean() - expected) < 4.5 * total.std() / np.sqrt(1_000)


# Shared parameters.


def test_parameters_are_drawn_around_the_fit_as_its_covariance_says(regular: Scored) -> None:
    drawn = draws(regular, 20_000).log_theta
    fit = regular.fits["RETAIL"].mbg[OWN]

    errors = fit.log_standard_errors
    assert np.all(np.abs(drawn.mean(axis=0) - fit.parameters.log_theta) < errors / 30)
    scaled = np.cov(drawn.T) / np.outer(errors, errors)
    assert scaled == pytest.approx(fit.covariance / np.outer(errors, errors), abs=0.05)


def test_what_a_drawn_parameter_makes_of_the_total_is_told_by_the_closed_form() -> None:
    """Another formula of the paper at parameters half a standard error away; within a tenth of it.

    The effect is drawn log-linearly, so it holds near the fit.
    """
    found = scored(steady_market(1), replace(COUNTING, k_max=1))
    fit = found.fits["RETAIL"]
    segment = draws(found, 30)
    centre = fit.mbg[OWN].parameters.log_theta
    segment.log_theta = centre + (segment.log_theta - centre) / 4
    seen = fit.purchases
    history = (seen.n_repeats.astype(float), seen.last, seen.observed)

    def total(log_theta: Floats) -> float:
        each = MbgNbd.expected(weeks_of(found, 12)[0], *np.exp(log_theta), *history)
        return float(each.sum())

    exact = np.array([total(theta) / total(centre) for theta in segment.log_theta])
    assert segment.shared[:, 0] == pytest.approx(exact, abs=0.1 * np.abs(exact - 1).max() + 1e-3)


@pytest.mark.parametrize("how", ["followed", "summed_up"])
def test_totals_spread_more_than_independent_accounts_would(regular: Scored, how: str) -> None:
    """And where the parameters are certain they spread as independent ones do."""
    everyone = np.arange(len(regular.fits["RETAIL"].places))

    def ratio(found: Scored) -> float:
        segment = draws(found, 600)
        money = (
            segment.summed_up(everyone)
            if how == "summed_up"
            else np.stack([segment.followed(int(each)) for each in everyone])
        )[:, :, 1]
        return float(money.sum(axis=0).var() / money.var(axis=1).sum())

    assert ratio(certain(regular)) == pytest.approx(1.0, abs=0.25)
    assert ratio(regular) > 1.5


# Streams.


def key_clients(**like: Any) -> list[Client]:
    return [
        replace(c, is_key=n % 5 == 0, **like) for n, c in enumerate(crowd(160, NIGHT, days=660))
    ]


def key_rows(clients: Sequence[Client], version: str = "v1", night: str = NIGHT) -> Any:
    settings = replace(SETTINGS, k_max=1, draws=100)
    facts = company(clients, [night], delivered_from=EARLY, settings=settings)
    return tables(facts, version=version).accounts.set_index(["group_id", "horizon_months"])


MONEY = ["ltv_p10_rc", "ltv_p50_rc", "ltv_p90_rc"]


@pytest.fixture(scope="module")
def rows() -> Any:
    return key_rows(key_clients())


def test_a_new_client_moves_no_other(rows: Any) -> None:
    """It ordered on the night for the first time, and was a customer before the data began."""
    new = Client("B", [NIGHT], created="2015-01-01", margin=None, is_key=True)
    beside = key_rows([new, *key_clients()])

    assert set(beside.index.get_level_values(0)) == {"B", *rows.index.get_level_values(0)}
    same = beside.loc[rows.index]
    for name in [*MONEY, "ltv_mean_rc", "expected_orders", "p_alive"]:
        assert np.array_equal(same[name].to_numpy(), rows[name].to_numpy(), equal_nan=True)


def test_another_segment_moves_none_of_this_one(rows: Any) -> None:
    others = [replace(c, group_id=f"A{c.group_id}", segment="OTHER", is_key=True)
              for c in crowd(110, NIGHT, seed="other", days=660)]  # fmt: skip
    beside = key_rows([*others, *key_clients()]).loc[rows.index]
    stands = rows["rung"] == 1

    assert stands.sum() > 300
    for name in [*MONEY, "ltv_mean_rc"]:
        assert beside.loc[stands, name].tolist() == rows.loc[stands, name].tolist()


def is_key(rows: Any) -> Any:
    keys = {c.group_id for c in key_clients() if c.is_key}
    return rows.index.get_level_values(0).isin(keys) & (rows["rung"] == 1)


def test_the_draws_are_others_under_another_configuration(rows: Any) -> None:
    other = key_rows(key_clients(), version="v2")
    drawn = is_key(rows)

    assert (rows.loc[drawn, "ltv_p90_rc"] != other.loc[drawn, "ltv_p90_rc"]).mean() > 0.8
    assert rows["ltv_mean_rc"].tolist() == other["ltv_mean_rc"].tolist()
    assert rows.loc[~drawn, MONEY].equals(other.loc[~drawn, MONEY])


def test_the_draws_of_another_night_are_others(regular: Scored) -> None:
    later = replace(regular, cutoff=replace(regular.cutoff, day=regular.cutoff.day + 1))
    first, second = (SegmentDraws(s, "RETAIL", "v1", np.array([12]), 9) for s in (regular, later))

    assert np.all(first.log_theta != second.log_theta)
    assert np.array_equal(first.log_theta, draws(regular, 9).log_theta)


def test_quantiles_of_key_accounts_are_near_the_exact_ones(rows: Any) -> None:
    """As they hold the doubt of the parameters and of margins too, they are no narrower."""
    exact = key_rows([replace(client, is_key=False) for client in key_clients()])
    drawn = is_key(rows) & (rows.index.get_level_values(1) == 36)
    width, known = (
        (each.loc[drawn, "ltv_p90_rc"] - each.loc[drawn, "ltv_p10_rc"]).sum()
        for each in (rows, exact)
    )

    assert 0.9 * known < width < 1.6 * known
    assert len(LEVELS) == 99


def test_draws_of_a_merged_key_account_are_those_of_its_parts_added_up() -> None:
    """Percentiles of the draws against those of the exact sum of both parts."""
    part = ("2024-06-10", every(11, "2023-02-01", "2024-06-01"))
    merged = Client("M", every(17, "2023-03-01", NIGHT), created="2015-01-01", margin=1.0,
                    is_key=True, absorbed={"P": part})  # fmt: skip
    settings = replace(COUNTING, k_max=1, draws=N)
    clients = [merged, *steady_market(1)]
    found = certain(scored(clients, settings))
    [money] = draw_money(found, "v1", settings).by_key_account.values()

    at = found.forecast.at(12)
    place = found.groups.clients.group_id.tolist().index("M")
    assert len(found.part_forecast.expected) == len(found.forecast.expected) + 1
    assert abs(money[:, 0].mean() - found.forecast.expected[place, at]) < (
        4.5 * money[:, 0].std() / np.sqrt(N)
    )
    exact = found.forecast.percentiles[place, at]
    for level in (9, 49, 89):
        assert np.quantile(money[:, 0], LEVELS[level]) == pytest.approx(exact[level], rel=0.1)


def test_an_account_on_a_naive_rule_is_drawn_from_its_percentiles() -> None:
    clients = [Client(f"G{n}", every(30 + n, "2023-01-01", NIGHT), is_key=True) for n in range(4)]
    found = scored(clients, replace(COUNTING, annual_rate=0.15))
    naive = replace(found, choices={
        name: Choice(5, "hiatus", 1.0, 1.0, "WORSE_THAN_NAIVE") for name in found.choices
    }, models={})  # fmt: skip
    segment = draws(naive)

    assert np.array_equal(segment.shared, np.ones((N, 2)))
    money = segment.summed_up(np.arange(4))
    worth = found.forecast.discounted[:, found.forecast.at(36)] * found.margin
    assert money[:, :, 1].mean(axis=1) == pytest.approx(worth, rel=0.05)
