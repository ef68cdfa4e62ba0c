"""A ledger of a Chinese lender before whole packs, by each form of them; how long one loads.

A ledger is a folder of Arrow files, so that each engine's process can read it; what a pack found is
compared by the six rules that all packs here have in common, or in full.
"""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from forbear.batch import plain
from forbear.batch.schema import Audited, Chunk
from forbear.law.book import Book, load
from parts import ledger, six_rules
from parts.audit_data import Array
from parts.turns import Contender, Run

SIX: Final = "six rules of it, compiled"
WHOLE: Final = "the whole pack cn, compiled"
PLAIN: Final = "the whole pack cn, in its plain form"
_PARTS: Final = ("contacts", "facts", "persons")


def write(folder: Path, count: int) -> Path:
    """Draw a ledger of ``count`` contacts into a folder of its own, and the pack of six rules."""
    folder.mkdir()
    made = ledger.ledger(count)
    for part in _PARTS:
        table = getattr(made, part)
        with pa.ipc.new_file(str(folder / f"{part}.arrow"), table.schema) as file:
            file.write_table(table)
    six_rules.written(folder)
    return folder


def read(folder: Path) -> Chunk:
    """A ledger as it was written, whole in memory."""
    return Chunk(**{part: _table(folder / f"{part}.arrow") for part in _PARTS})


def _table(path: Path) -> Any:
    with pa.ipc.open_file(pa.py_buffer(path.read_bytes())) as file:
        return file.read_all()


def size(folder: Path) -> int:
    """Bytes of the Arrow tables of a ledger."""
    made = read(folder)
    return sum(getattr(made, part).nbytes for part in _PARTS)


def whole(folder: Path) -> Run:
    """The pack as it ships, compiled."""
    return _compiled(load(["cn"]), folder)


def six(folder: Path) -> Run:
    """Six of its rules, compiled."""
    return _compiled(load([str(folder / "cn-six")]), folder)


def in_plain(folder: Path) -> Run:
    """The pack as it ships, contact by contact."""
    book, made = load(["cn"]), read(folder)
    return lambda: plain.audit_chunk([book], made)


def _compiled(book: Book, folder: Path) -> Run:
    from forbear.batch import compiled  # noqa: PLC0415 - the plain form needs none of it

    made = read(folder)
    return lambda: compiled.audit_chunk([book], made)


def of_the_six(found: list[Audited]) -> Array:
    """Which contacts broke which of the six rules, as numbers that go up."""
    table = found[0].findings
    place = pc.index_in(table["rule"].cast(pa.string()), value_set=pa.array(six_rules.RULES))
    both = pa.table({"position": table["position"], "place": place}).drop_null()
    return np.sort(both["position"].to_numpy() * 8 + both["place"].to_numpy())


def everything(found: list[Audited]) -> Array:
    """The findings in full, and what is not shown, as bytes."""
    tables = (found[0].findings, found[0].not_shown.sort_by("rule"))
    rows = [table.to_pylist() for table in tables]
    return np.frombuffer(json.dumps(rows, default=str).encode(), np.uint8)


def notes(found: list[Audited]) -> dict[str, float]:
    """What is told beside the times."""
    stats = found[0].stats
    return {
        "findings": found[0].findings.num_rows,
        "debtors": stats.debtors,
        "plain_debtors": stats.plain_debtors,
        "plain_contacts": stats.plain_contacts,
        "situations": stats.situations,
    }


CONTENDERS: Final = (
    Contender(name=WHOLE, load=whole, read=of_the_six, notes=notes),
    Contender(name=SIX, load=six, read=of_the_six, notes=notes),
)


def first_answer(name: str) -> dict[str, float]:
    """Seconds of a fresh process to load a pack, to import, and to answer for one debtor."""
    moments = [perf_counter()]
    book = load([name])
    moments.append(perf_counter())
    from forbear.batch import compiled  # noqa: PLC0415 - its import is a part of what is timed

    moments.append(perf_counter())
    made = ledger.ledger(ledger.CONTACTS_EACH)
    moments.append(perf_counter())
    cpu = process_time()
    compiled.audit_chunk([book], made)
    cpu = process_time() - cpu
    moments.append(perf_counter())
    loaded, imported, _, answered = (after - before for before, after in pairwise(moments))
    return {
        "load": loaded,
        "import": imported,
        "answer": answered,
        "answer_cpu": cpu,
        "rules": len(book.rules),
    }


if __name__ == "__main__":
    print(json.dumps(first_answer(sys.argv[1])))
