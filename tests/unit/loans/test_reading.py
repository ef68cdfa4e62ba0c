"""Loan files: each wrong field becomes one line that names it and says how to mend it."""

from __future__ import annotations

from typing import Any

import pytest

from forbear.base.errors import LoanError, MoneyError
from forbear.loans.reading import read_loan

GOOD: dict[str, Any] = {
    "currency": "CNY",
    "principal": "1000.00",
    "submitted_on": "2026-01-10",
    "n": 6,
    "product": {"annual_rate_percent": "12"},
    "events": [
        {"kind": "disburse", "on": "2026-01-10", "amount": "1000.00"},
        {"kind": "repayment", "on": "2026-02-10", "amount": "100.00"},
    ],
}


def wrong(event: dict[str, Any] | None = None, **said: Any) -> str:
    raw = {**GOOD, **said}
    if event is not None:
        raw["events"] = [*GOOD["events"], event]
    with pytest.raises((LoanError, MoneyError)) as caught:
        read_loan(raw)
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_a_whole_file_is_read():
    found = read_loan(GOOD)
    assert found.terms.principal == 100_000
    assert [entry.amount for entry in found.entries] == [100_000, 10_000]
    assert found.terms.recalculation is not None


@pytest.mark.parametrize(
    ("said", "start"),
    [
        ({"currency": "XYZ"}, "currency «XYZ» is not known; use its three ISO 4217 letters"),
        ({"principal": "-5"}, "principal: -5 is not more than nothing"),
        ({"principal": 10.5}, "principal: 10.5 is not an amount; write it as text"),
        ({"principal": "1.005"}, "principal: 1.005 has more digits than CNY has"),
        ({"n": 0}, "n: 0 is not from 1 to 600"),
        ({"n": 9999}, "n: 9999 is not from 1 to 600"),
        ({"unit": "fortnights"}, "unit: «fortnights» is not known; known are days"),
        ({"submitted_on": "2026-02-31"}, "submitted_on: 2026-02-31 is not in the calendar"),
        ({"product": None}, "product: is missing"),
        ({"product": {"annual_rate_percent": "NaN"}}, "product.annual_rate_percent: «NaN»"),
        ({"product": {"annual_rate_percent": "5000"}}, "product.annual_rate_percent: 5000"),
        (
            {"product": {"annual_rate_percent": "12", "allocation": "mine"}},
            "product.allocation: «mine» is not known; known",
        ),
        ({"events": "none"}, "events: is not a list"),
        (
            {
                "product": {
                    "annual_rate_percent": "12",
                    "amortization": "bullet",
                    "interest_recalculation": {"rest": "daily"},
                }
            },
            "product.interest_recalculation: goes with equal instalments",
        ),
        (
            {
                "product": {
                    "annual_rate_percent": "12",
                    "rounding": {"installment_multiple_of": "-1"},
                }
            },
            "product.rounding.installment_multiple_of: -1 is not more than nothing",
        ),
        (
            {
                "product": {
                    "annual_rate_percent": "12",
                    "rounding": {"installment_multiple_of": "5000"},
                }
            },
            "product.rounding.installment_multiple_of: 5000.00 is more than the amount lent",
        ),
        (
            {"product": {"annual_rate_percent": "12", "rounding": "half_up"}},
            "product.rounding: «half_up» is not an object",
        ),
        (
            {"product": {"annual_rate_percent": "12", "partial_period_interest": "false"}},
            "product.partial_period_interest: «fa",
        ),
        ({"down_payment": "25"}, "down_payment: «25» is not an object"),
        (
            {"down_payment": {"percent": "25", "auto_paid": "no"}},
            "down_payment.auto_paid: «no» is neither true nor false",
        ),
    ],
)
def test_a_wrong_field_is_named_with_its_mend(said: dict[str, Any], start: str):
    assert wrong(**said).startswith(start)


