"""``forbear loan show``: the state of one loan: its rows, what is owed, what came in and went."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from forbear.base.errors import LoanError
from forbear.base.money import text
from forbear.cli.loan_asking import today
from forbear.cli.loan_file import read_file
from forbear.cli.loan_journal import show_journal
from forbear.cli.loan_replay import shown_posting, shown_row, totals_of
from forbear.cli.loan_schedule_words import WORDS
from forbear.cli.loan_show_words import SHOW
from forbear.cli.loan_table import facts, table
from forbear.evidence.given import Language
from forbear.evidence.voice import Voice
from forbear.loans import said
from forbear.loans.ageing import Ageing
from forbear.loans.bounds import day
from forbear.loans.entries import Entry
from forbear.loans.lateness import Standing
from forbear.loans.ledger import fold
from forbear.loans.parts import NOTHING, Component, Parts
from forbear.loans.reading import LoanFile
from forbear.loans.relief.folding import find
from forbear.loans.state import Posting, Row, State

SCHEMA: Final = "forbear.loan/1"
_RUNS: Final = ("active", "charged_off")
_PARTS: Final = (
    (Component.PRINCIPAL, "head.principal"),
    (Component.INTEREST, "head.interest"),
    (Component.FEE, "head.fee"),
    (Component.PENALTY, "head.penalty"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A loan on one day; ``closing`` is what would close it then, where it runs."""

    id: str
    state: State
    ageing: Ageing
    closing: Parts | None

    @property
    def late(self) -> Standing:
        """How late it is."""
        return self.ageing.standing(self.state.as_of)

    @property
    def next(self) -> Row | None:
        """The next row that falls due, today included, with anything owed on it."""
        for row in self.state.rows:
            if row.due >= self.state.as_of and row.outstanding.total > 0:
                return row
        return None


def add_to(below: Any) -> None:
    """Add ``show``."""
    one = below.add_parser(
        "show",
        help="the state of one loan: rows, what is owed, what came in and where it went",
        description="The state of one loan on a day: its rows, what is owed and overdue, the days "
        "past due, and what came in and where it went. Entries of later days are left out.",
    )
    one.add_argument("loan", metavar="LOAN.json", help="one loan with its events; - is stdin")
    one.add_argument("--as-of", metavar="DATE", help="the day it is shown on (default: today)")
    one.add_argument("--lang", choices=("zh", "en"), help="by default zh for CNY, en otherwise")
    one.add_argument("--format", choices=("text", "csv", "json"), default="text", help="the form")
    one.add_argument(
        "--table", choices=("rows", "movements"), default="rows", help="which table is the CSV"
    )
    one.add_argument(
        "--journal", action="store_true",
        help="its books instead: each double entry, and what each account holds",
    )  # fmt: skip
    one.set_defaults(run=show)


def show(args: argparse.Namespace) -> int:
    """Print the state of one loan."""
    as_of = today() if args.as_of is None else day(args.as_of, "--as-of")
    shown = standing(read_file(args.loan), as_of)
    language: Language = args.lang or ("zh" if shown.state.currency == "CNY" else "en")
    if args.journal:
        show_journal(shown.id, shown.state, args.format, language)
    elif args.format == "json":
        print(json.dumps(as_json(shown), ensure_ascii=False))
    elif args.format == "csv":
        _csv(shown, args.table)
    else:
        sys.stdout.write("\n".join(page(shown, language)) + "\n")
    return 0


def standing(loan: LoanFile, as_of: date) -> Shown:
    """A loan on ``as_of``, by the entries up to that day, interest run up to it.

    Raises :class:`~forbear.base.errors.LoanError` where it had not begun by then.
    """
    entries = [entry for entry in loan.entries if entry.on <= as_of]
    if not any(entry.kind == "disburse" for entry in entries):
        raise LoanError(
            f"--as-of: nothing was paid out by {as_of}; name a later day, or ask forbear loan "
            "schedule for the plan"
        )
    found = find(loan.terms, entries, as_of)
    closing = found.closing if found.state.status in _RUNS else None
    return Shown(id=loan.id, state=found.state, ageing=_aged(loan, entries), closing=closing)


def _aged(loan: LoanFile, entries: Sequence[Entry]) -> Ageing:
    ageing = Ageing.of(loan.terms)
    for count, entry in enumerate(entries, 1):
        on = max(entry.on, entry.recorded_on)
        ageing = ageing.see(entry, fold(loan.terms, entries[:count], on))
    return ageing


def _paid(state: State) -> Parts:
    total = NOTHING
    for row in state.rows:
        total = total.plus(row.paid)
    return total


# ── for programs ──


def as_json(shown: Shown) -> dict[str, Any]:
    """A loan as values that ``json.dumps`` takes; amounts are text."""
    state, currency = shown.state, shown.state.currency
    following = shown.next
    return {
        "schema": SCHEMA,
        "id": shown.id,
        "as_of": state.as_of.isoformat(),
        "currency": currency,
        "status": state.status,
        "owed": _parts_json(state.outstanding, currency),
        "overdue": _parts_json(state.overdue, currency),
        "paid": _parts_json(_paid(state), currency),
        "overpaid": text(state.overpaid, currency),
        "payoff": None if shown.closing is None else _parts_json(shown.closing, currency),
        "next": None
        if following is None
        else {
            "due": following.due.isoformat(),
            "amount": text(following.outstanding.total, currency),
        },
        "delinquency": shown.ageing.on(state.as_of, state),
        "rows": [{**shown_row(row, currency), "state": _state(row, state)} for row in state.rows],
        "totals": totals_of(state),
        "movements": [_movement(each, currency) for each in state.postings],
    }


