"""A borrower's circumstances as told: what comes in, what must go out, who lives on it, and where.

Only these decide. Who somebody is (a name, a number, a gender) is not read at all, so that the same
circumstances get the same offers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from forbear.base.errors import LoanError, MoneyError
from forbear.base.money import parse, text
from forbear.loans.offers.floors import AREAS, Region, region

_KEYS: Final = (
    "income", "irregular", "spending", "other_debts", "dependants", "region", "area", "floor",
    "lump_sum", "pay_day", "currency",
)  # fmt: skip
# What a file may hold of the person and what is never read, since it must not decide anything.
NOT_READ: Final = (
    "age", "birth_date", "employer", "ethnicity", "gender", "id", "language", "name",
    "nationality", "note", "occupation", "phone", "religion", "sex", "told_at",
)  # fmt: skip
_DEPENDANTS_MOST: Final = 20
_ITEMS_MOST: Final = 120
_WHOLE: Final = re.compile(r"\d{1,9}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What a household lives on. Amounts are minor units of ``currency`` and of one month.

    ``incomes`` is one figure, or those of past months; ``irregular`` says that they vary.
    ``floor`` is a floor of the whole household that somebody states; ``lump_sum`` can be paid
    once, beside the monthly surplus; ``pay_day`` is the day of the month on which money comes in.
    """

    currency: str
    incomes: tuple[int, ...]
    irregular: bool = False
    spending: int | None = None
    other_debts: int = 0
    dependants: int = 0
    region: Region | None = None
    area: str = ""
    floor: int | None = None
    lump_sum: int = 0
    pay_day: int | None = None


def circumstances(told: Mapping[str, Any], *, currency: str) -> Circumstances:
    """Circumstances from a mapping as JSON gives it, for a loan in ``currency``.

    Amounts are text ("6,000.00") or whole numbers. Raises :class:`LoanError` or
    :class:`MoneyError` that names the field and says how to mend it.
    """
    for key in told:
        if key not in _KEYS and key not in NOT_READ:
            raise LoanError(f"{key}: it is no circumstance; known are {', '.join(_KEYS)}")
    _same_currency("currency", told.get("currency", currency), currency)
    place = _region(told.get("region"), currency)
    stated = None if told.get("floor") is None else _amount(told["floor"], currency, "floor")
    if place is None and stated is None:
        raise LoanError(
            "region: say where the household lives, 上海 or CN-SH, or state its floor; without "
            "one nobody knows what must stay with it"
        )
    return Circumstances(
        currency=currency,
        incomes=_incomes(told, currency),
        irregular=_yes_or_no(told.get("irregular", False), "irregular"),
        spending=_summed(told["spending"], currency, "spending")
        if _said(told, "spending")
        else None,
        other_debts=_summed(
            told["other_debts"] if _said(told, "other_debts") else 0, currency, "other_debts"
        ),
        dependants=_whole(
            told.get("dependants", 0), "dependants", least=0, most=_DEPENDANTS_MOST, what="people"
        ),
        region=place,
        area=_area(told.get("area")),
        floor=stated,
        lump_sum=_amount(told["lump_sum"] if _said(told, "lump_sum") else 0, currency, "lump_sum"),
        pay_day=_whole(told["pay_day"], "pay_day", least=1, most=31, what="day of the month")
        if _said(told, "pay_day")
        else None,
    )


def _said(told: Mapping[str, Any], key: str) -> bool:
    return told.get(key) is not None


def _same_currency(where: str, found: Any, currency: str) -> None:
    if found != currency:
        raise MoneyError(
            f"{where}: {found} is not the {currency} of the loan; state all amounts in {currency}"
        )


def _region(name: Any, currency: str) -> Region | None:
    if name is None:
        return None
    if not isinstance(name, str):
        raise LoanError(f"region: {name!r} is no name; write it as text, 上海 or CN-SH")
    found = region(name)
    if found.currency != currency:
        raise MoneyError(
            f"region: {found.name.en} counts in {found.currency}, the loan in {currency}; state "
            f"the floor of the household in {currency} in place of the region"
        )
    return found


def _incomes(told: Mapping[str, Any], currency: str) -> tuple[int, ...]:
    given = told.get("income")
    if given is None:
        raise LoanError('income: it is missing; say what comes in a month after tax, "6000.00"')
    if not isinstance(given, list | tuple):
        return (_amount(given, currency, "income"),)
    if not given:
        raise LoanError("income: the list is empty; give the months you know, or one figure")
    if len(given) > _ITEMS_MOST:
        raise LoanError(f"income: {len(given)} months; the last {_ITEMS_MOST} are enough")
    # In order of size, so that the order in which months are told decides nothing.
    return tuple(
        sorted(_amount(each, currency, f"income[{n}]") for n, each in enumerate(given, start=1))
    )


def _amount(given: Any, currency: str, where: str) -> int:
    """An amount that is not negative; an object may name its currency beside it."""
    if isinstance(given, Mapping) and {"amount", "currency"} == set(given):
        _same_currency(where, given["currency"], currency)
        given = given["amount"]
    if isinstance(given, list | tuple | Mapping):
        raise MoneyError(f'{where}: it is no amount; write it as text, "1234.50"')
    found = parse(given, currency, where=where)
    if found < 0:
        raise MoneyError(
            f"{where}: {text(found, currency)} is below nothing; write what comes in or goes out "
            "as a positive amount, and a loss as 0"
        )
    return found


def _summed(given: Any, currency: str, where: str) -> int:
    """One amount, or several in a list or by name, added up."""
    if isinstance(given, Mapping) and {"amount", "currency"} == set(given):
        return _amount(given, currency, where)
    if isinstance(given, Mapping):
        items = [(f"{where}.{name}", each) for name, each in given.items()]
    elif isinstance(given, list | tuple):
        items = [(f"{where}[{n}]", each) for n, each in enumerate(given, start=1)]
    else:
        return _amount(given, currency, where)
    if len(items) > _ITEMS_MOST:
        raise LoanError(f"{where}: {len(items)} items; put small ones together")
    total = 0
    for name, each in items:
        if isinstance(each, Mapping) and "monthly" in each:
            total += _amount(each["monthly"], currency, f"{name}.monthly")
        else:
            total += _amount(each, currency, name)
    return total


def _whole(given: Any, where: str, *, least: int, most: int, what: str) -> int:
    written = str(given).strip()
    if isinstance(given, bool | float) or not _WHOLE.fullmatch(written):
        kind = "whole number of people" if what == "people" else what
        raise LoanError(f"{where}: {written} is no {kind}; write a number from {least} to {most}")
    found = int(written)
    if not least <= found <= most:
        raise LoanError(f"{where}: {found} is not between {least} and {most}; look for a slip")
    return found


def _yes_or_no(given: Any, where: str) -> bool:
    if isinstance(given, bool):
        return given
    raise LoanError(f"{where}: {given!r} is neither true nor false; write one of the two")


def _area(given: Any) -> str:
    if given in (None, ""):
        return ""
    if given not in AREAS:
        raise LoanError(f"area: {given!r} is no area; known are {', '.join(AREAS)}")
    return str(given)
