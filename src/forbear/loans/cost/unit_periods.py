"""Unit periods: how 12 CFR Part 1026 (Regulation Z), Appendix J, (b)(3) to (b)(5) measures time.

The rate of a loan is stated for a unit period and multiplied by the number of them in a year.
Whole periods bear compound interest and what is left over, the odd days, simple interest; each is
counted as the appendix says, months back from the later date and days from the earlier one on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import Final

from forbear.loans.days import month_after

_DAYS: Final = {"day": 1, "week": 7, "semimonth": 15, "month": 30}


class Base(StrEnum):
    """What a unit period is a multiple of; a year is twelve months."""

    DAY = "day"
    WEEK = "week"
    SEMIMONTH = "semimonth"
    MONTH = "month"
    TERM = "term"


@dataclass(frozen=True, slots=True)
class UnitPeriod:
    """``every`` times ``base``; for the term of a single payment, its months or its days."""

    base: Base
    every: int = 1

    @property
    def days(self) -> int:
        """The days it is taken to have where periods are compared and averaged."""
        return self.every * _DAYS.get(self.base, 1)

    @property
    def per_year(self) -> Fraction:
        """How many there are in a year: (b)(5)(ii) to (vii)."""
        if self.base is Base.MONTH:
            return Fraction(12, self.every)
        if self.base is Base.WEEK:
            return Fraction(52, self.every)
        return Fraction(24) if self.base is Base.SEMIMONTH else Fraction(365, self.every)

    def __str__(self) -> str:
        """``month``, ``2 weeks``, ``year``; ``term of 255 days`` for a single payment."""
        if self.base is Base.TERM:
            return f"term of {self.every} days"
        if self == YEAR:
            return "year"
        return str(self.base) if self.every == 1 else f"{self.every} {self.base}s"


YEAR: Final = UnitPeriod(Base.MONTH, 12)
# The standard intervals of (b)(3)(iii), the shorter first.
_STANDARD: Final = sorted(
    [
        UnitPeriod(Base.DAY),
        UnitPeriod(Base.SEMIMONTH),
        *(UnitPeriod(Base.WEEK, n) for n in range(1, 53)),
        *(UnitPeriod(Base.MONTH, n) for n in range(1, 13)),
    ],
    key=lambda each: each.days,
)


def unit_period(begin: date, advances: Sequence[date], payments: Sequence[date]) -> UnitPeriod:
    """The unit period of a transaction that begins to bear finance charge on ``begin``: (b)(4)."""
    if len(advances) == 1 and len(payments) == 1:
        return _of_a_single_payment(begin, payments[0])
    streams = [sorted({begin, *advances}), sorted({begin, *payments})]
    periods = [pair for stream in streams for pair in pairwise(stream)]
    counted: Counter[UnitPeriod] = Counter()
    for stream, anchor in ((advances, turns(advances)), (payments, turns(payments))):
        ends = sorted({begin, *stream})
        halves = _semimonths(sorted(set(stream)))
        for start, end in pairwise(ends):
            counted.update(_intervals(start, end, anchor, halved=(start, end) in halves))
    common = [(count, each) for each, count in counted.items() if count > 1 and each.days <= 365]
    if common:
        # The most frequent; of equally frequent ones the shorter; months before the weeks that
        # happen to be as long, as February is.
        return min(common, key=lambda one: (-one[0], one[1].days, one[1].base != Base.MONTH))[1]
    average = Fraction(sum((end - start).days for start, end in periods), max(1, len(periods)))
    return min(_STANDARD, key=lambda each: (abs(each.days - average), each.days))


def measure(
    begin: date, when: date, unit: UnitPeriod, anchor: int | None = None
) -> tuple[int, Fraction]:
    """Whole unit periods from ``begin`` to ``when``, and the odd part that is left: (b)(5).

    ``anchor`` is the day of the month on which the months of ``when`` turn, where it is a later
    one than its own, as for a series on the last days of months (see :func:`turns`).
    """
    assert begin <= when, "time is measured forward"
    if unit.base is Base.TERM:
        whole, rest = divmod(Fraction((when - begin).days, unit.every), 1)
        return whole, rest
    if unit.base in (Base.DAY, Base.WEEK):
        whole, rest = divmod(Fraction((when - begin).days, unit.days), 1)
        return whole, rest
    months, days = months_back(begin, when, anchor)
    if unit == YEAR:
        years, left = divmod(months, 12)
        if not days:
            return years, Fraction(left, 12)
        # Days over 365 may make a whole year where the rest holds a 29 February.
        over = (month_after(when, -12 * years, anchor) - begin).days
        whole, rest = divmod(Fraction(over, 365), 1)
        return years + whole, rest
    if unit == UnitPeriod(Base.MONTH):
        whole, rest = divmod(Fraction(days, 30), 1)
        return months + whole, rest
    whole, rest = divmod(Fraction(30 * months + days, unit.days), 1)
    return whole, rest


def months_back(begin: date, when: date, anchor: int | None = None) -> tuple[int, int]:
    """Full months measured back from ``when``, and the days from ``begin`` to the first of them."""
    months = (when.year - begin.year) * 12 + when.month - begin.month
    if month_after(when, -months, anchor) < begin:
        months -= 1
    return months, (month_after(when, -months, anchor) - begin).days


def turns(days: Sequence[date]) -> Callable[[date], int | None]:
    """The day of the month that each day of a series stands for: (b)(3)(iv).

    28 February stands for the 31st in a series of last days, and for the 30th in one of 30ths.
    """
    late = [day for day in days if day.day >= 28]
    latest = max((day.day for day in late), default=0)
    if any(month_after(day, 0, latest) != day for day in late):
        latest = 0
    return lambda day: latest if latest and day.day >= 28 else None


def _of_a_single_payment(begin: date, due: date) -> UnitPeriod:
    months, days = months_back(begin, due)
    if months >= 12:
        return YEAR
    if not days:
        return UnitPeriod(Base.MONTH, months) if months else UnitPeriod(Base.DAY)
    return UnitPeriod(Base.TERM, (due - begin).days)


def _intervals(
    start: date, end: date, anchor: Callable[[date], int | None], *, halved: bool
) -> list[UnitPeriod]:
    """The standard intervals, and else the number of days, that lie between two days."""
    found = [UnitPeriod(Base.SEMIMONTH)] if halved else []
    months, rest = months_back(start, end, anchor(end))
    if months and not rest:
        found.append(UnitPeriod(Base.MONTH, months))
    days = (end - start).days
    if days % 7 == 0:
        found.append(UnitPeriod(Base.WEEK, days // 7))
    return found or [UnitPeriod(Base.DAY, days)]


def _semimonths(days: Sequence[date]) -> set[tuple[date, date]]:
    """The intervals of a series in which every second day is a month after the one before it."""
    anchor = turns(days)
    halves: set[tuple[date, date]] = set()
    for first, second, third in zip(days, days[1:], days[2:], strict=False):
        if (third - first).days <= 31 and months_back(first, third, anchor(third)) == (1, 0):
            halves |= {(first, second), (second, third)}
    return halves
