"""Plans: the rows that a loan is to be repaid in, from its terms and the money paid out.

What all plans promise: the principal of the rows adds up to the money paid out, the last balance
is nothing, no interest is negative, and the last row takes what rounding left over. The rate of a
period is held to nineteen decimal places, its product with the balance rounded once; all else is
whole numbers. 等额本息 is ``equal_installment``, 等额本金 ``equal_principal``, 先息后本
``interest_first``; ``bullet`` is one row at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from typing import Final

from forbear.base.money import Rounding, round_ratio, rounded, to_multiple
from forbear.loans.parts import NOTHING, Parts
from forbear.loans.periods import ONE, Calendar, Disbursement
from forbear.loans.state import Row
from forbear.loans.terms import Terms

_CORRECTIONS: Final = 3

Amounts = tuple[list[int], list[int]]  # principal and interest of each row


def plan(terms: Terms, disbursements: Sequence[tuple[date, int]]) -> tuple[Row, ...]:
    """The rows of a loan, down payments among them, in the order of their due days.

    Each disbursement is ``(day, minor units)``; those after the first change the rows from the
    period on in which they arrive. The term's principal is not read: what was paid out counts.
    Raises :class:`~forbear.base.errors.LoanError` where money would be paid out after the last due
    day.
    """
    paid_out = sorted((Disbursement(*each) for each in disbursements), key=_day)
    downs = [_down_payment(terms, each) for each in paid_out]
    net = [
        Disbursement(each.on, each.amount - down)
        for each, down in zip(paid_out, downs, strict=True)
    ]
    calendar = Calendar.of(terms, net)
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


# ── amounts ──


def _defer(interest: list[int], periods: int) -> None:
    """Interest of the first ``periods`` rows falls due with that of the row after them."""
    if periods > 0:
        interest[periods] += sum(interest[:periods])
        interest[:periods] = [0] * periods


def _flat(calendar: Calendar, known: int | None = None) -> list[int]:
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


def _bearing(terms: Terms, calendar: Calendar, principal: list[int]) -> list[int]:
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


def _at_the_end(terms: Terms, calendar: Calendar) -> Amounts:
    principal = [0] * len(calendar.dues)
    principal[-1] = sum(calendar.arrived)
    return principal, _bearing(terms, calendar, principal)


def _epochs(terms: Terms, calendar: Calendar) -> list[tuple[int, int]]:
    """From which row to which, before it, no new money comes: what is to repay is known anew.

    Rows of a grace on principal belong to none.
    """
    n = len(calendar.dues)
    grace = min(terms.grace_principal_periods, n - 1)
    begins = sorted({max(i, grace) for i in range(n) if calendar.arrived[i] or i == grace})
    return list(zip(begins, [*begins[1:], n], strict=True))


def _equal_principal(terms: Terms, calendar: Calendar) -> Amounts:
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


def _equal_installment(terms: Terms, calendar: Calendar) -> Amounts:
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


def _annuity_rows(terms: Terms, calendar: Calendar, balance: int, start: int) -> Amounts:
    """Rows of one instalment, found by compounding the rates of the periods, then corrected.

    The instalment is a whole number of minor units (or multiples), so the last row differs; where
    it differs by more than half a unit for each row, the gap is shared out over all rows.
    """
    rates = calendar.rates
    # What the debt grows to, and what instalments of 1 grow to. Money that arrives within the
    # first period counts as if it had been there from its start; the corrections see to the rest.
    grown = (balance + calendar.arrived[start]) * (ONE + rates[start])
    each = ONE
    for rate in rates[start + 1 :]:
        grown += grown * rate // ONE
        each += each * rate // ONE + ONE
    exact, rows = round_ratio(grown, each, terms.rounding), len(rates) - start
    level = _in_multiples(terms, exact)
    found = _declining_rows(calendar, balance, start, level)
    if rows > 1 and found[1][0] > level:
        # A long first period bears more than an instalment: it is paid alone, and the rest is even.
        later = _annuity_rows(terms, calendar, balance + calendar.arrived[start], start + 1)
        return [0, *later[0]], [found[1][0], *later[1]]
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


def _declining_rows(calendar: Calendar, balance: int, start: int, level: int) -> Amounts:
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


_AMOUNTS: Final[dict[str, Callable[[Terms, Calendar], Amounts]]] = {
    "equal_installment": _equal_installment,
    "equal_principal": _equal_principal,
    "interest_first": _at_the_end,
    "bullet": _at_the_end,
}
AMORTIZATIONS: Final = tuple(_AMOUNTS)


# ── rows ──


def _rows(
    calendar: Calendar,
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
