"""Where a rate may lie, as pyxirr says it, for the judge to prove; nothing where it is not there.

It counts in binary fractions and stops where it likes, so nothing that it says is ever shown. It
saves the judge most of its steps, which counts in files of many loans.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from importlib import import_module
from math import isfinite
from typing import Any, Final

_EPOCH: Final = date(2000, 1, 1)
_MOST_DAYS: Final = 365 * 200
_NEAR: Final = Decimal("1e-30")


@cache
def _library() -> Any:
    """pyxirr, or None where the extra `loans` is not installed and the judge works alone."""
    try:
        return import_module("pyxirr")
    except ImportError:
        return None


def propose(terms: Sequence[tuple[Decimal, Decimal, Decimal]]) -> Decimal | None:
    """A rate for flows at whole periods, whole months or whole days of a year of 365."""
    pyxirr = _library()
    if pyxirr is None or any(odd for _, _, odd in terms):
        return None
    for in_one in (1, 12):
        at = _whole([time * in_one for _, time, _ in terms])
        if at is not None and at[-1] <= 20_000:
            amounts = [0.0] * (at[-1] + 1)
            for place, (amount, _, _) in zip(at, terms, strict=True):
                amounts[place] = float(amount)
            found = pyxirr.irr(amounts, silent=True)
            return None if found is None else _decimal((1.0 + found) ** in_one - 1.0)
    days = _whole([time * 365 for _, time, _ in terms])
    if days is None or days[-1] > _MOST_DAYS:
        return None
    dates = [_EPOCH + timedelta(days=day) for day in days]
    found = pyxirr.xirr(dates, [float(amount) for amount, _, _ in terms], silent=True)
    return None if found is None else _decimal(found)


def _whole(times: Sequence[Decimal]) -> list[int] | None:
    rounded = [int(time.to_integral_value()) for time in times]
    near = all(abs(time - whole) < _NEAR for time, whole in zip(times, rounded, strict=True))
    return rounded if near else None


def _decimal(found: float) -> Decimal | None:
    return Decimal(found) if isfinite(found) and found > -1.0 else None
