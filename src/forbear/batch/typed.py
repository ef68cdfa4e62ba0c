"""What the columns of an input are called and must hold: contacts, facts, persons."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from forbear.base.clock import clock, parse_second
from forbear.base.errors import CaseError, InputError
from forbear.base.words import WEEKDAYS, Channel, FactKind, Party
from forbear.batch import casting, nested
from forbear.batch.casting import Column, Wrong
from forbear.batch.delimited import Loaded
from forbear.batch.schema import CONTACTS, FACTS, INSTANT, LISTS, NUMBERS, TABLES, TRUTHS, Table
from forbear.intake.headers import Names, plain_name
from forbear.intake.ledger import LEDGER_NAMES
from forbear.law.case import cut

# Known to a lender's ledger, but nothing that the law asks of a whole portfolio.
_UNREAD: Final = frozenset({"number", "duration"})
_PLACE: Final[Names] = {"zone": ("zone", "timezone"), "region": ("region",)}
_CONTACT_NAMES: Final[Names] = {
    **LEDGER_NAMES,
    "seq": ("seq",),
    "recorded_at": ("recorded_at",),
    **_PLACE,
}
_PERSON: Final[Names] = {"person": LEDGER_NAMES["person"]}
_FACT_NAMES: Final[Names] = {
    **{name: (name,) for name in FACTS.names},
    **_PERSON,
    "debts": LEDGER_NAMES["debts"],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of input: the names of its columns, those it needs, and how one is cast.

    ``alike`` are the columns in which words repeat.
    """

    name: str
    names: Names
    needs: tuple[str, ...]
    cast: Callable[[str, Column, Wrong, frozenset[str]], Column]
    alike: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Headed:
    """Which columns of an input are read: the known name of each with its own, and the others."""

    columns: Mapping[str, str]
    unknown: tuple[str, ...]


def headed(kind: Kind, columns: Sequence[str], where: str) -> Headed:
    """The known columns among those of an input; raises InputError where needed ones are missing.

    Of several names for one column the first known counts.
    """
    plain: dict[str, str] = {}
    for column in columns:
        plain.setdefault(plain_name(column), column)
    found = {
        name: plain[synonym]
        for name, synonyms in kind.names.items()
        for synonym in [next((s for s in map(plain_name, synonyms) if s in plain), None)]
        if synonym is not None
    }
    missing = [name for name in kind.needs if name not in found]
    if missing:
        shown = ", ".join(columns[:12]) or "none"
        known = ", ".join(name for name in kind.names if name not in _UNREAD)
        raise InputError(
            f"{where}: there is no column {missing[0]} for {kind.name}, only {shown}; "
            f"known are {known}"
        )
    named = {plain_name(s) for synonyms in kind.names.values() for s in synonyms}
    return Headed(
        columns={name: column for name, column in found.items() if name not in _UNREAD},
        unknown=tuple(column for column in columns if plain_name(column) not in named),
    )


def typed(kind: Kind, loaded: Loaded, whole: frozenset[str]) -> tuple[Table, list[tuple[int, str]]]:
    """The sound rows with typed columns, and the numbers of the others with the reason.

    ``whole`` are the columns of names that hold whole numbers in all inputs. Raises InputError for
    a column that holds something else altogether.
    """
    wrong: Wrong = {}
    columns: dict[str, Column] = {}
    for name in loaded.table.column_names:
        column = loaded.table.column(name)
        if isinstance(column, pa.ChunkedArray):
            column = column.unify_dictionaries()
            column = column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
        columns[name] = kind.cast(name, column, wrong, whole)
    for name in kind.needs:
        if name in columns and name != "person":
            _needed(name, columns[name], wrong)
    if kind.name == FACT.name:
        wrong.update({row: why for row, why in _wrong_zones(columns) if row not in wrong})
    numbers = loaded.numbers
    if numbers is None:
        numbers = np.arange(loaded.rows)
    table = pa.table({"position": pa.array(numbers, pa.int64()), **columns})
    if not wrong:
        return table, list(loaded.broken)
    good = np.ones(table.num_rows, np.bool_)
    good[list(wrong)] = False
    broken = [(int(numbers[row]), why) for row, why in wrong.items()]
    return table.filter(pa.array(good)), sorted([*loaded.broken, *broken])


_HOW: Final = {
    "at": "the time is missing; add one such as 2026-03-10T17:59:00+08:00",
    "since": "a fact needs the moment from which it holds; add it",
}


def _needed(name: str, column: Column, wrong: Wrong) -> None:
    if column.null_count:
        words = casting.WORDS.get(name, FactKind)
        how = _HOW.get(name) or f"it is missing; add one, such as {next(iter(words))}"
        for row in np.flatnonzero(column.is_null().to_numpy(zero_copy_only=False)):
            wrong.setdefault(int(row), f"{name}: {how}")


