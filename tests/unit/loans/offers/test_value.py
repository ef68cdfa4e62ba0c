from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from forbear.base.errors import LoanError
from forbear.loans.offers.value import factor, present, valuation, value

ON = date(2026, 3, 10)
PAID = ((date(2026, 4, 10), 10_100), (date(2026, 5, 10), 10_201))


def test_payments_are_discounted_by_whole_months_exactly():
    assert present(PAID, ON, Fraction(12, 100)) == 20_000


def test_days_of_a_month_are_their_part_of_it():
    assert factor(ON, date(2026, 4, 25), Fraction(12, 100)) == 1 / (
        Fraction(101, 100) * (1 + Fraction(1, 100) * Fraction(15, 30))
    )


def test_what_is_due_by_today_is_worth_what_it_says():
    assert present(((date(2026, 1, 1), 500), (ON, 7)), ON, Fraction(1, 10)) == 507


def test_the_chance_of_a_kind_and_the_recovery_come_in():
    by = valuation(discount="0.12", cure="0.5", cure_of={"settlement": "0.9"}, recovery="0.1")
    assert value(PAID, ON, kind="reage_all", owed=30_000, by=by) == 10_000 + 1_500
    assert value(PAID, ON, kind="settlement", owed=30_000, by=by) == 18_000 + 300


@pytest.mark.parametrize(
    ("told", "message"),
    [
        (
            {"discount": "8"},
            r"^discount: 8 is not between 0 and 1; write a part of one, 0\.6 for 60 %",
        ),
        ({"discount": "-0.1"}, r"^discount: -0\.1 is not between"),
        ({"cure": "often"}, r"^cure: «often» is no part of one"),
        ({"cure": 0.5}, r"^cure: 0\.5 is no part of one; write it as text"),
        ({"cure": "nan"}, r"^cure: nan is not between"),
        ({"cure_of": {"settlement": "2"}}, r"^cure settlement: 2 is not between"),
        ({"recovery": "0.12345678"}, r"^recovery: 0\.12345678 has more than 6 digits"),
    ],
)
def test_a_slip_is_one_line(told: dict[str, Any], message: str):
    with pytest.raises(LoanError, match=message):
        valuation(**{"discount": "0.08", "cure": "0.6", **told})
