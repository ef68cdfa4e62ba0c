"""Closing in on one zero of a curve of flows, until the signs at two near rates prove it."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from forbear.loans.cost.flows import Curve
from forbear.loans.cost.rates import Rate, log_of

# 1 + rate between 10⁻¹⁰⁰⁰ and 10¹⁰⁰⁰: a loan of a day that doubles stays far inside.
FARTHEST: Final = Decimal(2300)
_FINE: Final = Decimal("1e-28")
_NEAR: Final = Decimal("1e-12")
_FEW: Final = 3
_STEPS: Final = 200


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


def polished(curve: Curve, rate: Decimal) -> Decimal | None:
    """A proposal after a few of Newton's steps, so that an answer does not depend on who proposed.

    None where they stay so long that the square of the last would still show.
    """
    log = log_of(rate)
    for _ in range(_FEW):
        point = curve.at(log)
        if not point.slope:
            return None
        step = (point.paid - point.received) / point.slope
        log -= step
        if abs(step) < _NEAR:
            return _snapped(log)
        if abs(log) > FARTHEST:
            return None
    return None


def proved(curve: Curve, rate: Decimal, within: Decimal) -> Rate | None:
    """The bracket around a proposal, where the signs at its ends prove that the rate is inside."""
    half = within * max(Decimal(1), 1 + rate) / 2
    low, high = rate - half, rate + half
    if low > -1 and curve.at(log_of(low)).sign * curve.at(log_of(high)).sign == -1:
        return Rate(low, high)
    return None


def ends(curve: Curve) -> tuple[Decimal, Decimal] | None:
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


def _certified(curve: Curve, at: Decimal, sign: int, within: Decimal) -> Rate:
    """The bracket around a zero found, widened until its two ends prove it."""
    rate = _snapped(at)
    half = within * max(Decimal(1), 1 + rate) / 2
    for _ in range(_STEPS):
        low, high = rate - half, rate + half
        # A rate is above -1; a bracket that reaches it is cut there.
        under = sign if low <= -1 else curve.at(log_of(low)).sign
        if under == sign and curve.at(log_of(high)).sign == -sign:
            return Rate(max(low, Decimal(-1)), high)
        half *= 2
    raise AssertionError("a zero between two signs has a bracket")


def _snapped(log: Decimal) -> Decimal:
    """The rate of a logarithm to 17 digits, so that it is the same whichever way it was found."""
    growth = log.exp()
    return (growth - 1).quantize(Decimal(1).scaleb(max(0, growth.adjusted()) - 17))
