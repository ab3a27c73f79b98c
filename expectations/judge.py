"""The one function that drives Great Expectations."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Severity = Literal["critical", "warning"]


@dataclass(frozen=True)
class Expectation:
    """What one measure of a profile must be: a range, ends included; None is open.

    `code` is the reason in quarantine of what breaks it.
    """

    measure: str
    severity: Severity
    minimum: float | None = None
    maximum: float | None = None
    code: str = ""


@dataclass(frozen=True)
class Judgement:
    """One expectation and what was found."""

    expectation: Expectation
    observed: float | None
    success: bool
    error: str | None = None


def judge(
    name: str, profile: Mapping[str, float | None], expectations: list[Expectation]
) -> list[Judgement]:
    """Hold one row of measures against its expectations; nothing is stored outside the process.

    A measure that is absent from the profile, or that Great Expectations cannot evaluate, fails.
    """
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations as gx
    import pandas as pd
    from great_expectations import expectations as expect
    from great_expectations.expectations.metadata_types import FailureSeverity

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]
    suite = gx.ExpectationSuite(
        name=name,
        expectations=[
            expect.ExpectColumnValuesToBeBetween(
                column=item.measure,
                min_value=item.minimum,
                max_value=item.maximum,
                severity=FailureSeverity(item.severity),
            )
            for item in expectations
        ],
    )
    frame = pd.DataFrame([{key: _number(value) for key, value in profile.items()}], dtype="float64")
    batch = context.data_sources.pandas_default.read_dataframe(frame)
    found: dict[str, Any] = {}
    for result in batch.validate(suite).results:
        config = result.expectation_config
        if config is not None:
            found[str(config.kwargs["column"])] = result
    return [_judgement(item, profile, found.get(item.measure)) for item in expectations]


def _judgement(item: Expectation, profile: Mapping[str, float | None], result: Any) -> Judgement:
    observed = _number(profile.get(item.measure))
    if result is None or item.measure not in profile or observed is None:
        return Judgement(item, observed, success=False, error="not evaluated")
    return Judgement(item, observed, success=bool(result.success))


def _number(value: float | None) -> float | None:
    return None if value is None else float(value)
