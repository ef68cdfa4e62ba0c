"""Facts that follow from other facts and from contacts, such as "lost" or "a reply is owed".

A derived fact is found by the same search as a recorded one. Where a contact begins or ends it, the
contact's place in the history decides what comes before and what after, so that two contacts within
one second are told apart exactly as the standing tells them apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Protocol

from forbear.base.clock import Clock, instant_of, weekday
from forbear.base.contact import Contact, DerivedKind, Fact, FactId
from forbear.base.errors import PackError
from forbear.base.words import Channel, FactKind
from forbear.law.condition import Condition, Place, any_condition
from forbear.law.conditions import compile_condition
from forbear.law.matching import NARROWINGS
from forbear.law.values import compile_match, end_of, start_of
from forbear.law.view import Machine, View

_ALWAYS: Final = 1 << 62


@dataclass(slots=True)
class Derived:
    """A derived fact, the place of the contact that began it, and of the one that ended it."""

    fact: Fact
    born: int = -1
    died: int = _ALWAYS

    def seen_from(self, upto: int) -> Fact | None:
        """The fact as it stands before the contact at place ``upto``, if it had begun by then."""
        if self.born >= upto:
            return None
        if self.died < upto:
            return None
        return self.fact


class Derivation(Machine, Protocol):
    """A machine whose state gives facts of the kind ``name``."""

    @property
    def name(self) -> str: ...

    def facts(self, state: Any, view: View) -> list[Fact]:
        """The facts that stand before the view's contact."""
        ...


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

    def facts(self, state: list[tuple[int, Contact]], view: View) -> list[Fact]:
        found = []
        for fact in view.standing.recorded(self.source["fact"]):
            if not self._wanted(fact, view):
                continue
            cut = self._cut(fact, view)
            ended = next((n for n, contact in state if _ends(contact, fact)), _ALWAYS)
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
        ends = [self._with_grace(fact.until, clock), end_of(value.get("to"), clock)]
        if self.dates is not None:
            # The first date is that on which the fact was given, whenever it is to begin.
            ends.append(clock.at(clock.day(fact.since) + self.dates, 0))
        until = min((end for end in ends if end is not None), default=None)
        return replace(fact, since=since, until=until)

    def _with_grace(self, until: int | None, clock: Clock) -> int | None:
        """An end put off by business days, counted Monday to Friday from the day after."""
        if until is None or not self.grace:
            return until
        day, left = clock.day(until), self.grace
        while left:
            day += 1
            left -= weekday(day) < _WEEKEND
        return clock.at(day + 1, 0)


_WEEKEND: Final = 5


def _ends(contact: Contact, fact: Fact) -> bool:
    """Whether a contact that may end such facts ends this one: later, and about its debts."""
    if contact.instant <= fact.since:
        return False
    return not fact.debts or not contact.debts or bool(set(contact.debts) & set(fact.debts))


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


@dataclass(slots=True)
class _RunState:
    found: list[Derived] = field(default_factory=list)
    row: int = 0
    dates: list[int] = field(default_factory=list)
    contacts: list[str] = field(default_factory=list)


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

    def start(self) -> _RunState:
        return _RunState()

    def see(self, state: _RunState, view: View) -> None:
        # A call that may have reached the debtor ends it too: the fact lifts a refusal.
        if self.ends is not None and self.ends.test(view) is not False:
            for derived in state.found:
                if derived.died == _ALWAYS:
                    derived.died = view.place
            state.row, state.dates, state.contacts = 0, [], []
            return
        if self.of.test(view) is not True:
            return
        clock = _clock_of(self.place, view)
        day = clock.day(view.at)
        state.row += 1
        state.contacts.append(view.contact.id)
        if not state.dates or state.dates[-1] != day:
            state.dates = [*state.dates, day] if day - 1 in state.dates[-1:] else [day]
        for way in self.ways:
            if self._met(way, state, view):
                since = clock.at(day + 1, 0) if way.next_date else view.at
                self._begin(state, view, since)

    def _met(self, way: Way, state: _RunState, view: View) -> bool:
        if way.on is not None:
            return way.on.test(view) is True
        return (state.row if way.unit == "attempt" else len(state.dates)) >= way.run

    def _begin(self, state: _RunState, view: View, since: int) -> None:
        """Begin the fact, unless one that is still open begins as early."""
        open_now = [d for d in state.found if d.died == _ALWAYS]
        if any(derived.fact.since <= since for derived in open_now):
            return
        ident = FactId(f"{self.name}:{'+'.join(state.contacts[-3:])}")
        fact = Fact(id=ident, kind=DerivedKind(self.name), since=since)
        state.found.append(Derived(fact, born=view.place))

    def facts(self, state: _RunState, view: View) -> list[Fact]:
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
                if derived.died == _ALWAYS and self._same_medium(derived.fact, contact):
                    derived.died = view.place
        if self.begins.test(view) is True:
            state.append(Derived(self._fact(view), born=view.place))

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
