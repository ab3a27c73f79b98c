"""Whatever happens to a file: every row and every cent is loaded, collapsed or set aside."""

import csv
import random
import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from assets import memory
from assets.company import Company, load_company
from assets.extract.assets import pull
from assets.faults import GateFault, NotReadyFault
from assets.known import create_raw_view
from assets.ledger import Delivery, Ledger
from assets.night import Home, Night, NightPlan
from assets.transform.project import assemble, run_dbt
from tests.tiny import FIRST, LINE, line, text_of, tiny_company

pytestmark = pytest.mark.slow
PLAIN = re.compile(r"[-+]?\d+(\.\d*)?")
MODELS = (
    ("staging", "stg_erp__invoice_line", "models/staging/erp/stg_erp__invoice_line.sql"),
    ("staging", "stg_erp__customer", "models/staging/erp/stg_erp__customer.sql"),
    ("staging", "stg_erp__product", "models/staging/erp/stg_erp__product.sql"),
    ("canonical", "invoice_line", "models/canonical/invoice_line.sql"),
    ("canonical", "quarantine", "models/canonical/quarantine.sql"),
)


@dataclass
class Bench:
    """The compiled models of the tiny company, and where to land files for them."""

    company: Company
    compiled: dict[str, str]
    folder: Path
    count: int = 0

    def land(self, content: bytes) -> tuple[Delivery, duckdb.DuckDBPyConnection] | None:
        """The delivery of a file in a world of its own, and its models; None where refused."""
        self.count += 1
        home = Home(self.folder / f"home{self.count}")
        path = self.folder / "drop" / f"{FIRST}" / "invoice_line.csv"
        path.write_bytes(content)
        night = Night(
            run_id="run", plan=NightPlan(as_of=FIRST, kind="forward"), company=self.company,
            home=home, ledger=Ledger(home.ledger_file), project=home.root, code_version="test",
            trigger_kind="command", started_by="test", clock=lambda: datetime(2026, 3, 31, 7),
        )  # fmt: skip
        night.folder.mkdir(parents=True)
        [source] = self.company.sources
        try:
            pull(night, source, source.extract("invoice_line"))
        except (GateFault, NotReadyFault):
            assert not night.ledger.deliveries("erp", "invoice_line")
            return None
        for extract in source.extracts:
            create_raw_view(night, source, extract)
        connection = duckdb.connect(str(night.warehouse))
        tonight = memory.NightRow(FIRST, is_reconstructed=False, is_tonight=True)
        moment = datetime(2026, 3, 31, 7)
        memory.lay_control(connection, self.company, [tonight], known_at=moment, is_first_run=True)
        for schema, name, _ in MODELS:
            connection.execute(f"create schema if not exists {schema}")
            kind = "view" if schema == "staging" else "table"
            connection.execute(f"create {kind} {schema}.{name} as {self.compiled[name]}")
        [delivery] = night.ledger.deliveries("erp", "invoice_line")
        return delivery, connection


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    folder = tmp_path_factory.mktemp("lost")
    tiny = tiny_company(folder)
    company = load_company(tiny.world.config)
    project = assemble(company, folder / "dbt")
    names = [name for _, name, _ in MODELS]
    warehouse = folder / "warehouse.duckdb"
    run_dbt(project, ["compile", "--quiet", "--select", *names], warehouse=warehouse)
    root = project / "target" / "compiled" / "kam"
    compiled = {name: (root / place).read_text(encoding="utf-8") for _, name, place in MODELS}
    return Bench(company, compiled, folder)


def corrupted(seed: int) -> bytes:
    """Thirty good lines and what a few accidents made of them."""
    chance = random.Random(seed)
    lines = text_of(LINE, [line(n, FIRST) for n in range(30)]).split("\n")[:-1]
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(1, len(lines))
        fields = lines[place].split(";")
        column = chance.randrange(len(fields))
        accident = chance.randrange(9)
        if accident == 0:
            lines.insert(place, lines[place])
        elif accident == 1:
            lines.pop(place)
        elif accident == 2:
            lines[place] = lines[place][: chance.randrange(len(lines[place]) + 1)]
        elif accident == 3:
            lines[place] = f"{lines[place]};surplus"
        elif accident == 4:
            lines.insert(place, "")
        else:
            fields[column] = chance.choice(
                ["", "x", "-7", "1.234,56", "NaN", "99999999999999999999.99", "2099-01-01", "31/12"]
            )
            lines[place] = ";".join(fields)
    text = "\n".join(lines) + ("\n" if chance.random() < 0.95 else "")
    return text.encode()


def own_count(content: bytes) -> tuple[int, Decimal]:
    """Records of a file, and the money of those that differ and have every field: by csv alone."""
    records = [row for row in csv.reader(content.decode().splitlines(), delimiter=";") if row][1:]
    whole = {tuple(row) for row in records if len(row) == len(LINE)}
    place = LINE.index("net_amount_base")
    texts = [row[place].strip() for row in whole]
    amounts = [Decimal(text) for text in texts if PLAIN.fullmatch(text)]
    return len(records), sum((a for a in amounts if abs(a) < 10**15), Decimal(0))


@given(seed=st.integers(min_value=0, max_value=10**9))
@settings(max_examples=200)
def test_rows_and_money_read_are_those_loaded_collapsed_and_set_aside(
    bench: Bench, seed: int
) -> None:
    content = corrupted(seed)
    landed = bench.land(content)
    event("refused whole" if landed is None else "landed")
    if landed is None:
        return
    delivery, connection = landed
    n_records, money = own_count(content)
    with connection:
        [(loaded, loaded_money)] = connection.execute(
            "select count(*), coalesce(sum(net_amount_base), 0) from canonical.invoice_line"
        ).fetchall()
        [(aside, aside_money)] = connection.execute(
            "select count(distinct file_row), coalesce(sum(amount_base), 0)"
            " from canonical.quarantine where entity = 'invoice_line'"
        ).fetchall()

    assert delivery.rows_read == n_records
    assert loaded + aside + delivery.rows_aside + delivery.rows_collapsed == n_records
    assert loaded_money + aside_money == money
