"""What derivations keep of a history: the facts that contacts began, and what ended them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from forbear.base.clock import Clock, weekday
from forbear.base.contact import Contact, Fact
from forbear.law.kept_form import fact_read, fact_written
from forbear.law.view import NO_CHANGE, Ahead

ALWAYS: Final = 1 << 62
# A fact bears the names of the last contacts of its row.
NAMED: Final = 3


@dataclass(slots=True)
class Derived:
    """A derived fact, the place of the contact that began it, and of the one that ended it."""

    fact: Fact
    born: int = -1
    died: int = ALWAYS

    def matters(self, ahead: Ahead) -> bool:
        """Whether an answer ahead can rest on it: neither ended by a contact nor over by then."""
        if ahead.since == -NO_CHANGE:
            return True
        over = self.fact.until is not None and self.fact.until <= ahead.since
        return self.died == ALWAYS and not over

    def copy(self) -> Derived:
        """The same, to be ended separately."""
        return Derived(self.fact, self.born, self.died)

    def written(self) -> list[Any]:
        """The fact with its places as JSON can hold it."""
        found: list[Any] = [fact_written(self.fact), self.born]
        return found if self.died == ALWAYS else [*found, self.died]

    def seen_from(self, upto: int) -> Fact | None:
        """The fact as it stands before the contact at place ``upto``, if it had begun by then."""
        if self.born >= upto:
            return None
        if self.died < upto:
            return None
        return self.fact


def derived_read(written: list[Any]) -> Derived:
    """What ``Derived.written`` wrote."""
    table, *places = written
    return Derived(fact_read(table), *places)


@dataclass(slots=True)
class RunState:
    """The facts begun, and the row as it stands: its length, its last dates and contacts."""

    found: list[Derived] = field(default_factory=list)
    row: int = 0
    dates: list[int] = field(default_factory=list)
    contacts: list[str] = field(default_factory=list)

    def count(self, contact: str) -> None:
        """Add a contact to the row."""
        self.row += 1
        self.contacts = [*self.contacts[1 - NAMED :], contact]


def ended_by(contact: Contact, fact: Fact) -> bool:
    """Whether a contact that may end such facts ends this one: later, and about its debts."""
    if contact.instant <= fact.since:
        return False
    return not fact.debts or not contact.debts or bool(set(contact.debts) & set(fact.debts))


def says_as(one: Fact, other: Fact) -> bool:
    """Whether two derived facts of a kind say the same of channel, address and debts."""
    return (one.channel, one.address, one.debts) == (other.channel, other.address, other.debts)


def put_off(until: int | None, days: int, clock: Clock) -> int | None:
    """An end put off by business days, counted Monday to Friday from the day after."""
    if until is None or not days:
        return until
    day, left = clock.day(until), days
    while left:
        day += 1
        left -= weekday(day) < _WEEKEND
    return clock.at(day + 1, 0)


_WEEKEND: Final = 5
