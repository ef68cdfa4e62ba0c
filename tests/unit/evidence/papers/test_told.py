"""What a person says is taken over exactly, or refused with the name of the key."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from datetime import date
from typing import Any

import pytest

from forbear.audit.examine import LENDER_TYPES
from forbear.base.errors import InputError
from forbear.evidence.papers import Told, about_template, told_from
from forbear.evidence.papers import told as module


def test_nothing_said_is_an_empty_form():
    assert told_from({}) == Told()
    assert told_from({"name": None, "months": "", "hours": [], "dated": ""}) == Told()


def test_values_are_tidied_but_not_changed():
    said = told_from(
        {
            "name": " 李静 ",
            "wants": ["stop", "stop", "hours"],
            "hours": ["08:00", "20:30"],
            "family": "母亲",
            "months": "12",
            "claimed": 5000,
            "dated": "2026-03-16",
            "first_date": date(2026, 4, 1),
            "danger": True,
        }
    )
    assert said.name == "李静"
    assert said.wants == ("stop", "hours")
    assert said.hours == ("08:00", "20:30")
    assert said.family == ("母亲",)
    assert said.months == 12
    assert said.claimed == "5000"
    assert said.dated == date(2026, 3, 16)
    assert said.first_date == "2026-04-01"
    assert said.danger is True


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("claimed", 1234.5),
        ("claimed", True),
        ("name", ["a"]),
        ("name", "a" * 5000),
        ("wants", ["everything"]),
        ("wants", {"stop": True}),
        ("hours", ["18:00"]),
        ("hours", ["18:00", "18:00"]),
        ("hours", ["25:00", "26:00"]),
        ("hours", ["soon", "later"]),
        ("months", "a few"),
        ("months", "0"),
        ("months", "²"),
        ("months", -1),
        ("dated", "yesterday"),
        ("danger", "yes"),
        ("country", "atlantis"),
        ("lender_type", "pawnshop"),
    ],
)
def test_a_wrong_value_is_refused_by_its_key(key: str, value: Any):
    with pytest.raises(InputError, match=f"^{key}"):
        told_from({key: value})


def test_an_unknown_key_names_all_that_are_known():
    with pytest.raises(InputError) as refused:
        told_from({"nmae": "李静"})
    assert "'nmae'" in str(refused.value)
    listed = re.search(r"known are (.+)$", str(refused.value))
    assert listed is not None
    assert listed[1].split(", ") == [each.name for each in fields(Told)]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_form_names_every_field_and_its_examples_are_good(language: Any):
    form = about_template(language)
    assert told_from(tomllib.loads(form)) == Told(), "as it comes, it says nothing"
    filled = re.sub(r"^# (?=\w+ = )", "", form, flags=re.MULTILINE)
    table = tomllib.loads(filled)
    assert set(table) == {each.name for each in fields(Told)}
    told_from(table)


def test_the_kinds_of_lender_are_those_of_the_audit():
    assert module.LENDER_TYPES == LENDER_TYPES
