"""What the nightly close reads and writes: one row a loan, its instalments in a list. By name.

Amounts are whole minor units of the loan's currency (fen, cents), days are dates. A column that may
be null may also be absent. What the close writes under ``closed_on``, ``bucket``,
``interest_earned`` and ``late_rest`` is what it reads under these names on the next night.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa

from forbear.base.money import Rounding
from forbear.batch.nightly_kernel import DOWN, FIRST_DAY, HALF_EVEN, HALF_UP, LAST_DAY, Scale
from forbear.loans.close import LATE_ON
from forbear.loans.lateness import NO_DELINQUENCY, TABLES
from forbear.loans.parts import Component

DAY: Final = pa.date32()
AMOUNT: Final = pa.int64()

# How many days a year has, and whether those of leap years weigh less. A month of 30 days counts
# whole instalments; within one of them, and for late interest, the days are real.
DAY_COUNTS: Final = {
    "actual/365": (365, False),
    "actual/360": (360, False),
    "actual/actual": (365, True),
    "30/360": (360, False),
}
ROUNDINGS: Final = {
    Rounding.HALF_EVEN.value: HALF_EVEN,
    Rounding.HALF_UP.value: HALF_UP,
    Rounding.DOWN.value: DOWN,
}
LATE_ON_CODES: Final = {word: code for code, word in enumerate(LATE_ON)}
TABLE_CODES: Final = {name: code for code, name in enumerate(TABLES)}

OWED: Final = tuple(f"owed_{component}" for component in Component)
SETTLED: Final = tuple(f"settled_{component}" for component in Component)
# What a row of a plan must say; the other amounts are nothing where they are unsaid.
ROW_NEEDS: Final = ("start", "due", "owed_principal", "owed_interest")

# ``settled`` is what was paid, waived or written off.
ROW: Final = pa.struct(
    [("start", DAY), ("due", DAY), *((name, AMOUNT) for name in (*OWED, *SETTLED))]
)
PAUSE: Final = pa.struct([("start", DAY), ("end", DAY)])

LOANS: Final = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("currency", pa.string(), nullable=False),
        pa.field("day_count", pa.string(), nullable=False),
        ("rounding", pa.string()),  # half_even where it is unsaid
        ("arrears_grace_days", pa.int32()),
        ("buckets", pa.string()),  # a table of loans/lateness.py: range where it is unsaid
        ("late_rate_percent", pa.decimal128(9, 4)),  # a year; no late interest where unsaid
        ("late_on", pa.string()),
        ("closed_on", DAY),  # the night before, and what it left
        ("bucket", pa.string()),
        ("interest_earned", AMOUNT),
        ("late_rest", AMOUNT),
        pa.field("rows", pa.list_(ROW), nullable=False),
        ("pauses", pa.list_(PAUSE)),  # in which days past due do not count
    ]
)
NEEDS: Final = tuple(field.name for field in LOANS if not field.nullable)

# ``due`` falls due on the day itself, ``overdue`` fell due before it; ``next_due`` comes after it.
CLOSED: Final = pa.schema(
    [
        ("id", pa.string()),
        ("currency", pa.dictionary(pa.int32(), pa.string())),
        ("closed_on", DAY),
        ("days_past_due", pa.int32()),
        ("delinquent_days", pa.int32()),
        ("bucket", pa.dictionary(pa.int8(), pa.string())),
        ("bucket_move", pa.int8()),  # buckets since last night: above 0 is worse
        ("interest_earned", AMOUNT),
        ("interest_accrued", AMOUNT),  # since last night
        ("interest_receivable", AMOUNT),  # earned, and neither paid, waived nor written off
        *((f"due_{component}", AMOUNT) for component in Component),
        *((f"overdue_{component}", AMOUNT) for component in Component),
        *((f"outstanding_{component}", AMOUNT) for component in Component),
        ("next_due", DAY),
        ("next_amount", AMOUNT),
        ("late_interest", AMOUNT),
        ("late_rest", AMOUNT),
    ]
)
ERRORS: Final = pa.schema(
    [("file", pa.string()), ("row", pa.int64()), ("id", pa.string()), ("why", pa.string())]
)

# All buckets by name: not late at all, then those of each table; OFFSET says where a table begins.
BUCKETS: Final = (NO_DELINQUENCY, *(each.name for table in TABLES.values() for each in table))
OFFSET: Final = np.cumsum([0, *(len(table) for table in TABLES.values())])[:-1].astype(np.int8)


def scale() -> Scale:
    """The weights of days and the first days of buckets, as the kernel reads them."""
    days = np.arange(FIRST_DAY, LAST_DAY + 1)
    # The night to New Year's Eve is the last of the old year, as in loans/days.py.
    years = (days + 1).astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    leap = (years % 4 == 0) & ((years % 100 != 0) | (years % 400 == 0))
    weight = np.concatenate([[0], np.cumsum(np.where(leap, 365, 366))])
    longest = max(map(len, TABLES.values()))
    first = np.full((len(TABLES), longest), np.iinfo(np.int32).max, np.int32)
    for row, table in zip(first, TABLES.values(), strict=True):
        ends = [0, *(each.last for each in table)]
        assert all(each.first == (end or 0) + 1 for each, end in zip(table, ends, strict=False)), (
            "buckets follow one another without a gap"
        )
        row[: len(table)] = [each.first for each in table]
    return Scale(weight=weight, first=first)
