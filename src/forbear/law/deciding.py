"""The question itself: whether a contact may happen, and from when on.

``decide`` asks every rule in force. The most restrictive answer wins; a rule that cannot be
answered refuses as well, naming what is missing. ``when`` walks from refusal to refusal along the
first instants at which each no longer stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Final

from forbear.base.clock import DAY_SECONDS, Clock
from forbear.base.contact import Contact
from forbear.base.words import Effect, Level
from forbear.law.answered import answered, free_from, keep_answer, key_of
from forbear.law.answers import Because, Decision, Earliest, Never, Verdict
from forbear.law.book import Book
from forbear.law.case import Case
from forbear.law.judging import Breach, Judged, judge
from forbear.law.standing import Standing
from forbear.law.view import NO_CHANGE, View

HORIZON_DAYS: Final = 400
_STEPS_MAX: Final = 10_000


def standing_of(book: Book, case: Case) -> Standing:
    """The standing of a case's debtor before a book."""
    return Standing(
        book,
        zone=case.zone or book.zone_of(case.region),
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
    key = key_of(contact, lenient=lenient)
    before = answered(standing, key)
    if before is not None and before.stands(contact.instant):
        return before.verdict
    judged = judge(standing.look(contact), lenient=lenient)
    broken = judged.broken()
    missing = required(standing)
    if not (broken or missing or judged.own_unknown or judged.settled.unknown):
        found = Verdict(decision=Decision.ALLOW, packs=standing.book.hashes)
        keep_answer(key, judged, found)
        return found
    for breach in judged.unknown():
        if breach.rule.effect is not Effect.WARN:
            missing |= set(breach.rule.missing(breach.view))
    effects = [breach.rule.effect for breach in broken]
    decision = Decision.ALLOW
    if missing or Effect.DENY in effects:
        decision = Decision.DENY
    elif Effect.REVIEW in effects:
        decision = Decision.REVIEW
    found = Verdict(
        decision=decision,
        because=tuple([because(breach) for breach in _ranked(broken)]),
        missing=tuple(sorted(missing)),
        packs=standing.book.hashes,
    )
    keep_answer(key, judged, found)
    return found


def required(standing: Standing) -> set[str]:
    """The kinds of fact that the packs cannot do without and of which none is known."""
    missing = set()
    for pack in standing.book.packs:
        for kind in pack.requires:
            if kind not in standing.kinds:
                missing.add(kind)
    return missing


def _ranked(breaches: list[Breach]) -> list[Breach]:
    """The strictest first, then by rank of the instrument."""
    if len(breaches) > 1:
        breaches.sort(key=lambda b: (_EFFECTS[b.rule.effect], _LEVELS[b.rule.level]))
    return breaches


_EFFECTS: Final = {effect: rank for rank, effect in enumerate(Effect)}
_LEVELS: Final = {level: rank for rank, level in enumerate(Level)}


def because(breach: Breach) -> Because:
    """What a verdict says of one broken rule."""
    rule, view = breach.rule, breach.view
    free = free_from(breach, until=view.at + HORIZON_DAYS * DAY_SECONDS)
    facts = rule.facts(view)
    contacts = rule.kind.rests_on(view)
    return Because(
        rule=rule.id,
        clause=rule.clause,
        level=rule.level,
        effect=rule.effect,
        confidence=rule.confidence,
        says=rule.says + rule.kind.explain(view),
        clears_at=None if free >= NO_CHANGE else _moment(view.standing.zone, free),
        rests_on=(*(fact.id for fact in facts), *(contact.id for contact in contacts)),
    )


@lru_cache(maxsize=10_000)
def _moment(zone: Clock, instant: int) -> datetime:
    """Moments at which things begin and end, such as midnights, come up again and again."""
    return zone.moment(instant)


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
    moved = contact
    if first != contact.instant:
        moved = contact.moved_to(standing.zone.moment(first))
    before = answered(standing, key_of(moved, lenient=lenient))
    stands = before is not None and until is None and before.stands(first)
    if before is not None and stands:
        if before.verdict.decision is Decision.ALLOW:
            return Earliest(at=standing.zone.moment(first))
        if before.earliest is not None:
            return before.earliest
    if required(standing):
        return Earliest(at=None, why_not=Never.UNKNOWN)
    if before is not None and before.since == first:
        judged = before.judged
    else:
        judged = judge(standing.look(moved), lenient=lenient)
    found = _earliest(judged, last, lenient=lenient)
    if before is not None and stands and found.why_not is not Never.BEYOND_HORIZON:
        before.earliest = found
    return found


def _earliest(judged: Judged, last: int, *, lenient: bool) -> Earliest:
    """Walk from refusal to refusal, each time to where the last of its rules is done."""
    view, standing = judged.whole, judged.whole.standing
    assert isinstance(standing, Standing), "a contact is judged on a standing"
    first = at = view.at
    later = standing.made_before(first + 1)
    for step in range(_STEPS_MAX):
        if step:
            judged = judge(view.moved(at), lenient=lenient)
        if any(breach.rule.effect is not Effect.WARN for breach in judged.unknown()):
            return Earliest(at=None, why_not=Never.UNKNOWN)
        broken = [b for b in judged.broken() if b.rule.effect is not Effect.WARN]
        if not broken:
            return Earliest(at=standing.zone.moment(at))
        if view.upto != later:
            # From the next second on, what happened within the first second has happened before.
            view = View(standing, view.contact, at=first, upto=later, debts=view.debts)
            at = first + 1
            continue
        free = max(free_from(breach, until=last) for breach in broken)
        if free >= NO_CHANGE:
            return Earliest(at=None, why_not=_why_not(broken))
        at = free
        if at > last:
            return Earliest(at=None, why_not=Never.BEYOND_HORIZON)
    return Earliest(at=None, why_not=Never.BEYOND_HORIZON)


def _why_not(broken: Iterable[Breach]) -> Never:
    """Never, where some rule would not clear by itself however long one waits."""
    if any(breach.rule.next(breach.view) >= NO_CHANGE for breach in broken):
        return Never.NEVER
    return Never.BEYOND_HORIZON