def _parts_json(parts: Parts, currency: str) -> dict[str, str]:
    named = {component.value: text(parts.of(component), currency) for component, _ in _PARTS}
    return {**named, "total": text(parts.total, currency)}


def _movement(posting: Posting, currency: str) -> dict[str, str]:
    return {
        "entry": posting.entry,
        **shown_posting(posting, currency),
        "over": text(posting.over, currency),
    }


def _csv(shown: Shown, which: str) -> None:
    rows = as_json(shown)[which]
    if not rows:
        return
    writer = csv.DictWriter(sys.stdout, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)


# ── for people ──


def _state(row: Row, state: State) -> str:
    """Paid, overdue, due today, or still to come."""
    if row.outstanding.total <= 0:
        return "settled"
    if row.due < state.as_of:
        return "overdue"
    return "due" if row.due == state.as_of else "to_come"


def page(shown: Shown, language: Language) -> list[str]:
    """The lines of a loan: what stands, its rows, what came in and where it went."""
    page_ = _Page(shown, Voice(language, space=" "))
    return [
        *facts(page_.facts()),
        "",
        *page_.rows(),
        "",
        page_.say("moves.title"),
        "",
        *page_.movements(),
    ]


class _Page:
    """One loan in one language."""

    def __init__(self, shown: Shown, voice: Voice) -> None:
        self._shown, self._state, self._voice = shown, shown.state, voice

    def say(self, key: str, **values: object) -> str:
        return self._voice.put(SHOW[key] if key in SHOW else WORDS[key], **values)

    def _money(self, minor: int) -> str:
        return self._voice.sentence(said.amount(minor, self._state.currency))

    def _cell(self, minor: int) -> str:
        return said.grouped(minor, self._state.currency)

    def _of(self, parts: Parts) -> str:
        """An amount with what it consists of."""
        named = [
            f"{self.say(key)} {self._cell(parts.of(component))}"
            for component, key in _PARTS
            if parts.of(component)
        ]
        if len(named) < 2:
            return self._money(parts.total)
        inner = self._voice.together(named)
        if self._voice.chinese:
            return f"{self._money(parts.total)}（{inner}）"
        return f"{self._money(parts.total)} ({inner.lower()})"

    def facts(self) -> list[tuple[str, str]]:
        """What a person asks first, first."""
        state, late, following = self._state, self._shown.late, self._shown.next
        told = [
            ("loan", self._shown.id or "-"),
            ("as_of", state.as_of.isoformat()),
            ("status", self._known(f"status.{state.status}")),
            ("owed", self._of(state.outstanding)),
            ("overdue", self._of(state.overdue)),
        ]
        if late.past_due_days:
            told.append(("late", self._late(late)))
        if following is not None:
            amount = self._money(following.outstanding.total)
            told.append(("next", f"{following.due.isoformat()}  {amount}"))
        if self._shown.closing is not None:
            told.append(("payoff", self._of(self._shown.closing)))
        told.append(("paid", self._of(_paid(state))))
        if state.overpaid:
            told.append(("overpaid", self._money(state.overpaid)))
        return [(self.say(f"fact.{name}"), what) for name, what in told]

    def _late(self, late: Standing) -> str:
        key = "late.of" if late.delinquent_days == late.past_due_days else "late.less"
        return self.say(key, n=late.past_due_days, counted=late.delinquent_days) + self._bucket(
            late
        )

    def _bucket(self, late: Standing) -> str:
        """The bucket of these days; the one that is kept moves only when a day is closed."""
        for bucket in self._shown.ageing.rules.buckets:
            if bucket.first <= late.delinquent_days <= (bucket.last or late.delinquent_days):
                open_ = bucket.last is None
                days = f"{bucket.first}+" if open_ else f"{bucket.first}–{bucket.last}"
                return self.say("late.bucket", days=days)
        return ""

    def _known(self, key: str) -> str:
        """The words for a word of the ledger; a new one is shown as it is."""
        return self.say(key) if key in SHOW else key.partition(".")[2].replace("_", " ")

    def rows(self) -> list[str]:
        """The rows of the plan, with what was paid for each."""
        names = ("number", "due", "total", "principal", "interest", "charges", "paid", "left")
        heads = [self.say(f"head.{name}") for name in (*names, "balance", "state")]
        shown = []
        for row in self._state.rows:
            charges = row.owed.fee + row.owed.penalty
            amounts = (
                row.owed.total, row.owed.principal, row.owed.interest, charges, row.paid.total,
                row.outstanding.total, row.balance,
            )  # fmt: skip
            number = self.say("down") if row.down_payment else str(row.number)
            cells = [self._cell(each) for each in amounts]
            state = self.say(f"row.{_state(row, self._state)}")
            shown.append([number, row.due.isoformat(), *cells, state])
        return table(heads, shown, [False, False, *[True] * 7, False])

    def movements(self) -> list[str]:
        """What came in and where it went."""
        names = ("on", "kind", "amount", "principal", "interest", "charges", "over", "balance")
        heads = [self.say(f"head.{name}") for name in names]
        shown = []
        for each in self._state.postings:
            charges = each.parts.fee + each.parts.penalty
            amounts = (
                each.amount, each.parts.principal, each.parts.interest, charges, each.over,
                each.balance,
            )  # fmt: skip
            name = self._known(f"kind.{each.kind}")
            shown.append([each.on.isoformat(), name, *(self._cell(amount) for amount in amounts)])
        return table(heads, shown, [False, False, *[True] * 6])
