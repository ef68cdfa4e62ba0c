"""Columns of whatever type a file gives them, cast to the types of a chunk, many rows at a time.

A column is cast as a whole, and words once for each different one; only where that fails are single
rows looked at, and those that cannot be read are told with the reason. Texts mean what they mean in
a lender's ledger.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from forbear.base.clock import instant_of, parse_moment
from forbear.base.errors import CaseError, InputError
from forbear.base.words import Channel, Direction, Outcome, Party, Purpose
from forbear.batch.schema import INSTANT, WORD
from forbear.intake.values import yes_or_no
from forbear.law.case import cut

Column = Any  # pyarrow and numpy arrays
Wrong = dict[int, str]  # rows of a piece that cannot be read, and the first reason of each
WORDS: Final[Mapping[str, type[StrEnum]]] = {
    "channel": Channel,
    "direction": Direction,
    "party": Party,
    "purpose": Purpose,
    "outcome": Outcome,
}


def _years(first: int, last: int) -> tuple[int, int]:
    start, end = (datetime(year, 1, 1, tzinfo=UTC).timestamp() for year in (first, last))
    return int(start), int(end)


# No contact was made outside these years; one that says so has a slip in its date.
_LIKELY: Final = _years(1900, 2200)
_EVER: Final = _years(2, 9999)
_PER_SECOND: Final = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
_FEW: Final = 256
_SEPARATORS: Final = "[;|,、]"
# A column of which a sample has more different words than one in so many rows is no dictionary.
_SAMPLE: Final = 1 << 16
_ALIKE: Final = 8


def text_like(kind: Any) -> bool:
    """Whether cells of this type are texts, or a dictionary of texts."""
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    )


def texts(column: Column) -> Column:
    """Texts as string, and dictionaries of them with indices of 32 bits."""
    if pa.types.is_dictionary(column.type):
        if column.dictionary.null_count:
            return column.cast(column.type.value_type).cast(pa.string()).dictionary_encode()
        wanted = pa.dictionary(pa.int32(), pa.string())
        return column if column.type == wanted else column.cast(wanted)
    return column if column.type == pa.string() else column.cast(pa.string())


def by_entry(column: Column, made: Callable[[str], Any], kind: Any, wrong: Wrong) -> Column:
    """A column of texts, each different one put through ``made`` once.

    ``made`` gives a value of ``kind``, None for what says nothing, or raises ValueError or
    CaseError; rows with such a text go to ``wrong``.
    """
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    values: list[Any] = []
    refused: dict[int, str] = {}
    for number, entry in enumerate(column.dictionary.to_pylist()):
        try:
            values.append(None if entry is None else made(entry))
        except (ValueError, CaseError) as error:
            values.append(None)
            refused[number] = str(error)
    if refused:
        numbers = column.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        for row in np.flatnonzero(np.isin(numbers, list(refused))):
            wrong.setdefault(int(row), refused[int(numbers[row])])
    if pa.types.is_dictionary(kind):
        # What says nothing is null in the rows themselves, and no word of the dictionary.
        said = [number for number, value in enumerate(values) if value is not None]
        codes: list[int | None] = [None] * len(values)
        for code, number in enumerate(said):
            codes[number] = code
        entries = pa.array([values[number] for number in said], kind.value_type)
        indices = pa.array(codes, kind.index_type).take(column.indices)
        return pa.DictionaryArray.from_arrays(indices, entries)
    return pa.array(values, kind).take(column.indices)


def words(column: Column, known: type[StrEnum], name: str, wrong: Wrong) -> Column:
    """Closed words as codes over all that are known, so that every piece has one dictionary."""
    if not text_like(column.type):
        raise InputError(f"column {name} holds {column.type}; it holds words: {', '.join(known)}")
    codes = {str(word): code for code, word in enumerate(known)}

    def code_of(cell: str) -> int | None:
        bare = cell.strip().lower()
        if bare and bare not in codes:
            raise ValueError(f"{name} {cut(cell)} is unknown; known are {', '.join(known)}")
        return codes.get(bare)

    coded = by_entry(texts(column), code_of, pa.int8(), wrong)
    return pa.DictionaryArray.from_arrays(coded, pa.array(codes, pa.string())).cast(WORD)


def instants(column: Column, name: str, wrong: Wrong, *, ever: bool = False) -> Column:
    """Times as whole seconds, a fraction cut off; with ``ever`` of any year, as facts have them.

    Whole numbers are seconds since 1970 UTC. Raises InputError for a column of dates, or of times
    without a zone: each row would be a guess.
    """
    kind = column.type
    if text_like(kind):
        found = _written(texts(column), name, wrong)
    elif pa.types.is_timestamp(kind):
        if kind.tz is None:
            raise InputError(
                f"the times of column {name} have no offset from UTC; store them as timestamps "
                "with a zone, or as texts such as 2026-03-10T17:59:00+08:00"
            )
        ticks = column.cast(pa.int64())
        found = ticks if kind.unit == "s" else _floor(ticks, _PER_SECOND[kind.unit])
    elif pa.types.is_integer(kind):
        found = column.cast(pa.int64())
    elif pa.types.is_null(kind):
        found = pa.nulls(len(column), pa.int64())
    else:
        raise InputError(
            f"column {name} holds {kind}; it holds times with their offset, such as "
            "2026-03-10T17:59:00+08:00, or seconds since 1970 UTC"
        )
    bounds = _EVER if ever else _LIKELY
    low, high = pc.min_max(found).values()
    if low.is_valid and not bounds[0] <= low.as_py() <= high.as_py() < bounds[1]:
        found = _within(found, bounds, name, wrong)
    return found.cast(INSTANT)


def _floor(ticks: Column, unit: int) -> Column:
    """Ticks as whole units; numpy rounds down where Arrow rounds towards 1970."""
    empty = ticks.is_null() if ticks.null_count else None
    seconds = ticks.fill_null(0).to_numpy() // unit
    return pa.array(seconds, mask=None if empty is None else empty.to_numpy(zero_copy_only=False))


def _within(found: Column, bounds: tuple[int, int], name: str, wrong: Wrong) -> Column:
    seconds = found.fill_null(bounds[0]).to_numpy()
    far = (seconds < bounds[0]) | (seconds >= bounds[1])
    for row in np.flatnonzero(far):
        at = int(seconds[row])
        if _EVER[0] <= at < _EVER[1]:
            year = datetime.fromtimestamp(at, UTC).year
            why = f"{name}: the year {year} cannot be right; correct the date"
        else:
            why = f"{name}: {at} are no seconds since 1970; divide what is in milliseconds by 1,000"
        wrong.setdefault(int(row), why)
    return pc.if_else(pa.array(far), pa.scalar(None, pa.int64()), found)


def _written(column: Column, name: str, wrong: Wrong) -> Column:
    """Texts in the form of RFC 3339 as seconds; halves of what fails are tried by themselves."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    done: list[Column] = []
    left = [(0, len(column))]
    while left:
        start, size = left.pop()
        part = column.slice(start, size)
        try:
            done.append(_floor(part.cast(_MICROSECONDS).cast(pa.int64()), 1_000_000))
        except pa.ArrowInvalid:
            if size <= _FEW:
                done.append(_one_by_one(part, start, name, wrong))
            else:
                left += [(start + size // 2, size - size // 2), (start, size // 2)]
    return pa.concat_arrays(done) if done else pa.array([], pa.int64())


_MICROSECONDS: Final = pa.timestamp("us", tz="UTC")


def _one_by_one(column: Column, start: int, name: str, wrong: Wrong) -> Column:
    found: list[int | None] = []
    for row, cell in enumerate(column.to_pylist(), start=start):
        try:
            bare = None if cell is None else cell.strip() or None
            found.append(None if bare is None else instant_of(parse_moment(bare, where=name)))
        except (CaseError, OverflowError) as error:
            found.append(None)
            wrong.setdefault(row, str(error))
    return pa.array(found, pa.int64())


def truths(column: Column, name: str, wrong: Wrong) -> Column:
    """Yes or no, as a boolean, as 0 or 1, or in words."""
    kind = column.type
    if pa.types.is_boolean(kind):
        return column
    if pa.types.is_integer(kind):
        column = column.cast(pa.string())
    elif not text_like(kind):
        raise InputError(f"column {name} holds {kind}; it holds yes or no")

    def read(cell: str) -> bool | None:
        try:
            return yes_or_no(cell)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None

    return by_entry(texts(column), read, pa.bool_(), wrong)


def numbers(column: Column, name: str, wrong: Wrong, *, whole: bool = False) -> Column:
    """Numbers, as doubles, or with ``whole`` as whole numbers of 64 bits."""
    kind = column.type
    wanted = pa.int64() if whole else pa.float64()
    if text_like(kind):

        def read(cell: str) -> float | None:
            try:
                return (int(cell) if whole else float(cell)) if cell.strip() else None
            except ValueError:
                raise ValueError(
                    f"{name}: {cut(cell)} is no number; write one such as 17"
                ) from None

        return by_entry(texts(column), read, wanted, wrong)
    try:
        return column.cast(wanted)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        message = f"column {name} holds {kind} where numbers are wanted; write such as 17"
        raise InputError(message) from None


def names(column: Column, name: str, *, whole: bool = False) -> Column:
    """Names as texts or a dictionary of texts; with ``whole`` whole numbers stay numbers."""
    kind = column.type
    if text_like(kind):
        return texts(column)
    if pa.types.is_floating(kind):
        column = _whole(column, name)
    if pa.types.is_null(kind):
        return pa.nulls(len(column), pa.int64() if whole else pa.string())
    if whole and pa.types.is_integer(column.type):
        return column.cast(pa.int64())
    try:
        return column.cast(pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        message = f"column {name} holds {kind}; it holds names, as texts or as whole numbers"
        raise InputError(message) from None


def _whole(column: Column, name: str) -> Column:
    """Whole numbers that pandas made into doubles because one of them was missing."""
    try:
        return pc.if_else(pc.is_nan(column), None, column).cast(pa.int64())
    except pa.ArrowInvalid:
        message = f"column {name} holds fractions; it holds names, as texts or as whole numbers"
        raise InputError(message) from None


def encoded(column: Column) -> Column:
    """Texts as a dictionary where few of them are different; otherwise as they are."""
    if column.type != pa.string() or len(column) == 0:
        return column
    sample = column.slice(0, _SAMPLE)
    if sample.null_count < len(sample) and len(sample.unique()) > 64 + len(sample) // _ALIKE:
        return column
    return column.dictionary_encode()


def lists(column: Column, name: str, wrong: Wrong) -> Column:
    """Lists of names; a text is one, written ``A;B`` or in JSON, and a number one by itself."""
    kind = column.type
    if text_like(kind):
        return by_entry(texts(column), lambda cell: _split(cell, name), NAMES, wrong)
    if not (pa.types.is_list(kind) or pa.types.is_large_list(kind)):
        column = names(column, name)
        kept = column.drop_null()
        ends = pc.cumulative_sum(column.is_valid().cast(pa.int32()))
        starts = pa.concat_arrays([pa.array([0], pa.int32()), ends])
        return pa.ListArray.from_arrays(starts, kept, mask=column.is_null())
    try:
        found = column.cast(NAMES)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        message = f"column {name} holds {kind}; it holds lists of names"
        raise InputError(message) from None
    if found.flatten().null_count:
        why = f"{name}: the list has an empty place; leave out what is empty"
        rows = pc.list_parent_indices(found).filter(found.flatten().is_null())
        for row in rows.to_pylist():
            wrong.setdefault(row, why)
    return found


NAMES: Final = pa.list_(pa.string())


def debts(column: Column, wrong: Wrong, *, whole: bool = False) -> Column:
    """Debts, one name a row where no row has several, otherwise as lists."""
    kind = column.type
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return lists(column, "debts", wrong)
    found = names(column, "debts", whole=whole)
    if not text_like(found.type):
        return found
    entries = found.dictionary if pa.types.is_dictionary(found.type) else found
    several = pc.any(pc.match_substring_regex(entries, _SEVERAL), min_count=0).as_py()
    return lists(found, "debts", wrong) if several else encoded(found)


_SEVERAL: Final = r"[;|,、]|^\["


def _split(cell: str, name: str) -> list[str] | None:
    if cell.startswith("["):
        found = json_of(cell, name)
        if not isinstance(found, list) or not all(isinstance(part, str | int) for part in found):
            raise ValueError(f'{name}: {cut(cell)} is no list of names; write one such as ["A"]')
        return [str(part) for part in found]
    parts = (part.strip() for part in re.split(_SEPARATORS, cell))
    return [part for part in parts if part] or None


def json_of(cell: str, name: str) -> Any:
    """What JSON says; raises ValueError that names the column."""
    try:
        found = json.loads(cell)
        # A value that JSON has no word for, such as NaN, must not reach a report.
        json.dumps(found, allow_nan=False)
    except (ValueError, RecursionError):
        message = f"{name}: {cut(cell)} is no JSON; mend its brackets and quotation marks"
        raise ValueError(message) from None
    return found
