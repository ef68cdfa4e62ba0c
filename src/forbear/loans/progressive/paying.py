"""Who gets a payment first: past due, then due, then in advance, each in the product's order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

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


def pay(loan: Loan, payment: Payment, *, kind: str | None = None) -> None:
    """Let a payment find its rows; what finds none stays in ``payment.left``."""
    order, future = order_of(loan.terms.allocation, kind or payment.kind)
    words = [split_word(word) for word in order]
    if loan.terms.allocation.direction == "vertical":
        for time, component in words:
            _vertically(loan, payment, time, component, future)
        return
    # Horizontally: one row at a time takes all its components before the next row does.
    for time, group in groupby(sorted(words, key=lambda w: _first_seen(words, w[0])),
                               key=lambda w: w[0]):  # fmt: skip
        _horizontally(loan, payment, time, [component for _, component in group], future)


def _first_seen(words: Sequence[tuple[str, int]], time: str) -> int:
    return next(index for index, word in enumerate(words) if word[0] == time)


def _horizontally(
    loan: Loan, payment: Payment, time: str, components: Sequence[int], future: str
) -> None:
    skipped: list[Instalment] = []
    for _ in range(len(loan.rows) * 100):
        if payment.left <= 0 or all(row.settled for row in loan.rows):
            return
        rows = _rows(loan, payment, time, future, skipped)
        if not rows:
            return
        before = payment.left
        for component in components:
            _share(loan, payment, rows, time, component, skipped)
        if payment.left == before and loan.follows_model and time == "in_advance":
            # A row without anything due on this day is passed over once, then the next is asked.
            if all(row in skipped for row in rows):
                continue
            return
        if payment.left == before:
            return


def _vertically(loan: Loan, payment: Payment, time: str, component: int, future: str) -> None:
    for _ in range(len(loan.rows) * 100):
        if payment.left <= 0:
            return
        owing = [row for row in loan.rows if row.outstanding(component) > 0]
        rows = _chosen(owing, payment.on, time, future)
        before = payment.left
        if not rows:
            return
        _share(loan, payment, rows, time, component, [])
        if payment.left == before:
            return


def _rows(
    loan: Loan, payment: Payment, time: str, future: str, skipped: Sequence[Instalment]
) -> list[Instalment]:
    open_rows = [row for row in loan.rows if not row.settled]
    if time == "in_advance" and future == "last_installment":
        chosen = [
            row
            for row in loan.rows
            if payment.on < row.due
            and (
                not row.settled
                or (loan.follows_model and row.total_owed == 0 and row not in skipped)
            )
        ]
        return chosen[-1:]
    return _chosen(open_rows, payment.on, time, future)


def _chosen(rows: Sequence[Instalment], on: date, time: str, future: str) -> list[Instalment]:
    if time == "past_due":
        return [row for row in rows if on > row.due][:1]
    if time == "due":
        return [row for row in rows if on == row.due][:1]
    early = [row for row in rows if on < row.due]
    if future == "reamortization":
        return early
    if future == "next_last_installment":
        current = [row for row in early if on >= row.start]
        return current or early[-1:]
    return early[-1:] if future == "last_installment" else early[:1]


def _share(
    loan: Loan, payment: Payment, rows: Sequence[Instalment], time: str, component: int,
    skipped: list[Instalment],
) -> None:  # fmt: skip
    """Let ``rows`` take their even shares for one component."""
    if time != "in_advance":
        _take(loan, payment, rows[0], time, component, payment.left, skipped)
        return
    count = len(rows)
    even = round_ratio(payment.left, count, Rounding.HALF_EVEN)
    rest = payment.left - even * count
    if even + rest < 0:
        even = round_ratio(payment.left, count, Rounding.DOWN)
        rest = payment.left - even * count
    for index, row in enumerate(rows):
        share = even + rest if index == count - 1 else even
        _take(loan, payment, row, time, component, share, skipped)


def _take(
    loan: Loan, payment: Payment, row: Instalment, time: str, component: int, amount: int,
    skipped: list[Instalment],
) -> None:  # fmt: skip
    model = loan.model
    on = payment.on
    follows = loan.follows_model
    if follows and (row.down_payment or row.due > model.maturity):
        skipped.append(row)
        follows = False
    if follows and time == "in_advance":
        on = loan.interest_day(payment, row)
        if component in (PRINCIPAL, INTEREST):
            loan.value_row(row, component, on, skipped)
    taken = row.pay(component, amount, payment.on)
    if taken:
        payment.took(row, component, taken)
    if follows and component == PRINCIPAL:
        model.pay_principal(row.start, row.due, on, taken)
        loan.follow(payment.on)
    elif follows and component == INTEREST:
        model.pay_interest(row.start, row.due, on, taken)
        loan.follow(payment.on)
