"""Random whole debtors for audits, drawn so that every rule of a book meets its borders.

A history is plain tables in the form of a contact case, so that one that engines dispute can be
printed, made smaller and read. Everything comes from one ``random.Random``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from tests.property import worlds
from tests.property.pieces import DAY, HOUR, YEARS, Pieces, Table, pieces_of, switches

from forbear.base.clock import as_date, as_day, clock, instant_of

_ADDRESSES = ("line-1", "line-2", "mail-1@example.com", "home-line", "mobile-1")
_DEBTS: tuple[list[str], ...] = (["A"], ["A"], ["A"], ["B"], ["A", "B"], [], ["C", "B", "A"])
_CLOSE = (-1, 0, 0, 0, 1)
_DATED = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ENDS = ("since", "until", "recorded_at")
_CROWD = 200


@dataclass(frozen=True, kw_only=True)
class History:
    """One debtor: contacts and facts as tables of a contact case, in any order."""

    zone: str | None
    region: str | None
    contacts: tuple[Table, ...]
    facts: tuple[Table, ...] = ()


def history(rnd: Random, pack: str, *, facts_share: float = 0.7) -> History:
    """One debtor before the book of ``pack``; ``facts_share`` is how likely facts are known."""
    pieces = pieces_of(pack)
    zone = rnd.choice(pieces.zones)
    draw = _Draw(rnd, pieces, zone)
    made = rnd.choices((draw.mixed, draw.replayed, draw.drilled), (4, 3, 3))[0]()
    contacts = sorted(made, key=lambda contact: contact["at"])
    facts: list[Table] = []
    if rnd.random() < facts_share:
        instants = [contact["at"] for contact in contacts]
        facts = [draw.fact(instants) for _ in range(rnd.randrange(0 if draw.facts else 1, 5))]
        moved = rnd.choice((0, 0, 0.2, 1))
        facts += [draw.timed(f, instants) if rnd.random() < moved else f for f in draw.facts]
    draw.name_and_number(contacts)
    if rnd.random() < 0.01:
        contacts = []  # somebody of whom things are known, and whom nobody has contacted
    return History(
        zone=zone if rnd.random() < 0.95 else None,
        region=draw.region if rnd.random() < 0.9 else rnd.choice(pieces.regions),
        contacts=tuple({**contact, "at": _iso(contact["at"])} for contact in contacts),
        facts=tuple(facts),
    )


def histories(seed: object, pack: str, count: int, *, facts_share: float = 0.7) -> list[History]:
    """Many debtors, the same ones for the same seed."""
    rnd = Random(f"{seed}/{pack.rsplit('/', maxsplit=1)[-1]}")
    return [history(rnd, pack, facts_share=facts_share) for _ in range(count)]


class _Draw:
    """The drawing of one debtor; ``at`` of a contact is an instant until all is drawn."""

    def __init__(self, rnd: Random, pieces: Pieces, zone: str) -> None:
        self.rnd = rnd
        self.pieces = pieces
        self.clock = clock(zone)
        self.region = rnd.choice(pieces.regions)
        # Of whom all is known at once: what most ledgers hold, and fast engines are made for.
        self.calm = rnd.random() < 0.5
        self.facts: list[Table] = []
        self.anchor = self._anchor(zone)

    # ── when ──

    def _anchor(self, zone: str) -> int:
        """A moment at which something turns, or any."""
        rnd = self.rnd
        turns = switches(zone)
        year = rnd.choice((*YEARS, 2026, 2026, 2026))
        kind = rnd.choices(
            ("switch", "leap", "year", "month", "week", "version", "any"), (5, 1, 1, 2, 2, 2, 3)
        )[0]
        if kind == "switch" and turns:
            return rnd.choice(turns) + rnd.choice((-HOUR, -1, 0, 1, HOUR))
        if kind == "leap":
            day = as_day(date(rnd.choice((2024, 2028)), 2, 29))
        elif kind == "year":
            day = as_day(date(year, 1, 1))
        elif kind == "month":
            day = as_day(date(year, rnd.randrange(1, 13), 1))
        elif kind == "version" and self.pieces.days:
            day = rnd.choice(self.pieces.days)
        else:
            day = as_day(date(year, 1, 1)) + rnd.randrange(364)
            if kind == "week":
                day -= (day + 3) % 7
        return self.clock.at(day, 0) + rnd.choice((-HOUR, -1, 0, 1, 8 * HOUR, 20 * HOUR))

    def _times(self, count: int) -> list[int]:
        """Rising instants around the anchor: ties, borders of hours, edges of windows."""
        rnd = self.rnd
        at = self.anchor - rnd.choice((0, 0, 0, HOUR, DAY, 2 * DAY, 7 * DAY))
        found = []
        for _ in range(count):
            found.append(at)
            match rnd.choices("tsmhbwa", (24, 5, 22, 12, 25, 8, 4))[0]:
                case "s":
                    at += 1
                case "m":
                    at += rnd.randrange(60, 4_000)
                case "h":
                    at += rnd.randrange(HOUR, 30 * HOUR)
                case "b":
                    at = self._border(at)
                case "w":
                    days = rnd.choice((1, 1, 7, 7, 30))
                    at += days * DAY + rnd.choice((-1, 0, 1)) + rnd.choice((0, 1))
                case "a":
                    at = max(at, self.anchor + rnd.choice((-HOUR, -1, 0, 1, HOUR - 1, HOUR)))
        return found

    def _border(self, at: int) -> int:
        """The next moment at which some hour opens or closes, or a second beside it."""
        second = self.rnd.choice(self.pieces.times)
        day = self.clock.day(at) + self.rnd.choice((0, 0, 0, 1))
        close = self.rnd.choice(_CLOSE)
        found = self.clock.at(day, second) + close
        return found if found >= at else self.clock.at(day + 1, second) + close

    # ── contacts ──

    def mixed(self) -> list[Table]:
        """Contacts that know little of each other."""
        rnd = self.rnd
        count = min(rnd.randrange(1, 26), rnd.randrange(1, 26))
        if rnd.randrange(400) == 0:
            count = _CROWD
        like = self._template()
        return [
            self._changed({**(like if rnd.random() < 0.6 else self._template()), "at": at})
            for at in self._times(count)
        ]

    def replayed(self) -> list[Table]:
        """A case of the pack on other days, with contacts changed or in between."""
        rnd = self.rnd
        run = rnd.choice(self.pieces.runs)
        self.region = run.region
        told = clock(run.zone)
        instants = [_instant(contact["at"]) for contact in run.contacts]
        shift = self.clock.day(self.anchor) - told.day(instants[-1]) + rnd.choice((-1, 0, 0, 1))

        def moved(instant: int) -> int:
            return self.clock.at(told.day(instant) + shift, told.second_of_day(instant))

        for fact in run.facts:
            ends = {key: _iso(moved(_instant(fact[key]))) for key in _ENDS if fact.get(key)}
            self.facts.append({**fact, **ends})
        found = []
        for contact, instant in zip(run.contacts, instants, strict=True):
            made = {**contact, "at": moved(instant) + rnd.choice((0, 0, 0, 0, -1, 1))}
            found.append(self._changed(made) if rnd.random() < 0.2 else made)
        others = self._times(rnd.choice((0, 0, 3)))
        found += [self._changed({**self._template(), "at": at}) for at in others]
        return [{k: v for k, v in made.items() if k not in ("id", "seq")} for made in found]

    def drilled(self) -> list[Table]:
        """As many contacts as a limit allows or one more, then one just where its window ends."""
        rnd = self.rnd
        if not self.pieces.drills:
            return self.mixed()
        drill = rnd.choice(self.pieces.drills)
        told = self.clock if drill.clock is None else clock(drill.clock)
        leaves = min(drill.limit.window.leaves(self.anchor, told), self.anchor + 40 * DAY)
        last = leaves + rnd.choice((-1, -1, 0, 0, 1, -HOUR, HOUR))
        count = max(drill.limit.needed + rnd.choice((-1, 0, 0, 1, 2)), 1)
        middle = [
            rnd.choice(
                (self.anchor, last - 1, last, rnd.randint(self.anchor, max(last, self.anchor)))
            )
            for _ in range(count - 1)
        ]
        like = rnd.choice(drill.contacts)
        found = [
            {**(like if rnd.random() < 0.9 else rnd.choice(drill.contacts)), "at": at}
            for at in (self.anchor, *middle, last, last + rnd.choice((0, 0, 1, DAY)))
        ]
        return [self._changed(made) if rnd.random() < 0.2 else made for made in found]

    def _template(self) -> Table:
        rnd = self.rnd
        if rnd.random() < 0.3:
            made = worlds.contact(
                rnd, self.pieces.world, datetime(2026, 3, 3, tzinfo=UTC), made=True
            )
            return {k: v for k, v in made.items() if v != []}
        return rnd.choice(self.pieces.contacts)

    def _changed(self, contact: Table) -> Table:
        """The contact with some keys said otherwise, and some not at all."""
        rnd = self.rnd
        made = dict(contact)
        for _ in range(rnd.choice((0, 1, 1, 2, 3))):
            key = rnd.choice(tuple(self.pieces.values))
            made[key] = rnd.choice(self.pieces.values[key])
        for key in rnd.sample(("outcome", "purpose", "party", "mode", "identified", "recorded",
                               "address", "debts", "text", "direction"), 2):  # fmt: skip
            if rnd.random() < 0.3:
                made.pop(key, None)
        if rnd.random() < 0.4:
            made["debts"] = rnd.choice(_DEBTS)
        if rnd.random() < 0.1:
            made["address"] = rnd.choice(_ADDRESSES)
        if rnd.random() < 0.12:
            made["direction"] = "inbound"
        if rnd.random() < 0.05:
            made["thread"] = rnd.choice(("t-1", "t-2"))
        if rnd.random() < 0.05:
            made["discussed_debts"] = rnd.choice((["A"], ["B", "C"]))
        return {key: self._dated(value) for key, value in made.items()}

    def _dated(self, value: Any) -> Any:
        """A value with the dates in it moved near the anchor."""
        if isinstance(value, dict):
            return {key: self._dated(part) for key, part in value.items()}
        if isinstance(value, str) and _DATED.match(value):
            day = self.clock.day(self.anchor) + self.rnd.choice((-400, -36, -35, -7, -1, 0, 1, 30))
            return as_date(day).isoformat() + value[10:]
        return value

    def name_and_number(self, contacts: Sequence[Table]) -> None:
        """Names, lenders and numbers of arrival; names need not follow the order of time."""
        rnd = self.rnd
        numbered = rnd.choices(("none", "all", "mixed", "equal", "back"), (45, 25, 14, 10, 6))[0]
        lenders = rnd.choice((("",), ("",), ("甲",), ("甲", "乙"), ("", "甲", "丙")))
        named = rnd.random()
        for number, contact in enumerate(contacts):
            if named < 0.3:
                contact["id"] = f"c-{number}"
            elif named < 0.6:
                contact["id"] = f"c-{rnd.randrange(1000)}"
            else:
                contact.pop("id", None)
            if (lender := rnd.choice(lenders)) != "":
                contact["lender"] = lender
            if numbered == "all" or (numbered == "mixed" and rnd.random() < 0.5):
                contact["seq"] = number
            elif numbered == "equal":
                contact["seq"] = rnd.randrange(3)
            elif numbered == "back":
                contact["seq"] = len(contacts) - number
            if rnd.random() < 0.03:
                contact["recorded_at"] = _iso(contact["at"] + rnd.choice((0, 1, HOUR, DAY)))

    # ── facts ──

    def fact(self, instants: Sequence[int]) -> Table:
        """A fact that may bear on some rule, narrowed now and then by what it was not."""
        rnd = self.rnd
        if rnd.random() < 0.08 and not self.calm:
            made: Table = {"kind": "possible_timezone", "value": rnd.choice(self.pieces.zones)}
        elif rnd.random() < 0.3:
            made = worlds.fact(rnd, self.pieces.world)
        else:
            made = dict(rnd.choice(self.pieces.facts))
        for key, drawn, share in (
            ("debts", [rnd.choice("ABC")], 0.15),
            ("channel", rnd.choice(("call", "sms", "visit", "email")), 0.06),
            ("address", rnd.choice(_ADDRESSES), 0.06),
            ("party", rnd.choice(("debtor", "spouse", "guarantor")), 0.04),
            ("relation", rnd.choice(("heir", "parent")), 0.03),
            ("weekdays", rnd.sample(_WEEKDAYS, 2), 0.06),
        ):
            if rnd.random() < share:
                made[key] = drawn
        if rnd.random() < 0.08:
            made["window"] = [_hour(rnd.choice(self.pieces.times)) for _ in range(2)]
        return self.timed(made, instants)

    def timed(self, fact: Table, instants: Sequence[int]) -> Table:
        """The fact with its beginning, its end and when it was known, often in a contact's."""
        rnd = self.rnd
        since = self._near(instants)
        if rnd.random() < 0.5:
            since -= rnd.choice((DAY, 7 * DAY, 60 * DAY, 400 * DAY))
        told = {**fact, "since": _iso(since), "until": None, "recorded_at": None}
        if rnd.random() < 0.35:
            until = max(self._near(instants), since + rnd.choice((1, HOUR, DAY)))
            told["until"] = _iso(until)
        if rnd.random() < 0.4 and not self.calm:
            known = rnd.choice(
                (self._near(instants), since + rnd.randrange(72 * HOUR), since - DAY)
            )
            told["recorded_at"] = _iso(known)
        kept = {key: value for key, value in told.items() if value is not None and key != "id"}
        if "value" in kept:
            kept["value"] = self._dated(kept["value"])
        return kept

    def _near(self, instants: Sequence[int]) -> int:
        rnd = self.rnd
        at = rnd.choice(instants)
        match rnd.choices("csmbr", (40, 20, 10, 10, 20))[0]:
            case "s":
                return at + rnd.choice((-1, 1))
            case "m":
                return self.clock.at(self.clock.day(at), 0)
            case "b":
                return self._border(at - HOUR)
            case "r":
                return rnd.randint(instants[0] - 2 * DAY, instants[-1] + DAY)
            case _:
                return at


def _instant(text: str) -> int:
    return instant_of(datetime.fromisoformat(text))


def _iso(instant: int) -> str:
    return (_EPOCH + timedelta(seconds=instant)).isoformat()


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _hour(second: int) -> str:
    return f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
