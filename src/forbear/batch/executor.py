"""What an executor of a cluster does: it judges one partition of whole debtors as one chunk.

A row comes as a struct of its kind, beside the structs of the other kinds, which are null. A pack
is named where it comes with Forbear and travels as bytes where it is a folder; either way its hash
must be the one that the driver read, so that every machine judges by one law.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from forbear import __version__
from forbear.base.errors import InputError
from forbear.batch.delimited import Loaded
from forbear.batch.job import Engine
from forbear.batch.partition import KINDS, Plan, Sorted
from forbear.batch.schema import FINDINGS, Audited, Table
from forbear.batch.spill import Held
from forbear.batch.typed import CONTACT, Kind, typed
from forbear.law.book import Book, load
from forbear.law.packs import read_pack, requested, shipped, shipped_names

POSITION: Final = "position"
FINDING, CHUNK, ERROR = "finding", "chunk", "error"
_PARTITION_BYTES: Final = 1 << 30  # the texts of one column must stay below twice as much
_PIECE_ROWS: Final = 1 << 16
_JOINT: Final = "+"


def _flat(kind: Any) -> Any:
    """A type of findings as Spark has it: no dictionaries, and instants of microseconds."""
    if pa.types.is_timestamp(kind):
        return pa.timestamp("us", tz="UTC")
    return kind.value_type if pa.types.is_dictionary(kind) else kind


# One row for each finding, each chunk before each book (``told`` is JSON), each row refused; which
# of these it is, ``what`` says.
ROWS: Final = pa.schema(
    [
        ("what", pa.string()),
        ("book", pa.string()),
        *((field.name, _flat(field.type)) for field in FINDINGS),
        ("input", pa.string()),
        ("why", pa.string()),
        ("told", pa.string()),
    ]
)


# ── the law on its way ──


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A pack: by its name, or as ``files``, each by its path from the pack's own folder.

    ``day`` is ``@`` and a date where a folder was asked for as of one.
    """

    name: str
    day: str = ""
    files: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A book by its packs, and the hashes that it must have wherever it is read."""

    name: str
    packs: tuple[Carried, ...]
    hashes: tuple[tuple[str, str], ...]


def version_of(written: str) -> Version:
    """The book of one pack, or of several joined by ``+``; raises PackError as ``load`` does."""
    folder = (Path(written.rpartition("@")[0] or written) / "pack.toml").is_file()
    names = (written,) if folder else tuple(written.split(_JOINT))
    hashes = load(names).hashes
    return Version(
        name=_JOINT.join(hashes),
        packs=tuple(_carried(name) for name in names),
        hashes=tuple(sorted(hashes.items())),
    )


def _carried(name: str) -> Carried:
    plain, day = requested(name)
    if plain in shipped_names():
        return Carried(name=name)
    *below, own = (files.pack.folder.resolve() for files in read_pack(plain))
    known = shipped().resolve()
    files = tuple(
        (os.path.relpath(path, own), path.read_bytes())
        for folder in (own, *(each for each in below if not each.is_relative_to(known)))
        for path in sorted(folder.rglob("*.toml"))
    )
    return Carried(name=own.name, day="" if day is None else f"@{day.isoformat()}", files=files)


def _laid_out(pack: Carried, root: Path) -> str:
    """What to load the pack by; its files, if it has any, are written below ``root``."""
    if not pack.files:
        return pack.name
    # A pack that it extends may lie beside it or above, so there must be as many folders above.
    above = max(path.count("..") for path, _ in pack.files)
    own = root.joinpath(*["above"] * above, pack.name)
    for path, data in pack.files:
        place = Path(os.path.normpath(own / path))
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return f"{own}{pack.day}"


@lru_cache(maxsize=8)
def books_of(versions: tuple[Version, ...]) -> tuple[Book, ...]:
    """The books, the same ones for as long as this process lives, so that each is compiled once.

    Raises InputError where this machine reads another law than the driver did.
    """
    found = []
    for version in versions:
        with TemporaryDirectory() as root:
            book = load(
                [_laid_out(each, Path(root, str(n))) for n, each in enumerate(version.packs)]
            )
        if tuple(sorted(book.hashes.items())) != version.hashes:
            raise InputError(
                f"{socket.gethostname()} holds another version of {version.name}; install Forbear "
                f"{__version__} there, as on the driver"
            )
        found.append(book)
    return tuple(found)


# ── a partition ──


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What an executor is told. ``whole`` are the columns of names that hold whole numbers."""

    versions: tuple[Version, ...]
    whole: frozenset[str]
    partitions: int
    engine: Engine


