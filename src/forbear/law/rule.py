"""One rule of a pack, compiled: what it is about, what it refuses, and what lifts it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from forbear.base.clock import Clock, as_day
from forbear.base.contact import Fact
from forbear.base.errors import PackError
from forbear.base.reasons import Sentence
from forbear.base.words import Confidence, Effect, Level
from forbear.law.condition import Condition, Place, all_conditions, any_condition
from forbear.law.conditions import compile_condition, compile_parts
from forbear.law.matching import FactMatch, compile_fact
from forbear.law.values import all_of
from forbear.law.view import NO_CHANGE, Truth, View
from forbear.law.vocabulary import forbidden, hours, limit
from forbear.law.vocabulary.kind import Kind, Reader, Source

KINDS: Final[Mapping[str, Reader]] = {
    "forbidden": forbidden.read,
    "hours": hours.read,
    "limit": limit.read,
}
_OWN: Final = (
    "id", "clause", "says", "kind", "since", "until", "on", "unless", "answer", "effect", "level",
    "confidence", "except",
)  # fmt: skip
# A rule that goes on breaking through so many changes of its facts and hours is not looked at on.
_STEPS_MAX: Final = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """What the rules of one instrument share: the head of its ``rules.toml``."""

    pack: str
    id: str
    title: Sentence
    level: Level
    confidence: Confidence
    since: date
    until: date | None
    applies: Mapping[str, Any] | None
    regions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. ``since`` is its first local day, ``until`` the first day on which it is gone.

    ``on`` is what it is about: ``gate``, which neither hour nor history can move, and ``moving``.
    ``frozen`` is set where a pack is asked for as of a date: the rule is then in force always or
    never, whatever day a contact was on.
    """

    id: str
    instrument: Instrument
    clause: str
    says: Sentence
    level: Level
    effect: Effect
    confidence: Confidence
    since: int
    until: int | None
    kind_name: str
    kind: Kind
    on: Condition
    gate: Condition
    moving: Condition | None
    unless: Condition | None
    answer: FactMatch | None
    clock: Clock | None
    exceptions: Sentence | None
    table: Mapping[str, Any]
    frozen: int | None = None

    @property
    def timeless(self) -> bool:
        """Whether only the contact and the beginnings and ends of facts can change its answer."""
        plain = self.moving is None and not (self.unless and self.unless.clocked)
        return plain and self.answer is None and self.kind.timeless

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of fact that its answer may turn on."""
        return self.on.kinds | (self.unless.kinds if self.unless else frozenset())

    def in_force(self, day: int) -> bool:
        """Whether it binds on a local day."""
        asked = day if self.frozen is None else self.frozen
        return self.since <= asked and (self.until is None or asked < self.until)

    def breaks(self, view: View) -> Truth:
        """Whether the contact breaks it; None where something that matters is unsaid."""
        return self.breaks_within(view, self.gate.test(view))

    def breaks_within(self, view: View, gate: Truth) -> Truth:
        """The same where the answer of ``gate``, the timeless part of ``on``, is known already."""
        found = self._breaks_unanswered(view, gate)
        if found is False or self.answer is None:
            return found
        return False if self._answers(view) else found

    def _breaks_unanswered(self, view: View, gate: Truth) -> Truth:
        answer = gate
        if answer is not False and self.moving is not None:
            answer = all_of([gate, self.moving.test(view)])
        if answer is False:
            return False
        found = self.kind.breaks(view)
        if found is False:
            return False
        if self.unless is not None:
            lifted = self.unless.test(view)
            if lifted is True:
                return False
            if lifted is None:
                return None
        return found if answer is True else None

    def _answers(self, view: View) -> bool:
        """Whether the contact answers one that came while the rule was already shut.

        A person who writes in a closed time or place may be answered, until it opens again.
        """
        assert self.answer is not None
        for fact in self.answer.find(view):
            before = view.moved(fact.since - 1)
            if self._breaks_unanswered(before, self.gate.test(before)) is not True:
                continue
            if self._free(before, until=view.at, answered=False) > view.at:
                return True
        return False

    def free_from(self, view: View, *, until: int) -> int:
        """The first instant after the view's at which it no longer breaks, by itself.

        A lower bound that skips no lawful instant; NO_CHANGE where none comes up to ``until``.
        """
        return self._free(view, until=until, answered=True)

    def _free(self, view: View, *, until: int, answered: bool) -> int:
        at = view.at
        for _ in range(_STEPS_MAX):
            at = self.next(view.moved(at))
            if at > until:
                return NO_CHANGE
            there = view.moved(at)
            if not self.in_force(self._day(there)):
                return at
            gate = self.gate.test(there)
            breaks = self.breaks_within if answered else self._breaks_unanswered
            found = breaks(there, gate)
            if found is not True:
                return at
        return NO_CHANGE

    def next(self, view: View) -> int:
        """The first instant after the view's at which its answer may change by itself."""
        soonest = min(self.on.next(view), self.kind.next(view))
        if self.unless is not None:
            soonest = min(soonest, self.unless.next(view))
        if self.answer is not None:
            soonest = min(soonest, self.answer.next(view))
        if self.clock is None:
            soonest = min(soonest, view.standing.next_zones(view.at))
        if self.until is not None and self.frozen is None:
            gone = (self.clock or view.zones[0]).at(self.until, 0)
            if gone > view.at:
                soonest = min(soonest, gone)
        return soonest

    def _day(self, view: View) -> int:
        return (self.clock or view.zones[0]).day(view.at)

    def facts(self, view: View) -> list[Fact]:
        """The facts that a breach rests on, each once, oldest first."""
        unique = {fact.id: fact for fact in self.on.facts(view)}
        return sorted(unique.values(), key=lambda fact: (fact.since, fact.id))

    def missing(self, view: View) -> tuple[str, ...]:
        """What is unsaid and would be needed to answer."""
        again = view.moved(view.at)
        again.asked = set()
        self.breaks(again)
        return tuple(sorted(again.asked))


