"""Fixed plans against a peer's published expectations, where they are at hand: to the cent."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from forbear.base.money import parse
from forbear.loans.cumulative import fold, undone_postings
from forbear.loans.parts import Parts
from forbear.loans.reading import LoanFile, read_loan
from forbear.loans.state import Row, State

VECTORS = Path(__file__).parents[3] / "shared" / "vectors" / "fineract_loans.jsonl"
# Accruals are the lender's books of income, not what the borrower owes.
NOT_TOLD = ("accrual", "accrual_activity", "accrual_adjustment")


def loans() -> Iterator[dict[str, Any]]:
    if not VECTORS.is_file():
        pytest.skip(
            "the peer's expectations are not at hand: shared cases lie beside the repository"
        )
    for line in VECTORS.read_text(encoding="utf-8").splitlines():
        loan = json.loads(line)
        if loan["product"].get("engine") == "cumulative":
            yield loan


def points() -> Iterator[tuple[str, dict[str, Any], LoanFile, State]]:
    """Every checkpoint of every loan, with the state then."""
    for raw in loans():
        loan = read_loan({key: value for key, value in raw.items() if key != "expect"})
        for want in [*raw.get("checkpoints", []), raw["expect"]]:
            known = loan.entries[: want["after_event"]]
            days = [date.fromisoformat(want["as_of"]), *(entry.recorded_on for entry in known)]
            yield raw["topic"], want, loan, fold(loan.terms, known, max(days))


def minor(amount: str) -> int:
    return parse(amount, "USD")


def same_row(want: dict[str, Any], have: Row) -> bool:
    owed = Parts(*(minor(want[key]) for key in ("principal", "interest", "fees", "penalties")))
    amounts = {
        "balance": have.balance, "paid": have.paid.total + have.waived.total,
        "in_advance": have.in_advance, "late": have.late, "outstanding": have.outstanding.total,
    }  # fmt: skip
    paid_on = have.paid_on.isoformat() if have.paid_on else None
    return (
        (want["due"], want["paid_on"], owed) == (have.due.isoformat(), paid_on, have.owed)
        and all(minor(want[key]) == amount for key, amount in amounts.items())
    )  # fmt: skip


def same_plan(want: dict[str, Any], state: State) -> bool:
    told = want.get("schedule", [])
    if told and len(told) != len(state.rows):
        return False
    if not all(same_row(row, have) for row, have in zip(told, state.rows, strict=False)):
        return False
    owed = want.get("outstanding")
    return not isinstance(owed, str) or minor(owed) == state.outstanding.total


def test_every_checkpoint_of_every_topic_is_equal() -> None:
    right, total = defaultdict[str, int](int), defaultdict[str, int](int)
    for topic, want, _, state in points():
        if "schedule" in want or isinstance(want.get("outstanding"), str):
            total[topic] += 1
            right[topic] += same_plan(want, state)
    assert sum(total.values()) > 200
    assert {
        topic: right[topic] / total[topic] for topic in total if right[topic] < total[topic]
    } == {}


def test_the_movements_are_equal_the_undone_among_them() -> None:
    seen = 0
    for topic, want, loan, state in points():
        told = [t for t in want.get("transactions", []) if t["type"] not in NOT_TOLD]
        if not told or want.get("transactions_omit"):
            continue
        known = loan.entries[: want["after_event"]]
        place = {entry.id: entry.seq for entry in known}
        struck = undone_postings(loan.terms, known, state.as_of)
        have = sorted([*state.postings, *struck], key=lambda p: (p.on, place[p.entry]))
        assert [
            (t["on"], t["type"], minor(t["amount"]),
             Parts(*(minor(t[key]) for key in ("principal", "interest", "fees", "penalties"))),
             minor(t["balance"]))
            for t in told
        ] == [(p.on.isoformat(), p.kind, p.amount, p.parts, p.balance) for p in have], (
            topic, loan.id, want["after_event"],
        )  # fmt: skip
        seen += 1
    assert seen > 80
