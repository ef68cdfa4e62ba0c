"""Facts that follow from other facts and from contacts, such as "lost" or "a reply is owed".

A derived fact is found by the same search as a recorded one. Where a contact begins or ends it, the
contact's place in the history decides what comes before and what after, so that two contacts within
one second are told apart exactly as the standing tells them apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

from forbear.base.clock import Clock, instant_of
from forbear.base.contact import Contact, DerivedKind, Fact, FactId
from forbear.base.errors import PackError
from forbear.base.words import Channel, FactKind
from forbear.law.condition import Condition, Place, any_condition
from forbear.law.conditions import compile_condition
from forbear.law.derived import (
    ALWAYS,
    Derived,
    RunState,
    derived_read,
    ended_by,
    put_off,
    says_as,
)
from forbear.law.kept_form import contact_read, contact_written
from forbear.law.matching import NARROWINGS
from forbear.law.values import compile_match, end_of, start_of
from forbear.law.view import Ahead, Machine, View


class Derivation(Machine, Protocol):
    """A machine whose state gives facts of the kind ``name``."""

    @property
    def name(self) -> str: ...

    def facts(self, state: Any, view: View) -> list[Fact]:
        """The facts that stand before the view's contact."""


def compile_derive(table: Mapping[str, Any], place: Place, *, name: str) -> Derivation:
    """A derivation from a ``[[derive]]`` table; raises PackError that says what is wrong."""
    known = {
        "from": ("fact", "from", "lasts", "grace", "ends_on", "says"),
        "any": ("fact", "any", "of", "ends_on", "says"),
        "begins_on": ("fact", "begins_on", "carries", "lasts", "ends_on", "says"),
    }
    kind = next((key for key in known if key in table), None)
    if kind is None:
        message = f"{place.where}: a derive needs one of {', '.join(known)}"
        raise PackError(message)
    if unknown := set(table) - set(known[kind]):
        message = f"{place.where}: unknown key {sorted(unknown)[0]!r}; known are "
        raise PackError(message + ", ".join(known[kind]))
    if kind == "from":
        return _lasting(table, place, name)
    return _run(table, place, name) if kind == "any" else _begun(table, place, name)


def selectors(spec: Any, place: Place) -> Condition | None:
    """Any of several conditions on contacts, or None where there are none."""
    listed = spec if isinstance(spec, list) else [spec]
    if not listed or spec is None:
        return None
    return any_condition([compile_condition(each, place) for each in listed])


def _dates(spec: Any, where: str) -> int | None:
    """The number of dates that something lasts, the first one included."""
    if spec is None:
        return None
    dates = spec.get("dates") if isinstance(spec, Mapping) else None
    known = isinstance(spec, Mapping) and not set(spec) - {"dates", "first"}
    if not known or not isinstance(dates, int) or isinstance(dates, bool) or dates < 1:
        message = f'{where}: lasts is written {{ dates = 7, first = "since" }}'
        raise PackError(message)
    if spec.get("first", "since") not in ("since", "next"):
        message = f"{where}: first is since (the day itself counts) or next (the day after)"
        raise PackError(message)
    return dates + (1 if spec.get("first") == "next" else 0)


def _clock_of(place: Place, view: View) -> Clock:
    return place.clock or view.zones[0]


def _kinds(*conditions: Condition | None) -> frozenset[str]:
    """The kinds of fact that a derivation turns on: those it names, and what moves its clock."""
    named = frozenset().union(*(c.kinds for c in conditions if c is not None))
    return named | {FactKind.POSSIBLE_TIMEZONE}


# ── from another fact ──


@dataclass(frozen=True, slots=True)
class Lasting:
    """A recorded fact, cut short by a number of dates, a named period or a contact."""

    name: str
    key: str
    source: Mapping[str, Any]
    dates: int | None
    grace: int
    ends: Condition | None
    place: Place
    kinds: frozenset[str]

    def start(self) -> list[tuple[int, Contact]]:
        return []

    def see(self, state: list[tuple[int, Contact]], view: View) -> None:
        if self.ends is not None and self.ends.test(view) is not False:
            state.append((view.place, view.contact))

    def copy(self, state: list[tuple[int, Contact]]) -> list[tuple[int, Contact]]:
        return list(state)

    def forget(self, state: list[tuple[int, Contact]], ahead: Ahead) -> None:
        """Keep, for each fact that is known, the contact that ended it."""
        known = ahead.known.recorded(self.source["fact"])
        ends = {next((n for n, c in state if ended_by(c, fact)), None) for fact in known}
        state[:] = [(place, contact) for place, contact in state if place in ends]

    def written(self, state: list[tuple[int, Contact]]) -> Any:
        return [[place, contact_written(contact)] for place, contact in state]

    def read(self, written: Any) -> list[tuple[int, Contact]]:
        return [(place, contact_read(table)) for place, table in written]

    def facts(self, state: list[tuple[int, Contact]], view: View) -> list[Fact]:
        found = []
        for fact in view.standing.recorded(self.source["fact"]):
            if not self._wanted(fact, view):
                continue
            cut = self._cut(fact, view)
            ended = next((n for n, contact in state if ended_by(contact, fact)), ALWAYS)
            if (seen := Derived(cut, died=ended).seen_from(view.upto)) is not None:
                found.append(seen)
        return found

    def _wanted(self, fact: Fact, view: View) -> bool:
        channels = self.source.get("channel")
        if channels is not None and fact.channel is not None and fact.channel not in channels:
            return False
        barred = self.source.get("not_narrowed_by", ())
        if any(getattr(fact, name) is not None for name in barred):
            return False
        match = self.source.get("match")
        return match is None or match.test(fact.value, view.at, _clock_of(self.place, view)) is True

    def _cut(self, fact: Fact, view: View) -> Fact:
        clock = _clock_of(self.place, view)
        value = fact.value if isinstance(fact.value, Mapping) else {}
        since = max(fact.since, start_of(value.get("from"), clock) or fact.since)
        ends = [put_off(fact.until, self.grace, clock), end_of(value.get("to"), clock)]
        if self.dates is not None:
            # The first date is that on which the fact was given, whenever it is to begin.
            ends.append(clock.at(clock.day(fact.since) + self.dates, 0))
        until = min((end for end in ends if end is not None), default=None)
        return replace(fact, since=since, until=until)


