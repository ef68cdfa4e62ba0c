"""Entries put to a plan by value date."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from forbear.loans.cumulative.charges import Charge
from forbear.loans.cumulative.replay import Replayed, replayed
from forbear.loans.cumulative.standing import Standing
from forbear.loans.entries import Entry
from forbear.loans.parts import Component, Parts
from forbear.loans.terms import Allocation, DownPayment, Terms

JAN, FEB, MAR = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)
TERMS = Terms(
    "CNY", 200, Decimal(0), 2, 1, "months", JAN, Allocation("mifos-standard"), engine="cumulative"
)
OUT = Entry("out", "disburse", JAN, JAN, 0, 200)


def plan(*, empty: bool = False) -> list[Standing]:
    return [
        Standing.planned(JAN, FEB, 0 if empty else 100, 0 if empty else 9),
        Standing.planned(FEB, MAR, 200 if empty else 100, 9),
    ]


def put(*entries: Entry, charges: tuple[Charge, ...] = (), terms: Terms = TERMS) -> Replayed:
    return replayed(terms, plan(), charges, (OUT, *entries))


def paid(seq: int, on: date, amount: int, kind: str = "repayment") -> Entry:
    return Entry(f"p{seq}", kind, on, MAR, seq, amount)


def test_entries_are_taken_by_value_date_then_by_arrival() -> None:
    done = put(paid(1, MAR, 3), paid(3, FEB, 2), paid(2, FEB, 1))
    assert [posting.entry for posting in done.postings] == ["out", "p2", "p3", "p1"]


def test_the_plan_that_was_given_is_left_alone() -> None:
    rows = plan()
    replayed(TERMS, rows, (), (OUT, paid(1, FEB, 109)))
    assert all(row.paid_on is None for row in rows)


def test_an_instalment_that_asks_for_nothing_is_settled_from_the_start() -> None:
    done = replayed(TERMS, plan(empty=True), (), (OUT,))
    assert [row.paid_on for row in done.rows] == [JAN, None]


@pytest.mark.parametrize(
    ("kind", "posted"),
    [
        ("repayment", "repayment"), ("prepay", "repayment"), ("goodwill", "goodwill_credit"),
        ("merchant_refund", "merchant_issued_refund"), ("payout_refund", "payout_refund"),
        ("charge_adjustment", "charge_adjustment"), ("waive_interest", "interest_payment_waiver"),
    ],
)  # fmt: skip
def test_what_lowers_the_debt_goes_by_one_order(kind: str, posted: str) -> None:
    done = put(paid(1, FEB, 59, kind))
    assert (done.postings[-1].kind, done.postings[-1].parts) == (posted, Parts(50, 9))


def test_what_moves_no_money_is_passed_over() -> None:
    assert len(put(paid(1, FEB, 0, "cob"), paid(2, FEB, 0, "classify")).postings) == 1


def test_a_waived_charge_is_forgiven_from_the_start() -> None:
    fee = Charge("c", Component.FEE, FEB, 1, 7, waived_on=MAR, waived_by="w")
    done = put(paid(1, FEB, 109), Entry("w", "waive_charge", MAR, MAR, 2), charges=(fee,))
    assert done.rows[0].outstanding == 0
    assert done.rows[0].row(1, 0).waived == Parts(fee=7)
    assert done.postings[-1].amount == 7


def test_a_paid_charge_is_marked() -> None:
    fee = Charge("c", Component.FEE, FEB, 1, 7)
    put(paid(1, FEB, 5), charges=(fee,))
    assert fee.paid == 5


def test_a_down_payment_goes_where_any_payment_goes() -> None:
    terms = replace(TERMS, down_payment=DownPayment(Decimal(25), auto=True))
    done = replayed(terms, plan(), (), (OUT,))
    assert (done.postings[-1].kind, done.postings[-1].parts) == ("down_payment", Parts(41, 9))
    assert done.principal_out == 159
