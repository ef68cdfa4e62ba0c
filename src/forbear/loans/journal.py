"""The books of a loan: a double-entry journal that falls out of its postings.

Nothing is booked by hand. Money and principal are booked on the day of their posting. Interest,
fees and penalties become a claim, and income, on the day on which they fall due or are settled,
whichever comes first; what is forgiven is shown gross, as income and as an expense, so that the
cost of kindness can be read. A charge-off books the loss but leaves the claim as it is; what is
paid after that is a recovery. Amounts are minor units of the loan's currency.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, NamedTuple

from forbear.base.errors import LoanError
from forbear.base.money import text
from forbear.loans.parts import NOTHING, Component, Parts
from forbear.loans.state import Posting, State


class Account(NamedTuple):
    """An account: its ``side`` is asset, liability, income or expense."""

    side: str
    en: str
    zh: str


# The chart of accounts. Receivables are what the borrower owes, component by component.
CHART: Final[Mapping[str, Account]] = {
    "cash": Account("asset", "Cash", "银行存款"),
    "principal": Account("asset", "Principal receivable", "应收本金"),
    "interest": Account("asset", "Interest receivable", "应收利息"),
    "fee": Account("asset", "Fees receivable", "应收费用"),
    "penalty": Account("asset", "Penalties receivable", "应收违约金"),
    "allowance": Account("asset", "Allowance for charged-off loans", "核销损失准备"),
    "overpayment": Account("liability", "Owed to the borrower", "应退溢缴款"),
    "interest_income": Account("income", "Interest income", "利息收入"),
    "fee_income": Account("income", "Fee income", "费用收入"),
    "penalty_income": Account("income", "Penalty income", "违约金收入"),
    "recovery": Account("income", "Recoveries after charge-off", "核销后收回"),
    "waived": Account("expense", "Waived", "减免支出"),
    "interest_refunded": Account("expense", "Interest given back", "退还利息"),
    "charges_returned": Account("expense", "Charges given back", "退还费用"),
    "goodwill": Account("expense", "Goodwill", "善意补偿支出"),
    "written_off": Account("expense", "Written off", "贷款损失"),
}

# The account that stands against what the borrower owes, for each kind of posting that lowers it.
SETTLED_BY: Final[Mapping[str, str]] = {
    "repayment": "cash",
    "down_payment": "cash",
    "merchant_issued_refund": "cash",
    "payout_refund": "cash",
    "interest_refund": "interest_refunded",
    "interest_payment_waiver": "waived",
    "goodwill_credit": "goodwill",
    "charge_adjustment": "charges_returned",
    "waive_loan_charges": "waived",
    "waiver": "waived",
    "close_as_written_off": "written_off",
}
# Money that goes out to the borrower again: it raises the debt, or lowers what he paid too much.
_GIVEN_BACK: Final = frozenset({"chargeback", "credit_balance_refund"})
# Changes of the plan, and reports on it, move no money and no claim between accounts.
_NOT_BOOKED: Final = frozenset(
    {"re_age", "re_amortize", "contract_termination"}
    | {"accrual", "accrual_activity", "accrual_adjustment"}
)
# What the books tell of themselves, beside the kinds of posting: in English and in Chinese.
OF_ITSELF: Final[Mapping[str, tuple[str, str]]] = {
    "fallen_due": ("Fallen due", "到期应收"),
    "overpayment_used": ("Overpayment used", "溢缴款抵扣"),
    "paid_in_advance": ("Paid in advance", "提前收取"),
}
_EARNED: Final = (Component.INTEREST, Component.FEE, Component.PENALTY)


class Line(NamedTuple):
    """One side of a journal entry; either ``debit`` or ``credit`` is nothing."""

    account: str
    debit: int = 0
    credit: int = 0


@dataclass(frozen=True, slots=True)
class Booking:
    """A journal entry. Its debits and its credits are equal, or it cannot be made at all.

    ``entry`` is the id of the loan's entry behind it, empty where a day alone is the cause.
    """

    number: int
    on: date
    kind: str
    entry: str
    lines: tuple[Line, ...]

    def __post_init__(self) -> None:
        """A journal entry that does not balance is a bug."""
        left = sum(line.debit - line.credit for line in self.lines)
        assert left == 0, f"journal entry {self.number} of {self.on} does not balance"


class Balance(NamedTuple):
    """What an account holds, on the side on which it is held."""

    account: str
    debit: int
    credit: int


def journal(state: State) -> tuple[Booking, ...]:
    """Every journal entry of a loan up to ``state.as_of``, in the order of days.

    Raises :class:`LoanError` where a posting is of a kind that has no account.
    """
    books = _Books(_waived(state))
    days = sorted({row.due for row in state.rows if row.due <= state.as_of})
    postings = sorted(state.postings, key=lambda posting: posting.on)
    for day in days if postings else ():
        while postings and postings[0].on < day:
            books.post(postings.pop(0))
        rows = [row.owed for row in state.rows if row.due == day]
        books.fall_due(day, rows)
    for posting in postings:
        books.post(posting)
    if books.bookings:
        books.settle_up(state)
    return tuple(books.bookings)


def trial_balance(bookings: Iterable[Booking]) -> tuple[Balance, ...]:
    """What each account holds, in the order of the chart; the two sides add up to the same."""
    held: dict[str, int] = {}
    for booking in bookings:
        for line in booking.lines:
            held[line.account] = held.get(line.account, 0) + line.debit - line.credit
    return tuple(
        Balance(account, max(0, held[account]), max(0, -held[account]))
        for account in CHART
        if held.get(account)
    )


def differences(bookings: Iterable[Booking], state: State) -> dict[str, int]:
    """Where the books and the ledger tell different things: the books less the ledger.

    Principal, what is due of the other components and what is owed to the borrower are compared.
    Nothing differs, or the ledger has moved an amount without saying so.
    """
    held = {each.account: each.debit - each.credit for each in trial_balance(bookings)}
    expected = {"overpayment": -state.overpaid}
    if state.postings:
        expected |= {component.value: _due(state).of(component) for component in _EARNED}
        expected["principal"] = state.outstanding.principal
    found = {account: held.get(account, 0) - amount for account, amount in expected.items()}
    return {account: amount for account, amount in found.items() if amount}


def _due(state: State) -> Parts:
    """What has fallen due and is still owed."""
    total = NOTHING
    for row in state.rows:
        if row.due <= state.as_of:
            total = total.plus(row.outstanding)
    return total


def _waived(state: State) -> Parts:
    total = NOTHING
    for row in state.rows:
        total = total.plus(row.waived)
    return total


@dataclass(slots=True)
class _Books:
    """The books while they are written. Balances are signed: a debit counts up."""

    waived: Parts
    bookings: list[Booking] = field(default_factory=list)
    held: dict[str, int] = field(default_factory=dict)
    fallen: dict[Component, int] = field(default_factory=dict)
    settled: dict[Component, int] = field(default_factory=dict)

    def fall_due(self, on: date, rows: Sequence[Parts]) -> None:
        """Interest and charges of the rows of a day become a claim, as far as not yet settled."""
        changes: dict[str, int] = {}
        for component in _EARNED:
            amount = sum(row.of(component) for row in rows)
            self.fallen[component] = self.fallen.get(component, 0) + amount
        self.earn(changes)
        self.book(on, "fallen_due", "", changes)

    def post(self, posting: Posting) -> None:
        """Book a posting, by its kind."""
        kind, amount, parts = posting.kind, posting.amount, posting.parts
        changes: dict[str, int] = {}
        if kind in _NOT_BOOKED:
            return
        if kind == "disbursement":
            changes = {"principal": amount, "cash": -amount}
        elif kind == "charge_off":
            carried = sum(self.held.get(component.value, 0) for component in Component)
            changes = {"written_off": carried, "allowance": -carried}
        elif kind in _GIVEN_BACK:
            # The rows owe the amount once more, so that what it had settled stays settled.
            changes = {component.value: parts.of(component) for component in Component}
            changes |= {"cash": -amount, "overpayment": amount - parts.total}
            self.earn(changes)
        elif kind in SETTLED_BY:
            if parts == NOTHING and kind == "waive_loan_charges":
                parts = self.share_of_waived(amount)
            self.lower(changes, parts)
            changes["overpayment"] = parts.total - amount
            changes[SETTLED_BY[kind]] = amount
            self.recover(changes, SETTLED_BY[kind], parts.total)
        else:
            raise LoanError(
                f"posting {posting.entry}: «{kind}» has no account; "
                f"known are {', '.join([*SETTLED_BY, 'disbursement', 'charge_off', *_GIVEN_BACK])}"
            )
        self.book(posting.on, kind, posting.entry, changes)

    def lower(self, changes: dict[str, int], parts: Parts) -> None:
        """Lower what is owed by ``parts``; what was not due yet is earned by being settled."""
        for component in Component:
            changes[component.value] = -parts.of(component)
        for component in _EARNED:
            self.settled[component] = self.settled.get(component, 0) + parts.of(component)
        self.earn(changes)

    def earn(self, changes: dict[str, int]) -> None:
        """Bring each claim up to what has fallen due or was settled, whichever is more."""
        for component in _EARNED:
            settled = self.settled.get(component, 0)
            owed = max(0, self.fallen.get(component, 0) - settled)
            account = component.value
            change = owed - self.held.get(account, 0) - changes.get(account, 0)
            changes[account] = changes.get(account, 0) + change
            changes[f"{account}_income"] = changes.get(f"{account}_income", 0) - change

    def recover(self, changes: dict[str, int], against: str, amount: int) -> None:
        """After a charge-off the loss is booked already, so that money is income again."""
        allowed = min(-self.held.get("allowance", 0), amount)
        if allowed > 0:
            changes["allowance"] = allowed
            account = "recovery" if against == "cash" else against
            changes[account] = changes.get(account, 0) - allowed

    def share_of_waived(self, amount: int) -> Parts:
        """A waiver that does not say what it was for takes from the waived parts of the rows."""
        shares = []
        for waived in reversed(self.waived):
            shares.append(min(amount, waived))
            amount -= shares[-1]
        found = Parts(*reversed(shares))
        self.waived = self.waived.minus(found)
        return found

    def settle_up(self, state: State) -> None:
        """Last, what only the rows can tell.

        Money that was taken for a row to come does not settle what is due, and an overpayment
        may have paid for what was lent or charged later.
        """
        used = self.used_overpayment(state)
        changes = {"overpayment": used.total}
        self.lower(changes, used)
        self.book(state.as_of, "overpayment_used", "", changes)
        changes, due = {}, _due(state)
        for component in _EARNED:
            change = due.of(component) - self.held.get(component.value, 0)
            changes |= {component.value: change, f"{component.value}_income": -change}
        self.book(state.as_of, "paid_in_advance", "", changes)

    def used_overpayment(self, state: State) -> Parts:
        """What the rows had from money that was the borrower's, if just that much of it is gone."""
        gone = -self.held.get("overpayment", 0) - state.overpaid
        settled = NOTHING
        for row in state.rows:
            settled = settled.plus(row.owed).minus(row.outstanding)
        used = Parts(
            self.held.get("principal", 0) - state.outstanding.principal,
            *(settled.of(component) - self.settled.get(component, 0) for component in _EARNED),
        )
        return used if min(used) >= 0 and used.total == gone else NOTHING

    def book(self, on: date, kind: str, entry: str, changes: Mapping[str, int]) -> None:
        """Write one journal entry, unless nothing changes."""
        lines = tuple(
            Line(account, max(0, changes[account]), max(0, -changes[account]))
            for account in CHART
            if changes.get(account)
        )
        if not lines:
            return
        self.bookings.append(Booking(len(self.bookings) + 1, on, kind, entry, lines))
        for line in lines:
            self.held[line.account] = self.held.get(line.account, 0) + line.debit - line.credit


