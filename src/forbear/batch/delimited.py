"""Delimited text in blocks of whole lines, so that many threads read one file.

A block is parsed as a whole where its lines are plainly its rows. Where a cell runs over lines in a
way that swallows rows, or a byte does not decode, the block is read line by line instead, and a
damaged row is told by itself: it never takes its neighbours with it.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from forbear.base.errors import InputError
from forbear.batch.schema import Table
from forbear.intake.table import SNIFF_BYTES, encoding_of

BLOCK_BYTES: Final = 8 << 20
_LINE_BYTES_MAX: Final = 1 << 20
# A quoted cell may run over lines; one that runs over more than this was never closed.
_LINES_IN_A_CELL_MAX: Final = 60
_DELIMITERS: Final = (",", "\t", ";", "|")
_NULLS: Final = ("", "null", "NULL", "Null")
_UNCLOSED: Final = 'a quotation mark " is never closed; close or remove it'
_UNDECODABLE: Final = "the encoding is wrong here; save the file as UTF-8"
_DAMAGED: Final = (OSError, EOFError, zlib.error)


@dataclass(frozen=True, slots=True)
class Loaded:
    """Rows of an input before they are cast, under the names of the contact format.

    ``rows`` counts them, broken ones too. ``numbers`` are the numbers of the rows of ``table``
    among them, from 0, None where it holds all. ``broken`` are the others: number and reason.
    ``line`` gives the line (from 1) of a number, where there are lines.
    """

    table: Table
    rows: int
    numbers: Any = None
    broken: Sequence[tuple[int, str]] = ()
    line: Callable[[int], int] | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """How a delimited text is laid out. ``kept`` names the wanted columns by their place.

    ``alike`` are those of which few words are different.
    """

    delimiter: str
    width: int
    kept: dict[str, int] = field(default_factory=dict)
    alike: frozenset[str] = frozenset()


def pieces_of(path: Path) -> Iterator[bytes]:
    """The bytes of a text as UTF-8, unpacked where it is packed; raises InputError."""
    try:
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
        with gzip.open(path) if packed else path.open("rb") as file:
            head = file.read(SNIFF_BYTES)
            encoding = encoding_of(head)
            decoder = None
            if encoding in {"utf-8", "utf-8-sig"}:
                head = head.removeprefix(codecs.BOM_UTF8)
            else:
                decoder = codecs.getincrementaldecoder(encoding)("replace")
            while head:
                yield decoder.decode(head).encode("utf-8", "replace") if decoder else head
                head = file.read(SNIFF_BYTES)
    except _DAMAGED as error:
        message = f"{path}: it cannot be read to its end ({error}); copy it again"
        raise InputError(message) from error


def header_of(path: Path, known: Callable[[Sequence[str]], int]) -> tuple[str, list[str]]:
    """The delimiter and the column names, under the one that makes most names ``known``."""
    for line in lines_of(path):
        text = line.decode("utf-8", "replace").strip("\r\n")
        found = [(known(cells), delimiter, cells) for delimiter in _DELIMITERS
                 if (cells := _cells([text], delimiter) or [])]  # fmt: skip
        if found:
            _, delimiter, cells = max(found, key=lambda entry: entry[0])
            return delimiter, [cell.strip() for cell in cells]
    raise InputError(f"{path}: it is empty; its first line must name its columns")


def lines_of(path: Path) -> Iterator[bytes]:
    """The lines of a text without their ends; raises InputError."""
    held = b""
    for piece in pieces_of(path):
        *whole, held = (held + piece).split(b"\n")
        yield from whole
    if held:
        yield held


def blocks_of(path: Path, size: int = BLOCK_BYTES) -> Iterator[tuple[bytes, int]]:
    """Blocks of whole rows after the header, each with the number of its first line.

    Raises InputError for a text that has no lines.
    """
    held = bytearray()
    line = 1
    first = True
    for piece in pieces_of(path):
        held += piece
        if len(held) < size:
            continue
        end = _end_of_rows(held)
        if end == 0:
            if len(held) > size + _LINE_BYTES_MAX:
                message = f"{path}: line {line:,} is longer than 1 MiB, which no row is"
                raise InputError(message)
            continue
        block = bytes(held[:end])
        del held[:end]
        yield _without_header(block) if first else block, line + first
        first = False
        line += block.count(b"\n")
    if held:
        block = bytes(held)
        yield _without_header(block) if first else block, line + first


def _without_header(block: bytes) -> bytes:
    return block[block.find(b"\n") + 1 or len(block) :]


def _end_of_rows(held: bytearray) -> int:
    """Where the last whole row ends: a line's end with no quotation mark open, if one is near."""
    end = last = held.rfind(b"\n") + 1
    quotes = held.count(b'"', 0, end)
    for _ in range(_LINES_IN_A_CELL_MAX):
        if quotes % 2 == 0 or end == 0:
            break
        start = held.rfind(b"\n", 0, end - 1) + 1
        quotes -= held.count(b'"', start, end)
        end = start
    return end if end and quotes % 2 == 0 else last


