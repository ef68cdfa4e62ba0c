"""Rows of two ledgers of one loan, what may differ in them, and which of them are one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final, Protocol, TypeVar

from forbear.base.reasons import Sentence
from forbear.loans.entries import Entry
from forbear.loans.parts import NOTHING, Parts
from forbear.loans.state import State

PAYS: Final = ("repayment", "prepay")


class Kind(StrEnum):
    """What a row of the lender's ledger is about."""

    DISBURSEMENT = "disbursement"
    REPAYMENT = "repayment"
    INTEREST = "interest"
    FEE = "fee"
    PENALTY = "penalty"
    WAIVER = "waiver"


class What(StrEnum):
    """In what the two ledgers differ."""

    PAYMENT_MISSING = "payment_missing"
    PAYMENT_LATE = "payment_late"
    PAYMENT_UNKNOWN = "payment_unknown"
    ALLOCATED_OTHERWISE = "allocated_otherwise"
    PAID_OUT_LESS = "paid_out_less"
    CHARGE_NOT_AGREED = "charge_not_agreed"
    CHARGE_ABOVE = "charge_above"
    INTEREST_ABOVE = "interest_above"
    BALANCE = "balance"
    OVERDUE = "overdue"
    PAYOFF = "payoff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A row of the lender's ledger; what it does not say is None.

    ``parts`` is how a payment was allocated. ``balance`` is the principal still out after the row,
    ``overdue`` what is demanded as past due, ``payoff`` what would close the loan.
    """

    row: int
    on: date
    kind: Kind
    amount: int
    parts: Parts | None = None
    balance: int | None = None
    overdue: int | None = None
    payoff: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A row of a bank's statement: money to the lender, or from it where ``received``."""

    row: int
    on: date
    amount: int
    received: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One difference. ``row`` is the lender's row, ``bank_row`` that of the bank's statement.

    ``right`` is the amount by the terms and the payments. ``against`` says whether the difference
    costs the borrower something.
    """

    what: What
    on: date
    row: int | None
    bank_row: int | None
    entry: str
    stated: int
    right: int
    says: Sentence

    @property
    def by(self) -> int:
        """How much the lender states beyond what is right; below 0 the other way."""
        return self.stated - self.right

    @property
    def against(self) -> bool:
        """Whether it costs the borrower something."""
        if self.what in {What.PAYMENT_MISSING, What.PAYMENT_LATE}:
            return True
        if self.what is What.ALLOCATED_OTHERWISE:
            return self.by < 0
        return self.by > 0 and self.what is not What.PAYMENT_UNKNOWN


class _Dated(Protocol):
    """Whatever has a day and an amount, an entry as well as a row of either ledger."""

    @property
    def on(self) -> date:
        """The day."""

    @property
    def amount(self) -> int:
        """The amount."""


_One = TypeVar("_One", bound=_Dated)
_Other = TypeVar("_Other", bound=_Dated)


def _apart(one: _Dated, other: _Dated) -> int:
    """The days between the two."""
    return abs((one.on - other.on).days)


def paired(
    one: Iterable[_One],
    other: Iterable[_Other],
    days: int,
    apart: Callable[[_One, _Other], int] = _apart,
) -> tuple[list[tuple[_One, _Other]], list[_One], list[_Other]]:
    """Rows of one amount whose days lie within ``days``, nearest first; and those left over."""
    ones, others = list(one), list(other)
    near = sorted(
        (apart(a, b), i, j)
        for i, a in enumerate(ones)
        for j, b in enumerate(others)
        if a.amount == b.amount and apart(a, b) <= days
    )
    taken: dict[int, int] = {}
    used: set[int] = set()
    for _, i, j in near:
        if i not in taken and j not in used:
            taken[i] = j
            used.add(j)
    pairs = [(ones[i], others[j]) for i, j in sorted(taken.items())]
    left = [a for i, a in enumerate(ones) if i not in taken]
    return pairs, left, [b for j, b in enumerate(others) if j not in used]


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment of the right ledger: all postings of one entry together."""

    entry: str
    on: date
    amount: int
    parts: Parts


def payments_of(entries: Sequence[Entry], state: State) -> list[Payment]:
    """The payments of a ledger; one that closes the loan is as high as it turned out to be."""
    pays = {entry.id for entry in entries if entry.kind in PAYS}
    made: dict[str, Payment] = {}
    for each in state.postings:
        if each.entry in pays and each.kind == "repayment":
            before = made.get(each.entry, Payment(each.entry, each.on, 0, NOTHING))
            made[each.entry] = replace(
                before, amount=before.amount + each.amount, parts=before.parts.plus(each.parts)
            )
    return list(made.values())
