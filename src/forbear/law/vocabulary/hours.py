"""``hours``: no contact within a window of the local day, or on named days.

The window is open at its end: ``closed = ["22:00", "08:00"]`` closes 22:00:00 and opens 08:00:00.
With several plausible zones a contact must be in open hours in every one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from forbear.base.clock import DAY_SECONDS, Clock, inside
from forbear.base.contact import Contact
from forbear.base.errors import PackError
from forbear.base.reasons import Sentence
from forbear.law.condition import Condition
from forbear.law.conditions import compile_condition
from forbear.law.local import window_of
from forbear.law.matching import zones_of
from forbear.law.view import Machine, Truth, View
from forbear.law.vocabulary.kind import Source, only_keys


@dataclass(frozen=True, slots=True)
class Hours:
    """``closed`` in seconds of the local day, or None where only days are named."""

    closed: tuple[int, int] | None
    when: Condition
    clock: Clock | None
    machines: tuple[Machine, ...] = ()
    kinds: frozenset[str] = frozenset()
    timeless: bool = False

    def breaks(self, view: View) -> Truth:
        zones = zones_of(view, self.clock)
        if self.closed is None or len(zones) > 1:
            return self.when.test(view)
        return inside(zones[0].second_of_day(view.at), self.closed)

    def next(self, view: View) -> int:
        return self.when.next(view)

    def stands(self, view: View) -> int | None:
        zones = zones_of(view, self.clock)
        if self.closed is None or self.closed[0] == self.closed[1] or len(zones) > 1:
            return None
        second = zones[0].second_of_day(view.at)
        edge = self.closed[inside(second, self.closed)]
        moves = view.at + ((edge - second) % DAY_SECONDS or DAY_SECONDS)
        # Where the clock is put on or back in between, it is walked.
        return moves if zones[0].offset(moves) == zones[0].offset(view.at) else None

    def same_words(self, view: View) -> int:
        """Until when it is explained by the same minute."""
        zones = zones_of(view, self.clock)
        return min(view.at + 60 - zone.second_of_day(view.at) % 60 for zone in zones)

    def rests_on(self, view: View) -> tuple[Contact, ...]:
        del view
        return ()

    def limits(self, view: View) -> bool:
        del view
        return True

    def explain(self, view: View) -> Sentence:
        zones = zones_of(view, self.clock)
        return _told(tuple([zone.second_of_day(view.at) // 60 for zone in zones]))


@lru_cache(maxsize=10_000)
def _told(minutes: tuple[int, ...]) -> Sentence:
    """The local time on each clock, in minutes of the day, as a sentence."""
    local = [f"{minute // 60:02}:{minute % 60:02}" for minute in minutes]
    return Sentence(
        zh=f"这次联系的当地时间是{'、'.join(local)}。",
        en=f"The local time of this contact is {', '.join(local)}.",
    )


def read(source: Source) -> Hours:
    """``closed`` (a pair of times), ``days`` (weekdays, rest, holiday), or both together."""
    only_keys(source, ("closed", "days"))
    table, where = source.table, source.place.where
    condition = {}
    if "closed" in table:
        condition["local_time"] = table["closed"]
    if "days" in table:
        condition["days"] = table["days"]
    if not condition:
        message = f'{where}: hours needs closed, such as ["22:00", "08:00"], or days'
        raise PackError(message)
    closed = window_of(table["closed"], where=where) if "closed" in table else None
    when = compile_condition(condition, source.place)
    return Hours(closed if "days" not in table else None, when, source.place.clock)
