"""What random histories are made of: the words that a book reads, and the moments where it turns.

Every rule of a pack has a case that it stops, so contacts, facts and histories out of the cases of
packs, mixed and changed, come near every rule; a rule that is added brings its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from forbear.base.clock import as_day, clock, parse_second
from forbear.base.words import FactKind
from forbear.law.book import Book, load
from forbear.law.packs import shipped
from forbear.law.vocabulary.limit import Limit

RULE_SET_R = str(Path(__file__).parents[2] / "benchmarks" / "packs" / "rule-set-r")
HOUR, DAY = 3600, 86_400
YEARS = range(2024, 2029)

# Whose cases a pack borrows, beside its own.
_LENDING = {"cn-humane": "cn", "rule-set-r": "us"}
# Clocks that switch at odd hours, by half an hour, or the other way round in winter.
_ODD_ZONES = ("Australia/Lord_Howe", "America/St_Johns", "Africa/Casablanca", "America/Sao_Paulo")
_NOT_OF_THE_CONTACT = {"id", "at", "seq", "lender", "recorded_at"}
_NOT_OF_THE_FACT = {"id", "since", "until", "recorded_at"}
_TIME = re.compile("[0-9]{2}:[0-9]{2}(:[0-9]{2})?")

Table = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Drill:
    """A limit, with contacts that it counts or that a case beside it holds."""

    limit: Limit
    clock: str | None
    contacts: tuple[Table, ...]


@dataclass(frozen=True, kw_only=True)
class Run:
    """A whole case: contacts and facts, on whose clock they are told, where its debtor lives."""

    zone: str
    region: str | None
    contacts: tuple[Table, ...]
    facts: tuple[Table, ...]


@dataclass(frozen=True, kw_only=True)
class Pieces:
    """What histories before one book are made of.

    ``values`` has for each key of a contact what it may say. ``times`` are seconds of the day at
    which something may open or close, ``days`` local days on which rules begin or end.
    """

    world: str
    zones: tuple[str, ...]
    regions: tuple[str | None, ...]
    contacts: tuple[Table, ...]
    runs: tuple[Run, ...]
    facts: tuple[Table, ...]
    values: Mapping[str, tuple[Any, ...]]
    times: tuple[int, ...]
    days: tuple[int, ...]
    drills: tuple[Drill, ...]


@lru_cache(maxsize=16)
def pieces_of(name: str) -> Pieces:
    """The pieces of a pack, by the name or folder under which it is loaded."""
    pack = Path(name).name.split("@", maxsplit=1)[0]
    book = load([name])
    cases = [case for each in {pack, _LENDING.get(pack, pack)} for case in _cases(each)]
    cases.sort(key=lambda case: str(case["id"]))
    told = [contact for case in cases for contact in (*case["history"], case["proposed"])]
    contacts = _once([_without(contact, _NOT_OF_THE_CONTACT) for contact in told])
    facts = _once([_without(f, _NOT_OF_THE_FACT) for c in cases for f in c["debtor"]["facts"]])
    facts += [{"kind": str(kind)} for kind in FactKind if kind is not FactKind.POSSIBLE_TIMEZONE]
    zones = sorted({case["debtor"]["timezone"] for case in cases})
    values: dict[str, list[Any]] = {}
    for contact in contacts:
        for key, value in contact.items():
            values.setdefault(key, []).append(value)
    return Pieces(
        world=_LENDING.get(pack, pack),
        zones=(*zones, *zones, *_ODD_ZONES),
        regions=(None, *sorted({case["debtor"].get("region") or "" for case in cases} - {""})),
        contacts=tuple(contacts),
        runs=tuple(
            Run(
                zone=case["debtor"]["timezone"],
                region=case["debtor"].get("region"),
                contacts=(*case["history"], case["proposed"]),
                facts=tuple(case["debtor"]["facts"]),
            )
            for case in cases
        ),
        facts=tuple(facts),
        values={key: tuple(_once(found)) for key, found in values.items()},
        times=_times(book, facts),
        days=tuple(day for day in book.borders if day >= _OLDEST),
        drills=tuple(_drills(book, cases, contacts)),
    )


_OLDEST = as_day(date(1990, 1, 1))


def _cases(pack: str) -> Iterator[Table]:
    for path in sorted((shipped() / pack).glob("*/cases.jsonl")):
        for line in path.read_text(encoding="utf-8").split("\n"):
            if line.strip():
                yield json.loads(line)


def _without(table: Table, keys: set[str]) -> Table:
    return {k: v for k, v in table.items() if k not in keys and v is not None and v != []}


def _once(values: list[Any]) -> list[Any]:
    """Each value once, in the order met."""
    return list({json.dumps(value, sort_keys=True): value for value in values}.values())


def _times(book: Book, facts: list[Table]) -> tuple[int, ...]:
    found = {0, 12 * HOUR}
    for table in (*(rule.table for rule in book.rules), *facts):
        said = json.dumps(table, default=str)
        found |= {parse_second(match[0], where="") % DAY for match in _TIME.finditer(said)}
    return tuple(sorted(found))


def _drills(book: Book, cases: list[Table], contacts: list[Table]) -> Iterator[Drill]:
    for rule in book.rules:
        if isinstance(rule.kind, Limit):
            stopped = [c for c in cases if rule.clause in c["expect"].get("because", ())]
            counted = [contact for case in stopped for contact in case["history"]]
            own = _once([_without(contact, _NOT_OF_THE_CONTACT) for contact in counted])
            named = None if rule.clock is None else rule.clock.name
            yield Drill(limit=rule.kind, clock=named, contacts=tuple(own or contacts))


@lru_cache(maxsize=64)
def switches(zone: str) -> tuple[int, ...]:
    """The instants of some years at which the clock of a zone is put on or back."""
    told = clock(zone)
    first, last = (as_day(date(year, 1, 1)) for year in (YEARS.start, YEARS.stop))
    found = []
    for start, end in pairwise(range(first * DAY, last * DAY, DAY)):
        if told.offset(start) != told.offset(end):
            steps = range(start, end, 900)
            found.append(next(at for at in steps if told.offset(at) == told.offset(end)))
    return tuple(found)
