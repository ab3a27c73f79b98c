"""Two systems of one kind are two sources on one adapter, and publish as one company."""

import shutil
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from tests.conftest import ROOT, World

pytestmark = pytest.mark.slow


def test_two_branches_on_one_adapter_publish_as_one_company(tmp_path: Path) -> None:
    config = tmp_path / "branches"
    shutil.copytree(ROOT / "examples" / "template", config)
    shutil.copytree(config / "drop", config / "drop_rj")
    # The second branch knows the first's client under another number and has one of its own.
    customers = (config / "drop_rj" / "customers.csv").read_text(encoding="cp1252")
    customers = customers.replace("0001;", "9001;").replace(
        "0002;Armarinho São Bento", "0002;Outro"
    )
    (config / "drop_rj" / "customers.csv").write_text(customers, encoding="cp1252")
    invoices = (config / "drop_rj" / "invoices.csv").read_text(encoding="cp1252")
    invoices = invoices.replace(";0001;", ";9001;").replace("1.234,56", "2.000,00")
    (config / "drop_rj" / "invoices.csv").write_text(invoices, encoding="cp1252")
    sources = yaml.safe_load((config / "sources.yml").read_text(encoding="utf-8"))
    branch = sources["sources"]["acme"]
    sources["sources"]["acme_rj"] = branch | {
        "connector": branch["connector"] | {"root": "drop_rj"}
    }
    (config / "sources.yml").write_text(yaml.safe_dump(sources), encoding="utf-8")
    types = (config / "document_type_map.csv").read_text(encoding="utf-8")
    types += "acme_rj,SALE,INVOICE\nacme_rj,CREDIT,CREDIT_NOTE\n"
    (config / "document_type_map.csv").write_text(types, encoding="utf-8")
    world = World(config=config, home=tmp_path / "home", drop=config / "drop")

    assert world.kam("nightly", "--as-of", "2026-04-02", now="2026-04-03T07:15:00Z") == 0
    assert world.query(
        "select group_id, sum(net_revenue_rc) from kam.account_pnl_monthly group by 1 order by 1"
    ) == [
        # one client by its tax number: 1,284.56 in one branch, 2,000 + 100 - 50 in the other
        ("acme:0001", Decimal("3334.56")),
        ("acme:0002", Decimal("99.60")),
        ("acme_rj:0002", Decimal("99.60")),  # the same number in another system is another client
    ]
    assert world.query(
        "select account_key, match_method from kam.dim_account where group_id = 'acme:0001'"
        " order by account_key"
    ) == [("acme:0001", "tax_id"), ("acme_rj:9001", "tax_id")]