def parse(block: bytes, layout: Layout, line: int) -> Loaded:
    """The rows of a block that begins at a ``line`` of its file."""
    if not _decodes(block):
        return _careful(block, layout, line)
    invalid: list[tuple[int, str]] = []

    def skip(row: Any) -> str:
        invalid.append((row.number - 1, row.text))
        return "skip"

    quoted = b'"' in block
    places = [str(place) for place in range(layout.width)]
    coded = pa.dictionary(pa.int32(), pa.string())
    try:
        table = arrow_csv.read_csv(
            pa.py_buffer(block),
            read_options=arrow_csv.ReadOptions(
                use_threads=False, block_size=len(block) + 1, column_names=places
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=layout.delimiter,
                newlines_in_values=quoted,
                ignore_empty_lines=False,
                invalid_row_handler=skip,
            ),
            convert_options=arrow_csv.ConvertOptions(
                include_columns=[str(place) for place in layout.kept.values()],
                column_types={
                    str(place): coded if name in layout.alike else pa.string()
                    for name, place in layout.kept.items()
                },
                null_values=_NULLS,
                strings_can_be_null=True,
                check_utf8=False,
            ),
        )
    except pa.ArrowInvalid:
        return _careful(block, layout, line)
    table = table.rename_columns(list(layout.kept)).combine_chunks()
    lines = block.count(b"\n") + (not block.endswith(b"\n"))
    straight = table.num_rows + len(invalid) == lines
    empty = _empty(table)
    # A row of which nothing is kept may be blank or not; the careful reading looks.
    if not straight and (
        empty is not None or _swallows(invalid) or _has_rows_in_cells(table, layout)
    ):
        return _careful(block, layout, line)
    if empty is not None:
        empty &= _blank_lines(block, layout, invalid)
    table = _trimmed(table)
    return _numbered(table, empty, invalid, layout, line, straight=straight)


def _decodes(block: bytes) -> bool:
    if block.isascii():
        return True
    try:
        block.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _swallows(invalid: Sequence[tuple[int, str]]) -> bool:
    return any("\n" in text for _, text in invalid)


def _has_rows_in_cells(table: Table, layout: Layout) -> bool:
    """Whether a line inside a cell is plainly a row of its own."""
    for column in table.columns:
        cells = column.unique()
        cells = (cells.dictionary if pa.types.is_dictionary(cells.type) else cells).drop_null()
        for cell in cells.filter(pc.match_substring(cells, "\n")).to_pylist():
            if any(_stands_alone(text, layout) for text in cell.split("\n")):
                return True
    return False


def _stands_alone(text: str, layout: Layout) -> bool:
    return layout.width > 1 and len(_cells([text], layout.delimiter) or ()) == layout.width


def _trimmed(table: Table) -> Table:
    columns = []
    for column in table.columns:
        array = column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
        if pa.types.is_dictionary(array.type):
            trimmed = pc.utf8_trim_whitespace(array.dictionary)
            columns.append(pa.DictionaryArray.from_arrays(array.indices, trimmed))
        else:
            columns.append(pc.utf8_trim_whitespace(array))
    return pa.table(columns, names=table.column_names)


def _numbered(
    table: Table,
    empty: Any,
    invalid: Sequence[tuple[int, str]],
    layout: Layout,
    line: int,
    *,
    straight: bool,
) -> Loaded:
    """The parsed rows with their numbers; lines that are blank are no rows."""
    total = table.num_rows + len(invalid)
    blank = {number for number, text in invalid if not text.strip(layout.delimiter + " \r")}
    broken = [(n, _miscounted(text, layout)) for n, text in invalid if n not in blank]
    numbers = None
    if invalid:
        numbers = np.delete(np.arange(total), [number for number, _ in invalid])
    if empty is not None and empty.any():
        rows = np.flatnonzero(empty)
        blank.update(int(row) for row in (rows if numbers is None else numbers[rows]))
        numbers = (np.arange(total) if numbers is None else numbers)[~empty]
        table = table.filter(pa.array(~empty))
    gaps = np.array(sorted(blank), np.int64)
    places = None if straight else _line_numbers(block_rows=total, table=table, numbers=numbers)

    def line_of(number: int) -> int:
        # Numbers leave out the lines that are blank; a line does not.
        place = number
        for gap in gaps:
            place += int(gap <= place)
        return line + (place if places is None else int(places[place]))

    if blank:
        shift = np.searchsorted(gaps, np.arange(total))
        numbers = numbers - shift[numbers] if numbers is not None else None
        broken = [(number - int(shift[number]), why) for number, why in broken]
    return Loaded(table, total - len(blank), numbers, broken, line_of)


