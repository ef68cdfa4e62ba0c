"""The rows of a plan before any money moves, and the interest model beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from forbear.loans.days import stepped
from forbear.loans.entries import Entry
from forbear.loans.instalment import Instalment
from forbear.loans.plan import plan
from forbear.loans.progressive.loan import Loan
from forbear.loans.progressive.reforming import Reformable
from forbear.loans.state import Row
from forbear.loans.terms import Terms


def due_days_of(terms: Terms, kept: Sequence[Entry], *, bears_interest: bool) -> list[date]:
    """The due days as agreed, counted from the day on which money first went out."""
    seed = terms.starts_on
    given = [entry.on for entry in kept if entry.kind == "disburse"]
    if given and not terms.options.get("due_from_submission"):
        seed = min(given)
    extra = 0
    if not bears_interest:
        extra = sum(int(entry.details.get("extra_terms") or 0) for entry in kept)
    if terms.first_due is not None:
        return [
            stepped(terms.first_due, terms.every, terms.unit, k) for k in range(terms.n + extra)
        ]
    days = [stepped(seed, terms.every, terms.unit, k) for k in range(1, terms.n + extra + 1)]
    fixed = terms.options.get("fixed_length")
    if isinstance(fixed, dict):
        days[-1] = stepped(seed, int(fixed["count"]), str(fixed["unit"]), 1)
    return days


def is_fixed(terms: Terms) -> bool:
    """Whether the rows are those of a fixed plan: all that is not one instalment after another."""
    other = terms.amortization != "equal_installment"
    return other or bool(terms.grace_principal_periods or terms.grace_interest_periods)


def fixed_rows(terms: Terms, money_out: Sequence[tuple[date, int]]) -> tuple[Row, ...]:
    """The rows of a fixed plan for the money that has gone out."""
    seed = min(on for on, _ in money_out)
    if terms.options.get("due_from_submission"):
        seed = terms.starts_on
    return plan(replace(terms, starts_on=seed), money_out)


def begin(terms: Terms, kept: Sequence[Entry]) -> Loan:
    """The rows of the plan before any money moves, and the model beside them."""
    given = [entry for entry in kept if entry.kind == "disburse"]
    first = min(entry.on for entry in given)
    changes = any(Decimal(e.details.get("new_annual_rate_percent") or 0) > 0 for e in kept)
    if is_fixed(terms):
        made = fixed_rows(terms, [(entry.on, entry.amount) for entry in given])
        periods = [(row.start, row.due) for row in made if not row.down_payment]
    else:
        bears = changes or terms.annual_rate_percent > 0
        days = due_days_of(terms, kept, bears_interest=bears)
        periods = list(zip([first, *days[:-1]], days, strict=True))
    rows = [Instalment(0, start, due) for start, due in periods]
    if terms.down_payment is not None:
        rows.extend(Instalment(0, entry.on, entry.on, down_payment=True) for entry in given)
    loan = Loan(terms, rows, Reformable(terms, periods), first)
    loan.fixed = is_fixed(terms)
    loan.rate_changes = changes
    loan.planned_end = periods[-1][1]
    loan.renumber()
    for row in rows:
        row.review(first)
    return loan
