"""The nightly close of a made-up portfolio by Forbear: compiled in columns, and loan by loan.

An answer is one int64 column after another in the order of WHAT, one entry a loan.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from forbear.base.money import Rounding
from forbear.batch.nightly import close_table
from forbear.batch.nightly_files import CHUNK, CLOSED_FILE, close_files
from forbear.batch.nightly_schema import DAY_COUNTS, PAUSE, ROW, scale
from forbear.loans.close import Closed, Closing, Night, close
from forbear.loans.lateness import NO_DELINQUENCY, TABLES, Rules
from forbear.loans.parts import Component, Parts
from forbear.loans.state import Row
from parts import loan_data
from parts.loan_data import AMOUNTS, ON, ROUNDINGS, TODAY, Array, Portfolio, read
from parts.turns import Run

LEDGER: Final = "ledger.parquet"
BUCKETS: Final = (NO_DELINQUENCY, *(bucket.name for bucket in TABLES["range"]))
WHAT: Final = (
    "days_past_due", "delinquent_days", "bucket", "bucket_move",
    "interest_earned", "interest_accrued", "interest_receivable",
    *(f"{when}_{part}" for when in ("due", "overdue", "outstanding") for part in Component),
    "next_due", "next_amount", "late_interest", "late_rest",
)  # fmt: skip
_EPOCH: Final = date(1970, 1, 1)


def table(portfolio: Portfolio) -> Any:
    """The portfolio as the table that the close reads, without a copy of its rows."""
    loans = portfolio.loans
    named = {
        "start": pa.array(portfolio.start).cast(pa.date32()),
        "due": pa.array(portfolio.due).cast(pa.date32()),
        **{name: pa.array(getattr(portfolio, name)) for name in AMOUNTS},
    }
    rows = pa.StructArray.from_arrays([named[each.name] for each in ROW], fields=list(ROW))
    offsets = pa.array(portfolio.first.astype(np.int32))
    closed_on = pa.array(np.full(loans, TODAY - 1, np.int32)).cast(pa.date32())
    return pa.table(
        {
            "id": pa.array(np.arange(loans)).cast(pa.string()),
            "currency": _words(np.zeros(loans, np.int8), ("CNY",)),
            "day_count": _words(portfolio.count, loan_data.DAY_COUNTS),
            "rounding": _words(portfolio.rounding, ROUNDINGS),
            "arrears_grace_days": pa.array(portfolio.grace),
            "late_rate_percent": _percent(portfolio.late_ppm),
            "closed_on": closed_on,
            "bucket": _words(portfolio.bucket, BUCKETS),
            "interest_earned": pa.array(portfolio.earned),
            "late_rest": pa.array(portfolio.late_rest),
            "rows": pa.ListArray.from_arrays(offsets, rows),
            "pauses": pa.nulls(loans, pa.list_(PAUSE)),
        }
    )


def write(portfolio: Portfolio, folder: Path) -> Path:
    """Write a portfolio into a folder: as arrays, and as the Parquet file that the close reads."""
    loan_data.write(portfolio, folder)
    pq.write_table(table(portfolio), folder / LEDGER, compression="zstd", row_group_size=1 << 17)
    return folder


def _words(codes: Array, words: tuple[str, ...]) -> Any:
    return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(words))


def _percent(ppm: Array) -> Any:
    """Millionths as percent with four digits: the same whole number with the point moved."""
    words = np.column_stack([ppm, np.zeros_like(ppm)]).astype(np.int64)
    none = np.packbits(ppm != 0, bitorder="little")
    buffers = [pa.py_buffer(none.tobytes()), pa.py_buffer(words.tobytes())]
    return pa.Array.from_buffers(pa.decimal128(9, 4), len(ppm), buffers)


def in_columns(folder: Path) -> Run:
    """The compiled form, a chunk of loans at a time."""
    made, weights = table(read(folder)), scale()

    def run() -> Any:
        chunks = []
        for start in range(0, made.num_rows, CHUNK):
            closed, wrong, _ = close_table(made.slice(start, CHUNK), ON, weights=weights)
            assert not wrong, wrong[0]
            chunks.append(closed)
        return pa.concat_tables(chunks)

    return run


def from_files(folder: Path) -> Run:
    """The whole way: from a Parquet file to Parquet files, with nothing held but a chunk."""

    def run() -> Path:
        out = folder / "out"
        done = close_files([folder / LEDGER], ON, out)
        assert not done.errors, done.first_errors
        return out / CLOSED_FILE

    return run


def of_file(path: Path) -> Array:
    """What stands in the file, as every engine's answer is compared."""
    return of_table(pq.read_table(path))


def of_table(closed: Any) -> Array:
    """What the close wrote, as every engine's answer is compared."""
    return np.concatenate([_numbers(closed.column(name), name) for name in WHAT])


def _numbers(column: Any, name: str) -> Array:
    if name == "bucket":
        words = column.combine_chunks().cast(pa.string()).dictionary_encode()
        places = np.array([BUCKETS.index(word) for word in words.dictionary.to_pylist()])
        return np.asarray(places[words.indices.to_numpy()], np.int64)
    if name == "next_due":
        column = column.cast(pa.int32()).fill_null(0)
    return np.asarray(column.to_numpy(), np.int64)


def one_by_one(folder: Path) -> Run:
    """The scalar form: every loan is plain objects, made before the clock runs."""
    portfolio = read(folder)
    loans = [_loan(portfolio, place) for place in range(portfolio.loans)]
    return lambda: [close(rows, terms, ON, night) for rows, terms, night in loans]


def _loan(portfolio: Portfolio, place: int) -> tuple[list[Row], Closing, Night]:
    low, high = (int(each) for each in portfolio.first[place : place + 2])
    year, by_years = DAY_COUNTS[loan_data.DAY_COUNTS[portfolio.count[place]]]
    terms = Closing(
        rounding=Rounding(ROUNDINGS[portfolio.rounding[place]]),
        year=year,
        by_years=by_years,
        ageing=Rules(grace_days=int(portfolio.grace[place])),
        late_ppm=int(portfolio.late_ppm[place]),
    )
    night = Night(
        closed_on=ON - timedelta(days=1),
        bucket=BUCKETS[portfolio.bucket[place]],
        earned=int(portfolio.earned[place]),
        late_rest=int(portfolio.late_rest[place]),
    )
    return [_row(portfolio, row, row - low + 1) for row in range(low, high)], terms, night


def _row(portfolio: Portfolio, row: int, number: int) -> Row:
    owed, settled = (
        Parts(*(int(getattr(portfolio, f"{what}_{part}")[row]) for part in Component))
        for what in ("owed", "settled")
    )
    return Row(
        number=number,
        start=_EPOCH + timedelta(days=int(portfolio.start[row])),
        due=_EPOCH + timedelta(days=int(portfolio.due[row])),
        owed=owed,
        paid=settled,
    )


def of_objects(closed: list[Closed]) -> Array:
    """What the scalar form says, as every engine's answer is compared."""
    return np.array([_told(each) for each in closed], np.int64).T.reshape(-1)


def _told(closed: Closed) -> list[int]:
    next_due = 0 if closed.next_due is None else (closed.next_due - _EPOCH).days
    return [
        closed.days_past_due, closed.delinquent_days, BUCKETS.index(closed.bucket), closed.move,
        closed.earned, closed.accrued, closed.receivable,
        *closed.due, *closed.overdue, *closed.outstanding,
        next_due, closed.next_amount, closed.late_interest, closed.late_rest,
    ]  # fmt: skip
