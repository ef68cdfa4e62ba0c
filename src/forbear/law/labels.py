"""What a text does: named labels, each a few patterns kept as data beside the rules of a pack.

A label says that a sentence threatens, discloses a debt, offers a way to opt out and so on. Whether
that is allowed depends on who is spoken to and on the facts, so it is for the rules to say.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NoReturn

from forbear.base.errors import PackError

LOOKED_AT = 4_000
"""Characters of a text that are read; a message is never longer, and a longer one costs no more."""

REMEMBERED = 65_536
"""Texts whose labels are kept: letters and messages are templates, and repeat."""

# Zero-width marks and soft hyphens show nothing and are used to break words up for filters.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]+")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_WORD = re.compile(r"\{([a-z_]+)\}")
_TOP_KEYS = frozenset({"extends", "split", "ignore_case", "join", "words", "label"})
_LABEL_KEYS = frozenset({"name", "says", "any", "not", "whole", "with"})


@dataclass(frozen=True)
class _Label:
    """One label. Its patterns are compiled when first asked for: most commands need few of them."""

    name: str
    says: str
    any_of: tuple[str, ...]
    unless: tuple[str, ...]
    also: tuple[str, ...]
    whole: bool
    flags: int
    where: str

    @cached_property
    def _any(self) -> tuple[re.Pattern[str], ...]:
        return tuple(_compiled(p, self.flags, self.where) for p in self.any_of)

    @cached_property
    def _not(self) -> tuple[re.Pattern[str], ...]:
        return tuple(_compiled(p, self.flags, self.where) for p in self.unless)

    def check(self) -> None:
        """Compiles every pattern, so that a bad one is found now."""
        _ = self._any, self._not

    def marks(self, parts: tuple[str, ...]) -> bool:
        """Whether one of these parts carries the label, and nothing in the same part undoes it."""
        return any(
            any(p.search(part) for p in self._any) and not any(p.search(part) for p in self._not)
            for part in parts
        )


class Labels:
    """The labels of one pack. Immutable; what it remembers only saves time."""

    def __init__(self, labels: tuple[_Label, ...], split: str, join: str | None) -> None:
        self._labels = {label.name: label for label in labels}
        self.split, self.join = split, join
        self._split = re.compile(split)
        self._join = None if join is None else re.compile(join)
        self.names = frozenset(self._labels)
        self._parts = lru_cache(maxsize=REMEMBERED)(self._cut)
        self._has = lru_cache(maxsize=REMEMBERED)(self._ask)
        self._of = lru_cache(maxsize=REMEMBERED)(self._ask_all)

    @property
    def by_name(self) -> Mapping[str, _Label]:
        """The labels by their names, for a file that extends them."""
        return self._labels

    def of(self, text: str) -> frozenset[str]:
        """Every label that the text carries."""
        return self._of(text[:LOOKED_AT])

    def has(self, text: str, name: str) -> bool:
        """Does the text carry this label? Compiles no other; KeyError for no such name."""
        return self._has(text[:LOOKED_AT], name)

    def says(self, name: str) -> str:
        """What the label means, in the words of the pack; KeyError for no such name."""
        return self._labels[name].says

    def check(self) -> None:
        """Compiles every pattern; PackError for the first one that is not well formed."""
        for label in self._labels.values():
            label.check()

    def _cut(self, text: str) -> tuple[tuple[str, ...], tuple[str]]:
        plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))[:LOOKED_AT]
        if self._join is not None:
            plain = self._join.sub("", plain)
        sentences = (part.strip() for part in self._split.split(plain))
        return tuple(part for part in sentences if part), (plain,)

    def _ask(self, text: str, name: str) -> bool:
        label = self._labels[name]
        sentences, whole = self._parts(text)
        return label.marks(whole if label.whole else sentences) or any(
            self.has(text, other) for other in label.also
        )

    def _ask_all(self, text: str) -> frozenset[str]:
        return frozenset(name for name in self._labels if self._ask(text, name))


def load_labels(text: str, *, where: str, below: Labels | None = None) -> Labels:
    """Reads the labels of a pack from TOML; ``where`` names the file in what is said of a mistake.

    Top level: ``split`` (a pattern: where one sentence ends), ``ignore_case`` (false if left out),
    ``join`` (a pattern: what is taken out before anything is matched), ``[words]`` (pieces of
    pattern that many labels need: ``{person}`` stands for ``person = "…"``) and ``[[label]]``
    tables with ``name``, ``says``, ``any``, and if need be ``not``, ``whole`` and ``with`` (labels
    above that carry this one along). Patterns are compiled when first needed, so a bad one is
    reported then or by :meth:`Labels.check`. An empty text holds no labels. ``below`` are the
    labels of the pack that this file ``extends``: they come along, and it may split and join as
    that one does.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        _fail(where, f"is not TOML ({error})", "mend the line that is named")
    if not data:
        return Labels((), "$", None)
    _known(data, _TOP_KEYS, where)
    flags = re.IGNORECASE if _flag(data, "ignore_case", where) else 0
    under = below if below is not None and "extends" in data else None
    split = _text(data, "split", where) if under is None or "split" in data else under.split
    join = _text(data, "join", where) if "join" in data else under.join if under else None
    for pattern in (split, join):
        if pattern is not None:
            _compiled(pattern, 0, where)
    words = data.get("words", {})
    if not isinstance(words, dict):
        _fail(where, "has words that are no table", "write [words]")
    words = {word: _text(words, word, f"{where}, words") for word in words}
    tables = data.get("label")
    if not isinstance(tables, list) or not tables:
        _fail(where, "has no [[label]]", "write at least one")
    labels: dict[str, _Label] = dict(under.by_name) if under else {}
    for number, table in enumerate(tables, start=1):
        label = _label(table, flags, words, f"{where}, label {number}")
        if label.name in labels:
            _fail(where, f"has the label {label.name!r} twice", "join the two or rename one")
        # Only labels above may be named, so no chain of them can run in a circle.
        for other in label.also:
            if other not in labels:
                _fail(label.where, f"has {other!r} in with", "name a label that stands above it")
        labels[label.name] = label
    return Labels(tuple(labels.values()), split, join)


