from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from forbear.audit.against import Compared
from forbear.audit.against.clocks import ClockError, mode
from forbear.base.words import Channel, Outcome
from forbear.evidence.compared import Why
from forbear.intake import LogRow

Make = Callable[..., Any]
HOURS = range(0, 60 * 3600, 3600)


def test_the_mode_is_where_numbers_crowd_whatever_strays_there_are():
    assert mode([-200, -90, 30, 31, 31, 32, 150, 220, 230]) in (30, 31, 32)
    assert mode([7]) == 7


def test_a_gate_is_as_wide_as_the_clock_is_unsure():
    assert ClockError().gate == 120
    assert ClockError(settled=True, within=0).gate == 3
    assert ClockError(settled=True, within=4).gate == 8
    assert ClockError(settled=True, within=119).gate == 120


@pytest.mark.parametrize("later", [-120, -61, 0, 17, 120])
def test_a_clock_that_is_off_is_told_and_put_right(
    later: int, phone: Make, told: Make, compared: Make
):
    rnd = Random(later)
    found: Compared = compared(
        [phone(at, line=n) for n, at in enumerate(HOURS)],
        [told(at + later + rnd.randint(-3, 3), line=n) for n, at in enumerate(HOURS)],
    )
    assert [(p.log.source.line, p.record.source.line) for p in found.pairs] == [
        (n, n) for n in range(len(HOURS))
    ]
    (skew,) = found.skews
    assert skew.settled
    assert abs(skew.later_seconds - later) <= 2
    assert all(abs(pair.off_seconds) <= 5 for pair in found.pairs)


def test_each_line_may_have_a_clock_of_its_own(phone: Make, told: Make, compared: Make):
    other = "02110000002"
    found: Compared = compared(
        [phone(at, number=n) for at, n in zip(HOURS, ["02110000001", other] * 30, strict=True)],
        [
            told(at + (90 if n == other else -70), number=n)
            for at, n in zip(HOURS, ["02110000001", other] * 30, strict=True)
        ],
        collectors=("02110000001", other),
    )
    assert len(found.pairs) == len(HOURS)
    assert {(s.names, s.later_seconds) for s in found.skews} == {
        (("02110000001",), -70),
        ((other,), 90),
    }


def test_too_few_rows_leave_the_clock_as_it_is_and_say_so(phone: Make, told: Make, compared: Make):
    found: Compared = compared([phone(0)], [told(100)])
    assert len(found.pairs) == 1
    assert [skew.settled for skew in found.skews] == [False]


@pytest.mark.parametrize("later", [300, -3600, 8 * 3600])
def test_a_record_that_is_wrong_as_a_whole_is_held_against_nobody(
    later: int, phone: Make, told: Make, compared: Make
):
    rnd = Random(later)
    times = sorted(rnd.sample(range(20 * 86_400), 40))
    found: Compared = compared([phone(at) for at in times], [told(at + later) for at in times])
    assert not found.pairs
    assert not found.record_lacks
    assert not found.log_lacks
    assert {each.why for each in found.apart} == {Why.CLOCK}
    (skew,) = found.skews
    assert skew.beyond
    assert skew.later_seconds == later


def test_minutes_alone_are_read_as_minutes(phone: Make, told: Make, compared: Make):
    """A bill that says 12:00 means a call between 12:00:00 and 12:00:59."""
    times = [n * 3600 + n % 60 for n in range(40)]
    found: Compared = compared(
        [phone(at - at % 60, line=at, outcome=Outcome.CONVERSATION) for at in times],
        [told(at + 30, line=at) for at in times],
        last=900_000,
    )
    assert len(found.pairs) == 40
    assert {pair.off_seconds for pair in found.pairs} == {0}


def test_texts_alike_and_lengths_alike_tell_a_clock_among_redials(
    phone: Make, told: Make, compared: Make
):
    text: dict[str, Any] = {"kind": Channel.SMS, "outcome": Outcome.DELIVERED}
    rows: list[tuple[LogRow, LogRow]] = [
        (phone(at, text=f"t{at}", **text), told(at + 45, text=f"t{at}", **text))
        for burst in range(5)
        for at in range(burst * 9000, burst * 9000 + 120, 10)
    ]
    found: Compared = compared([mine for mine, _ in rows], [theirs for _, theirs in rows])
    assert [skew.later_seconds for skew in found.skews] == [45]
    assert all(p.log.source.line + 45 == p.record.source.line for p in found.pairs)
