"""``forbear law``: the law as data, and cases decided against it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from datetime import date
from importlib import import_module
from typing import Any, Final

from forbear.base.clock import instant_of, parse_moment
from forbear.base.errors import CaseError, ForbearError
from forbear.cli.law_cases import Question, language_of, question, rows_of
from forbear.law.answers import Because, Verdict
from forbear.law.deciding import earliest, verdict

SCHEMA: Final = "forbear.decision/1"
WHEN_SCHEMA: Final = "forbear.when/1"
_PACK_HELP: Final = "the law: cn, us, cn-humane, cn@2024-06-01 (as of that day) or a folder"
_LANG_HELP: Final = "zh or en; by default zh where the law is Chinese"
_CASES_HELP: Final = "contact cases, one JSON object a line; - is standard input"


def add_to(commands: Any) -> None:
    """Add ``law`` and what stands below it."""
    law = commands.add_parser(
        "law",
        help="decide contact cases; show, explain and compare the law",
        description="Ask the law about contacts, and look at the law itself.",
        epilog="Exit status: 0 all answered, 1 some rows are error rows or problems were found, "
        "2 nothing was done.",
    )
    below = law.add_subparsers(dest="what", required=True, metavar="WHAT")
    _add_questions(below)
    _add_views(below)


def _add_questions(below: Any) -> None:
    one = below.add_parser(
        "decide",
        help="may these contacts be made? one JSON line a case",
        description="May these contacts be made? Writes one JSON line a case: the decision, the "
        "rules that stand against it, the earliest lawful moment. A case that cannot be read "
        "becomes a line that says what is wrong, where, and how to mend it.",
    )
    _cases(one)
    _packs(one, "in place of or beside the law of each case's jurisdiction")
    one.add_argument("--lang", choices=("zh", "en"), help=f"the language of says: {_LANG_HELP}")
    one.set_defaults(run=decide)

    one = below.add_parser(
        "when",
        help="when may these contacts first be made? one JSON line a case",
        description="The first moment at which all rules together allow each contact, on the facts "
        "known at its start. Where there is none, why_no_earliest says never, unknown or beyond "
        "the horizon.",
    )
    _cases(one)
    _packs(one, "in place of or beside the law of each case's jurisdiction")
    one.add_argument(
        "--from", dest="start", metavar="T", type=_moment,
        help="look from this moment on, 2026-03-10T17:59:00+08:00 (default: the contact's own)",
    )  # fmt: skip
    one.add_argument(
        "--until", metavar="T", type=_moment, help="look no further (default: 400 days)"
    )
    one.set_defaults(run=when)

    one = below.add_parser(
        "explain",
        help="explain the answer to a case, for a person to read",
        description="The decision on a case in plain words: each rule that stands against the "
        "contact, how binding it is, the facts and earlier contacts it rests on, when it clears, "
        "and the rules that an exception lifted.",
    )
    _cases(one, many=False)
    one.add_argument("--id", metavar="ID", help="explain only the case with this id")
    _packs(one, "in place of or beside the law of each case's jurisdiction")
    _shown(one)
    one.set_defaults(run=_later("law_explain", "explain"))


def _add_views(below: Any) -> None:
    one = below.add_parser(
        "show",
        help="show the rules of a pack, or one rule in full",
        description="The rules of a pack as a table. With --rule, one rule in full: as it is "
        "written, with its exceptions, the terms it uses and its rows in source.md.",
    )
    _packs(one, "cn by default")
    one.add_argument("--on", metavar="DATE", type=_date, help="only what is in force on this day")
    one.add_argument("--rule", metavar="ID", help="one rule in full, every version of it")
    one.add_argument("--clause", metavar="TEXT", help="only clauses that hold this text")
    _shown(one)
    one.set_defaults(run=_later("law_show", "show"))

    one = below.add_parser(
        "coverage",
        help="which clauses of the sources are encoded, which are not and why",
        description="Holds every source.md against the rules: which rows are encoded, which are "
        "not and for what reason. Ends with 1 where something does not fit together.",
    )
    _packs(one, "cn by default")
    _shown(one)
    one.set_defaults(run=_later("law_coverage", "show_coverage"))

    one = below.add_parser(
        "diff",
        help="what changes between two packs, or two dates of one pack",
        description="What changes between two packs (cn cn-humane) or two dates of one pack "
        "(cn@2024-06-01 cn@2026-03-01): rules added, removed and changed, and the cases that are "
        "then answered differently.",
    )
    one.add_argument("before", metavar="A", help=_PACK_HELP)
    one.add_argument("after", metavar="B", help="what it is compared with")
    one.add_argument(
        "--cases", metavar="CASES.jsonl", action="append", default=[],
        help="further cases to ask both, beside those of the packs; repeat it",
    )  # fmt: skip
    _shown(one)
    one.set_defaults(run=_later("law_diff", "diff"))


def _cases(one: argparse.ArgumentParser, *, many: bool = True) -> None:
    if many:
        one.add_argument("cases", metavar="CASES.jsonl", nargs="+", help=_CASES_HELP)
    else:
        one.add_argument("cases", metavar="CASE.jsonl", help=_CASES_HELP)


def _packs(one: argparse.ArgumentParser, default: str) -> None:
    one.add_argument(
        "--pack", action="append", default=[], metavar="NAME",
        help=f"{_PACK_HELP}; {default}; repeat it",
    )  # fmt: skip


def _shown(one: argparse.ArgumentParser) -> None:
    one.add_argument("--lang", choices=("zh", "en"), help=_LANG_HELP)
    one.add_argument(
        "--format", choices=("text", "json"), default="text", help="for people, or for programs"
    )


def _later(module: str, name: str) -> Callable[[argparse.Namespace], int]:
    """A command whose module is loaded only when it runs, so that deciding starts at once."""

    def run(args: argparse.Namespace) -> int:
        status: int = getattr(import_module(f"forbear.cli.{module}"), name)(args)
        return status

    return run


def _date(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        message = f"{written!r} is no date; write one such as 2024-06-01"
        raise argparse.ArgumentTypeError(message) from error


def _moment(written: str) -> int:
    try:
        return instant_of(parse_moment(written, where="T"))
    except CaseError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


# ── decide and when ──


def decide(args: argparse.Namespace) -> int:
    """One JSON line a case; a case that cannot be read becomes an error row."""
    return _answer(args, lambda asked: decided(asked, args.lang))


def when(args: argparse.Namespace) -> int:
    """One JSON line a case: the earliest lawful moment, or why there is none."""
    return _answer(args, lambda asked: _when(asked, args.start, args.until))


def _answer(args: argparse.Namespace, say: Callable[[Question], dict[str, Any]]) -> int:
    failed = answered = 0
    for row in rows_of(args.cases, args.pack):
        if isinstance(row, Question):
            try:
                shown = say(row)
                answered += 1
            except (ForbearError, RecursionError) as error:
                shown = row.failed(error)
                failed += 1
        else:
            shown = row
            failed += 1
        print(json.dumps(shown, ensure_ascii=False))
    if failed and not answered:
        return 2
    return 1 if failed else 0


def decided(asked: Question, language: str | None = None) -> dict[str, Any]:
    """The answer to one case, as values that ``json.dumps`` takes."""
    found = verdict(asked.standing, asked.case.proposed, lenient=asked.lenient)
    return {
        "schema": SCHEMA,
        "id": asked.case.id,
        **as_json(found, language or language_of(asked.book)),
        **_earliest(asked),
        "packs": dict(asked.book.hashes),
    }


def _earliest(
    asked: Question, start: int | None = None, until: int | None = None
) -> dict[str, str | None]:
    first = earliest(
        asked.standing, asked.case.proposed, start=start, until=until, lenient=asked.lenient
    )
    return {
        "earliest": None if first.at is None else first.at.isoformat(),
        "why_no_earliest": None if first.why_not is None else str(first.why_not),
    }


def _when(asked: Question, start: int | None, until: int | None) -> dict[str, Any]:
    first = asked.case.proposed.instant if start is None else start
    if until is not None and until < first:
        message = "--until lies before the moment to look from; name a later one"
        raise CaseError(message)
    return {
        "schema": WHEN_SCHEMA,
        "id": asked.case.id,
        **_earliest(asked, start, until),
        "packs": dict(asked.book.hashes),
    }


def as_json(found: Verdict, language: str) -> dict[str, Any]:
    """A verdict as values that ``json.dumps`` takes."""
    return {
        "decision": str(found.decision),
        "because": [because_json(each, language) for each in found.because],
        "missing": list(found.missing),
    }


def because_json(because: Because, language: str) -> dict[str, Any]:
    """One reason, with its sentence in ``language`` as ``says`` and in both beside it."""
    return {
        "clause": because.clause,
        "rule": because.rule,
        "effect": str(because.effect),
        "level": str(because.level),
        "confidence": str(because.confidence),
        "says": because.says.in_language(language),
        "says_zh": because.says.zh,
        "says_en": because.says.en,
        "clears_at": None if because.clears_at is None else because.clears_at.isoformat(),
        "rests_on": list(because.rests_on),
    }


__all__ = ["Question", "add_to", "as_json", "because_json", "decide", "decided", "question", "when"]
