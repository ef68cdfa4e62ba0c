"""The state of a loan on a day is that of the day, whatever is known later."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from forbear.loans.ledger import fold, payoff
from forbear.loans.reading import read_loan
from forbear.loans.relief.answers import Grant
from forbear.loans.relief.folding import find
from forbear.loans.relief.measures import ReAge, Request
from forbear.loans.relief.previewing import grant

PLAN: dict[str, Any] = {
    "currency": "CNY",
    "principal": "1000.00",
    "submitted_on": "2026-01-10",
    "n": 6,
    "events": [
        {"kind": "disburse", "on": "2026-01-10", "amount": "1000.00"},
        {"kind": "repayment", "on": "2026-02-10", "amount": "100.00"},
        {"kind": "charge", "on": "2026-03-01", "amount": "5.00"},
    ],
}


@pytest.mark.parametrize(
    "engine",
    [
        {"engine": "progressive"},
        {"engine": "cumulative", "allocation": {"strategy": "mifos-standard"}},
    ],
)
def test_what_happens_later_is_not_in_the_state_of_a_day(engine: dict[str, Any]):
    loan = read_loan({**PLAN, "product": {"annual_rate_percent": "12", **engine}})
    state = fold(loan.terms, loan.entries, date(2026, 2, 1))
    assert [posting.kind for posting in state.postings] == ["disbursement"]
    assert state == fold(loan.terms, loan.entries[:1], date(2026, 2, 1))
    # What would close it that day knows nothing of the payment and the charge to come either.
    assert payoff(loan.terms, loan.entries, date(2026, 2, 1)) == payoff(
        loan.terms, loan.entries[:1], date(2026, 2, 1)
    )


def test_a_charge_dated_ahead_is_known_once_something_was_entered_after_it():
    later = {"kind": "repayment", "on": "2026-02-12", "amount": "50.00"}
    loan = read_loan(
        {
            **PLAN,
            "events": [*PLAN["events"], later],
            "product": {"annual_rate_percent": "12", "engine": "progressive"},
        }
    )
    assert fold(loan.terms, loan.entries, date(2026, 2, 20)).outstanding.fee == 500


def test_interest_taken_ahead_is_given_back_before_relief_begins():
    """12,000 and interest of 144.00 twice and of five days, less 4,169.66 that was paid."""
    loan = read_loan(
        {
            **PLAN,
            "principal": "12000.00",
            "product": {
                "annual_rate_percent": "14.4",
                "amortization": "interest_first",
                "interest_period": "same_as_repayment",
                "days_in_year": "360",
                "days_in_month": "30",
            },
            "events": [
                {"kind": "disburse", "on": "2026-01-10", "amount": "12000.00"},
                {"kind": "repayment", "on": "2026-02-10", "amount": "2084.83"},
                {"kind": "repayment", "on": "2026-03-10", "amount": "2084.83"},
            ],
        }
    )
    on = date(2026, 3, 15)
    found = find(loan.terms, loan.entries, on)
    # Five of the 31 days of 144.00 are 23.22 and a part of a cent, which is cut off.
    assert payoff(loan.terms, loan.entries, on).total == found.closing.total == 814_156
    assert found.plan.closing.total == 814_156
    measure = Request(measures=(ReAge(n=6, first_due=date(2026, 4, 15)),))
    granted = grant(loan.terms, loan.entries, on, measure, step="r")
    assert isinstance(granted, Grant)
    after = fold(loan.terms, (*loan.entries, *granted.entries), on)
    assert after.outstanding.total == 814_156
    given_back = next(p for p in after.postings if p.kind == "interest_refund")
    assert given_back.amount == given_back.parts.total == 0
