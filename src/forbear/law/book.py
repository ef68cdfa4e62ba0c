"""A book of law: packs, loaded, checked and compiled, against which cases are decided."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from forbear.base.clock import clock
from forbear.base.errors import PackError
from forbear.base.words import Channel, FactKind, Party
from forbear.law.condition import Place, Terms
from forbear.law.conditions import compile_condition
from forbear.law.derive import Derivation, compile_derive
from forbear.law.house import check_house
from forbear.law.labels import Labels, load_labels
from forbear.law.packs import Pack, PackFiles, read_pack, requested
from forbear.law.rule import Rule, compile_rule
from forbear.law.view import NO_CHANGE, Machine, Truth

_NO_LABELS = ""
# Days, channels, parties and facts make few combinations within one piece of work.
_KEPT_MAX = 10_000
# A shape with its answer takes about a kilobyte.
_SETTLED_MAX = 50_000


# Rules that a contact's shape decides, those whose gate it decides, and those it does not.
Split = tuple[tuple[tuple[Rule, None], ...], tuple[Rule, ...], tuple[Rule, ...]]


class RuleSet(NamedTuple):
    """Rules that can concern a contact: those that neither hour nor history moves, and the others.

    Two contacts with one ``number`` are asked of by the same rules and have words that do the same.
    """

    number: int
    timeless: tuple[Rule, ...]
    others: tuple[Rule, ...]
    splits: dict[frozenset[str], Split]

    def split(self, hourly: frozenset[str]) -> Split:
        """The rules that only a contact's shape decides, those whose gate it decides, the others.

        ``hourly`` are the kinds of fact of which some hold at certain hours only.
        """
        found = self.splits.get(hourly)
        if found is None:
            rest = (*self.others, *(r for r in self.timeless if not hourly.isdisjoint(r.kinds)))
            found = self.splits[hourly] = (
                tuple((r, None) for r in self.timeless if hourly.isdisjoint(r.kinds)),
                tuple(r for r in rest if hourly.isdisjoint(r.gate.kinds)),
                tuple(r for r in rest if not hourly.isdisjoint(r.gate.kinds)),
            )
        return found


class Asked(NamedTuple):
    """What is known of a contact before any rule is asked: enough to leave most rules aside.

    ``said`` are the keys of ``MORE_KEYS`` that it says, ``text`` whether it has words, ``labels``
    what they do; each is None where a rule that needs it must be asked all the same, because unsaid
    is then unknown.
    """

    day: int
    channel: Channel
    party: Party
    facts: frozenset[str]
    said: frozenset[str] | None
    text: bool | None
    labels: frozenset[str] | None

    def reaches(self, rule: Rule) -> bool:
        """Whether the rule can concern such a contact."""
        reach = rule.on.reach
        return bool(
            (reach.channels is None or self.channel in reach.channels)
            and (reach.parties is None or self.party in reach.parties)
            and reach.facts <= self.facts
            and (self.said is None or reach.said <= self.said)
            and (self.text is not False or not reach.text)
            and (self.labels is None or reach.labels is None or self.labels & reach.labels)
        )


@dataclass(frozen=True, slots=True)
class Settled:
    """The rules that break, or cannot be answered, for every contact of one shape.

    Each stands with the number of the debt for which it does, 0 where the contact is about one.
    ``open`` are the rules that the hour or the history still decides, each with what is settled of
    it: whether it is about such contacts at all.
    """

    broken: tuple[tuple[Rule, int], ...]
    unknown: tuple[tuple[Rule, int], ...]
    open: tuple[tuple[Rule, tuple[Truth, ...] | None], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """Compiled packs. ``hashes`` maps each pack as it was asked for to its hash."""

    packs: tuple[Pack, ...]
    rules: tuple[Rule, ...]
    derivations: Mapping[str, Derivation]
    machines: Mapping[str, Machine]
    hashes: Mapping[str, str]
    labels: Mapping[str, Labels]
    zone: str
    zones: Mapping[str, str] = field(default_factory=dict)
    borders: tuple[int, ...] = ()
    _kept: dict[Asked, RuleSet] = field(default_factory=dict, repr=False)
    _sets: dict[tuple[str, ...], RuleSet] = field(default_factory=dict, repr=False)
    _numbers: dict[tuple[Any, ...], int] = field(default_factory=dict, repr=False)
    _labelled: dict[str, frozenset[str]] = field(default_factory=dict, repr=False)
    settled: dict[tuple[Any, ...], Settled] = field(default_factory=dict, repr=False)

    def number_of(self, key: tuple[Any, ...]) -> int:
        """A number for a key, the same whenever it is asked for."""
        return self._numbers.setdefault(key, len(self._numbers))

    def keep(self, shape: tuple[Any, ...], settled: Settled) -> None:
        """Keep what only the shape of a contact decides, for the next one of that shape."""
        if len(self.settled) >= _SETTLED_MAX:
            self.settled.clear()
        self.settled[shape] = settled

    def rules_for(self, asked: Asked) -> RuleSet:
        """The rules in force that can concern a contact of which so much is known."""
        found = self._kept.get(asked)
        if found is None:
            if len(self._kept) >= _KEPT_MAX:
                self._kept.clear()
            rules = [r for r in self.rules if r.in_force(asked.day) and asked.reaches(r)]
            # Most days have the same rules, and what is kept for one then serves for the others.
            name = (
                *(f"{rule.instrument.pack}/{rule.id}@{rule.since}" for rule in rules),
                *sorted(asked.labels or ()),
            )
            if name not in self._sets:
                self._sets[name] = RuleSet(
                    number=len(self._sets),
                    timeless=tuple(rule for rule in rules if rule.timeless),
                    others=tuple(rule for rule in rules if not rule.timeless),
                    splits={},
                )
            found = self._kept[asked] = self._sets[name]
        return found

    def era(self, day: int) -> int:
        """The first day of the time in which the same rules are in force as on a day."""
        place = bisect_right(self.borders, day)
        return self.borders[place - 1] if place else -NO_CHANGE

    def labels_of(self, text: str) -> frozenset[str]:
        """What a text does by the labels of every pack, each with its pack's name before it."""
        found = self._labelled.get(text)
        if found is None:
            if len(self._labelled) >= _KEPT_MAX:
                self._labelled.clear()
            found = self._labelled[text] = frozenset(
                f"{pack}:{name}" for pack, labels in self.labels.items() for name in labels.of(text)
            )
        return found

    def zone_of(self, region: str | None) -> str:
        """The zone of a debtor of whom only the region is known: AU-WA, or any part of it."""
        told = f"{region}-"
        near = [name for name in self.zones if told.startswith(f"{name}-")]
        return self.zones[max(near, key=len)] if near else self.zone

    def rule(self, rule_id: str) -> Rule | None:
        """The latest version of a rule by its id, or None."""
        found = [rule for rule in self.rules if rule.id == rule_id]
        return max(found, key=lambda rule: rule.since, default=None)


