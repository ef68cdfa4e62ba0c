"""How long an answer stands, and answers kept while they do.

A rule that breaks goes on breaking until a moment that can often be named at once: a limit until
the last contact that it needs has left the window, closed hours until they open, a fact until it
ends. An answer to a whole contact stands until the first of its rules may move. So whoever asks
again, while nothing has happened and nothing could have changed, is told the same again.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Final

from forbear.base.contact import Contact
from forbear.law.answers import Earliest, Verdict
from forbear.law.judging import Breach, Judged, Noted, noted_of
from forbear.law.standing import Standing
from forbear.law.view import NO_CHANGE, View
from forbear.law.vocabulary.hours import Hours

# So many shapes of contacts are remembered of one debtor at most.
_KEPT_MAX: Final = 64
_SOON_SECONDS: Final = 3600


@dataclass(slots=True)
class Answered:
    """An answer given at ``since`` that stands until just before ``until``, where that is known."""

    since: int
    until: int
    verdict: Verdict
    judged: Judged
    earliest: Earliest | None = None

    def stands(self, at: int) -> bool:
        """Whether it is the answer at an instant."""
        return self.since <= at < self.until


Key = tuple[bool, Noted]


def key_of(contact: Contact, *, lenient: bool) -> Key:
    """What of a contact its answer turns on beside the moment."""
    return (lenient, noted_of(contact))


def answered(standing: Standing, key: Key) -> Answered | None:
    """What was last answered for such a contact, since anything happened."""
    found: Answered | None = standing.answered.get(key)
    return found


def keep_answer(key: Key, judged: Judged, verdict: Verdict) -> None:
    """Keep an answer that is given for the second time within the hour, and nothing has happened.

    How long it stands takes some working out, which most contacts, asked about once, are spared.
    """
    view = judged.views[0]
    standing = view.standing
    assert isinstance(standing, Standing), "a contact is judged on a standing"
    before = standing.answered.get(key)
    until = view.at
    if before is not None and view.at - before.since < _SOON_SECONDS:
        until = _stands_until(judged, verdict)
    elif len(standing.answered) >= _KEPT_MAX:
        standing.answered.clear()
    standing.answered[key] = Answered(view.at, until, verdict, judged)


def _stands_until(judged: Judged, verdict: Verdict) -> int:
    """The first instant at which anything said of a contact may change, or its own where unsure."""
    view, standing = judged.views[0], judged.views[0].standing
    assert isinstance(standing, Standing), "a contact is judged on a standing"
    every = standing.made_before(NO_CHANGE)
    # One about several debts, or with others made after it, is asked about each time.
    if len(judged.views) > 1 or judged.own_unknown or standing.made_before(view.at + 1) != every:
        return view.at
    ends = [standing.next_edge(view.at), _next_era(standing, view)]
    if view.upto != every:
        # What was made within its second is earlier from the next one on.
        ends.append(view.at + 1)
    endless = {because.rule for because in verdict.because if because.clears_at is None}
    for breach in judged.broken():
        rule = breach.rule
        # That no end is in sight must be so however far one looks, and from whenever.
        if rule.id in endless and not _for_ever(breach):
            return view.at
        if isinstance(rule.kind, Hours):
            ends.append(rule.kind.same_words(view))
    for rule, asks, alone in judged.settled.asks:
        if asks[0] is not None:
            stands = rule.kind.stands(view) if alone else None
            ends.append(rule.next(view) if stands is None else stands)
    return min(ends)


def _next_era(standing: Standing, view: View) -> int:
    """When other rules come into force."""
    zone, borders = view.zones[0], standing.book.borders
    place = bisect_right(borders, zone.day(view.at))
    return zone.at(borders[place], 0) if place < len(borders) else NO_CHANGE


def _for_ever(breach: Breach) -> bool:
    rule, view = breach.rule, breach.view
    if not breach.alone or rule.kind.stands(view) != NO_CHANGE:
        return False
    # Only beginnings and ends of facts are left to be walked, and they are few.
    return rule.free_from(view, until=NO_CHANGE - 1) >= NO_CHANGE


def free_from(breach: Breach, *, until: int) -> int:
    """``free_from`` of the rule, worked out at once where nothing but its kind moves it."""
    rule, view = breach.rule, breach.view
    standing = view.standing
    assert isinstance(standing, Standing), "a breach is found on a standing"
    if view.counted is None:
        view.counted = {}
    stands = view.counted.get(id(rule))
    if stands is None and breach.alone:
        stands = rule.kind.stands(view)
        edge = standing.next_edge(view.at)
        if stands is not None and (stands < edge or edge == NO_CHANGE):
            view.counted[id(rule)] = stands
        else:
            stands = None
    if stands is None:
        return rule.free_from(view, until=until)
    return stands if stands <= until else NO_CHANGE
