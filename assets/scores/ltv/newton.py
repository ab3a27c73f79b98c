"""Minima of smooth functions of few parameters, by Newton's method with differences of gradients.

Nothing here is large enough for threads of a linear algebra library, so results do not depend on
their number.
"""

from collections.abc import Callable

import numpy as np

from assets.scores.ltv.inputs import Floats

Objective = Callable[[Floats], tuple[float, Floats]]  # its value and its gradient

GRADIENT_GOAL = 1e-9
MOST_STEPS = 100
MOST_HALVINGS = 30
ROUNDING = 1e-14  # of the objective: a rise below it is noise
NEAR = 1e-6  # to the bound: a parameter there counts as on it


def descend(
    objective: Objective, start: Floats, bound: float, curvature: Floats | None = None
) -> tuple[float, Floats, Floats]:
    """The minimum within plus and minus `bound`: its height, where it is, and the slope there.

    Steps are Newton's; where a `curvature` is given, it is used instead of the one at each point
    and learns from the slopes seen (BFGS). A step is halved until the value falls or, where
    rounding hides that, the slope does. A parameter on its bound is held while it pushes outwards.
    """
    at, (value, slope) = start, objective(start)
    for _ in range(MOST_STEPS):
        free = (np.abs(at) < bound - NEAR) | (at * slope > 0)
        steepest = np.max(np.abs(slope[free]), initial=0.0)
        if steepest < GRADIENT_GOAL:
            break
        bent = hessian(objective, at, slope) if curvature is None else curvature
        step = np.zeros(len(at))
        step[free] = _step(bent[np.ix_(free, free)], slope[free])
        for _ in range(MOST_HALVINGS):
            ahead = np.clip(at - step, -bound, bound)
            new_value, new_slope = objective(ahead)
            is_level = new_value <= value + ROUNDING * abs(value)
            if new_value < value or (is_level and np.max(np.abs(new_slope[free])) < steepest / 2):
                break
            step = step / 2
        else:
            break
        if curvature is not None:
            curvature = _learned(curvature, ahead - at, new_slope - slope)
        at, value, slope = ahead, new_value, new_slope
    return value, at, slope


def _learned(curvature: Floats, step: Floats, rise: Floats) -> Floats:
    """The curvature corrected to the change of slope along a step (BFGS), where that rose."""
    bent = curvature @ step
    if rise @ step <= 0 or bent @ step <= 0:
        return curvature
    return np.asarray(
        curvature + np.outer(rise, rise) / (rise @ step) - np.outer(bent, bent) / (bent @ step)
    )


def _step(curvature: Floats, slope: Floats) -> Floats:
    """The Newton step with eigenvalues of the curvature turned positive, at most 2 long."""
    values, vectors = np.linalg.eigh(curvature)
    step = vectors @ ((vectors.T @ slope) / np.maximum(np.abs(values), 1e-10))
    return np.asarray(step * min(1.0, 2.0 / max(float(np.linalg.norm(step)), 1e-300)))


def covariance(information: Floats) -> Floats:
    """The covariance, NaN where the information is not positive definite."""
    values = np.linalg.eigvalsh(information)
    if not np.all(np.isfinite(values)) or values[0] <= 0:
        return np.full(information.shape, np.nan)
    return np.asarray(np.linalg.inv(information), dtype=np.float64)


def hessian(
    objective: Objective,
    at: Floats,
    here: Floats | None = None,
    step: float = 1e-4,
) -> Floats:
    """Second derivatives of an objective, by central differences.

    Where the gradient `here` is given, by forward ones, at half the cost.
    """
    rows = []
    for direction in np.eye(len(at)) * step:
        _, ahead = objective(at + direction)
        behind = objective(at - direction)[1] if here is None else here
        rows.append((ahead - behind) / (2 * step if here is None else step))
    found = np.array(rows)
    return np.asarray((found + found.T) / 2)
