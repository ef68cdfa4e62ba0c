"""Plans by hand: each way to repay, each oddity, worked out on paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from forbear.base.errors import LoanError
from forbear.base.money import Rounding
from forbear.loans.plan import plan
from forbear.loans.products.application import CHINA
from forbear.loans.state import Row
from forbear.loans.terms import DownPayment, Terms

START = date(2026, 1, 1)


def terms(**fields: Any) -> Terms:
    """1,200.00 at 12 % over three months of thirty days; a month is 1 %."""
    return Terms(
        **{
            "currency": "CNY", "principal": 120_000, "annual_rate_percent": Decimal(12), "n": 3,
            "every": 1, "unit": "months", "starts_on": START, "allocation": CHINA,
            "days_in_year": "360", "days_in_month": "30", **fields,
        }
    )  # fmt: skip


def rows(*paid_out: tuple[date, int], **fields: Any) -> tuple[Row, ...]:
    return plan(terms(**fields), paid_out or [(START, 120_000)])


def shape(found: tuple[Row, ...]) -> list[tuple[int, int, int]]:
    return [(row.owed.principal, row.owed.interest, row.balance) for row in found]


def test_equal_instalments_repay_more_of_the_principal_each_time() -> None:
    # 1200 · 1.01³ / (1.01² + 1.01 + 1) = 408.026…
    assert shape(rows()) == [(39603, 1200, 80397), (39999, 804, 40398), (40398, 404, 0)]


def test_equal_principal_bears_less_each_time() -> None:
    found = rows(amortization="equal_principal")
    assert shape(found) == [(40000, 1200, 80000), (40000, 800, 40000), (40000, 400, 0)]


def test_interest_first_leaves_the_principal_to_the_end() -> None:
    found = rows(amortization="interest_first")
    assert shape(found) == [(0, 1200, 120000), (0, 1200, 120000), (120000, 1200, 0)]


def test_a_bullet_is_one_row_with_simple_interest() -> None:
    (row,) = rows(amortization="bullet")
    assert (row.due, row.owed.principal, row.owed.interest) == (date(2026, 4, 1), 120000, 3600)


def test_flat_interest_does_not_shrink() -> None:
    found = rows(interest_method="flat")
    assert shape(found) == [(40000, 1200, 80000), (40000, 1200, 40000), (40000, 1200, 0)]


def test_the_last_row_takes_the_remainder() -> None:
    found = rows((START, 100_000), annual_rate_percent=Decimal(0))
    assert [row.owed.total for row in found] == [33333, 33333, 33334]


def test_instalments_can_be_whole_yuan() -> None:
    found = rows(multiple_of=100)
    assert [row.owed.total for row in found[:-1]] == [40800, 40800]
    assert sum(row.owed.principal for row in found) == 120_000


def test_a_multiple_beyond_the_instalment_is_no_multiple() -> None:
    found = rows((START, 120), multiple_of=100, annual_rate_percent=Decimal(0))
    assert [row.owed.total for row in found] == [40, 40, 40]


def test_a_rounding_never_ends_a_loan_before_its_last_row() -> None:
    found = rows((START, 500), multiple_of=100, n=4, annual_rate_percent=Decimal(0))
    # Two hundred each would be repaid in three rows.
    assert [row.owed.total for row in found] == [100, 100, 100, 200]
    assert [row.owed.principal for row in rows((START, 3), n=5)] == [0, 0, 0, 0, 3]


def test_a_grace_on_principal_asks_for_interest_only() -> None:
    found = rows(grace_principal_periods=1)
    assert shape(found)[0] == (0, 1200, 120000)
    assert [row.owed.total for row in found[1:]] == [60901, 60902]


def test_a_grace_on_interest_moves_it_to_the_row_after() -> None:
    found = rows(amortization="equal_principal", grace_interest_periods=2)
    assert [row.owed.interest for row in found] == [0, 0, 2400]


def test_a_first_period_of_its_own_length_is_charged_for_its_days() -> None:
    first = date(2026, 1, 11)
    found = rows(days_in_month="actual", days_in_year="365", first_due=first)
    assert [row.due for row in found] == [first, date(2026, 2, 11), date(2026, 3, 11)]
    # 1200.00 · 12 % · 10/365
    assert found[0].owed.interest == 395
    assert len({row.owed.total for row in found[:-1]}) == 1


def test_a_long_first_period_is_paid_alone_and_the_rest_is_even() -> None:
    found = rows(
        n=40, every=10, unit="days", days_in_month="actual", annual_rate_percent=Decimal(60),
        first_due=date(2026, 6, 1),
    )  # fmt: skip
    assert found[0].owed.principal == 0
    assert found[0].owed.interest > found[1].owed.total
    assert abs(found[-1].owed.total - found[1].owed.total) <= 40


def test_a_later_disbursement_raises_the_instalments_from_its_period_on() -> None:
    found = rows((START, 60_000), (date(2026, 2, 1), 60_000), amortization="equal_principal")
    # 200.00, then what is left, 400.00 and 600.00, over two rows. Money that goes out on a due
    # day is not in the balance after that day's instalment.
    assert shape(found) == [(20000, 600, 40000), (50000, 1000, 50000), (50000, 500, 0)]


def test_money_that_arrives_within_a_period_bears_interest_from_its_day() -> None:
    found = rows(
        (START, 60_000), (date(2026, 1, 17), 60_000), amortization="interest_first"
    )  # fmt: skip
    # 600.00 for a month and 600.00 for 15 of 31 days.
    assert found[0].owed.interest == 600 + round(600 * 15 / 31)
    assert found[1].owed.interest == 1200


def test_a_down_payment_falls_due_on_the_day_of_paying_out() -> None:
    found = rows(down_payment=DownPayment(Decimal(25)))
    assert (found[0].down_payment, found[0].due, found[0].owed.principal) == (True, START, 30000)
    assert found[0].balance == 90000
    assert found[1].owed.interest == 900
    assert [row.number for row in found] == [1, 2, 3, 4]


def test_all_of_a_day_is_paid_out_before_its_down_payments() -> None:
    found = rows(
        (START, 10_000), (START, 90_000), down_payment=DownPayment(Decimal(25)), n=1
    )  # fmt: skip
    assert [row.balance for row in found] == [97500, 75000, 0]


def test_each_rounding_is_the_one_that_is_named() -> None:
    # 1 % of 0.50 is half a fen.
    asked = {"amortization": "interest_first", "n": 1}
    for how, expected in ((Rounding.HALF_EVEN, 0), (Rounding.HALF_UP, 1), (Rounding.DOWN, 0)):
        (row,) = rows((START, 50), rounding=how, **asked)
        assert row.owed.interest == expected
    (row,) = rows((START, 150), rounding=Rounding.HALF_EVEN, **asked)
    assert row.owed.interest == 2


def test_a_rate_of_a_month_has_nineteen_places() -> None:
    """7 % of a twelfth is a little less than it, so 750.00 bears 4.37 and not the tie's 4.38."""
    (row,) = rows((START, 75_000), n=1, annual_rate_percent=Decimal(7))
    assert row.owed.interest == 437


