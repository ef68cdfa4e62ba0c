"""Plans: the rows that a loan is to be repaid in, from its terms and the money paid out.

What all plans promise: the principal of the rows adds up to the money paid out, the last balance
is nothing, no interest is negative, and the last row takes what rounding left over. The rate of a
period is held to :data:`_PLACES` decimal places, its product with the balance rounded once; all
else is whole numbers. 等额本息 is ``equal_installment``, 等额本金 ``equal_principal``, 先息后本
``interest_first``; ``bullet`` is one row at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from forbear.base.errors import LoanError
from forbear.base.money import Rounding, round_ratio, rounded, to_multiple
from forbear.loans.days import days_between, due_days, months_between, share_of_year, stepped
from forbear.loans.parts import NOTHING, Parts
from forbear.loans.state import Row
from forbear.loans.terms import Terms

_PLACES: Final = 19
_ONE: Final = 10**_PLACES
_CORRECTIONS: Final = 3

Amounts = tuple[list[int], list[int]]  # principal and interest of each row


class Disbursement(NamedTuple):
    """Money paid out to the borrower: ``amount`` minor units on the day ``on``."""

    on: date
    amount: int


def plan(terms: Terms, disbursements: Sequence[tuple[date, int]]) -> tuple[Row, ...]:
    """The rows of a loan, down payments among them, in the order of their due days.

    Each disbursement is ``(day, minor units)``; those after the first change the rows from the
    period on in which they arrive. The term's principal is not read: what was paid out counts.
    Raises :class:`LoanError` where money would be paid out after the last due day.
    """
    paid_out = sorted((Disbursement(*each) for each in disbursements), key=_day)
    downs = [_down_payment(terms, each) for each in paid_out]
    net = [
        Disbursement(each.on, each.amount - down)
        for each, down in zip(paid_out, downs, strict=True)
    ]
    calendar = _Calendar.of(terms, net)
    principal, interest = _AMOUNTS[terms.amortization](terms, calendar)
    _defer(interest, min(terms.grace_interest_periods, len(interest) - 1))
    return _rows(calendar, principal, interest, tuple(zip(paid_out, downs, strict=True)))


def _day(paid_out: Disbursement) -> date:
    return paid_out.on


def _down_payment(terms: Terms, paid_out: Disbursement) -> int:
    if terms.down_payment is None:
        return 0
    percent = Fraction(terms.down_payment.percent)
    return _in_multiples(terms, rounded(paid_out.amount * percent / 100, terms.rounding))


# ── periods ──


@dataclass(slots=True)
class _Calendar:
    """The periods of a plan. Rates are whole numbers of 10^-19; ``none`` at index i means nothing.

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
    def of(cls, terms: Terms, net: Sequence[Disbursement]) -> _Calendar:
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
        return cls(starts, dues, rates, arrived, borne, divider(terms.rounding, _ONE))


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
            self._percent * share[0] * _ONE, self._under * share[1], Rounding.HALF_EVEN
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


# ── amounts ──


def _defer(interest: list[int], periods: int) -> None:
    """Interest of the first ``periods`` rows falls due with that of the row after them."""
    if periods > 0:
        interest[periods] += sum(interest[:periods])
        interest[:periods] = [0] * periods


def _flat(calendar: _Calendar, known: int | None = None) -> list[int]:
    """Flat interest of each row: on all that was paid out, whatever has been repaid.

    With ``known``, money that arrives after that row is not reckoned with.
    """
    had, interest = 0, []
    for i, rate in enumerate(calendar.rates):
        if known is None or i <= known:
            interest.append(calendar.divide(had * rate + calendar.borne[i]))
            had += calendar.arrived[i]
        else:
            interest.append(calendar.divide(had * rate))
    return interest


def _bearing(terms: Terms, calendar: _Calendar, principal: list[int]) -> list[int]:
    """The interest of each row, once the principal of each row is known."""
    if terms.interest_method == "flat":
        return _flat(calendar)
    balance, interest = 0, []
    for rate, arrived, borne, repaid in zip(
        calendar.rates, calendar.arrived, calendar.borne, principal, strict=True
    ):
        interest.append(calendar.divide(balance * rate + borne))
        balance += arrived - repaid
    return interest


def _at_the_end(terms: Terms, calendar: _Calendar) -> Amounts:
    principal = [0] * len(calendar.dues)
    principal[-1] = sum(calendar.arrived)
    return principal, _bearing(terms, calendar, principal)


def _epochs(terms: Terms, calendar: _Calendar) -> list[tuple[int, int]]:
    """From which row to which, before it, no new money comes: what is to repay is known anew.

    Rows of a grace on principal belong to none.
    """
    n = len(calendar.dues)
    grace = min(terms.grace_principal_periods, n - 1)
    begins = sorted({max(i, grace) for i in range(n) if calendar.arrived[i] or i == grace})
    return list(zip(begins, [*begins[1:], n], strict=True))


def _equal_principal(terms: Terms, calendar: _Calendar) -> Amounts:
    n = len(calendar.dues)
    principal = [0] * n
    for start, until in _epochs(terms, calendar):
        left = sum(calendar.arrived[: start + 1]) - sum(principal[:start])
        each = _fitting(
            round_ratio(left, n - start, terms.rounding), left // (n - start), left, n - start
        )
        principal[start:until] = [each] * (until - start)
    principal[-1] = sum(calendar.arrived) - sum(principal[:-1])
    return principal, _bearing(terms, calendar, principal)


