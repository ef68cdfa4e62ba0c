"""Rows after the plan, and money that waits to be used."""

from __future__ import annotations

from datetime import date

from forbear.loans.entries import Entry
from forbear.loans.instalment import Instalment
from forbear.loans.progressive.loan import Loan
from forbear.loans.progressive.paying import Payment, pay


def extra_row(loan: Loan, due: date) -> Instalment:
    """The row after the plan, for what comes due later; its day moves out as needed."""
    last = max((row for row in loan.rows if not row.down_payment), key=lambda row: row.due)
    if last.additional:
        last.due = max(last.due, due)
        return last
    row = Instalment(len(loan.rows) + 1, last.due, due)
    row.additional = True
    row.review(due)
    loan.rows.append(row)
    loan.renumber()
    return row


def use_overpayment(loan: Loan, entry: Entry) -> None:
    """What was paid too much pays what has newly come due."""
    if loan.overpaid <= 0:
        return
    payment = Payment("default", entry.on, loan.overpaid)
    pay(loan, payment)
    loan.overpaid = payment.left