@pytest.mark.parametrize(
    ("event", "start"),
    [
        ({"kind": "pay", "on": "2026-02-11"}, "events[2].kind: «pay» is not known"),
        ({"kind": "repayment", "on": "2026-02-31", "amount": "1"}, "events[2].on: 2026-02-31"),
        ({"kind": "repayment", "on": "2026-02-11"}, "events[2].amount: «» is not an amount"),
        ({"kind": "repayment", "on": "2026-02-11", "amount": "0"}, "events[2].amount: 0 is not"),
        ({"kind": "repayment", "on": "2026-02-11", "amount": "-1"}, "events[2].amount: -1"),
        (
            {"kind": "repayment", "on": "2025-12-31", "amount": "1"},
            "events[2].on: repayment on 2025-12-31, but money was paid out on 2026-01-10",
        ),
        (
            {"kind": "repayment", "on": "2026-03-01", "amount": "1", "business_date": "2026-02-01"},
            "events[2].on: 2026-03-01 lies after 2026-02-01",
        ),
        (
            {"kind": "repayment", "on": "2026-03-01", "amount": "1", "currency": "USD"},
            "events[2].currency: USD in a loan of CNY; convert it first",
        ),
        (
            {"kind": "repayment", "on": "2026-03-01", "amount": "1", "id": "e1"},
            "events[2].id: «e1» stands twice",
        ),
        ({"kind": "undo", "on": "2026-03-01"}, "events[2].what: is missing"),
        (
            {"kind": "interest_pause", "on": "2026-03-01", "start": "2026-03-05",
             "end": "2026-03-01"},
            "events[2].end: 2026-03-01 lies before the start",
        ),
        ({"kind": "reage", "on": "2026-03-01"}, "events[2].start: is missing; reage needs it"),
        (
            {"kind": "waive_charge", "on": "2026-03-01", "event": 1},
            "events[2].event: 1 is not the place of an earlier charge",
        ),
        (
            {"kind": "chargeback", "on": "2026-03-01", "amount": "1", "of_repayment": 4},
            "events[2].of_repayment: there is no repayment number 4",
        ),
        ({"kind": "reschedule", "on": "2026-03-01", "from": "2026-03-10"}, "events[2]: says no"),
        (
            {"kind": "reschedule", "on": "2026-03-01", "from": "2026-03-10", "extra_terms": -5},
            "events[2].extra_terms: «-5» is not a whole number",
        ),
        ({"kind": "charge", "on": "2026-03-01", "amount": []}, "events[2].amount: [] is not an"),
        (
            {"kind": "charge", "on": "2026-03-01", "amount": "1", "charge": []},
            "events[2].charge: «[]» is not known; known are fee, penalty",
        ),
        (
            {"kind": "reage", "on": "2026-03-01", "start": "2026-04-01", "n": 3, "every": 1,
             "unit": []},
            "events[2].unit: «[]» is not known; known are days, weeks, months",
        ),
        (
            {"kind": "reamortize", "on": "2026-03-01", "interest_handling": "split"},
            "events[2].interest_handling: «split» is not known; known are default, ",
        ),
    ],
)  # fmt: skip
def test_a_wrong_event_is_named_with_its_mend(event: dict[str, Any], start: str):
    assert wrong(event).startswith(start)


def test_a_payment_without_any_disbursement_is_refused():
    assert "in no event" in wrong(events=[GOOD["events"][1]])


def test_a_charge_whose_due_day_is_null_is_due_at_once():
    event = {"kind": "charge", "on": "2026-03-01", "amount": "1", "due": None}
    found = read_loan({**GOOD, "events": [*GOOD["events"], event]}).entries[-1]
    assert found.details["due"] == found.on


def test_a_business_date_that_is_null_is_the_day_itself():
    event = {"kind": "repayment", "on": "2026-03-01", "amount": "1", "business_date": None}
    found = read_loan({**GOOD, "events": [*GOOD["events"], event]}).entries[-1]
    assert found.recorded_on == found.on
