"""Asking every rule in force about one contact: the step that deciding and auditing share.

Most rules turn on the contact and on facts, and on neither the hour nor the history. What such a
rule answers for a contact it answers for every other of the same shape, to any debtor of whom the
same is known; so those answers are kept with the book, and only the others are asked each time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from forbear.base.clock import Clock
from forbear.base.contact import UNSAID, Contact
from forbear.base.words import Direction
from forbear.law.book import Asked, RuleSet, Settled
from forbear.law.condition import Condition
from forbear.law.derive import Lasting
from forbear.law.rule import Rule
from forbear.law.standing import Standing
from forbear.law.view import Truth, View


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that breaks, or cannot be answered, for a view of the contact.

    It stands ``alone`` where between two beginnings or ends of facts only its kind can move it.
    """

    rule: Rule
    view: View
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """What all rules say of one contact: of the ``whole`` of it, by ``views`` of one debt each.

    ``settled`` has the answers that its shape decides.
    """

    whole: View
    views: Sequence[View]
    settled: Situation
    own_broken: Sequence[Breach]
    own_unknown: Sequence[Breach]

    def broken(self) -> list[Breach]:
        """Every rule that breaks, each once."""
        if not self.settled.broken:
            return list(self.own_broken)
        settled = [Breach(r, self.views[n], _lasts(r)) for r, n in self.settled.broken]
        return [*settled, *self.own_broken]

    def unknown(self) -> list[Breach]:
        """Every rule that cannot be answered, each once."""
        if not self.settled.unknown:
            return list(self.own_unknown)
        settled = [Breach(rule, self.views[n]) for rule, n in self.settled.unknown]
        return [*settled, *self.own_unknown]


Ask = Callable[[View], Truth]


@dataclass(frozen=True, slots=True)
class Situation(Settled):
    """What is settled of every contact of one shape, and how to ask what is still open.

    ``asks`` stand beside ``open``: a way to ask the rule about each debt of the contact, None where
    the rule is not about such contacts, and whether it stands alone.
    """

    asks: tuple[tuple[Rule, tuple[Ask | None, ...], bool], ...] = ()


NOTHING = Situation((), ())


def judge(view: View, *, lenient: bool) -> Judged:
    """Ask every rule in force. A contact about several debts breaks a rule if it does for one.

    With ``lenient`` what is unsaid counts as lawful, and no rule is unknown. A contact that the
    person began breaks nothing.
    """
    if view.contact.direction is Direction.INBOUND:
        return Judged(view, (view,), NOTHING, (), ())
    if len(view.debts) > 1:
        return _judge_each([view.about(debt) for debt in view.debts], view, lenient=lenient)
    situation = _situation(view, (view,), lenient=lenient)
    broken: list[Breach] = []
    unknown: list[Breach] = []
    for rule, asks, alone in situation.asks:
        ask = asks[0]
        found = False if ask is None else ask(view)
        if found is True:
            broken.append(Breach(rule, view, alone))
        elif found is None and not lenient:
            unknown.append(Breach(rule, view))
    return Judged(view, (view,), situation, broken, unknown)


def _judge_each(views: Sequence[View], view: View, *, lenient: bool) -> Judged:
    """The same for a contact about several debts: it breaks a rule if it does for one."""
    situation = _situation(view, views, lenient=lenient)
    broken: list[Breach] = []
    unknown: list[Breach] = []
    for rule, asks, alone in situation.asks:
        unsure = None
        for ask, each in zip(asks, views, strict=True):
            found = False if ask is None else ask(each)
            if found is True:
                broken.append(Breach(rule, each, alone))
                break
            if found is None:
                unsure = each
        else:
            if unsure is not None and not lenient:
                unknown.append(Breach(rule, unsure))
    return Judged(view, views, situation, broken, unknown)


def _situation(view: View, views: Sequence[View], *, lenient: bool) -> Situation:
    """What is settled of contacts of this shape, for debtors of whom the same is known."""
    standing, contact = view.standing, view.contact
    assert isinstance(standing, Standing), "only a standing has a book to be judged by"
    book, text = standing.book, contact.text
    era = book.era(view.zones[0].day(view.at))
    labels = book.labels_of(text) if isinstance(text, str) else None
    shape = (lenient, era, standing.alike(view.at), view.debts, labels, noted_of(contact).shape)
    found = book.settled.get(shape)
    if found is None:
        asked = Asked(
            era,
            contact.channel,
            contact.party,
            standing.kinds,
            # Where unsaid is lawful, a rule cannot break on what is not said.
            frozenset(contact.more) if lenient else None,
            isinstance(text, str) if lenient else None,
            labels,
        )
        found = _settle(book.rules_for(asked), views, standing, lenient=lenient)
        book.keep(shape, found)
    assert isinstance(found, Situation), "only what is settled here is kept"
    return found


_Found = list[tuple[Rule, int]]