def test_whole_periods_bear_the_same_whatever_their_days() -> None:
    for unit, per in (("months", 12), ("weeks", 52)):
        found = rows(
            interest_period="same_as_repayment", days_in_month="actual", days_in_year="365",
            amortization="interest_first", unit=unit,
        )  # fmt: skip
        assert {row.owed.interest for row in found} == {round(120_000 * 0.12 / per)}
    found = rows(
        interest_period="same_as_repayment", unit="days", every=73, amortization="interest_first",
        days_in_year="365",
    )  # fmt: skip
    assert {row.owed.interest for row in found} == {2880}


def test_a_part_of_a_whole_period_counts_where_the_terms_say_so() -> None:
    asked: dict[str, Any] = {
        "interest_period": "same_as_repayment", "amortization": "interest_first",
        "first_due": date(2026, 1, 16), "n": 2,
    }  # fmt: skip
    assert rows(**asked)[0].owed.interest == 1200
    assert rows(**asked, partial_period_interest=True)[0].owed.interest == round(1200 * 15 / 31)


def test_money_paid_out_on_the_first_due_day_or_after_the_last_is_refused() -> None:
    with pytest.raises(LoanError, match="first_due: the first instalment on 2026-02-01"):
        rows((date(2026, 2, 1), 100))
    with pytest.raises(LoanError, match="disbursements: the one on 2026-04-01"):
        rows((START, 100), (date(2026, 4, 1), 100))


def test_a_plan_of_nothing_is_a_bug() -> None:
    with pytest.raises(AssertionError, match="money paid out"):
        plan(replace(terms(), n=1), [])
