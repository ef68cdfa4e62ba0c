"""What is promised of offers, on thousands of random households and the menus of random loans."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.property.borrowers import ON, PLACES, household, loan, menus

from forbear.base.money import text
from forbear.loans.offers.answering import Answer, Tried, answer
from forbear.loans.offers.circumstances import NOT_READ, circumstances
from forbear.loans.offers.offering import offers, tried_of
from forbear.loans.offers.ranking import First, Means, Plan, Rule, rank
from forbear.loans.offers.value import Valuation
from forbear.loans.parts import NOTHING

LOANS = 12
HOUSEHOLDS = 1_000


def ask(found: Tried, told: dict[str, Any]) -> Answer:
    return answer(found, circumstances(told, currency="CNY"), "cn")


def asked(seed: int, count: int = HOUSEHOLDS) -> Iterator[tuple[Random, Tried, dict[str, Any]]]:
    """So many random households, each with the menu of a random loan."""
    rnd, found = Random(seed), menus(5, LOANS)
    for _ in range(count):
        each = rnd.choice(found)
        yield rnd, each, household(rnd, each)


def ids(found: Answer) -> list[str]:
    return [each.plan.id for each in found.ranked.offers]


def first_month(found: Answer) -> int | None:
    return found.ranked.offers[0].plan.monthly if found.ranked.offers else None


def raised(told: dict[str, Any], by: int) -> dict[str, Any]:
    """The same household with ``by`` minor units more income in every month."""
    incomes = told["income"] if isinstance(told["income"], list) else [told["income"]]
    return told | {"income": [text(int(each.replace(".", "")) + by, "CNY") for each in incomes]}


def test_the_households_meet_every_kind_of_answer():
    """A draw that always had a plan, or never, would leave the promises below unproven."""
    met: set[str] = set()
    for _, found, told in asked(1, 1_000):
        said = ask(found, told)
        met.add("none" if not said.ranked.offers else "offers")
        met |= {f"margin {each.margin}" for each in said.ranked.offers[:1]}
        met |= {each.because for each in said.ranked.set_aside}
        met |= {"short" for _ in [0] if said.surplus.left <= 0}
    assert met == {
        "none", "offers", "margin True", "margin False", "surplus", "lump_sum", "short",
    }  # fmt: skip


def test_no_plan_takes_more_than_the_surplus():
    for _, found, told in asked(2):
        said = ask(found, told)
        for each in said.ranked.offers:
            assert each.plan.monthly <= said.surplus.amount
            assert each.plan.at_once <= circumstances(told, currency="CNY").lump_sum


def test_every_calendar_month_of_an_offer_is_within_the_surplus():
    for _, found, told in asked(3, 500):
        said = ask(found, told)
        for each in said.ranked.offers:
            months: dict[tuple[int, int], int] = {}
            for day, amount in each.plan.payments:
                month = (day.year, day.month)
                months[month] = months.get(month, 0) + amount
            once = bool(each.plan.at_once)
            assert once or max(months.values(), default=0) <= said.surplus.amount


def test_no_offer_comes_to_more_than_standing_still():
    for found in menus(5, LOANS):
        assert found.plans
        for plan in found.plans:
            assert plan.total == sum(amount for _, amount in plan.payments)
            assert plan.total + plan.forgiven.total == plan.standing_still
            assert plan.saving >= 0


def test_more_surplus_removes_no_offer():
    for rnd, found, told in asked(4):
        fewer, more = ask(found, told), ask(found, raised(told, rnd.choice((1, 5_000, 200_000))))
        assert more.surplus.left >= fewer.surplus.left
        assert set(ids(fewer)) <= set(ids(more))


def test_a_lower_income_puts_no_dearer_month_in_the_first_place():
    for rnd, found, told in asked(5):
        poorer, richer = ask(found, told), ask(found, raised(told, rnd.choice((1, 3_000, 150_000))))
        low, high = first_month(poorer), first_month(richer)
        assert low is None or (high is not None and low <= high)


def test_another_mouth_to_feed_puts_no_dearer_month_in_the_first_place():
    for _, found, told in asked(6, 800):
        fewer, more = ask(found, told), ask(found, told | {"dependants": told["dependants"] + 1})
        low, high = first_month(more), first_month(fewer)
        assert low is None or (high is not None and low <= high)


def test_same_circumstances_same_offers():
    """Order, names, gender, the spelling of a region and the hour it was told decide nothing."""
    for rnd, found, told in asked(7, 800):
        place = next(each for each in PLACES if each.name.zh == told["region"])
        other = {key: told[key] for key in rnd.sample(list(told), len(told))}
        for key in ("income", "other_debts"):
            if isinstance(told[key], list):
                other[key] = rnd.sample(told[key], len(told[key]))
        other |= {rnd.choice(NOT_READ): rnd.random() for _ in range(3)}
        other["region"] = rnd.choice(
            (place.name.en, place.id, place.id.lower(), f" {place.name.zh} ")
        )
        shuffled = replace(found, plans=tuple(rnd.sample(found.plans, len(found.plans))))
        assert ask(shuffled, other).ranked == ask(found, told).ranked


def test_the_id_of_a_loan_and_of_its_entries_decide_nothing():
    rnd = Random(8)
    for _ in range(2):
        one = loan(rnd)
        named = [replace(each, id=f"x{n * 7}") for n, each in enumerate(one.entries)]
        for pay_day in (None, 15):
            before = tried_of(one.terms, one.entries, ON, pay_day=pay_day)
            assert tried_of(one.terms, named, ON, pay_day=pay_day).plans == before.plans


def test_without_an_offer_it_is_said_what_follows():
    for _, found, told in asked(9, 600):
        said = ask(found, told)
        assert bool(said.follows) != bool(said.ranked.offers)
        if said.nearest is not None:
            plan, short = said.nearest
            assert plan.monthly - short == said.surplus.amount


def test_every_offer_says_why_it_stands_where_it_does():
    for _, found, told in asked(10, 300):
        for n, each in enumerate(ask(found, told).ranked.offers, start=1):
            assert each.rank == n
            assert len(each.reasons) == 4
            assert all(said.zh.endswith("。") and said.en.endswith(".") for said in each.reasons)


@pytest.mark.parametrize("cure", ["0", "0.35", "1"])
def test_the_promises_hold_however_a_lender_values_plans(cure: str):
    rnd, one = Random(11), loan(Random(12))
    by = Valuation(
        discount=Fraction(rnd.randint(0, 30), 100), cure=Fraction(cure),
        cure_of={"reage_frozen": Fraction(1), "settlement": Fraction(1, 3)},
    )  # fmt: skip
    found = tried_of(one.terms, one.entries, ON, values=by)
    for _ in range(500):
        told = household(rnd, found)
        poorer, richer = ask(found, told), ask(found, raised(told, rnd.choice((1, 3_000, 150_000))))
        low, high = first_month(poorer), first_month(richer)
        assert low is None or (high is not None and low <= high)
        assert set(ids(poorer)) <= set(ids(richer))


def test_offers_of_one_call_are_those_of_the_menu():
    one = loan(Random(13))
    told = circumstances({"income": "9000", "region": "上海"}, currency="CNY")
    whole = offers(one.terms, one.entries, ON, told)
    assert whole.ranked == answer(tried_of(one.terms, one.entries, ON), told, "cn").ranked


@st.composite
def plans(draw: st.DrawFn) -> list[Plan]:
    return [
        Plan(
            id=f"p-{n}", kind="k", order=draw(st.integers(0, 3)),
            payments=((date(2026, 4, 1), 1),), at_once=draw(st.sampled_from((0, 0, 50))),
            monthly=draw(st.integers(0, 120)), months=draw(st.integers(1, 60)),
            total=draw(st.integers(0, 110)), standing_still=100, forgiven=NOTHING,
            conditional=NOTHING, value=Fraction(draw(st.integers(0, 1_000)), 7),
        )
        for n in range(draw(st.integers(0, 12)))
    ]  # fmt: skip


surpluses = st.integers(0, 130)


@given(plans(), st.integers(0, 10), st.tuples(surpluses, surpluses), st.sampled_from(list(First)))
def test_whatever_the_plans_less_surplus_gives_no_dearer_first_month(
    made: list[Plan], margin: int, both: tuple[int, int], first: First
):
    rule = Rule(margin=Fraction(margin, 10), step=Fraction(7), first=first)
    less, more = (
        rank(made, Means(currency="CNY", surplus=each, lump_sum=50), rule).offers
        for each in sorted(both)
    )
    assert {each.plan.id for each in less} <= {each.plan.id for each in more}
    if less:
        assert less[0].plan.monthly <= more[0].plan.monthly
