"""What the audit of a whole ledger gave, as a page for a terminal and as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from forbear import __version__
from forbear.base.words import Level
from forbear.batch.job import Done
from forbear.batch.schema import Stats
from forbear.cli.audit_batch_words import WHY, WORDS
from forbear.cli.audit_compared import Compared, compared_data, compared_page
from forbear.cli.audit_progress import clock_time
from forbear.cli.law_page import Page
from forbear.law.book import Book

SCHEMA: Final = "forbear.ledger/1"
_RULES_SHOWN: Final = 10
_REASONS_SHOWN: Final = 10
_PLACES_KEPT: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A rule, and how many contacts broke it or only should not have been attempted."""

    rule: str
    clause: str
    level: str
    effect: str
    breached: int
    attempted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What there is to tell of a job.

    ``broken`` has, for each book, the rules that contacts broke, the most broken first, and
    ``not_shown`` those that the ledger cannot show kept or broken, with how many ``contacts`` each
    leaves open. ``wrong`` are the first rows that could not be read. ``finished``: an earlier run
    had done all of it. ``show_stats`` asks how contacts were judged; ``compared`` is None for one
    version of the law.
    """

    done: Done
    books: Mapping[str, Book]
    broken: Mapping[str, Sequence[Broken]]
    not_shown: Mapping[str, Sequence[Mapping[str, Any]]]
    wrong: Sequence[Mapping[str, Any]] = ()
    finished: bool = False
    compared: Compared | None = None
    show_stats: bool = False


# ── for people ──


def ledger_page(page: Page, told: Told) -> None:
    """Add how many contacts were judged how fast, by which clauses they fell, and where it lies."""
    done = told.done
    _head(page, told)
    for name in told.books:
        page.add()
        if len(told.books) > 1:
            page.add(_say(page, "by", name=name))
        _rules(page, told, name)
        if told.not_shown[name]:
            page.add(page.voice.say("lack.count", n=len(told.not_shown[name])))
        if told.show_stats:
            _stats(page, done.stats[name])
    if told.compared is not None:
        compared_page(page, told.compared, rest=f"{done.out}/comparison.json")
    page.add()
    page.add(_say(page, "files"))
    for what, where in _files(told):
        page.add(f"{_say(page, f'file.{what}')}{page.voice.colon()}{where}", indent=2, hang=2)
    page.packs(*told.books.values())


def _say(page: Page, key: str, **values: object) -> str:
    return page.voice.put(WORDS[f"ledger.{key}"], **values)


def _head(page: Page, told: Told) -> None:
    done = told.done
    judged = max(done.judged.values(), default=0)
    key = "resumed" if done.resumed else "judged"
    key = "none" if not judged else "finished" if told.finished else key
    speed = int(done.contacts / done.seconds) if done.seconds > 0 else done.contacts
    page.add(_say(page, key, n=judged, time=clock_time(done.seconds), speed=speed))
    if done.errors:
        page.add(_say(page, "errors", n=done.errors))
        for row in told.wrong:
            page.add(_wrong(row, page), indent=2, hang=2)
    for note in done.notes:
        page.add(page.voice.tidy(note))


def _wrong(row: Mapping[str, Any], page: Page) -> str:
    """Where a row that could not be read stands, and why it could not."""
    place = page.voice.lines([row["line"]]) if row["line"] else _say(page, "row", n=row["row"])
    gap = " " if page.voice.chinese else ", "
    return page.voice.tidy(f"{row['file']}{gap}{place}{page.voice.colon()}{row['why']}")


def _rules(page: Page, told: Told, name: str) -> None:
    broken = told.broken[name]
    if not broken:
        page.add(_say(page, "clean"))
        return
    page.add(_say(page, "findings", n=told.done.findings[name], clauses=len(broken)))
    for each in broken[:_RULES_SHOWN]:
        manner = "house" if each.level == Level.HOUSE else each.effect
        parts = [
            page.voice.say(f"find.{key}.{manner}", n=n)
            for key, n in (("broken", each.breached), ("attempt", each.attempted))
            if n
        ]
        parts.append(page.voice.say(f"level.{each.level}"))
        said = page.voice.together(parts)
        rule = told.books[name].rule(each.rule)
        if rule is not None:
            sure = page.voice.say(f"sure.{rule.confidence}")
            said += f" · {page.voice.say('find.sure', sure=sure)}"
        page.add(page.voice.tidy(each.clause), indent=2, hang=2)
        page.add(said, indent=4, hang=2)
    if len(broken) > _RULES_SHOWN:
        page.add(_say(page, "more", n=len(broken) - _RULES_SHOWN), indent=2)


def _stats(page: Page, stats: Stats) -> None:
    """How many debtors the plain form judged, and for what reasons."""
    share = 100 * stats.plain_debtors / stats.debtors if stats.debtors else 0
    if not stats.plain_debtors:
        page.add(_say(page, "fast", n=stats.situations, all=stats.debtors))
        return
    page.add(
        _say(page, "stats", n=stats.plain_debtors, all=stats.debtors,
             share=f"{share:.{_PLACES_KEPT}f}", contacts=stats.plain_contacts)
    )  # fmt: skip
    reasons = sorted(stats.why_plain.items(), key=lambda pair: (-pair[1], pair[0]))
    for why, n in reasons[:_REASONS_SHOWN]:
        shown = WHY.get(why, why) if page.voice.chinese else why
        page.add(f"{shown}{page.voice.colon()}{n:,}", indent=2, hang=2)
    page.add(_say(page, "situations", n=stats.situations))


def _files(told: Told) -> list[tuple[str, str]]:
    out = told.done.out
    found = [("findings", f"{out}/findings/"), ("summary", f"{out}/summary/")]
    if told.done.errors:
        found.append(("errors", f"{out}/errors.parquet"))
    if told.compared is not None:
        found.append(("comparison", f"{out}/comparison/"))
    return found


# ── for programs ──


def ledger_data(told: Told) -> dict[str, Any]:
    """The same as values that ``json.dumps`` takes: schema ``forbear.ledger/1``."""
    done = told.done
    return {
        "schema": SCHEMA,
        "version": __version__,
        "folder": str(done.out),
        "contacts": done.contacts,
        "errors": done.errors,
        "resumed": done.resumed,
        "seconds": round(done.seconds, 3),
        "notes": list(done.notes),
        "versions": [
            {
                "name": name,
                "packs": dict(book.hashes),
                "judged": done.judged[name],
                "findings": done.findings[name],
                "rules": [
                    {
                        "rule": each.rule,
                        "clause": each.clause,
                        "level": each.level,
                        "effect": each.effect,
                        "breached": each.breached,
                        "attempted": each.attempted,
                    }
                    for each in told.broken[name]
                ],
                "not_shown": [dict(each) for each in told.not_shown[name]],
                "stats": _stats_data(done.stats[name]),
            }
            for name, book in told.books.items()
        ],
        **({} if told.compared is None else {"comparison": compared_data(told.compared)}),
    }


def _stats_data(stats: Stats) -> dict[str, Any]:
    return {
        "debtors": stats.debtors,
        "plain_debtors": stats.plain_debtors,
        "plain_contacts": stats.plain_contacts,
        "situations": stats.situations,
        "why_plain": dict(stats.why_plain),
    }
