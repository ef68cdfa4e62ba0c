"""How one debtor stands before a book of rules: the facts known, the contacts made, and the fold.

A standing is kept up to date event by event, or built from a whole history: both give the same
answers. Each machine of the book reads the contacts in order, once, when it is first asked; a later
question only reads what has been added since.

A standing can also forget: contacts that no later event is likely to be about are folded into all
machines and dropped, so that what it holds does not grow with the history. What it can then no
longer tell it says, by ``lacks``; it never guesses.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from forbear.base.clock import Clock, clock
from forbear.base.contact import UNSAID, Contact, Event, Fact, Outcomes
from forbear.base.errors import CaseError
from forbear.law.book import Book
from forbear.law.view import NO_CHANGE, Ahead, Machine, View, holds


def order_of(contact: Contact) -> tuple[int, bool, int, str]:
    """Where a contact stands in a history: by instant, then ``seq``; the unnumbered come last."""
    return (contact.instant, contact.seq is None, contact.seq or 0, contact.id)


@dataclass(slots=True)
class Folded:
    """The contacts that every machine has read and that are dropped, ``count`` of them.

    The last was at ``until``. They were read with what was known at ``known``: the first ``facts``
    of all facts. ``states`` are the machines' by key; ``swept`` of the contacts were already there
    when the states were last looked over for what can go.
    """

    count: int = 0
    until: int = -NO_CHANGE
    known: int = -NO_CHANGE
    facts: int = 0
    states: dict[str, Any] = field(default_factory=dict)
    swept: int = 0


_SWEEP_EVERY: Final = 16


class Standing:
    """One debtor before one book.

    ``zone`` is the IANA zone of the debtor, ``region`` where the rules of a place bind. Facts and
    contacts may be given in any order; what counts as earlier is decided by ``Contact.before``.
    """

    __slots__ = (
        "_alike", "_contacts", "_derived", "_edges", "_facts", "_known", "_now", "_own_zone",
        "_recorded", "_states", "_views", "answered", "book", "folded", "hourly", "kinds", "region",
        "zone",
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
        self.folded = Folded()
        # What whoever decides has answered; dropped with every event, and as facts become known.
        self.answered: dict[Any, Any] = {}

    # ── events ──

    def see(self, event: Event) -> None:
        """Take in one event. An outcome replaces what was said of its contact before.

        Raises CaseError for an outcome about a contact that is not here.
        """
        self.answered.clear()
        if isinstance(event, Fact):
            insort(self._facts, event, key=_fact_order)
            self.folded.facts += event.known_at <= self.folded.known
            self._forget_facts()
        elif isinstance(event, Outcomes):
            self._conclude(event)
        else:
            assert event.instant > self.folded.until, "what is folded is not opened again"
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

    def holds(self, contact: str) -> bool:
        """Whether the contact of this name can still be told an outcome."""
        return any(each.id == contact for each in self._contacts)

    def _start_again(self, place: int = 0) -> None:
        """Forget what was folded from a contact on; a machine that read further begins anew."""
        del self._views[place:]
        upto = self.folded.count + place
        self._states = {k: (s, n) for k, (s, n) in self._states.items() if n <= upto}
        self._derived.clear()

    def _forget_facts(self) -> None:
        self.answered.clear()
        self._known, self._recorded, self._now = 0, {}, -NO_CHANGE
        self.kinds = self.hourly = frozenset()
        self._edges, self._alike = [], {}
        self._start_again()

    # ── time ──

    def at(self, now: int) -> Standing:
        """The same standing, knowing exactly what was known at ``now``."""
        if now == self._now:
            return self
        if now < self._now and self._known and self._facts[self._known - 1].known_at > now:
            self._forget_facts()
        self._now = now
        if self._known == len(self._facts) or self._facts[self._known].known_at > now:
            return self
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
        self.answered.clear()
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

    def next_edge(self, at: int) -> int:
        """The first instant after ``at`` at which a fact that is known begins or ends."""
        epoch = bisect_right(self._edges, at)
        return self._edges[epoch] if epoch < len(self._edges) else NO_CHANGE

    def timeless(self, kinds: frozenset[str]) -> bool:
        """Whether facts of these kinds, as far as known, change only by beginning or ending."""
        return self.hourly.isdisjoint(kinds)

    def _reread(self, kinds: set[str], since: int) -> None:
        """Fold again what was folded, and look anew at what was seen, without such facts."""
        self._derived.clear()
        self._views.clear()
        read = self.book.machines
        for key, (_, upto) in list(self._states.items()):
            newest = upto - self.folded.count - 1
            late = newest >= 0 and self._contacts[newest].instant >= since
            if late and kinds & kinds_of(read[key], self.book):
                del self._states[key]

    def zones_at(self, at: int) -> tuple[Clock, ...]:
        """The plausible clocks at an instant: those that facts name, else the debtor's own."""
        told = self._recorded.get("possible_timezone")
        if not told:
            return self._own_zone
        names = {str(fact.value): None for fact in told if holds(fact, at)}
        return tuple(clock(name) for name in names) or self._own_zone

    def next_zones(self, at: int) -> int:
        """The first instant after ``at`` at which other clocks may be plausible."""
        told = self._recorded.get("possible_timezone")
        if not told:
            return NO_CHANGE
        edges = (edge for fact in told for edge in (fact.since, fact.until) if edge is not None)
        return min((edge for edge in edges if edge > at), default=NO_CHANGE)

    # ── facts ──

    @property
    def every_fact(self) -> Sequence[Fact]:
        """The recorded facts, in the order in which they came or will come to be known."""
        return self._facts

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
        """Every contact seen that is not folded away, in order."""
        return self._contacts

    def earlier(self, contact: Contact) -> int:
        """How many of the contacts seen count as earlier than ``contact``."""
        place = self.made_before(contact.instant) - self.folded.count
        while place < len(self._contacts) and self._contacts[place].before(contact):
            place += 1
        return self.folded.count + place

    def made_before(self, at: int) -> int:
        """How many of the contacts seen were made before an instant."""
        assert at > self.folded.until, "how many is not known any more"
        if not self._contacts or self._contacts[-1].instant < at:
            return self.folded.count + len(self._contacts)
        return self.folded.count + bisect_left(self._contacts, at, key=lambda c: c.instant)

    def look(self, contact: Contact) -> View:
        """A view of a proposed contact on the history before it."""
        upto = self.earlier(contact)
        return View(self, contact, at=contact.instant, upto=upto, debts=contact.debts)

    def state(self, machine: Machine, upto: int) -> Any:
        """The state of ``machine`` with at least the first ``upto`` contacts taken in."""
        found = self._states.get(machine.key)
        if found is not None:
            state, read = found
            if read >= upto:
                return state
        else:
            before, read = self.folded.states.get(machine.key), self.folded.count
            state = machine.start() if before is None else machine.copy(before)
            self._states[machine.key] = (state, read)
        if read < upto:
            for place in range(read, upto):
                machine.see(state, self.view_of(place))
            self._states[machine.key] = (state, upto)
        return state

    def view_of(self, place: int) -> View:
        """The view of the contact at ``place`` as it was made."""
        first = self.folded.count
        while len(self._views) <= place - first:
            number = len(self._views)
            contact = self._contacts[number]
            upto = number
            # Of contacts within one second only those with an earlier number count as earlier.
            while upto and not self._contacts[upto - 1].before(contact):
                upto -= 1
            view = View(
                self, contact, at=contact.instant, upto=first + upto, debts=contact.debts,
                place=first + number,
            )  # fmt: skip
            self._views.append(view)
        return self._views[place - first]

    # ── what is folded away ──

    def fold(self, now: int, *, waits: Callable[[View], bool], waiting: int, back: int) -> None:
        """Fold away the contacts before the first that ``waits`` for an outcome.

        They are read with all that is known at ``now``. At most ``waiting`` contacts are held for
        such a one. Those of the latest second stay, for others may come to stand among them.
        ``back`` is how many seconds the rules look back at facts that are over.
        """
        contacts, folded = self._contacts, self.folded
        open_ones = (n for n, contact in enumerate(contacts) if contact.outcome is UNSAID)
        held = (n for n in open_ones if waits(self.view_of(folded.count + n)))
        free = max(next(held, len(contacts)), len(contacts) - waiting)
        while free and (free == len(contacts) or not _apart(contacts, free)):
            free -= 1
        self.at(max(now, self._now))
        if not free or self.misread:
            return
        for derivation in self.book.derivations.values():
            # Conditions ask these while they are folded, and must be told what stood before.
            self.state(derivation, folded.count)
        for key, machine in self.book.machines.items():
            state = folded.states.setdefault(key, machine.start())
            for place in range(folded.count, folded.count + free):
                machine.see(state, self.view_of(place))
        folded.until = contacts[free - 1].instant
        folded.count, folded.known, folded.facts = folded.count + free, self._now, self._known
        del contacts[:free]
        del self._views[:free]
        self._states = {k: (s, n) for k, (s, n) in self._states.items() if n >= folded.count}
        if folded.count - folded.swept >= _SWEEP_EVERY:
            self.sweep(back)

    def sweep(self, back: int) -> None:
        """Drop of what is folded all that no answer ahead rests on."""
        folded = self.folded
        self.at(max(self._now, folded.known))
        folded.swept = folded.count
        since = folded.until + 1 - back if back < NO_CHANGE else -NO_CHANGE
        ahead = Ahead(self, at=folded.until + 1, since=since)
        for key, state in folded.states.items():
            self.book.machines[key].forget(state, ahead)
        self._states.clear()
        self._derived.clear()

    @property
    def misread(self) -> bool:
        """Whether a fact bears on what is folded that was unknown then or is unknown now."""
        if self.folded.facts == self._known:
            return False
        low, high = sorted((self.folded.facts, self._known))
        return any(self.bears(fact) for fact in self._facts[low:high])

    def bears(self, fact: Fact) -> bool:
        """Whether a machine may have read what is folded otherwise because of a fact."""
        if fact.since > self.folded.until:
            return False
        kinds = (kinds_of(machine, self.book) for machine in self.book.machines.values())
        return any(fact.kind in each for each in kinds)


_NONE: list[Fact] = []


def _apart(contacts: Sequence[Contact], place: int) -> bool:
    return contacts[place - 1].instant < contacts[place].instant


def kinds_of(machine: Machine, book: Book) -> frozenset[str]:
    """The kinds of fact that a machine's reading turns on, and those from which they follow."""
    found = machine.kinds
    for kind in machine.kinds & book.derivations.keys():
        found |= kinds_of(book.derivations[kind], book)
    return found


def _said(fact: Fact, at: int) -> tuple[Any, ...]:
    """All of a fact but its name and its moments, and whether it holds, or did so once."""
    began, ended = fact.since <= at, fact.until is not None and fact.until <= at
    return (
        fact.kind, fact.debts, fact.channel, fact.address, fact.party, fact.relation, fact.window,
        sorted(fact.weekdays or ()), fact.value, began, ended,
    )  # fmt: skip


def _fact_order(fact: Fact) -> tuple[int, int, str]:
    return (fact.known_at, fact.since, fact.id)
