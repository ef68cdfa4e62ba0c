"""How one debtor stands before a book of rules: the facts known, the contacts made, and the fold.

A standing is kept up to date event by event, or built from a whole history: both give the same
answers. Each machine of the book reads the contacts in order, once, when it is first asked; a later
question only reads what has been added since.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from forbear.base.clock import Clock, clock
from forbear.base.contact import Contact, Event, Fact, Outcomes
from forbear.base.errors import CaseError
from forbear.law.book import Book
from forbear.law.view import NO_CHANGE, Machine, View, holds


def order_of(contact: Contact) -> tuple[int, bool, int, str]:
    """Where a contact stands in a history: by instant, then ``seq``; the unnumbered come last."""
    return (contact.instant, contact.seq is None, contact.seq or 0, contact.id)


class Standing:
    """One debtor before one book.

    ``zone`` is the IANA zone of the debtor, ``region`` where the rules of a place bind. Facts and
    contacts may be given in any order; what counts as earlier is decided by ``Contact.before``.
    """

    __slots__ = (
        "_alike", "_contacts", "_derived", "_edges", "_facts", "_known", "_now", "_own_zone",
        "_recorded", "_states", "_views", "book", "hourly", "kinds", "region", "settled", "zone",
    )  # fmt: skip

    def __init__(
        self,
        book: Book,
        *,
        zone: str,
        region: str | None = None,
        facts: Iterable[Fact] = (),
        contacts: Iterable[Contact] = (),
    ) -> None:
        """Start from what is known; raises CaseError for an unknown zone."""
        self.book = book
        self.zone = clock(zone)
        self.region = region
        self._facts = sorted(facts, key=_fact_order)
        self._contacts = sorted(contacts, key=order_of)
        self._views: list[View] = []
        self._states: dict[str, tuple[Any, int]] = {}
        self._recorded: dict[str, list[Fact]] = {}
        self._derived: dict[tuple[str, int, int], list[Fact]] = {}
        self._known = 0
        self._now = -NO_CHANGE
        self._own_zone = (self.zone,)
        # The recorded kinds of fact of which any is known, in force or not.
        self.kinds: frozenset[str] = frozenset()
        # Those of which some fact holds at certain hours only.
        self.hourly: frozenset[str] = frozenset()
        self._edges: list[int] = []
        self._alike: dict[int, int] = {}

    # ── events ──

    def see(self, event: Event) -> None:
        """Take in one event. An outcome replaces what was said of its contact before.

        Raises CaseError for an outcome about a contact that is not here.
        """
        if isinstance(event, Fact):
            insort(self._facts, event, key=_fact_order)
            self._forget_facts()
        elif isinstance(event, Outcomes):
            self._conclude(event)
        else:
            place = bisect_left(self._contacts, order_of(event), key=order_of)
            if place < len(self._contacts):
                self._start_again(place)
            self._contacts.insert(place, event)

    def _conclude(self, event: Outcomes) -> None:
        for place, contact in enumerate(self._contacts):
            if contact.id == event.about:
                self._contacts[place] = replace(contact, outcome=event.outcome)
                self._start_again(place)
                return
        message = f"outcome about contact {event.about!r}: there is no such contact"
        raise CaseError(message)

    def _start_again(self, place: int = 0) -> None:
        """Forget what was folded from ``place`` on; a machine that read further begins anew."""
        del self._views[place:]
        self._states = {k: (s, n) for k, (s, n) in self._states.items() if n <= place}
        self._derived.clear()

    def _forget_facts(self) -> None:
        self._known, self._recorded, self._now = 0, {}, -NO_CHANGE
        self.kinds = self.hourly = frozenset()
        self._edges, self._alike = [], {}
        self._start_again()

    # ── time ──

    def at(self, now: int) -> Standing:
        """The same standing, knowing exactly what was known at ``now``."""
        if now == self._now:
            return self
        if now < self._now:
            self._forget_facts()
        self._now = now
        fresh = []
        while self._known < len(self._facts) and self._facts[self._known].known_at <= now:
            fresh.append(self._facts[self._known])
            self._known += 1
        for fact in fresh:
            insort(self._recorded.setdefault(str(fact.kind), []), fact, key=lambda f: f.since)
        if fresh:
            self._sum_up()
            self._reread({str(fact.kind) for fact in fresh}, min(fact.since for fact in fresh))
        return self

    def _sum_up(self) -> None:
        """Note of the facts known what most questions about them need."""
        every = [fact for facts in self._recorded.values() for fact in facts]
        self.kinds = frozenset(self._recorded)
        self.hourly = frozenset(str(f.kind) for f in every if f.window or f.weekdays)
        edges = {edge for fact in every for edge in (fact.since, fact.until) if edge is not None}
        self._edges = sorted(edges)
        self._alike = {}

    def epoch(self, at: int) -> int:
        """The number of the span between two beginnings or ends of facts that holds ``at``."""
        return bisect_right(self._edges, at)

    def alike(self, at: int) -> int:
        """A number that two debtors share whose facts say the same, and hold alike, at an instant.

        Between two beginnings or ends of facts it stays the same.
        """
        epoch = self.epoch(at)
        if epoch not in self._alike:
            every = [fact for facts in self._recorded.values() for fact in facts]
            told = sorted(repr(_said(fact, at)) for fact in every)
            self._alike[epoch] = self.book.number_of((self.region, *told))
        return self._alike[epoch]

    def timeless(self, kinds: frozenset[str]) -> bool:
        """Whether facts of these kinds, as far as known, change only by beginning or ending."""
        return self.hourly.isdisjoint(kinds)

    def _reread(self, kinds: set[str], since: int) -> None:
        """Fold again what was folded without knowing facts that bear on it."""
        self._derived.clear()
        read = self.book.machines
        for key, (_, upto) in list(self._states.items()):
            late = upto > 0 and self._contacts[upto - 1].instant >= since
            if late and kinds & read[key].kinds:
                del self._states[key]
                self._views.clear()

    def zones_at(self, at: int) -> tuple[Clock, ...]:
        """The plausible clocks at an instant: those that facts name, else the debtor's own."""
        told = self._recorded.get("possible_timezone")
        if not told:
            return self._own_zone
        names = {str(fact.value): None for fact in told if holds(fact, at)}
        return tuple(clock(name) for name in names) or self._own_zone

    def next_zones(self, at: int) -> int:
        """The first instant after ``at`` at which other clocks may be plausible."""
        told = self._recorded.get("possible_timezone", ())
        edges = (edge for fact in told for edge in (fact.since, fact.until) if edge is not None)
        return min((edge for edge in edges if edge > at), default=NO_CHANGE)

    # ── facts ──

    def recorded(self, kind: str) -> list[Fact]:
        """The recorded facts of a kind that are known, oldest first."""
        return self._recorded.get(kind, _NONE)

    def facts(self, kind: str, view: View) -> list[Fact]:
        """The facts of a kind, recorded or derived, that stand before the view's contact."""
        derivation = self.book.derivations.get(kind)
        if derivation is None:
            return self._recorded.get(kind, _NONE)
        # Between two edges of facts the plausible clocks stay the same, and so do its days.
        key = (kind, view.upto, self.epoch(view.at))
        if key not in self._derived:
            state = self.state(derivation, view.upto)
            self._derived[key] = derivation.facts(state, view)
        return self._derived[key]

    # ── contacts ──

    @property
    def contacts(self) -> Sequence[Contact]:
        """Every contact seen, in order."""
        return self._contacts

    def earlier(self, contact: Contact) -> int:
        """How many of the contacts seen count as earlier than ``contact``."""
        place = bisect_left(self._contacts, contact.instant, key=lambda c: c.instant)
        while place < len(self._contacts) and self._contacts[place].before(contact):
            place += 1
        return place

    def look(self, contact: Contact) -> View:
        """A view of a proposed contact on the history before it."""
        upto = self.earlier(contact)
        return View(self, contact, at=contact.instant, upto=upto, debts=contact.debts)

    def state(self, machine: Machine, upto: int) -> Any:
        """The state of ``machine`` with at least the first ``upto`` contacts taken in."""
        state, read = self._states.get(machine.key) or (machine.start(), 0)
        if read < upto:
            for place in range(read, upto):
                machine.see(state, self.view_of(place))
            self._states[machine.key] = (state, upto)
        return state

    def view_of(self, place: int) -> View:
        """The view of the contact at ``place`` as it was made."""
        while len(self._views) <= place:
            number = len(self._views)
            contact = self._contacts[number]
            upto = number
            # Of contacts within one second only those with an earlier number count as earlier.
            while upto and not self._contacts[upto - 1].before(contact):
                upto -= 1
            view = View(
                self, contact, at=contact.instant, upto=upto, debts=contact.debts, place=number
            )
            self._views.append(view)
        return self._views[place]


_NONE: list[Fact] = []


def _said(fact: Fact, at: int) -> tuple[Any, ...]:
    """All of a fact but its name and its moments, and whether it holds, or did so once."""
    began, ended = fact.since <= at, fact.until is not None and fact.until <= at
    return (
        fact.kind, fact.debts, fact.channel, fact.address, fact.party, fact.relation, fact.window,
        sorted(fact.weekdays or ()), fact.value, began, ended,
    )  # fmt: skip


def _fact_order(fact: Fact) -> tuple[int, int, str]:
    return (fact.known_at, fact.since, fact.id)
