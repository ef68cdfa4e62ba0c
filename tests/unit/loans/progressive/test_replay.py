"""The replay: what entries amount to, worked by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from forbear.base.errors import LoanError
from forbear.loans.ledger import fold, payoff
from forbear.loans.parts import Parts
from forbear.loans.reading import read_loan
from forbear.loans.state import State

TWELVE = {"annual_rate_percent": "12", "days_in_year": "360", "days_in_month": "30"}
OUT = {"kind": "disburse", "on": "2026-01-10", "amount": "1200.00"}


def loan(*events: dict[str, Any], product: dict[str, Any] | None = None, **said: Any):
    raw = {
        "product": {**TWELVE, **(product or {})}, "currency": "CNY", "principal": "1200.00",
        "submitted_on": "2026-01-10", "n": 4, "events": [OUT, *events], **said,
    }  # fmt: skip
    return read_loan(raw)


def state(*events: dict[str, Any], on: str = "2026-12-31", **said: Any) -> State:
    read = loan(*events, **said)
    return fold(read.terms, read.entries, date.fromisoformat(on))


def pays(on: str, amount: str, **more: Any) -> dict[str, Any]:
    return {"kind": "repayment", "on": on, "amount": amount, **more}


def owed(found: State) -> list[tuple[int, int]]:
    return [(row.owed.principal, row.owed.interest) for row in found.rows]


def test_equal_instalments_of_one_percent_a_month():
    # 1200 at 1 % a month over four months: 307.54 each, the last one 307.52.
    found = state()
    assert owed(found) == [(29554, 1200), (29850, 904), (30148, 606), (30448, 304)]
    assert [row.balance for row in found.rows] == [90446, 60596, 30448, 0]


def test_money_before_its_day_saves_interest_and_the_instalment_stays():
    found = state(pays("2026-01-25", "600.00"))
    assert found.rows[0].owed.total == 30754
    assert found.outstanding.total < state().outstanding.total - 60000
    assert sum(row.owed.interest for row in found.rows) < 3015


def test_overdue_principal_goes_on_bearing_the_contract_rate():
    found = state({"kind": "cob", "on": "2026-03-10"})
    # Nothing was paid: the second month bears 1 % of all 1200 again.
    assert found.rows[1].owed.interest == 1200
    assert found.rows[1].owed.total == 30754


def test_a_payment_goes_to_fees_then_interest_then_principal():
    fee = {"kind": "charge", "charge": "fee", "on": "2026-01-20", "amount": "5.00"}
    found = state(fee, pays("2026-02-10", "10.00"))
    assert found.postings[-1].parts == Parts(principal=0, interest=500, fee=500, penalty=0)


def test_overdue_comes_before_due_before_in_advance():
    found = state(pays("2026-03-10", "320.00"))
    assert found.rows[0].outstanding.total == 0
    assert found.rows[1].paid.total == 32000 - 30754


def test_entries_arriving_late_are_put_where_they_belong():
    first, second = pays("2026-02-10", "307.54"), pays("2026-03-10", "307.54")
    late = {**first, "business_date": "2026-04-01"}
    assert owed(state(second, late)) == owed(state(first, second))


def test_an_undo_restores_what_was():
    paid = pays("2026-02-10", "307.54")
    undo = {"kind": "undo", "on": "2026-02-10", "what": "last_repayment"}
    again = pays("2026-02-10", "307.54")
    assert state(paid, undo, again).rows == state(again).rows


def test_what_was_paid_too_much_is_the_borrowers():
    found = state(pays("2026-01-11", "2000.00"), pays("2026-01-12", "1.00"))
    assert found.outstanding.total == 0
    assert found.overpaid == 200000 + 100 - 120000 - found.rows[0].owed.interest
    assert found.status == "overpaid"


def test_a_new_charge_is_paid_from_what_was_paid_too_much():
    charge = {"kind": "charge", "charge": "penalty", "on": "2026-01-20", "amount": "3.00"}
    before, after = (
        state(pays("2026-01-11", "2000.00")),
        state(pays("2026-01-11", "2000.00"), charge),
    )
    assert before.overpaid - after.overpaid == 300
    assert after.outstanding.total == 0


def test_a_waived_charge_is_owed_by_nobody():
    charge = {"kind": "charge", "charge": "penalty", "on": "2026-02-11", "amount": "50.00"}
    waive = {"kind": "waive_charge", "on": "2026-02-12", "event": 1}
    found = state(charge, waive)
    assert found.outstanding.penalty == 0
    assert sum(row.waived.penalty for row in found.rows) == 5000


def test_a_write_off_leaves_nothing_owed_and_nothing_paid():
    found = state({"kind": "writeoff", "on": "2026-03-01"})
    assert found.outstanding.total == 0
    assert sum(row.paid.total for row in found.rows) == 0
    assert found.status == "written_off"


def test_a_pause_bears_no_interest_on_both_of_its_days():
    whole = state({"kind": "interest_pause", "on": "2026-01-10", "start": "2026-01-11",
                   "end": "2026-02-10"})  # fmt: skip
    assert whole.rows[0].owed.interest == 0 or whole.rows[0].owed.interest < 50
    assert whole.rows[0].owed.total == 30754


def test_terms_without_a_disbursement_show_the_plan():
    read = loan()
    found = fold(read.terms, (), date(2026, 1, 10))
    assert found.status == "proposed"
    assert owed(found)[0] == (29554, 1200)


@pytest.mark.parametrize(
    ("amortization", "rows"),
    [
        ("equal_principal", [(30000, 1200), (30000, 900), (30000, 600), (30000, 300)]),
        ("interest_first", [(0, 1200), (0, 1200), (0, 1200), (120000, 1200)]),
        ("bullet", [(120000, 4800)]),
    ],
)
def test_other_plans_are_replayed_as_agreed(amortization: str, rows: list[tuple[int, int]]):
    assert owed(state(product={"amortization": amortization})) == rows


def test_who_pays_a_fixed_plan_off_early_pays_for_the_days_until_then():
    read = loan(product={"amortization": "bullet"})
    # 60 of the 120 days of 4 months: half of 48.00.
    assert payoff(read.terms, read.entries, date(2026, 3, 11)) == Parts(120000, 2400)
    closed = state({"kind": "prepay", "on": "2026-03-11"}, product={"amortization": "bullet"})
    assert closed.outstanding.total == 0
    assert closed.rows[0].paid == Parts(120000, 2400)


def test_reamortising_after_the_last_day_is_refused():
    with pytest.raises(LoanError, match="no instalment falls due after it; re-age"):
        state({"kind": "reamortize", "on": "2026-06-01"})


def test_a_reage_spreads_what_is_open_over_new_rows():
    found = state(
        {"kind": "reage", "on": "2026-06-01", "start": "2026-07-01", "n": 3, "every": 1,
         "unit": "months", "interest_handling": "equal_amortization_payable_interest"}
    )  # fmt: skip
    old, new = found.rows[:-3], found.rows[-3:]
    assert all(row.owed.total == 0 for row in old)
    assert max(row.owed.total for row in new) - min(row.owed.total for row in new) <= 2
    assert sum(row.owed.principal for row in new) == 120000
