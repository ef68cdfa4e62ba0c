"""Buckets hold whole debtors, in memory and on disk alike, in whatever forms their pieces come."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from forbear.base.errors import InputError
from forbear.batch.schema import NAME
from forbear.batch.spill import Held, Spilled, Store, bucket_of, sorted_by_bucket

_BUCKETS = 8


def _names(values: list[Any]) -> list[pa.Array]:
    """The same names in every form that a file may give them."""
    plain = pa.array(values, pa.string())
    return [plain, plain.dictionary_encode(), pa.concat_arrays([plain, plain]).slice(len(values))]


def test_a_person_lies_in_one_bucket_whatever_the_form_of_the_name():
    rnd = Random(1)
    values = [rnd.choice([f"p-{n}", f"客户{n}", "", None]) for n in range(2_000)]
    found = [bucket_of(pa.table({"person": column}), _BUCKETS) for column in _names(values)]
    for other in found[1:]:
        assert np.array_equal(found[0], other)
    assert len({bucket for v, bucket in zip(values, found[0].tolist(), strict=True) if not v}) == 1
    counts = np.bincount(found[0][[bool(v) for v in values]], minlength=_BUCKETS)
    assert counts.min() > 0.5 * counts.mean()


def test_nobody_lies_in_one_bucket_whether_unsaid_or_unnamed():
    unnamed = bucket_of(pa.table({"position": [1]}), _BUCKETS)
    for person in (pa.array([None], pa.int64()), pa.array([None], pa.string()), pa.array([""])):
        assert np.array_equal(bucket_of(pa.table({"person": person}), _BUCKETS), unnamed)


def test_persons_by_number_are_spread_over_all_buckets():
    numbers = pa.array(np.arange(0, 64_000, 64))
    counts = np.bincount(bucket_of(pa.table({"person": numbers}), _BUCKETS), minlength=_BUCKETS)
    assert counts.min() > 0.7 * counts.mean()


def test_rows_of_a_bucket_keep_their_order():
    table = pa.table({"person": [f"p-{n % 50}" for n in range(1000)], "row": range(1000)})
    found, ends = sorted_by_bucket(table, _BUCKETS)
    assert ends[0] == 0
    assert ends[-1] == 1000
    for start, end in pairwise(ends):
        rows = found["row"].to_pylist()[start:end]
        assert rows == sorted(rows)
    assert sorted_by_bucket(table, 1)[0] is table


def _pieces() -> list[pa.Table]:
    """Pieces whose columns widen from one to the next."""
    few = pa.array(["a", "b"] * 20).dictionary_encode()
    many = pa.array([f"agent-{n}" for n in range(5_000)]).dictionary_encode()
    return [
        pa.table({"person": pa.array(range(40)), "agent": few, "debts": pa.array(range(40))}),
        pa.table({"person": pa.array(range(5000)), "agent": many}),
        pa.table({"debts": [["x"], ["y", "z"], None], "person": pa.array([1, None, 3])}),
        pa.table({"person": pa.array(["7", "p-8"]), "debts": ["w", None], "text": ["t", None]}),
    ]


def _stored(store: Store) -> list[dict[str, Any]]:
    counts = np.zeros(_BUCKETS, np.int64)
    for piece in _pieces():
        table, ends = sorted_by_bucket(piece, _BUCKETS)
        store.add(table, ends)
        counts += np.diff(ends)
    store.close()
    rows: list[dict[str, Any]] = []
    for bucket, count in enumerate(counts.tolist()):
        table = store.load(bucket, count)
        assert table.num_rows == count
        for name in ("person", "agent", "text"):
            # A bucket that no piece with that column fell into does not have it.
            assert name not in table.column_names or table.schema.field(name).type in {
                NAME,
                pa.int64(),
            }
        rows += [{"bucket": bucket, **row} for row in table.to_pylist()]
    return rows


def test_pieces_of_different_forms_lie_together():
    rows = _stored(Held("contacts", _BUCKETS))
    assert len(rows) == sum(piece.num_rows for piece in _pieces())
    debts = [row.get("debts") for row in rows]
    said = [each if isinstance(each, list) else [each] for each in debts if each is not None]
    named = {str(one) for each in said for one in each}
    assert {"x", "y", "z", "w", "0", "39"} <= named
    agents = {row.get("agent") for row in rows}
    assert agents == {None, "a", "b", *(f"agent-{n}" for n in range(5_000))}


def test_the_disk_keeps_what_memory_keeps(tmp_path: Path):
    def plain(rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
        return [
            (
                row["bucket"],
                str(row.get("person")),
                row.get("agent"),
                row.get("text"),
                [str(d) for d in row["debts"]]
                if isinstance(row.get("debts"), list)
                else [str(row["debts"])]
                if row.get("debts") is not None
                else [],
            )
            for row in rows
        ]

    assert plain(_stored(Spilled("contacts", tmp_path))) == plain(
        _stored(Held("contacts", _BUCKETS))
    )


def test_another_run_loads_what_the_first_one_spilled(tmp_path: Path):
    table = pa.table({"person": ["a", "b"] * 500, "position": range(1000)})
    first = Spilled("contacts", tmp_path)
    found, ends = sorted_by_bucket(table, 2)
    first.add(found, ends)
    first.close()
    again = Spilled("contacts", tmp_path)
    counts = np.diff(ends).tolist()
    assert sum(again.load(n, counts[n]).num_rows for n in range(2)) == 1000
    with pytest.raises(InputError, match="what an earlier run kept here is damaged; start anew"):
        again.load(0, counts[0] + 1)
    again.drop(0)
    assert not list(tmp_path.glob("contacts-0000-*"))
    assert list(tmp_path.glob("contacts-0001-*"))


def test_a_spilled_file_that_was_cut_is_noticed(tmp_path: Path):
    store = Spilled("contacts", tmp_path)
    store.add(pa.table({"person": ["a"] * 1000, "position": range(1000)}), np.array([0, 1000]))
    store.close()
    (path,) = tmp_path.glob("contacts-*")
    path.write_bytes(path.read_bytes()[:4000])
    with pytest.raises(InputError, match="is damaged"):
        Spilled("contacts", tmp_path).load(0, 1000)


def test_names_on_disk_are_texts_where_a_chunk_wants_texts(tmp_path: Path):
    store = Held("contacts", 1)
    coded = pa.array(["c-1", "c-1"]).dictionary_encode()
    store.add(pa.table({"id": coded, "person": ["a", "b"]}), np.array([0, 2]))
    table = store.load(0, 2)
    assert (table.schema.field("id").type, table.schema.field("person").type) == (pa.string(), NAME)
