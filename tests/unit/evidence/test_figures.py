"""Counting: each contact once, by the worst that was found on it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from forbear.base.words import Channel, Direction, Effect, Level, Outcome
from forbear.evidence.figures import (
    Grain,
    Kind,
    State,
    bars,
    closed_hours,
    day_limits,
    figures,
    kind_of,
    rows_by_file,
    timeline_days,
)
from forbear.evidence.given import ClosedHours, Counted, DayLimit


@pytest.mark.parametrize(
    ("level", "effect", "breached", "state"),
    [
        (Level.LAW, Effect.DENY, True, State.BROKEN),
        (Level.STANDARD, Effect.DENY, False, State.ATTEMPT),
        (Level.REGULATION, Effect.REVIEW, True, State.REVIEW),
        (Level.SELF_REGULATION, Effect.WARN, True, State.NOTE),
        (Level.HOUSE, Effect.DENY, True, State.HOUSE),
        (Level.HOUSE, Effect.WARN, False, State.HOUSE),
    ],
)
def test_what_a_finding_makes_of_a_contact(
    samples: SimpleNamespace, level: Level, effect: Effect, breached: bool, state: State
) -> None:
    contact = samples.contact(1, "2026-03-09T10:00:00")
    found = samples.finding([contact], level=level, effect=effect, breached=breached)
    fig = figures(samples.report_input([contact], [found]))
    assert fig.state(contact) is state
    assert fig.totals == {state: 1}


def test_worst_finding_counts_and_only_once(samples: SimpleNamespace) -> None:
    contact = samples.contact(1, "2026-03-09T10:00:00")
    found = [
        samples.finding([contact], effect=Effect.WARN),
        samples.finding([contact]),
        samples.finding([contact], breached=False, level=Level.LAW),
    ]
    fig = figures(samples.report_input([contact], found))
    assert fig.totals == {State.BROKEN: 1}
    assert fig.levels == {Level.LAW: 1, Level.STANDARD: 1}


@pytest.mark.parametrize(
    ("channel", "outcome", "kind"),
    [
        (Channel.CALL, Outcome.CONVERSATION, Kind.CONNECTED),
        (Channel.CALL, Outcome.WRONG_NUMBER, Kind.CONNECTED),
        (Channel.CALL, Outcome.NO_ANSWER, Kind.UNANSWERED),
        (Channel.CALL, Outcome.VOICEMAIL_LEFT, Kind.UNANSWERED),
        (Channel.CALL, "unsaid", Kind.UNCLEAR),
        (Channel.SMS, Outcome.DELIVERED, Kind.TEXTS),
        (Channel.VISIT, Outcome.CONVERSATION, Kind.OTHER),
    ],
)
def test_calls_count_by_outcome_others_by_channel(
    samples: SimpleNamespace, channel: Channel, outcome: object, kind: Kind
) -> None:
    assert kind_of(samples.contact(1, "2026-03-09T10:00:00", channel, outcome=outcome)) is kind


def test_day_is_the_local_one(samples: SimpleNamespace) -> None:
    late = samples.contact(1, "2026-03-09T23:59:59")
    early = samples.contact(2, "2026-03-10T00:00:00")
    _, made = bars(figures(samples.report_input([late, early], [])))
    assert [bar.first.day for bar in made] == [9, 10]


def test_own_calls_are_no_contacts_of_the_collector(samples: SimpleNamespace) -> None:
    own = samples.contact(1, "2026-03-09T10:00:00", direction=Direction.INBOUND)
    fig = figures(samples.report_input([own], []))
    assert (fig.towards, fig.inbound) == ((), 1)


def test_two_weeks_show_quiet_days_and_more_do_not(samples: SimpleNamespace) -> None:
    def drawn(last_day: int) -> int:
        days = [samples.contact(n, f"2026-03-{n:02d}T10:00:00") for n in (1, last_day)]
        return len(bars(figures(samples.report_input(days, [])))[1])

    assert drawn(14) == 14
    assert drawn(15) == 2


@pytest.mark.parametrize(
    ("days", "grain"), [(40, Grain.DAY), (41, Grain.WEEK), (290, Grain.MONTH), (1300, Grain.YEAR)]
)
def test_bars_stay_few_enough_for_a_phone(
    samples: SimpleNamespace, days: int, grain: Grain
) -> None:
    start = samples.contact(1, "2024-01-01T10:00:00")
    every = [start.moved_to(start.at.fromtimestamp(start.instant + n * 86_400, start.at.tzinfo))
             for n in range(days)]  # fmt: skip
    found, made = bars(figures(samples.report_input(every, [])))
    assert found is grain
    assert len(made) <= 40
    assert sum(bar.calls() for bar in made) == days


def test_laws_stand_before_standards_and_promises_last(samples: SimpleNamespace) -> None:
    fig = figures(samples.broken_many_ways())
    levels = [group.level for group in fig.groups if group.effect is Effect.DENY]
    assert list(dict.fromkeys(levels)) == list(Level)
    assert fig.groups[-1].level is Level.HOUSE


def test_limits_and_hours_stand_only_where_broken(samples: SimpleNamespace) -> None:
    week = samples.week()
    other = DayLimit(rule="other", clause="某条", at_most=1, counted=Counted.CALLS)
    quiet = ClosedHours(clause="某条", start=0, end=1)
    assert day_limits(samples.week(limits=(other,))) == ()
    assert day_limits(week) == week.limits
    assert closed_hours(samples.week(closed=(quiet,))) is None
    assert closed_hours(samples.week(closed=(quiet, *week.closed))) == week.closed[0]
    assert day_limits(samples.week(limits=())) == ()


def test_long_log_shows_the_days_with_most_findings(samples: SimpleNamespace) -> None:
    given = samples.years(600, broken_each=4)
    days, left, chosen = timeline_days(given, figures(given), days_max=31)
    assert len(days) == 31
    assert left > 0
    assert chosen
    assert list(days) == sorted(days)


def test_rows_are_named_once_and_in_order(samples: SimpleNamespace) -> None:
    at = "2026-03-09T10:00:00"
    rows = [
        samples.contact(n, at, file=file) for n, file in ((9, "b"), (2, "a"), (3, "b"), (9, "b"))
    ]
    assert rows_by_file(rows) == [("b", [3, 9]), ("a", [2])]
