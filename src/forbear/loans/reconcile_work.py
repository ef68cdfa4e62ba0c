"""Holding what a lender states against the right ledger of a loan, one kind of row at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from forbear.loans.close import close, closing_of
from forbear.loans.entries import Entry
from forbear.loans.lateness import Rules
from forbear.loans.ledger import fold, payoff
from forbear.loans.parts import Parts
from forbear.loans.reconcile_rows import (
    Difference,
    Kind,
    Moved,
    Stated,
    What,
    paired,
    payments_of,
)
from forbear.loans.reconcile_words import says
from forbear.loans.state import State
from forbear.loans.terms import Terms

_LATE_DAYS: Final = 45


@dataclass(slots=True)
class Work:
    """The right ledger, and what was found so far."""

    terms: Terms
    entries: Sequence[Entry]
    as_of: date
    days: int
    bank_row: dict[str, int]
    found: list[Difference] = field(default_factory=list)
    alike: int = 0
    last: dict[What, tuple[int, int]] = field(default_factory=dict)
    state: State = field(init=False)
    _folded: dict[date, State] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.state = self._on(self.as_of)

    def _up_to(self, day: date) -> list[Entry]:
        return [entry for entry in self.entries if entry.on <= day]

    def _on(self, day: date) -> State:
        """The right ledger at the end of a day."""
        if day not in self._folded:
            self._folded[day] = fold(self.terms, self._up_to(day), day)
        return self._folded[day]

    def _begun(self, day: date) -> bool:
        return any(entry.kind == "disburse" for entry in self._up_to(day))

    def _add(
        self, what: What, on: date, stated: int, right: int, *, row: int | None = None,
        entry: str = "", other: date | None = None, parts: tuple[Parts, Parts] | None = None,
        bank_row: int | None = None,
    ) -> None:  # fmt: skip
        self.found.append(
            Difference(
                what=what,
                on=on,
                row=row,
                bank_row=self.bank_row.get(entry, bank_row),
                entry=entry,
                stated=stated,
                right=right,
                says=says(
                    what.value,
                    self.terms.currency,
                    on,
                    stated=stated,
                    right=right,
                    other=other,
                    parts=parts,
                ),
            )
        )

    # ── one kind of row after the other ──

    def payments(self, rows: Sequence[Stated]) -> None:
        """Payments that either side lacks, that were counted late, or allocated otherwise."""
        pairs, own, theirs = paired(payments_of(self.entries, self.state), rows, self.days)
        self.alike = len(pairs)
        for mine, row in pairs:
            if row.parts is not None and row.parts != mine.parts:
                both = row.parts, mine.parts
                self._add(
                    What.ALLOCATED_OTHERWISE, row.on, row.parts.principal, mine.parts.principal,
                    row=row.row, entry=mine.entry, parts=both,
                )  # fmt: skip
        late, own, theirs = paired(own, theirs, _LATE_DAYS)
        for mine, row in late:
            if row.on > mine.on:
                self._add(
                    What.PAYMENT_LATE, row.on, row.amount, mine.amount,
                    row=row.row, entry=mine.entry, other=mine.on,
                )  # fmt: skip
            else:
                own, theirs = [*own, mine], [*theirs, row]
        for mine in own:
            self._add(What.PAYMENT_MISSING, mine.on, 0, mine.amount, entry=mine.entry)
        for row in theirs:
            self._add(What.PAYMENT_UNKNOWN, row.on, row.amount, 0, row=row.row)

    def charges(self, rows: Sequence[Stated]) -> None:
        """Fees and penalties that nobody agreed to, or that are higher than agreed."""
        for kind in (Kind.FEE, Kind.PENALTY):
            agreed = [_Charge(entry) for entry in self.entries if _charge_kind(entry) is kind]
            own = [row for row in rows if row.kind is kind]
            _, left, more = paired(agreed, own, self.days, _Charge.apart)
            for row in more:
                near = [each for each in left if each.apart(row) <= self.days]
                if near:
                    left.remove(near[0])
                if not near:
                    self._add(What.CHARGE_NOT_AGREED, row.on, row.amount, 0, row=row.row)
                elif row.amount > near[0].amount:
                    self._add(
                        What.CHARGE_ABOVE, row.on, row.amount, near[0].amount,
                        row=row.row, entry=near[0].entry.id,
                    )  # fmt: skip

    def interest(self, rows: Sequence[Stated]) -> None:
        """Interest charged in all up to a day beyond what the plan has earned by then."""
        closing = closing_of(self.terms, Rules(grace_days=self.terms.arrears_grace_days))
        stated = before = 0
        for row in rows:
            stated += row.amount
            if not self._begun(row.on):
                continue
            right = close(self._on(row.on).rows, closing, row.on).earned
            over = max(0, stated - right)
            if over > before:
                self._add(What.INTEREST_ABOVE, row.on, stated, right, row=row.row)
            before = over

    def paid_out(self, rows: Sequence[Stated]) -> None:
        """Money that the lender says was paid out, beyond what was."""
        out = [entry for entry in self.entries if entry.kind == "disburse"]
        _, left, more = paired(out, rows, self.days)
        for row in more:
            near = [entry for entry in left if abs((entry.on - row.on).days) <= self.days]
            right = near[0].amount if near else 0
            if near:
                left.remove(near[0])
            self._add(
                What.PAID_OUT_LESS, row.on, row.amount, right,
                row=row.row, entry=near[0].id if near else "",
            )  # fmt: skip

    def received(self, rows: Sequence[Moved]) -> None:
        """Money that arrived in the bank as less than the loan says was paid out."""
        out = [entry for entry in self.entries if entry.kind == "disburse"]
        _, left, more = paired(out, rows, self.days)
        for entry in left:
            near = [row for row in more if 0 <= (row.on - entry.on).days <= self.days]
            if near:
                more.remove(near[0])
                self._add(
                    What.PAID_OUT_LESS, entry.on, entry.amount, near[0].amount,
                    entry=entry.id, bank_row=near[0].row,
                )  # fmt: skip

    def balances(self, rows: Sequence[Stated]) -> None:
        """Amounts that the lender states after a day; one is told where its gap has changed."""
        at_end = {row.on: row for row in rows}
        for what in (What.BALANCE, What.OVERDUE, What.PAYOFF):
            gap = 0
            for on in sorted(at_end):
                row = next(
                    (each for each in reversed(rows) if each.on == on and _said(each, what)), None
                )
                if row is None or not self._begun(on):
                    continue
                stated, right = _said_amount(row, what), self._right(what, on)
                self.last[what] = stated, right
                if stated - right != gap:
                    self._add(what, on, stated, right, row=row.row)
                gap = stated - right

    def _right(self, what: What, on: date) -> int:
        if what is What.BALANCE:
            return self._on(on).outstanding.principal
        if what is What.OVERDUE:
            return self._on(on).overdue.total
        return payoff(self.terms, self._up_to(on), on).total


@dataclass(frozen=True, slots=True)
class _Charge:
    """A charge, which a ledger may show on the day it was made, or when it falls due."""

    entry: Entry

    @property
    def on(self) -> date:
        return self.entry.on

    @property
    def amount(self) -> int:
        return self.entry.amount

    def apart(self, row: Stated) -> int:
        """The days by which a row lies outside the days from the charge to its due day."""
        ends = sorted((self.entry.on, self.entry.details.get("due", self.entry.on)))
        outside: int = max((ends[0] - row.on).days, (row.on - ends[1]).days, 0)
        return outside


def _charge_kind(entry: Entry) -> Kind | None:
    if entry.kind != "charge":
        return None
    return Kind.PENALTY if entry.details.get("charge") == "penalty" else Kind.FEE


def _said(row: Stated, what: What) -> bool:
    return getattr(row, what.value) is not None


def _said_amount(row: Stated, what: What) -> int:
    amount: int = getattr(row, what.value)
    return amount
