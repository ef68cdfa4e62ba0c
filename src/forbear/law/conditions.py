"""Reading conditions as packs write them, and compiling them to functions of a View.

A condition is a table; all its keys must hold. A key is a key of the contact (`channel = "call"`),
or one of: `is`, `is_not` (terms that the pack defines), `fact`, `no_fact` (facts that bear on it),
`text`, `text_lacks`, `envelope` (what its words do), `address_kind`, `local_time`, `days`, `any`
(one of several conditions).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any, Final

from forbear.base.clock import Clock, clock
from forbear.base.contact import UNSAID
from forbear.base.errors import PackError
from forbear.base.words import (
    MORE_KEYS,
    Channel,
    Direction,
    FactKind,
    Outcome,
    Party,
    Purpose,
)
from forbear.law.condition import (
    Condition,
    Form,
    Place,
    all_conditions,
    any_condition,
    never_changes,
    no_facts,
    opposite,
)
from forbear.law.labels import Labels
from forbear.law.local import days, listed, local_time, names_in
from forbear.law.matching import FactMatch, compile_fact
from forbear.law.reach import ANYTHING, Reach
from forbear.law.values import OPERATORS, Match, compile_match
from forbear.law.view import Truth, View, closed_world

_WORDS: Final[dict[str, Any]] = {
    "channel": Channel,
    "direction": Direction,
    "party": Party,
    "purpose": Purpose,
    "outcome": Outcome,
}
_ALWAYS_SAID: Final = ("channel", "direction", "party")
_PLAIN: Final = (*_WORDS, "address", "agent")
_SPECIAL: Final = (
    "is", "is_not", "fact", "no_fact", "text", "text_lacks", "envelope", "address_kind",
    "local_time", "days", "any",
)  # fmt: skip

# The profiles of several agents are read into `agent_profile`, one or a list.
_MORE: Final = tuple(key for key in MORE_KEYS if key != "agent_profiles")
# The keys of a contact whose values have keys of their own.
_TABLES: Final = ("agent_profile",)
_RECORDED: Final = frozenset(FactKind)


def compile_condition(table: Any, place: Place) -> Condition:
    """A condition from its table; raises PackError that says what is wrong and where."""
    parts = compile_parts(table, place)
    if not parts:
        message = f"{place.where}: an empty condition says nothing; add a key, or leave it out"
        raise PackError(message)
    return all_conditions(parts)


def compile_parts(table: Any, place: Place) -> list[Condition]:
    """The conditions of a table, one for each key; all must hold. Raises PackError."""
    if not isinstance(table, dict):
        message = f'{place.where}: a condition is a table such as {{ channel = "call" }}'
        raise PackError(message)
    # What costs least and decides most is asked first.
    order = {key: rank for rank, key in enumerate((*_PLAIN, *_MORE, *_SPECIAL))}
    unknown = [key for key in table if key not in order]
    if unknown:
        known = ", ".join(sorted(order))
        message = f"{place.where}: unknown key {unknown[0]!r} in a condition; known are {known}"
        raise PackError(message)
    return [_compile_key(key, table[key], place) for key in sorted(table, key=order.__getitem__)]


def _compile_key(key: str, spec: Any, place: Place) -> Condition:
    if key in ("is", "is_not"):
        return _terms(spec, place, negated=key == "is_not")
    if key in ("fact", "no_fact"):
        return _facts(spec, place, negated=key == "no_fact")
    if key == "text" and isinstance(spec, dict):
        return _worded(spec, place)
    if key in ("text", "text_lacks"):
        return _text(spec, place, lacks=key == "text_lacks")
    if key == "envelope":
        return _envelope(spec, place)
    if key == "any":
        if not isinstance(spec, list) or not spec:
            message = f"{place.where}: any takes a list of conditions, such as [{{…}}, {{…}}]"
            raise PackError(message)
        return any_condition([compile_condition(each, place) for each in spec])
    if key == "local_time":
        return local_time(spec, place)
    if key == "days":
        return days(spec, place)
    return _contact_key(key, spec, place)


def _check_words(key: str, spec: Any, place: Place) -> None:
    # What every contact has is never asked for, only what it is.
    known = {"not"} if key in _ALWAYS_SAID else {"not", "present"}
    if isinstance(spec, dict) and not (spec and set(spec) <= known):
        message = f"{place.where}: {key} takes a word, a list of words, or {{ not = … }} of them"
        raise PackError(message)
    words = spec.get("not", []) if isinstance(spec, dict) else spec
    for word in listed(words):
        if key in _WORDS and word not in list(_WORDS[key]):
            message = (
                f"{place.where}: {key} {word!r} is unknown; known are {', '.join(_WORDS[key])}"
            )
            raise PackError(message)


def _contact_key(key: str, spec: Any, place: Place) -> Condition:
    if key in _WORDS:
        _check_words(key, spec, place)
    if key in _ALWAYS_SAID:
        return _always_said(key, spec)
    if isinstance(spec, dict) and key not in _TABLES and not set(spec) <= OPERATORS:
        wrong = sorted(set(spec) - OPERATORS)[0]
        message = f"{place.where}.{key}: {wrong!r} is no operator; known are "
        raise PackError(message + ", ".join(sorted(OPERATORS)))
    match = compile_match(spec, where=f"{place.where}.{key}")
    look = _reader(key)
    shut = closed_world(key) or key == "address_kind"
    fixed = place.clock
    plain = match.plain

    def test(view: View) -> Truth:
        value = look(view)
        if value is UNSAID and shut:
            value = None
        if plain is not None:
            answer = plain(value)
            return view.unsaid(key) if answer is None else answer
        found = match.test(value, view.at, fixed or view.zones[0])
        return view.unsaid(key) if found is None else found

    def following(view: View) -> int:
        return match.next(look(view), view.at, fixed or view.zones[0])

    moving = isinstance(spec, dict) or key == "address_kind"
    kinds = frozenset({"address_kind"}) if key == "address_kind" else frozenset[str]()
    reach = _reach_of_key(key, match)
    moves = following if moving else never_changes
    form = Form("value", Valued(key, match, fixed))
    return Condition(test, moves, no_facts, kinds, reach, clocked=plain is None, form=form)


@dataclass(frozen=True, slots=True)
class Valued:
    """The leaf that looks at one key of a contact, on a fixed clock or the debtor's."""

    key: str
    match: Match
    clock: Clock | None


