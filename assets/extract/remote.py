"""Brings the files of a remote drop folder (any fsspec URL) next to the landing zone."""

import json
import shutil
from pathlib import Path

import fsspec

from assets.company import Source
from assets.faults import NotReadyFault
from assets.night import Home

INDEX = "index.json"


def is_remote(source: Source) -> bool:
    """Whether a source's files lie behind a URL."""
    return source.connector.kind == "files" and "://" in source.connector.root


def root_of(home: Home, source: Source) -> Path:
    """The local folder in which the files of a source are found."""
    return home.root / "fetched" / source.name if is_remote(source) else Path(source.root)


def fetch(home: Home, source: Source) -> None:
    """Mirror a remote drop folder: new and changed files are copied, vanished ones removed.

    Raises NotReadyFault where the place cannot be reached; its message holds no credentials.
    """
    if not is_remote(source):
        return
    target = root_of(home, source)
    target.mkdir(parents=True, exist_ok=True)
    index = target / INDEX
    known = json.loads(index.read_text(encoding="utf-8")) if index.is_file() else {}
    url = source.connector.root
    try:
        system, base = fsspec.core.url_to_fs(url)
        found = {path: str(system.ukey(path)) for path in system.find(base)}
        for path, mark in found.items():
            place = target / str(path).removeprefix(str(base)).lstrip("/")
            if known.get(path) == mark and place.is_file():
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            draft = place.with_name(f"{place.name}.part")
            system.get_file(path, str(draft))
            draft.rename(place)
    except Exception as error:
        scheme = url.split("://", 1)[0]
        raise NotReadyFault(
            f"{source.name}: expected a drop folder behind {scheme}://, found "
            f"{type(error).__name__}. Check the address, the network and the credentials of the "
            "environment, then run make nightly again."
        ) from error
    for path in known.keys() - found.keys():
        (target / str(path).removeprefix(str(base)).lstrip("/")).unlink(missing_ok=True)
    index.write_text(json.dumps(found, indent=1), encoding="utf-8")
    for folder in sorted(target.rglob("*"), reverse=True):
        if folder.is_dir() and not any(folder.iterdir()):
            shutil.rmtree(folder)
