"""Asking every rule in force about one contact: the step that deciding and auditing share.

Most rules turn on the contact and on facts, and on neither the hour nor the history. What such a
rule answers for a contact it answers for every other of the same shape, to any debtor of whom the
same is known; so those answers are kept with the book, and only the others are asked each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from forbear.base.words import Direction
from forbear.law.book import Asked, RuleSet, Settled
from forbear.law.rule import Rule
from forbear.law.standing import Standing
from forbear.law.view import Truth, View


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that breaks, or cannot be answered, for a view of the contact."""

    rule: Rule
    view: View


@dataclass(frozen=True, slots=True)
class Judged:
    """What all rules say of one contact. ``settled`` has the answers that its shape decides."""

    views: Sequence[View]
    settled: Settled
    own_broken: Sequence[Breach]
    own_unknown: Sequence[Breach]

    def broken(self) -> list[Breach]:
        """Every rule that breaks, each once."""
        settled = [Breach(rule, self.views[n]) for rule, n in self.settled.broken]
        return [*settled, *self.own_broken]

    def unknown(self) -> list[Breach]:
        """Every rule that cannot be answered, each once."""
        settled = [Breach(rule, self.views[n]) for rule, n in self.settled.unknown]
        return [*settled, *self.own_unknown]


NOTHING = Settled((), ())


def judge(view: View, *, lenient: bool) -> Judged:
    """Ask every rule in force. A contact about several debts breaks a rule if it does for one.

    With ``lenient`` what is unsaid counts as lawful, and no rule is unknown. A contact that the
    person began breaks nothing.
    """
    if view.contact.direction is Direction.INBOUND:
        return Judged((view,), NOTHING, (), ())
    views = [view.about(debt) for debt in view.debts] if len(view.debts) > 1 else [view]
    standing = view.standing
    assert isinstance(standing, Standing), "only a standing has a book to be judged by"
    rules = standing.book.rules_for(_asked(standing, view, lenient=lenient))
    shape = (lenient, rules.number, standing.alike(view.at), *_shape(view))
    settled = standing.book.settled.get(shape)
    if settled is None:
        settled = _settle(rules, views, standing.hourly)
        if lenient:
            settled = Settled(settled.broken, (), settled.open)
        standing.book.keep(shape, settled)
    broken, unknown = _ask(settled.open, views)
    return Judged(
        views,
        settled,
        [Breach(rule, views[n]) for rule, n in broken],
        () if lenient else [Breach(rule, views[n]) for rule, n in unknown],
    )


_Found = tuple[tuple[Rule, int], ...]


def _settle(rules: RuleSet, views: Sequence[View], hourly: frozenset[str]) -> Settled:
    """Ask what only the shape of the contact decides."""
    decided, split, asked = rules.split(hourly)
    still: list[tuple[Rule, tuple[Truth, ...] | None]] = [(rule, None) for rule in asked]
    for rule in split:
        gates = tuple([rule.gate.test(view) for view in views])
        if gates != (False,) and any(gate is not False for gate in gates):
            still.append((rule, gates))
    return Settled(*_ask(decided, views), open=tuple(still))


def _ask(
    rules: Sequence[tuple[Rule, tuple[Truth, ...] | None]], views: Sequence[View]
) -> tuple[_Found, _Found]:
    """The rules that break and those that cannot be answered, each for its first such debt."""
    broken: list[tuple[Rule, int]] = []
    unknown: list[tuple[Rule, int]] = []
    for rule, gates in rules:
        unsure = -1
        for number, view in enumerate(views):
            gate = rule.gate.test(view) if gates is None else gates[number]
            if gate is False:
                continue
            found = rule.breaks_within(view, gate)
            if found is True:
                broken.append((rule, number))
                unsure = -1
                break
            if found is None:
                unsure = number
        if unsure >= 0:
            unknown.append((rule, unsure))
    return tuple(broken), tuple(unknown)


def _asked(standing: Standing, view: View, *, lenient: bool) -> Asked:
    """What of a contact tells beforehand which rules can concern it."""
    contact = view.contact
    text = contact.text
    return Asked(
        standing.book.era(view.zones[0].day(view.at)),
        contact.channel,
        contact.party,
        standing.kinds,
        # Where unsaid is lawful, a rule cannot break on what is not said.
        frozenset(contact.more) if lenient else None,
        isinstance(text, str) if lenient else None,
        standing.book.labels_of(text) if isinstance(text, str) else None,
    )


def _shape(view: View) -> tuple[Any, ...]:
    """All of a contact that a timeless rule can turn on."""
    contact = view.contact
    return (
        contact.channel,
        contact.party,
        isinstance(contact.text, str),
        contact.purpose,
        contact.outcome,
        contact.address,
        contact.agent,
        view.debts,
        # Profiles are tables; each is as good a key as the way it is written.
        *((k, v) if v.__hash__ else (k, "", repr(v)) for k, v in contact.more.items()),
    )
