"""The first stage of a job: inputs read once, cast, and sorted into buckets of whole debtors."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from forbear.base.errors import InputError
from forbear.batch.delimited import Loaded
from forbear.batch.findings import Errors
from forbear.batch.schema import CONTACTS, FACTS, PERSONS, Chunk, Table
from forbear.batch.source import STDIN, Reader, Source, opened
from forbear.batch.spill import Held, Spilled, Store, sorted_by_bucket
from forbear.batch.typed import CONTACT, FACT, PERSON, Kind, typed

KINDS: Final = (CONTACT, FACT, PERSON)
# How many bytes a run holds for each byte of the buckets that its threads are judging: the rows,
# their codes, the history that they become, and the findings.
_HELD_PER_BYTE: Final = 6
_ROWS_APART: Final = 50_000  # fewer are not worth another bucket
_BUCKETS_MAX: Final = 4096
_BUCKET_BYTES: Final = 1 << 30  # the texts of one column must stay below twice as much
# Where nobody knows how much there is: what a bucket can hold grows with it.
_BUCKETS_OF_A_STREAM: Final = 128
_PEEKED: Final = 4  # a stream may fill one in so many parts of the memory before it is planned
_NAMES: Final = ("person", "lender", "debts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Into how many buckets, on disk or in memory.

    ``rows`` is about how many contacts there are, None where nobody can say.
    """

    buckets: int
    disk: bool
    rows: int | None


@dataclass(slots=True, kw_only=True)
class Sorted:
    """What the first stage gave: rows by kind and bucket, and how many were read and refused."""

    plan: Plan
    stores: Mapping[str, Store]
    rows: dict[str, list[int]]
    contacts: int = 0
    errors: int = 0
    notes: list[str] = field(default_factory=list)

    def chunk(self, bucket: int) -> Chunk:
        """The whole debtors of a bucket; raises InputError where what was kept is damaged."""
        tables = {
            kind.name: self.stores[kind.name].load(bucket, self.rows[kind.name][bucket])
            for kind in KINDS
        }
        contacts, persons = tables["contacts"], tables["persons"]
        places = [name for name in ("zone", "region") if name in contacts.column_names]
        if places:
            persons = _with(_places(contacts, places), persons)
            contacts = contacts.drop_columns(places)
        if "person" in persons.column_names and "person" not in contacts.column_names:
            nobody = pa.nulls(contacts.num_rows, persons.schema.field("person").type)
            contacts = contacts.append_column("person", nobody)
        order = [name for name in CONTACTS.names if name in contacts.column_names]
        return Chunk(
            contacts=contacts.select(order),
            facts=_selected(tables["facts"], FACTS),
            persons=_selected(persons, PERSONS),
        )

    def drop(self, bucket: int) -> None:
        """Forget a bucket that has been judged."""
        for store in self.stores.values():
            store.drop(bucket)


def _selected(table: Table, schema: Any) -> Table:
    return table.select([name for name in schema.names if name in table.column_names])


def _places(contacts: Table, names: Sequence[str]) -> Table:
    """Where the last contact of each person that says so places the person."""
    said = contacts.select([n for n in ("person", *names) if n in contacts.column_names])
    said = said.filter(
        pc.or_(said[names[0]].is_valid(), said[names[-1]].is_valid())
    ).combine_chunks()
    if "person" not in said.column_names:
        return said.slice(max(0, said.num_rows - 1))
    persons = said["person"].combine_chunks()
    coded = persons if pa.types.is_dictionary(persons.type) else persons.dictionary_encode()
    codes = coded.indices.fill_null(len(coded.dictionary)).to_numpy(zero_copy_only=False)
    last = np.full(len(coded.dictionary) + 1, -1, np.int64)
    last[codes] = np.arange(len(codes))
    return said.take(pa.array(last[last >= 0]))


def _with(places: Table, persons: Table) -> Table:
    """What the contacts and then what the persons' own input says; the last counts."""
    if persons.num_rows == 0:
        return places
    return pa.concat_tables([places, persons], promote_options="permissive").unify_dictionaries()


def open_all(inputs: Mapping[str, Sequence[str]]) -> dict[str, list[Source]]:
    """Every input by its kind, opened; raises InputError for one that cannot be read."""
    if sum(path == STDIN for paths in inputs.values() for path in paths) > 1:
        raise InputError("- stands for standard input, which can be read once; name it once")
    return {kind.name: opened(kind, inputs[kind.name]) for kind in KINDS}


def whole_numbers(sources: Iterable[Source]) -> frozenset[str]:
    """The columns of names that hold whole numbers in every input of contacts that has them."""
    found = set(_NAMES)
    for source in sources:
        found &= (found - set(source.headed.columns)) | source.whole
    return frozenset(found)


def notes_of(sources: Mapping[str, Sequence[Source]]) -> list[str]:
    """One line for each input of which columns were not read."""
    return [
        f"{source.name}: these columns are unknown and were not read: "
        f"{', '.join(source.headed.unknown)}."
        for found in sources.values()
        for source in found
        if source.headed.unknown
    ]


