"""What must be so at the very least for a condition to hold, known before any contact is seen.

Most rules can be left aside for most contacts: a rule about visits for a call, a rule about court
orders for a debtor who has none. A reach is what tells so without asking the rule.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Final, TypeVar

from forbear.base.words import Channel, Party

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Outside its reach a condition surely does not hold.

    ``channels`` and ``parties`` are those it can hold for, None where any; ``facts`` the recorded
    kinds of fact that there must be; ``said`` the keys of a contact that must be said. With
    ``text`` there must be words, and ``labels``, where not None, are those of which they must carry
    one.
    """

    channels: frozenset[Channel] | None = None
    parties: frozenset[Party] | None = None
    facts: frozenset[str] = frozenset()
    said: frozenset[str] = frozenset()
    text: bool = False
    labels: frozenset[str] | None = None

    def both(self, other: Reach) -> Reach:
        """The reach of two conditions that must hold together."""
        return Reach(
            channels=_meet(self.channels, other.channels),
            parties=_meet(self.parties, other.parties),
            facts=self.facts | other.facts,
            said=self.said | other.said,
            text=self.text or other.text,
            # One of these and one of those: asking for one of these is enough to leave rules aside.
            labels=other.labels if self.labels is None else self.labels,
        )

    def either(self, other: Reach) -> Reach:
        """The reach of two conditions of which one is enough."""
        return Reach(
            channels=_join(self.channels, other.channels),
            parties=_join(self.parties, other.parties),
            facts=self.facts & other.facts,
            said=self.said & other.said,
            text=self.text and other.text,
            labels=_join(self.labels, other.labels),
        )


ANYTHING: Final = Reach()


def reach_of_all(reaches: Iterable[Reach]) -> Reach:
    """The reach of conditions that must all hold."""
    return reduce(Reach.both, reaches)


def reach_of_any(reaches: Iterable[Reach]) -> Reach:
    """The reach of conditions of which any one is enough."""
    return reduce(Reach.either, reaches)


def _meet(one: frozenset[_T] | None, other: frozenset[_T] | None) -> frozenset[_T] | None:
    if one is None or other is None:
        return other if one is None else one
    return one & other


def _join(one: frozenset[_T] | None, other: frozenset[_T] | None) -> frozenset[_T] | None:
    return None if one is None or other is None else one | other
