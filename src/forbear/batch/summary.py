"""Findings counted by rule, clause, agent, agency and day.

A bucket holds whole debtors and a contact lies in one bucket, so the counts of buckets add up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from forbear.batch.schema import Table

_COUNTS: Final = ("findings", "breached", "contacts", "contacts_breached")
# One row for each book, way of counting, and what is counted by. ``contacts`` have at least one
# finding, ``contacts_breached`` at least one that is a breach; of the others the contact should
# only not have been attempted.
COUNTED: Final = pa.schema(
    [
        ("book", pa.string()),
        ("by", pa.string()),
        ("key", pa.string()),
        ("clause", pa.string()),
        ("effect", pa.string()),
        ("level", pa.string()),
        *((name, pa.int64()) for name in _COUNTS),
    ]
)
WAYS: Final = ("rule", "clause", "agent", "agency", "day")


def counted(book: str, findings: Table, zone: str) -> Table:
    """The counts of findings in the order of position; days are those of ``zone``'s clock."""
    if findings.num_rows == 0:
        return COUNTED.empty_table()
    findings = findings.combine_chunks()
    position = findings["position"].to_numpy()
    starts = np.flatnonzero(np.concatenate([[True], position[1:] != position[:-1]]))
    breached = findings["breached"].to_numpy()
    firsts = findings.select(["agent", "agency", "at"]).take(pa.array(starts))
    of_contact = {
        "findings": np.diff(np.append(starts, len(position))),
        "breached": np.add.reduceat(breached.astype(np.int64), starts),
        "contacts": np.ones(len(starts), np.int64),
        "contacts_breached": np.logical_or.reduceat(breached, starts).astype(np.int64),
    }
    days = pc.local_timestamp(firsts["at"].cast(pa.timestamp("s", tz=zone))).cast(pa.date32())
    ways = {"agent": firsts["agent"], "agency": firsts["agency"], "day": days}
    tables = [
        _summed(pa.table({"key": keys, **of_contact}), ["key"], book, by)
        for by, keys in ways.items()
    ]
    return pa.concat_tables([*_by_rule(book, findings, breached), *tables])


def _by_rule(book: str, findings: Table, breached: Any) -> Iterable[Table]:
    """A rule finds a contact once; two rules of one clause may find the same one."""
    ones = np.ones(findings.num_rows, np.int64)
    marks = breached.astype(np.int64)
    plain = {
        name: findings[name].cast(pa.string()) for name in ("rule", "clause", "effect", "level")
    }
    rules = pa.table(
        {
            "key": plain["rule"],
            **{name: plain[name] for name in ("clause", "effect", "level")},
            "findings": ones,
            "breached": marks,
            "contacts": ones,
            "contacts_breached": marks,
        }
    )
    keys = ["key", "clause", "effect", "level"]
    yield _summed(rules, keys, book, "rule")
    pairs = pa.table(
        {
            "clause": plain["clause"],
            "position": findings["position"],
            "findings": ones,
            "breached": marks,
        }
    )
    each = pairs.group_by(["clause", "position"]).aggregate(
        [("findings", "sum"), ("breached", "sum"), ("breached", "max")]
    )
    clauses = pa.table(
        {
            "key": each["clause"],
            "findings": each["findings_sum"],
            "breached": each["breached_sum"],
            "contacts": pa.array(np.ones(each.num_rows, np.int64)),
            "contacts_breached": each["breached_max"],
        }
    )
    yield _summed(clauses, ["key"], book, "clause")


def _summed(table: Table, keys: list[str], book: str, by: str) -> Table:
    found = table.group_by(keys).aggregate([(name, "sum") for name in _COUNTS])
    size = found.num_rows
    columns: dict[str, Any] = {
        "book": pa.array([book] * size, pa.string()),
        "by": pa.array([by] * size, pa.string()),
        **{
            name: found[name].cast(pa.string()) if name in keys else pa.nulls(size, pa.string())
            for name in ("key", "clause", "effect", "level")
        },
        **{name: found[f"{name}_sum"] for name in _COUNTS},
    }
    return pa.table(columns, schema=COUNTED)


def combined(parts: Iterable[Table]) -> dict[str, Table]:
    """The counts of all buckets, one table for each way of counting, largest counts first.

    The key is named after the way, and None where findings name none; a day is a date.
    """
    held = [COUNTED.empty_table(), *parts]
    keys = ["book", "by", "key", "clause", "effect", "level"]
    whole = pa.concat_tables(held).group_by(keys).aggregate([(n, "sum") for n in _COUNTS])
    whole = whole.rename_columns([name.removesuffix("_sum") for name in whole.column_names])
    return {f"by_{way}": _way(whole, way) for way in WAYS}


def _way(whole: Table, way: str) -> Table:
    rows = whole.filter(pc.equal(whole["by"], way))
    order = [("book", "ascending"), ("key", "ascending")]
    if way != "day":
        order.insert(1, ("findings", "descending"))
    rows = rows.sort_by(order)
    columns: dict[str, Any] = {"book": rows["book"], way: rows["key"]}
    if way == "day":
        columns[way] = pa.array(
            [None if day is None else date.fromisoformat(day) for day in rows["key"].to_pylist()],
            pa.date32(),
        )
    if way == "rule":
        columns |= {name: rows[name] for name in ("clause", "effect", "level")}
    return pa.table(columns | {name: rows[name] for name in _COUNTS})


def totals(tables: Mapping[str, Table], book: str) -> dict[str, int]:
    """All counts of a book; every finding has a day, so that the days add up to them."""
    rows = tables["by_day"].filter(pc.equal(tables["by_day"]["book"], book))
    return {name: pc.sum(rows[name]).as_py() or 0 for name in _COUNTS}
