"""What another pairing, about as good, would say: so that no row is named surer than it is."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from heapq import heappop, heappush
from typing import Final

from forbear.audit.against.clocks import JITTER_SECONDS_MAX, SKEW_SECONDS_MAX
from forbear.audit.against.entries import Entry, Kind
from forbear.audit.against.outcomes import difference
from forbear.audit.against.pairing import Paired

# A pairing that costs no more than this beyond the best is about as good.
_ABOUT_AS_GOOD: Final = 2000
_SHOWN_MAX: Final = 8


def instead_of(alone: int, paired: Paired) -> list[int]:
    """The own rows beside ``alone`` of which any may as well be the one without a partner.

    At most eight, the likeliest first.
    """
    best = {alone: 0}
    heap = [(0, alone)]
    found: list[int] = []
    while heap and len(found) < _SHOWN_MAX:
        spent, row = heappop(heap)
        if spent > best[row]:
            continue
        if row != alone:
            found.append(row)
        for theirs, cost in paired.edges[row].items():
            holder = paired.owner.get(theirs)
            if holder is None or holder == row:
                continue
            # The row takes the place of the one that holds it, which is then alone.
            more = spent + cost - paired.edges[holder].get(theirs, cost)
            if more <= _ABOUT_AS_GOOD and more < best.get(holder, more + 1):
                best[holder] = more
                heappush(heap, (more, holder))
    return found


def agrees_otherwise(own: int, paired: Paired) -> bool:
    """Whether an own row and its partner, which disagree, may as well be no pair."""
    theirs = paired.partner[own]
    here = paired.edges[own].get(theirs)
    if here is None:
        # They contradict each other, and their moment was not clear to begin with.
        return True
    return _swaps(own, here, paired) or _swaps(theirs, here, paired.turned())


def _swaps(own: int, here: int, paired: Paired) -> bool:
    """Whether an own row may have another partner, with which it agrees."""
    mine = paired.partner[own]
    for other, cost in paired.edges[own].items():
        if other == mine or difference(paired.own[own].row, paired.other[other].row) is not None:
            continue
        holder = paired.owner.get(other)
        more = cost - here
        if holder is not None:
            if mine not in paired.edges[holder] or other not in paired.edges[holder]:
                continue
            more += paired.edges[holder][mine] - paired.edges[holder][other]
        if more <= _ABOUT_AS_GOOD:
            return True
    return False


def beside(alone: Sequence[Entry], others: Sequence[Entry]) -> list[list[Entry]]:
    """For each row without a partner those of the other side without one that lie near it.

    Near is what two clocks and one late note may make of it; the numbers may disagree.
    """
    reach = SKEW_SECONDS_MAX + JITTER_SECONDS_MAX
    lists: defaultdict[Kind, list[Entry]] = defaultdict(list)
    for entry in others:
        lists[entry.kind].append(entry)
    found = []
    for entry in alone:
        theirs = lists[entry.kind]
        at = bisect_left(theirs, entry.instant - reach, key=lambda other: other.instant)
        close = []
        while at < len(theirs) and theirs[at].instant <= entry.instant + reach:
            close.append(theirs[at])
            at += 1
        close.sort(key=lambda other: abs(other.instant - entry.instant))
        found.append(close[:_SHOWN_MAX])
    return found