def _reach_of_key(key: str, match: Match) -> Reach:
    """A key of ``MORE_KEYS`` must be said, unless the condition holds for nothing as well."""
    unsaid = None if closed_world(key) else UNSAID
    if key not in MORE_KEYS or match.test(unsaid, 0, clock("UTC")) is True:
        return ANYTHING
    return Reach(said=frozenset({key}))


def _reader(key: str) -> Callable[[View], Any]:
    if key == "address_kind":
        return lambda view: view.address_kind()
    if key in _PLAIN:
        return lambda view: getattr(view.contact, key)
    return lambda view: view.contact.more.get(key, UNSAID)


def _always_said(key: str, spec: Any) -> Condition:
    """The three keys that every contact has, which most conditions turn on."""
    unwanted = isinstance(spec, dict)
    words = frozenset(listed(spec["not"] if unwanted else spec))
    if unwanted:
        words = frozenset(word for word in _WORDS[key] if word not in words)
    if key == "channel":
        channels = frozenset(Channel(word) for word in words)
        reach = Reach(channels=channels)
        return Condition(
            lambda view: view.contact.channel in channels, never_changes, no_facts, reach=reach
        )
    if key == "party":
        parties = frozenset(Party(word) for word in words)
        reach = Reach(parties=parties)
        return Condition(
            lambda view: view.contact.party in parties, never_changes, no_facts, reach=reach
        )
    return Condition(lambda view: view.contact.direction in words, never_changes, no_facts)


def _terms(spec: Any, place: Place, *, negated: bool) -> Condition:
    lifting = place.lifts(lifting=place.lifting != negated)
    parts = [_term(name, lifting) for name in names_in("is", spec, place)]
    joined = any_condition(parts) if negated else all_conditions(parts)
    return opposite(joined) if negated else joined


# Terms of two packs may have one name, so each that is made has a number of its own.
_NUMBERS = count()


