from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from forbear.intake.values import (
    YearMissing,
    day_only,
    hinted_moment,
    implausible,
    local_moment,
    narrow,
    seconds_long,
    year_for,
    year_hints,
    yes_or_no,
)

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-10 17:59:02",
        "2026-03-10T17:59:02",
        "2026/3/10 17:59:02",
        "2026.03.10 17:59:02",
        "2026年3月10日 17:59:02",
        "2026年03月10日17时59分02秒",
        "20260310175902",
        "20260310 17:59:02",
        "2026-03-10 17:59:02.0",
        "\uff12026-03-10 17\uff1a59\uff1a02",
        "2026-03-10T09:59:02Z",
        "2026-03-10 17:59:02+08:00",
    ],
)
def test_a_moment_is_read_in_every_form_that_bills_use(text: str):
    moment = local_moment(text, zone=ZONE, year=None)
    assert moment == datetime(2026, 3, 10, 9, 59, 2, tzinfo=UTC)


def test_a_local_time_is_taken_in_the_zone_given():
    moment = local_moment("2026-03-10 17:59", zone=ZoneInfo("America/New_York"), year=None)
    assert moment.isoformat() == "2026-03-10T17:59:00-04:00"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-03-10",
        "2026-02-29 10:00:00",
        "2026-13-01 10:00:00",
        "2026-03-10 25:00:00",
        "2026-03-10 24:00",
        "0000-01-01 00:00:00",
        "03/10/2026 17:59",
        "2026-03-10 17:59:02+99:99",
        "yesterday 10:00",
        "46091.75",
    ],
)
def test_what_is_no_moment_says_how_to_write_one(text: str):
    with pytest.raises(ValueError, match=r"write (it|one)|pass --year"):
        local_moment(text, zone=ZONE, year=None)


def test_a_missing_year_is_asked_for_and_taken_from_the_option():
    with pytest.raises(YearMissing, match="has no year; pass --year"):
        local_moment("03-10 17:59:02", zone=ZONE, year=None)
    assert local_moment("3月10日 17:59", zone=ZONE, year=2026).year == 2026


@pytest.mark.parametrize(
    ("title", "hints"),
    [
        ("2026年03月", [(2026, 3)]),
        ("查询时间段:2025年12月01日至2026年01月31日", [(2025, 12), (2026, 1)]),
        ("202603", [(2026, 3)]),
        ("2026", [(2026, None)]),
        ("13802026001", []),
        ("20:26:03", []),
    ],
)
def test_titles_name_the_years_of_a_bill(title: str, hints: list[tuple[int, int | None]]):
    assert year_hints(title) == hints


@pytest.mark.parametrize(
    ("month", "hints", "year"),
    [
        (3, [(2026, 3)], 2026),
        (3, [(2026, None)], 2026),
        (12, [(2025, 12), (2026, 1)], 2025),
        (1, [(2025, 12), (2026, 1)], 2026),
        (1, [(2025, 11), (2026, 2)], 2026),
        (12, [(2025, 11), (2026, 2)], 2025),
        (5, [(2025, 11), (2026, 2)], None),
        (3, [(2025, 3), (2026, 3)], None),
        (3, [], None),
    ],
)
def test_the_year_is_the_one_that_the_titles_leave_and_never_a_guess(
    month: int, hints: list[tuple[int, int | None]], year: int | None
):
    assert year_for(month, hints) == year


def test_the_first_hint_that_decides_gives_the_year():
    groups = [[], [(2025, 3), (2026, 3)], [(2024, 3)]]
    assert hinted_moment("03-10 10:00", zone=ZONE, year=None, hints=groups).year == 2024
    with pytest.raises(YearMissing):
        hinted_moment("03-10 10:00", zone=ZONE, year=None, hints=[[]])


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1分23秒", 83),
        ("1 分 23 秒", 83),
        ("1小时2分3秒", 3723),
        ("00:01:23", 83),
        ("01:23", 83),
        ("83秒", 83),
        ("83", 83),
        ("83.0", 83),
        ("\uff18\uff13", 83),
        ("5分", 300),
        ("1m23s", 83),
        ("1'23''", 83),
        ("0", 0),
        ("", None),
        ("--", None),
        ("null", None),
    ],
)
def test_a_length_is_read_in_every_form_that_bills_use(text: str, seconds: int | None):
    assert seconds_long(text) == seconds


def test_a_bare_number_counts_in_the_unit_of_its_column():
    assert seconds_long("2", bare_unit_seconds=60) == 120
    assert seconds_long("1分23秒", bare_unit_seconds=60) == 83


@pytest.mark.parametrize("text", ["long", "-5", "1:2:3:4", "9" * 40, "1.5"])
def test_what_is_no_length_says_how_to_write_one(text: str):
    with pytest.raises(ValueError, match="no length of a call; write"):
        seconds_long(text)


def test_yes_and_no_are_read_in_both_languages():
    assert [yes_or_no(text) for text in ("是", "YES", "接通")] == [True] * 3
    assert [yes_or_no(text) for text in ("否", "No", "未接")] == [False] * 3
    assert yes_or_no(" ") is None
    with pytest.raises(ValueError, match="neither yes nor no"):
        yes_or_no("maybe")


def test_a_date_is_plausible_from_2000_to_one_day_from_now():
    now = datetime(2026, 3, 10, tzinfo=UTC)
    assert implausible(datetime(2000, 1, 1, tzinfo=UTC), now) is None
    assert implausible(now + timedelta(days=1), now) is None
    before, after = datetime(1999, 12, 31, tzinfo=UTC), now + timedelta(days=1, seconds=1)
    assert "clock was not set; the row is left out" in (implausible(before, now) or "")
    assert "2026-03-11 lies in the future" in (implausible(after, now) or "")


def test_a_date_that_a_spreadsheet_made_midnight_is_a_date_again():
    assert day_only("2026-03-10 00:00:00") == "2026-03-10"
    assert day_only("2026-03-10 10:00:00") == "2026-03-10 10:00:00"


def test_full_width_signs_become_plain():
    assert narrow(" \uff11\uff12\uff1a30 ") == "12:30"
