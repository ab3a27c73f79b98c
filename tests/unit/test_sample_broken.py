"""Nights broken on purpose: one table spoiled in a copy, everything else as it was."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sample.broken import KINDS, break_night, write_broken_copy
from tests.conftest import ROOT, write_sample

NIGHT = "2026-03-31"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_sample(tmp_path_factory.mktemp("broken") / "out", groups=40, years=4)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize("kind", KINDS)
def test_only_the_named_table_of_the_night_is_spoiled_and_only_in_the_copy(
    sample: Path, kind: str
) -> None:
    good = contents(sample / "extracts")
    spoiled = contents(write_broken_copy(sample, kind, NIGHT))

    changed = {name for name in good if good[name] != spoiled.get(name)}
    assert changed == {f"erp/{NIGHT}/sa1010.csv"}
    assert contents(sample / "extracts") == good


def test_each_kind_is_what_its_name_says(sample: Path) -> None:
    path = Path("erp") / NIGHT / "sa1010.csv"
    good = (sample / "extracts" / path).read_bytes()
    found = {
        kind: write_broken_copy(sample, kind, NIGHT) / path for kind in KINDS if kind != "missing"
    }
    header = good.split(b"\n")[0]

    assert found["empty"].read_bytes() == b""
    assert found["header_only"].read_bytes() == header + b"\n"
    with pytest.raises(UnicodeDecodeError):
        found["misencoded"].read_bytes().decode("cp1252")
    assert found["utf16"].read_bytes()[:2] in (b"\xff\xfe", b"\xfe\xff")
    assert b"A1_NOME" not in found["wrong_column"].read_bytes().split(b"\n")[0].split(b";")
    cut = found["truncated"].read_bytes()
    assert good.startswith(cut)
    assert not cut.endswith(b"\n")
    assert not (write_broken_copy(sample, "missing", NIGHT) / path).exists()


def test_every_part_of_a_split_table_is_spoiled(sample: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(sample / "extracts", tmp_path / "extracts")
    touched = break_night(folder, "empty", "2026-03-30", "sd2010")

    assert [path.name for path in touched] == ["sd2010_01.csv", "sd2010_02.csv"]
    assert all(path.stat().st_size == 0 for path in touched)


def test_a_table_of_the_crm_is_found_too(sample: Path) -> None:
    target = write_broken_copy(sample, "empty", NIGHT, "Account")

    assert (target / "crm" / NIGHT / "Account.csv").read_bytes() == b""


def test_what_does_not_exist_is_refused(sample: Path) -> None:
    with pytest.raises(ValueError, match="expected one of"):
        break_night(sample / "extracts", "burnt", NIGHT)
    with pytest.raises(ValueError, match="nothing to break"):
        break_night(sample / "extracts", "empty", "2026-01-01")


def test_the_command_spoils_a_copy_and_leaves_other_files_of_the_folder_alone(
    tmp_path: Path,
) -> None:
    keep = tmp_path / "notes.txt"
    keep.write_text("mine", encoding="utf-8")
    size = ["--out", str(tmp_path), "--groups", "40", "--years", "4"]
    command = [sys.executable, "-m", "sample", *size, "--broken", "header_only", "--date", NIGHT]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert "header_only" in done.stdout
    spoiled = tmp_path / "broken" / "header_only" / "extracts" / "erp" / NIGHT / "sa1010.csv"
    assert len(spoiled.read_bytes().splitlines()) == 1
    assert keep.read_text(encoding="utf-8") == "mine"
