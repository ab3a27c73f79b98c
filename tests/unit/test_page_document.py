"""The page of lifetime value: the same bytes, whole in itself, and no night depends on it."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections import Counter
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import numpy as np
import pytest
from defusedxml.ElementTree import fromstring

from assets.company import load_company
from assets.ledger import Ledger
from assets.night import Home, Night, NightPlan
from assets.publish import lifetime_page
from assets.publish.lifetime_page import write_lifetime_page
from assets.publish.pages.evidence import ORDERS
from assets.publish.pages.lifetime_value import files
from assets.publish.versions import PAGE
from tests.conftest import ROOT
from tests.pages import NIGHT, Read, backtest, evidence, judged, pairs, portfolio

NAMESPACES = ("http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink")
HASHES = (
    "import hashlib, tests.unit.test_page_document as page;"
    "print(hashlib.sha256(repr(sorted(page.everything().items())).encode()).hexdigest())"
)


def everything() -> dict[str, str]:
    """A page with pictures of every kind."""
    random = np.random.default_rng(7)
    days = [f"{year}-{month:02d}-28" for year in (2024, 2025) for month in (1, 2, 3)]
    past = pairs(
        (day, client, False, client / 40, float(client % 7 < 3), random.uniform())
        for day in days
        for client in range(40)
    )
    nights = portfolio(
        (day, scope, months, 40, 5e6, 4e6, 6e6, 3e6, 7e6, day < "2025", day != days[-1])
        for day in days
        for scope in ("company", "key")
        for months in (12, 36)
    )
    measured = backtest(
        judged(ORDERS, "skill_vs:hiatus", 0.1, as_of_date=day, population=who)
        for day in days
        for who in ("all", "key")
    )
    return files(
        evidence(orders=past, money=past, silence=past, portfolio=nights, backtest=measured)
    )


class Seen(HTMLParser):
    """Every tag of a document with its attributes, and its text."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(document)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def every(self, attribute: str) -> list[str]:
        return [value for _, found in self.tags if (value := found.get(attribute)) is not None]


@pytest.fixture(scope="module")
def written() -> dict[str, str]:
    return everything()


@pytest.fixture(scope="module")
def seen(written: dict[str, str]) -> Seen:
    return Seen(written[Path(PAGE).name])


def test_the_same_figures_give_the_same_bytes_whatever_the_user_has_configured(
    written: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "matplotlibrc").write_text("font.size: 30\naxes.linewidth: 9\nsvg.fonttype: path\n")
    found = subprocess.run(
        [sys.executable, "-c", HASHES],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "99", "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=True,
    )
    wanted = hashlib.sha256(repr(sorted(written.items())).encode()).hexdigest()
    assert found.stdout.strip() == wanted


def test_the_page_holds_every_picture_and_each_is_a_file_that_stands_alone(
    written: dict[str, str], seen: Seen
) -> None:
    drawings = {Path(name).stem for name in written if name.endswith(".svg")}
    assert {
        "portfolio_company_36", "portfolio_key_36", "portfolio_company_12", "portfolio_key_12",
        "orders_by_tenth", "money_by_tenth", "calibration_no_order_90", "coverage_orders",
        "coverage_money", "skill_orders",
    } == drawings  # fmt: skip
    assert drawings <= set(seen.every("id"))
    for name in drawings:
        assert fromstring(written[f"{name}.svg"].encode()).tag.endswith("}svg")


def test_every_picture_has_a_title_a_sentence_and_its_figures_as_a_table(seen: Seen) -> None:
    tags = Counter(tag for tag, _ in seen.tags)
    assert tags["figure"] == tags["figcaption"] == tags["table"] == tags["caption"] == 10
    assert tags["title"] == 1 + tags["svg"]
    assert {found.get("role") for tag, found in seen.tags if tag == "svg"} == {"img"}
    assert all(found.get("aria-label") for tag, found in seen.tags if tag == "svg")
    assert all(found.get("scope") for tag, found in seen.tags if tag == "th")


def test_the_page_runs_nothing_and_asks_nobody_for_anything(
    written: dict[str, str], seen: Seen
) -> None:
    assert not {"script", "link", "img", "iframe", "image", "object"} & {
        tag for tag, _ in seen.tags
    }
    assert not [name for _, found in seen.tags for name in found if name.startswith("on")]
    assert not seen.every("src")
    for text in written.values():
        for namespace in NAMESPACES:
            text = text.replace(f'="{namespace}"', "")
        assert "://" not in text
        assert "@import" not in text
        assert "<!DOCTYPE svg" not in text