def compile_rule(
    table: Mapping[str, Any], instrument: Instrument, place: Place, *, frozen: date | None
) -> Rule:
    """A rule from its ``[[rule]]`` table; raises PackError that says what is wrong and where."""
    where = place.where
    for key in ("id", "clause", "says"):
        if key not in table:
            message = f"{where}: a rule needs {key!r}"
            raise PackError(message)
    for key in ("id", "clause"):
        if not isinstance(table[key], str) or not table[key]:
            message = f"{where}: {key} {table[key]!r} is no text; write it in quotation marks"
            raise PackError(message)
    if not isinstance(table.get("on", {}), dict):
        message = f'{where}: on is a table such as {{ channel = "call" }}'
        raise PackError(message)
    name = table.get("kind", "forbidden")
    if name not in list(KINDS):
        message = f"{where}: kind {name!r} is undefined; known are {', '.join(KINDS)}"
        raise PackError(message)
    parts, unless = _conditions(table, instrument, place)
    on = all_conditions(parts)
    moving = [part for part in parts if part.clocked]
    own = {key: value for key, value in table.items() if key not in _OWN}
    since, until = table.get("since", instrument.since), table.get("until", instrument.until)
    key = f"{instrument.pack}/{table['id']}@{since}"
    kind = KINDS[name](Source(table=own, place=place, on=on, key=key))
    return Rule(
        id=table["id"],
        instrument=instrument,
        clause=table["clause"],
        says=sentence(table["says"], where=f"{where}.says"),
        level=instrument.level,
        effect=_effect(table, instrument, where),
        confidence=Confidence(_word(Confidence, table, "confidence", instrument.confidence, where)),
        since=_day_of(since, where),
        until=None if until is None else _day_of(until, where),
        kind_name=name,
        kind=kind,
        on=on,
        # That it is outbound is always among the parts, and time does not change it.
        gate=all_conditions([part for part in parts if not part.clocked]),
        moving=all_conditions(moving) if moving else None,
        unless=unless,
        answer=_answer(table, kind, place),
        clock=place.clock,
        exceptions=sentence(table["except"], where=where) if "except" in table else None,
        table=table,
        frozen=None if frozen is None else as_day(frozen),
    )


