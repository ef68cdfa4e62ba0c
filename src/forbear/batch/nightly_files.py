"""The nightly close from Parquet to Parquet, a chunk of loans at a time, so that memory is bounded.

The files that are written appear only when they are whole. What is held of all loans at once is
their ids, because an id that stands in two rows is wrong in both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from forbear.base.errors import InputError
from forbear.batch.nightly import close_table
from forbear.batch.nightly_schema import CLOSED, ERRORS, LOANS, scale
from forbear.batch.schema import Table
from forbear.batch.state import locked, write_whole, writing_to
from forbear.loans.parts import Component

CHUNK: Final = 1 << 14  # loans: of 36 instalments each they hold 42 MB of days and amounts
CLOSED_FILE: Final = "closed.parquet"
ERRORS_FILE: Final = "errors.parquet"
SUMMED: Final = (
    "interest_accrued",
    "late_interest",
    *(f"{when}_{part}" for when in ("due", "overdue", "outstanding") for part in Component),
)
_DAMAGED: Final = (OSError, pa.ArrowInvalid, pa.ArrowNotImplementedError)
_KEYS: Final = ("currency", "bucket")
# Columns in which few values are alike gain nothing from a dictionary.
_ALIKE: Final = ("currency", "closed_on", "bucket", "bucket_move", "next_due")


@dataclass(slots=True, kw_only=True)
class Tally:
    """What a close came to: loans closed, rows in error, and loans that the scalar form closed.

    ``sums`` holds, by currency and bucket, how many ``loans`` there are and the sums of SUMMED in
    minor units; ``worse`` and ``better`` count the loans that moved to another bucket.
    """

    loans: int = 0
    errors: int = 0
    scalar: int = 0
    worse: int = 0
    better: int = 0
    sums: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)
    first_errors: list[dict[str, Any]] = field(default_factory=list)

    def add(self, closed: Table) -> None:
        """Take in loans that were closed."""
        self.loans += closed.num_rows
        move = closed.column("bucket_move").to_numpy()
        self.worse += int((move > 0).sum())
        self.better += int((move < 0).sum())
        found = closed.group_by(_KEYS).aggregate(
            [("id", "count"), *((name, "sum") for name in SUMMED)]
        )
        for row in found.to_pylist():
            own = self.sums.setdefault((row["currency"], row["bucket"]), {"loans": 0})
            own["loans"] += row["id_count"]
            for name in SUMMED:
                own[name] = own.get(name, 0) + row[f"{name}_sum"]


def close_files(
    paths: Sequence[Path], on: date, out: Path, tell: Callable[[int], None] | None = None
) -> Tally:
    """Close every loan of Parquet files after LOANS on the day ``on``, into the folder ``out``.

    Writes ``closed.parquet`` (CLOSED) and ``errors.parquet`` (ERRORS), and hands ``tell`` the
    number of rows read so far. Raises InputError where a file cannot be read at all, where no loan
    can be closed, and where nothing can be written; what an earlier close wrote is kept then.
    """
    tally = Tally()
    twice = _twice(paths)

    def write(closed: Path, errors: Path) -> None:
        with pq.ParquetWriter(
            closed, CLOSED, compression="zstd", compression_level=1, use_dictionary=list(_ALIKE)
        ) as good, pq.ParquetWriter(errors, ERRORS) as bad:  # fmt: skip
            for table, wrong in _closed(paths, on, twice, tally, tell):
                good.write_table(table)
                if wrong:
                    bad.write_table(pa.Table.from_pylist(wrong, schema=ERRORS))
        if tally.errors and not tally.loans:
            raise InputError(_none_closed(tally))

    with writing_to(out), locked(out), _parts_removed(out):
        write_whole(
            out / CLOSED_FILE,
            lambda closed: _whole(out / ERRORS_FILE, lambda errors: write(closed, errors)),
        )
    return tally


def _whole(path: Path, write: Callable[[Path], None]) -> None:
    write_whole(path, write)


@contextmanager
def _parts_removed(out: Path) -> Iterator[None]:
    """Leave nothing half written where a close does not end; what stood there stays."""
    try:
        yield
    except BaseException:
        for name in (CLOSED_FILE, ERRORS_FILE):
            (out / f".{name}.part").unlink(missing_ok=True)
        raise


def _none_closed(tally: Tally) -> str:
    first = tally.first_errors[0]
    return (
        f"no loan could be closed, {tally.errors:,} in all; {first['file']}, "
        f"row {first['row']:,}: {first['why']}"
    )


def _closed(
    paths: Sequence[Path],
    on: date,
    twice: Any,
    tally: Tally,
    tell: Callable[[int], None] | None,
) -> Iterator[tuple[Table, list[dict[str, Any]]]]:
    weights, done = scale(), 0
    for path in paths:
        start = 0
        for table in _chunks(path, LOANS.names):
            places: Any = ()
            if len(twice):
                found = pc.is_in(_ids(table), value_set=twice).to_numpy(zero_copy_only=False)
                places = np.flatnonzero(found)
            with _named(path):
                closed, wrong, scalar = close_table(table, on, places, weights)
            rows = [
                {"file": str(path), "row": start + place + 1, "id": ident, "why": why}
                for place, ident, why in wrong
            ]
            tally.scalar += scalar
            tally.errors += len(rows)
            tally.first_errors += rows[: max(0, 3 - len(tally.first_errors))]
            tally.add(closed)
            start += table.num_rows
            done += table.num_rows
            if tell is not None:
                tell(done)
            yield closed, rows


def _twice(paths: Sequence[Path]) -> Any:
    """The ids that stand in more than one row, as an array."""
    ids = [chunk for path in paths for table in _chunks(path, ["id"]) for chunk in [_ids(table)]]
    counted = pa.chunked_array(ids, pa.string()).value_counts() if ids else None
    if counted is None:
        return pa.array([], pa.string())
    more = pc.and_(pc.greater(counted.field("counts"), 1), counted.field("values").is_valid())
    return counted.field("values").filter(more)


def _ids(table: Table) -> Any:
    """The ids as texts; a file without them is refused where its loans are read."""
    if "id" not in table.column_names:
        return pa.array([], pa.string())
    column = table.column("id").combine_chunks()
    return column if column.type == pa.string() else column.cast(pa.string())


def _chunks(path: Path, names: Sequence[str]) -> Iterator[Table]:
    """The rows of a file in chunks, of those columns that are known."""
    try:
        with pq.ParquetFile(path, pre_buffer=False) as file:
            wanted = [name for name in file.schema_arrow.names if name in names]
            for batch in file.iter_batches(CHUNK, columns=wanted):
                yield pa.Table.from_batches([batch])
    except _DAMAGED as error:
        said = str(error).partition("\n")[0].rstrip(".")
        raise InputError(
            f"{path}: it cannot be read as Parquet ({said}); write it again, one row a loan"
        ) from error


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Name the file in what is wrong with one of its columns."""
    try:
        yield
    except InputError as error:
        raise InputError(f"{path}: {error}") from error
