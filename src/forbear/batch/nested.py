"""Columns that hold JSON: the profiles of agents, and the values of facts."""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa

from forbear.base.errors import InputError
from forbear.batch.casting import Column, Wrong, by_entry, json_of, text_like, texts
from forbear.law.case import cut


def profiles(column: Column, name: str, wrong: Wrong) -> Column:
    """Texts that hold a JSON object, or for ``agent_profiles`` several; structs become such."""
    several = name == "agent_profiles"

    def read(cell: str) -> str | None:
        if not cell.strip():
            return None
        found = json_of(cell, name)
        each = list(found.values()) if several and isinstance(found, dict) else found
        good = (
            isinstance(each, list) and all(isinstance(one, dict) for one in each)
            if several
            else isinstance(found, dict)
        )
        if not good:
            form = "list of JSON objects" if several else "JSON object"
            raise ValueError(f"{name}: {cut(cell)} is no {form}; write one")
        return cell

    return by_entry(_as_json(column, name), read, pa.dictionary(pa.int32(), pa.string()), wrong)


def _as_json(column: Column, name: str) -> Column:
    """Texts as they are, nested values as JSON."""
    if text_like(column.type):
        return texts(column)
    if pa.types.is_null(column.type):
        return pa.nulls(len(column), pa.string())
    cells = [None if cell is None else _unsaid_out(cell) for cell in column.to_pylist()]
    try:
        said = [None if cell is None else json.dumps(cell, ensure_ascii=False) for cell in cells]
    except TypeError:
        message = f"column {name} holds {column.type}; it holds JSON as text"
        raise InputError(message) from None
    return pa.array(said, pa.string())


def _unsaid_out(cell: Any) -> Any:
    """A nested value without the keys that Parquet must give to every row."""
    if isinstance(cell, dict):
        return {key: _unsaid_out(value) for key, value in cell.items() if value is not None}
    return [_unsaid_out(each) for each in cell] if isinstance(cell, list) else cell


def values(column: Column, name: str, wrong: Wrong) -> Column:
    """The value of a fact as JSON; a bare word is the text that it says."""

    def read(cell: str) -> str | None:
        bare = cell.strip()
        if not bare:
            return None
        try:
            json_of(bare, name)
        except ValueError:
            if bare[0] in '[{"':
                raise
            return json.dumps(bare, ensure_ascii=False)
        return bare

    return by_entry(_as_json(column, name), read, pa.string(), wrong)
