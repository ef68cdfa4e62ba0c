"""Payments, waivers, refunds and the rest, put to a fixed plan by their value dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from forbear.loans.cumulative import rates
from forbear.loans.cumulative.charges import Charge, bear, due_by, falls_in, mark_paid
from forbear.loans.cumulative.history import NOT_PAID, PAYMENTS
from forbear.loans.cumulative.orders import allocate, order_of
from forbear.loans.cumulative.standing import Standing, nothing, parts_of
from forbear.loans.entries import Entry
from forbear.loans.parts import NOTHING, Component, Parts
from forbear.loans.state import Posting
from forbear.loans.terms import Terms

_POSTED: Final = {
    "disburse": "disbursement",
    "prepay": "repayment",
    "merchant_refund": "merchant_issued_refund",
    "goodwill": "goodwill_credit",
    "waive_interest": "interest_payment_waiver",
    "waive_charge": "waive_loan_charges",
    "writeoff": "close_as_written_off",
}


@dataclass(slots=True)
class Replayed:
    """The instalments and the postings of a loan, and what was paid beyond the debt."""

    terms: Terms
    rows: list[Standing]
    charges: Sequence[Charge]
    postings: list[Posting] = field(default_factory=list)
    principal_out: int = 0
    over: int = 0
    status: str = "active"

    def post(self, entry: Entry, kind: str, amount: int, parts: Parts, over: int = 0) -> None:
        """Note one movement."""
        balance = max(0, self.principal_out)
        self.postings.append(Posting(entry.id, entry.on, kind, amount, parts, balance, over))


def replayed(
    terms: Terms, plan: Sequence[Standing], charges: Sequence[Charge], entries: Sequence[Entry]
) -> Replayed:
    """Put the live ``entries`` to the ``plan``, by value date and then in order of arrival."""
    rows = [row.fresh() for row in plan]
    for charge in charges:
        charge.paid = 0
    bear(charges, rows)
    if rows:
        start = min(row.start for row in rows)
        for row in rows:
            if not row.outstanding:
                row.settle(start)
    for charge in charges:
        if charge.waived_on is not None:
            _waive(charge, rows)
    done = Replayed(terms, rows, charges)
    for entry in sorted(entries, key=lambda e: (e.on, e.seq)):
        _apply(done, entry)
    return done


def _apply(done: Replayed, entry: Entry) -> None:
    match entry.kind:
        case "disburse":
            _disburse(done, entry)
        case "chargeback" | "credit_balance_refund":
            _give_back(done, entry)
        case "charge_off":
            _charge_off(done, entry)
        case "writeoff":
            _write_off(done, entry)
        case "waive_charge":
            _post_waiver(done, entry)
        case "waiver":
            _waiver(done, entry)
        case kind if kind in PAYMENTS:
            _pay(done, entry, entry.amount, _POSTED.get(kind, kind))


def _disburse(done: Replayed, entry: Entry) -> None:
    done.principal_out += entry.amount
    done.post(entry, "disbursement", entry.amount, NOTHING)
    agreed = done.terms.down_payment
    if agreed is not None and agreed.auto and not entry.details.get(NOT_PAID):
        _pay(done, entry, rates.down_payment(done.terms, entry.amount), "down_payment")


def _pay(done: Replayed, entry: Entry, amount: int, kind: str) -> None:
    rows = sorted(done.rows, key=lambda row: row.due)
    due = due_by(done.charges, entry.on, done.rows)
    order = order_of(done.terms.allocation.strategy)
    took, left = allocate(rows, order, entry.on, amount, due)
    for component, part in ((Component.FEE, took.fee), (Component.PENALTY, took.penalty)):
        mark_paid(done.charges, component, part, done.rows)
    done.principal_out -= took.principal
    done.over += left
    done.post(entry, kind, amount, took, left)


def _give_back(done: Replayed, entry: Entry) -> None:
    """Money that went back: first what was paid too much, then principal that is owed again."""
    surplus = min(done.over, entry.amount)
    done.over -= surplus
    owed_again = entry.amount - surplus
    if owed_again:
        row = _row_for_credit(done, entry.on)
        row.credit(entry.on, entry.amount)
        if surplus:
            row.pay(Component.PRINCIPAL, entry.on, surplus)
    done.principal_out += owed_again
    done.post(entry, entry.kind, entry.amount, Parts(principal=owed_again), surplus)


def _row_for_credit(done: Replayed, on: date) -> Standing:
    """The next instalment of the plan; after the last one, an instalment of its own."""
    rows = sorted((r for r in done.rows if not r.down_payment), key=lambda row: row.due)
    for row in rows:
        if row.added:
            row.due = max(row.due, on)
            return row
        if row.due > on:
            return row
    if rows[-1].due == on:
        return rows[-1]
    row = Standing(rows[-1].due, on, added=True)
    done.rows.append(row)
    return row


def _charge_off(done: Replayed, entry: Entry) -> None:
    """Taken off the lender's books; the borrower's plan stays as it is."""
    owed = nothing()
    for row in done.rows:
        for component in Component:
            owed[component] += row.open(component)
    parts = parts_of(owed)
    done.status = "charged_off"
    balance, done.principal_out = done.principal_out, 0
    done.post(entry, "charge_off", parts.total, parts)
    done.principal_out = balance


def _write_off(done: Replayed, entry: Entry) -> None:
    gone = NOTHING
    for row in done.rows:
        gone = gone.plus(row.write_off(entry.on))
    done.principal_out = 0
    done.status = "written_off"
    done.post(entry, _POSTED["writeoff"], gone.total, gone)


def _waive(charge: Charge, rows: Sequence[Standing]) -> None:
    principal, interest = sum(r.principal for r in rows), sum(r.interest for r in rows)
    left = charge.amount(principal, interest)
    first = True
    start = min(row.start for row in rows)
    for row in rows:
        if row.down_payment:
            continue
        if falls_in(charge, start, row.due, first=first):
            assert charge.waived_on is not None, "only a waived charge comes here"
            row.waive(charge.component, charge.waived_on, left)
            return
        first, start = False, row.due


def _post_waiver(done: Replayed, entry: Entry) -> None:
    for charge in done.charges:
        if charge.waived_by == entry.id:
            principal = sum(r.principal for r in done.rows)
            amount = charge.amount(principal, sum(r.interest for r in done.rows))
            done.post(entry, _POSTED["waive_charge"], amount, NOTHING)


def _waiver(done: Replayed, entry: Entry) -> None:
    """Our own waiver: so much of each component is forgiven, the oldest instalment first."""
    gone = nothing()
    for name, amount in entry.details.items():
        component = Component(name)
        left = int(amount)
        for row in sorted(done.rows, key=lambda r: r.due):
            taken = row.waive(component, entry.on, left)
            left -= taken
            gone[component] += taken
    done.principal_out -= gone[Component.PRINCIPAL]
    parts = parts_of(gone)
    done.post(entry, "waiver", parts.total, parts)
