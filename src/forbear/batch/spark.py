"""The audit on many machines: Spark brings whole debtors together, and an engine judges them.

Contacts, facts and persons are shuffled by person, so that every partition holds whole debtors.
Each partition is one chunk and is judged by the same engine as on one machine, with the same
findings. One debtor cannot be split: nothing about a contact is known before all earlier ones are.
"""

from __future__ import annotations

import json
import pickle
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import unquote

import numpy as np
import pyarrow as pa
from pyspark.errors import PySparkException
from pyspark.sql import functions as F  # noqa: N812 - the name by which everybody knows it
from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema

from forbear import __version__
from forbear.base.errors import InputError
from forbear.batch.compiled import audit_chunk
from forbear.batch.delimited import Loaded
from forbear.batch.executor import (
    CHUNK,
    ERROR,
    FINDING,
    POSITION,
    ROWS,
    Task,
    books_of,
    judged,
    version_of,
)
from forbear.batch.job import Engine
from forbear.batch.partition import KINDS
from forbear.batch.schema import FINDINGS, NOT_SHOWN, Stats, Table
from forbear.batch.typed import CONTACT, Headed, Kind, headed, typed

DataFrame = Any  # of pyspark, which is not always installed where types are checked
Session = Any

CONTACTS_EACH: Final = 250_000
# Names of columns on the way, which no ledger has.
_KEY, _FILE, _ROW, _START = "forbear_key", "forbear_file", "forbear_row", "forbear_start"
_NAMES: Final = ("person", "lender", "debts")


