"""The course of a loan: the plan made anew as entries come."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from forbear.base.errors import LoanError
from forbear.loans.cumulative.course import Course, course_of
from forbear.loans.entries import Entry
from forbear.loans.parts import Parts
from forbear.loans.terms import Allocation, Recalculation, Terms

JAN = date(2026, 1, 1)
DUE = [date(2026, 1, 11), date(2026, 1, 21), date(2026, 1, 31)]
FIXED = Terms(
    "CNY", 3_000_00, Decimal("36.5"), 3, 10, "days", JAN, Allocation("mifos-standard"),
    amortization="equal_principal", engine="cumulative",
)  # fmt: skip
TERMS = replace(
    FIXED,
    recalculation=Recalculation("reduce_installment", "none", "till_preclose_date", "daily"),
)


def entry(seq: int, kind: str, on: date, amount: int = 0, **details: Any) -> Entry:
    recorded = details.pop("recorded_on", on)
    return Entry(f"e{seq}", kind, on, recorded, seq, amount, details)


OUT = entry(0, "disburse", JAN, 3_000_00)


def plan(*entries: Entry, terms: Terms = TERMS, as_of: date = DUE[2]) -> list[tuple[int, int]]:
    course = course_of(terms, (OUT, *entries), as_of)
    return [(row.principal, row.interest) for row in course.plan]


def test_a_fixed_plan_is_made_once_from_all_that_counts() -> None:
    paid = entry(1, "repayment", date(2026, 1, 6), 2_000_00)
    assert plan(paid, terms=FIXED) == plan(terms=FIXED)


def test_the_end_of_a_day_revalues_what_is_overdue() -> None:
    assert plan(entry(1, "cob", date(2026, 1, 15)))[1] == (1_000_00, 24_00)


def test_without_it_nothing_is_revalued() -> None:
    assert plan(entry(1, "charge", date(2026, 1, 15), 5_00, due=DUE[1]))[1] == (1_000_00, 20_00)


def test_a_payment_leaves_what_was_asked_for_before_it() -> None:
    # No day was ended: the second instalment was asked for with 20.00, and stays so. The third
    # bears the ten days of all that is late.
    paid = entry(1, "repayment", DUE[2], 1_030_00)
    assert plan(paid) == [(1_000_00, 30_00), (1_000_00, 20_00), (1_000_00, 30_00)]


def test_an_undone_payment_moves_the_plan_from_its_own_day() -> None:
    paid = entry(1, "repayment", date(2026, 1, 6), 1_000_00)
    undo = entry(2, "undo", date(2026, 1, 9), what="last_repayment")
    assert plan(paid, undo) == plan()


def test_an_entry_recorded_later_is_not_known_yet() -> None:
    late = entry(1, "repayment", date(2026, 1, 6), 500_00, recorded_on=date(2026, 2, 2))
    assert plan(late) == plan()
    assert plan(late, as_of=date(2026, 2, 2))[0] == (1_000_00, 27_50)


def test_what_closes_a_fixed_plan_is_all_that_it_asks_for() -> None:
    assert course_of(FIXED, [OUT], JAN).payoff(date(2026, 1, 6)) == Parts(3_000_00, 60_00)


def test_with_recalculation_it_is_the_interest_to_the_day() -> None:
    course = course_of(TERMS, [OUT], JAN)
    assert course.payoff(date(2026, 1, 6)) == Parts(3_000_00, 15_00)
    assert course.payoff(JAN) == Parts(3_000_00)


def test_before_any_money_there_is_nothing_to_close() -> None:
    assert Course(TERMS).payoff(JAN) == Parts()


def test_a_payoff_has_the_amount_that_it_was() -> None:
    closing = entry(1, "prepay", date(2026, 1, 6))
    course = course_of(TERMS, [OUT, closing], DUE[2])
    assert course.entries[-1].amount == 3_015_00
    assert [(row.due, row.interest) for row in course.plan] == [(date(2026, 1, 6), 15_00)]


def test_a_payment_of_that_amount_closes_the_loan_as_well() -> None:
    assert plan(entry(1, "repayment", date(2026, 1, 6), 3_015_00)) == [(3_000_00, 15_00)]


def test_money_that_goes_out_again_opens_a_closed_loan() -> None:
    closing = entry(1, "prepay", date(2026, 1, 6))
    again = entry(2, "disburse", date(2026, 1, 8), 600_00)
    assert sum(principal for principal, _ in plan(closing, again)) == 3_600_00


@pytest.mark.parametrize(
    ("start", "new", "says"),
    [
        (date(2026, 1, 12), date(2026, 1, 15), "from: 2026-01-12 is no due day.*2026-01-11, 2026"),
        (DUE[1], DUE[0], "new_due: 2026-01-11 is not after 2026-01-11"),
        (DUE[0], JAN, "new_due: 2026-01-01 is not after 2026-01-01"),
    ],
)
def test_a_due_day_moves_where_there_is_one_and_not_backwards_over_another(
    start: date, new: date, says: str
) -> None:
    with pytest.raises(LoanError, match=says):
        plan(entry(1, "reschedule", JAN, 0, **{"from": start, "new_due": new}))
