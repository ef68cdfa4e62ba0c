"""Re-ageing, re-amortising and further terms: what is open goes over other rows."""

from __future__ import annotations

from datetime import date

from forbear.base.money import Rounding, round_ratio
from forbear.loans.days import stepped
from forbear.loans.entries import Entry
from forbear.loans.instalment import PRINCIPAL, Instalment
from forbear.loans.parts import Parts
from forbear.loans.progressive.loan import Loan

_HALF_EVEN = Rounding.HALF_EVEN


def reamortize(loan: Loan, entry: Entry) -> None:
    """Overdue principal moves into the rows still to come; the last day stays."""
    on = entry.on
    overdue = 0
    for row in loan.rows:
        if row.due <= on:
            overdue += row.owed[PRINCIPAL] - row.paid[PRINCIPAL]
            row.owed[PRINCIPAL] = row.paid[PRINCIPAL]
            row.review(on)
    future = [r for r in loan.rows if r.due > on and not r.additional and not r.down_payment]
    each = loan.model.in_multiples(round_ratio(overdue, len(future), _HALF_EVEN))
    left = overdue
    for row in future:
        share = left if row is future[-1] else each
        row.owed[PRINCIPAL] += share
        left -= share
        row.review(on)
    loan.post(entry.id, on, "re_amortize", overdue, Parts(principal=overdue))


def reage(loan: Loan, entry: Entry) -> None:
    """Open principal goes over ``n`` new rows from ``start`` on."""
    on = entry.on
    open_principal = 0
    for row in loan.rows:
        left = row.outstanding(PRINCIPAL)
        if left > 0:
            open_principal += left
            row.owed[PRINCIPAL] -= left
            row.review(on)
    if open_principal == 0:
        return
    count = int(entry.details["n"])
    each = loan.model.in_multiples(round_ratio(open_principal, count, _HALF_EVEN))
    kept = [r for r in loan.rows if r.due < on or r.down_payment or r.additional or sum(r.paid)]
    due: date = entry.details["start"]
    before = max((r.due for r in kept if not r.down_payment and r.due < on),
                 default=loan.disbursed_on)  # fmt: skip
    loan.rows[:] = kept
    left = open_principal
    for k in range(count):
        row = Instalment(0, before, due)
        row.reaged = True
        row.owed[PRINCIPAL] = left if k == count - 1 else each
        left -= row.owed[PRINCIPAL]
        row.review(on)
        loan.rows.append(row)
        before = due
        due = stepped(entry.details["start"], int(entry.details["every"]),
                      str(entry.details["unit"]), k + 1)  # fmt: skip
    loan.renumber()
    loan.post(entry.id, on, "re_age", open_principal, Parts(principal=open_principal))


def add_terms(loan: Loan, since: date, extra: int) -> None:
    """``extra`` further rows at the usual step; instalments from ``since`` on are made anew."""
    loan.model.add_periods(since, extra)
    for period in loan.model.periods:
        if loan.row_of(period) is None:
            row = Instalment(0, period.start, period.due)
            row.owed[0], row.owed[1] = period.due_principal, period.due_interest
            row.review(since)
            loan.rows.append(row)
    loan.renumber()
