"""Salesforce Task, Event and EventRelation files."""

import numpy as np
import pyarrow as pa

from sample.activity import CLASSES, EVENT_TYPES, N_TASK_TYPES, TASK_TYPES, Activities
from sample.crm_people import Table, user_ids
from sample.crm_text import boolean, ids, local_day, maybe, mixed_length, stamps
from sample.native import appended, delta
from sample.plan import Plan
from sample.text import integer, iso_date, words

SUBJECTS = (
    "Pedido da semana",
    "Preços e prazos",
    "Entrega e reclamações",
    'Ação "ponta de gôndola"',
    "Visita à loja,\nver exposição",
    "Revisão do plano",
    "Mix de produtos; previsão",
)
CALL, EMAIL, MESSAGE, CALL_PT = 0, 1, 2, 3
LEADS = 60  # one task in so many is with a lead, who is none of ours


def activity_id(activities: Activities, position: int) -> str:
    """The id of an activity as other systems write it."""
    prefix = "00U" if activities.kind[position] >= N_TASK_TYPES else "00T"
    return f"crm:{ids(prefix, np.array([position + 1]))[0].as_py()}"


def task_table(a: Activities, prev: int, today: int, plan: Plan) -> Table:
    """Task: calls, mails and messages; ActivityDate is a local date."""
    done = local_day(a.starts)  # a planned task is delivered again on its day, closed
    rows = np.flatnonzero((a.kind < N_TASK_TYPES) & delta(prev, today, a.known, a.deleted, done))
    n = len(rows)
    kind, day = a.kind[rows], local_day(a.starts[rows])
    lead = rows % LEADS == 7
    who = maybe(ids("003", np.maximum(a.contact[rows], 1)), a.contact[rows] > 0)
    who = pa.array(np.where(lead, ids("00Q", rows).to_pylist(), who.to_pylist()))
    is_open = day > today
    is_call = (kind == CALL) | (kind == CALL_PT)
    account = ids("001", a.account[rows])
    return (
        {
            "Id": ids("00T", rows + 1),
            "IsDeleted": boolean(a.deleted[rows] <= today),
            "WhoId": mixed_length(who, rows % 10 == 0),
            "WhatId": account,
            "AccountId": account,
            "OwnerId": user_ids(a.owner[rows]),
            "Subject": words(SUBJECTS, rows % len(SUBJECTS)),
            "ActivityDate": iso_date(day),
            "Status": words(["Completed", "Not Started"], is_open.astype(int)),
            "IsClosed": boolean(~is_open),
            "Type": words(TASK_TYPES, kind),
            "TaskSubtype": words(["Call", "Email", "Task", "Call", "Task"], kind),
            "CallDurationInSeconds": maybe(integer(a.minutes[rows] * 60), is_call),
            "CreatedDate": stamps(a.logged[rows]),
            "CreatedById": user_ids(a.owner[rows]),
            "SystemModstamp": stamps(a.logged[rows]),
            "Subject_Class__c": words(CLASSES, a.subject_class[rows]),
            "Direction__c": words(
                ["Outbound", "Inbound", "Both", ""], np.where(is_call, 2, rows % 4)
            ),
        }
        if n
        else _empty(TASK_COLUMNS)
    )


def _events(a: Activities, rows: np.ndarray, today: int, is_child: np.ndarray) -> Table:
    owner = np.where(is_child, np.maximum(a.colleague[rows], 0), a.owner[rows])
    account = ids("001", a.account[rows])
    number = np.where(is_child, rows + 1 + 500_000, rows + 1)
    return {
        "Id": ids("00U", number),
        "IsDeleted": boolean(a.deleted[rows] <= today),
        "WhoId": maybe(ids("003", np.maximum(a.contact[rows], 1)), a.contact[rows] > 0),
        "WhatId": account,
        "AccountId": account,
        "OwnerId": user_ids(owner),
        "Subject": words(SUBJECTS, rows % len(SUBJECTS)),
        "StartDateTime": stamps(a.starts[rows]),
        "EndDateTime": stamps(a.starts[rows] + a.minutes[rows] * 60),
        "ActivityDate": iso_date(a.starts[rows] // 86_400),
        "DurationInMinutes": integer(a.minutes[rows]),
        "IsChild": boolean(is_child),
        "Type": words(EVENT_TYPES, a.kind[rows] - N_TASK_TYPES),
        "CreatedDate": stamps(a.logged[rows]),
        "CreatedById": user_ids(a.owner[rows]),
        "SystemModstamp": stamps(a.logged[rows]),
        "Subject_Class__c": words(CLASSES, a.subject_class[rows]),
    }


def event_tables(a: Activities, prev: int, today: int) -> tuple[Table, Table]:
    """Event with the copies of attendees, and EventRelation with everybody in the room."""
    rows = np.flatnonzero((a.kind >= N_TASK_TYPES) & delta(prev, today, a.known, a.deleted))
    copies = rows[(a.colleague[rows] >= 0) & (rows % 3 == 0)]
    both = np.r_[rows, copies]
    is_child = np.r_[np.zeros(len(rows), bool), np.ones(len(copies), bool)]
    events = _events(a, both, today, is_child) if len(rows) else _empty(EVENT_COLUMNS)
    new = rows[(a.known[rows] > prev) & (a.known[rows] <= today)]
    contacts, mates = new[a.contact[new] > 0], new[a.colleague[new] >= 0]
    parts = [
        _relations(a, contacts, ids("003", a.contact[contacts]), 0, False),
        _relations(a, mates, user_ids(a.colleague[mates]), 1, False),
        _relations(a, new, ids("001", a.account[new]), 2, True),
        _relations(a, new, user_ids(a.owner[new]), 3, False),
    ]
    return events, appended(*parts)


def _relations(
    a: Activities, rows: np.ndarray, related: pa.Array, part: int, is_what: bool
) -> Table:
    n = len(rows)
    logged = stamps(a.logged[rows]) if n else pa.array([], pa.string())
    return {
        "Id": ids("0RE", rows * 4 + part + 1),
        "IsDeleted": boolean(np.zeros(n)),
        "EventId": ids("00U", rows + 1),
        "RelationId": related,
        "IsWhat": boolean(np.full(n, is_what)),
        "IsParent": boolean(np.full(n, part != 1)),
        "IsInvitee": boolean(np.full(n, part == 1)),
        "Status": words(["", "Accepted", "", ""], np.full(n, part)),
        "CreatedDate": logged,
        "SystemModstamp": logged,
    }


TASK_COLUMNS = (
    "Id IsDeleted WhoId WhatId AccountId OwnerId Subject ActivityDate Status IsClosed Type "
    "TaskSubtype CallDurationInSeconds CreatedDate CreatedById SystemModstamp "
    "Subject_Class__c Direction__c"
)
EVENT_COLUMNS = (
    "Id IsDeleted WhoId WhatId AccountId OwnerId Subject StartDateTime EndDateTime "
    "ActivityDate DurationInMinutes IsChild Type CreatedDate CreatedById SystemModstamp "
    "Subject_Class__c"
)


def _empty(columns: str) -> Table:
    return {name: pa.array([], pa.string()) for name in columns.split()}
