"""A request is read whole, or refused in one line with field and mend; written, it comes back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from forbear.base.errors import LoanError
from forbear.loans.parts import Component
from forbear.loans.relief.coding import details_of, measure_of, request_of
from forbear.loans.relief.measures import (
    WORD,
    DelinquencyPause,
    DueMove,
    Excess,
    ExtraTerms,
    InterestPause,
    Kept,
    Measure,
    PersonalPlan,
    RateChange,
    ReAge,
    Reamortize,
    Settlement,
    Termination,
    Waiver,
)

DAY, LATER = date(2026, 4, 1), date(2026, 6, 30)
ALL: list[Measure] = [
    ReAge(n=12, first_due=DAY, every=2, unit="weeks", interest=Kept.ACCRUED),
    Reamortize(),
    InterestPause(start=DAY, end=LATER),
    RateChange(annual_rate_percent=Decimal("7.25")),
    DueMove(due=DAY, new_due=LATER),
    ExtraTerms(n=6),
    Termination(deadline=LATER),
    Waiver(amounts={Component.PENALTY: None, Component.FEE: 1_050}),
    Settlement(amount=812_345, deadline=LATER),
    PersonalPlan(n=60, first_due=DAY, annual_rate_percent=Decimal("3.65")),
    DelinquencyPause(start=DAY, end=DAY),
]


@pytest.mark.parametrize("measure", ALL, ids=lambda each: WORD[type(each)])
def test_a_measure_that_is_written_is_read_back_the_same(measure: Measure) -> None:
    told = details_of(measure, "CNY")
    assert measure_of(WORD[type(measure)], told, "CNY", "m") == measure


def test_every_measure_is_among_them() -> None:
    assert {type(each) for each in ALL} == set(WORD)


def test_a_request_is_read_with_its_measures_in_order() -> None:
    request = request_of(
        {
            "measures": [
                {"kind": "waiver", "amounts": {"penalty": "all"}},
                {"kind": "reage", "n": 12, "first_due": "2026-04-01"},
            ],
            "on_excess": "refuse",
            "product": "credit_card",
        },
        "CNY",
    )
    assert request.measures == (
        Waiver(amounts={Component.PENALTY: None}),
        ReAge(n=12, first_due=DAY),
    )
    assert (request.on_excess, request.product) == (Excess.REFUSE, "credit_card")


def reage(**fields: Any) -> dict[str, Any]:
    return {"measures": [{"kind": "reage", "n": 12, "first_due": "2026-04-01", **fields}]}


def one(kind: str, **fields: Any) -> dict[str, Any]:
    return {"measures": [{"kind": kind, **fields}]}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ([], r"request: it is no object; write"),
        ({}, r"measures: none is given; write at least one"),
        ({"measures": ["reage"]}, r"measures\[0\]: it is no object; write"),
        ({"measures": [], "wish": 1}, r"request.wish: it is no field here; known are measures"),
        (one("magic"), r"measures\[0\].kind: «magic» is no relief; known are reage, reamortize"),
        (one("reamortize", n=3), r"\[0\].n: it is no field here; known are none"),
        (reage(n=0), r"measures\[0\].n: 0 is not between 1 and 600; correct it"),
        (reage(n=-3), r"measures\[0\].n: -3 is not between 1 and 600"),
        (reage(n="12"), r"measures\[0\].n: '12' is no whole number; write one such as 12"),
        (reage(n=True), r"\.n: True is no whole number"),
        (reage(first_due="2026-02-31"), r"first_due: '2026-02-31' is no date; write one such as"),
        (reage(first_due="9999-12-31"), r"9999-12-31 is not between 1950-01-01 and 2199-12-31"),
        (reage(n=600, every=366), r"n: 600 times 366 months is beyond a hundred years; write few"),
        (reage(first_due=20260401), r"first_due: 20260401 is no date"),
        (reage(unit="years"), r"unit: «years» is no step; known are days, weeks, months"),
        (reage(interest="some"), r"interest: «some» is not known; known are frozen, accrued, all"),
        (reage(every=0), r"every: 0 is not between 1 and 366"),
        (one("reage", n=3), r"measures\[0\].first_due: it is missing; reage needs it"),
        (
            one("rate_change", annual_rate_percent=7.2),
            r"7.2 is no rate; write percent a year as te",
        ),
        (one("rate_change", annual_rate_percent="-1"), r"-1 is not between 0 and 1000"),
        (one("rate_change", annual_rate_percent="NaN"), r"NaN is not between 0 and 1000"),
        (one("rate_change", annual_rate_percent="x"), r"«x» is no rate; write percent a year"),
        (
            one("interest_pause", start="2026-06-30", end="2026-04-01"),
            r"measures\[0\].end: 2026-04-01 lies before start 2026-06-30; exchange them",
        ),
        (
            one("due_move", due="2026-06-30", new_due="2026-04-01"),
            r"new_due: 2026-04-01 lies before due 2026-06-30; exchange them",
        ),
        (one("waiver", amounts={}), r'amounts: nothing is to be waived; write {"penalty": "all"}'),
        (one("waiver", amounts={"rent": "1"}), r"amounts.rent: it is no component; known are pri"),
        (one("waiver", amounts={"fee": "-5.00"}), r"amounts.fee: -5.00 is not above nothing; wr"),
        (one("waiver", amounts={"fee": "0.001"}), r"amounts.fee: 0.001 has more digits than CNY"),
        (one("waiver", amounts={"fee": 5.5}), r"amounts.fee: 5.5 is not an amount; write it as te"),
        (one("settlement", amount="0", deadline="2026-04-01"), r"amount: 0 is not above nothing"),
        (one("settlement", amount="many", deadline="2026-04-01"), r"amount: «many» is not an am"),
        ({**reage(), "on_excess": "pay"}, r"on_excess: «pay» is not known; known are trim, refuse"),
        ({**reage(), "product": 3}, r"product: 3 is no word; write one such as credit_card"),
    ],
)
def test_a_slip_is_one_line_with_the_field_and_the_mend(given: Any, says: str) -> None:
    with pytest.raises(LoanError, match=says) as caught:
        request_of(given, "CNY")
    assert "\n" not in str(caught.value)
