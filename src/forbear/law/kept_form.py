"""Contacts and facts as a kept state writes them: a JSON object with what differs from the default.

What a person writes is read by ``case``; this is what the engine writes for itself, every instant
in whole seconds and nothing filled in, so that reading gives back what was written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import UTC, datetime
from typing import Any, Final

from forbear.base.contact import Contact, Fact
from forbear.base.words import Channel, Direction, FactKind, Outcome, Party, Purpose

# Where a file says it is of no use to a rule, `at` says what `instant` says, and notes are found
# again.
_LEFT_OUT: Final = frozenset({"source", "at", "noted"})
_CONTACT_WORDS: Final[Mapping[str, Any]] = {
    "channel": Channel,
    "direction": Direction,
    "party": Party,
    "purpose": Purpose,
    "outcome": Outcome,
}
_RECORDED: Final = frozenset(FactKind)


def _told(kind: type[Any]) -> tuple[tuple[str, Any], ...]:
    """The fields of a contact or a fact, each with what it is where nothing is written."""
    return tuple(
        (each.name, {} if each.default_factory is not MISSING else each.default)
        for each in fields(kind)
        if each.name not in _LEFT_OUT
    )


_OF_CONTACT: Final = _told(Contact)
_OF_FACT: Final = _told(Fact)


def _written(item: Any, told: tuple[tuple[str, Any], ...]) -> dict[str, Any]:
    found = {}
    for name, default in told:
        value = getattr(item, name)
        if value is not default and value != default:
            found[name] = value
    return found


def contact_written(contact: Contact) -> dict[str, Any]:
    """A contact as JSON can hold it."""
    return _written(contact, _OF_CONTACT)


def contact_read(table: Mapping[str, Any]) -> Contact:
    """The contact that ``contact_written`` wrote."""
    words = {key: word(table[key]) for key, word in _CONTACT_WORDS.items() if key in table}
    debts = tuple(table.get("debts", ()))
    at = datetime.fromtimestamp(table["instant"], UTC)
    return Contact(**{**table, **words, "debts": debts, "at": at})


def fact_written(fact: Fact) -> dict[str, Any]:
    """A fact, recorded or derived, as JSON can hold it."""
    found = _written(fact, _OF_FACT)
    if fact.weekdays is not None:
        found["weekdays"] = sorted(fact.weekdays)
    return found


def fact_read(table: Mapping[str, Any]) -> Fact:
    """The fact that ``fact_written`` wrote."""
    read: dict[str, Any] = {**table, "debts": tuple(table.get("debts", ()))}
    if table["kind"] in _RECORDED:
        read["kind"] = FactKind(table["kind"])
    for key, word in (("channel", Channel), ("party", Party)):
        if key in table:
            read[key] = word(table[key])
    if "window" in table:
        read["window"] = tuple(table["window"])
    if "weekdays" in table:
        read["weekdays"] = frozenset(table["weekdays"])
    return Fact(**read)