def _lasting(table: Mapping[str, Any], place: Place, name: str) -> Lasting:
    source = table["from"]
    source = {"fact": source} if isinstance(source, str) else dict(source)
    known = {"fact", "channel", "value", "not_narrowed_by"}
    if set(source) - known or source.get("fact") not in list(FactKind):
        message = f"{place.where}: from names a recorded fact, with keys {', '.join(sorted(known))}"
        raise PackError(message)
    if "channel" in source:
        channel = source["channel"]
        source["channel"] = channel if isinstance(channel, list) else [channel]
    for key, known_words in (("channel", list(Channel)), ("not_narrowed_by", NARROWINGS)):
        if wrong := [word for word in source.get(key, ()) if word not in known_words]:
            message = f"{place.where}: {key} {wrong[0]!r} is unknown; known are "
            raise PackError(message + ", ".join(sorted(known_words)))
    if "value" in source:
        source["match"] = compile_match(
            source.pop("value"), where=f"{place.where}.from.value", closed=True
        )
        if source["match"].plain is None:
            message = (
                f"{place.where}: from.value cannot turn on the time; ask that where it is used"
            )
            raise PackError(message)
    ends = selectors(table.get("ends_on"), place)
    kinds = _kinds(ends) | {source["fact"]}
    dates = _dates(table.get("lasts"), place.where)
    grace = table.get("grace", {"business_days": 0})
    days = grace.get("business_days") if isinstance(grace, dict) else None
    if type(days) is not int or days < 0 or len(grace) != 1:
        message = f"{place.where}: grace is written {{ business_days = 10 }}"
        raise PackError(message)
    return Lasting(name, f"derive:{name}", source, dates, days, ends, place, kinds)


# ── from contacts in a row ──


@dataclass(frozen=True, slots=True)
class Way:
    """One way to begin: ``run`` contacts or dates in a row, or one contact of a kind."""

    run: int
    unit: str
    next_date: bool
    on: Condition | None


@dataclass(frozen=True, slots=True)
class Run:
    """A fact that begins when contacts fail several times in a row, and ends on a success.

    Without ``ends`` it begins after so many in all, and stays.
    """

    name: str
    key: str
    ways: tuple[Way, ...]
    of: Condition
    ends: Condition | None
    place: Place
    kinds: frozenset[str]

    def start(self) -> RunState:
        return RunState()

    def see(self, state: RunState, view: View) -> None:
        # A call that may have reached the debtor ends it too: the fact lifts a refusal.
        if self.ends is not None and self.ends.test(view) is not False:
            for derived in state.found:
                if derived.died == ALWAYS:
                    derived.died = view.place
            state.row, state.dates, state.contacts = 0, [], []
            return
        if self.of.test(view) is not True:
            return
        clock = _clock_of(self.place, view)
        day = clock.day(view.at)
        state.count(view.contact.id)
        if not state.dates or state.dates[-1] != day:
            # More dates than a way asks for say no more than so many do.
            longest = max(way.run for way in self.ways)
            row = state.dates[-longest:] if day - 1 in state.dates[-1:] else []
            state.dates = [*row, day]
        for way in self.ways:
            if self._met(way, state, view):
                since = clock.at(day + 1, 0) if way.next_date else view.at
                self._begin(state, view, since)

    def _met(self, way: Way, state: RunState, view: View) -> bool:
        if way.on is not None:
            return way.on.test(view) is True
        return (state.row if way.unit == "attempt" else len(state.dates)) >= way.run

    def _begin(self, state: RunState, view: View, since: int) -> None:
        """Begin the fact, unless one that is still open begins as early."""
        open_now = [d for d in state.found if d.died == ALWAYS]
        if any(derived.fact.since <= since for derived in open_now):
            return
        ident = FactId(f"{self.name}:{'+'.join(state.contacts)}")
        fact = Fact(id=ident, kind=DerivedKind(self.name), since=since)
        state.found.append(Derived(fact, born=view.place))

    def copy(self, state: RunState) -> RunState:
        found = [derived.copy() for derived in state.found]
        return RunState(found, state.row, state.dates, state.contacts)

    def forget(self, state: RunState, ahead: Ahead) -> None:
        state.found = [derived for derived in state.found if derived.matters(ahead)]

    def written(self, state: RunState) -> Any:
        found = [derived.written() for derived in state.found]
        return [found, state.row, state.dates, state.contacts]

    def read(self, written: Any) -> RunState:
        found, row, dates, contacts = written
        return RunState([derived_read(each) for each in found], row, dates, contacts)

    def facts(self, state: RunState, view: View) -> list[Fact]:
        seen = (derived.seen_from(view.upto) for derived in state.found)
        return [fact for fact in seen if fact is not None]


