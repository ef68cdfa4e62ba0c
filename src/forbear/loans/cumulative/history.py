"""Which entries of a loan still count: an undo takes out the one that it names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from forbear.base.errors import LoanError
from forbear.loans.entries import Entry

# What counts as a repayment of the loan, and what moves money or a claim at all.
PAYMENTS: Final = (
    "repayment", "prepay", "down_payment", "merchant_refund", "payout_refund", "goodwill",
    "charge_adjustment", "waive_interest",
)  # fmt: skip
MOVES: Final = (
    *PAYMENTS, "disburse", "charge_off", "writeoff", "chargeback", "credit_balance_refund",
)  # fmt: skip
# Set among the details of a disbursement whose own down payment was undone.
NOT_PAID: Final = "down_payment_undone"
_NAMES: Final = {
    "disbursement": "disburse",
    "down_payment": "disburse",
    "merchant_issued_refund": "merchant_refund",
    "goodwill_credit": "goodwill",
    "interest_payment_waiver": "waive_interest",
}


def in_order_of_arrival(entries: Iterable[Entry]) -> list[Entry]:
    """The entries as they arrived."""
    return sorted(entries, key=lambda e: e.seq)


def known_by(entries: Iterable[Entry], day: date) -> list[Entry]:
    """The entries recorded by ``day``, as they arrived; with one all that arrived before it."""
    arrived = in_order_of_arrival(entries)
    while arrived and arrived[-1].recorded_on > day:
        arrived.pop()
    return arrived


def live(entries: Sequence[Entry]) -> list[Entry]:
    """The entries that still count, as they were recorded, without the undone and the undos."""
    gone: set[str] = set()
    so_far: list[Entry] = []
    for entry in in_order_of_arrival(entries):
        if entry.kind != "undo":
            so_far.append(entry)
            continue
        found = undone_by(entry, so_far, gone)
        if entry.details.get("what") == "down_payment" and found.kind == "disburse":
            at = so_far.index(found)
            so_far[at] = replace(found, details={**found.details, NOT_PAID: True})
        else:
            gone.add(found.id)
    return [entry for entry in so_far if entry.id not in gone]


def undone_by(undo: Entry, before: Sequence[Entry], gone: Iterable[str] = ()) -> Entry:
    """The entry that ``undo`` takes out; ``gone`` are those undone earlier.

    ``details`` names it by ``entry`` (its id), or by ``what`` with ``nth`` and ``made_on``:
    ``nth_repayment_of_loan`` counts every repayment ever made, the others those that still count.
    Raises :class:`LoanError` where there is no such entry.
    """
    told, out = undo.details, set(gone)
    named = told.get("entry")
    if named is not None:
        found = [e for e in before if e.id == named]
        return _nth(found, 1, undo)
    what, nth, made_on = str(told.get("what")), int(told.get("nth") or 1), told.get("made_on")
    if what == "nth_repayment_of_loan":
        return _nth([e for e in before if e.kind == "repayment"], nth, undo)
    counted = [e for e in before if e.id not in out]
    if made_on is not None:
        counted = [e for e in counted if str(e.on) == str(made_on)]
    if what == "nth_transaction_on_date":
        return _nth([e for e in counted if e.kind in MOVES], nth, undo)
    if what == "last_repayment":
        return _nth([e for e in counted if e.kind == "repayment"][-1:], 1, undo)
    found = [e for e in counted if e.kind == _NAMES.get(what, what)]
    return _nth(found, nth if "nth" in told else len(found), undo)


def _nth(found: Sequence[Entry], nth: int, undo: Entry) -> Entry:
    if not 1 <= nth <= len(found):
        raise LoanError(
            f"undo {undo.id}: there is no such entry to undo ({dict(undo.details)}); "
            "name it by its id, details.entry"
        )
    return found[nth - 1]
