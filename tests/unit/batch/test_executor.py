"""One partition of a cluster is one chunk: whole debtors, in the order of position, by one law."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pytest
from tests.property.engines import chunk_of
from tests.property.histories import histories

from forbear.base.errors import InputError, PackError
from forbear.batch import executor, plain
from forbear.batch.executor import ROWS, Carried, Task, books_of, judged, version_of
from forbear.batch.schema import Chunk
from forbear.law.book import load

HOUSE = """
[pack]
name = "our-house"
title = { zh = "本机构规则", en = "Our own rules" }
house = true
extends = "cn"
"""
RULE = """
[instrument]
id = "own"
title = { zh = "本机构规则", en = "Our own rules" }
level = "house"
since = 2020-01-01

[[rule]]
id = "one-visit"
clause = "本机构规则 1"
says = { zh = "一天最多上门一次。", en = "No more than one visit a day." }
kind = "limit"
at_most = 1
of = { channel = "visit" }
per = "debtor"
within = "day"
"""


def task(*packs: str, whole: Sequence[str] = ()) -> Task:
    return Task(
        versions=tuple(version_of(pack) for pack in packs),
        whole=frozenset(whole),
        partitions=1,
        engine=plain.audit_chunk,
    )


def structs(table: pa.Table) -> pa.Array:
    """The rows of a table as Spark hands them over: one struct each, texts for dictionaries."""
    names, columns = table.column_names, []
    for column in table.columns:
        whole = column.combine_chunks()
        columns.append(whole.dictionary_decode() if pa.types.is_dictionary(whole.type) else whole)
    return pa.StructArray.from_arrays(columns, names)


def batches(chunk: Chunk, size: int, rnd: Random) -> Iterator[pa.RecordBatch]:
    """The rows of a chunk in any order, of all kinds mixed, as one partition gives them."""
    kinds = {name: structs(getattr(chunk, name)) for name in ("contacts", "facts", "persons")}
    places = [(name, row) for name, column in kinds.items() for row in range(len(column))]
    rnd.shuffle(places)
    for start in range(0, len(places), size):
        some = places[start : start + size]
        columns = [
            column.take(pa.array([row if name == each else None for each, row in some], pa.int64()))
            for name, column in kinds.items()
        ]
        yield pa.record_batch(columns, list(kinds))


def rows(found: Iterator[pa.RecordBatch]) -> list[dict[str, Any]]:
    listed = list(found)
    assert all(batch.schema == ROWS for batch in listed)
    return [row for batch in listed for row in batch.to_pylist()]


@pytest.mark.parametrize("size", [7, 100_000])
def test_rows_that_come_in_any_order_and_any_pieces_give_the_findings_of_the_chunk(size: int):
    chunk = chunk_of(histories("executor", "cn", 40))
    (expected,) = plain.audit_chunk([load(["cn"])], chunk)
    found = rows(judged(task("cn"), batches(chunk, size, Random(1))))
    told = [row for row in found if row["what"] == "finding"]
    assert len(told) == expected.findings.num_rows > 20
    for row, finding in zip(told, expected.findings.to_pylist(), strict=True):
        assert row == {**dict.fromkeys(ROWS.names), "what": "finding", "book": "cn", **finding}
    (whole,) = (json.loads(row["told"]) for row in found if row["what"] == "chunk")
    assert whole["judged"] == expected.judged
    assert whole["stats"]["contacts"] == chunk.contacts.num_rows
    assert whole["not_shown"] == [list(row.values()) for row in expected.not_shown.to_pylist()]


def test_a_row_that_cannot_be_read_is_told_with_its_position_and_the_others_are_judged():
    contacts = pa.table(
        {
            "position": [30, 10, 20],
            "at": ["2026-03-10T23:00:00+08:00"] * 3,
            "channel": ["call", "pigeon", "call"],
            "person": ["P", "P", "Q"],
        }
    )
    batch = pa.record_batch([structs(contacts)], ["contacts"])
    found = rows(judged(task("cn"), [batch]))
    (error,) = (row for row in found if row["what"] == "error")
    assert (error["input"], error["position"]) == ("contacts", 10)
    assert "pigeon" in error["why"]
    told = [row["position"] for row in found if row["what"] == "finding"]
    assert told == sorted(told)
    assert set(told) == {20, 30}


def test_a_partition_of_nobody_says_nothing():
    assert rows(judged(task("cn"), [])) == []


def test_each_of_several_books_judges_the_partition():
    chunk = chunk_of(histories("executor", "cn", 10))
    found = rows(judged(task("cn", "cn@2024-06-01"), batches(chunk, 100, Random(1))))
    assert {row["book"] for row in found} == {"cn", "cn@2024-06-01"}
    assert sum(row["what"] == "chunk" for row in found) == 2


def test_rows_without_a_number_are_refused():
    contacts = pa.table({"position": [None, 1], "at": [0, 0], "channel": ["call"] * 2})
    batch = pa.record_batch([structs(contacts)], ["contacts"])
    with pytest.raises(InputError, match="a row has no position"):
        list(judged(task("cn"), [batch]))


def test_a_partition_that_is_too_large_asks_for_more(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(executor, "_PARTITION_BYTES", 1_000)
    chunk = chunk_of(histories("executor", "cn", 40))
    with pytest.raises(InputError, match=r"one of 1 partitions holds .* ask for more partitions"):
        list(judged(task("cn"), batches(chunk, 100, Random(1))))


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_a_pack_in_a_folder_travels_with_its_files_and_keeps_its_hash(tmp_path: Path):
    folder = write(tmp_path / "house", {"pack.toml": HOUSE, "own/rules.toml": RULE})
    version = version_of(str(folder))
    (carried,) = version.packs
    assert {path for path, _ in carried.files} == {"pack.toml", "own/rules.toml"}
    for path in folder.rglob("*.toml"):
        path.unlink()
    (book,) = books_of((version,))
    assert tuple(sorted(book.hashes.items())) == version.hashes
    assert book.rule("one-visit") is not None


def test_a_pack_in_a_folder_brings_the_folder_beside_it_that_it_extends(tmp_path: Path):
    below = '[pack]\nname = "base"\ntitle = { zh = "底", en = "Base" }\n'
    rule = RULE.replace('"house"', '"law"').replace("one-visit", "two-visits")
    rule = rule.replace("at_most = 1", "at_most = 2")
    write(tmp_path / "law" / "base", {"pack.toml": below, "own/rules.toml": rule})
    own = HOUSE.replace('"cn"', '"../law/base"')
    folder = write(tmp_path / "house", {"pack.toml": own, "own/rules.toml": RULE})
    version = version_of(str(folder))
    for path in tmp_path.rglob("*.toml"):
        path.unlink()
    (book,) = books_of((version,))
    assert dict(version.hashes) == dict(book.hashes)
    assert set(book.hashes) == {"base", "our-house"}


def test_packs_that_belong_together_are_joined_and_dates_travel():
    version = version_of("cn@2024-06-01+cn-humane@2024-06-01")
    assert [pack.name for pack in version.packs] == ["cn@2024-06-01", "cn-humane@2024-06-01"]
    (book,) = books_of((version,))
    assert version.name == "+".join(book.hashes)


def test_a_machine_with_another_version_of_a_pack_judges_nothing():
    version = replace(version_of("cn"), hashes=(("cn", "0" * 64),))
    with pytest.raises(InputError, match="holds another version of cn; install Forbear"):
        books_of((version,))


def test_a_pack_that_nobody_knows_is_refused_at_once():
    with pytest.raises(PackError, match="unknown"):
        version_of("nowhere")


def test_a_pack_by_name_carries_no_files():
    assert version_of("us").packs == (Carried(name="us"),)
