"""The books of one loan, as ``forbear loan show --journal`` prints them."""

from __future__ import annotations

import json
import sys
from typing import Any, Final

from forbear.cli.loan_show_words import SHOW
from forbear.cli.loan_table import table
from forbear.evidence.given import Language
from forbear.evidence.voice import Voice
from forbear.loans import said
from forbear.loans.journal import (
    CHART,
    OF_ITSELF,
    Booking,
    as_csv,
    as_json,
    journal,
    trial_balance,
)
from forbear.loans.state import State

SCHEMA: Final = "forbear.journal/1"
_WORDS: Final = {
    "number": ("号", "No."),
    "on": ("日期", "Date"),
    "kind": ("事项", "What"),
    "account": ("科目", "Account"),
    "debit": ("借方", "Debit"),
    "credit": ("贷方", "Credit"),
    "held": ("各科目余额", "What each account holds"),
    "sum": ("合计", "Sum"),
}
_RIGHT: Final = [False, False, False, False, True, True]


def show_journal(loan: str, state: State, shape: str, language: Language) -> None:
    """Print the journal and the trial balance of a loan as text, CSV or JSON.

    Raises :class:`~forbear.base.errors.LoanError` for a movement that has no account.
    """
    books = journal(state)
    if shape == "json":
        told = {"schema": SCHEMA, "id": loan, "as_of": state.as_of.isoformat()}
        print(json.dumps({**told, **as_json(books, state.currency)}, ensure_ascii=False))
    elif shape == "csv":
        sys.stdout.write(as_csv(books, state.currency))
    else:
        voice = Voice(language, space=" ")
        sys.stdout.write(
            "\n".join([*_entries(books, state, voice), "", *_held(books, state, voice)])
        )
        sys.stdout.write("\n")


def _entries(books: tuple[Booking, ...], state: State, voice: Voice) -> list[str]:
    heads = [voice.put(_WORDS[name]) for name in ("number", "on", "kind", "account")]
    rows = []
    for booking in books:
        first: list[Any] = [str(booking.number), booking.on.isoformat(), _kind(booking, voice)]
        for line in booking.lines:
            rows.append([*first, _account(line.account, voice), *_sides(line, state)])
            first = ["", "", ""]
    return table([*heads, *_side_heads(voice)], rows, _RIGHT)


def _held(books: tuple[Booking, ...], state: State, voice: Voice) -> list[str]:
    held = trial_balance(books)
    rows = [[_account(each.account, voice), *_sides(each, state)] for each in held]
    sums = [sum(each.debit for each in held), sum(each.credit for each in held)]
    rows.append([voice.put(_WORDS["sum"]), *(said.grouped(each, state.currency) for each in sums)])
    return table([voice.put(_WORDS["held"]), *_side_heads(voice)], rows, _RIGHT[3:])


def _side_heads(voice: Voice) -> list[str]:
    return [voice.put(_WORDS["debit"]), voice.put(_WORDS["credit"])]


def _sides(line: Any, state: State) -> list[str]:
    """An amount on its side; the other side stays empty."""
    return [
        said.grouped(side, state.currency) if side else "" for side in (line.debit, line.credit)
    ]


def _account(name: str, voice: Voice) -> str:
    account = CHART[name]
    return account.zh if voice.chinese else account.en


def _kind(booking: Booking, voice: Voice) -> str:
    if booking.kind in OF_ITSELF:
        en, zh = OF_ITSELF[booking.kind]
        return zh if voice.chinese else en.lower()
    return voice.put(SHOW[f"kind.{booking.kind}"])
