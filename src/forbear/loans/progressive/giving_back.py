"""Money that goes back: a payment charged back, a credit balance paid out. Debt rises again."""

from __future__ import annotations

from collections.abc import Sequence

from forbear.loans.entries import Entry
from forbear.loans.instalment import FEE, INTEREST, NAMES, PENALTY, PRINCIPAL, Instalment
from forbear.loans.parts import Parts
from forbear.loans.progressive.loan import Loan
from forbear.loans.progressive.rows import extra_row, use_overpayment


def charge_back(loan: Loan, entry: Entry) -> None:
    """A payment is taken back by its bank: its parts are owed again, in the product's order."""
    order = loan.terms.options.get("chargeback_allocation")
    if not loan.recalculates and not isinstance(order, Sequence):
        _owe_principal(loan, entry, "chargeback")
        use_overpayment(loan, entry)
        return
    parts = _parts_of(loan, entry, order if isinstance(order, Sequence) else None)
    if loan.recalculates and entry.on <= loan.model.maturity:
        if parts.principal:
            loan.model.credit(entry.on, principal=parts.principal)
        if parts.interest:
            loan.model.credit(entry.on, interest=parts.interest)
        loan.follow(entry.on)
        _owe_again(_row_at(loan, entry), Parts(0, 0, parts.fee, parts.penalty), entry)
    elif loan.recalculates:
        _owe_again(extra_row(loan, entry.on), parts, entry)
    else:
        _owe_again(_row_after(loan, entry), parts, entry)
    over = min(entry.amount, loan.overpaid)
    loan.post(entry, "chargeback", parts, over=over)
    use_overpayment(loan, entry)


def _parts_of(loan: Loan, entry: Entry, order: Sequence[str] | None) -> Parts:
    if order is None:
        return Parts(principal=entry.amount)
    source = str(entry.details.get("payment", ""))
    left = list(loan.payments.get(source, Parts()))
    for earlier, taken in loan.charged_back:
        if earlier == source:
            left = [have - back for have, back in zip(left, taken, strict=True)]
    parts, rest = [0, 0, 0, 0], entry.amount
    for word in order:
        index = NAMES.index(word)
        parts[index] = max(0, min(rest, left[index]))
        rest -= parts[index]
    loan.charged_back.append((source, Parts(*parts)))
    return Parts(*parts)


def _row_at(loan: Loan, entry: Entry) -> Instalment:
    if entry.on == loan.model.maturity:
        return next(row for row in loan.rows if row.due == entry.on and not row.down_payment)
    rows = [row for row in loan.rows if not row.down_payment]
    return next((row for row in rows if row.start <= entry.on < row.due), rows[0])


def _row_after(loan: Loan, entry: Entry) -> Instalment:
    """The next row to fall due; after the plan's end a row of its own."""
    rows = [row for row in loan.rows if not row.down_payment]
    for row in rows:
        if row.additional:
            row.due = max(row.due, entry.on)
            return row
        if row.due > entry.on:
            return row
    return rows[-1] if rows[-1].due == entry.on else extra_row(loan, entry.on)


def _owe_again(row: Instalment, parts: Parts, entry: Entry) -> None:
    for component in (PRINCIPAL, INTEREST, FEE, PENALTY):
        row.owed[component] += parts[component]
        row.credited[component] += parts[component]
    row.review(entry.on)


def _owe_principal(loan: Loan, entry: Entry, kind: str) -> None:
    """The whole amount is principal of the next row; what was overpaid pays its part at once."""
    principal = max(0, entry.amount - loan.overpaid)
    repaid = entry.amount - principal
    loan.overpaid -= repaid
    if principal:
        row = _row_after(loan, entry)
        _owe_again(row, Parts(principal=entry.amount), entry)
        if repaid:
            row.pay(PRINCIPAL, repaid, entry.on)
    loan.post(entry, kind, Parts(principal=principal), over=repaid)


def refund_balance(loan: Loan, entry: Entry) -> None:
    """A credit balance is paid out; anything beyond it is owed as principal again."""
    if not loan.recalculates:
        _owe_principal(loan, entry, "credit_balance_refund")
        return
    principal = max(0, entry.amount - loan.overpaid)
    repaid = entry.amount - principal
    loan.overpaid -= repaid
    if principal:
        row = _row_after(loan, entry)
        if row.additional:
            _owe_again(row, Parts(principal=entry.amount), entry)
        else:
            loan.model.credit(entry.on, principal=entry.amount)
            loan.follow(entry.on)
        if repaid:
            if not row.additional:
                loan.model.pay_principal(row.start, row.due, entry.on, repaid)
                loan.follow(entry.on)
            row.pay(PRINCIPAL, repaid, entry.on)
    loan.post(entry, "credit_balance_refund", Parts(principal=principal), over=repaid)  # fmt: skip
