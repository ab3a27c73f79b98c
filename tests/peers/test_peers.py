"""Two published libraries say of real and of simulated orders what our mathematics says."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assets.scores.ltv.gamma_gamma import fit_gamma_gamma
from assets.scores.ltv.mbg_cnbd import Parameters
from assets.scores.ltv.mbg_fit import fit_k
from assets.scores.ltv.order_count import OrderModel
from tests.ltv.references import (
    BgNbd,
    MbgNbd,
    ParetoNbd,
    gamma_gamma_log_likelihood,
    maximise,
)
from tests.peers.asking import PYTHON, WEEKS, Asked, ask_about_cdnow, ask_about_invented

pytestmark = [
    pytest.mark.peers,
    pytest.mark.skipif(
        not PYTHON.exists(), reason="the libraries are not installed (make test-peers)"
    ),
]


@pytest.fixture(scope="module", params=["cdnow", "invented"])
def asked(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    shared_data: Callable[[str], Path],
) -> Asked:
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "cdnow":
        return ask_about_cdnow(folder, shared_data)
    return ask_about_invented(folder)


@pytest.mark.parametrize("name", ["ModifiedBetaGeoFitter", "ModifiedBetaGeoModel"])
def test_the_served_model_ends_where_the_libraries_do(asked: Asked, name: str) -> None:
    said = asked.answers[name]
    fit = fit_k(asked.purchases, 1)
    model = OrderModel.of(fit.parameters, asked.purchases)
    forecast = model.expected(np.full(model.n, WEEKS))

    assert np.exp(fit.parameters.log_theta) == pytest.approx(said["parameters"], rel=2e-4)
    assert model.alive == pytest.approx(said["p_alive"], abs=1e-4)
    assert forecast == pytest.approx(said["expected"], rel=1e-3)
    assert forecast.sum() == pytest.approx(sum(said["expected"]), rel=5e-5)
    if "log_likelihood" in said:
        # no worse than theirs, and no better than rounding allows at the same maximum
        assert -1e-6 < fit.log_likelihood - said["log_likelihood"] < 1e-3


@pytest.mark.parametrize("name", ["ModifiedBetaGeoFitter", "ModifiedBetaGeoModel"])
def test_with_the_parameters_of_a_library_the_served_model_predicts_what_it_predicts(
    asked: Asked, name: str
) -> None:
    said = asked.answers[name]
    model = OrderModel.of(Parameters(1, *said["parameters"]), asked.purchases)

    assert model.alive == pytest.approx(said["p_alive"], rel=1e-9)
    assert model.expected(np.full(model.n, WEEKS)) == pytest.approx(said["expected"], rel=1e-7)


@pytest.mark.parametrize(
    ("name", "model", "tolerance"),
    [
        ("BetaGeoFitter", BgNbd, 1e-3),
        ("ModifiedBetaGeoFitter", MbgNbd, 1e-3),
        ("ParetoNBDFitter", ParetoNbd, 2e-3),
        ("BetaGeoModel", BgNbd, 1e-3),
        ("ModifiedBetaGeoModel", MbgNbd, 1e-3),
    ],
)
def test_textbook_code_and_libraries_agree(
    asked: Asked, name: str, model: Any, tolerance: float
) -> None:
    said = asked.answers[name]
    found, height = maximise(
        lambda *point: float(np.sum(model.log_likelihood(*point, *asked.history))), model.start
    )

    assert said["parameters"] == pytest.approx(found, rel=tolerance)
    if "log_likelihood" in said:
        assert said["log_likelihood"] == pytest.approx(height, abs=1e-3)
    theirs = said["parameters"]
    assert said["p_alive"] == pytest.approx(model.p_alive(*theirs, *asked.history), rel=1e-6)
    assert said["expected"] == pytest.approx(
        model.expected(WEEKS, *theirs, *asked.history), rel=1e-6
    )


def test_all_agree_on_values_of_orders(asked: Asked) -> None:
    said = asked.answers["GammaGammaFitter"]
    known = ~np.isnan(asked.mean_value)
    x, mean_value = asked.x[known], asked.mean_value[known]
    found, height = maximise(
        lambda p, q, gamma: float(np.sum(gamma_gamma_log_likelihood(p, q, gamma, x, mean_value))),
        (5.0, 3.0, 15.0),
    )
    served = fit_gamma_gamma(x, mean_value)

    assert served is not None
    assert found == pytest.approx(said["parameters"], rel=1e-3)
    assert (served.p, served.q, served.gamma) == pytest.approx(said["parameters"], rel=1e-3)
    assert height == pytest.approx(said["log_likelihood"], abs=1e-3)
    assert served.log_likelihood == pytest.approx(said["log_likelihood"], abs=1e-3)
    assert served.shrunk(x, x * mean_value) == pytest.approx(said["expected"], rel=1e-4)
