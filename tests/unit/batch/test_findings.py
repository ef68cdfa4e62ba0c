"""Findings and errors on disk are whole files that say which book they are of."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
from tests.functional.batch_ledgers import ledger

from forbear.batch.findings import ERRORS, Errors, folder_of, part_path, write_part
from forbear.batch.plain import audit_chunk
from forbear.batch.schema import FINDINGS
from forbear.law.book import load


def test_findings_come_back_as_they_were_written(tmp_path: Path):
    book = load(("us",))
    (audited,) = audit_chunk([book], ledger("us", 20))
    path = part_path(tmp_path, "us@next", 7)
    assert path == tmp_path / "findings" / "us@next" / "part-0007.parquet"
    size = write_part(path, audited.findings, "us@next", book.hashes)
    assert path.stat().st_size == size
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    read = pq.read_table(path)
    assert read.to_pylist() == audited.findings.to_pylist()
    assert read.schema.names == FINDINGS.names
    assert read.schema.metadata[b"forbear.book"] == b"us@next"
    assert json.loads(read.schema.metadata[b"forbear.packs"]) == dict(book.hashes)


def test_equal_findings_are_equal_files(tmp_path: Path):
    (audited,) = audit_chunk([load(("us",))], ledger("us", 20))
    paths = [part_path(tmp_path, name, 0) for name in ("a", "b")]
    for path in paths:
        write_part(path, audited.findings, "us", {})
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_a_book_has_a_folder_whatever_its_name():
    assert folder_of("cn@2024-01-01") == "cn@2024-01-01"
    assert folder_of("cn + ../house") == "cn_+_.._house"
    assert folder_of("..") == "_."
    assert "/" not in folder_of("a/b\\c")


def test_errors_are_appended_and_the_first_is_told(tmp_path: Path):
    errors = Errors(tmp_path / "errors.parquet")
    errors.add([])
    row = {"input": "contacts", "file": "f", "row": 1_234, "position": 9, "why": "torn"}
    errors.add([{**row, "line": None}, {**row, "line": 7}])
    errors.add([{**row, "line": 8}])
    errors.close()
    assert (errors.count, errors.first) == (3, "f, row 1,234: torn")
    found = pq.read_table(tmp_path / "errors.parquet")
    assert found.schema.equals(ERRORS)
    assert found["line"].to_pylist() == [None, 7, 8]
