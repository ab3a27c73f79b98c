"""What we promise readers, per published table."""

from collections.abc import Mapping

from expectations.judge import Expectation

MAY_BE_EMPTY = frozenset(
    {
        "kam.account_ltv",
        "kam.account_potential",
        "kam.dim_account_lineage",
        "kam.dim_person",
        "kam.dq_account",
        "kam.health_component",
        "kam.key_account_review",
        "kam.qualitative_assessment",
        "kam.relationship_health",
        "kam.retention_cohort",
        "kam.segment_cut",
        "kam.segment_history",
        "kam_restricted.match_candidate",
    }
)
RECONCILIATION = (
    Expectation("unexplained_base", "critical", maximum=0),
    Expectation("rows_with_difference", "critical", maximum=0),
    Expectation("rows_without_ledger", "warning", maximum=0),
)


def outgoing(
    name: str, profile: Mapping[str, float | None], limits: Mapping[str, float | None]
) -> tuple[list[Expectation], list[str]]:
    """The expectations on a published table, and the drifts that have no parent to compare with."""
    wanted = [
        Expectation("rows", "critical", minimum=0 if name in MAY_BE_EMPTY else 1),
        Expectation("duplicate_keys", "critical", maximum=0),
        Expectation("empty_keys", "critical", maximum=0),
        Expectation("not_finite", "critical", maximum=0),
    ]
    first_run = []
    for measure, limit in (("rows_change", limits.get("rows")), ("sum_change", limits.get("sum"))):
        if limit is None:
            continue
        if profile.get(measure) is None:
            first_run.append(measure)
        else:
            wanted.append(Expectation(measure, "critical", maximum=float(limit)))
    if name == "kam_ops.recon_ledger":
        wanted += RECONCILIATION
    return wanted, first_run
