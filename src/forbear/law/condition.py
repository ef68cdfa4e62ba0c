"""What a condition on a contact is, and how conditions are put together.

A condition answers true, false, or unknown where something that matters is unsaid.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from forbear.base.clock import Clock
from forbear.base.contact import Fact
from forbear.law.labels import Labels
from forbear.law.reach import ANYTHING, Reach, reach_of_all, reach_of_any
from forbear.law.view import NO_CHANGE, Truth, View

Test = Callable[[View], Truth]


@dataclass(frozen=True, slots=True)
class Form:
    """How a condition is made, for whoever compiles it further.

    ``how`` is all, any, not, or what a leaf looks at: value, fact, local_time, days. ``what`` is
    the leaf's own description, ``parts`` are what the others are made of.
    """

    how: str
    what: Any = None
    parts: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """A compiled condition.

    ``next(view)`` is the first instant after the view's at which the answer may change by itself.
    ``facts(view)`` are the facts that the answer rests on. ``kinds`` are the kinds of fact that it
    asks about, ``reach`` is what must be so at the very least for it to hold. With ``clocked`` the
    hour, the date or the history can change the answer, and not only a fact's beginning or end.
    """

    test: Test
    next: Callable[[View], int]
    facts: Callable[[View], list[Fact]]
    kinds: frozenset[str] = frozenset()
    reach: Reach = ANYTHING
    clocked: bool = False
    form: Form | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What conditions may name: facts, terms with their definitions, labels of texts.

    ``kinds`` maps the name of a fact in this pack to its name in the book, which differ for derived
    facts: two countries may both derive one of the same name. ``labels_of`` is the pack whose
    labels these are.
    """

    kinds: Mapping[str, str]
    labels: Labels
    labels_of: str
    terms: Mapping[str, Any]
    made: dict[Any, Condition] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a condition stands: the rule's clock, and whether it lifts a refusal."""

    terms: Terms
    clock: Clock | None
    calendar: str | None
    where: str
    lifting: bool = False

    def lifts(self, *, lifting: bool) -> Place:
        """The same place, for a condition that lifts or one that refuses."""
        return Place(
            terms=self.terms,
            clock=self.clock,
            calendar=self.calendar,
            where=self.where,
            lifting=lifting,
        )


def no_facts(_view: View) -> list[Fact]:
    """The facts that a condition on the contact alone rests on: none."""
    return []


def never_changes(_view: View) -> int:
    """When a condition that time does not move may change."""
    return NO_CHANGE


def all_conditions(parts: list[Condition]) -> Condition:
    """The condition that holds where all ``parts`` do."""
    if len(parts) == 1:
        return parts[0]
    tests = tuple(part.test for part in parts)

    def test(view: View) -> Truth:
        answer: Truth = True
        for each in tests:
            found = each(view)
            if found is False:
                return False
            if found is None:
                answer = None
        return answer

    return _joined("all", parts, test, reach_of_all(part.reach for part in parts))


def any_condition(parts: list[Condition]) -> Condition:
    """The condition that holds where at least one of ``parts`` does."""
    if len(parts) == 1:
        return parts[0]
    tests = tuple(part.test for part in parts)

    def test(view: View) -> Truth:
        answer: Truth = False
        for each in tests:
            found = each(view)
            if found is True:
                return True
            if found is None:
                answer = None
        return answer

    return _joined("any", parts, test, reach_of_any(part.reach for part in parts))


def _joined(how: str, parts: list[Condition], test: Test, reach: Reach) -> Condition:
    moving = tuple(part.next for part in parts if part.next is not never_changes)
    resting = tuple(part for part in parts if part.facts is not no_facts)

    def following(view: View) -> int:
        return min(each(view) for each in moving)

    def facts(view: View) -> list[Fact]:
        return [fact for part in resting if part.test(view) for fact in part.facts(view)]

    return Condition(
        test,
        following if moving else never_changes,
        facts if resting else no_facts,
        frozenset().union(*(part.kinds for part in parts)),
        reach,
        any(part.clocked for part in parts),
        Form(how, parts=tuple(parts)),
    )


def opposite(of: Condition) -> Condition:
    """The condition that holds where ``of`` does not, and is unknown where ``of`` is."""

    def test(view: View) -> Truth:
        found = of.test(view)
        return None if found is None else not found

    form = Form("not", parts=(of,))
    return Condition(test, of.next, of.facts, of.kinds, clocked=of.clocked, form=form)
