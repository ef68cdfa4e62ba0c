"""The contacts of a chunk as typed columns, for one book or several."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from forbear.base.clock import Clock
from forbear.base.clock import clock as clock_of
from forbear.base.contact import UNSAID
from forbear.base.words import MORE_KEYS, Party
from forbear.batch.codes import Coded, classed, code_of, coded, interned, joined, spanned
from forbear.batch.layout import UNSAID_SEQ, Array
from forbear.batch.rows import NOBODY, column_of, contacts_of
from forbear.batch.schema import INSTANT, Table
from forbear.law.values import Match
from forbear.law.view import NO_CHANGE

Looks = list[tuple[Match, Clock | None]]  # conditions on a value, each with its clock

_WORDS: Final = ("channel", "direction", "party", "purpose", "outcome")
_KEPT_APART: Final = (Party.DEBTOR, Party.SPOUSE)


@dataclass(slots=True)
class Encoded:
    """A chunk's contacts by code; what a book asks for is worked out when it is first asked for."""

    table: Table
    rows: int
    at: Array  # int64
    person: Coded
    lender: Coded | None
    debtor: Array  # int32
    lenders: int
    seq: Array  # int64, empty where nothing is numbered
    debt: Array  # int32
    debts: Coded
    several_from: Array  # int64
    several: Array  # int32
    _columns: dict[str, Coded | None] = field(default_factory=dict)

    def column(self, name: str) -> Coded | None:
        """A column by code, None where it says nothing."""
        if name not in self._columns:
            self._columns[name] = code_of(self.table, name)
        return self._columns[name]

    @property
    def positions(self) -> Array:
        """The position of each row, which is its number where nothing says one."""
        if "position" in self.table.column_names:
            return column_of(self.table, "position").to_numpy()
        return np.arange(self.rows)

    def ids(self, rows: Array) -> list[str]:
        """The ids of contacts; one that has none is called by its position."""
        table = self.table
        told = table["id"].take(pa.array(rows)).to_pylist() if "id" in table.column_names else []
        numbers = self.positions[rows]
        told = told or [None] * len(rows)
        return [ident or f"row-{n}" for ident, n in zip(told, numbers, strict=True)]


def encode(table: Table) -> Encoded:
    """The columns that every book needs."""
    table = _ordered(table)
    rows = table.num_rows
    at = column_of(table, "at").cast(INSTANT, safe=False).cast(pa.int64())
    person = _named(table, "person", rows)
    lender = code_of(table, "lender")
    lenders = 1
    debtor = person.codes.astype(np.int32, copy=False)
    if lender is not None:
        named = _named(table, "lender", rows)
        lenders = named.size
        if lenders > 1:
            debtor = debtor * np.int32(lenders) + named.codes
    debt, debts, several_from, several = _debts(table, rows)
    return Encoded(
        table=table,
        rows=rows,
        at=at.to_numpy(zero_copy_only=False),
        person=person,
        lender=lender,
        debtor=debtor.astype(np.int32, copy=False),
        lenders=lenders,
        seq=_numbers(table),
        debt=debt,
        debts=debts,
        several_from=several_from,
        several=several,
    )


def _ordered(table: Table) -> Table:
    """The rows by instant, then by number, the unnumbered last; as they are where they are so."""
    at = column_of(table, "at").cast(INSTANT, safe=False).cast(pa.int64()).to_numpy()
    seq = _numbers(table)
    if len(seq):
        unnumbered = seq == UNSAID_SEQ
        behind = (at[1:] == at[:-1]) & (
            (unnumbered[:-1] & ~unnumbered[1:]) | (~unnumbered[1:] & (seq[1:] < seq[:-1]))
        )
        if np.any(at[1:] < at[:-1]) or np.any(behind):
            return table.take(pa.array(np.lexsort((seq, unnumbered, at))))
    elif np.any(at[1:] < at[:-1]):
        return table.take(pa.array(np.argsort(at, kind="stable")))
    return table


def _numbers(table: Table) -> Array:
    seq = column_of(table, "seq")
    if seq is None or seq.null_count == len(seq):
        return np.empty(0, np.int64)
    return seq.fill_null(UNSAID_SEQ).to_numpy(zero_copy_only=False).astype(np.int64, copy=False)


def _named(table: Table, name: str, rows: int) -> Coded:
    """A column of names in which nobody is a name too."""
    found = code_of(table, name)
    if found is None:
        return Coded(np.zeros(rows, np.int32), pa.array([NOBODY]))
    if found.codes.min(initial=0) >= 0:
        return found
    values = [NOBODY if v is None else str(v) for v in found.values.to_pylist()]
    nobody = values.index(NOBODY) if NOBODY in values else len(values)
    codes = np.where(found.codes < 0, nobody, found.codes).astype(np.int32)
    return Coded(codes, pa.array(values if nobody < len(values) else [*values, NOBODY]))


