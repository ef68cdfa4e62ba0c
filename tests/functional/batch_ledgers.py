"""Made-up ledgers of many debtors, in every form that the batch engine reads."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import ipc
from tests.property.worlds import world

from forbear.batch.rows import chunk_of
from forbear.batch.schema import Chunk
from forbear.law.auditing import Debtor
from forbear.law.case import read_case

_OFFSETS = (timedelta(hours=8), timedelta(hours=-5), timedelta(0))


def ledger(pack: str, debtors: int, seed: int = 1) -> Chunk:
    """Random debtors with contacts, as a chunk whose positions are those of a ledger's rows."""
    rnd = Random(seed)
    found = {}
    for number in range(debtors):
        case = read_case(world(rnd, pack))
        if case.history:
            found[f"p-{number}"] = Debtor(
                contacts=case.history, facts=case.facts, zone=case.zone, region=case.region
            )
    chunk = chunk_of(found)
    # A ledger stands in the order of time, and its rows bear names of their own.
    contacts = chunk.contacts.sort_by("at")
    names = [f"c-{number}" for number in range(contacts.num_rows)]
    agents = [f"agent-{number % 7}" if number % 5 else None for number in range(len(names))]
    for name, column in (("id", names), ("agent", agents), ("position", range(len(names)))):
        at = contacts.schema.get_field_index(name)
        kind = contacts.schema.field(at).type
        plain = kind.value_type if pa.types.is_dictionary(kind) else kind
        contacts = contacts.set_column(at, name, pa.array(column, plain).cast(kind))
    return Chunk(contacts=contacts, facts=chunk.facts, persons=chunk.persons)


def said(contacts: pa.Table) -> pa.Table:
    """The columns of a ledger that say anything, without the position, which no ledger has."""
    names = [n for n in contacts.column_names if contacts[n].null_count < contacts.num_rows]
    return contacts.select([name for name in names if name != "position"])


def write_parquet(table: pa.Table, path: Path, **how: Any) -> Path:
    """The table as one Parquet file."""
    pq.write_table(said(table), path, **how)
    return path


def write_folder(table: pa.Table, path: Path, parts: int = 3) -> Path:
    """The table as a folder of Parquet files."""
    path.mkdir()
    rows = said(table)
    size = -(-rows.num_rows // parts)
    for part in range(parts):
        pq.write_table(rows.slice(part * size, size), path / f"{part:03}.parquet")
    return path


def write_arrow(table: pa.Table, path: Path, *, stream: bool) -> Path:
    """The table as an Arrow file or an Arrow stream, in small batches."""
    rows = said(table)
    with (ipc.new_stream if stream else ipc.new_file)(path, rows.schema) as writer:
        writer.write_table(rows, max_chunksize=500)
    return path


def write_csv(table: pa.Table, path: Path) -> Path:
    """The table as a lender would export it: other names, times with various offsets."""
    rows = said(table)
    names = {"person": "Borrower ID", "debts": "loan_id", "id": "contact_id"}
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([names.get(name, name) for name in rows.column_names])
    for number, row in enumerate(rows.to_pylist()):
        writer.writerow([_cell(value, number) for value in row.values()])
    packed = gzip.compress if path.suffix == ".gz" else bytes
    path.write_bytes(packed(text.getvalue().encode()))
    return path


def write_json_lines(table: pa.Table, path: Path) -> Path:
    """The table as one JSON object a line."""
    with path.open("w", encoding="utf-8") as file:
        for row in said(table).to_pylist():
            told = {key: _json(key, value) for key, value in row.items() if value is not None}
            file.write(json.dumps(told, ensure_ascii=False) + "\n")
    return path


def _cell(value: Any, number: int) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        offset = timezone(_OFFSETS[number % len(_OFFSETS)])
        return value.astimezone(offset).isoformat(sep="T" if number % 2 else " ")
    if isinstance(value, bool):
        return ("yes" if value else "no") if number % 2 else str(value).lower()
    return ";".join(value) if isinstance(value, list) else str(value)


def _json(key: str, value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return json.loads(value) if key in {"value", "agent_profile"} else value


def findings_in(out: Path, book: str) -> list[dict[str, Any]]:
    """Every finding that a job wrote for a book, in the order of position and rule."""
    parts = sorted((out / "findings" / book).glob("*.parquet"))
    rows: Iterable[dict[str, Any]] = (
        row for part in parts for row in pq.read_table(part).to_pylist()
    )
    return sorted(rows, key=lambda row: (row["position"], row["rule"]))


def files_of(out: Path) -> dict[str, bytes]:
    """Every file that a finished job leaves, byte for byte."""
    return {
        str(path.relative_to(out)): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }
