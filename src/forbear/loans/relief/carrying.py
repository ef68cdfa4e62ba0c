"""Relief within the fold of a loan: which entries stand, and how the loan goes on from the first.

The ledger replays a loan up to its first relief; :func:`carry_on` takes it from there. Relief
that was undone, and a settlement whose deadline was missed, are left out before anything is
replayed, so the old plan is not rebuilt but simply there: nothing can be off by a cent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, Final

from forbear.base.errors import LoanError
from forbear.loans.entries import Entry
from forbear.loans.parts import Component, Parts
from forbear.loans.relief.agreed import Book
from forbear.loans.relief.coding import PREFIX, measure_of
from forbear.loans.relief.measures import Measure, Settlement, Waiver
from forbear.loans.relief.settlement import Course, Stage
from forbear.loans.state import State
from forbear.loans.terms import Terms

UNDO: Final = "relief_undo"
# The one measure that moves no row: it is granted as the entry that the ageing of loans reads.
PAUSE: Final = "delinquency_pause"
# What is allocated like a payment, and what its posting is called.
PAYMENTS: Final = {
    "repayment": "repayment",
    "prepay": "repayment",
    "goodwill": "goodwill_credit",
    "merchant_refund": "merchant_issued_refund",
    "payout_refund": "payout_refund",
}
_MOVES_NOTHING: Final = frozenset(
    {"accrue", "charge_off", "classify", "cob", "delinquency_resume", PAUSE}
)


def is_relief(entry: Entry) -> bool:
    """Whether an entry is one of a granted step of relief, its undo included."""
    return entry.kind.startswith(PREFIX) or "grant" in entry.details


def grant_of(entry: Entry) -> str:
    """The id of the step that an entry of relief belongs to."""
    return str(entry.details.get("grant", entry.id))


def measure_in(entry: Entry, currency: str) -> Measure:
    """The measure that an entry of relief holds. Raises :class:`LoanError` where it holds none."""
    details = {name: value for name, value in entry.details.items() if name != "grant"}
    word = entry.kind.removeprefix(PREFIX)
    return measure_of(word, details, currency, f"entry {entry.id}")


def effective(
    entries: Sequence[Entry], counted: Sequence[Entry], currency: str, as_of: date
) -> list[Entry]:
    """``entries`` without relief that was undone by ``as_of``, and without broken settlements.

    ``counted`` are those entries that were not undone: payments of them meet a settlement.
    Payments are kept whatever becomes of the relief. Raises :class:`LoanError` for an undo of a
    step that there is not.
    """
    steps = {grant_of(each) for each in entries if is_relief(each) and each.kind != UNDO}
    gone = set()
    for each in entries:
        if each.kind == UNDO and each.on <= as_of:
            if grant_of(each) not in steps:
                raise LoanError(
                    f"entry {each.id}.grant: there is no step «{grant_of(each)}» to undo; "
                    f"known are {', '.join(sorted(steps)) or 'none'}"
                )
            gone.add(grant_of(each))
    gone |= {
        grant_of(each)
        for each in entries
        if each.kind == "relief_settlement"
        and settlement_course(each, counted, currency).stage(as_of) is Stage.BROKEN
    }
    return [each for each in entries if not (is_relief(each) and _left_out(each, gone))]


def _left_out(entry: Entry, gone: Iterable[str]) -> bool:
    return grant_of(entry) in gone or entry.kind == UNDO


def settlement_course(entry: Entry, entries: Iterable[Entry], currency: str) -> Course:
    """How far the settlement in ``entry`` has come, by the payments that arrived after it."""
    agreed = measure_in(entry, currency)
    assert isinstance(agreed, Settlement), "only a settlement has such a course"
    return Course(
        amount=agreed.amount,
        deadline=agreed.deadline,
        offered_on=entry.on,
        open_until=entry.on,
        accepted_on=entry.on,
        paid=tuple(
            (each.on, each.amount)
            for each in entries
            if each.kind in PAYMENTS and (each.on, each.seq) > (entry.on, entry.seq)
        ),
    )


def first_relief(entries: Sequence[Entry]) -> int | None:
    """Where in ``entries``, which are in value-date order, the first relief stands."""
    for at, each in enumerate(entries):
        if is_relief(each) and each.kind not in (UNDO, PAUSE):
            return at
    return None


def carry_on(
    terms: Terms, state: State, closing: Parts, entries: Sequence[Entry], as_of: date
) -> Book:
    """The book of a loan on ``as_of``, from its ``state`` just before the first relief on.

    ``closing`` is what would have closed the loan then; ``entries`` are those from the first
    relief on in value-date order, undone ones left out. Raises :class:`LoanError` for an entry
    that an agreed plan cannot take.
    """
    book = Book(terms, state, closing)
    for entry in entries:
        if entry.on <= as_of:
            book.advance(entry.on)
            _enter(book, entry)
    book.advance(as_of)
    book.end_of_day()
    return book


def _enter(book: Book, entry: Entry) -> None:
    if entry.kind in _ENTER:
        _ENTER[entry.kind](book, entry)
    elif entry.kind in PAYMENTS:
        book.pay(entry.id, PAYMENTS[entry.kind], entry.amount or book.closing().total)
    elif entry.kind.startswith(PREFIX):
        book.relieve(entry.id, measure_in(entry, book.terms.currency))
    elif entry.kind not in _MOVES_NOTHING:
        raise LoanError(
            f"entry {entry.id}: an agreed plan cannot take «{entry.kind}»; undo the relief first, "
            "enter it, and ask for relief anew"
        )


def _charge(book: Book, entry: Entry) -> None:
    component = Component(str(entry.details.get("charge", Component.FEE)))
    book.charge(component, entry.amount, _day(entry.details.get("due", entry.on)))


def _waiver(book: Book, entry: Entry) -> None:
    amounts = {Component(name): int(amount) for name, amount in entry.details.items()}
    book.relieve(entry.id, Waiver(amounts=amounts))


def _day(given: Any) -> date:
    return given if isinstance(given, date) else date.fromisoformat(given)


_ENTER: Final[dict[str, Callable[[Book, Entry], None]]] = {
    "charge": _charge,
    "waiver": _waiver,
    "writeoff": lambda book, entry: book.write_off(entry.id),
    "credit_balance_refund": lambda book, entry: book.refund(entry.id, entry.amount),
}
