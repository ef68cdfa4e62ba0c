"""What another version of the law would have answered, as a page for a terminal and as data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from forbear import __version__
from forbear.base.clock import clock, instant_of
from forbear.batch.compare import Clause, Tally, Turn
from forbear.cli.audit_batch_words import WORDS
from forbear.cli.audit_versions import Version
from forbear.cli.law_page import Page
from forbear.law.book import Book
from forbear.law.packs import NEXT

SCHEMA: Final = "forbear.comparison/1"
# What a terminal shows of each turn; the data hold more, and the rows everything.
_CLAUSES_SHOWN: Final = 10
_NAMES_SHOWN: Final = 5
_EXAMPLES_SHOWN: Final = 2
_NAMES_LISTED: Final = 1_000
_WIDTHS: Final = (3, 70, 12, 9)
_MARKS: Final = {"gained": "+", "lost": "-"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Versions of the law before the same contacts; each tally sets one beside the first.

    ``contacts`` counts the contacts that were judged.
    """

    versions: Sequence[Version]
    books: Sequence[Book]
    contacts: int
    tallies: Sequence[Tally]


# ── for people ──


def compared_page(page: Page, compared: Compared, *, rest: str | None = None) -> None:
    """Add what each later version changes; ``rest`` is the file that holds what is left out."""
    first, *others = [
        called(version, book, page)
        for version, book in zip(compared.versions, compared.books, strict=True)
    ]
    for other, book, tally in zip(others, compared.books[1:], compared.tallies, strict=True):
        page.add()
        page.add(_say(page, "title", before=first, after=other))
        key = "changed" if tally.changed else "same"
        page.add(_say(page, key, n=tally.changed, all=compared.contacts))
        for turn in Turn:
            if tally.turns[turn]:
                _turn(page, tally, turn, zone=book.zone, rest=rest)


def called(version: Version, book: Book, page: Page) -> str:
    """A version by the name it was asked for, with the day that ``next`` stands for."""
    if NEXT not in {pack.rpartition("@")[2] for pack in version.packs}:
        return version.called
    days = {name.partition("@")[2] for name in book.hashes} - {""}
    shown = page.voice.together([_day(page, day) for day in sorted(days)])
    return _say(page, "next", name=version.called, days=shown)


def _day(page: Page, day: str) -> str:
    return page.voice.day(datetime.fromisoformat(day).date(), year=True)


def _say(page: Page, key: str, **values: object) -> str:
    return page.voice.put(WORDS[f"compare.{key}"], **values)


def _turn(page: Page, tally: Tally, turn: Turn, *, zone: str, rest: str | None) -> None:
    page.add()
    page.add(_say(page, turn, n=tally.turns[turn]))
    clauses = sorted(
        ((key, n) for key, n in tally.clauses.items() if key.turn is turn and key.decides),
        key=_order,
    )
    page.add(_say(page, "by.clause"), indent=2)
    for key, count in clauses[:_CLAUSES_SHOWN]:
        clause = f"{_MARKS[key.change]} {page.voice.tidy(key.clause)}"
        page.row(["", clause, page.say(f"effect.{key.effect}"), f"{count:,}"], _WIDTHS)
        for row in tally.examples(key)[:_EXAMPLES_SHOWN]:
            _example(page, row, key, zone)
    _more(page, len(clauses) - _CLAUSES_SHOWN, rest)
    for key_of, counter in (("by.agency", tally.agencies), ("by.agent", tally.agents)):
        named = _named(counter, turn)
        if not any(name is not None for name, _ in named):
            continue
        page.add(_say(page, key_of), indent=2)
        for name, count in named[:_NAMES_SHOWN]:
            shown = _say(page, "nobody") if name is None else name
            page.row(["", shown, "", f"{count:,}"], _WIDTHS)
        _more(page, len(named) - _NAMES_SHOWN, rest)


def _more(page: Page, left: int, rest: str | None) -> None:
    if left > 0:
        key = "more" if rest is None else "more.in"
        page.add(_say(page, key, n=left, file=rest or ""), indent=4)


def _named(counter: Counter[tuple[Turn, str | None]], turn: Turn) -> list[tuple[str | None, int]]:
    """The names of one turn, the most frequent first."""
    found = [(name, n) for (own, name), n in counter.items() if own is turn]
    return sorted(found, key=lambda pair: (-pair[1], pair[0] or ""))


def _example(page: Page, row: Mapping[str, Any], key: Clause, zone: str) -> None:
    """One contact: which, when, by whom, what was answered before and after, and by what."""
    at = clock(zone).moment(instant_of(row["at"]))
    who = [part for part in (row["agency"], row["agent"]) if part]
    line = "  ".join([_ident(row), page.voice.moment(at), *who])
    if key.turn is not Turn.CLAUSES:
        before, after = (page.say(f"decision.{row[side]}") for side in ("before", "after"))
        line += f"  {before} → {after}"
    page.add(line, indent=6, hang=2)
    others = {
        change: page.voice.together(
            [page.voice.tidy(each["clause"]) for each in row[change] if each["clause"]]
        )
        for change in ("gained", "lost")
    }
    if all(others.values()):
        page.add(_say(page, "instead", **others), indent=8, hang=2)


def _ident(row: Mapping[str, Any]) -> str:
    return row["id"] or f"row-{row['position']}"


# ── for programs ──


def compared_data(compared: Compared) -> dict[str, Any]:
    """The same as values that ``json.dumps`` takes: schema ``forbear.comparison/1``."""
    first, *others = [
        {"asked": version.called, "packs": dict(book.hashes)}
        for version, book in zip(compared.versions, compared.books, strict=True)
    ]
    return {
        "schema": SCHEMA,
        "version": __version__,
        "contacts": compared.contacts,
        "before": first,
        "comparisons": [
            {"after": other, **_tally_data(tally)}
            for other, tally in zip(others, compared.tallies, strict=True)
        ],
    }


def _tally_data(tally: Tally) -> dict[str, Any]:
    return {
        "changed": tally.changed,
        "turns": {str(turn): tally.turns[turn] for turn in Turn},
        "answers": [
            {"before": str(before), "after": str(after), "contacts": n}
            for (before, after), n in sorted(tally.answers.items())
        ],
        "clauses": [
            {
                "turn": str(key.turn),
                "change": key.change,
                "clause": key.clause,
                "effect": str(key.effect),
                "decides": key.decides,
                "contacts": n,
                "examples": [_row_data(row) for row in tally.examples(key)],
            }
            for key, n in sorted(tally.clauses.items(), key=_order)
        ],
        "agencies": _names_data(tally.agencies),
        "agents": _names_data(tally.agents),
        "beyond": {"agencies": tally.beyond["agency"], "agents": tally.beyond["agent"]},
    }


def _order(pair: tuple[Clause, int]) -> tuple[object, ...]:
    """Turn by turn, the most frequent first."""
    key, n = pair
    return list(Turn).index(key.turn), -n, key


def _names_data(counter: Counter[tuple[Turn, str | None]]) -> list[dict[str, Any]]:
    return [
        {"turn": str(turn), "name": name, "contacts": n}
        for turn in Turn
        for name, n in _named(counter, turn)[:_NAMES_LISTED]
    ]


def _row_data(row: Mapping[str, Any]) -> dict[str, Any]:
    at: datetime = row["at"]
    return {**row, "id": _ident(row), "at": at.isoformat(timespec="seconds")}
