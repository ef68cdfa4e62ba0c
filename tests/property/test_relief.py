"""What relief promises, on random loans: never dearer, nothing lost, always to be undone.

Here whole loans are replayed by the ledger, which takes its time; ``test_relief_plans`` holds the
arithmetic itself to its promises on thousands of plans.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from random import Random

from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st
from tests.property.relief_loans import Lent, asked, lent, measures

from forbear.loans.journal import differences, journal, trial_balance
from forbear.loans.relief.answers import Grant, Refusal
from forbear.loans.relief.checking import extensions
from forbear.loans.relief.folding import find, fold, payoff
from forbear.loans.relief.limits import EXTENSIONS, limits_for
from forbear.loans.relief.measures import DelinquencyPause, Request, Settlement
from forbear.loans.relief.previewing import grant, preview, undo
from forbear.loans.state import State

MANY = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
SOME = settings(MANY, max_examples=60)
LATER = timedelta(days=4000)


def granted(loan: Lent, request: Request) -> Grant:
    """The step, where it can be granted; other draws are passed over."""
    found = grant(loan.terms, loan.entries, loan.on, request, step="r")
    event(type(found).__name__)
    assume(isinstance(found, Grant))
    assert isinstance(found, Grant)
    return found


def after(loan: Lent, request: Request) -> Lent:
    """The loan with the step granted."""
    return loan.with_entries(*granted(loan, request).entries)


def folded(loan: Lent, on: date | None = None) -> State:
    return fold(loan.terms, loan.entries, on or loan.on)


@MANY
@given(asked())
def test_relief_never_costs_the_borrower_more_than_standing_still(
    drawn: tuple[Lent, Request],
) -> None:
    shown = granted(*drawn).preview
    assert shown.saved >= 0
    assert shown.after.to_pay.total <= shown.standing_still.to_pay.total
    for now, then in zip(shown.after.to_pay, shown.standing_still.to_pay, strict=True):
        assert 0 <= now <= then
    assert shown.trimmed >= 0


@MANY
@given(asked())
def test_what_is_forgiven_and_what_is_to_pay_make_what_was_owed(
    drawn: tuple[Lent, Request],
) -> None:
    shown = granted(*drawn).preview
    assert shown.forgiven.plus(shown.after.to_pay) == shown.before.to_pay
    rows = [row.outstanding for row in shown.after.rows]
    assert sum(each.total for each in rows) == shown.after.to_pay.total
    assert all(min(each) >= 0 for each in rows)
    assert all(0 <= a <= b for a, b in zip(shown.conditional, shown.forgiven, strict=True))


@MANY
@given(asked())
def test_what_the_preview_shows_is_what_the_grant_does(drawn: tuple[Lent, Request]) -> None:
    loan, request = drawn
    made = granted(loan, request)
    state = folded(loan.with_entries(*made.entries))
    assert state.outstanding == made.preview.after.to_pay
    rows = tuple(row for row in state.rows if row.outstanding.total > 0)
    if not all(isinstance(each, DelinquencyPause) for each in request.measures):
        assert [(r.due, r.outstanding) for r in rows] == [
            (r.due, r.outstanding) for r in made.preview.after.rows
        ]


@MANY
@given(lent(), st.integers(0, 400))
def test_relief_starts_from_what_would_close_the_loan(loan: Lent, days: int) -> None:
    found = find(loan.terms, loan.entries, loan.on + timedelta(days=days))
    # A fixed plan of the other engine asks all its interest; relief asks that of the days alone.
    if loan.terms.engine == "progressive":
        assert found.plan.closing.total == found.closing.total
    assert found.plan.closing.total <= found.closing.total


@MANY
@given(asked(), st.integers(0, 900))
def test_undo_restores_exactly(drawn: tuple[Lent, Request], days: int) -> None:
    loan, request = drawn
    on = loan.on + timedelta(days=days)
    relieved = after(loan, request)
    paid = relieved.more("repayment", on, 1234)
    taken_back = undo(relieved.entries, "r", on, entry="u")
    assert folded(relieved.with_entries(taken_back), on) == folded(loan, on)
    # Money that came meanwhile counts on the old plan.
    with_money = relieved.with_entries(paid, undo((*relieved.entries, paid), "r", on, entry="u"))
    assert folded(with_money, on) == folded(loan.with_entries(paid), on)


@SOME
@given(asked(), st.data())
def test_an_earlier_step_that_is_undone_leaves_the_later_one_as_if_it_stood_alone(
    drawn: tuple[Lent, Request], data: st.DataObject
) -> None:
    loan, request = drawn
    first = after(loan, request)
    chosen = data.draw(st.lists(measures(loan.on), min_size=1, max_size=2))
    second = grant(first.terms, first.entries, first.on, Request(measures=tuple(chosen)), step="s")
    assume(isinstance(second, Grant))
    assert isinstance(second, Grant)
    both = first.with_entries(*second.entries)
    back = both.with_entries(undo(both.entries, "r", loan.on, entry="u"))
    assert folded(back) == folded(loan.with_entries(*second.entries))


@SOME
@given(
    asked(),
    st.lists(st.tuples(st.integers(0, 300), st.integers(1, 90_000)), max_size=4),
    st.randoms(),
)
def test_entries_in_any_order_of_the_list_give_one_state(
    drawn: tuple[Lent, Request], payments: list[tuple[int, int]], random: Random
) -> None:
    loan = after(*drawn)
    for days, amount in payments:
        loan = loan.with_entries(loan.more("repayment", loan.on + timedelta(days=days), amount))
    mixed = list(loan.entries)
    random.shuffle(mixed)
    day = loan.on + timedelta(days=310)
    assert fold(loan.terms, mixed, day) == folded(loan, day)


@MANY
@given(asked())
def test_a_preview_changes_nothing_and_is_the_same_each_time(drawn: tuple[Lent, Request]) -> None:
    loan, request = drawn
    before = folded(loan)
    first = preview(loan.terms, loan.entries, loan.on, request)
    assert preview(loan.terms, loan.entries, loan.on, request) == first
    assert folded(loan) == before
    if isinstance(first, Refusal):
        assert first.reasons
        for reason in first.reasons:
            assert all((reason.says.zh, reason.says.en, reason.field))
        assert grant(loan.terms, loan.entries, loan.on, request, step="r") == first


@MANY
@given(lent(), st.data())
def test_a_missed_settlement_restores_everything_to_the_cent(
    loan: Lent, data: st.DataObject
) -> None:
    owed = find(loan.terms, loan.entries, loan.on).plan.closing.total
    assume(owed > 1)
    amount = data.draw(st.integers(1, owed - 1))
    deadline = loan.on + timedelta(days=data.draw(st.integers(0, 60)))
    request = Request(measures=(Settlement(amount=amount, deadline=deadline),))
    settled = after(loan, request)
    assert folded(settled).outstanding.total == amount
    part = data.draw(st.integers(0, amount))
    day = loan.on + timedelta(days=data.draw(st.integers(0, (deadline - loan.on).days)))
    paid = [settled.more("repayment", day, part)] if part else []
    late = deadline + timedelta(days=1)
    done = folded(settled.with_entries(*paid), late)
    if part == amount:
        event("met")
        assert done.outstanding.total == 0
        assert done.status == "closed"
    else:
        event("broken")
        assert done == folded(loan.with_entries(*paid), late)


@SOME
@given(lent(), st.data())
def test_no_loan_is_extended_beyond_its_limit(loan: Lent, data: st.DataObject) -> None:
    limit = next(limits_for(EXTENSIONS, "online_consumer", "cn")).at_most
    for number in range(4):
        chosen = data.draw(st.lists(measures(loan.on), min_size=1, max_size=2))
        made = grant(
            loan.terms, loan.entries, loan.on, Request(measures=tuple(chosen)), step=f"r{number}"
        )
        if isinstance(made, Grant):
            loan = loan.with_entries(*made.entries)
            event(f"granted {number}")
    assert extensions(loan.entries) <= limit


@SOME
@given(asked(), st.integers(0, 500))
def test_what_closes_the_loan_closes_it(drawn: tuple[Lent, Request], days: int) -> None:
    loan = after(*drawn)
    on = loan.on + timedelta(days=days)
    closing = payoff(loan.terms, loan.entries, on).total
    assume(closing > 0)
    closed = folded(loan.with_entries(loan.more("repayment", on, closing)), on)
    assert closed.outstanding.total == 0
    assert closed.overpaid == 0


@SOME
@given(asked())
def test_a_plan_that_is_kept_costs_what_was_shown_and_ends_closed(
    drawn: tuple[Lent, Request],
) -> None:
    loan = drawn[0]
    made = granted(*drawn)
    assume(not all(isinstance(each, DelinquencyPause) for each in drawn[1].measures))
    kept = loan.with_entries(*made.entries)
    paid = 0
    for row in made.preview.after.rows:
        day = max(row.due, loan.on)
        kept = kept.with_entries(kept.more("repayment", day, row.outstanding.total))
        paid += row.outstanding.total
    end = folded(kept, max(made.preview.after.last_day, loan.on) + LATER)
    assert paid == made.preview.after.to_pay.total
    assert end.outstanding.total == 0
    assert end.status in {"closed", "overpaid"}


@SOME
@given(asked(), st.lists(st.tuples(st.integers(0, 400), st.integers(1, 300_000)), max_size=4))
def test_the_books_of_an_agreed_plan_balance_and_add_up_to_its_rows(
    drawn: tuple[Lent, Request], payments: list[tuple[int, int]]
) -> None:
    loan = after(*drawn)
    assume(not all(isinstance(each, DelinquencyPause) for each in drawn[1].measures))
    before = folded(loan)
    for days, amount in sorted(payments):
        loan = loan.with_entries(loan.more("repayment", loan.on + timedelta(days=days), amount))
    state = folded(loan, loan.on + timedelta(days=401))
    books = journal(state)
    assert sum(each.debit - each.credit for each in trial_balance(books)) == 0
    assert differences(books, state) == {}
    if any(isinstance(each, Settlement) for each in drawn[1].measures):
        return
    new = state.postings[len(before.postings) :]
    paid = sum(row.paid.total for row in state.rows) - sum(row.paid.total for row in before.rows)
    money = [each for each in new if each.kind == "repayment"]
    assert sum(each.parts.total for each in money) == paid
    assert all(each.parts.total + each.over == each.amount for each in money)
    assert sum(each.over for each in money) == state.overpaid - before.overpaid
    assert all(a.due <= b.due for a, b in pairwise(state.rows))
