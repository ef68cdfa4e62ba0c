"""Who gets a payment first: past due, then due, then in advance, each in the product's order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from forbear.base.money import Rounding, round_ratio
from forbear.loans.instalment import INTEREST, NAMES, PRINCIPAL, Instalment
from forbear.loans.progressive.loan import Loan
from forbear.loans.terms import Allocation

_PREFIXES = ("past_due", "due", "in_advance")
_ORDER = tuple(f"{prefix}_{name}" for prefix in _PREFIXES for name in
               ("penalty", "fee", "interest", "principal"))  # fmt: skip


@dataclass(slots=True)
class Payment:
    """A payment on its way through the rows."""

    kind: str
    on: date
    left: int
    parts: list[int] = field(default_factory=lambda: [0, 0, 0, 0])
    entry: str = ""
    # What each row took of it, so that it can be taken back and made anew.
    takes: list[tuple[Instalment, list[int]]] = field(default_factory=list)

    def took(self, row: Instalment, component: int, amount: int) -> None:
        """``row`` took ``amount`` for one component."""
        self.left -= amount
        self.parts[component] += amount
        for known, parts in self.takes:
            if known is row:
                parts[component] += amount
                return
        parts = [0, 0, 0, 0]
        parts[component] = amount
        self.takes.append((row, parts))

    def take_back(self) -> None:
        """Undo what it did to its rows."""
        for row, parts in self.takes:
            for component, amount in enumerate(parts):
                row.paid[component] -= amount
            if self.on < row.due:
                row.in_advance -= sum(parts)
            elif self.on > row.due:
                row.late -= sum(parts)
            row.review(self.on)


def split_word(word: str) -> tuple[str, int]:
    """``past_due_penalty`` as its time and its component."""
    for prefix in _PREFIXES:
        if word.startswith(prefix + "_"):
            return prefix, NAMES.index(word.removeprefix(prefix + "_"))
    raise AssertionError(word)


def order_of(allocation: Allocation, kind: str) -> tuple[Sequence[str], str]:
    """The order and the rule for early money that hold for a kind of transaction."""
    order = allocation.order_for.get(kind) or allocation.order or _ORDER
    default = allocation.future.get("default", "next_installment")
    return order, allocation.future.get(kind, default)


def pay(loan: Loan, payment: Payment, *, all_of_it: bool = False) -> None:
    """Let a payment find its rows; what finds none stays in ``payment.left``.

    Who pays ``all_of_it`` pays the interest up to the day before principal: interest that is left
    for last would follow a principal that is no longer out.
    """
    order, future = order_of(loan.terms.allocation, payment.kind)
    if all_of_it:
        order = _ORDER
    words = [split_word(word) for word in order]
    if loan.terms.allocation.direction == "vertical":
        for time, component in words:
            _Round(loan, payment, time, future).vertically(component)
        return
    # Horizontally: one row at a time takes all its components before the next row does.
    times = list(dict.fromkeys(time for time, _ in words))
    for time in times:
        components = [component for when, component in words if when == time]
        _Round(loan, payment, time, future).horizontally(components)


class _Round:
    """One time of an order (past due, due, in advance) for one payment."""

    def __init__(self, loan: Loan, payment: Payment, time: str, future: str) -> None:
        self.loan = loan
        self.payment = payment
        self.time = time
        self.future = future
        self.passed_over: list[Instalment] = []  # rows that ask for nothing on this day
        self.done: list[Instalment] = []  # rows that took nothing; the next ones are asked

    def horizontally(self, components: Sequence[int]) -> None:
        """Row by row, each with all its components in their order."""
        payment = self.payment
        for _ in range(len(self.loan.rows) * 100):
            if payment.left <= 0 or all(row.settled for row in self.loan.rows):
                return
            rows = self._rows()
            if not rows:
                return
            before = payment.left
            for component in components:
                self._share(rows, component)
            if payment.left == before:
                self.done.extend(rows)

    def vertically(self, component: int) -> None:
        """Component by component, each over all its rows."""
        for _ in range(len(self.loan.rows) * 100):
            owing = [row for row in self.loan.rows if row.outstanding(component) > 0]
            rows = self._chosen(owing)
            before = self.payment.left
            if before <= 0 or not rows:
                return
            self._share(rows, component)
            if self.payment.left == before:
                self.done.extend(rows)

    def _rows(self) -> list[Instalment]:
        loan = self.loan
        if self.time == "in_advance" and self.future == "last_installment":
            return [
                row
                for row in loan.rows
                if self.payment.on < row.due
                and row not in self.done
                and (
                    not row.settled
                    or (loan.follows_model and row.total_owed == 0 and row not in self.passed_over)
                )
            ][-1:]
        return self._chosen([row for row in loan.rows if not row.settled])

    def _chosen(self, rows: Sequence[Instalment]) -> list[Instalment]:
        on = self.payment.on
        rows = [row for row in rows if row not in self.done]
        if self.time == "past_due":
            return [row for row in rows if on > row.due][:1]
        if self.time == "due":
            return [row for row in rows if on == row.due][:1]
        early = [row for row in rows if on < row.due]
        if self.future == "reamortization":
            return early
        if self.future == "next_last_installment":
            current = [row for row in early if on >= row.start]
            return current or early[-1:]
        return early[-1:] if self.future == "last_installment" else early[:1]

    def _share(self, rows: Sequence[Instalment], component: int) -> None:
        """Let ``rows`` take their even shares for one component."""
        left = self.payment.left
        if self.time != "in_advance":
            self._take(rows[0], component, left)
            return
        count = len(rows)
        even = round_ratio(left, count, Rounding.HALF_EVEN)
        rest = left - even * count
        if even + rest < 0:
            even = round_ratio(left, count, Rounding.DOWN)
            rest = left - even * count
        for index, row in enumerate(rows):
            self._take(row, component, even + rest if index == count - 1 else even)

    def _take(self, row: Instalment, component: int, amount: int) -> None:
        loan, payment = self.loan, self.payment
        on = payment.on
        follows = loan.follows_model
        if follows and (row.down_payment or row.due > loan.model.maturity):
            self.passed_over.append(row)
            follows = False
        if follows and self.time == "in_advance":
            on = loan.interest_day(payment, row)
            if component in {PRINCIPAL, INTEREST} and loan.value_row(row, component, on):
                self.passed_over.append(row)
        taken = row.pay(component, amount, payment.on)
        if taken:
            payment.took(row, component, taken)
        if not follows:
            return
        if component == PRINCIPAL:
            loan.model.pay_principal(row.start, row.due, on, taken)
            loan.follow(payment.on)
        elif component == INTEREST:
            loan.model.pay_interest(row.start, row.due, on, taken)
            loan.follow(payment.on)
