"""Putting random worlds to the engine, and saying what it answered so that answers compare."""

from __future__ import annotations

from typing import Any

from forbear.law.answers import Verdict
from forbear.law.book import Book, load
from forbear.law.case import Case, read_case, with_defaults


def book_of(pack: str) -> Book:
    return load([pack])


def case_of(world: dict[str, Any], book: Book) -> Case:
    case = read_case(world)
    for pack in book.packs:
        case = with_defaults(case, pack.case_defaults)
    return case


def told(verdict: Verdict) -> tuple[object, ...]:
    """All that a verdict says, in an order that does not depend on how it was reached."""
    because = sorted(
        (b.rule, b.clause, b.effect, str(b.clears_at), tuple(sorted(b.rests_on)), b.says.zh)
        for b in verdict.because
    )
    return (verdict.decision, tuple(because), verdict.missing)
