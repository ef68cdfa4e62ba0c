"""Arrow columns as small whole numbers: text never enters the loop."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from forbear.batch.jit import compiled
from forbear.batch.layout import Array
from forbear.batch.rows import column_of

_DENSE_MAX: Final = 1 << 22


@dataclass(frozen=True, slots=True)
class Coded:
    """A column by code: -1 is null. ``values`` are the cells by code, None where it is the cell."""

    codes: Array  # whole numbers, of 32 bits where they are cells
    values: Any

    @property
    def size(self) -> int:
        """How many different codes there may be."""
        return int(self.codes.max(initial=-1)) + 1 if self.values is None else len(self.values)

    def text(self, code: int) -> str:
        """The cell of a code, as text."""
        return str(self.cell(code))

    def cell(self, code: int) -> Any:
        """The cell of a code."""
        return code if self.values is None else self.values[code].as_py()


def coded(column: Any) -> Coded:
    """A column by code. Whole numbers that lie close together are their own codes."""
    kind = column.type
    if pa.types.is_integer(kind):
        found = _whole(column)
        if found is not None:
            return found
    if pa.types.is_nested(kind):
        return _listed(column)
    if not pa.types.is_dictionary(kind):
        column = column.dictionary_encode()
    indices = column.indices
    if indices.null_count:
        indices = indices.fill_null(-1)
    codes = indices.to_numpy(zero_copy_only=False)
    values = column.dictionary
    if values.null_count:
        codes = np.where(np.asarray(values.is_null())[codes], -1, codes)
    return Coded(codes, values)


def _whole(column: Any) -> Coded | None:
    if column.null_count or not len(column):
        return None
    numbers = column.to_numpy(zero_copy_only=False)
    if numbers.min() < 0 or numbers.max() > 4 * len(numbers) + 1000:
        return None
    return Coded(numbers.astype(np.int32, copy=False), None)


def _listed(column: Any) -> Coded:
    """Lists, of which there are few different ones: each is told by its names."""
    known: dict[Any, int] = {}
    cells = [None if cell is None else tuple(cell) for cell in column.to_pylist()]
    codes = [-1 if cell is None else known.setdefault(cell, len(known)) for cell in cells]
    return Coded(np.array(codes, np.int32), pa.array([list(cell) for cell in known], column.type))


def code_of(table: Any, name: str) -> Coded | None:
    """A column of a table by code, None where it is absent or says nothing."""
    column = column_of(table, name)
    if column is None or column.null_count == len(column):
        return None
    return coded(column)


def match(names: Any, among: Coded) -> Array:
    """The code of each name, -1 where there is none of it."""
    if among.values is None:
        numbers = pc.cast(names, pa.int64(), safe=False)
        found = numbers.fill_null(-1).to_numpy(zero_copy_only=False)
        return np.where(found < among.size, found, -1).astype(np.int32)
    if pa.types.is_dictionary(names.type):
        names = names.dictionary_decode()
    kind = among.values.type
    found = pc.index_in(names.cast(kind), value_set=among.values)
    return found.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)


@compiled()
def _compact(codes: Array, size: int) -> Any:
    """Codes numbered anew in the order in which they come, and the row of each one's first."""
    table = np.full(size, -1, np.int64)
    number = np.empty(size, np.int32)
    inverse = np.empty(codes.size, np.int32)
    first = np.empty(1024, np.int64)
    known = 0
    within = size - 1
    for i in range(codes.size):
        code = codes[i]
        k = ((code * -7046029254386353131) >> 20) & within
        while table[k] != -1 and table[k] != code:
            k = (k + 1) & within
        if table[k] == -1:
            if 2 * known > size:
                return known, inverse, first[:0]
            if known == first.size:
                longer = np.empty(2 * first.size, np.int64)
                longer[:known] = first
                first = longer
            table[k] = code
            number[k] = known
            first[known] = i
            known += 1
        inverse[i] = number[k]
    return known, inverse, first[:known]


def compact(codes: Array) -> tuple[Array, Array]:
    """Codes (0 or more) numbered anew without gaps (int32), and the row of each one's first."""
    size = 1 << 12
    while True:
        known, inverse, first = _compact(codes, size)
        if len(first) or not len(codes):
            return inverse, first
        size *= 16
        assert known, "there is at least one code"


def joined(parts: list[tuple[Array, int]], rows: int) -> tuple[Array, Array]:
    """Several codes (from -1 on, below their size) as one without gaps; the first row of each."""
    reach = math.prod(size + 1 for _, size in parts)
    few = reach <= _DENSE_MAX
    whole = np.zeros(rows, np.int32 if few else np.int64)
    reach = 1
    for codes, size in parts:
        if reach * (size + 1) >= 1 << 62:
            whole, first = compact(whole)
            whole, reach = whole.astype(np.int64), len(first)
        _mix(whole, codes, size + 1)
        reach *= size + 1
    return _renumbered(whole, reach) if few else compact(whole)


@compiled()
def _mix(whole: Array, codes: Array, size: int) -> None:
    for i in range(whole.size):
        whole[i] = whole[i] * size + codes[i] + 1


@compiled()
def _renumbered(codes: Array, reach: int) -> Any:
    number = np.full(reach, -1, np.int32)
    inverse = np.empty(codes.size, np.int32)
    first = np.empty(reach, np.int64)
    known = 0
    for i in range(codes.size):
        code = codes[i]
        if number[code] < 0:
            number[code] = known
            first[known] = i
            known += 1
        inverse[i] = number[code]
    return inverse, first[:known].copy()


@compiled()
def spanned(codes: Array, at: Array, starts: Array, moments: Array, classes: Array) -> Array:
    """What each row's code says at its instant: the class of the last of its moments by then."""
    found = np.empty(codes.size, np.int32)
    for i in range(codes.size):
        k = starts[codes[i]]
        end = starts[codes[i] + 1] - 1
        while k < end and moments[k + 1] <= at[i]:
            k += 1
        found[i] = classes[k]
    return found


def interned(known: dict[Any, int], key: Hashable) -> int:
    """The number of a key, the same whenever it is asked for."""
    return known.setdefault(key, len(known))


def classed(coded_column: Coded, of: Callable[[Any], Hashable]) -> Coded:
    """A column whose cells are told apart only by what ``of`` says of them."""
    known: dict[Hashable, int] = {}
    size = coded_column.size
    values = coded_column.values
    cells = list(range(size)) if values is None else values.to_pylist()
    told = np.array([interned(known, of(cell)) for cell in cells] or [0], np.int32)
    codes = np.where(coded_column.codes < 0, -1, told[coded_column.codes])
    return Coded(codes.astype(np.int32), pa.array([repr(key) for key in known], pa.string()))
