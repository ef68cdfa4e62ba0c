"""How amounts, rates and days are said."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from forbear.loans import said


def test_thousands_are_marked_and_the_sign_is_kept() -> None:
    assert said.grouped(123_456_789, "CNY") == "1,234,567.89"
    assert said.grouped(-123_450, "CNY") == "-1,234.50"
    assert said.grouped(-50, "CNY") == "-0.50"
    assert said.grouped(0, "CNY") == "0.00"
    assert said.grouped(1_234_567, "JPY") == "1,234,567"
    assert said.grouped(1_234_567, "KWD") == "1,234.567"


def test_an_amount_has_its_unit_in_both_languages() -> None:
    yuan = said.amount(123_456, "CNY")
    assert (yuan.zh, yuan.en) == ("1,234.56 元", "CNY 1,234.56")
    rupees = said.amount(100, "INR")
    assert (rupees.zh, rupees.en) == ("INR 1.00", "INR 1.00")


def test_a_rate_has_no_idle_zeros() -> None:
    assert said.rate(Decimal("7.200")) == "7.2%"
    assert said.rate(Decimal("10")) == "10%"
    assert said.rate(Decimal("0E+2")) == "0%"
    assert said.rate(Decimal("24.00")) == "24%"


def test_a_day_is_written_out() -> None:
    found = said.day(date(2026, 3, 10))
    assert (found.zh, found.en) == ("2026年3月10日", "10 March 2026")
