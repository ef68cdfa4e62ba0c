"""What the rules of a book need of a history that is folded away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from forbear.base.clock import DAY_SECONDS
from forbear.base.words import Channel, Direction, Party
from forbear.law.book import Book
from forbear.law.condition import Condition
from forbear.law.derive import Begun, Run
from forbear.law.lowering import leaves
from forbear.law.view import NO_CHANGE, View
from forbear.law.vocabulary.limit import Limit


@dataclass(frozen=True, slots=True)
class Needs:
    """What a book needs.

    ``looks_back`` is how many seconds before a contact its rules may ask what derived facts held:
    none, but where a rule can be answered by a fact of some days ago, or asks for facts that are
    over. ``read`` are the conditions by which machines read a contact that was made.
    """

    looks_back: int
    read: tuple[Condition, ...]
    _awaits: dict[tuple[Channel, Direction, Party, bool], bool] = field(default_factory=dict)

    def awaits(self, view: View) -> bool:
        """Whether a machine may read such a contact otherwise once its outcome is told."""
        contact = view.contact
        worded = isinstance(contact.text, str)
        key = (contact.channel, contact.direction, contact.party, worded)
        found = self._awaits.get(key)
        if found is None:
            found = self._awaits[key] = any(_turns(each, view) for each in self.read)
        return found


_NEEDS: dict[tuple[tuple[str, str], ...], Needs] = {}


def needs_of(book: Book) -> Needs:
    """What a book needs; found once for the packs that it is made of."""
    key = tuple(sorted(book.hashes.items()))
    if key not in _NEEDS:
        _NEEDS[key] = Needs(_looks_back(book), tuple(_read(book)))
    return _NEEDS[key]


def _read(book: Book) -> Iterator[Condition]:
    for rule in book.rules:
        if isinstance(rule.kind, Limit):
            yield rule.kind.tally.of
            if rule.kind.not_of is not None:
                yield rule.kind.not_of
    for derivation in book.derivations.values():
        if isinstance(derivation, Run):
            yield derivation.of
            yield from (way.on for way in derivation.ways if way.on is not None)
        if isinstance(derivation, Begun):
            yield derivation.begins
        ends: Condition | None = getattr(derivation, "ends", None)
        if ends is not None:
            yield ends


def _turns(condition: Condition, view: View) -> bool:
    """Whether the outcome of such a contact may decide a condition."""
    form = condition.form
    if form is None or _excludes(condition, view):
        return False
    if form.parts:
        return any(_turns(part, view) for part in form.parts)
    return form.how == "value" and form.what.key == "outcome"


def _excludes(condition: Condition, view: View) -> bool:
    """Whether a condition cannot hold for such a contact: by its channel, direction or party."""
    form, reach = condition.form, condition.reach
    if form is None:
        # A leaf that looks at what every contact says, or at its words.
        return not (reach.text or reach.said) and condition.test(view) is False
    if form.how == "all":
        return any(_excludes(part, view) for part in form.parts)
    return form.how == "any" and all(_excludes(part, view) for part in form.parts)


def _looks_back(book: Book) -> int:
    over = set[str]()
    for leaf in leaves(book):
        if leaf.form is not None and leaf.form.how in ("fact", "no_fact"):
            search = leaf.form.what.search
            if search.state != "holds":
                over.add(search.kind)
            if search.later is not None:
                over.add(search.later)
    for rule in book.rules:
        if isinstance(rule.kind, Limit) and rule.kind.not_of is not None:
            # An entry is judged as its own contact stood, long ago perhaps.
            over |= rule.kind.not_of.kinds
    if over & book.derivations.keys():
        return NO_CHANGE
    days = 0
    for rule in book.rules:
        if rule.answer is not None:
            fact = book.derivations.get(rule.answer.kind)
            if not isinstance(fact, Begun) or fact.dates is None:
                return NO_CHANGE
            days = max(days, fact.dates + 1)
    return days * DAY_SECONDS
