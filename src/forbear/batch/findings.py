"""Findings on disk: one Parquet file for each bucket and book, whole or not there at all."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from forbear.batch.schema import FINDINGS, Table
from forbear.batch.state import write_whole

FOLDER: Final = "findings"
ERRORS: Final = pa.schema(
    [
        ("input", pa.string()),  # contacts, facts or persons
        ("file", pa.string()),
        ("row", pa.int64()),  # of its file, from 1
        ("line", pa.int64()),  # of a text, from 1
        ("position", pa.int64()),  # of a contact over all inputs, from 0
        ("why", pa.string()),
    ]
)
# Those of which no two are alike are written as they are.
_PLAIN: Final = frozenset({"position", "id", "at", "first", "last", "breached"})


def folder_of(book: str) -> str:
    """The name of a book as that of a folder."""
    return re.sub(r"^\.|[^\w.@+-]", "_", book)


def part_path(out: Path, book: str, bucket: int) -> Path:
    """Where the findings of a bucket before a book stand."""
    return out / FOLDER / folder_of(book) / f"part-{bucket:04}.parquet"


def write_part(path: Path, findings: Table, book: str, packs: Mapping[str, str]) -> int:
    """Write findings in the order given, with the packs that made them; returns the size."""
    told = {b"forbear.book": book.encode(), b"forbear.packs": json.dumps(dict(packs)).encode()}
    table = findings.select(FINDINGS.names).cast(FINDINGS).replace_schema_metadata(told)

    def write(part: Path) -> None:
        pq.write_table(
            table,
            part,
            use_dictionary=[name for name in FINDINGS.names if name not in _PLAIN],
            column_encoding={"position": "DELTA_BINARY_PACKED", "at": "DELTA_BINARY_PACKED"},
            compression="zstd",
            compression_level=1,
        )

    return write_whole(path, write)


class Errors:
    """The rows that could not be read, appended to a file as they come."""

    def __init__(self, path: Path) -> None:
        """Begin the file anew."""
        self._writer = pq.ParquetWriter(path, ERRORS)
        self.count = 0
        self.first: str | None = None

    def add(self, rows: list[dict[str, Any]]) -> None:
        """Append rows after ERRORS."""
        if rows:
            self.first = self.first or _told(rows[0])
            self.count += len(rows)
            self._writer.write_table(pa.Table.from_pylist(rows, schema=ERRORS))

    def close(self) -> None:
        """Finish the file; raises OSError where the disk is full."""
        self._writer.close()


def _told(row: Mapping[str, Any]) -> str:
    place = f"row {row['row']:,}" if row["line"] is None else f"line {row['line']:,}"
    return f"{row['file']}, {place}: {row['why']}"
