"""Allocation orders as data."""

from __future__ import annotations

import pytest

from forbear.base.errors import LoanError
from forbear.loans.orders import WORDS, named, names, written


@pytest.mark.parametrize("name", names())
def test_every_order_says_where_each_of_the_twelve_stands(name: str):
    assert sorted(named(name).order) == sorted(WORDS)


@pytest.mark.parametrize("name", names())
def test_overdue_comes_before_due_before_in_advance(name: str):
    times = [word.rsplit("_", 1)[0] for word in named(name).order]
    assert times == ["past_due"] * 4 + ["due"] * 4 + ["in_advance"] * 4


def test_the_order_of_the_civil_code_is_fees_interest_principal():
    assert named("cn-561").order[:3] == ("past_due_fee", "past_due_interest", "past_due_principal")


def test_an_order_for_relief_pays_principal_first():
    assert named("principal-first").order[0] == "past_due_principal"


@pytest.mark.parametrize(
    ("raw", "start"),
    [
        ({"order": ["past_due_fee"]}, "product.allocation.order: past_due_principal is missing"),
        ({"order": ["soon_fee"]}, "product.allocation.order: «soon_fee» is not known"),
        ({"strategy": "mine"}, "product.allocation.strategy: «mine» is not known"),
        ({"direction": "up"}, "product.allocation.direction: «up» is not known"),
        ({"direction": []}, "product.allocation.direction: «[]» is not known"),
        ({"order": 3}, "product.allocation.order: is not a list"),
        ({"order": "past_due_fee"}, "product.allocation.order: is not a list"),
        ({"order_for": []}, "product.allocation.order_for: is not an object"),
        ({"future": 3}, "product.allocation.future: is not an object"),
        ({"future": {"default": "x"}}, "product.allocation.future.default: «x» is not known"),
    ],
)
def test_an_order_that_is_not_one_is_refused(raw: dict[str, object], start: str):
    with pytest.raises(LoanError) as caught:
        written(raw)
    assert str(caught.value).startswith(start)
