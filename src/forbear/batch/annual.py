"""The annual rates of many loans at once: columns of flows in, a rate each, for the judge to judge.

What is found here is a binary fraction and so only a proposal. It says which loans have one rate
by the rule of signs alone, and finds that; loans whose flows turn more than once, and those whose
rate is out of reach, are left to :func:`forbear.loans.cost.judge.solve`. Before any of it is stated
in law, :func:`uncertified` puts it to the judge, loan by loan or for a sample.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import numpy as np

from forbear.batch.jit import compiled
from forbear.loans.cost.flows import Flow
from forbear.loans.cost.judge import certifies, solve
from forbear.loans.cost.rates import NoRate, Rate

# What is said of each loan.
FOUND: Final = 0  # it has exactly one rate, and here it is
NO_RATE: Final = 1  # its money moves one way only
ASK: Final = 2  # ask the judge: the flows turn again, are out of order, or the rate is out of reach

_YEAR: Final = 365.0
# The logarithm of growth in a day, at most: a million times the debt in a year, either way.
_FARTHEST: Final = math.log(1e6) / _YEAR
# A step of Newton's this short leaves an error of its square times the days: nothing that counts.
_SHORT: Final = 1e-9
_CLOSE: Final = 1e-15
_STEPS: Final = 100
_CHUNK: Final = 4096

_inlined = compiled(counted=False, inline=True)
_compiled = compiled(counted=False)


@dataclass(frozen=True, slots=True, eq=False)
class Flows:
    """The flows of many loans, one loan after the other.

    Those of loan ``k`` stand at ``starts[k]`` up to ``starts[k + 1]``, in the order of time:
    ``days`` of any epoch, and ``amounts`` in minor units, negative where the borrower receives.
    """

    starts: Any  # int64, one more than there are loans
    days: Any  # int32
    amounts: Any  # int64

    def of(self, loan: int) -> list[Flow]:
        """The flows of one loan, exact, in years of 365 days from its first."""
        rows = slice(int(self.starts[loan]), int(self.starts[loan + 1]))
        days, amounts = self.days[rows].tolist(), self.amounts[rows].tolist()
        first = min(days, default=0)
        return [
            Flow(amount, Fraction(day - first, 365))
            for day, amount in zip(days, amounts, strict=True)
        ]


@dataclass(frozen=True, slots=True, eq=False)
class Rates:
    """For each loan its effective annual rate as a share (float64, NaN where none), and a state."""

    rate: Any
    state: Any  # uint8: FOUND, NO_RATE or ASK


def annual_rates(flows: Flows, workers: int | None = None) -> Rates:
    """The rate of each loan at which its flows balance, in years of 365 days.

    ``workers`` is how many threads share the loans, by default one a core.
    """
    loans = len(flows.starts) - 1
    rate, state = np.full(loans, np.nan), np.full(loans, ASK, np.uint8)

    def some(first: int) -> None:
        last = min(first + _CHUNK, loans)
        _some(flows.starts, flows.days, flows.amounts, first, last, rate, state)

    with ThreadPoolExecutor(workers or os.cpu_count() or 1) as pool:
        for _ in pool.map(some, range(0, loans, _CHUNK)):
            pass
    return Rates(rate, state)


def judged(flows: Flows, loan: int) -> Rate | NoRate:
    """What the judge says of one loan."""
    return solve(flows.of(loan))


def uncertified(
    flows: Flows, rates: Rates, loans: Iterable[int], within: Decimal = Decimal("1e-9")
) -> list[int]:
    """Those of the loans whose rate the judge does not find within ``within`` of the only one."""
    return [
        loan
        for loan in loans
        if rates.state[loan] != FOUND
        or not certifies(flows.of(loan), Decimal(float(rates.rate[loan])), within)
    ]


@_inlined
def _turns(days: Any, amounts: Any, start: int, end: int) -> tuple[int, float]:
    """How often the money of a loan turns; -1 where its days are out of order. A first guess.

    Money of one day counts together. The guess is the logarithm of growth in a day at which all
    that is received, and all that is paid, would move on the mean of their days.
    """
    turns, sign = 0, 0
    paid, received, paid_days, received_days = 0.0, 0.0, 0.0, 0.0
    at = start
    while at < end:
        day, net = days[at], 0
        while at < end and days[at] == day:
            net += amounts[at]
            at += 1
        if at < end and days[at] < day:
            return -1, 0.0
        if net == 0:
            continue
        mine = 1 if net > 0 else -1
        if sign == -mine:
            turns += 1
        sign = mine
        since = float(day - days[start])
        if net > 0:
            paid += net
            paid_days += net * since
        else:
            received -= net
            received_days -= net * since
    if turns != 1:
        return turns, 0.0
    return 1, math.log(paid / received) / (paid_days / paid - received_days / received)


@_inlined
def _first_sign(days: Any, amounts: Any, start: int, end: int) -> bool:
    """Whether the earliest money, that of one day together, is paid by the borrower."""
    net = 0
    for row in range(start, end):
        net += amounts[row]
        if net != 0 and (row + 1 == end or days[row + 1] != days[row]):
            break
    return bool(net > 0)


@_inlined
def _worth(days: Any, amounts: Any, start: int, end: int, at: float) -> tuple[float, float]:
    """What the flows of a loan are worth where money grows by ``at`` a day, and the slope of it."""
    # Most gaps are a month or a week; the discounts of their days follow from one another.
    day_1, day_7 = math.exp(-at), math.exp(-7.0 * at)
    day_28 = day_7 * day_7 * day_7 * day_7
    factor, worth, slope, since = 1.0, 0.0, 0.0, 0.0
    before = days[start]
    for row in range(start, end):
        gap = days[row] - before
        before = days[row]
        if 28 <= gap < 36:
            factor *= day_28
            for _ in range(gap - 28):
                factor *= day_1
        elif gap == 7:
            factor *= day_7
        elif gap != 0:
            factor *= math.exp(-at * gap)
        since += gap
        part = amounts[row] * factor
        worth += part
        slope -= part * since
    return worth, slope


@_compiled
def _some(
    starts: Any, days: Any, amounts: Any, first: int, last: int, rate: Any, state: Any
) -> None:
    """The rates of loans ``first`` up to ``last``, by Newton's steps inside a bracket."""
    for loan in range(first, last):
        start, end = starts[loan], starts[loan + 1]
        turns, at = _turns(days, amounts, start, end)
        if turns != 1:
            state[loan] = NO_RATE if turns == 0 else ASK
            continue
        low, high = -_FARTHEST, _FARTHEST
        at = min(max(at, low / 2), high / 2)
        # At ever higher rates only the earliest money counts.
        top = _first_sign(days, amounts, start, end)
        for _ in range(_STEPS):
            worth, slope = _worth(days, amounts, start, end, at)
            if (worth > 0.0) == top:
                high = at
            else:
                low = at
            nearer, near = math.inf, _SHORT
            if slope != 0.0:
                nearer = at - worth / slope
            if not low <= nearer <= high:
                nearer, near = (low + high) / 2.0, _CLOSE
            done = abs(nearer - at) <= near
            at = nearer
            if done:
                if abs(at) < _FARTHEST * 0.999:
                    rate[loan], state[loan] = math.expm1(at * _YEAR), FOUND
                break
