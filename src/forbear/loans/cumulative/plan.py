"""The plan of a loan with fixed terms: instalment by instalment, from the first disbursement on.

Without interest recalculation the plan follows from the terms, the disbursements and what was
agreed anew, and payments leave it alone. With it, payments early or late change the interest of
what follows; then :class:`~forbear.loans.cumulative.recalculated.Book` keeps them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from forbear.loans.cumulative import rates
from forbear.loans.cumulative.bargain import Bargain
from forbear.loans.cumulative.changes import Change, moved
from forbear.loans.cumulative.charges import Charge
from forbear.loans.cumulative.parts_of_period import Computed, Period, computed
from forbear.loans.cumulative.recalculated import Book, Payment
from forbear.loans.cumulative.standing import Standing
from forbear.loans.parts import Component
from forbear.loans.terms import Terms

_INTEREST: Final = Component.INTEREST
_MOST_ROWS: Final = 2000  # more instalments than any plan has; the loop below ends by itself


@dataclass(frozen=True, slots=True)
class Tranche:
    """One disbursement: the day and the full amount."""

    on: date
    amount: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What a plan is made of.

    ``payments``, ``charges`` and ``today`` count with interest recalculation only. ``kept`` is the
    interest of the instalments, by number, that were asked for already and stay as they are;
    ``until`` ends the plan on a day, for what closes the loan then.
    """

    terms: Terms
    tranches: Sequence[Tranche]
    changes: Sequence[Change] = ()
    payments: Sequence[Payment] = ()
    charges: Sequence[Charge] = ()
    today: date = date.min
    kept: Mapping[int, int] = field(default_factory=dict)
    until: date | None = None


def planned(asked: Asked) -> list[Standing]:
    """The instalments of the plan, down payments among them, in the order of their due days."""
    return _Making(asked).rows()


class _Making:
    """A plan in the making. One object per plan; it is thrown away afterwards."""

    def __init__(self, asked: Asked) -> None:
        terms = asked.terms
        tranches = sorted(asked.tranches, key=lambda t: t.on)
        self.asked, self.tranches = asked, tranches
        self.start = tranches[0].on
        if terms.options.get("due_from_submission"):
            self.start = min(self.start, terms.starts_on)
        net = {t: t.amount - rates.down_payment(terms, t.amount) for t in tranches}
        self.coming: dict[date, int] = {}
        for tranche in tranches:
            self.coming[tranche.on] = self.coming.get(tranche.on, 0) + net[tranche]
        first = self.coming.pop(self.start, 0)
        whole = first + sum(self.coming.values())
        disbursed = sum(t.amount for t in tranches)
        end = self.start
        for k in range(terms.n):
            end = self._next(end, first=k == 0)
        self.bargain = Bargain(
            terms, self.start, moved(asked.changes, end), first, whole, disbursed,
            terms.annual_rate_percent, terms.n,
        )  # fmt: skip
        self.bargain.begin()
        self.book = Book(
            terms, first, seed=self.start, today=asked.today, payments=asked.payments,
            charges=asked.charges,
        )  # fmt: skip
        self.outstanding = first
        self.total_principal = self.total_interest = self.carried = 0
        self.number = 1
        self.at, self.last_due = self.start, self.start
        self.open_changes = list(asked.changes)
        self.last_period = False

    def rows(self) -> list[Standing]:
        """Every instalment until nothing is left to schedule."""
        rows = self.book.rows
        rows.extend(self._down_payments(self.start))
        while (self.outstanding or self.coming) and not self.last_period:
            assert len(rows) < _MOST_ROWS, "a plan comes to an end"
            self._instalment(self._due())
        if self.carried and rows:
            rows[-1].owed[_INTEREST] += self.carried
        return rows

    def _due(self) -> date:
        """The next due day, moved where that was agreed; takes up what else was agreed."""
        due = self._next(self.last_due, first=self.last_due == self.start)
        self.last_due = due = moved(self.asked.changes, due)
        for change in [c for c in self.open_changes if c.from_due <= due]:
            self.open_changes.remove(change)
            self.bargain.apply(change, self.number, self.total_principal, self.total_interest)
        if self.asked.until is not None and due >= self.asked.until:
            self.last_period = True
            return self.asked.until
        return due

    def _instalment(self, due: date) -> None:
        book, bargain = self.book, self.bargain
        self._disbursed_within(due)
        if book.active:
            self.outstanding = book.before_due(self._facts(due), bargain, self.outstanding)
            if book.closed_within and not self.outstanding and not self.coming:
                return
        facts = self._facts(due)
        got = self._kept(computed(bargain, facts))
        self.carried = got.carried
        principal = book.after_reductions(got.principal)
        principal = book.with_early(principal, bargain, self.number, self.total_principal)
        self.outstanding -= principal - book.reduced
        if self.outstanding < 0 or self.last_period:
            principal += self.outstanding
            self.outstanding = 0
        if self.last_period:
            self.coming.clear()
        row = Standing.planned(self.at, due, principal, got.interest)
        book.add(row)
        if book.active:
            self.outstanding, more = book.on_due(
                row, self.outstanding, bargain, facts, self.total_principal + principal
            )
            self.total_principal += more
        book.close_period(row, principal, self.coming)
        self.total_principal += principal
        self.total_interest += row.interest
        self.at = row.due
        self.number += 1

    def _facts(self, due: date) -> Period:
        return Period(
            self.number, self.at, due, self.book.balance, self.book.merged(self.coming),
            self.total_principal - self.book.reduce, self.total_interest, self.carried,
        )  # fmt: skip

    def _kept(self, got: Computed) -> Computed:
        """The interest that was asked for already stays, and an equal instalment with it."""
        interest = self.asked.kept.get(self.number)
        if interest is None:
            return got
        equal = not (self.bargain.equal_principal or self.bargain.flat)
        principal = got.principal + (got.interest - interest if equal else 0)
        return Computed(principal, interest, got.carried)

    def _disbursed_within(self, due: date) -> None:
        for day, amount in self.coming.items():
            if self.at < day <= due:
                self.book.rows.extend(self._down_payments(day))
                self.outstanding += amount
                self.bargain.principal += amount

    def _down_payments(self, day: date) -> list[Standing]:
        shares = (
            rates.down_payment(self.asked.terms, t.amount) for t in self.tranches if t.on == day
        )
        return [
            Standing.planned(day, day, share, down_payment=True)
            for share in shares
            if self.asked.terms.down_payment is not None
        ]

    def _next(self, last: date, *, first: bool) -> date:
        if first and self.asked.terms.first_due is not None:
            return self.asked.terms.first_due
        return rates.next_due(self.asked.terms, self.start, last)
