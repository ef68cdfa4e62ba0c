"""Delimited text in blocks: whatever the block's size, the same rows, each bad one by itself."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path
from random import Random
from typing import Any

import pytest

from forbear.base.errors import InputError
from forbear.batch import delimited
from forbear.batch.delimited import Layout

_NAMES = ("at", "channel", "note", "text")
_LAYOUT = Layout(",", 4, {"at": 0, "channel": 1, "text": 3}, frozenset({"channel"}))


def _known(cells: Any) -> int:
    return len(set(cells) & set(_NAMES))


def _read(path: Path, size: int = 1 << 20) -> tuple[list[tuple[int, Any]], list[tuple[int, str]]]:
    """The rows and the broken ones, each with its line, over all blocks."""
    rows, broken = [], []
    for block, line in delimited.blocks_of(path, size):
        loaded = delimited.parse(block, _LAYOUT, line)
        assert loaded.line is not None
        numbers = range(loaded.rows) if loaded.numbers is None else loaded.numbers.tolist()
        cells = [tuple(row.values()) for row in loaded.table.to_pylist()]
        rows += [(loaded.line(n), row) for n, row in zip(numbers, cells, strict=True)]
        broken += [(loaded.line(n), why) for n, why in loaded.broken]
        assert len(cells) + len(loaded.broken) == loaded.rows
    return rows, broken


@pytest.mark.parametrize("size", [8, 20, 50, 1 << 20])
def test_a_damaged_row_takes_no_neighbour_with_it(size: int, tmp_path: Path):
    path = tmp_path / "ledger.csv"
    path.write_bytes(
        b'at,channel,note,text\n1,call,,"a\nb"\nx,y\n\n2, call ,,\n3,sms,1,"open\n4,sms,1,ok\n'
        b",,,\nq,w,e,r,t\n5,sms,1,\xff\n,,seven,\n6,sms,1,z"
    )
    rows, broken = _read(path, size)
    assert rows == [
        (2, ("1", "call", "a\nb")),
        (6, ("2", "call", None)),
        (8, ("4", "sms", "ok")),
        (12, (None, None, None)),
        (13, ("6", "sms", "z")),
    ]
    cells = "cells where the first line names 4 columns; quote a text that holds a comma"
    assert broken == [
        (4, f"the row has 2 {cells}"),
        (7, 'a quotation mark " is never closed; close or remove it'),
        (10, f"the row has 5 {cells}"),
        (11, "the encoding is wrong here; save the file as UTF-8"),
    ]


def _random_ledger(rnd: Random, rows: int) -> list[list[str]]:
    texts = ["", "hello", "a, b", 'say "hi"', "two\nlines", "three\n\nlines", "你好,", "x" * 50]
    return [
        [str(n), rnd.choice(["call", "sms", "email"]), rnd.choice(["", "n"]), rnd.choice(texts)]
        for n in range(rows)
    ]


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_any_ledger_reads_as_the_standard_library_reads_it(seed: int, ends: str, tmp_path: Path):
    rnd = Random(seed)
    ledger = _random_ledger(rnd, 300)
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=ends).writerows([_NAMES, *ledger])
    path = tmp_path / "ledger.csv"
    path.write_bytes(text.getvalue().encode())
    for size in (30, 100, 1000, 1 << 20):
        rows, broken = _read(path, size)
        assert broken == []
        assert [row for _, row in rows] == [
            (row[0], row[1], row[3].strip() or None) for row in ledger
        ]
        lines = path.read_bytes().split(b"\n")
        assert all(lines[line - 1].startswith(f"{at},".encode()) for line, (at, *_) in rows)


def test_gb18030_and_gzip_are_read(tmp_path: Path):
    path = tmp_path / "ledger.csv.gz"
    text = "at,channel,note,text\n" + "1,call,,你好\n" * 50
    path.write_bytes(gzip.compress(text.encode("gb18030")))
    rows, broken = _read(path)
    assert broken == []
    assert {row for _, row in rows} == {("1", "call", "你好")}


def test_a_byte_order_mark_is_no_part_of_a_name(tmp_path: Path):
    path = tmp_path / "ledger.csv"
    path.write_bytes(b"\xef\xbb\xbfat;channel;note;text\n1;call;;\n")
    assert delimited.header_of(path, _known) == (";", list(_NAMES))


def test_what_says_null_says_nothing(tmp_path: Path):
    path = tmp_path / "ledger.csv"
    path.write_text('at,channel,note,text\n1,call,,null\n2,call,,"null"\n3,call,,NULL\n')
    rows, _ = _read(path)
    assert [row[2] for _, row in rows] == [None, None, None]


def test_an_endless_line_is_refused(tmp_path: Path):
    path = tmp_path / "ledger.csv"
    path.write_bytes(b"at,channel,note,text\n" + b"x" * (3 << 20))
    with pytest.raises(InputError, match="line 2 is longer than 1 MiB, which no row is"):
        _read(path, 1 << 16)


def test_a_ledger_of_a_header_alone_has_no_rows(tmp_path: Path):
    path = tmp_path / "ledger.csv"
    path.write_text("at,channel,note,text")
    assert _read(path) == ([], [])
