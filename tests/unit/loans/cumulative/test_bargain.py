"""The terms as they stand at one instalment."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from forbear.loans.cumulative.bargain import Bargain
from forbear.loans.cumulative.changes import Change
from forbear.loans.terms import Allocation, DownPayment, Terms

JAN, END = date(2026, 1, 1), date(2026, 4, 1)
TERMS = Terms(
    "CNY", 1_200_00, Decimal(12), 3, 1, "months", JAN, Allocation("mifos-standard"),
    interest_period="same_as_repayment", partial_period_interest=True, engine="cumulative",
)  # fmt: skip


def bargain(terms: Terms = TERMS, net: int = 1_200_00) -> Bargain:
    made = Bargain(terms, JAN, END, net, net, 1_200_00, terms.annual_rate_percent, terms.n)
    made.begin()
    return made


def test_the_instalment_clears_what_is_left_in_what_is_left_of_the_term() -> None:
    one = bargain()
    assert one.emi == 408_03
    one.refix(2, 400_00)
    assert one.emi == 406_01  # 800.00 in two at 1 %
    one.refix(2, 1_200_00)
    assert one.emi == 406_01  # nothing is left to schedule


def test_periods_of_grace_bear_no_part_of_the_principal() -> None:
    one = bargain(replace(TERMS, grace_principal_periods=1))
    assert (one.periods_left(0), one.periods_left(1), one.periods_left(2)) == (2, 2, 1)


def test_a_new_rate_is_found_out_at_the_next_instalment() -> None:
    one = bargain()
    one.apply(Change(JAN, rate=Decimal(6)), 2, 396_03, 12_00)
    assert (one.rate, one.emi) == (Decimal(6), None)


def test_a_new_rate_of_a_flat_plan_is_on_what_is_left() -> None:
    one = bargain(replace(TERMS, interest_method="flat"))
    assert one.flat_total == 36_00
    one.apply(Change(JAN, rate=Decimal(6)), 2, 400_00, 12_00)
    assert one.flat_total == 24_00  # 800.00 at 1.5 %, and the 12.00 asked for


def test_a_longer_term_moves_the_end() -> None:
    one = bargain()
    one.apply(Change(JAN, extra_terms=2), 2, 396_03, 12_00)
    assert (one.n, one.end, one.done) == (5, date(2026, 6, 1), 1)


@pytest.mark.parametrize(
    ("method", "rate", "emi"),
    # The peer takes a down payment of 300 off twice, where the plan bears interest.
    [("declining_balance", Decimal(12), 153_77), ("zero", Decimal(0), 225_00)],
)
def test_a_longer_term_after_a_down_payment(method: str, rate: Decimal, emi: int) -> None:
    down = DownPayment(Decimal(25))
    terms = replace(TERMS, interest_method=method, annual_rate_percent=rate, down_payment=down)
    one = bargain(terms, 900_00)
    one.apply(Change(JAN, extra_terms=1), 1, 0, 0)
    assert one.emi == emi


def test_after_the_last_instalment_what_is_left_is_due_at_once() -> None:
    # A rest after the term, such as interest put to principal, has no periods to be shared by.
    one = bargain(replace(TERMS, amortization="equal_principal"))
    one.refix(4, 1_199_96)
    assert one.fixed_principal == 4
    two = bargain()
    two.refix(4, 1_199_96)
    assert two.emi == 4
