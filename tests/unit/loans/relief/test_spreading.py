"""Amounts shared out over instalments add up, whatever the rate and the days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from tests.unit.loans.relief.plain import TERMS

from forbear.loans.parts import Parts
from forbear.loans.relief.spreading import annuity, capped, equally, in_turn, part_of

DUES = [date(2026, month, 1) for month in (2, 3, 4)]
THIRTY = replace(TERMS, days_in_month="30", days_in_year="360")


def test_equal_parts_give_the_odd_unit_to_the_earlier() -> None:
    assert equally(Parts(100, 2), 3) == [Parts(34, 1), Parts(33, 1), Parts(33)]


def test_in_turn_principal_goes_first_and_instalments_are_level() -> None:
    assert in_turn(Parts(50, 20, 5, 5), 4) == [
        Parts(20), Parts(20), Parts(10, 10), Parts(0, 10, 5, 5),
    ]  # fmt: skip


def test_an_annuity_of_one_percent_a_month_is_the_one_of_the_tables() -> None:
    rows = annuity(100_000, date(2026, 1, 1), DUES, Decimal(12), THIRTY)
    # 1,000.00 over three months at 1 %: 340.02 a month.
    assert rows == [(33_002, 1_000), (33_332, 670), (33_666, 337)]


def test_the_first_instalment_bears_interest_for_its_own_days() -> None:
    rows = annuity(100_000, date(2026, 1, 22), DUES, Decimal(36), TERMS)
    assert rows[0][1] == 986  # ten days of 1,000.00 at 36 % over 365


def test_without_interest_the_principal_is_shared_alone() -> None:
    rows = annuity(100_000, date(2026, 1, 1), DUES, Decimal(0), TERMS)
    assert [interest for _, interest in rows] == [0, 0, 0]
    assert sum(principal for principal, _ in rows) == 100_000


def test_a_cap_cuts_interest_and_leaves_level_instalments() -> None:
    rows, cut = capped([(33_002, 1_000), (33_332, 670), (33_666, 337)], 100_000, 1_000)
    assert cut == 1_007
    assert sum(interest for _, interest in rows) == 1_000
    assert [principal + interest for principal, interest in rows] == [33_667, 33_667, 33_666]


def test_a_cap_that_is_not_reached_cuts_nothing() -> None:
    rows, cut = capped([(49, 3), (51, 1)], 100, 4)
    assert (rows, cut) == ([(49, 3), (51, 1)], 0)


def test_a_long_first_period_makes_no_large_first_instalment() -> None:
    dues = [date(2026, month, 1) for month in range(4, 13)]
    rows = annuity(100_000, date(2025, 1, 1), dues, Decimal(36), TERMS)
    assert rows[0][1] > 100_000 // 9 + 10_000
    made, cut = capped(rows, 100_000, 10**9)
    assert cut == 0
    assert sum(principal for principal, _ in made) == 100_000
    assert sum(interest for _, interest in made) == sum(interest for _, interest in rows)
    totals = [principal + interest for principal, interest in made]
    assert max(totals) - min(totals) <= 1


def test_a_part_is_rounded_to_the_nearest_unit_half_to_even() -> None:
    assert [part_of(n, Fraction(1, 2)) for n in (1, 2, 3, 5)] == [0, 1, 2, 2]
