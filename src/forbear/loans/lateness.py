"""How late a loan is on a day: days past due, delinquent days, buckets as data, pauses.

Everything here is live: it follows from the rows that are unpaid and the day asked about. What is
kept from day to day, the bucket and its history, is ``ageing``'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

from forbear.loans.state import Posting, Row, State

NO_DELINQUENCY: Final = "NO_DELINQUENCY"
_DONE: Final = frozenset({"proposed", "closed", "overpaid", "written_off"})


class Bucket(NamedTuple):
    """A span of delinquent days, both ends inclusive; ``last`` is None in the open one."""

    name: str
    first: int
    last: int | None


# The names of the default table are the wider field's: RANGE_3 holds the days after the third.
# M1 to M7 is how lenders in China count months overdue.
TABLES: Final[Mapping[str, tuple[Bucket, ...]]] = {
    "range": (
        Bucket("RANGE_1", 1, 3),
        Bucket("RANGE_3", 4, 30),
        Bucket("RANGE_30", 31, 60),
        Bucket("RANGE_60", 61, 90),
        Bucket("RANGE_90", 91, 120),
        Bucket("RANGE_120", 121, 150),
        Bucket("RANGE_150", 151, 180),
        Bucket("RANGE_180", 181, 240),
        Bucket("RANGE_240", 241, None),
    ),
    "months": (
        Bucket("M1", 1, 30),
        Bucket("M2", 31, 60),
        Bucket("M3", 61, 90),
        Bucket("M4", 91, 120),
        Bucket("M5", 121, 150),
        Bucket("M6", 151, 180),
        Bucket("M7", 181, None),
    ),
}


class Moving(StrEnum):
    """When the kept bucket moves between two ends of day.

    ``both_ways``: whenever money moves, for better or worse, on the day on which it is entered.
    ``better_at_once`` is kinder: it moves down in the same moment and from the value date of what
    lowered it, while a worse bucket waits for the end of the day; no payment ever makes it worse.
    """

    BOTH_WAYS = "both_ways"
    BETTER_AT_ONCE = "better_at_once"


@dataclass(frozen=True, slots=True)
class Rules:
    """How a product ages. Grace counts once for the loan and never for a single instalment."""

    buckets: tuple[Bucket, ...] = TABLES["range"]
    grace_days: int = 0
    by_instalment: bool = False
    moving: Moving = Moving.BOTH_WAYS

    def bucket_of(self, days: int) -> str:
        """The name of the bucket that holds so many delinquent days."""
        for bucket in self.buckets:
            if bucket.first <= days and (bucket.last is None or days <= bucket.last):
                return bucket.name
        return NO_DELINQUENCY

    def rank(self, name: str) -> int:
        """The place of a bucket from best to worst; 0 is not delinquent at all."""
        names = [bucket.name for bucket in self.buckets]
        return names.index(name) + 1 if name in names else 0


class Pause(NamedTuple):
    """A time in which the days do not count; it still covers its last day.

    ``entry`` is the id of the entry it comes from, ``grant`` the step of relief, if there is one.
    """

    start: date
    end: date
    entry: str = ""
    grant: str = ""

    def covers(self, day: date) -> bool:
        """Whether the pause runs on ``day``."""
        return self.start <= day <= self.end


class Standing(NamedTuple):
    """How late a loan, or one row of it, is on a day; ``since`` is where the clock started."""

    amount: int = 0
    since: date | None = None
    past_due_days: int = 0
    delinquent_days: int = 0


def paused_days(pauses: Iterable[Pause], start: date, end: date) -> int:
    """The days from ``start`` up to ``end`` that pauses take away; none is taken away twice."""
    days, reached = 0, start
    for pause in sorted(pauses):
        begin = max(pause.start, reached)
        stop = min(pause.end, end)
        if begin < stop:
            days += (stop - begin).days
            reached = stop
    return days


def standing(state: State, day: date, pauses: Sequence[Pause], rules: Rules) -> Standing:
    """How late the whole loan is on ``day``, by the rows of ``state``.

    The amount is everything due before ``day``, with money that was charged back in the running
    period. The clock starts at the oldest unpaid due day, or at a chargeback that left its row
    short before that.
    """
    rows = _unpaid(state)
    chargebacks = _chargebacks(state)
    since: date | None = None
    amount = 0
    for row in rows:
        began, short = _short_since(row, chargebacks, day, last=row is state.rows[-1])
        amount += short
        since = since or began
        if row.due >= day:
            break  # of the rows not yet due only the first can hold a chargeback that counts
    return _aged(amount, since, day, pauses, rules.grace_days)


def by_bucket(
    state: State, day: date, pauses: Sequence[Pause], rules: Rules
) -> tuple[tuple[str, int], ...]:
    """The amounts of single late rows, summed by bucket from the youngest to the oldest."""
    chargebacks = _chargebacks(state)
    sums: dict[str, int] = {}
    for row in _unpaid(state):
        since, short = _short_since(row, chargebacks, day, last=row is state.rows[-1])
        days = _aged(short, since, day, pauses, 0).delinquent_days
        if days > 0:
            name = rules.bucket_of(days)
            sums[name] = sums.get(name, 0) + short
    return tuple(sorted(sums.items(), key=lambda pair: rules.rank(pair[0])))


def _unpaid(state: State) -> list[Row]:
    """The rows with anything outstanding, of a loan that runs."""
    if state.status in _DONE:
        return []
    return [row for row in state.rows if row.outstanding.total > 0]


def _chargebacks(state: State) -> list[Posting]:
    return [posting for posting in state.postings if posting.kind == "chargeback"]


def _short_since(
    row: Row, chargebacks: Sequence[Posting], day: date, *, last: bool
) -> tuple[date | None, int]:
    """Since when a row is short, and by how much on ``day``; None where it is not due and whole.

    A chargeback within the row's period takes away from what was paid for it. Once that is used
    up, the clock of the row starts at the chargeback, even before its due day.
    """
    due = row.due < day
    left, since = row.paid.total, None
    for posting in chargebacks:
        within = row.start <= posting.on and (
            posting.on < row.due or (due and last and posting.on == row.due)
        )
        if within and (due or posting.on < day):
            left -= abs(posting.amount)
            if left < 0 and not (due and since):
                since = posting.on
    if due:
        return since or row.due, row.outstanding.total
    return (since, -left) if left < 0 else (None, 0)


def _aged(
    amount: int, since: date | None, day: date, pauses: Sequence[Pause], grace: int
) -> Standing:
    if since is None:
        return Standing(amount)
    late = max(0, (day - since).days)
    counted = late - paused_days(pauses, since, day) - grace
    return Standing(amount, since, late, max(0, counted))
