"""Two Protheus companies are two sources on one adapter, and publish as one company.

The second is the first one's files under other branch codes: every figure must come twice, under
codes of its own, and every client with a valid tax number must be one client in both.
"""

import csv
import shutil
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from tests.conftest import World, sample_world

pytestmark = pytest.mark.slow
NIGHT = "2026-03-30"
OTHER_BRANCH = {"01": "51", "02": "52", "03": "53"}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, small_sample: Path) -> World:
    found = sample_world(tmp_path_factory.mktemp("companies"), small_sample, copy=True)
    extracts = found.drop / "extracts"
    for path in sorted((extracts / "erp" / NIGHT).iterdir()):
        _rebranch(path, extracts / "erp_north" / NIGHT / path.name)
    place = found.config / "sources.yml"
    sources = yaml.safe_load(place.read_text(encoding="utf-8"))
    main = sources["sources"]["erp_main"]
    north = {**main["connector"], "root": str(extracts / "erp_north")}
    sources["sources"]["erp_north"] = {**main, "connector": north}
    place.write_text(yaml.safe_dump(sources, sort_keys=False), encoding="utf-8")
    for name in ("document_type_map", "invoice_correction_reason"):
        rows = (found.config / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        rows += [row.replace("erp_main,", "erp_north,") for row in rows[1:]]
        (found.config / f"{name}.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert found.kam("nightly", "--as-of", NIGHT, now="2026-03-31T07:15:00Z") == 0
    return found


def _rebranch(path: Path, target: Path) -> None:
    """Write a Protheus file with the branch codes of another company."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix != ".csv":
        shutil.copyfile(path, target)
        return
    with path.open(encoding="cp1252", newline="") as source:
        header, *rows = csv.reader(source, delimiter=";")
    branches = [
        n for n, name in enumerate(header) if name.endswith(("_FILIAL", "_FILORIG", "_CODFIL"))
    ]
    with target.open("w", encoding="cp1252", newline="") as written:
        writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
        writer.writerow(header)
        for row in rows:
            for n in branches:
                row[n] = OTHER_BRANCH.get(row[n].strip(), row[n])
            writer.writerow(row)


def test_revenue_of_each_company_is_the_simulator_s_to_the_cent(world: World) -> None:
    wanted: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    with (world.drop / "truth" / "revenue.csv").open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            if row["extract_date"] == NIGHT:
                for code in (row["company_code"], OTHER_BRANCH[row["company_code"]]):
                    wanted[code, row["month"]] += Decimal(row["revenue"])
    found = world.query(
        "select company_code, cast(month as varchar), sum(ledger_revenue_rc)"
        " from kam.account_pnl_monthly group by all"
    )

    assert {(code, month): amount for code, month, amount in found if amount} == {
        key: amount for key, amount in wanted.items() if amount
    }


def test_both_ledgers_are_met_to_the_cent(world: World) -> None:
    rows = world.query(
        "select company_code, count(*) filter (status not in ('OK', 'OPEN_PERIOD')),"
        " sum(abs(unexplained_base)) from kam_ops.recon_ledger group by all order by all"
    )
    assert {row[0] for row in rows} >= {"01", "51"}
    assert all(row[1:] == (0, 0) for row in rows), rows


def test_a_client_of_both_is_one_client_by_its_tax_number_and_never_by_its_code(
    world: World,
) -> None:
    pairs = world.canonical(
        "select split_part(account_key, ':', 2), count(distinct group_id), count(tax_id) = 2"
        " from intermediate.int_account__grouped"
        " inner join intermediate.int_account__identified using (account_kind, account_key)"
        " where account_kind = 'erp_customer' and not int_account__identified.is_intercompany"
        " and account_key not in (select account_key from intermediate.int_account__grouped"
        " where match_method = 'parent') group by 1 having count(*) = 2"
    )
    assert sum(has_tax_id for _, _, has_tax_id in pairs) > 30
    assert [number for number, groups, has_tax_id in pairs if has_tax_id and groups != 1] == []
    assert [number for number, groups, has_tax_id in pairs if not has_tax_id and groups != 2] == []
