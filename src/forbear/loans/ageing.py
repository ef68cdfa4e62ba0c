"""The ageing of a loan: the bucket that is kept, its history, and the pauses that hold it still.

Two things are kept apart. The *days* are live (``lateness``). The *bucket* is kept: it moves when a
day is closed or when money moves, so that a letter, a call list and a report of one day agree with
each other. :class:`Ageing` is a value: it sees each entry with the state after it, one by one, and
answers for any day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from forbear.base.errors import LoanError
from forbear.base.money import text
from forbear.loans.entries import Entry
from forbear.loans.lateness import (
    NO_DELINQUENCY,
    TABLES,
    Moving,
    Pause,
    Rules,
    Standing,
    by_bucket,
    standing,
)
from forbear.loans.state import State
from forbear.loans.terms import Terms

_DAY: Final = timedelta(days=1)


class Move(NamedTuple):
    """A stay in one bucket; ``until`` is None while it lasts."""

    bucket: str
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Ageing:
    """The ageing of one loan so far. Each :meth:`see` gives a new one; nothing is edited."""

    rules: Rules
    currency: str
    state: State | None = None
    pauses: tuple[Pause, ...] = ()  # in the order of arrival
    moves: tuple[Move, ...] = ()
    instalments: tuple[tuple[str, int], ...] = ()
    closed_on: date | None = None  # the last end of day
    looked_on: date | None = None  # the last day whose days moved the bucket, or left it

    @classmethod
    def of(cls, terms: Terms) -> Ageing:
        """The ageing of a new loan under its terms.

        ``options`` may name ``buckets`` (a table), ``bucket_moving`` and
        ``installment_level_delinquency``. Raises :class:`LoanError` where a name is not known.
        """
        table = _known("buckets", terms.options.get("buckets", "range"), TABLES)
        moving = _known(
            "bucket_moving", terms.options.get("bucket_moving", Moving.BOTH_WAYS), list(Moving)
        )
        by_instalment = bool(terms.options.get("installment_level_delinquency"))
        rules = Rules(TABLES[table], terms.arrears_grace_days, by_instalment, Moving(moving))
        return cls(rules, terms.currency)

    @property
    def bucket(self) -> str:
        """The bucket that is kept now."""
        lasts = bool(self.moves) and self.moves[-1].until is None
        return self.moves[-1].bucket if lasts else NO_DELINQUENCY

    def see(self, entry: Entry, state: State) -> Ageing:
        """The ageing after ``entry``, which left the loan in ``state``.

        Raises :class:`LoanError` where a pause ends before it starts, or none runs that could end.
        """
        day, seen = entry.recorded_on, replace(self, state=state)
        if entry.kind == "cob":
            return _closed(seen, day)
        if entry.kind == "delinquency_pause":
            pause = _pause(entry)
            paused = replace(seen, pauses=(*self.pauses, pause))
            # A pause that starts today freezes the bucket as it stands; one dated back takes
            # away days that have been counted, so the bucket is looked at anew.
            return _looked_at(paused, day, entry.on) if pause.start < day else paused
        if entry.kind == "delinquency_resume":
            return replace(seen, pauses=_resumed(self.pauses, entry))
        if entry.kind == "undo" and entry.details.get("what") == "delinquency_pause":
            return _looked_at(replace(seen, pauses=_unpaused(self.pauses, entry)), day, entry.on)
        seen = replace(seen, pauses=_left(self.pauses, entry))
        if self.state is not None and self.rules.moving is Moving.BOTH_WAYS:
            # What stood before the money moved is written down first, so that the history tells
            # of arrears that began and ended between two ends of day.
            seen = replace(_entered(self, day), state=state, pauses=seen.pauses)
        return _looked_at(seen, day, entry.on)

    def on(self, day: date, state: State | None = None) -> dict[str, Any]:
        """The ageing on ``day`` as the loan file says it, amounts as text, newest move first.

        ``loan`` has the bucket and since when; a product that follows each instalment tells the
        live figures there too, as its peers do. ``live`` has them for every loan. ``state`` is the
        loan on that day where it is at hand; else the last one seen stands.
        """
        now = self if state is None else replace(self, state=state)
        standing_now = now.standing(day)
        since = standing_now.since and standing_now.since + self.rules.grace_days * _DAY
        live = {
            "amount": text(standing_now.amount, self.currency),
            "delinquent_days": standing_now.delinquent_days,
            "past_due_days": standing_now.past_due_days,
        }
        return {
            "loan": {
                "bucket": self.bucket,
                "since": since.isoformat() if since else None,
                **(live if self.rules.by_instalment else {}),
            },
            "live": live,
            "installments": [
                {"bucket": name, "amount": text(amount, self.currency)}
                for name, amount in self.instalments
            ],
            "pauses": [
                {
                    "active": pause.covers(day),
                    "from": pause.start.isoformat(),
                    "to": pause.end.isoformat(),
                }
                for pause in sorted(self.pauses)
            ],
            "history": [
                {
                    "bucket": move.bucket,
                    "from": move.since.isoformat(),
                    "to": move.until.isoformat() if move.until else None,
                }
                for move in reversed(self.moves)
            ],
        }

    def standing(self, day: date) -> Standing:
        """How late the loan is on ``day``, by the last state seen."""
        return standing(self.state, day, self.pauses, self.rules) if self.state else Standing()


def _closed(aged: Ageing, day: date) -> Ageing:
    """After the end of ``day``; days left out since the last one are caught up, one by one.

    What was looked at in between, because money moved, is not looked at again. On a day of a
    pause nothing moves, so that the bucket stays as on the day before it.
    """
    for each in _days(aged, day):
        if not any(pause.covers(each) for pause in aged.pauses):
            aged = _moved_to(aged, each, each)
    return replace(aged, closed_on=max(day, aged.closed_on or day))


def _looked_at(aged: Ageing, day: date, value_day: date) -> Ageing:
    """After a movement between two ends of day, by the rule of the product."""
    if aged.rules.moving is Moving.BOTH_WAYS:
        return _moved_to(aged, day, day)
    target = aged.rules.bucket_of(aged.standing(day).delinquent_days)
    if aged.rules.rank(target) <= aged.rules.rank(aged.bucket):
        return _moved_to(aged, day, value_day)
    return replace(aged, instalments=_by_instalment(aged, aged.closed_on or day))


def _entered(aged: Ageing, day: date) -> Ageing:
    """With arrears that are not in a bucket yet entered on the day on which they began."""
    live = aged.standing(day)
    if aged.bucket != NO_DELINQUENCY or live.delinquent_days == 0:
        return aged
    assert live.since is not None, "whoever is late is late since a day"
    left = aged.moves[-1].until if aged.moves else None
    began = min(max(live.since, left or live.since) + _DAY, day)
    while aged.standing(began).delinquent_days == 0:
        began += _DAY
    first = aged.rules.bucket_of(aged.standing(began).delinquent_days)
    return replace(aged, moves=(*aged.moves, Move(first, began)))


def _moved_to(aged: Ageing, day: date, noticed: date) -> Ageing:
    """In the bucket that the days of ``day`` ask for, the move dated ``noticed``."""
    target = aged.rules.bucket_of(aged.standing(day).delinquent_days)
    aged = replace(_entered(aged, day), instalments=_by_instalment(aged, day), looked_on=day)
    if aged.bucket == target:
        return aged
    *before, last = aged.moves
    if target == NO_DELINQUENCY:
        return replace(aged, moves=(*before, last._replace(until=max(last.since, noticed))))
    ended = last._replace(until=max(last.since, noticed - _DAY))
    return replace(aged, moves=(*before, ended, Move(target, max(last.since, noticed))))


def _by_instalment(aged: Ageing, day: date) -> tuple[tuple[str, int], ...]:
    """Buckets of single instalments, of a loan that is delinquent as a whole."""
    late = aged.rules.by_instalment and aged.standing(day).delinquent_days > 0
    if not late or aged.state is None:
        return ()
    return by_bucket(aged.state, day, aged.pauses, aged.rules)


def _known(field: str, given: object, names: Iterable[str]) -> str:
    if given not in (known := list(names)):
        raise LoanError(f"{field}: «{given}» is not known; known are {', '.join(known)}")
    return str(given)


def _days(aged: Ageing, day: date) -> Iterator[date]:
    """The days up to ``day`` to look at; the first end of day ever looks at itself alone."""
    each = day
    if aged.closed_on is not None:
        last = max(aged.closed_on, aged.looked_on or aged.closed_on)
        each = last + _DAY if last != day else day
    while each <= day:
        yield each
        each += _DAY


def _day(entry: Entry, name: str) -> date:
    given = entry.details.get(name)
    if isinstance(given, date):
        return given
    try:
        return date.fromisoformat(str(given))
    except ValueError:
        raise LoanError(
            f"entry {entry.id}, {name}: «{given}» is not a day; write it as 2026-03-10"
        ) from None


def _pause(entry: Entry) -> Pause:
    grant = str(entry.details.get("grant", ""))
    pause = Pause(_day(entry, "start"), _day(entry, "end"), entry.id, grant)
    if pause.end < pause.start:
        raise LoanError(
            f"entry {entry.id}, end: the pause ends on {pause.end}, before it starts on "
            f"{pause.start}; name the later day as its end"
        )
    return pause


def _left(pauses: tuple[Pause, ...], entry: Entry) -> tuple[Pause, ...]:
    """The pauses that an undo leaves: it takes back the entry, or the grant, that it names."""
    if entry.kind == "undo" and (named := entry.details.get("entry")):
        return tuple(pause for pause in pauses if pause.entry != named)
    if entry.kind == "relief_undo" and (granted := entry.details.get("grant")):
        return tuple(pause for pause in pauses if pause.grant != granted)
    return pauses


def _unpaused(pauses: tuple[Pause, ...], entry: Entry) -> tuple[Pause, ...]:
    """The pauses without the one that arrived last."""
    if not pauses:
        raise LoanError(f"entry {entry.id}, what: there is no pause to undo; leave the entry out")
    return pauses[:-1]


def _resumed(pauses: tuple[Pause, ...], entry: Entry) -> tuple[Pause, ...]:
    """The pauses with the one that covers the day of resuming cut short to that day."""
    day = _day(entry, "start")
    if not any(pause.covers(day) for pause in pauses):
        raise LoanError(
            f"entry {entry.id}, start: no pause runs on {day}; name a day within a pause"
        )
    return tuple(pause._replace(end=day) if pause.covers(day) else pause for pause in pauses)
