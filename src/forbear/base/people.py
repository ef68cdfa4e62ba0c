"""Persons, and the one counter that follows a person.

A borrower is one person however many loans, numbers and agencies there are. Two records that prove
to be one person are merged, and a wrong merge is split again; neither loses history, because the
book keeps what was said and works out today's groups from it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NewType

from forbear.base.errors import CaseError

PersonId = NewType("PersonId", str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """From ``at`` on, ``one`` and ``other`` are known to be the same person."""

    one: PersonId
    other: PersonId
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """From ``at`` on, the merge of ``one`` and ``other`` is known to have been wrong."""

    one: PersonId
    other: PersonId
    at: int


@dataclass(frozen=True, slots=True)
class PersonBook:
    """Everything that was ever said about who is the same person, in order of arrival."""

    said: tuple[Merge | Split, ...] = ()

    def tell(self, event: Merge | Split) -> PersonBook:
        """A book that also knows ``event``.

        Raises CaseError for a person merged with herself, and for the split of two who were never
        merged directly.
        """
        pair = {event.one, event.other}
        if len(pair) == 1:
            message = f"person {event.one} cannot be merged with or split from herself"
            raise CaseError(message)
        if isinstance(event, Split) and pair not in (
            {link.one, link.other} for link in self._links(event.at)
        ):
            message = f"{event.one} and {event.other} were never merged, so they cannot be split"
            raise CaseError(message)
        return PersonBook((*self.said, event))

    def same(self, person: PersonId, *, at: int) -> frozenset[PersonId]:
        """All records known at ``at`` to be this person, herself included."""
        group = {person}
        links = self._links(at)
        grew = True
        while grew:
            size = len(group)
            for link in links:
                if link.one in group or link.other in group:
                    group |= {link.one, link.other}
            grew = len(group) > size
        return frozenset(group)

    def _links(self, at: int) -> list[Merge]:
        """The merges that stand at ``at``: said by then and not split since."""
        standing: dict[frozenset[PersonId], Merge] = {}
        for event in sorted((e for e in self.said if e.at <= at), key=lambda e: e.at):
            pair = frozenset((event.one, event.other))
            if isinstance(event, Merge):
                standing[pair] = event
            else:
                standing.pop(pair, None)
        return list(standing.values())


def representative(group: Iterable[PersonId]) -> PersonId:
    """The record under which a group is counted: the least id, so that order does not matter."""
    return min(group)
