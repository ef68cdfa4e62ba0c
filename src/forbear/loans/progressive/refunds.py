"""Interest given back with a refund: what would never have been borne without the purchase."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from forbear.loans.entries import Entry
from forbear.loans.instalment import INTEREST
from forbear.loans.progressive.loan import Loan
from forbear.loans.terms import Terms

_WORDS = {"merchant_refund": "merchant_issued_refund", "payout_refund": "payout_refund"}


def owed(loan: Loan, entry: Entry) -> bool:
    """Whether the interest on a refund is given back: by the product, or as the entry says."""
    word = _WORDS.get(entry.kind)
    if word is None or not loan.uses_model:
        return False
    said = entry.details.get("interest_refund")
    if said is not None:
        return bool(said)
    kinds = loan.terms.options.get("interest_refund_on")
    return isinstance(kinds, Sequence) and word in kinds


def interest_saved(
    loan: Loan,
    entry: Entry,
    before: int,
    apply: Callable[[Loan, Entry], None],
    begin: Callable[[Terms, Sequence[Entry]], Loan],
) -> int:
    """The interest of the loan so far, less what it would be had the refund come at once.

    ``before`` is the interest due before the refund came in. The loan is played again with each
    refund paid in on the day of the disbursement; interest given back with earlier refunds counts
    once.
    """
    if loan.charged_off:
        return _until_charge_off(loan)
    on = entry.on
    refunded = sum(e.amount for e in loan.history if e.kind in _WORDS)
    played: list[Entry] = []
    for past in loan.history:
        if past.kind in _WORDS:
            continue
        played.append(past)
        if past.kind == "disburse" and refunded > 0:
            part = min(past.amount, refunded)
            refunded -= part
            played.append(
                replace(past, id=f"{past.id}:refunded", kind="repayment", amount=part, details={})
            )
    if not any(past.kind == "disburse" for past in played):
        return 0
    other = begin(loan.terms, played)
    for past in played:
        apply(other, past)
    other.prepaying = False
    other.revalue(on)
    return before - loan.refunded_interest - other.model.interest_on(on)


def _until_charge_off(loan: Loan) -> int:
    regular = loan.terms.options.get("charge_off_behaviour") in (None, "regular")
    if regular:
        return sum(row.owed[INTEREST] for row in loan.rows)
    on = next(e.on for e in loan.history if e.kind == "charge_off")
    total = 0
    for row in loan.rows:
        if row.additional or row.down_payment:
            continue
        if row.due <= on:
            total += row.owed[INTEREST] - row.credited[INTEREST]
        elif row.start <= on:
            total += loan.model.interest_until(row.start, row.due, on, credited=True)
    return total
