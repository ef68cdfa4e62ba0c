"""What of a book is left to the hour and the history, once a contact's situation is known.

A *situation* is all that a contact says, and all that is known of its debtor between two beginnings
or ends of facts. Nearly every condition of a book turns on the situation alone, so the plain form
answers it once for all contacts that share one. What remains of each rule is a small formula over
*atoms*: whether the hour lies in a window, whether a limit is reached, whether a derived fact
holds. Whoever judges many contacts evaluates those, and asks no condition again.

A formula is a conjunction of clauses, each a disjunction of atoms or their opposites. Kleene's
logic is a distributive lattice with De Morgan's laws, so this form keeps "unknown" apart as well.
What cannot be left to atoms is said by ``NotCompiled``, and the plain form judges that debtor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, reduce
from typing import Any, Final

from forbear.base.clock import Clock
from forbear.base.contact import Fact
from forbear.law.book import Book
from forbear.law.condition import Condition
from forbear.law.derive import Begun, Lasting, Run
from forbear.law.local import Days, LocalTime
from forbear.law.matching import Search
from forbear.law.rule import Rule
from forbear.law.values import Match
from forbear.law.view import Truth, View
from forbear.law.vocabulary.hours import Hours
from forbear.law.vocabulary.limit import Limit

_CLAUSES_MAX: Final = 64


class NotCompiled(Exception):  # noqa: N818 - no failure, only what the plain form must do
    """The answer turns on more than a situation, the hour and the limits; it says on what."""


# ── atoms: what a formula asks of the moment ──


@dataclass(frozen=True, slots=True)
class InWindow:
    """The time of day, in seconds, lies in a window on a clock; None is the debtor's own."""

    window: tuple[int, int]
    clock: str | None


@dataclass(frozen=True, slots=True)
class OnDay:
    """The local date is one of which ``on`` is true."""

    on: Callable[[int], bool]
    clock: str | None


@dataclass(frozen=True, slots=True)
class InHoursOf:
    """The moment lies in the hours of a fact, ``through`` their last second, or ``outside``."""

    window: tuple[int, int] | None
    weekdays: frozenset[int] | None
    hour: str
    clock: str | None


@dataclass(frozen=True, slots=True)
class Reached:
    """The limit of the tally with this key is reached; unknown where an unsaid outcome decides."""

    key: str


@dataclass(frozen=True, slots=True)
class InARow:
    """The fact that contacts in a row begin, by the key of its derivation, holds."""

    key: str


@dataclass(frozen=True, slots=True)
class Begins:
    """A contact has begun the fact of this derivation: what follows only the plain form tells."""

    key: str


@dataclass(frozen=True, slots=True)
class Unsaid:
    """What nobody said: always unknown."""


Atom = InWindow | OnDay | InHoursOf | Reached | InARow | Begins | Unsaid
Literal = tuple[Atom, bool]  # the atom, or with False its opposite
Formula = frozenset[frozenset[Literal]]

TRUE: Final[Formula] = frozenset()
FALSE: Final[Formula] = frozenset({frozenset[Literal]()})
UNKNOWN: Final[Formula] = frozenset({frozenset({(Unsaid(), True)})})


def of_truth(truth: Truth) -> Formula:
    """A constant formula."""
    return UNKNOWN if truth is None else (TRUE if truth else FALSE)


def of_atom(atom: Atom) -> Formula:
    """The formula that an atom is."""
    return frozenset({frozenset({(atom, True)})})


def both(one: Formula, other: Formula) -> Formula:
    """Kleene's and."""
    if FALSE in (one, other):
        return FALSE
    return _least(one | other)


def either(one: Formula, other: Formula) -> Formula:
    """Kleene's or; raises NotCompiled where the form grows out of hand."""
    if TRUE in (one, other):
        return TRUE
    if len(one) * len(other) > _CLAUSES_MAX:
        message = "a condition of very many parts"
        raise NotCompiled(message)
    return _least(frozenset(a | b for a in one for b in other))


def opposite(of: Formula) -> Formula:
    """Kleene's not."""
    clauses = (frozenset(frozenset({_turned(literal)}) for literal in clause) for clause in of)
    return reduce(either, clauses, FALSE)


