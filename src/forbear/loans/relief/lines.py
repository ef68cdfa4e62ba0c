"""The plan of a loan as relief finds and leaves it: rows, and what interest still runs on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from forbear.loans.days import days_between
from forbear.loans.parts import NOTHING, Component, Parts
from forbear.loans.relief.spreading import part_of
from forbear.loans.state import Row, State
from forbear.loans.terms import Terms


@dataclass(frozen=True, slots=True)
class Line:
    """A row, and how much of its interest still runs: that stops as principal is paid early."""

    row: Row
    running: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of a loan as it stands on a day, at ``rate`` percent a year."""

    on: date
    lines: tuple[Line, ...]
    rate: Decimal
    every: int
    unit: str

    @property
    def open(self) -> Parts:
        """What is still owed, interest still to run included."""
        total = NOTHING
        for line in self.lines:
            total = total.plus(line.row.outstanding)
        return total

    @property
    def running(self) -> int:
        """The interest that is still to run."""
        return sum(line.running for line in self.lines)

    @property
    def closing(self) -> Parts:
        """What would close the loan on its day: everything open but the interest to run."""
        return self.open.minus(Parts(interest=self.running))

    @property
    def ahead(self) -> tuple[Line, ...]:
        """The lines that fall due after the day."""
        return tuple(line for line in self.lines if line.row.due > self.on)


@dataclass(frozen=True, slots=True)
class Reshaped:
    """A plan after a measure.

    ``added`` is interest that the contract's rate would have added and that is not charged;
    ``conditional`` what a missed deadline brings back; ``waived`` what was forgiven outright.
    """

    plan: Plan
    waived: Parts = NOTHING
    added: int = 0
    conditional: Parts = NOTHING


def plan_of(terms: Terms, state: State, closing: Parts) -> Plan:
    """The plan of a loan that had no relief yet; ``closing`` is what would close it that day.

    Its own closing amount is that one, so relief starts from what the borrower could pay today.
    Only a contract that asks all its interest of whoever closes it early is taken at less, for the
    time that the loan was really out (民法典 第677条).
    """
    on, rows = state.as_of, _given_back(state.rows, state.as_of, closing)
    accrued = closing.interest
    if _asks_whole_interest(terms):
        accrued = min(accrued, sum(_accrued(row, on) for row in rows))
    accrued -= sum(row.outstanding.interest for row in rows if row.due <= on)
    lines = []
    for row in rows:
        running = 0
        if row.due > on:
            has = max(0, min(accrued, row.outstanding.interest))
            accrued -= has
            running = row.outstanding.interest - has
        lines.append(Line(row, running))
    return Plan(on, tuple(lines), terms.annual_rate_percent, terms.every, terms.unit)


def _asks_whole_interest(terms: Terms) -> bool:
    """Whether closing early costs interest of days that have not come."""
    if terms.recalculation is not None:
        return terms.recalculation.preclose != "till_preclose_date"
    if terms.engine == "cumulative":
        return True
    return terms.options.get("early_repayment", "interest_until_day") == "whole_interest"


def _given_back(rows: Sequence[Row], on: date, closing: Parts) -> list[Row]:
    """The rows, once interest that was paid for days still to come has paid what is owed already.

    ``closing`` shows that it did: it holds less principal than is open, and no interest.
    """
    credit = sum(row.outstanding.principal for row in rows) - closing.principal
    if credit <= 0:
        return list(rows)
    credit += sum(row.outstanding.interest for row in rows if row.due <= on)
    found = {row.number: row for row in rows}
    back = 0
    for row in reversed(rows):
        if row.due > on and back < credit:
            part = Parts(interest=min(row.paid.interest, credit - back))
            found[row.number] = replace(
                row,
                owed=row.owed.minus(part),
                paid=row.paid.minus(part),
                in_advance=row.in_advance - part.interest,
            )
            back += part.interest
    for due_now, name in ((True, Component.INTEREST), (False, Component.PRINCIPAL)):
        for row in sorted(found.values(), key=lambda each: each.due):
            if not due_now or row.due <= on:
                part = one(name, min(back, getattr(row.outstanding, name.value)))
                found[row.number] = replace(row, paid=row.paid.plus(part))
                back -= part.total
    return [found[row.number] for row in rows]


def _accrued(row: Row, on: date) -> int:
    """What is open of the interest that a row has borne by a day, in equal parts a day."""
    if row.due <= on:
        return row.outstanding.interest
    if row.start >= on:
        return 0
    share = Fraction(days_between(row.start, on), days_between(row.start, row.due))
    unborne = row.owed.interest - part_of(row.owed.interest, share)
    return max(0, row.outstanding.interest - unborne)


def one(component: Component, amount: int) -> Parts:
    """An amount of one component."""
    return Parts(**{component.value: amount})
