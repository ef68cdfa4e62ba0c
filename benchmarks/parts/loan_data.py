"""Made-up portfolios: loans of 12 to 36 monthly instalments as columns, drawn from one seed.

Principal goes down as an annuity's does, by whole fen. Nine in ten borrowers are on time; the
others are behind by up to a year, some with a part paid, fees and penalties. A portfolio is a
folder of arrays, so that each engine's process can read it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

ON: Final = date(2026, 11, 25)
TODAY: Final = (ON - date(1970, 1, 1)).days
DAY_COUNTS: Final = ("actual/365", "actual/360", "actual/actual", "30/360")
ROUNDINGS: Final = ("half_even", "half_up", "down")
AMOUNTS: Final = (
    "owed_principal", "owed_interest", "owed_fee", "owed_penalty",
    "settled_principal", "settled_interest", "settled_fee", "settled_penalty",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Portfolio:
    """Loans, then their rows, loan after loan: ``first`` says where each loan's begin, and ends.

    Days are int32 since 1970, amounts int64 fen, rates of late interest millionths a year, words
    the places of DAY_COUNTS and ROUNDINGS. ``bucket`` is last night's place in the table of
    buckets, and ``earned`` the interest earned until then.
    """

    first: Array
    count: Array
    rounding: Array
    grace: Array
    late_ppm: Array
    bucket: Array
    earned: Array
    late_rest: Array
    start: Array
    due: Array
    owed_principal: Array
    owed_interest: Array
    owed_fee: Array
    owed_penalty: Array
    settled_principal: Array
    settled_interest: Array
    settled_fee: Array
    settled_penalty: Array

    @property
    def loans(self) -> int:
        """How many loans there are."""
        return len(self.count)


def draw(loans: int, seed: int = 1) -> Portfolio:
    """A portfolio of so many loans. The order of the draws is part of what the seed means."""
    rng = np.random.default_rng(seed)
    n = rng.integers(12, 37, loans)
    first = np.concatenate([[0], np.cumsum(n)])
    of = np.repeat(np.arange(loans), n)
    number = np.arange(len(of)) - first[:-1][of] + 1
    principal = rng.integers(10_000, 20_000_001, loans)
    month_rate = rng.choice(np.array([0.0, 0.003, 0.006, 0.01, 0.015, 0.02]), loans)
    opened = TODAY - rng.integers(0, 1_000, loans)
    start, due = _monthly(opened[of], number - 1), _monthly(opened[of], number)
    before = _balance(principal[of], month_rate[of], n[of], number - 1)
    after = _balance(principal[of], month_rate[of], n[of], number)
    owed = {
        "owed_principal": before - after,
        "owed_interest": np.rint(before * month_rate[of]).astype(np.int64),
        "owed_fee": _now_and_then(rng, len(of), 0.02, 5_000),
        "owed_penalty": np.where(due < TODAY, _now_and_then(rng, len(of), 0.01, 2_000), 0),
    }
    behind = np.where(rng.random(loans) < 0.9, 0, rng.integers(1, 14, loans))
    fallen = np.add.reduceat((due <= TODAY).astype(np.int64), first[:-1])
    paid = np.maximum(fallen - behind, 0)[of]
    part = np.where(number <= paid, 1_000, np.where(number == paid + 1, _parts(rng, loans)[of], 0))
    settled = {
        name.replace("owed", "settled"): amount * part // 1_000 for name, amount in owed.items()
    }
    whole = np.where(due < TODAY, owed["owed_interest"], 0)
    return Portfolio(
        first=first,
        count=rng.integers(0, len(DAY_COUNTS), loans).astype(np.int8),
        rounding=rng.integers(0, len(ROUNDINGS), loans).astype(np.int8),
        grace=rng.choice(np.array([0, 3, 10], np.int32), loans),
        late_ppm=rng.choice(np.array([0, 0, 150_000, 182_500]), loans),
        bucket=np.minimum(behind, 7).astype(np.int8),
        earned=np.add.reduceat(whole, first[:-1]),
        late_rest=rng.integers(0, 360_000_000, loans),
        start=start,
        due=due,
        **owed,
        **settled,
    )


def _monthly(opened: Array, number: Array) -> Array:
    """The day so many months after another; the last of a month where it has no such day."""
    day = opened.astype("datetime64[D]")
    month = day.astype("datetime64[M]")
    into = (day - month.astype("datetime64[D]")).astype(np.int64)
    wanted = month + number
    last = ((wanted + 1).astype("datetime64[D]") - wanted.astype("datetime64[D]")).astype(np.int64)
    stepped = wanted.astype("datetime64[D]").astype(np.int64) + np.minimum(into, last - 1)
    return np.asarray(stepped.astype(np.int32))


def _balance(principal: Array, rate: Array, n: Array, number: Array) -> Array:
    """What of the principal is out after so many of ``n`` equal instalments, in whole fen."""
    grown = (1 + rate) ** n
    with np.errstate(invalid="ignore", divide="ignore"):
        share = (grown - (1 + rate) ** number) / (grown - 1)
    return np.rint(principal * np.where(rate == 0, 1 - number / n, share)).astype(np.int64)


def _now_and_then(rng: Any, size: int, share: float, most: int) -> Array:
    return np.where(rng.random(size) < share, rng.integers(1, most, size), 0)


def _parts(rng: Any, loans: int) -> Array:
    """Thousandths of the oldest unpaid row that were paid: mostly none."""
    return np.where(rng.random(loans) < 0.8, 0, rng.integers(0, 1_001, loans))


def write(portfolio: Portfolio, folder: Path) -> Path:
    """Write a portfolio's columns into a folder of their own."""
    folder.mkdir()
    for column in fields(portfolio):
        np.save(folder / f"{column.name}.npy", getattr(portfolio, column.name))
    return folder


def read(folder: Path) -> Portfolio:
    """A portfolio as it was written."""
    return Portfolio(**{col.name: np.load(folder / f"{col.name}.npy") for col in fields(Portfolio)})
