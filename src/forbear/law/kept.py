"""A debtor's standing in little room: kept beside a ledger, moved on by each event, never guessing.

What a gate keeps of a debtor is the state of every machine, the facts, and the few contacts that a
later event may still be about. An event in its order costs the same however long the history is.
Whatever the kept state cannot know any more, such as a contact told late, is answered by
``Rebuild``: the standing must be built again from the record. Every other answer is what a standing
built from the record would say.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from forbear.base.contact import Contact, Event, Fact, Outcomes
from forbear.law.answers import Earliest, Verdict
from forbear.law.book import Book
from forbear.law.deciding import earliest, verdict
from forbear.law.kept_form import contact_read, contact_written, fact_read, fact_written
from forbear.law.kept_needs import needs_of
from forbear.law.standing import Folded, Standing

# Any change in what machines hold, or in how it is written, takes the next number.
FORM: Final = 1
# So many contacts at most are held for the outcome of one that nobody has reported.
WAITING: Final = 16


class Why(StrEnum):
    """Why a standing must be built again from the record."""

    LATE_CONTACT = "a contact came to be known after later ones were folded away"
    LATE_FACT = "a fact bears on contacts that were folded away without it"
    LATE_OUTCOME = "the contact that an outcome is about is held no longer"
    PAST = "the moment asked about lies among contacts that are folded away"
    OTHER_PACKS = "it was kept under other packs, or another version of them"
    OTHER_FORM = "it was written in another form, or is no kept standing"


@dataclass(frozen=True, slots=True)
class Rebuild:
    """No answer: build the standing again from the record, by ``keep``."""

    why: Why


class Kept:
    """One debtor before one book, in room that does not grow with the history."""

    __slots__ = ("_late", "_needs", "_standing")

    def __init__(self, standing: Standing) -> None:
        """Keep a standing from now on; nobody else may move it on."""
        self._standing = standing
        self._needs = needs_of(standing.book)
        self._late: Rebuild | None = None

    def see(self, event: Event) -> Rebuild | None:
        """Take in one event. Once one came too late, every answer is to rebuild."""
        standing = self._standing
        if self._late is not None:
            return self._late
        match event:
            case Contact():
                late = Why.LATE_CONTACT if event.instant <= standing.folded.until else None
                now = event.instant
            case Outcomes():
                late, now = None if standing.holds(event.about) else Why.LATE_OUTCOME, event.at
            case Fact():
                told_before = event.known_at <= standing.folded.known
                late = Why.LATE_FACT if told_before and standing.bears(event) else None
                now = event.known_at
        if late is None:
            standing.see(event)
            if not isinstance(event, Fact):
                self.fold(now)
        else:
            self._late = Rebuild(late)
        return self._late

    def fold(self, now: int) -> None:
        """Fold away what no event is awaited for, with all that is known at ``now``."""
        needs = self._needs
        self._standing.fold(now, waits=needs.awaits, waiting=WAITING, back=needs.looks_back)

    def verdict(
        self, contact: Contact, now: int | None = None, *, lenient: bool = False
    ) -> Verdict | Rebuild:
        """May the contact be made? As ``deciding.verdict``, or that nobody can tell from this."""
        why = self._lacks(contact.instant, contact.instant if now is None else now)
        return why or verdict(self._standing, contact, now, lenient=lenient)

    def earliest(
        self,
        contact: Contact,
        *,
        start: int | None = None,
        until: int | None = None,
        lenient: bool = False,
    ) -> Earliest | Rebuild:
        """From when on may it be made? As ``deciding.earliest``, or that nobody can tell."""
        first = contact.instant if start is None else start
        why = self._lacks(first, first)
        return why or earliest(self._standing, contact, start=start, until=until, lenient=lenient)

    def _lacks(self, at: int, now: int) -> Rebuild | None:
        if self._late is not None:
            return self._late
        if at <= self._standing.folded.until:
            return Rebuild(Why.PAST)
        return Rebuild(Why.LATE_FACT) if self._standing.at(now).misread else None

    def written(self) -> str:
        """The kept state as one line of JSON, for ``read``; nothing where it must be rebuilt."""
        standing, folded = self._standing, self._standing.folded
        standing.sweep(self._needs.looks_back)
        states = {}
        for number, (key, machine) in enumerate(standing.book.machines.items()):
            if key in folded.states:
                state = machine.written(folded.states[key])
                if state != machine.written(machine.start()):
                    states[number] = state
        told = {
            "form": FORM,
            "packs": dict(standing.book.hashes),
            "zone": standing.zone.name,
            "region": standing.region,
            "late": None if self._late is None else self._late.why.name,
            "folded": [folded.count, folded.until, folded.known],
            "states": states,
            "facts": [fact_written(fact) for fact in standing.every_fact],
            "contacts": [contact_written(contact) for contact in standing.contacts],
        }
        return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def keep(
    book: Book,
    *,
    zone: str,
    now: int,
    region: str | None = None,
    facts: Iterable[Fact] = (),
    contacts: Iterable[Contact] = (),
) -> Kept:
    """The kept state from a whole record, as it is known at ``now``."""
    standing = Standing(book, zone=zone, region=region, facts=facts, contacts=contacts)
    kept = Kept(standing)
    kept.fold(now)
    return kept


def read(book: Book, text: str) -> Kept | Rebuild:
    """What ``Kept.written`` wrote, where it was written under the same packs and in this form."""
    try:
        told = json.loads(text)
    except ValueError:
        return Rebuild(Why.OTHER_FORM)
    if not isinstance(told, dict) or told.get("form") != FORM:
        return Rebuild(Why.OTHER_FORM)
    if told["packs"] != book.hashes:
        return Rebuild(Why.OTHER_PACKS)
    standing = Standing(
        book,
        zone=told["zone"],
        region=told["region"],
        facts=map(fact_read, told["facts"]),
        contacts=map(contact_read, told["contacts"]),
    )
    count, until, known = told["folded"]
    states: dict[str, Any] = {}
    for number, (key, machine) in enumerate(book.machines.items()):
        written = told["states"].get(str(number))
        states[key] = machine.start() if written is None else machine.read(written)
    standing.folded = Folded(
        count=count,
        until=until,
        known=known,
        facts=sum(fact.known_at <= known for fact in standing.every_fact),
        states=states,
        swept=count,
    )
    kept = Kept(standing)
    if told["late"] is not None:
        kept._late = Rebuild(Why[told["late"]])  # noqa: SLF001 - it makes one
    return kept
