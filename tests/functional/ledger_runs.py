"""A made-up ledger as Parquet, and what an audit of it leaves in a folder."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from forbear.law.packs import requested

ROOT = Path(__file__).parents[2]
LEDGER = ROOT / "examples" / "sample-ledger.csv"
FACTS = ROOT / "examples" / "sample-facts.csv"
LATER = ("--pack", "cn@2024-01-01", "--pack", "cn@next")
NEXT = f"cn@{requested('cn@next')[1]}"

Run = Callable[..., tuple[int, str, str]]


def rows() -> list[dict[str, Any]]:
    """The made-up ledger as values; what is empty is null."""
    with LEDGER.open(encoding="utf-8", newline="") as file:
        return [{key: cell or None for key, cell in row.items()} for row in csv.DictReader(file)]


def one_line(err: str) -> str:
    assert err.endswith("\n")
    assert err.count("\n") == 1
    assert "Traceback" not in err
    return err.strip()


def flat(said: str) -> str:
    """A page without the breaks of its lines."""
    return " ".join(said.split())


def findings(out: Path, name: str = "cn") -> set[tuple[str, str]]:
    """The rule and the contact's id of every finding."""
    found = [
        (row["rule"], row["id"])
        for path in (out / "findings" / name).glob("*.parquet")
        for row in pq.read_table(path, columns=["rule", "id"], partitioning=None).to_pylist()
    ]
    assert len(found) == len(set(found))
    return set(found)


def plainly(run: Run, *words: object) -> set[tuple[str, str]]:
    """The same by the audit of a small log."""
    status, said, _ = run(LEDGER, "--format", "json", *words)
    assert status == 0
    ids = [row["id"] for row in rows()]
    return {(f["rule"], ids[f["rows"][-1]["line"] - 2]) for f in json.loads(said)["findings"]}
