"""What a rule looks at: one contact, at one moment, against everything known of its debtor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from forbear.base.clock import Clock
from forbear.base.contact import UNSAID, Contact, Fact
from forbear.base.words import MORE_KEYS

if TYPE_CHECKING:
    from forbear.law.standing import Standing

# A rule holds (False), breaks (True) or cannot be answered (None), as in Kleene's logic.
Truth = bool | None

NO_CHANGE: Final = 1 << 62  # an instant that never comes


class View:
    """One contact at the instant ``at``, with the contacts before it and the facts known.

    ``upto`` is how many of the standing's contacts count as earlier, and ``place`` where the
    contact itself stands among them (``upto`` where it is only proposed). ``debts`` are the debts
    it is looked at for: all of the contact's, or one where it is about several and taken apart.
    ``asked`` collects what is unsaid and was needed, where somebody wants to know.
    """

    __slots__ = ("asked", "at", "contact", "debts", "place", "standing", "terms", "upto")

    def __init__(
        self,
        standing: Standing,
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
