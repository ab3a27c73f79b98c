"""The KAM desk workbook of every night: one sheet an entity, as a person would keep it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from sample import desk_judgement, desk_market, desk_plans
from sample.desk_state import Desk, Row
from sample.erp import nights_of
from sample.plan import Plan, as_date
from sample.workbook import Cell, write_workbook

# sheet: what fills it, columns of the canonical entity
SHEETS: dict[str, tuple[Callable[[Desk, int], list[Row]], str]] = {
    "account_plan": (
        desk_plans.account_plan,
        "plan_id account_id start_date end_date owner_person_id signed_by_contact_id reviewed_date",
    ),
    "plan_item": (
        desk_plans.plan_item,
        "plan_item_id plan_id item_type description owner_person_id "
        "owner_contact_id department is_joint created_date original_due_date due_date "
        "closed_date dropped_date target_value actual_value actual_as_of_date status "
        "blocked_by due_date_moves",
    ),
    "assessment": (
        desk_judgement.assessment,
        "account_id item_id assessor_person_id assessed_date "
        "score_1_5 evidence_activity_id evidence_note_id",
    ),
    "policy_exception": (
        desk_plans.policy_exception,
        "exception_id company_code customer_id "
        "requested_at requested_by_person_id policy_area approving_department "
        "decided_at decision valid_until standard_value granted_value quantity "
        "cost_base reopened_count",
    ),
    "promotion": (
        desk_plans.promotion,
        "promotion_id customer_id promotion_name planned_start_date "
        "actual_start_date planned_end_date owner_department",
    ),
    "wallet_estimate": (
        desk_market.wallet_estimate,
        "account_id category estimated_date amount "
        "currency wallet_source supplier_rank supplier_count",
    ),
    "sell_out": (
        desk_market.sell_out,
        "account_id period product_id category quantity value_base "
        "client_margin_base category_value_base",
    ),
    "environment_note": (
        desk_market.environment_note,
        "note_id account_id noted_date event_date theme "
        "direction author_person_id summary source_url linked_plan_item_id",
    ),
    "account_event": (
        desk_market.account_event,
        "event_id account_id event_date event_type region category description",
    ),
    "opportunity": (
        desk_market.opportunity,
        "opportunity_id account_id opportunity_name stage "
        "is_closed is_won amount currency created_date close_date owner_person_id "
        "reference_account_id reference_influence",
    ),
    "contact": (
        desk_judgement.contact,
        "contact_id account_id contact_name email phone job_title "
        "client_department decision_role support_level work_style_code is_active left_date "
        "reports_to_contact_id consent_basis technical_profile personal_profile "
        "behavioural_profile profile_reviewed_date created_date updated_at "
        "updated_by_person_id",
    ),
    "account_team": (
        desk_plans.team_rows,
        "account_id person_id role valid_from department valid_to "
        "is_account_manager is_successor is_executive_sponsor",
    ),
    "survey_response": (
        desk_market.survey_response,
        "response_id account_id contact_id responded_date nps csat",
    ),
    "segment_override": (
        desk_judgement.segment_override,
        "account_id decided_date service_profile reason decided_by_person_id valid_until",
    ),
    "manager_view": (desk_judgement.manager_view, "account_id viewed_date view_0_100 person_id"),
    "person_assessment": (
        desk_judgement.person_assessment,
        "person_id competence assessed_date score_1_5 assessor_person_id",
    ),
    "programme_decision": (
        desk_judgement.programme_decision,
        "account_id decided_date is_key_account reason decided_by_person_id",
    ),
}


def _plain(value: Cell) -> Cell:
    return value.item() if isinstance(value, np.generic) else value


def sheets_on(desk: Desk, today: int) -> dict[str, tuple[list[str], list[tuple[Cell, ...]]]]:
    """Header and rows of every sheet as they stand on a night."""
    out = {}
    for name, (fill, columns) in SHEETS.items():
        header = columns.split()
        rows = [values for known, values in fill(desk, today) if known <= today]
        out[name] = header, [tuple(_plain(values.get(c)) for c in header) for values in rows]
    return out


def write(root: Path, desk: Desk, plan: Plan) -> None:
    for night in nights_of(plan):
        path = root / str(as_date(night.today)) / "kam_desk.xlsx"
        write_workbook(path, sheets_on(desk, night.today))
