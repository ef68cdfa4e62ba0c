"""What a joint table of many complainants' logs is made from. Values, no behaviour.

Nothing here names a complainant, a file, a complainant's own number or a third person: there is a
pseudonym for each complainant, and the numbers and names of collectors, whom the table is about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from forbear.base.words import Confidence, Effect, Level
from forbear.evidence.given import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """The first and the last local date on which something happened."""

    first: date
    last: date

    def with_day(self, day: date) -> Dates:
        """The same, with one day more taken in."""
        return Dates(first=min(self.first, day), last=max(self.last, day))


@dataclass(frozen=True, slots=True, kw_only=True)
class JointClause:
    """One rule against one lender, over all complainants.

    ``contacts`` is how many contacts stand against the rule: ``breached`` and ``attempted``.
    """

    clause: str
    rule: str
    level: Level
    effect: Effect
    confidence: Confidence
    complainants: int
    breached: int
    attempted: int
    dates: Dates

    @property
    def contacts(self) -> int:
        """How many contacts stand against the rule."""
        return self.breached + self.attempted

    def manner(self) -> str:
        """How it is spoken of, as in a report on one log."""
        return "house" if self.level is Level.HOUSE else str(self.effect)


@dataclass(frozen=True, slots=True, kw_only=True)
class JointLender:
    """One lender, by name or else by number: all its contacts, then rule by rule."""

    name: str
    numbers: tuple[str, ...]
    complainants: int
    contacts: int
    dates: Dates
    clauses: tuple[JointClause, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Complainant:
    """One complainant by pseudonym: contacts judged, findings, and rows that could not be read."""

    pseudonym: str
    contacts: int
    breached: int
    attempted: int
    unreadable: int
    dates: Dates | None


@dataclass(frozen=True, slots=True, kw_only=True)
class JointError:
    """A complainant of whom nothing, or not every file, could be read, and why."""

    pseudonym: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JointNumber:
    """A number that nobody named, but that looks like a collector's to some complainants."""

    number: str
    complainants: int
    rows: int
    likelihood: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Joint:
    """The whole table.

    ``small`` is the number of complainants below which a figure may give somebody away.
    ``key_given`` says whether the pseudonyms come from a key that was given, so that another run
    gives the same. ``shared_files`` counts files that stand with more than one complainant.
    """

    language: Language
    zone: str
    made_at: datetime
    version: str
    command: str
    small: int
    key_given: bool
    lenders: tuple[JointLender, ...] = ()
    complainants: tuple[Complainant, ...] = ()
    errors: tuple[JointError, ...] = ()
    suggestions: tuple[JointNumber, ...] = ()
    collectors: tuple[tuple[str, str], ...] = ()
    packs: Mapping[str, str] = field(default_factory=dict)
    shared_files: int = 0
