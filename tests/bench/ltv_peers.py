"""The job of the benchmark as two published libraries do it; runs in .venv-peers.

Usage: ltv_peers.py lifetimes|pymc-marketing IN.npz OUT.npy. Imports nothing of the project.
"""

import sys

import numpy as np

WEEKS = 52


def lifetimes(x, t_x, T):
    """MBG/NBD by maximum likelihood, and E[orders] of every client."""
    from lifetimes import ModifiedBetaGeoFitter

    model = ModifiedBetaGeoFitter()
    model.fit(x, t_x, T)
    return model.conditional_expected_number_of_purchases_up_to_time(WEEKS, x, t_x, T)


def pymc_marketing(x, t_x, T):
    """MBG/NBD at the maximum a posteriori under flat priors, and E[orders] of every client."""
    import pandas as pd
    from pymc_extras.prior import Prior
    from pymc_marketing.clv import ModifiedBetaGeoModel

    data = pd.DataFrame({"customer_id": range(len(x)), "frequency": x, "recency": t_x, "T": T})
    flat = {name: Prior("HalfFlat") for name in ("r", "alpha", "a", "b")}
    model = ModifiedBetaGeoModel(data=data, model_config=flat)
    model.fit(method="map", progressbar=False)
    return np.ravel(model.expected_purchases(data=data, future_t=WEEKS))


if __name__ == "__main__":
    library, source, target = sys.argv[1:]
    with np.load(source) as given:
        history = given["x"], given["t_x"] / 7, given["T"] / 7
    np.save(target, {"lifetimes": lifetimes, "pymc-marketing": pymc_marketing}[library](*history))
