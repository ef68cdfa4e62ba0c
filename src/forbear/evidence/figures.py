"""Counting: what of a log goes into the headline, the pictures and the tables."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from forbear.base.clock import Clock, as_date, clock
from forbear.base.contact import Contact
from forbear.base.words import Channel, Confidence, Direction, Effect, Level, Outcome
from forbear.evidence.given import ClosedHours, DayLimit, ReportInput
from forbear.law.answers import Finding

# More bars than this do not fit on a phone's page, so days are put together.
BARS_MAX: Final = 40
# A log as long as this is drawn day by day, with the days on which nothing happened.
WHOLE_DAYS_MAX: Final = 14
_CONNECTED: Final = frozenset(
    {Outcome.CONVERSATION, Outcome.ANSWERED_LIMITED, Outcome.WRONG_NUMBER}
)


class Kind(StrEnum):
    """How a contact is counted and drawn."""

    CONNECTED = "connected"
    UNANSWERED = "unanswered"
    UNCLEAR = "unclear"
    TEXTS = "texts"
    OTHER = "other"


class State(StrEnum):
    """The worst that was found on a contact, worst first."""

    BROKEN = "broken"
    ATTEMPT = "attempt"
    REVIEW = "review"
    HOUSE = "house"
    NOTE = "note"
    NONE = "none"


class Grain(StrEnum):
    """What one bar of the picture stands for."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """The contacts of one day, week, month or year that begins on ``first``."""

    first: date
    kinds: Counter[Kind]
    states: Counter[State]

    def calls(self) -> int:
        """All calls, however they ended."""
        return self.kinds[Kind.CONNECTED] + self.kinds[Kind.UNANSWERED] + self.kinds[Kind.UNCLEAR]

    def texts(self) -> int:
        """Everything that is no call."""
        return self.kinds[Kind.TEXTS] + self.kinds[Kind.OTHER]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseGroup:
    """The findings of one rule, in order of time."""

    clause: str
    rule: str
    level: Level
    effect: Effect
    confidence: Confidence
    findings: tuple[Finding, ...]

    def manner(self) -> str:
        """How its findings are spoken of: a broken promise is no broken rule, a doubt neither."""
        return "house" if self.level is Level.HOUSE else str(self.effect)

    def breached(self) -> tuple[Finding, ...]:
        """Those where the contact is itself what the clause limits."""
        return tuple(f for f in self.findings if f.breached)

    def attempted(self) -> tuple[Finding, ...]:
        """Those that only should not have been attempted."""
        return tuple(f for f in self.findings if not f.breached)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Everything counted once, for all forms of the report.

    ``towards`` are the contacts made by the collector, ``states`` how each contact came off,
    ``levels`` how many contacts each level stands against.
    """

    clock: Clock
    towards: tuple[Contact, ...]
    inbound: int
    days: int
    totals: Counter[State]
    states: dict[Hashable, State] = field(repr=False)
    levels: Counter[Level]
    groups: tuple[ClauseGroup, ...]

    def state(self, contact: Contact) -> State:
        """The worst that was found on ``contact``."""
        return self.states.get(identity(contact), State.NONE)

    def date(self, contact: Contact) -> date:
        """The local date of ``contact``."""
        return as_date(self.clock.day(contact.instant))


def identity(contact: Contact) -> Hashable:
    """What tells one contact from all others, whichever object stands for it."""
    return contact.lender, contact.id, contact.instant


def kind_of(contact: Contact) -> Kind:
    """How ``contact`` is counted: a call by its outcome, anything else by its channel."""
    if contact.channel is Channel.SMS:
        return Kind.TEXTS
    if contact.channel is not Channel.CALL:
        return Kind.OTHER
    if not isinstance(contact.outcome, Outcome):
        return Kind.UNCLEAR
    return Kind.CONNECTED if contact.outcome in _CONNECTED else Kind.UNANSWERED


def _state_of(finding: Finding) -> State:
    # A house rule is a promise that the collector need not have given, so it never counts as a
    # broken rule, however strict it is.
    if finding.level is Level.HOUSE:
        return State.HOUSE
    # A draft, say, is worth a remark; it cannot be broken before it is in force.
    if finding.effect is Effect.WARN:
        return State.NOTE
    if finding.effect is Effect.REVIEW:
        return State.REVIEW
    return State.BROKEN if finding.breached else State.ATTEMPT


