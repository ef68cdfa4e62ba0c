"""Conditions on the local time and date, and the small readers that all conditions share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from forbear.base.calendars import DayKind, calendar_names, day_kind
from forbear.base.clock import Clock, inside, parse_second, weekday
from forbear.base.errors import CaseError, PackError
from forbear.base.words import WEEKDAYS
from forbear.law.condition import Condition, Form, Place, no_facts
from forbear.law.matching import next_edge, zones_of
from forbear.law.view import Truth, View


@dataclass(frozen=True, slots=True)
class LocalTime:
    """The leaf that looks at the time of day, in seconds; a window may run over midnight."""

    window: tuple[int, int]
    clock: Clock | None
    lifting: bool


@dataclass(frozen=True, slots=True)
class Days:
    """The leaf that looks at the date; ``on`` says of a local day whether it is such a one."""

    on: Callable[[int], bool]
    clock: Clock | None
    lifting: bool


def names_in(key: str, spec: Any, place: Place) -> list[str]:
    """One name or a list of them, and at least one."""
    names = listed(spec)
    if not names or not all(isinstance(name, str) for name in names):
        message = f"{place.where}: {key} takes a name in quotation marks, or a list of names"
        raise PackError(message)
    return names


def listed(spec: Any) -> list[Any]:
    """A list as it is, anything else as a list of one."""
    return spec if isinstance(spec, list) else [spec]


def window_of(spec: Any, *, where: str) -> tuple[int, int]:
    """A pair of times of day as seconds; raises PackError where it is none."""
    if not isinstance(spec, list) or len(spec) != 2:
        message = f'{where}: {spec!r} is no pair of times; write one such as ["22:00", "08:00"]'
        raise PackError(message)
    try:
        start, end = (parse_second(str(part), where=where) for part in spec)
    except CaseError as error:
        raise PackError(str(error)) from error
    return start, end


def local_time(spec: Any, place: Place) -> Condition:
    """In the window on any clock of the rule, or on every one where that would lift a refusal."""
    window = window_of(spec, where=f"{place.where}.local_time")
    clock, lifting = place.clock, place.lifting

    def test(view: View) -> Truth:
        within = [inside(z.second_of_day(view.at), window) for z in zones_of(view, clock)]
        return all(within) if lifting else any(within)

    form = Form("local_time", LocalTime(window, clock, lifting))
    following = partial(next_edge, clock=clock, window=window)
    return Condition(test, following, no_facts, clocked=True, form=form)


def days(spec: Any, place: Place) -> Condition:
    """On named weekdays, or on the rest days and holidays of the rule's calendar.

    A year that the calendar does not know is its strictest day, so it counts as a holiday here.
    """
    names = frozenset(names_in("days", spec, place))
    special = names & {"rest", "holiday"}
    if unknown := names - special - set(WEEKDAYS):
        message = (
            f"{place.where}: day {sorted(unknown)[0]!r} is unknown; write mon, rest or holiday"
        )
        raise PackError(message)
    if special and place.calendar not in calendar_names():
        message = f"{place.where}: rest days need a calendar; name one in [pack], such as china"
        raise PackError(message)
    # What is not known must not lift a refusal either.
    strictest = {DayKind.UNKNOWN} if special and not place.lifting else set()
    kinds = {DayKind(name) for name in special} | strictest
    numbers = {WEEKDAYS.index(name) for name in names - special}
    clock, calendar, lifting = place.clock, place.calendar or "", place.lifting

    def on(day: int) -> bool:
        return weekday(day) in numbers or (bool(kinds) and day_kind(calendar, day) in kinds)

    def test(view: View) -> Truth:
        found = [on(zone.day(view.at)) for zone in zones_of(view, clock)]
        return all(found) if lifting else any(found)

    form = Form("days", Days(on, clock, lifting))
    following = partial(next_edge, clock=clock, window=None)
    return Condition(test, following, no_facts, clocked=True, form=form)
