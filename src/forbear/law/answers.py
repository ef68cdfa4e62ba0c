"""What the law engine answers: verdicts on one contact, findings on a log. Values, no behaviour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from forbear.base.contact import Contact
from forbear.base.reasons import Sentence
from forbear.base.words import Confidence, Effect, Level


class Decision(StrEnum):
    """May the contact be made? ``review``: only a named person may let it pass."""

    ALLOW = "allow"
    REVIEW = "review"
    DENY = "deny"


class Never(StrEnum):
    """Why there is no earliest lawful moment."""

    NEVER = "never"
    UNKNOWN = "unknown"
    BEYOND_HORIZON = "beyond the horizon"


@dataclass(frozen=True, slots=True, kw_only=True)
class Because:
    """One rule that stands against a contact.

    ``clears_at`` is the first moment at which this rule alone no longer does, or None where no such
    moment is in sight. ``rests_on`` holds the ids of the facts and contacts it rests on.
    """

    rule: str
    clause: str
    level: Level
    effect: Effect
    confidence: Confidence
    says: Sentence
    clears_at: datetime | None = None
    rests_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer for one contact at one moment.

    ``missing`` names what nobody has said and a rule needs; a contact with anything missing is
    refused. ``packs`` maps each pack asked to its hash.
    """

    decision: Decision
    because: tuple[Because, ...] = ()
    missing: tuple[str, ...] = ()
    packs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Earliest:
    """The first moment at which all rules together allow, or why there is none."""

    at: datetime | None
    why_not: Never | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One contact of a log against one rule.

    ``breached``: the contact is itself what the clause limits. Otherwise it only should not have
    been attempted: a fourth call that nobody answered is no fourth conversation. ``rows`` are the
    contact and the earlier contacts that the finding rests on, the contact itself last.
    ``unless`` are the exceptions of the rule that a log cannot show ("unless you had agreed").
    """

    rule: str
    clause: str
    level: Level
    effect: Effect
    confidence: Confidence
    breached: bool
    contact: Contact
    says: Sentence
    rows: tuple[Contact, ...]
    unless: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NotShown:
    """A rule that this log can neither show kept nor broken, and what would show it."""

    rule: str
    clause: str
    level: Level
    says: Sentence
    missing: tuple[str, ...]
    contacts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """All findings on a log. ``contacts`` counts the judged ones, ``packs`` maps name to hash."""

    contacts: int
    findings: tuple[Finding, ...]
    not_shown: tuple[NotShown, ...]
    packs: Mapping[str, str] = field(default_factory=dict)
