"""Money that moves: disbursements, payments, charges; and what would close the loan."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from forbear.base.money import Rounding, round_ratio, rounded
from forbear.loans.entries import Entry
from forbear.loans.instalment import FEE, INTEREST, PENALTY, PRINCIPAL, Instalment
from forbear.loans.parts import NOTHING, Parts
from forbear.loans.progressive.beginning import fixed_rows
from forbear.loans.progressive.loan import Charge, Loan
from forbear.loans.progressive.paying import Payment, pay
from forbear.loans.progressive.rows import extra_row, use_overpayment

_HALF_EVEN = Rounding.HALF_EVEN
_WORDS = {
    "prepay": "repayment",
    "merchant_refund": "merchant_issued_refund",
    "goodwill": "goodwill_credit",
    "waive_interest": "interest_payment_waiver",
}


def disburse(loan: Loan, entry: Entry, *, automatic: bool = True) -> None:
    """Principal goes out: a down payment falls due at once, the rest goes over the rows."""
    on, amount = entry.on, entry.amount
    loan.money_out.append((on, amount))
    down = 0
    if loan.terms.down_payment is not None:
        share = Decimal(amount) * loan.terms.down_payment.percent / 100
        down = loan.model.in_multiples(rounded(share, _HALF_EVEN))
        row = next(r for r in loan.rows if r.down_payment and r.due == on and not r.owed[PRINCIPAL])
        row.owed[PRINCIPAL] += down
        row.review(on)
    if loan.fixed:
        _as_planned(loan, on)
    elif loan.uses_model:
        loan.model.disburse(on, amount - down)
        for period in loan.model.periods:
            found = loan.row_of(period)
            if found is not None and found.due >= on:
                found.owed[PRINCIPAL] = period.due_principal
                found.owed[INTEREST] = period.due_interest
                found.review(on)
    else:
        _spread(loan, on, amount - down)
    loan.post(entry, "disbursement", NOTHING)
    # What was really drawn then stays what it was, whatever is learnt of earlier days later.
    down -= min(down, int(entry.details.get("overpaid_then", loan.overpaid)))
    use_overpayment(loan, entry)
    automatic = automatic and not entry.details.get("down_payment_undone")
    if down and loan.terms.down_payment and loan.terms.down_payment.auto and automatic:
        receive(loan, Entry(f"{entry.id}:down", "down_payment", on, entry.recorded_on,
                            entry.seq, down))  # fmt: skip


def _as_planned(loan: Loan, on: date) -> None:
    """The rows ask for what the plan of the money that is out by now says."""
    made = {row.due: row for row in fixed_rows(loan.terms, loan.money_out) if not row.down_payment}
    for row in loan.rows:
        if not row.down_payment and row.due in made:
            row.owed[PRINCIPAL], row.owed[INTEREST], *_ = made[row.due].owed
            row.review(on)


def _spread(loan: Loan, on: date, amount: int) -> None:
    """Without interest: equal parts over the rows that are still to come."""
    rows = [r for r in loan.rows if r.due > on and not r.down_payment and not r.additional]
    if not rows:
        rows = [extra_row(loan, on)]
    if amount <= 0:
        return
    each = round_ratio(amount, len(rows), _HALF_EVEN)
    left = amount
    for row in rows:
        before = row.owed[PRINCIPAL]
        row.owed[PRINCIPAL] = loan.model.in_multiples(before + each)
        left -= row.owed[PRINCIPAL] - before
        row.review(on)
    rows[-1].owed[PRINCIPAL] += left
    rows[-1].review(on)


def closes(loan: Loan, entry: Entry) -> bool:
    """Whether a payment is enough to close the loan within its period."""
    if not loan.recalculates:
        return False
    row = next((r for r in loan.rows if not r.down_payment and r.start < entry.on <= r.due), None)
    if row is None:
        return False
    amount = entry.amount
    due = loan.model.outstanding_on(row.due)
    return entry.kind == "prepay" or amount >= due.principal + due.interest


def payoff(loan: Loan, on: date) -> Parts:
    """What closes the loan on ``on``: interest for the days until then, no more (民法典 第677条).

    Where the contract asks for the interest as a whole, all of it is owed.
    """
    left = loan.outstanding()
    if loan.spares_interest:
        spared = sum(row.owed[INTEREST] - borne for row, borne in _borne_until(loan, on))
        interest = left.interest - spared
        # Interest paid for days that never come pays principal.
        return Parts(left.principal + min(0, interest), max(0, interest), left.fee, left.penalty)
    if not loan.follows_model:
        return left
    row = next((r for r in loan.rows if not r.down_payment and r.start < on <= r.due), None)
    due = loan.model.outstanding_on(row.due if row is not None and loan.values_to_due else on)
    downs = sum(row.outstanding(PRINCIPAL) for row in loan.rows if row.down_payment)
    return Parts(due.principal + downs, due.interest, left.fee, left.penalty)


def stop_interest(loan: Loan, on: date) -> int:
    """A fixed plan that is paid off early asks for the interest of the days until then.

    What had been paid for days that now never come is given back: it is there for the rest.
    """
    back = 0
    for row, borne in _borne_until(loan, on):
        row.owed[INTEREST] = borne
        over = max(0, row.paid[INTEREST] - borne)
        row.paid[INTEREST] -= over
        row.in_advance -= over
        back += over
    return back


def _borne_until(loan: Loan, on: date) -> list[tuple[Instalment, int]]:
    """Rows of a fixed plan not yet due, with the interest of the days up to ``on``."""
    found: list[tuple[Instalment, int]] = []
    for row in loan.rows:
        if row.down_payment or row.additional or row.due <= on:
            continue
        days, whole = max(0, (on - row.start).days), (row.due - row.start).days
        borne = round_ratio(row.owed[INTEREST] * days, whole, Rounding.DOWN)
        found.append((row, borne))
    return found


def receive(loan: Loan, entry: Entry, *, back: int = 0) -> None:
    """A payment, or what is allocated like one.

    ``back`` is interest given back at the same time: it pays other parts, and the posting shows
    it as interest taken off.
    """
    kind = _WORDS.get(entry.kind, entry.kind)
    amount = entry.amount
    payment = Payment(kind, entry.on, amount + back, entry=entry.id)
    closing = loan.follows_model and amount >= payoff(loan, entry.on).total
    pay(loan, payment, all_of_it=closing)
    if closing and payment.left > 0:
        for row in loan.rows:  # interest that no principal bears any more
            row.owed[INTEREST] -= row.outstanding(INTEREST)
            row.review(entry.on)
    payment.parts[INTEREST] -= back
    loan.received.append(payment)
    loan.overpaid += payment.left
    parts = Parts(*payment.parts)
    loan.payments[entry.id] = parts
    if payment.left > 0:
        loan.overpayments.append((entry.id, payment.left))
    loan.post(entry, kind, parts, amount=amount, over=payment.left)


def add_charge(loan: Loan, entry: Entry) -> None:
    """A fee or a penalty falls due in the row of its day, or in one after the plan."""
    due: date = entry.details["due"]
    component = PENALTY if entry.details.get("charge") == "penalty" else FEE
    last = max((row for row in loan.rows if not row.down_payment), key=lambda row: row.due)
    if due > last.due:
        extra_row(loan, due)
    amount = entry.amount
    percent = entry.details.get("percent_of_principal_plus_interest")
    if percent is not None:
        base = sum(row.owed[PRINCIPAL] + row.owed[INTEREST] for row in loan.rows)
        amount = rounded(Decimal(base) * Decimal(percent) / 100, _HALF_EVEN)
    row = charge_row(loan, due)
    row.owed[component] += amount
    charge = Charge(entry.id, component, due, amount, row=row)
    loan.charges[entry.id] = charge
    _reopen(row)
    if loan.overpaid > 0 and not entry.details.get("waived"):
        _pay_from_overpayments(loan)


def _reopen(row: Instalment) -> None:
    if row.total_outstanding:
        row.settled = False
        row.paid_on = None


def charge_row(loan: Loan, due: date) -> Instalment:
    """The row in which a charge falls due: its day in, the day it starts out."""
    rows = [row for row in loan.rows if not row.down_payment]
    for index, row in enumerate(rows):
        if due <= row.due and (index == 0 or due > rows[index - 1].due):
            return row
    return rows[-1]


def _pay_from_overpayments(loan: Loan) -> None:
    """A new charge is paid from what was paid too much, as if it had been due then."""
    for index, (source, over) in enumerate(loan.overpayments):
        amount = min(loan.overpaid, over)
        if amount <= 0:
            continue
        place = next(i for i, p in enumerate(loan.postings) if p.entry == source)
        posting = loan.postings[place]
        payment = Payment(posting.kind, posting.on, amount)
        pay(loan, payment)
        used = amount - payment.left
        loan.overpaid -= used
        loan.overpayments[index] = (source, over - used)
