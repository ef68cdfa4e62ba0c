"""Working days of mainland China.

The days come from the ``chinesecalendar`` package, which holds the State Council's published years
only. A year that is not published has no answer, and every rule treats such a day as its strictest.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from enum import StrEnum
from functools import cache

from forbear.base.clock import as_date
from forbear.base.errors import CalendarError


class DayKind(StrEnum):
    """What a calendar says of a day; ``unknown`` where its year is not published."""

    WORKDAY = "workday"
    REST = "rest"
    HOLIDAY = "holiday"
    UNKNOWN = "unknown"


@cache
def _china(day: int) -> DayKind:
    import chinese_calendar  # noqa: PLC0415 - a second of start-up that most commands never need

    moment = as_date(day)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            off, name = chinese_calendar.get_holiday_detail(moment)
    except NotImplementedError:
        return DayKind.UNKNOWN
    if off and name:
        return DayKind.HOLIDAY
    return DayKind.REST if off else DayKind.WORKDAY


_CALENDARS: dict[str, Callable[[int], DayKind]] = {"china": _china}


def day_kind(calendar: str, day: int) -> DayKind:
    """What ``calendar`` says of a local day; raises CalendarError for an unknown calendar."""
    try:
        look_up = _CALENDARS[calendar]
    except KeyError:
        message = f"calendar {calendar!r} is unknown; known are: {', '.join(sorted(_CALENDARS))}"
        raise CalendarError(message) from None
    return look_up(day)


def calendar_names() -> frozenset[str]:
    """The calendars that rules may name."""
    return frozenset(_CALENDARS)
