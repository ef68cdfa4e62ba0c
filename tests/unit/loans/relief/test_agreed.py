"""The book of an agreed plan: what money does to it, day by day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.unit.loans.relief.plain import DUES, PLAN, TERMS, TODAY

from forbear.loans.parts import Component, Parts
from forbear.loans.relief.agreed import Book
from forbear.loans.relief.measures import Kept, ReAge
from forbear.loans.state import State

JUNE = date(2026, 6, 30)


def book(interest: Kept = Kept.ALL, currency: str = "CNY") -> Book:
    """The plain plan, re-aged over three months from 30 April on."""
    terms = replace(TERMS, currency=currency)
    state = State(TODAY, currency, tuple(line.row for line in PLAN.lines), ())
    made = Book(terms, state, PLAN.closing)
    made.relieve("r/1", ReAge(n=3, first_due=date(2026, 4, 30), interest=interest))
    return made


def test_it_opens_with_what_was_owed() -> None:
    made = book()
    assert made.open == PLAN.open
    assert made.closing() == PLAN.closing


def test_an_instalment_paid_before_its_day_pays_that_instalment_whole() -> None:
    made = book()
    made.advance(date(2026, 4, 28))
    made.pay("p", "repayment", made.rows[1].outstanding.total)
    assert made.rows[1].outstanding == Parts()
    assert made.rows[1].paid_on == date(2026, 4, 28)
    assert made.rows[1].in_advance == made.rows[1].paid.total


def test_more_than_the_next_instalment_goes_to_principal_and_saves_interest() -> None:
    made = book()
    made.advance(date(2026, 4, 30))
    before = made.open
    first = made.rows[1].outstanding.total
    made.pay("p", "repayment", first + 20_000)
    assert made.rows[2].paid == Parts(20_000)
    assert made.open.interest < before.interest - made.rows[1].paid.interest


def test_money_paid_early_covers_the_instalment_when_its_day_comes() -> None:
    made = book()
    made.advance(date(2026, 4, 28))
    first, second = (made.rows[at].outstanding.total for at in (1, 2))
    made.pay("p", "repayment", first + second)
    assert made.rows[2].outstanding.total > 0  # its interest, since principal came first
    made.advance(date(2026, 6, 1))
    assert made.rows[2].outstanding == Parts()
    assert made.state().overdue.total == 0
    assert made.postings[-1].amount == 0
    assert made.postings[-1].parts.total == 0


def test_closing_it_early_costs_the_interest_up_to_that_day_only() -> None:
    made = book()
    made.advance(date(2026, 4, 30))
    closing = made.closing()
    assert closing.interest < made.open.interest
    made.pay("p", "repayment", closing.total)
    assert made.open == Parts()
    assert (made.status, made.overpaid) == ("closed", 0)


def test_what_is_paid_beyond_the_debt_is_held_for_the_borrower() -> None:
    made = book(Kept.FROZEN)
    made.pay("p", "repayment", PLAN.closing.total + 700)
    assert (made.status, made.overpaid) == ("overpaid", 700)
    assert made.postings[-1].over == 700
    made.refund("back", 700)
    assert (made.status, made.overpaid) == ("closed", 0)


def test_paying_late_adds_nothing() -> None:
    made = book()
    made.advance(date(2027, 6, 30))
    assert made.open == PLAN.open
    made.pay("p", "repayment", 1_000)
    assert made.rows[1].late == 1_000


def test_a_charge_falls_to_the_instalment_of_its_day() -> None:
    made = book(Kept.FROZEN)
    made.charge(Component.FEE, 300, date(2026, 5, 12))
    assert made.rows[2].owed.fee == 300
    made.charge(Component.PENALTY, 200, date(2026, 7, 9))
    assert (made.rows[-1].due, made.rows[-1].owed) == (date(2026, 7, 9), Parts(0, 0, 0, 200))


def test_a_charge_opens_a_closed_loan_again() -> None:
    made = book(Kept.FROZEN)
    made.pay("p", "repayment", made.closing().total)
    made.charge(Component.FEE, 300, JUNE)
    assert made.status == "active"
    assert made.open == Parts(0, 0, 300)


def test_a_rest_of_less_than_a_yuan_is_waived_once_the_last_day_is_over() -> None:
    made = book(Kept.FROZEN)
    made.pay("p", "repayment", made.closing().total - 99)
    made.advance(JUNE)
    made.end_of_day()
    assert made.open.total == 99
    made.advance(date(2026, 7, 2))
    assert made.open.total == 0
    assert made.status == "closed"
    assert made.postings[-1].kind == "waiver"
    assert made.postings[-1].amount == 99


def test_a_rest_of_a_yuan_is_still_owed() -> None:
    made = book(Kept.FROZEN)
    made.pay("p", "repayment", made.closing().total - 100)
    made.advance(date(2026, 7, 2))
    assert made.open.total == 100


def test_no_rest_is_waived_in_a_currency_without_such_a_promise() -> None:
    made = book(Kept.FROZEN, currency="USD")
    made.pay("p", "repayment", made.closing().total - 1)
    made.advance(date(2026, 7, 2))
    assert made.open.total == 1


def test_what_is_written_off_stays_visible_on_its_rows() -> None:
    made = book(Kept.FROZEN)
    made.write_off("w")
    assert made.open == Parts()
    assert made.status == "written_off"
    assert sum(row.written_off.total for row in made.rows) == PLAN.closing.total


def test_relief_after_relief_goes_on_from_what_is_left() -> None:
    made = book()
    made.advance(date(2026, 5, 15))
    closing = made.closing()
    made.relieve("s/1", ReAge(n=6, first_due=JUNE))
    assert made.open == closing
    assert made.rows[0].due == DUES[0]
