from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from forbear.base.errors import ForbearError
from forbear.loans.offers.circumstances import NOT_READ, Circumstances, circumstances

PLAIN: dict[str, Any] = {"income": "6,000.00", "region": "上海"}


def read(**more: Any) -> Circumstances:
    return circumstances({**PLAIN, **more}, currency="CNY")


def test_the_least_that_must_be_told():
    told = read()
    assert told.incomes == (600_000,)
    assert (told.spending, told.other_debts, told.dependants, told.lump_sum) == (None, 0, 0, 0)


def test_amounts_may_come_singly_in_a_list_or_by_name():
    told = read(
        spending={"rent": "1800", "food": "1200.50"},
        other_debts=[
            "300.00",
            {"lender": "甲", "monthly": "200"},
            {"amount": "1", "currency": "CNY"},
        ],
        income=["5000", "7000", 6000],
    )
    assert told.spending == 300_050
    assert told.other_debts == 50_100
    assert told.incomes == (500_000, 600_000, 700_000)


@pytest.mark.parametrize("key", NOT_READ)
def test_who_somebody_is_is_not_read(key: str):
    assert read(**{key: "whatever it says"}) == read()


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"income": "-5"}, r"^income: -5\.00 is below nothing"),
        ({"income": None}, r"^income: it is missing"),
        ({"income": []}, r"^income: the list is empty"),
        ({"income": ["1", "x"]}, r"^income\[2\]: «x» is not an amount"),
        ({"income": 6000.5}, r"^income: 6000\.5 is not an amount; write it as text"),
        ({"income": True}, r"^income: True is not an amount"),
        ({"income": "1.234"}, r"^income: 1\.234 has more digits than CNY has"),
        (
            {"income": {"amount": "9", "currency": "USD"}},
            r"^income: USD is not the CNY of the loan",
        ),
        ({"spending": {"rent": {"a": 1}}}, r"^spending\.rent: it is no amount"),
        ({"spending": ""}, r"^spending: «» is not an amount"),
        ({"other_debts": ["-1"]}, r"^other_debts\[1\]: -1\.00 is below nothing"),
        ({"dependants": 3.5}, r"^dependants: 3\.5 is no whole number of people"),
        ({"dependants": "3.5"}, r"^dependants: 3\.5 is no whole number of people"),
        ({"dependants": -1}, r"^dependants: -1 is no whole number"),
        ({"dependants": True}, r"^dependants: True is no whole number"),
        ({"dependants": 21}, r"^dependants: 21 is not between 0 and 20"),
        ({"region": "Atlantis"}, r"^region: «Atlantis» is not known; .* known are 全国"),
        ({"region": 7}, r"^region: 7 is no name"),
        ({"region": None}, r"^region: say where the household lives"),
        ({"region": "US"}, r"^region: the United States counts in USD, the loan in CNY"),
        ({"currency": "USD"}, r"^currency: USD is not the CNY of the loan"),
        ({"area": "suburb"}, r"^area: 'suburb' is no area; known are urban, rural"),
        ({"irregular": "yes"}, r"^irregular: 'yes' is neither true nor false"),
        ({"pay_day": 32}, r"^pay_day: 32 is not between 1 and 31"),
        ({"pay_day": "first"}, r"^pay_day: first is no day of the month"),
        ({"lump_sum": "-1"}, r"^lump_sum: -1\.00 is below nothing"),
        ({"dependents": 1}, r"^dependents: it is no circumstance; known are income"),
    ],
)
def test_a_slip_is_one_line_with_its_field(told: dict[str, Any], message: str):
    with pytest.raises(ForbearError, match=message) as found:
        circumstances({**PLAIN, **told}, currency="CNY")
    assert "\n" not in str(found.value)


def test_a_floor_may_be_stated_where_a_region_is_not_known():
    told = circumstances({"income": "2000", "floor": "1100"}, currency="GBP")
    assert (told.floor, told.region) == (110_000, None)


def test_a_json_number_read_as_a_decimal_is_taken():
    assert read(income=Decimal("6000.50")).incomes == (600_050,)
