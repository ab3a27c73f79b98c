"""What a system promises us, per extract. A broken critical promise stops the night."""

from collections.abc import Mapping
from typing import Any

from expectations.judge import Expectation, Severity


def incoming(
    profile: Mapping[str, float | None],
    *,
    min_rows: int,
    mode: str,
    is_required: bool,
    gates: Mapping[str, Any],
) -> tuple[list[Expectation], list[str]]:
    """The expectations that can be evaluated on an extract, and those without history yet."""
    bad = float(gates["bad_row_share"])
    wanted = [Expectation("rows", "critical", minimum=min_rows)]
    if "duplicate_keys" in profile:
        limit = bad * float(profile["rows"] or 0)
        wanted.append(Expectation("duplicate_keys", "critical", maximum=limit))
        wanted.append(Expectation("empty_keys", "critical", maximum=0))
    wanted += [
        Expectation(measure, "critical", maximum=bad)
        for measure in sorted(profile)
        if measure.startswith("parse_failure_share__")
    ]
    if mode != "full":
        return wanted, []
    if profile.get("rows_ratio") is None:
        return wanted, ["rows_ratio"]
    severity: Severity = "critical" if is_required else "warning"
    wanted.append(Expectation("rows_ratio", severity, minimum=float(gates["header_only_share"])))
    return wanted, []


def volume_warning(
    profile: Mapping[str, float | None], gates: Mapping[str, Any]
) -> Expectation | None:
    """The softer band around the usual volume of a full extract."""
    low, high = gates["volume_ratio"]
    if profile.get("rows_ratio") is None:
        return None
    return Expectation("rows_ratio", "warning", minimum=float(low), maximum=float(high))
