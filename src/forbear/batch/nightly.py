"""The nightly close of many loans at once, as a table.

The compiled form closes every loan that it can; the scalar form (``loans/close.py``), which it must
equal to the cent, closes the others, and says of those that are not well formed what is wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa

from forbear.base.errors import LoanError
from forbear.base.money import DIGITS
from forbear.batch.layout import Array
from forbear.batch.nightly_columns import Columns
from forbear.batch.nightly_kernel import AMOUNTS, NEVER, Night, Out, Scale, close_all
from forbear.batch.nightly_plain import Said, closed
from forbear.batch.nightly_schema import BUCKETS, CLOSED, OFFSET, scale
from forbear.batch.schema import Table
from forbear.loans.close import Closed

_EPOCH: Final = date(1970, 1, 1)
_TWICE: Final = "this id stands in more than one row; keep the row that is right"

Wrong = tuple[int, str | None, str]  # the place of a loan in its table, its id, what is wrong


def close_table(
    table: Table, on: date, twice: Sequence[int] = (), weights: Scale | None = None
) -> tuple[Table, list[Wrong], int]:
    """The close of every loan of a table after LOANS: a table after CLOSED, and what is wrong.

    ``twice`` are the places of loans whose id stands elsewhere too. The number is that of loans
    closed by the scalar form. Raises InputError for a column that is missing or of another type.
    """
    columns = Columns(table)
    columns.odd[list(twice)] = 1
    row_from, rows = columns.rows()
    pause_from, pauses = columns.pauses()
    loans = columns.loans(row_from, pause_from)
    size = columns.size
    out = Out(
        past_due=np.zeros(size, np.int32),
        delinquent=np.zeros(size, np.int32),
        rank=np.zeros(size, np.int8),
        next_due=np.full(size, NEVER, np.int32),
        amounts=np.zeros((len(AMOUNTS), size), np.int64),
    )
    day = (on - _EPOCH).days
    close_all(Night(loans, rows, pauses, weights or scale(), day, out))
    bucket = np.where(out.rank > 0, OFFSET[loans.table] + out.rank, 0).astype(np.int8)
    move = np.where(loans.rank >= 0, out.rank - loans.rank, 0).astype(np.int8)
    made = {
        "days_past_due": out.past_due,
        "delinquent_days": out.delinquent,
        "bucket_move": move,
        "next_due": out.next_due,
        "interest_accrued": out.amounts[0] - loans.earned,
        **dict(zip(AMOUNTS, out.amounts, strict=True)),
    }
    odd = np.flatnonzero(columns.odd)
    made["bucket"] = bucket
    wrong = _by_scalar(columns.table, frozenset(twice), on, odd, made)
    closed_table = _table(columns, on, made)
    if wrong:
        keep = np.ones(size, np.bool_)
        keep[[place for place, _, _ in wrong]] = False
        closed_table = closed_table.filter(pa.array(keep))
    return closed_table, wrong, len(odd) - len(wrong)


def _by_scalar(
    table: Table, twice: frozenset[int], on: date, odd: Array, made: dict[str, Array]
) -> list[Wrong]:
    """Have the scalar form close the odd loans, into the columns; what it refuses is wrong."""
    wrong: list[Wrong] = []
    for place in map(int, odd):
        said: Said = {}
        try:
            said = table.slice(place, 1).to_pylist()[0]
            found = closed(said, on)
            if place in twice:
                raise LoanError(f"id: {_TWICE}")
            for name, value in _told(found).items():
                made[name][place] = value
        except LoanError as error:
            wrong.append((place, _ident(said), str(error)))
        except (OverflowError, ValueError) as error:
            why = f"a day or an amount is beyond all calendars and loans ({error}); correct it"
            wrong.append((place, _ident(said), why))
    return wrong


def _ident(said: Said) -> str | None:
    found = said.get("id")
    return None if found is None else str(found)


def _told(found: Closed) -> dict[str, int]:
    """What the scalar form found, by the names of the columns."""
    parts = {
        f"{when}_{component}": amount
        for when, part in (
            ("due", found.due), ("overdue", found.overdue), ("outstanding", found.outstanding)
        )
        for component, amount in part._asdict().items()
    }  # fmt: skip
    return {
        **parts,
        "bucket": BUCKETS.index(found.bucket),
        "days_past_due": found.days_past_due,
        "delinquent_days": found.delinquent_days,
        "bucket_move": found.move,
        "next_due": NEVER if found.next_due is None else (found.next_due - _EPOCH).days,
        "interest_accrued": found.accrued,
        "interest_earned": found.earned,
        "interest_receivable": found.receivable,
        "next_amount": found.next_amount,
        "late_interest": found.late_interest,
        "late_rest": found.late_rest,
    }


def _table(columns: Columns, on: date, made: dict[str, Array]) -> Table:
    size, next_due = columns.size, made["next_due"]
    found = {
        "id": columns.table.column("id").cast(pa.string()),
        "currency": _coded(columns.currency.astype(np.int32), tuple(DIGITS)),
        "closed_on": pa.array(np.full(size, (on - _EPOCH).days, np.int32)).cast(pa.date32()),
        **{name: pa.array(values) for name, values in made.items()},
        "bucket": _coded(made["bucket"], BUCKETS),
        "next_due": pa.array(next_due, mask=next_due == NEVER).cast(pa.date32()),
    }
    return pa.table([found[each.name] for each in CLOSED], schema=CLOSED)


def _coded(codes: Array, words: Sequence[str]) -> Any:
    return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(words), safe=False)
