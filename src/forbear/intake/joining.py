"""Joining logs that overlap: the same contact counts once, however many files show it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import islice
from typing import Final

from forbear.base.clock import instant_of
from forbear.base.words import Channel
from forbear.intake.rows import Form, LogRow

# A phone notes when it began to ring, a bill when the call was connected, and their clocks differ.
_BILL_LATER_SECONDS_MAX: Final = 90
_BILL_EARLIER_SECONDS_MAX: Final = 30
_LENGTH_DIFFERS_SECONDS_MAX: Final = 3
# No phone notes more than these in two minutes, but a forged log may.
_NEIGHBOURS_MAX: Final = 200


_LEDGER_KEYS: Final = ("id", "lender", "person", "address", "party", "debts")


def without_duplicates(rows: Iterable[LogRow]) -> tuple[list[LogRow], int]:
    """The rows in order of time, each contact once, and how many rows were left out.

    Rows are the same where number, moment, direction, length and text agree; the first source
    given is kept. A bill's row is the same as a phone's own where number and direction agree, the
    moments lie within the time a phone rings, and the lengths within three seconds; the phone's own
    row is kept, since it says more.
    """
    kept: dict[tuple[object, ...], LogRow] = {}
    count = 0
    for row in rows:
        key = _identity(row)
        if key in kept:
            count += 1
        else:
            kept[key] = row
    ordered = sorted(kept.values(), key=lambda row: row.at)
    billed = _shown_by_phone(ordered)
    return [row for row in ordered if id(row) not in billed], count + len(billed)


def _identity(row: LogRow) -> tuple[object, ...]:
    # A lender numbers its contacts and keeps many persons in one file; a phone has neither.
    ledger = tuple(row.more.get(key) for key in _LEDGER_KEYS) if row.more else ()
    number = row.number or row.displayed_as
    return (
        row.kind, number, row.at, row.incoming, row.duration_seconds, row.text, ledger,
        # Calls that were not answered all have length zero; their outcomes still tell them apart.
        row.outcome,
        # Whether a bill shows what the phone shows is found below, and then the phone's row stays.
        row.form is Form.BILL,
    )  # fmt: skip


def _shown_by_phone(ordered: list[LogRow]) -> set[int]:
    """The identities of those rows of bills that a row of the phone's own backup shows too."""
    phone: defaultdict[tuple[Channel, str | None, bool], list[LogRow]] = defaultdict(list)
    for row in ordered:
        if row.form in (Form.CALL_BACKUP, Form.SMS_BACKUP):
            phone[row.kind, row.number, row.incoming].append(row)
    taken: set[int] = set()
    billed: set[int] = set()
    starts = dict.fromkeys(phone, 0)
    for row in ordered:
        key = (row.kind, row.number, row.incoming)
        if row.form is not Form.BILL or row.number is None or key not in phone:
            continue
        own = phone[key]
        at = instant_of(row.at)
        first = starts[key]
        while first < len(own) and instant_of(own[first].at) < at - _BILL_LATER_SECONDS_MAX:
            first += 1
        starts[key] = first
        for other in islice(own, first, first + _NEIGHBOURS_MAX):
            if instant_of(other.at) > at + _BILL_EARLIER_SECONDS_MAX:
                break
            if id(other) not in taken and _alike(row, other):
                taken.add(id(other))
                billed.add(id(row))
                break
    return billed


def _alike(row: LogRow, other: LogRow) -> bool:
    if row.kind is Channel.SMS:
        return row.text is None or other.text is None or row.text == other.text
    if row.duration_seconds is None or other.duration_seconds is None:
        return True
    return abs(row.duration_seconds - other.duration_seconds) <= _LENGTH_DIFFERS_SECONDS_MAX
