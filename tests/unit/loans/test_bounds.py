"""What no loan is outside of: every message names the field and says how to mend it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from forbear.base.errors import ForbearError, LoanError
from forbear.loans.bounds import checked, count, day, percent
from forbear.loans.products.application import CHINA
from forbear.loans.terms import DownPayment, Terms

GOOD = Terms(
    currency="CNY", principal=100_000, annual_rate_percent=Decimal("7.2"), n=12, every=1,
    unit="months", starts_on=date(2026, 3, 10), allocation=CHINA,
)  # fmt: skip


def test_good_terms_come_back_as_they_are() -> None:
    assert checked(GOOD) is GOOD
    edge = replace(GOOD, annual_rate_percent=Decimal(1000), n=600, multiple_of=100_000)
    assert checked(edge) is edge
    assert checked(replace(GOOD, n=1, annual_rate_percent=Decimal(0)))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"currency": "XYZ"}, "currency «XYZ» is not known; use its three"),
        ({"principal": 0}, "principal: 0.00 is not an amount to lend; it is more than 0"),
        ({"principal": -5}, "principal: -0.05 is not an amount to lend"),
        ({"annual_rate_percent": Decimal(-1)}, "annual_rate_percent: -1 is negative"),
        ({"annual_rate_percent": Decimal(1001)}, "beyond any loan .at most 1000."),
        ({"annual_rate_percent": Decimal("NaN")}, "annual_rate_percent: NaN is not a rate"),
        ({"annual_rate_percent": Decimal("Infinity")}, "Infinity is not a rate"),
        ({"n": 0}, "n: 0 is not a number of instalments; it is 1 to 600"),
        ({"n": 601}, "n: 601 is not a number of instalments"),
        ({"every": 0}, "every: 12 instalments every 0 months make no term"),
        ({"every": 51}, "at most 600 months"),
        ({"unit": "years"}, "unit: «years» is not known; known are days, weeks, months"),
        ({"amortization": "annuity"}, "amortization: «annuity» is not known; known are equal_"),
        ({"interest_method": "compound"}, "interest_method: «compound» is not known"),
        ({"interest_period": "monthly"}, "interest_period: «monthly» is not known"),
        ({"days_in_year": "366"}, "days_in_year: «366» is not known"),
        ({"days_in_month": "31"}, "days_in_month: «31» is not known"),
        ({"starts_on": date(2190, 1, 1)}, "starts_on: 2190-01-01 is too far off"),
        ({"first_due": date(2026, 3, 10)}, "first_due: 2026-03-10 is not a first due day"),
        ({"first_due": date(2028, 3, 10)}, "at most a period and a year later"),
        ({"grace_principal_periods": 12}, "grace_principal_periods: 12 of 12 instalments cannot"),
        ({"grace_interest_periods": -1}, "it is 0 to 11"),
        ({"down_payment": DownPayment(Decimal(100))}, "down_payment: 100 percent is no part"),
        ({"down_payment": DownPayment(Decimal("NaN"))}, "down_payment: NaN percent"),
        ({"multiple_of": 0}, "multiple_of: instalments in multiples of 0.00 do not fit"),
        ({"multiple_of": 100_001}, "multiple_of: instalments in multiples of 1000.01 do not fit"),
    ],
)
def test_absurd_terms_are_refused_in_one_line(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ForbearError, match=message) as told:
        checked(replace(GOOD, **fields))
    assert "\n" not in str(told.value)


def test_the_message_calls_a_field_as_the_person_did() -> None:
    with pytest.raises(LoanError, match=r"^--rate: -1 is negative"):
        checked(replace(GOOD, annual_rate_percent=Decimal(-1)), {"annual_rate_percent": "--rate"})


def test_percent_is_read_exactly() -> None:
    assert percent("7.2", "rate") == Decimal("7.2")
    assert percent(" 24% ", "rate") == 24
    assert percent(Decimal("0.05"), "rate") == Decimal("0.05")
    assert percent(12, "rate") == 12


@pytest.mark.parametrize(
    "wrong",
    ["", "nan", "1e3", "7,2", "seven", 7.2, True, None, "１２", "7.1234567890123", "1" * 10],
)
def test_what_is_no_percentage_is_refused(wrong: object) -> None:
    with pytest.raises(LoanError, match=r"rate: «.*» is not a rate"):
        percent(wrong, "rate")


def test_whole_numbers_are_whole() -> None:
    assert count("12", "n") == 12
    assert count(0, "n") == 0
    for wrong in ("-1", "1.5", "", "x", True, None, 1.0, "１２"):
        with pytest.raises(LoanError, match=r"n: «.*» is not a whole number"):
            count(wrong, "n")


def test_days_stand_in_the_calendar() -> None:
    assert day("2028-02-29", "on") == date(2028, 2, 29)
    for wrong in ("2026-02-31", "2027-02-29", "2026-13-01", "2026-00-10"):
        with pytest.raises(LoanError, match=f"on: {wrong} is not in the calendar"):
            day(wrong, "on")
    for wrong in ("31.12.2026", "2026-3-10", "", None, "20260310", "２０２６-01-01"):
        with pytest.raises(LoanError, match=r"on: «.*» is not a date"):
            day(wrong, "on")
    for wrong in ("1899-12-31", "2200-01-01"):
        with pytest.raises(LoanError, match="lies outside 1900 to 2200"):
            day(wrong, "on")
