"""The state of a loan with a fixed plan, entry by entry."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from forbear.base.errors import LoanError
from forbear.loans.cumulative import fold, payoff, undone_postings
from forbear.loans.entries import Entry
from forbear.loans.parts import Parts
from forbear.loans.state import State
from forbear.loans.terms import Allocation, DownPayment, Recalculation, Terms

JAN, FEB, MAR, APR = (date(2026, month, 1) for month in (1, 2, 3, 4))
TERMS = Terms(
    "CNY", 1_200_00, Decimal(12), 3, 1, "months", JAN, Allocation("mifos-standard"),
    interest_method="flat", interest_period="same_as_repayment", engine="cumulative",
)  # fmt: skip


def entries(*told: tuple[Any, ...]) -> list[Entry]:
    """Entries as ``(kind, day, amount, details)``; the last two may be left out."""
    made = []
    for seq, (kind, on, *more) in enumerate(told):
        amount, details = (*more, 0, {})[:2] if len(more) != 1 else (more[0], {})
        recorded = details.pop("recorded_on", on)
        made.append(Entry(f"e{seq}", kind, on, recorded, seq, amount, details))
    return made


OUT = ("disburse", JAN, 1_200_00)


def loan(*told: tuple[Any, ...], terms: Terms = TERMS, as_of: date = APR) -> State:
    return fold(terms, entries(OUT, *told), as_of)


def test_before_any_money_the_plan_is_shown_as_proposed() -> None:
    state = fold(TERMS, [], JAN)
    assert state.status == "proposed"
    assert [row.owed for row in state.rows] == [Parts(400_00, 12_00)] * 3
    assert [row.balance for row in state.rows] == [800_00, 400_00, 0]
    larger = replace(TERMS, options={"applied_principal": 2_400_00})
    assert fold(larger, [], JAN).rows[0].owed == Parts(800_00, 24_00)


def test_a_payment_goes_to_the_oldest_instalment_first() -> None:
    state = loan(("repayment", date(2026, 2, 5), 500_00))
    first, second, _ = state.rows
    assert (first.paid, first.late, first.paid_on) == (
        Parts(400_00, 12_00),
        412_00,
        date(2026, 2, 5),
    )
    assert (second.paid, second.in_advance, second.paid_on) == (Parts(76_00, 12_00), 88_00, None)
    assert state.postings[-1].parts == Parts(476_00, 24_00)
    assert state.postings[-1].balance == 724_00


def test_a_back_dated_payment_counts_from_its_value_date() -> None:
    late = ("repayment", MAR, 412_00)
    early = ("repayment", FEB, 412_00, {"recorded_on": date(2026, 3, 5)})
    state = loan(late, early)
    assert [row.paid_on for row in state.rows] == [FEB, MAR, None]
    assert [posting.on for posting in state.postings] == [JAN, FEB, MAR]


def test_what_is_paid_beyond_the_debt_is_kept_apart_and_can_go_back() -> None:
    state = loan(("repayment", FEB, 1_240_00))
    assert (state.overpaid, state.status, state.postings[-1].over) == (4_00, "overpaid", 4_00)
    back = loan(("repayment", FEB, 1_240_00), ("credit_balance_refund", FEB, 4_00))
    assert (back.overpaid, back.status, back.outstanding.total) == (0, "closed", 0)


def test_a_chargeback_before_the_end_joins_the_next_instalment() -> None:
    state = loan(("repayment", FEB, 412_00), ("chargeback", date(2026, 2, 9), 412_00))
    assert state.rows[1].owed == Parts(812_00, 12_00)
    assert [row.balance for row in state.rows] == [800_00, 400_00, 0]
    assert state.postings[-1].parts == Parts(412_00)


def test_a_chargeback_after_the_end_is_an_instalment_of_its_own_that_moves() -> None:
    whole = ("repayment", FEB, 1_236_00)
    first, second = date(2026, 4, 9), date(2026, 5, 9)
    once = loan(whole, ("chargeback", first, 100_00), as_of=second)
    assert (once.rows[-1].due, once.rows[-1].owed) == (first, Parts(100_00))
    twice = loan(whole, ("chargeback", first, 100_00), ("chargeback", second, 50_00), as_of=second)
    assert (twice.rows[-1].due, twice.rows[-1].owed) == (second, Parts(150_00))


def test_a_chargeback_takes_back_what_was_paid_too_much_first() -> None:
    state = loan(("repayment", FEB, 1_246_00), ("chargeback", FEB, 30_00))
    assert (state.overpaid, state.outstanding) == (0, Parts(20_00))
    assert state.postings[-1].over == 10_00


def test_charges_stand_in_their_period_and_a_waiver_forgives_one() -> None:
    fee = ("charge", FEB, 30_00, {"charge": "fee", "due": date(2026, 2, 14)})
    penalty = ("charge", FEB, 5_00, {"charge": "penalty", "due": "2026-02-15"})
    state = loan(fee, penalty)
    assert state.rows[1].owed == Parts(400_00, 12_00, 30_00, 5_00)
    waived = loan(fee, penalty, ("waive_charge", MAR, 0, {"charge_entry": "e1"}))
    assert waived.rows[1].waived == Parts(fee=30_00)
    assert waived.rows[1].outstanding == Parts(400_00, 12_00, 0, 5_00)
    assert waived.postings[-1].kind == "waive_loan_charges"
    assert waived.postings[-1].amount == 30_00


def test_a_share_of_principal_and_interest_is_of_the_whole_plan() -> None:
    told = {"charge": "fee", "due": FEB, "percent_of_principal_plus_interest": "10"}
    assert loan(("charge", JAN, 0, told)).rows[0].owed.fee == 123_60


def test_our_own_waiver_forgives_by_component() -> None:
    state = loan(("waiver", FEB, 0, {"interest": 20_00, "principal": 50_00}))
    assert [row.waived for row in state.rows] == [Parts(50_00, 12_00), Parts(0, 8_00), Parts()]
    assert state.postings[-1] == state.postings[-1].__class__(
        "e1", FEB, "waiver", 70_00, Parts(50_00, 20_00), 1_150_00
    )


def test_a_charge_off_leaves_the_plan_and_a_write_off_empties_it() -> None:
    off = loan(("repayment", FEB, 412_00), ("charge_off", MAR))
    assert off.status == "charged_off"
    assert off.outstanding == Parts(800_00, 24_00)
    assert off.postings[-1].parts == Parts(800_00, 24_00)
    gone = loan(("repayment", FEB, 412_00), ("writeoff", MAR))
    assert gone.status == "written_off"
    assert gone.outstanding.total == 0
    assert sum(row.paid.total for row in gone.rows) == 412_00


def test_a_charge_off_is_counted_anew_when_an_earlier_payment_is_undone() -> None:
    undo = ("undo", APR, 0, {"what": "last_repayment"})
    state = loan(("repayment", FEB, 412_00), ("charge_off", MAR), undo)
    assert state.postings[-1].parts == Parts(1_200_00, 36_00)


@pytest.mark.parametrize(("auto", "paid"), [(True, 300_00), (False, 0)])
def test_a_down_payment_is_paid_by_itself_where_agreed(auto: bool, paid: int) -> None:
    state = loan(terms=replace(TERMS, down_payment=DownPayment(Decimal(25), auto=auto)))
    assert state.rows[0].owed == Parts(300_00)
    assert state.rows[0].paid.total == paid
    assert [posting.kind for posting in state.postings] == (
        ["disbursement", "down_payment"] if auto else ["disbursement"]
    )


def test_an_undone_down_payment_is_owed_again() -> None:
    terms = replace(TERMS, down_payment=DownPayment(Decimal(25), auto=True))
    state = loan(("undo", FEB, 0, {"what": "down_payment"}), terms=terms)
    assert state.rows[0].outstanding == Parts(300_00)


def test_what_was_undone_can_be_shown_as_it_stood() -> None:
    told = entries(
        OUT, ("repayment", FEB, 100_00), ("repayment", FEB, 50_00),
        ("undo", MAR, 0, {"what": "nth_repayment_of_loan", "nth": 1}),
    )  # fmt: skip
    struck = undone_postings(TERMS, told, APR)
    assert [(p.entry, p.parts, p.balance) for p in struck] == [
        ("e1", Parts(88_00, 12_00), 1_112_00)
    ]
    assert fold(TERMS, told, APR).postings[-1].parts == Parts(38_00, 12_00)


def test_what_closes_the_loan_is_what_it_still_asks_for() -> None:
    told = entries(OUT, ("repayment", FEB, 412_00))
    assert payoff(TERMS, told, FEB) == Parts(800_00, 24_00)


@pytest.mark.parametrize(
    ("terms", "kind", "says"),
    [
        (TERMS, "reage", r"e1: a fixed plan .* knows no reage; use the progressive engine"),
        (replace(TERMS, allocation=Allocation("advanced")), "cob", r"«advanced».*known are"),
        (replace(TERMS, recalculation=Recalculation(rest="weekly")), "cob", r"rest: «weekly»"),
        (replace(TERMS, recalculation=Recalculation()), "cob", r"partial_period_interest: false"),
        (replace(TERMS, amortization="bullet", recalculation=Recalculation()), "cob", r"bullet"),
    ],
)
def test_what_a_fixed_plan_cannot_do_is_refused(terms: Terms, kind: str, says: str) -> None:
    with pytest.raises(LoanError, match=says):
        loan((kind, FEB), terms=terms)
