"""A company in which a win of August 2025 lifted the small clients of its region by half.

Fourteen small clients in each of three regions, twelve in a fourth; the large client has 85 % of
the revenue, so all others are B or C. All pair: the caliper is wide.
"""

import csv
import math
import shutil
import zlib
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
import yaml

from tests.conftest import ROOT, World
from tests.golden.test_service_golden import replace_table

pytestmark = pytest.mark.slow
REGIONS = {"SUL": 14, "NORTE": 14, "LESTE": 14, "OESTE": 12}
MONTHS = [date(2021 + (n + 6) // 12, (n + 6) % 12 + 1, 1) for n in range(57)]  # from July 2021
LARGE = "R1"
LIFT = 1.5


def client_names(region: str) -> list[str]:
    return [f"{region}-{number:02}" for number in range(REGIONS[region])]


def revenue() -> dict[tuple[str, date], Decimal]:
    """What each client is invoiced in each month."""
    rng = np.random.default_rng(zlib.crc32(b"halo of a win"))
    found = {}
    for region, many in REGIONS.items():
        for number in range(many):
            for month in MONTHS:
                amount = 1_000 * (1 + number / 10) * math.exp(rng.normal(0, 0.05))
                if region == "SUL" and month > date(2025, 8, 1):
                    amount *= LIFT
                found[f"{region}-{number:02}", month] = Decimal(f"{amount:.2f}")
    for month in MONTHS:
        small = sum(amount for (_, when), amount in found.items() if when == month)
        found[LARGE, month] = (small * 6).quantize(Decimal("0.01"))
    return found


def write(path: Path, header: str, rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([header.split(), *rows])


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The company after the night of 31 March 2026, with its invoices in euro."""
    folder = tmp_path_factory.mktemp("halo")
    config, drop = folder / "config", folder / "drop"
    shutil.copytree(ROOT / "config", config)
    drop.mkdir()
    connector = {"kind": "files", "root": str(drop), "quiet_seconds": 0}
    sources = {"sources": {"erp": {"adapter": "canonical_csv", "connector": connector}}}
    (config / "sources.yml").write_text(yaml.safe_dump(sources), encoding="utf-8")
    replace_table(config, "invoice_correction_reason", [])
    replace_table(config, "account_crosswalk", [])
    metrics = config / "metrics.yml"
    text = metrics.read_text(encoding="utf-8").replace("caliper: 0.5", "caliper: 20.0")
    metrics.write_text(text, encoding="utf-8")
    homes = {name: region for region in REGIONS for name in client_names(region)} | {LARGE: "SUL"}
    write(
        drop / "customer.csv",
        "customer_id customer_name region",
        [(name, f"Cliente {name}", region) for name, region in homes.items()],
    )
    write(
        drop / "account.csv",
        "account_id account_name is_key_account key_account_from",
        [(LARGE, "Rede", "true", "2025-09-01"), ("SUL-01", "Pequena", "false", "")],
    )
    write(
        drop / "account_event.csv",
        "event_id account_id event_date event_type region category",
        [
            ("W", LARGE, "2025-08-15", "win", "Sul", ""),
            ("X", LARGE, "2025-08-15", "win", "EXTERIOR", ""),
            ("S", "SUL-01", "2025-08-15", "win", "NORTE", ""),
        ],
    )
    write(
        drop / "invoice_line.csv",
        "document_id line_id company_code document_type posting_date customer_id product_id"
        " quantity net_amount currency net_amount_base",
        [
            (f"{n}-{m}", 1, "01", "INVOICE", m.replace(day=10), n, "P", 1, a, "BRL", a)
            for (n, m), a in revenue().items()
        ],
    )
    write(drop / "product.csv", "product_id product_name category", [("P", "Biscoito", "SNACK")])
    world = World(config=config, home=folder / "home", drop=drop)
    assert world.kam("nightly", "--as-of", "2026-03-31", now="2026-04-01T07:15:00Z") == 0
    return world


def judged(world: World, event: str, outcome: str) -> tuple:
    [row] = world.query(
        "select exposed_n, control_n, placebo_n, effect, effect_lo, effect_hi, value_rc, verdict,"
        " missing_reason from kam.halo_effect where event_id = ? and outcome = ?",
        [f"erp:{event}", outcome],
    )
    return row


def test_the_lift_is_found_from_invoices_to_the_published_table(night: World) -> None:
    """All 14 pair. Placebos: May 2023, after the first class, to January 2025, months before it."""
    row = judged(night, "W", "log_net_revenue")
    exposed_n, control_n, placebo_n, effect, low, high, _, verdict, missing = row

    assert (exposed_n, control_n) == (14, 14)
    assert 20 <= placebo_n <= 22
    assert effect == pytest.approx(math.log(LIFT), abs=0.02)
    assert low <= math.log(LIFT) <= high
    assert (verdict, missing) == ("ESTIMATED", None)


def test_its_value_is_what_it_adds_to_the_same_months_a_year_before(night: World) -> None:
    effect, value = judged(night, "W", "log_net_revenue")[3::3]
    before = sum(
        amount
        for (name, month), amount in revenue().items()
        if name.startswith("SUL") and date(2024, 9, 1) <= month <= date(2025, 2, 1)
    )

    assert value == Decimal(f"{math.expm1(effect) * float(before):.2f}")


def test_nothing_is_said_of_who_was_always_active(night: World) -> None:
    """Everybody is invoiced every month and nobody came: no change, and none by itself."""
    active, new = (judged(night, "W", name) for name in ("active_customers", "new_customers"))

    assert active[:2] == (14, 14)
    assert new[:2] == (14, 40)
    for row in (active, new):
        assert row[3:6] == (0.0, 0.0, 0.0)
        assert row[6:] == (None, "NOT_DISTINGUISHABLE_FROM_ZERO", None)


def test_a_region_without_clients_has_too_few_and_a_small_client_is_no_anchor(
    night: World,
) -> None:
    row = judged(night, "X", "log_net_revenue")

    assert row[:2] == (0, 0)
    assert row[7] == "TOO_FEW"
    assert night.query("select distinct event_id from kam.halo_effect order by all") == [
        ("erp:W",),
        ("erp:X",),
    ]
