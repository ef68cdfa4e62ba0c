"""Who gets a payment first, in three fixed orders."""

from __future__ import annotations

from datetime import date

import pytest

from forbear.base.errors import LoanError
from forbear.loans.cumulative.orders import ORDERS, allocate, order_of
from forbear.loans.cumulative.standing import Standing, nothing
from forbear.loans.parts import Component, Parts

JAN, MID, FEB, MAR = date(2026, 1, 1), date(2026, 1, 15), date(2026, 2, 1), date(2026, 3, 1)
STANDARD, FEES_LAST, PRINCIPAL_EARLY = ORDERS  # in the order in which they are told


def rows() -> list[Standing]:
    made = [Standing.planned(JAN, FEB, 100, 10), Standing.planned(FEB, MAR, 100, 5)]
    made[0].owed[Component.FEE], made[0].owed[Component.PENALTY] = 20, 7
    return made


def put(
    strategy: str, on: date, amount: int, *, fee: int = 0, penalty: int = 0
) -> tuple[Parts, int]:
    due = nothing()
    due[Component.FEE], due[Component.PENALTY] = fee, penalty
    return allocate(rows(), order_of(strategy), on, amount, due)


@pytest.mark.parametrize(
    ("amount", "expected"),
    [(5, Parts(penalty=5)), (20, Parts(fee=13, penalty=7)), (30, Parts(0, 3, 20, 7)),
     (40, Parts(3, 10, 20, 7))],
)  # fmt: skip
def test_the_standard_order_is_penalty_fee_interest_principal(amount: int, expected: Parts) -> None:
    assert put(STANDARD, FEB, amount) == (expected, 0)
    assert put(STANDARD, MID, amount) == (expected, 0)


@pytest.mark.parametrize(
    ("amount", "expected"),
    [(17, Parts(0, 10, 0, 7)), (117, Parts(100, 10, 0, 7)), (137, Parts(100, 10, 20, 7))],
)
def test_fees_can_come_last(amount: int, expected: Parts) -> None:
    assert put(FEES_LAST, FEB, amount) == (expected, 0)


def test_early_money_goes_to_charges_of_which_the_day_has_come_first() -> None:
    # The fee is due and comes before interest and principal; the penalty is not due yet.
    assert put(FEES_LAST, MID, 20, fee=20) == (Parts(fee=20), 0)
    # What is left goes by the order of early money, fees last again.
    assert put(FEES_LAST, MID, 28, fee=20) == (Parts(0, 1, 20, 7), 0)


def test_early_money_can_go_to_principal_before_interest() -> None:
    assert put(PRINCIPAL_EARLY, MID, 100) == (Parts(100), 0)
    assert put(PRINCIPAL_EARLY, MID, 107) == (Parts(100, 0, 0, 7), 0)
    assert put(PRINCIPAL_EARLY, MID, 30, fee=20, penalty=7) == (Parts(3, 0, 20, 7), 0)
    assert put(PRINCIPAL_EARLY, FEB, 30) == (Parts(0, 3, 20, 7), 0)


def test_a_charge_that_is_due_is_taken_once_within_one_payment() -> None:
    made = rows()
    made[0].owed[Component.FEE], made[1].owed[Component.FEE] = 5, 20
    due = nothing()
    due[Component.FEE] = 5
    took, _ = allocate(made, order_of(PRINCIPAL_EARLY), MID, 105 + 7 + 10 + 100, due)
    # The fee of the second instalment is not due; its principal comes first.
    assert took == Parts(200, 10, 5, 7)


def test_the_oldest_instalment_is_paid_before_the_next_and_the_rest_is_left() -> None:
    assert put(STANDARD, MAR, 137 + 50) == (Parts(145, 15, 20, 7), 0)
    assert put(STANDARD, MAR, 137 + 105 + 9) == (Parts(200, 15, 20, 7), 9)


def test_an_unknown_order_is_named_with_those_that_are_known() -> None:
    with pytest.raises(LoanError, match=r"«fifo».*known are mifos-standard"):
        order_of("fifo")
