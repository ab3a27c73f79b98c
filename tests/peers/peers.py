"""What published libraries make of order histories; runs in .venv-peers and writes JSON.

Usage: peers.py IN.npz OUT.json. IN holds x, t_x, T in weeks, the `weeks` to forecast and the
`mean_value` of a client's orders (NaN where it has no repeat). Imports nothing of the project.
"""

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd


def lifetimes_say(x, t_x, T, weeks):
    """Parameters, log-likelihood per week, P(alive) and E[orders] of the lifetimes library."""
    from lifetimes import BetaGeoFitter, ModifiedBetaGeoFitter, ParetoNBDFitter

    said = {}
    for fitter in (BetaGeoFitter, ModifiedBetaGeoFitter, ParetoNBDFitter):
        model = fitter()
        model.fit(x, t_x, T, tol=1e-8)
        # the library divides time by a scale, and reports the mean loss (of Pareto/NBD the sum)
        n_losses = 1 if fitter is ParetoNBDFitter else len(x)
        loss = model._negative_log_likelihood_ * n_losses - np.sum(x) * np.log(model._scale)
        expected = model.conditional_expected_number_of_purchases_up_to_time(weeks, x, t_x, T)
        said[fitter.__name__] = {
            "parameters": [float(value) for value in model.params_],
            "log_likelihood": float(-loss),
            "p_alive": np.ravel(model.conditional_probability_alive(x, t_x, T)).tolist(),
            "expected": np.asarray(expected).tolist(),
        }
    return said


def lifetimes_value(x, mean_value):
    """Parameters, log-likelihood and values expected per order of its gamma-gamma model."""
    from lifetimes import GammaGammaFitter

    known = ~np.isnan(mean_value)
    model = GammaGammaFitter()
    model.fit(x[known], mean_value[known], tol=1e-8)
    return {
        "parameters": [float(value) for value in model.params_],
        "log_likelihood": float(-model._negative_log_likelihood_ * known.sum()),
        "expected": np.asarray(
            model.conditional_expected_average_profit(x[known], mean_value[known])
        ).tolist(),
    }


def pymc_marketing_says(x, t_x, T, weeks):
    """The same at the maximum a posteriori under flat priors, which is that of the likelihood."""
    from pymc_extras.prior import Prior
    from pymc_marketing.clv import BetaGeoModel, ModifiedBetaGeoModel

    names = ("r", "alpha", "a", "b")
    data = pd.DataFrame({"customer_id": range(len(x)), "frequency": x, "recency": t_x, "T": T})
    said = {}
    for kind in (BetaGeoModel, ModifiedBetaGeoModel):
        model = kind(data=data, model_config={name: Prior("HalfFlat") for name in names})
        model.fit(method="map", progressbar=False)
        said[kind.__name__] = {
            "parameters": [model.idata.posterior[name].item() for name in names],
            "p_alive": np.ravel(model.expected_probability_alive(data=data)).tolist(),
            "expected": np.ravel(model.expected_purchases(data=data, future_t=weeks)).tolist(),
        }
    return said


def main(source: Path, target: Path) -> None:
    """Read the histories, ask every library, write what they say."""
    with np.load(source) as given:
        x, t_x, T = (given[name].astype(float) for name in ("x", "t_x", "T"))
        weeks, mean_value = float(given["weeks"]), given["mean_value"]
    said = lifetimes_say(x, t_x, T, weeks) | pymc_marketing_says(x, t_x, T, weeks)
    said["GammaGammaFitter"] = lifetimes_value(x, mean_value)
    target.write_text(json.dumps(said), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
