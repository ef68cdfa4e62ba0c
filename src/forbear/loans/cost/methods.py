"""The annual cost of a loan by the words of each law: one function a method, over dated flows.

Every method equates what the borrower receives with what the borrower pays. They differ in how time
is measured and in whether the rate of a period is multiplied (nominal) or compounded (effective):

- :func:`regz_actuarial`: 12 CFR Part 1026, Appendix J; unit periods, odd days, nominal.
- :func:`eu_aprc`: Directives 98/7/EC, 2008/48/EC and 2014/17/EU, Annex I; years, effective.
- :func:`cn_all_in`: 中国人民银行公告〔2021〕第3号: all costs tied to the loan over the principal in
  use, annualised, compound (the internal rate of return) or simple and then said to be so.
- :func:`xirr`: what spreadsheets call so; days over 365, effective. No law's word.

Each takes a ``propose`` for the judge (:func:`~forbear.loans.cost.judge.solve`), which only makes
it faster. What counts as a payment is for whoever builds the flows: all that the borrower must pay
to have the loan on its terms, interest and every fee, whoever receives it. A charge kept back from
the advance is a payment on the day of the advance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal

from forbear.base.errors import LoanError
from forbear.loans.cost.flows import Flow
from forbear.loans.cost.judge import Propose, solve
from forbear.loans.cost.rates import NoRate, Rate
from forbear.loans.cost.unit_periods import UnitPeriod, measure, months_back, turns, unit_period
from forbear.loans.days import month_after

MONTHS: Final = Fraction(12)
ONE: Final = Fraction(1)
Length = Literal["year", "month", "week"]


@dataclass(frozen=True, slots=True)
class Dated:
    """An amount on a day: an advance to the borrower, or a payment by the borrower."""

    amount: Decimal | int
    on: date


@dataclass(frozen=True, slots=True)
class Timed:
    """An amount at a time that is already counted, in years."""

    amount: Decimal | int
    years: Fraction


@dataclass(frozen=True, slots=True)
class Cost:
    """The annual cost by one method, as shares; ``rate`` is what the law of the method calls it.

    ``nominal`` is the rate without interest on interest, ``effective`` with it; the law's own is
    one of the two. ``per`` is the unit period of the nominal rate in words.
    """

    rate: Rate | NoRate
    nominal: Rate | NoRate
    effective: Rate | NoRate
    per: str
    per_year: Fraction


def regz_actuarial(
    advances: Sequence[Dated],
    payments: Sequence[Dated],
    *,
    unit: UnitPeriod | None = None,
    begins: date | None = None,
    propose: Propose | None = None,
) -> Cost:
    """The annual percentage rate by the actuarial method of Appendix J.

    ``begins`` is the day from which finance charge is earned, by default that of the first advance.
    ``unit`` is the unit period, by default the one that (b)(4) finds; where a single advance meets
    a single payment it is always the one that (b)(4)(ii) finds. Raises LoanError where an amount
    lies before the beginning.
    """
    begin = begins or min(each.on for each in advances)
    for each in (*advances, *payments):
        if each.on < begin:
            raise LoanError(
                f"{each.on}: it lies before {begin}, when finance charge begins; Appendix J has no "
                "time before that. Take a charge paid earlier off the advance"
            )
    on_days = [[each.on for each in stream] for stream in (advances, payments)]
    if unit is None or len(advances) == len(payments) == 1:
        unit = unit_period(begin, *on_days)
    flows = []
    for sign, stream, days in zip((-1, 1), (advances, payments), on_days, strict=True):
        anchor = turns(days)
        for each in stream:
            whole, odd = measure(begin, each.on, unit, anchor(each.on))
            flows.append(Flow(sign * each.amount, Fraction(whole), odd))
    found = solve(flows, propose=propose, of_a_loan=True)
    nominal = found.times(unit.per_year)
    return Cost(nominal, nominal, found.compounded(unit.per_year), str(unit), unit.per_year)


def eu_aprc(
    advances: Sequence[Timed], payments: Sequence[Timed], *, propose: Propose | None = None
) -> Cost:
    """The annual percentage rate of charge of the European directives, over times in years.

    A charge paid before the first drawdown stands at a negative time. The directives show the rate
    to one decimal place at least, five and more rounded up.
    """
    found = solve(_flows(advances, payments), propose=propose, of_a_loan=True)
    nominal = found.compounded(1 / MONTHS).times(MONTHS)
    return Cost(found, nominal, found, "year", ONE)


def cn_all_in(
    advances: Sequence[Timed],
    payments: Sequence[Timed],
    *,
    simple: bool = False,
    propose: Propose | None = None,
) -> Cost:
    """The all-in annual rate of 央行公告〔2021〕第3号, over times in years.

    Interest and every fee tied directly to the loan stand in proportion to the principal that is
    really in use, which in instalments is what is left after each of them. By default compound, the
    internal rate of return; ``simple`` multiplies the rate of a month by twelve, which may be shown
    only with the word 单利 beside it. How the compound rate of a month becomes one of a year is
    read from the notice's words, not from a formula in the law files (confidence: recalled).
    """
    found = solve(_flows(advances, payments), propose=propose, of_a_loan=True)
    nominal = found.compounded(1 / MONTHS).times(MONTHS)
    return Cost(nominal if simple else found, nominal, found, "month", MONTHS)


def xirr(flows: Sequence[Dated], *, propose: Propose | None = None) -> Rate | NoRate:
    """The rate at which flows of either sign balance, in years of 365 days from the first day."""
    first = min(each.on for each in flows)
    timed = [Flow(each.amount, Fraction((each.on - first).days, 365)) for each in flows]
    return solve(timed, propose=propose)


def irr(amounts: Sequence[Decimal | int]) -> Rate | NoRate:
    """The rate for a period at which amounts, one at the end of each period, balance."""
    return solve([Flow(each, Fraction(at)) for at, each in enumerate(amounts)])


def eu_years(
    drawdown: date, day: date, length: Length | None = None, anchor: int | None = None
) -> Fraction:
    """The years between the first drawdown and a day, as remark (c) of Annex I counts them.

    A whole number of years, months or weeks is that many years, twelfths or fifty-seconds of a
    year. Otherwise periods of ``length`` (by default months) are counted back from the later day,
    and the days that are left are divided by those of the year that ends where they end: 365, or
    366 with a 29 February in it. Negative for a day before the drawdown. ``anchor`` is the day of
    the month that ``day`` stands for (:func:`~forbear.loans.cost.unit_periods.turns`).
    """
    if day < drawdown:
        return -eu_years(day, drawdown, length)
    days = (day - drawdown).days
    months, rest = months_back(drawdown, day, anchor)
    if not rest and length != "week":
        return Fraction(months, 12)
    if days % 7 == 0 and length in (None, "week"):
        return Fraction(days // 7, 52)
    if length == "week":
        whole, rest = Fraction(days // 7, 52), days % 7
    elif length == "year":
        years = months // 12
        whole, rest = Fraction(years), (month_after(day, -12 * years, anchor) - drawdown).days
    else:
        whole = Fraction(months, 12)
    last = date.fromordinal(drawdown.toordinal() + rest)
    return whole + Fraction(rest, (last - month_after(last, -12)).days)


def _flows(advances: Sequence[Timed], payments: Sequence[Timed]) -> list[Flow]:
    return [Flow(-each.amount, each.years) for each in advances] + [
        Flow(each.amount, each.years) for each in payments
    ]
