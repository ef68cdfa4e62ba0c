"""Delimited text as rows, each with its line and its raw bytes; and how texts are decoded.

A damaged row is handed on as a message in its own place, and never takes its neighbours with it:
every line is decoded by itself, and a stray quotation mark spoils at most its own row.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SNIFF_BYTES: Final = 1 << 20
HEADER_WITHIN_LINES: Final = 60
_PIECE_BYTES: Final = 1 << 18
_LINE_BYTES_MAX: Final = 1 << 20
_DELIMITERS: Final = (",", "\t", ";", "|", "\uff0c")
# A quoted cell may run over lines; one that runs over more than this was never closed.
_LINES_IN_A_CELL_MAX: Final = 60
_WIDE_SAMPLE_BYTES: Final = 512
_WIDE_ZEROS_ONE_IN: Final = 8
_UNDECODABLE: Final = "the encoding is wrong here; save the file as UTF-8"
_UNCLOSED: Final = 'a quotation mark " is never closed; close or remove it'


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: ``cells`` as text, or ``broken`` saying why there are none."""

    line: int
    cells: tuple[str, ...]
    sha256: str
    broken: str | None = None


def encoding_of(head: bytes) -> str:
    """The encoding of a text by its first bytes: a BOM decides, then UTF-8, then GB18030."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if wide := _wide_encoding(head[:_WIDE_SAMPLE_BYTES]):
        return wide
    # Nearly every Chinese line in UTF-8 passes for GB18030, and hardly any the other way round.
    utf8, gb18030 = _decodable_lines(head, "utf-8"), _decodable_lines(head, "gb18030")
    return "gb18030" if gb18030 > 2 * utf8 else "utf-8"


def _wide_encoding(sample: bytes) -> str | None:
    """UTF-16 without a BOM: digits and signs have a zero each, and always in the same half."""
    first, second = sample[::2].count(0), sample[1::2].count(0)
    if len(sample) > _WIDE_ZEROS_ONE_IN * (first + second):
        return None
    # A few characters, such as U+4E00, have their zero in the other half.
    if first * 4 <= second:
        return "utf-16-le"
    return "utf-16-be" if second * 4 <= first else None


def _decodable_lines(head: bytes, encoding: str) -> int:
    """How many lines with bytes beyond ASCII decode; the last may be cut inside a character."""
    lines = head.split(b"\n")
    count = 0
    for number, line in enumerate(lines, start=1):
        if not line.isascii():
            try:
                codecs.getincrementaldecoder(encoding)().decode(line, number < len(lines))
            except UnicodeDecodeError:
                continue
            count += 1
    return count


def text_rows(path: Path, like_header: Callable[[tuple[str, ...]], int]) -> Iterator[Row]:
    """The rows of a delimited text.

    ``like_header`` tells how many of the cells are known column names; the delimiter is the one
    under which some line near the top has most of them.
    """
    with path.open("rb") as file:
        encoding = encoding_of(file.read(SNIFF_BYTES))
    top = []
    for line in _lines(path, encoding):
        top.append(line.text or "")
        if len(top) == HEADER_WITHIN_LINES:
            break
    yield from _split(_lines(path, encoding), _delimiter(top, like_header))


def _delimiter(top: list[str], like_header: Callable[[tuple[str, ...]], int]) -> str:
    best, most = ",", 0
    for delimiter in _DELIMITERS:
        for line in top:
            known = like_header(_cells_alone(line, delimiter))
            if known > most:
                best, most = delimiter, known
    return best


@dataclass(frozen=True, slots=True)
class _Line:
    """A line without its end; ``text`` is None where ``why`` says that it cannot be read."""

    number: int
    raw: bytes
    text: str | None
    why: str = ""


def _lines(path: Path, encoding: str) -> Iterator[_Line]:
    wide = encoding.startswith("utf-16")
    narrow_encoding = "gb18030" if encoding == "gb18030" else "utf-8"
    pieces = _transcoded(path, encoding) if wide else _pieces(path)
    for number, raw in enumerate(_raw_lines(pieces), start=1):
        if raw is None:
            why = "the line is longer than 1 MiB, which no row is; remove it"
            yield _Line(number, b"", None, why)
            continue
        try:
            text = raw.decode(narrow_encoding)
        except UnicodeDecodeError:
            yield _Line(number, raw, None, _UNDECODABLE)
            continue
        yield _Line(number, raw, text.replace("\0", "") if "\0" in text else text)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE_BYTES):
            yield piece


def _transcoded(path: Path, encoding: str) -> Iterator[bytes]:
    """A text of two-byte units as UTF-8; what does not decode shows as U+FFFD."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    for piece in _pieces(path):
        yield decoder.decode(piece).encode("utf-8", "replace")
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")


