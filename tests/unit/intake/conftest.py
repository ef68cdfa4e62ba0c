"""What the tests of the importers share: a written-down now, and files made from a few rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from forbear.intake import Log, read_logs

Read = Callable[..., Log]
Book = Callable[..., Path]
NOW = datetime(2026, 3, 20, 4, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Writes each text or bytes to a file of its own and reads them all together."""

    def read_them(*contents: str | bytes, names: Sequence[str] = (), **options: Any) -> Log:
        paths = []
        for place, content in enumerate(contents):
            path = tmp_path / (names[place] if names else f"log{place}.txt")
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
            paths.append(path)
        return read_logs(paths, now=NOW, **options)

    return read_them


@pytest.fixture
def workbook(tmp_path: Path) -> Book:
    """Writes the rows of each sheet, given by name, into a workbook and returns its path."""

    def write(**sheets: list[list[Any]]) -> Path:
        book = Workbook()
        book.remove(book.worksheets[0])
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
        path = tmp_path / "book.xlsx"
        book.save(path)
        return path

    return write
