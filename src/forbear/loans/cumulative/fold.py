"""The state of a loan with a fixed plan: every entry replayed, nothing kept in between."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from forbear.loans.cumulative.changes import change_of
from forbear.loans.cumulative.charges import Charge
from forbear.loans.cumulative.history import PAYMENTS, in_order_of_arrival, live
from forbear.loans.cumulative.plan import Asked, Tranche, planned
from forbear.loans.cumulative.recalculated import Payment
from forbear.loans.cumulative.replay import Replayed, replayed
from forbear.loans.cumulative.standing import Standing, rows_of
from forbear.loans.entries import Entry
from forbear.loans.parts import Component, Parts
from forbear.loans.state import State
from forbear.loans.terms import Terms


def fold(terms: Terms, entries: Sequence[Entry], as_of: date) -> State:
    """The loan as it stands on ``as_of``: the entries recorded by then, replayed by value date.

    Before the first disbursement the state shows the plan as proposed. Raises
    :class:`~forbear.base.errors.LoanError` where the allocation strategy is unknown or an undo
    names nothing.
    """
    known = [entry for entry in entries if entry.recorded_on <= as_of]
    counted = live(known)
    tranches = _tranches(counted)
    if not tranches:
        plan = planned(Asked(terms, [Tranche(terms.starts_on, terms.principal)]))
        rows = rows_of(plan, [(terms.starts_on, terms.principal)])
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
    known = [entry for entry in entries if entry.recorded_on <= on]
    counted = live(known)
    plan = _plan(terms, known, until=on)
    state = replayed(terms, plan, _charges(counted), counted)
    return Parts(*(sum(row.open(c) for row in state.rows) for c in (
        Component.PRINCIPAL, Component.INTEREST, Component.FEE, Component.PENALTY
    )))  # fmt: skip


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
    if entry.kind in PAYMENTS or entry.kind == "undo":
        return entry.on
    return None


def _asked_already(plan: Sequence[Standing], since: date) -> Mapping[int, int]:
    """The interest of the instalments that were due before ``since``, by number."""
    rows = [row for row in plan if not row.down_payment]
    return {number: row.interest for number, row in enumerate(rows, 1) if row.due < since}


def _asked(terms: Terms, counted: Sequence[Entry]) -> Asked:
    return Asked(
        terms,
        _tranches(counted),
        [change_of(entry) for entry in counted if entry.kind == "reschedule"],
        [Payment(entry.on, entry.amount) for entry in counted if entry.kind in PAYMENTS],
    )


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
