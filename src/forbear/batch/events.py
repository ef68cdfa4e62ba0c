"""What is known of debtors, as signatures that change with each beginning and end of a fact.

Two debtors of whom the same became known, began and ended in the same order share a signature, and
so does every contact between two such events share its situation with theirs. Which debts and
addresses facts are about is kept apart: they are numbered in the order in which a debtor's facts
name them.
"""

from __future__ import annotations

import json
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
import pyarrow as pa

from forbear.base.contact import Contact, ContactId, Fact
from forbear.base.words import Channel, FactKind
from forbear.batch.codes import Coded, code_of, interned, joined, match
from forbear.batch.columns import Encoded, changes
from forbear.batch.layout import FOREVER, SIGNATURES_MAX, Array
from forbear.batch.persons import Places
from forbear.batch.rows import column_of, facts_of
from forbear.batch.schema import INSTANT, Table
from forbear.law.book import Book
from forbear.law.derive import Lasting
from forbear.law.lowering import dated
from forbear.law.standing import Standing, kinds_of
from forbear.law.view import View

_TOLD: Final = ("kind", "channel", "party", "relation", "window", "weekdays", "value")
_APPEARS, _BEGINS, _ENDS, _TURNS = range(4)
_MENTIONS_MAX: Final = 29
_LOCAL_MAX: Final = 1 << 12
_NEVER: Final = -3


