"""The situations of a book: each is put to the plain form once, and becomes a class of contacts.

What is left of the rules in a class stands in flat tables that the kernel reads. The tables are
never changed, only replaced, so that several threads may read them while one adds to them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final

import numpy as np

from forbear.base.contact import Contact
from forbear.base.words import Direction
from forbear.batch.classing import put
from forbear.batch.clocks import Clocks
from forbear.batch.layout import (
    BEGINS,
    BEGUN,
    COUNTS,
    DATES,
    DAY,
    ENDS,
    EVER,
    IN_A_ROW,
    IN_HOURS,
    IN_WINDOW,
    INSIDE,
    MONTH,
    ON_DAY,
    OUTSIDE,
    REACHED,
    SECONDS,
    SURE,
    THROUGH,
    UNKNOWN,
    UNSURE,
    WAY,
    WEEK,
    Classes,
    Machines,
)
from forbear.law.book import Asked, Book
from forbear.law.case import fill
from forbear.law.derive import Begun, Run
from forbear.law.lowering import (
    FALSE,
    TRUE,
    Begins,
    Formula,
    InARow,
    InHoursOf,
    InWindow,
    NotCompiled,
    OnDay,
    Reached,
    Situation,
    lower,
    lower_rule,
)
from forbear.law.lowering import (
    UNKNOWN as UNSAID_FORMULA,
)
from forbear.law.standing import Standing
from forbear.law.view import View
from forbear.law.vocabulary.limit import Limit, Tally

_UNITS: Final = {"seconds": SECONDS, "dates": DATES, "week": WEEK, "month": MONTH, "ever": EVER}
_HOURS: Final = {"inside": INSIDE, "through": THROUGH, "outside": OUTSIDE}
_LEAST: Final = 1 << 10


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


@dataclass(slots=True)
class Situations:
    """A book, compiled: its limits and derived facts by number, and the classes found so far."""

    book: Book
    limits: list[Limit] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    begun: list[Begun] = field(default_factory=list)
    ways: list[tuple[int, ...]] = field(default_factory=list)
    per: list[tuple[str, ...]] = field(default_factory=list)
    classes: list[Class] = field(default_factory=list)
    numbers: dict[Class, int] = field(default_factory=dict)
    known: dict[int, int] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        """Number the machines of the book."""
        for rule in self.book.rules:
            if isinstance(rule.kind, Limit):
                self.limits.append(rule.kind)
                way = _way(rule.kind.tally)
                if way and way not in self.per:
                    self.per.append(way)
        for derivation in self.book.derivations.values():
            if isinstance(derivation, Run):
                self.runs.append(derivation)
            elif isinstance(derivation, Begun):
                self.begun.append(derivation)
        self.ways = [(number,) for number in range(sum(len(run.ways) for run in self.runs))]

    # ── one situation ──

    def classify(self, contact: Contact, standing: Standing) -> int:
        """The number of the class of a contact before what is known of its debtor.

        ``contact`` has the pack's defaults filled in, and is about several debts only where facts
        tell them apart.
        """
        found = self._class(contact, standing)
        if found not in self.numbers:
            self.numbers[found] = len(self.classes)
            self.classes.append(found)
        return self.numbers[found]

    def _class(self, contact: Contact, standing: Standing) -> Class:
        view = View(standing, contact, at=contact.instant, upto=0, debts=contact.debts)
        given = Situation(self.book, view, standing.hourly)
        inbound = contact.direction is Direction.INBOUND
        try:
            if why := self._needs_plain(contact, standing):
                raise NotCompiled(why)
            see = tuple(self._seen(given))
            broken, unknown, left = ((), (), ()) if inbound else self._judged(given)
        except NotCompiled as told:
            return Class(why_plain=str(told), inbound=inbound)
        return Class(broken, unknown, left, see, inbound=inbound)

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

    def _judged(self, given: Situation) -> tuple[Any, Any, Any]:
        broken, unknown, left = [], [], []
        debts = given.view.debts
        several = [given] if len(debts) < 2 else [self._about(given, debt) for debt in debts]
        for number, rule in self._asked(given):
            told = [(place, lower_rule(rule, one)) for place, one in enumerate(several)]
            told = [(place, formula) for place, formula in told if formula != FALSE]
            if not told:
                continue
            if sure := [place for place, formula in told if formula == TRUE]:
                broken.append((number, rule.kind.limits(several[sure[0]].view)))
            elif all(formula == UNSAID_FORMULA for _, formula in told):
                unknown.append(number)
            else:
                left += [
                    (number, rule.kind.limits(several[place].view), formula,
                     place if len(debts) > 1 else -1)
                    for place, formula in told
                ]  # fmt: skip
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
        wanted = {id(rule) for rule in (*rules.timeless, *rules.others)}
        return [(n, rule) for n, rule in enumerate(book.rules) if id(rule) in wanted]

    def _seen(self, given: Situation) -> list[tuple[int, int]]:
        """What each machine takes of the contact: how, and the number of the machine."""
        found = []
        for number, limit in enumerate(self.limits):
            truth = _constant(lower(limit.tally.of, given))
            if truth is not False:
                found.append((SURE if truth else UNSURE, number))
        way = 0
        for number, run in enumerate(self.runs):
            if run.ends is not None and _constant(lower(run.ends, given)) is not False:
                found.append((ENDS, number))
            elif _constant(lower(run.of, given)) is True:
                found.append((COUNTS, number))
                found += [
                    (WAY, way + place)
                    for place, each in enumerate(run.ways)
                    if each.on is not None and _constant(lower(each.on, given)) is True
                ]
            way += len(run.ways)
        for number, begun in enumerate(self.begun):
            if _constant(lower(begun.begins, given)) is True:
                found.append((BEGINS, number))
        return found

    # ── tables for the kernel ──

    def machines(self, clocks: Clocks) -> tuple[Machines, dict[Any, int]]:
        """The tables of machines, and the number of each atom that a class asks of."""
        atoms: dict[Any, int] = {}
        rows: list[list[int]] = []
        limit_of = {limit.tally.key: number for number, limit in enumerate(self.limits)}
        run_of = {run.key: number for number, run in enumerate(self.runs)}
        begun_of = {begun.key: number for number, begun in enumerate(self.begun)}

        def number_of(clock: str | None) -> int:
            return -1 if clock is None else clocks.number(clock)

        for each in self.classes:
            for atom in (a for _, _, f, _ in each.left for clause in f for a, _ in clause):
                if atom in atoms:
                    continue
                atoms[atom] = len(rows)
                match atom:
                    case InWindow(window, clock):
                        row = [IN_WINDOW, number_of(clock), *_span(window)]
                    case OnDay(on, clock):
                        row = [ON_DAY, number_of(clock), clocks.marked(on)]
                    case InHoursOf(hours, weekdays, hour, clock):
                        days = range(7) if weekdays is None else weekdays
                        mask = sum(1 << day for day in days)
                        span = _span(hours) if hours else (-1, 0)
                        row = [IN_HOURS, number_of(clock), *span, mask, _HOURS[hour]]
                    case Reached(key):
                        row = [REACHED, limit_of[key], *self._limit(limit_of[key], clocks)]
                    case InARow(key):
                        row = [IN_A_ROW, run_of[key]]
                    case Begins(key):
                        row = [BEGUN, begun_of[key]]
                    case _:
                        row = [UNKNOWN]
                rows.append([*row, *[0] * (8 - len(row))])
        ways = [
            [0 if way.on is not None else way.run, int(way.unit == "date"), int(way.next_date)]
            for run in self.runs
            for way in run.ways
        ]
        runs = [run.place.clock for run in self.runs]
        limit_of_rule = [
            limit_of[rule.kind.tally.key] if isinstance(rule.kind, Limit) else -1
            for rule in self.book.rules
        ]
        made = Machines(
            atom=np.array(rows, np.int64).reshape(-1, 8),
            limit_way=np.array([self._way(limit) for limit in self.limits], np.int64),
            run_clock=np.array(
                [-1 if c is None else clocks.number(c.name) for c in runs], np.int64
            ),
            way_from=_ends([len(run.ways) for run in self.runs]),
            way=np.array(ways, np.int64).reshape(-1, 3),
            limit_of_rule=np.array(limit_of_rule, np.int32),
        )
        return made, atoms

    def _way(self, limit: Limit) -> int:
        way = _way(limit.tally)
        return self.per.index(way) if way else -1

    def _limit(self, number: int, clocks: Clocks) -> list[int]:
        """What an atom needs of a limit."""
        limit = self.limits[number]
        clock = -1 if limit.clock is None else clocks.number(limit.clock.name)
        by_debt = int("debt" in limit.tally.per)
        unit, size = _UNITS[limit.window.unit], limit.window.size
        return [limit.needed, unit, size, clock, self._way(limit), by_debt]

    def tables(self, machines: Machines, atoms: dict[Any, int], dense: Any) -> Classes:
        """The tables of all classes so far; ``dense`` finds those of debtors without facts."""
        each = self.classes
        left = [one for known in each for one in known.left]
        clauses = [clause for _, _, formula, _ in left for clause in _ordered(formula, atoms)]
        nothing = [-1] * 8
        alone = [
            machines.atom[a] if debt < 0 and (a := _alone(formula, atoms)) >= 0 else nothing
            for _, _, formula, debt in left
        ]
        size = _LEAST
        while size < 4 * len(self.known):
            size *= 2
        hashed, hashed_class = np.full(size, -1, np.int64), np.zeros(size, np.int32)
        for key, number in self.known.items():
            put(hashed, hashed_class, key, number)
        masks = [sum(1 << (n & 63) for n in {n for n, _ in known.broken}) for known in each]
        return Classes(
            dense=dense,
            hashed=hashed,
            hashed_class=hashed_class,
            mask=np.array(masks, np.uint64),
            fixed_from=_ends([len(known.broken) for known in each]),
            fixed_rule=np.array([n for known in each for n, _ in known.broken], np.int32),
            fixed_breached=np.array([b for known in each for _, b in known.broken], np.uint8),
            left_from=_ends([len(known.left) for known in each]),
            left_rule=np.array([number for number, _, _, _ in left], np.int32),
            left_breached=np.array([breached for _, breached, _, _ in left], np.uint8),
            left_debt=np.array([debt for _, _, _, debt in left], np.int8),
            left_atom=np.array(alone, np.int64).reshape(-1, 8),
            clause_from=_ends([len(formula) for _, _, formula, _ in left]),
            literal_from=_ends([len(clause) for clause in clauses]),
            literal=np.array([atoms[atom] for clause in clauses for atom, _ in clause], np.int32),
            wanted=np.array([positive for clause in clauses for _, positive in clause], np.uint8),
            see_from=_ends([len(known.see) for known in each]),
            see_how=np.array([how for known in each for how, _ in known.see], np.uint8),
            see_what=np.array([what for known in each for _, what in known.see], np.int32),
            plain=np.array([known.why_plain is not None for known in each], np.uint8),
            inbound=np.array([known.inbound for known in each], np.uint8),
            findings_max=np.array([len(k.broken) + len(k.left) for k in each], np.int32),
        )


def filled(book: Book, contact: Contact) -> Contact:
    """The contact with what the packs assume of a log that does not say it."""
    for pack in book.packs:
        contact = fill(contact, pack.audit_defaults.get("contact", {}))
    return contact


def _span(window: tuple[int, int]) -> tuple[int, int]:
    """Where a window of the day begins, and how long it is; with equal ends it is the whole day."""
    start, end = window
    return start, (end - start - 1) % DAY + 1


def _way(tally: Tally) -> tuple[str, ...]:
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


def _ordered(formula: Formula, atoms: dict[Any, int]) -> list[list[tuple[Any, bool]]]:
    """The clauses with their atoms in order of number; limits come last, since they cost most."""

    def rank(literal: tuple[Any, bool]) -> tuple[bool, int]:
        return (isinstance(literal[0], Reached), atoms[literal[0]])

    clauses = [sorted(clause, key=rank) for clause in formula]
    return sorted(clauses, key=lambda clause: [rank(literal) for literal in clause])


def _alone(formula: Formula, atoms: dict[Any, int]) -> int:
    """The number of the atom that a formula is, or -1 where it is more."""
    (clause, *others) = formula
    (literal, *more) = clause
    return atoms[literal[0]] if literal[1] and not others and not more else -1


def _ends(sizes: Sequence[int]) -> Any:
    """Where each of several runs of these sizes begins, and where the last one ends."""
    return np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]).astype(np.int32)
