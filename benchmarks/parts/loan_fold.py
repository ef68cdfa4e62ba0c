"""A sample of loans from their entries: folded and closed one by one, and closed in columns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from random import Random
from statistics import median
from time import process_time

import pyarrow as pa

from forbear.base.money import Rounding
from forbear.batch.nightly import close_table
from forbear.batch.nightly_plain import said_of
from forbear.batch.nightly_schema import LOANS
from forbear.loans.close import Closing, close, closing_of
from forbear.loans.days import stepped
from forbear.loans.entries import Entry
from forbear.loans.lateness import Rules
from forbear.loans.ledger import fold
from forbear.loans.terms import Allocation, Terms
from parts.loan_close import of_objects, of_table
from parts.loan_data import ON, Array
from parts.measure import NOISE, refuse

Loan = tuple[Terms, list[Entry]]


def draw(count: int, seed: int = 1) -> list[Loan]:
    """So many loans with what happened to them: paid out, and repaid in time, late or not."""
    rnd = Random(seed)
    return [_loan(rnd) for _ in range(count)]


def _loan(rnd: Random) -> Loan:
    n, principal = rnd.randint(12, 36), rnd.randint(10_000, 20_000_000)
    opened = ON - timedelta(days=rnd.randint(1, 1_000))
    rate = rnd.choice(("0", "3.6", "12", "18", "24"))
    actual = rnd.random() < 0.5
    terms = Terms(
        currency="CNY", principal=principal, annual_rate_percent=Decimal(rate), n=n, every=1,
        unit="months", starts_on=opened, allocation=Allocation("mifos-standard"),
        engine="cumulative", rounding=rnd.choice(list(Rounding)),
        interest_period="daily" if actual else "same_as_repayment",
        days_in_year="365" if actual else "360", days_in_month="actual" if actual else "30",
        arrears_grace_days=rnd.choice((0, 3)),
    )  # fmt: skip
    entries = [Entry("out", "disburse", opened, opened, 0, principal)]
    level = principal // n + principal * 2 // 100
    behind = 0 if rnd.random() < 0.8 else rnd.randint(1, 8)
    for number in range(1, n - behind + 1):
        on = stepped(opened, 1, "months", number) + timedelta(days=rnd.choice((0, 0, -1, 5)))
        if on <= ON:
            amount = rnd.choice((level, level, level // 2))
            entries.append(Entry(f"in-{number}", "repayment", on, on, number, amount))
    return terms, entries


@dataclass(frozen=True, kw_only=True)
class Folded:
    """A sample: processor seconds of the fold and the scalar close, and both forms' answers."""

    count: int
    cpu: float
    scalar: Array
    columns: Array


def fold_all(count: int, rounds: int) -> Folded:
    """Fold so many loans from their entries and close them, and close the same in columns."""
    loans = draw(count)
    closings = [_closing(terms) for terms, _ in loans]
    taken = []
    for _ in range(rounds):
        NOISE.feel()
        start = process_time()
        states = [fold(terms, entries, ON) for terms, entries in loans]
        closed = [close(s.rows, c, ON) for s, c in zip(states, closings, strict=True)]
        taken.append(process_time() - start)
    said = [said_of(f"{n}", loans[n][0], state) for n, state in enumerate(states)]
    found, wrong, _ = close_table(pa.Table.from_pylist(said, schema=LOANS), ON)
    if wrong:
        refuse(f"a loan of the ledger cannot be closed in columns: {wrong[0]}")
    return Folded(
        count=count, cpu=median(taken), scalar=of_objects(closed), columns=of_table(found)
    )


def _closing(terms: Terms) -> Closing:
    return closing_of(terms, Rules(grace_days=terms.arrears_grace_days))
