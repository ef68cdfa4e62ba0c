"""Amounts in whole minor units, and an offer to pay in instalments that adds up exactly."""

from __future__ import annotations

import calendar
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

INSTALMENTS_MAX: Final = 360
_MINOR_MAX: Final = 10**15
# Thousands may be marked, in threes or as in India, but a comma is never a decimal point.
_AMOUNT: Final = re.compile(
    r"([^0-9\s.,+-]*\.?)\s*((?:[0-9]+|[0-9]{1,3}(?:,[0-9]{2,3})*,[0-9]{3})(?:\.[0-9]{1,2})?)"
    r"\s*(万)?\s*([^0-9\s.,+-]*)"
)
# Full-width signs as a Chinese keyboard gives them; a raised 2 is no 2.
_NARROW: Final = {0xFF01 + n: 0x21 + n for n in range(94)} | {0x3000: " ", 0xFFE5: "¥"}
_DATE: Final = re.compile(r"([0-9]{4})(?:-|/|\.|年)([0-9]{1,2})(?:-|/|\.|月)([0-9]{1,2})日?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Instalment:
    """One payment: its number from 1, its date where known, and how much in minor units."""

    number: int
    on: date | None
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """The instalments, what they add up to, and what of ``basis`` they leave open."""

    instalments: tuple[Instalment, ...]
    total: int
    basis: int | None

    @property
    def rest(self) -> int:
        """What of the amount under negotiation the offer does not cover."""
        return 0 if self.basis is None else self.basis - self.total


def parse_amount(typed: str, signs: Collection[str]) -> int | None:
    """An amount as typed, in minor units (1/100); None where it is no plain positive amount.

    ``signs`` are the signs and names of the one currency that may stand before or after it, small
    letters for large: an amount in another currency is not this one.
    """
    found = _AMOUNT.fullmatch(typed.translate(_NARROW).strip())
    if found is None or any(sign and sign.lower() not in signs for sign in found.group(1, 4)):
        return None
    value = Decimal(found[2].replace(",", "")) * (10_000 if found[3] else 1) * 100
    minor = int(value)
    assert minor == value, "two decimals are whole minor units"
    return minor if 0 < minor < _MINOR_MAX else None


def parse_date(typed: str) -> date | None:
    """A date as typed: 2026-04-10, 2026/4/10 or 2026年4月10日; None where it is none."""
    found = _DATE.fullmatch(typed.translate(_NARROW).replace(" ", ""))
    # No offer reaches further than this, and a date beyond it is a slip.
    if found is None or not 1970 <= int(found[1]) <= 2200:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def add_months(first: date, months: int) -> date:
    """The same day ``months`` later, or the last day of a shorter month."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, min(first.day, calendar.monthrange(year, month + 1)[1]))


def offer(
    *, basis: int | None, each: int | None, months: int | None, first: date | None
) -> Offer | None:
    """Instalments of ``each`` up to ``basis``; the last one carries the remainder.

    ``basis`` is what is negotiated about, ``months`` how many payments at most; without ``each``
    the basis is divided evenly. None where too little is known for a table, or where it would have
    more than INSTALMENTS_MAX rows.
    """
    if months is not None and not 1 <= months <= INSTALMENTS_MAX:
        return None
    if each is None:
        if basis is None or months is None or basis < months:
            return None
        each, extra = divmod(basis, months)
        amounts = [each] * (months - 1) + [each + extra]
    elif basis is None or (months is not None and each * months < basis):
        if months is None:
            return None
        amounts = [each] * months
    else:
        count = -(-basis // each)
        if count > INSTALMENTS_MAX:
            return None
        amounts = [each] * (count - 1) + [basis - each * (count - 1)]
    made = tuple(
        Instalment(number=n + 1, on=None if first is None else add_months(first, n), amount=amount)
        for n, amount in enumerate(amounts)
    )
    return Offer(instalments=made, total=sum(amounts), basis=basis)
