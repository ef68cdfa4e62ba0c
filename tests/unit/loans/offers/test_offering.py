from __future__ import annotations

from datetime import date
from random import Random

import pytest
from tests.property.borrowers import ON, loan

from forbear.base.errors import LoanError
from forbear.loans.offers.circumstances import circumstances
from forbear.loans.offers.offering import offers, tried_of
from forbear.loans.relief import previewing


def test_the_entries_are_replayed_once_for_the_whole_menu(monkeypatch: pytest.MonkeyPatch):
    """A loan with many refunds takes seconds to replay, and sixty requests are put to it."""
    one = loan(Random(1))
    monkeypatch.delattr(previewing, "find")
    assert tried_of(one.terms, one.entries, ON).plans


def test_the_surplus_does_not_change_the_menu():
    one = loan(Random(2))
    menus = [
        offers(
            one.terms, one.entries, ON,
            circumstances({"income": income, "region": "四川"}, currency="CNY"),
        ).tried.plans
        for income in ("0", "99999")
    ]  # fmt: skip
    assert menus[0] == menus[1]


def test_before_the_money_went_out_there_is_nothing_to_relieve():
    one = loan(Random(3))
    told = circumstances({"income": "5000", "region": "上海"}, currency="CNY")
    with pytest.raises(LoanError, match=r"^on 2020-01-01: nothing has been paid out"):
        offers(one.terms, one.entries, date(2020, 1, 1), told)