def _debts(table: Table, rows: int) -> tuple[Array, Coded, Array, Array]:
    """One debt a row by code, -1 for none, and the lists of those that are about several."""
    nothing, none = np.zeros(1, np.int64), np.empty(0, np.int32)
    column = column_of(table, "debts")
    if column is None or column.null_count == len(column):
        return np.full(rows, -1, np.int32), Coded(none, pa.array([], pa.string())), nothing, none
    if not pa.types.is_list(column.type) and not pa.types.is_large_list(column.type):
        one = coded(column)
        return one.codes.astype(np.int32, copy=False), one, nothing, none
    each = coded(column.flatten())
    sizes = column.value_lengths().fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)
    starts = np.concatenate([[0], np.cumsum(sizes)])
    codes = np.full(rows, -1, np.int32)
    single = sizes == 1
    codes[single] = each.codes[starts[:-1][single]]
    many = np.flatnonzero(sizes > 1)
    codes[many] = -2 - np.arange(len(many), dtype=np.int32)
    parts = [each.codes[starts[row] : starts[row + 1]] for row in many]
    ends = np.concatenate([[0], np.cumsum([len(part) for part in parts], dtype=np.int64)])
    return codes, each, ends.astype(np.int64), np.concatenate([none, *parts]).astype(np.int32)


# ── shapes: all of a contact that a condition can turn on ──

# The profiles of several agents are read into the key of one.
_COLUMNS: Final = {"agent_profile": ("agent_profile", "agent_profiles")}


@dataclass(slots=True)
class Reading:
    """What a book looks at of a contact beside its closed words.

    ``looks`` are the conditions on the value of each key, each with its clock; no other difference
    between two values matters. ``labels`` says what a text does. Of the keys in ``told`` it
    matters only whether they are said.
    """

    looks: dict[str, Looks]
    labels: Callable[[str], Hashable]
    told: frozenset[str]
    shapes: dict[Any, int] = field(default_factory=dict)


def shapes_of(
    encoded: Encoded, reading: Reading, *, relations: bool
) -> tuple[Array, dict[int, dict[str, str]]]:
    """The shape of each contact by number (int32), and what conditions see of each, by key.

    With ``relations`` some fact is about a relation, so that it matters which one is named.
    """
    columns = [(n, found) for n in _WORDS if (found := encoded.column(n)) is not None]
    columns += [
        (name, classed(found, reading.labels))
        for name in ("text", "envelope_text")
        if (found := encoded.column(name)) is not None
    ]
    for name in ("address", "agent", *MORE_KEYS):
        if name == "relation" and relations:
            found = encoded.column(name)
        elif name in reading.looks:
            found = _looked_at(encoded, name, reading.looks[name])
        elif name in reading.told and (found := encoded.column(name)) is not None:
            found = classed(found, bool)
        else:
            found = None
        if found is not None:
            columns.append((name, found))
    inverse, first = joined([(c.codes, c.size) for _, c in columns], encoded.rows)
    # Null comes last, where the code -1 finds it.
    cells = [[*((name, c.text(n)) for n in range(c.size)), None] for name, c in columns]
    rows_of = zip(*(c.codes[first].tolist() for _, c in columns), strict=True)
    numbers = np.array(
        [
            interned(reading.shapes, tuple(own[n] for own, n in zip(cells, codes, strict=True)))
            for codes in rows_of
        ],
        np.int32,
    )
    shape = inverse
    if not np.array_equal(numbers, np.arange(len(numbers))):
        shape = numbers[inverse]
    said = {number: key for key, number in reading.shapes.items()}
    seen = {
        number: dict(cell for cell in said[number] if cell is not None)
        for number in numbers.tolist()
    }
    return shape.astype(np.int32, copy=False), seen


def _looked_at(encoded: Encoded, key: str, looks: Looks) -> Coded | None:
    """A key of a contact, told apart only by what the conditions on it say at its instant."""
    columns = [
        found for name in _COLUMNS.get(key, (key,)) if (found := encoded.column(name)) is not None
    ]
    if not columns:
        return None
    codes, values = _values(encoded, key, columns, looks)
    known: dict[Hashable, int] = {}
    # Where each value's classes begin: one for each span between two of its dates.
    starts, moments, classes = [0], list[int](), list[int]()
    for value in values:
        turns = _turns(looks, value)
        for at in (_LONG_AGO, *turns):
            said = -1 if value is UNSAID else interned(known, _answers(looks, value, at))
            moments.append(at)
            classes.append(said)
        starts.append(len(moments))
    found = spanned(
        codes, encoded.at, np.array(starts), np.array(moments), np.array(classes, np.int32)
    )
    return Coded(found, pa.array([repr(answers) for answers in known], pa.string()))


