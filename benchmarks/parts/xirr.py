"""The annual rates of many loans: Forbear's columns beside scipy and pyxirr, which go one by one.

:func:`measure` makes the loans, times each engine in turn on the same columns, refuses to compare
rates that differ, has the judge of exact decimals certify a sample, prints a table, and returns the
figures. The flows lie ready in memory for all three: for scipy and Forbear as arrays, for pyxirr as
lists, which it reads faster.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
import pyxirr
from scipy.optimize import brentq

from forbear.batch.annual import FOUND, Flows, annual_rates, uncertified
from forbear.loans.days import month_after

from .measure import NOISE, Figure, at_least, number, refuse, table, tally

EPOCH = date(1970, 1, 1)
_AGREE = 1e-9


def loans(count: int, seed: int = 20260310) -> Flows:
    """Seeded loans of 12 to 36 monthly instalments, 3 to 60 % a year, a fee kept back from a third.

    Due days fall a few days late here and there, as they do where a due day is a holiday.
    """
    rng = random.Random(seed)
    starts, days, amounts = [0], list[int](), list[int]()
    for _ in range(count):
        begin = EPOCH + timedelta(days=19_000 + rng.randrange(1000))
        principal, periods = rng.randrange(100_000, 5_000_000), rng.randint(12, 36)
        rate = rng.uniform(0.03, 0.6) / 12
        payment = round(principal * rate / (1 - (1 + rate) ** -periods))
        fee = principal // 50 if rng.random() < 1 / 3 else 0
        days.append((begin - EPOCH).days)
        amounts.append(fee - principal)
        for month in range(1, periods + 1):
            late = rng.randrange(1, 4) if rng.random() < 0.2 else 0
            days.append((month_after(begin, month) - EPOCH).days + late)
            amounts.append(payment)
        starts.append(len(days))
    return Flows(np.array(starts), np.array(days, np.int32), np.array(amounts))


def by_forbear(flows: Flows) -> Any:
    """All rates at once, two threads."""
    found = annual_rates(flows, workers=2)
    if (found.state != FOUND).any():
        refuse("a loan of the benchmark has no single rate")
    return found.rate


def by_scipy(flows: Flows) -> Any:
    """One loan after the other: Brent's method over the sum of the discounted flows."""
    starts = flows.starts.tolist()
    amounts = flows.amounts.astype(float)
    rates = np.empty(len(starts) - 1)
    for loan, (start, end) in enumerate(pairwise(starts)):
        years = (flows.days[start:end] - flows.days[start]) / 365.0
        rates[loan] = brentq(_worth, -0.9, 10.0, (years, amounts[start:end]), xtol=1e-12)
    return rates


def _worth(rate: float, years: Any, amounts: Any) -> float:
    return float((amounts * (1.0 + rate) ** -years).sum())


def by_pyxirr(lists: Sequence[tuple[Sequence[date], Sequence[int]]]) -> Any:
    """One loan after the other, in compiled code."""
    return np.array([pyxirr.xirr(days, amounts) for days, amounts in lists], float)


def as_lists(flows: Flows) -> list[tuple[list[date], list[int]]]:
    """The same flows as pyxirr takes them."""
    starts, days, amounts = flows.starts.tolist(), flows.days.tolist(), flows.amounts.tolist()
    return [
        ([EPOCH + timedelta(days=day) for day in days[start:end]], amounts[start:end])
        for start, end in pairwise(starts)
    ]


def measure(count: int = 100_000, *, rounds: int = 3, sample: int = 1000) -> list[Figure]:
    """Time the engines on ``count`` loans and certify ``sample`` of the rates; print the table."""
    flows = loans(count)
    lists = as_lists(flows)
    engines: list[tuple[str, Callable[[], Any]]] = [
        ("Forbear, columns, 2 threads", lambda: by_forbear(flows)),
        ("pyxirr, one by one", lambda: by_pyxirr(lists)),
        ("scipy brentq, one by one", lambda: by_scipy(flows)),
    ]
    annual_rates(loans(1))  # compiled, or fetched where it was compiled before
    taken: dict[str, list[float]] = {name: [] for name, _ in engines}
    rates = {}
    for _ in range(rounds):
        for name, ask in engines:
            NOISE.feel()
            start = perf_counter()
            rates[name] = ask()
            taken[name].append(perf_counter() - start)
    first, *others = (name for name, _ in engines)
    for name in others:
        apart = float(np.abs(rates[name] - rates[first]).max())
        if apart > _AGREE:
            refuse(f"{name}: a rate differs from Forbear's by {apart:.2g}")
    asked = range(0, count, max(1, count // sample))
    start = perf_counter()
    doubted = uncertified(flows, annual_rates(flows), asked, Decimal("1e-9"))
    judging = (perf_counter() - start) / len(asked)
    if doubted:
        refuse(f"the judge does not certify the rates of {len(doubted)} loans of {len(asked)}")
    return _told(count, {name: median(each) for name, each in taken.items()}, len(asked), judging)


def _told(count: int, seconds: dict[str, float], judged: int, judging: float) -> list[Figure]:
    first = next(iter(seconds))
    ratios = {name: took / seconds[first] for name, took in seconds.items()}
    table(
        f"Annual rates of {tally(count)} loans",
        ["engine", "seconds", "µs a loan", "times Forbear's"],
        [
            [name, f"{took:.3f}", number(took / count * 1e6), number(ratios[name])]
            for name, took in seconds.items()
        ],
    )
    print(
        f"\nThe judge of exact decimals certified {tally(judged)} of them, "
        f"{number(judging * 1e6)} µs each, to 0.0000001 %."
    )
    at_least("× scipy one by one, annual rates", ratios["scipy brentq, one by one"], 50)
    figures = [
        Figure(
            name=f"annual rates of {count} loans",
            value=seconds[first] / count * 1e6,
            unit="µs a loan",
            peer=name,
            ratio=ratios[name],
        )
        for name in seconds
        if name != first
    ]
    return [
        *figures,
        Figure(name="annual rates certified by the judge", value=judged, unit="loans"),
        Figure(name="one certificate of the judge", value=judging * 1e6, unit="µs"),
    ]
