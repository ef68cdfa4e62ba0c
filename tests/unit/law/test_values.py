"""Conditions on one value, and the difference between false and not said."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from forbear.base.clock import clock, instant_of, parse_moment
from forbear.base.contact import UNSAID
from forbear.base.errors import PackError
from forbear.law.values import all_of, as_moment, compile_match, end_of, start_of
from forbear.law.view import NO_CHANGE

SHANGHAI = clock("Asia/Shanghai")


def instant(text: str) -> int:
    return instant_of(parse_moment(text, where="here"))


def held(spec: Any, value: Any, at: str = "2026-03-10T12:00:00+08:00", **keys: bool) -> Any:
    match = compile_match(spec, where="here", **keys)
    return match.test(value, instant(at), SHANGHAI)


@pytest.mark.parametrize(
    ("spec", "yes", "no"),
    [
        ("call", "call", "sms"),
        (["call", "sms"], "sms", "email"),
        ({"in": ["call"]}, "call", "sms"),
        ({"not": "call"}, "sms", "call"),
        ({"not": ["call", "sms"]}, "email", "sms"),
        ({"starts": "agency:"}, "agency:a", "lender"),
        ({"starts": ["a", "b"]}, "bc", "cb"),
        ({"below": 14}, 13.99, 14),
        ({"above": 14}, 14.01, 14),
        ({"fewer": 2}, ["a"], ["a", "b"]),
        ({"more": 2}, ["a", "b", "c"], ["a", "b"]),
        ({"present": True}, "x", ""),
        ({"present": False}, None, "x"),
        ({"empty": True}, None, "x"),
        ({"empty": False}, "x", ""),
        (False, False, True),
        ({"above": 1, "below": 3}, 2, 3),
        ({"present": True, "not": ["none"]}, "filed", "none"),
    ],
)
def test_a_condition_holds_for_one_value_and_not_for_the_other(
    spec: Any, yes: Any, no: Any
) -> None:
    assert held(spec, yes) is True
    assert held(spec, no) is False


@pytest.mark.parametrize(
    "spec", ["call", ["call"], {"not": "call"}, {"starts": "a"}, {"below": 1}, {"fewer": 1},
             {"passed": True}, {"passed": False}, {"older_than_days": 3}, {"not": "x", "in": ["y"]}]
)  # fmt: skip
def test_what_nobody_said_is_unknown_and_not_false(spec: Any) -> None:
    assert held(spec, UNSAID) is None


@pytest.mark.parametrize(
    ("value", "at", "is_today"),
    [
        ("2026-03-10", "2026-03-10T00:00:00+08:00", True),
        ("2026-03-10", "2026-03-10T23:59:59+08:00", True),
        ("2026-03-10", "2026-03-09T23:59:59+08:00", False),
        ("2026-03-10", "2026-03-11T00:00:00+08:00", False),
        # A time counts by its local date: seven in the evening in London is the next day here.
        ("2026-03-09T19:00:00+00:00", "2026-03-10T12:00:00+08:00", True),
        ("soon", "2026-03-10T12:00:00+08:00", False),
        (None, "2026-03-10T12:00:00+08:00", False),
    ],
)
def test_a_date_is_today_on_its_local_day_only(value: Any, at: str, is_today: bool) -> None:
    assert held({"today": True}, value, at) is is_today
    assert held({"today": False}, value, at) is not is_today
    assert held({"today": True}, UNSAID, at) is None
    assert held({"today": True}, UNSAID, at, closed=True) is False


def test_a_date_changes_its_answer_when_its_day_begins_and_when_it_ends() -> None:
    match = compile_match({"today": True}, where="here")
    begins, ends = instant("2026-03-10T00:00:00+08:00"), instant("2026-03-11T00:00:00+08:00")
    assert match.next("2026-03-10", begins - 1, SHANGHAI) == begins
    assert match.next("2026-03-10", begins, SHANGHAI) == ends
    assert match.next("2026-03-10", ends, SHANGHAI) == NO_CHANGE
    assert match.next("soon", begins, SHANGHAI) == NO_CHANGE


def test_an_unsaid_value_is_no_evidence_and_is_not_said_to_be_empty() -> None:
    assert held({"present": True}, UNSAID) is False
    assert held({"present": False}, UNSAID) is True
    assert held({"empty": True}, UNSAID) is False
    assert held({"empty": False}, UNSAID) is True


def test_a_fact_says_all_that_is_known_so_what_it_lacks_is_not_so() -> None:
    assert held("call", UNSAID, closed=True) is False
    assert held({"not": "call"}, UNSAID, closed=True) is True
    assert held({"passed": False}, UNSAID, closed=True) is False


@pytest.mark.parametrize("value", ["3", None, True, [], {}])
def test_what_is_no_number_is_neither_above_nor_below_one(value: Any) -> None:
    assert held({"below": 5}, value) is False
    assert held({"above": -5}, value) is False


def test_false_wins_over_unknown_and_unknown_over_true() -> None:
    assert all_of([True, None, False]) is False
    assert all_of([True, None]) is None
    assert all_of([True, True]) is True
    assert all_of([]) is True


def test_keys_of_a_value_must_all_hold() -> None:
    spec = {"type": "joint", "claimed": True}
    assert held(spec, {"type": "joint", "claimed": True}) is True
    assert held(spec, {"type": "joint", "claimed": False}) is False
    assert held(spec, {"type": "joint"}) is None
    assert held(spec, {"type": "several"}) is False
    assert held(spec, {"type": "joint"}, closed=True) is False
    assert held(spec, UNSAID) is None
    assert held(spec, "joint", closed=True) is False


def test_of_several_values_one_is_enough() -> None:
    spec = {"exam_passed": {"not": True}}
    assert held(spec, [{"exam_passed": True}, {"exam_passed": False}]) is True
    assert held(spec, [{"exam_passed": True}, {"exam_passed": True}]) is False
    assert held(spec, [{"exam_passed": True}, {}]) is None
    assert held(spec, []) is False


@pytest.mark.parametrize(
    ("value", "over"),
    [
        ({"rate": 0.17, "lpr": 0.0425}, False),
        ({"rate": 0.1701, "lpr": 0.0425}, True),
        ({"rate": 0.16}, False),
        ({"rate": 0.1601}, True),
        ({"rate": "0.3"}, False),
        ({}, False),
    ],
)
def test_a_number_is_held_against_a_multiple_of_another(value: Any, over: bool) -> None:
    spec = {"rate": {"above": {"times": 4, "of": "lpr", "else": 0.04}}}
    assert held(spec, value, closed=True) is over


def test_a_time_has_passed_from_its_second_on() -> None:
    spec, value = {"passed": True}, "2026-03-10T12:00:00+08:00"
    assert held(spec, value, "2026-03-10T11:59:59+08:00") is False
    assert held(spec, value, "2026-03-10T12:00:00+08:00") is True
    assert held({"passed": False}, value, "2026-03-10T11:59:59+08:00") is True


def test_a_date_has_passed_when_it_is_over_on_the_local_clock() -> None:
    spec, value = {"passed": True}, "2026-03-10"
    assert held(spec, value, "2026-03-10T23:59:59+08:00") is False
    assert held(spec, value, "2026-03-11T00:00:00+08:00") is True


def test_older_than_a_year_begins_the_day_after_its_last_day() -> None:
    spec = {"older_than_days": 365}
    for value in ("2025-03-10", "2025-03-10T18:00:00+08:00"):
        assert held(spec, value, "2026-03-10T23:59:59+08:00") is False
        assert held(spec, value, "2026-03-11T00:00:00+08:00") is True


@pytest.mark.parametrize("value", [None, "", "soon", 7, "2026-03-10T12:00:00"])
def test_a_moment_that_never_came_has_not_passed(value: Any) -> None:
    assert held({"passed": True}, value) is False
    assert held({"passed": False}, value) is True


def test_the_next_change_is_the_moment_itself_and_after_it_none() -> None:
    match = compile_match({"passed": True}, where="here")
    value, turn = "2026-03-10", instant("2026-03-11T00:00:00+08:00")
    assert match.next(value, turn - 1, SHANGHAI) == turn
    assert match.next(value, turn, SHANGHAI) == NO_CHANGE
    assert match.next(UNSAID, 0, SHANGHAI) == NO_CHANGE


def test_the_next_change_within_several_values_is_the_soonest() -> None:
    match = compile_match({"trained": {"passed": True}}, where="here")
    values = [{"trained": "2026-03-12"}, {"trained": "2026-03-10"}]
    assert match.next(values, 0, SHANGHAI) == instant("2026-03-11T00:00:00+08:00")
    assert match.next([], 0, SHANGHAI) == NO_CHANGE


def test_only_conditions_that_time_does_not_change_are_plain() -> None:
    assert compile_match("call", where="here").plain is not None
    assert compile_match({"a": "b"}, where="here").plain is not None
    assert compile_match({"a": {"passed": True}}, where="here").plain is None


def test_named_periods_take_in_their_whole_days() -> None:
    day = instant("2026-03-10T00:00:00+08:00")
    assert start_of("2026-03-10", SHANGHAI) == day
    assert end_of("2026-03-10", SHANGHAI) == day + 86_400
    assert end_of("2026-03-10T12:00:00+08:00", SHANGHAI) == day + 43_200
    assert start_of("soon", SHANGHAI) is None is end_of(None, SHANGHAI)


def test_text_is_a_date_or_a_time_with_its_offset_or_nothing() -> None:
    assert as_moment("2026-03-10") == date(2026, 3, 10)
    assert isinstance(as_moment("2026-03-10T12:00:00Z"), datetime)
    assert as_moment("2026-03-10T12:00:00") is None
    assert as_moment(20260310) is None


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ({"below": "14"}, "is no number"),
        ({"above": True}, "is no number"),
        ({"older_than_days": "a year"}, "is no number"),
        ({"present": "yes"}, "takes true or false"),
        ({"empty": 1}, "takes true or false"),
        ({"passed": "no"}, "takes true or false"),
        ({"starts": 5}, "takes a text"),
        ({"below": 1, "abve": 3}, "abve stands where an operator must"),
        ({}, "stands where an operator must"),
        ({"rate": {"above": {"times": 4}}}, "a multiple is written"),
        ({"rate": {"above": {"times": "4", "of": "x", "else": 1}}}, "is no number"),
    ],
)
def test_a_condition_that_says_nothing_sensible_is_refused(spec: Any, said: str) -> None:
    with pytest.raises(PackError, match=said) as caught:
        compile_match(spec, where="cn/act: rule r")
    assert str(caught.value).startswith("cn/act: rule r")
