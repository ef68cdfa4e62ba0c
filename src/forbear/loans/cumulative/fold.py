"""The state of a loan with a fixed plan: every entry replayed, nothing kept in between."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from forbear.base.errors import LoanError
from forbear.loans.cumulative.changes import change_of
from forbear.loans.cumulative.charges import Charge
from forbear.loans.cumulative.history import (
    NOT_PAID,
    PAYMENTS,
    in_order_of_arrival,
    live,
    undone_by,
)
from forbear.loans.cumulative.plan import Asked, Tranche, planned
from forbear.loans.cumulative.rates import down_payment
from forbear.loans.cumulative.recalculated import Payment
from forbear.loans.cumulative.replay import Replayed, replayed
from forbear.loans.cumulative.standing import Standing, rows_of
from forbear.loans.entries import Entry
from forbear.loans.parts import Component, Parts
from forbear.loans.state import State
from forbear.loans.terms import Terms

# Relief that a fixed plan does not know, and the words of recalculation that it does know.
_NOT_HERE: Final = ("reage", "reamortize", "interest_pause", "contract_termination")
_KNOWN: Final = {
    "rest": ("daily", "same_as_repayment"),
    "compounding": ("none", "interest"),
    "advance_payment": (
        "reduce_installment", "reduce_number_of_installments", "reschedule_next_repayments",
        "adjust_last_unpaid_period",
    ),
    "preclose": ("till_preclose_date", "till_rest_frequency_date"),
}  # fmt: skip


def fold(terms: Terms, entries: Sequence[Entry], as_of: date) -> State:
    """The loan as it stands on ``as_of``: the entries recorded by then, replayed by value date.

    Before the first disbursement the state shows the plan as proposed. Raises
    :class:`~forbear.base.errors.LoanError` where a fixed plan cannot do what is asked of it, or an
    undo names nothing.
    """
    known = _known(terms, entries, as_of)
    counted = live(known)
    tranches = _tranches(counted)
    if not tranches:
        amount = terms.options.get("applied_principal")
        amount = amount if isinstance(amount, int) else terms.principal
        plan = planned(Asked(terms, [Tranche(terms.starts_on, amount)]))
        rows = rows_of(plan, [(terms.starts_on, amount)])
        return State(as_of, terms.currency, tuple(rows), (), status="proposed")
    done = replayed(terms, _plan(terms, known), _charges(counted), counted)
    disbursed = [(tranche.on, tranche.amount) for tranche in tranches]
    ordered = sorted(done.rows, key=lambda row: row.due)
    return State(
        as_of, terms.currency, tuple(rows_of(ordered, disbursed)), tuple(done.postings),
        done.over, _status(done),
    )  # fmt: skip


def payoff(terms: Terms, entries: Sequence[Entry], on: date) -> Parts:
    """What closes the loan on that day, component by component.

    A fixed plan is closed by all that it still asks for; with recalculation, interest runs to the
    day and no further.
    """
    known = _known(terms, entries, on)
    counted = live(known)
    plan = _plan(terms, known, until=on)
    state = replayed(terms, plan, _charges(counted), counted)
    return Parts(*(sum(row.open(c) for row in state.rows) for c in (
        Component.PRINCIPAL, Component.INTEREST, Component.FEE, Component.PENALTY
    )))  # fmt: skip


def _known(terms: Terms, entries: Sequence[Entry], as_of: date) -> list[Entry]:
    """The entries recorded by ``as_of``, each payoff with the amount that it was."""
    _check(terms, entries)
    known: list[Entry] = []
    for entry in in_order_of_arrival(entries):
        if entry.recorded_on > as_of:
            continue
        if entry.kind == "prepay" and not entry.amount:
            known.append(replace(entry, amount=payoff(terms, known, entry.on).total))
        else:
            known.append(entry)
    return known


def _check(terms: Terms, entries: Sequence[Entry]) -> None:
    for name, words in _KNOWN.items() if terms.recalculation is not None else ():
        word = getattr(terms.recalculation, name)
        if word not in words:
            raise LoanError(
                f"interest_recalculation.{name}: «{word}» is not known to a fixed plan; "
                f"known are {', '.join(words)}"
            )
    for entry in entries:
        if entry.kind in _NOT_HERE:
            raise LoanError(
                f"{entry.id}: a fixed plan (engine cumulative) knows no {entry.kind}; use the "
                "progressive engine, or reschedule"
            )


def _plan(terms: Terms, known: Sequence[Entry], until: date | None = None) -> list[Standing]:
    """The plan after every entry; with recalculation it is made anew at each one that moves it."""
    if terms.recalculation is None or not terms.annual_rate_percent:
        return planned(_asked(terms, live(known)))
    plan: list[Standing] = []
    made_on: date | None = None
    arrived = in_order_of_arrival(known)
    for number, entry in enumerate(arrived, 1):
        since = _moves_from(entry, arrived[:number], made_on)
        if since is None:
            continue
        counted = live(arrived[:number])
        if not _tranches(counted):
            plan = []
            continue
        kept = _asked_already(plan, since)
        plan = planned(replace(_asked(terms, counted), today=entry.recorded_on, kept=kept))
        made_on = entry.recorded_on
    if until is not None:
        kept = _asked_already(plan, until)
        asked = _asked(terms, live(known))
        plan = planned(replace(asked, today=until, kept=kept, until=until))
    return plan


def _moves_from(entry: Entry, so_far: Sequence[Entry], made_on: date | None) -> date | None:
    """The day from which ``entry`` moves the plan; what was due before stays. None: not at all."""
    if entry.kind in ("disburse", "reschedule"):
        return date.min
    if entry.kind == "cob":
        return made_on
    if entry.kind == "undo":
        return _moves_from(undone_by(entry, _standing_before(entry, so_far)), so_far, made_on)
    return entry.on if entry.kind in PAYMENTS else None


def _standing_before(undo: Entry, so_far: Sequence[Entry]) -> list[Entry]:
    """The entries that still counted when ``undo`` was recorded; repayments, all ever made."""
    before = [entry for entry in so_far if entry is not undo]
    if undo.details.get("what") == "nth_repayment_of_loan":
        return [entry for entry in before if entry.kind != "undo"]
    return live(before)


def _asked_already(plan: Sequence[Standing], since: date) -> Mapping[int, int]:
    """The interest of the instalments that were due before ``since``, by number."""
    rows = [row for row in plan if not row.down_payment]
    return {number: row.interest for number, row in enumerate(rows, 1) if row.due < since}


def _asked(terms: Terms, counted: Sequence[Entry]) -> Asked:
    return Asked(
        terms,
        _tranches(counted),
        [change_of(entry) for entry in counted if entry.kind == "reschedule"],
        _payments(terms, counted),
        _charges(counted),
    )


def _payments(terms: Terms, counted: Sequence[Entry]) -> list[Payment]:
    """What came in, the down payments that are paid by themselves among it."""
    came = [(e.on, e.seq, e.amount) for e in counted if e.kind in PAYMENTS]
    if terms.down_payment is not None and terms.down_payment.auto:
        came += [
            (e.on, e.seq, down_payment(terms, e.amount))
            for e in counted
            if e.kind == "disburse" and not e.details.get(NOT_PAID)
        ]
    return [Payment(on, amount) for on, _, amount in sorted(came)]


def _tranches(counted: Sequence[Entry]) -> list[Tranche]:
    out = [entry for entry in counted if entry.kind == "disburse"]
    return [Tranche(e.on, e.amount) for e in sorted(out, key=lambda e: (e.on, e.seq))]


def _charges(counted: Sequence[Entry]) -> list[Charge]:
    charges = [_charge(entry) for entry in counted if entry.kind == "charge"]
    for waiver in (entry for entry in counted if entry.kind == "waive_charge"):
        for charge in charges:
            if waiver.details.get("charge_entry") == charge.entry or (
                waiver.details.get("event") == charge.seq
            ):
                charge.waived_on, charge.waived_by = waiver.on, waiver.id
    return charges


def _charge(entry: Entry) -> Charge:
    told = entry.details
    percent = told.get("percent_of_principal_plus_interest")
    due = told.get("due") or entry.on
    return Charge(
        entry.id,
        Component.PENALTY if told.get("charge") == "penalty" else Component.FEE,
        due if isinstance(due, date) else date.fromisoformat(str(due)),
        entry.seq,
        entry.amount,
        None if percent is None else Decimal(str(percent)),
    )


def _status(done: Replayed) -> str:
    if done.status == "written_off":
        return done.status
    if done.over > 0:
        return "overpaid"
    if not any(row.outstanding for row in done.rows):
        return "closed"
    return done.status
