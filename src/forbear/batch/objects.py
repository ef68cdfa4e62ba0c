"""Lines of JSON as columns of text, which are cast as those of a ledger are."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from forbear.batch.delimited import Loaded
from forbear.batch.typed import Headed


def load(lines: Sequence[tuple[int, bytes]], named: Headed) -> Loaded:
    """The objects of numbered lines, those that are none told by themselves."""
    rows: list[dict[str, Any]] = []
    numbers: list[int] = []
    places: list[int] = []
    broken: list[tuple[int, str]] = []
    for place, line in lines:
        if not line.strip():
            continue
        found = object_of(line)
        if isinstance(found, dict):
            rows.append(found)
            numbers.append(len(places))
        else:
            broken.append((len(places), found))
        places.append(place)
    columns = {
        name: pa.array([_cell(name, row.get(column)) for row in rows], pa.string())
        for name, column in named.columns.items()
    }
    return Loaded(
        pa.table(columns), len(places), np.array(numbers, np.int64), broken, lambda n: places[n]
    )


def object_of(line: bytes) -> dict[str, Any] | str:
    """The JSON object of a line, none where it is blank, or why there is none."""
    try:
        found = json.loads(line) if line.strip() else {}
    except (ValueError, RecursionError):
        return "the line is no JSON; mend its brackets and quotation marks"
    return found if isinstance(found, dict) else "the line is no JSON object; write one in braces"


def _cell(name: str, value: Any) -> str | None:
    """A value as the cell of a ledger would say it."""
    if value is None:
        return None
    if name == "window" and isinstance(value, list):
        return "-".join(map(str, value))
    plain = isinstance(value, str) and name != "value"
    return value if plain else json.dumps(value, ensure_ascii=False)
