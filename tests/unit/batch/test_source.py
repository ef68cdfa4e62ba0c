"""Inputs are known by what they are, not by their names, and come in pieces of a good size."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import ipc

from forbear.base.errors import InputError
from forbear.batch import source
from forbear.batch.source import Source, opened
from forbear.batch.typed import CONTACT, FACT

_AT = "2026-03-10T17:59:00+08:00"


def _table(rows: int) -> pa.Table:
    return pa.table(
        {
            "at": pa.array([_AT] * rows),
            "channel": ["call"] * rows,
            "mood": ["grim"] * rows,
            "borrower": pa.array(range(rows), pa.int64()),
        }
    )


def _numbers(found: Source) -> list[list[Any]]:
    """The persons of each piece."""
    return [reader().table["person"].to_pylist() for reader in found.readers()]


def _one(path: Path) -> Source:
    (found,) = opened(CONTACT, [str(path)])
    assert found.headed.columns == {"at": "at", "channel": "channel", "person": "borrower"}
    assert found.headed.unknown == ("mood",)
    return found


def test_small_row_groups_make_one_piece_and_a_huge_one_makes_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(source, "PIECE_ROWS", 100)
    monkeypatch.setattr(source, "_PIECES_MAX", 1)
    path = tmp_path / "contacts.parquet"
    pq.write_table(_table(330), path, row_group_size=30)
    found = _one(path)
    assert found.rows == 330
    assert [len(piece) for piece in _numbers(found)] == [90, 90, 90, 60]
    pq.write_table(_table(330), path)
    pieces = _numbers(_one(path))
    assert [len(piece) for piece in pieces] == [83, 83, 83, 81]
    assert [number for piece in pieces for number in piece] == list(range(330))


def test_wide_rows_make_smaller_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "contacts.parquet"
    texts = [f"{number:010000}" for number in range(300)]
    table = _table(300).append_column("text", pa.array(texts))
    pq.write_table(table, path, row_group_size=50, use_dictionary=False)
    monkeypatch.setattr(source, "PIECE_BYTES", 1_100_000)
    (found,) = opened(CONTACT, [str(path)])
    assert [len(piece) for piece in _numbers(found)] == [100, 100, 100]
    pq.write_table(table, path, use_dictionary=False)
    monkeypatch.setattr(source, "PIECE_BYTES", 300_000)
    (found,) = opened(CONTACT, [str(path)])
    assert [len(piece) for piece in _numbers(found)] == [28] * 10 + [20]


@pytest.mark.parametrize("stream", [True, False])
def test_batches_of_any_size_come_in_pieces(
    stream: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(source, "PIECE_ROWS", 100)
    path = tmp_path / "contacts"
    with (ipc.new_stream if stream else ipc.new_file)(path, _table(1).schema) as writer:
        for size in (10, 250, 30, 30):
            writer.write_table(_table(size))
    found = _one(path)
    assert [len(piece) for piece in _numbers(found)] == [100, 100, 60, 60]
    assert found.rows == (None if stream else 320)


def test_whole_numbers_are_seen_before_a_row_is_read(tmp_path: Path):
    path = tmp_path / "contacts.parquet"
    pq.write_table(_table(3), path)
    assert _one(path).whole == {"person"}
    large = _table(3).set_column(3, "borrower", pa.array([2**64 - 1] * 3, pa.uint64()))
    pq.write_table(large, path)
    assert _one(path).whole == frozenset()


def test_a_folder_is_its_parquet_files_in_order(tmp_path: Path):
    for name in ("b.parquet", "a/z.parquet", "_tmp/x.parquet", ".hidden.parquet", "note.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        pq.write_table(_table(1), tmp_path / name)
    names = [Path(each.name).name for each in opened(CONTACT, [str(tmp_path)])]
    assert names == ["z.parquet", "b.parquet"]
    (tmp_path / "_tmp" / "x.parquet").unlink()
    with pytest.raises(InputError, match=r"the folder holds no \.parquet file"):
        opened(CONTACT, [str(tmp_path / "_tmp")])


def test_lines_of_json_are_known_packed_or_not(tmp_path: Path):
    rows = [{"kind": "minor", "since": _AT, "person": 7, "value": {"a": [1]}}, {"person": "x"}]
    text = "\n".join(["", json.dumps(rows[0]), "{", "[]", json.dumps(rows[1]), ""])
    for name, write in (("facts.jsonl", bytes), ("facts.gz", gzip.compress)):
        path = tmp_path / name
        path.write_bytes(write(text.encode()))
        (found,) = opened(FACT, [str(path)])
        (reader,) = found.readers()
        loaded = reader()
        assert loaded.table.to_pylist() == [
            {"person": "7", "kind": "minor", "since": _AT, "value": '{"a": [1]}'},
            {"person": "x", "kind": None, "since": None, "value": None},
        ]
        assert loaded.broken == [
            (1, "the line is no JSON; mend its brackets and quotation marks"),
            (2, "the line is no JSON object; write one in braces"),
        ]
        assert loaded.line is not None
        assert [loaded.line(number) for number in range(loaded.rows)] == [2, 3, 4, 5]


def test_the_mark_of_a_file_changes_with_it(tmp_path: Path):
    path = tmp_path / "contacts.parquet"
    pq.write_table(_table(3), path)
    before = _one(path).mark
    assert _one(path).mark == before
    content = bytearray(path.read_bytes())
    content[-20] ^= 1
    told = path.stat()
    path.write_bytes(content)
    os.utime(path, ns=(told.st_atime_ns, told.st_mtime_ns))
    assert source._mark(path) != before


def test_how_many_rows_there_may_be_is_guessed_from_the_first_piece(tmp_path: Path):
    path = tmp_path / "contacts.csv"
    lines = "".join(f"{_AT},call,grim,{n}\n" for n in range(200_000))
    path.write_text("at,channel,mood,borrower\n" + lines)
    found = _one(path)
    assert found.rows is None
    first = next(iter(found.readers()))()
    assert found.likely_rows(first) == pytest.approx(200_000, rel=0.1)
