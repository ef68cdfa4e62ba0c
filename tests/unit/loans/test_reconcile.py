"""Where a lender's ledger differs from the terms and the payments, case by case."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from forbear.loans.entries import Entry
from forbear.loans.ledger import payoff
from forbear.loans.orders import named
from forbear.loans.parts import Parts
from forbear.loans.reconcile import Kind, Moved, Reconciled, Stated, What, reconcile
from forbear.loans.terms import Terms

OUT, FIRST, SECOND = date(2026, 1, 5), date(2026, 2, 5), date(2026, 3, 5)
AS_OF = date(2026, 3, 20)
TERMS = Terms(
    "CNY", 1_000_000, Decimal(12), 3, 1, "months", OUT, named("cn-561"),
    interest_period="same_as_repayment", days_in_year="360", days_in_month="30",
)  # fmt: skip
PAID_OUT = Entry("out", "disburse", OUT, OUT, 0, 1_000_000)
PAID = Entry("in", "repayment", FIRST, FIRST, 1, 340_022)
FEE = Entry("fee", "charge", FIRST, FIRST, 2, 2_000, {"charge": "fee", "due": SECOND})


def row(kind: Kind, on: date, amount: int, **more: Any) -> Stated:
    return Stated(row=5, on=on, kind=kind, amount=amount, **more)


def found(*stated: Stated, moved: tuple[Moved, ...] = (), entries: tuple[Entry, ...]) -> Reconciled:
    return reconcile(TERMS, entries, stated, moved, as_of=AS_OF)


def only(what: What, came: Reconciled) -> tuple[int, int, bool]:
    (difference,) = came.differences
    assert difference.what is what
    assert difference.says.zh.endswith("。")
    assert difference.says.en.endswith(".")
    return difference.stated, difference.right, difference.against


def test_a_payment_a_few_days_apart_is_one_payment():
    came = found(row(Kind.REPAYMENT, date(2026, 2, 8), 340_022), entries=(PAID_OUT, PAID))
    assert (came.differences, came.alike) == ((), 1)


def test_a_payment_that_is_missing_counts_against_the_lender():
    came = found(entries=(PAID_OUT, PAID))
    assert only(What.PAYMENT_MISSING, came) == (0, 340_022, True)


def test_a_payment_that_was_entered_late_is_named_with_both_days():
    came = found(row(Kind.REPAYMENT, date(2026, 2, 20), 340_022), entries=(PAID_OUT, PAID))
    assert only(What.PAYMENT_LATE, came) == (340_022, 340_022, True)
    assert "5 February 2026" in came.differences[0].says.en
    assert "2026年2月20日" in came.differences[0].says.zh


def test_a_payment_that_nobody_knows_of_is_no_harm():
    came = found(row(Kind.REPAYMENT, SECOND, 100), entries=(PAID_OUT,))
    assert only(What.PAYMENT_UNKNOWN, came) == (100, 0, False)


def test_one_payment_is_not_two():
    twice = row(Kind.REPAYMENT, FIRST, 340_022)
    came = found(twice, replace(twice, row=6), entries=(PAID_OUT, PAID))
    assert only(What.PAYMENT_UNKNOWN, came) == (340_022, 0, False)


def test_a_payment_that_was_put_to_charges_first_is_told_with_both_splits():
    split = Parts(310_022, 10_000, 20_000)
    came = found(row(Kind.REPAYMENT, FIRST, 340_022, parts=split), entries=(PAID_OUT, PAID))
    assert only(What.ALLOCATED_OTHERWISE, came) == (310_022, 330_022, True)
    assert "本金3,100.22、利息100.00、费用200.00" in came.differences[0].says.zh
    assert "principal 3,300.22, interest 100.00" in came.differences[0].says.en


def test_an_agreed_charge_may_be_shown_when_it_is_made_or_due():
    for on in (FIRST, date(2026, 2, 20), SECOND):
        assert not found(row(Kind.FEE, on, 2_000), entries=(PAID_OUT, FEE)).differences


def test_a_charge_above_what_was_agreed_is_found_and_one_below_is_not():
    assert only(
        What.CHARGE_ABOVE, found(row(Kind.FEE, SECOND, 2_500), entries=(PAID_OUT, FEE))
    ) == (2_500, 2_000, True)
    assert not found(row(Kind.FEE, SECOND, 1_500), entries=(PAID_OUT, FEE)).differences


def test_a_charge_of_another_kind_was_not_agreed():
    came = found(row(Kind.PENALTY, SECOND, 2_000), entries=(PAID_OUT, FEE))
    assert only(What.CHARGE_NOT_AGREED, came) == (2_000, 0, True)


def test_interest_beyond_the_terms_is_told_where_it_grows():
    rows = [
        row(Kind.INTEREST, FIRST, 10_000),
        row(Kind.INTEREST, SECOND, 6_700 + 300),
    ]
    paid = Entry("in2", "repayment", SECOND, SECOND, 2, 340_022)
    came = found(*rows, row(Kind.REPAYMENT, FIRST, 340_022),
                 row(Kind.REPAYMENT, SECOND, 340_022), entries=(PAID_OUT, PAID, paid))  # fmt: skip
    assert only(What.INTEREST_ABOVE, came) == (17_000, 16_700, True)


def test_less_arrived_than_was_paid_out():
    came = found(entries=(PAID_OUT,), moved=(Moved(row=2, on=OUT, amount=950_000, received=True),))
    assert only(What.PAID_OUT_LESS, came) == (1_000_000, 950_000, True)
    assert came.differences[0].bank_row == 2
    assert "第670条" in came.differences[0].says.zh


def test_more_is_said_to_be_paid_out_than_was():
    came = found(row(Kind.DISBURSEMENT, OUT, 1_100_000), entries=(PAID_OUT,))
    assert only(What.PAID_OUT_LESS, came) == (1_100_000, 1_000_000, True)


@pytest.mark.parametrize(
    ("what", "right"),
    [
        (What.BALANCE, 669_978),
        (What.OVERDUE, 340_022),
        (What.PAYOFF, payoff(TERMS, (PAID_OUT, PAID), AS_OF).total),
    ],
)
def test_an_amount_that_is_stated_is_held_against_the_right_one(what: What, right: int):
    own = row(Kind.REPAYMENT, FIRST, 340_022)
    for stated in (right + 1, right - 1):
        demand = row(Kind.WAIVER, AS_OF, 0, **{what.value: stated})
        came = found(own, demand, entries=(PAID_OUT, PAID))
        assert only(what, came) == (stated, right, stated > right)
        assert came.last == {what: (stated, right)}
    same = row(Kind.WAIVER, AS_OF, 0, **{what.value: right})
    assert not found(own, same, entries=(PAID_OUT, PAID)).differences


def test_one_cause_is_told_once():
    rows = [row(Kind.WAIVER, day, 0, balance=1_000_100) for day in (OUT, FIRST, SECOND)]
    came = found(*rows, entries=(PAID_OUT,))
    assert [(each.on, each.by) for each in came.differences] == [(OUT, 100)]


def test_the_bank_s_payments_are_the_borrower_s():
    bank = (Moved(row=3, on=FIRST, amount=340_022), Moved(row=4, on=SECOND, amount=340_022))
    came = found(row(Kind.REPAYMENT, FIRST, 340_022), moved=bank, entries=(PAID_OUT, PAID))
    assert only(What.PAYMENT_MISSING, came) == (0, 340_022, True)
    assert came.differences[0].bank_row == 4
    assert came.state.outstanding.principal == 336_656


def test_a_payment_that_closed_the_loan_is_not_counted_twice():
    end = Entry("end", "prepay", SECOND, SECOND, 1, 0)
    first = reconcile(TERMS, (PAID_OUT, end), [], as_of=AS_OF)
    closing = first.differences[0].right
    bank = (Moved(row=3, on=SECOND, amount=closing),)
    came = found(row(Kind.REPAYMENT, SECOND, closing), moved=bank, entries=(PAID_OUT, end))
    assert (came.differences, came.alike, came.state.overpaid) == ((), 1, 0)


def test_money_paid_before_there_was_a_loan_is_refused_by_its_row():
    bank = (Moved(row=3, on=date(2025, 12, 1), amount=100),)
    came = found(moved=bank, entries=(PAID_OUT,))
    assert came.differences == ()
    ((number, why),) = came.refused
    assert number == 3
    assert "before money was paid out" in why


def test_rows_of_later_days_are_left_for_later():
    later = row(Kind.FEE, date(2026, 4, 1), 10)
    assert not found(later, entries=(PAID_OUT,)).differences
