from __future__ import annotations

from typing import Any

from forbear.loans.offers.circumstances import circumstances
from forbear.loans.offers.surplus import Surplus, surplus

FLOOR = 239_300  # of one person in Shanghai


def of(**told: Any) -> Surplus:
    return surplus(circumstances({"income": "6000", "region": "上海", **told}, currency="CNY"))


def line(found: Surplus, name: str) -> int:
    return next(each.amount for each in found.lines if each.id == name)


def test_what_is_left_is_income_less_spending_less_other_debts():
    found = of(spending="3500.00", other_debts="400.00")
    assert found.left == 600_000 - 350_000 - 40_000
    assert found.amount == found.left


def test_spending_told_too_low_is_raised_to_the_floor():
    found = of(spending="500")
    assert line(found, "spending") == FLOOR
    assert "底线" in found.lines[1].says.zh
    assert "CNY 2,393.00" in found.lines[1].says.en


def test_without_spending_the_floor_counts_and_it_is_said():
    found = of()
    assert found.left == 600_000 - FLOOR
    assert "没有说明支出" in found.lines[1].says.zh


def test_spending_above_the_average_counts_in_full_with_a_remark():
    found = of(spending="5500")
    assert line(found, "spending") == 550_000
    assert len(found.remarks) == 1
    assert not of(spending="4000").remarks


def test_dependants_raise_the_floor():
    assert line(of(dependants=2), "spending") == 3 * FLOOR


def test_a_floor_that_is_stated_counts_where_it_is_higher():
    assert line(of(floor="3000"), "spending") == 300_000
    assert line(of(floor="1000"), "spending") == FLOOR


def test_an_irregular_income_counts_by_its_lower_months():
    months = ["9000", "3000", "5000", "4000"]
    assert line(of(income=months, irregular=True), "income") == 350_000
    assert line(of(income=months), "income") == 525_000
    assert line(of(income="5000", irregular=True), "income") == 400_000


def test_more_going_out_than_coming_in_leaves_nothing_to_pay_from():
    found = of(spending="7000")
    assert found.left == -100_000
    assert found.amount == 0


def test_every_line_is_said_in_both_languages():
    for each in of(spending="3000", income=["1", "2"], irregular=True).lines:
        assert each.says.zh.endswith("。")
        assert each.says.en.endswith(".")
