"""Working days of China, held against a second and independent calendar."""

from __future__ import annotations

from datetime import date, timedelta

import holidays
import pytest

from forbear.base.calendars import DayKind, calendar_names, day_kind
from forbear.base.clock import as_day
from forbear.base.errors import CalendarError

YEARS = (2024, 2025, 2026)


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize("year", YEARS)
def test_every_day_is_worked_or_not_as_a_second_calendar_says(year: int) -> None:
    peer = holidays.country_holidays("CN", years=year)
    ours = {day: day_kind("china", as_day(day)) for day in days_of(year)}
    assert DayKind.UNKNOWN not in ours.values()
    differ = [
        day for day, kind in ours.items() if (kind is DayKind.WORKDAY) != peer.is_working_day(day)
    ]
    assert differ == []


@pytest.mark.parametrize("year", YEARS)
def test_every_public_holiday_of_a_second_calendar_is_a_holiday(year: int) -> None:
    peer = holidays.country_holidays("CN", years=year)
    assert len(peer) > 15
    assert {day for day in peer if day_kind("china", as_day(day)) is not DayKind.HOLIDAY} == set()


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2025, 9, 30), DayKind.WORKDAY),
        (date(2025, 10, 1), DayKind.HOLIDAY),
        (date(2025, 10, 8), DayKind.HOLIDAY),
        (date(2025, 10, 9), DayKind.WORKDAY),
        (date(2025, 10, 11), DayKind.WORKDAY),  # a Saturday that is worked
        (date(2025, 10, 12), DayKind.REST),
    ],
)
def test_a_holiday_week_begins_and_ends_on_its_published_days(day: date, kind: DayKind) -> None:
    assert day_kind("china", as_day(day)) is kind


@pytest.mark.parametrize("day", [date(1999, 5, 1), date(2100, 10, 1)])
def test_a_year_that_is_not_published_has_no_answer(day: date) -> None:
    assert day_kind("china", as_day(day)) is DayKind.UNKNOWN


def test_a_calendar_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(CalendarError, match="calendar 'mars' is unknown; known are: china"):
        day_kind("mars", 0)
    assert calendar_names() == {"china"}
