"""The question itself: may this contact happen, and from when on?

``decide`` asks every rule in force. The most restrictive answer wins; a rule that cannot be answered
refuses as well, naming what is missing. ``when`` walks from refusal to refusal along the first
instants at which each no longer stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from forbear.base.clock import DAY_SECONDS
from forbear.base.contact import Contact
from forbear.base.words import Direction, Effect
from forbear.law.answers import Because, Decision, Earliest, Never, Verdict
from forbear.law.book import Asked, Book
from forbear.law.case import Case
from forbear.law.rule import Rule
from forbear.law.standing import Standing
from forbear.law.view import NO_CHANGE, View

HORIZON_DAYS: Final = 400
_STEPS_MAX: Final = 10_000


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that breaks (or, with ``unknown``, cannot be answered) for a view of the contact."""

    rule: Rule
    view: View
    unknown: bool = False


def standing_of(book: Book, case: Case) -> Standing:
    """The standing of a case's debtor before a book."""
    return Standing(
        book,
        zone=case.zone or book.zone,
        region=case.region,
        facts=case.facts,
        contacts=case.history,
    )


def decide(book: Book, case: Case, now: int | None = None, *, lenient: bool = False) -> Verdict:
    """May the case's proposed contact be made? ``now`` is an instant, by default the contact's.

    Only what was known at ``now`` counts. With ``lenient`` whatever is unsaid counts as lawful, as
    in a case that says all that matters; the gate never asks so.
    """
    return verdict(standing_of(book, case), case.proposed, now, lenient=lenient)


def verdict(
    standing: Standing, contact: Contact, now: int | None = None, *, lenient: bool = False
) -> Verdict:
    """The same for a standing that is kept: its history before the contact, and the facts known."""
    standing.at(contact.instant if now is None else now)
    view = standing.look(contact)
    breaches = list(breaches_of(view, lenient=lenient))
    broken = [breach for breach in breaches if not breach.unknown]
    missing = {
        key
        for breach in breaches
        if breach.unknown and breach.rule.effect is not Effect.WARN
        for key in breach.rule.missing(breach.view)
    }
    effects = {breach.rule.effect for breach in broken}
    decision = Decision.ALLOW
    if Effect.DENY in effects or missing:
        decision = Decision.DENY
    elif Effect.REVIEW in effects:
        decision = Decision.REVIEW
    return Verdict(
        decision=decision,
        because=tuple(because(breach) for breach in _ranked(broken)),
        missing=tuple(sorted(missing)),
        packs=standing.book.hashes,
    )


def breaches_of(view: View, *, lenient: bool) -> Iterator[Breach]:
    """Every rule in force that breaks for the view, or cannot be answered; each once.

    A contact about several debts breaks a rule if it does so for one of them.
    """
    if view.contact.direction is Direction.INBOUND:
        return
    views = [view.about(debt) for debt in view.debts] if len(view.debts) > 1 else [view]
    for rule in view.standing.book.rules_for(_asked(view, lenient=lenient)):
        unsure: View | None = None
        for each in views:
            found = rule.breaks(each)
            if found is True:
                yield Breach(rule, each)
                unsure = None
                break
            if found is None:
                unsure = each
        if unsure is not None and not lenient:
            yield Breach(rule, unsure, unknown=True)


def _asked(view: View, *, lenient: bool) -> Asked:
    """What of a contact tells beforehand which rules can concern it."""
    contact, standing = view.contact, view.standing
    text = contact.text
    return Asked(
        standing.zones[0].day(view.at),
        contact.channel,
        contact.party,
        standing.kinds,
        # Where unsaid is lawful, a rule cannot break on what is not said.
        frozenset(contact.more) if lenient else None,
        isinstance(text, str) if lenient else None,
        standing.book.labels_of(text) if isinstance(text, str) else None,
    )


def _ranked(breaches: list[Breach]) -> list[Breach]:
    """The strictest first, then by rank of the instrument."""
    return sorted(
        breaches, key=lambda b: (_EFFECTS.index(b.rule.effect), _LEVELS.index(b.rule.level))
    )


_EFFECTS: Final = list(Effect)
_LEVELS: Final = ["law", "regulation", "standard", "self-regulation", "house"]


def because(breach: Breach) -> Because:
    """What a verdict says of one broken rule."""
    rule, view = breach.rule, breach.view
    free = rule.free_from(view, until=view.at + HORIZON_DAYS * DAY_SECONDS)
    facts = rule.facts(view)
    contacts = rule.kind.rests_on(view)
    return Because(
        rule=rule.id,
        clause=rule.clause,
        level=rule.level,
        effect=rule.effect,
        confidence=rule.confidence,
        says=rule.says + rule.kind.explain(view),
        clears_at=None if free >= NO_CHANGE else _moment(view, free),
        rests_on=(*(fact.id for fact in facts), *(contact.id for contact in contacts)),
    )


def _moment(view: View, instant: int) -> datetime:
    return view.standing.zone.moment(instant)


def when(
    book: Book,
    case: Case,
    *,
    start: int | None = None,
    until: int | None = None,
    lenient: bool = False,
) -> Earliest:
    """The first instant from ``start`` on at which all rules together allow the proposed contact.

    On present facts: those known at ``start``, by default the contact's own instant. ``until`` is
    by default 400 days later. Review does not count as allowed.
    """
    return earliest(
        standing_of(book, case), case.proposed, start=start, until=until, lenient=lenient
    )


def earliest(
    standing: Standing,
    contact: Contact,
    *,
    start: int | None = None,
    until: int | None = None,
    lenient: bool = False,
) -> Earliest:
    """The same for a standing that is kept."""
    first = contact.instant if start is None else start
    last = first + HORIZON_DAYS * DAY_SECONDS if until is None else until
    standing.at(first)
    view = standing.look(contact.moved_to(standing.zone.moment(first)))
    at = first
    for _ in range(_STEPS_MAX):
        there = view.moved(at)
        free = at
        for breach in breaches_of(there, lenient=lenient):
            if breach.rule.effect is Effect.WARN:
                continue
            if breach.unknown:
                return Earliest(at=None, why_not=Never.UNKNOWN)
            free = max(free, breach.rule.free_from(breach.view, until=last))
        if free == at:
            return Earliest(at=_moment(view, at))
        if free >= NO_CHANGE:
            return Earliest(at=None, why_not=_why_not(there, lenient=lenient))
        at = free
        if at > last:
            return Earliest(at=None, why_not=Never.BEYOND_HORIZON)
    return Earliest(at=None, why_not=Never.BEYOND_HORIZON)


def _why_not(view: View, *, lenient: bool) -> Never:
    """Never, where some rule would not clear by itself however long one waits."""
    for breach in breaches_of(view, lenient=lenient):
        if breach.rule.effect is Effect.WARN or breach.unknown:
            continue
        if breach.rule.next(breach.view) >= NO_CHANGE:
            return Never.NEVER
    return Never.BEYOND_HORIZON
