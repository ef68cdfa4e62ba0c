"""The course of a loan: its entries as they came, and the plan that was made anew on the way.

Without interest recalculation the plan is made once, from all that counts. With it, every payment
and every end of day makes the plan anew, and what was asked for by then stays as it was: so the
plan depends on the days on which things were recorded, and on nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Final

from forbear.base.errors import LoanError
from forbear.loans.cumulative.changes import change_of
from forbear.loans.cumulative.charges import Charge
from forbear.loans.cumulative.history import (
    NOT_PAID,
    PAYMENTS,
    known_by,
    live,
    undone_by,
)
from forbear.loans.cumulative.plan import Asked, Tranche, planned
from forbear.loans.cumulative.rates import down_payment
from forbear.loans.cumulative.recalculated import Payment
from forbear.loans.cumulative.replay import replayed
from forbear.loans.cumulative.standing import Standing, nothing, parts_of
from forbear.loans.entries import Entry
from forbear.loans.parts import Component, Parts
from forbear.loans.terms import Terms

# Set among the details of a payment that closed the loan when it came.
_CLOSES: Final = "closes_the_loan"


@dataclass(slots=True)
class Course:
    """The entries so far, payoffs with the amount that they were, and the plan made of them."""

    terms: Terms
    entries: list[Entry] = field(default_factory=list)
    plan: list[Standing] = field(default_factory=list)
    made_on: date | None = None

    @property
    def recalculates(self) -> bool:
        """Whether payments change the plan."""
        return self.terms.recalculation is not None and self.terms.annual_rate_percent > 0

    def take(self, entry: Entry) -> None:
        """Take in the next entry, and make the plan anew where it moves it."""
        if entry.kind in PAYMENTS:
            entry = self._closing(entry)
        elif entry.kind == "reschedule":
            self._check_days(entry)
        self.entries.append(entry)
        if self.recalculates:
            since = self._moves_from(entry, self.entries)
            if since is not None:
                self._remake(entry.recorded_on, since)

    def finish(self) -> None:
        """Make the plan that no payment moves, once, at the end."""
        asked = asked_of(self.terms, live(self.entries))
        if not self.recalculates and asked.tranches:
            self.plan = planned(asked)

    def payoff(self, on: date) -> Parts:
        """What closes the loan on that day: with recalculation no interest beyond it."""
        counted = live(self.entries)
        asked = asked_of(self.terms, counted)
        if not asked.tranches:
            return Parts()
        if self.recalculates and _closed_by(counted) is None:
            kept = _asked_already(self.plan, on)
            plan = planned(replace(asked, today=on, kept=kept, until=on))
        else:
            plan = self.plan or planned(asked)
        open_parts = nothing()
        for row in replayed(self.terms, plan, charges_of(counted), counted).rows:
            for component in Component:
                open_parts[component] += row.open(component)
        return parts_of(open_parts)

    def _check_days(self, entry: Entry) -> None:
        """A due day can be moved where there is one, and not behind the one before it."""
        change, asked = change_of(entry), asked_of(self.terms, live(self.entries))
        if change.new_due is None or not asked.tranches:
            return
        dues = [row.due for row in planned(asked) if not row.down_payment]
        if change.from_due not in dues:
            raise LoanError(
                f"{entry.id}.from: {change.from_due} is no due day of the plan; "
                f"known are {', '.join(str(due) for due in dues)}"
            )
        at = dues.index(change.from_due)
        before = dues[at - 1] if at else min(tranche.on for tranche in asked.tranches)
        if change.new_due <= before:
            raise LoanError(
                f"{entry.id}.new_due: {change.new_due} is not after {before}, the day before it in "
                "the plan; choose a later one"
            )

    def _closing(self, entry: Entry) -> Entry:
        """The payment, marked where it closes the loan; a payoff with its amount."""
        asks = entry.kind == "prepay" and not entry.amount
        latest = all(e.on <= entry.on for e in self.entries)
        if not asks and not (self.recalculates and latest and self._may_close(entry)):
            return entry
        owed = self.payoff(entry.on).total
        if not asks and not 0 < owed <= entry.amount:
            return entry
        details = {**entry.details, _CLOSES: True}
        return replace(entry, amount=owed if asks else entry.amount, details=details)

    def _may_close(self, entry: Entry) -> bool:
        """Whether all payments together reach the principal; less than that closes nothing."""
        counted = live(self.entries)
        paid = entry.amount + sum(p.amount for p in _payments(self.terms, counted, None))
        return paid >= sum(tranche.amount for tranche in tranches_of(counted))

    def _remake(self, today: date, since: date) -> None:
        counted = live(self.entries)
        asked = asked_of(self.terms, counted)
        if not asked.tranches:
            self.plan = []
            return
        closing = _closed_by(counted)
        if closing is not None:
            since = today = closing.on
            asked = replace(asked, until=closing.on)
        self.plan = planned(replace(asked, today=today, kept=_asked_already(self.plan, since)))
        self.made_on = today

    def _moves_from(self, entry: Entry, so_far: Sequence[Entry]) -> date | None:
        """The day from which ``entry`` moves the plan; what was due before stays. None: never."""
        if entry.kind in ("disburse", "reschedule"):
            return date.min
        if entry.kind == "cob":
            return self.made_on
        if entry.kind == "undo":
            return self._moves_from(undone_by(entry, _countable(entry, so_far)), so_far)
        return entry.on if entry.kind in PAYMENTS else None


def course_of(terms: Terms, entries: Sequence[Entry], as_of: date) -> Course:
    """The course of a loan up to ``as_of``, by the days on which its entries were recorded."""
    course = Course(terms)
    for entry in known_by(entries, as_of):
        course.take(entry)
    course.finish()
    return course


def asked_of(terms: Terms, counted: Sequence[Entry]) -> Asked:
    """What a plan is made of, from the entries that count."""
    return Asked(
        terms,
        tranches_of(counted),
        [change_of(entry) for entry in counted if entry.kind == "reschedule"],
        _payments(terms, counted, _closed_by(counted)),
        charges_of(counted),
    )


def tranches_of(counted: Sequence[Entry]) -> list[Tranche]:
    """The disbursements by their value dates."""
    out = [entry for entry in counted if entry.kind == "disburse"]
    return [Tranche(e.on, e.amount) for e in sorted(out, key=lambda e: (e.on, e.seq))]


def charges_of(counted: Sequence[Entry]) -> list[Charge]:
    """The charges, and which of them were waived."""
    charges = [_charge(entry) for entry in counted if entry.kind == "charge"]
    for waiver in (entry for entry in counted if entry.kind == "waive_charge"):
        for charge in charges:
            if charge.entry == waiver.details.get("charge_entry"):
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


def _payments(terms: Terms, counted: Sequence[Entry], closing: Entry | None) -> list[Payment]:
    """What came in, the down payments that are paid by themselves among it."""
    came = [(e.on, e.seq, e.amount) for e in counted if e.kind in PAYMENTS and e is not closing]
    if terms.down_payment is not None and terms.down_payment.auto:
        came += [
            (e.on, e.seq, down_payment(terms, e.amount))
            for e in counted
            if e.kind == "disburse" and not e.details.get(NOT_PAID)
        ]
    return [Payment(on, amount) for on, _, amount in sorted(came)]


def _closed_by(counted: Sequence[Entry]) -> Entry | None:
    """The payment that closed the loan, where no money went out after it."""
    for entry in counted:
        if entry.details.get(_CLOSES) and not any(
            other.kind == "disburse" and (other.on, other.seq) > (entry.on, entry.seq)
            for other in counted
        ):
            return entry
    return None


def _asked_already(plan: Sequence[Standing], since: date) -> Mapping[int, int]:
    """The interest of the instalments that were due before ``since``, by number."""
    rows = [row for row in plan if not row.down_payment]
    return {number: row.interest for number, row in enumerate(rows, 1) if row.due < since}


def _countable(undo: Entry, so_far: Sequence[Entry]) -> list[Entry]:
    """The entries that still counted when ``undo`` was recorded; of repayments, all ever made."""
    before = [entry for entry in so_far if entry is not undo]
    if undo.details.get("what") == "nth_repayment_of_loan":
        return [entry for entry in before if entry.kind != "undo"]
    return live(before)
