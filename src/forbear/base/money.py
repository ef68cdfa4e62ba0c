"""Money: whole minor units and a currency. The one module that rounds, and that shares a rest out.

Within the loans an amount is an ``int`` of minor units (fen, cents, paise), since every step of a
ledger is exact there; :class:`Money` carries the currency wherever an amount leaves them. No
``float`` ever holds an amount: ISO 4217 gives the digits of each currency, and every rounding is
named by the one who asks for it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

from forbear.base.errors import MoneyError

# The digits after the point of each currency that lenders here use (ISO 4217).
DIGITS: Final = {
    "AUD": 2, "BDT": 2, "BRL": 2, "CAD": 2, "CHF": 2, "CNY": 2, "EUR": 2, "GBP": 2, "HKD": 2,
    "IDR": 2, "INR": 2, "JPY": 0, "KES": 2, "KRW": 0, "KWD": 3, "MOP": 2, "MXN": 2, "MYR": 2,
    "NGN": 2, "NPR": 2, "NZD": 2, "PHP": 2, "PKR": 2, "SGD": 2, "THB": 2, "TWD": 2, "USD": 2,
    "VND": 0, "ZAR": 2,
}  # fmt: skip

_AMOUNT: Final = re.compile(r"([+-]?)((?:\d{1,3}(?:,\d{3})+|\d+))(?:\.(\d+))?", re.ASCII)
_MOST: Final = 10**15  # ten trillion yuan: more is a slip of the hand, not a loan
_DIGITS_MOST: Final = 16
_SHOWN_MOST: Final = 40


class Rounding(StrEnum):
    """How a part of a minor unit is rounded; the ISO and Python names."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    DOWN = "down"


_DECIMAL_NAME: Final = {
    Rounding.HALF_UP: ROUND_HALF_UP,
    Rounding.HALF_EVEN: ROUND_HALF_EVEN,
    Rounding.DOWN: ROUND_DOWN,
}


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount: ``minor`` units of ``currency``. Two currencies never meet in one sum."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        """A wrong amount inside Forbear is a bug; amounts from outside come by :func:`parse`."""
        assert type(self.minor) is int, "an amount is a whole number of minor units"
        digits_of(self.currency)

    def __add__(self, other: Money) -> Money:
        """The sum; of one currency only."""
        return Money(self.minor + other._same(self), self.currency)

    def __sub__(self, other: Money) -> Money:
        """The difference; of one currency only."""
        return Money(self.minor - other._same(self), self.currency)

    def __neg__(self) -> Money:
        """The same amount the other way."""
        return Money(-self.minor, self.currency)

    def __bool__(self) -> bool:
        """Whether there is anything at all."""
        return self.minor != 0

    def __str__(self) -> str:
        """The amount as JSON says it: ``1234.50``."""
        return text(self.minor, self.currency)

    def _same(self, other: Money) -> int:
        if self.currency != other.currency:
            raise MoneyError(
                f"{self.currency} and {other.currency} in one sum; convert one of them first, "
                "and say at what rate"
            )
        return self.minor


def digits_of(currency: object) -> int:
    """How many digits stand after the point of ``currency`` (ISO 4217).

    Raises :class:`MoneyError` where the currency is not known.
    """
    if not isinstance(currency, str) or currency not in DIGITS:
        raise MoneyError(
            f"currency «{currency}» is not known; use its three ISO 4217 letters, "
            f"known are {', '.join(DIGITS)}"
        )
    return DIGITS[currency]


def parse(given: str | int | Decimal, currency: str, *, where: str = "amount") -> int:
    """The minor units of an amount as a person or a file writes it: ``"1,234.50"``.

    ``where`` names the field in the message. A JSON number with a point is refused, since it has
    been a binary fraction on its way. Raises :class:`MoneyError`.
    """
    digits = digits_of(currency)
    if isinstance(given, bool) or not isinstance(given, str | int | Decimal):
        raise MoneyError(f'{where}: {given!r} is not an amount; write it as text, "1234.50"')
    written = (f"{given:f}" if isinstance(given, Decimal) else str(given)).strip()
    found = _AMOUNT.fullmatch(written)
    if found is None:
        raise MoneyError(f"{where}: «{_short(written)}» is not an amount; write it as 1234.50")
    sign, whole, rest = (
        found[1],
        found[2].replace(",", "").lstrip("0"),
        (found[3] or "").rstrip("0"),
    )
    if len(rest) > digits:
        raise MoneyError(
            f"{where}: {_short(written)} has more digits than {currency} has ({digits} after the "
            "point); round it first"
        )
    # The length is looked at first: a number may be too long to be computed with at all.
    if len(whole) > _DIGITS_MOST or (minor := int(f"{whole}{rest:0<{digits}}" or "0")) > _MOST:
        raise MoneyError(
            f"{where}: {_short(written)} is beyond any loan; look for a slip of the hand"
        )
    return -minor if sign == "-" else minor


def _short(written: str) -> str:
    return written if len(written) <= _SHOWN_MOST else f"{written[:_SHOWN_MOST]}…"


def text(minor: int, currency: str) -> str:
    """The amount as JSON and CSV say it: ``1234.50``, never a binary fraction."""
    digits = digits_of(currency)
    sign, whole = ("-" if minor < 0 else ""), abs(minor)
    if not digits:
        return f"{sign}{whole}"
    units, rest = divmod(whole, 10**digits)
    return f"{sign}{units}.{rest:0{digits}d}"


def round_ratio(numerator: int, denominator: int, how: Rounding) -> int:
    """``numerator / denominator`` to a whole number, exactly rounded; away from zero is "up"."""
    assert denominator > 0, "the denominator is positive"
    whole, rest = divmod(abs(numerator), denominator)
    twice = 2 * rest
    if how is Rounding.HALF_EVEN:
        whole += twice > denominator or (twice == denominator and whole % 2 == 1)
    elif how is Rounding.HALF_UP:
        whole += twice >= denominator
    return -whole if numerator < 0 else whole


def rounded(value: Fraction | Decimal, how: Rounding) -> int:
    """An exact or decimal number of minor units as a whole number."""
    if isinstance(value, Decimal):
        return int(value.to_integral_value(rounding=_DECIMAL_NAME[how]))
    return round_ratio(value.numerator, value.denominator, how)


def to_multiple(minor: int, of: int, how: Rounding) -> int:
    """The nearest multiple of ``of`` minor units; whole yuan are multiples of 100."""
    assert of > 0, "a multiple of nothing is undefined"
    return round_ratio(minor, of, how) * of


def allocate(total: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Share ``total`` out by ``weights`` so that the parts add up to it exactly.

    Each part is first rounded towards zero; what is left goes, one minor unit each, to the parts
    that lost most, the earlier one first. Weights are whole, none negative, not all nothing.
    """
    whole = sum(weights)
    usable = bool(weights) and whole > 0 and min(weights) >= 0
    assert usable, "weights are whole and not all nothing"
    sign, size = (-1 if total < 0 else 1), abs(total)
    parts = [size * weight // whole for weight in weights]
    lost = sorted(range(len(parts)), key=lambda i: (-(size * weights[i] % whole), i))
    for index in lost[: size - sum(parts)]:
        parts[index] += 1
    return tuple(sign * part for part in parts)
