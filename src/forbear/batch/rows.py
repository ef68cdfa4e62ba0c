"""Rows of a chunk as the contacts and facts that the plain form of the law reads, and back again.

The forms and the defaults are those of a contact case, so that a row says what the same contact
says in JSON. A row bears its position in ``Contact.source``, because a finding is about a contact
and the batch must know about which row.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from forbear.base.contact import UNSAID, Contact, ContactId, Fact, LenderId, Source
from forbear.base.errors import CaseError
from forbear.base.words import MORE_KEYS, WEEKDAYS, Channel, Direction, Outcome, Party, Purpose
from forbear.batch.schema import CONTACTS, FACTS, INSTANT, PERSONS, TABLES, Chunk, Table
from forbear.law.auditing import Debtor
from forbear.law.case import cut, read_fact

NOBODY: Final = ""  # the person of a log that names none
_PROFILES: Final = "agent_profiles"


def contacts_of(table: Table, rows: Any = None) -> list[Contact]:
    """The contacts of the rows numbered ``rows`` (an array of indices), of all where it is None.

    Raises CaseError for a word that is unknown and for a profile that is no JSON.
    """
    size = table.num_rows if rows is None else len(rows)
    unsaid: list[Any] = [None] * size

    def column(name: str, made: Callable[[Any], Any] | None = None) -> list[Any]:
        found = column_of(table, name, rows)
        return unsaid if found is None else _listed(found, made)

    instants, positions = _instants(table, "at", rows), column("position")
    said = [
        (key, _listed(found, _reader(key)))
        for key in MORE_KEYS
        if (found := column_of(table, key, rows)) is not None and found.null_count < size
    ]
    more = _more(said, size)
    return [
        Contact(
            id=ContactId(ident or f"row-{position}"),
            at=datetime.fromtimestamp(instant, UTC),
            instant=instant,
            channel=channel,
            direction=direction or Direction.OUTBOUND,
            party=party or Party.DEBTOR,
            debts=() if debts is None else debts,
            purpose=UNSAID if purpose is None else purpose,
            outcome=UNSAID if outcome is None else outcome,
            address=UNSAID if address is None else address,
            agent=UNSAID if agent is None else agent,
            text=UNSAID if text is None else text,
            more=own,
            lender=LenderId(lender or ""),
            seq=seq,
            recorded=recorded,
            source=Source(file="", line=position),
        )
        for (
            position, instant, ident, channel, direction, party, debts, purpose, outcome, address,
            agent, text, own, lender, seq, recorded,
        ) in zip(
            positions, instants, column("id", name_of), column("channel", _word(Channel)),
            column("direction", _word(Direction)), column("party", _word(Party)),
            column("debts", _names),
            column("purpose", _word(Purpose)), column("outcome", _word(Outcome)),
            column("address", name_of),
            column("agent", name_of), column("text", name_of), more, column("lender", name_of),
            column("seq"), _instants(table, "recorded_at", rows) or unsaid, strict=True,
        )
    ]  # fmt: skip


def facts_of(table: Table, rows: Any = None) -> dict[str, list[Fact]]:
    """Each person's facts, in the order of the rows; raises CaseError that names the fact."""
    if table.num_rows == 0:
        return {}
    names = [name for name in FACTS.names if column_of(table, name) is not None]
    columns = [_listed(column_of(table, name, rows), _FACT_READERS.get(name)) for name in names]
    found: dict[str, list[Fact]] = {}
    for cells in zip(*columns, strict=True):
        said = {name: cell for name, cell in zip(names, cells, strict=True) if cell is not None}
        person = said.pop("person", NOBODY)
        own = found.setdefault(person, [])
        where = f"fact {len(own) + 1} of person {cut(person)}"
        own.append(read_fact(said, where=where, ident=f"fact-{len(own)}"))
    return found


def debtors_of(chunk: Chunk) -> dict[str, Debtor]:
    """The debtors of a chunk by person, each with its contacts with every lender.

    Of a person who has several rows of zone and region the last counts.
    """
    contacts: dict[str, list[Contact]] = {}
    for person, contact in zip(people_of(chunk.contacts), contacts_of(chunk.contacts), strict=True):
        contacts.setdefault(person, []).append(contact)
    facts = facts_of(chunk.facts)
    places = places_of(chunk.persons)
    return {
        person: Debtor(
            contacts=tuple(own),
            facts=tuple(facts.get(person, ())),
            zone=places.get(person, (None, None))[0],
            region=places.get(person, (None, None))[1],
        )
        for person, own in contacts.items()
    }


