"""Due days, rates and instalments of a fixed plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest

from forbear.loans.cumulative import rates
from forbear.loans.terms import Allocation, DownPayment, Terms

JAN = date(2026, 1, 1)
TERMS = Terms(
    "CNY", 1_000_00, Decimal(12), 6, 1, "months", JAN, Allocation("mifos-standard"),
    engine="cumulative",
)  # fmt: skip
BY_PERIOD = replace(TERMS, interest_period="same_as_repayment", partial_period_interest=True)


def test_a_plan_of_the_31st_comes_back_to_the_31st() -> None:
    seed = date(2026, 1, 31)
    due, seen = seed, []
    for _ in range(4):
        due = rates.next_due(TERMS, seed, due)
        seen.append(due.isoformat())
    assert seen == ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]


@pytest.mark.parametrize(
    ("every", "unit", "due"), [(15, "days", "2026-01-16"), (2, "weeks", "2026-01-15")]
)
def test_days_and_weeks_are_counted(every: int, unit: str, due: str) -> None:
    assert rates.next_due(replace(TERMS, every=every, unit=unit), JAN, JAN).isoformat() == due


def test_a_part_of_a_month_is_of_the_month_it_stands_in() -> None:
    assert rates.periods_between(TERMS, JAN, JAN, date(2026, 3, 11)) == 2 + Fraction(10, 31)
    weeks = replace(TERMS, unit="weeks")
    assert rates.periods_between(weeks, JAN, JAN, date(2026, 1, 12)) == Fraction(11, 7)


def test_a_month_of_actual_days_is_its_days_of_365() -> None:
    rate = rates.period_rate(TERMS, Decimal(12), JAN, JAN, date(2026, 2, 1))
    assert rates.interest(1_000_00, rate) == 10_19  # 1,000 x 12 % x 31 / 365 = 10.1917…


def test_a_whole_period_is_a_twelfth_whatever_the_month() -> None:
    for month in (date(2026, 2, 1), date(2026, 3, 1)):
        end = rates.next_due(TERMS, JAN, month)
        rate = rates.period_rate(BY_PERIOD, Decimal(12), JAN, month, end)
        assert rates.interest(1_000_00, rate) == 10_00


def test_nineteen_digits_decide_a_cent() -> None:
    # A twelfth of 7 % has no end; the product with 750.00 is 4.375 again at nineteen digits.
    rate = rates.period_rate(BY_PERIOD, Decimal(7), JAN, JAN, date(2026, 2, 1))
    assert rates.interest(750_00, rate) == 4_38


def test_thirty_day_months_of_360_days() -> None:
    terms = replace(TERMS, days_in_month="30", days_in_year="360")
    rate = rates.period_rate(terms, Decimal(26), JAN, date(2026, 2, 1), date(2026, 3, 1))
    assert rates.interest(1_000_00, rate) == 21_67


def test_the_parts_of_a_period_add_up_to_it() -> None:
    period = (date(2026, 1, 15), date(2026, 2, 15))
    cuts = [period[0], date(2026, 2, 5), date(2026, 2, 14), period[1]]
    parts = [
        rates.rate_within(BY_PERIOD, Decimal(12), period[0], period, (start, end))
        for start, end in pairwise(cuts)
    ]
    assert round(sum(parts, Decimal(0)), 15) == Decimal("0.01")


@pytest.mark.parametrize(
    ("multiple", "expected"),
    [(None, 172_55), (100, 173_00), (1000, 170_00)],  # 172.5484… a month at 1 %
)
def test_an_instalment_is_a_multiple_where_agreed(multiple: int | None, expected: int) -> None:
    terms = replace(TERMS, multiple_of=multiple)
    assert rates.instalment(terms, 1_000_00, Decimal("0.01"), 6) == expected


def test_an_instalment_without_interest_is_a_part() -> None:
    assert rates.instalment(TERMS, 1_000_00, Decimal(0), 6) == 166_67
    assert rates.instalment(TERMS, 1_000_00, Decimal(0), 0) == 1_000_00


def test_an_equal_instalment_is_found_by_months_of_thirty_days() -> None:
    daily = rates.annuity_rate(TERMS, Decimal("36.5"))
    assert daily == Decimal("0.03")  # a thousandth a day, thirty days
    assert rates.annuity_rate(BY_PERIOD, Decimal(12)) == Decimal("0.01")
    assert rates.annuity_rate(replace(TERMS, every=2, unit="weeks"), Decimal("36.5")) == (
        Decimal("0.014")
    )


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        (BY_PERIOD, Decimal("0.06")),
        (replace(BY_PERIOD, partial_period_interest=False), Decimal("0.06")),
        (replace(TERMS, annual_rate_percent=Decimal("36.5")), Decimal("0.181")),
    ],
)
def test_flat_interest_is_of_the_whole_term(terms: Terms, expected: Decimal) -> None:
    end = date(2026, 7, 1)  # 181 days later
    assert rates.flat_rate(terms, terms.annual_rate_percent, JAN, end, 6) == expected


def test_a_down_payment_is_a_share_and_a_multiple() -> None:
    terms = replace(TERMS, down_payment=DownPayment(Decimal(25)))
    assert rates.down_payment(TERMS, 1_250_00) == 0
    assert rates.down_payment(terms, 1_250_00) == 312_50
    assert rates.down_payment(replace(terms, multiple_of=100), 1_250_00) == 312_00  # half to even