@dataclass(slots=True)
class Signatures:
    """The signatures of a book so far. ``base`` numbers what debtors without facts have in common.

    A base is a region, and the kinds of fact that the packs do not assume because some are told.
    """

    base: dict[Hashable, int] = field(default_factory=dict)
    contents: dict[Hashable, int] = field(default_factory=dict)
    events: dict[tuple[int, int, int], int] = field(default_factory=dict)
    steps: dict[tuple[int, int], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Events:
    """Events by person (code of the chunk): a span of ``at`` and ``signature``, mentions, bases."""

    spans: Array  # int64 [persons, 2]; empty where there are no facts
    at: Array  # int64
    signature: Array  # int32
    debts_from: Array  # int64 [persons, 2]
    debts: Array  # int32
    addresses_from: Array  # int64 [persons, 2]
    addresses: Array  # int32
    base: Array  # int32 [persons]
    plain: dict[int, str]  # persons whom only the plain form can judge, and why


@dataclass(frozen=True, slots=True)
class _Facts:
    """The facts of persons who have contacts in the chunk, in the order in which they came up."""

    table: Table
    person: Array
    since: Array
    until: Array
    known: Array
    content: Array  # int64, a number for all that a fact says but its debts and its address


def events_of(
    facts: Table, encoded: Encoded, book: Book, where: Places, signatures: Signatures
) -> Events:
    """The events of what is known of a chunk's persons."""
    persons = encoded.person.size
    regions, names = where.region, where.regions
    assumable = {
        table["kind"] for pack in book.packs for table in pack.audit_defaults.get("facts", ())
    }
    told = _read(facts, encoded, signatures)
    kinds = code_of(told.table, "kind") if told.table.num_rows else None
    omitted = np.zeros(persons, np.int64)
    if kinds is not None:
        for bit, kind in enumerate(sorted(assumable)):
            codes = [c for c in range(kinds.size) if kinds.cell(c) == kind]
            omitted[told.person[np.isin(kinds.codes, codes)]] |= 1 << bit
    base = np.empty(persons, np.int32)
    whole, first = joined([(regions, len(names)), (omitted, 1 << len(assumable))], persons)
    numbers = [
        interned(
            signatures.base,
            (
                None if regions[row] < 0 else names[regions[row]],
                *(kind for bit, kind in enumerate(sorted(assumable)) if omitted[row] >> bit & 1),
            ),
        )
        for row in first
    ]
    base[:] = np.array(numbers or [0], np.int32)[whole]
    if kinds is None:
        none = np.empty((0, 2), np.int64)
        empty = np.empty(0, np.int32)
        return Events(none, np.empty(0, np.int64), empty, none, empty, none, empty, base, {})
    return _chained(told, kinds, encoded, book, where=where, base=base, signatures=signatures)


def _read(facts: Table, encoded: Encoded, signatures: Signatures) -> _Facts:
    """The facts that matter, sorted so that equal debtors list them alike."""
    people = column_of(facts, "person")
    if facts.num_rows == 0 or people is None:
        nothing = np.empty(0, np.int64)
        return _Facts(facts.slice(0, 0), nothing, nothing, nothing, nothing, nothing)
    person = match(people, encoded.person)
    keep = np.flatnonzero(person >= 0)
    if len(keep) < facts.num_rows:
        facts, person = facts.take(pa.array(keep)), person[keep]
    since = _instants(facts, "since", FOREVER)
    until = _instants(facts, "until", FOREVER)
    known = _instants(facts, "recorded_at", FOREVER)
    kind = code_of(facts, "kind")
    if kind is not None:
        # A holiday stands in the calendar before anybody records it.
        holiday = [c for c in range(kind.size) if kind.cell(c) == FactKind.PUBLIC_HOLIDAY]
        unrecorded = np.where(np.isin(kind.codes, holiday), -(1 << 40), since)
        known = np.where(known == FOREVER, unrecorded, known)
    content = _contents(facts, signatures)
    order = np.lexsort((content, since, known, person))
    if not np.array_equal(order, np.arange(len(order))):
        facts = facts.take(pa.array(order))
        person, since, until, known, content = (
            column[order] for column in (person, since, until, known, content)
        )
    return _Facts(facts, person, since, until, known, content)


def _instants(table: Table, name: str, absent: int) -> Array:
    column = column_of(table, name)
    if column is None:
        return np.full(table.num_rows, absent, np.int64)
    numbers = column.cast(INSTANT, safe=False).cast(pa.int64()).fill_null(absent)
    return numbers.to_numpy(zero_copy_only=False)


def _contents(facts: Table, signatures: Signatures) -> Array:
    columns = [(name, found) for name in _TOLD if (found := code_of(facts, name)) is not None]
    whole, first = joined([(c.codes, c.size) for _, c in columns], facts.num_rows)
    numbers = [
        interned(
            signatures.contents,
            tuple(
                (name, json.dumps(c.cell(c.codes[row]), ensure_ascii=False))
                for name, c in columns
                if c.codes[row] >= 0
            ),
        )
        for row in first
    ]
    return np.array(numbers or [0], np.int64)[whole]


def _chained(
    told: _Facts,
    kinds: Coded,
    encoded: Encoded,
    book: Book,
    *,
    where: Places,
    base: Array,
    signatures: Signatures,
) -> Events:
    """The chain of signatures of each person, one level of all persons' events after another."""
    persons = encoded.person.size
    local = _rank(told.person)
    plain = _late(told, kinds, book)
    for person in told.person[local >= _LOCAL_MAX]:
        plain[int(person)] = "very many facts"
    mentions = _Mentions(told, encoded, signatures, plain)
    turns = _turns(told, kinds, book, where)
    facts = np.arange(len(told.person))
    later = np.flatnonzero(told.since > told.known)
    ending = np.flatnonzero((told.until > told.known) & (told.until < FOREVER))
    fact = np.concatenate([facts, later, ending, np.array([n for n, _ in turns], np.int64)])
    what = np.repeat(
        [_APPEARS, _BEGINS, _ENDS, _TURNS], [len(facts), len(later), len(ending), len(turns)]
    )
    at = np.concatenate(
        [told.known, told.since[later], told.until[ending], [t for _, t in turns]]
    ).astype(np.int64)
    # Whether a fact that becomes known has begun and ended already is part of what is known.
    state = np.where(
        what == _APPEARS, 4 + 2 * (told.since[fact] <= at) + (told.until[fact] <= at), what
    )
    order = np.lexsort((state, local[fact], at, told.person[fact]))
    fact, at, state = fact[order], at[order], state[order]
    who = told.person[fact]
    event = _numbered([mentions.content[fact], local[fact], state], signatures.events)
    signature = np.empty(len(at), np.int64)
    rank = _rank(who)
    for level in range(int(rank.max(initial=-1)) + 1):
        mine = np.flatnonzero(rank == level)
        before = signature[mine - 1] if level else -1 - base[who[mine]].astype(np.int64)
        signature[mine] = _numbered([before, event[mine]], signatures.steps)
    for person in who[signature >= SIGNATURES_MAX]:
        plain[int(person)] = "facts in very many different orders"
    return Events(
        spans=_spans(who, persons),
        at=at,
        signature=signature.astype(np.int32),
        debts_from=mentions.debts_from,
        debts=mentions.debts,
        addresses_from=mentions.addresses_from,
        addresses=mentions.addresses,
        base=base,
        plain=plain,
    )


def _rank(sorted_keys: Array) -> Array:
    """The number of each element among its equals, in sorted keys."""
    if not len(sorted_keys):
        return np.empty(0, np.int64)
    starts = np.flatnonzero(np.concatenate([[True], sorted_keys[1:] != sorted_keys[:-1]]))
    sizes = np.diff(np.concatenate([starts, [len(sorted_keys)]]))
    return np.arange(len(sorted_keys)) - np.repeat(starts, sizes)


def _spans(who: Array, persons: int) -> Array:
    everyone = np.arange(persons)
    return np.stack(
        [np.searchsorted(who, everyone, "left"), np.searchsorted(who, everyone, "right")], axis=1
    ).astype(np.int64)


def _numbered(parts: list[Array], known: dict[Any, int]) -> Array:
    """Several numbers as one that stays the same for the same ones, over all chunks."""
    lowest = [int(part.min(initial=0)) for part in parts]
    moved = [
        (part - low, int((part - low).max(initial=0)) + 1)
        for part, low in zip(parts, lowest, strict=True)
    ]
    whole, first = joined(moved, len(parts[0]))
    numbers = [interned(known, tuple(int(part[row]) for part in parts)) for row in first]
    return np.array(numbers or [0], np.int64)[whole]


def _late(told: _Facts, kinds: Coded, book: Book) -> dict[int, str]:
    """Persons of whom something became known late that bears on how earlier contacts count."""
    bearing = frozenset[str]().union(*(kinds_of(m, book) for m in book.machines.values()))
    late = (told.known > told.since) & _of_kinds(kinds, set(bearing))
    return dict.fromkeys(map(int, told.person[late]), "a fact that became known late")


class _Mentions:
    """The debts and addresses that facts name, numbered for each person."""

    def __init__(
        self, told: _Facts, encoded: Encoded, signatures: Signatures, plain: dict[int, str]
    ) -> None:
        """Number them; ``content`` is what each fact says, with the numbers in it."""
        persons = encoded.person.size
        self.content = told.content.copy()
        self.debts_from = np.zeros((persons, 2), np.int64)
        self.addresses_from = np.zeros((persons, 2), np.int64)
        debts, addresses = column_of(told.table, "debts"), column_of(told.table, "address")
        named = np.zeros(len(told.person), bool)
        if debts is not None:
            named |= np.asarray(debts.is_valid())
        if addresses is not None:
            named |= np.asarray(addresses.is_valid())
        rows = np.flatnonzero(named)
        found_debts: list[int] = []
        found_addresses: list[int] = []
        debt_codes = _by_name(encoded.debts) if len(rows) else {}
        column = encoded.column("address") if addresses is not None else None
        address_codes = {} if column is None else _by_name(column)
        person = -1
        own: dict[Any, int] = {}
        places: dict[Any, int] = {}
        for row in rows:
            if told.person[row] != person:
                person, own, places = int(told.person[row]), {}, {}
                self.debts_from[person] = len(found_debts)
                self.addresses_from[person] = len(found_addresses)
            about = [] if debts is None else debts[row].as_py() or []
            about = about if isinstance(about, list) else [about]
            for debt in about:
                if str(debt) not in own:
                    own[str(debt)] = len(own)
                    found_debts.append(debt_codes.get(str(debt), _NEVER))
            address = None if addresses is None else addresses[row].as_py()
            if address is not None and address not in places:
                places[address] = len(places)
                found_addresses.append(address_codes.get(address, _NEVER))
            self.debts_from[person, 1] = len(found_debts)
            self.addresses_from[person, 1] = len(found_addresses)
            if max(len(own), len(places)) > _MENTIONS_MAX:
                plain[person] = "facts about very many debts or addresses"
            key = (
                int(told.content[row]),
                tuple(sorted(own[str(debt)] for debt in about)),
                None if address is None else places[address],
            )
            if about or address is not None:
                self.content[row] = interned(signatures.contents, key)
        self.debts = np.array(found_debts, np.int32)
        self.addresses = np.array(found_addresses, np.int32)


def _by_name(column: Coded) -> dict[str, int]:
    if column.values is None:
        return {str(code): code for code in range(column.size)}
    return {str(name): code for code, name in enumerate(column.values.to_pylist())}


def _turns(told: _Facts, kinds: Coded, book: Book, where: Places) -> list[tuple[int, int]]:
    """The facts (by number) whose dated values, or what is derived from them, turn, and when."""
    looked = dated(book).facts
    sources: dict[str, list[Lasting]] = {}
    for derivation in book.derivations.values():
        if isinstance(derivation, Lasting) and derivation.ends is None:
            sources.setdefault(derivation.source["fact"], []).append(derivation)
    # A fact without a value ends where it says, unless what is derived lasts by itself.
    valued = np.zeros(len(told.person), bool)
    values = column_of(told.table, "value")
    if values is not None:
        valued = np.asarray(values.is_valid())
    lasting = {k for k, own in sources.items() if any(d.dates or d.grace for d in own)}
    wanted = {kind for kind, _, _ in looked} | set(sources)
    rows = np.flatnonzero(_of_kinds(kinds, lasting) | (valued & _of_kinds(kinds, wanted)))
    by_person = facts_of(told.table, pa.array(rows)) if len(rows) else {}
    facts = (fact for own in by_person.values() for fact in own)
    found: list[tuple[int, int]] = []
    for row, fact in zip(rows, facts, strict=True):
        standing = Standing(book, zone=where.zone_of(told.person[row]), facts=[fact]).at(
            fact.known_at
        )
        moments = set[int]()
        for kind, value, clock in looked:
            if kind == fact.kind:
                moments |= set(changes(value, fact.value, clock or standing.zone))
        for derivation in sources.get(str(fact.kind), ()):
            moments |= _edges(standing, derivation.name, fact)
        found += [(int(row), at) for at in sorted(moments)]
    return found


def _of_kinds(kinds: Coded, wanted: set[str]) -> Array:
    """Which facts are of some kinds."""
    return np.isin(kinds.codes, [c for c in range(kinds.size) if kinds.cell(c) in wanted])


def _edges(standing: Standing, kind: str, fact: Fact) -> set[int]:
    view = View(standing, _NOBODY, at=fact.known_at, upto=0, debts=())
    edges = {edge for f in standing.facts(kind, view) for edge in (f.since, f.until)}
    return {edge for edge in edges if edge is not None} - {fact.since, fact.until}


_NOBODY: Final = Contact(
    id=ContactId(""), at=datetime.fromtimestamp(0, UTC), instant=0, channel=Channel.CALL
)