def people_of(table: Table, rows: Any = None) -> list[str]:
    """The person of each row by name, the empty name where none is said."""
    found = column_of(table, "person", rows)
    if found is None:
        return [NOBODY] * (table.num_rows if rows is None else len(rows))
    return [NOBODY if person is None else person for person in _listed(found, name_of)]


def places_of(persons: Table) -> dict[str, tuple[str | None, str | None]]:
    """The zone and the region of each person, as far as they are said."""
    unsaid: list[Any] = [None] * persons.num_rows
    zones, regions = (
        unsaid if (found := column_of(persons, name)) is None else _listed(found, name_of)
        for name in ("zone", "region")
    )
    return {
        person: (zone or None, region or None)
        for person, zone, region in zip(people_of(persons), zones, regions, strict=True)
    }


def column_of(table: Table, name: str, rows: Any = None) -> Any:
    """A column as one array, at ``rows`` where they are given; None where the table has none."""
    place = table.schema.get_field_index(name)
    if place < 0 or pa.types.is_null(table.schema.field(place).type):
        return None
    column = table.column(place)
    if isinstance(column, pa.ChunkedArray):
        column = column.unify_dictionaries()
        if rows is not None:
            column = column.take(rows)
        return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
    return column if rows is None else column.take(rows)


# ── cells ──


def _instants(table: Table, name: str, rows: Any) -> list[Any]:
    """Times as instants; none where the table has no such column."""
    found = column_of(table, name, rows)
    if found is None:
        return []
    return list(found.cast(INSTANT, safe=False).cast(pa.int64()).to_pylist())


def _listed(column: Any, made: Callable[[Any], Any] | None) -> list[Any]:
    """The cells as Python values, each put through ``made``; of equal words only one is."""
    if pa.types.is_timestamp(column.type):
        column = column.cast(INSTANT, safe=False)
    if made is None:
        return list(column.to_pylist())
    if pa.types.is_dictionary(column.type):
        words = column.dictionary
        if len(words) <= len(column):
            used = pc.unique(column.indices).drop_null().to_pylist()
            known = {index: made(words[index].as_py()) for index in used}
            known[None] = None
            return [known[index] for index in column.indices.to_pylist()]
        column = column.dictionary_decode()
    kept = lru_cache(maxsize=4096)(made) if pa.types.is_string(column.type) else made
    return [None if cell is None else kept(cell) for cell in column.to_pylist()]


def name_of(cell: Any) -> str:
    """A name; a whole number is one written without its quotation marks."""
    return cell if isinstance(cell, str) else str(cell)


def _word(words: type[StrEnum]) -> Callable[[str], StrEnum]:
    """A reader of closed words; it raises CaseError."""

    def read(cell: str) -> StrEnum:
        try:
            return words(cell)
        except ValueError:
            name, known = words.__name__.lower(), ", ".join(words)
            raise CaseError(f"{name}: {cut(cell)} is unknown; known are {known}") from None

    return read


def _names(cell: Any) -> tuple[str, ...]:
    """Names that stand as a list, or one name by itself."""
    if not isinstance(cell, list):
        return (name_of(cell),)
    if None in cell:
        raise CaseError(f"{cut(cell)} is no list of names; leave out what is empty")
    return tuple([name_of(part) for part in cell])


def _parsed(key: str) -> Callable[[str], Any]:
    """A reader of JSON under ``key``; it raises CaseError."""

    def read(cell: str) -> Any:
        try:
            return json.loads(cell)
        except (ValueError, RecursionError):
            message = f"{key}: {cut(cell)} is no JSON; mend its brackets and quotation marks"
            raise CaseError(message) from None

    return read


def _profile(cell: str) -> Mapping[str, Any]:
    found = _parsed("agent_profile")(cell)
    if not isinstance(found, Mapping):
        raise CaseError(f"agent_profile: {cut(cell)} is no JSON object; write one in braces")
    return found


def _profiles(cell: str) -> list[Mapping[str, Any]]:
    found = _parsed(_PROFILES)(cell)
    each = list(found.values()) if isinstance(found, Mapping) else found
    if not isinstance(each, list) or not all(isinstance(one, Mapping) for one in each):
        raise CaseError(f"{_PROFILES}: {cut(cell)} is no list of JSON objects; write one")
    return each


def _number(cell: float) -> float:
    return int(cell) if cell == int(cell) else cell


def _reader(key: str) -> Callable[[Any], Any] | None:
    """How the cell of an optional key is read; None where it is what it says."""
    if key in TABLES:
        return _profiles if key == _PROFILES else _profile
    kind = CONTACTS.field(key).type
    if pa.types.is_boolean(kind):
        return None
    if pa.types.is_floating(kind):
        return _number
    return (lambda cell: list(_names(cell))) if pa.types.is_list(kind) else name_of


