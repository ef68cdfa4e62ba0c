"""What is written of contacts and facts is read again as it was."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from typing import Any

import pytest

from forbear.base.contact import Contact, DerivedKind, Fact, FactId
from forbear.base.words import Channel
from forbear.law.case import read_contact, read_fact
from forbear.law.kept_form import contact_read, contact_written, fact_read, fact_written

AT = "2026-03-10T09:00:00+08:00"
CONTACTS: list[dict[str, Any]] = [
    {"at": AT, "channel": "letter"},
    {
        "at": AT, "channel": "call", "direction": "inbound", "party": "spouse",
        "debts": ["A", "B"], "purpose": "collect", "outcome": "conversation", "address": "line-1",
        "agent": "a-1", "text": "您好", "lender": "l", "seq": 0, "recorded_at": AT,
        "thread": "t", "agent_profile": {"employer": "agency:b", "listed": True},
    },
]  # fmt: skip
FACTS: list[dict[str, Any]] = [
    {"kind": "hardship", "since": AT},
    {
        "kind": "consent", "since": AT, "until": AT, "recorded_at": AT, "debts": ["A"],
        "channel": "call", "address": "line-1", "party": "debtor", "relation": "heir",
        "window": ["22:00", "08:00"], "weekdays": ["mon", "sun"], "value": {"given": "directly"},
        "form": "oral",
    },
]  # fmt: skip


@pytest.mark.parametrize("table", CONTACTS)
def test_a_contact_is_read_as_it_was(table: dict[str, Any]) -> None:
    contact = read_contact(table, where="", ident="c")
    found = contact_read(json.loads(json.dumps(contact_written(contact))))
    assert found == contact
    assert type(found.channel) is type(contact.channel)


@pytest.mark.parametrize("table", FACTS)
def test_a_fact_is_read_as_it_was(table: dict[str, Any]) -> None:
    fact = read_fact(table, where="", ident="f")
    assert fact_read(json.loads(json.dumps(fact_written(fact)))) == fact


def test_a_derived_fact_is_read_as_it_was() -> None:
    fact = Fact(id=FactId("x"), kind=DerivedKind("cn:lost"), since=5, channel=Channel.CALL)
    assert fact_read(json.loads(json.dumps(fact_written(fact)))) == fact


def test_nothing_is_written_that_is_as_it_mostly_is() -> None:
    contact = read_contact(CONTACTS[0], where="", ident="c")
    assert contact_written(contact) == {
        "id": "c", "instant": contact.instant, "channel": "letter"
    }  # fmt: skip


def test_no_field_of_a_contact_or_fact_is_passed_over() -> None:
    contact = read_contact(CONTACTS[1], where="", ident="c")
    assert set(contact_written(contact)) == {f.name for f in fields(Contact)} - {
        "at", "noted", "source"
    }  # fmt: skip
    fact = read_fact(FACTS[1], where="", ident="f")
    assert set(fact_written(fact)) == {each.name for each in fields(Fact)} - {"source"}


def test_what_was_found_in_a_contact_is_no_part_of_it() -> None:
    contact = read_contact(CONTACTS[1], where="", ident="c")
    object.__setattr__(contact, "noted", ("found",))
    assert contact == read_contact(CONTACTS[1], where="", ident="c")
    assert "found" not in repr(contact)
    assert replace(contact, outcome=contact.outcome).noted is None
    # A number is given up by whoever moves, and what was found may turn on it.
    assert contact.moved_to(contact.at).noted is None
    unnumbered = read_contact(CONTACTS[0], where="", ident="c")
    object.__setattr__(unnumbered, "noted", ("found",))
    assert unnumbered.moved_to(contact.at).noted == ("found",)