def test_identifiers_are_told_apart_and_every_reference_has_its_target(
    written: dict[str, str], seen: Seen
) -> None:
    identifiers = seen.every("id")
    assert len(identifiers) == len(set(identifiers))
    references = [*seen.every("href"), *seen.every("xlink:href")]
    references += [part.split(")")[0] for part in written[Path(PAGE).name].split("url(")[1:]]
    assert len(references) > 100
    assert {reference.lstrip("#") for reference in references} <= set(identifiers)


def test_names_are_text_and_never_markup(seen: Seen, written: dict[str, str]) -> None:
    assert "Sample & <Co>, as of 2026-03-31." in "".join(seen.text)
    assert "<Co>" not in written[Path(PAGE).name]


def test_the_texts_of_a_picture_stay_text(written: dict[str, str]) -> None:
    read = Read(written["portfolio_company_36.svg"].partition("?>")[2], "portfolio_company_36")
    assert "All clients, next 36 months, BRL" in read.texts
    assert "million BRL" in read.texts


# In a night


@pytest.fixture
def night(tmp_path: Path) -> Night:
    home = Home(tmp_path)
    found = Night(
        run_id="run-test",
        plan=NightPlan(as_of=NIGHT, kind="forward"),
        company=load_company(ROOT / "config"),
        home=home,
        ledger=Ledger(home.ledger_file),
        project=tmp_path,
        trigger_kind="command",
        started_by="test",
        code_version="test",
        clock=lambda: datetime(2026, 4, 1, 7),
    )
    found.folder.mkdir(parents=True)
    return found


@pytest.fixture
def database(night: Night, tmp_path: Path) -> Path:
    """A draft of a company that has not sold anything yet, and its build."""
    draft = tmp_path / "draft"
    draft.mkdir()
    with duckdb.connect(str(draft / "key_accounts.duckdb")) as connection:
        connection.execute("create schema kam")
        for name, empty in (("portfolio_ltv", portfolio()), ("score_backtest", backtest())):
            connection.register("nothing", empty)
            connection.execute(f"create table kam.{name} as from nothing")
    with duckdb.connect(str(night.warehouse)) as connection:
        connection.execute(
            "create schema control; create schema scores;"
            f" create table control.run as select date '{NIGHT}' as as_of_date,"
            " 'BRL' as reporting_currency;"
            " create table scores.ltv_pair (cutoff_date date, group_id varchar, outcome varchar,"
            " horizon_days bigint, is_known boolean, forecast double, actual double, place double)"
        )
    return draft / "key_accounts.duckdb"


def test_a_company_that_sold_nothing_yet_gets_a_page_without_pictures(
    night: Night, database: Path
) -> None:
    write_lifetime_page(night, database, [night.folder / "pruned.duckdb", night.warehouse], "abc")
    folder = (database.parent / PAGE).parent
    assert [path.name for path in folder.iterdir()] == [Path(PAGE).name]
    assert "too few decision dates" in (database.parent / PAGE).read_text(encoding="utf-8")
    [check] = night.ledger.checks("run-test")
    assert (check["check_id"], check["status"]) == ("pages/lifetime_value:drawn", "passed")


def test_a_night_that_is_appended_shows_the_past_forecasts_of_its_parent(
    night: Night, database: Path, tmp_path: Path
) -> None:
    parent = tmp_path / "parent.duckdb"
    shutil.copyfile(night.warehouse, parent)
    with duckdb.connect(str(parent)) as connection:
        connection.execute("update control.run set as_of_date = date '2026-04-30'")
    write_lifetime_page(night, database, [parent, night.warehouse], "abc")
    assert "as of 2026-04-30" in (database.parent / PAGE).read_text(encoding="utf-8")


def test_a_fault_in_drawing_is_a_warning_without_values_and_leaves_nothing_behind(
    night: Night,
    database: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def broken(_: object) -> dict[str, str]:
        raise ValueError("Client 4711 owes 12.00")

    monkeypatch.setattr(lifetime_page, "files", broken)
    write_lifetime_page(night, database, [night.warehouse], "abc")

    [check] = night.ledger.checks("run-test")
    assert (check["severity"], check["status"], check["is_blocking"]) == ("warning", "failed", 0)
    assert check["detail"].startswith(
        f"expected {PAGE}, found ValueError at test_page_document.py:"
    )
    assert "could not be drawn: ValueError at" in capsys.readouterr().out
    assert not (database.parent / PAGE).parent.exists()


def test_a_disk_that_cannot_be_written_is_no_fault_of_drawing(night: Night, database: Path) -> None:
    (database.parent / "pages").write_text("in the way")
    with pytest.raises(OSError, match="pages"):
        write_lifetime_page(night, database, [night.warehouse], "abc")
