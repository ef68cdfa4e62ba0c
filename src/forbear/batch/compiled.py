"""The compiled form of an audit: the same answers as the plain form, for millions of debtors.

A chunk is turned into typed columns and each situation in it is put to the plain form once; the
kernel does the rest. Debtors whom it cannot judge are left to the plain form, and counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock
from typing import Any, Final

import numpy as np
import pyarrow as pa

from forbear.batch import plain
from forbear.batch.clocks import Clocks
from forbear.batch.codes import code_of, joined, match
from forbear.batch.columns import Encoded, Reading, encode, keys_of, shapes_of
from forbear.batch.events import Events, Places, Signatures, events_of
from forbear.batch.kernel import judge, merged, part, room, scratch_of, ties
from forbear.batch.layout import PLAIN, TO_DO, Array, Columns, Debtors, Machines, Out
from forbear.batch.rows import column_of, contacts_of, facts_of
from forbear.batch.schema import FINDINGS, NOT_SHOWN, Audited, Chunk, Stats, Table
from forbear.batch.situations import Situations, filled
from forbear.law.auditing import Debtor, assumed_facts
from forbear.law.book import Book
from forbear.law.lowering import leaves
from forbear.law.standing import Standing

_MISSES: Final = 1 << 14
_FINDINGS_LEAST: Final = 1 << 16
_ENTRIES: Final = 1 << 12
# By the numbers SEVERAL, BEGAN and MANY of ``layout``.
_WHY_KERNEL: Final = (
    "facts about debts, and contacts about very many",
    "a fact that a contact began",
    "very many debts",
)


def audit_chunk(books: Sequence[Book], chunk: Chunk) -> list[Audited]:
    """The chunk before each of the books.

    Raises CaseError for a fact or a situation that cannot be read, and for an unknown zone.
    """
    encoded = encode(chunk.contacts)
    return [_Run(_compiled(book), chunk, encoded).audited() for book in books]


def mask(book: Book, chunk: Chunk) -> Array:
    """Which rules each contact breaks, one bit a rule in the order of the book, by row.

    The element is as wide as the rules need, 64 bits at most. Rows are those of ``chunk``, which
    must be in order of time.
    """
    assert len(book.rules) <= 64, "a mask has 64 bits"
    return _Run(_compiled(book), chunk, encode(chunk.contacts)).masked()


@dataclass(slots=True)
class _Compiled:
    """A book with all that was ever worked out of it; it grows with new situations only."""

    situations: Situations
    reading: Reading
    signatures: Signatures = field(default_factory=Signatures)
    dense: dict[tuple[int, int, int], int] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)
    # The most contacts of a debtor that there has to be room for.
    entries: int = _ENTRIES
    # Of each rule, where it stands among all by name.
    rank: Any = None


_by_book: dict[int, tuple[Book, _Compiled]] = {}


def _compiled(book: Book) -> _Compiled:
    """The compiled form of a book, the same one each time."""
    if id(book) not in _by_book:
        _by_book[id(book)] = (book, _compile(book))
    return _by_book[id(book)][1]


def _compile(book: Book) -> _Compiled:
    looks: dict[str, list[Any]] = {}
    for leaf in leaves(book):
        form = leaf.form
        if form is not None and form.how == "value" and form.what.key not in _CLOSED:
            own = looks.setdefault(form.what.key, [])
            if (form.what.match, form.what.clock) not in own:
                own.append((form.what.match, form.what.clock))
    situations = Situations(book)
    told = {
        name for limit in situations.limits for name in (limit.tally.joins, limit.tally.debts_from)
    }
    looks.pop("address_kind", None)

    @lru_cache(maxsize=1 << 16)
    def labels(text: Any) -> tuple[str, ...]:
        return tuple(sorted(book.labels_of(str(text))))

    names = np.array([rule.id for rule in book.rules])
    return _Compiled(
        situations,
        Reading(looks=looks, labels=labels, told=frozenset(name for name in told if name)),
        rank=np.argsort(np.argsort(names, kind="stable"), kind="stable"),
    )


_CLOSED: Final = frozenset({"channel", "direction", "party", "purpose", "outcome"})


class _Run:
    """One chunk before one book."""

    def __init__(self, made: _Compiled, chunk: Chunk, encoded: Encoded) -> None:
        """Turn what is left to turn into columns."""
        self.made, self.chunk, self.encoded = made, chunk, encoded
        self.book = made.situations.book
        at = encoded.at
        first, last = (int(at[0]), int(at[-1])) if len(at) else (0, 0)
        self.clocks = Clocks(first, last)
        with made.lock:
            related = column_of(chunk.facts, "relation")
            self.shape, _ = shapes_of(
                encoded, made.reading, related is not None and related.null_count < len(related)
            )
            self.events, self.zone, self.zones, self.regions, self.names = self._people()
        self.keys = [keys_of(encoded, per) for per in made.situations.per]
        self.eras = self.clocks.eras(self.book.borders)
        self.era0 = self.clocks.era0(self.book.borders)
        self.debtors = self._debtors()
        self.parted = part(at, encoded.debtor, self.shape, encoded.debt, len(self.debtors.zone))
        if made.situations.runs:
            self._by_id()

    def _by_id(self) -> None:
        """Put unnumbered contacts of one debtor in one second into the order of their ids."""
        places, groups = ties(self.parted, self.encoded.seq)
        if not len(places):
            return
        ids = self._ids(self.parted.row[places])
        targets = places[np.lexsort((places, groups))]
        order = sorted(range(len(places)), key=lambda n: (groups[n], ids[n]))
        wanted = places[order]
        for column in (self.parted.shape, self.parted.debt, self.parted.row):
            column[targets] = column[wanted]

    def _ids(self, rows: Array) -> list[str]:
        """The ids of contacts; one that has none is called by its position."""
        table = self.encoded.table
        told = table["id"].take(pa.array(rows)).to_pylist() if "id" in table.column_names else []
        numbers = self._positions()[rows]
        told = told or [None] * len(rows)
        return [ident or f"row-{n}" for ident, n in zip(told, numbers, strict=True)]

    def _positions(self) -> Array:
        table = self.encoded.table
        if "position" in table.column_names:
            return table["position"].combine_chunks().to_numpy()
        return np.arange(self.encoded.rows)

    def _people(self) -> tuple[Events, Array, list[str], Array, list[Any]]:
        """Zones and regions of persons, and the events of what is known of them."""
        encoded, persons = self.encoded, self.encoded.person.size
        table = self.chunk.persons
        zones, regions = np.full(persons, -1, np.int32), np.full(persons, -1, np.int32)
        names: list[Any] = []
        zone_names: list[Any] = []
        if table.num_rows:
            who = match(table["person"].combine_chunks(), encoded.person)
            for target, column, told in ((zones, "zone", zone_names), (regions, "region", names)):
                found = code_of(table, column)
                if found is None:
                    continue
                cells = [found.cell(code) or None for code in range(found.size)]
                told += cells
                known = (who >= 0) & (found.codes >= 0)
                target[who[known]] = found.codes[known]
                empty = [code for code, cell in enumerate(cells) if cell is None]
                target[np.isin(target, empty)] = -1
        # A person without a zone is on the clock of the region, which the book knows.
        whole, first = joined([(zones, len(zone_names)), (regions, len(names))], persons)
        by_pair = [
            zone_names[zones[row]]
            if zones[row] >= 0
            else self.book.zone_of(names[regions[row]] if regions[row] >= 0 else None)
            for row in first
        ]
        numbers = np.array([self.clocks.number(name) for name in by_pair] or [0], np.int32)
        zone = numbers[whole]
        where = Places(zone, self.clocks.names, regions, names)
        events = events_of(self.chunk.facts, encoded, self.book, where, self.made.signatures)
        return events, zone, self.clocks.names, regions, names

    def _debtors(self) -> Debtors:
        """What the kernel needs of each debtor, who is one person with one lender."""
        events, lenders = self.events, self.encoded.lenders

        def spread(column: Array) -> Array:
            return np.repeat(column, lenders, axis=0) if lenders > 1 else column

        todo = np.full(len(self.zone) * lenders, TO_DO, np.uint8)
        for person in events.plain:
            todo[person * lenders : (person + 1) * lenders] = PLAIN
        return Debtors(
            zone=spread(self.zone),
            base=spread(events.base),
            events_from=spread(events.spans),
            event_at=events.at,
            event_signature=events.signature,
            debts_from=spread(events.debts_from),
            debts=events.debts,
            addresses_from=spread(events.addresses_from),
            addresses=events.addresses,
            todo=todo,
        )

    # ── the kernel's work ──

    def _columns(self) -> Columns:
        encoded = self.encoded
        address = encoded.column("address") if len(self.events.addresses) else None
        keys = np.stack(self.keys) if self.keys else np.empty((0, 0), np.int64)
        return Columns(
            at=encoded.at,
            debtor=encoded.debtor,
            shape=self.shape,
            debt=encoded.debt,
            address=np.empty(0, np.int32) if address is None else address.codes,
            seq=encoded.seq,
            keys=keys,
            several_from=encoded.several_from,
            several=encoded.several,
        )

    def _out(self, *, mask_: Array, findings: int, machines: Machines, classes: int) -> Out:
        del machines
        return Out(
            state=np.zeros(4, np.int64),
            mask=mask_,
            row=np.empty(findings, np.int32),
            rule=np.empty(findings, np.int32),
            breached=np.empty(findings, np.uint8),
            counted=np.empty(findings, np.int32),
            first=np.empty(findings, np.int64),
            last=np.empty(findings, np.int64),
            unknown=np.zeros(len(self.book.rules), np.int64),
            by_class=np.zeros(max(classes, 1), np.int64),
            miss_key=np.empty(_MISSES, np.int64),
            miss_row=np.empty(_MISSES, np.int32),
            miss_debtor=np.empty(_MISSES, np.int32),
            plain=np.zeros(classes + len(_WHY_KERNEL), np.int64),
        )

    def _judge(self, take: Any, mask_: Array, capacity: int) -> None:
        """Run the kernel until no debtor is left to it; ``take`` is given what it found each time."""
        columns, buckets = self._columns(), len(self.parted.start) - 1
        situations = self.made.situations
        entries = self.made.entries
        while True:
            with self.made.lock:
                machines, atoms = situations.machines(self.clocks)
                classes = situations.tables(machines, atoms, self._dense())
                number = len(situations.classes)
            time = self.clocks.tables(self.book.borders)
            out = self._out(mask_=mask_, findings=capacity, machines=machines, classes=number)
            scratch = scratch_of(self.parted, machines, len(self.book.rules), entries)
            judge(
                self.parted,
                columns,
                self.debtors,
                time,
                classes,
                machines,
                out,
                scratch,
                0,
                buckets,
            )
            take(out)
            missed, too_long, too_many = (int(out.state[n]) for n in (1, 2, 3))
            if missed:
                with self.made.lock:
                    self._learn(out, missed)
            elif not too_long and not too_many:
                return
            capacity = max(capacity, too_many)
            entries = self.made.entries = max(entries, too_long)

    def _dense(self) -> Array:
        bases = len(self.made.signatures.base)
        shapes = len(self.made.reading.shapes)
        dense = np.full((bases, self.eras, shapes), -1, np.int32)
        for (base, era, shape), number in self.made.dense.items():
            if self.era0 <= era < self.era0 + self.eras and base < bases and shape < shapes:
                dense[base, era - self.era0, shape] = number
        return dense

    def _learn(self, out: Out, missed: int) -> None:
        """Put the situations that are not known yet to the plain form."""
        situations = self.made.situations
        order = np.argsort(out.miss_row[:missed], kind="stable")
        rows = out.miss_row[:missed][order]
        contacts = contacts_of(self.encoded.table, pa.array(rows))
        people = out.miss_debtor[:missed][order] // self.encoded.lenders
        facts = self._facts_of(np.unique(people))
        for place, key in enumerate(out.miss_key[:missed][order]):
            key = int(key)
            person = int(people[place])
            contact = filled(self.book, contacts[place])
            if len(contact.debts) > 1 and (key < 0 or not key >> 10 & 0x3FF):
                contact = _about_one(contact)
            zone = self.clocks.names[self.zone[person]]
            region = self.names[self.regions[person]] if self.regions[person] >= 0 else None
            own = facts.get(person, [])
            debtor = Debtor(contacts=(), facts=tuple(own), zone=zone, region=region)
            standing = Standing(
                self.book, zone=zone, region=region,
                facts=(*assumed_facts(self.book, debtor), *own),
            ).at(contact.instant)  # fmt: skip
            number = situations.classify(contact, standing)
            if key < 0:
                told = -1 - key
                where = (told >> 32, (told >> 24 & 255) + self.era0, told & 0xFFFFFF)
                self.made.dense[where] = number
            else:
                situations.known[key] = number

    def _facts_of(self, people: Array) -> dict[int, list[Any]]:
        """The facts of persons by code."""
        table = self.chunk.facts
        if table.num_rows == 0:
            return {}
        codes = match(table["person"].combine_chunks(), self.encoded.person)
        found: dict[int, list[Any]] = {}
        rows = np.flatnonzero(np.isin(codes, people))
        by_name = facts_of(table, pa.array(rows))
        for name, own in by_name.items():
            code = match(pa.array([name]), self.encoded.person)[0]
            found[int(code)] = own
        return found

    # ── answers ──

    def masked(self) -> Array:
        """The broken rules of each contact as bits."""
        width = 8 if len(self.book.rules) <= 8 else 64
        by_place = room(f"mask_{width}", self.encoded.rows, f"uint{width}")
        self._judge(lambda _out: None, by_place, 0)
        found = np.empty(self.encoded.rows, by_place.dtype)
        merged(self.parted, self.encoded.debtor, by_place, found)
        left = self._left()
        if left is not None:
            table = plain.audit_chunk([self.book], left)[0].findings
            rule_bit = {rule.id: np.uint64(1 << n) for n, rule in enumerate(self.book.rules)}
            rows = match(table["position"].combine_chunks(), _positions(self.encoded))
            found[np.isin(self.encoded.debtor, np.flatnonzero(self.debtors.todo == PLAIN))] = 0
            for row, rule in zip(rows, table["rule"].to_pylist(), strict=True):
                found[row] |= found.dtype.type(rule_bit[rule])
        return found

    def audited(self) -> Audited:
        """The findings, what the log does not show, and how it was judged."""
        encoded, situations = self.encoded, self.made.situations
        before = len(situations.classes)
        parts: list[tuple[Array, ...]] = []
        unknown = np.zeros(len(self.book.rules), np.int64)
        judged, why = 0, self._reasons()

        def take(out: Out) -> None:
            nonlocal judged
            for number in np.flatnonzero(out.plain):
                place = number - len(_WHY_KERNEL)
                told = situations.classes[place].why_plain if place >= 0 else _WHY_KERNEL[number]
                why[told or ""] = why.get(told or "", 0) + int(out.plain[number])
            n = int(out.state[0])
            columns = (out.row, out.rule, out.breached, out.counted, out.first, out.last)
            parts.append(tuple(column[:n].copy() for column in columns))
            unknown[:] += out.unknown
            for number in np.flatnonzero(out.by_class):
                known, count = situations.classes[number], int(out.by_class[number])
                judged += 0 if known.inbound else count
                for rule in known.unknown:
                    unknown[rule] += count

        capacity = max(_FINDINGS_LEAST, 2 * encoded.rows)
        self._judge(take, np.empty(0, np.uint8), capacity)
        columns = [np.concatenate(each) for each in zip(*parts, strict=True)]
        findings = self._table(columns)
        stats = Stats(
            contacts=encoded.rows,
            debtors=int(np.count_nonzero(self._there())),
            situations=len(situations.classes) - before,
        )
        not_shown = self._not_shown(unknown)
        left = self._left()
        if left is not None:
            rest = plain.audit_chunk([self.book], left)[0]
            judged += rest.judged
            findings = _sorted(pa.concat_tables([findings, rest.findings]))
            not_shown = _added(not_shown, rest.not_shown)
            stats.plain_debtors = sum(why.values())
            stats.plain_contacts = left.contacts.num_rows
            stats.why_plain = why
        return Audited(judged=judged, findings=findings, not_shown=not_shown, stats=stats)

    def _left(self) -> Chunk | None:
        """The debtors left to the plain form, as a chunk of their own."""
        if not np.any(self.debtors.todo == PLAIN):
            return None
        rows = np.flatnonzero(self.debtors.todo[self.encoded.debtor] == PLAIN)
        if not len(rows):
            return None
        left = np.unique(self.encoded.debtor[rows])
        people = np.unique(left // self.encoded.lenders)

        def of(table: Table) -> Table:
            if not table.num_rows:
                return table
            codes = match(table["person"].combine_chunks(), self.encoded.person)
            return table.take(pa.array(np.flatnonzero(np.isin(codes, people))))

        return Chunk(
            contacts=self.encoded.table.take(pa.array(rows)),
            facts=of(self.chunk.facts),
            persons=of(self.chunk.persons),
        )

    def _there(self) -> Array:
        """Which debtors have contacts: a person may have some with one lender and not another."""
        return np.bincount(self.encoded.debtor, minlength=len(self.debtors.todo)) > 0

    def _reasons(self) -> dict[str, int]:
        """Why debtors were left to the plain form before the kernel saw them."""
        found: dict[str, int] = {}
        there = self._there()
        for person, why in self.events.plain.items():
            own = there[person * self.encoded.lenders : (person + 1) * self.encoded.lenders]
            found[why] = found.get(why, 0) + int(own.sum())
        return found

    def _table(self, columns: Sequence[Array]) -> Table:
        """Findings as a table, by position and rule."""
        rows, rules, breached, counted, first, last = columns
        table, book = self.encoded.table, self.book
        position = self._positions()
        order = np.lexsort((self.made.rank[rules], position[rows]))
        rows, rules = rows[order], rules[order]
        breached, counted, first, last = (c[order] for c in (breached, counted, first, last))
        taken = pa.array(rows)
        none = counted == 0

        def of_contact(name: str, kind: Any) -> Any:
            if name not in table.column_names:
                return pa.nulls(len(rows), kind)
            column = table[name].combine_chunks().take(taken)
            if pa.types.is_dictionary(column.type):
                column = column.dictionary_decode()
            return column.cast(kind)

        def of_rule(told: list[str], kind: Any) -> Any:
            values, codes = np.unique(np.array(told), return_inverse=True)
            indices = pa.array(codes[rules].astype(kind.index_type.to_pandas_dtype()))
            return pa.DictionaryArray.from_arrays(indices, pa.array(values, pa.string()))

        ids = of_contact("id", pa.string())
        if ids.null_count:
            made = pa.array([f"row-{p}" for p in position[rows]])
            ids = pa.compute.coalesce(ids, made)
        named = {
            "position": pa.array(position[rows]),
            "id": ids,
            "lender": of_contact("lender", pa.string()).fill_null(""),
            "person": of_contact("person", pa.string()).fill_null(""),
            "at": pa.array(self.encoded.at[rows]).cast(FINDINGS.field("at").type),
            "agent": of_contact("agent", pa.string()),
            "agency": self._agencies(rows),
            "rule": of_rule([r.id for r in book.rules], FINDINGS.field("rule").type),
            "clause": of_rule([r.clause for r in book.rules], FINDINGS.field("clause").type),
            "effect": of_rule([str(r.effect) for r in book.rules], FINDINGS.field("effect").type),
            "level": of_rule([str(r.level) for r in book.rules], FINDINGS.field("level").type),
            "breached": pa.array(breached.astype(bool)),
            "counted": pa.array(counted),
            "first": pa.array(first, mask=none).cast(FINDINGS.field("first").type),
            "last": pa.array(last, mask=none).cast(FINDINGS.field("last").type),
        }
        return pa.table([named[field.name] for field in FINDINGS], schema=FINDINGS)

    def _agencies(self, rows: Array) -> Any:
        profile = self.encoded.column("agent_profile")
        if profile is None and self.encoded.column("agent_profiles") is None:
            return pa.nulls(len(rows), pa.string())
        whole, first = joined(
            [
                (column.codes, column.size)
                for name in ("agent_profile", "agent_profiles")
                if (column := self.encoded.column(name)) is not None
            ],
            self.encoded.rows,
        )
        told = [
            plain.agency_of(contact.more)
            for contact in contacts_of(self.encoded.table, pa.array(first))
        ]
        return pa.array(told, pa.string()).take(pa.array(whole[rows]))

    def _not_shown(self, unknown: Array) -> Table:
        found: dict[str, tuple[str, int]] = {}
        for number in np.flatnonzero(unknown):
            rule = self.book.rules[number]
            found[rule.id] = (rule.clause, found.get(rule.id, ("", 0))[1] + int(unknown[number]))
        listed = sorted(found.items())
        return pa.table(
            [[n for n, _ in listed], [c for _, (c, _) in listed], [k for _, (_, k) in listed]],
            schema=NOT_SHOWN,
        )


def _positions(encoded: Encoded) -> Any:
    from forbear.batch.codes import Coded  # noqa: PLC0415

    column = encoded.table["position"].combine_chunks()
    return Coded(np.arange(encoded.rows, dtype=np.int32), column)


def _about_one(contact: Any) -> Any:
    from dataclasses import replace  # noqa: PLC0415

    return replace(contact, debts=contact.debts[:1])


def _sorted(table: Table) -> Table:
    """Findings by position and rule; each column in one piece."""
    table = table.unify_dictionaries().combine_chunks()
    names = table["rule"].combine_chunks()
    rank = np.argsort(np.argsort(np.array(names.dictionary.to_pylist() or [""])))
    rules = rank[names.indices.to_numpy()]
    order = np.lexsort((rules, table["position"].to_numpy()))
    return table.take(pa.array(order))


def _added(one: Table, other: Table) -> Table:
    both = (
        pa.concat_tables([one, other]).group_by(["rule", "clause"]).aggregate([("contacts", "sum")])
    )
    made = both.sort_by("rule")
    return pa.table(
        [
            made["rule"].combine_chunks(),
            made["clause"].combine_chunks(),
            made["contacts_sum"].combine_chunks(),
        ],
        schema=NOT_SHOWN,
    )
