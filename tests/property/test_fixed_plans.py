"""What a fixed plan promises, on random loans."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import accumulate
from random import Random

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.property.fixed_plans import Fixed, lived

from forbear.loans.cumulative import payoff, undone_postings

MANY = settings(
    max_examples=1000,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
SOME = settings(MANY, max_examples=400)


def disbursed(loan: Fixed) -> int:
    return sum(entry.amount for entry in loan.entries if entry.kind == "disburse")


@MANY
@given(lived())
def test_the_principal_of_the_plan_is_what_was_paid_out(loan: Fixed) -> None:
    rows = loan.state().rows
    assert sum(row.owed.principal for row in rows) == disbursed(loan)
    assert [row.due for row in rows] == sorted(row.due for row in rows)
    assert all(part >= 0 for row in rows for part in (*row.owed, *row.outstanding, *row.paid))


@MANY
@given(lived())
def test_every_cent_that_came_is_in_the_plan_or_is_over(loan: Fixed) -> None:
    state = loan.state()
    came = [posting for posting in state.postings if posting.kind != "disbursement"]
    assert sum(posting.amount for posting in came) == state.overpaid + sum(
        row.paid.total for row in state.rows
    )
    for posting in came:
        assert posting.parts.total + posting.over == posting.amount
    owed = sum(row.owed.total for row in state.rows)
    gone = sum(row.paid.total + row.waived.total + row.written_off.total for row in state.rows)
    assert owed == gone + state.outstanding.total


@MANY
@given(lived())
def test_the_balance_of_a_posting_is_the_principal_that_is_out(loan: Fixed) -> None:
    postings = loan.state().postings
    moves = [p.amount if p.kind == "disbursement" else -p.parts.principal for p in postings]
    # Money that came before a later disbursement may pay for it: nothing is out in between.
    assert [p.balance for p in postings] == [max(0, out) for out in accumulate(moves)]


@SOME
@given(lived(), st.randoms(use_true_random=False))
def test_entries_in_any_order_of_the_list_give_one_state(loan: Fixed, chance: Random) -> None:
    shuffled = list(loan.entries)
    chance.shuffle(shuffled)
    assert replace(loan, entries=tuple(shuffled)).state() == loan.state()


@MANY
@given(lived(), st.data())
def test_a_payment_never_raises_what_is_owed(loan: Fixed, data: st.DataObject) -> None:
    owed = loan.state().outstanding.total
    assume(owed)
    amount = data.draw(st.integers(1, owed))
    paid = loan.with_entry("repayment", amount).with_entry("cob").state()
    if loan.terms.recalculation is None:
        assert paid.outstanding.total == owed - amount
    else:
        # Interest is rounded piece by piece, and a payment makes one piece more of one period.
        assert paid.outstanding.total <= owed + 1


@MANY
@given(lived(recalculated=False), st.data())
def test_splitting_a_payment_in_two_on_one_day_changes_no_row(
    loan: Fixed, data: st.DataObject
) -> None:
    owed = loan.state().outstanding.total
    assume(owed > 1)
    whole = data.draw(st.integers(2, owed))
    first = data.draw(st.integers(1, whole - 1))
    once = loan.with_entry("repayment", whole)
    twice = loan.with_entry("repayment", first).with_entry("repayment", whole - first)
    assert once.state().rows == twice.state().rows


@MANY
@given(lived(), st.data())
def test_an_undo_restores_exactly_and_shows_what_it_undid(loan: Fixed, data: st.DataObject) -> None:
    before = loan.state()
    assume(before.outstanding.total)
    amount = data.draw(st.integers(1, 2 * before.outstanding.total))
    paid = loan.with_entry("repayment", amount)
    undone = paid.with_entry("undo", what="repayment", made_on=loan.on, nth=_count(paid))
    assert undone.state() == before
    struck = undone_postings(undone.terms, undone.entries, undone.on)
    assert [posting.entry for posting in struck] == [paid.entries[-1].id]
    assert struck[0] in paid.state().postings


def _count(loan: Fixed) -> int:
    """The last repayment's number among those of its day."""
    return sum(1 for e in loan.entries if e.kind == "repayment" and e.on == loan.on)


@MANY
@given(lived(), st.integers(0, 30))
def test_a_payoff_closes_the_loan_whether_asked_for_or_paid(loan: Fixed, later: int) -> None:
    day = replace(loan, on=loan.on + timedelta(days=later))
    owed = payoff(day.terms, day.entries, day.on)
    assume(owed.total)
    for closed in (day.with_entry("prepay"), day.with_entry("repayment", owed.total)):
        state = closed.state()
        assert state.status == "closed"
        assert not state.outstanding.total
        assert not state.overpaid
        assert state.postings[-1].amount == owed.total


@SOME
@given(lived())
def test_a_write_off_leaves_nothing_and_pays_nothing(loan: Fixed) -> None:
    before = loan.state()
    assume(before.outstanding.total)
    after = loan.with_entry("writeoff").state()
    assert after.status == "written_off"
    assert not after.outstanding.total
    assert [row.paid for row in after.rows] == [row.paid for row in before.rows]
    assert after.postings[-1].amount == before.outstanding.total


@SOME
@given(lived())
def test_money_given_back_is_owed_again_once(loan: Fixed) -> None:
    before = loan.state()
    back = min(before.overpaid + 1_000, 10_000)
    after = loan.with_entry("chargeback", back).state()
    again = max(0, back - before.overpaid)
    assert after.outstanding.total == before.outstanding.total + again
    assert sum(row.owed.principal for row in after.rows) == disbursed(loan) + (back if again else 0)
