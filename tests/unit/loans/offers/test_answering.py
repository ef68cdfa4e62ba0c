from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from forbear.base.reasons import Sentence
from forbear.loans.offers.answering import answer, tried, worth_today
from forbear.loans.offers.circumstances import Circumstances, circumstances
from forbear.loans.offers.menu import Loan
from forbear.loans.offers.policy import policy
from forbear.loans.parts import NOTHING, Parts
from forbear.loans.relief.answers import Course, Preview, Reason, Refusal, StandingStill
from forbear.loans.relief.measures import ReAge, Request, Settlement
from forbear.loans.state import Row

ON = date(2026, 3, 10)
OWED = Parts(120_000, 6_000)
LOAN = Loan(
    on=ON, closing=OWED, running=0, rate=Decimal(12), next_due=None, product="online_consumer",
    jurisdiction="cn",
)  # fmt: skip
NO = Refusal(reasons=(Reason(code="no", field="measures", says=Sentence(zh="不行。", en="No.")),))


def course(rows: tuple[Row, ...]) -> Course:
    total = NOTHING
    for row in rows:
        total = total.plus(row.outstanding)
    return Course(
        rows=rows, to_pay=total, payment=0, last_day=ON, days_past_due=0, annual_rate=None
    )


def previewed(request: Request) -> Preview | Refusal:
    """Re-ages of three months and settlements are allowed here, nothing else is."""
    (measure, *more) = request.measures
    if isinstance(measure, Settlement) and not more:
        rows = (Row(1, ON, measure.deadline, Parts(measure.amount)),)
    elif isinstance(measure, ReAge) and measure.n == 3 and not more:
        days = (date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 30))
        rows = tuple(Row(n, ON, day, Parts(40_000)) for n, day in enumerate(days, 1))
    else:
        return NO
    after = course(rows)
    return Preview(
        request=request, as_of=ON, currency="CNY",
        standing_still=StandingStill(owed_today=OWED, to_pay=OWED, last_day=ON),
        before=course(()), after=after, forgiven=OWED.minus(after.to_pay), conditional=NOTHING,
        postponed=NOTHING, trimmed=0, share=None,
    )  # fmt: skip


def household(**told: Any) -> Circumstances:
    return circumstances({"income": "5000", "region": "甘肃", **told}, currency="CNY")


def test_what_is_past_due_and_what_falls_into_one_month_is_paid_in_that_month():
    found = tried(LOAN, "CNY", previewed, policy())
    plan = next(each for each in found.plans if each.kind.startswith("reage"))
    assert plan.payments == ((ON, 40_000), (date(2026, 3, 31), 40_000), (date(2026, 4, 30), 40_000))
    assert (plan.monthly, plan.months, plan.total) == (80_000, 2, 120_000)


def test_requests_that_come_to_the_same_are_one_plan_of_the_earlier_kind():
    found = tried(LOAN, "CNY", previewed, policy())
    assert [each.id for each in found.plans if each.kind.startswith("reage")] == ["reage_accrued-3"]
    assert set(found.previews) == {each.id for each in found.plans}


def test_what_is_refused_keeps_its_reasons():
    refused = tried(LOAN, "CNY", previewed, policy()).refused
    assert refused
    assert all(each.reasons[0].code == "no" for each in refused)


def test_a_settlement_is_paid_from_money_at_hand_and_not_from_the_surplus():
    found = tried(LOAN, "CNY", previewed, policy())
    half = next(each for each in found.plans if each.id == "settlement-50")
    assert (half.monthly, half.at_once, half.months) == (0, 63_000, 1)
    with_money = answer(found, household(income="0", lump_sum="630.00"), "cn")
    assert [each.plan.id for each in with_money.ranked.offers] == ["settlement-50"]
    assert with_money.ranked.offers[0].share is None


def test_without_an_offer_the_nearest_plan_and_what_follows_are_named():
    found = tried(LOAN, "CNY", previewed, policy())
    left = answer(found, household(income="1000", spending="900"), "cn")
    assert left.surplus.left == 10_000
    assert left.nearest is not None
    assert (left.nearest[0].kind, left.nearest[1]) == ("reage_accrued", 70_000)
    assert left.follows
    assert left.signing
    nothing = answer(tried(LOAN, "CNY", lambda _: NO, policy()), household(), "cn")
    assert nothing.nearest is None
    assert nothing.follows


def test_the_step_of_worth_is_a_part_of_what_is_owed():
    found = tried(LOAN, "CNY", previewed, policy())
    assert found.rule.step == Fraction(126_000, 20)
    assert all(worth_today(each) <= each.value for each in found.plans)
