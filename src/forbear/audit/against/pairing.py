"""Which row of a log is which row of a record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from forbear.audit.against.assign import assign
from forbear.audit.against.clocks import JITTER_SECONDS_MAX, Clocks, Near, alike, near, off
from forbear.audit.against.entries import Entry
from forbear.audit.against.outcomes import difference

# The cost of a pair that lies as far off as nineteen in twenty do; others are in proportion.
_UNIT: Final = 1000
# What else speaks against a pair, in the same measure.
_NUMBER_COSTS: Final = (0, 100, 500)
_DIFFERS_COST: Final = 2000
_LENGTH_COST: Final = 100
_TEXT_COST: Final = 3000

Edges = list[dict[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """The rows of one side, its own, each with its partner on the other side, if it has one.

    ``partner`` maps places in ``own`` to places in ``other``, ``owner`` the other way round.
    ``edges`` has for each own row every row of the other side that it may be, with what that would
    cost; ``back`` is the same seen from there.
    """

    own: Sequence[Entry]
    other: Sequence[Entry]
    partner: Mapping[int, int]
    owner: Mapping[int, int]
    edges: Edges = field(repr=False)
    back: Edges = field(repr=False)

    def turned(self) -> Paired:
        """The same from the other side."""
        return Paired(
            own=self.other,
            other=self.own,
            partner=self.owner,
            owner=self.partner,
            edges=self.back,
            back=self.edges,
        )

    def alone(self) -> list[int]:
        """The places of the own rows that have no partner."""
        return [place for place in range(len(self.own)) if place not in self.partner]


def pair(log: Sequence[Entry], record: Sequence[Entry], clocks: Clocks) -> Paired:
    """Pair the rows of a log and a record, each at most once.

    First as many as lie within the gate of their clock, at the least cost in all. Then, of what is
    left, two rows that are each other's only one within two minutes and have the same words, or
    lasted as long.
    """
    wide = near(log, record, clocks=clocks, reach=JITTER_SECONDS_MAX)
    logs, records = Counter(one.log for one in wide), Counter(one.record for one in wide)
    lone = {one for one in wide if logs[one.log] == records[one.record] == 1}
    edges: Edges = [{} for _ in log]
    doubtful: Edges = [{} for _ in log]
    for one in wide:
        mine, its = log[one.log], record[one.record]
        error = clocks[its.clock]
        distance = off(mine, its, error.later)
        if abs(distance) > error.gate:
            continue
        # Rows that contradict each other need a clear moment to be taken for one contact.
        clear = one in lone or (error.settled and not (mine.width or its.width))
        some = edges if clear or difference(mine.row, its.row) is None else doubtful
        some[one.log][one.record] = _cost(one, mine, its, distance, max(1, error.within))
    partner: dict[int, int] = {}
    owner: dict[int, int] = {}
    for some in (edges, doubtful):
        for own, theirs in enumerate(assign(_left(some, partner, owner))):
            if theirs is not None:
                partner[own], owner[theirs] = theirs, own
    for one in lone:
        late = one.log not in partner and one.record not in owner
        if late and alike(log[one.log], record[one.record]):
            partner[one.log], owner[one.record] = one.record, one.log
    back: Edges = [{} for _ in record]
    for own, each in enumerate(edges):
        for theirs, cost in each.items():
            back[theirs][own] = cost
    return Paired(own=log, other=record, partner=partner, owner=owner, edges=edges, back=back)


def _left(edges: Edges, partner: Mapping[int, int], owner: Mapping[int, int]) -> Edges:
    """The edges between rows that have no partner yet."""
    return [
        {} if own in partner else {at: cost for at, cost in each.items() if at not in owner}
        for own, each in enumerate(edges)
    ]


def _cost(one: Near, mine: Entry, its: Entry, distance: int, within: int) -> int:
    cost = _UNIT * distance * distance // (within * within) + _NUMBER_COSTS[one.agrees]
    if difference(mine.row, its.row) is not None:
        cost += _DIFFERS_COST
    elif mine.row.seconds and its.row.seconds:
        cost += min(_LENGTH_COST * abs(mine.row.seconds - its.row.seconds), _DIFFERS_COST)
    if mine.text is not None and its.text is not None and mine.text != its.text:
        cost += _TEXT_COST
    return cost
