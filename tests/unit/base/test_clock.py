"""Instants, local days and hours: borders, windows over midnight, clocks put on and back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from forbear.base.clock import (
    DAY_SECONDS,
    as_date,
    as_day,
    clock,
    inside,
    instant_of,
    parse_moment,
    parse_second,
    weekday,
)
from forbear.base.errors import CaseError

HOUR = 3600
SWITCHING = ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "America/Santiago",
             "America/Havana", "Africa/Cairo", "Asia/Shanghai", "Asia/Kathmandu"]  # fmt: skip


def instant(text: str) -> int:
    return instant_of(parse_moment(text, where="here"))


def test_a_day_begins_at_local_midnight_and_not_at_that_of_utc() -> None:
    shanghai = clock("Asia/Shanghai")
    last, first = instant("2026-03-10T23:59:59+08:00"), instant("2026-03-11T00:00:00+08:00")
    assert first - last == 1
    assert as_date(shanghai.day(last)) == date(2026, 3, 10)
    assert as_date(shanghai.day(first)) == date(2026, 3, 11)
    assert shanghai.second_of_day(last) == DAY_SECONDS - 1
    assert shanghai.second_of_day(first) == 0


def test_a_clock_is_made_once_for_each_zone() -> None:
    assert clock("Asia/Shanghai") is clock("Asia/Shanghai")


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../etc/passwd", "America", "\0"])
def test_a_zone_that_does_not_exist_is_refused_with_an_example(name: str) -> None:
    with pytest.raises(CaseError, match="write an IANA name such as Asia/Shanghai"):
        clock(name)


@pytest.mark.parametrize("zone", SWITCHING)
def test_the_first_instant_of_a_wall_time_is_what_a_walk_through_the_year_finds(zone: str) -> None:
    # Every day of 2026 at a few times, held against a walk in steps of a quarter hour.
    here, info = clock(zone), ZoneInfo(zone)
    start = int(datetime(2025, 12, 31, tzinfo=UTC).timestamp())
    first: dict[tuple[int, int], int] = {}
    latest: dict[int, int] = {}
    for step in range(0, 367 * DAY_SECONDS, 900):
        local = datetime.fromtimestamp(start + step, UTC).astimezone(info)
        day, second = as_day(local.date()), local.hour * HOUR + local.minute * 60
        shown = latest.get(day, -1)
        # A clock that jumps over a quarter hour shows it, or a later one, at the jump.
        for quarter in range(shown + 1, second // 900 + 1):
            first.setdefault((day, quarter * 900), start + step)
        latest[day] = max(shown, second // 900)
    for day in range(as_day(date(2026, 1, 2)), as_day(date(2026, 12, 30))):
        for second in (0, 1 * HOUR, 9_000, 2 * HOUR, 10_800, 8 * HOUR, 22 * HOUR, 82_800):
            if (day, second) in first:
                assert here.at(day, second) == first[day, second], (as_date(day), second)


def test_a_time_that_a_clock_put_on_leaves_out_begins_when_the_clock_is_put_on() -> None:
    day = as_day(date(2026, 3, 8))
    two = instant("2026-03-08T03:00:00-04:00")
    assert clock("America/New_York").at(day, 2 * HOUR) == two
    assert clock("America/New_York").at(day, 2 * HOUR + 1800) == two
    assert clock("America/New_York").at(day, 3 * HOUR) == two


@pytest.mark.parametrize(
    ("zone", "day", "earlier"),
    [
        ("America/New_York", date(2026, 11, 1), "2026-11-01T01:30:00-04:00"),
        ("Europe/Berlin", date(2026, 10, 25), "2026-10-25T02:30:00+02:00"),
    ],
)
def test_of_a_time_that_comes_twice_the_first_counts(zone: str, day: date, earlier: str) -> None:
    local = datetime.fromisoformat(earlier)
    second = local.hour * HOUR + local.minute * 60
    assert clock(zone).at(as_day(day), second) == instant(earlier)
    assert instant(earlier) in clock(zone).edges(as_day(day), second)
    assert instant(earlier) + HOUR in clock(zone).edges(as_day(day), second)


def test_the_switch_itself_is_an_edge_of_every_time_of_its_day() -> None:
    switch = instant("2026-11-01T01:00:00-05:00")
    assert switch in clock("America/New_York").edges(as_day(date(2026, 11, 1)), 8 * HOUR)
    assert len(clock("America/New_York").edges(as_day(date(2026, 11, 4)), 8 * HOUR)) == 1


def test_the_hour_before_a_switch_has_the_old_offset_and_the_hour_after_the_new_one() -> None:
    new_york = clock("America/New_York")
    before, after = instant("2026-03-08T01:59:59-05:00"), instant("2026-03-08T03:00:00-04:00")
    assert after - before == 1
    assert new_york.offset(before) == -5 * HOUR
    assert new_york.offset(after) == -4 * HOUR


def test_zones_off_the_full_hour_are_told_to_the_minute() -> None:
    assert clock("Asia/Kathmandu").second_of_day(0) == 5 * HOUR + 30 * 60


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_a_fact_may_hold_from_the_first_year_or_to_the_last(text: str) -> None:
    shanghai = clock("Asia/Shanghai")
    day = shanghai.day(instant(text))
    assert abs(shanghai.at(day, 0) - instant(text)) <= DAY_SECONDS


def test_days_and_dates_are_one_to_one() -> None:
    assert as_day(date(1970, 1, 1)) == 0
    assert as_date(as_day(date(2024, 2, 29))) == date(2024, 2, 29)
    assert [weekday(as_day(date(2026, 3, 9)) + n) for n in range(7)] == list(range(7))


def test_a_fraction_of_a_second_is_cut_off_also_before_1970() -> None:
    moment = datetime(2026, 3, 10, 12, 0, 0, 999_999, tzinfo=UTC)
    assert instant_of(moment) == instant_of(moment.replace(microsecond=0))
    assert instant_of(datetime(1969, 12, 31, 23, 59, 59, 500_000, tzinfo=UTC)) == -1


def test_one_instant_has_one_number_whatever_its_offset() -> None:
    assert instant("2026-03-10T17:59:00+08:00") == instant("2026-03-10T09:59:00Z")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (None, "is missing"),
        (17, "is no time"),
        (["2026"], "is no time"),
        ("yesterday", "is no time"),
        ("2026-02-30T10:00:00+08:00", "is no time"),
        ("2026-03-10T25:00:00+08:00", "is no time"),
        ("2026-03-10T17:59:00", "has no offset"),
        ("2026-03-10", "has no offset"),
        ("x" * 10_000, "is no time"),
    ],
)
def test_what_is_no_time_is_refused_in_one_short_line(written: object, said: str) -> None:
    with pytest.raises(CaseError) as caught:
        parse_moment(written, where="history[2].at")
    message = str(caught.value)
    assert message.startswith("history[2].at: ")
    assert said in message
    assert "\n" not in message
    assert len(message) < 200


@pytest.mark.parametrize(
    ("text", "second"),
    [
        ("00:00", 0),
        ("07:59:59", 28_799),
        ("08:00", 28_800),
        ("23:59:59", 86_399),
        ("24:00", 86_400),
    ],
)
def test_a_time_of_day_is_read_to_the_second(text: str, second: int) -> None:
    assert parse_second(text, where="here") == second


@pytest.mark.parametrize(
    "text",
    ["24:01", "8:00", "08", "08:60", "08:00:60", "aa:bb", "", "08:00:00:00", "²²:00", "-1:00"],
)
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(CaseError, match=r"here: .* is no time of day; write one such as 22:00"):
        parse_second(text, where="here")


@pytest.mark.parametrize(
    ("window", "within", "without"),
    [
        (("08:00", "22:00"), ["08:00", "21:59:59"], ["07:59:59", "22:00"]),
        (("22:00", "08:00"), ["22:00", "23:59:59", "00:00", "07:59:59"], ["21:59:59", "08:00"]),
        (("00:00", "24:00"), ["00:00", "23:59:59"], []),
        (("09:00", "09:00"), ["00:00", "09:00", "08:59:59"], []),
        (("22:00", "24:00"), ["22:00", "23:59:59"], ["00:00", "21:59:59"]),
    ],
)
def test_a_window_holds_its_first_second_and_not_its_last(
    window: tuple[str, str], within: list[str], without: list[str]
) -> None:
    start, end = (parse_second(part, where="here") for part in window)
    assert all(inside(parse_second(text, where="here"), (start, end)) for text in within)
    assert not any(inside(parse_second(text, where="here"), (start, end)) for text in without)


def test_a_moment_is_shown_on_the_clock_of_its_zone() -> None:
    moment = clock("Asia/Shanghai").moment(0)
    assert moment.utcoffset() == timedelta(hours=8)
    assert moment.isoformat() == "1970-01-01T08:00:00+08:00"
