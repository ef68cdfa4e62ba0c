"""One chunk before one book: columns made, the kernel run, what it does not know put to the law."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pyarrow as pa

from forbear.batch.books import CompiledBook
from forbear.batch.classing import dense_place, tells_debts_apart
from forbear.batch.clocks import Clocks
from forbear.batch.codes import match
from forbear.batch.columns import Encoded, keys_of, shapes_of
from forbear.batch.events import events_of
from forbear.batch.kernel import judge, scratch_of
from forbear.batch.layout import PLAIN, SHAPES_MAX, TO_DO, Array, Columns, Debtors, Out
from forbear.batch.parting import numbered, part, ties
from forbear.batch.persons import places_of
from forbear.batch.rows import column_of, contacts_of, facts_of
from forbear.batch.schema import Chunk, Table
from forbear.batch.situations import Told, filled
from forbear.batch.tables import classes_of, machines_of
from forbear.law.auditing import Debtor, assumed_facts
from forbear.law.standing import Standing

_MISSES: Final = 1 << 14
# By the numbers SEVERAL, BEGAN and MANY of ``layout``.
WHY_PLAIN: Final = (
    "facts about debts, and contacts about very many",
    "a fact that a contact began",
    "very many debts",
)


class Run:
    """One chunk before one book."""

    def __init__(
        self, made: CompiledBook, chunk: Chunk, encoded: Encoded, *, masked: bool = False
    ) -> None:
        """Turn what is left to turn into columns; with ``masked`` no findings are wanted."""
        self.made, self.chunk, self.encoded = made, chunk, encoded
        self.book = made.situations.book
        at = encoded.at
        first, last = (int(at[0]), int(at[-1])) if len(at) else (0, 0)
        self.clocks = Clocks(first, last)
        with made.lock:
            related = column_of(chunk.facts, "relation")
            self.shape, self.cells = shapes_of(
                encoded,
                made.reading,
                relations=related is not None and related.null_count < len(related),
            )
            self.places = places_of(chunk.persons, encoded, self.book, self.clocks)
            self.events = events_of(chunk.facts, encoded, self.book, self.places, made.signatures)
        self.keys = [keys_of(encoded, per) for per in made.situations.per]
        self.eras = self.clocks.eras(self.book.borders)
        self.era0 = self.clocks.era0(self.book.borders)
        self.debtors = self._debtors()
        self.parted = part(at, encoded.debtor, self.shape, encoded.debt, len(self.debtors.zone))
        if masked and not (len(encoded.seq) or self.keys or len(self.events.addresses)):
            return
        self.parted = numbered(self.parted, encoded.debtor)
        if made.situations.runs:
            self._by_id()

    def _by_id(self) -> None:
        """Put unnumbered contacts of one debtor in one second into the order of their ids."""
        places, groups = ties(self.parted, self.encoded.seq)
        if not len(places):
            return
        ids = self.encoded.ids(self.parted.row[places])
        targets = places[np.lexsort((places, groups))]
        order = sorted(range(len(places)), key=lambda n: (groups[n], ids[n]))
        wanted = places[order]
        for column in (self.parted.record, self.parted.row):
            column[targets] = column[wanted]

    def _debtors(self) -> Debtors:
        """What the kernel needs of each debtor, who is one person with one lender."""
        events, lenders = self.events, self.encoded.lenders

        def spread(column: Array) -> Array:
            return np.repeat(column, lenders, axis=0) if lenders > 1 else column

        todo = np.full(len(self.places.zone) * lenders, TO_DO, np.uint8)
        for person in events.plain:
            todo[person * lenders : (person + 1) * lenders] = PLAIN
        # Numbers beyond the bits that a key has for them are no business of the kernel.
        if len(self.made.reading.shapes) > SHAPES_MAX:
            todo[self.encoded.debtor[self.shape >= SHAPES_MAX]] = PLAIN
        return Debtors(
            zone=spread(self.places.zone),
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
            address=np.empty(0, np.int32)
            if address is None
            else address.codes.astype(np.int32, copy=False),
            seq=encoded.seq,
            keys=keys,
            several_from=encoded.several_from,
            several=encoded.several,
        )

    def _out(self, mask: Array, findings: int, classes: int) -> Out:
        return Out(
            state=np.zeros(4, np.int64),
            mask=mask,
            row=np.empty(findings, np.int32),
            rule=np.empty(findings, np.int32),
            breached=np.empty(findings, np.uint8),
            counted=np.empty(findings, np.int32),
            first=np.empty(findings, np.int64),
            last=np.empty(findings, np.int64),
            unknown=np.zeros(len(self.book.rules), np.int64),
            by_class=np.zeros(max(classes, 1), np.int64),
            miss_key=np.empty(_MISSES, np.int64),
            miss_place=np.empty(_MISSES, np.int32),
            miss_debtor=np.empty(_MISSES, np.int32),
            plain=np.zeros(classes + len(WHY_PLAIN), np.int64),
        )

    def judge(self, take: Callable[[Out], None], mask: Array, capacity: int) -> None:
        """Run the kernel until no debtor is left to it; ``take`` is given what it found each time.

        ``mask`` is empty where findings are wanted, and ``capacity`` is how many fit at first.
        """
        columns, buckets = self._columns(), len(self.parted.start) - 1
        situations = self.made.situations
        entries = self.made.entries
        while True:
            with self.made.lock:
                machines, atoms = machines_of(situations, self.clocks)
                classes = classes_of(situations, machines, atoms, self._dense())
                number = len(situations.classes)
            time = self.clocks.tables(self.book.borders)
            out = self._out(mask, capacity, number)
            scratch = scratch_of(self.parted, machines, len(self.book.rules), entries)
            judge(
                self.parted, columns, self.debtors, time, classes, machines, out, scratch, 0,
                buckets,
            )  # fmt: skip
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
        if not len(self.parted.row):
            self.parted = numbered(self.parted, self.encoded.debtor)
        missing = self.parted.row[out.miss_place[:missed]]
        order = np.argsort(missing, kind="stable")
        rows = missing[order]
        contacts = contacts_of(self.encoded.table, pa.array(rows))
        people = out.miss_debtor[:missed][order] // self.encoded.lenders
        facts = self._facts_of(np.unique(people))
        shapes, bases = self.shape[rows].tolist(), self.events.base[people].tolist()
        for place, key in enumerate(out.miss_key[:missed][order].tolist()):
            contact = filled(self.book, contacts[place])
            if len(contact.debts) > 1 and not tells_debts_apart(key):
                contact = replace(contact, debts=contact.debts[:1])
            person = int(people[place])
            zone, region = self.places.zone_of(person), self.places.region_of(person)
            own = facts.get(person, [])
            debtor = Debtor(contacts=(), facts=tuple(own), zone=zone, region=region)
            known = (*assumed_facts(self.book, debtor), *own)
            standing = Standing(self.book, zone=zone, region=region, facts=known)
            at = contact.instant
            told = Told(
                contact,
                standing.at(at),
                self.cells[shapes[place]],
                bases[place],
                frozenset(str(fact.kind) for fact in own if fact.known_at <= at),
            )
            number = situations.classify(told)
            if key < 0:
                base, era, shape = dense_place(key)
                self.made.dense[base, era + self.era0, shape] = number
            else:
                situations.known[key] = number

    def _facts_of(self, people: Array) -> dict[int, list[Any]]:
        """The facts of persons by code."""
        table = self.chunk.facts
        if table.num_rows == 0:
            return {}
        codes = match(column_of(table, "person"), self.encoded.person)
        rows = np.flatnonzero(np.isin(codes, people))
        by_name = facts_of(table, pa.array(rows))
        if not by_name:
            return {}
        numbers = match(pa.array(list(by_name)), self.encoded.person)
        return dict(zip(numbers.tolist(), by_name.values(), strict=True))

    def left(self) -> Chunk | None:
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
            codes = match(column_of(table, "person"), self.encoded.person)
            return table.take(pa.array(np.flatnonzero(np.isin(codes, people))))

        return Chunk(
            contacts=self.encoded.table.take(pa.array(rows)),
            facts=of(self.chunk.facts),
            persons=of(self.chunk.persons),
        )

    def there(self) -> Array:
        """Which debtors have contacts: a person may have some with one lender and not another."""
        return np.bincount(self.encoded.debtor, minlength=len(self.debtors.todo)) > 0

    def reasons(self) -> dict[str, int]:
        """Why debtors were left to the plain form before the kernel saw them."""
        found: dict[str, int] = {}
        there = self.there()
        for person, why in self.events.plain.items():
            own = there[person * self.encoded.lenders : (person + 1) * self.encoded.lenders]
            found[why] = found.get(why, 0) + int(own.sum())
        return found
