"""The kind ``hours``: closed times of the local day, and closed days."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.law.small import ask, broken, call, china, first, rule, tiny

from forbear.base.clock import parse_moment
from forbear.base.errors import PackError
from forbear.law.answers import Never
from forbear.law.vocabulary.hours import Hours

NIGHT = 'kind = "hours"\nclosed = ["22:00", "08:00"]'


@pytest.mark.parametrize(
    ("time", "opens"),
    [
        ("2026-03-10T07:59:59", "2026-03-10T08:00:00"),
        ("2026-03-10T08:00:00", "2026-03-10T08:00:00"),
        ("2026-03-10T21:59:59", "2026-03-10T21:59:59"),
        ("2026-03-10T22:00:00", "2026-03-11T08:00:00"),
        ("2026-03-11T00:00:00", "2026-03-11T08:00:00"),
    ],
)
def test_a_contact_in_closed_hours_waits_for_the_first_open_second(
    tmp_path: Path, time: str, opens: str
) -> None:
    book = tiny(tmp_path, rule(NIGHT))
    asked = call(f"{time}+08:00")
    assert (broken(book, asked) == []) is (time == opens)
    assert first(book, asked).at == parse_moment(f"{opens}+08:00", where="")


def test_a_breach_says_the_local_time_and_when_it_clears(tmp_path: Path) -> None:
    (because,) = ask(tiny(tmp_path, rule(NIGHT)), call("2026-03-10T14:30:00Z")).because
    assert because.says.zh == "不得。这次联系的当地时间是22:30。"
    assert because.says.en == "Not so. The local time of this contact is 22:30."
    assert because.clears_at is not None
    assert because.clears_at.isoformat() == "2026-03-11T08:00:00+08:00"


def test_every_plausible_clock_is_named(tmp_path: Path) -> None:
    zones = [
        {"kind": "possible_timezone", "since": china("2026-03-01", "00:00:00"), "value": zone,
         "id": zone}
        for zone in ("America/New_York", "America/Los_Angeles")
    ]  # fmt: skip
    (because,) = ask(
        tiny(tmp_path, rule(NIGHT)), call("2026-03-10T10:00:00-04:00"), (), zones
    ).because
    assert because.says.en.endswith("is 07:00, 10:00.")


def test_closed_days_close_the_whole_day_and_open_with_the_next(tmp_path: Path) -> None:
    book = tiny(tmp_path, rule('kind = "hours"\ndays = ["sat", "sun"]'))
    assert broken(book, call(china("2026-03-13", "23:59:59"))) == []
    assert broken(book, call(china("2026-03-14", "00:00:00"))) == ["r"]
    found = first(book, call(china("2026-03-14", "12:00:00")))
    assert found.at == parse_moment(china("2026-03-16", "00:00:00"), where="")


def test_hours_of_named_days_close_only_where_both_hold(tmp_path: Path) -> None:
    book = tiny(tmp_path, rule('kind = "hours"\ndays = ["sun"]\nclosed = ["08:00", "13:00"]'))
    assert broken(book, call(china("2026-03-15", "12:59:59"))) == ["r"]
    assert broken(book, call(china("2026-03-15", "13:00:00"))) == []
    assert broken(book, call(china("2026-03-16", "12:00:00"))) == []
    kind = book.rules[0].kind
    assert isinstance(kind, Hours)
    # It closes no hour of every day, so it is not shown as one.
    assert kind.closed is None


def test_a_national_holiday_week_is_waited_out(tmp_path: Path) -> None:
    book = tiny(tmp_path, rule('kind = "hours"\ndays = ["holiday"]'), pack='calendar = "china"')
    found = first(book, call(china("2025-10-01", "12:00:00")))
    assert found.at == parse_moment(china("2025-10-09", "00:00:00"), where="")


def test_a_year_that_nobody_published_opens_on_no_day_of_it(tmp_path: Path) -> None:
    book = tiny(tmp_path, rule('kind = "hours"\ndays = ["holiday"]'), pack='calendar = "china"')
    found = first(book, call(china("2035-03-14", "12:00:00")))
    assert (found.at, found.why_not) == (None, Never.BEYOND_HORIZON)


def test_an_hour_that_is_left_out_closes_nothing_and_one_that_comes_twice_closes_twice(
    tmp_path: Path,
) -> None:
    book = tiny(tmp_path, rule('kind = "hours"\nclosed = ["01:00", "03:00"]'))
    for time, shut in (
        ("2026-03-08T01:59:59-05:00", True),
        ("2026-03-08T03:00:00-04:00", False),
        ("2026-11-01T01:30:00-04:00", True),
        ("2026-11-01T01:30:00-05:00", True),
        ("2026-11-01T03:00:00-05:00", False),
    ):
        assert broken(book, call(time), zone="America/New_York") == (["r"] if shut else [])


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("", "hours needs closed"),
        ('closed = "22:00"', "no pair of times"),
        ('closed = ["22:00", "25:00"]', "no time of day"),
        ('days = ["friday"]', "day 'friday' is unknown"),
        ('closed = ["22:00", "08:00"]\nwithin = "day"', "key 'within' has no meaning"),
    ],
)
def test_hours_that_mean_nothing_are_refused(tmp_path: Path, keys: str, said: str) -> None:
    with pytest.raises(PackError, match=said):
        tiny(tmp_path, rule(f'kind = "hours"\n{keys}'))
