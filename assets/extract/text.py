"""Delivered text as UTF-8: strictly decoded, its lines counted, a wrong declaration recognised."""

import codecs
import re
from dataclasses import dataclass
from pathlib import Path

from assets.extract.records import codec, opened
from assets.faults import FileFault, NotReadyFault

BLOCK = 1 << 18
ASCII = bytes(range(128))
ALL_BUT_LINE_ENDS = bytes(set(range(128)) - {10})
ODD = "[ÂÃ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"


class EmptyFile(NotReadyFault):
    """A delivered file without the rows it must have."""


@dataclass(frozen=True)
class Survey:
    """What one pass over a file found: where its UTF-8 lies, its line ends, an unended last line.

    `accented` and `misread` count lines with accents, and those that read like UTF-8 taken for
    another encoding; the latter is never too small, and may be too large.
    """

    path: Path
    n_line_ends: int
    last_line: str
    accented: int
    misread: int


def survey(path: Path, target: Path, encoding: str) -> Survey:
    """Read a file once; what is no plain UTF-8 is written to `target` as such.

    Raises EmptyFile for 0 bytes and FileFault DECODE for a byte that the encoding does not have.
    """
    with opened(path) as source:
        first = source.read(4)
    if not first:
        raise EmptyFile(
            f"EMPTY_FILE: {path}: expected rows, found 0 bytes. Have it sent again, then run make "
            "nightly."
        )
    _refuse_utf_16(path, first, encoding)
    if path.suffix == ".gz" or not _is_plain(path, encoding):
        _transcode(path, target, encoding)
        return _surveyed(target)
    return _surveyed(path)


def _refuse_utf_16(path: Path, first: bytes, encoding: str) -> None:
    marked = first[:2] in (b"\xff\xfe", b"\xfe\xff")
    if marked and not encoding.lower().startswith("utf-16"):
        raise FileFault(
            "DECODE",
            f"{path}: expected the encoding {encoding}, found UTF-16 at offset 0. Declare "
            "dialect.encoding in sources.yml, or have it exported again.",
        )


def _is_plain(path: Path, encoding: str) -> bool:
    """Whether the bytes of a file are already the UTF-8 that transcoding would write."""
    is_utf_8 = codec(encoding) == "utf-8-sig"
    if not (is_utf_8 or _keeps_ascii(encoding)):
        return False
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    with path.open("rb") as source:
        if source.read(3) == codecs.BOM_UTF8:
            return False
        source.seek(0)
        while block := source.read(BLOCK):
            if b"\0" in block:
                return False
            if block.isascii() and not decoder.getstate()[0]:
                continue
            if not is_utf_8:
                return False
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                return False
    return not decoder.getstate()[0]


def _keeps_ascii(encoding: str) -> bool:
    try:
        return ASCII.decode(encoding) == ASCII.decode("ascii")
    except (LookupError, UnicodeDecodeError):
        return False


def _transcode(path: Path, target: Path, encoding: str) -> None:
    """Write a file as UTF-8, strictly decoded, without NUL characters."""
    decoder = codecs.getincrementaldecoder(codec(encoding))("strict")
    is_kept = _keeps_ascii(encoding)
    offset = 0
    with opened(path) as source, target.open("wb") as written:
        while True:
            block = source.read(BLOCK)
            n_held = len(decoder.getstate()[0])
            if offset and is_kept and block.isascii() and not n_held:
                text = block
            else:
                try:
                    text = decoder.decode(block, final=not block).encode()
                except UnicodeDecodeError as error:
                    raise FileFault(
                        "DECODE",
                        f"{path}: expected the encoding {encoding}, found a byte it does not have "
                        f"at offset {offset - n_held + error.start}. Declare dialect.encoding in "
                        "sources.yml, or have it exported again.",
                    ) from error
            written.write(text.replace(b"\0", b""))
            offset += len(block)
            if not block:
                return


def _surveyed(path: Path) -> Survey:
    n_line_ends = accented = misread = 0
    line, accents = b"", b""
    with path.open("rb") as source:
        while block := source.read(BLOCK):
            n_line_ends += block.count(b"\n")
            _, end, tail = block.rpartition(b"\n")
            line = tail if end else line + block
            if not accents and block.isascii():
                continue
            # The accents of a line may stand in two blocks: the last line waits for its end.
            kept = accents + block.translate(None, ALL_BUT_LINE_ENDS)
            whole, end, rest = kept.rpartition(b"\n")
            accents = rest if end else kept
            counts = _counted(whole) if end else (0, 0)
            accented, misread = accented + counts[0], misread + counts[1]
    counts = _counted(accents)
    return Survey(
        path=path,
        n_line_ends=n_line_ends,
        last_line=line.decode().strip("\r"),
        accented=accented + counts[0],
        misread=misread + counts[1],
    )


def _counted(accents: bytes) -> tuple[int, int]:
    """How many lines have accents, and how many of those read like another encoding."""
    lines = [line for line in accents.decode().split("\n") if line]
    return len(lines), sum(1 for line in lines if re.search(ODD, line))
