"""The books of a loan: what is booked for each posting, and that it always balances."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import pytest

from forbear.base.errors import LoanError
from forbear.loans.journal import (
    CHART,
    OF_ITSELF,
    SETTLED_BY,
    Booking,
    Line,
    as_csv,
    as_json,
    differences,
    journal,
    trial_balance,
)
from forbear.loans.parts import NOTHING, Parts
from forbear.loans.state import Posting, Row, State

JAN, FEB, MAR, APR = (date(2026, month, 1) for month in (1, 2, 3, 4))
LENT = Posting("e1", JAN, "disbursement", 20_000, NOTHING, 20_000)


def paying(kind: str, on: date, parts: Parts, over: int = 0) -> Posting:
    return Posting(f"{kind}-{on}", on, kind, parts.total + over, parts, 0, over)


def loan(
    *postings: Posting,
    as_of: date = MAR,
    first: Parts = NOTHING,
    second: Parts = NOTHING,
    waived: Parts = NOTHING,
    over: int = 0,
) -> State:
    """A loan of 200.00 in two rows with 2.00 and 1.00 of interest, and what was paid for each."""
    rows = (
        Row(1, JAN, FEB, Parts(10_000, 200, 30, 5), first, waived),
        Row(2, FEB, APR, Parts(10_000, 100), second),
    )
    return State(as_of, "CNY", rows, postings, over)


def held(state: State) -> dict[str, int]:
    return {each.account: each.debit - each.credit for each in trial_balance(journal(state))}


def test_a_disbursement_turns_cash_into_a_claim() -> None:
    (booking,) = journal(loan(LENT, as_of=JAN))
    assert booking.lines == (Line("cash", credit=20_000), Line("principal", debit=20_000))
    assert (booking.kind, booking.entry, booking.on) == ("disbursement", "e1", JAN)


def test_what_falls_due_is_a_claim_and_income_on_its_day() -> None:
    bookings = journal(loan(LENT))
    assert [(each.on, each.kind) for each in bookings] == [
        (JAN, "disbursement"),
        (FEB, "fallen_due"),
    ]
    assert held(loan(LENT)) == {
        "cash": -20_000, "principal": 20_000, "interest": 200, "fee": 30, "penalty": 5,
        "interest_income": -200, "fee_income": -30, "penalty_income": -5,
    }  # fmt: skip


def test_a_repayment_settles_each_component_and_leaves_the_rest_to_the_borrower() -> None:
    paid = Parts(10_000, 200, 30, 5)
    state = loan(LENT, paying("repayment", FEB, paid, over=7), first=paid, over=7)
    assert held(state)["cash"] == -20_000 + 10_242
    assert held(state)["overpayment"] == -7
    assert {"interest", "fee", "penalty"}.isdisjoint(held(state))
    assert differences(journal(state), state) == {}


def test_interest_paid_before_its_day_is_earned_once() -> None:
    paid = Parts(0, 100)
    state = loan(LENT, paying("repayment", date(2026, 1, 10), paid), as_of=FEB, second=paid)
    assert [booking.kind for booking in journal(state)][-1] == "paid_in_advance"
    assert held(state)["interest"] == 200
    assert held(state)["interest_income"] == -300
    later = loan(*state.postings, as_of=APR, second=paid)
    assert held(later)["interest_income"] == -300


def test_a_waiver_is_shown_as_an_expense_and_never_as_cash() -> None:
    forgiven = Parts(0, 200, 30, 5)
    state = loan(LENT, paying("waiver", FEB, forgiven), waived=forgiven)
    assert held(state)["waived"] == 235
    assert held(state)["cash"] == -20_000
    assert differences(journal(state), state) == {}


def test_a_waiver_of_charges_without_parts_takes_them_from_the_rows() -> None:
    waive = Posting("w", FEB, "waive_loan_charges", 35, NOTHING, 0)
    state = loan(LENT, waive, waived=Parts(0, 0, 30, 5))
    assert held(state)["waived"] == 35
    assert {"fee", "penalty"}.isdisjoint(held(state))


def test_a_write_off_turns_the_claim_into_a_loss() -> None:
    owed = Parts(20_000, 300, 30, 5)
    rows = tuple(
        Row(row.number, row.start, row.due, row.owed, written_off=row.owed) for row in loan().rows
    )
    gone = paying("close_as_written_off", MAR, owed)
    state = State(MAR, "CNY", rows, (LENT, gone), status="written_off")
    assert held(state)["written_off"] == owed.total
    assert "principal" not in held(state)
    assert differences(journal(state), state) == {}


def test_a_charge_off_books_the_loss_and_leaves_the_claim() -> None:
    off = Posting("off", MAR, "charge_off", 20_300, Parts(20_000, 300), 0)
    state = loan(LENT, off)
    assert held(state)["principal"] == 20_000
    assert held(state)["written_off"] == -held(state)["allowance"] == 20_235
    paid = Parts(1_000)
    later = loan(LENT, off, paying("repayment", MAR, paid), first=paid)
    assert held(later)["recovery"] == -1_000
    assert held(later)["allowance"] == -19_235
    assert differences(journal(later), later) == {}


def test_what_is_forgiven_after_a_charge_off_is_no_second_loss() -> None:
    off = Posting("off", MAR, "charge_off", 20_300, Parts(20_000, 300), 0)
    forgiven = Parts(0, 200)
    state = loan(LENT, off, paying("waiver", MAR, forgiven), waived=forgiven)
    assert "waived" not in held(state)
    assert held(state)["allowance"] == -20_035


def test_a_chargeback_takes_money_out_again_and_raises_the_claim() -> None:
    paid = Parts(10_000, 200, 30, 5)
    back = Posting("back", FEB, "chargeback", 10_200, Parts(10_000, 200), 0)
    rows = (
        Row(1, JAN, FEB, paid, paid),
        Row(2, FEB, APR, Parts(20_000, 300)),
    )
    state = State(MAR, "CNY", rows, (LENT, paying("repayment", FEB, paid), back))
    assert held(state)["principal"] == 20_000
    assert held(state)["cash"] == -20_000 + 10_235 - 10_200
    assert "interest" not in held(state)  # it falls due again with its row
    assert differences(journal(state), state) == {}
    due = State(APR, "CNY", rows, state.postings)
    assert held(due)["interest"] == 300
    assert differences(journal(due), due) == {}


def test_money_paid_too_much_goes_back_to_the_borrower() -> None:
    over = paying("repayment", FEB, Parts(20_000, 300, 30, 5), over=50)
    refund = Posting("r", MAR, "credit_balance_refund", 50, NOTHING, 0)
    rows = loan().rows
    state = loan(LENT, over, refund, first=rows[0].owed, second=rows[1].owed)
    assert "overpayment" not in held(state)
    assert differences(journal(state), state) == {}


def test_an_overpayment_that_pays_for_new_principal_is_booked_last() -> None:
    over = paying("repayment", JAN, Parts(20_000), over=500)
    again = Posting("e2", JAN, "disbursement", 500, NOTHING, 0)
    rows = (Row(1, JAN, FEB, Parts(20_500), Parts(20_500)),)
    state = State(JAN, "CNY", rows, (LENT, over, again))
    assert journal(state)[-1].kind == "overpayment_used"
    assert differences(journal(state), state) == {}


@pytest.mark.parametrize("kind", ["re_age", "re_amortize", "contract_termination", "accrual"])
def test_a_change_of_the_plan_moves_nothing_between_accounts(kind: str) -> None:
    state = loan(LENT, paying(kind, JAN, Parts(5_000)), as_of=JAN)
    assert [booking.kind for booking in journal(state)] == ["disbursement"]


def test_a_ledger_that_moves_an_amount_without_saying_so_is_found() -> None:
    state = loan(LENT, first=Parts(300), over=9)
    assert differences(journal(state), state) == {"principal": 300, "overpayment": 9}


def test_a_plan_without_money_has_no_books() -> None:
    assert journal(loan()) == ()
    assert differences((), loan()) == {}


def test_a_posting_without_an_account_is_refused() -> None:
    with pytest.raises(LoanError, match="posting e9: «gift» has no account; known are repayment"):
        journal(loan(Posting("e9", JAN, "gift", 1, NOTHING, 0)))


def test_a_journal_entry_that_does_not_balance_cannot_be_made() -> None:
    with pytest.raises(AssertionError, match="journal entry 1 of 2026-01-01 does not balance"):
        Booking(1, JAN, "wrong", "", (Line("cash", debit=1), Line("principal", credit=2)))


def test_every_account_that_is_booked_is_in_the_chart_in_both_languages() -> None:
    assert set(SETTLED_BY.values()) <= set(CHART)
    for account in CHART.values():
        assert account.side in {"asset", "liability", "income", "expense"}
        assert account.en
        assert account.zh


def test_what_the_books_tell_of_themselves_has_its_words() -> None:
    paid = Parts(0, 100)
    state = loan(LENT, paying("repayment", date(2026, 1, 10), paid), as_of=FEB, second=paid)
    told = {booking.kind for booking in journal(state) if not booking.entry}
    assert told == {"fallen_due", "paid_in_advance"}
    assert told < set(OF_ITSELF)


def test_json_and_csv_tell_the_same_journal_in_amounts_that_are_text() -> None:
    paid = Parts(10_000, 200)
    state = loan(LENT, paying("repayment", FEB, paid), first=paid)
    told = json.loads(json.dumps(as_json(journal(state), "CNY"), ensure_ascii=False))
    assert told["entries"][0]["lines"] == [
        {"account": "cash", "debit": "0.00", "credit": "200.00"},
        {"account": "principal", "debit": "200.00", "credit": "0.00"},
    ]
    assert told["accounts"]["interest"]["zh"] == "应收利息"
    rows = list(csv.DictReader(io.StringIO(as_csv(journal(state), "CNY"))))
    lines = [
        {"number": str(entry["number"]), "account": line["account"],
         **{side: "" if line[side] == "0.00" else line[side] for side in ("debit", "credit")}}
        for entry in told["entries"]
        for line in entry["lines"]
    ]  # fmt: skip
    assert [{key: row[key] for key in line} for row, line in zip(rows, lines, strict=True)] == lines
