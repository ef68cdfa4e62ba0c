"""Rule set R in C, written for nothing else: how near the hardware an audit can come.

The kernel is not part of this repository. Where a folder of it stands beside the checkout and a C
compiler is installed, it is compiled and run; elsewhere the row is left out, and says so.
"""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from pathlib import Path
from typing import Final

import numpy as np

from parts.audit_data import START, ZONES, Array, Ledger, offsets, read
from parts.measure import refuse
from parts.turns import Run

KERNEL: Final = Path(__file__).parents[2].parent / "shared" / "bench" / "audit" / "kern.c"
_FLAGS: Final = ("-O3", "-march=native", "-fopenmp", "-shared", "-fPIC")
_NEVER: Final = 2**31 - 1
_PLACES: Final = 16  # zones that the kernel's table has room for, with two switches each
# Two to this many debtors are worked on at a time: what was faster where a ledger has a million
# contacts, and where it has ten.
_FEW, _BUCKET_OF_FEW, _BUCKET = 100_000, 12, 10


def missing() -> str | None:
    """Why there is no kernel to run, or none."""
    if not KERNEL.is_file():
        return "its source is not beside this checkout"
    if shutil.which("gcc") is None:
        return "gcc is not installed"
    return None


def partitioned(folder: Path) -> Run:
    """The kernel that puts contacts into groups of debtors first, on one thread."""
    ledger = read(folder)
    kernel, clocks = _compiled(folder), _clocks()
    bucket = _BUCKET_OF_FEW if ledger.persons <= _FEW else _BUCKET
    flags = ledger.third.astype(np.uint8) + 2 * ledger.talk.astype(np.uint8)

    def run() -> Array:
        opted, first, since, until = _facts(ledger)
        mask = np.empty(len(ledger.at), np.uint8)
        debts = int(ledger.debt.max()) + 1
        arrays = (ledger.zone, clocks, opted, first, since, until, mask)
        kernel(
            ctypes.c_long(len(mask)), _at(ledger.at), ctypes.c_long(START), _at(ledger.person),
            _at(ledger.debt), _at(ledger.channel), _at(flags), ctypes.c_long(ledger.persons),
            ctypes.c_long(debts), *map(_at, arrays), ctypes.c_int(1), ctypes.c_int(bucket),
        )  # fmt: skip
        return mask

    return run


def _compiled(folder: Path) -> ctypes._NamedFuncPointer:
    built = folder / "kern.so"
    command = ["gcc", *_FLAGS, str(KERNEL), "-o", str(built)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        refuse(f"gcc could not compile the kernel: {done.stderr.strip()}")
    return ctypes.CDLL(str(built)).audit_part


def _at(array: Array) -> ctypes.c_void_p:
    return array.ctypes.data_as(ctypes.c_void_p)


def _facts(ledger: Ledger) -> tuple[Array, Array, Array, Array]:
    """Earliest opt-outs by person and channel, and each person's disputes behind one another."""
    opted = np.full(ledger.persons * 4, _NEVER, np.int32)
    place = ledger.opted_person.astype(np.int64) * 4 + ledger.opted_channel
    np.minimum.at(opted, place, (ledger.opted_at - START).astype(np.int32))
    order = np.argsort(ledger.stopped_person, kind="stable")
    first = np.zeros(ledger.persons + 1, np.uint32)
    first[1:] = np.cumsum(np.bincount(ledger.stopped_person, minlength=ledger.persons))
    since, until = ledger.stopped_from[order] - START, ledger.stopped_until[order] - START
    return opted, first, since.astype(np.int32), until.astype(np.int32)


def _clocks() -> Array:
    """Zones as the kernel holds them: how many, two switches of each, three offsets of each."""
    switches = np.full((_PLACES, 2), _NEVER, np.int32)
    seconds = np.zeros((_PLACES, 3), np.int32)
    for zone, name in enumerate(ZONES):
        for place, (at, offset) in enumerate(offsets(name)):
            seconds[zone, place:] = offset
            if place:
                switches[zone, place - 1] = at - START
    parts = (np.array([len(ZONES)], np.int32), switches.ravel(), seconds.ravel())
    return np.concatenate(parts)
