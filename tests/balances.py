"""What clients owe, from receivables and receipts, beside what the system itself says."""

from decimal import Decimal

from tests.conftest import World


def balances(world: World) -> dict[str, tuple[Decimal, Decimal]]:
    """Of each customer: receivables less receipts, and the open amounts as delivered."""
    found = world.canonical(
        "select customer_id, sum(receivable.amount_base - coalesce(paid.amount_base, 0)),"
        " sum(receivable.open_amount_base) from canonical.receivable as receivable"
        " left join (select receivable_id, sum(amount_base) as amount_base"
        " from canonical.receipt group by receivable_id) as paid"
        " on receivable.receivable_id = paid.receivable_id group by customer_id"
    )
    return {customer: (balance, stated) for customer, balance, stated in found}
