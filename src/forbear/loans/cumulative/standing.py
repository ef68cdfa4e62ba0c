"""An instalment while a loan is replayed: what was planned, and what came for it, part by part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from forbear.loans.parts import Component, Parts
from forbear.loans.state import Row

_NOTHING: Final = dict.fromkeys(Component, 0)


def nothing() -> dict[Component, int]:
    """No amount of any component."""
    return _NOTHING.copy()


def parts_of(amounts: dict[Component, int]) -> Parts:
    """The same amounts, frozen."""
    return Parts(*(amounts[c] for c in (
        Component.PRINCIPAL, Component.INTEREST, Component.FEE, Component.PENALTY
    )))  # fmt: skip


@dataclass(slots=True)
class Standing:
    """One instalment as it stands in the midst of a replay. Amounts are minor units.

    ``credited`` is principal that was paid back to the borrower's bank and is owed again; it is
    part of what is owed but never was on the plan. ``added`` marks an instalment beyond the plan,
    ``interest_only`` one that holds interest on overdue principal after the last due day.
    """

    start: date
    due: date
    owed: dict[Component, int] = field(default_factory=nothing)
    paid: dict[Component, int] = field(default_factory=nothing)
    waived: dict[Component, int] = field(default_factory=nothing)
    written_off: dict[Component, int] = field(default_factory=nothing)
    credited: int = 0
    in_advance: int = 0
    late: int = 0
    paid_on: date | None = None
    down_payment: bool = False
    added: bool = False
    interest_only: bool = False

    @classmethod
    def planned(
        cls,
        start: date,
        due: date,
        principal: int,
        interest: int = 0,
        *,
        down_payment: bool = False,
    ) -> Standing:
        """An instalment as the plan has it, with nothing paid."""
        row = cls(start, due, down_payment=down_payment)
        row.owed[Component.PRINCIPAL], row.owed[Component.INTEREST] = principal, interest
        return row

    @property
    def principal(self) -> int:
        """The principal owed with this instalment."""
        return self.owed[Component.PRINCIPAL]

    @property
    def interest(self) -> int:
        """The interest owed with this instalment."""
        return self.owed[Component.INTEREST]

    def open(self, component: Component) -> int:
        """What is still owed of one component."""
        return (
            self.owed[component]
            - self.paid[component]
            - self.waived[component]
            - self.written_off[component]
        )

    @property
    def outstanding(self) -> int:
        """What is still owed in all."""
        owed, paid, waived, gone = self.owed, self.paid, self.waived, self.written_off
        return sum(owed.values()) - sum(paid.values()) - sum(waived.values()) - sum(gone.values())

    def pay(self, component: Component, on: date, amount: int) -> int:
        """Put up to ``amount`` to one component; returns what was taken."""
        taken = min(amount, self.open(component))
        if taken <= 0:
            return 0
        self.paid[component] += taken
        if on < self.due:
            self.in_advance += taken
        elif on > self.due:
            self.late += taken
        self.settle(on)
        return taken

    def waive(self, component: Component, on: date, amount: int) -> int:
        """Forgive up to ``amount`` of one component; returns what was forgiven."""
        taken = max(0, min(amount, self.open(component)))
        self.waived[component] += taken
        self.settle(on)
        return taken

    def write_off(self, on: date) -> Parts:
        """Give up everything still owed here; returns it."""
        gone = {component: self.open(component) for component in Component}
        for component, amount in gone.items():
            self.written_off[component] += amount
        self.settle(on)
        return parts_of(gone)

    def credit(self, on: date, amount: int) -> None:
        """Money given back: so much principal is owed again."""
        self.owed[Component.PRINCIPAL] += amount
        self.credited += amount
        self.settle(on)

    def settle(self, on: date) -> None:
        """Note the day on which nothing was left to pay, or that something is left."""
        self.paid_on = None if self.outstanding > 0 else on

    def fresh(self) -> Standing:
        """The same instalment with nothing paid and no charge."""
        row = Standing.planned(
            self.start, self.due, self.principal, self.interest, down_payment=self.down_payment
        )
        row.interest_only = self.interest_only
        return row

    def row(self, number: int, balance: int) -> Row:
        """The instalment as it is shown."""
        return Row(
            number, self.start, self.due, parts_of(self.owed), parts_of(self.paid),
            parts_of(self.waived), parts_of(self.written_off), self.in_advance, self.late,
            self.paid_on, balance, self.down_payment,
        )  # fmt: skip


def rows_of(standings: Sequence[Standing], disbursed: Sequence[tuple[date, int]]) -> list[Row]:
    """The instalments as they are shown, each with the principal of the plan still out after it."""
    shown, paid_back = [], 0
    for number, row in enumerate(standings, 1):
        paid_back += row.principal - row.credited
        out = sum(amount for day, amount in disbursed if day <= row.due)
        shown.append(row.row(number, max(0, out - paid_back)))
    return shown
