"""Days: when instalments fall due, and what part of a year lies between two days. All exact.

Due days are stepped from one seed day, never from the due day before, so that a plan begun on the
31st comes back to the 31st after February. A count of days leaves the start out and takes the end
in: from 1 to 31 January are 30 days. Parts of a year are whole numbers over a whole number
(:func:`share_of_year`), so that nothing is lost before money is rounded.

The words for the two halves of a day count are those of :class:`~forbear.loans.terms.Terms`:
``days_in_year`` is ``365``, ``360`` or ``actual``; ``days_in_month`` is ``actual`` or ``30``.
"""

from __future__ import annotations

from calendar import isleap, monthrange
from datetime import date, timedelta
from fractions import Fraction
from math import gcd
from typing import Final

UNITS: Final = ("days", "weeks", "months")
# A common year and a leap year share no divisor, so this is the least whole they both divide.
_BOTH_YEARS: Final = 365 * 366


def month_after(day: date, months: int, of: int | None = None) -> date:
    """The day ``months`` months after ``day`` (before it, where negative), clamped at month end.

    ``of`` is the day of the month that is meant; by default that of ``day``. 31 January and one
    month is 28 or 29 February; with ``of=31`` a further month is 31 March.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    wanted = of or day.day
    if wanted > 28:
        wanted = min(wanted, monthrange(year, month + 1)[1])
    return date(year, month + 1, wanted)


def stepped(seed: date, every: int, unit: str, k: int) -> date:
    """The day ``k`` steps of ``every`` ``unit`` after ``seed``; the seed itself for 0."""
    if unit == "months":
        return month_after(seed, every * k)
    return seed + timedelta(days=every * k * (7 if unit == "weeks" else 1))


def due_days(seed: date, every: int, unit: str, n: int) -> list[date]:
    """The due days of ``n`` periods of ``every`` ``unit`` (of :data:`UNITS`) from ``seed`` on."""
    assert unit in UNITS, "a step is of days, weeks or months"
    assert every > 0, "a step goes forward"
    return [stepped(seed, every, unit, k) for k in range(1, n + 1)]


def steps_until(seed: date, every: int, unit: str, day: date) -> int:
    """How many whole steps from ``seed`` end on or before ``day``; 0 before the first one."""
    if day <= seed:
        return 0
    if unit != "months":
        return (day - seed).days // (every * (7 if unit == "weeks" else 1))
    k = ((day.year - seed.year) * 12 + day.month - seed.month) // every
    return k if stepped(seed, every, unit, k) <= day else k - 1


def days_between(start: date, end: date) -> int:
    """The days from ``start`` to ``end``, negative where the end lies before the start."""
    return end.toordinal() - start.toordinal()


def days_of_year(year: int) -> int:
    """365, or 366 in a leap year."""
    return 366 if isleap(year) else 365


def by_year(start: date, end: date) -> tuple[int, int]:
    """The days from ``start`` to ``end`` that fall in common years, and those in leap years.

    The years meet at 31 December: the night to New Year's Eve is the last of the old year.
    """
    common = leap = 0
    at = start
    while at < end:
        # From 31 December on the next year's days are counted.
        year = at.year + 1 if (at.month, at.day) == (12, 31) else at.year
        until = min(end, date(year, 12, 31))
        if isleap(year):
            leap += until.toordinal() - at.toordinal()
        else:
            common += until.toordinal() - at.toordinal()
        at = until
    return common, leap


def months_between(start: date, end: date, of: int | None = None) -> tuple[int, int, int]:
    """Whole months from ``start`` to ``end``, the days left over, and the days of that month.

    ``of`` is the day of the month on which months turn (see :func:`month_after`), where ``start``
    is such a day: from 28 February to 31 March is one whole month where ``of`` is 31. The month
    that the rest stands in runs from turn to turn.
    """
    if of is not None and month_after(start, 0, of) != start:
        of = None
    k = (end.year - start.year) * 12 + end.month - start.month
    if month_after(start, k, of) > end:
        k -= 1
    at = month_after(start, k, of)
    return k, (end - at).days, (month_after(start, k + 1, of) - at).days


def share_of_year(
    start: date,
    end: date,
    *,
    days_in_year: str = "365",
    days_in_month: str = "actual",
    unit: str = "months",
    of: int | None = None,
) -> tuple[int, int]:
    """The part of a year between two days as ``(numerator, denominator)``, exact.

    - ``actual/365`` and ``actual/360``: days over 365 or 360.
    - ``actual/actual``: days in common years over 365, days in leap years over 366.
    - ``30/…``: a whole month is 30 days whatever its length, and the days beyond whole months
      are their part of the month they stand in; only where ``unit`` is months, since a week has
      no month. ``of`` is the day of the month on which months turn.

    The denominator is the same for all whole periods of one day count.
    """
    if days_in_month == "30" and unit == "months":
        whole, rest, length = months_between(start, end, of)
        year = days_of_year(start.year) if days_in_year == "actual" else int(days_in_year)
        if not rest:
            return whole * 30, year
        common = gcd(30 * rest, length)
        return whole * 30 * (length // common) + 30 * rest // common, year * (length // common)
    if days_in_year == "actual":
        common, leap = by_year(start, end)
        return common * 366 + leap * 365, _BOTH_YEARS
    return days_between(start, end), int(days_in_year)


def year_share(
    start: date,
    end: date,
    *,
    days_in_year: str = "365",
    days_in_month: str = "actual",
    unit: str = "months",
    of: int | None = None,
) -> Fraction:
    """:func:`share_of_year` as a fraction, for whoever is not in a hurry."""
    return Fraction(
        *share_of_year(
            start, end, days_in_year=days_in_year, days_in_month=days_in_month, unit=unit, of=of
        )
    )
