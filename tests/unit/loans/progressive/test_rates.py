"""Rate factors: what a unit of principal bears over a span."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from forbear.loans.progressive.rates import days_in_year, factor
from forbear.loans.terms import Allocation, Terms

JAN, FEB, MAR = date(2024, 1, 1), date(2024, 2, 1), date(2024, 3, 1)
TERMS = Terms(
    currency="CNY", principal=100_00, annual_rate_percent=Decimal(12), n=6, every=1, unit="months",
    starts_on=JAN, allocation=Allocation("advanced"),
)  # fmt: skip


def borne(terms: Terms, start: date, due: date, *, period: tuple[date, date] | None = None):
    whole = period or (start, due)
    return factor(terms, terms.annual_rate_percent, JAN, whole, (start, due), for_interest=True)


def test_thirty_days_a_month_make_a_twelfth_of_the_year_whatever_the_month():
    terms = replace(TERMS, days_in_year="360", days_in_month="30")
    assert borne(terms, JAN, FEB) == borne(terms, FEB, MAR) == Decimal("0.01")


def test_part_of_a_month_counts_its_own_days():
    terms = replace(TERMS, days_in_year="360", days_in_month="30")
    half = borne(terms, FEB, date(2024, 2, 15), period=(FEB, MAR))
    assert round(half, 12) == round(Decimal("0.01") * 14 / 29, 12)


def test_actual_days_over_365():
    terms = replace(TERMS, days_in_year="365", days_in_month="actual")
    assert round(borne(terms, JAN, FEB), 15) == round(Decimal("0.12") * 31 / 365, 15)


def test_a_leap_year_has_366_days_and_the_turn_of_the_year_splits_a_period():
    terms = replace(TERMS, days_in_year="actual", days_in_month="actual")
    start, due = date(2023, 12, 15), date(2024, 1, 15)
    expected = Decimal("0.12") * (Decimal(16) / 365 + Decimal(15) / 366)
    assert round(borne(terms, start, due), 15) == round(expected, 15)
    assert days_in_year(terms, date(2024, 5, 1), (JAN, FEB)) == 366


def test_a_product_may_count_the_leap_day_in_its_own_period_alone():
    custom = {"days_in_year_custom": "feb_29_period_only"}
    terms = replace(TERMS, days_in_year="actual", options=custom)
    assert days_in_year(terms, JAN, (JAN, FEB)) == 365
    assert days_in_year(terms, FEB, (FEB, MAR)) == 366


@pytest.mark.parametrize(("unit", "per_year"), [("months", 12), ("weeks", 52)])
def test_a_whole_period_may_bear_its_share_whatever_its_days(unit: str, per_year: int):
    terms = replace(TERMS, unit=unit, interest_period="same_as_repayment")
    assert round(borne(terms, JAN, FEB), 15) == round(Decimal("0.12") / per_year, 15)


def test_a_period_of_no_days_bears_nothing():
    assert borne(replace(TERMS, days_in_year="360", days_in_month="30"), JAN, JAN) == 0
