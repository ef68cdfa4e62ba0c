"""``forbear law``: the law as data, and cases decided against it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from forbear.base.errors import CaseError, ForbearError, InputError
from forbear.law.answers import Verdict
from forbear.law.book import Book, load
from forbear.law.case import read_case, with_defaults
from forbear.law.deciding import earliest, standing_of, verdict
from forbear.law.packs import shipped_names

SCHEMA = "forbear.decision/1"


def add_to(commands: Any) -> None:
    """Add ``law`` and what stands below it."""
    law = commands.add_parser("law", help="decide contact cases; show, explain and compare the law")
    below = law.add_subparsers(dest="what", required=True, metavar="WHAT")
    one = below.add_parser("decide", help="decide contact cases, one JSON object a line")
    one.add_argument("cases", metavar="CASES.jsonl", nargs="+")
    one.add_argument("--pack", action="append", default=[], metavar="NAME")
    one.set_defaults(run=decide)


def lines_of(path: str) -> Iterator[tuple[int, str]]:
    """The lines of a file that hold something, with their numbers; ``-`` is standard input."""
    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: it cannot be opened ({error.strerror}); check its name") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: it is not UTF-8; save it as UTF-8") from error
    # Only these end a line of JSON; str.splitlines would cut at others that a text may hold.
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        if line.strip():
            yield number, line


def decide(args: argparse.Namespace) -> int:
    """One JSON line a case; a case that cannot be read becomes an error row."""
    failed = answered = 0
    for path in args.cases:
        for number, line in lines_of(path):
            try:
                row = _decide_line(line, args.pack)
                answered += 1
            except ForbearError as error:
                row = {"id": _id_of(line), "error": str(error), "file": path, "line": number}
                failed += 1
            print(json.dumps(row, ensure_ascii=False))
    if failed and not answered:
        return 2
    return 1 if failed else 0


def _id_of(line: str) -> str | None:
    try:
        data = json.loads(line)
    except ValueError:
        return None
    return str(data["id"]) if isinstance(data, dict) and "id" in data else None


def _decide_line(line: str, packs: list[str]) -> dict[str, Any]:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise CaseError(f"it is no JSON ({error}); write one object a line") from error
    case = read_case(data)
    names = [*_packs_for(case.jurisdiction, packs), *packs]
    book = load(names)
    for pack in book.packs:
        case = with_defaults(case, pack.case_defaults)
    lenient = any(pack.case_defaults.get("unsaid") == "lawful" for pack in book.packs)
    standing = standing_of(book, case)
    found = verdict(standing, case.proposed, lenient=lenient)
    first = earliest(standing, case.proposed, lenient=lenient)
    moment = None if first.at is None else first.at.isoformat()
    return {
        "schema": SCHEMA,
        "id": case.id,
        **as_json(found),
        "earliest": moment,
        "why_no_earliest": None if first.why_not is None else str(first.why_not),
        "packs": dict(book.hashes),
    }


def _packs_for(jurisdiction: str, asked: list[str]) -> list[str]:
    """The public pack of a case's jurisdiction, unless one was asked for by name."""
    if jurisdiction in shipped_names():
        named = {name.split("@")[0] for name in asked}
        return [] if jurisdiction in named else [jurisdiction]
    if asked:
        return []
    known = ", ".join(shipped_names())
    raise CaseError(f"jurisdiction {jurisdiction!r} has no pack; known are {known}")


def as_json(found: Verdict) -> dict[str, Any]:
    """A verdict as values that ``json.dumps`` takes."""
    return {
        "decision": str(found.decision),
        "because": [
            {
                "clause": b.clause,
                "rule": b.rule,
                "effect": str(b.effect),
                "level": str(b.level),
                "confidence": str(b.confidence),
                "says": {"zh": b.says.zh, "en": b.says.en},
                "clears_at": None if b.clears_at is None else b.clears_at.isoformat(),
                "rests_on": list(b.rests_on),
            }
            for b in found.because
        ],
        "missing": list(found.missing),
    }


def show_book(book: Book) -> None:
    """Placeholder for the table of rules."""
    del book