def _label(table: object, flags: int, words: Mapping[str, str], where: str) -> _Label:
    if not isinstance(table, dict):
        _fail(where, "is not a table", "write it as [[label]]")
    name = _text(table, "name", where)
    if not _NAME.fullmatch(name):
        _fail(where, f"has the name {name!r}", "use small letters, digits and _ only")
    where = f"{where} ({name})"
    _known(table, _LABEL_KEYS, where)
    whole = _flag(table, "whole", where)
    return _Label(
        name=name,
        says=_text(table, "says", where),
        any_of=_patterns(table, "any", words, where),
        unless=_patterns(table, "not", words, where) if "not" in table else (),
        also=_patterns(table, "with", {}, where) if "with" in table else (),
        whole=whole,
        # A whole text may have lines, and "." has to see over their ends.
        flags=flags | re.DOTALL if whole else flags,
        where=where,
    )


def _known(table: Mapping[str, object], keys: frozenset[str], where: str) -> None:
    for key in table:
        if key not in keys:
            _fail(where, f"has the unknown key {key!r}", f"use only {', '.join(sorted(keys))}")


def _text(table: Mapping[str, object], key: str, where: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value:
        _fail(where, f"has no {key}", f"write {key} = a text that is not empty")
    return value


def _flag(table: Mapping[str, object], key: str, where: str) -> bool:
    value = table.get(key, False)
    if not isinstance(value, bool):
        _fail(where, f"has {key} = {value!r}", "write true or false")
    return value


def _patterns(
    table: Mapping[str, object], key: str, words: Mapping[str, str], where: str
) -> tuple[str, ...]:
    value = table.get(key)
    if not isinstance(value, list) or not value:
        _fail(where, f"has no {key}", f"write {key} = a list with at least one pattern")
    if not all(isinstance(pattern, str) and pattern for pattern in value):
        _fail(where, f"has something in {key} that is no pattern", "write each as a text")

    def meant(word: re.Match[str]) -> str:
        if word[1] not in words:
            _fail(where, f"has {word[0]} in {key}", f"write {word[1]} under [words]")
        return f"(?:{words[word[1]]})"

    return tuple(_WORD.sub(meant, pattern) for pattern in value)


def _compiled(pattern: str, flags: int, where: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern, flags)
    except re.error as error:
        _fail(where, f"has a pattern that cannot be read ({error}): {pattern[:60]}", "mend it")


def _fail(where: str, what: str, mend: str) -> NoReturn:
    """One line: what is wrong, where, and how to mend it."""
    raise PackError(f"{where} {what}; {mend}.".replace("\n", " ")) from None