# ── what comes back ──


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """A whole ledger before one book; ``not_shown`` is a table after NOT_SHOWN."""

    judged: int
    not_shown: Table
    stats: Stats


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The audit, as one DataFrame after ROWS that every action on it works out anew: save it first.

    ``books`` are the names under which findings stand, ``partitions`` how many chunks there are,
    and ``notes`` tell which columns were not read.
    """

    rows: DataFrame
    books: tuple[str, ...]
    partitions: int
    notes: tuple[str, ...] = ()

    def saved(self, folder: str) -> Answer:
        """Run the audit into a new folder of Parquet files; gives the answer that reads from there.

        Raises InputError, in one line, where an executor cannot go on.
        """
        session = self.rows.sparkSession
        with _in_one_line("the audit stopped"), _instants_with_a_zone(session):
            self.rows.write.partitionBy("what", "book").parquet(folder)
            return replace(self, rows=session.read.schema(self.rows.schema).parquet(folder))

    @property
    def findings(self) -> DataFrame:
        """One row for each finding, after FINDINGS and with its ``book``, in no order."""
        return self._of(FINDING).select("book", *FINDINGS.names)

    @property
    def errors(self) -> DataFrame:
        """The rows that could not be read: of which ``input``, at which ``position``, and why."""
        return self._of(ERROR).select("input", POSITION, "why")

    def totals(self) -> dict[str, Totals]:
        """What all partitions say together before each book."""
        with _in_one_line("the audit stopped"):
            rows = self._of(CHUNK).select("book", "told").toArrow().to_pylist()
        return {
            book: _summed([json.loads(row["told"]) for row in rows if row["book"] == book])
            for book in self.books
        }

    def _of(self, what: str) -> DataFrame:
        return self.rows.where(F.col("what") == what)


@contextmanager
def _instants_with_a_zone(session: Session) -> Iterator[None]:
    """Write times as other tools read them; the form that Spark likes tells them no zone."""
    before = session.conf.get(_TIMES)
    session.conf.set(_TIMES, "TIMESTAMP_MICROS")
    try:
        yield
    finally:
        session.conf.set(_TIMES, before)


_TIMES: Final = "spark.sql.parquet.outputTimestampType"


def _summed(told: Iterable[Mapping[str, Any]]) -> Totals:
    judged, stats = 0, Stats()
    contacts: dict[tuple[str, str], int] = {}
    for each in told:
        judged += each["judged"]
        stats.add(Stats(**each["stats"]))
        for rule, clause, count in each["not_shown"]:
            contacts[rule, clause] = contacts.get((rule, clause), 0) + count
    rows = [
        {"rule": rule, "clause": clause, "contacts": count}
        for (rule, clause), count in sorted(contacts.items())
    ]
    return Totals(judged=judged, not_shown=pa.Table.from_pylist(rows, NOT_SHOWN), stats=stats)


# ── on the driver ──


def audit_on_spark(
    session: Session,
    contacts: DataFrame,
    facts: DataFrame | None = None,
    persons: DataFrame | None = None,
    packs: Sequence[str] = ("cn",),
    *,
    partitions: int | None = None,
    engine: Engine | None = None,
) -> Answer:
    """The ledger before each of the packs, in partitions of whole debtors.

    Columns are those of schema.CONTACTS, FACTS and PERSONS under any name that a ledger may give
    them. ``contacts`` must bear ``position``, the number of each row, as ``read_parquet`` gives it;
    where the other two bear it, their rows are taken in its order. Each pack is a book of its own;
    ``+`` joins what belongs together: ``cn+cn-humane``. ``partitions`` is None for one for every
    250,000 contacts, which are counted for it. ``engine`` is None for the compiled one.

    Raises InputError, in one line, for a column that is missing or holds something else, and for an
    executor that lacks Forbear or has another version of a pack; PackError as ``load`` does.
    """
    versions = tuple(version_of(written) for written in packs)
    books = tuple(version.name for version in versions)
    if not books or len(set(books)) < len(books):
        message = f"packs: {', '.join(books) or 'none'}; name at least one, and each once"
        raise InputError(message)
    frames = {CONTACT.name: contacts, "facts": facts, "persons": persons}
    inputs = [_Input(kind, frame) for kind in KINDS if (frame := frames[kind.name]) is not None]
    whole = inputs[0].whole_names()
    for each in inputs:
        each.check(whole)
    if partitions is None:
        least = session.sparkContext.defaultParallelism
        partitions = max(least, -(-contacts.count() // CONTACTS_EACH))
    task = Task(versions=versions, whole=whole, partitions=partitions, engine=engine or audit_chunk)
    _check_executors(session, task)
    rows = _mapped(
        _together(inputs).repartition(partitions, _KEY).drop(_KEY),
        lambda batches: judged(task, batches),
        ROWS,
    )
    notes = tuple(note for each in inputs for note in each.notes())
    return Answer(rows=rows, books=books, partitions=partitions, notes=notes)


def read_parquet(session: Session, *paths: str) -> DataFrame:
    """Parquet files with the ``position`` of each row, numbered as one machine numbers them.

    That is in the order of the paths, and in a folder in the order of the files' names. Raises
    InputError, in one line, for a path that cannot be read.
    """
    found, start = None, 0
    for path in paths:
        with _in_one_line(path):
            frame = session.read.parquet(path)
            place = F.col("_metadata.file_path")
            counted = frame.groupBy(place.alias(_FILE)).count().collect()
        sizes = {row[_FILE]: row["count"] for row in counted}
        names = sorted(sizes, key=lambda name: unquote(name).split("/"))
        ends = start + np.cumsum([0, *(sizes[name] for name in names)])
        starts = list(zip(names, ends.tolist(), strict=False))
        columns = [_column(name) for name in frame.columns if name != POSITION]
        row = F.col("_metadata.row_index")
        rows = frame.select(*columns, place.alias(_FILE), row.alias(_ROW)).join(
            F.broadcast(session.createDataFrame(starts, f"{_FILE} string, {_START} long")), _FILE
        )
        rows = rows.select(*columns, (F.col(_START) + F.col(_ROW)).alias(POSITION))
        found = rows if found is None else found.unionByName(rows, allowMissingColumns=True)
        start = int(ends[-1])
    return found


def _column(name: str) -> Any:
    return F.col("`" + name.replace("`", "``") + "`")


class _Input:
    """A DataFrame of one kind, and which of its columns are read."""

    def __init__(self, kind: Kind, frame: DataFrame) -> None:
        """Raises InputError where a needed column is missing."""
        own = [name for name in frame.columns if name != POSITION]
        self.kind, self.frame = kind, frame
        self.headed: Headed = headed(kind, own, kind.name)
        self.numbered = POSITION in frame.columns
        if kind is CONTACT and not self.numbered:
            raise InputError(
                "contacts: there is no column position; read the ledger with read_parquet, or "
                "number its rows from 0"
            )
        columns = [_column(theirs).alias(ours) for ours, theirs in self.headed.columns.items()]
        if self.numbered:
            columns.append(_column(POSITION))
        self.struct = F.struct(*columns).alias(kind.name)
        self.type = frame.select(self.struct).schema[kind.name].dataType
        with _in_one_line(kind.name):
            self.schema = to_arrow_schema(self.type, timezone="UTC")

    def whole_names(self) -> frozenset[str]:
        """The columns of names that hold whole numbers, and those that are not there."""
        known = self.headed.columns
        return frozenset(
            name
            for name in _NAMES
            if name not in known or pa.types.is_integer(self.schema.field(name).type)
        )

    def check(self, whole: frozenset[str]) -> None:
        """Raises InputError for a column of a type that can hold nothing of what it should."""
        if self.numbered and not pa.types.is_integer(self.schema.field(POSITION).type):
            raise InputError(f"{self.kind.name}: the column position holds no whole numbers")
        empty = self.schema.empty_table().select(list(self.headed.columns))
        try:
            typed(self.kind, Loaded(empty, 0), whole)
        except InputError as error:
            message = f"{self.kind.name}: {error}"
            raise InputError(message) from error

    def notes(self) -> Iterator[str]:
        """Which columns are not read."""
        if self.headed.unknown:
            unknown = ", ".join(self.headed.unknown)
            yield f"{self.kind.name}: these columns are unknown and were not read: {unknown}."

    def key(self) -> Any:
        """The person of a row as a text that is the same in all inputs."""
        if "person" not in self.headed.columns:
            return F.lit("")
        person = _column(self.headed.columns["person"])
        if pa.types.is_floating(self.schema.field("person").type):
            person = F.when(~F.isnan(person), person).cast("bigint")
        return F.coalesce(person.cast("string"), F.lit(""))


def _together(inputs: Sequence[_Input]) -> DataFrame:
    """All inputs as one DataFrame: a key, and a struct for each kind, of which one is not null."""
    found = None
    for each in inputs:
        columns = [
            each.struct if other is each else F.lit(None).cast(other.type).alias(other.kind.name)
            for other in inputs
        ]
        rows = each.frame.select(each.key().alias(_KEY), *columns)
        found = rows if found is None else found.union(rows)
    return found


def _mapped(frame: DataFrame, function: Any, schema: Any) -> DataFrame:
    """``mapInArrow``, without PySpark's warning about a version of pandas, which is not used."""
    with warnings.catch_warnings(), _in_one_line("Spark cannot run Python"):
        warnings.filterwarnings(
            "ignore", "PySpark does not yet fully support pandas", FutureWarning
        )
        return frame.mapInArrow(function, from_arrow_schema(schema))


