"""What a publication changed against the one before, in shape and in number."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assets.transform.contract import Table

HEADLINE = "net_revenue_rc"  # the column that the limit `sum` of a table is about


@dataclass(frozen=True)
class Difference:
    """One measure of a published table in the parent and now: a row of kam_ops.publication_diff.

    `value_before` is None where the parent has no such table; a measure that is a difference in
    itself (columns_added, rows_changed, migrations) stands at 0 before.
    """

    table_name: str
    measure: str
    value_before: float | None
    value_after: float
    limit_ratio: float | None = None
    detail: str | None = None

    @property
    def difference(self) -> float | None:
        """After less before."""
        return None if self.value_before is None else self.value_after - self.value_before

    @property
    def change(self) -> float | None:
        """The difference as a share of what was before; None of nothing."""
        if not self.value_before:
            return None
        return abs(self.value_after - self.value_before) / abs(self.value_before)

    @property
    def is_over_limit(self) -> bool | None:
        """Whether a waiver is needed; None where there is no limit or nothing to compare."""
        if self.limit_ratio is None or self.change is None:
            return None
        return self.change > self.limit_ratio


def limits_of(metrics: Mapping[str, Any], table: Table) -> dict[str, float]:
    """The limits of a table by measure: `rows`, `sum` of its headline, or a measure by its name."""
    declared = dict(metrics["publication_diff"].get(table.name) or {})
    named = {
        f"sum:{HEADLINE}" if name == "sum" else name: value for name, value in declared.items()
    }
    return {name: float(value) for name, value in named.items() if value is not None}


def rule_of(measure: str) -> str:
    """The name of the check that holds a measure to its limit."""
    kind, _, column = measure.partition(":")
    return f"{kind}_change" if column in ("", HEADLINE) else f"{kind}_change__{column}"
