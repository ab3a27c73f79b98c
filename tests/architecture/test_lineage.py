"""What may not flow into what, read from the graph of the dbt models."""

import re

from assets.transform.contract import DBT_PROJECT

MODELS = {path.stem: path for path in (DBT_PROJECT / "models").rglob("*.sql")}
PUBLISHED = ("marts", "kam", "kam_ops", "kam_restricted")


def reads() -> dict[str, set[str]]:
    """What each model names between quotes: models, and scores that Python leaves."""
    known = {*MODELS, "halo_estimate"}
    return {
        name: set(re.findall(r"'(\w+)'", path.read_text(encoding="utf-8"))) & known - {name}
        for name, path in MODELS.items()
    }


def descendants(*origins: str) -> set[str]:
    found, graph = set(origins), reads()
    while True:
        more = {name for name, parents in graph.items() if parents & found} - found
        if not more:
            return found
        found |= more


def test_value_beside_the_ledger_enters_no_other_table() -> None:
    """A referrer's value is the won group's future seen again: it may not be added to LTV."""
    reached = descendants("int_reference_win__valued", "halo_estimate")
    published = {name for name in reached if name in MODELS and _layer(name) in PUBLISHED}

    assert published == {"nonfinancial_value", "halo_effect"}


def test_lifetime_value_reads_nothing_of_it() -> None:
    assert "account_ltv" not in descendants("nonfinancial_value", "halo_effect")
    assert "nonfinancial_value" in descendants("account_ltv")
    for path in (DBT_PROJECT.parent / "assets" / "scores" / "ltv").rglob("*.py"):
        assert not re.search(r"reference_value|halo|nonfinancial", path.read_text(encoding="utf-8"))


def _layer(name: str) -> str:
    return MODELS[name].relative_to(DBT_PROJECT / "models").parts[0]
