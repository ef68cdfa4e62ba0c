"""Due days and parts of a year, by hand."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from forbear.loans.days import (
    by_year,
    days_between,
    days_of_year,
    due_days,
    month_after,
    months_between,
    share_of_year,
    stepped,
    steps_until,
    year_share,
)


def test_a_plan_begun_on_the_31st_comes_back_to_it() -> None:
    assert due_days(date(2024, 1, 31), 1, "months", 4) == [
        date(2024, 2, 29), date(2024, 3, 31), date(2024, 4, 30), date(2024, 5, 31)
    ]  # fmt: skip


def test_weeks_and_days_are_stepped_by_the_calendar() -> None:
    assert due_days(date(2026, 2, 20), 2, "weeks", 2) == [date(2026, 3, 6), date(2026, 3, 20)]
    assert stepped(date(2026, 12, 31), 10, "days", 1) == date(2027, 1, 10)
    assert stepped(date(2026, 12, 31), 10, "days", 0) == date(2026, 12, 31)


def test_a_step_of_no_length_is_a_bug() -> None:
    with pytest.raises(AssertionError):
        due_days(date(2026, 1, 1), 0, "months", 1)
    with pytest.raises(AssertionError):
        due_days(date(2026, 1, 1), 1, "years", 1)


def test_a_month_before_is_clamped_as_one_after() -> None:
    assert month_after(date(2026, 3, 31), -1) == date(2026, 2, 28)
    assert month_after(date(2026, 2, 28), 1, of=31) == date(2026, 3, 31)


def test_steps_are_counted_up_to_a_day() -> None:
    start = date(2024, 1, 31)
    assert steps_until(start, 1, "months", date(2024, 2, 28)) == 0
    assert steps_until(start, 1, "months", date(2024, 2, 29)) == 1
    assert steps_until(start, 2, "weeks", date(2024, 2, 27)) == 1
    assert steps_until(start, 1, "months", date(2023, 1, 1)) == 0


def test_days_leave_the_start_out_and_take_the_end_in() -> None:
    assert days_between(date(2026, 1, 1), date(2026, 1, 31)) == 30
    assert (days_of_year(2024), days_of_year(2100)) == (366, 365)


def test_years_meet_on_31_december() -> None:
    assert by_year(date(2023, 12, 15), date(2024, 1, 15)) == (16, 15)
    assert by_year(date(2023, 12, 31), date(2024, 12, 31)) == (0, 366)
    assert by_year(date(2024, 12, 31), date(2025, 1, 1)) == (1, 0)
    assert by_year(date(2024, 5, 1), date(2024, 5, 1)) == (0, 0)


def test_months_are_whole_from_one_turn_to_the_next() -> None:
    assert months_between(date(2024, 2, 29), date(2024, 3, 31), 31) == (1, 0, 30)
    # Without the day that is meant, 29 February turns on the 29th.
    assert months_between(date(2024, 2, 29), date(2024, 3, 31)) == (1, 2, 31)
    assert months_between(date(2026, 1, 10), date(2026, 2, 5)) == (0, 26, 31)
    # The 15th is no day on which months turn at the 31st, so it turns on its own.
    assert months_between(date(2026, 1, 15), date(2026, 2, 15), 31) == (1, 0, 28)


@pytest.mark.parametrize(
    ("year", "month", "share"),
    [
        ("365", "actual", Fraction(31, 365)),
        ("360", "actual", Fraction(31, 360)),
        ("actual", "actual", Fraction(16, 365) + Fraction(15, 366)),
        ("360", "30", Fraction(1, 12)),
        ("365", "30", Fraction(30, 365)),
        ("actual", "30", Fraction(30, 365)),
    ],
)
def test_each_day_count_has_its_share(year: str, month: str, share: Fraction) -> None:
    start, end = date(2023, 12, 15), date(2024, 1, 15)
    assert year_share(start, end, days_in_year=year, days_in_month=month) == share
    assert Fraction(*share_of_year(start, end, days_in_year=year, days_in_month=month)) == share


def test_days_beyond_whole_months_are_their_part_of_a_month() -> None:
    found = year_share(
        date(2026, 1, 31), date(2026, 3, 10), days_in_year="360", days_in_month="30", of=31
    )
    assert found == Fraction(1, 12) + Fraction(10, 31) / 12


def test_a_week_has_no_month_of_thirty_days() -> None:
    weeks = year_share(
        date(2026, 2, 25), date(2026, 3, 4), days_in_year="360", days_in_month="30", unit="weeks"
    )
    assert weeks == Fraction(7, 360)
