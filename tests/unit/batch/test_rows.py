"""A row says what the same contact says in JSON, and comes back as it was."""

from __future__ import annotations

import json
from dataclasses import replace
from random import Random

import pyarrow as pa
import pytest
from tests.property.worlds import PACKS, world

from forbear.base.contact import UNSAID
from forbear.base.errors import CaseError
from forbear.base.words import Channel, Direction, FactKind, Party
from forbear.batch.rows import chunk_of, contacts_of, debtors_of, facts_of, people_of, places_of
from forbear.batch.schema import INSTANT
from forbear.law.auditing import Debtor
from forbear.law.case import read_case

AT = 1_772_000_000


def _contacts(**columns: object) -> pa.Table:
    size = len(next(iter(columns.values())))
    return pa.table(
        {
            "position": pa.array(range(size), pa.int64()),
            "at": pa.array([AT] * size, INSTANT),
            "channel": ["call"] * size,
            **columns,
        }
    )


@pytest.mark.parametrize("pack", PACKS)
def test_debtors_come_back_as_they_were_written(pack: str):
    rnd = Random(pack)
    written = {}
    for number in range(60):
        case = read_case(world(rnd, pack))
        if case.history:
            written[f"p{number}"] = Debtor(
                contacts=case.history, facts=case.facts, zone=case.zone, region=case.region
            )
    read = debtors_of(chunk_of(written))
    assert list(read) == list(written)
    for person, debtor in written.items():
        assert (read[person].zone, read[person].region) == (debtor.zone, debtor.region)
        # What stands beside a fact's value is put into the value, where the law reads it.
        assert [replace(fact, more={}) for fact in read[person].facts] == [
            replace(fact, more={}) for fact in debtor.facts
        ]
        for got, given in zip(read[person].contacts, debtor.contacts, strict=True):
            assert got.at == given.at
            assert all(
                getattr(got, key) == getattr(given, key)
                for key in given.__dataclass_fields__
                if key not in {"at", "source"}
            )


def test_what_is_null_is_unsaid_and_takes_the_defaults_of_a_case():
    (contact,) = contacts_of(_contacts(text=pa.array([None], pa.string()), bot=pa.nulls(1)))
    assert contact.id == "row-0"
    assert (contact.direction, contact.party) == (Direction.OUTBOUND, Party.DEBTOR)
    assert contact.text is contact.outcome is contact.purpose is UNSAID
    assert (contact.debts, contact.more, contact.lender) == ((), {}, "")
    assert (contact.seq, contact.recorded) == (None, None)


def test_whole_numbers_are_names():
    table = _contacts(person=[7, None], lender=[3, 4], debts=[11, None])
    assert people_of(table) == ["7", ""]
    assert [contact.lender for contact in contacts_of(table)] == ["3", "4"]
    assert [contact.debts for contact in contacts_of(table)] == [("11",), ()]


def test_debts_stand_as_a_list_or_as_one_name():
    lists = pa.array([["A", "B"], [], None], pa.list_(pa.string()))
    assert [c.debts for c in contacts_of(_contacts(debts=lists))] == [("A", "B"), (), ()]
    names = pa.array(["A", None]).dictionary_encode()
    assert [c.debts for c in contacts_of(_contacts(debts=names))] == [("A",), ()]


def test_only_the_rows_asked_for_are_read():
    table = _contacts(
        person=pa.array(["a", "b", "c"]).dictionary_encode(), channel=["call", "sms", "letter"]
    )
    found = contacts_of(table, pa.array([2, 1]))
    assert [(c.id, c.channel) for c in found] == [("row-2", Channel.LETTER), ("row-1", Channel.SMS)]
    assert people_of(table, pa.array([2, 1])) == ["c", "b"]


def test_chunks_with_dictionaries_of_their_own_are_read_alike():
    parts = [
        _contacts(person=pa.array(names).dictionary_encode()) for names in (["a", "b"], ["b", "c"])
    ]
    assert people_of(pa.concat_tables(parts)) == ["a", "b", "b", "c"]


def test_profiles_of_several_agents_stand_together():
    (contact,) = contacts_of(
        _contacts(
            agent_profile=[json.dumps({"employer": "agency:a"})],
            agent_profiles=[json.dumps({"x": {"employer": "agency:b"}})],
        )
    )
    assert contact.more == {"agent_profile": [{"employer": "agency:a"}, {"employer": "agency:b"}]}


def test_an_age_is_a_whole_number_where_it_is_one():
    found = contacts_of(_contacts(party_age=[17.0, 17.5]))
    assert [repr(contact.more["party_age"]) for contact in found] == ["17", "17.5"]


@pytest.mark.parametrize(
    ("column", "says"),
    [
        ({"channel": ["fax"]}, "fax"),
        ({"agent_profile": ["{"]}, "is no JSON; mend"),
        ({"agent_profile": ["[]"]}, "is no JSON object"),
        ({"agent_profiles": ["[1]"]}, "is no list of JSON objects"),
        ({"debts": [["A", None]]}, "is no list of names"),
    ],
)
def test_a_row_that_cannot_be_read_says_why(column: dict[str, list[object]], says: str):
    with pytest.raises(CaseError, match=says):
        contacts_of(_contacts(**column))


def test_a_fact_is_told_by_person_and_number_where_it_cannot_be_read():
    table = pa.table({"person": ["p1"], "kind": ["riches"], "since": pa.array([AT], INSTANT)})
    with pytest.raises(CaseError, match=r"fact 1 of person 'p1'.kind: 'riches' is unknown"):
        facts_of(table)


def test_facts_keep_the_order_of_their_rows_by_person():
    table = pa.table(
        {
            "person": [2, 1, 2],
            "kind": ["stop_request", "hardship", "minor"],
            "since": pa.array([AT, AT + 1, AT + 2], INSTANT),
            "window": [None, "22:00-06:00", None],
            "weekdays": [None, ["mon", "sun"], None],
            "value": [None, '{"a": 1}', None],
        }
    )
    found = facts_of(table)
    assert {person: [f.kind for f in own] for person, own in found.items()} == {
        "2": [FactKind.STOP_REQUEST, FactKind.MINOR],
        "1": [FactKind.HARDSHIP],
    }
    (fact,) = found["1"]
    assert (fact.window, fact.weekdays) == ((79_200, 21_600), frozenset({0, 6}))
    assert (fact.value, fact.id) == ({"a": 1}, "fact-0")


def test_of_several_places_of_a_person_the_last_counts():
    persons = pa.table(
        {"person": ["a", "a"], "zone": ["Asia/Shanghai", "Asia/Hong_Kong"], "region": ["CN", None]}
    )
    assert places_of(persons) == {"a": ("Asia/Hong_Kong", None)}
