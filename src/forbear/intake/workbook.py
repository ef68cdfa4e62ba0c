"""Sheets of an XLSX file as rows of text.

Only what a bill or a ledger needs is read: texts, numbers and dates as they are stored. A general
reader takes six times as long, which a lender's contacts of a year would feel.
"""

from __future__ import annotations

import hashlib
import posixpath
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Final
from xml.parsers import expat

from forbear.base.errors import InputError
from forbear.intake.rows import one_line
from forbear.intake.table import Row, bare

# A sheet may claim 16,384 columns; no log has a tenth of these.
_COLUMNS_MAX: Final = 200
_UNPACKED_BYTES_MAX: Final = 64 << 20
_PIECE_BYTES: Final = 1 << 16
_DIGITS: Final = "0123456789"

Attributes = dict[str, str]


def workbook_sheets(path: Path, *, max_bytes: int) -> list[tuple[str, list[Row]]]:
    """The name and rows of every sheet with something on it; raises InputError where it is none.

    The line is the row's number on its sheet.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check(archive, min(max_bytes, _UNPACKED_BYTES_MAX))
            sheets = list(_sheets(archive))
    except InputError:
        raise
    except Exception as error:
        # A damaged part raises whatever its reader raises (KeyError, ExpatError, BadZipFile …), and
        # to the person all of them mean the same.
        message = f"the workbook is damaged ({one_line(str(error))[:80]}); save it again as CSV"
        raise InputError(message) from error
    return [(title, rows) for title, rows in sheets if rows]


def _check(archive: zipfile.ZipFile, max_bytes: int) -> None:
    entries = archive.infolist()
    if not any(entry.filename.startswith("xl/") for entry in entries):
        message = "it is a ZIP archive and no workbook; unpack it and give what is inside"
        raise InputError(message)
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > max_bytes:
        message = f"the workbook unpacks to {unpacked} bytes, more than {max_bytes}; split it"
        raise InputError(message)


@dataclass(slots=True)
class _Book:
    """What the cells of every sheet refer to."""

    texts: list[str] = field(default_factory=list)
    formats: dict[str, str] = field(default_factory=dict)
    styles: list[str] = field(default_factory=list)
    since_1904: bool = False
    sheets: list[tuple[str, str]] = field(default_factory=list)

    def moment(self, style: str, number: float) -> str | None:
        """The date, hour or length that a number shows as; None where it shows as a number."""
        # These take a while to load, and most files that people have are no workbooks.
        from openpyxl.styles import numbers  # noqa: PLC0415
        from openpyxl.utils import datetime as dates  # noqa: PLC0415

        code = self.styles[int(style)] if int(style) < len(self.styles) else "0"
        shown = self.formats.get(code) or numbers.BUILTIN_FORMATS.get(int(code), "")
        if not numbers.is_date_format(shown):
            return None
        epoch = dates.MAC_EPOCH if self.since_1904 else dates.WINDOWS_EPOCH
        try:
            found = dates.from_excel(number, epoch, timedelta=numbers.is_timedelta_format(shown))
        except (OverflowError, ValueError):
            return None
        if isinstance(found, datetime):
            return found.isoformat(sep=" ", timespec="seconds")
        return found.isoformat(timespec="seconds") if isinstance(found, time) else str(found)


def _sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, list[Row]]]:
    main = next(
        (target for kind, target in _links(archive, "").values() if kind == "officeDocument"),
        "xl/workbook.xml",
    )
    links = _links(archive, main)
    book = _Book()
    _parse(archive, main, lambda tag, has: _note_sheet(book, tag, has))
    for kind, target in links.values():
        if kind == "sharedStrings":
            book.texts = _shared_texts(archive, target)
        elif kind == "styles":
            _read_styles(archive, target, book)
    for title, link in book.sheets:
        kind, target = links[link]
        if kind == "worksheet":
            sheet = _Sheet(book)
            _parse(archive, target, sheet.start, sheet.end, sheet.text)
            yield title, sheet.rows


def _links(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """What a part of the workbook refers to: for each reference its kind and the other part."""
    folder, name = posixpath.split(part)
    found: dict[str, tuple[str, str]] = {}

    def note(tag: str, has: Attributes) -> None:
        if tag == "Relationship":
            target = posixpath.normpath(posixpath.join("/", folder, has["Target"])).lstrip("/")
            found[has["Id"]] = (posixpath.basename(has["Type"]), target)

    where = posixpath.join(folder, "_rels", f"{name}.rels")
    if where in archive.namelist():
        _parse(archive, where, note)
    return found


def _note_sheet(book: _Book, tag: str, has: Attributes) -> None:
    if tag == "workbookPr":
        book.since_1904 = has.get("date1904") in ("1", "true")
    elif tag == "sheet":
        link = next(value for key, value in has.items() if key.endswith(":id"))
        book.sheets.append((has.get("name", ""), link))


def _read_styles(archive: zipfile.ZipFile, part: str, book: _Book) -> None:
    inside = ""

    def note(tag: str, has: Attributes) -> None:
        nonlocal inside
        if tag in ("cellXfs", "cellStyleXfs", "dxfs"):
            inside = tag
        elif tag == "numFmt" and inside != "dxfs":
            book.formats[has["numFmtId"]] = has["formatCode"]
        elif tag == "xf" and inside == "cellXfs":
            book.styles.append(has.get("numFmtId", "0"))

    _parse(archive, part, note)


def _shared_texts(archive: zipfile.ZipFile, part: str) -> list[str]:
    texts: list[str] = []
    held: list[str] = []
    reading = phonetic = False

    def start(tag: str, _: Attributes) -> None:
        nonlocal reading, phonetic
        phonetic = phonetic or tag == "rPh"
        reading = tag == "t" and not phonetic

    def end(tag: str) -> None:
        nonlocal reading, phonetic
        reading = False
        if tag == "rPh":
            phonetic = False
        elif tag == "si":
            texts.append("".join(held))
            held.clear()

    def text(shown: str) -> None:
        if reading:
            held.append(shown)

    _parse(archive, part, start, end, text)
    return texts


class _Sheet:
    """Collects the rows of one sheet while it is parsed."""

    def __init__(self, book: _Book) -> None:
        self.rows: list[Row] = []
        self._book = book
        self._line = self._column = 0
        self._cells: list[str] = []
        self._kind = self._style = ""
        self._held: list[str] = []
        self._reading = self._phonetic = False

    def start(self, tag: str, has: Attributes) -> None:
        """An element begins."""
        if tag == "c":
            place = has.get("r")
            self._column = _column(place.rstrip(_DIGITS)) if place else self._column + 1
            self._kind, self._style = has.get("t", "n"), has.get("s", "")
            self._held.clear()
        elif tag in ("v", "t"):
            self._reading = not self._phonetic
        elif tag == "row":
            self._line = max(int(has.get("r", 0)), self._line + 1)
            self._column = 0
            self._cells = []
        elif tag == "rPh":
            self._phonetic = True

    def end(self, tag: str) -> None:
        """An element ends."""
        if tag in ("v", "t"):
            self._reading = False
        elif tag == "c":
            if self._held and self._column <= _COLUMNS_MAX:
                self._cells += [""] * (self._column - 1 - len(self._cells))
                self._cells.append(bare(self._shown("".join(self._held))))
        elif tag == "row":
            if any(self._cells):
                digest = hashlib.sha256("\t".join(self._cells).encode("utf-8", "replace"))
                cells = tuple(self._cells)
                self.rows.append(Row(line=self._line, cells=cells, sha256=digest.hexdigest()))
        elif tag == "rPh":
            self._phonetic = False

    def text(self, shown: str) -> None:
        """A piece of text."""
        if self._reading:
            self._held.append(shown)

    def _shown(self, stored: str) -> str:
        """A cell's value as text: a number without a fraction that says nothing, a date as ISO."""
        if self._kind == "s":
            return self._book.texts[int(stored)]
        if self._kind == "b":
            return str(stored == "1")
        if self._kind != "n":
            return stored
        if self._style and (moment := self._book.moment(self._style, float(stored))):
            return moment
        if stored.isdecimal():
            return stored
        number = float(stored)
        return str(int(number)) if number.is_integer() else str(number)


@lru_cache(maxsize=1024)
def _column(letters: str) -> int:
    """The number of a column: A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter.upper()) - ord("A") + 1
    return number


def _parse(
    archive: zipfile.ZipFile,
    part: str,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Tell the parts of one XML file as they come; raises InputError where it declares a type."""

    def refuse(*_: object) -> None:
        message = "the workbook declares a document type, which none does; save it again as CSV"
        raise InputError(message)

    local = lru_cache(maxsize=256)(lambda tag: tag.rpartition(":")[2])
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda tag, has: start(local(tag), has)
    if end is not None:
        parser.EndElementHandler = lambda tag: end(local(tag))
    parser.CharacterDataHandler = text
    with archive.open(part) as file:
        while piece := file.read(_PIECE_BYTES):
            parser.Parse(piece, False)  # noqa: FBT003 - the parser takes no keywords
        parser.Parse(b"", True)  # noqa: FBT003
