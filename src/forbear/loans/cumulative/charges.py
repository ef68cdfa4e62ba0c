"""Charges of a fixed plan: which instalment bears a fee or a penalty, and what is paid of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from forbear.base.money import Rounding, rounded
from forbear.loans.cumulative.standing import Standing, nothing
from forbear.loans.parts import Component


@dataclass(slots=True)
class Charge:
    """A fee or a penalty. ``percent`` is of the plan's principal and interest; else ``flat``."""

    entry: str
    component: Component
    due: date
    seq: int
    flat: int = 0
    percent: Decimal | None = None
    waived_on: date | None = None
    waived_by: str = ""
    paid: int = 0

    def amount(self, principal: int, interest: int) -> int:
        """The charge in minor units, on a plan of that principal and interest."""
        if self.percent is None:
            return self.flat
        exact = Fraction(self.percent) * (principal + interest) / 100
        return rounded(exact, Rounding.HALF_EVEN)


def bear(charges: Sequence[Charge], rows: list[Standing]) -> None:
    """Put every charge to the instalment in whose period its day lies.

    The first instalment that is no down payment takes the charges of its first day as well. A
    charge after the last due day gets an instalment of its own.
    """
    if not charges:
        return
    _room_after_the_last(charges, rows)
    principal = sum(row.principal for row in rows)
    interest = sum(row.interest for row in rows)
    first, start = True, min(row.start for row in rows)
    for row in rows:
        if row.down_payment:
            continue
        for charge in charges:
            if falls_in(charge, start, row.due, first=first):
                row.owed[charge.component] += charge.amount(principal, interest)
        first, start = False, row.due


def falls_in(charge: Charge, start: date, due: date, *, first: bool) -> bool:
    """Whether the day of ``charge`` lies in a period; the first one takes its first day in."""
    return (start <= charge.due if first else start < charge.due) and charge.due <= due


def _room_after_the_last(charges: Sequence[Charge], rows: list[Standing]) -> None:
    latest, end = max(charge.due for charge in charges), max(row.due for row in rows)
    if latest <= end:
        return
    if rows[-1].added:
        rows[-1].due = latest
        return
    row = Standing(end, latest)
    row.added = True
    rows.append(row)


def due_by(charges: Sequence[Charge], on: date, rows: Sequence[Standing]) -> dict[Component, int]:
    """What is unpaid of the fees and the penalties whose day has come by ``on``."""
    principal, interest = sum(r.principal for r in rows), sum(r.interest for r in rows)
    sums = nothing()
    for charge in charges:
        amount = charge.amount(principal, interest)
        if charge.due <= on and charge.waived_on is None:
            sums[charge.component] += amount - charge.paid
    return sums


def mark_paid(
    charges: Sequence[Charge], component: Component, amount: int, rows: Sequence[Standing]
) -> None:
    """Note ``amount`` as paid on the charges of one component, the earliest due first."""
    principal, interest = sum(r.principal for r in rows), sum(r.interest for r in rows)
    left = amount
    for charge in sorted(charges, key=lambda c: (c.due, c.seq)):
        if left <= 0:
            return
        if charge.component is component and charge.waived_on is None:
            part = min(left, charge.amount(principal, interest) - charge.paid)
            charge.paid += part
            left -= part
