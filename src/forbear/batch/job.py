"""One audit of whole ledgers, out of core: files in, findings and their summary in a folder.

A job reads its inputs once, sorts them into buckets of whole debtors (on disk, where memory does
not hold them), audits bucket by bucket on several threads, and writes what it finds:

    OUT/summary.json                     written last: totals, packs and hashes, statistics
    OUT/findings/BOOK/part-0000.parquet  the findings of one bucket, after schema.FINDINGS
    OUT/summary/{by_rule,by_clause,by_agent,by_agency,by_day}.parquet
    OUT/errors.parquet                   the rows that could not be read, after findings.ERRORS
    OUT/manifest.json, OUT/.work         what a killed job goes on from

The same job run again goes on where it stopped, and yields the same files as one that was never
killed; a finished one only says so. Whether it is the same is told by its inputs (their sizes,
times and ends), its books (their packs' hashes) and this version of Forbear.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from forbear import __version__
from forbear.base.errors import InputError
from forbear.batch.findings import folder_of, part_path, write_part
from forbear.batch.partition import (
    KINDS,
    Plan,
    Sorted,
    looked_into,
    open_all,
    partition,
    planned,
)
from forbear.batch.schema import Audited, Chunk, Stats
from forbear.batch.source import Source
from forbear.batch.spill import Spilled
from forbear.batch.state import (
    MANIFEST,
    WORK,
    changed,
    clear,
    foreign,
    locked,
    read_json,
    write_json,
    write_whole,
    writing_to,
)
from forbear.batch.summary import combined, counted, totals
from forbear.law.book import Book

MEMORY: Final = 2 << 30
SUMMARY: Final = "summary.json"
ERRORS: Final = "errors.parquet"
_SCHEMA: Final = 1  # of the folder that a job leaves
Engine = Callable[[Sequence[Book], Chunk], list[Audited]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What to audit, by which books, and where to.

    ``contacts``, ``facts`` and ``persons`` are files, folders of Parquet files, or ``-`` for an
    Arrow stream on standard input (contacts only). ``books`` bear the names that their findings
    stand under, such as ``cn@2024-01-01``. ``memory`` bounds, in bytes, what a run holds at a time;
    ``threads`` is None for as many as there are cores. ``engine`` is None for the compiled one.
    With ``anew`` what an earlier run left in ``out`` is removed.
    """

    contacts: Sequence[str]
    out: Path
    books: Mapping[str, Book]
    facts: Sequence[str] = ()
    persons: Sequence[str] = ()
    memory: int = MEMORY
    threads: int | None = None
    engine: Engine | None = None
    anew: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a job has come. ``stage`` is ``reading`` or ``judging``.

    ``contacts`` of ``of`` are through this stage; while texts are read ``of`` is a guess, and None
    where nobody can guess. ``seconds`` have passed since the stage began, and ``before`` were
    through it when it did, in an earlier run.
    """

    stage: str
    contacts: int
    of: int | None
    seconds: float
    before: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a job gave. ``judged`` and ``findings`` count by the name of the book.

    ``contacts`` counts the rows read, in both directions, ``errors`` those that could not be.
    ``resumed`` tells that an earlier run had done a part of it. ``seconds`` are this run's.
    """

    out: Path
    contacts: int
    errors: int
    judged: Mapping[str, int]
    findings: Mapping[str, int]
    stats: Mapping[str, Stats]
    buckets: int
    resumed: bool
    seconds: float
    notes: Sequence[str] = field(default_factory=tuple)


def _silent(_: Progress) -> None:
    """Nobody looks, so nothing is told."""


def run(job: Job, tell: Callable[[Progress], None] = _silent) -> Done:
    """Run a job, or go on with it.

    Raises InputError, in one line, for an input that is missing, cut short or has no known column,
    for a full disk, for a folder that another run writes to, and for one that another job left.
    """
    started = monotonic()
    assert len({folder_of(name) for name in job.books}) == len(job.books) > 0, "a folder a book"
    inputs = {"contacts": job.contacts, "facts": job.facts, "persons": job.persons}
    sources = open_all(inputs)
    own = _identity(job, sources)
    with writing_to(job.out), locked(job.out):
        kept = None if job.anew else read_json(job.out / MANIFEST)
        if kept is None:
            if not job.anew and (held := foreign(job.out)):
                raise InputError(
                    f"{job.out}: it holds {held}, but no audit that could go on; name another "
                    "folder, or run with --anew, which removes it"
                )
            clear(job.out)
        elif why := changed(kept, own):
            raise InputError(
                f"{job.out}: {why}; run with --anew to begin again, or name another folder"
            )
        run = _Run(job, sources, own, tell)
        summary = None if kept is None else read_json(job.out / SUMMARY)
        resumed = kept is not None
        if summary is None:
            summary = run.through(kept)
        shutil.rmtree(job.out / WORK, ignore_errors=True)
        return _done(job, summary, resumed=resumed, seconds=monotonic() - started)


