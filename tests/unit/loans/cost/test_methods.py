from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from forbear.base.errors import LoanError
from forbear.loans.cost.methods import (
    Dated,
    Timed,
    cn_all_in,
    eu_aprc,
    eu_years,
    irr,
    regz_actuarial,
    xirr,
)
from forbear.loans.cost.rates import NoRate, Rate
from forbear.loans.days import month_after

BEGIN = date(2026, 1, 10)


def percent(found: Rate | NoRate, digits: int = 4) -> Decimal:
    assert isinstance(found, Rate), found
    return round(found.value * 100, digits)


def test_one_loan_by_every_method():
    """10,000 lent, twelve payments of 900: the figures of the page on annual cost."""
    dated = [Dated(900_00, month_after(BEGIN, k)) for k in range(1, 13)]
    timed = [Timed(900_00, Fraction(k, 12)) for k in range(1, 13)]
    us = regz_actuarial([Dated(10_000_00, BEGIN)], dated)
    assert (percent(us.rate), us.per, us.per_year) == (Decimal("14.4521"), "month", 12)
    assert us.rate == us.nominal
    eu = eu_aprc([Timed(10_000_00, Fraction(0))], timed)
    assert percent(eu.rate) == percent(us.effective) == Decimal("15.4489")
    cn = cn_all_in([Timed(10_000_00, Fraction(0))], timed)
    assert cn.rate == cn.effective == eu.rate
    simple = cn_all_in([Timed(10_000_00, Fraction(0))], timed, simple=True)
    assert percent(simple.rate) == Decimal("14.4521")
    flows = [Dated(-10_000_00, BEGIN), *dated]
    assert percent(xirr(flows), 2) == Decimal("15.52")


def test_a_fee_kept_back_makes_the_loan_dearer():
    timed = [Timed(900_00, Fraction(k, 12)) for k in range(1, 13)]
    plain = cn_all_in([Timed(10_000_00, Fraction(0))], timed)
    kept = cn_all_in([Timed(10_000_00, Fraction(0))], [Timed(300_00, Fraction(0)), *timed])
    assert percent(kept.rate) > percent(plain.rate)
    assert kept.rate == cn_all_in([Timed(9_700_00, Fraction(0))], timed).rate


def test_appendix_j_knows_no_time_before_the_finance_charge_begins():
    with pytest.raises(LoanError, match="2025-12-01: it lies before 2026-01-10"):
        regz_actuarial([Dated(100, BEGIN)], [Dated(110, date(2025, 12, 1))])


def test_finance_charge_may_begin_after_the_first_advance_only_where_it_is_said():
    later = [Dated(100, date(2026, 2, 10))]
    paid = [Dated(110, date(2027, 2, 10))]
    assert percent(regz_actuarial(later, paid).rate) == 10
    earlier = regz_actuarial(later, paid, begins=BEGIN)
    assert percent(earlier.rate) == 10  # both are moved by the same month


@pytest.mark.parametrize(
    ("day", "length", "years"),
    [
        ("2014-02-15", None, "1/12"),
        ("2015-01-15", None, "1"),
        ("2014-01-29", None, "2/52"),
        ("2014-02-18", "month", "1/12 + 3/365"),
        ("2014-02-18", "year", "34/365"),
        ("2015-02-18", "year", "1 + 34/365"),
        ("2014-02-18", "week", "4/52 + 6/365"),
        ("2014-01-15", None, "0"),
        ("2013-01-15", None, "-1"),
    ],
)
def test_years_of_the_directives(day: str, length: str | None, years: str):
    wanted = sum((Fraction(part) for part in years.split("+")), Fraction(0))
    found = eu_years(date(2014, 1, 15), date.fromisoformat(day), length)  # type: ignore[arg-type]
    assert found == wanted


def test_days_that_are_left_are_parts_of_a_leap_year_where_one_ends_with_them():
    assert eu_years(date(2016, 3, 1), date(2016, 4, 4), "month") == Fraction(1, 12) + Fraction(
        3, 366
    )
    assert eu_years(date(2016, 2, 1), date(2016, 3, 4), "month") == Fraction(1, 12) + Fraction(
        3, 365
    )


def test_rates_of_return_of_bare_flows():
    assert percent(irr([-100, 39, 59, 55, 20]), 3) == Decimal("28.095")
    assert isinstance(irr([-100, 230, -132]), NoRate)