def _turned(literal: Literal) -> Literal:
    atom, positive = literal
    return (atom, positive if isinstance(atom, Unsaid) else not positive)


def _least(clauses: Formula) -> Formula:
    """Without the clauses that others imply."""
    return frozenset(c for c in clauses if not any(other < c for other in clauses))


# ── conditions ──


@dataclass(frozen=True, slots=True)
class Situation:
    """One contact that shares its situation with others, about one debt at most.

    ``hourly`` are the kinds of fact of which some known one holds at certain hours only.
    """

    book: Book
    view: View
    hourly: frozenset[str]


def lower(condition: Condition, given: Situation) -> Formula:
    """What is left of a condition in a situation; raises NotCompiled."""
    if not condition.clocked and given.hourly.isdisjoint(condition.kinds):
        return of_truth(condition.test(given.view))
    form = condition.form
    if form is None:
        message = "a condition that moves in a way of its own"
        raise NotCompiled(message)
    match form.how:
        case "all":
            return _joined(form.parts, given, both, end=FALSE)
        case "any":
            return _joined(form.parts, given, either, end=TRUE)
        case "not":
            return opposite(lower(form.parts[0], given))
        case "fact":
            return _lower_search(form.what.search, given)
        case "no_fact":
            return opposite(_lower_search(form.what.search, given))
        case "local_time":
            told: LocalTime = form.what
            return of_atom(InWindow(told.window, _name(told.clock)))
        case "days":
            days: Days = form.what
            return of_atom(OnDay(days.on, _name(days.clock)))
        case _:
            # A dated value of the contact: between two of its dates the answer stays the same.
            if form.what.clock is None:
                message = "a date on the debtor's own clock"
                raise NotCompiled(message)
            return of_truth(condition.test(given.view))


def _joined(
    parts: tuple[Condition, ...],
    given: Situation,
    join: Callable[[Formula, Formula], Formula],
    *,
    end: Formula,
) -> Formula:
    found = FALSE if end == TRUE else TRUE
    # What the situation decides comes first, since it may leave nothing to lower.
    for part in sorted(parts, key=lambda part: part.clocked):
        found = join(found, lower(part, given))
        if found == end:
            break
    return found


def _name(clock: Clock | None) -> str | None:
    return None if clock is None else clock.name


def _lower_search(search: Search, given: Situation) -> Formula:
    view, book = given.view, given.book
    if search.later is not None and search.later in book.derivations:
        message = "a derived fact that settles another"
        raise NotCompiled(message)
    derivation = book.derivations.get(search.kind)
    if isinstance(derivation, Begun):
        return of_atom(Begins(derivation.key))
    if isinstance(derivation, Run):
        return _lower_run(search, derivation, view)
    if isinstance(derivation, Lasting) and derivation.ends is not None:
        if view.standing.recorded(derivation.source["fact"]):
            message = f"{derivation.name.split(':')[-1]}: a fact that contacts may end"
            raise NotCompiled(message)
        return FALSE
    found = FALSE
    for fact in view.standing.facts(search.kind, view):
        if _may_bear(search, fact, view):
            found = either(found, _hours_of(search, fact))
    return found


def _may_bear(search: Search, fact: Fact, view: View) -> bool:
    """Whether a fact bears on the contact at some hour; what lifts must cover its debt."""
    if len(view.debts) > 1 and fact.debts:
        message = f"{fact.kind}: a fact about some debts of a contact about several"
        raise NotCompiled(message)
    uncovered = search.lifting and fact.debts and view.debts and view.debts[0] not in fact.debts
    return not uncovered and search.bears_at_some_hour(fact, view)


def _hours_of(search: Search, fact: Fact) -> Formula:
    if search.hour == "any" or (fact.window is None and fact.weekdays is None):
        return of_truth(search.hour != "outside")
    clock = _name(search.clock)
    return of_atom(InHoursOf(fact.window, fact.weekdays, search.hour, clock))


