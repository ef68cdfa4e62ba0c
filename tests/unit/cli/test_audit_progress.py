from __future__ import annotations

import io

import pytest

from forbear.batch.job import Progress
from forbear.cli.audit_progress import Bar, clock_time, line
from forbear.evidence.voice import Voice

EN, ZH = Voice("en", space=" "), Voice("zh", space=" ")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def far(contacts: int, of: int | None = 1_000, stage: str = "judging", **more: float) -> Progress:
    return Progress(
        stage=stage,
        contacts=contacts,
        of=of,
        seconds=more.get("seconds", 10.0),
        before=int(more.get("before", 0)),
    )


def test_it_says_how_far_how_fast_and_how_long_yet():
    said = line(far(250, seconds=10.0), EN)
    assert said == (
        "forbear: judging  [#####...............]  25%  250 / 1,000  25 contacts/s  0:30 left"
    )
    assert line(far(1_000), ZH) == (
        "forbear: 判断  [####################] 100%  1,000 / 1,000  每秒 100 次  剩余 0:00"
    )


def test_what_an_earlier_run_did_counts_as_done_and_not_as_speed():
    said = line(far(600, before=500, seconds=10.0), EN)
    assert "60%" in said
    assert "10 contacts/s" in said
    assert "0:40 left" in said


def test_without_a_known_end_it_says_how_many_and_how_fast():
    assert line(far(2_000_000, None, stage="reading", seconds=2.0), EN) == (
        "forbear: reading  2,000,000  1,000,000 contacts/s"
    )


@pytest.mark.parametrize(
    "told", [far(0), far(5, seconds=0.0), far(0, 0), far(9, 3), far(5, None, before=5)]
)
def test_at_the_edges_it_divides_by_nothing(told: Progress):
    assert line(told, EN).startswith("forbear: judging")
    assert "100%" not in line(far(999), EN)


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "0:00"), (59.6, "1:00"), (3_599, "59:59"), (7_384, "2:03:04")]
)
def test_lengths_of_time_are_written_as_on_a_clock(seconds: float, shown: str):
    assert clock_time(seconds) == shown


def test_a_terminal_is_told_a_few_times_a_second_and_at_each_stage(
    monkeypatch: pytest.MonkeyPatch,
):
    terminal, clock = Terminal(), [0.0]
    monkeypatch.setattr("sys.stderr", terminal)
    tell = Bar(EN, now=lambda: clock[0])
    for at, stage in ((0.0, "reading"), (0.1, "reading"), (0.1, "judging"), (0.4, "judging")):
        clock[0] = at
        tell(far(1, stage=stage))
    tell.end()
    assert terminal.getvalue().count("reading") == 1
    assert terminal.getvalue().count("judging") == 2
    assert terminal.getvalue().endswith("\r\x1b[K")


def test_where_nobody_looks_nothing_is_shown(monkeypatch: pytest.MonkeyPatch):
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    tell = Bar(EN)
    tell(far(1))
    tell.end()
    assert stream.getvalue() == ""
