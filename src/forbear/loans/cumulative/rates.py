"""Rates of a period on a fixed plan: nineteen digits, then one rounding of the money.

A common core banking system divides the yearly rate by the periods of a year, keeps nineteen
significant digits, multiplies, and keeps nineteen digits again before it rounds to cents. Where
a half cent is at stake the digits decide (750.00 at 7 % a year is 4.38 a month, since a twelfth of
it is 4.375 again at nineteen digits), so they are kept here. Source: apache/fineract, the
published expectations of its cumulative schedules.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from typing import Final

from forbear.base.money import Rounding, rounded, to_multiple
from forbear.loans.days import month_after
from forbear.loans.terms import Terms

DIGITS: Final = Context(prec=19, rounding=ROUND_HALF_EVEN)
_FINE: Final = Context(prec=34, rounding=ROUND_HALF_EVEN)
_PERIODS: Final = {"days": 365, "weeks": 52, "months": 12}
_DAYS: Final = {"days": 1, "weeks": 7, "months": 30}


def next_due(terms: Terms, seed: date, last: date) -> date:
    """The due day after ``last``; a plan begun late in a month returns to its day of the month."""
    if terms.unit != "months":
        return _plus_days(last, terms.every * _DAYS[terms.unit])
    day = month_after(last, terms.every)
    return month_after(last, terms.every, seed.day) if seed.day > 28 and day.day >= 28 else day


def periods_between(terms: Terms, seed: date, start: date, end: date) -> Fraction:
    """How many units of the plan (days, weeks or months) lie between two days, in parts."""
    days = (end - start).days
    if terms.unit != "months":
        return Fraction(days, _DAYS[terms.unit])
    whole = (end.year - start.year) * 12 + end.month - start.month
    if month_after(start, whole) > end:
        whole -= 1
    turn, after = (_turned(seed, month_after(start, whole + k)) for k in (0, 1))
    return whole + Fraction((end - turn).days, (after - turn).days)


def period_rate(terms: Terms, annual: Decimal, seed: date, start: date, end: date) -> Decimal:
    """The rate that the days from ``start`` to ``end`` bear."""
    if terms.interest_period == "daily":
        days: Decimal = Decimal((end - start).days)
        if terms.unit == "months" and terms.days_in_month == "30":
            days = _digits(periods_between(terms, seed, start, end) * 30)
        return DIGITS.multiply(_one(terms, annual), days)
    length = Decimal(terms.every)
    if terms.partial_period_interest:
        length = _digits(periods_between(terms, seed, start, end))
    return _FINE.multiply(_one(terms, annual), length)


def rate_within(
    terms: Terms,
    annual: Decimal,
    seed: date,
    period: tuple[date, date],
    days: tuple[date, date],
) -> Decimal:
    """The rate of some days within a period, so that the parts of a period add up to it.

    The peer counts parts of months from the first day of each part, and parts that cross the end
    of a month can add up to more than the period; ours share the period by its days.
    """
    by_days = terms.unit != "months" or (
        terms.interest_period == "daily" and terms.days_in_month != "30"
    )
    if by_days or days == period:
        return period_rate(terms, annual, seed, *days)
    part = Fraction((days[1] - days[0]).days, (period[1] - period[0]).days)
    return DIGITS.multiply(period_rate(terms, annual, seed, *period), _digits(part))


def annuity_rate(terms: Terms, annual: Decimal) -> Decimal:
    """The rate of one whole period, by which an equal instalment is found: months of 30 days."""
    if terms.interest_period == "daily":
        return DIGITS.multiply(_one(terms, annual), Decimal(terms.every * _DAYS[terms.unit]))
    return _FINE.multiply(_one(terms, annual), Decimal(terms.every))


def flat_rate(terms: Terms, annual: Decimal, start: date, end: date, n: int) -> Decimal:
    """The rate of the whole term, for interest on the full amount over all ``n`` periods."""
    if terms.interest_period == "daily":
        length = Decimal((end - start).days)
    elif terms.partial_period_interest:
        length = _digits(periods_between(terms, start, start, end))
    else:
        length = Decimal(terms.every * n)
    return _FINE.multiply(_one(terms, annual), length)


def interest(balance: int, rate: Decimal) -> int:
    """What ``balance`` minor units bear at ``rate``, in whole minor units, half to even."""
    return rounded(DIGITS.multiply(Decimal(balance), rate), Rounding.HALF_EVEN)


def instalment(terms: Terms, balance: int, rate: Decimal, n: int) -> int:
    """The equal instalment that clears ``balance`` in ``n`` periods, in multiples as agreed."""
    if n <= 0:
        return balance
    if rate:
        grown = _FINE.power(1 + rate, n)
        exact = _FINE.divide(_FINE.multiply(Decimal(balance) * rate, grown), grown - 1)
    else:
        exact = _FINE.divide(Decimal(balance), Decimal(n))
    if terms.multiple_of is None:
        return rounded(exact, terms.rounding)
    return rounded(_FINE.divide(exact, Decimal(terms.multiple_of)), terms.rounding) * (
        terms.multiple_of
    )


def shared(amount: int, n: int) -> int:
    """An ``n``-th part of ``amount``, half to even; all of it where no periods are left."""
    if n <= 0:
        return amount
    return rounded(Fraction(amount, n), Rounding.HALF_EVEN)


def down_payment(terms: Terms, amount: int) -> int:
    """The part of a disbursement that is due on its own day; none where none was agreed."""
    if terms.down_payment is None:
        return 0
    exact = Fraction(terms.down_payment.percent) * amount / 100
    part = rounded(exact, terms.rounding)
    of = terms.multiple_of
    return part if of is None else to_multiple(part, of, terms.rounding)


def _one(terms: Terms, annual: Decimal) -> Decimal:
    """The rate of one unit: of a day, where interest is daily, else of a day, week or month."""
    unit = "days" if terms.interest_period == "daily" else terms.unit
    year = _PERIODS[unit]
    if unit == "days" and terms.days_in_year != "actual":
        year = int(terms.days_in_year)
    return DIGITS.divide(DIGITS.divide(annual, Decimal(year)), Decimal(100))


def _digits(exact: Fraction) -> Decimal:
    return DIGITS.divide(Decimal(exact.numerator), Decimal(exact.denominator))


def _turned(seed: date, day: date) -> date:
    return month_after(day, 0, seed.day) if seed.day > 28 and day.day >= 28 else day


def _plus_days(day: date, days: int) -> date:
    return date.fromordinal(day.toordinal() + days)
