"""Finds records of a delimited file by their number, as delivered: for quarantine and counting."""

import codecs
import gzip
import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from assets.company_schema import Dialect


@dataclass(frozen=True)
class Record:
    """One record: its number (1 = the first line that is not blank), line number and text."""

    number: int
    line_no: int
    text: str


def opened(path: Path) -> io.BufferedIOBase:
    """The bytes of a file, unpacked where its name ends in .gz."""
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")


def codec(encoding: str) -> str:
    """The Python name of a declared encoding; a byte order mark of UTF-8 is no text."""
    return "utf-8-sig" if encoding.lower().replace("_", "-") in ("utf-8", "utf8") else encoding


def records(path: Path, dialect: Dialect) -> Iterator[Record]:
    """Every record of a file in order; an unclosed quote makes the rest of it one record.

    Lines end at line feeds only, and blank lines between records are none, as the reader has it.
    """
    number, start = 0, 0
    parts: list[str] = []
    is_open = False
    with opened(path) as raw:
        reader = codecs.getreader(codec(dialect.encoding))(raw)
        for line_no, line in enumerate(_lines(reader), start=1):
            if not parts:
                if not line.strip("\r\n"):
                    continue
                start = line_no
            parts.append(line)
            if dialect.quote and dialect.quote in line:
                is_open = _ends_open(line.rstrip("\r\n"), dialect, is_open)
            if not is_open:
                number += 1
                yield Record(number, start, "".join(parts))
                parts = []
    if parts:
        yield Record(number + 1, start, "".join(parts))


def _lines(reader: codecs.StreamReader) -> Iterator[str]:
    rest = ""
    while True:
        block = reader.read(1 << 20)
        if not block:
            break
        lines = (rest + block).split("\n")
        rest = lines.pop()
        for line in lines:
            yield line + "\n"
    if rest:
        yield rest


def _ends_open(line: str, dialect: Dialect, is_open: bool) -> bool:
    """Whether a quoted field goes on after this line; a quote opens only where a field starts."""
    quote, delimiter = dialect.quote, dialect.delimiter
    place, at_start = 0, not is_open
    while place < len(line):
        character = line[place]
        if is_open:
            if character == quote:
                if line[place + 1 : place + 2] == quote:
                    place += 1
                else:
                    is_open = False
        elif character == quote and at_start:
            is_open = True
        at_start = not is_open and character == delimiter
        place += 1
    return is_open


def wanted_records(path: Path, dialect: Dialect, numbers: Collection[int]) -> dict[int, Record]:
    """The records with these numbers, line ends cut off."""
    left = set(numbers)
    found: dict[int, Record] = {}
    if not left:
        return found
    last = max(left)
    for record in records(path, dialect):
        if record.number in left:
            text = record.text.removesuffix("\n").removesuffix("\r")
            found[record.number] = Record(record.number, record.line_no, text)
        if record.number >= last:
            break
    return found


def count_records(path: Path, dialect: Dialect) -> tuple[int, bool]:
    """How many records a file has, and whether a quote is left open at its end."""
    number, last = 0, ""
    for record in records(path, dialect):
        number, last = record.number, record.text
    is_open = False
    for line in last.split("\n") if last else []:
        is_open = _ends_open(line.rstrip("\r"), dialect, is_open)
    return number, is_open
