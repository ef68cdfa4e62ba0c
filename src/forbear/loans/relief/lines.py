"""The plan of a loan as relief finds and leaves it: rows, and what interest still runs on them."""

from __future__ import annotations

from dataclasses import dataclass
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

    Interest has accrued as far as both that and the days of the rows say. A fixed plan that asks
    all its interest of whoever closes it early asks more than 民法典 第677条 would give, which
    counts the time that the loan was really out.
    """
    on = state.as_of
    by_days = sum(_accrued(row, on) for row in state.rows)
    accrued = min(closing.interest, by_days) - sum(
        row.outstanding.interest for row in state.rows if row.due <= on
    )
    lines = []
    for row in state.rows:
        running = 0
        if row.due > on:
            has = max(0, min(accrued, row.outstanding.interest))
            accrued -= has
            running = max(0, row.outstanding.interest - has)
        lines.append(Line(row, running))
    return Plan(on, tuple(lines), terms.annual_rate_percent, terms.every, terms.unit)


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