def judged(task: Task, batches: Iterable[Any]) -> Iterator[Any]:
    """One partition as one chunk before each book; gives batches after ROWS.

    Raises InputError for a partition that is too large, for a row without a position, and as
    ``books_of`` does.
    """
    held = _gathered(batches)
    stores, counts = {}, {}
    for kind in KINDS:
        store = stores[kind.name] = Held(kind.name, 1)
        counts[kind.name] = [0]
        if pieces := held.pop(kind.name):
            table, refused = _read(kind, pieces, task)
            store.add(table, np.array([0, table.num_rows]))
            counts[kind.name] = [table.num_rows]
            yield from _batches(refused)
    if not counts[CONTACT.name][0]:
        return
    plan = Plan(buckets=1, disk=False, rows=None)
    chunk = Sorted(plan=plan, stores=stores, rows=counts).chunk(0)
    answers = task.engine(books_of(task.versions), chunk)
    for version, answer in zip(task.versions, answers, strict=True):
        found = answer.findings
        columns = {name: found[name] for name in FINDINGS.names}
        yield from _batches(_told(version.name, answer))
        yield from _batches(_rows(FINDING, found.num_rows, version.name, **columns))


def _gathered(batches: Iterable[Any]) -> dict[str, list[Any]]:
    """The rows of each kind, in the pieces in which they came."""
    held: dict[str, list[Any]] = {kind.name: [] for kind in KINDS}
    for batch in batches:
        for name in batch.schema.names:
            rows = batch.column(name)
            if rows.null_count < len(rows):
                kept = rows.filter(rows.is_valid()) if rows.null_count else rows
                held[name].append(pa.RecordBatch.from_struct_array(kept))
    return held


def _read(kind: Kind, pieces: Sequence[Any], task: Task) -> tuple[Table, Table]:
    """The sound rows with typed columns in the order of position, and the others after ROWS."""
    table = pa.Table.from_batches(pieces)
    if table.nbytes > _PARTITION_BYTES:
        raise InputError(
            f"one of {task.partitions:,} partitions holds {table.num_rows:,} {kind.name}, "
            f"{table.nbytes >> 20:,} MiB; ask for more partitions (one debtor stays in one)"
        )
    numbers = None
    if POSITION in table.column_names:
        numbers = table[POSITION].cast(pa.int64()).combine_chunks()
        table = table.drop_columns([POSITION])
        if numbers.null_count:
            raise InputError(f"{kind.name}: a row has no position; number all of them")
    found, broken = typed(kind, Loaded(table, table.num_rows), task.whole)
    at = found.schema.get_field_index(POSITION)
    if numbers is not None:
        found = found.set_column(at, POSITION, numbers.take(found[POSITION]))
        found = found.take(pc.sort_indices(found[POSITION]))
    if kind is not CONTACT:
        found = found.remove_column(at)
    return found, _refused(kind, broken, numbers)


def _refused(kind: Kind, broken: Sequence[tuple[int, str]], numbers: Any) -> Table:
    rows = pa.array([row for row, _ in broken], pa.int64())
    said = {
        "input": pa.array([kind.name] * len(rows), pa.string()),
        "why": pa.array([why for _, why in broken], pa.string()),
    }
    if numbers is not None:
        said[POSITION] = numbers.take(rows)
    return _rows(ERROR, len(rows), None, **said)


def _told(book: str, answer: Audited) -> Table:
    told = {
        "judged": answer.judged,
        "not_shown": [list(row.values()) for row in answer.not_shown.to_pylist()],
        "stats": asdict(answer.stats),
    }
    return _rows(CHUNK, 1, book, told=pa.array([json.dumps(told, ensure_ascii=False)]))


def _rows(what: str, size: int, book: str | None, **said: Any) -> Table:
    """Rows after ROWS of which these columns say something."""
    columns = {
        "what": pa.array([what] * size, pa.string()),
        "book": pa.array([book] * size, pa.string()),
        **said,
    }
    made = [
        columns[field.name].cast(field.type)
        if field.name in columns
        else pa.nulls(size, field.type)
        for field in ROWS
    ]
    return pa.table(made, schema=ROWS)


def _batches(table: Table) -> Iterator[Any]:
    yield from table.to_batches(max_chunksize=_PIECE_ROWS)
