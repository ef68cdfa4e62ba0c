"""What a rate is: two numbers that it lies between, proven; or why there is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, localcontext
from enum import StrEnum
from fractions import Fraction

from forbear.loans.cost.flows import EXACT, as_decimal


class Why(StrEnum):
    """Why there is no number."""

    NOTHING = "nothing_moves"  # no money, or every payment is met by an advance on the same day
    NO_RATE = "no_rate"  # money moves one way only, or the sums never meet
    SEVERAL = "several_rates"  # several rates balance the flows, and none is the loan's own
    BEYOND = "beyond_any_rate"  # the sums meet only beyond 10 ± 1000
    UNDECIDED = "undecided"  # hundreds of flows turn so often that the search was given up
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


def compounded(rate: Decimal, periods: Fraction) -> Decimal:
    """What ``rate`` for one period is for ``periods`` periods, with interest on interest."""
    if rate <= -1:
        return Decimal(-1)
    with localcontext(EXACT):
        return (as_decimal(periods) * log_of(rate)).exp() - 1


def log_of(rate: Decimal) -> Decimal:
    """The natural logarithm of 1 + rate."""
    return (1 + rate).ln()


def _times(rate: Decimal, periods: Fraction) -> Decimal:
    with localcontext(EXACT):
        return rate * periods.numerator / periods.denominator
