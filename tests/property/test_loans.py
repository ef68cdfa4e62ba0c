"""What the ledger promises of any loan: thousands of random ones, of every engine."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from tests.property.loans import (
    DAY,
    PAYMENTS,
    SEEDS,
    THOUSANDS,
    Loan,
    arrived_anew,
    kept,
    loan,
    told_in_amounts,
)

from forbear.loans.entries import Entry
from forbear.loans.journal import SETTLED_BY, differences, journal, trial_balance
from forbear.loans.ledger import fold
from forbear.loans.parts import Component
from forbear.loans.state import State

# What a row shows as paid; what was waived or written off it shows apart.
RECEIVED = {"cash", "goodwill", "interest_refunded", "charges_returned"}
ENGINES = pytest.mark.parametrize("engine", ["progressive", "cumulative", "changing"])


def drawn(engine: str, seed: int) -> Loan:
    """A loan of an engine; ``changing`` is one whose plan is changed as well."""
    changing = engine == "changing"
    return loan(seed, engine="progressive" if changing else engine, changes=changing)


def state(of: Loan, *more: Entry) -> State:
    """The loan as it stands, with further entries."""
    return fold(of.terms, (*of.entries, *more), of.as_of)


def a_payment(of: Loan, rnd: Random, amount: int | None = None) -> Entry:
    """One more payment on the day that is asked about."""
    amount = amount or rnd.choice([rnd.randint(1, of.terms.principal), rnd.randint(1, 500)])
    return Entry("more", "repayment", of.as_of, of.as_of, 1000, amount)


@ENGINES
@THOUSANDS
@given(SEEDS)
def test_entries_in_any_order_of_arrival_give_one_state(engine: str, seed: int) -> None:
    def broken(of: Loan) -> bool:
        return state(arrived_anew(of, Random(seed))) != state(of)

    kept(told_in_amounts(drawn(engine, seed)), broken)


@ENGINES
@THOUSANDS
@given(SEEDS)
def test_a_payment_that_is_recorded_late_counts_from_its_value_date(engine: str, seed: int) -> None:
    def broken(of: Loan) -> bool:
        rnd = Random(seed)
        late = [entry for entry in of.entries if entry.kind in PAYMENTS]
        if not late:
            return False
        one = rnd.choice(late)
        later = replace(one, recorded_on=of.as_of, seq=len(of.entries))
        cob = Entry("cob", "cob", of.as_of, of.as_of, 1000)
        moved = [later if entry is one else entry for entry in of.entries]
        return state(of._replace(entries=tuple(moved)), cob) != state(of, cob)

    kept(told_in_amounts(drawn(engine, seed)), broken)


@ENGINES
@THOUSANDS
@given(SEEDS)
def test_the_journal_balances_to_zero_and_agrees_with_the_ledger(engine: str, seed: int) -> None:
    def broken(of: Loan) -> bool:
        now = state(of)
        booked = journal(now)
        balances = trial_balance(booked)
        assert sum(each.debit for each in balances) == sum(each.credit for each in balances)
        return bool(differences(booked, now))

    kept(drawn(engine, seed), broken)


@ENGINES
@THOUSANDS
@given(SEEDS)
def test_the_schedule_adds_up_to_what_was_lent_and_charged(engine: str, seed: int) -> None:
    def broken(of: Loan) -> bool:
        now = state(of)
        lent = sum(p.amount for p in now.postings if p.kind == "disbursement")
        back = [p for p in now.postings if p.kind == "chargeback"]
        least = lent + sum(p.parts.principal for p in back)
        # What a chargeback takes out of an overpayment is owed once more, and paid by that.
        most = least + sum(p.amount - p.parts.total for p in back)
        return not least <= sum(row.owed.principal for row in now.rows) <= most

    kept(drawn(engine, seed), broken)


@ENGINES
@THOUSANDS
@given(SEEDS)
def test_no_row_and_no_component_is_ever_owed_less_than_nothing(engine: str, seed: int) -> None:
    def broken(of: Loan) -> bool:
        now = state(of)
        return any(min(row.outstanding) < 0 or min(row.paid) < 0 for row in now.rows)

    kept(drawn(engine, seed), broken)


@ENGINES
@THOUSANDS
@given(SEEDS)
def test_nothing_is_owed_by_a_loan_on_which_too_much_was_paid(engine: str, seed: int) -> None:
    def broken(of: Loan) -> bool:
        now = state(of)
        return now.overpaid > 0 and now.outstanding.total > 0

    kept(drawn(engine, seed), broken)


@ENGINES
@THOUSANDS
@given(SEEDS)
def test_the_rows_have_received_what_the_postings_paid(engine: str, seed: int) -> None:
    def broken(of: Loan) -> bool:
        now = state(of)
        posted = [p for p in now.postings if SETTLED_BY.get(p.kind) in RECEIVED]
        took = [sum(p.parts.of(c) for p in posted) for c in Component]
        rows = [sum(row.paid.of(c) for row in now.rows) for c in Component]
        more = [row - took for row, took in zip(rows, took, strict=True)]
        # What was paid too much may have paid for what was charged later, and for what was charged
        # back, which one engine shows in the rows and the other does not.
        over = sum(p.amount - p.parts.total for p in posted) - now.overpaid
        back = sum(p.amount - p.parts.total for p in now.postings if p.kind == "chargeback")
        return min(more) < 0 or not over - back <= sum(more) <= over

    kept(drawn(engine, seed), broken)


@ENGINES
@THOUSANDS
@given(SEEDS)
def test_a_payment_never_raises_what_is_owed(engine: str, seed: int) -> None:
    def broken(of: Loan) -> bool:
        rnd = Random(seed)
        paid = a_payment(of, rnd)
        for later in (0, 1, 45):
            day = of.as_of + later * DAY
            closing = Entry("cob", "cob", day, day, 2000)
            without = fold(of.terms, (*of.entries, closing), day).outstanding.total
            if fold(of.terms, (*of.entries, paid, closing), day).outstanding.total > without:
                return True
        return False

    kept(drawn(engine, seed), broken)


@ENGINES
@THOUSANDS
@given(SEEDS)
def test_what_a_payment_takes_is_gone_from_what_is_owed(engine: str, seed: int) -> None:
    def broken(of: Loan) -> bool:
        paid = a_payment(of, Random(seed))
        before, after = state(of, replace(paid, id="day", kind="cob", amount=0)), state(of, paid)
        taken = paid.amount - (after.overpaid - before.overpaid)
        return after.outstanding.total > before.outstanding.total - taken

    kept(drawn(engine, seed), broken)


@ENGINES
@THOUSANDS
@given(SEEDS)
def test_an_undo_restores_what_was_to_the_last_amount(engine: str, seed: int) -> None:
    def broken(of: Loan) -> bool:
        if len(of.entries) < 2:
            return False
        *before, last = of.entries
        undo = Entry("undo", "undo", of.as_of, of.as_of, 1000, 0, {"entry": last.id})
        cob = replace(undo, id="cob", kind="cob", details={})
        undone = fold(of.terms, (*of.entries, undo), of.as_of)
        return undone != fold(of.terms, (*before, cob), of.as_of)

    kept(drawn(engine, seed), broken)


@ENGINES
@THOUSANDS
@given(SEEDS)
def test_a_payment_in_two_parts_on_one_day_is_one_payment(engine: str, seed: int) -> None:
    def broken(of: Loan) -> bool:
        rnd = Random(seed)
        whole = a_payment(of, rnd, rnd.randint(2, 2 * of.terms.principal))
        part = rnd.randint(1, whole.amount - 1)
        first = replace(whole, amount=part)
        rest = replace(whole, id="rest", seq=1001, amount=whole.amount - part)
        one, two = state(of, whole), state(of, first, rest)
        return (one.outstanding, one.overpaid, one.status) != (
            two.outstanding, two.overpaid, two.status,
        )  # fmt: skip

    kept(drawn(engine, seed), broken)


@ENGINES
@settings(THOUSANDS, max_examples=100)
@given(SEEDS)
def test_a_state_is_the_same_whenever_and_however_often_it_is_asked_for(
    engine: str, seed: int
) -> None:
    def broken(of: Loan) -> bool:
        return not state(of) == state(of) == state(of._replace(entries=tuple(of.entries)))

    kept(drawn(engine, seed), broken)


def test_the_random_loans_are_of_many_kinds() -> None:
    """A generator that stopped drawing something would let every promise pass unseen."""
    many = [loan(seed) for seed in range(400)]
    kinds = {entry.kind for of in many for entry in of.entries}
    assert kinds >= {*PAYMENTS, "disburse", "charge", "chargeback", "waive_charge", "prepay"}
    assert {of.terms.engine for of in many} == {"progressive", "cumulative"}
    assert {bool(of.terms.recalculation) for of in many} == {True, False}
    assert {state(of).status for of in many} >= {"active", "closed", "overpaid"}
    changing = [loan(seed, changes=True) for seed in range(400)]
    kinds = {entry.kind for of in changing for entry in of.entries}
    assert kinds >= {"reage", "reamortize", "interest_pause", "reschedule"}
    assert kinds >= {"charge_off", "writeoff", "contract_termination"}
