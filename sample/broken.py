"""Nights broken on purpose, for the fault tests: a good folder of extracts in, one file spoiled.

Each kind is what happens to a delivery in real life; the files of other tables stay good.
"""

import shutil
from collections.abc import Callable
from pathlib import Path


def _header(content: bytes) -> bytes:
    return content.split(b"\n", 1)[0] + b"\n"


def _misencoded(content: bytes) -> bytes:
    """0x81 is no character of cp1252, and no start of one in UTF-8."""
    lines = content.split(b"\n")
    lines[1] = lines[1][:12] + b"\x81" + lines[1][13:]
    return b"\n".join(lines)


def _renamed(content: bytes) -> bytes:
    """The fourth column of the header under another name."""
    head, rest = content.split(b"\n", 1)
    mark = b";" if b";" in head else b","
    names = head.split(mark)
    names[3] = b"X_" + names[3]
    return mark.join(names) + b"\n" + rest


def _truncated(content: bytes) -> bytes:
    """Cut in the middle of the last line."""
    last = content.rstrip(b"\n").rfind(b"\n") + 1
    return content[: last + (len(content) - last) // 2]


KINDS: dict[str, Callable[[bytes], bytes | None]] = {
    "missing": lambda content: None,
    "empty": lambda content: b"",
    "header_only": _header,
    "misencoded": _misencoded,
    "utf16": lambda content: content.decode("latin-1").encode("utf-16"),
    "wrong_column": _renamed,
    "truncated": _truncated,
}


def break_night(
    extracts: Path, kind: str, night: str, table: str = "sa1010", source: str = "erp"
) -> list[Path]:
    """Spoil, in place, every part of one table of one night; the paths that were touched.

    `extracts` is the `extracts` folder of a sample company: give a copy. Raises ValueError for
    a kind or a file that does not exist.
    """
    if kind not in KINDS:
        raise ValueError(f"--broken: expected one of {', '.join(KINDS)}, found {kind}")
    folder = extracts / source / night
    paths = sorted({*folder.glob(f"{table}.csv"), *folder.glob(f"{table}_*.csv")})
    if not paths:
        raise ValueError(f"no file of {table} in {folder}: nothing to break")
    for path in paths:
        content = KINDS[kind](path.read_bytes())
        if content is None:
            path.unlink()
        else:
            path.write_bytes(content)
    return paths


def write_broken_copy(out: Path, kind: str, night: str, table: str = "sa1010") -> Path:
    """Copy the extracts of a sample company to broken/<kind>/extracts and break one night there."""
    source = "crm" if (out / "extracts" / "crm" / night / f"{table}.csv").exists() else "erp"
    target = out / "broken" / kind / "extracts"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(out / "extracts", target)
    break_night(target, kind, night, table, source)
    return target
