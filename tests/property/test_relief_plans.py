"""What the arithmetic of relief promises, on thousands of plans as a ledger might have left them.

Each promise is put to the same two thousand drawn plans; one that is not kept names its draw.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Final

from forbear.loans.days import month_after
from forbear.loans.parts import NOTHING, Component, Parts
from forbear.loans.relief.agreed import Book
from forbear.loans.relief.lines import Line, Plan
from forbear.loans.relief.measures import (
    DelinquencyPause,
    DueMove,
    ExtraTerms,
    InterestPause,
    Kept,
    Measure,
    PersonalPlan,
    RateChange,
    ReAge,
    Reamortize,
    Settlement,
    Termination,
    Waiver,
)
from forbear.loans.relief.plans import reshape
from forbear.loans.state import Row, State
from forbear.loans.terms import Allocation, Terms

DRAWS: Final = 2000
BEGAN: Final = date(2026, 1, 31)
TERMS: Final = Terms(
    currency="USD",  # no promise to waive a small rest, which would hide a lost cent
    principal=1,
    annual_rate_percent=Decimal(18),
    n=1,
    every=1,
    unit="months",
    starts_on=BEGAN,
    allocation=Allocation("mifos-standard"),
)


def kept_on_all(promise: Callable[[Random], None]) -> Callable[[], None]:
    """The promise as a test: it is asked of every draw, and a failure says of which."""

    def asked() -> None:
        for seed in range(DRAWS):
            try:
                promise(Random(seed))
            except AssertionError as error:
                message = f"draw {seed}: {error}"
                raise AssertionError(message) from error

    asked.__name__, asked.__doc__ = promise.__name__, promise.__doc__
    return asked


def a_plan(draw: Random) -> Plan:
    """Up to twelve monthly rows, some of them paid in part, on a day before, within or after."""
    while True:
        n = draw.randint(1, 12)
        on = BEGAN + timedelta(days=draw.randint(0, 31 * n + 60))
        lines, start = [], BEGAN
        for number in range(1, n + 1):
            due = month_after(BEGAN, number)
            owed = Parts(
                draw.choice([0, 1, draw.randint(2, 300_000)]),
                draw.choice([0, draw.randint(1, 9_000)]),
                draw.choice([0, 0, 350]),
                draw.choice([0, 0, 1_999]),
            )
            share = draw.choice([0, 0, 0, 1, 2, 4])
            row = Row(number, start, due, owed, Parts(*(each * share // 4 for each in owed)))
            running = row.outstanding.interest if start >= on else 0
            if start < on < due:
                running = row.outstanding.interest * (due - on).days // (due - start).days
            lines.append(Line(row, running))
            start = due
        plan = Plan(on, tuple(lines), Decimal(18), 1, "months")
        if plan.open.total > 0:
            return plan


def a_measure(draw: Random, on: date) -> Measure:
    """A measure asked for on a day; it need not be one that would be granted."""
    later = on + timedelta(days=draw.randint(1, 90))
    begin = on + timedelta(days=draw.randint(-120, 200))
    end = begin + timedelta(days=draw.randint(0, 120))
    due = month_after(BEGAN, draw.randint(1, 12))
    n = draw.randint(1, 40)
    rate = Decimal(draw.choice(["0", "3.65", "12", "18"]))
    parts = draw.sample(list(Component), draw.randint(1, 4))
    return draw.choice(
        [
            ReAge(n=n, first_due=later, unit="months", interest=draw.choice(list(Kept))),
            ReAge(n=n, first_due=later, unit="weeks", interest=draw.choice(list(Kept))),
            Reamortize(),
            InterestPause(start=begin, end=end),
            RateChange(annual_rate_percent=rate),
            DueMove(due=due, new_due=due + timedelta(days=draw.randint(1, 120))),
            ExtraTerms(n=n),
            Termination(deadline=later),
            Waiver(amounts={each: draw.choice([None, draw.randint(1, 30_000)]) for each in parts}),
            Settlement(amount=draw.randint(1, 2_000_000), deadline=later),
            PersonalPlan(n=n, first_due=later, annual_rate_percent=rate),
            DelinquencyPause(start=begin, end=end),
        ]
    )


def reshaped(draw: Random) -> tuple[Plan, list[Measure]]:
    """A plan, and one to three measures on its day."""
    plan = a_plan(draw)
    return plan, [a_measure(draw, plan.on) for _ in range(draw.randint(1, 3))]


def a_book(draw: Random) -> Book:
    """The book of a plan after some relief."""
    plan, chosen = reshaped(draw)
    state = State(plan.on, TERMS.currency, tuple(line.row for line in plan.lines), ())
    book = Book(TERMS, state, plan.closing)
    for number, measure in enumerate(chosen, 1):
        book.relieve(f"r/{number}", measure)
    return book


def days(draw: Random, most: int) -> timedelta:
    """None at all quite often, since most goes wrong within one day."""
    return timedelta(days=draw.choice([0, draw.randint(0, most)]))


@kept_on_all
def test_no_measure_raises_any_component_of_what_is_owed(draw: Random) -> None:
    plan, chosen = reshaped(draw)
    for measure in chosen:
        made = reshape(plan, measure, TERMS)
        for after, before in zip(made.plan.open, plan.open, strict=True):
            assert 0 <= after <= before
        assert 0 <= made.plan.running <= plan.running
        assert made.added >= 0
        assert all(min(line.row.outstanding) >= 0 for line in made.plan.lines)
        plan = made.plan


@kept_on_all
def test_no_measure_loses_or_invents_what_was_paid(draw: Random) -> None:
    plan, chosen = reshaped(draw)
    paid = sum(line.row.paid.total for line in plan.lines)
    for measure in chosen:
        made = reshape(plan, measure, TERMS).plan
        assert sum(line.row.paid.total for line in made.lines) == paid
        waived = sum(line.row.waived.principal for line in made.lines)
        was_waived = sum(line.row.waived.principal for line in plan.lines)
        # Principal goes nowhere but into a waiver.
        assert made.open.principal + waived == plan.open.principal + was_waived
        for line in made.lines:
            row = line.row
            assert row.owed == row.outstanding.plus(row.paid).plus(row.waived)
            assert 0 <= line.running <= row.outstanding.interest
            assert line.running == 0 or row.due > made.on
        plan = made


@kept_on_all
def test_rows_stay_in_order_and_end_with_nothing_left(draw: Random) -> None:
    plan, chosen = reshaped(draw)
    for measure in chosen:
        plan = reshape(plan, measure, TERMS).plan
    rows = [line.row for line in plan.lines]
    assert [row.due for row in rows] == sorted(row.due for row in rows)
    assert all(row.start <= row.due for row in rows)


@kept_on_all
def test_a_payment_never_raises_what_is_owed(draw: Random) -> None:
    book, amount = a_book(draw), draw.randint(1, 400_000)
    book.advance(book.day + days(draw, 400))
    without = deepcopy(book)
    before, closing = book.open.total, book.closing().total
    book.pay("p", "repayment", amount)
    assert book.open.total <= before - min(amount, closing)
    assert book.closing().total == max(0, closing - amount)
    later = book.day + days(draw, 300)
    for each in (book, without):
        each.advance(later)
        each.end_of_day()
    assert book.open.total <= without.open.total
    assert book.closing().total <= without.closing().total


@kept_on_all
def test_a_payment_split_in_two_on_one_day_changes_nothing(draw: Random) -> None:
    book, amount = a_book(draw), draw.randint(2, 400_000)
    part = draw.randint(1, amount - 1)
    book.advance(book.day + days(draw, 400))
    halves = deepcopy(book)
    book.pay("p", "repayment", amount)
    halves.pay("p1", "repayment", part)
    halves.pay("p2", "repayment", amount - part)
    for after in (0, 200):
        for each in (book, halves):
            each.advance(each.day + timedelta(days=after))
            each.end_of_day()
        assert book.rows == halves.rows
        assert (book.overpaid, book.status) == (halves.overpaid, halves.status)


@kept_on_all
def test_what_closes_a_plan_closes_it(draw: Random) -> None:
    book = a_book(draw)
    book.advance(book.day + days(draw, 400))
    book.pay("p", "repayment", book.closing().total)
    assert (book.open.total, book.overpaid, book.status) == (0, 0, "closed")


@kept_on_all
def test_paying_late_adds_nothing(draw: Random) -> None:
    book = a_book(draw)
    before = book.open
    book.advance(book.day + timedelta(days=draw.randint(1, 900)))
    assert book.open == before
    assert book.closing().total <= before.total


@kept_on_all
def test_every_cent_that_comes_in_stands_on_a_row_or_is_held_for_the_borrower(
    draw: Random,
) -> None:
    book = a_book(draw)
    before = sum(row.paid.total for row in book.rows)
    posted, received = len(book.postings), 0
    for _ in range(draw.randint(0, 6)):
        book.advance(book.day + days(draw, 60))
        amount = draw.randint(1, 200_000)
        book.pay("p", "repayment", amount)
        received += amount
    book.advance(book.day + timedelta(days=500))
    paid = sum(row.paid.total for row in book.rows) - before
    assert paid + book.overpaid == received
    total = NOTHING
    for each in book.postings[posted:]:
        total = total.plus(each.parts)
    assert total.total == paid
    assert all(min(row.outstanding) >= 0 for row in book.rows)
    assert all(min(row.paid) >= 0 for row in book.rows)


@kept_on_all
def test_a_plan_paid_on_its_days_costs_what_it_says_and_is_closed(draw: Random) -> None:
    book = a_book(draw)
    owed = book.open.total
    paid = 0
    for row in [row for row in book.rows if row.outstanding.total]:
        book.advance(max(row.due, book.day))
        paid += row.outstanding.total
        book.pay("p", "repayment", row.outstanding.total)
    assert paid == owed
    assert (book.open.total, book.overpaid) == (0, 0)
