"""How a loan ends before its time: charge-off, termination, write-off; and charges waived."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from forbear.base.money import Rounding, rounded
from forbear.loans.entries import Entry
from forbear.loans.instalment import FEE, INTEREST, PENALTY, PRINCIPAL, Instalment
from forbear.loans.parts import NOTHING, Parts
from forbear.loans.progressive.loan import Loan
from forbear.loans.progressive.paying import Payment, pay
from forbear.loans.progressive.rates import CONTEXT


def waive_charge(loan: Loan, entry: Entry) -> None:
    """A charge is forgiven as far as it is not paid; it counts as settled on its due day."""
    charge = loan.charges.get(str(entry.details.get("charge_entry", "")))
    if charge is None or charge.row is None:
        return
    row = charge.row
    amount = min(charge.amount - charge.waived, row.outstanding(charge.component))
    charge.waived += amount
    row.waived[charge.component] += amount
    row.check(charge.due)
    loan.post(entry, "waive_loan_charges", NOTHING, on=charge.due, amount=amount)


def write_off(loan: Loan, entry: Entry) -> None:
    """Nothing more is owed; what was paid stays as it was."""
    left = loan.outstanding()
    for row in loan.rows:
        for component in range(4):
            row.written_off[component] += row.outstanding(component)
        row.review(entry.on)
    loan.written_off = True
    loan.post(entry, "close_as_written_off", left, amount=left.total)


def terminate(loan: Loan, entry: Entry) -> None:
    """The contract ends: everything falls due on the day, and interest stops."""
    if not any(not row.settled for row in loan.rows):
        return
    accelerate(loan, entry)
    left = loan.outstanding()
    if left.total == 0:
        return
    loan.terminated = True
    loan.post(entry, "contract_termination", left, amount=left.total)


def charge_off(loan: Loan, entry: Entry) -> None:
    """The lender gives the loan up in its books; what the borrower owes follows the product."""
    if not any(not row.settled for row in loan.rows):
        return
    behaviour = loan.terms.options.get("charge_off_behaviour")
    if behaviour == "zero_interest":
        _without_interest(loan, entry.on)
    elif behaviour == "accelerate_maturity":
        accelerate(loan, entry)
    left = loan.outstanding()
    if left.total == 0:
        return
    loan.charged_off = True
    loan.post(entry, "charge_off", left, amount=left.total)


def _share_until(row: Instalment, on: date, interest: int) -> int:
    whole = Decimal((row.due - row.start).days)
    days = Decimal((on - row.start).days)
    share = CONTEXT.multiply(CONTEXT.divide(Decimal(interest), whole), days)
    return rounded(share, Rounding.HALF_EVEN)


def _without_interest(loan: Loan, on: date) -> None:
    """Interest stops on the day; instalments stay, so that what it took now pays principal."""
    for row in loan.rows:
        if not row.start <= on < row.due:
            continue
        outstanding = row.outstanding(INTEREST)
        if loan.recalculates:
            borne = loan.model.interest_until(row.start, row.due, on, credited=True)
            if outstanding <= 0 and borne <= 0:
                continue
            removed = row.owed[INTEREST] - borne
        else:
            if outstanding <= 0:
                continue
            borne = _share_until(row, on, outstanding)
            removed = outstanding - borne
        row.owed[PRINCIPAL] += removed
        row.owed[INTEREST] = borne
    loan.charged_off = True
    for row in loan.rows:
        if row.start > on and not row.settled:
            outstanding = row.outstanding(INTEREST)
            if outstanding > 0:
                row.owed[PRINCIPAL] += outstanding
                row.owed[INTEREST] -= outstanding
    _match_principal(loan, on)


def _match_principal(loan: Loan, on: date) -> None:
    """The last rows give back the principal that earlier ones took over."""
    planned = sum(row.owed[PRINCIPAL] for row in loan.rows if not row.additional)
    rest = sum(amount for _, amount in loan.money_out) - planned
    for row in reversed(loan.rows[1:]):
        if rest == 0:
            break
        if row.additional or row.settled:
            continue
        principal = row.owed[PRINCIPAL]
        row.owed[PRINCIPAL] = max(0, principal + rest)
        row.check(on)
        if abs(rest) <= principal:
            rest = 0
        else:
            rest += principal if rest < 0 else -principal


def accelerate(loan: Loan, entry: Entry) -> None:
    """Everything falls due on the day of ``entry``; interest is counted up to it."""
    on = entry.on
    rows = [row for row in loan.rows if not row.down_payment]
    if on >= max(row.due for row in rows if not row.additional):
        return
    current = next((row for row in rows if row.start < on <= row.due), rows[0])
    if not current.settled:
        _interest_until(loan, current, on)
    current.due = on
    early = [p for p in loan.received if p.on < on and any(r.start > on for r, _ in p.takes)]
    again = [payment for payment in early if not _day_is_settled(rows, payment.on)]
    for payment in early:
        if payment in again:
            payment.take_back()
        else:
            _carry_over(payment, current, on)
    _gather(loan, current, on)
    if loan.recalculates:
        _accelerate_model(loan, on, again)
    for row in loan.rows:
        row.review(on)
    for payment in again:
        _pay_again(loan, payment)
    loan.renumber()


def _interest_until(loan: Loan, row: Instalment, on: date) -> None:
    """The row of the day asks for the interest of the days until then."""
    outstanding = row.outstanding(INTEREST)
    if loan.recalculates:
        borne = loan.model.interest_until(row.start, row.due, on, credited=True)
        if outstanding > 0 or borne > 0:
            row.owed[INTEREST] = borne
    elif outstanding > 0:
        row.owed[INTEREST] = _share_until(row, on, outstanding)


def _gather(loan: Loan, current: Instalment, on: date) -> None:
    """Principal of later rows falls due in the row of the day; charges keep their own day."""
    future = [row for row in loan.rows if on < row.due]
    current.owed[PRINCIPAL] += sum(row.owed[PRINCIPAL] for row in future)
    fees, penalties = (sum(row.owed[c] for row in future) for c in (FEE, PENALTY))
    loan.rows[:] = [r for r in loan.rows if r.start < on or (r.down_payment and r.due <= on)]
    dues = [charge.due for charge in loan.charges.values() if charge.due > on]
    if (fees or penalties) and dues:
        after = Instalment(len(loan.rows) + 1, on, max(dues))
        after.additional = True
        after.owed[FEE], after.owed[PENALTY] = fees, penalties
        loan.rows.append(after)


def _day_is_settled(rows: Sequence[Instalment], day: date) -> bool:
    return any(row.settled for row in rows if row.start < day <= row.due)


def _carry_over(payment: Payment, current: Instalment, on: date) -> None:
    """What a payment gave to rows that are gone now counts for the row of the day."""
    for row, parts in payment.takes:
        if row.start > on:
            for component, amount in enumerate(parts):
                current.paid[component] += amount
            current.in_advance += sum(parts)


def _accelerate_model(loan: Loan, on: date, again: list[Payment]) -> None:
    model = loan.model
    before = [period for period in model.periods if period.start < on]
    if not before:
        return
    last = before[-1]
    removed = [period for period in model.periods if period.start > on or period.start == on]
    principal = sum(period.due_principal for period in removed)
    own = last.due_principal
    last.due = on
    last.spans = [span for span in last.spans if span.start < on] or last.spans[:1]
    model.periods = before
    model.forget()
    borne = model.interest_until(last.start, on, on, credited=False)
    last.instalment = own + principal + borne
    model.update_rates([last])
    model.recalculates = False
    for payment in again:
        for row, parts in payment.takes:
            period = next((p for p in before if p.start == row.start), None)
            if period is not None:
                period.paid_principal -= parts[PRINCIPAL]
                period.paid_interest -= parts[INTEREST]
        model.forget()
        model.correct(payment.on, payment.parts[PRINCIPAL])


def _pay_again(loan: Loan, payment: Payment) -> None:
    payment.left = sum(payment.parts)
    payment.parts = [0, 0, 0, 0]
    payment.takes = []
    pay(loan, payment)
    loan.payments[payment.entry] = Parts(*payment.parts)
