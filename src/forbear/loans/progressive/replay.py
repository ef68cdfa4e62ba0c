"""The replay of a progressive loan: its entries, in order, become its rows and postings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from forbear.base.errors import LoanError
from forbear.loans.entries import Entry
from forbear.loans.instalment import INTEREST, PRINCIPAL
from forbear.loans.parts import Parts
from forbear.loans.progressive import ending, giving_back, moving, reaging, refunds
from forbear.loans.progressive.beginning import begin
from forbear.loans.progressive.loan import Loan
from forbear.loans.progressive.operations import PAYMENTS, operations, standing
from forbear.loans.state import Row, State
from forbear.loans.terms import Terms

_RESHAPES: Final = ("reage", "reamortize", "reschedule", "interest_pause")


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
    if down is not None and down.auto:
        kept = [_as_drawn(terms, entries, entry) for entry in kept]
    loan = begin(terms, kept)
    for operation in operations(
        kept, recalculates=loan.recalculates, bears_interest=loan.uses_model
    ):
        apply(loan, operation.entry)
    loan.prepaying = False
    loan.revalue(valued_on(entries, loan))
    return Replayed(loan, as_of, _status(loan))


def _as_drawn(terms: Terms, entries: Sequence[Entry], entry: Entry) -> Entry:
    """A further disbursement with what was overpaid when it was made.

    Its own down payment, drawn by itself, was the smaller by that.
    """
    before = [e for e in entries if e.seq < entry.seq]
    if entry.kind != "disburse" or not any(e.kind == "disburse" for e in before):
        return entry
    then = replay(terms, before, entry.on).loan.overpaid
    return replace(entry, details={**entry.details, "overpaid_then": then})


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
    moving.disburse(loan, entry, automatic=False)
    return Replayed(loan, as_of, "proposed")


def _status(loan: Loan) -> str:
    if loan.overpaid:
        return "overpaid"
    if loan.written_off:
        return "written_off"
    if not loan.outstanding().total:
        return "closed"
    return "charged_off" if loan.charged_off else "active"


def apply(loan: Loan, entry: Entry) -> None:
    """Let one entry have its effect. Raises LoanError where the plan does not allow it."""
    _plan_allows(loan, entry)
    kind = entry.kind
    loan.history.append(entry)
    if kind == "charge":
        moving.add_charge(loan, entry)
    elif kind == "waive_charge":
        ending.waive_charge(loan, entry)
    elif kind == "interest_pause":
        loan.model.pause(entry.details["start"], entry.details["end"])
        _follow_changed(loan, entry.details["start"])
    elif kind == "reschedule":
        _reschedule(loan, entry)
    else:
        _transaction(loan, entry)


def _plan_allows(loan: Loan, entry: Entry) -> None:
    """What changes a plan needs one that follows what happens; a fixed one takes relief alone."""
    reshapes = entry.kind in _RESHAPES
    stays = loan.bears_interest and not loan.recalculates
    if reshapes and stays and (loan.fixed or entry.kind != "reschedule"):
        raise LoanError(
            f"events[{entry.seq}].kind: {entry.kind} goes with equal instalments whose interest "
            "is recalculated; grant relief instead, such as relief_reage"
        )


def _transaction(loan: Loan, entry: Entry) -> None:
    kind = entry.kind
    if kind in PAYMENTS:
        loan.prepaying = moving.closes(loan, entry)
    loan.revalue(entry.on if kind != "reage" else min(entry.on, entry.details["start"]))
    if kind in PAYMENTS:
        _receive(loan, entry)
    elif kind == "disburse":
        moving.disburse(loan, entry)
    elif kind == "chargeback":
        giving_back.charge_back(loan, entry)
    elif kind == "credit_balance_refund":
        giving_back.refund_balance(loan, entry)
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


def _receive(loan: Loan, entry: Entry) -> None:
    """A payment; a refund of a purchase brings the interest on it back as well."""
    if entry.kind == "prepay" and not entry.amount:
        entry = replace(entry, amount=moving.payoff(loan, entry.on).total)
        loan.history[-1] = entry
    owing = loan.spares_interest and loan.outstanding().total
    if owing and entry.amount >= moving.payoff(loan, entry.on).total:
        moving.receive(loan, entry, back=moving.stop_interest(loan, entry.on))
        return
    if not refunds.owed(loan, entry):
        moving.receive(loan, entry)
        return
    before = loan.model.interest_on(entry.on)
    moving.receive(loan, entry)
    saved = refunds.interest_saved(loan, entry, before, apply, begin)
    if saved > 0:
        loan.refunded_interest += saved
        made = replace(entry, id=f"{entry.id}:interest", kind="interest_refund", amount=saved)
        moving.receive(loan, made)


def _reschedule(loan: Loan, entry: Entry) -> None:
    since: date = entry.details["from"]
    new_due = entry.details.get("new_due")
    if new_due is not None:
        reaging.move_due(loan, since, new_due)
    extra = entry.details.get("extra_terms")
    if extra and loan.uses_model:
        reaging.add_terms(loan, since, int(extra))
    percent = entry.details.get("new_annual_rate_percent")
    if percent is not None:
        loan.model.change_rate(since, Decimal(percent))
    _follow_changed(loan, since)


def _follow_changed(loan: Loan, since: date) -> None:
    if not loan.uses_model:
        return
    planned = sum(row.owed[PRINCIPAL] for row in loan.rows)
    for period in loan.model.periods:
        row = loan.row_of(period)
        if row is not None and not row.settled and since <= row.due:
            row.owed[PRINCIPAL] = period.due_principal
            row.owed[INTEREST] = period.due_interest
    if not loan.recalculates:
        # The model has not seen the payments: the last open row keeps the sum what it was.
        gap = planned - sum(row.owed[PRINCIPAL] for row in loan.rows)
        still = [row for row in loan.rows if not row.settled and not row.down_payment]
        if gap and still:
            still[-1].owed[PRINCIPAL] += gap


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
    return moving.payoff(loan, on)
