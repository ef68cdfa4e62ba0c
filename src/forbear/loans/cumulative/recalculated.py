"""Interest recalculation while a plan is being made: what payments early or late change in it.

The book holds the balance that bears interest, which is not the balance of the plan: principal
leaves it on the day that the agreement names (the day of the payment, or the next due day), and
principal that is overdue stays in it until it is paid or, where it is not paid, until today.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from forbear.loans.cumulative import rates
from forbear.loans.cumulative.bargain import Bargain
from forbear.loans.cumulative.charges import Charge, due_by, falls_in
from forbear.loans.cumulative.orders import allocate, order_of
from forbear.loans.cumulative.parts_of_period import Period, computed
from forbear.loans.cumulative.standing import Standing
from forbear.loans.parts import Component, Parts
from forbear.loans.terms import Terms

_PRINCIPAL: Final = Component.PRINCIPAL
_INTEREST: Final = Component.INTEREST


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that came in: the value date and the amount."""

    on: date
    amount: int


class Book:
    """Payments against the instalments made so far, and the balance that bears interest.

    ``changes`` lowers the balance from each day on, ``late`` raises it by what was not paid when
    due. ``reduce`` is early principal that the next instalments need not ask for any more.
    """

    def __init__(
        self,
        terms: Terms,
        balance: int,
        *,
        seed: date,
        today: date,
        payments: Sequence[Payment],
        charges: Sequence[Charge],
    ) -> None:
        self.terms, self.seed, self.today, self.balance = terms, seed, today, balance
        self.how = terms.recalculation
        self.active = self.how is not None and terms.annual_rate_percent > 0
        self.order = order_of(terms.allocation.strategy)
        self.payments = sorted(payments, key=lambda p: p.on) if self.active else []
        self.charges = charges
        self.rows: list[Standing] = []
        self.changes: dict[date, int] = {}
        self.late: dict[date, int] = {}
        self.reduce = self.reduced = self.early = 0
        self.on_due_day: list[Payment] = []
        self.closed_within = False
        self.last_rest = self.rest_day(today) if self.active else today

    def rest_day(self, day: date) -> date:
        """The day from which a payment of ``day`` lowers the interest."""
        if self.how is None or self.how.rest != "same_as_repayment":
            return day
        due = self.seed
        while due < day:
            due = rates.next_due(self.terms, self.seed, due)
        return due

    def merged(self, coming: Mapping[date, int]) -> dict[date, int]:
        """What the balance grows by, by day: overdue principal, disbursements, less payments."""
        merged = dict(self.late)
        for day, amount in coming.items():
            merged[day] = merged.get(day, 0) + amount
        for day, amount in self.changes.items():
            merged[day] = merged.get(day, 0) - amount
        return merged

    def before_due(self, facts: Period, bargain: Bargain, outstanding: int) -> int:
        """Take in what came within the period; returns the principal that is out afterwards."""
        self.early, self.closed_within = 0, True
        came = [p for p in self.payments if p.on <= facts.end]
        self.payments = [p for p in self.payments if p.on > facts.end]
        self.on_due_day, moved_on = [], []
        for payment in came:
            applies = self.rest_day(payment.on)
            if payment.on >= facts.end or applies >= facts.end:
                self.on_due_day.append(payment)
                continue
            took, left = self._allocate(payment)
            if left > 0:
                if self._closes(facts, bargain, payment, left, outstanding):
                    moved_on.append(Payment(payment.on, left))
                    break
                moved_on.append(Payment(facts.end, left))
                self.closed_within = False
                # Money beyond the principal that is out does not lower the balance further.
                used = min(left, outstanding)
                outstanding -= used
                self._lower(applies, used)
                self.early += used
            self._paid_late(took, applies)
        self.on_due_day += moved_on
        return outstanding

    def after_reductions(self, principal: int) -> int:
        """The principal part less what earlier money has paid of it already."""
        used = min(self.reduce, principal) if principal > 0 else 0
        self.reduce -= used
        return principal - used

    def with_early(self, principal: int, bargain: Bargain, number: int, before: int) -> int:
        """The principal part with the money that came within the period, where that is more."""
        self.reduced = self.early
        more = self.early - principal
        if more <= 0:
            return principal
        self.reduce += more
        self._share_out(bargain, before + principal + more, number + 1)
        return principal + more

    def on_due(
        self, row: Standing, outstanding: int, bargain: Bargain, facts: Period, before: int
    ) -> tuple[int, int]:
        """Pay the new instalment; returns the principal out and what more of it was paid."""
        more = 0
        for payment in self.on_due_day:
            took, left = self._allocate(payment)
            if left > 0:
                outstanding -= left
                outstanding = self._closed_early(row, payment, outstanding, bargain, facts)
                used = left + min(0, outstanding)
                outstanding = max(0, outstanding)
                self._lower(self.rest_day(payment.on), used)
                row.owed[_PRINCIPAL] += used
                row.pay(_PRINCIPAL, payment.on, used)
                more += used
                self.reduce += left
                self._share_out(bargain, before + more, facts.number + 1)
            self._compounded_paid(took, self.rest_day(payment.on))
        self._note_late(row.due)
        return outstanding, more

    def add(self, row: Standing) -> None:
        """Take in an instalment, with the charges of a fixed amount that fall in its period."""
        first = all(other.down_payment for other in self.rows)
        self.rows.append(row)
        for charge in self.charges:
            if charge.percent is None and falls_in(charge, row.start, row.due, first=first):
                row.owed[charge.component] += charge.flat

    def close_period(self, row: Standing, principal: int, coming: dict[date, int]) -> None:
        """The balance with which the next period begins."""
        self._lower(self.rest_day(row.due), principal - self.reduced)
        if self.active and self.how is not None and self.how.compounding == "interest":
            self._compound(row)
        for day in [d for d in self.changes if d <= row.due]:
            self.balance -= self.changes.pop(day)
        for day in [d for d in coming if d <= row.due]:
            self.balance += coming.pop(day)
        self.reduced = self.early = 0

    def _allocate(self, payment: Payment) -> tuple[Parts, int]:
        due = due_by(self.charges, payment.on, self.rows)
        rows = sorted(self.rows, key=lambda row: row.due)
        return allocate(rows, self.order, payment.on, payment.amount, due)

    def _lower(self, day: date, amount: int) -> None:
        self.changes[day] = self.changes.get(day, 0) + amount

    def _share_out(self, bargain: Bargain, paid_principal: int, period: int) -> None:
        """What early money does: smaller instalments, fewer of them, or the next ones skipped."""
        if self.how is None or self.reduce <= 0:
            return
        if self.how.advance_payment == "reduce_installment":
            bargain.refix(period, paid_principal)
        if self.how.advance_payment != "reschedule_next_repayments":
            self.reduce = 0

    def _closes(
        self, facts: Period, bargain: Bargain, payment: Payment, left: int, outstanding: int
    ) -> bool:
        """Whether ``left`` pays all principal and the interest up to the day of the payment."""
        if outstanding > left or self._till_rest():
            return False
        upto = Period(
            facts.number, facts.start, payment.on, facts.balance, facts.changes,
            facts.paid_principal, facts.interest_so_far, facts.carried,
        )  # fmt: skip
        got = computed(bargain, upto)
        return got.interest + got.carried + outstanding <= left

    def _closed_early(
        self, row: Standing, payment: Payment, outstanding: int, bargain: Bargain, facts: Period
    ) -> int:
        """End the period on the day of a payment that pays all: no interest beyond that day."""
        if outstanding > row.interest or payment.on == row.due:
            return outstanding
        till = self.rest_day(payment.on) if self._till_rest() else payment.on
        upto = Period(
            facts.number, facts.start, till, facts.balance, facts.changes,
            facts.paid_principal, facts.interest_so_far, facts.carried,
        )  # fmt: skip
        saved = row.interest - computed(bargain, upto).interest
        if outstanding > saved:
            return outstanding
        row.owed[_INTEREST] -= saved
        row.owed[_PRINCIPAL] += saved
        # What the payment had put to that interest is principal now.
        moved = max(0, row.paid[_INTEREST] - row.owed[_INTEREST])
        row.paid[_INTEREST] -= moved
        row.paid[_PRINCIPAL] += moved
        row.due = payment.on
        return outstanding - saved

    def _till_rest(self) -> bool:
        return self.how is not None and self.how.preclose != "till_preclose_date"

    def _note_late(self, by: date) -> None:
        """Principal that was due before today and is not paid bears interest until today."""
        self.late = {}
        total = 0
        for row in self.rows:
            if row.due > by or row.due >= self.today or row.outstanding <= 0:
                continue
            since = self.rest_day(row.due)
            if since < self.today:
                self.late[since] = self.late.get(since, 0) + row.open(_PRINCIPAL)
                total += row.open(_PRINCIPAL)
        if total:
            self.late[self.last_rest] = self.late.get(self.last_rest, 0) - total

    def _paid_late(self, took: Parts, applies: date) -> None:
        """Overdue principal that was paid bears interest until the day of its payment."""
        if applies >= self.last_rest or not took.total:
            return
        left, kept = took.principal, dict[date, int]()
        for day in sorted(d for d in self.late if d < self.last_rest):
            paid = min(self.late[day], left)
            left -= paid
            if day < applies:
                self._lower(day, -paid)
                self._lower(applies, paid)
            rest = self.late[day] - paid
            if rest:
                kept[day] = kept.get(day, 0) + rest
                kept[self.last_rest] = kept.get(self.last_rest, 0) - rest
        self.late = kept
        self._compounded_paid(took, applies)

    def _compound(self, row: Standing) -> None:
        """Interest of an instalment past due bears interest as well, until today."""
        if row.due < self.today:
            self._lower(row.due, -row.interest)
            self._lower(self.last_rest, row.interest)

    def _compounded_paid(self, took: Parts, applies: date) -> None:
        """Interest that was paid bears none from the day of its payment."""
        compounding = self.how is not None and self.how.compounding == "interest"
        if compounding and applies != self.last_rest:
            self._lower(applies, took.interest)
            self._lower(self.last_rest, -took.interest)