def _raw_lines(pieces: Iterator[bytes]) -> Iterator[bytes | None]:
    """Lines however they end (LF, CR LF, CR), without their ends; None for one far too long."""
    held = b""
    overlong = False
    for piece in pieces:
        lines = (held + piece).splitlines(keepends=True)
        # A line that ends in CR waits for the next piece, which may begin with its LF.
        held = b"" if not lines or lines[-1].endswith(b"\n") else lines.pop()
        for line in lines:
            yield None if overlong else line.rstrip(b"\r\n")
            overlong = False
        if len(held) > _LINE_BYTES_MAX:
            held, overlong = b"", True
    if overlong or held:
        yield None if overlong else held.rstrip(b"\r\n")


def _split(lines: Iterator[_Line], delimiter: str) -> Iterator[Row]:
    width = 0
    held: list[_Line] = []
    for line in lines:
        if held and (line.text is None or _stands_alone(line.text, delimiter, width)):
            yield from _give_up(held, delimiter)
            held = []
        held.append(line)
        row = _row(held, delimiter)
        if row is None:
            if len(held) > _LINES_IN_A_CELL_MAX:
                yield from _give_up(held, delimiter)
                held = []
            continue
        if row.line <= HEADER_WITHIN_LINES:
            width = max(width, len(row.cells))
        held = []
        yield row
    yield from _give_up(held, delimiter)


def _stands_alone(text: str, delimiter: str, width: int) -> bool:
    """Whether a line under an open quotation mark is plainly a row of its own."""
    return width > 1 and len(_cells_alone(text, delimiter)) == width


def _cells_alone(text: str, delimiter: str) -> tuple[str, ...]:
    """The cells of a line that is a row by itself; none where it is not."""
    try:
        return _cells([text], delimiter) or ()
    except csv.Error:
        return ()


def _row(held: list[_Line], delimiter: str) -> Row | None:
    """The row that these lines make; None while a quotation mark in them is still open."""
    digest = hashlib.sha256(b"\n".join(line.raw for line in held)).hexdigest()
    first = held[0]
    if first.text is None:
        return Row(line=first.number, cells=(), sha256=digest, broken=first.why)
    try:
        cells = _cells([line.text or "" for line in held], delimiter)
    except csv.Error:
        broken = "the row cannot be split into columns; check its quotation marks"
        return Row(line=first.number, cells=(), sha256=digest, broken=broken)
    if cells is None:
        return None
    return Row(line=first.number, cells=cells, sha256=digest)


def _cells(lines: list[str], delimiter: str) -> tuple[str, ...] | None:
    """The cells of one row; None while a quotation mark is open. Raises csv.Error."""
    if len(lines) == 1 and '"' not in lines[0]:
        return tuple([bare(cell) for cell in lines[0].split(delimiter)]) if lines[0] else ()
    # The reader asks for one line more exactly where a quotation mark is still open.
    reader = csv.reader([*(line + "\n" for line in lines), ""], delimiter=delimiter)
    cells = next(reader)
    return None if reader.line_num > len(lines) else tuple([bare(cell) for cell in cells])


def _give_up(held: list[_Line], delimiter: str) -> Iterator[Row]:
    """The lines after an unclosed quotation mark are rows again, all but the one that has it."""
    for place, line in enumerate(held):
        row = _row([line], delimiter) if place else None
        digest = hashlib.sha256(line.raw).hexdigest()
        yield row or Row(line=line.number, cells=(), sha256=digest, broken=_UNCLOSED)


def bare(cell: str) -> str:
    """A cell without the marks by which bills force a spreadsheet to show text."""
    plain = cell.strip()
    if not plain or plain[0].isalnum():
        return plain
    plain = plain.strip("\ufeff").strip()
    if plain.startswith('="') and plain.endswith('"') and plain != '="':
        plain = plain[2:-1].strip()
    return plain.lstrip("'`")
