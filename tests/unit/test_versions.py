"""Publishing is one rename: before it readers see the old version, after it the new one."""

import os
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from assets.faults import ConfigurationFault, InfrastructureFault, LockFault
from assets.night import Home
from assets.publish import release, versions
from assets.transform.contract import state_tables


@pytest.fixture
def home(tmp_path: Path) -> Home:
    found = Home(tmp_path)
    found.versions.mkdir(parents=True)
    return found


def published(home: Home, name: str, *, parent: str | None = None) -> versions.Publication:
    draft, restricted = draft_of(home, name, parent)
    return versions.commit(home, draft, restricted, name, expected=parent)


def draft_of(home: Home, name: str, parent: str | None = None) -> tuple[Path, Path]:
    draft = home.versions / f".tmp.{name}"
    (draft / "parquet").mkdir(parents=True)
    (draft / versions.DATABASE).write_text(f"database {name}")
    (draft / "parquet" / "part-0.parquet").write_text(f"parquet {name}")
    restricted = home.open_restricted("versions", f".tmp.{name}")
    (restricted / versions.RESTRICTED).write_text(f"restricted {name}")
    versions.write_manifest(
        draft,
        restricted,
        {
            "publication_id": name,
            "parent_publication_id": parent,
            "as_of_date": date(2026, 4, 2),
            "content_hash": name,
            "nights": [date(2026, 4, 2)],
            "run_id": name,
            "published_at": "2026-04-03T07:00:00",
        },
    )
    return draft, restricted


def test_a_commit_swings_current_and_remembers_the_one_before(home: Home) -> None:
    published(home, "one")
    published(home, "two", parent="one")

    assert os.readlink(home.current) == "versions/two"
    assert os.readlink(home.published / "previous") == "versions/one"
    assert (home.current / versions.DATABASE).read_text() == "database two"


def test_a_commit_is_refused_when_another_run_published_meanwhile(home: Home) -> None:
    published(home, "one")

    with pytest.raises(LockFault, match="published meanwhile"):
        published(home, "two")
    assert os.readlink(home.current) == "versions/one"


def test_files_are_on_disk_before_their_folder_is_named(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    rename, replace = os.rename, os.replace
    monkeypatch.setattr(versions, "sync", lambda path: calls.append(f"sync {path.name}"))
    monkeypatch.setattr(
        os, "rename", lambda a, b: (calls.append(f"rename {Path(b).name}"), rename(a, b))
    )
    monkeypatch.setattr(
        os, "replace", lambda a, b: (calls.append(f"replace {Path(b).name}"), replace(a, b))
    )
    published(home, "one")

    order = [
        f"sync {versions.RESTRICTED}",
        "sync .tmp.one",
        f"sync {versions.DATABASE}",
        "sync .tmp.one",
        "rename one",  # the restricted folder
        "sync versions",
        "rename one",
        "sync versions",
        "replace current",
        "sync published",
    ]
    assert [call for call in calls if call in order] == order


def test_published_files_cannot_be_written(home: Home) -> None:
    done = published(home, "one")

    assert done.database.stat().st_mode & 0o777 == 0o444
    assert done.restricted.stat().st_mode & 0o777 == 0o440
    assert home.restricted.stat().st_mode & 0o7777 == 0o2750


def test_the_restricted_file_is_in_place_before_any_reader_can_find_it(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def point(home: Home, name: str) -> None:
        seen.append((home.restricted_versions / name / versions.RESTRICTED).read_text())

    monkeypatch.setattr(versions, "point_current", point)
    published(home, "one")

    assert seen == ["restricted one"]


def test_the_restricted_file_is_part_of_what_verify_holds_against_the_manifest(home: Home) -> None:
    done = published(home, "one")
    done.restricted.chmod(0o640)
    done.restricted.write_text("restricted onf")

    assert versions.faults_of(done) == [
        f"restricted {versions.RESTRICTED}: content differs from the manifest"
    ]


def test_verify_finds_a_flipped_bit_a_missing_file_and_a_stranger(home: Home) -> None:
    done = published(home, "one")
    assert versions.faults_of(done) == []
    done.database.chmod(0o644)
    done.database.write_text("database onf")
    (done.folder / "parquet" / "part-0.parquet").unlink()
    (done.folder / f"{versions.DATABASE}.wal").write_text("")

    found = "; ".join(versions.faults_of(done))
    assert "content differs" in found
    assert "missing" in found
    assert "not part of the publication" in found


def test_rollback_serves_the_parent_and_refuses_a_damaged_version(home: Home) -> None:
    one = published(home, "one")
    published(home, "two", parent="one")
    assert versions.roll_back(home, None).publication_id == "one"
    assert os.readlink(home.current) == "versions/one"

    versions.roll_back(home, "two")
    one.database.chmod(0o644)
    one.database.write_text("damaged")
    with pytest.raises(InfrastructureFault, match="damaged"):
        versions.roll_back(home, "one")
    with pytest.raises(ConfigurationFault, match="Kept: one, two"):
        versions.roll_back(home, "three")


def test_an_appended_night_keeps_the_state_of_its_parent_and_starts_what_that_lacked(
    tmp_path: Path,
) -> None:
    """A parent of an older version has no list of orphans."""
    build, state = tmp_path / "build.duckdb", tmp_path / "parent.duckdb"
    for path, schema, year in ((build, "marts", 2026), (state, "carried", 2025)):
        with duckdb.connect(str(path)) as connection:
            connection.execute(f"create schema {schema}")
            for table in state_tables().values():
                if path == state and table.name == "orphan":
                    continue
                filled = ", ".join(
                    f"cast('{year}-01-01' as {c.data_type}) as \"{c.name}\""
                    if c.data_type in ("date", "timestamp", "varchar")
                    else f'cast(null as {c.data_type}) as "{c.name}"'
                    for c in table.columns
                )
                connection.execute(f'create table {schema}."{table.name}" as select {filled}')
    night: Any = SimpleNamespace(plan=SimpleNamespace(kind="append"), warehouse=build)
    parent: Any = SimpleNamespace(state=state)

    release._write_state(night, tmp_path / "new.duckdb", parent)

    with duckdb.connect(str(tmp_path / "new.duckdb")) as connection:
        found = {
            name: connection.execute(f'select year(known_at) from carried."{name}"').fetchall()
            for name in state_tables()
        }
    assert found.pop("orphan") == [(2026,)]
    assert {rows[0] for rows in found.values()} == {(2025,)}
