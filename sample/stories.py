"""The planted stories: which group plays which part, the same in every size of company.

Groups 0-5 are key accounts and 6-23 are not, so that native ids named in
`config/account_crosswalk.csv` hold for every number of groups.
"""

from dataclasses import dataclass
from datetime import date

from sample.plan import Plan, day

LARGEST = 0  # a partner: deep appetite, high impact
LOST_KEY = 1  # months of late and short deliveries, then no order any more
LEAVER = 2  # its manager has a known last day
SURVIVOR = 3  # absorbs ABSORBED on the last night but one
MOVE_FROM, MOVE_TO = 4, 5  # one customer of the first moves to the second on the last night
NO_DEPTH = 5  # wants a supplier, not a partner
PROMOTABLE = 6  # large wallet and open appetite, but not in the programme
CROSSWALK_TRUE, CROSSWALK_FALSE = 7, 9
ABSORBED = 8
NATURAL_PERSON, BAD_TAX_ID = 10, 11
ALPHANUMERIC = (12, 13)
DOLLARS = (14, 15)
MERGED_ACCOUNTS, TAX_ID_ONLY, PARENT_CYCLE, ORPHAN_PARENT = 16, 17, 18, 19
LATE_MASTER = 20  # invoiced before its customer record is delivered
SHRINKING = 21  # buys half as much since six months, still alive
FIRST_FREE_KEY = 24
UNDERPRICED = 25  # buys much, at prices under what the goods cost

FAILURE = (day(date(2025, 2, 1)), day(date(2025, 6, 30)))
UNDERPRICED_DISCOUNT = 4_800  # basis points off the list price
LAST_ORDER_OF_LOST = day(date(2025, 7, 31))
BUYER_LEFT = day(date(2025, 7, 15))
SHRINK_FROM = day(date(2025, 10, 1))
LEAVER_LAST_DAY = day(date(2026, 5, 15))
LEAVER_HANDOVER = day(date(2026, 3, 16))  # one of the accounts is already handed over
EARLIER_LEAVER_LAST_DAY = day(date(2025, 6, 30))

PARTNERS = (LARGEST, SURVIVOR, LEAVER)  # the highest score on all that segments look at
# Decisions against the rule: group, profile, day, last day; the committee's usual year without one.
OVERRIDES = (
    (MOVE_FROM, "PARTNER", date(2025, 9, 1), date(2026, 8, 31)),
    (SHRINKING, "DEVELOP", date(2025, 12, 1), None),
    (LOST_KEY, "PARTNER", date(2024, 6, 3), date(2025, 6, 2)),
)


@dataclass(frozen=True)
class Nights:
    """Days on which the extracts tell a planted change."""

    correction: int
    merge: int
    move: int

    @staticmethod
    def of(plan: Plan) -> "Nights":
        return Nights(correction=plan.end - 2, merge=plan.end - 1, move=plan.end)


def is_key(group: int, plan: Plan) -> bool:
    return group < 6 or FIRST_FREE_KEY <= group < FIRST_FREE_KEY + plan.n_key - 6
