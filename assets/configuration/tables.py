"""What the configuration CSVs may hold: columns, closed lists, and the rules of a row."""

import math
import re
from datetime import date

Row = dict[str, str | None]

PROFILES = ("PARTNER", "DEVELOP", "EFFICIENT", "TRANSACTIONAL", "NEW")
DEPARTMENTS = ("Sales", "Marketing", "Trade Marketing", "Logistics", "Finance", "Production")
# What each element of a service standard is measured in, and which side of a target is good.
ELEMENTS: dict[str, tuple[str, str]] = {
    "OTIF": ("share", ">="),
    "READY_ON_TIME": ("share", ">="),
    "CASE_HOURS": ("business_hours", "<="),
    "CREDIT_HOURS": ("business_hours", "<="),
    "INVOICE_ACCURACY": ("share", ">="),
    "EXCEPTION_ANSWER_HOURS": ("business_hours", "<="),
    "PROMO_ON_TIME": ("share", ">="),
    "JOINT_CAMPAIGNS": ("count", ">="),
    "VISIT_CADENCE": ("days", "<="),
    "EXEC_REVIEW": ("count", ">="),
    "PLAN_REVIEW": ("days", "<="),
    "DEPT_BREADTH": ("count", ">="),
}
TABLE_COLUMNS: dict[str, tuple[str, ...]] = {
    "service_standard": (
        "element_id", "department", "unit", "comparator", "service_profile", "target", "valid_from",
    ),
    "department_alias": ("alias", "department"),
    "assessment_item": ("item_id", "dimension", "question", "anchor_1", "anchor_5"),
    "document_type_map": ("source_system", "native_type", "document_type"),
    "activity_type_map": ("source_system", "native_type", "activity_type"),
    "invoice_correction_reason": ("source_system", "native_reason", "reason"),
    "holiday": ("holiday_date", "holiday_name"),
    "account_crosswalk": (
        "left_kind", "left_id", "right_kind", "right_id", "is_same", "note",
    ),
}  # fmt: skip
TYPED_COLUMNS = {
    "target": "double",
    "valid_from": "date",
    "holiday_date": "date",
    "is_same": "boolean",
}
CLOSED_LISTS: dict[tuple[str, str], tuple[str, ...]] = {
    ("service_standard", "element_id"): tuple(ELEMENTS),
    ("service_standard", "department"): DEPARTMENTS,
    ("service_standard", "unit"): ("share", "days", "business_hours", "count"),
    ("service_standard", "comparator"): (">=", "<="),
    ("service_standard", "service_profile"): PROFILES,
    ("department_alias", "department"): (*DEPARTMENTS, "Other"),
    ("assessment_item", "dimension"): (
        "impact_on_client", "relationship_appetite", "negotiation_profile", "strategic_importance",
        "difficulty",
    ),
    ("document_type_map", "document_type"): (
        "INVOICE", "CREDIT_NOTE", "RETURN", "DEBIT_NOTE", "REBATE", "CANCELLATION", "INTERCOMPANY",
    ),
    ("activity_type_map", "activity_type"): (
        "visit", "call", "meeting", "executive_review", "plan_review", "email", "message",
        "event", "task", "other",
    ),
    ("invoice_correction_reason", "reason"): (
        "price", "quantity", "tax", "damage", "expired", "wrong_item", "commercial", "other",
    ),
    ("account_crosswalk", "left_kind"): ("erp_customer", "crm_account"),
    ("account_crosswalk", "right_kind"): ("erp_customer", "crm_account"),
    ("account_crosswalk", "is_same"): ("true", "false"),
}  # fmt: skip
MAY_BE_EMPTY = {("service_standard", "target"), ("account_crosswalk", "note")}
# What may stand once in a table; spelling and blanks do not tell two rows of these apart.
UNIQUE: dict[str, tuple[str, ...]] = {
    "service_standard": ("element_id", "service_profile", "valid_from"),
    "department_alias": ("alias",),
    "assessment_item": ("item_id",),
    "document_type_map": ("source_system", "native_type"),
    "activity_type_map": ("source_system", "native_type"),
    "invoice_correction_reason": ("source_system", "native_reason"),
    "holiday": ("holiday_date", "holiday_name"),
    "account_crosswalk": ("left_kind", "left_id", "right_kind", "right_id"),
}


def row_fault(table: str, row: Row) -> str | None:
    """What is wrong with a row of a configuration CSV, in words, or None."""
    for column, value in row.items():
        if fault := _value_fault(table, column, value):
            return fault
    if table == "service_standard":
        return _standard_fault(row)
    if table == "department_alias" and str(row["alias"]).upper() == "CLIENT":
        return "alias must not be CLIENT, which stands for the client in blocked_by"
    if table == "account_crosswalk" and side_of(row, "left") == side_of(row, "right"):
        return "left and right must be two records; found the same twice"
    return None


def _value_fault(table: str, column: str, value: str | None) -> str | None:
    if value is None:
        return None if (table, column) in MAY_BE_EMPTY else f"{column} must be filled"
    allowed = CLOSED_LISTS.get((table, column))
    if allowed and value not in allowed:
        return f"{column} must be one of {', '.join(allowed)}; found '{value}'"
    kind = TYPED_COLUMNS.get(column)
    if kind == "date" and not is_date(value):
        return f"{column} must be a date YYYY-MM-DD; found '{value}'"
    if kind == "double" and not is_number(value):
        return f"{column} must be a number with a dot; found '{value}'"
    return None


def _standard_fault(row: Row) -> str | None:
    unit, comparator = ELEMENTS[str(row["element_id"])]
    for column, wanted in (("unit", unit), ("comparator", comparator)):
        if row[column] != wanted:
            return f"{column} of {row['element_id']} must be {wanted}; found '{row[column]}'"
    if row["target"] is None:
        return None
    target = float(row["target"])
    if target < 0 or (unit == "share" and target > 1):
        span = "from 0 to 1" if unit == "share" else "of at least 0"
        return f"target of {row['element_id']} must be a number {span}; found '{row['target']}'"
    return None


def side_of(row: Row, side: str) -> tuple[str | None, str | None]:
    """The record on one side of a crosswalk row."""
    return row[f"{side}_kind"], row[f"{side}_id"]


def is_date(value: str) -> bool:
    """Whether a text is a date of the calendar as YYYY-MM-DD."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def is_number(value: str) -> bool:
    """Whether a text is a plain decimal number with a dot."""
    return bool(re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)", value)) and math.isfinite(float(value))
