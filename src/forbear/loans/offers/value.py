"""What a plan is worth to a lender today: its payments discounted, times the chance it is kept.

    value = cure × Σ payment / (1 + r/12)^months / (1 + r/12 × part of a month)
          + (1 − cure) × what is recovered where the plan breaks

All of it is fractions, so that two machines rank alike. The rate, the chances and the recovery are
what the caller says; nothing of the borrower enters, or a poorer household could be ranked into a
dearer plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final

from forbear.base.errors import LoanError
from forbear.loans.days import months_between

_DIGITS_MOST: Final = 6
_MONTHS: Final = 12
_KNOWN_FACTORS: Final = 1 << 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Valuation:
    """How a lender values plans. All are fractions of one; ``discount`` is of a year.

    ``cure`` is the chance that a plan is kept to its end, ``cure_of`` the same for single kinds;
    ``recovery`` is the part of what is owed today that comes in where a plan breaks.
    """

    discount: Fraction
    cure: Fraction
    cure_of: Mapping[str, Fraction] = field(default_factory=dict)
    recovery: Fraction = Fraction(0)

    def chance(self, kind: str) -> Fraction:
        """The chance that a plan of this kind is kept."""
        return self.cure_of.get(kind, self.cure)


def present(payments: Iterable[tuple[date, int]], on: date, discount: Fraction) -> Fraction:
    """What ``payments`` (day, minor units) are worth on ``on``, in minor units, exactly."""
    total = Fraction(0)
    for day, amount in payments:
        total += amount * factor(on, max(day, on), discount)
    return total


def value(
    payments: Iterable[tuple[date, int]], on: date, *, kind: str, owed: int, by: Valuation
) -> Fraction:
    """What a plan is worth to the lender on ``on``, in minor units; ``owed`` is of that day."""
    kept = by.chance(kind)
    return kept * present(payments, on, by.discount) + (1 - kept) * by.recovery * owed


def factor(on: date, day: date, discount: Fraction) -> Fraction:
    """What one unit of ``day`` is worth on ``on``, whole months first, then days of a month."""
    months, rest, length = months_between(on, day)
    return _factor(discount, months, rest, length)


@lru_cache(maxsize=_KNOWN_FACTORS)
def _factor(discount: Fraction, months: int, rest: int, length: int) -> Fraction:
    monthly = discount / _MONTHS
    grown = (1 + monthly) ** months * (1 + monthly * Fraction(rest, length))
    return 1 / grown


def valuation(
    *, discount: Any, cure: Any, cure_of: Mapping[str, Any] | None = None, recovery: Any = "0"
) -> Valuation:
    """A valuation from figures as a person writes them: "0.08", "0.6".

    Raises :class:`LoanError` that names the field and says how to mend it.
    """
    return Valuation(
        discount=_fraction(discount, "discount"),
        cure=_fraction(cure, "cure"),
        cure_of={
            kind: _fraction(each, f"cure {kind}") for kind, each in sorted((cure_of or {}).items())
        },
        recovery=_fraction(recovery, "recovery"),
    )


def _fraction(given: Any, where: str) -> Fraction:
    if isinstance(given, float | bool) or not isinstance(given, str | int | Decimal):
        raise LoanError(f'{where}: {given!r} is no part of one; write it as text, "0.6"')
    try:
        read = Decimal(str(given).strip())
    except InvalidOperation:
        raise LoanError(
            f"{where}: «{given}» is no part of one; write a part of one, 0.6 for 60 %"
        ) from None
    if not read.is_finite() or not 0 <= read <= 1:
        raise LoanError(
            f"{where}: {given} is not between 0 and 1; write a part of one, 0.6 for 60 %"
        )
    exponent = read.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > _DIGITS_MOST:
        raise LoanError(f"{where}: {given} has more than {_DIGITS_MOST} digits; round it")
    return Fraction(read)
