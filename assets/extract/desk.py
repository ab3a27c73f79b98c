"""What a sheet of the KAM desk workbook may hold, and what is wrong with one."""

from collections.abc import Iterator
from pathlib import Path

import duckdb

from assets.faults import GateFault
from assets.transform.contract import Column, canonical_entities

MOST_FINDINGS = 20
DEPARTMENTS = (
    "Sales", "Marketing", "Trade Marketing", "Logistics", "Finance", "Production", "Other",
)  # fmt: skip
LISTS: dict[str, tuple[str, ...]] = {
    "policy_area": (
        "price", "payment_term", "lead_time", "minimum_order", "returns", "assortment",
        "promotion", "credit", "other",
    ),
    "decision": ("approved", "rejected", "withdrawn", "pending"),
    "wallet_source": ("client_told", "sell_out", "market_share", "model"),
    "theme": (
        "ownership", "strategy", "competitor", "regulation", "people", "financial", "market",
        "other",
    ),
    "environment_note.direction": ("opportunity", "threat", "neutral"),
    "event_type": (
        "win", "listing", "case_study", "joint_campaign", "co_branded_piece", "award", "loss",
    ),
    "item_type": ("volume_goal", "value_goal", "action"),
    "status": ("open", "done", "dropped"),
    "service_profile": ("PARTNER", "DEVELOP", "EFFICIENT", "TRANSACTIONAL", "NEW"),
    "competence": (
        "long_term_view", "joint_planning", "cross_functional_work", "client_environment",
        "joint_results", "selling",
    ),
    "decision_role": (
        "economic_buyer", "technical", "user", "procurement", "champion", "gatekeeper", "blocker",
        "unknown",
    ),
    "support_level": ("mentor", "supporter", "neutral", "non_supporter", "opponent", "unknown"),
    "work_style_code": ("analytical", "driver", "expressive", "amiable", "unknown"),
    "consent_basis": ("consent", "legitimate_interest", "contract", "none"),
    "role": ("account_manager", "seller", "executive_sponsor", "specialist", "other"),
}  # fmt: skip
SUGGESTED: dict[str, tuple[str, ...]] = {
    "department": DEPARTMENTS,
    "approving_department": DEPARTMENTS,
    "owner_department": DEPARTMENTS,
    "blocked_by": ("CLIENT", *DEPARTMENTS),
}
SCORES = ("1", "2", "3", "4", "5")
BOOLEANS = ("true", "false", "sim", "não", "nao", "yes", "no", "1", "0")


def allowed_values(sheet: str, column: str) -> tuple[str, ...]:
    """The closed list of a column, empty where any value is allowed."""
    if column == "score_1_5":
        return SCORES
    return LISTS.get(f"{sheet}.{column}", LISTS.get(column, ()))


def hold_sheet_to_rules(workbook: str, sheet: str, header: tuple[str, ...], parquet: Path) -> None:
    """Raise GateFault naming sheet, row, column and rule of the first findings of a sheet.

    `parquet` holds the cells as text with `_file_row`, the row of the sheet.
    """
    findings: list[str] = []
    with duckdb.connect() as connection:
        for column in canonical_entities()[sheet].columns:
            if column.name not in header:
                continue
            for rule, broken in _rules(sheet, column):
                rows = connection.execute(
                    f"select _file_row from read_parquet('{parquet}')"
                    f" where {broken} order by _file_row limit {MOST_FINDINGS}"
                ).fetchall()
                findings += [f"row {row}, column {column.name}: {rule}" for (row,) in rows]
    if findings:
        more = f" (and {len(findings) - MOST_FINDINGS} more)" * (len(findings) > MOST_FINDINGS)
        raise GateFault(
            f"{workbook}, sheet {sheet}: {'; '.join(findings[:MOST_FINDINGS])}{more}. "
            "Correct the cells, save the workbook, and run make nightly again."
        )


def _rules(sheet: str, column: Column) -> Iterator[tuple[str, str]]:
    """Each rule of a column in words, and the SQL condition that is true where it is broken."""
    filled = f"nullif(trim(\"{column.name}\"), '')"
    if column.meta.get("required"):
        yield "must be filled", f"{filled} is null"
    values = allowed_values(sheet, column.name)
    if values:
        listed = ", ".join(f"'{value}'" for value in values)
        yield f"must be one of {', '.join(values)}", f"{filled} not in ({listed})"
    elif column.data_type == "boolean":
        listed = ", ".join(f"'{value}'" for value in BOOLEANS)
        yield "must be true or false", f"lower({filled}) not in ({listed})"
    elif column.data_type == "date":
        parsed = f"try_cast(left({filled}, 10) as date)"
        yield "must be a date", f"{filled} is not null and {parsed} is null"
    elif column.data_type == "timestamp":
        yield (
            "must be a date with a time",
            f"{filled} is not null and try_cast({filled} as timestamptz) is null",
        )
    elif column.data_type not in ("varchar", "varchar[]"):
        yield "must be a number", f"{filled} is not null and try_cast({filled} as double) is null"