def _lower_run(search: Search, run: Run, view: View) -> Formula:
    """A fact that contacts begin is narrowed by nothing, has no value and no end of its own."""
    valued = search.value is None or search.value.test(None, view.at, view.zones[0]) is True
    if search.narrowed or search.state == "past" or search.hour == "outside" or not valued:
        return FALSE
    if search.later is not None:
        message = f"{run.name.split(':')[-1]}: a derived fact that another settles"
        raise NotCompiled(message)
    return of_atom(InARow(run.key))


# ── rules ──


def lower_rule(rule: Rule, given: Situation) -> Formula:
    """What is left of a rule in a situation; raises NotCompiled."""
    found = lower(rule.gate, given)
    if found != FALSE and rule.moving is not None:
        found = both(found, lower(rule.moving, given))
    if found != FALSE and rule.unless is not None:
        found = both(found, opposite(lower(rule.unless, given)))
    if found != FALSE:
        found = both(found, _lower_kind(rule, given))
    if found != FALSE and rule.answer is not None:
        found = both(found, opposite(_lower_answer(rule, given)))
    return found


def _lower_kind(rule: Rule, given: Situation) -> Formula:
    kind, view = rule.kind, given.view
    if isinstance(kind, Hours):
        return lower(kind.when, given)
    if not isinstance(kind, Limit):
        return TRUE
    if kind.needed == 0:
        return TRUE
    known = {k for k in (*(kind.not_of.kinds if kind.not_of else ()), kind.grouped or "") if k}
    if told := sorted(k for k in known if view.standing.facts(k, view)):
        message = f"{told[0].split(':')[-1]}: a fact that changes what a limit counts"
        raise NotCompiled(message)
    if kind.not_of is not None and not kind.not_of.kinds:
        message = "a limit that leaves out contacts by what they say"
        raise NotCompiled(message)
    return of_atom(Reached(kind.tally.key))


def _lower_answer(rule: Rule, given: Situation) -> Formula:
    assert rule.answer is not None
    kind = rule.answer.kind
    derivation = given.book.derivations.get(kind)
    if isinstance(derivation, Begun):
        return of_atom(Begins(derivation.key))
    if given.view.standing.facts(kind, given.view):
        message = f"{kind.split(':')[-1]}: whether this contact answers another"
        raise NotCompiled(message)
    return FALSE


# ── what moves between two beginnings or ends of facts ──


@dataclass(frozen=True, slots=True)
class Dated:
    """The values with dates in them that a book looks at, by key of the contact or kind of fact."""

    keys: tuple[tuple[str, Match, Clock | None], ...]
    facts: tuple[tuple[str, Match, Clock | None], ...]


@lru_cache(maxsize=64)
def _dated(conditions: tuple[Condition, ...]) -> Dated:
    keys, facts = [], []
    for condition in conditions:
        form = condition.form
        assert form is not None
        if form.how == "value" and form.what.match.plain is None:
            keys.append((form.what.key, form.what.match, form.what.clock))
        elif form.how in ("fact", "no_fact"):
            search: Search = form.what.search
            if search.value is not None and search.value.plain is None:
                facts.append((search.kind, search.value, search.clock))
    return Dated(tuple(keys), tuple(facts))


def dated(book: Book) -> Dated:
    """The values of a book that turn on a date."""
    return _dated(tuple(leaf for leaf in leaves(book) if leaf.clocked))


def leaves(book: Book) -> Iterator[Condition]:
    """Every condition of a book that is made of no others, as often as it is used."""
    roots: list[Condition] = []
    for rule in book.rules:
        kind: Any = rule.kind
        roots += [c for c in (rule.gate, rule.moving, rule.unless) if c is not None]
        if isinstance(kind, Hours):
            roots.append(kind.when)
        elif isinstance(kind, Limit):
            roots += [c for c in (kind.tally.of, kind.not_of) if c is not None]
    for derivation in book.derivations.values():
        if isinstance(derivation, Run):
            roots += [derivation.of, *(way.on for way in derivation.ways if way.on is not None)]
        if isinstance(derivation, Begun):
            roots.append(derivation.begins)
        ends: Condition | None = getattr(derivation, "ends", None)
        if ends is not None:
            roots.append(ends)
    while roots:
        one = roots.pop()
        if one.form is None or not one.form.parts:
            if one.form is not None:
                yield one
        else:
            roots += one.form.parts
