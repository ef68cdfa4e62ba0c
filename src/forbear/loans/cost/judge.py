"""The judge of rates: a bracket in exact decimals, with a proof that it is the rate and the only one.

A legal statement rests on a number that another party can check. So the answer is never "the
solver stopped here" but a pair of rates, ``10⁻¹²`` apart, between which more is paid than received
at one and less at the other, and a proof that there is no other such pair:

- Flows that change their sign once have exactly one rate. Divide the sum by the discount of the
  turn: all terms before it then grow with the rate and all after it shrink, each with its sign,
  so the sum moves one way. (Descartes' rule of signs, for any times and for the odd periods of
  Appendix J as well.)
- Flows that change it more often are searched whole (:mod:`forbear.loans.cost.several`).

Where there is none, or where several are left, that is the answer (:class:`NoRate`), not a number.
A proposal, such as that of a fast library, only says where to look: it is mended, and taken where
the two ends of its own bracket prove it; else the search is made without it. Thus the judge needs nothing but the standard
library and stays on the pure floor, which knows of no library that counts in binary fractions;
whoever has one, or computes many rates at once, stands above it and lets it judge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from enum import StrEnum
from fractions import Fraction
from typing import Final

from forbear.loans.cost.flows import EXACT, Curve, Flow, as_decimal

WITHIN: Final = Decimal("1e-12")
# 1 + rate between 10⁻¹⁰⁰⁰ and 10¹⁰⁰⁰: a loan of a day that doubles stays far inside.
FARTHEST: Final = Decimal(2300)
_FINE: Final = Decimal("1e-28")
_NEAR: Final = Decimal("1e-11")
_STEPS: Final = 200


# From netted flows in the order of time, each an amount, a time from the first, and an odd part.
Propose = Callable[[Sequence[tuple[Decimal, Decimal, Decimal]]], Decimal | None]


class Why(StrEnum):
    """Why there is no number."""

    NOTHING = "nothing_moves"  # no money, or every payment is met by an advance on the same day
    NO_RATE = "no_rate"  # money moves one way only, or the sums never meet
    SEVERAL = "several_rates"  # several rates balance the flows, and none is the loan's own
    BEYOND = "beyond_any_rate"  # the sums meet only beyond 10 ± 1000
    TOUCHES = "touches_only"  # the sums come so near to each other that no digits tell


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate for one period, as a share: it lies from ``low`` to ``high``, proven.

    ``aside`` are further rates that balance the flows and are not rates of this loan.
    """

    low: Decimal
    high: Decimal
    aside: tuple[Rate, ...] = ()

    @property
    def value(self) -> Decimal:
        """The middle of the bracket."""
        with localcontext(EXACT):
            return (self.low + self.high) / 2

    def mapped(self, by: Callable[[Decimal], Decimal]) -> Rate:
        """The rate in other words, such as for a year; ``by`` grows with what it is given."""
        return Rate(by(self.low), by(self.high), tuple(each.mapped(by) for each in self.aside))

    def times(self, periods: Fraction) -> Rate:
        """The nominal rate for ``periods`` periods: their number times the rate."""
        return self.mapped(lambda rate: _times(rate, periods))

    def compounded(self, periods: Fraction) -> Rate:
        """The effective rate for ``periods`` periods: interest bears interest."""
        return self.mapped(lambda rate: compounded(rate, periods))


@dataclass(frozen=True, slots=True)
class NoRate:
    """There is no number, and why; ``found`` are the rates where there are several."""

    why: Why
    found: tuple[Rate, ...] = ()

    def mapped(self, by: Callable[[Decimal], Decimal]) -> NoRate:
        """The same in other words."""
        return NoRate(self.why, tuple(each.mapped(by) for each in self.found))

    def times(self, periods: Fraction) -> NoRate:
        """The same for ``periods`` periods, without interest on interest."""
        return NoRate(self.why, tuple(each.times(periods) for each in self.found))

    def compounded(self, periods: Fraction) -> NoRate:
        """The same for ``periods`` periods, with interest on interest."""
        return NoRate(self.why, tuple(each.compounded(periods) for each in self.found))


