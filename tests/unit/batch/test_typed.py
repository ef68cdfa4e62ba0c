"""Columns are known by many names; what they hold is cast, and a bad row is told by its number."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from forbear.base.errors import InputError
from forbear.batch.delimited import Loaded
from forbear.batch.schema import CONTACTS, FACTS, TABLES
from forbear.batch.typed import CONTACT, FACT, PERSON, Kind, headed, typed

_AT = "2026-03-10T17:59:00+08:00"


def _typed(
    of: Kind, whole: tuple[str, ...] = (), /, **columns: list[Any]
) -> tuple[pa.Table, list[tuple[int, str]]]:
    table = pa.table(columns)
    return typed(of, Loaded(table, table.num_rows), frozenset(whole))


def test_columns_are_known_by_the_names_that_lenders_use():
    found = headed(
        CONTACT, ["Contact ID", "AT", "channel", "borrower_id", "loan-id", "mood", "number"], "f"
    )
    assert found.columns == {
        "id": "Contact ID", "at": "AT", "channel": "channel", "person": "borrower_id",
        "debts": "loan-id",
    }  # fmt: skip
    assert found.unknown == ("mood",)


def test_of_two_names_for_one_column_the_better_known_counts():
    found = headed(PERSON, ["customer_id", "person", "time_zone"], "f")
    assert found.columns == {"person": "person", "zone": "time_zone"}


@pytest.mark.parametrize(
    ("kind", "columns", "missing"),
    [
        (CONTACT, ["channel"], "at"),
        (FACT, ["kind"], "since"),
        (PERSON, ["zone"], "person"),
        (CONTACT, [], "at"),
    ],
)
def test_what_is_needed_must_be_there(kind: Kind, columns: list[str], missing: str):
    shown = ", ".join(columns) or "none"
    with pytest.raises(
        InputError, match=rf"^f: there is no column {missing} for {kind.name}, only {shown}; known"
    ):
        headed(kind, columns, "f")


def test_every_column_of_the_schemas_is_read():
    for name in CONTACTS.names:
        if name != "position":
            assert name in CONTACT.names, name
    assert set(FACTS.names) == set(FACT.names)


@pytest.mark.parametrize("name", [n for n in CONTACTS.names if n not in {"position", "person"}])
def test_a_column_of_text_comes_out_in_the_type_of_the_schema_or_as_plain_text(name: str):
    kind = CONTACTS.field(name).type
    told = {"at": _AT, "recorded_at": _AT, "channel": "call", "direction": "inbound"}
    told |= {"party": "spouse", "purpose": "collect", "outcome": "busy", "seq": "3"}
    cell = told.get(name) or (
        '{"a": 1}' if name == "agent_profile" else '[{"a": 1}]' if name in TABLES else None
    )
    if cell is None:
        cell = "yes" if pa.types.is_boolean(kind) else "17"
    columns = {"at": [_AT], "channel": ["call"], name: [cell]}
    table, wrong = _typed(CONTACT, **columns)
    assert wrong == []
    found = table[name].type
    text = pa.types.is_dictionary(kind) and found == pa.string()
    single = name == "debts" and not pa.types.is_list(found)
    assert found == kind or text or single
    assert table[name].null_count == 0


def test_bad_rows_are_told_by_number_and_left_out():
    numbers = np.array([0, 2, 3])
    table = pa.table({"at": [_AT, None, _AT], "channel": ["call", "call", "fax"]})
    loaded = Loaded(table, 5, numbers, [(1, "torn"), (4, "torn")])
    found, wrong = typed(CONTACT, loaded, frozenset())
    assert found["position"].to_pylist() == [0]
    assert [number for number, _ in wrong] == [1, 2, 3, 4]
    assert wrong[1][1] == ("at: the time is missing; add one such as 2026-03-10T17:59:00+08:00")
    assert wrong[2][1].startswith("channel 'fax' is unknown; known are call")


def test_a_row_without_a_channel_is_told_what_one_is():
    _, wrong = _typed(CONTACT, at=[_AT, _AT], channel=["call", None])
    assert wrong == [(1, "channel: it is missing; add one, such as call")]


def test_whole_numbers_stay_so_only_where_all_inputs_have_them():
    columns = {"at": [_AT], "channel": ["call"], "person": [7], "debts": [8], "lender": [9]}
    table, _ = _typed(CONTACT, ("person", "debts"), **columns)
    assert [str(table[name].type) for name in ("person", "debts")] == ["int64", "int64"]
    assert table["lender"].to_pylist() == ["9"]
    table, _ = _typed(CONTACT, (), **columns)
    assert table["person"].to_pylist() == ["7"]


def test_facts_name_persons_in_the_form_of_the_contacts():
    kinds, since = ["minor"] * 4, [_AT] * 4
    people = ["7", "007", "x", None]
    table, wrong = _typed(FACT, ("person",), kind=kinds, since=since, person=people)
    assert table["person"].to_pylist() == [7, None]
    assert wrong == [
        (1, "person '007' is no whole number, as those of the contacts are"),
        (2, "person 'x' is no whole number, as those of the contacts are"),
    ]


def test_facts_are_checked_before_anything_is_judged():
    kinds = [
        "minor",
        "riches",
        None,
        "possible_timezone",
        "possible_timezone",
        "consent",
        "consent",
    ]
    table, wrong = _typed(
        FACT,
        kind=kinds,
        since=[_AT] * 7,
        value=[None, None, None, "Mars/Base", '"Asia/Hong_Kong"', None, "home"],
        window=[None, None, None, None, None, "18:00", "18:00 - 23:00"],
        weekdays=["mon;sun", None, None, None, None, None, '["tue"]'],
    )
    assert [number for number, _ in wrong] == [1, 2, 3, 5]
    assert [why.split(";")[0] for _, why in wrong] == [
        "kind: 'riches' is unknown",
        "kind: it is missing",
        "value: time zone 'Mars/Base' is unknown",
        "window: '18:00' is no pair of times",
    ]
    assert table["weekdays"].to_pylist() == [["mon", "sun"], None, ["tue"]]
    assert table["value"].to_pylist() == [None, '"Asia/Hong_Kong"', '"home"']
    assert table["window"].to_pylist() == [None, None, "18:00-23:00"]
    _, wrong = _typed(FACT, kind=["minor"], since=[_AT], weekdays=["mo"])
    assert wrong[0][1].startswith("weekdays: ['mo'] are no weekdays; write a list of mon")


def test_a_zone_that_there_is_not_is_told():
    table, wrong = _typed(PERSON, person=["a", "b"], zone=["Asia/Shanghai", "Mars/Base"])
    assert table["person"].to_pylist() == ["a"]
    assert "Mars/Base" in wrong[0][1]
