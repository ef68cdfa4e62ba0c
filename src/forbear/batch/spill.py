"""Debtors by bucket: every row about a person comes to lie in the bucket of that person.

Rows are held in memory, or appended to one file a bucket as Arrow streams. A column is kept in the
narrowest form that all its rows so far have: whole numbers, a dictionary of few words, texts, lists
of texts. Where a later piece needs a wider one, each bucket begins another file; what was written
is widened when it is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
from pyarrow import ipc

from forbear.base.errors import InputError
from forbear.batch import casting
from forbear.batch.casting import NAMES, Column
from forbear.batch.jit import compiled
from forbear.batch.schema import CONTACTS, FACTS, NAME, PERSONS, Table

# A dictionary goes to disk once for each slice of each bucket, so it must be small.
_DICTIONARY_MAX: Final = 1 << 12
_SEED: Final = 0x9E3779B97F4A7C15
_SCHEMAS: Final[Mapping[str, Any]] = {"contacts": CONTACTS, "facts": FACTS, "persons": PERSONS}


# ── which bucket ──


@compiled()
def _hash_texts(offsets: Any, data: Any, out: Any) -> None:
    for row in range(len(out)):
        h = np.uint64(14695981039346656037)
        for place in range(offsets[row], offsets[row + 1]):
            h = (h ^ np.uint64(data[place])) * np.uint64(1099511628211)
        out[row] = h


def _mixed(keys: Any) -> Any:
    """Numbers that lie close together far apart (the finaliser of splitmix64)."""
    with np.errstate(over="ignore"):
        keys = keys + np.uint64(_SEED)
        keys = (keys ^ (keys >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        keys = (keys ^ (keys >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return keys ^ (keys >> np.uint64(31))


def _keys(persons: Column) -> Any:
    """A number for each person, the same for the same name whatever the table."""
    if isinstance(persons, pa.ChunkedArray):
        persons = persons.combine_chunks()
    kind = persons.type
    if pa.types.is_dictionary(kind):
        entries = _keys(pa.concat_arrays([persons.dictionary, pa.array([""], kind.value_type)]))
        nobody = len(entries) - 1
        return entries[persons.indices.fill_null(nobody).to_numpy(zero_copy_only=False)]
    if pa.types.is_integer(kind):
        numbers = persons.fill_null(0).to_numpy().view(np.uint64)
        nobody = _keys(pa.array([""]))[0]
        return np.where(persons.is_null().to_numpy(zero_copy_only=False), nobody, numbers)
    texts = persons.fill_null("")
    _, ends, data = texts.buffers()
    out = np.empty(len(texts), np.uint64)
    if len(texts):
        offsets = np.frombuffer(ends, np.int32)[texts.offset : texts.offset + len(texts) + 1]
        letters = np.frombuffer(data if data is not None else b"", np.uint8)
        _hash_texts(offsets, letters, out)
    return out


def bucket_of(table: Table, buckets: int) -> Any:
    """The bucket of each row by its person alone, because facts hold for every lender."""
    if "person" not in table.column_names:
        return np.full(table.num_rows, int(_mixed(_keys(pa.array([""])))[0] % buckets), np.uint16)
    return (_mixed(_keys(table["person"])) % np.uint64(buckets)).astype(np.uint16)


def sorted_by_bucket(table: Table, buckets: int) -> tuple[Table, Any]:
    """The rows in the order of their buckets, and where each bucket begins and the last ends."""
    if buckets == 1:
        return table, np.array([0, table.num_rows])
    places = bucket_of(table, buckets)
    ends = np.concatenate([[0], np.cumsum(np.bincount(places, minlength=buckets))])
    return table.take(pa.array(np.argsort(places, kind="stable"))), ends


# ── forms of a column ──


def _form(column: Column) -> Any:
    """The form in which a column of a piece is best kept."""
    kind = column.type
    if pa.types.is_dictionary(kind) and pa.types.is_string(kind.value_type):
        chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
        large = any(len(chunk.dictionary) > _DICTIONARY_MAX for chunk in chunks)
        return pa.string() if large else kind
    return kind


def _wider(one: Any, other: Any) -> Any:
    """The form that holds what either holds."""
    if one == other or pa.types.is_null(other):
        return one
    if pa.types.is_null(one):
        return other
    return NAMES if NAMES in {one, other} else pa.string()


def _widened(column: Column, kind: Any) -> Column:
    if column.type == kind:
        return column
    if kind == NAMES:
        whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        return casting.lists(whole, "debts", {})
    if pa.types.is_dictionary(column.type):
        return column.cast(column.type.value_type).cast(kind)
    return column.cast(kind)


def _conformed(table: Table, forms: Mapping[str, Any]) -> Table:
    columns = {
        name: _widened(table[name], kind)
        if name in table.column_names
        else pa.nulls(table.num_rows, kind)
        for name, kind in forms.items()
    }
    return pa.table(columns, schema=pa.schema(list(forms.items())))


def _joined(forms: Mapping[str, Any], table: Table) -> dict[str, Any]:
    joined = dict(forms)
    for name in table.column_names:
        form = _form(table[name])
        joined[name] = _wider(joined[name], form) if name in joined else form
    return joined


def together(kind: str, tables: Sequence[Table]) -> Table:
    """Pieces as one table in the types of a chunk; a column that no piece has stays out."""
    forms: dict[str, Any] = {}
    for table in tables:
        forms = _joined(forms, table)
    if not tables:
        return _SCHEMAS[kind].empty_table()
    whole = pa.concat_tables([_conformed(table, forms) for table in tables])
    columns = {name: _final(whole[name]) for name in whole.column_names}
    return pa.table(columns)


def _final(column: Column) -> Column:
    """One array; names that are texts as a dictionary."""
    column = column.unify_dictionaries().combine_chunks()
    return column.chunk(0) if isinstance(column, pa.ChunkedArray) and column.num_chunks else column


def named(table: Table, kind: str) -> Table:
    """The table with its names in the dictionaries that a chunk has."""
    schema = _SCHEMAS[kind]
    columns = {}
    for name in table.column_names:
        column = table[name]
        wanted = schema.field(name).type if name in schema.names else NAME
        if wanted == NAME and column.type == pa.string():
            column = column.combine_chunks().dictionary_encode()
        elif wanted == pa.string() and pa.types.is_dictionary(column.type):
            column = column.cast(wanted)
        columns[name] = column
    return pa.table(columns)


# ── where they lie ──


class Held:
    """Buckets in memory."""

    def __init__(self, kind: str, buckets: int) -> None:
        """Buckets for one kind of rows."""
        self._kind = kind
        self._tables: list[list[Table]] = [[] for _ in range(buckets)]

    def add(self, table: Table, ends: Any) -> None:
        """Take in rows in the order of their buckets."""
        for bucket, start, end in _spans(ends):
            self._tables[bucket].append(table.slice(start, end - start))

    def close(self) -> None:
        """Nothing is open."""

    def load(self, bucket: int, rows: int) -> Table:
        """The rows of a bucket, which are then forgotten."""
        found, self._tables[bucket] = self._tables[bucket], []
        whole = together(self._kind, found)
        assert whole.num_rows == rows, "a bucket holds the rows that were put into it"
        return named(whole, self._kind)

    def drop(self, bucket: int) -> None:
        """Forget a bucket."""
        self._tables[bucket] = []


class Spilled:
    """Buckets on disk, under ``folder``."""

    def __init__(self, kind: str, folder: Path) -> None:
        """Buckets for one kind of rows; those that an earlier run wrote can be loaded."""
        self._kind = kind
        self._folder = folder
        self._forms: dict[str, Any] = {}
        self._generation = 0
        self._open = ExitStack()
        self._writers: dict[int, Any] = {}

    def add(self, table: Table, ends: Any) -> None:
        """Append rows in the order of their buckets."""
        forms = _joined(self._forms, table)
        if forms != self._forms:
            self.close()
            self._forms = forms
            self._generation += 1
        conformed = _conformed(table, forms)
        for bucket, start, end in _spans(ends):
            for batch in conformed.slice(start, end - start).to_batches():
                self._writer(bucket).write_batch(batch)

    def _writer(self, bucket: int) -> Any:
        writer = self._writers.get(bucket)
        if writer is None:
            path = self._folder / f"{self._kind}-{bucket:04}-{self._generation:02}.arrow"
            file = self._open.enter_context(pa.OSFile(str(path), "wb"))
            schema = pa.schema(list(self._forms.items()))
            writer = self._open.enter_context(ipc.new_stream(file, schema))
            self._writers[bucket] = writer
        return writer

    def close(self) -> None:
        """Finish the files that are open; raises OSError where the disk is full."""
        self._writers.clear()
        self._open.close()

    def load(self, bucket: int, rows: int) -> Table:
        """The rows of a bucket; raises InputError where they are not as many as were written."""
        try:
            whole = together(self._kind, [table for path in self._paths(bucket)
                                          for table in _read(path)])  # fmt: skip
            sound = whole.num_rows == rows
        except (pa.ArrowException, OSError):
            sound = False
        if not sound:
            raise InputError(
                f"{self._folder}: what an earlier run kept here is damaged; start anew (--anew)"
            )
        return named(whole, self._kind)

    def drop(self, bucket: int) -> None:
        """Remove the files of a bucket."""
        for path in self._paths(bucket):
            path.unlink(missing_ok=True)

    def _paths(self, bucket: int) -> Iterable[Path]:
        return sorted(self._folder.glob(f"{self._kind}-{bucket:04}-*.arrow"))


Store = Held | Spilled


def _read(path: Path) -> Iterator[Table]:
    with pa.OSFile(str(path)) as file:
        yield ipc.open_stream(file).read_all()


def _spans(ends: Any) -> Iterator[tuple[int, int, int]]:
    listed = ends.tolist()
    for bucket, (start, end) in enumerate(pairwise(listed)):
        if end > start:
            yield bucket, start, end
