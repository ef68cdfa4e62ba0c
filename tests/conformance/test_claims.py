"""Claims on the loans of a peer's tests: the ledgers are real, so the account must fit them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from forbear.loans.ceiling import Book, countries, load
from forbear.loans.claim import Claimed, claim
from forbear.loans.claim_limits import Circumstances
from forbear.loans.ledger import fold
from forbear.loans.reading import LoanFile, read_loan
from forbear.loans.state import State

SHARED = Path(__file__).parents[3] / "shared" / "vectors" / "fineract_loans.jsonl"


@pytest.fixture(scope="module")
def loans() -> list[tuple[LoanFile, State]]:
    if not SHARED.is_file():
        pytest.skip("the shared loans are not at hand")
    found = []
    for line in SHARED.read_text(encoding="utf-8").split("\n"):
        raw: dict[str, Any] = json.loads(line) if line.strip() else {}
        if raw.get("events"):
            loan = read_loan(raw)
            last = max(max(entry.on, entry.recorded_on) for entry in loan.entries)
            found.append((loan, fold(loan.terms, loan.entries, last)))
    return found


def all_that_is_owed(state: State) -> Claimed:
    owed = state.outstanding
    return Claimed(
        principal=owed.principal, interest=owed.interest, penalty=owed.penalty, fee=owed.fee
    )


def test_where_no_ceiling_holds_all_that_the_books_owe_may_be_claimed(
    loans: list[tuple[LoanFile, State]],
):
    """A movement of money that the account did not know would be refused here."""
    assert len(loans) > 500
    for loan, state in loans:
        found = claim(
            state, loan.terms, Book(country="xx"), Circumstances(), claimed=all_that_is_owed(state)
        )
        refused = {line.part: line.refused for line in found.lines if line.refused}
        assert not refused, (loan.id, refused)


@pytest.mark.parametrize("country", countries())
def test_under_the_ceilings_of_any_country_every_refusal_has_its_reason(
    country: str, loans: list[tuple[LoanFile, State]]
):
    for loan, state in loans:
        found = claim(
            state, loan.terms, load(country), Circumstances(), claimed=all_that_is_owed(state)
        )
        for line in found.lines:
            assert 0 <= line.claimable <= line.claimed, loan.id
            assert line.refused == sum(reason.amount for reason in line.reasons), loan.id
