"""Sheets of an XLSX file as rows of text."""

from __future__ import annotations

import hashlib
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final

from forbear.base.errors import InputError
from forbear.intake.rows import one_line
from forbear.intake.table import Row, bare

# A sheet may claim 16,384 columns; no log has a tenth of these.
_COLUMNS_MAX: Final = 200
_UNPACKED_BYTES_MAX: Final = 100 << 20


def workbook_sheets(path: Path, *, max_bytes: int) -> list[tuple[str, list[Row]]]:
    """The name and rows of every sheet with something on it; raises InputError where it is none.

    The line is the row's number on its sheet.
    """
    # The spreadsheet reader takes a quarter of a second to load, which a phone log never needs.
    from openpyxl import load_workbook  # noqa: PLC0415

    try:
        _check_archive(path, min(max_bytes, _UNPACKED_BYTES_MAX))
        # It warns of missing styles and odd dates, which a person who reads a log cannot mend.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(path, read_only=True, data_only=True)
            try:
                sheets = [(sheet.title, list(_rows(sheet))) for sheet in book.worksheets]
            finally:
                book.close()
    except InputError:
        raise
    except Exception as error:
        # The reader raises whatever its parts raise (KeyError, ParseError, BadZipFile …), and to
        # the person all of them mean the same.
        message = f"the workbook is damaged ({one_line(str(error))[:80]}); save it again as CSV"
        raise InputError(message) from error
    return [(title, rows) for title, rows in sheets if rows]


def _rows(sheet: Any) -> Iterator[Row]:
    # Some writers state a size of one cell, and the reader would believe it.
    sheet.reset_dimensions()
    found = sheet.iter_rows(max_col=_COLUMNS_MAX, values_only=True)
    for number, values in enumerate(found, start=1):
        if values.count(None) == len(values):
            continue
        width = len(values)
        while width and values[width - 1] is None:
            width -= 1
        cells = tuple([bare(_as_text(value)) for value in values[:width]])
        if any(cells):
            digest = hashlib.sha256("\t".join(cells).encode("utf-8", "replace")).hexdigest()
            yield Row(line=number, cells=cells, sha256=digest)


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


def _as_text(value: object) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, time):
        return value.isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else str(value)
