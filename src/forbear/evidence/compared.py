"""A log held against a lender's record: what both show, and what one of them lacks. Values only.

Every row of either side stands in exactly one place: in ``pairs``, in one of the two lists of
lacks, in ``apart`` or in ``repeats``. ``differs`` is a part of ``pairs``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from forbear.base.contact import Source
from forbear.base.words import Channel, Direction, Outcome


class Side(StrEnum):
    """Where a row comes from: the phone's log or the lender's record."""

    LOG = "log"
    RECORD = "record"


class Differs(StrEnum):
    """How the two accounts of one contact disagree."""

    ONLY_RECORD_TALKED = "only_record_talked"
    ONLY_LOG_TALKED = "only_log_talked"
    LENGTH = "length"
    ONLY_LOG_DELIVERED = "only_log_delivered"


class Why(StrEnum):
    """Why a row without a partner is held against nobody.

    ``span``: the other side does not cover its time. ``kind``: the other side lists no contact of
    its kind. ``unanswered``: a bill leaves unanswered calls out. ``unreached``: it need not have
    reached the phone. ``by_hand``: a list by hand is not complete. ``line``: it went to a number of
    the person of which the log shows nothing. ``clock``: the record's clock is off by more than
    clocks go wrong by.
    """

    SPAN = "span"
    KIND = "kind"
    UNANSWERED = "unanswered"
    UNREACHED = "unreached"
    BY_HAND = "by_hand"
    LINE = "line"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One contact as one side has it; ``number`` is the collector's, as written there."""

    source: Source
    at: datetime
    channel: Channel
    direction: Direction
    number: str | None
    outcome: Outcome | None
    seconds: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One contact that both sides show.

    ``later_seconds``: how much later the record has it, its clock as it is. ``off_seconds``: what
    is left of that once the record's clock is put right. ``differs`` says how the accounts
    disagree; ``unsure`` that another pairing, about as good, would not have them disagree.
    """

    log: Row
    record: Row
    later_seconds: int
    off_seconds: int
    differs: Differs | None = None
    unsure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """A contact of one side that the other lacks.

    ``instead``: rows of the same side, any of which may be the one that is lacking, since the
    pairing would be about as good. ``maybe``: rows of the other side that have no partner and are
    this contact if a clock, or a displayed number, was wrong.
    """

    row: Row
    instead: tuple[Row, ...] = ()
    maybe: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """A row without a partner that nothing follows from, and why."""

    row: Row
    side: Side
    why: Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """A row that shows a contact which ``of``, on the same side, shows already."""

    row: Row
    of: Row
    side: Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Skew:
    """One clock of the record: ``later_seconds`` ahead of the log's, ``within_seconds`` of it.

    ``names`` are the lines that it wrote for, ``rows`` how many rows of the record. ``settled`` is
    False where too few of them could tell; then the clock is taken as it is. ``beyond``: it is off
    by more than clocks go wrong by themselves, so its rows are held against nobody.
    """

    file: str
    names: tuple[str, ...]
    later_seconds: int
    within_seconds: int
    rows: int
    settled: bool
    beyond: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From when to when one file lists contacts."""

    side: Side
    file: str
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """The whole comparison.

    ``unnamed`` counts rows of the record that name no person, ``elsewhere`` those about this person
    that went to somebody else.
    """

    pairs: tuple[Pair, ...] = ()
    record_lacks: tuple[Lack, ...] = ()
    log_lacks: tuple[Lack, ...] = ()
    apart: tuple[Apart, ...] = ()
    repeats: tuple[Repeat, ...] = ()
    skews: tuple[Skew, ...] = ()
    spans: tuple[Span, ...] = ()
    unnamed: int = 0
    elsewhere: int = 0

    @property
    def differs(self) -> tuple[Pair, ...]:
        """The pairs whose accounts disagree."""
        return tuple(pair for pair in self.pairs if pair.differs is not None)

    @property
    def outside(self) -> tuple[Apart, ...]:
        """The rows whose time the other side does not cover."""
        return tuple(each for each in self.apart if each.why is Why.SPAN)

    @property
    def not_shown(self) -> tuple[Apart, ...]:
        """The rows that the other side, by its kind, cannot be expected to show."""
        return tuple(each for each in self.apart if each.why is not Why.SPAN)

    @property
    def ambiguous(self) -> tuple[Lack, ...]:
        """The lacks of which it is open which row exactly is lacking, or whether one is."""
        lacks = (*self.record_lacks, *self.log_lacks)
        return tuple(lack for lack in lacks if lack.instead or lack.maybe)
