"""Entries in the order in which they have effect: by value date, then by when they were known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from forbear.base.errors import LoanError
from forbear.loans.entries import Entry

# A word of an undo for the kind of entry that it takes back.
_UNDONE = {
    "repayment": ("repayment", "prepay"),
    "merchant_issued_refund": ("merchant_refund",),
    "payout_refund": ("payout_refund",),
    "goodwill_credit": ("goodwill",),
    "charge_off": ("charge_off",),
    "contract_termination": ("contract_termination",),
    "reage": ("reage",),
    "reamortize": ("reamortize",),
    "disbursement": ("disburse",),
    "interest_pause": ("interest_pause",),
}
PAYMENTS = (
    "repayment", "prepay", "merchant_refund", "payout_refund", "goodwill", "waive_interest",
    "charge_adjustment", "down_payment",
)  # fmt: skip
_TRANSACTIONS = (
    *PAYMENTS, "disburse", "chargeback", "credit_balance_refund", "charge_off", "writeoff",
    "reage", "reamortize", "contract_termination",
)  # fmt: skip


_CHANGES = ("interest_pause",)
_ENDS = ("charge_off", "contract_termination")
_RUNS = ("cob", "classify", "accrue")  # value the loan and move nothing


@dataclass(frozen=True, slots=True)
class Operation:
    """An entry at the day from which it has effect."""

    at: date
    entry: Entry


def standing(entries: Sequence[Entry], *, down_payments: bool = False) -> list[Entry]:
    """The entries that were not taken back, in the order of arrival.

    With ``down_payments`` each disbursement brings its own down payment, which can be taken back
    alone: the disbursement then stands with ``down_payment_undone`` among its details.
    """
    kept: list[Entry] = []
    made: list[Entry] = []  # with those taken back
    for entry in sorted(entries, key=lambda e: e.seq):
        if entry.kind != "undo":
            kept.append(entry)
            made.append(entry)
            continue
        victim = undone(entry, _with_down_payments(kept) if down_payments else kept, made)
        if victim is None or (victim.kind != "down_payment" and victim not in kept):
            raise LoanError(
                f"events[{entry.seq}]: there is nothing left to undo by these words; name the "
                "entry by its id"
            )
        if victim.kind == "down_payment":
            index = next(i for i, e in enumerate(kept) if e.id == victim.details["of"])
            details = {**kept[index].details, "down_payment_undone": True}
            kept[index] = replace(kept[index], details=details)
        else:
            kept.remove(victim)
    return kept


def _with_down_payments(kept: Sequence[Entry]) -> list[Entry]:
    found: list[Entry] = []
    for entry in kept:
        found.append(entry)
        if entry.kind == "disburse" and not entry.details.get("down_payment_undone"):
            found.append(replace(entry, kind="down_payment", details={"of": entry.id}))
    return found


def undone(undo: Entry, kept: Sequence[Entry], made: Sequence[Entry]) -> Entry | None:
    """The entry that ``undo`` takes back; None where there is none left.

    The nth payment of a day is counted with those that were taken back before, as they stand on
    a statement.
    """
    if (target := undo.details.get("entry")) is not None:
        return next((entry for entry in kept if entry.id == target), None)
    what = str(undo.details.get("what", ""))
    nth = int(undo.details.get("nth") or 1)
    made_on = undo.details.get("made_on")
    if what == "last_repayment":
        found = [entry for entry in kept if entry.kind in PAYMENTS[:-1]]
        return found[-1] if found else None
    if what == "nth_repayment_of_loan":
        found = [entry for entry in kept if entry.kind in ("repayment", "prepay")]
    elif what == "nth_transaction_on_date":
        found = [e for e in kept if e.kind in _TRANSACTIONS and e.on == made_on]
    else:
        kinds = _UNDONE.get(what, (what,))
        if made_on is None:
            last = [entry for entry in kept if entry.kind in kinds]
            return last[-1] if last else None
        among = kept if what == "down_payment" else made
        found = [entry for entry in among if entry.kind in kinds and entry.on == made_on]
    return found[nth - 1] if len(found) >= nth else None


def _known_by(entry: Entry, end: Entry) -> bool:
    return (entry.recorded_on, entry.seq) < (end.recorded_on, end.seq)


def operations(
    kept: Sequence[Entry], *, recalculates: bool, bears_interest: bool
) -> list[Operation]:
    """The entries with an effect of their own, sorted by the day of it.

    A charge takes effect when it falls due; where interest is not recalculated, from when it was
    made, so that a payment between the two already finds it.
    """
    charges = {entry.id: entry for entry in kept if entry.kind == "charge"}
    ends = [entry for entry in kept if entry.kind in _ENDS]
    found: list[Operation] = []
    for entry in kept:
        if entry.kind in _RUNS or entry.kind.startswith("delinquency"):
            continue
        if entry.kind == "reschedule" and not bears_interest and _only_adds_terms(entry):
            continue  # without interest the plan has had these rows from the start
        at = _effect(entry, recalculates=recalculates)
        if entry.kind == "charge":
            # What was charged before the loan ended belongs to what it then amounts to.
            at = min(
                [at, *(end.on for end in ends if _known_by(entry, end) and entry.on <= end.on)]
            )
        elif entry.kind == "waive_charge":
            charge = charges.get(str(entry.details.get("charge_entry", "")))
            if charge is not None:
                at = max(at, _effect(charge, recalculates=recalculates))
        found.append(Operation(at, entry))
    found = _waived_at_once(found)
    # A change of terms holds from the start of its day, a movement within it.
    found.sort(
        key=lambda op: (
            op.at, op.entry.kind not in _CHANGES, op.entry.recorded_on, op.entry.seq,
        )
    )  # fmt: skip
    return found


def _waived_at_once(found: Sequence[Operation]) -> list[Operation]:
    """A charge that is waived by the time it has effect is marked, so that it takes no money."""
    waived = {
        (str(op.entry.details.get("charge_entry")), op.at)
        for op in found
        if op.entry.kind == "waive_charge"
    }
    return [
        replace(op, entry=replace(op.entry, details={**op.entry.details, "waived": True}))
        if (op.entry.id, op.at) in waived and op.entry.kind == "charge"
        else op
        for op in found
    ]


def _effect(entry: Entry, *, recalculates: bool) -> date:
    """The day from which an entry has effect, a waiver apart from its charge."""
    day: date = entry.on
    if entry.kind == "charge":
        due: date = entry.details["due"]
        return due if recalculates else min(due, max(entry.on, entry.recorded_on))
    if entry.kind == "reage":
        start: date = entry.details["start"]
        return min(day, start)  # dated back with the rows that it makes
    if entry.kind == "interest_pause":
        day = entry.details["start"]
    elif entry.kind == "reschedule":
        day = entry.details["from"]
    return day


def _only_adds_terms(entry: Entry) -> bool:
    return set(entry.details) == {"from", "extra_terms"}
