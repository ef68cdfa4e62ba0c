"""Everything that a report is made from. Values, no behaviour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from forbear.base.contact import Contact
from forbear.base.reasons import Sentence
from forbear.evidence.compared import Compared
from forbear.law.answers import Audit

Language = Literal["zh", "en"]


class Counted(StrEnum):
    """What a limit per day counts; it says on which bar of the picture the limit stands."""

    CONNECTED = "connected"
    CALLS = "calls"
    TEXTS = "texts"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLimit:
    """At most ``at_most`` of ``counted`` on one local day, by ``clause``."""

    rule: str
    clause: str
    at_most: int
    counted: Counted


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedHours:
    """No contact from ``start`` until just before ``end``, in seconds of the local day."""

    clause: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A row that could not be read: where it stands, and what is wrong with it."""

    file: str
    line: int
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """A number that was not judged, but looks like a collector's, and why."""

    number: str
    name: str | None = None
    reasons: tuple[Sentence, ...] = ()
    likelihood: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportInput:
    """One audited log.

    ``contacts`` are all judged contacts, oldest first, in both directions. ``whose`` is debtor,
    relative, guarantor or stranger. ``inputs`` maps file name to sha256, ``collectors`` are numbers
    with names, ``command`` reproduces the report. ``limits`` and ``closed`` are what the pictures
    draw where findings broke them. ``against`` is set where the log was held against a record.
    """

    audit: Audit
    contacts: tuple[Contact, ...]
    zone: str
    language: Language
    whose: str
    made_at: datetime
    version: str
    command: str
    inputs: Mapping[str, str] = field(default_factory=dict)
    unreadable: tuple[Unreadable, ...] = ()
    notes: tuple[Sentence, ...] = ()
    collectors: tuple[tuple[str, str], ...] = ()
    suggestions: tuple[Suggested, ...] = ()
    limits: tuple[DayLimit, ...] = ()
    closed: tuple[ClosedHours, ...] = ()
    against: Compared | None = None