def _run(table: Mapping[str, Any], place: Place, name: str) -> Run:
    of, ends = selectors(table.get("of"), place), selectors(table.get("ends_on"), place)
    if of is None:
        message = f"{place.where}: a run needs 'of', the contacts it counts"
        raise PackError(message)
    ways = []
    for each in table["any"]:
        if "run" in each:
            unknown = set(each) - {"run", "unit", "holds_from"}
            unit, start = each.get("unit", "attempt"), each.get("holds_from", "next_attempt")
            wrong = unknown or type(each["run"]) is not int or each["run"] < 1
            if wrong or unit not in ("attempt", "date") or start not in _STARTS:
                message = (
                    f'{place.where}: a run is written {{ run = 3, unit = "attempt" or "date", '
                    'holds_from = "next_date" or "next_attempt" }'
                )
                raise PackError(message)
            ways.append(Way(each["run"], unit, next_date=start == "next_date", on=None))
        else:
            ways.append(Way(1, "attempt", next_date=False, on=compile_condition(each, place)))
    kinds = _kinds(of, ends, *(way.on for way in ways))
    return Run(name, f"derive:{name}", tuple(ways), of, ends, place, kinds)


_STARTS: Final = ("next_date", "next_attempt")


# ── from one contact ──


@dataclass(frozen=True, slots=True)
class Begun:
    """A fact that one contact begins, and a later one in the same medium ends."""

    name: str
    key: str
    begins: Condition
    carries: frozenset[str]
    dates: int | None
    ends: Condition | None
    place: Place
    kinds: frozenset[str]

    def start(self) -> list[Derived]:
        return []

    def see(self, state: list[Derived], view: View) -> None:
        contact = view.contact
        if self.ends is not None and self.ends.test(view) is not False:
            for derived in state:
                if derived.died == ALWAYS and self._same_medium(derived.fact, contact):
                    derived.died = view.place
        if self.begins.test(view) is True:
            begun = Derived(self._fact(view), born=view.place)
            if begun.fact.until is None:
                # For good: of those that say the same, the first and the latest say it all.
                same = [d for d in state if d.died == ALWAYS and says_as(begun.fact, d.fact)]
                for derived in same[1:]:
                    derived.died = view.place
            state.append(begun)

    def copy(self, state: list[Derived]) -> list[Derived]:
        return [derived.copy() for derived in state]

    def forget(self, state: list[Derived], ahead: Ahead) -> None:
        state[:] = [derived for derived in state if derived.matters(ahead)]

    def written(self, state: list[Derived]) -> Any:
        return [derived.written() for derived in state]

    def read(self, written: Any) -> list[Derived]:
        return [derived_read(each) for each in written]

    def _same_medium(self, fact: Fact, contact: Contact) -> bool:
        if fact.channel is not None and fact.channel is not contact.channel:
            return False
        address = contact.address
        return fact.address is None or not isinstance(address, str) or fact.address == address

    def _fact(self, view: View) -> Fact:
        contact = view.contact
        clock = _clock_of(self.place, view)
        address = contact.address if "address" in self.carries else None
        until = None if self.dates is None else clock.at(clock.day(view.at) + self.dates, 0)
        return Fact(
            id=FactId(f"{self.name}:{contact.id}"),
            kind=DerivedKind(self.name),
            since=instant_of(contact.at),
            until=until,
            debts=contact.debts if "debts" in self.carries else (),
            channel=contact.channel if "channel" in self.carries else None,
            address=address if isinstance(address, str) else None,
        )

    def facts(self, state: list[Derived], view: View) -> list[Fact]:
        seen = (derived.seen_from(view.upto) for derived in state)
        return [fact for fact in seen if fact is not None]


def _begun(table: Mapping[str, Any], place: Place, name: str) -> Begun:
    begins = selectors(table["begins_on"], place)
    carries = frozenset(table.get("carries", ()))
    if begins is None or carries - {"channel", "address", "debts"}:
        message = (
            f"{place.where}: begins_on needs conditions, and carries channel, address or debts"
        )
        raise PackError(message)
    ends = selectors(table.get("ends_on"), place)
    dates = _dates(table.get("lasts"), place.where)
    return Begun(name, f"derive:{name}", begins, carries, dates, ends, place, _kinds(begins, ends))
