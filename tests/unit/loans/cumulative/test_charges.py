"""Which instalment bears a charge, and what is paid of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from forbear.loans.cumulative.charges import Charge, bear, due_by, falls_in, mark_paid
from forbear.loans.cumulative.standing import Standing
from forbear.loans.parts import Component

JAN, FEB, MAR = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)
FEE, PENALTY = Component.FEE, Component.PENALTY


def fee(due: date, amount: int = 10, seq: int = 0, component: Component = FEE) -> Charge:
    return Charge(f"c{seq}", component, due, seq, amount)


def rows() -> list[Standing]:
    return [
        Standing.planned(JAN, JAN, 250, down_payment=True),
        Standing.planned(JAN, FEB, 400, 20),
        Standing.planned(FEB, MAR, 350, 10),
    ]


def fees(of: list[Standing]) -> list[int]:
    return [row.owed[FEE] for row in of]


@pytest.mark.parametrize(
    ("due", "expected"),
    [(JAN, [0, 10, 0]), (date(2026, 1, 2), [0, 10, 0]), (FEB, [0, 10, 0]),
     (date(2026, 2, 2), [0, 0, 10]), (MAR, [0, 0, 10])],
)  # fmt: skip
def test_a_charge_stands_in_the_period_of_its_day(due: date, expected: list[int]) -> None:
    made = rows()
    bear([fee(due)], made)
    assert fees(made) == expected


def test_only_the_first_period_takes_its_first_day_in() -> None:
    assert falls_in(fee(JAN), JAN, FEB, first=True)
    assert not falls_in(fee(FEB), FEB, MAR, first=False)


def test_charges_after_the_end_share_an_instalment_of_their_own() -> None:
    made = rows()
    bear([fee(date(2026, 3, 9)), fee(date(2026, 4, 4), seq=1)], made)
    assert fees(made) == [0, 0, 0, 20]
    assert made[-1].added
    assert (made[-1].start, made[-1].due) == (MAR, date(2026, 4, 4))


def test_a_share_is_of_the_principal_and_interest_of_the_plan() -> None:
    made = rows()
    bear([Charge("c", FEE, FEB, 0, percent=Decimal(10))], made)
    assert fees(made) == [0, 103, 0]  # of 1,030


def test_what_is_due_is_what_is_unpaid_by_its_day() -> None:
    made, charges = rows(), [fee(FEB, 10), fee(MAR, 20, 1), fee(FEB, 5, 2, PENALTY)]
    charges[0].paid = 4
    assert due_by(charges, FEB, made)[FEE] == 6
    assert due_by(charges, MAR, made)[FEE] == 26
    assert due_by(charges, JAN, made)[FEE] == 0
    charges[2].waived_on = FEB
    assert due_by(charges, FEB, made)[PENALTY] == 0


def test_the_earliest_charge_counts_as_paid_first() -> None:
    charges = [fee(MAR, 20, 0), fee(FEB, 10, 1), fee(FEB, 10, 2), fee(FEB, 9, 3, PENALTY)]
    mark_paid(charges, FEE, 25, rows())
    assert [charge.paid for charge in charges] == [5, 10, 10, 0]