_EMPTY: Final[Mapping[str, Any]] = {}


def _more(said: Sequence[tuple[str, list[Any]]], size: int) -> list[Mapping[str, Any]]:
    """The optional keys that each row says; profiles of several agents stand as one list."""
    if not said:
        return [_EMPTY] * size
    keys = [key for key, _ in said]
    found: list[Mapping[str, Any]] = []
    for cells in zip(*(column for _, column in said), strict=True):
        more = {key: cell for key, cell in zip(keys, cells, strict=True) if cell is not None}
        if profiles := more.pop(_PROFILES, None):
            one = more.get("agent_profile")
            more["agent_profile"] = [*([one] if one else []), *profiles]
        found.append(more)
    return found


def _window(cell: str) -> list[str]:
    return cell.split("-")


def _moment(cell: datetime) -> str:
    return cell.isoformat()


_FACT_READERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "id": name_of,
    "person": name_of,
    "kind": name_of,
    "since": _moment,
    "until": _moment,
    "recorded_at": _moment,
    "debts": lambda cell: list(_names(cell)),
    "channel": name_of,
    "address": name_of,
    "party": name_of,
    "relation": name_of,
    "window": _window,
    "weekdays": list,
    "value": _parsed("value"),
}


# ── and back ──


def chunk_of(debtors: Mapping[str, Debtor]) -> Chunk:
    """The chunk that says what these debtors say; positions are numbered in the order given."""
    contacts: list[dict[str, Any]] = []
    facts: list[dict[str, Any]] = []
    persons: list[dict[str, Any]] = []
    for person, debtor in debtors.items():
        for contact in debtor.contacts:
            contacts.append(_contact_row(contact, person, len(contacts)))
        facts += [_fact_row(fact, person) for fact in debtor.facts]
        if debtor.zone or debtor.region:
            persons.append({"person": person, "zone": debtor.zone, "region": debtor.region})
    return Chunk(
        contacts=_table(contacts, CONTACTS),
        facts=_table(facts, FACTS),
        persons=_table(persons, PERSONS),
    )


def _table(rows: Iterable[Mapping[str, Any]], schema: Any) -> Table:
    """Rows as a table; pyarrow makes no dictionaries of Python values with small indices."""
    listed = list(rows)
    columns = []
    for field in schema:
        plain = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
        made = pa.array([row.get(field.name) for row in listed], plain)
        encoded = pa.types.is_dictionary(field.type)
        columns.append(made.dictionary_encode().cast(field.type) if encoded else made)
    return pa.table(columns, schema=schema)


def _contact_row(contact: Contact, person: str, position: int) -> dict[str, Any]:
    more = {
        key: json.dumps(value, ensure_ascii=False) if key in TABLES else value
        for key, value in contact.more.items()
    }
    if isinstance(contact.more.get("agent_profile"), list):
        more[_PROFILES] = more.pop("agent_profile")
    said = {
        key: value
        for key in ("purpose", "outcome", "address", "agent", "text")
        if (value := getattr(contact, key)) is not UNSAID
    }
    return {
        "position": position,
        "at": contact.instant,
        "recorded_at": contact.recorded,
        "seq": contact.seq,
        "id": contact.id,
        "lender": contact.lender,
        "person": person,
        "channel": contact.channel,
        "direction": contact.direction,
        "party": contact.party,
        "debts": list(contact.debts),
        **said,
        **more,
    }


def _fact_row(fact: Fact, person: str) -> dict[str, Any]:
    days = None if fact.weekdays is None else [WEEKDAYS[day] for day in sorted(fact.weekdays)]
    value = None if fact.value is None else json.dumps(fact.value, ensure_ascii=False)
    # A public holiday is known since before any year, which no time of a file can say.
    known = fact.recorded is not None and abs(fact.recorded) < _FAR
    return {
        "id": fact.id,
        "person": person,
        "kind": fact.kind,
        "since": fact.since,
        "until": fact.until,
        "recorded_at": fact.recorded if known else None,
        "debts": list(fact.debts),
        "channel": fact.channel,
        "address": fact.address,
        "party": fact.party,
        "relation": fact.relation,
        "window": None if fact.window is None else "-".join(map(_time, fact.window)),
        "weekdays": days,
        "value": value,
    }


_FAR: Final = int(datetime(9999, 1, 1, tzinfo=UTC).timestamp())


def _time(second: int) -> str:
    return f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
