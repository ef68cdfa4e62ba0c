from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest

from forbear.base.errors import LoanError
from forbear.loans import annuity


def cents(value: Fraction | Decimal) -> str:
    return f"{float(value):.2f}"


def test_an_equal_instalment_and_its_parts():
    principal, rate = Fraction(1_000_000), Fraction("4.9") / 1200
    assert cents(annuity.instalment(principal, rate, 360)) == "5307.27"
    first = annuity.split(principal, rate, 360, 1)
    assert (cents(first.interest), cents(first.principal)) == ("4083.33", "1223.93")
    assert cents(first.balance) == "998776.07"


def test_the_formula_of_a_part_is_the_row_of_the_plan():
    plan = annuity.equal_instalments(Fraction(2500), Fraction("8.24") / 1200, 12)
    assert plan == [
        annuity.split(Fraction(2500), Fraction("8.24") / 1200, 12, n) for n in range(1, 13)
    ]
    assert plan[-1].balance == 0


def test_the_parts_of_many_instalments_are_the_sums_of_each():
    principal, rate = Fraction(125_000), Fraction(9, 1200)
    plan = annuity.equal_instalments(principal, rate, 360)
    part, interest = annuity.split_of_many(principal, rate, 360, 13, 24)
    assert part == sum(row.principal for row in plan[12:24])
    assert interest == sum(row.interest for row in plan[12:24])


def test_without_interest_every_part_is_the_same():
    plan = annuity.equal_instalments(Fraction(1200), Fraction(0), 12)
    assert {row.principal for row in plan} == {Fraction(100)}
    assert annuity.number_of_periods(Fraction(1200), Fraction(0), Fraction(100)) == 12
    assert annuity.sinking_fund(Fraction(1200), Fraction(0), 12) == 100


def test_equal_principal_falls_by_the_interest_of_a_part():
    plan = annuity.equal_principal(Fraction(2900), Fraction("10.5") / 1200, 48)
    assert cents(plan[0].total) == "85.79"
    falls = {one.total - other.total for one, other in pairwise(plan)}
    assert falls == {Fraction(2900, 48) * Fraction("10.5") / 1200}
    assert plan[-1].balance == 0


def test_paid_at_the_start_of_a_period_it_is_less():
    end = annuity.instalment(Fraction(10_000), Fraction(8) / 1200, 10)
    start = annuity.instalment(Fraction(10_000), Fraction(8) / 1200, 10, at_start=True)
    assert (cents(end), cents(start)) == ("1037.03", "1030.16")


def test_a_whole_instalment_is_rounded_up_and_the_last_takes_the_rest():
    plan = annuity.whole_instalments(Fraction(280_000), Fraction("8.4") / 1200, periods=20)
    assert {row.total for row in plan[:-1]} == {Fraction(15_052)}
    assert plan[-1].total < 15_052
    assert plan[-1].balance == 0
    assert len(plan) == 20


def test_an_instalment_below_the_interest_never_repays():
    with pytest.raises(LoanError, match=r"^fixed_instalment: 1000\.00 never repays"):
        annuity.whole_instalments(
            Fraction(280_000), Fraction("8.4") / 1200, payment=Fraction(1_000)
        )
    with pytest.raises(LoanError, match=r"^payment: 50\.00 never repays .* alone is 100\.00"):
        annuity.number_of_periods(Fraction(10_000), Fraction(1, 100), Fraction(50))


def test_periods_growth_and_saving():
    periods = annuity.number_of_periods(Fraction(8000), Fraction(7) / 1200, Fraction(150))
    assert round(periods, 5) == Decimal("64.07335")
    growth = annuity.growth_rate(Fraction(3500), Fraction(10_000), Fraction(10))
    assert round(growth, 8) == Decimal("0.11069085")
    assert cents(annuity.sinking_fund(Fraction(50_000), Fraction(6) / 1200, 216)) == "129.08"


@pytest.mark.parametrize(
    ("as_of", "days"),
    [("2023-02-02", 2), ("2023-02-01", 1), ("2023-01-31", 0), ("2024-02-29", 394)],
)
def test_the_due_day_is_the_first_day_past_due_where_days_are_inclusive(as_of: str, days: int):
    due = date(2023, 2, 1)
    assert annuity.days_past_due_inclusive(due, date.fromisoformat(as_of)) == days