def _settle(
    rules: RuleSet, views: Sequence[View], standing: Standing, *, lenient: bool
) -> Situation:
    """Ask what only the shape of the contact decides."""
    decided, split, asked = rules.split(standing.hourly)
    still: list[tuple[Rule, tuple[Truth, ...] | None]] = [(rule, None) for rule in asked]
    asks: list[tuple[Rule, tuple[Ask | None, ...], bool]] = [
        (rule, (rule.breaks,) * len(views), False) for rule in asked
    ]
    for rule in split:
        gates = tuple([rule.gate.test(view) for view in views])
        unmoved = rule.unless is None or _unmoved(rule.unless, standing)
        ways = tuple([_way(rule, g, v, unmoved=unmoved) for g, v in zip(gates, views, strict=True)])
        if any(way is not None for way in ways):
            still.append((rule, gates))
            alone = unmoved and rule.moving is None and rule.answer is None and _lasts(rule)
            asks.append((rule, ways, alone))
    broken, unknown = _ask(decided, views)
    return Situation(
        tuple(broken), () if lenient else tuple(unknown), open=tuple(still), asks=tuple(asks)
    )


def _lasts(rule: Rule) -> bool:
    """Whether it stays in force as far as one can look ahead."""
    return rule.until is None or rule.frozen is not None


def _unmoved(condition: Condition, standing: Standing) -> bool:
    """Whether nothing but a beginning or end of a fact that is known can move a condition."""
    if not standing.timeless(condition.kinds):
        return False
    form = condition.form
    if not condition.clocked or form is None:
        return not condition.clocked
    if form.parts:
        return all(_unmoved(part, standing) for part in form.parts)
    if form.how not in ("fact", "no_fact") or form.what.clocked:
        return False
    # A fact that would follow from facts of which none is known does not come by itself.
    source = standing.book.derivations.get(form.what.kind)
    return isinstance(source, Lasting) and source.source["fact"] not in standing.kinds


def _way(rule: Rule, gate: Truth, view: View, *, unmoved: bool) -> Ask | None:
    """How to ask a rule of which it is known what its gate says, and often what lifts it."""
    if gate is False:
        return None
    if gate is not True or rule.answer is not None:
        return lambda view: rule.breaks_within(view, gate)
    moves, breaks, lifts = None, rule.kind.breaks, None
    if rule.moving is not None:
        moves = rule.moving.test if rule.moving.kinds else _timed(rule.moving)
    if rule.unless is not None:
        lifts = rule.unless.test
        if unmoved:
            lifted = lifts(view)
            if lifted is True:
                return None
            lifts = lifts if lifted is None else None
    if moves is None and lifts is None:
        return breaks
    return _in_turn(moves, breaks, lifts)


def _in_turn(moves: Ask | None, breaks: Ask, lifts: Ask | None) -> Ask:
    """A rule asked as far as it needs to be: whether it is about this, is broken, is lifted."""

    def ask(view: View) -> Truth:
        about = True if moves is None else moves(view)
        if about is False:
            return False
        found = breaks(view)
        if found is False:
            return False
        if lifts is not None:
            lifted = lifts(view)
            if lifted is not False:
                return False if lifted else None
        return None if about is None else found

    return ask


def _timed(condition: Condition) -> Ask:
    """A condition that only time moves for contacts of one shape, asked once until it may."""
    known: dict[tuple[Clock, ...], tuple[int, int, Truth]] = {}

    def ask(view: View) -> Truth:
        zones = view.zones
        since, until, answer = known.get(zones, _NEVER)
        if not since <= view.at < until:
            answer = condition.test(view)
            known[zones] = (view.at, condition.next(view), answer)
        return answer

    return ask


_NEVER: Final[tuple[int, int, Truth]] = (0, 0, False)


def _ask(rules: Sequence[tuple[Rule, None]], views: Sequence[View]) -> tuple[_Found, _Found]:
    """The rules that break and those that cannot be answered, each for its first such debt."""
    broken: _Found = []
    unknown: _Found = []
    for rule, _ in rules:
        unsure = -1
        for number, view in enumerate(views):
            found = rule.breaks(view)
            if found is True:
                broken.append((rule, number))
                break
            if found is None:
                unsure = number
        else:
            if unsure >= 0:
                unknown.append((rule, unsure))
    return broken, unknown


class Noted:
    """What of a contact an answer turns on beside the moment; ``shape`` without debts and words.

    It is hashed once, because whoever keeps answers looks it up again and again.
    """

    __slots__ = ("_hash", "_whole", "shape")

    def __init__(self, contact: Contact) -> None:
        """Look at a contact once."""
        text = contact.text
        self.shape = _shape(contact)
        self._whole = (
            contact.direction, contact.seq, contact.debts,
            text if isinstance(text, str) else None, self.shape,
        )  # fmt: skip
        self._hash = hash(self._whole)

    def __hash__(self) -> int:
        """The same for contacts that differ in their moments alone."""
        return self._hash

    def __eq__(self, other: object) -> bool:
        """Whether two contacts differ in their moments alone."""
        return isinstance(other, Noted) and self._whole == other._whole


def noted_of(contact: Contact) -> Noted:
    """What an answer about a contact turns on, found once and noted on it."""
    found: Noted | None = contact.noted
    if found is None:
        found = Noted(contact)
        object.__setattr__(contact, "noted", found)
    return found


def _shape(contact: Contact) -> tuple[Any, ...]:
    """All of a contact but its debts and words that a timeless rule can turn on."""
    said = (contact.purpose, contact.outcome, contact.address, contact.agent)
    return (
        contact.channel,
        contact.party,
        *(0 if value is UNSAID else value for value in said),
        # Profiles are tables; each is as good a key as the way it is written.
        *((k, v) if v.__hash__ else (k, "", repr(v)) for k, v in contact.more.items()),
    )