def _turns(looks: Looks, value: Any) -> list[int]:
    """The instants at which what the conditions say of a value changes."""
    if value is UNSAID:
        return []
    dated = [(m, clock) for m, clock in looks if m.plain is None and clock is not None]
    return sorted({at for match, clock in dated for at in changes(match, value, clock)})


def _values(
    encoded: Encoded, key: str, columns: list[Coded], looks: Looks
) -> tuple[Array, list[Any]]:
    """The different values of a key as the plain form reads them, by code (no gaps)."""
    if key in ("address", "agent"):
        return _named_values(columns[0], looks)
    codes, first = joined([(c.codes, c.size) for c in columns], encoded.rows)
    wanted = ("at", "channel", *_COLUMNS.get(key, (key,)))
    table = encoded.table.select([n for n in wanted if n in encoded.table.column_names])
    contacts = contacts_of(table.append_column("position", pa.nulls(len(table))), pa.array(first))
    return codes, [contact.more.get(key, UNSAID) for contact in contacts]


def _named_values(column: Coded, looks: Looks) -> tuple[Array, list[Any]]:
    """The same for names, of which there are many and few that a condition tells apart."""
    names = pa.array(np.arange(column.size)).cast(pa.string())
    if column.values is not None:
        names = column.values.cast(pa.string())
    needles = [match.needles for match, _ in looks]
    apart = np.ones(len(names), bool)
    if len(names) and None not in needles:
        wanted = "|".join(re.escape(needle) for each in needles for needle in each or ())
        told = pc.match_substring_regex(names, f"^$|{wanted}" if wanted else "^$")
        apart = np.asarray(pc.fill_null(told, pa.scalar(value=True)))
    others = np.flatnonzero(~apart)
    kept = np.concatenate([np.flatnonzero(apart), others[:1]])
    values = [*names.take(pa.array(kept)).to_pylist(), UNSAID]
    number = np.full(len(names) + 1, len(kept) - 1, np.int32)
    number[kept] = np.arange(len(kept))
    number[-1] = len(kept)
    return number[column.codes], values


def _answers(looks: Looks, value: Any, at: int) -> Hashable:
    """What each condition says of a value; a date on the debtor's own clock is told as written."""
    return tuple(
        repr(value) if match.plain is None and clock is None
        else match.test(value, at, clock or _UTC)
        for match, clock in looks
    )  # fmt: skip


_UTC: Final = clock_of("UTC")
_LONG_AGO: Final = -(1 << 38)


def changes(match: Match, value: Any, clock: Clock) -> list[int]:
    """The instants at which a condition on a dated value changes its answer by itself."""
    found: list[int] = []
    at = _LONG_AGO
    while (at := match.next(value, at, clock)) < NO_CHANGE:
        found.append(at)
    return found


def keys_of(encoded: Encoded, per: tuple[str, ...]) -> Array:
    """For whom or what a contact is counted, by number (int64)."""
    parts: list[tuple[Array, int]] = []
    for name in per:
        if name == "person":
            parts.append(_persons(encoded))
        else:
            column = encoded.column(name)
            if column is None:
                continue
            codes = column.codes
            if name == "address":
                codes = _nothing_unsaid(column)
            parts.append((codes, column.size))
    return joined(parts, encoded.rows)[0].astype(np.int64)


def _nothing_unsaid(column: Coded) -> Array:
    """Codes in which an empty cell is as good as none."""
    empty = [code for code in range(column.size) if column.cell(code) == ""]
    return np.where(np.isin(column.codes, empty), -1, column.codes) if empty else column.codes


def _persons(encoded: Encoded) -> tuple[Array, int]:
    """Who is reached: a third person is told by the address, or else by the relation."""
    party, address = encoded.column("party"), encoded.column("address")
    relation = encoded.column("relation")
    if party is None:
        return np.zeros(encoded.rows, np.int32), 1
    known: dict[str, int] = {"": 0}
    who = np.zeros(encoded.rows, np.int32)
    if relation is not None:
        told = np.array(
            [interned(known, str(relation.cell(code))) for code in range(relation.size)], np.int32
        )
        who = np.where(relation.codes < 0, 0, told[relation.codes])
    if address is not None:
        told = np.array(
            [interned(known, str(address.cell(code))) for code in range(address.size)], np.int32
        )
        who = np.where(address.codes < 0, who, told[address.codes])
    alone = [code for code in range(party.size) if party.cell(code) in _KEPT_APART]
    # An unsaid party is the debtor.
    apart = np.isin(party.codes, [*alone, -1])
    spouse = np.isin(party.codes, [code for code in alone if party.cell(code) == Party.SPOUSE])
    who = np.where(apart, 0, who)
    codes = np.where(apart & ~spouse, -1, party.codes)
    found, first = joined([(codes, party.size), (who, len(known))], encoded.rows)
    return found, len(first)
