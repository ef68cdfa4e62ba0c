"""The situations of a book: each is put to the plain form once, and becomes a class of contacts.

What a rule or a machine answers is kept by all that it reads of a contact, so that of many thousand
situations each asks only what no other has asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, TypeVar, cast

from forbear.base.contact import Contact
from forbear.base.words import Direction
from forbear.batch.layout import BEGINS, COUNTS, ENDS, SURE, UNSURE, WAY
from forbear.law.book import Asked, Book
from forbear.law.case import fill
from forbear.law.condition import Condition
from forbear.law.derive import Begun, Run
from forbear.law.lowering import FALSE, TRUE, Formula, NotCompiled, Situation, lower, lower_rule
from forbear.law.lowering import UNKNOWN as UNSAID_FORMULA
from forbear.law.rule import Rule
from forbear.law.standing import Standing, kinds_of
from forbear.law.view import View
from forbear.law.vocabulary.hours import Hours
from forbear.law.vocabulary.limit import Limit, Tally


@dataclass(frozen=True, slots=True)
class Class:
    """What all contacts of one situation have in common. Rules stand by their number in the book.

    ``left`` holds what is left of a rule: its number, whether the contact is itself what it limits,
    the formula, and for which of several debts, or -1. ``see`` is what machines take of such a
    contact. ``why_plain`` says why only the plain form can judge a debtor with such a contact.
    """

    broken: tuple[tuple[int, bool], ...] = ()
    unknown: tuple[int, ...] = ()
    left: tuple[tuple[int, bool, Formula, int], ...] = ()
    see: tuple[tuple[int, int], ...] = ()
    why_plain: str | None = None
    inbound: bool = False


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Told:
    """One contact that shares its situation with others, and how the situation is told apart.

    ``contact`` has the pack's defaults filled in, and is about several debts only where facts tell
    them apart. ``cells`` are what conditions see of it by key, ``base`` is what debtors without
    facts have in common, and ``own`` are the kinds of fact known of this one alone.
    """

    contact: Contact
    standing: Standing
    cells: Mapping[str, str]
    base: int
    own: frozenset[str]


@dataclass(frozen=True, slots=True)
class Reads:
    """What a rule or a machine may turn on: keys of a contact, and kinds of fact."""

    number: int
    keys: tuple[str, ...]
    kinds: frozenset[str]


@dataclass(slots=True)
class Situations:
    """A book, compiled: its limits and derived facts by number, and the classes found so far."""

    book: Book
    limits: list[Limit] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    begun: list[Begun] = field(default_factory=list)
    per: list[tuple[str, ...]] = field(default_factory=list)
    classes: list[Class] = field(default_factory=list)
    numbers: dict[Class, int] = field(default_factory=dict)
    known: dict[int, int] = field(default_factory=dict)
    reads: dict[tuple[str, int], Reads] = field(default_factory=dict)
    memo: dict[Any, Any] = field(default_factory=dict)
    asked: dict[int, list[tuple[int, Rule]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Number the machines of the book."""
        for rule in self.book.rules:
            if isinstance(rule.kind, Limit):
                self.limits.append(rule.kind)
                way = way_of(rule.kind.tally)
                if way and way not in self.per:
                    self.per.append(way)
        for derivation in self.book.derivations.values():
            if isinstance(derivation, Run):
                self.runs.append(derivation)
            elif isinstance(derivation, Begun):
                self.begun.append(derivation)
        for name, conditions, more in self._readers():
            keys = {leaf.form.what.key for leaf in _valued(conditions)}
            kinds = frozenset[str](more).union(*(c.kinds for c in conditions))
            for kind in kinds & self.book.derivations.keys():
                kinds |= kinds_of(self.book.derivations[kind], self.book)
            self.reads[name] = Reads(len(self.reads), (*_ALWAYS, *sorted(keys)), kinds)

    def _readers(self) -> Iterator[tuple[tuple[str, int], list[Condition], tuple[str, ...]]]:
        """Every rule and machine with its conditions, and the kinds of fact it asks for besides."""
        for number, rule in enumerate(self.book.rules):
            kind: Any = rule.kind
            parts = [c for c in (rule.gate, rule.moving, rule.unless) if c is not None]
            parts += [kind.when] if isinstance(kind, Hours) else []
            more = () if rule.answer is None else (rule.answer.kind,)
            if isinstance(kind, Limit):
                parts.append(kind.tally.of)
            yield rule_key(number), parts, (*more, *kind.kinds)
        for number, limit in enumerate(self.limits):
            yield ("limit", number), [limit.tally.of], ()
        for number, run in enumerate(self.runs):
            yield ("of", number), [run.of], ()
            yield ("ends", number), [run.ends] if run.ends is not None else [], ()
        for number, begun in enumerate(self.begun):
            yield ("begins", number), [begun.begins], ()

    # ── one situation ──

    def classify(self, told: Told) -> int:
        """The number of the class of a contact before what is known of its debtor."""
        found = self._class(told)
        if found not in self.numbers:
            self.numbers[found] = len(self.classes)
            self.classes.append(found)
        return self.numbers[found]

    def _class(self, told: Told) -> Class:
        contact, standing = told.contact, told.standing
        view = View(standing, contact, at=contact.instant, upto=0, debts=contact.debts)
        given = Situation(self.book, view, standing.hourly)
        inbound = contact.direction is Direction.INBOUND
        try:
            if why := self._needs_plain(contact, standing):
                raise NotCompiled(why)
            see = tuple(self._seen(told, given))
            broken, unknown, left = ((), (), ()) if inbound else self._judged(told, given)
        except NotCompiled as error:
            return Class(why_plain=str(error), inbound=inbound)
        return Class(broken, unknown, left, see, inbound=inbound)

    def _once(self, told: Told, of: Reads, work: Callable[[], T]) -> T:
        """What is worked out of all that ``of`` reads, once for all contacts that say the same.

        Where something is known of the debtor that it turns on, it is worked out each time.
        """
        if not told.own.isdisjoint(of.kinds):
            return work()
        key = (of.number, told.base, *(told.cells.get(name) for name in of.keys))
        if key not in self.memo:
            try:
                self.memo[key] = work()
            except NotCompiled as error:
                self.memo[key] = error
        found = self.memo[key]
        if isinstance(found, NotCompiled):
            raise found
        return cast("T", found)

    def _needs_plain(self, contact: Contact, standing: Standing) -> str | None:
        if "possible_timezone" in standing.kinds:
            return "possible_timezone: several clocks at once"
        for limit in self.limits:
            if limit.tally.joins is not None and contact.more.get(limit.tally.joins) is not None:
                return f"{limit.tally.joins}: contacts that go on with another"
            told = limit.tally.debts_from
            if told is not None and contact.more.get(told):
                return f"{told}: a contact that counts for other debts"
        return None

    def _judged(self, told: Told, given: Situation) -> tuple[Any, Any, Any]:
        broken, unknown, left = [], [], []
        debts = given.view.debts
        several = [given] if len(debts) < 2 else [self._about(given, debt) for debt in debts]
        for number, rule in self._asked(given):
            found = []
            for place, one in enumerate(several):
                formula, breached = self._once(
                    told, self.reads[rule_key(number)], partial(_lowered, rule, one)
                )
                if formula != FALSE:
                    found.append((place, formula, breached))
            if not found:
                continue
            if sure := [breached for _, formula, breached in found if formula == TRUE]:
                broken.append((number, sure[0]))
            elif all(formula == UNSAID_FORMULA for _, formula, _ in found):
                unknown.append(number)
            else:
                left += [
                    (number, breached, formula, place if len(debts) > 1 else -1)
                    for place, formula, breached in found
                ]
        return tuple(broken), tuple(unknown), tuple(left)

    def _about(self, given: Situation, debt: str) -> Situation:
        return Situation(self.book, given.view.about(debt), given.hourly)

    def _asked(self, given: Situation) -> list[tuple[int, Any]]:
        """The rules in force that can concern the contact, by number."""
        view, book = given.view, self.book
        contact, standing = view.contact, view.standing
        text = contact.text
        asked = Asked(
            book.era(view.zones[0].day(view.at)),
            contact.channel,
            contact.party,
            standing.kinds,  # type: ignore[attr-defined] # a Standing
            None,
            None,
            book.labels_of(text) if isinstance(text, str) else None,
        )
        rules = book.rules_for(asked)
        if rules.number not in self.asked:
            wanted = {id(rule) for rule in (*rules.timeless, *rules.others)}
            every = enumerate(book.rules)
            self.asked[rules.number] = [(n, rule) for n, rule in every if id(rule) in wanted]
        return self.asked[rules.number]

    def _seen(self, told: Told, given: Situation) -> Iterator[tuple[int, int]]:
        """What each machine takes of the contact: how, and the number of the machine."""
        for number, limit in enumerate(self.limits):
            truth = self._truth(told, given, limit.tally.of, ("limit", number))
            if truth is not False:
                yield SURE if truth else UNSURE, number
        way = 0
        for number, run in enumerate(self.runs):
            ends = run.ends is not None and (
                self._truth(told, given, run.ends, ("ends", number)) is not False
            )
            if ends:
                yield ENDS, number
            elif self._truth(told, given, run.of, ("of", number)) is True:
                yield COUNTS, number
                for place, each in enumerate(run.ways, start=way):
                    if each.on is not None and _constant(lower(each.on, given)) is True:
                        yield WAY, place
            way += len(run.ways)
        for number, begun in enumerate(self.begun):
            if self._truth(told, given, begun.begins, ("begins", number)) is True:
                yield BEGINS, number

    def _truth(
        self, told: Told, given: Situation, condition: Condition, name: tuple[str, int]
    ) -> bool | None:
        return self._once(told, self.reads[name], lambda: _constant(lower(condition, given)))


