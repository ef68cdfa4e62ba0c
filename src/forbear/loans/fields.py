"""Reading single fields of JSON: numbers, days, and the names that a row may use.

Numbers come as text, or as decimals where JSON was read without binary fractions. What is wrong is
said in one line with the field and how to mend it, and it is an error of the loan's, not a bug.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from forbear.base.errors import LoanError

_NUMBER: Final = re.compile(r"[+-]?\d{1,18}(?:\.\d{1,30})?", re.ASCII)
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_WIDEST: Final = 40


def number(given: Any, where: str) -> Decimal:
    """A decimal number, from text or from JSON read without binary fractions."""
    if isinstance(given, (int, Decimal)) and not isinstance(given, bool):
        value = Decimal(given)
        written = format(value, "f") if _is_short(value) else str(value)
    elif isinstance(given, str):
        written = given.strip()
    else:
        raise LoanError(f'{where}: {shown(given)} is not a number; write it as "1234.50"')
    if not _NUMBER.fullmatch(written):
        raise LoanError(f'{where}: «{cut(written)}» is not a number; write it as "1234.50"')
    return Decimal(written)


def day_of(given: Any, where: str) -> date:
    """A day as ISO 8601 writes it."""
    if not isinstance(given, str) or not _DATE.fullmatch(given):
        raise LoanError(f"{where}: {shown(given)} is no date; write one such as 2026-03-10")
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise LoanError(f"{where}: {given} is no day of the calendar; correct it") from None


def ratio(given: Any, where: str) -> Fraction:
    """A number, or a fraction such as ``19/30``."""
    if isinstance(given, str) and "/" in given:
        over, under = given.split("/", 1)
        below = number(under, where)
        if not below:
            raise LoanError(f"{where}: {given} divides by nothing; correct it")
        return Fraction(number(over, where)) / Fraction(below)
    return Fraction(number(given, where))


def known_only(row: Mapping[str, Any], keys: Iterable[str], where: str = "") -> None:
    """Refuse a field that nothing reads: a slip in its name would change the answer."""
    names = sorted(keys)
    for key in row:
        if key not in names:
            raise LoanError(f"{where}{cut(key)}: it is not known; known are {', '.join(names)}")


def shown(given: Any) -> str:
    """What was given, as a message quotes it."""
    return "nothing" if given is None else f"«{cut(str(given))}»"


def cut(text: str) -> str:
    """As much of a text as a line has room for."""
    text = " ".join(text.split())
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"


def _is_short(value: Decimal) -> bool:
    """Whether a number can be written out: 1e999999 would fill a disk."""
    return value.is_finite() and abs(value.adjusted()) < 60 and len(value.as_tuple().digits) < 60
