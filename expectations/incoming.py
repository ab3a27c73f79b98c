"""What a system promises us, per extract. A broken critical promise stops the night."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from expectations.judge import Expectation, Severity

FEWEST_AMOUNTS = 20  # below, a median says little
SOFT = ("HEADER_ONLY", "STALE")  # an optional delivery is left out for these, the night goes on


@dataclass(frozen=True)
class Promise:
    """What the configuration says of an extract that its gate must know."""

    min_rows: int
    mode: str
    is_required: bool
    has_amounts: bool
    has_business_date: bool
    has_key: bool


def incoming(
    profile: Mapping[str, float | None], promise: Promise, gates: Mapping[str, Any]
) -> tuple[list[Expectation], list[str]]:
    """The expectations that can be evaluated on a delivery, and those without history yet.

    `profile` also holds what is compared: rows_ratio, median_ratio, days_advanced (None without
    history) and control_difference__<currency>.
    """
    bad = float(gates["bad_row_share"])
    soft: Severity = "critical" if promise.is_required else "warning"
    wanted = [
        Expectation("rows", soft, minimum=promise.min_rows, code="HEADER_ONLY"),
        Expectation("rejected_share", "critical", maximum=bad, code="FIELDS"),
    ]
    if promise.has_key:
        wanted.append(Expectation("aside_share", "critical", maximum=bad, code="DUP_KEY"))
    wanted += [
        Expectation(measure, "critical", maximum=bad, code="TYPE")
        for measure in sorted(profile)
        if measure.startswith("parse_failure_share__")
    ]
    wanted += [
        Expectation(measure, "critical", minimum=0, maximum=0, code="CONTROL_TOTAL")
        for measure in sorted(profile)
        if measure.startswith("control_difference__")
    ]
    compared = list(_compared(profile, promise, gates, soft))
    ready = [item for item in compared if profile.get(item.measure) is not None]
    return wanted + ready, [i.measure for i in compared if profile.get(i.measure) is None]


def _compared(
    profile: Mapping[str, float | None],
    promise: Promise,
    gates: Mapping[str, Any],
    soft: Severity,
) -> list[Expectation]:
    """What needs a delivery before this one."""
    found = []
    if promise.mode == "full":
        least = float(gates["header_only_share"])
        found.append(Expectation("rows_ratio", soft, minimum=least, code="HEADER_ONLY"))
    if promise.has_amounts and (profile.get("n_amounts") or 0) >= FEWEST_AMOUNTS:
        low, high = (float(limit) for limit in gates["median_ratio"])
        found.append(
            Expectation("median_ratio", "critical", minimum=low, maximum=high, code="SCALE_SHIFT")
        )
    if promise.has_business_date:
        found.append(Expectation("days_advanced", soft, minimum=1, code="STALE"))
    return found


def volume_warning(
    profile: Mapping[str, float | None], gates: Mapping[str, Any]
) -> Expectation | None:
    """The softer band around the usual volume of a full extract."""
    low, high = gates["volume_ratio"]
    if profile.get("rows_ratio") is None:
        return None
    return Expectation("rows_ratio", "warning", minimum=float(low), maximum=float(high))
