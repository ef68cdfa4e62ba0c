"""Running ``forbear law`` as a user does, and a case to ask it about."""

from __future__ import annotations

import json
import subprocess
import sys
import unicodedata
from typing import Any

CASE = {
    "id": "night",
    "jurisdiction": "cn",
    "note": "A call at ten in the evening.",
    "debtor": {"timezone": "Asia/Shanghai", "facts": []},
    "history": [],
    "proposed": {
        "at": "2026-03-10T22:00:00+08:00",
        "channel": "call",
        "party": "debtor",
        "purpose": "collect",
        "debts": ["A"],
        "address": "line-1",
    },
}


def forbear(*args: str, given: str | bytes = "") -> subprocess.CompletedProcess[str]:
    """Run the command; what it was given stands on its standard input."""
    data = given.encode() if isinstance(given, str) else given
    done = subprocess.run(
        [sys.executable, "-m", "forbear.cli.main", "law", *args],
        input=data,
        capture_output=True,
        timeout=60,
        check=False,
    )
    return subprocess.CompletedProcess(
        args, done.returncode, done.stdout.decode(), done.stderr.decode()
    )


def at(time: str, **more: Any) -> dict[str, Any]:
    """The case at another time of 10 March."""
    return CASE | {
        "id": time,
        "proposed": CASE["proposed"] | {"at": f"2026-03-10T{time}+08:00"},  # type: ignore[operator]
        **more,
    }


def lines(*cases: Any) -> str:
    return "".join(json.dumps(case) + "\n" for case in cases)


def rows(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(mark) in "WF" else 1 for mark in line)


def is_page(text: str) -> bool:
    """Whether every line fits a terminal of a hundred columns and ends where its words do."""
    told = text.splitlines()
    return all(width(line) <= 100 and line == line.rstrip() for line in told) and len(told) > 1
