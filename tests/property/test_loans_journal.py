"""The books of a loan balance whatever is posted, sense or nonsense."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from forbear.base.money import parse
from forbear.loans.journal import CHART, SETTLED_BY, as_csv, journal, trial_balance
from forbear.loans.parts import NOTHING, Parts
from forbear.loans.state import Posting, Row, State

START = date(2025, 1, 1)
KINDS = (
    *SETTLED_BY, "disbursement", "charge_off", "chargeback", "credit_balance_refund", "re_age",
)  # fmt: skip
MANY = settings(max_examples=2000, deadline=None)


def parts(rnd: Random) -> Parts:
    return Parts(*(rnd.choice([0, rnd.randint(0, 10_000)]) for _ in range(4)))


def any_state(seed: int) -> State:
    """Rows and postings that need not fit each other at all."""
    rnd = Random(seed)
    days = [START + timedelta(days=rnd.randrange(300)) for _ in range(rnd.randint(0, 12))]
    postings = []
    for number, on in enumerate(sorted(days)):
        kind, split = rnd.choice(KINDS), parts(rnd)
        if kind == "disbursement":
            split = NOTHING
        over = rnd.choice([0, rnd.randint(0, 5_000)])
        postings.append(Posting(f"e{number}", on, kind, split.total + over, split, 0, over))
    rows = tuple(
        Row(n, START, START + timedelta(days=30 * n), parts(rnd), parts(rnd), parts(rnd))
        for n in range(1, rnd.randint(1, 10))
    )
    as_of = START + timedelta(days=rnd.randrange(400))
    return State(as_of, "CNY", rows, tuple(postings), rnd.choice([0, 500]))


@MANY
@given(st.integers(0, 2**48))
def test_every_entry_and_the_whole_journal_balance_to_zero(seed: int) -> None:
    booked = journal(any_state(seed))
    for booking in booked:
        assert booking.lines
        assert sum(line.debit for line in booking.lines) == sum(x.credit for x in booking.lines)
        assert all(min(line.debit, line.credit) == 0 for line in booking.lines)
        assert all(max(line.debit, line.credit) > 0 for line in booking.lines)
    balances = trial_balance(booked)
    assert sum(each.debit for each in balances) == sum(each.credit for each in balances)
    named = [each.account for each in balances]
    assert named == [account for account in CHART if account in named]


@MANY
@given(st.integers(0, 2**48))
def test_cash_is_what_came_in_less_what_went_out(seed: int) -> None:
    state = any_state(seed)
    came = sum(p.amount for p in state.postings if SETTLED_BY.get(p.kind) == "cash")
    went = sum(
        p.amount
        for p in state.postings
        if p.kind in {"disbursement", "chargeback", "credit_balance_refund"}
    )
    held = {each.account: each.debit - each.credit for each in trial_balance(journal(state))}
    assert held.get("cash", 0) == came - went


@MANY
@given(st.integers(0, 2**48))
def test_the_entries_are_numbered_in_the_order_of_their_days(seed: int) -> None:
    booked = journal(any_state(seed))
    assert [each.number for each in booked] == list(range(1, len(booked) + 1))
    known = [each.on for each in booked if each.kind not in {"overpayment_used", "paid_in_advance"}]
    assert known == sorted(known)


@MANY
@given(st.integers(0, 2**48))
def test_the_table_tells_every_amount_of_the_journal(seed: int) -> None:
    booked = journal(any_state(seed))
    told = list(csv.DictReader(io.StringIO(as_csv(booked, "CNY"))))
    debits = sum(parse(row["debit"], "CNY") for row in told if row["debit"])
    assert debits == sum(line.debit for booking in booked for line in booking.lines)
    assert debits == sum(parse(row["credit"], "CNY") for row in told if row["credit"])
