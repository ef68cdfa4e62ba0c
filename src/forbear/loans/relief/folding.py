"""A loan with relief in it: the ledger up to the first relief, the agreed plan from there on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from forbear.loans import cumulative, progressive
from forbear.loans.cumulative.history import live
from forbear.loans.entries import Entry
from forbear.loans.parts import Parts
from forbear.loans.progressive.operations import standing
from forbear.loans.relief.agreed import Book
from forbear.loans.relief.carrying import carry_on, effective, first_relief, is_relief
from forbear.loans.relief.coding import PREFIX
from forbear.loans.relief.lines import Plan, plan_of
from forbear.loans.state import State
from forbear.loans.terms import Terms

_RUN: Final = "end of day"  # the id of the run that values a loan on a day; it moves nothing


@dataclass(frozen=True, slots=True)
class Found:
    """A loan on a day, interest run up to it: its state, what would close it, its plan."""

    state: State
    closing: Parts
    plan: Plan


def fold(terms: Terms, entries: Sequence[Entry], as_of: date) -> State:
    """What ``entries`` amount to on ``as_of``, relief among them or not."""
    known = _without_lost(terms, entries, as_of)
    book = _book(terms, known, as_of)
    return _engine_fold(terms, _plain(known), as_of) if book is None else book.state()


def payoff(terms: Terms, entries: Sequence[Entry], on: date) -> Parts:
    """What closes the loan on ``on``, relief among its entries or not."""
    known = _without_lost(terms, entries, on)
    book = _book(terms, known, on)
    return _engine_payoff(terms, _plain(known), on) if book is None else book.closing()


def find(terms: Terms, entries: Sequence[Entry], on: date) -> Found:
    """The loan on a day as relief finds it: contract interest and late charges run up to it."""
    known = _known(_without_lost(terms, entries, on), on)
    book = _book(terms, known, on)
    if book is not None:
        return Found(book.state(), book.closing(), book.now())
    return _run_to(terms, known, on)


def _run_to(terms: Terms, entries: Sequence[Entry], on: date) -> Found:
    seq = max((each.seq for each in entries), default=0) + 1
    run = [*entries, Entry(_RUN, "cob", on, on, seq)]
    state, closing = _engine_fold(terms, run, on), _engine_payoff(terms, run, on)
    return Found(state, closing, plan_of(terms, state, closing))


def _book(terms: Terms, entries: Sequence[Entry], as_of: date) -> Book | None:
    """The book of the agreed plan; None where there is no relief by then."""
    if not any(is_relief(each) for each in entries):
        return None
    ordered = sorted(
        _known(counted(terms, entries), as_of),
        key=lambda each: (each.on, each.recorded_on, each.seq),
    )
    at = first_relief(ordered)
    if at is None:
        return None
    # What became known later, and is dated back, was true on that day all the same.
    day = ordered[at].on
    then = [replace(each, recorded_on=min(each.recorded_on, day)) for each in ordered[:at]]
    before = _run_to(terms, then, day)
    return carry_on(terms, before.state, before.closing, ordered[at:], as_of)


def _known(entries: Sequence[Entry], on: date) -> list[Entry]:
    return [each for each in entries if max(each.on, each.recorded_on) <= on]


def _arrived(entries: Sequence[Entry], on: date) -> list[Entry]:
    """What is known on a day, a charge dated ahead among it that was entered before the rest."""
    last = max((each.seq for each in _known(entries, on)), default=0)
    return [
        each
        for each in entries
        if max(each.on, each.recorded_on) <= on
        or (each.kind == "charge" and each.recorded_on <= each.on and each.seq < last)
    ]


def _plain(entries: Sequence[Entry]) -> list[Entry]:
    """The entries of the ledger alone, where no relief is known yet on the day that is asked."""
    return [each for each in entries if not each.kind.startswith(PREFIX)]


def _without_lost(terms: Terms, entries: Sequence[Entry], as_of: date) -> Sequence[Entry]:
    """Relief that was undone or broken is left out, as if it had never been granted."""
    if not any(is_relief(each) for each in entries):
        return entries
    return effective(entries, counted(terms, entries), terms.currency, as_of)


def counted(terms: Terms, entries: Sequence[Entry]) -> list[Entry]:
    """The entries that were not taken back by an undo of the ledger; relief is left as it is."""
    return live(entries) if terms.engine == "cumulative" else standing(entries)


def _engine_fold(terms: Terms, entries: Sequence[Entry], as_of: date) -> State:
    if terms.engine == "cumulative":
        return cumulative.fold(terms, entries, as_of)
    return progressive.fold(terms, _arrived(entries, as_of), as_of)


def _engine_payoff(terms: Terms, entries: Sequence[Entry], on: date) -> Parts:
    if terms.engine == "cumulative":
        return cumulative.payoff(terms, entries, on)
    return progressive.payoff(terms, _arrived(entries, on), on)
