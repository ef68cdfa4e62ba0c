"""What a rule looks at: one contact, at one moment, against everything known of its debtor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from forbear.base.clock import Clock
from forbear.base.contact import UNSAID, Contact, Fact
from forbear.base.words import MORE_KEYS

# A rule holds (False), breaks (True) or cannot be answered (None), as in Kleene's logic.
Truth = bool | None

NO_CHANGE: Final = 1 << 62  # an instant that never comes


class Machine(Protocol):
    """What folds a debtor's contacts, in order, into the little that a rule needs of them.

    The state is kept by whoever knows the debtor. ``key`` is unique within a book. ``kinds`` are
    the kinds of fact that its reading of a contact depends on: when such a fact becomes known
    late, the history is read again.
    """

    @property
    def key(self) -> str: ...

    @property
    def kinds(self) -> frozenset[str]: ...

    def start(self) -> Any:
        """The state before any contact."""
        ...

    def see(self, state: Any, view: View) -> None:
        """Take in one contact that was made; ``view.place`` is its place in the history."""
        ...

    def copy(self, state: Any) -> Any:
        """The same state, to be folded on separately."""
        ...

    def forget(self, state: Any, ahead: Ahead) -> None:
        """Drop from the state what no answer ahead can rest on."""
        ...

    def written(self, state: Any) -> Any:
        """The state as JSON can hold it."""
        ...

    def read(self, written: Any) -> Any:
        """The state that ``written`` wrote."""
        ...


@dataclass(frozen=True, slots=True)
class Ahead:
    """What will still be asked: of contacts from ``at`` on, of facts that hold from ``since`` on.

    ``since`` lies before ``at`` where some rule looks back at facts that are over.
    """

    known: Known
    at: int
    since: int


class Known(Protocol):
    """All that a rule may ask about the debtor of a contact; a Standing answers."""

    @property
    def zone(self) -> Clock: ...

    @property
    def region(self) -> str | None: ...

    def facts(self, kind: str, view: View) -> Sequence[Fact]:
        """The facts of a kind, recorded or derived, that stand before the view's contact."""
        ...

    def recorded(self, kind: str) -> Sequence[Fact]:
        """The recorded facts of a kind that are known, oldest first."""
        ...

    def state(self, machine: Machine, upto: int) -> Any:
        """The state of ``machine`` with at least the first ``upto`` contacts taken in."""
        ...

    def zones_at(self, at: int) -> tuple[Clock, ...]:
        """The clocks that are plausible at an instant; never empty."""
        ...

    def next_zones(self, at: int) -> int:
        """The first instant after ``at`` at which other clocks may be plausible."""
        ...


class View:
    """One contact at the instant ``at``, with the contacts before it and the facts known.

    ``upto`` is how many of the standing's contacts count as earlier, and ``place`` where the
    contact itself stands among them (``upto`` where it is only proposed). ``debts`` are the debts
    it is looked at for: all of the contact's, or one where it is about several and taken apart.
    ``asked`` collects what is unsaid and was needed, where somebody wants to know; ``counted`` is
    what machines were found to hold for it.
    """

    __slots__ = ("asked", "at", "contact", "counted", "debts", "place", "standing", "terms", "upto")

    def __init__(
        self,
        standing: Known,
        contact: Contact,
        *,
        at: int,
        upto: int,
        debts: tuple[str, ...],
        place: int | None = None,
    ) -> None:
        """Look at ``contact`` as if it were made at ``at``."""
        self.place = upto if place is None else place
        self.standing = standing
        self.contact = contact
        self.at = at
        self.upto = upto
        self.debts = debts
        self.terms: dict[Any, Truth] = {}
        self.counted: dict[Any, Any] | None = None
        self.asked: set[str] | None = None

    def moved(self, at: int) -> View:
        """The same contact proposed for another instant, on the same history."""
        return View(
            self.standing, self.contact, at=at, upto=self.upto, debts=self.debts, place=self.place
        )

    def about(self, debt: str) -> View:
        """The same contact looked at for one of its debts."""
        return View(
            self.standing, self.contact, at=self.at, upto=self.upto, debts=(debt,), place=self.place
        )

    @property
    def zones(self) -> tuple[Clock, ...]:
        """The clocks that are plausible for the debtor at the view's instant; never empty."""
        return self.standing.zones_at(self.at)

    def unsaid(self, key: str) -> Truth:
        """Unknown, because nobody said ``key``; remembers that it was asked for."""
        if self.asked is not None:
            self.asked.add(key)
        return None

    def address_kind(self) -> str | None:
        """What kind of address the contact goes to, as far as a fact says so."""
        address = self.contact.address
        if address is UNSAID:
            return None
        found: Fact | None = None
        for fact in self.standing.facts("address_kind", self):
            if fact.address == address and holds(fact, self.at):
                found = fact
        return str(found.value) if found is not None else None


def holds(fact: Fact, at: int) -> bool:
    """Whether a fact holds at an instant: from its beginning until just before its end."""
    return fact.since <= at and (fact.until is None or at < fact.until)


def closed_world(key: str) -> bool:
    """Whether an unsaid key of a contact means "no such thing" rather than "unknown"."""
    return key == "address" or MORE_KEYS.get(key) is False
