"""``forbear law coverage``: every source held against the rules that encode it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from itertools import groupby
from typing import Any, Final

from forbear.cli.law_cases import language_of
from forbear.cli.law_page import Page
from forbear.law.book import Book, load
from forbear.law.coverage import Coverage, Row, coverage

SCHEMA: Final = "forbear.coverage/1"


def show_coverage(args: argparse.Namespace) -> int:
    """Print what of each source is encoded. 1: something does not fit together."""
    book = load(args.pack or ["cn"])
    found = coverage(book)
    if args.format == "json":
        print(json.dumps(as_json(book, found), ensure_ascii=False))
    else:
        page = Page(args.lang or language_of(book))
        _told(page, found)
        page.packs(book)
        sys.stdout.write(page.text())
    return 1 if found.problems else 0


def sources(found: Coverage) -> list[tuple[str, list[Row]]]:
    """The rows of each source, by the name of its folder."""
    grouped = groupby(found.rows, key=lambda row: f"{row.pack}/{row.source}")
    return [(name, list(rows)) for name, rows in grouped]


def _told(page: Page, found: Coverage) -> None:
    listed = sources(found)
    if not listed:
        page.add(page.say("cover.none"))
    for name, rows in listed:
        page.add()
        page.add(page.say("cover.source", source=name, **_counts(rows)))
        for row in rows:
            page.add(page.voice.tidy(row.clause), indent=2, hang=2)
            if row.rules:
                page.add(" ".join(row.rules), indent=4)
            if row.reason:
                key = "cover.part" if row.rules else "cover.not"
                page.add(page.say(key, reason=row.reason), indent=4, hang=2)
    page.add()
    if not found.problems:
        page.add(page.say("cover.fine"))
        return
    page.add(page.say("cover.problems", n=len(found.problems)) + page.voice.colon().rstrip())
    for problem in found.problems:
        page.add(f"- {problem}", indent=2, hang=2)


def _counts(rows: Iterable[Row]) -> dict[str, int]:
    listed = list(rows)
    done = sum(bool(row.rules) for row in listed)
    return {"rows": len(listed), "done": done, "left": len(listed) - done}


def as_json(book: Book, found: Coverage) -> dict[str, Any]:
    """The same as values that ``json.dumps`` takes."""
    return {
        "schema": SCHEMA,
        "sources": [
            {
                "source": name,
                **_counts(rows),
                "clauses": [
                    {
                        "clause": row.clause,
                        "duty": row.duty,
                        "line": row.line,
                        "rules": list(row.rules),
                        "not_encoded": row.reason,
                    }
                    for row in rows
                ],
            }
            for name, rows in sources(found)
        ],
        "problems": list(found.problems),
        "packs": dict(book.hashes),
    }