_OWN: Final = re.compile(r"^forbear\.base\.errors\.\w+: (.*)$", re.MULTILINE)
_LAST: Final = re.compile(r"^((?:\w+\.)*\w*(?:Error|Exception|Killed)\b.*)$", re.MULTILINE)


@contextmanager
def _in_one_line(what: str) -> Iterator[None]:
    """Turn what Spark raises, with the stack of a worker in it, into one line."""
    try:
        yield
    except PySparkException as error:
        told = str(error)
        own, lines = _OWN.findall(told), _LAST.findall(told)
        said = own[-1] if own else (lines or told.splitlines() or [type(error).__name__])[-1]
        message = f"{what}: {said.strip()[:300]}"
        raise InputError(message) from error


# ── asking the executors ──


def _ready(task: Task) -> None:
    """Raises what keeps this worker from judging."""
    books_of(task.versions)


def _check_executors(session: Session, task: Task) -> None:
    """Ask the executors that are there whether they can judge, before any row is moved."""
    asked = pickle.dumps((_ready, task))

    def look(batches: Iterable[Any]) -> Iterator[Any]:
        """Sent by value, so that it runs where there is no Forbear."""
        import pickle  # noqa: PLC0415 - it runs on another machine
        import socket  # noqa: PLC0415

        import pyarrow as pa  # noqa: PLC0415

        for _ in batches:
            continue
        why = None
        try:
            ready, task = pickle.loads(asked)  # noqa: S301 - from our own driver
            ready(task)
        except Exception as error:  # noqa: BLE001 - whatever it is, the driver tells it
            why = f"{type(error).__name__}: {error}"
        yield pa.record_batch(
            {"host": pa.array([socket.gethostname()]), "why": pa.array([why], pa.string())}
        )

    size = session.sparkContext.defaultParallelism
    schema = pa.schema([("host", pa.string()), ("why", pa.string())])
    mend = (
        f"install forbear[batch,spark] {__version__} on every machine, or ship an environment that "
        "has it with --archives, and name its Python in PYSPARK_PYTHON"
    )
    try:
        with _in_one_line("the executors cannot run Python with Arrow"):
            found = _mapped(session.range(0, size, 1, size), look, schema).collect()
    except InputError as error:
        message = f"{error}; {mend}"
        raise InputError(message) from error
    for row in found:
        if row["why"] is not None:
            raise InputError(f"the executor on {row['host']} cannot judge: {row['why']}; {mend}")