def _identity(job: Job, sources: Mapping[str, Sequence[Source]]) -> dict[str, Any]:
    """What makes a job the same one: its inputs, its books and this version."""
    return {
        "schema": _SCHEMA,
        "forbear": __version__,
        "books": {name: dict(book.hashes) for name, book in job.books.items()},
        "inputs": [
            {"kind": kind, "name": source.name, "mark": source.mark}
            for kind, found in sources.items()
            for source in found
        ],
    }


class _Run:
    """One run of a job on a folder that it has for itself."""

    def __init__(
        self,
        job: Job,
        sources: Mapping[str, Sequence[Source]],
        own: dict[str, Any],
        tell: Callable[[Progress], None],
    ) -> None:
        self.job = job
        self.sources = sources
        self.own = own
        self.tell = tell
        self.work = job.out / WORK
        self.threads = job.threads or os.cpu_count() or 1

    def through(self, kept: dict[str, Any] | None) -> dict[str, Any]:
        """Every stage that is not done yet; returns the summary, which is written last."""
        plan = None if kept is None else kept.get("plan")
        read = None if kept is None else kept.get("read")
        if plan is not None and read is not None and plan["disk"]:
            found = self._kept(Plan(**plan), read)
        else:
            found = self._read(None if plan is None else Plan(**plan))
        self._judge(found)
        return self._conclude(found)

    # ── reading ──

    def _kept(self, plan: Plan, read: Mapping[str, Any]) -> Sorted:
        stores = {kind.name: Spilled(kind.name, self.work) for kind in KINDS}
        return Sorted(plan=plan, stores=stores, **read)

    def _read(self, plan: Plan | None) -> Sorted:
        """Read the inputs into buckets. How many there are was settled by the first run."""
        for path in self.work.glob("*.arrow"):
            path.unlink()
        self.work.mkdir(parents=True, exist_ok=True)
        if plan is None:
            contacts = looked_into(self.sources["contacts"], self.job.memory)
            self.sources = {**self.sources, "contacts": contacts}
            plan = planned(contacts, self.job.memory, self.threads)
            write_json(self.job.out / MANIFEST, {**self.own, "plan": asdict(plan)})
        part = self.work / ERRORS
        began, rows = monotonic(), plan.rows

        def tell(contacts: int, of: int | None) -> None:
            passed = monotonic() - began
            self.tell(Progress(stage="reading", contacts=contacts, of=of, seconds=passed))

        found = partition(
            self.sources,
            plan,
            work=self.work,
            errors=part,
            threads=self.threads,
            tell=lambda contacts: tell(contacts, None if rows is None else max(rows, contacts)),
        )
        tell(found.contacts, found.contacts)
        write_whole(self.job.out / ERRORS, lambda path: _moved(part, path))
        told = {
            "rows": found.rows,
            "contacts": found.contacts,
            "errors": found.errors,
            "notes": found.notes,
        }
        write_json(self.job.out / MANIFEST, {**self.own, "plan": asdict(plan), "read": told})
        pa.default_memory_pool().release_unused()
        return found

    # ── judging ──

    def _judge(self, found: Sorted) -> None:
        """Judge every bucket that no earlier run has judged, on several threads."""
        rows = found.rows["contacts"]
        left = [n for n in range(found.plan.buckets) if read_json(self._mark(n)) is None]
        engine = self.job.engine or _compiled()
        began, before, through = monotonic(), sum(rows) - sum(rows[n] for n in left), 0

        def tell() -> None:
            self.tell(
                Progress(
                    stage="judging",
                    contacts=before + through,
                    of=sum(rows),
                    seconds=monotonic() - began,
                    before=before,
                )
            )

        # A bucket may take a while, and until the first is through nothing else is heard.
        tell()
        with ThreadPoolExecutor(self.threads, thread_name_prefix="judge") as pool:
            running = {pool.submit(self._bucket, found, n, engine): n for n in left}
            try:
                for future in as_completed(running):
                    future.result()
                    through += rows[running[future]]
                    tell()
            except BaseException:
                pool.shutdown(wait=True, cancel_futures=True)
                raise

    def _mark(self, bucket: int) -> Path:
        return self.work / f"done-{bucket:04}.json"

    def _counts(self, bucket: int) -> Path:
        return self.work / f"counts-{bucket:04}.parquet"

    def _bucket(self, found: Sorted, bucket: int, engine: Engine) -> None:
        """Judge one bucket; its mark is written when all its files are on disk."""
        books = self.job.books
        counts, told = [], {}
        if found.rows["contacts"][bucket]:
            audited = engine(list(books.values()), found.chunk(bucket))
            for (name, book), answer in zip(books.items(), audited, strict=True):
                path = part_path(self.job.out, name, bucket)
                size = write_part(path, answer.findings, name, book.hashes)
                counts.append(counted(name, answer.findings, book.zone))
                told[name] = {"size": size, **_told(answer)}
        if counts:
            table = pa.concat_tables(counts)
            write_whole(self._counts(bucket), partial(pq.write_table, table))
        write_json(self._mark(bucket), {"books": told})
        found.drop(bucket)

    # ── and the end ──

    def _conclude(self, found: Sorted) -> dict[str, Any]:
        """Add up what the buckets gave, and write the summary, which ends the job."""
        buckets = range(found.plan.buckets)
        marks = [(read_json(self._mark(n)) or {"books": {}})["books"] for n in buckets]
        for bucket, told in enumerate(marks):
            for name, each in told.items():
                self._still_there(part_path(self.job.out, name, bucket), each["size"])
        counts = [
            pq.read_table(self._counts(n)) for n, told in zip(buckets, marks, strict=True) if told
        ]
        tables = combined(counts)
        for name, table in tables.items():
            path = self.job.out / "summary" / f"{name}.parquet"
            write_whole(path, partial(pq.write_table, table))
        summary = {
            **self.own,
            "contacts": found.contacts,
            "errors": found.errors,
            "notes": found.notes,
            "buckets": found.plan.buckets,
            "books": {
                name: {
                    "packs": dict(book.hashes),
                    **totals(tables, name),
                    **_added([told[name] for told in marks if told]),
                }
                for name, book in self.job.books.items()
            },
        }
        write_json(self.job.out / SUMMARY, summary)
        return summary

    def _still_there(self, path: Path, size: int) -> None:
        if not path.is_file() or path.stat().st_size != size:
            raise InputError(f"{path}: it was changed or removed meanwhile; start anew (--anew)")


