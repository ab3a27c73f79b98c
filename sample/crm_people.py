"""Salesforce Account, User, AccountTeamMember and Contact files."""

import numpy as np

from sample import people
from sample.contacts import DEPARTMENTS, ROLES, SUPPORT, TITLES, Contact
from sample.crm_accounts import Account
from sample.crm_text import boolean, ids, local, maybe, mixed_length, stamps
from sample.plan import FAR, Plan
from sample.team import ROLES as TEAM_ROLES
from sample.team import Member
from sample.text import Column, iso_date, words

Table = dict[str, Column]
MORNING = 9 * 60


def user_ids(positions: np.ndarray) -> Column:
    return ids("005", np.asarray(positions) + 1)


def account_table(accounts: list[Account]) -> Table:
    """Account, the ones merged away included."""
    n = np.array([a.number for a in accounts])
    created = stamps(local(np.array([a.created for a in accounts]), MORNING))
    parent = np.array([a.parent for a in accounts])
    master = np.array([a.master for a in accounts])
    return {
        "Id": ids("001", n),
        "IsDeleted": boolean(np.array([a.is_deleted for a in accounts])),
        "MasterRecordId": maybe(ids("001", master), master > 0),
        "Name": words([a.name for a in accounts]),
        "ParentId": maybe(mixed_length(ids("001", parent), n % 3 == 0), parent > 0),
        "Type": words(["Customer" if a.group >= 0 else "Prospect" for a in accounts]),
        "Industry": words([a.industry for a in accounts]),
        "BillingCity": words([a.city[0] for a in accounts]),
        "BillingState": words([a.city[1] for a in accounts]),
        "BillingCountry": words(["Paraguay" if a.city[1] == "EX" else "Brazil" for a in accounts]),
        "Website": words([a.website for a in accounts]),
        "OwnerId": mixed_length(user_ids(np.array([a.owner for a in accounts])), n % 7 == 0),
        "AccountNumber": words([""] * len(n)),
        "CreatedDate": created,
        "SystemModstamp": created,
        "Tax_Id__c": words([a.tax_id for a in accounts]),
        "ERP_Customer_Ids__c": words([";".join(a.customers) for a in accounts]),
        "Is_Key_Account__c": boolean(np.array([a.is_key for a in accounts])),
        "Key_Account_From__c": iso_date(np.array([a.key_from for a in accounts])),
        "Key_Account_To__c": words([""] * len(n)),
    }


def user_table(plan: Plan, today: int) -> Table:
    """User; whoever has a known last day carries it, active until it has passed."""
    staff = people.build()
    position = np.array([p.position for p in staff])
    left = np.array([p.left for p in staff])
    superior = np.array([p.superior for p in staff])
    created = stamps(local(np.full(len(staff), plan.start - 500), MORNING))
    return {
        "Id": user_ids(position),
        "Name": words([p.name for p in staff]),
        "Email": words([p.email for p in staff]),
        "Username": words([p.email for p in staff]),
        "IsActive": boolean(left >= today),
        "ManagerId": maybe(user_ids(np.maximum(superior, 0)), superior >= 0),
        "Department": words([p.department for p in staff]),
        "TimeZoneSidKey": words(["America/Sao_Paulo"] * len(staff)),
        "CreatedDate": created,
        "SystemModstamp": created,
        "ERP_Seller_Ids__c": words(
            [";".join(f"erp_main:{code}" for code in p.seller_codes) for p in staff]
        ),
        "Left_Date__c": iso_date(left),
    }


def team_table(members: list[Member]) -> Table:
    """AccountTeamMember with its dates."""
    n = len(members)
    start = np.array([m.start for m in members])
    created = stamps(local(start, MORNING))
    return {
        "Id": ids("01M", np.arange(n) + 1),
        "IsDeleted": boolean(np.zeros(n)),
        "AccountId": ids("001", np.array([m.account for m in members])),
        "UserId": mixed_length(
            user_ids(np.array([m.person for m in members])), np.arange(n) % 5 == 0
        ),
        "TeamMemberRole": words(TEAM_ROLES, np.array([m.role for m in members])),
        "AccountAccessLevel": words(["Edit"] * n),
        "CreatedDate": created,
        "LastModifiedDate": created,
        "SystemModstamp": created,
        "Valid_From__c": iso_date(start),
        "Valid_To__c": iso_date(np.array([m.end for m in members])),
    }


def contact_table(contacts: list[Contact], today: int) -> Table:
    """Contact; the ones merged away are deleted and point to the survivor."""
    known = [c for c in contacts if c.created <= today]
    number = np.array([c.number for c in known])
    role = np.array([c.role for c in known])
    boss = np.array([c.reports_to for c in known])
    master = np.array([c.master for c in known])
    created = np.array([c.created for c in known])
    updated = stamps(local(np.array([c.updated for c in known]), MORNING + 30))
    return {
        "Id": ids("003", number),
        "IsDeleted": boolean(master > 0),
        "MasterRecordId": maybe(ids("003", master), master > 0),
        "AccountId": mixed_length(
            ids("001", np.array([c.account for c in known])), number % 4 == 0
        ),
        "FirstName": words([c.first for c in known]),
        "LastName": words([c.last for c in known]),
        "Title": words(TITLES, np.where(number % 8 == 0, 7, role)),
        "Department": words(DEPARTMENTS, np.where(number % 11 == 0, 7, role)),
        "ReportsToId": maybe(ids("003", boss), boss > 0),
        "Email": words([c.email for c in known]),
        "Phone": words(
            [f"+55 11 5550-{c.number % 10_000:04d}" if c.number % 5 else "" for c in known]
        ),
        "OwnerId": user_ids(np.array([c.updated_by for c in known])),
        "CreatedDate": stamps(local(created, MORNING)),
        "LastModifiedDate": updated,
        "LastModifiedById": user_ids(np.array([c.updated_by for c in known])),
        "SystemModstamp": updated,
        "Decision_Role__c": words(ROLES, role),
        "Support_Level__c": words(SUPPORT, np.array([c.support for c in known])),
        "Left_Date__c": iso_date(np.array([c.left if c.left <= today else FAR for c in known])),
    }
