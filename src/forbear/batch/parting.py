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
    """Contacts of one bucket of debtors beside each other; layout decides, not the language."""
    rows = at.size
    made = Parted(
        np.zeros((debtors >> LOW_BITS) + 2, np.int64),
        room("at", rows, np.int64),
        room("debtor", rows, np.int32),
        room("shape", rows, np.int32),
        room("debt", rows, np.int32),
        room("row", rows, np.int32),
    )
    _part(at, debtor, shape, debt, made)
    return made


@_compiled
def _part(at: Array, debtor: Array, shape: Array, debt: Array, made: Parted) -> None:
    # Each start first serves as the place of the next contact of the bucket before it.
    start = made.start
    for i in range(at.size):
        start[(debtor[i] >> LOW_BITS) + 1] += 1
    for b in range(1, start.size):
        start[b] += start[b - 1]
    for b in range(start.size - 1, 0, -1):
        start[b] = start[b - 1]
    for i in range(at.size):
        b = (debtor[i] >> LOW_BITS) + 1
        k = start[b]
        start[b] = k + 1
        made.at[k] = at[i]
        made.debtor[k] = debtor[i]
        made.shape[k] = shape[i]
        made.debt[k] = debt[i]
        made.row[k] = i


@_compiled
def merged(parted: Parted, debtor: Array, found: Array, mask: Array) -> None:
    """Put what was found of each place in ``parted`` back into the order of rows."""
    # Each start is the place of the next contact of its bucket, and in the end that of the next.
    start = parted.start
    for i in range(debtor.size):
        b = debtor[i] >> LOW_BITS
        mask[i] = found[start[b]]
        start[b] += 1
    for b in range(start.size - 1, 0, -1):
        start[b] = start[b - 1]
    start[0] = 0


@compiled()
def ties(parted: Parted, seq: Array) -> Any:
    """Contacts of one debtor in one second that nothing numbers: places in ``parted``, and groups.

    The places of a group rise, and groups may lie between one another.
    """
    numbered = seq.size > 0
    places = np.empty(parted.at.size, np.int64)
    groups = np.empty(parted.at.size, np.int64)
    size, known = 0, 0
    last = np.empty(LOW, np.int64)
    group = np.empty(LOW, np.int64)
    for b in range(parted.start.size - 1):
        last[:] = -1
        for k in range(parted.start[b], parted.start[b + 1]):
            d = parted.debtor[k] & (LOW - 1)
            before = last[d]
            last[d] = k
            tied = before >= 0 and parted.at[before] == parted.at[k]
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
