"""Long runs in turn: each engine in a process of its own, which waits until it is told to run.

A process of its own keeps what one engine holds out of the memory and the processor time of the
next. Every engine first answers a small question, which loads and compiles what it needs; that run
is compared but not timed. Where two answers differ, nothing is compared and the run ends.
"""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import resource
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import md5
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any, NoReturn

from parts.measure import NOISE, refuse

Run = Callable[[], Any]
"""Answers the whole question once."""

_PATIENCE_S = 30.0
_MIB = 1 << 20


def _as_it_is(answer: Any) -> Any:
    return answer


@dataclass(frozen=True, kw_only=True)
class Contender:
    """One engine. ``load`` reads a folder into the engine's own tables, outside what is timed.

    ``read`` turns an answer into the array that must be the same for all engines, and ``notes``
    into numbers that are told beside the times; neither is timed. All of them must be functions
    that a fresh process can import by their names.
    """

    name: str
    load: Callable[[Path], Run]
    read: Callable[[Any], Any] = _as_it_is
    notes: Callable[[Any], dict[str, float]] | None = None


@dataclass(frozen=True, kw_only=True)
class Lap:
    """One run: seconds by the clock and of the processor, and the most bytes held meanwhile."""

    wall: float
    cpu: float
    peak: int
    checksum: str = ""
    notes: dict[str, float] = field(default_factory=dict)


@dataclass(kw_only=True)
class Timed:
    """All runs of one engine over the same data.

    ``empty`` is the resident memory, in bytes, of the process that has everything loaded but the
    data, and ``full`` that with the engine's own tables.
    """

    name: str
    checksum: str
    empty: int
    full: int
    notes: dict[str, float] = field(default_factory=dict)
    laps: list[Lap] = field(default_factory=list)

    @property
    def wall(self) -> float:
        """Median seconds by the clock."""
        return median(lap.wall for lap in self.laps)

    @property
    def cpu(self) -> float:
        """Median seconds of processor time, of all threads together."""
        return median(lap.cpu for lap in self.laps)

    @property
    def peak(self) -> int:
        """Bytes held at most by data and work: the peak of all runs, less the empty process."""
        return max(lap.peak for lap in self.laps) - self.empty


def resident(key: str = "VmRSS") -> int:
    """Bytes of this process in memory now, or ``VmHWM`` at most since the mark was set."""
    status = Path("/proc/self/status")
    if status.is_file():
        line = next(x for x in status.read_text().splitlines() if x.startswith(key))
        return int(line.split()[1]) * 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def mark_memory() -> None:
    """Set the mark of the highest memory to what is held now, where the system can do that."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return


def give_back_memory() -> None:
    """Return what is free to the system, so that the next reading means what is held."""
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)


def checksum(answer: Any) -> str:
    """The MD5 of an array's bytes, by which answers are compared."""
    return md5(answer.tobytes(), usedforsecurity=False).hexdigest()


def lap(contender: Contender, run: Run) -> Lap:
    """Run once and take its measure."""
    mark_memory()
    cpu, wall = process_time(), perf_counter()
    answer = run()
    wall, cpu = perf_counter() - wall, process_time() - cpu
    peak = resident("VmHWM")
    return Lap(
        wall=wall,
        cpu=cpu,
        peak=peak,
        checksum=checksum(contender.read(answer)),
        notes=contender.notes(answer) if contender.notes else {},
    )


def _serve(pipe: Connection, contender: Contender, small: Path, whole: Path) -> None:
    """The life of an engine's process: warm up, load, and run whenever it is told to.

    Nobody listens any more where the pipe is closed, so there is nothing to say then.
    """
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):
        try:
            small_sum = lap(contender, contender.load(small)).checksum
            give_back_memory()
            empty = resident()
            run = contender.load(whole)
            give_back_memory()
            pipe.send(("ready", small_sum, empty, resident()))
        except Exception:  # noqa: BLE001 - whatever it is, it is told to the process that waits
            pipe.send(("failed", traceback.format_exc(limit=-3)))
            return
        while pipe.recv():
            try:
                said: Any = lap(contender, run)
            except Exception:  # noqa: BLE001 - as above
                said = ("failed", traceback.format_exc(limit=-3))
            pipe.send(said)


@dataclass(kw_only=True)
class _Seat:
    contender: Contender
    process: Any
    pipe: Connection

    def hear(self) -> Any:
        """What the process says next; refuses where it failed or died."""
        try:
            said = self.pipe.recv()
        except EOFError:
            self.process.join(_PATIENCE_S)
            refuse(f"{self.contender.name} ended with {self.process.exitcode}")
        if isinstance(said, tuple) and said[0] == "failed":
            refuse(f"{self.contender.name} failed:\n{said[1]}")
        return said


@contextmanager
def _seat(contender: Contender, small: Path, whole: Path) -> Iterator[_Seat]:
    spawn = multiprocessing.get_context("spawn")
    mine, theirs = spawn.Pipe()
    process = spawn.Process(target=_serve, args=(theirs, contender, small, whole), daemon=True)
    process.start()
    theirs.close()
    try:
        yield _Seat(contender=contender, process=process, pipe=mine)
    finally:
        mine.close()
        process.join(0 if sys.exc_info()[0] else _PATIENCE_S)
        if process.is_alive():
            process.kill()
            process.join()


def in_turn(
    contenders: Sequence[Contender],
    *,
    small: Path,
    whole: Path,
    rounds: int,
    patience: float,
    small_right: tuple[str, str] | None = None,
) -> list[Timed]:
    """Run each engine once in each round, one after the other.

    An engine whose run took longer than ``patience`` seconds is run no second time. Refuses to go
    on where two engines answer the small or the whole question differently; ``small_right`` is who
    answered the small one already, and its checksum.
    """
    with ExitStack() as stack:
        seats = []
        found: list[Timed] = []
        for contender in contenders:
            seat = stack.enter_context(_seat(contender, small, whole))
            _, small_sum, empty, full = seat.hear()
            seats.append(seat)
            found.append(Timed(name=contender.name, checksum=small_sum, empty=empty, full=full))
        small_sums = [(timed.name, timed.checksum) for timed in found]
        compare(([small_right] if small_right else []) + small_sums, "the small question")
        for _ in range(rounds):
            for seat, timed in zip(seats, found, strict=True):
                if any(lap.wall > patience for lap in timed.laps):
                    continue
                NOISE.feel()
                seat.pipe.send(True)  # noqa: FBT003 - anything that is true
                timed.laps.append(seat.hear())
            compare([(timed.name, timed.laps[-1].checksum) for timed in found], "the question")
        for seat, timed in zip(seats, found, strict=True):
            seat.pipe.send(False)  # noqa: FBT003 - the end of its loop
            timed.checksum, timed.notes = timed.laps[0].checksum, timed.laps[0].notes
    return found


def compare(sums: Sequence[tuple[str, str]], what: str) -> None:
    """Refuse to go on where two engines' checksums differ."""
    name, right = sums[0]
    for other, found in sums[1:]:
        if found != right:
            _differ(what, (name, right), (other, found))


def _differ(what: str, one: tuple[str, str], other: tuple[str, str]) -> NoReturn:
    refuse(
        f"{other[0]} and {one[0]} answer {what} differently, so they are not compared: "
        f"md5 {other[1][:8]} and {one[1][:8]}"
    )


def mib(size: float) -> float:
    """Bytes as MiB."""
    return size / _MIB
