"""Finds what a source has dropped: the files of an extract, per extract date, safe to read."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from assets.company import Extract, Source
from assets.extract.ready import is_companion
from assets.faults import FileFault

UNFINISHED = (".part", ".tmp", ".filepart", ".crdownload")
LONGEST_NAME = 200


@dataclass(frozen=True)
class Drop:
    """The files of one extract for one extract date, in name order; of a pull, how far it got."""

    extract_date: date
    files: tuple[Path, ...]
    cursor_max: str | None = None


def drops(source: Source, extract: Extract, as_of: date, root: Path | None = None) -> list[Drop]:
    """What lies in the drop folder for extract dates up to `as_of`, oldest first.

    A path without {date} is one drop, dated `as_of`; an initial load has the date it declares.
    Raises FileFault for a file name that leaves the folder.
    """
    root = root or Path(source.root)
    if not extract.is_dated:
        files = _matching(root, extract.path)
        return [Drop(as_of, files)] if files else []
    before, after = extract.path.split("{date}", 1)
    found = _initial(extract, as_of, root)
    for day in _dates(root, before, after):
        files = _matching(root, f"{before}{day.isoformat()}{after}")
        if day <= as_of and files:
            found.append(Drop(day, files))
    return found


def _initial(extract: Extract, as_of: date, root: Path) -> list[Drop]:
    if extract.initial is None or extract.initial.date > as_of:
        return []
    files = _matching(root, extract.initial.path)
    return [Drop(extract.initial.date, files)] if files else []


def _dates(root: Path, before: str, after: str) -> list[date]:
    place = before.count("/")
    named = set()
    for path in root.glob(f"{before}????-??-??{after}"):
        part = path.relative_to(root).parts[place]
        text = part.removeprefix(before.rsplit("/", 1)[-1])[:10]
        try:
            named.add(date.fromisoformat(text))
        except ValueError:
            continue
    return sorted(named)


def _matching(root: Path, pattern: str) -> tuple[Path, ...]:
    files = sorted(
        path
        for path in root.glob(pattern)
        if path.suffix not in UNFINISHED and not is_companion(path)
    )
    return tuple(path for path in files if _is_safe(root, path))


def _is_safe(root: Path, path: Path) -> bool:
    name = path.name
    if not path.resolve().is_relative_to(root.resolve()) or not path.is_file():
        raise FileFault(
            "FILE_NAME", f"{name}: expected a file inside {root}, found a link that leaves it."
        )
    if len(name.encode()) > LONGEST_NAME or any(ord(character) < 32 for character in name):
        raise FileFault(
            "FILE_NAME",
            f"a file in {root} has a name that is longer than {LONGEST_NAME} bytes or holds "
            "control characters. Have it sent under another name.",
        )
    return True