def _fitting(wanted: int, lower: int, total: int, rows: int) -> int:
    """``wanted``, or ``lower`` where that would repay ``total`` before the last of the rows."""
    return wanted if wanted * (rows - 1) < total or rows == 1 else lower


def _equal_installment(terms: Terms, calendar: _Calendar) -> Amounts:
    n = len(calendar.dues)
    flat = terms.interest_method == "flat"
    epochs = _epochs(terms, calendar)
    principal = [0] * n
    interest = _bearing(terms, calendar, principal)  # right for the rows of a grace
    balance = sum(calendar.arrived[: epochs[0][0]])
    for start, until in epochs:
        if flat:
            rows = _flat_rows(
                terms, _flat(calendar, start), balance + calendar.arrived[start], start
            )
        else:
            rows = _annuity_rows(terms, calendar, balance, start)
        principal[start:until] = rows[0][: until - start]
        interest[start:until] = rows[1][: until - start]
        balance += calendar.arrived[start] - sum(principal[start:until])
    return principal, interest


def _flat_rows(terms: Terms, interest: list[int], balance: int, start: int) -> Amounts:
    """Rows of one instalment where interest is flat; the last one takes the rest."""
    rows = len(interest) - start
    whole = balance + sum(interest[start:])
    level = _in_multiples(terms, round_ratio(whole, rows, terms.rounding))
    if level * (rows - 1) >= whole:
        level = whole // rows
    principal, left = [], balance
    for owed in interest[start:-1]:
        part = min(max(level - owed, 0), left)
        principal.append(part)
        left -= part
    return [*principal, left], interest[start:]


def _in_multiples(terms: Terms, level: int) -> int:
    """An instalment in whole multiples; one smaller than the multiple is left as it is."""
    of = terms.multiple_of
    return to_multiple(level, of, terms.rounding) or level if of else level


def _annuity_rows(terms: Terms, calendar: _Calendar, balance: int, start: int) -> Amounts:
    """Rows of one instalment, found by compounding the rates of the periods, then corrected.

    The instalment is a whole number of minor units (or multiples), so the last row differs; where
    it differs by more than half a unit for each row, the gap is shared out over all rows.
    """
    rates = calendar.rates
    # What the debt grows to, and what instalments of 1 grow to. Money that arrives within the
    # first period counts as if it had been there from its start; the corrections see to the rest.
    grown = (balance + calendar.arrived[start]) * (_ONE + rates[start])
    each = _ONE
    for rate in rates[start + 1 :]:
        grown += grown * rate // _ONE
        each += each * rate // _ONE + _ONE
    exact, rows = round_ratio(grown, each, terms.rounding), len(rates) - start
    level = _in_multiples(terms, exact)
    found = _declining_rows(calendar, balance, start, level)
    if found[0][-1] <= 0 and rows > 1:
        # A rounding that ends the loan before its last row is a rounding too far.
        step = terms.multiple_of or 1
        level = (grown // each) // step * step or grown // each
        found = _declining_rows(calendar, balance, start, level)
    for _ in range(_CORRECTIONS):
        gap = found[0][-1] + found[1][-1] - level
        if abs(gap) <= rows // 2:
            break
        better = _in_multiples(terms, level + round_ratio(gap, rows, Rounding.HALF_EVEN))
        if better == level:
            break
        tried = _declining_rows(calendar, balance, start, better)
        if tried[0][-1] <= 0 or abs(tried[0][-1] + tried[1][-1] - better) >= abs(gap):
            break
        level, found = better, tried
    return found


def _declining_rows(calendar: _Calendar, balance: int, start: int, level: int) -> Amounts:
    """The rows from ``start`` on that pay ``level`` each; the last one takes the rest."""
    divide, rates = calendar.divide, calendar.rates
    interest = divide(balance * rates[start] + calendar.borne[start])
    balance += calendar.arrived[start]
    principals, interests = [], [interest]
    for rate in rates[start + 1 :]:
        part = level - interest
        if part < 0:
            part = 0
        elif part > balance:
            part = balance
        balance -= part
        principals.append(part)
        interest = divide(balance * rate)
        interests.append(interest)
    principals.append(balance)
    return principals, interests


_AMOUNTS: Final[dict[str, Callable[[Terms, _Calendar], Amounts]]] = {
    "equal_installment": _equal_installment,
    "equal_principal": _equal_principal,
    "interest_first": _at_the_end,
    "bullet": _at_the_end,
}
AMORTIZATIONS: Final = tuple(_AMOUNTS)


# ── rows ──


def _rows(
    calendar: _Calendar,
    principal: list[int],
    interest: list[int],
    paid_out: tuple[tuple[Disbursement, int], ...],
) -> tuple[Row, ...]:
    """The rows with their balances: what has been paid out by then, less what is repaid."""
    rows: list[Row] = []
    number, balance, at = 0, 0, 0
    for start, due, part, bears in zip(
        calendar.starts, calendar.dues, principal, interest, strict=True
    ):
        while at < len(paid_out) and paid_out[at][0].on < due:
            # All that is paid out on one day is out before any of its down payments comes in.
            day = paid_out[at][0].on
            same = [each for each in paid_out[at:] if each[0].on == day]
            at += len(same)
            balance += sum(each.amount for each, _ in same)
            for down in (down for _, down in same if down):
                number += 1
                balance -= down
                rows.append(Row(number, day, day, Parts(down), balance=balance, down_payment=True))
        number += 1
        balance -= part
        rows.append(
            Row(
                number,
                start,
                due,
                Parts(part, bears),
                NOTHING,
                NOTHING,
                NOTHING,
                0,
                0,
                None,
                balance,
            )
        )
    return tuple(rows)
