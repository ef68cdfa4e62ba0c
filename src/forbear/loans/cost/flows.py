"""Flows of money over time, and the curve whose zeros are the rates at which they balance.

A flow is positive where the borrower pays and negative where the borrower receives; its time is
counted in the periods that the rate is for. Rates do not depend on the unit of the amounts, so
minor units and whole currency serve alike, as long as one set of flows keeps to one of them.

A flow's discount at the rate ``i`` is ``1 / ((1 + odd · i) · (1 + i) ** time)``: compound interest
for whole periods, and simple interest for an odd part of a period where a law says so (12 CFR
Part 1026, Appendix J, (b)(8)); elsewhere ``odd`` is 0 and ``time`` may be any fraction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, localcontext
from fractions import Fraction
from itertools import pairwise
from typing import Final, NamedTuple

# Forty digits: the sums below lose a few, and a rate is stated to twelve. A discount may be as
# small as it likes; the exponents are as wide as the machine has them. What begins a computation
# enters this context, and all that it calls counts in it.
EXACT: Final = Context(prec=40, Emax=MAX_EMAX, Emin=MIN_EMIN)
# What a sum of rounded terms may be off by, as a share of the sum of their sizes.
SLACK: Final = Decimal("1e-32")


@dataclass(frozen=True, slots=True)
class Flow:
    """An amount at a time; ``odd`` is the part of a period that bears simple interest, below 1."""

    amount: Decimal | int
    time: Fraction
    odd: Fraction = Fraction(0)


class Point(NamedTuple):
    """The curve at one rate: sums of the discounted flows of either sign, and of their slopes.

    ``paid`` and ``received`` are sizes, and both shrink as the rate grows; so do ``paid_slope``
    and ``received_slope``, the sizes of their derivatives by the rate. ``slope`` is the derivative
    of ``paid - received`` by the logarithm of 1 + the rate.
    """

    paid: Decimal
    received: Decimal
    paid_slope: Decimal
    received_slope: Decimal
    slope: Decimal

    @property
    def sign(self) -> int:
        """1 where more is paid than received, -1 where less, 0 where the digits do not say."""
        if abs(self.paid - self.received) <= (self.paid + self.received) * SLACK:
            return 0
        return 1 if self.paid > self.received else -1


class Curve:
    """Flows netted by time, in order, the earliest at time 0, which moves no zero of the curve."""

    def __init__(self, flows: Iterable[Flow]) -> None:
        net: dict[tuple[Fraction, Fraction], Decimal] = {}
        for flow in flows:
            assert 0 <= flow.odd < 1, "an odd part is less than a period"
            when = (flow.time, flow.odd)
            net[when] = net.get(when, Decimal(0)) + flow.amount
        kept = sorted((when, amount) for when, amount in net.items() if amount)
        # With simple interest for odd parts the discounts keep their order only from one whole
        # period to the next, and what is proved of them rests on that order.
        assert all(t.denominator == 1 for (t, _), _ in kept) or not any(o for (_, o), _ in kept), (
            "odd parts stand beside whole periods only"
        )
        first = kept[0][0][0] if kept else Fraction(0)
        self.terms: Sequence[tuple[Decimal, Decimal, Decimal]] = [
            (amount, as_decimal(time - first), as_decimal(odd)) for (time, odd), amount in kept
        ]

    @property
    def changes(self) -> int:
        """How often the flows change their sign in the order of time."""
        signs = [amount > 0 for amount, _, _ in self.terms]
        return sum(one != other for one, other in pairwise(signs))

    def at(self, log: Decimal) -> Point:
        """The curve at the rate whose 1 + rate has the natural logarithm ``log``."""
        paid = received = paid_slope = received_slope = Decimal(0)
        growth = log.exp()
        for amount, time, odd in self.terms:
            size = amount * (-time * log).exp()
            per = time / growth
            if odd:
                simple = 1 + odd * (growth - 1)
                size /= simple
                per += odd / simple
            if amount > 0:
                paid += size
                paid_slope += size * per
            else:
                received -= size
                received_slope -= size * per
        slope = (received_slope - paid_slope) * growth
        return Point(paid, received, paid_slope, received_slope, slope)

    def discounted(self, log: Decimal) -> list[Decimal]:
        """Each netted flow, discounted, in the order of time."""
        rate = log.exp() - 1
        return [amount * (-time * log).exp() / (1 + odd * rate) for amount, time, odd in self.terms]


def as_decimal(value: Fraction) -> Decimal:
    """A fraction to forty digits, in any context."""
    with localcontext(EXACT):
        return Decimal(value.numerator) / value.denominator
