"""Ledgers of any length as Parquet files, drawn and written piece by piece.

A lender has branches, each with debtors of its own and a ledger of at most a million contacts. The
file holds the contacts of all of them, window by window of the same ninety days: it is in the order
of time up to less than a day, and every debtor's contacts lie scattered over all of it.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from parts.ledger import DAY, DAYS, START, ledger

BRANCH: Final = 1_000_000
_NAMED: Final = ("id", "person")


def write(folder: Path, count: int, seed: int = 1) -> Path:
    """Write ``contacts``, ``facts`` and ``persons`` as Parquet files, of ``count`` contacts."""
    folder.mkdir()
    sizes = [min(BRANCH, count - start) for start in range(0, count, BRANCH)]
    paths = []
    with _Files(folder) as files:
        for number, size in enumerate(sizes):
            made = ledger(size, seed + number)
            files.add("facts", _renamed(made.facts, number))
            files.add("persons", _renamed(made.persons, number))
            contacts = _renamed(made.contacts.drop_columns("position"), number)
            paths.append(_cut(contacts, folder / f"branch-{number}.arrow", len(sizes)))
        opened = [pa.ipc.open_file(pa.OSFile(str(path))) for path in paths]
        for window in range(len(sizes)):
            for file in opened:
                files.add("contacts", pa.Table.from_batches([file.get_batch(window)]))
    for path in paths:
        path.unlink()
    return folder


def _renamed(table: Any, branch: int) -> Any:
    """The table with names that no other branch has."""
    for name in set(_NAMED) & set(table.column_names):
        column = table[name].cast(pa.string())
        column = pc.binary_join_element_wise(f"{branch}-", column, "")
        table = table.set_column(table.column_names.index(name), name, column)
    return table


def _cut(contacts: Any, path: Path, windows: int) -> Path:
    """Write a branch as one batch for each window of time, compressed, to be read in any order."""
    at = contacts["at"].cast(pa.int64()).to_numpy()
    borders = START + DAYS * DAY * np.arange(1, windows) // windows
    cuts = [0, *np.searchsorted(at, borders), len(at)]
    (rows,) = contacts.combine_chunks().to_batches()
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    with pa.ipc.new_file(str(path), contacts.schema, options=options) as file:
        for start, end in pairwise(cuts):
            file.write_batch(rows.slice(start, end - start))
    return path


class _Files:
    """Parquet files that grow, each by row groups of the size that readers like."""

    ROWS: Final = 250_000

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.writers: dict[str, Any] = {}
        self.waiting: dict[str, list[Any]] = {}

    def __enter__(self) -> _Files:
        return self

    def __exit__(self, *_: object) -> None:
        for name, writer in self.writers.items():
            self._write(name)
            writer.close()

    def add(self, name: str, table: Any) -> None:
        """Append rows; they are written when there are enough for a row group."""
        if name not in self.writers:
            path = self.folder / f"{name}.parquet"
            self.writers[name] = pq.ParquetWriter(path, table.schema, compression="zstd")
        waiting = self.waiting.setdefault(name, [])
        waiting.append(table)
        if sum(each.num_rows for each in waiting) >= self.ROWS:
            self._write(name)

    def _write(self, name: str) -> None:
        waiting = self.waiting[name]
        if waiting:
            self.writers[name].write_table(pa.concat_tables(waiting))
        waiting.clear()
