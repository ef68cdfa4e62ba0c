"""Inputs as a stream of pieces: Parquet, delimited text, Arrow files and streams, JSON lines.

A file is opened to see what it is and which columns it has before any is read, so that what cannot
be read at all is refused at once. Then it gives readers of pieces, in the order of its rows. Each
can be called on any thread, and no more is held than the pieces in hand.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import ipc
from pyarrow.dataset import dataset

from forbear.base.errors import InputError
from forbear.batch import delimited, objects
from forbear.batch.casting import text_like
from forbear.batch.delimited import Layout, Loaded
from forbear.batch.typed import Headed, Kind, headed
from forbear.intake.headers import plain_name

STDIN: Final = "-"
PIECE_ROWS: Final = 1 << 19
PIECE_BYTES: Final = 1 << 27
_END_BYTES: Final = 1 << 16
# A row group that is larger than so many pieces is not read as a whole.
_PIECES_MAX: Final = 4
_LINES: Final = 1 << 14
_LINE_BYTES: Final = 250  # of a row as JSON, about
_PACKED: Final = 6  # how much smaller gzip makes a ledger, about
_DAMAGED: Final = (OSError, EOFError, pa.ArrowException, pa.ArrowInvalid)
Reader = Callable[[], Loaded]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One opened input of a kind.

    ``rows`` is None where nobody has counted; then ``bytes`` over ``piece_bytes`` tells about how
    many pieces there are, unless None. ``whole`` are its columns of whole numbers. ``mark`` changes
    where the input does. ``readers`` gives readers of pieces in order; they raise InputError.
    """

    name: str
    kind: Kind
    headed: Headed
    whole: frozenset[str]
    mark: str
    readers: Callable[[], Iterator[Reader]]
    rows: int | None = None
    bytes: int | None = None
    piece_bytes: int | None = None

    def likely_rows(self, first: Loaded) -> int | None:
        """How many rows there are, or about how many by its first piece; None where unknown."""
        if self.rows is not None or self.bytes is None:
            return self.rows
        piece_bytes = self.piece_bytes or max(1, first.table.nbytes)
        return max(first.rows, int(first.rows * self.bytes / piece_bytes))


def opened(kind: Kind, paths: Sequence[str]) -> list[Source]:
    """The inputs under ``paths``; raises InputError, naming the file, for one that cannot be read.

    A folder stands for the Parquet files in it, in the order of their names.
    """
    return [_opened(kind, path) for written in paths for path in _files(written)]


def _files(written: str) -> Iterable[str]:
    path = Path(written)
    if written == STDIN or not path.is_dir():
        return [written]
    found = sorted(
        each
        for each in path.rglob("*.parquet")
        if each.is_file()
        and not any(part.startswith((".", "_")) for part in each.relative_to(path).parts)
    )
    if not found:
        raise InputError(f"{written}: the folder holds no .parquet file; name the files themselves")
    return map(str, found)


def _opened(kind: Kind, written: str) -> Source:
    if written == STDIN:
        return _stream(kind, sys.stdin.buffer, "standard input", size=None, mark="")
    path = Path(written)
    try:
        with path.open("rb") as file:
            head = file.read(8)
        mark, size = _mark(path), path.stat().st_size
    except OSError as error:
        raise InputError(f"{written}: it cannot be opened ({error.strerror})") from error
    if head[:4] == b"PAR1" or path.suffix == ".parquet":
        return _parquet(kind, path, mark)
    if head[:6] == b"ARROW1":
        return _arrow_file(kind, path, mark)
    if head[:4] == b"\xff\xff\xff\xff":
        return _stream(kind, path, written, size=size, mark=mark)
    first = next(delimited.pieces_of(path), b"").lstrip()[:1]
    return _json_lines(kind, path, mark) if first == b"{" else _delimited(kind, path, mark)


def _mark(path: Path) -> str:
    """What of a file is sure to change with it: its size, its time, its ends."""
    told = path.stat()
    digest = hashlib.sha256()
    with path.open("rb") as file:
        digest.update(file.read(_END_BYTES))
        file.seek(max(0, told.st_size - _END_BYTES))
        digest.update(file.read(_END_BYTES))
    return f"{told.st_size} {told.st_mtime_ns} {digest.hexdigest()}"