def rule_key(number: int) -> tuple[str, int]:
    """The name under which it is kept what a rule reads."""
    return ("rule", number)


def _lowered(rule: Rule, given: Situation) -> tuple[Formula, bool]:
    """What is left of a rule, and whether the contact is itself what it limits."""
    formula = lower_rule(rule, given)
    return formula, formula != FALSE and rule.kind.limits(given.view)


# What conditions look at that do not say so: closed words, and what texts do.
_ALWAYS: Final = ("channel", "direction", "party", "text", "envelope_text")


def _valued(conditions: Iterable[Condition]) -> Iterator[Any]:
    """The leaves that look at a key of the contact."""
    roots = list(conditions)
    while roots:
        form = roots[-1].form
        leaf = roots.pop()
        if form is not None:
            roots += form.parts
            if form.how == "value":
                yield leaf


def filled(book: Book, contact: Contact) -> Contact:
    """The contact with what the packs assume of a log that does not say it."""
    for pack in book.packs:
        contact = fill(contact, pack.audit_defaults.get("contact", {}))
    return contact


def way_of(tally: Tally) -> tuple[str, ...]:
    """What of a contact a tally keeps its counts for, beside the debtor and the debt."""
    return tuple(name for name in tally.per if name not in ("debtor", "debt"))


def _constant(formula: Formula) -> bool | None:
    """The truth of a formula that the situation decides; raises NotCompiled for any other."""
    if formula == TRUE:
        return True
    if formula == FALSE:
        return False
    if formula == UNSAID_FORMULA:
        return None
    message = "a machine that reads a contact by the hour or the history"
    raise NotCompiled(message)