def looked_into(sources: Sequence[Source], memory: int) -> list[Source]:
    """The same inputs, of which streams that end within a part of ``memory`` are counted."""
    return [
        _looked_into(source, memory // _PEEKED)
        if source.rows is None and source.bytes is None
        else source
        for source in sources
    ]


def _looked_into(source: Source, memory: int) -> Source:
    held: deque[Loaded] = deque()
    size, readers = 0, source.readers()
    while size <= memory:
        reader = next(readers, None)
        if reader is None:
            rows = sum(loaded.rows for loaded in held)
            return replace(
                source, rows=rows, readers=lambda: (partial(_itself, each) for each in held)
            )
        held.append(reader())
        size += held[-1].table.nbytes
    # What was looked at is let go of as it is read.
    first = (partial(_itself, held.popleft()) for _ in range(len(held)))
    return replace(source, readers=lambda: chain(first, readers))


def _itself(loaded: Loaded) -> Loaded:
    return loaded


def planned(sources: Sequence[Source], memory: int, threads: int) -> Plan:
    """The plan for inputs of contacts, by their first piece; a stream has none to look at."""
    if any(source.rows is None and source.bytes is None for source in sources):
        return Plan(buckets=_BUCKETS_OF_A_STREAM, disk=True, rows=None)
    first, size = _first_of(sources, whole_numbers(sources))
    rows = sum(source.likely_rows(first) or 0 for source in sources)
    expected = rows * size // max(1, first.rows)
    by_memory = max(-(-expected * threads * _HELD_PER_BYTE // memory), expected // _BUCKET_BYTES)
    by_rows = min(4 * threads, rows // _ROWS_APART)
    return Plan(
        buckets=min(_BUCKETS_MAX, max(1, by_memory, by_rows)),
        disk=expected * 2 > memory,
        rows=rows,
    )


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece of an input, cast and in the order of its buckets."""

    source: Source
    table: Table
    ends: Any
    broken: Sequence[tuple[int, str]]
    rows: int
    line: Callable[[int], int] | None


def _cast(source: Source, reader: Reader, whole: frozenset[str], buckets: int) -> _Piece:
    loaded = reader()
    table, broken = _typed(source, loaded, whole)
    table, ends = sorted_by_bucket(table, buckets)
    return _Piece(source, table, ends, broken, loaded.rows, loaded.line)


def _typed(
    source: Source, loaded: Loaded, whole: frozenset[str]
) -> tuple[Table, list[tuple[int, str]]]:
    try:
        return typed(source.kind, loaded, whole)
    except InputError as error:
        message = f"{source.name}: {error}"
        raise InputError(message) from error


def _first_of(sources: Sequence[Source], whole: frozenset[str]) -> tuple[Loaded, int]:
    """The first piece of the inputs that has rows, and how many bytes it takes when cast."""
    loaded = Loaded(pa.table({}), 0)
    for source in sources:
        for reader in source.readers():
            loaded = reader()
            if loaded.rows:
                table, _ = _typed(source, loaded, whole)
                return loaded, int(table.nbytes)
            break
    return loaded, 0


def partition(
    sources: Mapping[str, Sequence[Source]],
    plan: Plan,
    *,
    work: Path,
    errors: Path,
    threads: int,
    tell: Callable[[int], None],
) -> Sorted:
    """Read every input to its end; ``tell`` hears how many contacts have been read.

    Rows that cannot be read go to ``errors``. Raises InputError where none can.
    """
    whole = whole_numbers(sources["contacts"])
    stores: dict[str, Store] = {
        kind.name: Spilled(kind.name, work) if plan.disk else Held(kind.name, plan.buckets)
        for kind in KINDS
    }
    counts = {kind.name: np.zeros(plan.buckets, np.int64) for kind in KINDS}
    refused = Errors(errors)
    contacts = 0
    for kind in KINDS:
        start, source = 0, None
        for piece in _pieces(sources[kind.name], whole, plan.buckets, threads):
            if piece.source is not source:
                start, source = 0, piece.source
            own = kind is CONTACT
            refused.add(_error_rows(piece, start, contacts if own else None))
            table = _placed(piece.table, kind, contacts)
            stores[kind.name].add(table, piece.ends)
            counts[kind.name] += np.diff(piece.ends)
            start += piece.rows
            if own:
                contacts += piece.rows
                tell(contacts)
        stores[kind.name].close()
    refused.close()
    if refused.first and not counts["contacts"].any():
        message = f"no row could be read, {refused.count:,} in all; the first: {refused.first}"
        raise InputError(message, about="no_rows")
    return Sorted(
        plan=plan,
        stores=stores,
        rows={name: found.tolist() for name, found in counts.items()},
        contacts=contacts,
        errors=refused.count,
        notes=notes_of(sources),
    )


def _placed(table: Table, kind: Kind, start: int) -> Table:
    """Contacts with their position over all inputs; other rows have none."""
    at = table.schema.get_field_index("position")
    if kind is not CONTACT:
        return table.remove_column(at)
    return table.set_column(at, "position", pc.add(table["position"], start))


def _error_rows(piece: _Piece, start: int, first: int | None) -> list[dict[str, Any]]:
    return [
        {
            "input": piece.source.kind.name,
            "file": piece.source.name,
            "row": start + number + 1,
            "line": None if piece.line is None else piece.line(number),
            "position": None if first is None else first + number,
            "why": why,
        }
        for number, why in piece.broken
    ]


def _pieces(
    sources: Sequence[Source], whole: frozenset[str], buckets: int, threads: int
) -> Iterator[_Piece]:
    """The pieces in order, cast on several threads while no more than a few are held."""
    readers = chain.from_iterable(
        (partial(_cast, source, reader, whole, buckets) for reader in source.readers())
        for source in sources
    )
    waiting: deque[Future[_Piece]] = deque()
    with ThreadPoolExecutor(threads, thread_name_prefix="read") as pool:
        try:
            for reader in readers:
                waiting.append(pool.submit(reader))
                if len(waiting) > threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
