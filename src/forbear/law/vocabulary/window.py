"""The windows that limits count within: dates, hours or seconds, a week or month, ever."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from forbear.base.clock import DAY_SECONDS, Clock, as_date, as_day, weekday
from forbear.base.errors import PackError
from forbear.law.view import NO_CHANGE

_SPANS: Final[Mapping[str, Callable[[int], tuple[str, int]]]] = {
    "dates": lambda size: ("dates", size),
    "hours": lambda size: ("seconds", size * 3600),
    "seconds": lambda size: ("seconds", size),
}
_NAMED: Final = {
    "day": ("dates", 1),
    "week": ("week", 1),
    "month": ("month", 1),
    "ever": ("ever", 0),
}


@dataclass(frozen=True, slots=True)
class Window:
    """A span of time: ``dates`` (local calendar dates), ``seconds``, a week or month, ever.

    A span of seconds is open at its far end: what was exactly so long ago has left it.
    """

    unit: str
    size: int

    @property
    def span(self) -> int:
        """More seconds than lie between its start and its end on any clock."""
        days = {"dates": self.size, "week": 7, "month": 31}.get(self.unit)
        if days is not None:
            # A clock may be put back, and once in a while by as much as a whole day.
            return (days + 1) * DAY_SECONDS
        return self.size if self.unit == "seconds" else NO_CHANGE

    def start(self, at: int, clock: Clock) -> int:
        """The first instant that lies within the window of a contact at ``at``."""
        match self.unit:
            case "dates":
                return clock.at(clock.day(at) - self.size + 1, 0)
            case "seconds":
                return at - self.size + 1
            case "week":
                return clock.at(clock.day(at) - weekday(clock.day(at)), 0)
            case "month":
                return clock.at(as_day(as_date(clock.day(at)).replace(day=1)), 0)
            case _:
                return -NO_CHANGE

    def leaves(self, instant: int, clock: Clock) -> int:
        """The first instant in whose window a contact at ``instant`` no longer lies."""
        match self.unit:
            case "dates":
                return clock.at(clock.day(instant) + self.size, 0)
            case "seconds":
                return instant + self.size
            case "week":
                day = clock.day(instant)
                return clock.at(day - weekday(day) + 7, 0)
            case "month":
                first = as_date(clock.day(instant)).replace(day=1)
                following = as_day(first.replace(day=28)) + 4
                return clock.at(as_day(as_date(following).replace(day=1)), 0)
            case _:
                return NO_CHANGE


def read_window(spec: Any, where: str) -> Window:
    """A window as a pack writes it; raises PackError."""
    if isinstance(spec, str) and spec in _NAMED:
        return Window(*_NAMED[spec])
    if isinstance(spec, dict) and len(spec) == 1:
        unit, size = next(iter(spec.items()))
        if unit in _SPANS and isinstance(size, int) and not isinstance(size, bool) and size > 0:
            return Window(*_SPANS[unit](size))
    message = (
        f"{where}: within is day, week, month, ever, {{ dates = 7 }}, {{ hours = 24 }} or "
        "{ seconds = 90 }"
    )
    raise PackError(message)
