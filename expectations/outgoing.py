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
        "kam.exception_budget",
        "kam.halo_effect",
        "kam.health_component",
        "kam.joint_results",
        "kam.key_account_review",
        "kam.ltv_model",
        "kam.nonfinancial_value",
        "kam.policy_exception",
        "kam.portfolio_ltv",
        "kam.qualitative_assessment",
        "kam.relationship_health",
        "kam.retention_cohort",
        "kam.score_backtest",
        "kam.segment_cut",
        "kam.segment_history",
        "kam.service_compliance",
        "kam.service_standard",
        "kam_restricted.match_candidate",
    }
)
RECONCILIATION = (
    Expectation("unexplained_base", "critical", maximum=0),
    Expectation("rows_with_difference", "critical", maximum=0),
    Expectation("rows_without_ledger", "warning", maximum=0),
)

# A fit or a total that jumps over night is looked at, and served: proof is score_backtest's.
DRIFT = {
    "kam.ltv_model": Expectation("parameter_drift", "warning", maximum=0.5),
    "kam.portfolio_ltv": Expectation("total_drift", "warning", maximum=0.2),
}


def outgoing(
    name: str, profile: Mapping[str, float | None], drifts: Mapping[str, float]
) -> tuple[list[Expectation], list[str]]:
    """The expectations on a published table, and the drifts that have no parent to compare with.

    `drifts` holds the largest change that each measure of change may show.
    """
    wanted = [
        Expectation("rows", "critical", minimum=0 if name in MAY_BE_EMPTY else 1),
        Expectation("duplicate_keys", "critical", maximum=0),
        Expectation("empty_keys", "critical", maximum=0),
        Expectation("not_finite", "critical", maximum=0),
    ]
    first_run = []
    for measure, limit in drifts.items():
        if profile.get(measure) is None:
            first_run.append(measure)
        else:
            wanted.append(Expectation(measure, "critical", maximum=limit))
    if name in DRIFT and profile.get(DRIFT[name].measure) is not None:
        wanted.append(DRIFT[name])
    if name == "kam_ops.recon_ledger":
        wanted += RECONCILIATION
    return wanted, first_run
