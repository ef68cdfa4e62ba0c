"""Sheets of an XLSX file as rows of text, read with openpyxl.

Openpyxl trusts what it reads. What a stranger's file may cost is bounded here, before and around
it: the bytes and elements that it unpacks to, how often parts are read, and the text that results.
Rows whose numbers do not ascend, which no spreadsheet program writes, are left out by openpyxl.
"""

from __future__ import annotations

import hashlib
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import redirect_stdout
from datetime import datetime, time
from pathlib import Path
from typing import Final

from forbear.base.errors import InputError
from forbear.intake.rows import one_line
from forbear.intake.table import Row, bare

# A sheet may claim 16,384 columns; no log has a tenth of these.
_COLUMNS_MAX: Final = 256
_ROWS_MAX: Final = 1 << 20
_UNPACKED_BYTES_MAX: Final = 64 << 20
# An element takes up to 300 bytes of memory, and a full cell is two elements.
_ELEMENTS_MAX: Final = 3_000_000
# The parser begins a long tag anew with each piece that it is given.
_LONG_TAG: Final = re.compile(rb"<[^<]{1000000}")
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_READ_COST: Final = 512


def workbook_sheets(path: Path, *, max_bytes: int) -> list[tuple[str, list[Row]]]:
    """The name and rows of every sheet with something on it; raises InputError where it is none.

    The line is the row's number on its sheet.
    """
    try:
        # Openpyxl warns of what it leaves out, and prints a style that it does not find.
        quiet = warnings.catch_warnings(action="ignore"), redirect_stdout(io.StringIO())
        with _File(path) as file, quiet[0], quiet[1]:
            _check(file, min(max_bytes, _UNPACKED_BYTES_MAX))
            return [(title, rows) for title, rows in _sheets(file) if rows]
    except Exception as error:
        # A damaged part raises whatever its reader raises (KeyError, ParseError, BadZipFile …), and
        # to the person all of them mean the same. Openpyxl wraps some of them.
        cause = error.__cause__ or error
        if isinstance(cause, InputError):
            raise cause from None
        message = f"the workbook is damaged ({one_line(str(cause))[:80]}); save it again as CSV"
        raise InputError(message) from error


class _File(io.FileIO):
    """A file that may be read a few times over, since a workbook can name one part endlessly."""

    left: int | None = None

    def read(self, size: int | None = -1, /) -> bytes:
        """As of any file; raises InputError once everything was read several times."""
        content = super().read(-1 if size is None else size)
        if self.left is not None:
            self.left -= len(content) + _READ_COST
            if self.left < 0:
                raise InputError("the workbook repeats its parts too often; save it again as CSV")
        return content


def _check(file: _File, max_bytes: int) -> None:
    with zipfile.ZipFile(file) as archive:
        entries = archive.infolist()
        if not any(entry.filename.startswith("xl/") for entry in entries):
            message = "it is a ZIP archive and no workbook; unpack it and give what is inside"
            raise InputError(message)
        unpacked = sum(entry.file_size for entry in entries)
        if unpacked > max_bytes:
            message = f"the workbook unpacks to {unpacked} bytes, more than {max_bytes}; split it"
            raise InputError(message)
        if any(entry.compress_type not in _METHODS for entry in entries):
            raise InputError("the workbook is packed in an unusual way; save it again as CSV")
        elements = 0
        for entry in entries:
            content = archive.read(entry)
            elements += content.count(b"<") - content.count(b"</")
            if elements > _ELEMENTS_MAX:
                raise InputError("the workbook has too many cells; split it")
            if entry.filename.startswith("xl/media/"):
                continue
            if _LONG_TAG.search(content):
                raise InputError("the workbook has a cell of a million bytes; save it as CSV")
            # Defusedxml, through which openpyxl reads, refuses them in whatever encoding; where
            # lxml is installed, openpyxl reads all but the sheets and their texts with that.
            if b"<!ENTITY" in content:
                raise InputError("the workbook declares entities, which none does; save it as CSV")
    # A sheet is opened twice, once for its size; each time takes three reads and those of its text.
    file.left = 3 * file.seek(0, io.SEEK_END) + 8 * _READ_COST * (len(entries) + 16)


def _sheets(file: _File) -> Iterator[tuple[str, list[Row]]]:
    # It takes a while to load, and most files that people have are no workbooks.
    from openpyxl import load_workbook  # noqa: PLC0415 - slow to load, and few logs are workbooks

    book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    if not book.worksheets:
        raise InputError("the workbook has no sheet that can be read; save it again as CSV")
    left = _UNPACKED_BYTES_MAX
    for sheet in book.worksheets:
        sheet.reset_dimensions()
        rows: list[Row] = []
        for line, values in enumerate(sheet.iter_rows(values_only=True), start=1):
            cells = [_shown(value) for value in values[:_COLUMNS_MAX]]
            left -= 1 + len(values) + sum(map(len, cells))
            if line > _ROWS_MAX or left < 0:
                raise InputError("the workbook holds more than is read; split it")
            while cells and not cells[-1]:
                cells.pop()
            if cells:
                digest = hashlib.sha256("\t".join(cells).encode("utf-8", "replace")).hexdigest()
                rows.append(Row(line=line, cells=tuple(cells), sha256=digest))
        yield sheet.title, rows


def _shown(value: object) -> str:
    """A cell's value as text: a number without a fraction that says nothing, a date as ISO."""
    if isinstance(value, str):
        return bare(value)
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, time):
        return value.isoformat(timespec="seconds")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