def _compiled() -> Engine:
    """The compiled engine, which takes a moment to load."""
    from forbear.batch.compiled import audit_chunk  # noqa: PLC0415 - not before inputs are opened

    return audit_chunk


def _moved(part: Path, path: Path) -> None:
    part.replace(path)


def _told(answer: Audited) -> dict[str, Any]:
    return {
        "judged": answer.judged,
        "not_shown": answer.not_shown.to_pylist(),
        "stats": asdict(answer.stats),
    }


def _added(told: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The answers of all buckets before one book as one."""
    stats = Stats()
    not_shown: dict[tuple[str, str], int] = {}
    for each in told:
        stats.add(Stats(**each["stats"]))
        for none in each["not_shown"]:
            key = none["rule"], none["clause"]
            not_shown[key] = not_shown.get(key, 0) + none["contacts"]
    return {
        "judged": sum(each["judged"] for each in told),
        "not_shown": [
            {"rule": rule, "clause": clause, "contacts": contacts}
            for (rule, clause), contacts in sorted(not_shown.items())
        ],
        "stats": asdict(stats),
    }


def _done(job: Job, summary: Mapping[str, Any], *, resumed: bool, seconds: float) -> Done:
    books = summary["books"]
    return Done(
        out=job.out,
        contacts=summary["contacts"],
        errors=summary["errors"],
        judged={name: told["judged"] for name, told in books.items()},
        findings={name: told["findings"] for name, told in books.items()},
        stats={name: Stats(**told["stats"]) for name, told in books.items()},
        buckets=summary["buckets"],
        resumed=resumed,
        seconds=seconds,
        notes=tuple(summary["notes"]),
    )
