"""Files in, everything that a report is made from out; the same for every window on it."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Final

from forbear import __version__
from forbear.audit.drawn import closed_hours, day_limits
from forbear.audit.remarks import remarks, unanswered_not_shown
from forbear.base.clock import clock
from forbear.base.contact import Contact, Fact, FactId
from forbear.base.errors import CaseError, InputError
from forbear.base.words import Direction, FactKind
from forbear.evidence.given import Language, ReportInput, Suggested, Unreadable
from forbear.intake import Collector, Log, Whose, by_person, parse_collector, read_logs, suggest
from forbear.law.auditing import Debtor
from forbear.law.auditing import audit as judge
from forbear.law.book import Book, load

DEFAULT_PACKS: Final = ("cn",)
LENDER_TYPES: Final = ("bank", "consumer_finance", "microloan", "private", "unlicensed")
PRODUCTS: Final = ("credit_card", "online_consumer", "private_loan")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What to judge, and by which law.

    ``collectors`` are written as NUMBER or NUMBER=NAME; ``zone`` is an IANA name, ``region`` such
    as US-MA; ``year`` stands in for dates that have none; ``command`` is what reproduces the
    report. Whatever is left out is taken from the packs.
    """

    packs: tuple[str, ...] = DEFAULT_PACKS
    collectors: tuple[str, ...] = ()
    as_of: date | None = None
    whose: Whose = Whose.DEBTOR
    lender_type: str | None = None
    product: str | None = None
    zone: str | None = None
    region: str | None = None
    year: int | None = None
    language: Language | None = None
    command: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """The log as it was read, the law it was put to, and what a report is made from."""

    log: Log
    book: Book
    given: ReportInput


def _silent(_: str) -> None:
    """Nobody looks, so nothing is told."""


def examine(
    paths: Sequence[Path],
    asked: Asked,
    *,
    now: datetime,
    tell: Callable[[str], None] = _silent,
) -> Examined:
    """Read the files of ``paths`` and judge them.

    ``now`` (aware) bounds plausible dates and dates the report; ``tell`` hears what is being done.
    Raises InputError where nothing could be read, PackError for an unknown or broken pack.
    """
    with _without_searching():
        named = {written: parse_collector(written) for written in asked.collectors}
        book = load(asked.packs, as_of=asked.as_of)
        zone = _known_zone(asked.zone or book.zone_of(asked.region))
        tell("reading")
        log = read_logs(paths, now=now, zone=zone, year=asked.year)
        if log.unreadable and not log.rows:
            message = f"no row could be read, {len(log.unreadable):,} in all; {log.unreadable[0]}"
            raise InputError(message, about="no_rows")
        tell(f"judging {len(log.rows):,} rows")
        given = _judged(asked, log, book, named, zone=zone, now=now)
        return Examined(log=log, book=book, given=given)


@contextmanager
def _without_searching() -> Iterator[None]:
    """No search for circles of objects meanwhile.

    A log becomes many objects and hardly a circle of them; looking for one costs a fifth of the
    time and finds nothing.
    """
    searched = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searched:
            gc.enable()


def _known_zone(zone: str) -> str:
    try:
        return clock(zone).name
    except CaseError as error:
        message = f"--zone: {error}"
        raise InputError(message) from error


def language_of(book: Book) -> Language:
    """Chinese where the law is Chinese."""
    return "zh" if any(pack.name.split("-")[0] == "cn" for pack in book.packs) else "en"


def _judged(
    asked: Asked,
    log: Log,
    book: Book,
    named: Mapping[str, Collector],
    *,
    zone: str,
    now: datetime,
) -> ReportInput:
    """The log before the law: everything that a report is made from."""
    collectors = _for_whom(tuple(named.values()))
    facts = (*_lender(asked, book), *_guarantee(asked))
    debtors = [
        Debtor(contacts=own.contacts, facts=facts, zone=zone, region=asked.region)
        for own in by_person(log, collectors, whose=asked.whose)
    ]
    found = judge(book, debtors)
    if not log.shows_unanswered:
        found = unanswered_not_shown(found, book, debtors)
    contacts = tuple(
        sorted((c for debtor in debtors for c in debtor.contacts), key=lambda c: c.instant)
    )
    days = _days(contacts, zone)
    return ReportInput(
        audit=found,
        contacts=contacts,
        zone=zone,
        language=asked.language or language_of(book),
        whose=asked.whose,
        made_at=now,
        version=__version__,
        command=asked.command,
        inputs=log.inputs,
        unreadable=tuple(
            Unreadable(file=bad.source.file, line=bad.source.line, what=bad.what)
            for bad in log.unreadable
        ),
        notes=remarks(log, collectors),
        collectors=tuple((_number_in(written), c.name) for written, c in named.items()),
        suggestions=suggested(log, collectors),
        limits=day_limits(book, days),
        closed=closed_hours(book, days),
    )


def _for_whom(collectors: tuple[Collector, ...]) -> tuple[Collector, ...]:
    """Where one lender is named, the numbers without a name are taken to be its own as well."""
    lenders = {collector.lender for collector in collectors} - {""}
    only = next(iter(lenders), "") if len(lenders) == 1 else ""
    return tuple(replace(c, lender=c.lender or only) for c in collectors)


def _guarantee(asked: Asked) -> tuple[Fact, ...]:
    """A guarantor's phone is judged as one whose guarantee binds; else it is a relative's."""
    if asked.whose != Whose.GUARANTOR:
        return ()
    value = {"type": "joint_and_several"}
    return (Fact(id=FactId("guarantee"), kind=FactKind.GUARANTEE, since=0, value=value),)


def _number_in(written: str) -> str:
    """The number of a collector as it was written, which is what a reader will look for."""
    return re.split("[=\uff1d]", written, maxsplit=1)[0].strip()


def _lender(asked: Asked, book: Book) -> tuple[Fact, ...]:
    """What was said of the lender; the packs assume the rest of it."""
    said = {"lender_type": asked.lender_type, "product": asked.product}
    told = {key: value for key, value in said.items() if value is not None}
    if not told:
        return ()
    assumed = [
        table.get("value", {})
        for pack in book.packs
        for table in pack.audit_defaults.get("facts", ())
        if table["kind"] == FactKind.LENDER_PROFILE
    ]
    return (
        Fact(
            id=FactId("command-line"),
            kind=FactKind.LENDER_PROFILE,
            # Before any log begins.
            since=0,
            value={**(assumed[0] if assumed else {}), **told},
        ),
    )


def _days(contacts: Sequence[Contact], zone: str) -> range:
    """The local days from the first contact that was judged to the last."""
    instants = [c.instant for c in contacts if c.direction is Direction.OUTBOUND]
    if not instants:
        return range(0)
    return range(clock(zone).day(instants[0]), clock(zone).day(instants[-1]) + 1)


def suggested(log: Log, collectors: Sequence[Collector]) -> tuple[Suggested, ...]:
    """The numbers that look like a collector's and are none of those judged."""
    return tuple(
        Suggested(
            number=maybe.number,
            name=maybe.name,
            reasons=maybe.reasons,
            likelihood=str(maybe.likelihood),
            count=maybe.count,
        )
        for maybe in suggest(log)
        if not any(collector.matches(maybe.number) for collector in collectors)
    )
