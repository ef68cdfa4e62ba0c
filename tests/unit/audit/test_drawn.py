from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from forbear.audit.drawn import closed_hours, counted_by, day_limits, rules_in_force
from forbear.base.clock import as_day
from forbear.evidence.given import ClosedHours, Counted
from forbear.law.book import load

FIRST_DAY = as_day(date(2025, 2, 28))
DAILY = "cn-gbt-interactive-calls"


def days(first: int, last: int) -> range:
    return range(first, last + 1)


@pytest.mark.parametrize(
    ("of", "counted"),
    [
        ({"channel": "call"}, Counted.CALLS),
        ({"channel": ["call"], "outcome": ["conversation", "no_answer"]}, Counted.CALLS),
        ({"channel": "call", "outcome": ["conversation"]}, Counted.CONNECTED),
        ({"channel": "call", "outcome": "conversation"}, Counted.CONNECTED),
        ({"channel": "call", "outcome": {"not": ["no_answer", "busy"]}}, Counted.CONNECTED),
        ({"channel": "call", "outcome": {"not": "busy"}}, Counted.CALLS),
        ({"channel": "call", "outcome": ["no_answer", "busy"]}, None),
        ({"channel": "sms"}, Counted.TEXTS),
        ({"channel": ["sms", "app", "social", "email"]}, Counted.TEXTS),
        ({"channel": ["call", "sms"]}, None),
        ({"channel": {"not": "legal"}}, None),
        ({"channel": "visit"}, None),
        ({"direction": "outbound"}, None),
        ([{"channel": "sms"}, {"channel": "app"}], Counted.TEXTS),
        ([{"channel": "sms"}, {"channel": "call"}], None),
        (None, None),
    ],
)
def test_a_limit_stands_on_a_bar_only_where_the_bar_shows_what_it_counts(
    of: Any, counted: Counted | None
):
    assert counted_by({} if of is None else {"of": of}) is counted


def test_a_limit_that_names_nothing_else_counts_what_it_refuses():
    assert counted_by({"on": {"channel": "call"}, "at_most": 3}) is Counted.CALLS


def test_a_limit_is_drawn_from_the_first_day_on_which_it_binds():
    book = load(["cn"])
    before = {limit.rule for limit in day_limits(book, days(FIRST_DAY - 9, FIRST_DAY - 1))}
    after = {limit.rule: limit for limit in day_limits(book, days(FIRST_DAY - 9, FIRST_DAY))}
    assert DAILY not in before
    assert (after[DAILY].at_most, after[DAILY].counted) == (3, Counted.CONNECTED)


def test_the_law_of_a_named_day_is_drawn_whatever_day_a_log_is_from():
    long_ago = days(FIRST_DAY - 900, FIRST_DAY - 900)
    asked = load(["cn"], as_of=date(2025, 2, 28))
    earlier = load(["cn"], as_of=date(2025, 2, 27))
    assert DAILY in {limit.rule for limit in day_limits(asked, long_ago)}
    assert DAILY not in {limit.rule for limit in day_limits(earlier, long_ago)}


def test_limits_over_a_week_or_for_one_number_are_not_limits_of_a_day():
    drawn = {limit.rule for limit in day_limits(load(["cn-humane"]), days(20600, 20600))}
    assert "humane-messages" in drawn
    assert not drawn & {"humane-week", "humane-day", "humane-gap", "cn-cba-unanswered-calls"}


def test_closed_hours_are_those_of_rules_in_force():
    book = load(["cn"])
    window = ClosedHours(clause="GB/T 45251-2025 5.3 催收时间", start=22 * 3600, end=8 * 3600)
    assert window in closed_hours(book, days(FIRST_DAY, FIRST_DAY))
    assert window not in closed_hours(book, days(FIRST_DAY - 1, FIRST_DAY - 1))


def test_a_log_without_days_has_no_law_to_draw():
    assert list(rules_in_force(load(["cn"]), range(0))) == []
