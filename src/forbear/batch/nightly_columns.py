"""A table of loans as the kernel reads it, and what the kernel found as a table again.

Columns are taken over without a copy where their types allow it. Nothing is explained here: a loan
of which anything cannot be read is odd, and the scalar form says why.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from forbear.base.errors import InputError
from forbear.base.money import DIGITS
from forbear.batch.casting import Column, text_like
from forbear.batch.layout import Array
from forbear.batch.nightly_kernel import NEVER, Loans, Pauses, Rows
from forbear.batch.nightly_schema import (
    BUCKETS,
    DAY,
    DAY_COUNTS,
    LATE_ON_CODES,
    NEEDS,
    OFFSET,
    OWED,
    PAUSE,
    ROUNDINGS,
    ROW,
    ROW_NEEDS,
    SETTLED,
    TABLE_CODES,
)
from forbear.batch.schema import Table
from forbear.loans.close import EARNED_MAX, GRACE_DAYS_MAX, LATE_PPM_MAX

_CURRENCY_CODES: Final = {word: code for code, word in enumerate(DIGITS)}
_BUCKET_CODES: Final = {word: code for code, word in enumerate(BUCKETS)}
_YEARS: Final = np.array([year for year, _ in DAY_COUNTS.values()], np.int32)
_BY_YEARS: Final = np.array([by_years for _, by_years in DAY_COUNTS.values()], np.uint8)
_DAY_COUNT_CODES: Final = {word: code for code, word in enumerate(DAY_COUNTS)}
_WORD: Final = 18  # the digits that 64 bits always hold
_WRONG: Final = -2  # the code of a word that is not known; unsaid is -1


class Columns:
    """The columns of one chunk of loans. Raises InputError for a column of another type."""

    def __init__(self, table: Table) -> None:
        """Read every column; what cannot be read makes its loan odd."""
        self.table = table.combine_chunks()
        self.size = table.num_rows
        self.odd = np.zeros(self.size, np.uint8)
        for name in NEEDS:
            if name not in table.column_names:
                raise InputError(
                    f"there is no column {name} for loans, only {', '.join(table.column_names)}"
                )
            self._mark(_nulls(self._column(name)))
        self.currency = self._words("currency", _CURRENCY_CODES)

    def loans(self, row_from: Array, pause_from: Array) -> Loans:
        """What is said of each loan by itself."""
        count = self._words("day_count", _DAY_COUNT_CODES)
        table = self._words("buckets", TABLE_CODES, unsaid=0)
        return Loans(
            row_from=row_from,
            pause_from=pause_from,
            rounding=_fixed(self._words("rounding", ROUNDINGS, unsaid=0), np.int8),
            year=_fixed(_YEARS[count], np.int32),
            by_years=_fixed(_BY_YEARS[count], np.uint8),
            grace=_fixed(self._amounts("arrears_grace_days", 0, GRACE_DAYS_MAX), np.int32),
            late_ppm=_fixed(self._rates("late_rate_percent"), np.int64),
            late_interest_too=_fixed(self._words("late_on", LATE_ON_CODES, unsaid=0), np.int8),
            table=_fixed(table, np.int8),
            closed_on=_fixed(self._days("closed_on"), np.int32),
            rank=_fixed(self._ranks("bucket", table), np.int8),
            earned=_fixed(self._amounts("interest_earned", 0, EARNED_MAX), np.int64),
            late_rest=_fixed(self._amounts("late_rest", 0, EARNED_MAX), np.int64),
            odd=self.odd,
        )

    def rows(self) -> tuple[Array, Rows]:
        """Where the rows of each loan begin, and the rows."""
        start, fields = self._listed("rows", ROW_NEEDS, (*OWED, *SETTLED))
        return _fixed(start, np.int64), Rows(**fields)

    def pauses(self) -> tuple[Array, Pauses]:
        """Where the pauses of each loan begin, and the pauses."""
        if self._column("pauses") is None:
            none = _fixed(np.zeros(0), np.int32)
            nobody = _fixed(np.zeros(self.size + 1), np.int64)
            return nobody, Pauses(start=none, end=none)
        start, fields = self._listed("pauses", ("start", "end"), ())
        made = Pauses(**fields)
        wrong = made.end < made.start
        # The first pause of a loan has none before it.
        later = np.ones(len(wrong), np.bool_)
        later[start[:-1][start[:-1] < len(wrong)]] = False
        wrong[1:] |= later[1:] & (made.start[1:] < made.start[:-1])
        self._mark_owners(start, wrong)
        return _fixed(start, np.int64), made

    # ── one column ──

    def _column(self, name: str) -> Column | None:
        if name not in self.table.column_names:
            return None
        column = self.table.column(name)
        if not isinstance(column, pa.ChunkedArray):
            return column
        return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()

    def _mark(self, wrong: Array) -> None:
        if wrong is not None:
            self.odd[wrong] = 1

    def _mark_owners(self, start: Array, wrong: Array) -> None:
        """Mark the loans to which wrong entries of a list belong."""
        places = np.flatnonzero(wrong)
        if len(places):
            self.odd[np.searchsorted(start, places, "right") - 1] = 1

    def _words(self, name: str, codes: Mapping[str, int], unsaid: int = _WRONG) -> Array:
        """A column of closed words as codes; an unknown word has code 0, and its loan is odd."""
        column = self._column(name)
        if column is None or pa.types.is_null(column.type):
            found = np.full(self.size, unsaid)
        else:
            found = _codes(column, name, lambda word: codes.get(word, _WRONG), unsaid)
        self._mark(found == _WRONG)
        return np.maximum(found, 0)

    def _ranks(self, name: str, table: Array) -> Array:
        """Last night's buckets by their place in the loan's own table; -1 where there is none."""
        column = self._column(name)
        if column is None or pa.types.is_null(column.type):
            return np.full(self.size, -1, np.int8)
        code = _codes(column, name, lambda word: _BUCKET_CODES.get(word, _WRONG), -1)
        ends = np.append(OFFSET[1:], len(BUCKETS) - 1)
        rank = np.where(code > 0, code - OFFSET[table], code)
        self._mark((code == _WRONG) | (code > ends[table]) | ((code > 0) & (rank <= 0)))
        return rank.astype(np.int8)

    def _amounts(self, name: str, least: int, most: int) -> Array:
        column = self._column(name)
        if column is None:
            return np.zeros(self.size, np.int64)
        found = _integers(column, name)
        wrong = (found < least) | (found > most)
        if wrong.any():
            self._mark(wrong)
            return np.where(wrong, 0, found)
        return found

    def _days(self, name: str) -> Array:
        column = self._column(name)
        if column is None:
            return np.full(self.size, NEVER, np.int32)
        found, wrong = _dates(column, name)
        self._mark(wrong)
        return found

    def _rates(self, name: str) -> Array:
        """Yearly rates in percent as millionths."""
        column = self._column(name)
        if column is None or pa.types.is_null(column.type):
            return np.zeros(self.size, np.int64)
        if pa.types.is_floating(column.type):
            raise InputError(
                f"column {name} holds {column.type}, which holds no decimal exactly; "
                "store it as decimal(9, 4) or as text such as 18.25"
            )
        if text_like(column.type):
            # A rate that is written out is rare enough to be read one by one.
            self._mark(_said(column))
            return np.zeros(self.size, np.int64)
        return self._ppm(column)

    def _ppm(self, column: Column) -> Array:
        kind = column.type
        if pa.types.is_decimal128(kind) and kind.precision <= _WORD and 0 <= kind.scale <= 4:
            # As long as that, a decimal is a whole number of 64 bits with a point in it.
            words = np.frombuffer(column.buffers()[1], np.int64).reshape(-1, 2)[:, 0]
            unscaled = words[column.offset : column.offset + len(column)]
            ppm = np.where(_said(column), unscaled, 0) * 10 ** (4 - kind.scale)
        else:
            try:
                exact = column.cast(pa.decimal128(_WORD, 4))
                scaled = pc.multiply(exact, pa.scalar(10_000, pa.int32()))
                ppm = scaled.cast(pa.int64()).fill_null(0).to_numpy()
            except pa.ArrowInvalid:  # finer than four digits, or beyond all rates
                self._mark(_said(column))
                return np.zeros(self.size, np.int64)
        wrong = (ppm < 0) | (ppm > LATE_PPM_MAX)
        self._mark(wrong)
        return np.where(wrong, 0, ppm)

    # ── lists ──

    def _listed(
        self, name: str, needs: Sequence[str], more: Sequence[str]
    ) -> tuple[Array, dict[str, Array]]:
        """Where the entries of each loan's list begin, and the fields of all entries."""
        column = self._column(name)
        assert column is not None, "it is asked for only where it is there"
        kind = column.type
        is_list = pa.types.is_list(kind) or pa.types.is_large_list(kind)
        if pa.types.is_null(kind) or (is_list and pa.types.is_null(kind.value_type)):
            # Nothing is said of any loan, and a file that says nothing knows no type for it.
            column = column.cast(pa.list_(ROW if name == "rows" else PAUSE))
        elif not (is_list and pa.types.is_struct(kind.value_type)):
            raise InputError(f"column {name} holds {kind}; it holds lists of {', '.join(needs)}")
        sizes = pc.list_value_length(column).fill_null(0).to_numpy(zero_copy_only=False)
        start = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])
        entries = column.flatten()
        names = [field.name for field in entries.type]
        columns = dict(zip(names, entries.flatten(), strict=True))
        missing = [need for need in needs if need not in columns]
        if missing:
            raise InputError(
                f"column {name} has no {missing[0]}, only {', '.join(names)}; "
                f"known are {', '.join(dict.fromkeys((*needs, *more)))}"
            )
        fields: dict[str, Array] = {}
        for field in dict.fromkeys((*needs, *more)):
            if field not in columns:
                fields[field] = _fixed(np.zeros(len(entries)), np.int64)
                continue
            if field in needs and columns[field].null_count:
                self._mark_owners(start, _nulls(columns[field]))
            where = f"{name}.{field}"
            if field in ("start", "due", "end"):
                days, wrong = _dates(columns[field], where)
                fields[field] = _fixed(days, np.int32)
                if wrong is not None:
                    self._mark_owners(start, wrong)
            else:
                fields[field] = _fixed(_integers(columns[field], where), np.int64)
        return start, fields


