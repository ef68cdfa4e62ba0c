"""A contact, a fact about a debtor, and the events that reach us about them.

Every event has an identity: who it belongs to (``lender``), which it is (``id``), when it happened
(``at``), when we knew (``recorded_at``) and in what order it reached us (``seq``). The outcome of a
contact is a later event about it, so that nothing recorded is ever edited.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from typing import Any, Final, NewType

from forbear.base.clock import inside, instant_of, weekday
from forbear.base.words import Channel, Direction, FactKind, Outcome, Party, Purpose

ContactId = NewType("ContactId", str)
FactId = NewType("FactId", str)
LenderId = NewType("LenderId", str)
# The name of a fact that a pack derives from others, beside the recorded kinds.
DerivedKind = NewType("DerivedKind", str)


class Unsaid(Enum):
    """The value of a key that nobody has said anything about; not the same as None."""

    UNSAID = "unsaid"


UNSAID: Final = Unsaid.UNSAID


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where in a person's input an event stands: a file name and a line (first line is 1)."""

    file: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One contact, made or proposed.

    ``instant`` and ``recorded`` are ``at`` and ``recorded_at`` in whole seconds UTC. ``more`` holds
    the optional keys of ``words.MORE_KEYS``; a key that is absent there is unsaid.
    """

    id: ContactId
    at: datetime
    instant: int
    channel: Channel
    direction: Direction = Direction.OUTBOUND
    party: Party = Party.DEBTOR
    debts: tuple[str, ...] = ()
    purpose: Purpose | Unsaid = UNSAID
    outcome: Outcome | Unsaid = UNSAID
    address: str | Unsaid = UNSAID
    agent: str | Unsaid = UNSAID
    text: str | Unsaid = UNSAID
    more: Mapping[str, Any] = field(default_factory=dict)
    lender: LenderId = LenderId("")
    seq: int | None = None
    recorded: int | None = None
    source: Source | None = None
    # What whoever judges contacts has found in this one, so that it need not look twice. It turns
    # on nothing but what the contact says, and not on when.
    noted: Any = field(default=None, init=False, repr=False, compare=False)

    @property
    def known_at(self) -> int:
        """The instant from which we knew of it: when recorded, else when it happened."""
        return self.instant if self.recorded is None else self.recorded

    def before(self, other: Contact) -> bool:
        """Whether this one counts as earlier: by instant, then by ``seq`` where both have one."""
        if self.instant != other.instant:
            return self.instant < other.instant
        return self.seq is not None and other.seq is not None and self.seq < other.seq

    def moved_to(self, at: datetime) -> Contact:
        """The same contact, proposed for another moment."""
        moved = replace(self, at=at, instant=instant_of(at), seq=None, recorded=None)
        if self.seq is None:
            object.__setattr__(moved, "noted", self.noted)
        return moved


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something known about a debtor, holding from ``since`` until just before ``until``.

    ``debts`` empty means all; ``channel``, ``address``, ``party`` and ``relation`` narrow a fact
    that is about one of them; ``window`` (seconds of the local day) and ``weekdays`` (0 = Monday)
    narrow it to hours. Every other key that came with it stands in ``more``.
    """

    id: FactId
    kind: FactKind | DerivedKind
    since: int
    until: int | None = None
    debts: tuple[str, ...] = ()
    channel: Channel | None = None
    address: str | None = None
    party: Party | None = None
    relation: str | None = None
    window: tuple[int, int] | None = None
    weekdays: frozenset[int] | None = None
    value: Any = None
    more: Mapping[str, Any] = field(default_factory=dict)
    recorded: int | None = None
    source: Source | None = None

    @property
    def known_at(self) -> int:
        """The instant from which we knew of it."""
        return self.since if self.recorded is None else self.recorded

    def covers_hour(self, day: int, second: int) -> bool:
        """Whether its weekdays and window, if any, take in this local day and second.

        A window over midnight belongs to the weekday on which it begins, as people speak: Mondays
        from 22:00 to 06:00 end on a Tuesday morning.
        """
        if self.window is not None:
            if not inside(second, self.window):
                return False
            start, end = self.window
            if end <= start and second < end:
                day -= 1
        return self.weekdays is None or weekday(day) in self.weekdays


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """A later event: how the contact ``about`` ended."""

    about: ContactId
    outcome: Outcome
    at: int
    seq: int | None = None


Event = Contact | Fact | Outcomes
