from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

from forbear.loans.offers.menu import CARD, Choice, Loan, first_due, kinds, menu
from forbear.loans.offers.policy import policy
from forbear.loans.parts import Component, Parts
from forbear.loans.relief.measures import DueMove, PersonalPlan, RateChange, Settlement, Waiver

ON = date(2026, 3, 10)


def loan(**more: Any) -> Loan:
    told: dict[str, Any] = {
        "on": ON, "closing": Parts(1_000_000, 50_000, 6_000, 18_000), "running": 30_000,
        "rate": Decimal(18), "next_due": date(2026, 4, 10), "product": "online_consumer",
        "jurisdiction": "cn",
    }  # fmt: skip
    return Loan(**(told | more))


def of(**more: Any) -> dict[str, Choice]:
    return {each.id: each for each in menu(loan(**more), policy())}


def counted(**more: Any) -> Counter[str]:
    return Counter(each.kind for each in menu(loan(**more), policy()))


def test_every_kind_of_plan_can_be_on_the_menu():
    tried = set(counted(product=CARD, pay_day=25))
    assert tried == set(kinds())


def test_no_request_stands_twice():
    choices = menu(loan(product=CARD, pay_day=25), policy())
    assert len({each.id for each in choices}) == len(choices)
    assert len({each.request for each in choices if each.kind == "settlement"}) == 5


def test_only_what_there_is_is_waived():
    choices = of(closing=Parts(1_000_000, 0, 0, 18_000))
    (waiver, _) = choices["waiver_penalty"].request.measures
    assert isinstance(waiver, Waiver)
    assert dict(waiver.amounts) == {Component.PENALTY: None}
    assert "waiver_charges" not in choices
    assert not any(each.startswith("reage_principal") for each in choices)
    assert counted(closing=Parts(1_000_000))["reage_waived"] == 0


def test_without_interest_to_come_there_is_none_to_cut():
    bare = counted(running=0)
    assert bare["rate_cut"] == bare["interest_pause"] == bare["reage_all"] == 0
    (change, _) = of()["rate_cut-9"].request.measures
    assert isinstance(change, RateChange)
    assert change.annual_rate_percent == 9


def test_a_personalised_plan_is_for_cards():
    assert counted()["personal_plan"] == 0
    (plan,) = of(product=CARD)["personal_plan-60"].request.measures
    assert isinstance(plan, PersonalPlan)


def test_a_settlement_asks_a_part_of_what_is_owed_today():
    (settled,) = of()["settlement-50"].request.measures
    assert isinstance(settled, Settlement)
    assert (settled.amount, settled.deadline) == (537_000, date(2026, 4, 9))


def test_the_first_instalment_leaves_ten_days_and_falls_on_the_pay_day():
    assert first_due(loan()) == date(2026, 4, 10)
    assert first_due(loan(pay_day=25)) == date(2026, 3, 25)
    assert first_due(loan(pay_day=15)) == date(2026, 4, 15)
    assert first_due(loan(pay_day=31)) == date(2026, 3, 31)
    assert first_due(loan(next_due=None, on=date(2026, 1, 31))) == date(2026, 2, 28)


def test_the_due_day_moves_forward_only():
    (move,) = of(pay_day=5)["due_move"].request.measures
    assert move == DueMove(due=date(2026, 4, 10), new_due=date(2026, 5, 5))
    assert "due_move" not in of(pay_day=10)
    assert "due_move" not in of(pay_day=5, next_due=None)


def test_every_kind_is_told_in_both_languages():
    for each in kinds().values():
        assert each.name.zh
        assert each.name.en
        assert each.does.zh.endswith("。")
        assert each.does.en.endswith(".")
