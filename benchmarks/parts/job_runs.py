"""One job of the batch in a process of its own, watched from outside: memory, disk, time."""

from __future__ import annotations

import multiprocessing
import os
import resource
import time
import traceback
from collections.abc import Iterable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event, Thread
from typing import Any, Final

from forbear.batch import plain
from forbear.batch.job import Job, Progress, run
from forbear.law.book import load
from parts.measure import refuse

_EVERY_S: Final = 0.1


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is audited by which pack, where to, and within how many bytes of memory."""

    ledger: Path
    out: Path
    pack: str
    memory: int
    in_plain: bool = False


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a job took. Bytes, seconds; ``peak`` is that of the process and its children."""

    contacts: int
    judged: int
    findings: int
    errors: int
    buckets: int
    plain_debtors: int
    debtors: int
    wall: float
    cpu: float
    stages: dict[str, float]
    peak: int = 0
    disk: int = 0
    kept: int = 0


@dataclass
class _Watch:
    """Looks at a process, its children and a folder until it is told to stop."""

    pid: int
    folder: Path
    peak: int = 0
    disk: int = 0
    stop: Event = field(default_factory=Event)

    def __call__(self) -> None:
        while not self.stop.wait(_EVERY_S):
            self.look()

    def look(self) -> None:
        """Look once; what ends in between counts as nothing."""
        held = [_status(pid) for pid in _tree(self.pid)]
        together = sum(rss for rss, _ in held)
        alone = max((most for _, most in held), default=0)
        self.peak = max(self.peak, together, alone)
        self.disk = max(self.disk, used(self.folder))


def _tree(pid: int) -> Iterable[int]:
    yield pid
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text(encoding="ascii").split():
                yield from _tree(int(child))
    except OSError:
        return


def _status(pid: int) -> tuple[int, int]:
    """Bytes that a process holds, and the most that it has held."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0, 0
    said = dict(line.split(":", 1) for line in lines if line.startswith("Vm"))
    held, most = (int(said.get(key, "0 kB").split()[0]) for key in ("VmRSS", "VmHWM"))
    return held * 1024, most * 1024


def used(folder: Path) -> int:
    """Bytes of disk that a folder takes."""
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(parent) / name).stat().st_blocks * 512
            except OSError:
                continue
    return total


def watched(asked: Asked) -> Told:
    """Run a job and watch it; refuses where it fails."""
    spawn = multiprocessing.get_context("spawn")
    mine, theirs = spawn.Pipe()
    process = spawn.Process(target=_job, args=(theirs, asked))
    process.start()
    theirs.close()
    watch = _Watch(process.pid or 0, asked.out)
    watcher = Thread(target=watch)
    watcher.start()
    try:
        said: Any = mine.recv()
        watch.look()
        mine.send("seen")
    except EOFError:
        said = "its process died"
    finally:
        watch.stop.set()
        watcher.join()
        process.join()
    if isinstance(said, str):
        refuse(f"the job failed: {said}")
    return Told(**said, peak=watch.peak, disk=watch.disk, kept=used(asked.out))


def _job(pipe: Connection, asked: Asked) -> None:
    try:
        pipe.send(_run(asked))
        pipe.recv()
    except Exception:  # noqa: BLE001 - whatever it is, it is told to the process that waits
        pipe.send(traceback.format_exc(limit=-2))


def _run(asked: Asked) -> dict[str, Any]:
    stages: dict[str, float] = {}

    def tell(progress: Progress) -> None:
        stages[progress.stage] = progress.seconds

    book, name = load([asked.pack]), Path(asked.pack).name
    start = time.perf_counter()
    done = run(
        Job(
            contacts=[str(asked.ledger / "contacts.parquet")],
            facts=[str(asked.ledger / "facts.parquet")],
            persons=[str(asked.ledger / "persons.parquet")],
            out=asked.out,
            books={name: book},
            memory=asked.memory,
            engine=plain.audit_chunk if asked.in_plain else None,
        ),
        tell,
    )
    wall = time.perf_counter() - start
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return {
        "contacts": done.contacts,
        "judged": done.judged[name],
        "findings": done.findings[name],
        "errors": done.errors,
        "buckets": done.buckets,
        "plain_debtors": done.stats[name].plain_debtors,
        "debtors": done.stats[name].debtors,
        "wall": wall,
        "cpu": sum(each.ru_utime + each.ru_stime for each in spent),
        "stages": stages,
    }
