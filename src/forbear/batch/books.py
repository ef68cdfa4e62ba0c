"""Books, compiled: what was ever worked out of one, kept for every chunk that comes before it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock
from typing import Any, Final

from forbear.batch.columns import Reading
from forbear.batch.events import Signatures
from forbear.batch.layout import ERAS_MAX, SHAPES_MAX, SIGNATURES_MAX
from forbear.batch.situations import Situations
from forbear.law.book import Book
from forbear.law.lowering import leaves

ENTRIES_FIRST: Final = 1 << 12


@dataclass(slots=True)
class CompiledBook:
    """A book with all that was ever worked out of it; it grows with new situations only."""

    situations: Situations
    reading: Reading
    signatures: Signatures = field(default_factory=Signatures)
    dense: dict[tuple[int, int, int], int] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)
    # The most contacts of a debtor that there has to be room for.
    entries: int = ENTRIES_FIRST

    @property
    def full(self) -> bool:
        """Whether so much is known that numbers may run out within another chunk."""
        shapes, steps = len(self.reading.shapes), len(self.signatures.steps)
        return 2 * shapes > SHAPES_MAX or 2 * steps > SIGNATURES_MAX


_making = Lock()
_by_book: dict[int, tuple[Book, CompiledBook]] = {}


def compiled_book(book: Book) -> CompiledBook:
    """The compiled form of a book, the same one each time until it has grown very large."""
    with _making:
        known = _by_book.get(id(book))
        if known is None or known[1].full:
            known = _by_book[id(book)] = (book, _compile(book))
    return known[1]


def _compile(book: Book) -> CompiledBook:
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

    assert len(book.borders) < ERAS_MAX, "the days on which a book changes have few bits in a key"
    return CompiledBook(
        situations,
        Reading(looks=looks, labels=labels, told=frozenset(name for name in told if name)),
    )


_CLOSED: Final = frozenset({"channel", "direction", "party", "purpose", "outcome"})
