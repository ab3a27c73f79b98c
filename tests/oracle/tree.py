"""Who belongs to which group, today and on the day of a fact."""

from dataclasses import dataclass
from datetime import date

from tests.oracle.facts import Facts

UNMAPPED, INTERCOMPANY = "UNMAPPED", "INTERCOMPANY"
PSEUDO = (UNMAPPED, INTERCOMPANY, "ERASED")


def roots(facts: Facts) -> dict[str, str]:
    """The topmost parent of every customer, without the source's prefix."""
    customers = facts.by_key("customer", "customer_id")
    found = {}
    for customer, row in customers.items():
        top = customer
        while customers[top]["parent_customer_id"]:
            top = customers[top]["parent_customer_id"]
        found[customer] = INTERCOMPANY if row["is_intercompany"] else top
    return found


@dataclass
class Tree:
    """The hierarchy of today, and the one before it until a day."""

    today: dict[str, str]
    before: dict[str, str]
    since: date
    accounts: dict[str, str | None]

    def group(self, customer: str | None) -> str:
        return self.today.get(customer or "", UNMAPPED)

    def group_as_was(self, customer: str | None, day: date) -> str:
        tree = self.today if day >= self.since else self.before
        return tree.get(customer or "", UNMAPPED)

    def account_group(self, account: str) -> str:
        """The group of its customer; a prospect is its own; an unknown account is nobody's."""
        customer = self.accounts.get(account, UNMAPPED)
        return account if customer is None else self.group(customer)

    def account_group_as_was(self, account: str, day: date) -> str:
        customer = self.accounts.get(account, UNMAPPED)
        return account if customer is None else self.group_as_was(customer, day)


def tree_of(facts: Facts, before: Facts | None = None, since: date = date(1900, 1, 1)) -> Tree:
    """The tree of delivered facts, after the one of facts delivered before."""
    today, known = roots(facts), facts.by_key("account", "account_id")
    accounts = {
        name: known[row["merged_into_account_id"] or name]["erp_customer_ids"]
        for name, row in known.items()
    }
    return Tree(today, roots(before) if before else today, since, accounts)
