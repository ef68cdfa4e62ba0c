"""Local time for the days of a ledger, by tables: offsets, midnights, months and marked days."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

import numpy as np

from forbear.base.clock import DAY_SECONDS, Clock, as_date, as_day, clock
from forbear.batch.layout import Time

_STEP: Final = 900  # zone rules change on quarter hours only
_MARGIN_DAYS: Final = 3
# Days before the ledger that a window may reach back to; a longer one reaches no contact.
_BACK_DAYS: Final = 800


@dataclass(slots=True)
class Clocks:
    """The clocks of a ledger by number, for the days from ``first`` to ``last`` (instants)."""

    first: int
    last: int
    names: list[str] = field(default_factory=list)
    sets: list[Callable[[int], bool]] = field(default_factory=list)

    def number(self, name: str) -> int:
        """The number of a zone; raises CaseError for an unknown one."""
        if name not in self.names:
            clock(name)
            self.names.append(name)
        return self.names.index(name)

    def marked(self, on: Callable[[int], bool]) -> int:
        """The number of a set of days."""
        if on not in self.sets:
            self.sets.append(on)
        return self.sets.index(on)

    def era0(self, borders: Sequence[int]) -> int:
        """How many of the borders lie before the ledger on every clock."""
        margin = 2 * DAY_SECONDS
        return sum(1 for day in borders if day * DAY_SECONDS < self.first - margin)

    def eras(self, borders: Sequence[int]) -> int:
        """How many spans the borders cut the ledger into."""
        return sum(1 for day in borders if self._near(day)) + 1

    def _near(self, day: int) -> bool:
        margin = 2 * DAY_SECONDS
        return self.first - margin <= day * DAY_SECONDS <= self.last + margin

    def tables(self, borders: Sequence[int]) -> Time:
        """The tables of every clock and set that was asked for.

        ``borders`` are the local days on which other rules come into force, whenever that is.
        """
        near = [day for day in borders if self._near(day)]
        day0 = self.first // DAY_SECONDS - _BACK_DAYS
        days = range(day0, self.last // DAY_SECONDS + _MARGIN_DAYS + 32)
        first, last = self.first // DAY_SECONDS * DAY_SECONDS, days[-1] * DAY_SECONDS
        starts, offsets, ends = [], [], [0]
        for name in self.names:
            changes = _changes(clock(name), first, last)
            starts += [start for start, _ in changes]
            offsets += [offset for _, offset in changes]
            ends.append(len(starts))
        midnight = np.empty((len(self.names), len(days)), np.int64)
        for number, name in enumerate(self.names):
            midnight[number] = _midnights(clock(name), days)
        marked = np.zeros((len(self.sets), len(days)), np.uint8)
        for number, on in enumerate(self.sets):
            first = self.first // DAY_SECONDS - _MARGIN_DAYS
            for day in range(first, days[-1] + 1):
                marked[number, day - day0] = on(day)
        return Time(
            offsets_from=np.array(ends, np.int64),
            since=np.array(starts, np.int64),
            offset=np.array(offsets, np.int32),
            day0=day0,
            midnight=midnight,
            month=_months(days),
            marked=marked,
            borders=np.array(near, np.int32),
            era0=self.era0(borders),
        )


@lru_cache(maxsize=1_000)
def _changes(told: Clock, first: int, last: int) -> list[tuple[int, int]]:
    """Each instant from which another offset holds, from before ``first`` to after ``last``."""
    at = first - _MARGIN_DAYS * DAY_SECONDS
    at -= at % _STEP
    found = [(at, told.offset(at))]
    end = last + _MARGIN_DAYS * DAY_SECONDS
    while at < end:
        following = at + DAY_SECONDS
        if told.offset(following) != told.offset(at):
            low, high = at, following
            while high - low > _STEP:
                middle = (low + high) // 2 // _STEP * _STEP
                low, high = (
                    (middle, high) if told.offset(middle) == told.offset(low) else (low, middle)
                )
            found.append((high, told.offset(high)))
        at = following
    return found


@lru_cache(maxsize=1_000)
def _midnights(told: Clock, days: range) -> Any:
    """The first instant of each local day."""
    return np.array([told.at(day, 0) for day in days], np.int64)


@lru_cache(maxsize=100)
def _months(days: range) -> Any:
    """The local day that begins the month of each local day."""
    return np.array([as_day(as_date(day).replace(day=1)) for day in days], np.int32)
