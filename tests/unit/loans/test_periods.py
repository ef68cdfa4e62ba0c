"""The periods of a plan: their rates, and the money that comes in within them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from forbear.base.money import Rounding, round_ratio
from forbear.loans.periods import ONE, Calendar, Disbursement, divider
from forbear.loans.products.application import CHINA
from forbear.loans.terms import Terms

START = date(2026, 1, 31)


def calendar(*net: Disbursement, **fields: Any) -> Calendar:
    terms = Terms(
        **{
            "currency": "CNY", "principal": 100, "annual_rate_percent": Decimal(12), "n": 3,
            "every": 1, "unit": "months", "starts_on": START, "allocation": CHINA,
            "days_in_year": "360", "days_in_month": "30", **fields,
        }
    )  # fmt: skip
    return Calendar.of(terms, net or [Disbursement(START, 100)])


def test_a_month_of_thirty_days_is_a_twelfth_also_where_it_is_clamped() -> None:
    found = calendar()
    assert found.dues == [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]
    assert found.rates == [ONE // 100] * 3


def test_actual_days_give_each_period_its_own_rate() -> None:
    found = calendar(days_in_month="actual", days_in_year="365")
    assert found.rates == [nearest(Fraction(ONE * 12 * days, 36_500)) for days in (28, 31, 30)]


def nearest(value: Fraction) -> int:
    return round_ratio(value.numerator, value.denominator, Rounding.HALF_EVEN)


def test_money_that_comes_later_stands_in_its_period_with_its_interest() -> None:
    found = calendar(Disbursement(START, 100), Disbursement(date(2026, 3, 15), 50))
    assert found.arrived == [100, 50, 0]
    assert found.borne[0] == 100 * found.rates[0]
    # 16 of the 31 days of that period.
    assert found.borne[1] == 50 * nearest(Fraction(found.rates[1] * 16, 31))


def test_no_interest_means_a_rate_of_nothing() -> None:
    assert calendar(interest_method="zero").rates == [0, 0, 0]


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        (Rounding.HALF_EVEN, [0, 0, 0, 1, 1, 2, 2]),
        (Rounding.HALF_UP, [0, 0, 1, 1, 1, 2, 2]),
        (Rounding.DOWN, [0, 0, 0, 0, 1, 1, 1]),
    ],
)
def test_dividing_rounds_as_it_is_named(how: Rounding, expected: list[int]) -> None:
    quarter = divider(how, 4)
    assert [quarter(each) for each in (0, 1, 2, 3, 4, 6, 7)] == expected
