"""One audit of whole ledgers, out of core: files in, findings and their summary in a folder.

A job reads its inputs once, sorts them into buckets of whole debtors (on disk, where memory does
not hold them), audits bucket by bucket on several threads, and writes what it finds:

    OUT/summary.json                     written last: totals, packs and hashes, statistics
    OUT/findings/BOOK/part-0000.parquet  the findings of one bucket, after schema.FINDINGS
    OUT/summary/{by_rule,by_agent,by_agency,by_day}.parquet
    OUT/errors.parquet                   the rows that could not be read, after source.ERRORS
    OUT/manifest.json, OUT/.work         what a killed job goes on from

The same job run again goes on where it stopped, and yields the same files as one that was never
killed; a finished one only says so. Whether it is the same is told by its inputs (their sizes,
times and ends), its books (their packs' hashes) and this version of Forbear.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from forbear.batch.schema import Audited, Chunk, Stats
from forbear.law.book import Book

MEMORY: Final = 2 << 30
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

    ``contacts`` of ``of`` are through this stage, ``of`` None where nobody knows; ``seconds`` have
    passed since the stage began, and ``before`` were through it when it did, in an earlier run.
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
    raise NotImplementedError
