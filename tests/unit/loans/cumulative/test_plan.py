"""Plans made by hand: what each instalment asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from forbear.loans.cumulative.changes import Change
from forbear.loans.cumulative.plan import Asked, Tranche, planned
from forbear.loans.cumulative.standing import Standing
from forbear.loans.terms import Allocation, DownPayment, Terms

JAN, FEB, MAR, APR = (date(2026, month, 1) for month in (1, 2, 3, 4))
# 12 % a year, one month as good as another: 1 % a period.
TERMS = Terms(
    "CNY", 1_200_00, Decimal(12), 3, 1, "months", JAN, Allocation("mifos-standard"),
    interest_period="same_as_repayment", partial_period_interest=True, engine="cumulative",
)  # fmt: skip


def plan(
    terms: Terms = TERMS, *changes: Change, tranches: Sequence[Tranche] = ()
) -> list[Standing]:
    return planned(Asked(terms, tranches or [Tranche(JAN, terms.principal)], changes))


def told(rows: Sequence[Standing]) -> list[tuple[str, int, int]]:
    return [(row.due.isoformat(), row.principal, row.interest) for row in rows]


def test_equal_instalments_the_last_takes_the_rest() -> None:
    # 1,200 at 1 % in three: 408.0265… a month.
    assert told(plan()) == [
        ("2026-02-01", 396_03, 12_00),
        ("2026-03-01", 399_99, 8_04),
        ("2026-04-01", 403_98, 4_04),
    ]


def test_an_instalment_of_whole_yuan() -> None:
    assert told(plan(replace(TERMS, multiple_of=100))) == [
        ("2026-02-01", 396_00, 12_00),
        ("2026-03-01", 399_96, 8_04),
        ("2026-04-01", 404_04, 4_04),
    ]


def test_equal_principal() -> None:
    assert told(plan(replace(TERMS, amortization="equal_principal"))) == [
        ("2026-02-01", 400_00, 12_00),
        ("2026-03-01", 400_00, 8_00),
        ("2026-04-01", 400_00, 4_00),
    ]


@pytest.mark.parametrize(
    ("how", "interest"), [("interest_first", [12_00, 12_00, 12_00]), ("bullet", [0, 0, 36_00])]
)
@pytest.mark.parametrize("method", ["declining_balance", "flat"])
def test_principal_at_the_end(how: str, interest: list[int], method: str) -> None:
    rows = plan(replace(TERMS, amortization=how, interest_method=method))
    assert [row.principal for row in rows] == [0, 0, 1_200_00]
    assert [row.interest for row in rows] == interest


def test_flat_interest_is_on_the_full_amount_throughout() -> None:
    assert told(plan(replace(TERMS, interest_method="flat"))) == [
        ("2026-02-01", 400_00, 12_00),
        ("2026-03-01", 400_00, 12_00),
        ("2026-04-01", 400_00, 12_00),
    ]


def test_a_flat_instalment_of_whole_yuan_is_rounded_as_a_whole() -> None:
    terms = replace(TERMS, principal=1_250_00, n=4, interest_method="flat", multiple_of=100)
    # 312.50 and 12.50 are 312 and 12, halves to the even yuan: 324 an instalment.
    assert [(row.principal, row.interest) for row in plan(terms)] == [
        (311_50, 12_50), (311_50, 12_50), (311_50, 12_50), (315_50, 12_50),
    ]  # fmt: skip


def test_without_interest() -> None:
    terms = replace(TERMS, annual_rate_percent=Decimal(0), interest_method="zero")
    assert [(row.principal, row.interest) for row in plan(terms)] == [(400_00, 0)] * 3


def test_grace_on_principal_asks_for_interest_only() -> None:
    assert told(plan(replace(TERMS, grace_principal_periods=1))) == [
        ("2026-02-01", 0, 12_00),
        ("2026-03-01", 597_01, 12_00),
        ("2026-04-01", 602_99, 6_03),
    ]


def test_grace_on_interest_asks_for_it_later() -> None:
    rows = plan(replace(TERMS, grace_interest_periods=1, grace_principal_periods=1))
    assert [(row.principal, row.interest) for row in rows] == [
        (0, 0), (597_01, 24_00), (602_99, 6_03)
    ]  # fmt: skip


def test_a_down_payment_is_due_on_the_day_of_the_money() -> None:
    rows = plan(replace(TERMS, down_payment=DownPayment(Decimal(25))))
    assert [(row.due, row.principal, row.down_payment) for row in rows][:2] == [
        (JAN, 300_00, True), (FEB, 297_02, False)
    ]  # fmt: skip
    assert rows[1].interest == 9_00


def test_a_later_disbursement_bears_interest_from_its_day() -> None:
    rows = plan(tranches=[Tranche(JAN, 600_00), Tranche(date(2026, 2, 15), 600_00)])
    # The instalment is that of 1,200; 600 bears 14 of 28 days in February.
    assert told(rows) == [
        ("2026-02-01", 402_03, 6_00),
        ("2026-03-01", 403_05, 4_98),
        ("2026-04-01", 394_92, 3_95),
    ]


def test_money_after_the_last_due_day_gets_an_instalment_more() -> None:
    terms = replace(TERMS, annual_rate_percent=Decimal(0))
    rows = plan(terms, tranches=[Tranche(JAN, 300_00), Tranche(date(2026, 4, 10), 90_00)])
    assert [(row.due, row.principal) for row in rows][-2:] == [
        (APR, 40_00), (date(2026, 5, 1), 90_00)
    ]  # fmt: skip


def test_a_moved_due_day_moves_the_later_ones_and_bears_interest() -> None:
    assert told(plan(TERMS, Change(MAR, date(2026, 3, 16)))) == [
        ("2026-02-01", 396_03, 12_00),
        ("2026-03-16", 396_10, 11_93),  # 803.97 for a month and 15 of 31 days
        ("2026-04-16", 407_87, 4_08),
    ]


def test_a_longer_term_is_smaller_instalments_from_then_on() -> None:
    rows = plan(TERMS, Change(MAR, extra_terms=2))
    assert [row.due for row in rows][-1] == date(2026, 6, 1)
    assert [(row.principal, row.interest) for row in rows] == [
        (396_03, 12_00),
        (198_00, 8_04),
        (199_98, 6_06),
        (201_98, 4_06),
        (204_01, 2_04),
    ]  # fmt: skip  (803.97 in four: 206.0423… a month)


def test_a_new_rate_counts_from_its_instalment() -> None:
    rows = plan(TERMS, Change(MAR, rate=Decimal(6)))
    assert [(row.principal, row.interest) for row in rows] == [
        (396_03, 12_00), (400_98, 4_02), (402_99, 2_01)
    ]  # fmt: skip


def test_a_month_without_principal_makes_the_term_a_month_longer() -> None:
    rows = plan(TERMS, Change(MAR, grace_principal=1))
    assert [(row.principal, row.interest) for row in rows] == [
        (396_03, 12_00), (0, 8_04), (399_98, 8_04), (403_99, 4_04)
    ]  # fmt: skip


def test_flat_interest_left_out_for_a_while_is_asked_for_afterwards() -> None:
    rows = plan(replace(TERMS, interest_method="flat"), Change(FEB, grace_interest=2))
    assert [row.interest for row in rows] == [0, 0, 36_00]


def test_a_longer_flat_plan_keeps_its_interest() -> None:
    rows = plan(replace(TERMS, interest_method="flat"), Change(MAR, extra_terms=1))
    assert [(row.principal, row.interest) for row in rows] == [
        (400_00, 12_00), (266_67, 8_00), (266_67, 8_00), (266_66, 8_00)
    ]  # fmt: skip


def test_a_first_due_day_of_its_own() -> None:
    rows = plan(replace(TERMS, first_due=date(2026, 1, 16)))
    assert [row.due.isoformat() for row in rows] == ["2026-01-16", "2026-02-16", "2026-03-16"]
    assert rows[0].interest == 5_81  # 15 of 31 days


def test_what_was_asked_for_already_stays() -> None:
    rows = planned(Asked(TERMS, [Tranche(JAN, TERMS.principal)], kept={1: 9_00}))
    assert [(row.principal, row.interest) for row in rows][:2] == [(399_03, 9_00), (400_02, 8_01)]


def test_due_days_can_be_counted_from_the_application() -> None:
    terms = replace(TERMS, options={"due_from_submission": True}, annual_rate_percent=Decimal(0))
    rows = plan(terms, tranches=[Tranche(date(2026, 1, 11), 900_00)])
    assert [(row.start, row.due, row.principal) for row in rows] == [
        (JAN, FEB, 300_00), (FEB, MAR, 300_00), (MAR, APR, 300_00)
    ]  # fmt: skip
