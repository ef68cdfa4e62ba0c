"""What a country's papers rest on: its channels, its norms, its money, read from data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from typing import Any, Final

from forbear.base.reasons import Sentence
from forbear.base.words import Confidence, Level
from forbear.evidence.papers.told import COUNTRIES, LENDER_TYPES, WANTS

LEVELS: Final = frozenset(map(str, Level))
LETTERS: Final = ("stop", "hours", "family", "third", "dispute", "offer", "credit", "data")


@dataclass(frozen=True, slots=True, kw_only=True)
class Norm:
    """A norm that letters rest on of themselves, beside what the findings bring."""

    clause: str
    level: str
    confidence: Confidence
    claim: Sentence
    letters: frozenset[str]
    lenders: frozenset[str]
    products: frozenset[str]
    guarantors: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """Whom one can complain to.

    It takes a case where the lender is of its ``lenders`` (all where empty, and where nobody said
    what kind the lender is) and where one of its ``topics`` was found, or one of its ``wants`` is
    wanted, or, with ``danger``, somebody is in danger; it then hears of the topics ``in_danger``
    as well. ``known_lender`` channels want the lender's kind said. ``own`` marks the institution's
    own complaint, which comes first; one that hears all ``wishes`` is also told what else is
    wanted. A ``direct`` one, or one for danger, need not wait for the institution's answer. ``who``
    and ``about`` are what it calls the two sides. ``confidence`` is about what is said of the
    channel itself.
    """

    id: str
    name: Sentence
    title: Sentence
    lenders: frozenset[str]
    topics: frozenset[str]
    wants: frozenset[str]
    danger: bool
    in_danger: frozenset[str]
    own: bool
    known_lender: bool
    wishes: bool
    direct: bool
    to: Sentence
    who: Sentence | None
    about: Sentence | None
    how: Sentence
    needs: tuple[Sentence, ...]
    asks: tuple[Sentence, ...]
    answer_by: Sentence
    mind: tuple[Sentence, ...]
    clause: str
    source: Sentence
    confidence: Confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """One country.

    ``marks`` stand before and after an amount, by language; ``signs`` are those that a person may
    type with one. ``reads`` is the language of those addressed.
    """

    id: str
    name: Sentence
    reads: str
    emergency: str
    marks: Sentence
    signs: frozenset[str]
    stop_note: Sentence
    limitation: Sentence
    card_months: int | None
    norms: tuple[Norm, ...]
    channels: tuple[Channel, ...]

    def norms_for(
        self, letter: str, *, lender_type: str, product: str, guarantor: bool = False
    ) -> tuple[Norm, ...]:
        """The norms for one letter that hold for this lender; unsaid kinds rule nothing in."""
        return tuple(
            norm
            for norm in self.norms
            if letter in norm.letters
            and (not norm.lenders or lender_type in norm.lenders)
            and (not norm.products or product in norm.products)
            and (guarantor or not norm.guarantors)
        )


@cache
def country(name: str) -> Country:
    """The country of that id, one of COUNTRIES."""
    assert name in COUNTRIES, f"{name!r} is no country of the papers"
    table = _table(f"channels/{name}.toml")
    head = table["country"]
    return Country(
        id=name,
        name=_sentence(head["name"]),
        reads=head["reads"],
        emergency=head["emergency"],
        marks=_sentence(head["marks"]),
        signs=frozenset(sign.lower() for sign in head["signs"]),
        stop_note=_sentence(head["stop_note"]),
        limitation=_sentence(head["limitation"]),
        card_months=head.get("card_months"),
        norms=tuple(map(_norm, table["norm"])),
        channels=tuple(map(_channel, table["channel"])),
    )


@cache
def topics() -> Mapping[str, tuple[Sentence, tuple[str, ...], bool]]:
    """What complaints are about: each topic's name, the rules it takes, and whether words count."""
    return {
        each["id"]: (_sentence(each["name"]), tuple(each["rules"]), bool(each.get("words")))
        for each in _table("topics.toml")["topic"]
    }


@cache
def topic_of(rule: str) -> str:
    """The topic of a rule by its id; ``other`` for one that no topic takes."""
    return next(
        (
            name
            for name, (_, rules, _) in topics().items()
            if any(fnmatchcase(rule, r) for r in rules)
        ),
        "other",
    )


def _table(name: str) -> dict[str, Any]:
    path = files("forbear.evidence.papers").joinpath(name)
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _sentence(table: Mapping[str, str]) -> Sentence:
    assert set(table) == {"zh", "en"}, f"{table}: write it in zh and en"
    return Sentence(zh=table["zh"], en=table["en"])


def _sentences(tables: Sequence[Mapping[str, str]]) -> tuple[Sentence, ...]:
    return tuple(map(_sentence, tables))


def _known(words: Sequence[str], known: Sequence[str] | frozenset[str]) -> frozenset[str]:
    assert set(words) <= set(known), f"{set(words) - set(known)}: known are {sorted(known)}"
    return frozenset(words)


def _norm(table: Mapping[str, Any]) -> Norm:
    (level,) = _known([table["level"]], LEVELS)
    return Norm(
        clause=table["clause"],
        level=level,
        confidence=Confidence(table["confidence"]),
        claim=_sentence(table["claim"]),
        letters=_known(table["letters"], LETTERS),
        lenders=_known(table.get("lenders", ()), LENDER_TYPES),
        products=frozenset(table.get("products", ())),
        guarantors=bool(table.get("guarantors")),
    )


def _channel(table: Mapping[str, Any]) -> Channel:
    takes = table["takes"]
    return Channel(
        id=table["id"],
        name=_sentence(table["name"]),
        title=_sentence(table["title"]),
        lenders=_known(takes.get("lenders", ()), LENDER_TYPES),
        topics=_known(takes.get("topics", ()), tuple(topics())),
        wants=_known(takes.get("wants", ()), WANTS),
        danger="in_danger" in takes,
        in_danger=_known(takes.get("in_danger", ()), tuple(topics())),
        own=bool(table.get("own")),
        known_lender=bool(table.get("known_lender")),
        wishes=bool(table.get("wishes") or table.get("own")),
        direct=bool(table.get("direct")),
        to=_sentence(table.get("to", table["name"])),
        who=_sentence(table["who"]) if "who" in table else None,
        about=_sentence(table["about"]) if "about" in table else None,
        how=_sentence(table["how"]),
        needs=_sentences(table["needs"]),
        asks=_sentences(table["asks"]),
        answer_by=_sentence(table["answer_by"]),
        mind=_sentences(table.get("mind", ())),
        clause=table.get("clause", ""),
        source=_sentence(table["source"]),
        confidence=Confidence(table["confidence"]),
    )