def _term(name: Any, place: Place) -> Condition:
    terms = place.terms
    if name not in terms.terms:
        message = f"{place.where}: term {name!r} is undefined; add a [[term]] or correct the name"
        raise PackError(message)
    key = (name, place.clock.name if place.clock else None, place.lifting)
    if key not in terms.made:
        terms.made[key] = _recursion(name)
        inner = Place(
            terms=terms,
            clock=place.clock,
            calendar=place.calendar,
            where=f"term {name}",
            lifting=place.lifting,
        )
        terms.made[key] = _kept(compile_condition(terms.terms[name], inner))
    if terms.made[key].test is _loops:
        message = f"term {name}: it is defined by itself; break the circle"
        raise PackError(message)
    return terms.made[key]


def _kept(made: Condition) -> Condition:
    """The same condition, asked once of a contact: several rules ask for the same term."""
    number, within = next(_NUMBERS), made.test

    def test(view: View) -> Truth:
        if view.asked is not None:
            return within(view)
        found = view.terms.get(number, UNSAID)
        if found is UNSAID:
            found = view.terms[number] = within(view)
        return found

    return Condition(test, made.next, made.facts, made.kinds, made.reach, made.clocked, made.form)


def _loops(_view: View) -> Truth:
    return None


def _recursion(_name: str) -> Condition:
    return Condition(_loops, never_changes, no_facts)


def _facts(spec: Any, place: Place, *, negated: bool) -> Condition:
    searches = [
        compile_fact(
            each,
            kinds=place.terms.kinds,
            clock=place.clock,
            lifting=place.lifting != negated,
            where=place.where,
        )
        for each in listed(spec)
    ]
    if not searches:
        message = f"{place.where}: fact takes a kind of fact, or a list of several"
        raise PackError(message)
    return all_conditions([_fact(search, negated=negated) for search in searches])


def _fact(search: FactMatch, *, negated: bool) -> Condition:
    find = search.find

    def test(view: View) -> Truth:
        return bool(find(view)) != negated

    facts = no_facts if negated else find
    # Only recorded kinds can be told to be there or not beforehand; derived ones come and go.
    there = not negated and search.kind in _RECORDED
    reach = Reach(facts=frozenset({search.kind})) if there else ANYTHING
    clocked = search.clocked or search.kind not in _RECORDED
    form = Form("no_fact" if negated else "fact", search)
    return Condition(test, search.next, facts, frozenset({search.kind}), reach, clocked, form)


def _labels(spec: Any, place: Place) -> tuple[list[str], Labels]:
    wanted, labels = names_in("text", spec, place), place.terms.labels
    if unknown := set(wanted) - labels.names:
        message = f"{place.where}: label {sorted(unknown)[0]!r} is undefined; add it to labels.toml"
        raise PackError(message)
    return wanted, labels


def _envelope(spec: Any, place: Place) -> Condition:
    wanted, labels = _labels(spec, place)

    names = frozenset(wanted)

    def test(view: View) -> Truth:
        words = view.contact.more.get("envelope_text")
        return isinstance(words, str) and not labels.of(words).isdisjoint(names)

    return Condition(test, never_changes, no_facts, reach=Reach(said=frozenset({"envelope_text"})))


def _text(spec: Any, place: Place, *, lacks: bool) -> Condition:
    wanted, labels = _labels(spec, place)
    names = frozenset(wanted)

    def test(view: View) -> Truth:
        text = view.contact.text
        if not isinstance(text, str):
            return view.unsaid("text")
        return labels.of(text).isdisjoint(names) == lacks

    prefixed = frozenset(f"{place.terms.labels_of}:{name}" for name in wanted)
    reach = Reach(text=True) if lacks else Reach(text=True, labels=prefixed)
    return Condition(test, never_changes, no_facts, reach=reach)


def _worded(spec: dict[str, Any], place: Place) -> Condition:
    """Whether there are words at all, whatever they do; never unknown."""
    if set(spec) != {"present"} or not isinstance(spec["present"], bool):
        message = f"{place.where}: text takes labels, or {{ present = true }} or false"
        raise PackError(message)
    wanted = spec["present"]

    def test(view: View) -> Truth:
        return isinstance(view.contact.text, str) == wanted

    return Condition(test, never_changes, no_facts, reach=Reach(text=True) if wanted else ANYTHING)
