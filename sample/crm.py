"""Everything the CRM holds, and every Salesforce file of every night."""

from dataclasses import dataclass
from pathlib import Path

from sample import activity, contacts, crm_accounts, crm_activity, crm_people, service, team
from sample.company import Base
from sample.crm_text import save
from sample.erp import nights_of
from sample.plan import Plan, as_date


@dataclass(frozen=True)
class Crm:
    """The state behind the CRM files."""

    accounts: list[crm_accounts.Account]
    members: list[team.Member]
    contacts: list[contacts.Contact]
    activities: activity.Activities
    opportunities: list[service.Opportunity]
    cases: list[service.Case]


def build(base: Base, plan: Plan) -> Crm:
    accounts = crm_accounts.build(base, plan)
    persons = contacts.build(accounts, plan)
    return Crm(
        accounts=accounts,
        members=team.build(accounts, plan),
        contacts=persons,
        activities=activity.draw(base, accounts, persons, plan),
        opportunities=service.build_opportunities(base, accounts, plan),
        cases=service.build_cases(base, accounts, persons, plan),
    )


def write(root: Path, base: Base, crm: Crm, plan: Plan) -> None:
    """One folder a night; tasks, events and their people are deltas, the rest is whole."""
    for night in nights_of(plan):
        today = night.today
        folder = root / str(as_date(today))
        accounts = crm_accounts.on_night(crm.accounts, base, today)
        events, relations = crm_activity.event_tables(crm.activities, night.prev, today)
        tables = {
            "Account": crm_people.account_table(accounts),
            "User": crm_people.user_table(plan, today),
            "AccountTeamMember": crm_people.team_table(crm.members),
            "Contact": crm_people.contact_table(crm.contacts, today),
            "Task": crm_activity.task_table(crm.activities, night.prev, today, plan),
            "Event": events,
            "EventRelation": relations,
            "Opportunity": service.opportunity_table(crm.opportunities, today),
            "Case": service.case_table(crm.cases, today),
        }
        for name, table in tables.items():
            save(folder, name, table)
