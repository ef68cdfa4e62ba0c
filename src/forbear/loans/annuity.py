"""The arithmetic of instalments, exact: no step is rounded but those that are named.

Rates are shares of one period (0.07 / 12 for seven per cent a year by the month), amounts are in
whole currency, and both are fractions, so that a figure rounded at last is rounded once. Where a
result is no fraction (a number of periods, a rate of growth), it is a decimal of forty digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction

from forbear.base.errors import LoanError
from forbear.base.money import Rounding, rounded
from forbear.loans.cost.flows import EXACT, as_decimal

_MOST_ROWS = 12_000


@dataclass(frozen=True, slots=True)
class Split:
    """One instalment: its number, what of it is principal and interest, and what is left owed."""

    number: int
    principal: Fraction
    interest: Fraction
    balance: Fraction

    @property
    def total(self) -> Fraction:
        """What is paid."""
        return self.principal + self.interest


def annuity_factor(rate: Fraction, periods: int) -> Fraction:
    """What one unit a period, paid at the end of each, is worth at the beginning."""
    return Fraction(periods) if not rate else (1 - (1 + rate) ** -periods) / rate


def instalment(
    principal: Fraction, rate: Fraction, periods: int, *, at_start: bool = False
) -> Fraction:
    """The equal instalment (等额本息) that repays ``principal`` in ``periods``.

    ``at_start``: each is paid at the beginning of its period, not at its end.
    """
    each = principal / annuity_factor(rate, periods)
    return each / (1 + rate) if at_start else each


def balance_after(principal: Fraction, rate: Fraction, payment: Fraction, paid: int) -> Fraction:
    """What is owed after ``paid`` instalments."""
    growth = (1 + rate) ** paid
    grown = Fraction(paid) if not rate else (growth - 1) / rate
    return principal * growth - payment * grown


def split(principal: Fraction, rate: Fraction, periods: int, number: int) -> Split:
    """Instalment ``number`` of an equal-instalment loan, from 1, in its parts."""
    payment = instalment(principal, rate, periods)
    interest = balance_after(principal, rate, payment, number - 1) * rate
    left = balance_after(principal, rate, payment, number)
    return Split(number, payment - interest, interest, left)


def split_of_many(
    principal: Fraction, rate: Fraction, periods: int, first: int, last: int
) -> tuple[Fraction, Fraction]:
    """The principal and the interest of instalments ``first`` to ``last``, both counted."""
    payment = instalment(principal, rate, periods)
    before = balance_after(principal, rate, payment, first - 1)
    part = before - balance_after(principal, rate, payment, last)
    return part, payment * (last - first + 1) - part


def equal_instalments(principal: Fraction, rate: Fraction, periods: int) -> list[Split]:
    """Every instalment of an equal-instalment loan, unrounded."""
    payment, owed = instalment(principal, rate, periods), principal
    rows = []
    for number in range(1, periods + 1):
        interest = owed * rate
        owed -= payment - interest
        rows.append(Split(number, payment - interest, interest, owed))
    return rows


def equal_principal(principal: Fraction, rate: Fraction, periods: int) -> list[Split]:
    """Every instalment of an equal-principal loan (等额本金): the interest falls, unrounded."""
    part = principal / periods
    return [
        Split(n, part, (principal - part * (n - 1)) * rate, principal - part * n)
        for n in range(1, periods + 1)
    ]


def whole_instalments(
    principal: Fraction,
    rate: Fraction,
    *,
    periods: int | None = None,
    payment: Fraction | None = None,
    digits: int = 2,
) -> list[Split]:
    """The plan of an instalment in whole currency units; interest is rounded to ``digits``.

    The instalment is the equal one rounded up, or ``payment`` as agreed; the last one takes what is
    left. Raises LoanError where the instalment never repays the loan.
    """
    if payment is None:
        assert periods, "an instalment follows from a number of periods"
        payment = Fraction(-(-instalment(principal, rate, periods) // 1))
    owed, rows, unit = principal, list[Split](), 10**digits
    while owed > 0:
        interest = Fraction(rounded(owed * rate * unit, Rounding.HALF_UP), unit)
        if payment <= interest or len(rows) >= _MOST_ROWS:
            raise LoanError(
                f"fixed_instalment: {amount_text(payment)} never repays the loan, since interest "
                f"alone is {amount_text(interest)}; agree a larger one"
            )
        part = min(payment - interest, owed)
        owed -= part
        rows.append(Split(len(rows) + 1, part, interest, owed))
    return rows


def number_of_periods(principal: Fraction, rate: Fraction, payment: Fraction) -> Decimal:
    """How many instalments repay a loan, with a fraction for the last.

    Raises LoanError where the instalment does not even cover the interest.
    """
    if payment <= principal * rate:
        raise LoanError(
            f"payment: {amount_text(payment)} never repays the loan, since interest alone is "
            f"{amount_text(principal * rate)} a period; write a larger one"
        )
    if not rate:
        return as_decimal(principal / payment)
    with localcontext(EXACT):
        return -as_decimal(1 - principal * rate / payment).ln() / as_decimal(1 + rate).ln()


def sinking_fund(target: Fraction, rate: Fraction, periods: int) -> Fraction:
    """The equal deposit at the end of each period that grows to ``target``."""
    return target / (annuity_factor(rate, periods) * (1 + rate) ** periods)


def growth_rate(present: Fraction, future: Fraction, periods: Fraction) -> Decimal:
    """The rate for a period at which ``present`` grows to ``future``, without payments between."""
    with localcontext(EXACT):
        return (as_decimal(future / present).ln() / as_decimal(periods)).exp() - 1


def days_past_due_inclusive(due: date, as_of: date) -> int:
    """The days a payment is late, the due day counted as the first; 0 before it.

    Forbear's own ageing counts from the day after (:mod:`forbear.loans.ageing`), which is kinder by
    a day; some lenders count so.
    """
    return max(0, as_of.toordinal() - due.toordinal() + 1)


def amount_text(value: Fraction) -> str:
    """An amount for a message: two digits after the point."""
    cents = rounded(value * 100, Rounding.HALF_UP)
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"