def _whole(headed: Headed, schema: Any) -> frozenset[str]:
    """The columns of whole numbers that 64 bits hold."""
    return frozenset(
        name
        for name, column in headed.columns.items()
        if pa.types.is_integer(kind := schema.field(column).type) and kind != pa.uint64()
    )


def _selected(headed: Headed, table: Any) -> Any:
    return table.select(list(headed.columns.values())).rename_columns(list(headed.columns))


# ── Parquet ──


def _parquet(kind: Kind, path: Path, mark: str) -> Source:
    try:
        with pq.ParquetFile(path) as file:
            metadata, schema = file.metadata, file.schema_arrow
    except _DAMAGED as error:
        message = f"{path}: it is no whole Parquet file ({_short(error)}); copy it again"
        raise InputError(message) from error
    found = headed(kind, schema.names, str(path))
    alike = [
        column
        for name, column in found.columns.items()
        if name in kind.alike and text_like(schema.field(column).type)
    ]

    table = _Parquet(path, metadata, found, alike)
    return Source(
        name=str(path),
        kind=kind,
        headed=found,
        rows=metadata.num_rows,
        whole=_whole(found, schema),
        mark=mark,
        readers=table.readers,
    )


def _grouped(metadata: Any, columns: frozenset[str]) -> Iterator[tuple[list[int], int]]:
    """Neighbouring row groups that make up a piece; a large one stands alone, as several."""
    held: list[int] = []
    rows = size = 0
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        own = sum(
            column.total_uncompressed_size
            for column in (group.column(place) for place in range(group.num_columns))
            if column.path_in_schema.split(".")[0] in columns
        )
        if held and (rows + group.num_rows > PIECE_ROWS or size + own > PIECE_BYTES):
            yield held, _pieces(rows, size)
            held, rows, size = [], 0, 0
        held.append(number)
        rows, size = rows + group.num_rows, size + own
    if held:
        yield held, _pieces(rows, size)


