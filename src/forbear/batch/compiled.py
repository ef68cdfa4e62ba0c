"""The compiled form of an audit: the same answers as the plain form, for millions of debtors.

A chunk is turned into typed columns and each situation in it is put to the plain form once; the
kernel does the rest. Debtors whom it cannot judge are left to the plain form, and counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import pyarrow as pa

from forbear.batch import plain
from forbear.batch.answered import findings_table, not_shown_table, with_others
from forbear.batch.books import compiled_book
from forbear.batch.columns import Encoded, encode
from forbear.batch.layout import PLAIN, Array, Out
from forbear.batch.parting import merged, room
from forbear.batch.persons import named
from forbear.batch.runs import WHY_PLAIN, Run
from forbear.batch.schema import Audited, Chunk, Stats
from forbear.batch.situations import Situations
from forbear.law.book import Book

_FINDINGS_LEAST: Final = 1 << 16


def audit_chunk(books: Sequence[Book], chunk: Chunk) -> list[Audited]:
    """The chunk before each of the books.

    Raises CaseError for a row or a fact that cannot be read, and for an unknown zone.
    """
    chunk = named(chunk)
    encoded = encode(chunk.contacts)
    return [_audited(book, chunk, encoded) for book in books]


def mask(book: Book, chunk: Chunk) -> Array:
    """Which rules each contact breaks, one bit a rule in the order of the book.

    Elements have 8 bits where these are enough, else 64, and more rules than that are refused by
    an assertion. They stand in the order of the chunk's rows, which must be that of time.
    """
    assert len(book.rules) <= 64, "a mask has 64 bits"
    chunk = named(chunk)
    encoded = encode(chunk.contacts)
    run = Run(compiled_book(book), chunk, encoded, masked=True)
    width = 8 if len(book.rules) <= 8 else 64
    by_place = room(f"mask_{width}", encoded.rows, f"uint{width}")
    run.judge(lambda _out: None, by_place, 0)
    found = np.empty(encoded.rows, by_place.dtype)
    merged(run.parted, encoded.debtor, by_place, found)
    left = run.left()
    if left is not None:
        rows = np.flatnonzero(run.debtors.todo[encoded.debtor] == PLAIN)
        found[rows] = 0
        numbered = _numbered(left, rows)
        (rest,) = plain.audit_chunk([book], numbered)
        bits = {rule.id: 1 << place for place, rule in enumerate(book.rules)}
        broken = np.array([bits[rule] for rule in rest.findings["rule"].to_pylist()], found.dtype)
        np.bitwise_or.at(found, rest.findings["position"].to_numpy(), broken)
    return found


def _numbered(chunk: Chunk, rows: Array) -> Chunk:
    """The chunk with the numbers of its rows for positions."""
    table = chunk.contacts
    if "position" in table.column_names:
        table = table.drop_columns(["position"])
    return replace(chunk, contacts=table.append_column("position", pa.array(rows)))


@dataclass(slots=True)
class _Taken:
    """What the kernel found of a chunk, added up over its runs."""

    situations: Situations
    unknown: Array
    why: dict[str, int]
    judged: int = 0
    parts: list[tuple[Array, ...]] = field(default_factory=list)

    def take(self, out: Out) -> None:
        """Take what one run of the kernel found."""
        classes = self.situations.classes
        for number in np.flatnonzero(out.plain):
            place = number - len(WHY_PLAIN)
            told = WHY_PLAIN[number] if place < 0 else classes[place].why_plain or ""
            self.why[told] = self.why.get(told, 0) + int(out.plain[number])
        n = int(out.state[0])
        columns = (out.row, out.rule, out.breached, out.counted, out.first, out.last)
        self.parts.append(tuple(column[:n].copy() for column in columns))
        self.unknown += out.unknown
        for number in np.flatnonzero(out.by_class):
            known, count = classes[number], int(out.by_class[number])
            self.judged += 0 if known.inbound else count
            for rule in known.unknown:
                self.unknown[rule] += count


def _audited(book: Book, chunk: Chunk, encoded: Encoded) -> Audited:
    """The findings of a chunk, what it does not show, and how it was judged."""
    run = Run(compiled_book(book), chunk, encoded)
    situations = run.made.situations
    before = len(situations.classes)
    taken = _Taken(situations, np.zeros(len(book.rules), np.int64), run.reasons())
    run.judge(taken.take, np.empty(0, np.uint8), max(_FINDINGS_LEAST, 2 * encoded.rows))
    columns = [np.concatenate(each) for each in zip(*taken.parts, strict=True)]
    findings = findings_table(encoded, book, columns)
    stats = Stats(
        contacts=encoded.rows,
        debtors=int(np.count_nonzero(run.there())),
        situations=len(situations.classes) - before,
    )
    left = run.left()
    rest = None if left is None else plain.audit_chunk([book], left)[0]
    if rest is not None:
        findings = with_others(findings, rest.findings)
        stats.plain_debtors = sum(taken.why.values())
        stats.plain_contacts = rest.stats.contacts
        stats.why_plain = taken.why
    return Audited(
        judged=taken.judged + (rest.judged if rest is not None else 0),
        findings=findings,
        not_shown=not_shown_table(book, taken.unknown, rest.not_shown if rest else None),
        stats=stats,
    )