def _empty(table: Table) -> Any:
    """Which rows say nothing at all; None where every row says something."""
    empty = None
    for column in table.columns:
        if column.null_count == 0:
            return None
        nulls = column.is_null().to_numpy()
        empty = nulls if empty is None else empty & nulls
        if not empty.any():
            return None
    return empty


def _blank_lines(block: bytes, layout: Layout, invalid: Sequence[tuple[int, str]]) -> Any:
    """Which parsed rows stand on lines with nothing but delimiters."""
    nothing = layout.delimiter.encode() + b' "\r'
    blank = np.array([not line.strip(nothing) for line in block.removesuffix(b"\n").split(b"\n")])
    return np.delete(blank, [number for number, _ in invalid])


def _line_numbers(*, block_rows: int, table: Table, numbers: Any) -> Any:
    """How many lines stand before each row, where cells run over several."""
    extra = np.zeros(block_rows + 1, np.int64)
    for column in table.columns:
        plain = column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
        counts = pc.count_substring(plain, "\n").fill_null(0).to_numpy()
        extra[1:][slice(None) if numbers is None else numbers] += counts
    return np.arange(block_rows) + np.cumsum(extra)[:-1]


def _miscounted(text: str, layout: Layout) -> str:
    count = len(_cells([text], layout.delimiter) or ())
    return (
        f"the row has {count} cells where the first line names {layout.width} columns; "
        "quote a text that holds a comma"
    )


def _cells(lines: Sequence[str], delimiter: str) -> list[str] | None:
    """The cells of one row; None while a quotation mark is open or where it has no cells."""
    # The reader asks for one line more exactly where a quotation mark is still open.
    reader = csv.reader([*(line + "\n" for line in lines), ""], delimiter=delimiter)
    try:
        cells = next(reader)
    except csv.Error:
        return []
    return None if reader.line_num > len(lines) else cells


def _careful(block: bytes, layout: Layout, line: int) -> Loaded:
    """The rows of a block read line by line."""
    lines = [each.removesuffix(b"\r") for each in io.BytesIO(block).read().split(b"\n")]
    rows: list[list[str]] = []
    numbers: list[int] = []
    broken: list[tuple[int, str]] = []
    places: list[int] = []
    place = 0
    while place < len(lines):
        cells, taken = _row_at(lines, place, layout)
        if cells != []:
            number = len(places)
            places.append(line + place)
            if isinstance(cells, str):
                broken.append((number, cells))
            else:
                rows.append(cells)
                numbers.append(number)
        place += taken
    columns = {
        name: pa.array([_said(row[at]) for row in rows], pa.string())
        for name, at in layout.kept.items()
    }
    return Loaded(pa.table(columns), len(places), np.array(numbers, np.int64), broken,
                  lambda number: places[number])  # fmt: skip


def _said(cell: str) -> str | None:
    bare = cell.strip()
    return None if bare in _NULLS else bare


def _row_at(lines: Sequence[bytes], place: int, layout: Layout) -> tuple[list[str] | str, int]:
    """The cells of the row that begins at a line, none where it is blank, or why there are none.

    And how many lines it takes.
    """
    texts: list[str] = []
    for raw in lines[place : place + _LINES_IN_A_CELL_MAX]:
        try:
            texts.append(raw.decode("utf-8"))
        except UnicodeDecodeError:
            return (_UNCLOSED if texts else _UNDECODABLE), 1
        if len(texts) > 1 and _stands_alone(texts[-1], layout):
            return _UNCLOSED, 1
        cells = _cells(texts, layout.delimiter)
        if cells is None:
            continue
        if not any(cell.strip() for cell in cells):
            return [], len(texts)
        if len(cells) != layout.width:
            return _miscounted("\n".join(texts), layout), len(texts)
        return cells, len(texts)
    return _UNCLOSED, 1
