"""What a loan's entries amount to: the rows of its plan, its postings, what is owed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from forbear.loans.parts import NOTHING, Parts


@dataclass(frozen=True, slots=True)
class Row:
    """One instalment as it stands. Amounts are minor units.

    ``owed`` is what falls due by the plan, ``paid`` what was received for it (waivers and
    write-offs apart), ``in_advance`` and ``late`` the paid amounts that came before and after the
    due day. ``balance`` is the principal of the plan still out after this row.
    """

    number: int
    start: date
    due: date
    owed: Parts
    paid: Parts = NOTHING
    waived: Parts = NOTHING
    written_off: Parts = NOTHING
    in_advance: int = 0
    late: int = 0
    paid_on: date | None = None
    balance: int = 0
    down_payment: bool = False

    @property
    def outstanding(self) -> Parts:
        """What is still owed on this row, component by component."""
        return self.owed.minus(self.paid).minus(self.waived).minus(self.written_off)


@dataclass(frozen=True, slots=True)
class Posting:
    """One movement of money or of a claim, split by component, after which ``balance`` is out.

    ``entry`` is the id of the entry it comes from; ``kind`` says what it is in the words of the
    glossary (disbursement, repayment, waiver, re_age …); ``over`` is the part paid beyond the debt.
    """

    entry: str
    on: date
    kind: str
    amount: int
    parts: Parts
    balance: int
    over: int = 0


@dataclass(frozen=True, slots=True)
class State:
    """A loan on one day: everything that is shown of it is read from here."""

    as_of: date
    currency: str
    rows: tuple[Row, ...]
    postings: tuple[Posting, ...]
    overpaid: int = 0
    status: str = "active"  # proposed | active | overpaid | closed | charged_off | written_off

    @property
    def outstanding(self) -> Parts:
        """What is owed in all, the parts of the plan not yet due included."""
        total = NOTHING
        for row in self.rows:
            total = total.plus(row.outstanding)
        return total

    @property
    def overdue(self) -> Parts:
        """What is past due: rows whose due day lies before ``as_of``."""
        total = NOTHING
        for row in self.rows:
            if row.due < self.as_of:
                total = total.plus(row.outstanding)
        return total
