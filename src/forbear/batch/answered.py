"""What the kernel found, as tables: findings by position and rule, and what a log does not show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from forbear.batch.codes import joined
from forbear.batch.columns import Encoded
from forbear.batch.layout import Array
from forbear.batch.plain import agency_of
from forbear.batch.rows import contacts_of
from forbear.batch.schema import FINDINGS, NOT_SHOWN, Table
from forbear.law.book import Book

_PROFILES: Final = ("agent_profile", "agent_profiles")


def findings_table(encoded: Encoded, book: Book, columns: Sequence[Array]) -> Table:
    """Findings as a table, from their rows, rules, breaches, counts, and first and last counted."""
    rows, rules, *rest = columns
    positions = encoded.positions
    names = np.array([rule.id for rule in book.rules])
    rank = np.argsort(np.argsort(names, kind="stable"), kind="stable")
    order = np.lexsort((rank[rules], positions[rows]))
    rows, rules = rows[order], rules[order]
    breached, counted, first, last = (column[order] for column in rest)
    none = counted == 0
    named = {
        **_of_contacts(encoded, rows),
        **_of_rules(book, rules),
        "agency": _agencies(encoded, rows),
        "breached": pa.array(breached.astype(bool)),
        "counted": pa.array(counted),
        "first": pa.array(first, mask=none).cast(FINDINGS.field("first").type),
        "last": pa.array(last, mask=none).cast(FINDINGS.field("last").type),
    }
    return pa.table([named[field.name] for field in FINDINGS], schema=FINDINGS)


def _of_contacts(encoded: Encoded, rows: Array) -> dict[str, Any]:
    table, taken = encoded.table, pa.array(rows)

    def of(name: str) -> Any:
        if name not in table.column_names:
            return pa.nulls(len(rows), pa.string())
        column = table[name].combine_chunks().take(taken)
        if pa.types.is_dictionary(column.type):
            column = column.dictionary_decode()
        return column.cast(pa.string())

    ids, numbers = of("id"), encoded.positions[rows]
    if ids.null_count:
        ids = pc.coalesce(ids, pa.array([f"row-{number}" for number in numbers]))
    return {
        "position": pa.array(numbers),
        "id": ids,
        "lender": of("lender").fill_null(""),
        "person": of("person").fill_null(""),
        "at": pa.array(encoded.at[rows]).cast(FINDINGS.field("at").type),
        "agent": of("agent"),
    }


def _of_rules(book: Book, rules: Array) -> dict[str, Any]:
    found = {}
    for name, of in (
        ("rule", [rule.id for rule in book.rules]),
        ("clause", [rule.clause for rule in book.rules]),
        ("effect", [str(rule.effect) for rule in book.rules]),
        ("level", [str(rule.level) for rule in book.rules]),
    ):
        kind = FINDINGS.field(name).type
        values, codes = np.unique(np.array(of), return_inverse=True)
        indices = pa.array(codes[rules].astype(kind.index_type.to_pandas_dtype()))
        found[name] = pa.DictionaryArray.from_arrays(indices, pa.array(values, pa.string()))
    return found


def _agencies(encoded: Encoded, rows: Array) -> Any:
    """The agency that the profile of each row's agent names."""
    columns = [found for name in _PROFILES if (found := encoded.column(name)) is not None]
    if not columns:
        return pa.nulls(len(rows), pa.string())
    whole, first = joined([(c.codes, c.size) for c in columns], encoded.rows)
    wanted = [
        n for n in ("at", "channel", "position", *_PROFILES) if n in encoded.table.column_names
    ]
    contacts = contacts_of(encoded.table.select(wanted), pa.array(first))
    told = [agency_of(contact.more) for contact in contacts]
    return pa.array(told, pa.string()).take(pa.array(whole[rows]))


def with_others(findings: Table, others: Table) -> Table:
    """Two tables of findings as one, by position and rule; each column in one piece."""
    table = pa.concat_tables([findings, others]).unify_dictionaries().combine_chunks()
    names = table["rule"].combine_chunks()
    rank = np.argsort(np.argsort(np.array(names.dictionary.to_pylist() or [""])))
    rules = rank[names.indices.to_numpy()]
    return table.take(pa.array(np.lexsort((rules, table["position"].to_numpy()))))


def not_shown_table(book: Book, unknown: Array, others: Table | None) -> Table:
    """How many contacts leave each rule open, by number of the rule, and those of ``others``."""
    found: dict[str, list[Any]] = {}
    for number in np.flatnonzero(unknown):
        rule = book.rules[number]
        found.setdefault(rule.id, [rule.clause, 0])[1] += int(unknown[number])
    for row in [] if others is None else others.to_pylist():
        found.setdefault(row["rule"], [row["clause"], 0])[1] += row["contacts"]
    listed = sorted(found.items())
    return pa.table(
        [[n for n, _ in listed], [c for _, (c, _) in listed], [k for _, (_, k) in listed]],
        schema=NOT_SHOWN,
    )
