"""``forbear loan relief``: what a measure would do, before anybody signs; the step, its undo."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final

from forbear.base.errors import InputError
from forbear.cli.loan_relief_asking import Asked, add_options, asked
from forbear.cli.loan_relief_page import (
    SCHEMA,
    Page,
    entry_json,
    parts_json,
    preview_json,
    refusal_json,
    row_json,
    rows_csv,
)
from forbear.cli.loan_relief_words import WORDS
from forbear.evidence.given import Language
from forbear.evidence.voice import Voice
from forbear.loans import said
from forbear.loans.entries import Entry
from forbear.loans.ledger import fold
from forbear.loans.relief.answers import Grant, Preview, Refusal
from forbear.loans.relief.measures import WORD
from forbear.loans.relief.previewing import grant, preview, undo
from forbear.loans.relief.steps import steps, told

_REFUSED: Final = 1


def add_to(below: Any) -> None:
    """Add ``relief``."""
    one = below.add_parser(
        "relief",
        help="preview relief for a loan, grant it in one step, or take it back",
        description="What re-ageing, pauses, waivers, a settlement or a plan would do to a loan: "
        "the new schedule, what it costs against standing still, what is forgiven and what is "
        "postponed. Several measures are one step. It never costs more than standing still.",
        epilog="Exit status: 0 previewed or granted, 1 refused with the reasons, 2 nothing was "
        "done.",
    )
    add_options(one)
    one.add_argument("--lang", choices=("zh", "en"), help="by default zh for CNY, en otherwise")
    one.add_argument("--format", choices=("text", "csv", "json"), default="text", help="the form")
    one.add_argument("--svg", metavar="OUT", help="also write a chart of the new plan")
    one.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Preview, grant or undo. 1 where the request is refused."""
    given = asked(args)
    currency = given.loan.terms.currency
    language: Language = args.lang or ("zh" if currency == "CNY" else "en")
    if args.steps:
        return _steps(args.format, given, Page(currency, language))
    if given.request is None:
        return _undo(args, given, language)
    loan, step = given.loan, args.grant
    found: Grant | Preview | Refusal
    if step is None:
        found = preview(loan.terms, loan.entries, given.on, given.request, given.surplus)
    else:
        found = grant(
            loan.terms, loan.entries, given.on, given.request, step=step, surplus=given.surplus
        )
    if isinstance(found, Refusal):
        return _refuse(args.format, Page(currency, language), found)
    shown = found.preview if isinstance(found, Grant) else found
    entries = found.entries if isinstance(found, Grant) else ()
    page = Page(currency, language)
    if args.svg is not None:
        _write(Path(args.svg), page.chart(shown), "--svg")
    if args.out is not None:
        _write_loan(args.out, given, entries)
    if args.format == "json":
        _print_json(given, entries, **preview_json(shown, language))
    elif args.format == "csv":
        sys.stdout.write(rows_csv(shown.after.rows, currency))
    else:
        _print([*page.preview(shown, step), *_closing(args, entries, Voice(language, space=" "))])
    return 0


def _undo(args: argparse.Namespace, given: Asked, language: Language) -> int:
    loan = given.loan
    entry = undo(loan.entries, args.undo, given.on, entry=f"{args.undo}/undo")
    state = fold(loan.terms, [*loan.entries, entry], given.on)
    rows = [row for row in state.rows if row.outstanding.total > 0]
    if args.out is not None:
        _write_loan(args.out, given, [entry])
    if args.format == "json":
        told = {
            "as_of": given.on.isoformat(),
            "undone": args.undo,
            "rows": [row_json(row, state.currency) for row in rows],
            "to_pay": parts_json(state.outstanding, state.currency),
        }
        _print_json(given, [entry], **told)
    elif args.format == "csv":
        sys.stdout.write(rows_csv(rows, state.currency))
    else:
        voice = Voice(language, space=" ")
        day = voice.sentence(said.day(given.on))
        title = voice.put(WORDS["undone"], step=args.undo, day=day)
        table = Page(state.currency, language).schedule(rows)
        _print([title, "", *table, "", *_closing(args, [entry], voice)])
    return 0


def _steps(form: str, given: Asked, page: Page) -> int:
    loan = given.loan
    currency = loan.terms.currency
    found = steps(loan.terms, loan.entries, given.on)
    if form == "json":
        _print_json(given, (), steps=[told(each, currency) for each in found])
    elif form == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(("step", "on", "standing", "kinds"))
        for each in found:
            kinds = " ".join(WORD[type(measure)] for measure in each.measures)
            writer.writerow((each.id, each.on.isoformat(), each.standing, kinds))
    else:
        _print(page.steps(found))
    return 0


def _refuse(form: str, page: Page, refused: Refusal) -> int:
    language = page.voice.language
    if form == "json":
        told = {"schema": SCHEMA, "refused": refusal_json(refused, language)}
        print(json.dumps(told, ensure_ascii=False))
    else:
        where = sys.stdout if form == "text" else sys.stderr
        where.write("\n".join(page.refusal(refused)) + "\n")
    return _REFUSED


def _closing(args: argparse.Namespace, entries: Sequence[Entry], voice: Voice) -> list[str]:
    """What was entered where, or that nothing was."""
    lines = [""]
    if args.svg is not None:
        lines.append(voice.put(WORDS["drawn"], file=args.svg))
    if args.out is not None:
        lines.append(voice.put(WORDS["written"], file=args.out))
    elif entries:
        told = json.dumps([entry_json(each) for each in entries], ensure_ascii=False)
        # Not put in by the voice, which would set the quotation of a program as Chinese.
        lines += [voice.put(WORDS["entered"]), told]
    else:
        lines.append(voice.put(WORDS["nothing_entered"]))
    return lines


def _print(lines: Sequence[str]) -> None:
    sys.stdout.write("\n".join(lines) + "\n")


def _print_json(given: Asked, entries: Sequence[Entry], **told: Any) -> None:
    made = {"entries": [entry_json(each) for each in entries]} if entries else {}
    shown = {"schema": SCHEMA, "id": given.loan.id, **told, **made}
    print(json.dumps(shown, ensure_ascii=False))


def _write_loan(path: str, given: Asked, entries: Sequence[Entry]) -> None:
    """The loan file with the entries of the step, all of them or none."""
    events = [*given.raw.get("events", ()), *(entry_json(each) for each in entries)]
    told = json.dumps({**given.raw, "events": events}, ensure_ascii=False, default=str, indent=1)
    _write(Path(path), told + "\n", "--out")


def _write(file: Path, content: str, option: str) -> None:
    """A whole file or none: it takes its place only once it is complete."""
    beside = None
    try:
        with NamedTemporaryFile(
            "w", encoding="utf-8", dir=file.parent, prefix=f".{file.name}.", delete=False
        ) as made:
            beside = Path(made.name)
            made.write(content)
        beside.replace(file)
    except OSError as error:
        if beside is not None:
            beside.unlink(missing_ok=True)
        raise InputError(
            f"{option}: {file} cannot be written ({error.strerror}); name another place"
        ) from error