def solve(
    flows: Iterable[Flow],
    *,
    within: Decimal = WITHIN,
    propose: Propose | None = None,
    of_a_loan: bool = False,
) -> Rate | NoRate:
    """The rate for one period at which what is paid and what is received balance.

    The bracket is ``within`` wide; above a rate of 1 it is ``within`` of 1 + the rate. ``propose``
    says where the rate may lie, or None where it does not know. ``of_a_loan``: where several rates balance, the one at which the borrower
    owes from the first advance to the end, and would owe more at a dearer rate, is the rate of the
    loan, if there is just one such.
    """
    with localcontext(EXACT):
        curve = Curve(flows)
        if not curve.terms:
            return NoRate(Why.NOTHING)
        if curve.changes == 0:
            return NoRate(Why.NO_RATE)
        if curve.changes > 1:
            # Rarely needed, and it uses this module.
            from forbear.loans.cost.several import every_rate  # noqa: PLC0415

            return every_rate(curve, within, of_a_loan=of_a_loan)
        proposal = propose(curve.terms) if propose else None
        if proposal is not None and proposal > -1:
            polished = _polished(curve, proposal)
            if polished is not None and (proved := _proved(curve, polished, within)):
                return proved
        ends = _ends(curve)
        return NoRate(Why.BEYOND) if ends is None else bracket(curve, *ends, within)


def certifies(flows: Iterable[Flow], rate: Decimal, within: Decimal) -> bool:
    """Whether a rate that another found lies within ``within`` of the only true one.

    Two evaluations, far cheaper than :func:`solve`; False where the flows have no single rate.
    """
    with localcontext(EXACT):
        curve = Curve(flows)
        return curve.changes == 1 and _proved(curve, rate, 2 * within) is not None


def _polished(curve: Curve, rate: Decimal) -> Decimal | None:
    """A proposal after one step of Newton's, so that an answer does not depend on who proposed.

    None where the step is so long that the square of it would still show.
    """
    log = log_of(rate)
    point = curve.at(log)
    if not point.slope:
        return None
    step = (point.paid - point.received) / point.slope
    return (log - step).exp() - 1 if abs(step) < _NEAR else None


def _proved(curve: Curve, rate: Decimal, within: Decimal) -> Rate | None:
    """The bracket around a proposal, where the signs at its ends prove that the rate is inside."""
    half = within * max(Decimal(1), 1 + rate) / 2
    low, high = rate - half, rate + half
    if low > -1 and curve.at(log_of(low)).sign * curve.at(log_of(high)).sign == -1:
        return Rate(low, high)
    return None


def bracket(curve: Curve, low: Decimal, high: Decimal, within: Decimal) -> Rate:
    """The one zero between two logarithms of 1 + rate, whose signs differ, as a narrow bracket."""
    sign = curve.at(low).sign
    assert sign * curve.at(high).sign == -1, "a zero lies between"
    at = (low + high) / 2
    for _ in range(_STEPS):
        point = curve.at(at)
        if not point.sign:
            break
        low, high = (at, high) if point.sign == sign else (low, at)
        # Newton's step where it stays inside, half the interval where it does not.
        step = (point.paid - point.received) / point.slope if point.slope else Decimal(0)
        at = at - step if step and low < at - step < high else (low + high) / 2
        if high - low < _FINE or (step and abs(step) < _FINE):
            break
    return _certified(curve, at, sign, within)


def compounded(rate: Decimal, periods: Fraction) -> Decimal:
    """What ``rate`` for one period is for ``periods`` periods, with interest on interest."""
    if rate <= -1:
        return Decimal(-1)
    with localcontext(EXACT):
        return (as_decimal(periods) * log_of(rate)).exp() - 1


def log_of(rate: Decimal) -> Decimal:
    """The natural logarithm of 1 + rate."""
    return (1 + rate).ln()


def _certified(curve: Curve, at: Decimal, sign: int, within: Decimal) -> Rate:
    """The bracket around a zero found, widened until its two ends prove it."""
    growth = at.exp()
    rate = growth - 1
    half = within * max(Decimal(1), growth) / 2
    for _ in range(_STEPS):
        low, high = rate - half, rate + half
        # A rate is above -1; a bracket that reaches it is cut there.
        under = sign if low <= -1 else curve.at(log_of(low)).sign
        if under == sign and curve.at(log_of(high)).sign == -sign:
            return Rate(max(low, Decimal(-1)), high)
        half *= 2
    raise AssertionError("a zero between two signs has a bracket")


def _ends(curve: Curve) -> tuple[Decimal, Decimal] | None:
    """Two logarithms around the only zero; None where it lies beyond any rate."""
    at, step = Decimal(0), Decimal("0.25")
    here = curve.at(at).sign
    if not here:
        return at - step, at + step
    # At ever higher rates only the earliest flow counts, so its sign tells where the zero lies.
    up = here != (1 if curve.terms[0][0] > 0 else -1)
    while abs(at) <= FARTHEST:
        further = at + step if up else at - step
        if curve.at(further).sign == -here:
            return (at, further) if up else (further, at)
        at, step = further, step * 2
    return None


def _times(rate: Decimal, periods: Fraction) -> Decimal:
    with localcontext(EXACT):
        return rate * periods.numerator / periods.denominator
