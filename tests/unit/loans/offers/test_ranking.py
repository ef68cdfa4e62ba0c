from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from forbear.loans.offers.ranking import First, Means, Plan, Ranked, Rule, lightest, percent, rank
from forbear.loans.parts import NOTHING, Parts

RULE = Rule(margin=Fraction(4, 5), step=Fraction(500))


def plan(name: str, **more: Any) -> Plan:
    told: dict[str, Any] = {
        "id": name, "kind": "reage_all", "order": 0, "payments": ((date(2026, 4, 1), 100),),
        "at_once": 0, "monthly": 100, "months": 12, "total": 10_000, "standing_still": 12_000,
        "forgiven": NOTHING, "conditional": NOTHING, "value": Fraction(9_000),
    }  # fmt: skip
    return Plan(**(told | more))


def ranked(*plans: Plan, surplus: int = 1_000, lump_sum: int = 0) -> Ranked:
    return rank(plans, Means(currency="CNY", surplus=surplus, lump_sum=lump_sum), RULE)


def ids(found: Ranked) -> list[str]:
    return [each.plan.id for each in found.offers]


def test_a_plan_above_the_surplus_is_no_offer():
    found = ranked(plan("a", monthly=1_001), plan("b", monthly=1_000))
    assert ids(found) == ["b"]
    assert [(each.plan.id, each.because, each.short) for each in found.set_aside] == [
        ("a", "surplus", 1)
    ]


def test_a_plan_dearer_than_standing_still_is_no_offer():
    found = ranked(plan("a", total=12_001))
    assert not found.offers
    assert found.set_aside[0].because == "total"


def test_what_is_paid_once_comes_from_money_at_hand():
    once = plan("s", monthly=0, at_once=5_000)
    assert ids(ranked(once, surplus=0, lump_sum=5_000)) == ["s"]
    found = ranked(once, surplus=9_999, lump_sum=4_999)
    assert (found.set_aside[0].because, found.set_aside[0].short) == ("lump_sum", 1)


def test_plans_that_leave_a_margin_come_first():
    found = ranked(plan("tight", monthly=801, value=Fraction(9_999)), plan("easy", monthly=800))
    assert ids(found) == ["easy", "tight"]
    assert [each.margin for each in found.offers] == [True, False]


def test_then_the_one_worth_more_and_among_alike_the_lower_total():
    found = ranked(
        plan("low", value=Fraction(8_400)),
        plan("dear", value=Fraction(9_400), total=11_000),
        plan("kind", value=Fraction(9_010), total=9_500),
    )
    assert ids(found) == ["kind", "dear", "low"]
    said = [each.reasons[-1].en for each in found.offers]
    assert "first" in said[0]
    assert "comes to more in all" in said[1]
    assert "at least one step less" in said[2]


def test_in_the_borrowers_order_the_lower_total_comes_first():
    made = [
        plan("low", value=Fraction(8_400), total=9_000),
        plan("dear", value=Fraction(9_900), total=11_000),
        plan("less", value=Fraction(7_400), total=9_000),
    ]
    rule = Rule(margin=RULE.margin, step=RULE.step, first=First.BORROWER)
    offers = rank(made, Means(currency="CNY", surplus=1_000), rule).offers
    assert [each.plan.id for each in offers] == ["low", "less", "dear"]
    said = [each.reasons[-1].en for each in offers]
    assert "lowest total" in said[0]
    assert "at least one step less" in said[1]
    assert "comes to more in all" in said[2]


def test_where_nothing_leaves_a_margin_the_lowest_month_comes_first():
    found = ranked(plan("a", monthly=950, value=Fraction(9_999)), plan("b", monthly=900))
    assert ids(found) == ["b", "a"]
    assert "no plan leaves a margin" in found.offers[0].reasons[-1].en
    assert "takes more than" in found.offers[1].reasons[-1].en


def test_the_order_of_plans_decides_nothing():
    plans = [plan(name, order=n % 2) for n, name in enumerate("cabd")]
    assert ids(ranked(*plans)) == ids(ranked(*reversed(plans)))


def test_the_reasons_name_the_figures():
    (offer,) = ranked(plan("a", monthly=333, value=Fraction(900_050, 100))).offers
    assert offer.share == Fraction(333, 1000)
    assert "34%" in offer.reasons[0].zh
    assert "3.33 元" in offer.reasons[0].zh
    assert "CNY 20.00 less than standing still" in offer.reasons[1].en
    assert "CNY 90.00" in offer.reasons[2].en


def test_a_condition_is_named():
    (offer,) = ranked(plan("s", conditional=Parts(principal=5))).offers
    assert "what was forgiven comes back" in offer.reasons[1].en


def test_nothing_saved_is_said_as_it_is():
    (offer,) = ranked(plan("a", total=12_000)).offers
    assert "as much as standing still" in offer.reasons[1].en


def test_the_nearest_plan_is_the_one_least_out_of_reach():
    found = ranked(plan("a", monthly=1_500), plan("b", monthly=1_200), plan("c", total=99_999))
    nearest = lightest(found.set_aside)
    assert nearest is not None
    assert (nearest.plan.id, nearest.short) == ("b", 200)


def test_a_share_is_rounded_up():
    assert percent(Fraction(1, 3)) == "34%"
    assert percent(Fraction(1)) == "100%"