# -- as text ------------------------------------------------------------------------------------


def as_json(bookings: Sequence[Booking], currency: str) -> dict[str, Any]:
    """The journal and its trial balance as JSON says them: amounts as text, days as ISO."""
    return {
        "currency": currency,
        "accounts": {name: account._asdict() for name, account in CHART.items()},
        "entries": [
            {
                "number": booking.number,
                "on": booking.on.isoformat(),
                "kind": booking.kind,
                "entry": booking.entry,
                "lines": [_side(line, currency) for line in booking.lines],
            }
            for booking in bookings
        ],
        "trial_balance": [_side(balance, currency) for balance in trial_balance(bookings)],
    }


def as_csv(bookings: Sequence[Booking], currency: str) -> str:
    """The journal as a table, a line of it a row; an amount of nothing is left empty."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(("number", "on", "kind", "entry", "account", "debit", "credit"))
    table.writerows(_csv_rows(bookings, currency))
    return out.getvalue()


def _csv_rows(bookings: Iterable[Booking], currency: str) -> Iterator[tuple[object, ...]]:
    for booking in bookings:
        for line in booking.lines:
            amounts = (text(side, currency) if side else "" for side in (line.debit, line.credit))
            yield (
                booking.number, booking.on.isoformat(), booking.kind, booking.entry,
                line.account, *amounts,
            )  # fmt: skip


def _side(line: Line | Balance, currency: str) -> dict[str, str]:
    return {
        "account": line.account,
        "debit": text(line.debit, currency),
        "credit": text(line.credit, currency),
    }
