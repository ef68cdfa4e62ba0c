"""Counts by rule, clause, agent, agency and day are those of the findings themselves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from forbear.batch.schema import FINDINGS
from forbear.batch.summary import COUNTED, combined, counted, totals

_CLAUSES = {"r-1": "c-1", "r-2": "c-1", "r-3": "c-2", "r-4": "c-3"}


def _findings(rnd: Random, contacts: Iterable[int]) -> list[dict[str, Any]]:
    rows = []
    for position in contacts:
        agent = rnd.choice(["x", "y", None])
        agency = rnd.choice(["agency:a", None])
        at = datetime.fromtimestamp(1_772_000_000 + position * 5_000, UTC)
        rows += [
            {
                "position": position, "id": f"c-{position}", "lender": "", "person": "p",
                "at": at, "agent": agent, "agency": agency, "rule": rule,
                "clause": _CLAUSES[rule], "effect": "deny", "level": "law",
                "breached": rnd.random() < 0.7, "counted": 0,
            }
            for rule in sorted(rnd.sample(list(_CLAUSES), rnd.randrange(0, 5)))
        ]  # fmt: skip
    return rows


def _table(rows: list[dict[str, Any]]) -> pa.Table:
    columns = []
    for field in FINDINGS:
        kind = field.type
        plain = kind.value_type if pa.types.is_dictionary(kind) else kind
        columns.append(pa.array([row.get(field.name) for row in rows], plain).cast(kind))
    return pa.table(columns, schema=FINDINGS)


def test_buckets_add_up_to_what_the_findings_say():
    rnd = Random(1)
    whole = _findings(rnd, range(400))
    zone = "Asia/Shanghai"
    parts = [
        counted("b", _table([row for row in whole if row["position"] % 3 == n]), zone)
        for n in range(3)
    ]
    assert all(part.schema == COUNTED for part in parts)
    tables = combined([*parts, counted("other", _table(whole[:5]), zone)])
    for row in whole:
        row["day"] = row["at"].astimezone(ZoneInfo(zone)).date()
    for way in ("rule", "clause", "agent", "agency", "day"):
        rows = [row for row in tables[f"by_{way}"].to_pylist() if row["book"] == "b"]
        assert {row[way] for row in rows} == {row[way] for row in whole}
        for row in rows:
            own = [each for each in whole if each[way] == row[way]]
            assert row["findings"] == len(own)
            assert row["breached"] == sum(each["breached"] for each in own)
            assert row["contacts"] == len({each["position"] for each in own})
            assert row["contacts_breached"] == len({e["position"] for e in own if e["breached"]})
    assert totals(tables, "b") == {
        "findings": len(whole),
        "breached": sum(row["breached"] for row in whole),
        "contacts": len({row["position"] for row in whole}),
        "contacts_breached": len({row["position"] for row in whole if row["breached"]}),
    }


def test_the_largest_counts_stand_first_and_days_in_their_order():
    tables = combined([counted("b", _table(_findings(Random(2), range(300))), "UTC")])
    for way in ("rule", "clause", "agent"):
        counts = tables[f"by_{way}"]["findings"].to_pylist()
        assert counts == sorted(counts, reverse=True)
    days = tables["by_day"]["day"].to_pylist()
    assert days == sorted(days)
    assert tables["by_rule"].column_names[:5] == ["book", "rule", "clause", "effect", "level"]


def test_a_book_without_findings_has_no_rows():
    tables = combined([counted("b", FINDINGS.empty_table(), "UTC")])
    assert all(table.num_rows == 0 for table in tables.values())
    assert totals(tables, "b")["findings"] == 0
