from __future__ import annotations

import math
from decimal import Decimal

import numpy as np
import pytest

from forbear.batch.annual import ASK, FOUND, NO_RATE, Flows, annual_rates, judged, uncertified
from forbear.loans.cost.judge import NoRate, Rate, Why


def flows(*loans: list[tuple[int, int]]) -> Flows:
    """Loans of (day, amount in minor units)."""
    rows = [row for loan in loans for row in loan]
    starts = np.cumsum([0, *map(len, loans)])
    days = np.array([day for day, _ in rows], np.int32)
    return Flows(starts, days, np.array([amount for _, amount in rows], np.int64))


def test_a_year_of_ten_percent_whatever_the_gaps_between():
    plain = [(0, -100), (365, 110)]
    weekly = [(0, -100), *((7 * k, 0) for k in range(1, 50)), (365, 110)]
    moved = [(20_000, -100), (20_031, 0), (20_365, 110)]
    found = annual_rates(flows(plain, weekly, moved))
    assert found.state.tolist() == [FOUND] * 3
    assert found.rate == pytest.approx([0.1] * 3, abs=1e-13)


def test_money_of_one_day_counts_together():
    kept_back = [(0, -100), (0, 3), (365, 110)]
    found = annual_rates(flows(kept_back, [(0, -97), (365, 110)]))
    assert found.rate[0] == found.rate[1]


@pytest.mark.parametrize(
    ("loan", "state"),
    [
        ([], NO_RATE),
        ([(0, 0)], NO_RATE),
        ([(0, 100), (5, 100)], NO_RATE),
        ([(0, -100), (0, 100)], NO_RATE),
        ([(0, -100), (365, 230), (730, -132)], ASK),
        ([(10, -100), (5, 110)], ASK),
        ([(0, -1), (1, 10**9)], ASK),
        ([(0, -(10**9)), (1, 1)], ASK),
        ([(0, 100), (365, -110)], FOUND),
        ([(0, -100), (3650, 1)], FOUND),
    ],
)
def test_what_is_said_of_a_loan_and_that_nothing_is_said_instead(
    loan: list[tuple[int, int]], state: int
):
    found = annual_rates(flows(loan))
    assert found.state.tolist() == [state]
    assert math.isnan(found.rate[0]) == (state != FOUND)


def test_what_is_asked_of_the_judge_it_answers():
    many = flows([(0, -100), (365, 230), (730, -132)], [(10, 110), (5, -100)])
    several, turned = judged(many, 0), judged(many, 1)
    assert isinstance(several, NoRate)
    assert several.why is Why.SEVERAL
    assert isinstance(turned, Rate)


def test_a_wrong_rate_gets_no_certificate():
    many = flows([(0, -100), (365, 110)], [(0, -100), (365, 120)], [(0, 1)])
    found = annual_rates(many)
    found.rate[1] += 1e-6
    assert uncertified(many, found, range(3)) == [1, 2]
    assert uncertified(many, found, range(3), Decimal("1e-5")) == [2]


def test_more_threads_say_the_same():
    many = flows(*([(0, -100), (365, 100 + k % 50)] for k in range(10_000)))
    assert (annual_rates(many, workers=2).rate == annual_rates(many, workers=1).rate).all()
