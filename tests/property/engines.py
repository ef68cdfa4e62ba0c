"""Putting random debtors to the engines of the batch, and the least that two of them dispute."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from tests.property.histories import History

from forbear.base.contact import Source
from forbear.batch import rows
from forbear.batch.plain import position_of
from forbear.batch.schema import FINDINGS, Audited, Chunk
from forbear.law.answers import Audit
from forbear.law.auditing import Debtor
from forbear.law.book import Book
from forbear.law.case import read_contact, read_fact

Engine = Callable[[Sequence[Book], Chunk], list[Audited]]
Told = tuple[int, list[tuple[Any, ...]], list[tuple[str, int]]]

# What of a finding is about the law; the other columns repeat what the contact says.
KEYS = ("position", "rule", "effect", "breached", "counted", "first", "last")
# A dispute that has not become small after so many looks is shown as it is.
_LOOKS_MAX = 600


def debtors_of(made: Iterable[History]) -> dict[str, Debtor]:
    """Debtors by name. A contact bears its number over all debtors, and its name if it has none."""
    found = {}
    place = 0
    for number, each in enumerate(made):
        contacts = []
        for table in each.contacts:
            contact = read_contact(table, where=f"row {place}", ident=f"row-{place}")
            contacts.append(replace(contact, source=Source(file="", line=place)))
            place += 1
        facts = (
            read_fact(fact, where=f"fact {n}", ident=f"fact-{n}")
            for n, fact in enumerate(each.facts)
        )
        found[f"p{number}"] = Debtor(
            contacts=tuple(contacts), facts=tuple(facts), zone=each.zone, region=each.region
        )
    return found


def chunk_of(made: Iterable[History], rnd: Random | None = None) -> Chunk:
    """The same debtors as a chunk.

    With ``rnd`` its rows stand in any order, and what nobody says has no column.
    """
    whole = rows.chunk_of(debtors_of(made))
    contacts = whole.contacts
    unnamed = pc.starts_with(contacts["id"], "row-")
    names = pc.if_else(unnamed, pa.scalar(None, pa.string()), contacts["id"])
    contacts = contacts.set_column(contacts.schema.get_field_index("id"), "id", names)
    if rnd is None:
        return replace(whole, contacts=contacts)
    order = list(range(len(contacts)))
    rnd.shuffle(order)
    said = [name for name in contacts.column_names if contacts[name].null_count < len(contacts)]
    shuffled = contacts.select(said).take(pa.array(order, pa.int64()))
    return replace(whole, contacts=shuffled if order else contacts)


# ── what they answer ──


def told_of(audited: Audited) -> Told:
    """What an engine said of a chunk: how many it judged, its findings, and what is not shown."""
    columns = (audited.findings[name].to_pylist() for name in KEYS)
    unknown = (audited.not_shown[name].to_pylist() for name in ("rule", "contacts"))
    return (
        audited.judged,
        list(zip(*columns, strict=True)),
        list(zip(*unknown, strict=True)),
    )


def told_of_objects(audit: Audit) -> Told:
    """The same of an audit of debtors, whose contacts know their places."""
    moments = pa.array([], FINDINGS.field("first").type).type

    def moment(instants: list[int], best: Callable[..., Any]) -> Any:
        return pa.scalar(best(instants, default=None), pa.int64()).cast(moments).as_py()

    found = []
    for finding in audit.findings:
        counted = [row.instant for row in finding.rows[:-1]]
        found.append(
            (
                position_of(finding.contact),
                finding.rule,
                str(finding.effect),
                finding.breached,
                len(counted),
                moment(counted, min),
                moment(counted, max),
            )
        )
    return (
        audit.contacts,
        sorted(found, key=lambda row: row[:2]),
        [(none.rule, none.contacts) for none in audit.not_shown],
    )


def differences(one: Told, other: Told) -> list[str]:
    """In what two answers differ, one line each; the first is called expected."""
    found = []
    if one[0] != other[0]:
        found.append(f"judged: expected {one[0]}, got {other[0]}")
    for what, before, after in (("finding", one[1], other[1]), ("not shown", one[2], other[2])):
        kept: list[Any] = list(after)
        for row in before:
            if row in kept:
                kept.remove(row)
            else:
                found.append(f"{what}: expected {_shown(row)}")
        found += [f"{what}: got {_shown(row)}" for row in kept]
    if not found and one != other:
        found.append("the same findings in another order")
    return found


def _shown(row: tuple[Any, ...]) -> str:
    return " ".join(map(str, row))


def disputes(book: Book, chunk: Chunk, engine: Engine, against: Engine) -> list[str]:
    """In what ``against`` differs from ``engine`` about a chunk."""
    (expected,), (found,) = engine([book], chunk), against([book], chunk)
    return differences(told_of(expected), told_of(found))


# ── the least that is disputed ──


def smallest(made: Sequence[History], differ: Callable[[Sequence[History]], bool]) -> list[History]:
    """As few debtors, contacts, facts and words as still ``differ``; all must differ at first."""
    kept = list(made)
    looks = _LOOKS_MAX
    size = len(kept) // 2
    while size:
        for start in range(0, len(kept), size):
            fewer = kept[:start] + kept[start + size :]
            if fewer and looks > 0 and differ(fewer):
                kept = fewer
                break
            looks -= 1
        else:
            size //= 2
    going = True
    while going and looks > 0:
        going = False
        for smaller in _smaller(kept):
            looks -= 1
            if differ(smaller):
                kept, going = smaller, True
                break
            if looks <= 0:
                break
    return kept


def _smaller(made: list[History]) -> Iterator[list[History]]:
    """The same debtors with one thing left out, in every way."""
    for place, each in enumerate(made):
        for name in ("contacts", "facts"):
            tables = getattr(each, name)
            for n in range(len(tables)):
                without = replace(each, **{name: tables[:n] + tables[n + 1 :]})
                yield [*made[:place], without, *made[place + 1 :]]
        if each.region is not None:
            yield [*made[:place], replace(each, region=None), *made[place + 1 :]]
        for name, needed in (
            ("contacts", ("at", "channel")),
            ("facts", ("kind", "since", "value")),
        ):
            tables = getattr(each, name)
            for n, table in enumerate(tables):
                for key in table.keys() - set(needed):
                    less = {k: v for k, v in table.items() if k != key}
                    without = replace(each, **{name: (*tables[:n], less, *tables[n + 1 :])})
                    yield [*made[:place], without, *made[place + 1 :]]


def shown(made: Iterable[History]) -> str:
    """Debtors as JSON, one a line."""
    return "\n".join(json.dumps(asdict(each), ensure_ascii=False) for each in made)