def _conditions(
    table: Mapping[str, Any], instrument: Instrument, place: Place
) -> tuple[list[Condition], Condition | None]:
    """The parts of ``on``, which must all hold, and what lifts the rule."""
    parts = []
    if instrument.regions:
        parts.append(_in_region(instrument.regions))
    parts += compile_parts({"direction": "outbound", **table.get("on", {})}, place)
    if instrument.applies is not None:
        parts += compile_parts(dict(instrument.applies), place)
    unless = table.get("unless")
    if unless is None:
        return parts, None
    lifting = place.lifts(lifting=True)
    listed = unless if isinstance(unless, list) else [unless]
    return parts, any_condition([compile_condition(each, lifting) for each in listed])


def _in_region(regions: tuple[str, ...]) -> Condition:
    """The debtor lives in one of the places or in a part of it: US-NY takes in US-NY-NYC.

    A region that is wider than all of them, such as GB for GB-ENG, does not tell.
    """
    within = tuple(f"{region}-" for region in regions)

    def test(view: View) -> Truth:
        said = view.standing.region
        if said is None:
            return view.unsaid("region")
        if f"{said}-".startswith(within):
            return True
        wider = any(region.startswith(f"{said}-") for region in regions)
        return view.unsaid("region") if wider else False

    return Condition(test, lambda _view: NO_CHANGE, lambda _view: [])


def _answer(table: Mapping[str, Any], kind: Kind, place: Place) -> FactMatch | None:
    if "answer" not in table:
        return None
    if kind.machines:
        message = f"{place.where}: answer cannot lift a limit; use unless"
        raise PackError(message)
    return compile_fact(
        table["answer"],
        kinds=place.terms.kinds,
        clock=place.clock,
        lifting=True,
        where=f"{place.where}.answer",
    )


def _effect(table: Mapping[str, Any], instrument: Instrument, where: str) -> Effect:
    effect = Effect(_word(Effect, table, "effect", Effect.DENY, where))
    sure = Confidence(_word(Confidence, table, "confidence", instrument.confidence, where))
    allowed = {
        Confidence.TEXT: 0,
        Confidence.QUOTED: 0,
        Confidence.WEAK: 1,
        Confidence.RECALLED: 1,
        Confidence.DRAFT: 2,
    }[sure]
    if instrument.level is not Level.HOUSE and list(Effect).index(effect) < allowed:
        most = list(Effect)[allowed]
        message = f"{where}: a reading that is {sure} can at most {most}, not {effect}"
        raise PackError(message)
    return effect


def _word(words: Any, table: Mapping[str, Any], key: str, default: Any, where: str) -> Any:
    value = table.get(key, default)
    if value not in list(words):
        message = f"{where}: {key} {value!r} is unknown; known are {', '.join(words)}"
        raise PackError(message)
    return value


def _day_of(value: Any, where: str) -> int:
    if type(value) is not date:
        message = f"{where}: {value!r} is no date; write one such as 2025-02-28, unquoted"
        raise PackError(message)
    return as_day(value)


def sentence(value: Any, *, where: str) -> Sentence:
    """``{ zh = "…", en = "…" }`` as a Sentence; raises PackError where one is missing."""
    if not isinstance(value, dict) or set(value) != {"zh", "en"}:
        message = f'{where}: a sentence is written {{ zh = "…", en = "…" }}'
        raise PackError(message)
    return Sentence(zh=str(value["zh"]), en=str(value["en"]))