def _contact(name: str, column: Column, wrong: Wrong, whole: frozenset[str]) -> Column:
    if name in casting.WORDS:
        return casting.words(column, casting.WORDS[name], name, wrong)
    if name == "debts":
        return casting.debts(column, wrong, whole=name in whole)
    if name in TABLES:
        return nested.profiles(column, name, wrong)
    if name in TRUTHS:
        return casting.truths(column, name, wrong)
    if name in LISTS:
        return casting.lists(column, name, wrong)
    if name in NUMBERS or name == "seq":
        return casting.numbers(column, name, wrong, whole=name == "seq")
    if name == "zone":
        return _zones(column, wrong)
    if CONTACTS.get_field_index(name) >= 0 and CONTACTS.field(name).type == INSTANT:
        return casting.instants(column, name, wrong)
    found = casting.names(column, name, whole=name in whole)
    return found if name in {"id", "address", "person"} else casting.encoded(found)


def _fact(name: str, column: Column, wrong: Wrong, whole: frozenset[str]) -> Column:
    if name in {"channel", "party"}:
        return casting.words(column, Channel if name == "channel" else Party, name, wrong)
    if name == "kind":
        return _kinds(column, wrong)
    if name in {"since", "until", "recorded_at"}:
        return casting.instants(column, name, wrong, ever=True)
    if name == "debts":
        return casting.lists(column, name, wrong)
    if name == "value":
        return nested.values(column, name, wrong)
    if name == "window":
        return casting.by_entry(_dashed(column), _window, pa.string(), wrong)
    if name == "weekdays":
        return _weekdays(casting.lists(column, name, wrong), wrong)
    return _person(column, wrong, whole) if name == "person" else casting.names(column, name)


def _place(name: str, column: Column, wrong: Wrong, whole: frozenset[str]) -> Column:
    if name == "person":
        return _person(column, wrong, whole)
    return _zones(column, wrong) if name == "zone" else casting.names(column, name)


def _person(column: Column, wrong: Wrong, whole: frozenset[str]) -> Column:
    """Persons in the form that the contacts have: whole numbers where theirs are."""
    found = casting.names(column, "person", whole="person" in whole)
    if "person" not in whole or not casting.text_like(found.type):
        return found

    def number(cell: str) -> int:
        if not cell.isdecimal() or str(int(cell)) != cell:
            raise ValueError(f"person {cut(cell)} is no whole number, as those of the contacts are")
        return int(cell)

    return casting.by_entry(found, number, pa.int64(), wrong)


def _zones(column: Column, wrong: Wrong) -> Column:
    def read(cell: str) -> str | None:
        return clock(cell.strip()).name if cell.strip() else None

    return casting.by_entry(_texts(column, "zone"), read, _CODED, wrong)


def _kinds(column: Column, wrong: Wrong) -> Column:
    def read(cell: str) -> str | None:
        bare = cell.strip().lower()
        if bare and bare not in _KINDS:
            raise ValueError(f"kind: {cut(cell)} is unknown; known are {', '.join(FactKind)}")
        return bare or None

    return casting.by_entry(_texts(column, "kind"), read, _CODED, wrong)


_KINDS: Final = frozenset(map(str, FactKind))
_CODED: Final = pa.dictionary(pa.int32(), pa.string())


def _texts(column: Column, name: str) -> Column:
    return casting.texts(casting.names(column, name))


def _dashed(column: Column) -> Column:
    """Windows as text; a list of two times is one written with a dash."""
    if not (pa.types.is_list(column.type) or pa.types.is_large_list(column.type)):
        return _texts(column, "window")
    cells = column.to_pylist()
    return pa.array([None if cell is None else "-".join(map(str, cell)) for cell in cells])


def _window(cell: str) -> str | None:
    ends = [end.strip() for end in cell.split("-")]
    if ends == [""]:
        return None
    if len(ends) != 2:
        raise ValueError(f"window: {cut(cell)} is no pair of times; write 18:00-23:00")
    for end in ends:
        parse_second(end, where="window")
    return "-".join(ends)


def _weekdays(column: Column, wrong: Wrong) -> Column:
    for row, days in enumerate(column.to_pylist()):
        if days is not None and not set(days) <= set(WEEKDAYS):
            why = f"weekdays: {cut(days)} are no weekdays; write a list of {', '.join(WEEKDAYS)}"
            wrong.setdefault(row, why)
    return column


def _wrong_zones(columns: Mapping[str, Column]) -> Iterable[tuple[int, str]]:
    """The facts that name a plausible zone which there is not, by row."""
    named = pc.equal(columns["kind"], str(FactKind.POSSIBLE_TIMEZONE)).fill_null(fill_value=False)
    for row in np.flatnonzero(named.to_numpy(zero_copy_only=False)):
        value = columns["value"][int(row)].as_py() if "value" in columns else None
        try:
            clock((value or "").strip('"'))
        except CaseError as error:
            yield int(row), f"value: {error}"


CONTACT: Final = Kind(
    name="contacts",
    names=_CONTACT_NAMES,
    needs=("at", "channel"),
    cast=_contact,
    alike=frozenset(_CONTACT_NAMES)
    - {"at", "recorded_at", "seq", "id", "person", "debts", "address", "text", "thread"}
    - {"read_at", "caller_id"},
)
FACT: Final = Kind(
    name="facts",
    names=_FACT_NAMES,
    needs=("kind", "since"),
    cast=_fact,
    alike=frozenset({"kind", "channel", "party", "window", "weekdays"}),
)
PERSON: Final = Kind(
    name="persons",
    names={**_PERSON, **_PLACE},
    needs=("person",),
    cast=_place,
    alike=frozenset({"zone", "region"}),
)
