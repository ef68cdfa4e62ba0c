"""Contacts and facts: what counts as earlier, when it was known, which hours a fact covers."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from forbear.base.clock import as_day, parse_moment, parse_second
from forbear.base.contact import UNSAID, Contact, Fact
from forbear.law.case import read_contact, read_fact

NOON = "2026-03-10T12:00:00+08:00"
ONE = "2026-03-10T12:00:01+08:00"


def made(at: str = NOON, **more: Any) -> Contact:
    return read_contact({"at": at, "channel": "call", **more}, where="here", ident="x")


def fact(**more: Any) -> Fact:
    table = {"kind": "consent", "since": NOON, **more}
    return read_fact(table, where="here", ident="x")


def test_the_earlier_second_comes_first_whatever_the_numbers_say() -> None:
    assert made(NOON, seq=9).before(made(ONE, seq=1))
    assert not made(ONE, seq=1).before(made(NOON, seq=9))


@pytest.mark.parametrize(
    ("one", "other", "before"),
    [(1, 2, True), (2, 1, False), (1, 1, False), (None, 1, False), (1, None, False),
     (None, None, False)],
)  # fmt: skip
def test_within_one_second_only_a_lower_number_comes_first(
    one: int | None, other: int | None, before: bool
) -> None:
    assert made(seq=one).before(made(seq=other)) is before


def test_what_happened_is_known_when_recorded_or_else_when_it_happened() -> None:
    assert made().known_at == made().instant
    assert made(recorded_at=ONE).known_at == made().instant + 1
    assert fact().known_at == fact().since
    assert fact(recorded_at=ONE).known_at == fact().since + 1


def test_a_contact_moved_is_proposed_anew() -> None:
    moved = made(seq=3, recorded_at=ONE, address="line-1").moved_to(parse_moment(ONE, where=""))
    assert moved.instant == made().instant + 1
    assert (moved.seq, moved.recorded, moved.address) == (None, None, "line-1")


def test_unsaid_is_not_none_and_not_empty() -> None:
    assert made().outcome is UNSAID
    assert made(text="").text == ""
    assert made(text=None).text is UNSAID


@pytest.mark.parametrize(
    ("day", "time", "covered"),
    [
        (date(2026, 3, 9), "18:00", True),
        (date(2026, 3, 9), "19:59:59", True),
        (date(2026, 3, 9), "20:00", False),
        (date(2026, 3, 9), "17:59:59", False),
        (date(2026, 3, 10), "18:00", False),
    ],
)
def test_a_fact_for_mondays_at_six_covers_those_hours_alone(
    day: date, time: str, covered: bool
) -> None:
    told = fact(window=["18:00", "20:00"], weekdays=["mon"])
    assert told.covers_hour(as_day(day), parse_second(time, where="")) is covered


@pytest.mark.parametrize(
    ("day", "time", "covered"),
    [
        (date(2026, 3, 9), "05:59:59", False),
        (date(2026, 3, 9), "21:59:59", False),
        (date(2026, 3, 9), "22:00:00", True),
        (date(2026, 3, 10), "05:59:59", True),
        (date(2026, 3, 10), "06:00:00", False),
        (date(2026, 3, 10), "22:00:00", False),
    ],
)
def test_a_night_belongs_to_the_weekday_on_which_it_begins(
    day: date, time: str, covered: bool
) -> None:
    told = fact(window=["22:00", "06:00"], weekdays=["mon"])
    assert told.covers_hour(as_day(day), parse_second(time, where="")) is covered


def test_a_fact_without_hours_covers_every_hour() -> None:
    assert fact().covers_hour(0, 0)
    assert fact(weekdays=["thu"]).covers_hour(0, 86_399)
    assert not fact(weekdays=["fri"]).covers_hour(0, 0)
