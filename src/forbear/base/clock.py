"""Instants, local days and local hours.

An instant is whole seconds since 1970-01-01 UTC. A local day is the number of calendar days since
1970-01-01 on some zone's clock. Contacts are recorded to the second; a finer part is cut off.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from forbear.base.errors import CaseError

DAY_SECONDS = 86_400
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
# Zone rules change on quarter hours only, so one offset serves each quarter hour.
_STEP_SECONDS = 900
# Offsets are known for the years that a datetime can hold in every zone; a fact that holds "for
# ever" may end in the year 9999, and then has the offset of the last year before.
_FIRST_STEP = (date(2, 1, 1).toordinal() - _EPOCH_ORDINAL) * DAY_SECONDS // _STEP_SECONDS
_LAST_STEP = (date(9999, 1, 1).toordinal() - _EPOCH_ORDINAL) * DAY_SECONDS // _STEP_SECONDS


class Clock:
    """The clock of one IANA zone, with the offsets it has already looked up."""

    __slots__ = ("_info", "_offsets", "name")

    def __init__(self, name: str) -> None:
        """Take the IANA zone ``name``; raises CaseError where no such zone exists."""
        try:
            self._info = ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            message = f"time zone {name!r} is unknown; write an IANA name such as Asia/Shanghai"
            raise CaseError(message) from error
        self.name = name
        self._offsets: dict[int, int] = {}

    def offset(self, instant: int) -> int:
        """Seconds east of UTC at ``instant``."""
        step = instant // _STEP_SECONDS
        found = self._offsets.get(step)
        if found is None:
            known = min(max(step, _FIRST_STEP), _LAST_STEP)
            moment = datetime.fromtimestamp(known * _STEP_SECONDS, UTC).astimezone(self._info)
            delta = moment.utcoffset()
            assert delta is not None
            found = self._offsets[step] = int(delta.total_seconds())
        return found

    def day(self, instant: int) -> int:
        """The local day of ``instant``."""
        return (instant + self.offset(instant)) // DAY_SECONDS

    def second_of_day(self, instant: int) -> int:
        """Seconds since local midnight on the wall clock, 0 to 86399."""
        return (instant + self.offset(instant)) % DAY_SECONDS

    def at(self, day: int, second: int) -> int:
        """The first instant at which the wall clock of ``day`` shows ``second`` or later."""
        wall = day * DAY_SECONDS + second
        before, after = self.offset(wall - DAY_SECONDS), self.offset(wall + DAY_SECONDS)
        if before == after:
            return wall - before
        # Near a switch the time may come twice, and then the first one counts, or never.
        for offset in (max(before, after), min(before, after)):
            if self.offset(wall - offset) == offset:
                return wall - offset
        return self._switch(wall - DAY_SECONDS, wall + DAY_SECONDS)

    def edges(self, day: int, second: int) -> tuple[int, ...]:
        """The instants at which the wall clock may come to show ``second`` of ``day``.

        Two where it may come twice, and with them the switch, which can jump over it.
        """
        wall = day * DAY_SECONDS + second
        before, after = self.offset(wall - DAY_SECONDS), self.offset(wall + DAY_SECONDS)
        if before == after:
            return (wall - before,)
        switch = self._switch(wall - DAY_SECONDS, wall + DAY_SECONDS)
        return wall - before, wall - after, switch

    def _switch(self, start: int, end: int) -> int:
        """The first instant after ``start`` at which the offset is another one, else ``end``."""
        old = self.offset(start)
        step = start // _STEP_SECONDS * _STEP_SECONDS
        while step < end and self.offset(step) == old:
            step += _STEP_SECONDS
        return step

    def moment(self, instant: int) -> datetime:
        """``instant`` as an aware datetime on this clock."""
        return datetime.fromtimestamp(instant, UTC).astimezone(self._info)


_clocks: dict[str, Clock] = {}


def clock(name: str) -> Clock:
    """The one Clock for a zone name; raises CaseError for an unknown name."""
    found = _clocks.get(name)
    if found is None:
        found = _clocks[name] = Clock(name)
    return found


def weekday(day: int) -> int:
    """The day of the week of a local day: Monday is 0, and 1970-01-01 was a Thursday."""
    return (day + 3) % 7


def as_date(day: int) -> date:
    """A local day as a date."""
    return date.fromordinal(day + _EPOCH_ORDINAL)


def as_day(value: date) -> int:
    """A date as a local day."""
    return value.toordinal() - _EPOCH_ORDINAL


def instant_of(moment: datetime) -> int:
    """An aware datetime as an instant; a fraction of a second is cut off."""
    assert moment.tzinfo is not None, "a time without a zone is no instant"
    return (moment - _EPOCH) // _SECOND


_SHOWN_MAX = 60
_TWO_DIGITS = re.compile("[0-9]{2}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


def parse_moment(text: object, *, where: str) -> datetime:
    """RFC 3339 text with its offset as an aware datetime.

    Raises CaseError that names ``where`` when it is no time, or a time without an offset.
    """
    if text is None:
        message = f"{where}: the time is missing; add one such as 2026-03-10T17:59:00+08:00"
        raise CaseError(message)
    shown = repr(text)[:_SHOWN_MAX]
    no_time = f"{where}: {shown} is no time; write one such as 2026-03-10T17:59:00+08:00"
    if not isinstance(text, str):
        raise CaseError(no_time)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CaseError(no_time) from error
    if moment.tzinfo is None:
        message = f"{where}: {shown} has no offset from UTC; add one, such as +08:00"
        raise CaseError(message)
    return moment


def parse_second(text: str, *, where: str) -> int:
    """``HH:MM`` or ``HH:MM:SS`` as seconds of the day; ``24:00`` is 86400."""
    parts = text.split(":")
    if not 2 <= len(parts) <= 3 or not all(_TWO_DIGITS.fullmatch(part) for part in parts):
        message = f"{where}: {text[:_SHOWN_MAX]!r} is no time of day; write one such as 22:00"
        raise CaseError(message)
    hour, minute, second = (int(part) for part in [*parts, "00"][:3])
    total = hour * 3600 + minute * 60 + second
    if minute > 59 or second > 59 or total > DAY_SECONDS:
        message = f"{where}: {text[:_SHOWN_MAX]!r} is no time of day; write one such as 22:00"
        raise CaseError(message)
    return total


def inside(second: int, window: tuple[int, int]) -> bool:
    """Whether a second of the day lies in a window, first end in, last end out.

    A window that ends before it starts runs over midnight; equal ends are the whole day.
    """
    start, end = window
    if start < end:
        return start <= second < end
    return second >= start or second < end
