"""What Forbear promises where a log is held against a record, on random rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.property.test_one_answer import SEEDED

from forbear.audit.against import Compared
from forbear.audit.against.clocks import ClockError
from forbear.audit.against.compare import Sides, compare
from forbear.audit.against.entries import Entry
from forbear.audit.against.pairing import Paired, pair
from forbear.base.clock import instant_of
from forbear.base.contact import Source
from forbear.base.words import Channel, Direction, Outcome
from forbear.evidence.compared import Row
from forbear.intake import Form, LogRow

NOON = datetime.fromisoformat("2026-03-10T12:00:00+08:00")
LINES = ("02110000001", "02110000002")
ENDS = (Outcome.CONVERSATION, Outcome.NO_ANSWER)
CLOCK = ("record.csv", "", "")


def a_row(rnd: Random, at: int, form: Form, line: int) -> LogRow:
    """A call at so many seconds after noon."""
    outcome = rnd.choice(ENDS)
    number = rnd.choice(LINES)
    return LogRow(
        source=Source(file="record.csv" if form is Form.LEDGER else "calls.xml", line=line),
        sha256="0" * 64,
        form=form,
        kind=Channel.CALL,
        number=number,
        displayed_as=number,
        name=None,
        at=NOON + timedelta(seconds=at),
        incoming=True,
        outcome=outcome,
        duration_seconds=rnd.randint(1, 200) if outcome is Outcome.CONVERSATION else 0,
    )


def rows(rnd: Random, form: Form) -> list[LogRow]:
    """Some single calls, some redials; the first and the last row stand far out on both sides."""
    times = [-90_000, 200_000]
    for _ in range(rnd.randint(0, 8)):
        begin = rnd.randint(0, 100_000)
        times += [begin + rnd.randint(0, 90) for _ in range(rnd.choice((1, 1, 4)))]
    return [a_row(rnd, at, form, n) for n, at in enumerate(sorted(times))]


def held(log: Sequence[LogRow], record: Sequence[LogRow]) -> Compared:
    return compare(Sides(log=log, record=record, covering=record, claims=lambda _: True))


def two_sides(rnd: Random) -> tuple[list[LogRow], list[LogRow]]:
    """A log and a record that share some contacts and lack others."""
    log = rows(rnd, Form.CALL_BACKUP)
    record = [
        a_row(Random(n), int((row.at - NOON).total_seconds()) + rnd.randint(-3, 3), Form.LEDGER, n)
        for n, row in enumerate(log)
        if rnd.random() < 0.8
    ]
    return log, record


def entries(rnd: Random, side: str) -> list[Entry]:
    """Entries within two hours, so that many may be one another."""
    found = []
    for n in range(rnd.randint(0, 12)):
        at = NOON + timedelta(seconds=rnd.randint(0, 400))
        found.append(
            Entry(
                row=Row(
                    source=Source(file=side, line=n),
                    at=at,
                    channel=Channel.CALL,
                    direction=Direction.OUTBOUND,
                    number=LINES[0],
                    outcome=rnd.choice(ENDS),
                    seconds=None,
                ),
                form=Form.CALL_BACKUP,
                instant=instant_of(at),
                number=LINES[0],
                clock=CLOCK,
            )
        )
    return in_order(found)


def in_order(some: list[Entry]) -> list[Entry]:
    return sorted(some, key=lambda entry: entry.instant)


def paired(log: Sequence[Entry], record: Sequence[Entry], within: int = 30) -> Paired:
    return pair(log, record, {CLOCK: ClockError(later=0, within=within, settled=True)})


@SEEDED
@given(rnd=st.randoms(use_true_random=False))
def test_every_row_stands_in_one_place_and_in_no_other(rnd: Random):
    log, record = two_sides(rnd)
    found = held(log, record)
    placed = [row for each in found.pairs for row in (each.log, each.record)]
    placed += [lack.row for lack in (*found.record_lacks, *found.log_lacks)]
    placed += [each.row for each in (*found.apart, *found.repeats)]
    sources = sorted((row.source.file, row.source.line) for row in placed)
    assert sources == sorted((row.source.file, row.source.line) for row in (*log, *record))


@SEEDED
@given(rnd=st.randoms(use_true_random=False))
def test_a_log_held_against_itself_lacks_nothing(rnd: Random):
    log = rows(rnd, Form.CALL_BACKUP)
    record = [
        LogRow(**{
            **{name: getattr(row, name) for name in LogRow.__slots__},
            "form": Form.LEDGER,
            "source": Source(file="record.csv", line=row.source.line),
        })
        for row in log
    ]  # fmt: skip
    found = held(log, record)
    assert not found.record_lacks
    assert not found.log_lacks
    assert not found.differs


@SEEDED
@given(rnd=st.randoms(use_true_random=False), at=st.integers(0, 400))
def test_a_row_more_on_both_sides_never_creates_an_accusation(rnd: Random, at: int):
    log, record = entries(rnd, "log"), entries(rnd, "record")
    before = paired(log, record)
    moment = NOON + timedelta(seconds=at)
    more = [
        Entry(
            row=Row(
                source=Source(file=side, line=99),
                at=moment,
                channel=Channel.CALL,
                direction=Direction.OUTBOUND,
                number=LINES[0],
                outcome=Outcome.NO_ANSWER,
                seconds=None,
            ),
            form=Form.CALL_BACKUP,
            instant=instant_of(moment),
            number=LINES[0],
            clock=CLOCK,
        )
        for side in ("log", "record")
    ]
    after = paired(in_order([*log, more[0]]), in_order([*record, more[1]]))
    assert len(after.alone()) <= len(before.alone())
    assert len(after.turned().alone()) <= len(before.turned().alone())


@SEEDED
@given(rnd=st.randoms(use_true_random=False))
def test_swapping_the_sides_swaps_the_lists(rnd: Random):
    log, record = entries(rnd, "log"), entries(rnd, "record")
    one, other = paired(log, record), paired(record, log)
    assert len(one.partner) == len(other.partner)
    assert cost(one) == cost(other)


def cost(found: Paired) -> int:
    return sum(found.edges[own].get(theirs, 0) for own, theirs in found.partner.items())


@SEEDED
@given(rnd=st.randoms(use_true_random=False))
def test_no_two_pairs_could_be_had_for_less_by_changing_partners(rnd: Random):
    found = paired(entries(rnd, "log"), entries(rnd, "record"))
    for one, mine in found.partner.items():
        for two, theirs in found.partner.items():
            if theirs in found.edges[one] and mine in found.edges[two]:
                now = found.edges[one].get(mine, 0) + found.edges[two].get(theirs, 0)
                assert found.edges[one][theirs] + found.edges[two][mine] >= now


@pytest.mark.parametrize("shift", [-90, -37, 1, 64, 90])
def test_a_record_whose_clock_is_moved_as_a_whole_changes_nothing(shift: int):
    for seed in range(40):
        rnd = Random(seed)
        times = sorted(rnd.sample(range(900_000), 40))
        log = [a_row(Random(n), at, Form.CALL_BACKUP, n) for n, at in enumerate(times)]
        kept = [(n, at + rnd.randint(-3, 3)) for n, at in enumerate(times) if rnd.random() < 0.9]
        as_it_is = [a_row(Random(n), at + 20, Form.LEDGER, n) for n, at in kept]
        moved = [a_row(Random(n), at + 20 + shift, Form.LEDGER, n) for n, at in kept]
        assert lists(held(log, as_it_is)) == lists(held(log, moved)), f"seed {seed}"


def lists(found: Compared) -> tuple[list[int], list[int], list[tuple[int, int]]]:
    return (
        [lack.row.source.line for lack in found.record_lacks],
        [lack.row.source.line for lack in found.log_lacks],
        [(each.log.source.line, each.record.source.line) for each in found.pairs],
    )
