"""How an amount, a rate and a day are said in a sentence, in Chinese and English."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from forbear.base.money import text
from forbear.base.reasons import Sentence

_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_YUAN: Final = {"CNY": "元", "HKD": "港元", "TWD": "新台币元", "USD": "美元", "EUR": "欧元"}


def grouped(minor: int, currency: str) -> str:
    """The digits of an amount with their thousands marked: ``1,234.50``."""
    whole, point, rest = text(minor, currency).partition(".")
    return f"{int(whole):,}{point}{rest}" if int(whole) else f"{whole}{point}{rest}"


def amount(minor: int, currency: str) -> Sentence:
    """``1,234.50 元`` or ``CNY 1,234.50``."""
    digits = grouped(minor, currency)
    unit = _YUAN.get(currency)
    return Sentence(
        zh=f"{digits} {unit}" if unit else f"{currency} {digits}", en=f"{currency} {digits}"
    )


def rate(percent: Decimal) -> str:
    """A number of percent without idle zeros: ``7.2%``."""
    shown = f"{percent:f}"
    return f"{shown.rstrip('0').rstrip('.') if '.' in shown else shown}%"


def day(on: date) -> Sentence:
    """``2026年3月10日`` or ``10 March 2026``."""
    return Sentence(
        zh=f"{on.year}年{on.month}月{on.day}日", en=f"{on.day} {_MONTHS[on.month - 1]} {on.year}"
    )