# ── arrays ──


def _fixed(array: Array, kind: type) -> Array:
    """An array as the kernel was compiled for: contiguous, of one type, and only to be read."""
    made: Array = np.ascontiguousarray(array, kind).view()
    made.flags.writeable = False
    return made


def _nulls(column: Column | None) -> Array:
    if column is None:
        return None
    return column.is_null().to_numpy(zero_copy_only=False) if column.null_count else None


def _said(column: Column) -> Array:
    return column.is_valid().to_numpy(zero_copy_only=False)


def _codes(column: Column, name: str, code: Callable[[str], int], unsaid: int) -> Array:
    """A code for each text, worked out once for each different one."""
    if not text_like(column.type):
        raise InputError(f"column {name} holds {column.type}; it holds words")
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    words = column.dictionary.to_pylist()
    entries = np.array([unsaid if word is None else code(word) for word in words] + [unsaid])
    indices = column.indices
    if indices.null_count:
        indices = (
            indices.fill_null(len(words))
            if len(words) < 127
            else indices.cast(pa.int64()).fill_null(len(words))
        )
    return entries[indices.to_numpy(zero_copy_only=False)]


def _integers(column: Column, name: str) -> Array:
    """Whole numbers as int64; nothing where it is unsaid."""
    kind = column.type
    if pa.types.is_null(kind):
        return np.zeros(len(column), np.int64)
    if not pa.types.is_integer(kind) or kind == pa.uint64():
        raise InputError(
            f"column {name} holds {kind}; it holds whole numbers, amounts in minor units (fen, "
            "cents)"
        )
    found = column if kind == pa.int64() else column.cast(pa.int64())
    return (found.fill_null(0) if found.null_count else found).to_numpy()


def _dates(column: Column, name: str) -> tuple[Array, Array]:
    """Days since 1970, NEVER where it is unsaid, and which are no days; None where all are."""
    kind, wrong = column.type, None
    if pa.types.is_null(kind):
        return np.full(len(column), NEVER, np.int32), None
    if text_like(kind):
        found = _codes(column, name, _written, NEVER)
        wrong = found == _UNREADABLE
        return np.where(wrong, NEVER, found).astype(np.int32), wrong
    if not pa.types.is_date(kind):
        raise InputError(f"column {name} holds {kind}; it holds dates")
    found = column if kind == DAY else column.cast(DAY)
    found = found.cast(pa.int32())
    return (found.fill_null(NEVER) if found.null_count else found).to_numpy(), wrong


_UNREADABLE: Final = NEVER + 1


def _written(text: str) -> int:
    try:
        return date.fromisoformat(text).toordinal() - _EPOCH
    except ValueError:
        return _UNREADABLE


_EPOCH: Final = date(1970, 1, 1).toordinal()
