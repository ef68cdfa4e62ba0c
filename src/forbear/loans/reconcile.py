"""Two ledgers of one loan: what the lender states, beside what its terms and payments come to.

The right ledger is the fold of the loan's entries, with the payments that the borrower can show
from a bank's statement. Each row that the lender states is held against it. A difference is a
value that names the row, both amounts and the reason, so that a borrower can show it to anybody;
those in the borrower's favour are listed as well, and told apart. Amounts are minor units.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from forbear.loans.entries import Entry
from forbear.loans.ledger import fold
from forbear.loans.reconcile_rows import (
    Difference,
    Kind,
    Moved,
    Stated,
    What,
    paired,
    payments_of,
)
from forbear.loans.reconcile_work import Work
from forbear.loans.state import State
from forbear.loans.terms import Terms

__all__ = ["DAYS", "Difference", "Kind", "Moved", "Reconciled", "Stated", "What", "reconcile"]
DAYS: Final = 3  # a payment may stand in two books under days that lie so far apart


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
    work = Work(terms, known, as_of, days, bank_row)
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
    """The entries with the payments that only the bank shows, and where they stand there."""
    begun = min((entry.on for entry in entries if entry.kind == "disburse"), default=as_of)
    known = [entry for entry in entries if entry.on <= as_of]
    paid = [each for each in moved if not each.received and each.on <= as_of]
    refused = tuple(
        (each.row, f"{each.on}: paid before money was paid out ({begun}); look at the day")
        for each in paid
        if each.on < begun
    )
    paid = [each for each in paid if each.on >= begun]
    pairs, _, more = paired(payments_of(known, fold(terms, known, as_of)), paid, days)
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
