"""Limits are data with a clause, and hold for whom they say, not for everybody."""

from __future__ import annotations

import pytest

from forbear.base.words import Level
from forbear.loans.relief.limits import EXTENSIONS, PLAN_MONTHS, limits, limits_for, residue


def test_every_limit_says_where_it_comes_from_in_both_languages() -> None:
    for limit in limits():
        assert limit.at_most > 0
        assert limit.clause
        assert limit.says.zh
        assert limit.says.en


def test_two_extensions_hold_for_cash_loans_in_china_only() -> None:
    (limit,) = limits_for(EXTENSIONS, "online_consumer", "cn")
    assert (limit.at_most, limit.level) == (2, Level.REGULATION)
    assert not list(limits_for(EXTENSIONS, "private_loan", "cn"))
    assert not list(limits_for(EXTENSIONS, "online_consumer", "us"))


def test_sixty_months_are_regulation_for_cards_and_a_promise_for_the_rest() -> None:
    card = list(limits_for(PLAN_MONTHS, "credit_card", "cn"))
    other = list(limits_for(PLAN_MONTHS, "online_consumer", "cn"))
    assert [(each.at_most, each.level) for each in card] == [
        (60, Level.REGULATION),
        (60, Level.HOUSE),
    ]
    assert [(each.at_most, each.level) for each in other] == [(60, Level.HOUSE)]


@pytest.mark.parametrize(("currency", "least"), [("CNY", 100), ("USD", 0), ("JPY", 0)])
def test_a_rest_is_waived_in_the_currency_of_the_promise_only(currency: str, least: int) -> None:
    assert residue(currency) == least
