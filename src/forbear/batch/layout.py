"""The tables that the kernel reads and writes: flat arrays, with their element types beside them.

All instants are seconds UTC, all days local days since 1970-01-01.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

Array = Any  # numpy arrays, which have no type that says their elements
LOW_BITS: Final = 10  # debtors to a bucket, as a power of two: their contacts fit the second cache
LOW: Final = 1 << LOW_BITS
FOREVER: Final = 1 << 62
UNSAID_SEQ: Final = -(1 << 62)
DEBTS_MAX: Final = 62
# The bits that the key of a situation has for a signature, an era and a shape.
SIGNATURES_MAX: Final = 1 << 21
ERAS_MAX: Final = 1 << 6
SHAPES_MAX: Final = 1 << 16
SEVERAL_MAX: Final = 3  # debts of one contact that facts may tell apart

DONE, TO_DO, PLAIN = 0, 1, 2
UNKNOWN, IN_WINDOW, ON_DAY, IN_HOURS, REACHED, IN_A_ROW, BEGUN = range(7)
SECONDS, DATES, WEEK, MONTH, EVER = range(5)
SURE, UNSURE, ENDS, COUNTS, WAY, BEGINS = range(6)
INSIDE, THROUGH, OUTSIDE = range(3)
FALSE, TRUE, OPEN = 0, 1, 2
# Why only the plain form can judge a debtor; a class with such a reason follows these.
SEVERAL, BEGAN, MANY, CLASS = range(4)
DAY: Final = 86_400


class Columns(NamedTuple):
    """Contacts by row. ``debt`` is a code, -1 none, below that -(k+2) for the k-th of ``several``.

    ``seq`` and ``keys`` (one row for each way of counting) are empty where nothing needs them.
    """

    at: Array  # int64
    debtor: Array  # int32
    shape: Array  # int32
    debt: Array  # int32
    address: Array  # int32, -1 unsaid; empty where no fact names one
    seq: Array  # int64
    keys: Array  # int64 [ways, rows]
    several_from: Array  # int64
    several: Array  # int32


class Debtors(NamedTuple):
    """Debtors by code: zone, base signature, and where their events and mentions lie."""

    zone: Array  # int32
    base: Array  # int32
    events_from: Array  # int64 [debtors, 2]; empty where there are no facts
    event_at: Array  # int64
    event_signature: Array  # int32
    debts_from: Array  # int64 [debtors, 2]
    debts: Array  # int32, those that facts name, in the order of their numbers
    addresses_from: Array  # int64 [debtors, 2]
    addresses: Array  # int32
    todo: Array  # uint8


class Time(NamedTuple):
    """Clocks by number, for the days of the ledger."""

    offsets_from: Array  # int64 [clocks + 1]
    since: Array  # int64
    offset: Array  # int32
    day0: int
    midnight: Array  # int64 [clocks, days]
    month: Array  # int32 [days], the local day that begins the month
    marked: Array  # uint8 [sets, days]
    borders: Array  # int32, local days on which other rules come into force
    era0: int  # how many such days lie before the ledger


class Classes(NamedTuple):
    """What is known of contacts by class, and how a class is found."""

    dense: Array  # int32 [bases, eras, shapes], -1 unknown
    hashed: Array  # int64, -1 empty
    hashed_class: Array  # int32
    mask: Array  # uint64 [classes]
    fixed_from: Array  # int32 [classes + 1]
    fixed_rule: Array  # int32
    fixed_breached: Array  # uint8
    left_from: Array  # int32 [classes + 1]
    left_rule: Array  # int32
    left_breached: Array  # uint8
    left_debt: Array  # int8, which of several debts it is about, -1 for each
    left_atom: Array  # int64 [left, 8], the atom where one alone is left, else -1 and nothing
    clause_from: Array  # int32 [left + 1]
    literal_from: Array  # int32 [clauses + 1]
    literal: Array  # int32, the number of an atom
    wanted: Array  # uint8
    see_from: Array  # int32 [classes + 1]
    see_how: Array  # uint8
    see_what: Array  # int32
    plain: Array  # uint8
    inbound: Array  # uint8
    findings_max: Array  # int32


class State(NamedTuple):
    """What machines have taken in of one debtor.

    An entry of a limit is its instant, its place in the history, its debts as bits and for whom it
    counts; those of limit ``n`` that surely count stand in row 2n, the others in the next.
    """

    entries: Array  # int64 [2 * limits, entries, 4]
    size: Array  # int64 [2 * limits]
    facts: Array  # int64 [runs, entries, 3]: since when, begun and ended by the contact at a place
    held: Array  # int64 [runs]
    row: Array  # int64 [runs, 3]: contacts in a row, dates in a row, the last of these dates
    begun: Array  # uint8


class Scratch(NamedTuple):
    """What the kernel works on. The contacts of a bucket stand debtor by debtor."""

    record: Array  # int64 [places, 2], as in ``Parted``
    place: Array  # int32, in ``Parted``
    classes: Array  # int32
    ends: Array  # int64 [LOW + 1], where the contacts of each debtor of a bucket end
    unknown: Array  # int64 [rules]
    local: Array  # int32 [DEBTS_MAX], the debts of a debtor by its own numbering
    state: State


class Machines(NamedTuple):
    """Atoms, limits and derived facts, as the book has them."""

    atom: Array  # int64 [atoms, 8]: kind, then what the kind needs
    limit_way: Array  # int64 [limits], the way in which it counts, or -1
    run_clock: Array  # int64
    way_from: Array  # int32 [runs + 1]
    way: Array  # int64 [ways, 3]: run, by date, holds from the next date
    limit_of_rule: Array  # int32, -1 where the rule is none


class Out(NamedTuple):
    """What the kernel writes. ``state`` holds counters.

    These are the findings and the misses written, the most contacts of a debtor left for want of
    room, and the most findings of one.
    """

    state: Array  # int64 [4]
    mask: Array  # uint8 or uint64, by place in Parted; empty where findings are wanted
    row: Array  # int32
    rule: Array  # int32
    breached: Array  # uint8
    counted: Array  # int32
    first: Array  # int64
    last: Array  # int64
    unknown: Array  # int64 [rules]
    by_class: Array  # int64 [classes]
    miss_key: Array  # int64
    miss_place: Array  # int32, in Parted
    miss_debtor: Array  # int32
    plain: Array  # int64, debtors left to the plain form: by reason, then by class


class Parted(NamedTuple):
    """Contacts by bucket of debtors, in the order of rows within a bucket.

    A record is the instant, and in one number from the highest bit on: the debt (32 bits), the
    shape, and the debtor within the bucket (LOW_BITS).
    """

    start: Array  # int64 [buckets + 1]
    record: Array  # int64 [rows, 2]
    row: Array  # int32, the row of each place; empty where nothing needs it
