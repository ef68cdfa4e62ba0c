"""The state of a loan with a fixed plan: every entry replayed, nothing kept in between."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from forbear.base.errors import LoanError
from forbear.loans.cumulative.course import charges_of, course_of, tranches_of
from forbear.loans.cumulative.history import known_by, live
from forbear.loans.cumulative.plan import Asked, Tranche, planned
from forbear.loans.cumulative.replay import Replayed, replayed
from forbear.loans.cumulative.standing import rows_of
from forbear.loans.entries import Entry
from forbear.loans.parts import Parts
from forbear.loans.state import Posting, State
from forbear.loans.terms import Recalculation, Terms

# Relief that a fixed plan does not know, and the words of recalculation that it does know.
_NOT_HERE: Final = ("reage", "reamortize", "interest_pause", "contract_termination")
_KNOWN: Final = {
    "rest": ("daily", "same_as_repayment"),
    "compounding": ("none", "interest"),
    "advance_payment": (
        "reduce_installment", "reduce_number_of_installments", "reschedule_next_repayments",
        "adjust_last_unpaid_period",
    ),
    "preclose": ("till_preclose_date", "till_rest_frequency_date"),
}  # fmt: skip


def fold(terms: Terms, entries: Sequence[Entry], as_of: date) -> State:
    """The loan as it stands on ``as_of``: the entries recorded by then, replayed by value date.

    Before the first disbursement the state shows the plan as proposed. Raises
    :class:`~forbear.base.errors.LoanError` where a fixed plan cannot do what is asked of it, or an
    undo names nothing.
    """
    _check(terms, entries)
    course = course_of(terms, entries, as_of)
    counted = live(course.entries)
    tranches = tranches_of(counted)
    if not tranches:
        return _proposed(terms, as_of)
    done = replayed(terms, course.plan, charges_of(counted), counted)
    disbursed = [(tranche.on, tranche.amount) for tranche in tranches]
    ordered = sorted(done.rows, key=lambda row: row.due)
    return State(
        as_of, terms.currency, tuple(rows_of(ordered, disbursed)), tuple(done.postings),
        done.over, _status(done),
    )  # fmt: skip


def payoff(terms: Terms, entries: Sequence[Entry], on: date) -> Parts:
    """What closes the loan on that day, component by component.

    A fixed plan is closed by all that it still asks for; with recalculation, interest runs to the
    day and no further.
    """
    _check(terms, entries)
    return course_of(terms, entries, on).payoff(on)


def undone_postings(terms: Terms, entries: Sequence[Entry], as_of: date) -> tuple[Posting, ...]:
    """What the undone entries were posted as, the moment before each was undone.

    They count for nothing any more and are in no state; a statement shows them struck out.
    """
    known = known_by(entries, as_of)
    counted = {entry.id for entry in live(known)}
    struck: list[Posting] = []
    for undo in (entry for entry in known if entry.kind == "undo"):
        before = [entry for entry in known if entry.seq < undo.seq]
        after = {entry.id for entry in live([*before, undo])}
        day = max(entry.recorded_on for entry in [*before, undo])
        struck += [
            posting
            for posting in fold(terms, before, day).postings
            if posting.entry not in after and posting.entry not in counted
        ]
    return tuple(struck)


def _proposed(terms: Terms, as_of: date) -> State:
    """The plan as it would be if the money went out as agreed."""
    amount = terms.options.get("applied_principal")
    amount = amount if isinstance(amount, int) else terms.principal
    plan = planned(Asked(terms, [Tranche(terms.starts_on, amount)]))
    rows = rows_of(plan, [(terms.starts_on, amount)])
    return State(as_of, terms.currency, tuple(rows), (), status="proposed")


def _check(terms: Terms, entries: Sequence[Entry]) -> None:
    if terms.recalculation is not None:
        _check_recalculation(terms, terms.recalculation)
    for entry in entries:
        if entry.kind in _NOT_HERE:
            raise LoanError(
                f"{entry.id}: a fixed plan (engine cumulative) knows no {entry.kind}; use the "
                "progressive engine, or reschedule"
            )


def _check_recalculation(terms: Terms, how: Recalculation) -> None:
    for name, words in _KNOWN.items():
        word = getattr(how, name)
        if word not in words:
            raise LoanError(
                f"interest_recalculation.{name}: «{word}» is not known to a fixed plan; "
                f"known are {', '.join(words)}"
            )
    if terms.amortization in ("interest_first", "bullet"):
        raise LoanError(
            f"amortization: {terms.amortization} with interest_recalculation is not known to a "
            "fixed plan; use the progressive engine, or leave the recalculation out"
        )
    if terms.interest_period == "same_as_repayment" and not terms.partial_period_interest:
        raise LoanError(
            "partial_period_interest: false with interest_recalculation would charge every part of "
            "a period as a whole one; make it true, or interest_period daily"
        )


def _status(done: Replayed) -> str:
    if done.status == "written_off":
        return done.status
    if done.over > 0:
        return "overpaid"
    if not any(row.outstanding for row in done.rows):
        return "closed"
    return done.status
