"""Tables in CSV, XLSX and HTML as rows of text, each with its line and its raw bytes.

A damaged row is handed on as a message in its own place, and never takes its neighbours with it:
every line is decoded by itself, and a stray quotation mark swallows at most its own row.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from html.parser import HTMLParser
from pathlib import Path
from typing import IO, Final

from forbear.base.errors import InputError
from forbear.intake.rows import one_line

SNIFF_BYTES: Final = 1 << 20
_DELIMITERS: Final = (",", "\t", ";", "|", "\uff0c")
# A quoted cell may run over lines; one that runs over more than this was never closed.
_LINES_IN_A_CELL_MAX: Final = 60
HEADER_WITHIN_LINES: Final = 60


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
    # A character may be cut at the end of the sample, so the decoder is not told to finish.
    good, bad = _decodable_lines(head, "utf-8"), _decodable_lines(head, "gb18030")
    return "gb18030" if bad > good else "utf-8"


def _decodable_lines(head: bytes, encoding: str) -> int:
    """How many lines with bytes beyond ASCII decode; the last may be cut and is left out."""
    lines = head.split(b"\n")
    count = 0
    for line in lines[:-1] if len(head) >= SNIFF_BYTES else lines:
        if not line.isascii():
            try:
                line.decode(encoding)
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
        file.seek(0)
        delimiter = _delimiter(_top(path, encoding), like_header)
        yield from _split(_lines(file, encoding), delimiter)


def _top(path: Path, encoding: str) -> list[str]:
    with path.open("rb") as file:
        lines = []
        for number, line in enumerate(_lines(file, encoding)):
            if number >= HEADER_WITHIN_LINES:
                break
            lines.append(line.text or "")
        return lines


def _delimiter(top: list[str], like_header: Callable[[tuple[str, ...]], int]) -> str:
    best, most = ",", 0
    for delimiter in _DELIMITERS:
        for line in top:
            known = like_header(_cells(line, delimiter) or ())
            if known > most:
                best, most = delimiter, known
    return best


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    raw: bytes
    text: str | None


def _lines(file: IO[bytes], encoding: str) -> Iterator[_Line]:
    """Lines however they end, without their ends; ``text`` is None where bytes do not decode."""
    number = 0
    if encoding == "utf-16":
        for text in codecs.getreader("utf-16")(file, "replace"):
            number += 1
            plain = text.rstrip("\r\n").replace("\0", "")
            yield _Line(number, text.encode("utf-8", "replace"), plain)
        return
    for chunk in file:
        # A line of an old file may end in CR alone; bytes.splitlines knows exactly CR and LF.
        for raw in chunk.splitlines():
            number += 1
            body = raw.removeprefix(codecs.BOM_UTF8) if number == 1 else raw
            try:
                text = body.decode("utf-8" if encoding == "utf-8-sig" else encoding)
            except UnicodeDecodeError:
                yield _Line(number, raw, None)
                continue
            yield _Line(number, raw, text.replace("\0", ""))


def _split(lines: Iterator[_Line], delimiter: str) -> Iterator[Row]:
    width = 0
    held: list[_Line] = []
    for line in lines:
        if line.text is None:
            yield from _give_up(held)
            held = []
            yield _broken(line, "the encoding is wrong here; save the file as UTF-8")
            continue
        if held and _stands_alone(line.text, delimiter, width):
            yield from _give_up(held)
            held = []
        held.append(line)
        joined = "\n".join(part.text or "" for part in held)
        if not _balanced(joined):
            if len(held) > _LINES_IN_A_CELL_MAX:
                yield from _give_up(held)
                held = []
            continue
        row = _row(held, joined, delimiter)
        width = max(width, len(row.cells)) if row.line <= HEADER_WITHIN_LINES else width
        held = []
        yield row
    yield from _give_up(held)


def _balanced(text: str) -> bool:
    return text.count('"') % 2 == 0


def _stands_alone(text: str, delimiter: str, width: int) -> bool:
    """Whether a line under an open quotation mark is plainly a row of its own."""
    return width > 1 and _balanced(text) and len(_cells(text, delimiter) or ()) == width


def _cells(text: str, delimiter: str) -> tuple[str, ...] | None:
    """The cells of one row; None where it is not one row of a delimited text."""
    try:
        found = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        return None
    if not found:
        return ()
    return tuple(_bare(cell) for cell in found[0]) if len(found) == 1 else None


def _bare(cell: str) -> str:
    """A cell without the marks by which bills force a spreadsheet to show text."""
    bare = cell.strip().strip("\ufeff").strip()
    if bare.startswith('="') and bare.endswith('"') and len(bare) > 2:
        bare = bare[2:-1].strip()
    return bare.lstrip("'`") if bare[:1] in ("'", "`") else bare


def _row(held: list[_Line], joined: str, delimiter: str) -> Row:
    cells = _cells(joined, delimiter)
    if cells is None:
        return _broken(held[0], "the row cannot be split into columns; check its quotation marks")
    digest = hashlib.sha256(b"\n".join(line.raw for line in held)).hexdigest()
    return Row(line=held[0].number, cells=cells, sha256=digest)


def _give_up(held: list[_Line]) -> Iterator[Row]:
    """The lines after an unclosed quotation mark are rows again, all but the one that has it."""
    if held:
        yield _broken(held[0], 'a quotation mark " is never closed; close or remove it')
        for line in held[1:]:
            yield _broken(line, 'the row follows an unclosed quotation mark "; mend that one')


def _broken(line: _Line, why: str) -> Row:
    digest = hashlib.sha256(line.raw).hexdigest()
    return Row(line=line.number, cells=(), sha256=digest, broken=why)


def workbook_rows(path: Path, *, max_bytes: int) -> Iterator[Row]:
    """The rows of every sheet of an XLSX file; raises InputError where it is none.

    The line is the row's number on its sheet.
    """
    # The spreadsheet reader takes a quarter of a second to load, which a phone log never needs.
    from openpyxl import load_workbook  # noqa: PLC0415

    try:
        _check_archive(path, max_bytes)
        book = load_workbook(path, read_only=True, data_only=True)
        try:
            for sheet in book.worksheets:
                for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
                    cells = tuple(_bare(_as_text(value)) for value in values)
                    yield Row(line=number, cells=cells, sha256=_digest(cells))
        finally:
            book.close()
    except (InputError, GeneratorExit):
        raise
    except Exception as error:
        # The reader raises whatever its parts raise (KeyError, ParseError, BadZipFile …), and to
        # the person all of them mean the same.
        message = f"the workbook is damaged ({one_line(str(error))[:80]}); save it again as CSV"
        raise InputError(message) from error


def _check_archive(path: Path, max_bytes: int) -> None:
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
    if not any(entry.filename.startswith("xl/") for entry in entries):
        message = "it is a ZIP archive and no workbook; unpack it and give what is inside"
        raise InputError(message)
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > max_bytes:
        message = f"the workbook unpacks to {unpacked} bytes, more than {max_bytes}; split it"
        raise InputError(message)


def _digest(cells: tuple[str, ...]) -> str:
    return hashlib.sha256("\t".join(cells).encode("utf-8", "replace")).hexdigest()


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


class _Tables(HTMLParser):
    """Collects the rows of every table of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[tuple[int, list[str]]] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag == "tr":
            self.rows.append((self.getpos()[0], []))
        elif tag in ("td", "th") and self.rows:
            self.rows[-1][1].append("")
        self._open = tag in ("td", "th") or (self._open and tag not in ("tr", "table"))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self._open = False

    def handle_data(self, data: str) -> None:
        if self._open and self.rows and self.rows[-1][1]:
            self.rows[-1][1][-1] += data


def page_rows(path: Path) -> Iterator[Row]:
    """The rows of the tables of an HTML page, as carriers save bills under the name of .xls."""
    data = path.read_bytes()
    parser = _Tables()
    parser.feed(data.decode(encoding_of(data[:SNIFF_BYTES]), "replace"))
    parser.close()
    for line, texts in parser.rows:
        cells = tuple(_bare(" ".join(text.split())) for text in texts)
        yield Row(line=line, cells=cells, sha256=_digest(cells))
