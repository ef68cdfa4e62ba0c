"""Rate factors: what one unit of principal bears over a span of days."""

from __future__ import annotations

from calendar import isleap, monthrange
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Final

from forbear.loans.days import stepped
from forbear.loans.terms import Terms

CONTEXT: Final = Context(prec=19, rounding=ROUND_HALF_EVEN)
_PLACES: Final = Decimal(1).scaleb(-19)
_WIDE: Final = Context(prec=60, rounding=ROUND_HALF_EVEN)
ZERO: Final = Decimal(0)
_ONE: Final = Decimal(1)
_WEEK: Final = Decimal(7)


def factor(
    terms: Terms, percent: Decimal, seed: date, period: tuple[date, date], span: tuple[date, date],
    *, for_interest: bool,
) -> Decimal:  # fmt: skip
    """The factor of one span within a repayment period.

    ``percent`` is the yearly rate at the start of the span, ``seed`` the first day of the loan.
    With thirty-day months the instalment is built on whole repayment periods, the interest on the
    months that a period really holds: ``for_interest`` says which is wanted.
    """
    start, due = period
    actual = Decimal((span[1] - span[0]).days)
    whole = Decimal((due - start).days)
    rate = CONTEXT.divide(percent, Decimal(100))
    every = Decimal(terms.every)
    if terms.interest_period == "same_as_repayment" and terms.unit in ("months", "weeks"):
        per_year = Decimal(12 if terms.unit == "months" else 52)
        return _part(rate, (_ONE, every, per_year), actual, whole)
    year_days = days_in_year(terms, span[0], period)
    if _spans_years(terms, span, period):
        shares = _shares_of_years(terms, *span)
        return _part(rate, (_ONE, shares, _ONE), _ONE, _ONE)
    if terms.days_in_month == "actual":
        return _part(rate, (actual, _ONE, year_days), _ONE, _ONE)
    if for_interest:
        every = _periods_held(terms, seed, start, due)
    length = {"days": _ONE, "weeks": _WEEK, "months": Decimal(30)}[terms.unit]
    return _part(rate, (length, every, year_days), actual, whole)


def days_in_year(terms: Terms, on: date, period: tuple[date, date]) -> Decimal:
    """The days of the year in which ``on`` lies, as the product counts them."""
    if terms.days_in_year != "actual":
        return Decimal(terms.days_in_year)
    days = 366 if isleap(on.year) else 365
    if days == 366 and terms.options.get("days_in_year_custom") == "feb_29_period_only":
        days = 366 if _holds_leap_day(period) else 365
    return Decimal(days)


def _part(
    rate: Decimal, share: tuple[Decimal, Decimal, Decimal], actual: Decimal, whole: Decimal
) -> Decimal:
    """A year's rate over ``share``: days times periods over the days of the year."""
    if not whole:
        return ZERO
    length, every, year = share
    part = CONTEXT.divide(CONTEXT.multiply(length, every), year)
    over = CONTEXT.multiply(CONTEXT.multiply(rate, part), actual)
    return CONTEXT.divide(over, whole).quantize(_PLACES, ROUND_HALF_EVEN, _WIDE)


def _holds_leap_day(period: tuple[date, date]) -> bool:
    start, due = period
    return isleap(start.year) and start < date(start.year, 2, 29) <= due


def _spans_years(terms: Terms, span: tuple[date, date], period: tuple[date, date]) -> bool:
    if terms.days_in_year != "actual" or span[1].year <= span[0].year:
        return False
    custom = terms.options.get("days_in_year_custom") == "feb_29_period_only"
    return not custom or _holds_leap_day(period)


def _shares_of_years(terms: Terms, start: date, due: date) -> Decimal:
    """The years between two days, each year's days over its own length, split at 31 December."""
    total = ZERO
    first_of_january = bool(terms.options.get("interest_recognition_on_disbursement_date"))
    at = start
    for year in range(start.year, due.year + 1):
        turn = date(year + 1, 1, 1) if first_of_january else date(year, 12, 31)
        until = due if year == due.year else turn
        share = CONTEXT.divide(Decimal((until - at).days), Decimal(366 if isleap(year) else 365))
        total = CONTEXT.add(total, share)
        at = until
    return total


def _periods_held(terms: Terms, seed: date, start: date, due: date) -> Decimal:
    """How many whole units lie between two due days, and the share of the last one."""
    origin = _seed_of(terms, seed, start, due)
    before = _whole_units(origin, start, terms.unit)
    count = before + 1
    at = start
    while at < due:
        at = stepped(origin, 1, terms.unit, count)
        if at > due:
            held = count - before - 1
            begun = stepped(origin, 1, terms.unit, held)
            rest = CONTEXT.divide(Decimal((due - begun).days), Decimal((at - begun).days))
            return rest + held
        count += 1
    return Decimal(count - before - 1)


def _seed_of(terms: Terms, seed: date, start: date, due: date) -> date:
    count = 1
    while (at := stepped(seed, 1, terms.unit, count)) < due:
        count += 1
    regular = at == due and stepped(at, -terms.every, terms.unit, 1) == start
    return seed if regular else start


def _whole_units(origin: date, at: date, unit: str) -> int:
    if unit == "days":
        return (at - origin).days
    if unit == "weeks":
        return (at - origin).days // 7
    last = monthrange(at.year, at.month)[1]
    if at.day == last and origin.day > at.day:
        at += timedelta(days=1)
    months = (at.year - origin.year) * 12 + at.month - origin.month
    return months - (at.day < origin.day)
