"""Entries: what happened to a loan. Nothing is edited in place; an undo is an entry as well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened to a loan.

    ``on`` is the value date, from which it has effect; ``recorded_on`` the business day on which
    it was entered; ``seq`` the order of arrival, which orders entries of one value date.
    ``amount`` is in minor units; ``details`` holds what only this kind needs.
    """

    id: str
    kind: str
    on: date
    recorded_on: date
    seq: int
    amount: int = 0
    details: Mapping[str, Any] = field(default_factory=dict)
