"""An instalment while a loan is replayed."""

from __future__ import annotations

from datetime import date

from forbear.loans.cumulative.standing import Standing, nothing, parts_of, rows_of
from forbear.loans.parts import NOTHING, Component, Parts

JAN, FEB, MAR = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)
PRINCIPAL, INTEREST = Component.PRINCIPAL, Component.INTEREST


def row() -> Standing:
    return Standing.planned(JAN, FEB, 100_00, 10_00)


def test_a_payment_takes_no_more_than_is_owed() -> None:
    one = row()
    assert one.pay(INTEREST, FEB, 50_00) == 10_00
    assert one.pay(INTEREST, FEB, 50_00) == 0
    assert one.pay(PRINCIPAL, FEB, -5) == 0
    assert one.outstanding == 100_00
    assert one.paid_on is None


def test_early_and_late_money_is_told_apart_and_the_due_day_is_neither() -> None:
    one = row()
    one.pay(PRINCIPAL, date(2026, 1, 31), 20_00)
    one.pay(PRINCIPAL, FEB, 30_00)
    one.pay(PRINCIPAL, date(2026, 2, 2), 50_00)
    one.pay(INTEREST, MAR, 10_00)
    assert (one.in_advance, one.late, one.paid_on) == (20_00, 60_00, MAR)


def test_a_waiver_settles_and_is_not_a_payment() -> None:
    one = row()
    one.pay(PRINCIPAL, FEB, 100_00)
    assert one.waive(INTEREST, MAR, 99_00) == 10_00
    assert one.waive(INTEREST, MAR, 1) == 0
    shown = one.row(1, 0)
    assert (shown.paid, shown.waived) == (Parts(100_00), Parts(0, 10_00))
    assert shown.outstanding == NOTHING
    assert shown.paid_on == MAR


def test_a_write_off_gives_up_what_is_left() -> None:
    one = row()
    one.pay(PRINCIPAL, FEB, 40_00)
    assert one.write_off(MAR) == Parts(60_00, 10_00)
    assert one.outstanding == 0
    assert one.row(1, 0).written_off == Parts(60_00, 10_00)


def test_money_given_back_opens_the_instalment_again() -> None:
    one = row()
    one.pay(INTEREST, FEB, 10_00)
    one.pay(PRINCIPAL, FEB, 100_00)
    one.credit(MAR, 25_00)
    assert (one.outstanding, one.paid_on, one.credited) == (25_00, None, 25_00)


def test_a_fresh_row_has_the_plan_and_nothing_else() -> None:
    one = row()
    one.owed[Component.FEE] = 5_00
    one.pay(PRINCIPAL, FEB, 1_00)
    again = one.fresh()
    assert parts_of(again.owed) == Parts(100_00, 10_00)
    assert again.paid == nothing()


def test_the_balance_follows_the_plan_and_leaves_credits_out() -> None:
    first, second = row(), Standing.planned(FEB, MAR, 100_00)
    second.credit(FEB, 30_00)
    rows = rows_of([first, second], [(JAN, 150_00), (date(2026, 2, 15), 50_00)])
    assert [(each.number, each.balance) for each in rows] == [(1, 50_00), (2, 0)]
