"""An instalment while the entries of a loan are replayed: what is owed, and what came in for it."""

from __future__ import annotations

from datetime import date

from forbear.loans.parts import Parts
from forbear.loans.state import Row

# The components in the order of Parts.
NAMES = ("principal", "interest", "fee", "penalty")
PRINCIPAL, INTEREST, FEE, PENALTY = range(4)


class Instalment:
    """One row of a plan, which payments and changes of the plan act on. Minor units throughout."""

    __slots__ = (
        "additional", "credited", "down_payment", "due", "in_advance", "late", "number", "owed",
        "paid", "paid_on", "reaged", "settled", "start", "waived", "written_off",
    )  # fmt: skip

    def __init__(self, number: int, start: date, due: date, *, down_payment: bool = False) -> None:
        """A row that owes nothing yet, and so is settled."""
        self.number = number
        self.start = start
        self.due = due
        self.down_payment = down_payment
        self.additional = False  # stands after the plan: charges and chargebacks after its end
        self.reaged = False
        self.owed = [0, 0, 0, 0]
        self.paid = [0, 0, 0, 0]
        self.waived = [0, 0, 0, 0]
        self.written_off = [0, 0, 0, 0]
        self.credited = [0, 0, 0, 0]  # came back by a chargeback, within ``owed``
        self.in_advance = 0
        self.late = 0
        self.settled = False
        self.paid_on: date | None = None

    def outstanding(self, component: int) -> int:
        """What is still owed of one component."""
        return (
            self.owed[component]
            - self.paid[component]
            - self.waived[component]
            - self.written_off[component]
        )

    @property
    def total_outstanding(self) -> int:
        """What is still owed in all."""
        return sum(self.outstanding(component) for component in range(4))

    @property
    def total_owed(self) -> int:
        """What falls due here in all."""
        return sum(self.owed)

    def pay(self, component: int, amount: int, on: date) -> int:
        """Take as much of ``amount`` as this component still owes; what was taken."""
        taken = max(0, min(self.outstanding(component), amount))
        self.paid[component] += taken
        if on < self.due:
            self.in_advance += taken
        elif on > self.due:
            self.late += taken
        self.check(on)
        return taken

    def check(self, on: date) -> None:
        """After a payment: settled on its day, where nothing is owed any more."""
        self.settled = self.total_outstanding == 0
        self.paid_on = on if self.settled else None

    def review(self, on: date) -> None:
        """After a change of the plan: a row settled before keeps the day on which it was."""
        settled = self.total_outstanding == 0
        if settled and not self.settled:
            self.paid_on = on
        elif not settled:
            self.paid_on = None
        self.settled = settled

    def row(self, number: int, balance: int) -> Row:
        """The row as it is shown."""
        return Row(
            number=number,
            start=self.start,
            due=self.due,
            owed=Parts(*self.owed),
            paid=Parts(*self.paid),
            waived=Parts(*self.waived),
            written_off=Parts(*self.written_off),
            in_advance=self.in_advance,
            late=self.late,
            paid_on=self.paid_on,
            balance=balance,
            down_payment=self.down_payment,
        )
