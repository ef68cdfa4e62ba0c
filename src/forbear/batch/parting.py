"""Contacts of one bucket of debtors beside each other; layout decides, not the language."""

from __future__ import annotations

import threading
from typing import Any, Final

import numpy as np

from forbear.batch.jit import compiled
from forbear.batch.layout import LOW, LOW_BITS, Array, Parted

_SMALL: Final = 1 << 22
_compiled = compiled(counted=False)
_arena = threading.local()


def room(name: str, size: int, kind: Any) -> Array:
    """An array of so many elements, whatever is in them.

    Each thread keeps its memory for the next chunk: to have fresh pages costs as much as to judge.
    """
    kept: Array | None = getattr(_arena, name, None)
    if kept is None or kept.size < size:
        # Half as much again, so that chunks that grow a little need no new one.
        kept = np.empty(size + size // 2 if size < _SMALL else size, kind)
        setattr(_arena, name, kept)
    return kept[:size]


def part(at: Array, debtor: Array, shape: Array, debt: Array, debtors: int) -> Parted:
    """Contacts of one bucket of debtors beside each other; layout decides, not the language.

    Rows are not numbered yet.
    """
    start = np.zeros((debtors >> LOW_BITS) + 2, np.int64)
    record = room("record", 2 * at.size, np.int64).reshape(-1, 2)
    made = Parted(start, record, np.empty(0, np.int32))
    _part(at, debtor, shape, debt, made)
    return made


def numbered(parted: Parted, debtor: Array) -> Parted:
    """The same with the row of each place."""
    made = parted._replace(row=room("row", debtor.size, np.int32))
    _number(made, debtor)
    return made


@_compiled
def _rewind(start: Array) -> None:
    """Give each bucket its own start back, where those of the next ones stand."""
    for b in range(start.size - 1, 0, -1):
        start[b] = start[b - 1]
    start[0] = 0


@_compiled
def _part(at: Array, debtor: Array, shape: Array, debt: Array, made: Parted) -> None:
    start, record = made.start, made.record
    for i in range(at.size):
        start[(debtor[i] >> LOW_BITS) + 1] += 1
    for b in range(1, start.size):
        start[b] += start[b - 1]
    # Each start is the place of the next contact of its bucket, and in the end that of the next.
    for i in range(at.size):
        b = debtor[i] >> LOW_BITS
        k = start[b]
        start[b] = k + 1
        record[k, 0] = at[i]
        record[k, 1] = (debt[i] << 32) | (shape[i] << LOW_BITS) | (debtor[i] & (LOW - 1))
    _rewind(start)


@_compiled
def _number(parted: Parted, debtor: Array) -> None:
    for i in range(debtor.size):
        b = debtor[i] >> LOW_BITS
        parted.row[parted.start[b]] = i
        parted.start[b] += 1
    _rewind(parted.start)


@_compiled
def merged(parted: Parted, debtor: Array, found: Array, mask: Array) -> None:
    """Put what was found of each place in ``parted`` back into the order of rows."""
    for i in range(debtor.size):
        b = debtor[i] >> LOW_BITS
        mask[i] = found[parted.start[b]]
        parted.start[b] += 1
    _rewind(parted.start)


@compiled()
def ties(parted: Parted, seq: Array) -> Any:
    """Contacts of one debtor in one second that nothing numbers: places in ``parted``, and groups.

    The places of a group rise, and groups may lie between one another.
    """
    numbered = seq.size > 0
    places = np.empty(len(parted.record), np.int64)
    groups = np.empty(len(parted.record), np.int64)
    size, known = 0, 0
    last = np.empty(LOW, np.int64)
    group = np.empty(LOW, np.int64)
    for b in range(parted.start.size - 1):
        last[:] = -1
        for k in range(parted.start[b], parted.start[b + 1]):
            d = parted.record[k, 1] & (LOW - 1)
            before = last[d]
            last[d] = k
            tied = before >= 0 and parted.record[before, 0] == parted.record[k, 0]
            if tied and numbered:
                tied = seq[parted.row[before]] == seq[parted.row[k]]
            if not tied:
                group[d] = -1
                continue
            if group[d] < 0:
                group[d] = known
                known += 1
                places[size], groups[size] = before, group[d]
                size += 1
            places[size], groups[size] = k, group[d]
            size += 1
    return places[:size], groups[:size]
