"""Unit periods and odd days, over the dates of the examples in Appendix J, part (c)."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from forbear.loans.cost.unit_periods import (
    YEAR,
    Base,
    UnitPeriod,
    measure,
    months_back,
    turns,
    unit_period,
)
from forbear.loans.days import month_after

MONTH = UnitPeriod(Base.MONTH)
QUARTER = UnitPeriod(Base.MONTH, 3)
SEMIMONTH = UnitPeriod(Base.SEMIMONTH)
WEEK = UnitPeriod(Base.WEEK)


def monthly(first: str, count: int, step: int = 1) -> list[date]:
    return [month_after(date.fromisoformat(first), step * k) for k in range(count)]


def weekly(first: str, count: int, step: int = 1) -> list[date]:
    return [date.fromisoformat(first) + timedelta(weeks=step * k) for k in range(count)]


@pytest.mark.parametrize(
    ("begin", "payments", "unit", "first"),
    [
        ("1978-01-10", monthly("1978-02-10", 24), MONTH, (1, "0")),
        ("1978-02-10", monthly("1978-04-01", 36), MONTH, (1, "19/30")),
        (
            "1978-02-23",
            sorted(monthly("1978-03-01", 12) + monthly("1978-03-16", 12)),
            SEMIMONTH,
            (0, "6/15"),
        ),
        ("1978-05-23", monthly("1978-10-01", 40, 3), QUARTER, (1, "39/90")),
        ("1978-03-20", weekly("1978-04-21", 30), WEEK, (4, "4/7")),
        ("1978-03-18", weekly("1978-04-20", 12, 4), UnitPeriod(Base.WEEK, 4), (1, "5/28")),
        ("1978-04-03", weekly("1978-04-11", 20, 2), UnitPeriod(Base.WEEK, 2), (0, "8/14")),
        ("2023-10-26", monthly("2023-11-30", 5, 12), YEAR, (0, "35/365")),
        ("2024-01-31", monthly("2024-02-29", 1) + monthly("2024-03-31", 5), MONTH, (1, "0")),
        ("2024-01-30", monthly("2024-02-29", 1) + monthly("2024-03-30", 5), MONTH, (1, "0")),
    ],
)
def test_the_unit_period_is_the_interval_that_comes_most_often(
    begin: str, payments: list[date], unit: UnitPeriod, first: tuple[int, str]
):
    start = date.fromisoformat(begin)
    assert unit_period(start, [start], payments) == unit
    whole, odd = measure(start, payments[0], unit, turns(payments)(payments[0]))
    assert (whole, odd) == (first[0], Fraction(first[1]))


@pytest.mark.parametrize(
    ("begin", "due", "unit", "per_year", "term"),
    [
        ("1978-01-03", "1978-09-15", "term of 255 days", "365/255", (1, "0")),
        ("1978-07-15", "1979-01-15", "6 months", "2", (1, "0")),
        ("1978-01-03", "1980-01-03", "year", "1", (2, "0")),
        ("1978-01-03", "1979-07-03", "year", "1", (1, "1/2")),
        ("1978-01-03", "1979-07-13", "year", "1", (1, "191/365")),
        ("2024-01-01", "2024-01-02", "term of 1 days", "365", (1, "0")),
    ],
)
def test_a_single_payment_makes_the_term_the_unit_up_to_a_year(
    begin: str, due: str, unit: str, per_year: str, term: tuple[int, str]
):
    start, end = date.fromisoformat(begin), date.fromisoformat(due)
    found = unit_period(start, [start], [end])
    assert (str(found), found.per_year) == (unit, Fraction(per_year))
    assert measure(start, end, found) == (term[0], Fraction(term[1]))


def test_of_two_intervals_as_frequent_the_shorter_is_the_unit():
    days = [*weekly("2024-01-08", 2), *monthly("2024-02-15", 2)]
    assert unit_period(date(2024, 1, 1), [date(2024, 1, 1)], days) == WEEK


def test_without_a_common_interval_the_average_is_rounded_to_a_standard_one():
    days = [date(2024, 1, 21), date(2024, 3, 5), date(2024, 4, 3)]
    # 20, 44 and 29 days: 31 on average, nearest to a month.
    assert unit_period(date(2024, 1, 1), [date(2024, 1, 1)], days) == MONTH


def test_several_advances_count_their_own_intervals():
    advances = monthly("2024-01-05", 6)
    assert unit_period(advances[0], advances, [date(2026, 3, 1)]) == MONTH


def test_months_are_counted_back_from_the_later_day():
    assert months_back(date(1978, 2, 10), date(1978, 4, 1)) == (1, 19)
    assert months_back(date(2024, 1, 31), date(2024, 2, 29)) == (0, 29)
    assert months_back(date(2024, 1, 31), date(2024, 2, 29), 31) == (1, 0)


def test_a_series_on_the_last_days_turns_on_the_31st_and_a_mixed_one_on_its_own_days():
    assert turns([date(2023, 2, 28), date(2023, 3, 31)])(date(2023, 2, 28)) == 31
    assert turns([date(2023, 2, 28), date(2023, 3, 30)])(date(2023, 2, 28)) == 30
    assert turns([date(2023, 2, 28), date(2023, 3, 28)])(date(2023, 2, 28)) == 28
    assert turns([date(2023, 1, 29), date(2023, 3, 31)])(date(2023, 1, 29)) is None
    assert turns([date(2023, 1, 10)])(date(2023, 1, 10)) is None
