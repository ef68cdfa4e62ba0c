from __future__ import annotations

import pytest

from forbear.audit.against.shown import agreement, said_number, shown_number


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("02110000001", "02110000001"),
        ("+86 138 0013 0123", "13800130123"),
        ("1380****123", "1380****123"),
        ("138xxxx0123", "138****0123"),
        ("+861380****123", "1380****123"),
        ("1380…123", "1380*123"),
        ("尾号0123", "*0123"),
        ("0123", "*0123"),
        ("95187", "95187"),
        ("9f86d081884c7d659a2feaa0c55ad015", None),
        ("sha256:9f86d081884c7d65", None),
        ("****", None),
        ("", None),
        ("未知", None),
        (None, None),
    ],
)
def test_a_number_is_read_as_far_as_it_is_shown(written: str | None, means: str | None):
    assert said_number(written) == means


@pytest.mark.parametrize(
    ("one", "other", "agrees"),
    [
        ("13800130123", "13800130123", 0),
        ("13800130123", "1380****123", 1),
        ("13800130124", "1380****123", None),
        ("13800130123", "*0123", 1),
        ("95187", "1380****123", None),
        ("1380****123", "138*****123", 1),
        ("1380****123", "1381****123", None),
        ("1380****123", "*0123", 1),
        ("02110000001", "02110000002", None),
        ("95187", "951870", None),
        ("95187", None, 2),
        (None, None, 2),
    ],
)
def test_numbers_agree_or_contradict_and_are_never_guessed(
    one: str | None, other: str | None, agrees: int | None
):
    assert agreement(one, other) == agrees
    assert agreement(other, one) == agrees


def test_what_the_phone_displayed_decides():
    assert shown_number({"caller_id": "95187"}, "02166660001") == "95187"
    assert shown_number({"caller_id": "withheld"}, "02166660001") is None


@pytest.mark.parametrize("code", ["L-017", "10023", "Li Lei", "7001"])
def test_the_code_of_an_agent_is_no_number(code: str):
    assert shown_number({"agent": code}, code) is None


def test_an_agent_may_be_named_by_the_number_they_call_from():
    assert shown_number({"agent": "13800130123"}, "13800130123") == "13800130123"
    assert shown_number({"agent": "95187"}, "95187") == "95187"
