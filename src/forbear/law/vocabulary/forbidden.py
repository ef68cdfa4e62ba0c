"""``forbidden``: a contact that meets the condition is never to be made.

It carries persons, places, forms, words, preconditions and holds: whatever is said of the contact
itself and of the facts that bear on it.
"""

from __future__ import annotations

from dataclasses import dataclass

from forbear.base.contact import Contact
from forbear.base.reasons import Sentence
from forbear.law.view import NO_CHANGE, Machine, Truth, View
from forbear.law.vocabulary.kind import EMPTY, Source, only_keys


@dataclass(frozen=True, slots=True)
class Forbidden:
    """Broken wherever its condition holds."""

    machines: tuple[Machine, ...] = ()
    kinds: frozenset[str] = frozenset()
    timeless: bool = True

    def breaks(self, view: View) -> Truth:
        del view
        return True

    def next(self, view: View) -> int:
        del view
        return NO_CHANGE

    def stands(self, view: View) -> int | None:
        del view
        return NO_CHANGE

    def rests_on(self, view: View) -> tuple[Contact, ...]:
        del view
        return ()

    def limits(self, view: View) -> bool:
        del view
        return True

    def explain(self, view: View) -> Sentence:
        del view
        return EMPTY


def read(source: Source) -> Forbidden:
    """A rule without keys of its own."""
    only_keys(source, ())
    return Forbidden()
