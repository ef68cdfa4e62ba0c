"""``forbear loan reconcile``: a lender's ledger beside what the terms and the payments come to."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from forbear.base.errors import InputError, LoanError
from forbear.base.money import text
from forbear.cli.loan_asking import today
from forbear.cli.loan_file import read_file
from forbear.cli.loan_reconcile_reading import Wrong, read_bank, read_ledger
from forbear.cli.loan_table import facts, table
from forbear.evidence.voice import Voice
from forbear.loans import said
from forbear.loans.bounds import day
from forbear.loans.reconcile import DAYS, Difference, Reconciled, What, reconcile

SCHEMA: Final = "forbear.reconciliation/1"
_DAYS_MAX: Final = 31
WORDS: Final[dict[str, tuple[str, str]]] = {
    "loan": ("贷款", "Loan"),
    "as_of": ("核对到", "As of"),
    "alike": ("两边一致的还款", "Payments in both"),
    "against": ("对您不利的差异", "Differences against you"),
    "others": ("其他差异", "Other differences"),
    "last.balance": ("最后一行剩余本金：对方、应为", "Principal, last row: stated, right"),
    "last.overdue": ("逾期金额：对方、应为", "Overdue: stated, right"),
    "last.payoff": ("结清金额：对方、应为", "To close: stated, right"),
    "none": ("两边没有差异。", "The two ledgers do not differ."),
    "head.row": ("对方行", "Row"),
    "head.bank": ("流水行", "Bank"),
    "head.on": ("日期", "On"),
    "head.what": ("差异", "What differs"),
    "head.stated": ("对方", "Stated"),
    "head.right": ("应为", "Right"),
    "head.by": ("相差", "By"),
    What.PAYMENT_MISSING: ("少记还款", "payment missing"),
    What.PAYMENT_LATE: ("还款晚入账", "payment entered late"),
    What.PAYMENT_UNKNOWN: ("多记还款", "payment unknown"),
    What.ALLOCATED_OTHERWISE: ("冲抵顺序不同（本金）", "allocated otherwise (principal)"),
    What.PAID_OUT_LESS: ("放款不足", "less was paid out"),
    What.CHARGE_NOT_AGREED: ("未约定的收费", "charge not agreed"),
    What.CHARGE_ABOVE: ("收费高于约定", "charge above what was agreed"),
    What.INTEREST_ABOVE: ("利息高于约定", "interest above the terms"),
    What.BALANCE: ("剩余本金不符", "principal left"),
    What.OVERDUE: ("逾期金额不符", "overdue amount"),
    What.PAYOFF: ("结清金额不符", "amount to close"),
    "why": ("原因", "Why"),
    "wrong": ("读不了的行", "Rows that cannot be read"),
    "wrong.row": ("{file}第{row}行：{why}", "{file}, row {row}: {why}"),
    "waivers": (
        "对方账上的减免没有单独核对，只体现在余额里。",
        "Waivers in the lender's ledger are not checked by themselves; they show in the balances.",
    ),
}


def add_to(below: Any) -> None:
    """Add ``reconcile``."""
    one = below.add_parser(
        "reconcile",
        help="hold a lender's ledger against the terms and the payments of a loan",
        description="Recomputes a loan from its terms and events, with the payments that a bank's "
        "statement shows, and lists where the lender's ledger differs: payments that it lacks or "
        "entered late, allocations, charges and interest above the terms, balances. Each with its "
        "row and the reason.",
        epilog="Exit status: 0 nothing differs, 1 something differs or a row cannot be read, "
        "2 nothing was done.",
    )
    one.add_argument("loan", metavar="LOAN.json", help="the loan with its events; - is stdin")
    one.add_argument(
        "--against", metavar="LEDGER", required=True, type=Path,
        help="the lender's ledger of this loan: CSV, JSON or JSON lines",
    )  # fmt: skip
    one.add_argument(
        "--bank", metavar="STATEMENT", type=Path, help="a bank's statement of the borrower's"
    )
    one.add_argument(
        "--payee", metavar="TEXT", help="only rows of the statement whose payee or note holds this"
    )
    one.add_argument(
        "--days", metavar="N", type=_days, default=DAYS,
        help=f"how far apart one payment may stand in two books (default: {DAYS})",
    )  # fmt: skip
    one.add_argument("--as-of", metavar="DATE", help="the last day that is compared: today")
    one.add_argument("--lang", choices=("zh", "en"), help="by default zh for CNY, en otherwise")
    one.add_argument("--format", choices=("text", "csv", "json"), default="text", help="the form")
    one.set_defaults(run=run)


def _days(written: str) -> int:
    if not written.isascii() or not written.isdecimal() or int(written) > _DAYS_MAX:
        message = f"{written[:20]!r} is no number of days; write one from 0 to {_DAYS_MAX}"
        raise argparse.ArgumentTypeError(message)
    return int(written)


def run(args: argparse.Namespace) -> int:
    """Compare the two ledgers. 1 where something differs or cannot be read."""
    as_of = today() if args.as_of is None else day(args.as_of, "--as-of")
    if args.payee is not None and args.bank is None:
        raise InputError("--payee: it chooses rows of a bank's statement; name one with --bank")
    loan = read_file(args.loan)
    if not any(entry.kind == "disburse" and entry.on <= as_of for entry in loan.entries):
        raise LoanError(f"{args.loan}: nothing was paid out by {as_of}; write the disbursement")
    currency = loan.terms.currency
    book = read_ledger(args.against, currency)
    wrong = list(book.wrong)
    moved = []
    if args.bank is not None:
        bank = read_bank(args.bank, currency, args.payee)
        moved = bank.moved
        wrong += bank.wrong
    if not book.stated:
        first = f"; row {wrong[0].row}: {wrong[0].why}" if wrong else ""
        raise InputError(f"{args.against}: there is no row of a ledger that can be read{first}")
    found = reconcile(
        loan.terms, loan.entries, book.stated, moved, as_of=as_of, days=args.days
    )  # fmt: skip
    wrong += [Wrong(file=str(args.bank), row=row, why=why) for row, why in found.refused]
    if args.format == "json":
        print(json.dumps(as_json(found, loan.id, wrong), ensure_ascii=False))
    elif args.format == "csv":
        _csv(found, wrong)
    else:
        voice = Voice(args.lang or ("zh" if currency == "CNY" else "en"), space=" ")
        print("\n".join(page(found, loan.id, as_of, wrong, voice)))
    return 1 if found.differences or wrong else 0


# ── for programs ──


def as_json(found: Reconciled, ident: str, wrong: Sequence[Wrong]) -> dict[str, Any]:
    """The comparison as values that ``json.dumps`` takes; amounts are text."""
    currency = found.state.currency
    return {
        "schema": SCHEMA,
        "id": ident,
        "as_of": found.state.as_of.isoformat(),
        "currency": currency,
        "alike": found.alike,
        "last": {
            what.value: {"stated": text(stated, currency), "right": text(right, currency)}
            for what, (stated, right) in found.last.items()
        },
        "differences": [_difference(each, currency) for each in found.differences],
        "errors": [{"file": each.file, "row": each.row, "why": each.why} for each in wrong],
    }


def _difference(each: Difference, currency: str) -> dict[str, Any]:
    return {
        "what": each.what.value,
        "on": each.on.isoformat(),
        "row": each.row,
        "bank_row": each.bank_row,
        "entry": each.entry,
        "stated": text(each.stated, currency),
        "right": text(each.right, currency),
        "by": text(each.by, currency),
        "against_borrower": each.against,
        "says_zh": each.says.zh,
        "says_en": each.says.en,
    }


def _csv(found: Reconciled, wrong: Sequence[Wrong]) -> None:
    """Differences and error rows in one table; an error row has only what it can say."""
    keys = (
        "what", "on", "row", "bank_row", "entry", "stated", "right", "by", "against_borrower",
        "says_zh", "says_en", "file", "error",
    )  # fmt: skip
    writer = csv.DictWriter(sys.stdout, keys, restval="", lineterminator="\n")
    writer.writeheader()
    for each in found.differences:
        shown = _difference(each, found.state.currency)
        writer.writerow({**shown, "against_borrower": "yes" if each.against else "no"})
    for bad in wrong:
        writer.writerow({"what": "error", "row": bad.row, "file": bad.file, "error": bad.why})


# ── for people ──


def page(
    found: Reconciled, ident: str, as_of: date, wrong: Sequence[Wrong], voice: Voice
) -> list[str]:
    """The lines of a comparison: what stands, each difference, the reasons, what is unreadable."""

    def say(key: str, **values: object) -> str:
        return voice.put(WORDS[key], **values)

    currency = found.state.currency
    against = sum(each.against for each in found.differences)
    pairs = [
        (say("loan"), ident or "-"),
        (say("as_of"), as_of.isoformat()),
        (say("alike"), str(found.alike)),
        (say("against"), str(against)),
        (say("others"), str(len(found.differences) - against)),
    ]
    for what, amounts in found.last.items():
        shown = "  ".join(said.grouped(amount, currency) for amount in amounts)
        pairs.append((say(f"last.{what.value}"), shown))
    lines = [*facts(pairs), ""]
    if not found.differences:
        lines.append(say("none"))
    else:
        lines += [*_table(found, voice), "", f"{say('why')}{voice.colon().strip()}"]
        lines += [
            f"{number}. {voice.sentence(each.says)}"
            for number, each in enumerate(found.differences, start=1)
        ]
    lines += ["", say("waivers")]
    if wrong:
        lines += ["", f"{say('wrong')}{voice.colon().strip()}"]
        lines += [
            "- " + say("wrong.row", file=each.file, row=each.row, why=each.why) for each in wrong
        ]
    return lines


def _table(found: Reconciled, voice: Voice) -> list[str]:
    currency = found.state.currency
    heads = ("row", "bank", "on", "what", "stated", "right", "by")
    rows = [
        [
            str(number),
            "" if each.row is None else str(each.row),
            "" if each.bank_row is None else str(each.bank_row),
            each.on.isoformat(),
            voice.put(WORDS[each.what]),
            *(said.grouped(amount, currency) for amount in (each.stated, each.right, each.by)),
        ]
        for number, each in enumerate(found.differences, start=1)
    ]
    named = ["", *(voice.put(WORDS[f"head.{head}"]) for head in heads)]
    return table(named, rows, [True, True, True, False, False, True, True, True])
