"""The replay of a progressive loan: its entries, in order, become its rows and postings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from forbear.base.money import Rounding, round_ratio, rounded
from forbear.loans.days import stepped
from forbear.loans.entries import Entry
from forbear.loans.instalment import FEE, INTEREST, PENALTY, PRINCIPAL, Instalment
from forbear.loans.parts import NOTHING, Parts
from forbear.loans.progressive import credits, ending, reaging, refunds
from forbear.loans.progressive.loan import Charge, Loan
from forbear.loans.progressive.reforming import Reformable
from forbear.loans.progressive.operations import PAYMENTS, operations, standing
from forbear.loans.progressive.paying import Payment, pay
from forbear.loans.progressive.rows import extra_row, use_overpayment
from forbear.loans.state import Row, State
from forbear.loans.terms import Terms

_HALF_EVEN = Rounding.HALF_EVEN
_KINDS = {
    "prepay": "repayment",
    "merchant_refund": "merchant_issued_refund",
    "goodwill": "goodwill_credit",
    "waive_interest": "interest_payment_waiver",
}


def fold(terms: Terms, entries: Sequence[Entry], as_of: date) -> State:
    """What the entries amount to on ``as_of``, valued at the last day on which anything was run."""
    return replay(terms, entries, as_of).state


class Replayed:
    """A loan after its entries, and what is shown of it."""

    def __init__(self, loan: Loan, as_of: date, status: str) -> None:
        """Keep the loan; the state is built when it is asked for."""
        self.loan = loan
        self.as_of = as_of
        self.status = status

    @property
    def state(self) -> State:
        """The rows with their balances, and the postings."""
        return State(
            as_of=self.as_of,
            currency=self.loan.terms.currency,
            rows=rows_shown(self.loan),
            postings=tuple(self.loan.postings),
            overpaid=self.loan.overpaid,
            status=self.status,
        )


def replay(terms: Terms, entries: Sequence[Entry], as_of: date) -> Replayed:
    """Replay ``entries`` up to ``as_of``; without any disbursement the planned one is shown."""
    down = terms.down_payment
    kept = standing(entries, down_payments=down is not None and down.auto)
    given = [entry for entry in kept if entry.kind == "disburse"]
    if not given:
        return planned(terms, as_of)
    loan = begin(terms, kept)
    for operation in operations(
        kept, recalculates=loan.recalculates, bears_interest=loan.bears_interest
    ):
        apply(loan, operation.entry)
    loan.prepaying = False
    loan.revalue(valued_on(entries, loan))
    return Replayed(loan, as_of, _status(loan))


def valued_on(entries: Sequence[Entry], loan: Loan) -> date:
    """The last day on which the loan was run: an end of day, a movement, an undo, a charge.

    A charge after the end of the plan stands in a row of its own and leaves the others alone.
    """
    end = loan.planned_end
    return max(
        max(entry.on, entry.recorded_on)
        for entry in entries
        if entry.kind != "charge" or entry.details["due"] <= end
    )


def planned(terms: Terms, as_of: date) -> Replayed:
    """The plan before any money has moved."""
    on = terms.options.get("planned_disbursement") or terms.starts_on
    assert isinstance(on, date), "the reading makes a day of it"
    amount = terms.options.get("applied_principal") or terms.principal
    assert isinstance(amount, int), "the reading makes minor units of it"
    entry = Entry("plan", "disburse", on, on, 0, amount)
    loan = begin(terms, [entry])
    disburse(loan, entry, automatic=False)
    return Replayed(loan, as_of, "proposed")


def _status(loan: Loan) -> str:
    if loan.overpaid:
        return "overpaid"
    if loan.written_off:
        return "written_off"
    if not loan.outstanding().total:
        return "closed"
    return "charged_off" if loan.charged_off else "active"


def due_days_of(terms: Terms, kept: Sequence[Entry], *, bears_interest: bool) -> list[date]:
    """The due days as agreed, counted from the day on which money first went out."""
    seed = terms.starts_on
    given = [entry.on for entry in kept if entry.kind == "disburse"]
    if given and not terms.options.get("due_from_submission"):
        seed = min(given)
    extra = 0
    if not bears_interest:
        extra = sum(int(entry.details.get("extra_terms") or 0) for entry in kept)
    days = [stepped(seed, terms.every, terms.unit, k) for k in range(1, terms.n + extra + 1)]
    fixed = terms.options.get("fixed_length")
    if isinstance(fixed, dict):
        days[-1] = stepped(seed, int(fixed["count"]), str(fixed["unit"]), 1)
    return days


def begin(terms: Terms, kept: Sequence[Entry]) -> Loan:
    """The rows of the plan before any money moves, and the model beside them."""
    given = [entry for entry in kept if entry.kind == "disburse"]
    first = min(entry.on for entry in given)
    changes = any(Decimal(e.details.get("new_annual_rate_percent") or 0) > 0 for e in kept)
    bears = changes or terms.annual_rate_percent > 0
    days = due_days_of(terms, kept, bears_interest=bears)
    starts = [first, *days[:-1]]
    rows = [Instalment(0, start, due) for start, due in zip(starts, days, strict=True)]
    if terms.down_payment is not None:
        for entry in given:
            rows.append(Instalment(0, entry.on, entry.on, down_payment=True))
    loan = Loan(terms, rows, Reformable(terms, list(zip(starts, days, strict=True))), first)
    loan.rate_changes = changes
    loan.planned_end = days[-1]
    loan.renumber()
    for row in rows:
        row.review(first)
    return loan


def apply(loan: Loan, entry: Entry) -> None:
    """Let one entry have its effect."""
    kind = entry.kind
    loan.history.append(entry)
    if kind == "charge":
        add_charge(loan, entry)
    elif kind == "waive_charge":
        ending.waive_charge(loan, entry)
    elif kind == "interest_pause":
        loan.model.pause(entry.details["start"], entry.details["end"])
        _follow_changed(loan, entry.details["start"])
    elif kind == "reschedule":
        _reschedule(loan, entry)
    else:
        _transaction(loan, entry)


def _transaction(loan: Loan, entry: Entry) -> None:
    kind = entry.kind
    if kind in PAYMENTS:
        loan.prepaying = closes(loan, entry)
    loan.revalue(entry.on if kind != "reage" else min(entry.on, entry.details["start"]))
    if kind in PAYMENTS:
        receive(loan, entry)
    elif kind == "disburse":
        disburse(loan, entry)
    elif kind == "chargeback":
        credits.charge_back(loan, entry)
    elif kind == "credit_balance_refund":
        credits.refund_balance(loan, entry)
    elif kind == "charge_off":
        ending.charge_off(loan, entry)
    elif kind == "writeoff":
        ending.write_off(loan, entry)
    elif kind == "contract_termination":
        ending.terminate(loan, entry)
    elif kind == "reage":
        reaging.reage(loan, entry)
    elif kind == "reamortize":
        reaging.reamortize(loan, entry)
    else:
        raise AssertionError(kind)


# -- money out ----------------------------------------------------------------------------------


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
    if loan.bears_interest:
        loan.model.disburse(on, amount - down)
        for period in loan.model.periods:
            found = loan.row_of(period)
            if found is not None and found.due >= on:
                found.owed[PRINCIPAL] = period.due_principal
                found.owed[INTEREST] = period.due_interest
                found.review(on)
    else:
        _spread(loan, on, amount - down)
    loan.post(entry.id, on, "disbursement", amount, NOTHING)
    down -= min(down, loan.overpaid)
    use_overpayment(loan, entry)
    automatic = automatic and not entry.details.get("down_payment_undone")
    if down and loan.terms.down_payment and loan.terms.down_payment.auto and automatic:
        receive(loan, Entry(f"{entry.id}:down", "down_payment", on, entry.recorded_on,
                            entry.seq, down))  # fmt: skip


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


# -- money in -----------------------------------------------------------------------------------


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
    """What closes the loan on ``on``."""
    left = loan.outstanding()
    if not loan.follows_model:
        return left
    row = next((r for r in loan.rows if not r.down_payment and r.start < on <= r.due), None)
    due = loan.model.outstanding_on(row.due if row is not None and loan.values_to_due else on)
    downs = sum(row.outstanding(PRINCIPAL) for row in loan.rows if row.down_payment)
    return Parts(due.principal + downs, due.interest, left.fee, left.penalty)


def receive(loan: Loan, entry: Entry) -> None:
    """A payment, or what is allocated like one."""
    kind = _KINDS.get(entry.kind, entry.kind)
    amount = entry.amount
    if entry.kind == "prepay" and not amount:
        amount = payoff(loan, entry.on).total
        loan.history[-1] = replace(entry, amount=amount)
    if refunds.owed(loan, entry):
        loan.interest_before_refund = refunds.interest_due(loan, entry)
    payment = Payment(kind, entry.on, amount, entry=entry.id)
    pay(loan, payment)
    loan.received.append(payment)
    loan.overpaid = loan.overpaid + payment.left if payment.left > 0 else 0
    parts = Parts(*payment.parts)
    loan.payments[entry.id] = parts
    if payment.left > 0:
        loan.overpayments.append((entry.id, payment.left))
    loan.post(entry.id, entry.on, kind, amount, parts, payment.left)
    if refunds.owed(loan, entry):
        amount = refunds.interest_saved(loan, entry, apply, begin)
        if amount > 0:
            loan.refunded_interest += amount
            receive(loan, Entry(f"{entry.id}:interest", "interest_refund", entry.on,
                                entry.recorded_on, entry.seq, amount))  # fmt: skip


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
    if loan.overpaid > 0:
        _pay_from_overpayments(loan, entry)


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


def _pay_from_overpayments(loan: Loan, entry: Entry) -> None:
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
    assert entry.kind == "charge", "only a charge comes here"


# -- other terms --------------------------------------------------------------------------------


def _reschedule(loan: Loan, entry: Entry) -> None:
    since: date = entry.details["from"]
    new_due = entry.details.get("new_due")
    if new_due is not None:
        reaging.move_due(loan, since, new_due)
    extra = entry.details.get("extra_terms")
    if extra and loan.bears_interest:
        reaging.add_terms(loan, since, int(extra))
    percent = entry.details.get("new_annual_rate_percent")
    if percent is not None:
        loan.model.change_rate(since, Decimal(percent))
    _follow_changed(loan, since)


def _follow_changed(loan: Loan, since: date) -> None:
    if not loan.bears_interest:
        return
    for period in loan.model.periods:
        row = loan.row_of(period)
        if row is not None and not row.settled and since <= row.due:
            row.owed[PRINCIPAL] = period.due_principal
            row.owed[INTEREST] = period.due_interest


def rows_shown(loan: Loan) -> tuple[Row, ...]:
    """The rows in order, each with the principal of the plan that is out after it."""
    shown: list[Row] = []
    balance = 0
    out = sorted(loan.money_out)
    for number, row in enumerate(loan.rows, 1):
        while out and (out[0][0] < row.due or (out[0][0] == row.due and row.down_payment)
                       or (out[0][0] <= row.start)):  # fmt: skip
            balance += out.pop(0)[1]
        balance -= row.owed[PRINCIPAL] - row.credited[PRINCIPAL]
        shown.append(row.row(number, max(0, balance)))
    return tuple(shown)


def payoff_on(terms: Terms, entries: Sequence[Entry], on: date) -> Parts:
    """What closes the loan on ``on``."""
    loan = replay(terms, entries, on).loan
    loan.revalue(on)
    return payoff(loan, on)