def _pieces(rows: int, size: int) -> int:
    return max(1, -(-rows // PIECE_ROWS), -(-size // PIECE_BYTES))


@dataclass(frozen=True, slots=True)
class _Parquet:
    """A Parquet file of which some columns are read; ``alike`` of them as dictionaries."""

    path: Path
    metadata: Any
    headed: Headed
    alike: Sequence[str]

    def readers(self) -> Iterator[Reader]:
        """Readers of its pieces in order."""
        for groups, pieces in _grouped(self.metadata, frozenset(self.headed.columns.values())):
            if pieces > _PIECES_MAX:
                yield from self._slowly(groups, pieces)
            else:
                yield partial(self._whole, groups)

    def _open(self) -> Any:
        return pq.ParquetFile(self.path, metadata=self.metadata, read_dictionary=self.alike)

    def _whole(self, groups: Sequence[int]) -> Loaded:
        wanted = list(self.headed.columns.values())
        try:
            with self._open() as file:
                table = file.read_row_groups(groups, columns=wanted, use_threads=False)
        except _DAMAGED as error:
            raise _damaged(str(self.path), f"row group {groups[0] + 1}", error) from error
        return Loaded(_selected(self.headed, table), table.num_rows)

    def _slowly(self, groups: Sequence[int], pieces: int) -> Iterator[Reader]:
        """The pieces of a row group that is too large to be held."""
        rows = -(-self.metadata.row_group(groups[0]).num_rows // pieces)
        wanted = list(self.headed.columns.values())
        try:
            with self._open() as file:
                for batch in file.iter_batches(rows, row_groups=groups, columns=wanted):
                    table = pa.Table.from_batches([batch])
                    yield partial(Loaded, _selected(self.headed, table), table.num_rows)
        except _DAMAGED as error:
            raise _damaged(str(self.path), f"row group {groups[0] + 1}", error) from error


def _damaged(name: str, place: str, error: Exception) -> InputError:
    return InputError(f"{name}: {place} cannot be read ({_short(error)}); copy the file again")


def _short(error: Exception) -> str:
    return str(error).splitlines()[0].rstrip(".")[:160] if str(error) else type(error).__name__


# ── Arrow ──


def _arrow_file(kind: Kind, path: Path, mark: str) -> Source:
    try:
        with pa.OSFile(str(path)) as file:
            schema = ipc.open_file(file).schema
            rows = dataset(str(path), format="ipc").count_rows()
    except _DAMAGED as error:
        message = f"{path}: it is no whole Arrow file ({_short(error)}); copy it again"
        raise InputError(message) from error
    found = headed(kind, schema.names, str(path))

    def batches() -> Iterator[Any]:
        with pa.OSFile(str(path)) as file:
            reader = ipc.open_file(file)
            for number in range(reader.num_record_batches):
                yield reader.get_batch(number)

    return Source(
        name=str(path),
        kind=kind,
        headed=found,
        rows=rows,
        whole=_whole(found, schema),
        mark=mark,
        readers=lambda: _of_batches(batches(), found, str(path)),
    )


def _stream(kind: Kind, file: Any, name: str, *, size: int | None, mark: str) -> Source:
    """A stream; the one of standard input is begun here and can be read once only."""
    try:
        reader = ipc.open_stream(pa.OSFile(str(file)) if isinstance(file, Path) else file)
    except _DAMAGED as error:
        message = f"{name}: it is no Arrow stream ({_short(error)}); write one in Arrow's format"
        raise InputError(message) from error
    found = headed(kind, reader.schema.names, name)

    def batches() -> Iterator[Any]:
        if isinstance(file, Path):
            with pa.OSFile(str(file)) as again:
                yield from ipc.open_stream(again)
        else:
            yield from reader

    return Source(
        name=name,
        kind=kind,
        headed=found,
        bytes=size,
        whole=_whole(found, reader.schema),
        mark=mark,
        readers=lambda: _of_batches(batches(), found, name),
    )


def _of_batches(batches: Iterator[Any], found: Headed, name: str) -> Iterator[Reader]:
    """Batches of any size as pieces of a good one."""
    held: list[Any] = []
    rows = 0
    try:
        for batch in batches:
            held.append(_selected(found, pa.Table.from_batches([batch])))
            rows += batch.num_rows
            if rows >= PIECE_ROWS:
                yield from _cut(held)
                held, rows = [], 0
    except _DAMAGED as error:
        raise _damaged(name, "a batch", error) from error
    if held:
        yield from _cut(held)


def _cut(held: Sequence[Any]) -> Iterator[Reader]:
    table = pa.concat_tables(held)
    for start in range(0, table.num_rows, PIECE_ROWS):
        part = table.slice(start, PIECE_ROWS)
        yield partial(Loaded, part, part.num_rows)


# ── texts ──


def _delimited(kind: Kind, path: Path, mark: str) -> Source:
    named = {plain_name(s) for synonyms in kind.names.values() for s in synonyms}
    delimiter, header = delimited.header_of(
        path, lambda cells: sum(plain_name(cell) in named for cell in cells)
    )
    found = headed(kind, header, str(path))
    layout = Layout(
        delimiter,
        len(header),
        {name: header.index(column) for name, column in found.columns.items()},
        kind.alike,
    )

    def readers() -> Iterator[Reader]:
        for block, line in delimited.blocks_of(path):
            yield partial(delimited.parse, block, layout, line)

    size = path.stat().st_size
    packed = path.suffix == ".gz"
    return Source(
        name=str(path),
        kind=kind,
        headed=found,
        whole=frozenset(),
        mark=mark,
        readers=readers,
        bytes=size * _PACKED if packed else size,
        piece_bytes=min(size, delimited.BLOCK_BYTES),
    )


def _json_lines(kind: Kind, path: Path, mark: str) -> Source:
    columns: dict[str, None] = {}
    for line in delimited.lines_of(path):
        found = objects.object_of(line)
        columns.update(dict.fromkeys(found if isinstance(found, dict) else ()))
    named = headed(kind, list(columns), str(path))

    def readers() -> Iterator[Reader]:
        lines = enumerate(delimited.lines_of(path), start=1)
        while held := list(islice(lines, _LINES)):
            yield partial(objects.load, held, named)

    return Source(
        name=str(path),
        kind=kind,
        headed=named,
        whole=frozenset(),
        mark=mark,
        readers=readers,
        bytes=path.stat().st_size,
        piece_bytes=_LINES * _LINE_BYTES,
    )
