"""Two ledgers of one loan: what the lender states, beside what its terms and payments come to.

The right ledger is the fold of the loan's entries, with the payments that the borrower can show
from a bank's statement. Each row that the lender states is held against it. A difference is a
value that names the row, both amounts and the reason, so that a borrower can show it to anybody;
those in the borrower's favour are listed as well, and told apart. Amounts are minor units.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Final, Protocol, TypeVar

from forbear.base.reasons import Sentence
from forbear.loans.close import close, closing_of
from forbear.loans.entries import Entry
from forbear.loans.lateness import Rules
from forbear.loans.ledger import fold, payoff
from forbear.loans.parts import NOTHING, Parts
from forbear.loans.reconcile_words import says
from forbear.loans.state import State
from forbear.loans.terms import Terms

DAYS: Final = 3  # a payment may stand in two books under days that lie so far apart
_LATE_DAYS: Final = 45
_PAYS: Final = ("repayment", "prepay")


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """What came of it. ``state`` is the right ledger; ``alike`` counts payments in both.

    ``last`` holds, for each of balance, overdue and payoff that was stated, the last row's amount
    and the right one. ``refused`` are rows of the bank's statement that fit no loan, with reasons.
    """

    state: State
    differences: tuple[Difference, ...]
    alike: int
    last: dict[What, tuple[int, int]]
    refused: tuple[tuple[int, str], ...]


def reconcile(
    terms: Terms,
    entries: Sequence[Entry],
    stated: Sequence[Stated],
    moved: Sequence[Moved] = (),
    *,
    as_of: date,
    days: int = DAYS,
) -> Reconciled:
    """Hold what the lender states up to ``as_of`` against the loan's entries and the bank's rows.

    Payments of one amount are one payment where their days lie within ``days`` of each other.
    Raises LoanError where the entries themselves are no loan.
    """
    known, bank_row, refused = _with_bank(terms, entries, moved, as_of=as_of, days=days)
    work = _Work(terms, known, as_of, days, bank_row)
    rows = sorted((each for each in stated if each.on <= as_of), key=lambda each: each.on)
    work.payments([each for each in rows if each.kind is Kind.REPAYMENT])
    work.charges([each for each in rows if each.kind in {Kind.FEE, Kind.PENALTY}])
    work.interest([each for each in rows if each.kind is Kind.INTEREST])
    work.paid_out([each for each in rows if each.kind is Kind.DISBURSEMENT])
    work.received([each for each in moved if each.received and each.on <= as_of])
    work.balances(rows)
    return Reconciled(
        state=work.state,
        differences=tuple(sorted(work.found, key=lambda each: (each.on, each.row or 0))),
        alike=work.alike,
        last=work.last,
        refused=refused,
    )


def _with_bank(
    terms: Terms, entries: Sequence[Entry], moved: Sequence[Moved], *, as_of: date, days: int
) -> tuple[list[Entry], dict[str, int], tuple[tuple[int, str], ...]]:
    """The entries with the payments that only the bank's statement shows; where they stand in it."""
    begun = min((entry.on for entry in entries if entry.kind == "disburse"), default=as_of)
    known = [entry for entry in entries if entry.on <= as_of]
    paid = [each for each in moved if not each.received and each.on <= as_of]
    refused = tuple(
        (each.row, f"{each.on}: paid before money was paid out ({begun}); look at the day")
        for each in paid
        if each.on < begun
    )
    paid = [each for each in paid if each.on >= begun]
    pairs, _, more = _paired(_payments(known, fold(terms, known, as_of)), paid, days)
    bank_row = {own.entry: each.row for own, each in pairs}
    taken = {entry.id for entry in entries}
    for each in more:
        name = f"bank-{each.row}"
        while name in taken:
            name += "+"
        taken.add(name)
        bank_row[name] = each.row
        known.append(Entry(name, "repayment", each.on, each.on, len(known), each.amount))
    return known, bank_row, refused


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


def _paired(
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
class _Payment:
    """A payment of the right ledger: all postings of one entry together."""

    entry: str
    on: date
    amount: int
    parts: Parts


def _payments(entries: Sequence[Entry], state: State) -> list[_Payment]:
    """The payments of a ledger; one that closes the loan is as high as it turned out to be."""
    pays = {entry.id for entry in entries if entry.kind in _PAYS}
    made: dict[str, _Payment] = {}
    for each in state.postings:
        if each.entry in pays and each.kind == "repayment":
            before = made.get(each.entry, _Payment(each.entry, each.on, 0, NOTHING))
            made[each.entry] = replace(
                before, amount=before.amount + each.amount, parts=before.parts.plus(each.parts)
            )
    return list(made.values())


@dataclass(slots=True)
class _Work:
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
        pairs, own, theirs = _paired(_payments(self.entries, self.state), rows, self.days)
        self.alike = len(pairs)
        for mine, row in pairs:
            if row.parts is not None and row.parts != mine.parts:
                both = row.parts, mine.parts
                self._add(
                    What.ALLOCATED_OTHERWISE, row.on, row.parts.principal, mine.parts.principal,
                    row=row.row, entry=mine.entry, parts=both,
                )  # fmt: skip
        late, own, theirs = _paired(own, theirs, _LATE_DAYS)
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
            _, left, more = _paired(agreed, own, self.days, _Charge.apart)
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
        _, left, more = _paired(out, rows, self.days)
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
        _, left, more = _paired(out, rows, self.days)
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
