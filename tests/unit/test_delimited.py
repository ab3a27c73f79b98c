"""Delimited text is read to the byte: numbered records, encodings, rows told apart by key."""

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.company import Extract
from assets.company_schema import Dialect
from assets.extract.delimited import csv_to_parquet
from assets.extract.text import BLOCK, survey
from assets.faults import FileFault
from assets.rivals import keep_one_of_each

CELL = st.text(alphabet='ab;"\nç', max_size=4)
GOOD = st.tuples(st.just(True), st.lists(CELL, min_size=3, max_size=3))
BAD = st.tuples(st.just(False), st.lists(st.sampled_from("xyz"), min_size=1, max_size=2))
PARTS = st.lists(st.lists(st.one_of(GOOD, BAD), min_size=0, max_size=8), min_size=1, max_size=3)


def extract(key: list[str], **changes: object) -> Extract:
    dialect = Dialect(encoding="utf-8", delimiter=";")
    settings = {"table": "T", "path": "t*.csv", "columns": ["a", "b", "c"], "key": key}
    return Extract(**settings, dialect=dialect).model_copy(update=changes)


@given(PARTS)
def test_rows_and_rejects_have_the_number_of_their_record_in_the_file(parts) -> None:
    parts = [[*records, (True, ["end", "end", "end"])] for records in parts]
    with TemporaryDirectory() as name:
        folder = Path(name)
        files = []
        for number, records in enumerate(parts):
            text = io.StringIO()
            writer = csv.writer(text, delimiter=";", lineterminator="\n", quoting=csv.QUOTE_ALL)
            writer.writerow(["a", "b", "c"])
            writer.writerows(cells for _, cells in records)
            files.append(folder / f"t{number}.csv")
            files[-1].write_text(text.getvalue(), encoding="utf-8", newline="")
        target, rejects = folder / "rows.parquet", folder / "rejects.parquet"
        csv_to_parquet(extract(["a"]), files, folder, target, rejects)
        rows = duckdb.sql(
            f"select _part, _record, a, b, c, _file_row from '{target}' order by _file_row"
        ).fetchall()
        refused = duckdb.sql(f"select part, record from '{rejects}' order by all").fetchall()

    numbered = [
        (part, record, is_row, cells)
        for part, records in enumerate(parts)
        for record, (is_row, cells) in enumerate(records, start=2)
    ]
    expected = [(p, r, *(cell or None for cell in cells)) for p, r, ok, cells in numbered if ok]
    assert [row[:5] for row in rows] == expected
    assert [row[5] for row in rows] == list(range(1, len(expected) + 1))
    assert refused == [(p, r) for p, r, ok, _ in numbered if not ok]


@given(
    st.lists(st.sampled_from(["a\n", "ç\n", "€uro\n", "\0", "ã", "\r\n", "x" * 50]), max_size=30),
    st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]),
    st.sampled_from([0, BLOCK - 1, BLOCK, BLOCK + 3]),
)
def test_the_text_is_what_the_encoding_says_wherever_blocks_end(pieces, encoding, lead) -> None:
    text = "h" * lead + "\n" + "".join(pieces)
    with TemporaryDirectory() as name:
        path, target = Path(name) / "t.csv", Path(name) / "utf8.csv"
        path.write_bytes(text.encode(encoding))
        declared = "utf-8" if encoding == "utf-8-sig" else encoding
        found = survey(path, target, declared)
        kept = text.replace("\0", "")
        assert found.path.read_bytes() == kept.encode()
        assert found.n_line_ends == kept.count("\n")
        assert found.last_line == kept.rsplit("\n", 1)[-1].strip("\r")
        accented = [line for line in kept.split("\n") if not line.isascii()]
        assert found.accented == len(accented)


def test_plain_utf_8_is_read_where_it_lies(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("ação\n", encoding="utf-8")
    assert survey(path, tmp_path / "utf8.csv", "utf-8").path == path
    path.write_text("acao\n", encoding="ascii")
    assert survey(path, tmp_path / "utf8.csv", "cp1252").path == path


@pytest.mark.parametrize("lead", [0, BLOCK - 1, BLOCK + 1])
def test_a_byte_outside_the_encoding_is_named_by_its_offset(tmp_path: Path, lead: int) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(b"a" * lead + b"\xe7\n")
    with pytest.raises(FileFault, match=f"offset {lead}"):
        survey(path, tmp_path / "utf8.csv", "utf-8")


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "1", "2", "3"]),
            st.sampled_from(["x", "y"]),
            st.sampled_from([" ", "*"]),
        ),
        max_size=12,
    )
)
def test_equal_rows_collapse_and_only_living_rivals_and_rows_without_key_are_marked(rows) -> None:
    wanted = extract(["a"], deleted="c = '*'")
    with TemporaryDirectory() as name:
        whole, target = Path(name) / "whole.parquet", Path(name) / "rows.parquet"
        with duckdb.connect() as connection:
            connection.execute(
                "create table t (a varchar, b varchar, c varchar, _part integer, _record bigint,"
                " _reason varchar, _file_row bigint)"
            )
            for number, row in enumerate(rows, start=1):
                connection.execute(
                    "insert into t values (nullif(?, ''), ?, ?, 0, ?, null, ?)",
                    [*row, number + 1, number],
                )
            connection.execute(f"copy t to '{whole}' (format parquet)")
        collapsed, marked = keep_one_of_each(wanted, ["a", "b", "c"], whole, target)
        found = duckdb.sql(
            f"select _file_row, _reason, _record from '{target}' order by _file_row"
        ).fetchall()

    first = {row: number for number, row in reversed(list(enumerate(rows, start=1)))}
    expected = []
    for row, number in sorted(first.items(), key=lambda item: item[1]):
        rivals = [other for other in first if other[0] == row[0] and other[2] != "*"]
        reason = "DUP_KEY" if row[2] != "*" and len(rivals) > 1 else None
        expected.append((number, "MISSING" if not row[0] else reason, number + 1))
    assert found == expected
    assert collapsed == len(rows) - len(first)
    assert marked == sum(reason is not None for _, reason, _ in expected)
