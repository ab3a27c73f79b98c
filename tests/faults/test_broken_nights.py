"""A broken night leaves what readers see as it was, says why, and returns its code."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.conftest import World, ask, clone_world

pytestmark = pytest.mark.slow
SECOND = "2026-03-31"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, first_night: World) -> World:
    """A world with one good night; tests break the second and mend it again."""
    return clone_world(first_night, tmp_path_factory.mktemp("broken"))


@pytest.fixture
def broken(served: World, tmp_path: Path):
    """Change the second night's files or the configuration; all is mended afterwards."""
    folder = served.drop / "extracts"
    shutil.copytree(folder, tmp_path / "extracts")
    shutil.copytree(served.config, tmp_path / "config")
    before = served.current

    def run(change: Callable[[Path], None] | None = None, night: str = SECOND) -> tuple[int, str]:
        if change:
            change(folder)
        code = served.kam("nightly", "--as-of", night, now="2026-04-01T07:15:00Z")
        assert served.current == before
        return code, str(served.status().get("attempt_reason") or "")

    yield run
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "extracts", folder)
    shutil.rmtree(served.config)
    shutil.copytree(tmp_path / "config", served.config)


def customers(folder: Path) -> Path:
    return folder / "erp" / SECOND / "sa1010.csv"


def test_a_missing_required_file_is_not_ready_and_is_named(broken) -> None:
    code, reason = broken(lambda folder: customers(folder).unlink())

    assert code == 21
    assert "SA1010" in reason.upper()
    assert "make nightly" in reason


def test_an_empty_required_file_is_not_ready(broken) -> None:
    code, reason = broken(lambda folder: customers(folder).write_bytes(b""))

    assert code == 21
    assert "sa1010" in reason.lower()


def test_a_header_without_rows_holds_the_night(broken) -> None:
    def change(folder: Path) -> None:
        path = customers(folder)
        path.write_bytes(path.read_bytes().split(b"\n", 1)[0] + b"\n")

    code, reason = broken(change)
    assert code == 20
    assert "rows" in reason


def test_bytes_that_are_not_of_the_declared_encoding_hold_the_night(broken) -> None:
    def change(folder: Path) -> None:
        path = customers(folder)
        path.write_bytes(path.read_bytes().decode("cp1252").encode("utf-16"))

    code, reason = broken(change)
    assert code == 20
    assert "encoding" in reason


def test_a_wrong_column_holds_the_night_and_names_it(broken) -> None:
    def change(folder: Path) -> None:
        path = customers(folder)
        path.write_bytes(path.read_bytes().replace(b"A1_NOME", b"A1_RAZAO", 1))

    code, reason = broken(change)
    assert code == 20
    assert "A1_NOME" in reason


def test_a_truncated_file_holds_the_night(broken) -> None:
    def change(folder: Path) -> None:
        path = folder / "erp" / SECOND / "sa1010.csv"
        path.write_bytes(path.read_bytes()[:-20])

    code, _ = broken(change)
    assert code == 20


def test_a_ledger_that_differs_by_a_cent_in_a_closed_period_holds_the_night(
    served: World, broken
) -> None:
    def change(folder: Path) -> None:
        first = (folder / "erp" / "2026-03-30" / "cq0010.csv").read_text(encoding="cp1252")
        line = next(row for row in first.splitlines() if ";20250630;" in row and ";3.1.1" in row)
        parts = line.split(";")
        cents = int(parts[5].replace(".", "").replace(",", "")) + 1
        parts[5] = f"{cents // 100},{cents % 100:02d}"
        path = folder / "erp" / SECOND / "cq0010.csv"
        with path.open("a", encoding="cp1252", newline="") as handle:
            handle.write(";".join(parts) + "\n")

    code, reason = broken(change)
    assert code == 20
    assert "recon_ledger:rows_with_difference" in reason
    held = reason.split("What was not published: ")[1].rstrip(".")
    [difference] = ask(
        Path(held), "select difference_base from kam_ops.recon_ledger where status = 'DIFF'"
    )
    assert [str(value) for value in difference] == ["0.01"]


@pytest.mark.parametrize("night", ["2026-02-30", "2099-01-01", "2020-01-01"])
def test_an_unknown_date_is_a_usage_error(served: World, night: str) -> None:
    before = served.current

    assert served.kam("nightly", "--as-of", night, now="2026-04-01T07:15:00Z") == 2
    assert served.current == before


def test_a_date_without_a_delivery_yet_is_not_ready(broken) -> None:
    code, _ = broken(_without("2026-04-01"), "2026-04-01")

    assert code == 21


def _without(night: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        for kind in ("erp", "crm", "desk"):
            shutil.rmtree(folder / kind / night)

    return change


def test_an_unknown_configuration_key_is_named_with_its_file(
    served: World, broken, capsys: pytest.CaptureFixture[str]
) -> None:
    path = served.config / "metrics.yml"
    metrics = yaml.safe_load(path.read_text(encoding="utf-8"))
    metrics["concentration"]["abd"] = [0.8, 0.95]
    path.write_text(yaml.safe_dump(metrics), encoding="utf-8")
    before = served.current

    assert served.kam("nightly", "--as-of", SECOND, now="2026-04-01T07:15:00Z") == 2
    assert served.current == before
    message = capsys.readouterr().err
    assert "metrics.yml" in message
    assert "concentration.abd" in message


def test_a_home_of_another_company_is_refused(
    served: World, broken, capsys: pytest.CaptureFixture[str]
) -> None:
    path = served.config / "company.yml"
    company = yaml.safe_load(path.read_text(encoding="utf-8"))
    company["name"] = "Another company"
    path.write_text(yaml.safe_dump(company), encoding="utf-8")

    assert served.kam("nightly", "--as-of", SECOND, now="2026-04-01T07:15:00Z") == 2
    assert "belongs to" in capsys.readouterr().err


def test_a_busy_home_is_told_apart_from_a_broken_one(
    served: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    from pipelines import runs

    monkeypatch.setattr(runs, "LOCK_WAIT_SECONDS", 0)
    with (served.home / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        assert served.kam("nightly", "--as-of", SECOND, now="2026-04-01T07:15:00Z") == 75


def test_a_run_killed_before_the_commit_leaves_the_old_version_and_its_obituary(
    served: World,
) -> None:
    before = served.current

    code = served.killed_at("manifest", "nightly", "--as-of", SECOND, now="2026-04-01T07:15:00Z")
    assert code == 137
    assert served.current == before
    assert list((served.home / "published" / "versions").glob(".tmp.*"))

    assert served.kam("nightly", "--as-of", SECOND, now="2026-04-01T08:15:00Z") == 0
    assert not list((served.home / "published" / "versions").glob(".tmp.*"))
    assert served.query("select count(*) from kam_ops.run_report where status = 'crashed'") == [
        (1,)
    ]
    assert os.readlink(served.home / "published" / "previous") == f"versions/{before}"


def test_a_flipped_bit_in_what_is_served_is_found_and_an_older_version_served(
    served: World,
) -> None:
    damaged = served.database
    previous = os.readlink(served.home / "published" / "previous").removeprefix("versions/")
    damaged.chmod(0o644)
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2] ^= 1
    damaged.write_bytes(content)

    assert served.kam("verify") == 30
    served.kam("nightly", "--as-of", "2026-02-30", now="2026-04-01T09:15:00Z")
    code = served.kam("nightly", "--as-of", SECOND, now="2026-04-01T09:15:00Z")
    assert code == 0
    assert previous in {
        parent
        for (parent,) in served.query("select parent_publication_id from kam_ops.publication")
    }
