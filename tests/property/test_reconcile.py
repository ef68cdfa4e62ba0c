"""Two ledgers of one loan, as promises on random loans: what is alike differs in nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from tests.property.loans import Loan, loan

from forbear.loans.entries import Entry
from forbear.loans.ledger import fold, payoff
from forbear.loans.parts import NOTHING
from forbear.loans.reconcile import Kind, Moved, Stated, What, reconcile

KINDS = ("disburse", "repayment", "charge")
DAY = timedelta(days=1)


def drawn(seed: int) -> Loan:
    given = loan(seed)
    return given._replace(entries=tuple(e for e in given.entries if e.kind in KINDS))


def stated_of(given: Loan) -> list[Stated]:
    """The ledger of an honest lender: what happened, how it was allocated, what is left."""
    state = fold(given.terms, given.entries, given.as_of)
    rows = []
    for entry in sorted(given.entries, key=lambda each: (each.on, each.seq)):
        if entry.on > given.as_of:
            continue
        parts = NOTHING
        for each in state.postings:
            if each.entry == entry.id and each.kind == "repayment":
                parts = parts.plus(each.parts)
        rows.append(Stated(row=len(rows) + 2, on=entry.on, kind=kind_of(entry), amount=entry.amount,
                           parts=parts if entry.kind == "repayment" else None))  # fmt: skip
    return [with_amounts(given, row) for row in rows]


def kind_of(entry: Entry) -> Kind:
    if entry.kind == "charge":
        return Kind.PENALTY if entry.details["charge"] == "penalty" else Kind.FEE
    return Kind.DISBURSEMENT if entry.kind == "disburse" else Kind.REPAYMENT


def with_amounts(given: Loan, row: Stated) -> Stated:
    before = [entry for entry in given.entries if entry.on <= row.on]
    state = fold(given.terms, before, row.on)
    return replace(
        row,
        balance=state.outstanding.principal,
        overdue=state.overdue.total,
        payoff=payoff(given.terms, before, row.on).total,
    )


@pytest.mark.parametrize("start", range(0, 200, 100))
def test_an_honest_ledger_differs_in_nothing(start: int):
    for seed in range(start, start + 100):
        given = drawn(seed)
        found = reconcile(given.terms, given.entries, stated_of(given), as_of=given.as_of)
        assert not found.differences, f"{given}\n{found.differences[0]}"
        paid = [each for each in given.entries if each.kind == "repayment"]
        assert found.alike == sum(each.on <= given.as_of for each in paid)


@pytest.mark.parametrize("start", range(1000, 1200, 100))
def test_a_payment_that_is_left_out_is_found_and_a_bank_shows_it_as_well(start: int):
    tried = 0
    for seed in range(start, start + 100):
        given, rnd = drawn(seed), Random(seed)
        paid = [e for e in given.entries if e.kind == "repayment" and e.on <= given.as_of]
        if not paid:
            continue
        gone = rnd.choice(paid)
        near = [e for e in paid if e.amount == gone.amount and abs(e.on - gone.on) <= 60 * DAY]
        if len(near) > 1:
            continue
        tried += 1
        rows = [
            row for row in stated_of(given)
            if (row.kind, row.on, row.amount) != (Kind.REPAYMENT, gone.on, gone.amount)
        ]  # fmt: skip
        found = reconcile(given.terms, given.entries, rows, as_of=given.as_of)
        (missing,) = found.differences
        assert (missing.what, missing.entry) == (What.PAYMENT_MISSING, gone.id)
        assert missing.against
        without = [entry for entry in given.entries if entry.id != gone.id]
        bank = [Moved(row=9, on=gone.on, amount=gone.amount)]
        shown = reconcile(given.terms, without, rows, bank, as_of=given.as_of)
        first = [each for each in shown.differences if each.what is What.PAYMENT_MISSING]
        assert [(each.bank_row, each.right) for each in first] == [(9, gone.amount)]
        assert shown.state.outstanding == found.state.outstanding
    assert tried > 20


@pytest.mark.parametrize("start", range(2000, 2100, 100))
def test_whatever_is_charged_beyond_the_terms_is_found_row_by_row(start: int):
    for seed in range(start, start + 100):
        given, rnd = drawn(seed), Random(seed)
        rows = stated_of(given)
        at = rnd.choice(rows)
        kind = rnd.choice((Kind.FEE, Kind.PENALTY))
        extra = Stated(row=77, on=at.on, kind=kind, amount=10**7 + seed)
        more = reconcile(given.terms, given.entries, [*rows, extra], as_of=given.as_of)
        # A higher charge may stand in place of one that was agreed and is as old.
        first = more.differences[0]
        assert first.what in {What.CHARGE_NOT_AGREED, What.CHARGE_ABOVE}
        assert (first.row, first.stated, first.against) == (77, extra.amount, True)
        assert all(each.what is What.CHARGE_NOT_AGREED for each in more.differences[1:])
        higher = [replace(row, balance=(row.balance or 0) + 5) for row in rows]
        gap = reconcile(given.terms, given.entries, higher, as_of=given.as_of)
        assert [(each.what, each.by) for each in gap.differences] == [(What.BALANCE, 5)]
