"""One loan while its entries are replayed: its rows, its interest model, what is overpaid."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from forbear.loans.entries import Entry
from forbear.loans.instalment import INTEREST, PRINCIPAL, Instalment
from forbear.loans.parts import Parts
from forbear.loans.progressive.periods import Period
from forbear.loans.progressive.reforming import Reformable
from forbear.loans.state import Posting
from forbear.loans.terms import Terms

if TYPE_CHECKING:
    from forbear.loans.progressive.paying import Payment


@dataclass(slots=True)
class Charge:
    """A fee or a penalty: ``amount`` due on ``due``; what of it was waived."""

    entry: str
    component: int
    due: date
    amount: int
    waived: int = 0
    row: Instalment | None = None


@dataclass(slots=True)
class Loan:
    """What the replay knows so far."""

    terms: Terms
    rows: list[Instalment]
    model: Reformable
    disbursed_on: date
    planned_end: date = date.max  # the last due day as agreed
    overpaid: int = 0
    postings: list[Posting] = field(default_factory=list)
    charges: dict[str, Charge] = field(default_factory=dict)
    payments: dict[str, Parts] = field(default_factory=dict)
    history: list[Entry] = field(default_factory=list)
    received: list[Payment] = field(default_factory=list)
    charged_back: list[tuple[str, Parts]] = field(default_factory=list)
    overpayments: list[tuple[str, int]] = field(default_factory=list)
    money_out: list[tuple[date, int]] = field(default_factory=list)
    charged_off: bool = False
    terminated: bool = False
    written_off: bool = False
    prepaying: bool = False  # the payment at hand closes the loan
    refunded_interest: int = 0
    fixed: bool = False  # the rows are those of a fixed plan
    rate_changes: bool = False  # a loan without interest that bears some later

    @property
    def recalculates(self) -> bool:
        """Whether interest follows what is really out, day by day."""
        return self.terms.recalculation is not None and self.uses_model

    @property
    def bears_interest(self) -> bool:
        """Whether there is any interest at all."""
        return self.rate_changes or self.terms.annual_rate_percent > 0

    @property
    def spares_interest(self) -> bool:
        """Whether who pays off early is spared the interest of the days that never come."""
        agreed = self.terms.options.get("early_repayment", "interest_until_day")
        return not self.recalculates and self.bears_interest and agreed == "interest_until_day"

    @property
    def uses_model(self) -> bool:
        """Whether instalments come from the interest model, not from a fixed plan."""
        return self.bears_interest and not self.fixed

    @property
    def follows_model(self) -> bool:
        """Whether rows still follow the interest model."""
        ended = self.charged_off or self.terminated or self.written_off
        return self.recalculates and not ended

    # -- the model and the rows ---------------------------------------------------------------

    def row_of(self, period: Period) -> Instalment | None:
        """The row of a period of the model."""
        found = None
        for row in self.rows:
            if row.due == period.due and not row.down_payment:
                if row.start == period.start:
                    return row
                found = found or row
        return found

    def follow(self, on: date) -> None:
        """Let every row owe what the model says."""
        for period in self.model.periods:
            row = self.row_of(period)
            if row is not None:
                row.owed[PRINCIPAL] = period.due_principal
                row.owed[INTEREST] = period.due_interest
                row.credited[PRINCIPAL] = period.credited_principal
                row.credited[INTEREST] = period.credited_interest
                row.review(on)

    @property
    def values_to_due(self) -> bool:
        """Whether interest is counted to the end of the period even where payment comes early."""
        rules = self.terms.recalculation
        if rules is None or rules.preclose != "till_rest_frequency_date":
            return False
        return self.prepaying if rules.rest == "daily" else True

    def interest_day(self, payment: Payment, row: Instalment) -> date:
        """The day up to which an early payment of ``row`` bears interest."""
        within = row.start < payment.on <= row.due
        return row.due if self.values_to_due and within else payment.on

    def value_row(self, row: Instalment, component: int, day: date) -> bool:
        """Let ``row`` owe what it does if it is paid on ``day``; whether that is nothing at all."""
        due = self.model.due_on(row.start, row.due, day)
        if component == INTEREST:
            row.owed[INTEREST] = due.interest
        else:
            left = self.model.total_due_principal - self.model.total_paid_principal
            row.owed[PRINCIPAL] = min(due.principal, row.paid[PRINCIPAL] + max(0, left))
        return due.principal == 0 and due.interest == 0

    def revalue(self, day: date) -> None:
        """Overdue principal goes on bearing interest up to ``day``."""
        rules = self.terms.recalculation
        if not self.follows_model or rules is None or rules.no_interest_on_past_due_principal:
            return
        if not self.model.revalue(day, to_due=self.values_to_due):
            return
        for period in self.model.periods:
            for row in self.rows:
                within = row.start == period.start and row.due == period.due
                if within and not row.down_payment:
                    row.owed[PRINCIPAL] = period.due_principal
                    row.owed[INTEREST] = period.due_interest
                    break

    # -- sums ---------------------------------------------------------------------------------

    def outstanding(self) -> Parts:
        """What the rows still owe."""
        return Parts(*(sum(row.outstanding(c) for row in self.rows) for c in range(4)))

    def renumber(self) -> None:
        """Rows in the order of their due days: a row of the plan, a down payment, one beside it."""
        self.rows.sort(
            key=lambda row: (row.due, 2 if row.additional else int(row.down_payment), row.number)
        )
        for number, row in enumerate(self.rows, 1):
            row.number = number

    def post(self, entry: Entry, kind: str, parts: Parts, **said: Any) -> None:
        """Write one movement down; the balance is the principal then out.

        ``on``, ``amount`` and ``over`` where they are not the entry's day, its amount and nothing.
        """
        balance = max(0, sum(row.outstanding(PRINCIPAL) for row in self.rows))
        told = {"on": entry.on, "amount": entry.amount, "over": 0, **said}
        self.postings.append(
            Posting(entry=entry.id, kind=kind, parts=parts, balance=balance, **told)
        )
