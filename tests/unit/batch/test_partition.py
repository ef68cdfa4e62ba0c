"""Inputs become buckets: planned by memory, numbered over all files, bad rows with their place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import ipc

from forbear.base.errors import InputError
from forbear.batch.partition import (
    Plan,
    Sorted,
    looked_into,
    open_all,
    partition,
    planned,
    whole_numbers,
)
from forbear.batch.rows import people_of, places_of

_AT = "2026-03-10T17:59:00+08:00"


def _write(path: Path, **columns: Any) -> str:
    size = max(len(column) for column in columns.values())
    pq.write_table(pa.table({"at": [_AT] * size, "channel": ["call"] * size, **columns}), path)
    return str(path)


def _sorted(tmp_path: Path, buckets: int, disk: bool, **inputs: list[str]) -> Sorted:
    sources = open_all({"contacts": [], "facts": [], "persons": [], **inputs})
    return partition(
        sources,
        Plan(buckets=buckets, disk=disk, rows=None),
        work=tmp_path,
        errors=tmp_path / "errors.parquet",
        threads=2,
        tell=lambda _: None,
    )


@pytest.mark.parametrize("disk", [True, False])
def test_positions_run_over_all_inputs_and_bad_rows_keep_theirs(disk: bool, tmp_path: Path):
    first = _write(tmp_path / "a.parquet", person=["p", "q", "r"])
    second = tmp_path / "b.csv"
    second.write_text(
        f"at,channel,person\n{_AT},call,p\n\nsoon,call,q\n{_AT},call,q,\n{_AT},sms,r\n"
    )
    found = _sorted(tmp_path, 5, disk, contacts=[first, str(second)])
    told = {
        position: (person, bucket)
        for bucket in range(5)
        if (chunk := found.chunk(bucket)).contacts.num_rows
        for position, person in zip(
            chunk.contacts["position"].to_pylist(), people_of(chunk.contacts), strict=True
        )
    }
    assert {position: person for position, (person, _) in told.items()} == {
        0: "p", 1: "q", 2: "r", 3: "p", 6: "r",
    }  # fmt: skip
    assert told[0][1] == told[3][1]
    assert (found.contacts, found.errors) == (7, 2)
    errors = pq.read_table(tmp_path / "errors.parquet").to_pylist()
    keys = ("file", "row", "line", "position")
    assert [tuple(row[key] for key in keys) for row in errors] == [
        (str(second), 2, 4, 4),
        (str(second), 3, 5, 5),
    ]


def test_the_plan_follows_from_memory_and_rows(tmp_path: Path):
    path = _write(tmp_path / "a.parquet", person=[f"p-{n}" for n in range(200_000)])
    sources = open_all({"contacts": [path], "facts": [], "persons": []})["contacts"]
    roomy = planned(sources, 1 << 30, 2)
    assert (roomy.buckets, roomy.disk, roomy.rows) == (4, False, 200_000)
    tight = planned(sources, 1 << 20, 2)
    assert tight.disk
    assert tight.buckets > 20
    assert planned(sources, 1 << 19, 2).buckets == pytest.approx(2 * tight.buckets, abs=1)
    assert planned([], 1 << 30, 2).buckets == 1


def test_names_are_whole_numbers_only_where_every_input_has_such(tmp_path: Path):
    numbers = _write(tmp_path / "a.parquet", person=[1], lender=[2])
    texts = _write(tmp_path / "b.parquet", person=["1"])
    unsaid = _write(tmp_path / "c.parquet", address=["x"])

    def whole(*paths: str) -> frozenset[str]:
        return whole_numbers(open_all({"contacts": paths, "facts": (), "persons": ()})["contacts"])

    assert {"person", "lender"} <= whole(numbers, unsaid)
    assert whole(numbers, texts) & {"person", "lender"} == {"lender"}


@pytest.mark.parametrize("whole", [True, False])
def test_the_last_contact_places_a_person_and_the_persons_own_input_counts_more(
    whole: bool, tmp_path: Path
):
    people: list[Any] = [1, 1, 2, 3, 2] if whole else ["1", "1", "2", "3", "2"]
    contacts = _write(
        tmp_path / "a.parquet",
        person=people,
        region=["US", "US-MA", "US", None, None],
        zone=["America/New_York"] * 2 + [None] * 3,
    )
    pq.write_table(pa.table({"person": [3, 2], "region": ["GB", "US-WA"]}), tmp_path / "p.parquet")
    found = _sorted(
        tmp_path, 1, disk=False, contacts=[contacts], persons=[str(tmp_path / "p.parquet")]
    )
    chunk = found.chunk(0)
    assert places_of(chunk.persons) == {
        "1": ("America/New_York", "US-MA"), "2": (None, "US-WA"), "3": (None, "GB"),
    }  # fmt: skip
    assert not {"zone", "region"} & set(chunk.contacts.column_names)


def test_a_log_of_nobody_has_one_place(tmp_path: Path):
    contacts = _write(tmp_path / "a.parquet", region=["US", "US-MA", None])
    chunk = _sorted(tmp_path, 1, disk=False, contacts=[contacts]).chunk(0)
    assert places_of(chunk.persons) == {"": (None, "US-MA")}


def test_standard_input_is_named_once():
    with pytest.raises(InputError, match="which can be read once; name it once"):
        open_all({"contacts": ["-"], "facts": ["-"], "persons": []})


def test_a_fact_that_cannot_be_read_is_an_error_row_without_a_position(tmp_path: Path):
    contacts = _write(tmp_path / "a.parquet", person=["p"])
    facts = tmp_path / "facts.csv"
    facts.write_text(f"person,kind,since\np,riches,{_AT}\np,minor,{_AT}\n")
    found = _sorted(tmp_path, 1, disk=True, contacts=[contacts], facts=[str(facts)])
    assert found.chunk(0).facts.num_rows == 1
    (row,) = pq.read_table(tmp_path / "errors.parquet").to_pylist()
    assert (row["input"], row["row"], row["line"], row["position"]) == ("facts", 1, 2, None)


@pytest.mark.parametrize(("memory", "counted"), [(1 << 30, True), (40_000, False), (0, False)])
def test_a_stream_is_counted_where_it_ends_soon(memory: int, counted: bool, tmp_path: Path):
    rows = 10_000
    table = pa.table({"at": [_AT] * rows, "channel": ["call"] * rows, "seq": range(rows)})
    with ipc.new_stream(tmp_path / "stream", table.schema) as writer:
        writer.write_table(table, max_chunksize=100)
    (stream,) = open_all({"contacts": [str(tmp_path / "stream")], "facts": [], "persons": []})[
        "contacts"
    ]
    # As it is where it comes on standard input: nobody knows its size.
    (found,) = looked_into([replace(stream, bytes=None)], memory)
    assert found.rows == (rows if counted else None)
    plan = planned([found], 1 << 30, 2)
    assert (plan.disk, plan.rows) == (not counted, found.rows)
    read = [n for reader in found.readers() for n in reader().table["seq"].to_pylist()]
    assert read == list(range(rows))
