"""The state of a loan on a day is that of the day, whatever is known later."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from forbear.loans.ledger import fold, payoff
from forbear.loans.reading import read_loan

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