@lru_cache(maxsize=64)
def _load(names: tuple[str, ...], as_of: date | None) -> Book:
    files: dict[str, tuple[PackFiles, date | None]] = {}
    for name in names:
        asked, day = requested(name)
        day = day or as_of
        for pack in read_pack(asked):
            if (known := files.get(pack.pack.name)) and known[1] != day:
                message = f"pack {pack.pack.name} was asked for as of two dates; name it once"
                raise PackError(message)
            files[pack.pack.name] = (pack, day)
    return _compile(list(files.values()))


def load(names: Iterable[str], *, as_of: date | None = None) -> Book:
    """The book of the named packs: ``cn``, ``cn@2024-06-01`` (its law of that day), or a folder.

    A house pack brings the public pack that it extends. Raises PackError that says in one line what
    is wrong, where, and how to mend it.
    """
    listed = tuple(dict.fromkeys(names))
    if not listed:
        message = "no pack was named; name one such as cn"
        raise PackError(message)
    return _load(listed, as_of)


def _compile(found: list[tuple[PackFiles, date | None]]) -> Book:
    rules: list[Rule] = []
    derivations: dict[str, Derivation] = {}
    scopes: dict[str, _Scope] = {}
    for files, day in found:
        base = scopes.get(files.pack.extends or "")
        scope = _scope(files, base)
        scopes[files.pack.name] = scope
        for derivation in scope.own:
            derivations[derivation.name] = derivation
        own = list(_rules(files, scope, day))
        check_versions(own)
        if files.pack.house:
            check_house(own, rules, files.pack)
        rules += own
    machines = {m.key: m for rule in rules for m in rule.kind.machines}
    machines |= {derivation.key: derivation for derivation in derivations.values()}
    return Book(
        packs=tuple(files.pack for files, _ in found),
        rules=tuple(rules),
        derivations=derivations,
        machines=machines,
        hashes={
            files.pack.name if day is None else f"{files.pack.name}@{day}": files.pack.sha256
            for files, day in found
        },
        labels={s.terms.labels_of: s.terms.labels for s in scopes.values()},
        borders=tuple(sorted({d for r in rules for d in (r.since, r.until) if d is not None})),
        zone=next((f.pack.zone for f, _ in found if f.pack.zone), "UTC"),
        zones={region: name for f, _ in found for region, name in f.pack.zones.items()},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scope:
    """The words that the rules of one pack may use."""

    terms: Terms
    own: tuple[Derivation, ...]


def _scope(files: PackFiles, base: _Scope | None) -> _Scope:
    pack = files.pack
    labels = _labels(files, base)
    defined = dict(base.terms.terms) if base else {}
    kinds: dict[str, str] = dict(base.terms.kinds) if base else {k: k for k in FactKind}
    for table in files.terms:
        name = table.get("name")
        whole = "when" in table and not set(table) - {"name", "says", "when"}
        if not whole or not isinstance(name, str) or not name:
            message = f"{files.where}: a [[term]] has name, when, and says if it helps"
            raise PackError(message)
        if name in defined:
            message = f"{files.where}: term {name!r} is defined twice; a pack cannot redefine one"
            raise PackError(message)
        defined[name] = table["when"]
    owner = base.terms.labels_of if base and not files.labels else pack.name
    terms = Terms(kinds=kinds, labels=labels, labels_of=owner, terms=defined)
    own = []
    for table in files.derives:
        name = table.get("fact")
        if not isinstance(name, str) or name in kinds or not name:
            message = f"{files.where}: derived fact {name!r} is defined twice or has no name"
            raise PackError(message)
        # Known only to what is derived after it, so that none can run in a circle.
        place = _place(files, terms, f"{files.where}: derive {name}")
        with _well_formed(place.where):
            own.append(compile_derive(table, place, name=f"{pack.name}:{name}"))
        kinds[name] = f"{pack.name}:{name}"
    for name in (table["name"] for table in files.terms):
        where = f"{files.where}: term {name}"
        with _well_formed(where):
            compile_condition({"is": name}, _place(files, terms, where))
    return _Scope(terms=terms, own=tuple(own))


def _labels(files: PackFiles, base: _Scope | None) -> Labels:
    if not files.labels and base:
        return base.terms.labels
    labels = load_labels(_NO_LABELS, where=files.where)
    for text in files.labels:
        labels = load_labels(text, where=f"{files.where}/labels.toml", below=labels)
    return labels


def _place(files: PackFiles, terms: Terms, where: str) -> Place:
    pack = files.pack
    return Place(
        terms=terms,
        clock=clock(pack.clock) if pack.clock else None,
        calendar=pack.calendar,
        where=where,
    )


@contextmanager
def _well_formed(where: str) -> Iterator[None]:
    """Say in one line where a value has a form that nothing here expects."""
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        message = f"{where}: a value has the wrong form ({error}); compare it with other rules"
        raise PackError(message) from error


def _rules(files: PackFiles, scope: _Scope, day: date | None) -> Iterable[Rule]:
    for instrument, tables, where in files.instruments:
        for number, table in enumerate(tables, start=1):
            name = table.get("id", f"number {number}")
            place = _place(files, scope.terms, f"{where}: rule {name}")
            with _well_formed(place.where):
                yield compile_rule(table, instrument, place, frozen=day)


def check_versions(rules: Iterable[Rule]) -> None:
    """Raise PackError where two versions of one rule are in force on the same day."""
    versions: dict[str, list[Rule]] = {}
    for rule in rules:
        versions.setdefault(rule.id, []).append(rule)
    for name, found in versions.items():
        found.sort(key=lambda rule: rule.since)
        for rule in found:
            if rule.until is not None and rule.until <= rule.since:
                message = (
                    f"{rule.instrument.pack}/{rule.instrument.id}: rule {name} ends before it "
                    "begins; until is the first day without it"
                )
                raise PackError(message)
        for earlier, later in pairwise(found):
            if earlier.until is None or earlier.until > later.since:
                message = (
                    f"{later.instrument.pack}/{later.instrument.id}: rule {name} has two versions "
                    "on one day; "
                    "give the earlier one an until, or give one of them another id"
                )
                raise PackError(message)