def figures(given: ReportInput) -> Figures:
    """Count everything of ``given`` that the report says or draws."""
    zone = clock(given.zone)
    worst = {state: place for place, state in enumerate(State)}
    states: dict[Hashable, State] = {}
    levels: defaultdict[Level, set[Hashable]] = defaultdict(set)
    for finding in given.audit.findings:
        key = identity(finding.contact)
        state = _state_of(finding)
        states[key] = min(states.get(key, State.NONE), state, key=worst.__getitem__)
        if state in (State.BROKEN, State.ATTEMPT):
            levels[finding.level].add(key)
    towards = tuple(c for c in given.contacts if c.direction is Direction.OUTBOUND)
    days = [zone.day(c.instant) for c in (towards or given.contacts)]
    return Figures(
        clock=zone,
        towards=towards,
        inbound=len(given.contacts) - len(towards),
        days=max(days) - min(days) + 1 if days else 0,
        totals=Counter(states.values()),
        states=states,
        levels=Counter({level: len(levels[level]) for level in Level if levels[level]}),
        groups=grouped(given.audit.findings),
    )


def grouped(findings: Iterable[Finding]) -> tuple[ClauseGroup, ...]:
    """Findings by clause and rule: the highest level first, then refusals, then the most broken."""
    groups: defaultdict[tuple[str, str, Level, Effect, Confidence], list[Finding]]
    groups = defaultdict(list)
    for f in findings:
        groups[f.clause, f.rule, f.level, f.effect, f.confidence].append(f)
    made = [
        ClauseGroup(
            clause=clause,
            rule=rule,
            level=level,
            effect=effect,
            confidence=confidence,
            findings=tuple(sorted(found, key=lambda f: f.contact.instant)),
        )
        for (clause, rule, level, effect, confidence), found in groups.items()
    ]
    levels, effects = list(Level), list(Effect)
    made.sort(
        key=lambda g: (
            g.level is Level.HOUSE,
            effects.index(g.effect),
            levels.index(g.level),
            -len(g.findings),
            g.clause,
            g.rule,
        )
    )
    return tuple(made)


def _first_of(day: date, grain: Grain) -> date:
    match grain:
        case Grain.DAY:
            return day
        case Grain.WEEK:
            # The first days of year 1 have no Monday before them.
            return date.fromordinal(max(1, day.toordinal() - day.weekday()))
        case Grain.MONTH:
            return day.replace(day=1)
        case Grain.YEAR:
            return day.replace(month=1, day=1)


def bars(fig: Figures) -> tuple[Grain, tuple[Bar, ...]]:
    """The collector's contacts by day, or by the finest grain that gives few enough bars.

    Days without contacts are left in where the log is two weeks long or less.
    """
    days = [fig.date(contact) for contact in fig.towards]
    grain = Grain.YEAR
    for grain in Grain:
        if len({_first_of(day, grain) for day in set(days)}) <= BARS_MAX:
            break
    kinds: defaultdict[date, Counter[Kind]] = defaultdict(Counter)
    states: defaultdict[date, Counter[State]] = defaultdict(Counter)
    if grain is Grain.DAY and days and fig.days <= WHOLE_DAYS_MAX:
        for ahead in range(fig.days):
            kinds[min(days) + timedelta(days=ahead)] = Counter()
    for day, contact in zip(days, fig.towards, strict=True):
        first = _first_of(day, grain)
        kinds[first][kind_of(contact)] += 1
        states[first][fig.state(contact)] += 1
    made = (Bar(first=d, kinds=kinds[d], states=states[d]) for d in sorted(kinds))
    return grain, tuple(made)


def timeline_days(
    given: ReportInput, fig: Figures, *, days_max: int
) -> tuple[dict[date, list[Contact]], int, bool]:
    """The days to draw with their contacts.

    With them come how many days with findings are left out, and whether days without findings are.
    A log of two weeks is drawn whole; of a longer one the days with most findings.
    """
    every: defaultdict[date, list[Contact]] = defaultdict(list)
    for contact in given.contacts:
        every[fig.date(contact)].append(contact)
    if len(every) <= WHOLE_DAYS_MAX:
        return dict(sorted(every.items())), 0, False
    found = {
        day: count
        for day, contacts in every.items()
        if (count := sum(fig.state(c) is not State.NONE for c in contacts))
    }
    shown = sorted(found, key=lambda day: (-found[day], day))[:days_max]
    return {day: every[day] for day in sorted(shown)}, len(found) - len(shown), True


def day_limits(given: ReportInput) -> tuple[DayLimit, ...]:
    """The given limits per day that were broken; others would only clutter the picture."""
    broken = {finding.rule for finding in given.audit.findings}
    return tuple(limit for limit in given.limits if limit.rule in broken)


def closed_hours(given: ReportInput) -> ClosedHours | None:
    """The first given window that was broken, if any."""
    broken = {finding.clause for finding in given.audit.findings}
    return next((window for window in given.closed if window.clause in broken), None)


def rows_by_file(contacts: Sequence[Contact]) -> list[tuple[str, list[int]]]:
    """Where ``contacts`` stand in the files given, each line once, in order."""
    files: dict[str, dict[int, None]] = {}
    for contact in contacts:
        if contact.source is not None:
            files.setdefault(contact.source.file, {})[contact.source.line] = None
    return [(file, sorted(lines)) for file, lines in files.items()]
