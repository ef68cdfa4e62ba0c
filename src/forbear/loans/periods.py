"""The periods of a plan: from when to when, at what rate, and what money comes in within each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from forbear.base.errors import LoanError
from forbear.base.money import Rounding, round_ratio
from forbear.loans.days import days_between, due_days, months_between, share_of_year, stepped
from forbear.loans.terms import Terms

# Rates are whole numbers of 10^-19, which nineteen digits after the point are.
ONE: Final = 10**19


class Disbursement(NamedTuple):
    """Money paid out to the borrower: ``amount`` minor units on the day ``on``."""

    on: date
    amount: int


@dataclass(slots=True)
class Calendar:
    """The periods of a plan, one a place in each list; rates are whole numbers of 10^-19.

    ``arrived`` holds the money that comes in within each period, and ``borne`` its interest until
    the end of that period before it is rounded.
    """

    starts: list[date]
    dues: list[date]
    rates: list[int]
    arrived: list[int]
    borne: list[int]
    divide: Callable[[int], int]

    @classmethod
    def of(cls, terms: Terms, net: Sequence[Disbursement]) -> Calendar:
        """The periods of ``terms`` from the first of the disbursements on."""
        assert net, "a plan is made for money paid out"
        dues = _due_days(terms)
        first, last = net[0].on, net[-1].on
        if first >= dues[0]:
            raise LoanError(
                f"first_due: the first instalment on {dues[0]} is not after the disbursement on "
                f"{first}; name a later day"
            )
        if last >= dues[-1]:
            raise LoanError(
                f"disbursements: the one on {last} is not before the last due day {dues[-1]}; "
                "lengthen the term or pay it out earlier"
            )
        starts = [first, *dues[:-1]]
        rate = _Rate(terms)
        rates = rate.of_periods(starts, dues)
        arrived, borne = [0] * len(dues), [0] * len(dues)
        at = 0
        for each in net:
            while each.on >= dues[at]:
                at += 1
            arrived[at] += each.amount
            borne[at] += each.amount * (
                rates[at]
                if each.on == starts[at]
                else rate.of_part(each.on, dues[at], starts[at], rates[at])
            )
        return cls(starts, dues, rates, arrived, borne, divider(terms.rounding, ONE))


def _due_days(terms: Terms) -> list[date]:
    """The due day of each row; a bullet has one, after all of its periods."""
    seed, before = terms.starts_on, 0
    if terms.first_due is not None:
        seed, before = terms.first_due, 1
    if terms.amortization == "bullet":
        return [stepped(seed, terms.every, terms.unit, terms.n - before)]
    after = due_days(seed, terms.every, terms.unit, terms.n - before)
    return [seed, *after] if before else after


class _Rate:
    """The rate of a period of given terms, as a whole number of 10^-19."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._of = (terms.first_due or terms.starts_on).day
        whole = terms.n if terms.amortization == "bullet" else 1
        self._steps = terms.every * whole
        percent = terms.annual_rate_percent
        if terms.interest_method == "zero":
            percent = Decimal(0)
        self._percent, self._under = percent.as_integer_ratio()
        self._under *= 100
        self._alike = terms.interest_period == "same_as_repayment" or (
            terms.days_in_month == "30" and terms.days_in_year != "actual"
        )

    def of_periods(self, starts: list[date], dues: list[date]) -> list[int]:
        """The rate of each period; equal shares of a year are worked out once."""
        first = self._rate(self._share(starts[0], dues[0]))
        if self._alike and len(dues) > 1:
            # Every period after the first is a whole one, so that one rate serves them all.
            return [first, *[self._rate(self._share(starts[1], dues[1]))] * (len(dues) - 1)]
        known: dict[tuple[int, int], int] = {}
        rates = [first]
        for start, due in zip(starts[1:], dues[1:], strict=True):
            share = self._share(start, due)
            rate = known.get(share)
            if rate is None:
                rate = known[share] = self._rate(share)
            rates.append(rate)
        return rates

    def of_part(self, start: date, due: date, period: date, rate: int) -> int:
        """The rate from ``start`` within the period from ``period`` to ``due`` of this ``rate``."""
        terms = self._terms
        if terms.interest_period == "same_as_repayment" and not terms.partial_period_interest:
            return rate
        if terms.days_in_year == "actual" and terms.days_in_month == "actual":
            return self._rate(self._share(start, due))
        # The parts of a period share its rate by their days.
        return round_ratio(
            rate * days_between(start, due), days_between(period, due), Rounding.HALF_EVEN
        )

    def _share(self, start: date, due: date) -> tuple[int, int]:
        terms = self._terms
        if terms.interest_period != "same_as_repayment":
            return share_of_year(
                start,
                due,
                days_in_year=terms.days_in_year,
                days_in_month=terms.days_in_month,
                unit=terms.unit,
                of=self._of,
            )
        return self._nominal(start, due)

    def _nominal(self, start: date, due: date) -> tuple[int, int]:
        """A whole period's part of a year, whatever its days; a part of it where terms ask so."""
        terms = self._terms
        if terms.unit == "months":
            if not terms.partial_period_interest:
                return self._steps, 12
            whole, rest, length = months_between(start, due, self._of)
            return (whole * length + rest, 12 * length) if rest else (whole, 12)
        days = days_between(start, due)
        if not terms.partial_period_interest:
            days = self._steps * (7 if terms.unit == "weeks" else 1)
        if terms.unit == "weeks":
            return days, 7 * 52
        return days, 360 if terms.days_in_year == "360" else 365

    def _rate(self, share: tuple[int, int]) -> int:
        return round_ratio(
            self._percent * share[0] * ONE, self._under * share[1], Rounding.HALF_EVEN
        )


def divider(how: Rounding, by: int) -> Callable[[int], int]:
    """A function that divides amounts that are not negative by ``by``, an even number."""
    half = by // 2

    def half_even(amount: int) -> int:
        whole, rest = divmod(amount, by)
        return whole + 1 if rest > half or (rest == half and whole & 1) else whole

    def half_up(amount: int) -> int:
        return (amount + half) // by

    def down(amount: int) -> int:
        return amount // by

    return {Rounding.HALF_EVEN: half_even, Rounding.HALF_UP: half_up, Rounding.DOWN: down}[how]
