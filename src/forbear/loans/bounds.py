"""Bounds: what no loan is outside of, whoever lends. One clear line for each slip of the hand.

These are no ceilings of any law (those are dated data of their own): they only keep nonsense out,
such as a rate of 120,000 % or a term of a hundred years, before anything is computed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from forbear.base.errors import LoanError
from forbear.base.money import digits_of, text
from forbear.loans.days import UNITS
from forbear.loans.plan import AMORTIZATIONS
from forbear.loans.terms import Terms

RATE_MAX: Final = 1000  # percent a year
COUNT_MAX: Final = 600  # instalments
_SPAN_MAX: Final = {"days": 18_263, "weeks": 2_609, "months": 600}  # fifty years in each unit
_YEARS: Final = (1900, 2200)
_FIRST_LATE_MAX: Final = 366  # days by which a first instalment may come later than a period
_NUMBER: Final = re.compile(r"[+-]?\d{1,9}(?:\.\d{1,12})?", re.ASCII)
_DAY: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_METHODS: Final = ("declining_balance", "flat", "zero")
_PERIODS: Final = ("daily", "same_as_repayment")
_YEAR_WORDS: Final = ("365", "360", "364", "actual")
_MONTH_WORDS: Final = ("actual", "30")


def percent(given: object, where: str) -> Decimal:
    """A number of percent as a person or a file writes it, ``"7.2"``; exact.

    Raises :class:`LoanError` for anything else, NaN and binary fractions among it.
    """
    written = str(given).strip().removesuffix("%").strip()
    if isinstance(given, bool | float) or not _NUMBER.fullmatch(written):
        raise LoanError(
            f'{where}: «{given}» is not a rate; write percent as text, "7.2", with at most 12 '
            "digits after the point"
        )
    return Decimal(written)


def count(given: object, where: str) -> int:
    """A whole number that is not negative. Raises :class:`LoanError`."""
    if isinstance(given, bool) or not re.fullmatch(r"\d{1,9}", str(given).strip(), re.ASCII):
        raise LoanError(f"{where}: «{given}» is not a whole number; write one such as 12")
    return int(str(given))


def day(given: object, where: str) -> date:
    """A calendar day, ``2026-03-10``. Raises :class:`LoanError` for 31 February and the like."""
    found = _DAY.fullmatch(str(given).strip())
    if not found:
        raise LoanError(f"{where}: «{given}» is not a date; write one such as 2026-03-10")
    try:
        read = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        raise LoanError(
            f"{where}: {given} is not in the calendar; look at the day and the month"
        ) from None
    if not _YEARS[0] <= read.year < _YEARS[1]:
        raise LoanError(
            f"{where}: {given} lies outside {_YEARS[0]} to {_YEARS[1]}; look at the year"
        )
    return read


def checked(terms: Terms, names: Mapping[str, str] | None = None) -> Terms:
    """The same terms where nothing in them is absurd.

    ``names`` says how the fields are called where they came from, so that the message names what
    the person wrote. Raises :class:`LoanError` or
    :class:`~forbear.base.errors.MoneyError` for the first field that is wrong.
    """
    where = _Names(names or {})
    digits_of(terms.currency)
    if terms.principal <= 0:
        raise LoanError(
            f"{where('principal')}: {text(terms.principal, terms.currency)} is not an amount to "
            "lend; it is more than 0"
        )
    _rate(terms.annual_rate_percent, where("annual_rate_percent"))
    _word(terms.unit, UNITS, where("unit"))
    _word(terms.amortization, AMORTIZATIONS, where("amortization"))
    _word(terms.interest_method, _METHODS, where("interest_method"))
    _word(terms.interest_period, _PERIODS, where("interest_period"))
    _word(terms.days_in_year, _YEAR_WORDS, where("days_in_year"))
    _word(terms.days_in_month, _MONTH_WORDS, where("days_in_month"))
    _term(terms, where)
    _first(terms, where)
    _parts(terms, where)
    return terms


class _Names:
    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names

    def __call__(self, field: str) -> str:
        return self._names.get(field, field)


def _word(given: str, known: Sequence[str], where: str) -> None:
    if given not in known:
        raise LoanError(f"{where}: «{given}» is not known; known are {', '.join(known)}")


def _rate(rate: Decimal, where: str) -> None:
    if not rate.is_finite():
        raise LoanError(f"{where}: {rate} is not a rate; write percent a year, such as 7.2")
    if rate < 0:
        raise LoanError(f"{where}: {rate} is negative; a rate is 0 or more percent a year")
    if rate > RATE_MAX:
        raise LoanError(
            f"{where}: {rate} percent a year is beyond any loan (at most {RATE_MAX}); look for a "
            "slip of the hand, or for a rate of another period"
        )


def _term(terms: Terms, where: _Names) -> None:
    if not 1 <= terms.n <= COUNT_MAX:
        raise LoanError(
            f"{where('n')}: {terms.n} is not a number of instalments; it is 1 to {COUNT_MAX}"
        )
    most = _SPAN_MAX[terms.unit]
    if terms.every < 1 or terms.n * terms.every > most:
        raise LoanError(
            f"{where('every')}: {terms.n} instalments every {terms.every} {terms.unit} make no "
            f"term; every is at least 1, and all of them at most {most} {terms.unit}"
        )


def _first(terms: Terms, where: _Names) -> None:
    if not _YEARS[0] <= terms.starts_on.year < _YEARS[1] - COUNT_MAX // 12:
        raise LoanError(f"{where('starts_on')}: {terms.starts_on} is too far off; look at the year")
    if terms.first_due is None:
        return
    late = (terms.first_due - terms.starts_on).days
    days = terms.every * {"days": 1, "weeks": 7, "months": 31}[terms.unit]
    if not 0 < late <= days + _FIRST_LATE_MAX:
        raise LoanError(
            f"{where('first_due')}: {terms.first_due} is not a first due day for a loan of "
            f"{terms.starts_on}; it comes after that day, at most a period and a year later"
        )


def _parts(terms: Terms, where: _Names) -> None:
    for field in ("grace_principal_periods", "grace_interest_periods"):
        if not 0 <= getattr(terms, field) < terms.n:
            raise LoanError(
                f"{where(field)}: {getattr(terms, field)} of {terms.n} instalments cannot be free; "
                f"it is 0 to {terms.n - 1}"
            )
    down = terms.down_payment
    if down is not None and not (down.percent.is_finite() and 0 < down.percent < 100):
        raise LoanError(
            f"{where('down_payment')}: {down.percent} percent is no part of the amount; it is "
            "more than 0 and less than 100"
        )
    if terms.multiple_of is not None and not 0 < terms.multiple_of <= terms.principal:
        raise LoanError(
            f"{where('multiple_of')}: instalments in multiples of "
            f"{text(terms.multiple_of, terms.currency)} do not fit the amount lent; take a "
            "smaller one, such as 1.00"
        )
