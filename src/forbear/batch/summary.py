"""Findings counted by rule, clause, agent, agency and day.

A bucket holds whole debtors and a contact lies in one bucket, so the counts of buckets add up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from forbear.batch.schema import Table

_COUNTS: Final = ("findings", "breached", "contacts", "contacts_breached")
# One row for each book, way of counting, and what is counted by. ``contacts`` have at least one
# finding, ``contacts_breached`` at least one that is a breach; of the others the contact should
# only not have been attempted.
COUNTED: Final = pa.schema(
    [
        ("book", pa.string()),
        ("by", pa.string()),
        ("key", pa.string()),
        ("clause", pa.string()),
        ("effect", pa.string()),
        ("level", pa.string()),
        *((name, pa.int64()) for name in _COUNTS),
    ]
)
WAYS: Final = ("rule", "clause", "agent", "agency", "day")


def counted(book: str, findings: Table, zone: str) -> Table:
    """The counts of findings in the order of position; days are those of ``zone``'s clock."""
    if findings.num_rows == 0:
        return COUNTED.empty_table()
    findings = findings.unify_dictionaries().combine_chunks()
    position = findings["position"].to_numpy()
    begins = np.concatenate([[True], position[1:] != position[:-1]])
    starts = np.flatnonzero(begins)
    breached = findings["breached"].to_numpy()
    contacts = _Counts(
        np.diff(np.append(starts, len(position))),
        np.add.reduceat(breached.astype(np.int64), starts),
        np.ones(len(starts), np.int64),
        np.logical_or.reduceat(breached, starts).astype(np.int64),
    )
    firsts = findings.select(["agent", "agency", "at"]).take(pa.array(starts))
    days = pc.local_timestamp(firsts["at"].cast(pa.timestamp("s", tz=zone))).cast(pa.date32())
    ways = {"agent": firsts["agent"], "agency": firsts["agency"], "day": days}
    return pa.concat_tables(
        [
            _by_rule(book, findings, breached),
            _by_clause(book, findings, breached, np.cumsum(begins)),
            *(_table(book, way, *contacts.by(*_coded(keys))) for way, keys in ways.items()),
        ]
    )


@dataclass(frozen=True, slots=True)
class _Counts:
    """What there is to add up: findings, breaches, contacts, and contacts with a breach."""

    findings: Any
    breached: Any
    contacts: Any
    contacts_breached: Any

    def by(self, codes: Any, entries: Any) -> tuple[Any, dict[str, Any]]:
        """The entries that some code stands for, and the sums of each."""
        size = len(entries)
        used = np.flatnonzero(np.bincount(codes, minlength=size))
        # Doubles hold every whole number of findings that a disk can.
        sums = {
            name: np.bincount(codes, getattr(self, name), minlength=size)[used].astype(np.int64)
            for name in _COUNTS
        }
        return entries.take(pa.array(used)), sums


def _coded(column: Any) -> tuple[Any, Any]:
    """Each row's number among the entries, of which the last is null."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if not pa.types.is_dictionary(array.type):
        array = array.dictionary_encode()
    entries = array.dictionary.cast(pa.string())
    codes = array.indices.cast(pa.int64()).fill_null(len(entries))
    none = pa.nulls(1, pa.string())
    return codes.to_numpy(zero_copy_only=False), pa.concat_arrays([entries, none])


def _by_rule(book: str, findings: Table, breached: Any) -> Table:
    """A rule finds a contact once; its versions may differ in their clause and in its rank."""
    ones, marks = np.ones(len(breached), np.int64), breached.astype(np.int64)
    codes = np.zeros(len(breached), np.int64)
    for name in _OF_RULE:
        own, words = _coded(findings[name])
        codes = _ranked(codes * len(words) + own)
    rows = np.empty(codes.max() + 1, np.int64)
    rows[codes] = np.arange(len(codes))
    found, sums = _Counts(ones, marks, ones, marks).by(codes, pa.array(rows))
    words = {name: findings[name].cast(pa.string()).take(found) for name in _OF_RULE}
    return _table(book, "rule", words.pop("rule"), sums | words)


def _ranked(codes: Any) -> Any:
    """The same codes without gaps between them."""
    ranks = np.cumsum(np.bincount(codes) > 0) - 1
    return ranks[codes]


_OF_RULE: Final = ("rule", "clause", "effect", "level")


def _by_clause(book: str, findings: Table, breached: Any, contact: Any) -> Table:
    """Two rules of one clause may find the same contact, which then counts once."""
    codes, entries = _coded(findings["clause"])
    ones, marks = np.ones(len(breached), np.int64), breached.astype(np.int64)
    # Of a pair that comes again, only the first row counts as a contact, with any breach.
    narrow = codes.astype(np.uint16) if len(entries) < 1 << 16 else codes
    order = np.argsort(narrow, kind="stable")  # in one pass where codes are narrow
    same = (np.diff(codes[order]) == 0) & (np.diff(contact[order]) == 0)
    starts = np.flatnonzero(np.concatenate([[True], ~same]))
    contacts, contacts_breached = np.zeros_like(ones), np.zeros_like(ones)
    contacts[order[starts]] = 1
    contacts_breached[order[starts]] = np.logical_or.reduceat(breached[order], starts)
    counts = _Counts(ones, marks, contacts, contacts_breached)
    return _table(book, "clause", *counts.by(codes, entries))


def _table(book: str, by: str, keys: Any, columns: Mapping[str, Any]) -> Table:
    size = len(keys)
    whole = {
        "book": pa.array([book] * size, pa.string()),
        "by": pa.array([by] * size, pa.string()),
        "key": keys,
        **{name: pa.nulls(size, pa.string()) for name in _OF_RULE[1:]},
        **columns,
    }
    return pa.table(whole, schema=COUNTED)


def combined(parts: Iterable[Table]) -> dict[str, Table]:
    """The counts of all buckets, one table for each way of counting, largest counts first.

    The key is named after the way, and None where findings name none; a day is a date.
    """
    held = [COUNTED.empty_table(), *parts]
    keys = ["book", "by", "key", "clause", "effect", "level"]
    whole = pa.concat_tables(held).group_by(keys).aggregate([(n, "sum") for n in _COUNTS])
    whole = whole.rename_columns([name.removesuffix("_sum") for name in whole.column_names])
    return {f"by_{way}": _way(whole, way) for way in WAYS}


def _way(whole: Table, way: str) -> Table:
    rows = whole.filter(pc.equal(whole["by"], way))
    order = [("book", "ascending"), ("key", "ascending")]
    if way != "day":
        order.insert(1, ("findings", "descending"))
    rows = rows.sort_by(order)
    columns: dict[str, Any] = {"book": rows["book"], way: rows["key"]}
    if way == "day":
        columns[way] = pa.array(
            [None if day is None else date.fromisoformat(day) for day in rows["key"].to_pylist()],
            pa.date32(),
        )
    if way == "rule":
        columns |= {name: rows[name] for name in ("clause", "effect", "level")}
    return pa.table(columns | {name: rows[name] for name in _COUNTS})


def totals(tables: Mapping[str, Table], book: str) -> dict[str, int]:
    """All counts of a book; every finding has a day, so that the days add up to them."""
    rows = tables["by_day"].filter(pc.equal(tables["by_day"]["book"], book))
    return {name: pc.sum(rows[name]).as_py() or 0 for name in _COUNTS}
