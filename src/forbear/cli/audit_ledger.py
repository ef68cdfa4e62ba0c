"""One run of a whole ledger's audit: the job is run and watched, and what it gave is told."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from forbear.base.errors import InputError
from forbear.base.words import FactKind
from forbear.batch.compare import compare_files
from forbear.batch.findings import FOLDER, folder_of
from forbear.batch.job import ERRORS, MEMORY, SUMMARY, Done, Job, Progress
from forbear.batch.job import run as run_job
from forbear.batch.state import read_json, write_json, writing_to
from forbear.cli.audit_batch import STREAM
from forbear.cli.audit_compared import Compared, compared_data
from forbear.cli.audit_ledger_page import Broken, Told, ledger_data, ledger_page
from forbear.cli.audit_progress import Bar
from forbear.cli.audit_versions import Version
from forbear.cli.law_cases import language_of
from forbear.cli.law_page import Page
from forbear.law.book import Book, load

_NAME_MAX: Final = 80
_WRONG_SHOWN: Final = 3
_BEFORE_ANY_LEDGER: Final = "1900-01-01T00:00:00Z"
_STOPPED: Final = 130  # as `forbear` leaves when it is stopped from the keyboard
COMPARISON: Final = "comparison"


def run(args: argparse.Namespace, law: Sequence[Version]) -> int:
    """Judge the ledgers by each version of the law. 1: some rows are error rows; 130: stopped.

    Raises InputError where nothing could be judged.
    """
    lender = {"lender_type": args.lender_type, "product": args.product}
    said = {key: value for key, value in lender.items() if value is not None}
    books = [of_lender(load(version.packs, as_of=args.as_of), said) for version in law]
    # Another lender is another audit, so that its findings stand under another name.
    named = dict(zip(names_of(books, "".join(f".{v}" for v in said.values())), books, strict=True))
    page = Page(args.lang or language_of(books[0]))
    bar = Bar(page.voice)
    finished = not args.anew and (args.output / SUMMARY).exists()
    try:
        done = run_job(_job(args, named), bar)
        _forget(done.out)
        compared = _compare(done, law, named, bar) if len(law) > 1 else None
    except KeyboardInterrupt:
        bar.end()
        how = "a stream comes once only, so begin again with --anew"
        if STREAM not in map(str, args.logs):
            how = "the same command goes on from here"
        print(f"forbear: stopped; {how}", file=sys.stderr)
        return _STOPPED
    finally:
        bar.end()
    if done.errors and not done.contacts:
        first = _wrong(done.out)[0]
        place = f"line {first['line']:,}" if first["line"] else f"row {first['row']:,}"
        message = f"no row could be read, {done.errors:,} in all; {first['file']}, {place}: "
        raise InputError(message + first["why"])
    told = Told(
        done=done,
        books=named,
        broken={name: broken_in(done.out, name) for name in named},
        not_shown=_not_shown(done.out),
        wrong=_wrong(done.out) if done.errors else (),
        finished=finished,
        compared=compared,
        show_stats=args.stats,
    )
    if args.format == "json":
        print(json.dumps(ledger_data(told), ensure_ascii=False))
    else:
        ledger_page(page, told)
        print(page.text(), end="")
    return 1 if done.errors else 0


def _job(args: argparse.Namespace, named: Mapping[str, Book]) -> Job:
    return Job(
        contacts=[str(path) for path in args.logs],
        out=args.output,
        books=named,
        facts=args.facts,
        persons=args.persons,
        memory=args.memory or MEMORY,
        threads=args.workers,
        anew=args.anew,
    )


def broken_in(out: Path, book: str) -> list[Broken]:
    """The rules that contacts broke before a book, the most broken first."""
    path = out / "summary" / "by_rule.parquet"
    try:
        rows = pq.read_table(path, filters=[("book", "=", book)], partitioning=None).to_pylist()
    except (OSError, pa.ArrowInvalid) as error:
        raise _unreadable(path, error) from error
    return [
        Broken(
            rule=row["rule"],
            clause=row["clause"],
            level=row["level"],
            effect=row["effect"],
            breached=row["breached"],
            attempted=row["findings"] - row["breached"],
        )
        for row in rows
    ]


def _not_shown(out: Path) -> dict[str, Any]:
    """For each book, the rules that the ledger cannot show kept or broken."""
    told = read_json(out / SUMMARY)
    assert told is not None, "a job that is done has written its summary"
    return {name: book["not_shown"] for name, book in told["books"].items()}


def _wrong(out: Path) -> list[dict[str, Any]]:
    """The first rows that could not be read; there may be as many as contacts."""
    path = out / ERRORS
    try:
        with pq.ParquetFile(path) as file:
            batches = file.iter_batches(batch_size=_WRONG_SHOWN)
            return list(next(batches).to_pylist())
    except (OSError, pa.ArrowInvalid) as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: BaseException) -> InputError:
    said = str(error).partition("\n")[0]
    return InputError(f"{path}: it cannot be read ({said}); start anew (--anew)")


def of_lender(book: Book, said: Mapping[str, str]) -> Book:
    """The book where ``said`` is so of every lender of whom no fact says what it is.

    What is not said stays as the packs assume it, as in the audit of a log.
    """
    if not said:
        return book
    kind = str(FactKind.LENDER_PROFILE)
    assumed = [pack.audit_defaults.get("facts", ()) for pack in book.packs]
    values = [table.get("value", {}) for own in assumed for table in own if table["kind"] == kind]
    value = {**(values[0] if values else {}), **said}
    lender = {"kind": kind, "since": _BEFORE_ANY_LEDGER, "value": value}
    facts = [[table for table in own if table["kind"] != kind] for own in assumed]
    facts[0].append(lender)
    packs = (
        replace(pack, audit_defaults={**pack.audit_defaults, "facts": own})
        for pack, own in zip(book.packs, facts, strict=True)
    )
    # What a book keeps of its answers holds for the lender that it was asked about.
    return replace(book, packs=tuple(packs), _kept={}, _sets={}, _numbers={}, settled={})


def names_of(books: Sequence[Book], lender: str = "") -> list[str]:
    """What the findings of each book stand under: its packs with their dates, fit for a folder."""
    names: list[str] = []
    for book in books:
        plain = folder_of("+".join(book.hashes)).lstrip(".")[:_NAME_MAX] or "law"
        plain += lender
        # Two versions of a pack may bear one name, where one is a folder that changes the other.
        alike = sum(name == plain or name.startswith(f"{plain}.") for name in names)
        names.append(f"{plain}.{alike + 1}" if alike else plain)
    return names


def _compare(done: Done, law: Sequence[Version], named: Mapping[str, Book], bar: Bar) -> Compared:
    """Set each later version beside the first, and write what changes."""
    first, *others = named
    tallies = []
    for number, other in enumerate(others):
        tell = _compared(done, bar, number=number, of=len(others))
        out = done.out / COMPARISON / f"{folder_of(other)}.parquet"
        before, after = (done.out / FOLDER / folder_of(name) for name in (first, other))
        tallies.append(compare_files(before, after, out, tell))
    compared = Compared(
        versions=law,
        books=list(named.values()),
        contacts=done.judged[first],
        tallies=tallies,
    )
    with writing_to(done.out):
        write_json(done.out / f"{COMPARISON}.json", compared_data(compared))
    return compared


def _compared(done: Done, bar: Bar, *, number: int, of: int) -> Callable[[int], None]:
    """What to tell of so many buckets of the comparison with this ``number`` of so many."""
    began = monotonic()

    def tell(buckets: int) -> None:
        whole = max(1, of * done.buckets)
        far = done.contacts * (number * done.buckets + buckets) // whole
        before = done.contacts * number // of
        seconds = monotonic() - began
        bar(Progress(
            stage="comparing", contacts=far, of=done.contacts, seconds=seconds, before=before
        ))  # fmt: skip

    return tell


def _forget(out: Path) -> None:
    """Remove the comparison that an earlier run left, which may be of other versions."""
    with writing_to(out):
        shutil.rmtree(out / COMPARISON, ignore_errors=True)
        (out / f"{COMPARISON}.json").unlink(missing_ok=True)
