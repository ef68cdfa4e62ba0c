"""The inputs of one question about instalments, each read where it is needed and named if wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, Final

from forbear.base.errors import LoanError
from forbear.loans.annuity import Split
from forbear.loans.fields import number, shown

RATE: Final = ("annual_rate_percent", "periods_per_year", "rate_per_period")
TERM: Final = ("months", "periods", "years")
MOST_PERIODS: Final = 600  # fifty years of months
_RATE_DIGITS: Final = 12
_MOST_RATE: Final = Fraction(100)  # ten thousand per cent a period, a slip of the hand
_MOST_YEARLY: Final = 10_000
_MOST_MONEY: Final = Fraction(10**15)


class Inputs:
    """The inputs of one row, read where they are needed; ``rows`` is the plan if there is one."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self._given = given
        self.rows: Callable[[], Sequence[Split]] | None = None

    def has(self, name: str) -> bool:
        """Whether it is given; null counts as left out."""
        return self._given.get(name) is not None

    def raw(self, name: str) -> Any:
        """What is given. Raises LoanError where it is missing."""
        if not self.has(name):
            raise LoanError(f"inputs.{name}: it is missing; add it")
        return self._given[name]

    def positive(self, name: str, most: Fraction = _MOST_MONEY) -> Fraction:
        """A number above nothing."""
        value = Fraction(number(self.raw(name), f"inputs.{name}"))
        if not 0 < value <= most:
            raise LoanError(
                f"inputs.{name}: {shown(self.raw(name))} is out of range; write a number above 0 "
                f"and up to {most}"
            )
        return value

    def amount(self, name: str) -> Decimal:
        """An amount above nothing, as it is written."""
        self.positive(name)
        return number(self.raw(name), f"inputs.{name}")

    def count(self, name: str, most: int = MOST_PERIODS, least: int = 1) -> int:
        """A whole number."""
        value = number(self.raw(name), f"inputs.{name}")
        if value != value.to_integral_value() or not least <= value <= most:
            raise LoanError(
                f"inputs.{name}: {shown(self.raw(name))} is out of range; write a whole number "
                f"from {least} to {most}"
            )
        return int(value)

    @cached_property
    def principal(self) -> Fraction:
        """What is lent."""
        return self.positive("principal")

    @cached_property
    def rate(self) -> Fraction:
        """The rate of a period, as a share."""
        per_period, yearly = self.has("rate_per_period"), self.has("annual_rate_percent")
        if per_period == yearly:
            raise LoanError(
                "inputs.annual_rate_percent: write it or rate_per_period, one of the two"
            )
        if per_period:
            rate = self._of_few_digits("rate_per_period")
            if not 0 <= rate <= _MOST_RATE:
                raise LoanError(
                    f"inputs.rate_per_period: {shown(self.raw('rate_per_period'))} is no rate of a "
                    "loan; write a share such as 0.01"
                )
            return rate
        percent = self._of_few_digits("annual_rate_percent")
        if not 0 <= percent <= _MOST_YEARLY:
            raise LoanError(
                f"inputs.annual_rate_percent: {shown(self.raw('annual_rate_percent'))} is no rate "
                f"of a loan; write percent a year, 0 to {_MOST_YEARLY:,}"
            )
        per_year = self.count("periods_per_year", 366) if self.has("periods_per_year") else 12
        return percent / 100 / per_year

    def _of_few_digits(self, name: str) -> Fraction:
        """A rate as contracts write it; its powers are exact, and grow with every digit."""
        value = number(self.raw(name), f"inputs.{name}")
        exponent = value.normalize().as_tuple().exponent
        assert isinstance(exponent, int), "a number is finite"
        if exponent < -_RATE_DIGITS:
            raise LoanError(
                f"inputs.{name}: {shown(self.raw(name))} has more than {_RATE_DIGITS} digits after "
                "the point; round it first"
            )
        return Fraction(value)

    @cached_property
    def periods(self) -> int:
        """The number of instalments."""
        named = [name for name in TERM if self.has(name)]
        if len(named) != 1:
            raise LoanError("inputs.months: write months, periods or years, one of them")
        if named[0] == "years":
            return self.count("years", MOST_PERIODS // 12) * 12
        return self.count(named[0])

    def amounts(self, name: str) -> list[Decimal]:
        """A list of amounts of either sign."""
        given = self.raw(name)
        if not isinstance(given, list) or not given:
            raise LoanError(f"inputs.{name}: write a list of amounts, first to last")
        return [number(each, f"inputs.{name}[{at}]") for at, each in enumerate(given)]
