"""The ledger against a model that fits on a page: equal parts, no interest, oldest row first."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from forbear.loans.ageing import Ageing
from forbear.loans.entries import Entry
from forbear.loans.journal import differences, journal
from forbear.loans.lateness import Rules
from forbear.loans.ledger import fold
from forbear.loans.state import State
from forbear.loans.terms import Allocation, Terms

START = date(2025, 1, 31)
WEEK = timedelta(weeks=1)
# The order in which a row takes money: penalty, fee, principal; as places in a row of the model.
PRINCIPAL, FEE, PENALTY = 0, 2, 3
ORDER = (PENALTY, FEE, PRINCIPAL)
ADVANCED = tuple(
    f"{time}_{what}"
    for time in ("past_due", "due", "in_advance")
    for what in ("penalty", "fee", "interest", "principal")
)
amounts = st.integers(1, 60_000)


@dataclass
class Model:
    """A loan in weekly rows; each row is what it still owes, component by component.

    A fixed plan holds its charges from the first day on when it is played again; elsewhere a
    charge meets only the money that comes with it or after it.
    """

    principal: int
    n: int
    charges_first: bool
    rows: list[list[int]] = field(default_factory=list)
    over: int = 0

    def play(self, entries: list[Entry]) -> None:
        """Start anew and let every entry have its effect, in the order of value dates."""
        each = round(Decimal(self.principal) / self.n)  # halves to the even number
        parts = [each] * (self.n - 1)
        self.rows = [[part, 0, 0, 0] for part in [*parts, self.principal - sum(parts)]]
        self.over = 0
        known = sorted(entries, key=lambda e: (e.on, e.recorded_on, e.seq))
        if self.charges_first:
            known.sort(key=lambda e: e.kind != "charge")
        for entry in known:
            if entry.kind == "charge":
                row = min((entry.on - START - timedelta(1)) // WEEK, self.n - 1)
                place = PENALTY if entry.details["charge"] == "penalty" else FEE
                self.rows[max(0, row)][place] += entry.amount
            elif entry.kind == "credit_balance_refund":
                self.over -= entry.amount
            else:
                self.over += entry.amount
            self.settle()

    def settle(self) -> None:
        """Money that is at hand goes to the oldest row first."""
        for row in self.rows:
            for place in ORDER:
                taken = min(max(self.over, 0), row[place])
                row[place] -= taken
                self.over -= taken

    def late_since(self, day: date) -> date | None:
        """The due day of the oldest row that is late."""
        for number, row in enumerate(self.rows, 1):
            if sum(row) and START + number * WEEK < day:
                return START + number * WEEK
        return None


class Ledger(RuleBasedStateMachine):
    """Pays, charges, undoes and waits, in any order, back-dated or not."""

    engine = "progressive"

    @initialize(principal=st.integers(100, 200_000), n=st.integers(1, 8))
    def lend(self, principal: int, n: int) -> None:
        strategy = "advanced" if self.engine == "progressive" else "mifos-standard"
        order = ADVANCED if self.engine == "progressive" else ()
        self.terms = Terms(
            "CNY", principal, Decimal(0), n, 1, "weeks", START, Allocation(strategy, order=order),
            interest_method="zero", engine=self.engine,
        )  # fmt: skip
        self.today = START
        self.entries = [Entry("e0", "disburse", START, START, 0, principal)]
        self.kept: list[Entry] = []
        self.model = Model(principal, n, charges_first=self.engine == "cumulative")
        self.look()

    def add(self, kind: str, amount: int, on: date | None = None, **details: object) -> Entry:
        number = len(self.entries)
        entry = Entry(f"e{number}", kind, on or self.today, self.today, number, amount, details)
        self.entries.append(entry)
        return entry

    def has(self, kind: str) -> bool:
        return any(entry.kind == kind for entry in self.kept)

    def look(self) -> None:
        self.model.play(self.kept)
        self.state = fold(self.terms, self.entries, self.today)

    @rule(days=st.integers(1, 20))
    def wait(self, days: int) -> None:
        self.today += timedelta(days=days)
        self.look()

    @rule(amount=amounts)
    def pay(self, amount: int) -> None:
        self.kept.append(self.add("repayment", amount))
        self.look()

    @rule(amount=amounts, back=st.integers(0, 40))
    def pay_with_an_earlier_value_date(self, amount: int, back: int) -> None:
        on = max(START, self.today - timedelta(days=back))
        self.kept.append(self.add("repayment", amount, on))
        self.look()

    @precondition(lambda self: START < self.today <= START + self.model.n * WEEK)
    @rule(amount=st.integers(1, 3_000), charge=st.sampled_from(["fee", "penalty"]))
    def charge(self, amount: int, charge: str) -> None:
        if self.model.charges_first and self.has("credit_balance_refund"):
            return  # the charge would find the money before it went back, which no model need know
        self.kept.append(self.add("charge", amount, charge=charge, due=self.today))
        self.look()

    @precondition(lambda self: self.has("repayment"))
    @rule(data=st.data())
    def undo_a_payment(self, data: st.DataObject) -> None:
        paid = [entry for entry in self.kept if entry.kind == "repayment"]
        gone = data.draw(st.sampled_from(paid))
        if self.has("credit_balance_refund"):
            return  # money that has gone back cannot be taken back from the payment it came with
        before = self.state
        self.add("undo", 0, entry=gone.id)
        self.kept.remove(gone)
        self.look()
        assert self.state.outstanding.total >= before.outstanding.total

    @precondition(lambda self: self.model.over > 0)
    @rule()
    def give_back_what_was_paid_too_much(self) -> None:
        self.kept.append(self.add("credit_balance_refund", self.model.over))
        self.look()

    @invariant()
    def the_rows_owe_what_the_model_says(self) -> None:
        assert [list(row.outstanding) for row in self.state.rows] == self.model.rows

    @invariant()
    def what_was_paid_too_much_is_the_borrowers(self) -> None:
        assert self.state.overpaid == self.model.over

    @invariant()
    def the_status_says_whether_anything_is_owed(self) -> None:
        owes = any(map(sum, self.model.rows))
        assert self.state.status == (
            "active" if owes else "overpaid" if self.model.over else "closed"
        )

    @invariant()
    def the_journal_agrees(self) -> None:
        assert differences(journal(self.state), self.state) == {}

    @invariant()
    def the_loan_is_as_late_as_its_oldest_row(self) -> None:
        since = self.model.late_since(self.today)
        standing = Ageing(Rules(), "CNY", self.state).standing(self.today)
        assert standing.since == since
        assert standing.past_due_days == ((self.today - since).days if since else 0)

    @invariant()
    def the_due_days_are_a_week_apart(self) -> None:
        days = [row.due for row in self.state.rows]
        assert days[0] == START + WEEK
        assert all(after - before == WEEK for before, after in pairwise(days))

    state: State


class FixedPlan(Ledger):
    """The same with the engine of fixed plans."""

    engine = "cumulative"


OFTEN = settings(
    max_examples=250, stateful_step_count=25, deadline=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
TestLedger = Ledger.TestCase
TestLedger.settings = OFTEN
TestFixedPlan = FixedPlan.TestCase
TestFixedPlan.settings = OFTEN
