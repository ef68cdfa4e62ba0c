"""Which entries still count after an undo."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from forbear.base.errors import LoanError
from forbear.loans.cumulative.history import NOT_PAID, known_by, live
from forbear.loans.entries import Entry

FIRST, SECOND, LATER = date(2026, 1, 1), date(2026, 1, 9), date(2026, 2, 2)


def entries(*what: tuple[str, date], undo: dict[str, Any] | None = None) -> list[Entry]:
    made = [Entry(f"e{n}", kind, on, on, n, 100) for n, (kind, on) in enumerate(what)]
    if undo is not None:
        made.append(Entry("u", "undo", LATER, LATER, len(made), 0, undo))
    return made


PAID = (("disburse", FIRST), ("repayment", FIRST), ("charge", SECOND), ("repayment", SECOND),
        ("goodwill", SECOND))  # fmt: skip


@pytest.mark.parametrize(
    ("undo", "gone"),
    [
        ({"entry": "e2"}, "e2"),
        ({"what": "last_repayment"}, "e3"),
        ({"what": "nth_repayment_of_loan", "nth": 1}, "e1"),
        ({"what": "repayment", "nth": 1, "made_on": SECOND}, "e3"),
        ({"what": "repayment", "nth": 1, "made_on": "2026-01-01"}, "e1"),
        ({"what": "nth_transaction_on_date", "nth": 2, "made_on": SECOND}, "e4"),
        ({"what": "goodwill_credit"}, "e4"),
        ({"what": "charge"}, "e2"),
    ],
)
def test_an_undo_takes_out_the_entry_that_it_names(undo: dict[str, Any], gone: str) -> None:
    kept = [entry.id for entry in live(entries(*PAID, undo=undo))]
    assert kept == [f"e{n}" for n in range(5) if f"e{n}" != gone]


def test_every_repayment_ever_made_is_counted_by_its_number_in_the_loan() -> None:
    made = entries(*PAID, undo={"what": "nth_repayment_of_loan", "nth": 1})
    made.append(Entry("v", "undo", LATER, LATER, 9, 0, {"what": "nth_repayment_of_loan", "nth": 2}))
    assert [entry.id for entry in live(made)] == ["e0", "e2", "e4"]


def test_on_a_day_only_what_still_counts_is_counted() -> None:
    which = {"what": "repayment", "nth": 1, "made_on": FIRST}
    made = entries(("disburse", FIRST), ("repayment", FIRST), ("repayment", FIRST), undo=which)
    made.append(Entry("v", "undo", LATER, LATER, 9, 0, which))
    assert [entry.id for entry in live(made)] == ["e0"]


def test_an_undone_down_payment_leaves_the_disbursement() -> None:
    undo = {"what": "down_payment", "nth": 1, "made_on": FIRST}
    kept = live(entries(("disburse", FIRST), undo=undo))
    assert [(entry.id, entry.details[NOT_PAID]) for entry in kept] == [("e0", True)]


def test_an_undo_of_nothing_is_refused_with_the_mend() -> None:
    with pytest.raises(LoanError, match=r"undo u: there is no such entry.*details\.entry"):
        live(entries(*PAID, undo={"what": "charge_off"}))


def test_the_list_may_come_in_any_order() -> None:
    made = entries(*PAID, undo={"what": "last_repayment"})
    assert live(made[::-1]) == live(made)


def test_what_arrived_before_something_known_is_known() -> None:
    late = Entry("e1", "repayment", FIRST, LATER, 1, 100)
    made = [*entries(("disburse", FIRST)), late]
    assert [entry.id for entry in known_by(made, SECOND)] == ["e0"]
    made.append(Entry("e2", "cob", FIRST, FIRST, 2))
    assert [entry.id for entry in known_by(made, SECOND)] == ["e0", "e1", "e2"]
