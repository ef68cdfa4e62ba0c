"""Which facts about a debtor bear on a contact.

What a fact says of itself narrows it: a fact about one address, channel, debt, party or hour bears
on contacts to that address, by that channel, about that debt and so on, and on no others. Where a
fact would refuse a contact, one plausible time zone in its hours is enough; where it would lift a
refusal, every plausible zone must be, and every debt of the contact.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from forbear.base.clock import Clock
from forbear.base.contact import Fact
from forbear.base.errors import PackError
from forbear.base.words import Channel
from forbear.law.values import Match, compile_match
from forbear.law.view import NO_CHANGE, View

SCOPES: Final = ("debts", "channel", "address", "party", "relation")
NARROWINGS: Final = frozenset({*SCOPES, "window", "weekdays"})
_KEYS: Final = frozenset(
    {
        "fact", "state", "hour", "scope", "value", "narrowed_by", "not_narrowed_by", "unless_later",
    }
)  # fmt: skip
_STATES: Final = frozenset({"holds", "past", "ever"})
_HOURS: Final = frozenset({"inside", "through", "outside", "any"})


@dataclass(frozen=True, slots=True)
class FactMatch:
    """A compiled search for facts: those that bear on a view, and when that may change.

    With ``clocked`` it may change otherwise than by a fact's beginning or end.
    """

    kind: str
    find: Callable[[View], list[Fact]]
    next: Callable[[View], int]
    clocked: bool
    search: Search


def zones_of(view: View, clock: Clock | None) -> tuple[Clock, ...]:
    """The clocks of a rule: its own fixed one, or all that are plausible for the debtor."""
    return (clock,) if clock is not None else view.zones


def compile_fact(
    spec: Any, *, kinds: Mapping[str, str], clock: Clock | None, lifting: bool, where: str
) -> FactMatch:
    """A search as written in a pack: a kind of fact, or a table; raises PackError where wrong."""
    if not isinstance(spec, str | dict):
        message = f'{where}: a fact is named, or searched for by a table {{ fact = "consent" }}'
        raise PackError(message)
    table: dict[str, Any] = {"fact": spec} if isinstance(spec, str) else dict(spec)
    unknown = set(table) - _KEYS
    if unknown or "fact" not in table:
        said = f"unknown key {sorted(unknown)[0]!r}" if unknown else "no key 'fact'"
        message = f"{where}: {said} in a fact; known are {', '.join(sorted(_KEYS))}"
        raise PackError(message)
    kind = table["fact"]
    if kind not in list(kinds):
        message = f"{where}: fact {kind!r} is undefined; name a kind of fact or add a [[derive]]"
        raise PackError(message)
    state, hour = table.get("state", "holds"), table.get("hour", "inside")
    scope = tuple(table.get("scope", SCOPES))
    narrowed = frozenset(table.get("narrowed_by", ()))
    barred = frozenset(table.get("not_narrowed_by", ()))
    for name, given, known in (
        ("state", {state}, _STATES),
        ("hour", {hour}, _HOURS),
        ("scope", set(scope), set(SCOPES)),
        ("narrowed_by", narrowed | barred, NARROWINGS),
    ):
        if wrong := sorted(set(given) - set(known)):
            message = f"{where}: {name} {wrong[0]!r} is unknown; known are "
            raise PackError(message + ", ".join(sorted(known)))
    value = None
    if "value" in table:
        value = compile_match(table["value"], where=f"{where}.value", closed=True)
    later = table.get("unless_later")
    if later is not None and later not in kinds:
        message = f"{where}: fact {later!r} is undefined; name a kind of fact"
        raise PackError(message)
    kind = kinds[kind]
    later = kinds[later] if later is not None else None
    search = Search(kind, state, hour, scope, narrowed, barred, value, later, clock, lifting)
    clocked = later is not None or (value is not None and value.plain is None)
    return FactMatch(kind, search.find, search.next, clocked, search)


@dataclass(frozen=True, slots=True)
class Search:
    """A search for facts, as a pack writes it."""

    kind: str
    state: str
    hour: str
    scope: tuple[str, ...]
    narrowed: frozenset[str]
    barred: frozenset[str]
    value: Match | None
    later: str | None
    clock: Clock | None
    lifting: bool

    def find(self, view: View) -> list[Fact]:
        facts = view.standing.facts(self.kind, view)
        if not facts:
            return []
        found = [fact for fact in facts if self._bears(fact, view)]
        if found and self.lifting and not _covers_debts(found, view):
            return []
        return found

    def _bears(self, fact: Fact, view: View) -> bool:
        return self.bears_at_some_hour(fact, view) and self._in_hours(fact, view)

    def bears_at_some_hour(self, fact: Fact, view: View) -> bool:
        """Whether a fact bears on the view's contact, but for the hours that the fact may have."""
        return (
            self._in_time(fact, view.at)
            and self._in_scope(fact, view)
            and self._shaped(fact)
            and self._valued(fact, view)
            and not (self.later is not None and self._settled(fact, self.later, view))
        )

    def _settled(self, fact: Fact, later: str, view: View) -> bool:
        """Whether a fact of the kind ``later`` has come since, about the same debts."""
        return any(
            fact.since <= other.since <= view.at
            and (not other.debts or not view.debts or set(view.debts) <= set(other.debts))
            for other in view.standing.facts(later, view)
        )

    def _in_time(self, fact: Fact, at: int) -> bool:
        if fact.since > at:
            return False
        if self.state == "holds":
            return fact.until is None or at < fact.until
        return self.state == "ever" or (fact.until is not None and fact.until <= at)

    def _in_scope(self, fact: Fact, view: View) -> bool:
        contact = view.contact
        for name in self.scope:
            if name == "debts":
                if fact.debts and view.debts and not set(fact.debts) & set(view.debts):
                    return False
                # A contact about no named debt may be about any: that refuses, and never lifts.
                if fact.debts and not view.debts and self.lifting:
                    return False
            elif name == "channel":
                if not _same_channel(fact.channel, contact.channel):
                    return False
            elif name == "relation":
                if fact.relation is not None and fact.relation != contact.more.get("relation"):
                    return False
            elif (narrow := getattr(fact, name)) is not None and narrow != getattr(contact, name):
                return False
        return True

    def _shaped(self, fact: Fact) -> bool:
        if self.narrowed and not any(_narrows(fact, name) for name in self.narrowed):
            return False
        return not any(_narrows(fact, name) for name in self.barred)

    def _valued(self, fact: Fact, view: View) -> bool:
        if self.value is None:
            return True
        clock = zones_of(view, self.clock)[0]
        return self.value.test(fact.value, view.at, clock) is True

    def _in_hours(self, fact: Fact, view: View) -> bool:
        if self.hour == "any" or (fact.window is None and fact.weekdays is None):
            return self.hour != "outside"
        inside = [self._covers(fact, zone, view.at) for zone in zones_of(view, self.clock)]
        if self.hour == "outside":
            return not (any(inside) if self.lifting else all(inside))
        return all(inside) if self.lifting else any(inside)

    def _covers(self, fact: Fact, zone: Clock, at: int) -> bool:
        """Whether the fact's hours take in this instant, and with ``through`` their last second."""
        if fact.covers_hour(zone.day(at), zone.second_of_day(at)):
            return True
        # The second that ends a window is the one after the last within it.
        last = self.hour == "through" and fact.window is not None
        return last and fact.covers_hour(zone.day(at - 1), zone.second_of_day(at - 1))

    def next(self, view: View) -> int:
        """The first instant after the view's at which the search may find something else."""
        at, soonest = view.at, NO_CHANGE
        if self.later is not None:
            since = (other.since for other in view.standing.facts(self.later, view))
            soonest = min((moment for moment in since if moment > at), default=NO_CHANGE)
        for fact in view.standing.facts(self.kind, view):
            for edge in (fact.since, fact.until):
                if edge is not None and at < edge < soonest:
                    soonest = edge
            if self.value is not None:
                clock = zones_of(view, self.clock)[0]
                soonest = min(soonest, self.value.next(fact.value, at, clock))
            if self.hour != "any" and (fact.window or fact.weekdays):
                edge = next_edge(view, self.clock, fact.window)
                if self.hour == "through":
                    # One second later than where the window ends, which may be this second.
                    late = next_edge(view.moved(at - 1), self.clock, fact.window) + 1
                    edge = min(edge, late)
                soonest = min(soonest, edge)
        return soonest


def next_edge(view: View, clock: Clock | None, window: tuple[int, int] | None) -> int:
    """The next midnight or edge of ``window`` on any clock of the rule."""
    at, soonest = view.at, NO_CHANGE
    for zone in zones_of(view, clock):
        today = zone.day(at)
        for day in (today, today + 1):
            for second in (0, *(window or ())):
                for edge in zone.edges(day, second):
                    if at < edge < soonest:
                        soonest = edge
    return soonest


def _same_channel(told: Channel | None, used: Channel) -> bool:
    # A message left on a telephone came by a call, so what is said of calls holds for it.
    return told is None or told is used or (told is Channel.CALL and used is Channel.VOICEMAIL)


def _narrows(fact: Fact, name: str) -> bool:
    return bool(getattr(fact, name)) if name == "debts" else getattr(fact, name) is not None


def _covers_debts(found: list[Fact], view: View) -> bool:
    if any(not fact.debts for fact in found) or not view.debts:
        return True
    return set(view.debts) <= {debt for fact in found for debt in fact.debts}
