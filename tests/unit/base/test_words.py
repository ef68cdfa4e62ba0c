"""The closed words: the same in every language that a pack, a case or a log writes."""

from __future__ import annotations

import re
from enum import StrEnum

import pytest

from forbear.base import words
from forbear.base.words import MORE_KEYS, WEEKDAYS, Confidence, Effect, FactKind, Level

LISTS: list[type[StrEnum]] = [
    each
    for each in vars(words).values()
    if isinstance(each, type) and issubclass(each, StrEnum) and each is not StrEnum
]


def test_there_is_a_list_for_everything_that_is_named() -> None:
    assert len(LISTS) == 9


@pytest.mark.parametrize("named", LISTS, ids=lambda each: each.__name__)
def test_a_word_is_written_in_small_letters_and_is_its_own_value(named: type[StrEnum]) -> None:
    for word in named:
        assert re.fullmatch(r"[a-z]+([_-][a-z]+)*", word.value)
        assert word.name == word.value.upper().replace("-", "_")
        assert str(word) == word.value


def test_effects_are_listed_from_the_strictest_to_the_mildest() -> None:
    assert list(Effect) == ["deny", "review", "warn"]


def test_levels_are_listed_from_the_highest_to_the_lowest() -> None:
    assert list(Level) == [
        "law", "regulation", "standard", "guidance", "self-regulation", "house",
    ]  # fmt: skip


def test_confidence_is_listed_from_the_surest_to_the_least_sure() -> None:
    assert list(Confidence) == ["text", "quoted", "weak", "recalled", "draft"]


def test_the_week_begins_on_monday() -> None:
    assert WEEKDAYS[0] == "mon"
    assert len(WEEKDAYS) == 7


def test_keys_of_a_contact_and_kinds_of_fact_are_listed_in_order_of_the_alphabet() -> None:
    assert list(MORE_KEYS) == sorted(MORE_KEYS)
    assert list(FactKind) == sorted(FactKind)


def test_what_protects_a_debtor_where_nobody_says_it_is_open() -> None:
    # Whether a call was recorded, or a caller said who it is, must not pass as done when unsaid.
    for key in ("recorded", "identified", "id_shown", "entry_consent", "agent_profile"):
        assert MORE_KEYS[key] is True
    # Consent and requests that nobody mentions were not given.
    for key in ("consent", "requested_by_debtor", "requested_by_third_party"):
        assert MORE_KEYS[key] is False
