"""Payments early and late, and what they change in a plan with interest recalculation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from forbear.loans.cumulative.charges import Charge
from forbear.loans.cumulative.plan import Asked, Tranche, planned
from forbear.loans.cumulative.recalculated import Book, Payment
from forbear.loans.parts import Component
from forbear.loans.terms import Allocation, Recalculation, Terms

JAN, FEB, MAR = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)
HOW = Recalculation("reduce_installment", "none", "till_preclose_date", "daily")
# A tenth of a per cent a day, so that interest is counted in the head.
TERMS = Terms(
    "CNY", 3_000_00, Decimal("36.5"), 3, 10, "days", JAN, Allocation("mifos-standard"),
    amortization="equal_principal", engine="cumulative", recalculation=HOW,
)  # fmt: skip
DAYS = [date(2026, 1, 11), date(2026, 1, 21), date(2026, 1, 31)]


def told(
    *payments: Payment, today: date = JAN, how: Recalculation = HOW, terms: Terms = TERMS
) -> list[tuple[int, int]]:
    terms = replace(terms, recalculation=how)
    rows = planned(Asked(terms, [Tranche(JAN, 3_000_00)], payments=payments, today=today))
    return [(row.principal, row.interest) for row in rows]


PLAIN = [(1_000_00, 30_00), (1_000_00, 20_00), (1_000_00, 10_00)]


def test_what_is_paid_when_due_changes_nothing() -> None:
    assert told() == PLAIN
    assert told(Payment(DAYS[0], 1_030_00), today=DAYS[0]) == PLAIN


def test_more_than_is_due_makes_the_next_ones_smaller() -> None:
    assert told(Payment(DAYS[0], 1_530_00), today=DAYS[0]) == [
        (1_500_00, 30_00), (750_00, 15_00), (750_00, 7_50)
    ]  # fmt: skip


def test_more_than_is_due_can_skip_the_next_ones() -> None:
    how = replace(HOW, advance_payment="reschedule_next_repayments")
    assert told(Payment(DAYS[0], 1_530_00), today=DAYS[0], how=how) == [
        (1_500_00, 30_00), (500_00, 15_00), (1_000_00, 10_00)
    ]  # fmt: skip


def test_more_than_is_due_can_end_the_plan_sooner() -> None:
    how = replace(HOW, advance_payment="reduce_number_of_installments")
    assert told(Payment(DAYS[0], 2_230_00), today=DAYS[0], how=how) == [
        (2_200_00, 30_00), (800_00, 8_00)
    ]  # fmt: skip


def test_early_money_lowers_interest_from_its_day() -> None:
    # 500 on the fifth day: 3,000 for five days and 2,500 for five, then as planned.
    assert told(Payment(date(2026, 1, 6), 500_00), today=DAYS[0])[0] == (1_000_00, 27_50)


def test_early_money_can_wait_for_the_due_day() -> None:
    how = replace(HOW, rest="same_as_repayment")
    assert told(Payment(date(2026, 1, 6), 500_00), today=DAYS[0], how=how)[0] == (1_000_00, 30_00)


def test_overdue_principal_bears_interest_until_today_and_no_further() -> None:
    # Four days after the first due day 1,000 is late: 4.00 more, and 20.00 as planned.
    assert told(today=date(2026, 1, 15)) == [
        (1_000_00, 30_00), (1_000_00, 24_00), (1_000_00, 10_00)
    ]  # fmt: skip


def test_overdue_principal_that_was_paid_bore_interest_until_then() -> None:
    paid = Payment(date(2026, 1, 14), 1_030_00)
    assert told(paid, today=date(2026, 1, 19))[1] == (1_000_00, 23_00)


def test_overdue_interest_bears_interest_only_where_it_was_agreed() -> None:
    how = replace(HOW, compounding="interest")
    # 30.00 of interest is four days late: 0.12 more than the 4.00 of the principal.
    assert told(today=date(2026, 1, 15), how=how)[1] == (1_000_00, 24_12)


def test_a_payment_that_closes_the_loan_ends_its_period() -> None:
    rows = planned(
        Asked(TERMS, [Tranche(JAN, 3_000_00)], today=date(2026, 1, 16), until=date(2026, 1, 16),
              payments=[Payment(DAYS[0], 1_030_00)])
    )  # fmt: skip
    assert [(row.due, row.principal, row.interest) for row in rows] == [
        (DAYS[0], 1_000_00, 30_00), (date(2026, 1, 16), 2_000_00, 10_00)
    ]  # fmt: skip


def test_a_charge_of_the_period_is_paid_before_principal_is_early() -> None:
    fee = Charge("c", Component.FEE, DAYS[0], 0, 50_00)
    asked = Asked(
        TERMS, [Tranche(JAN, 3_000_00)], payments=[Payment(DAYS[0], 1_080_00)], charges=[fee],
        today=DAYS[0],
    )  # fmt: skip
    assert [row.principal for row in planned(asked)] == [1_000_00] * 3


@pytest.mark.parametrize(
    ("day", "rest"),
    [(JAN, JAN), (date(2026, 1, 2), DAYS[0]), (DAYS[0], DAYS[0]), (date(2026, 1, 12), DAYS[1])],
)
def test_rest_days_are_the_due_days(day: date, rest: date) -> None:
    terms = replace(TERMS, recalculation=replace(HOW, rest="same_as_repayment"))
    book = Book(terms, 0, seed=JAN, today=JAN, payments=[], charges=[])
    assert book.rest_day(day) == rest
