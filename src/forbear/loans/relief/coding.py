"""Measures as JSON, in requests and in the details of entries: one reading, one writing of each.

Dates are ISO, amounts and rates are text; a field that is unknown, missing or absurd is refused
with its name and how to mend it, so that a misspelt field is never silently left out.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Final, TypeVar

from forbear.base.errors import LoanError, MoneyError
from forbear.base.money import parse, text
from forbear.loans.days import UNITS
from forbear.loans.parts import Component
from forbear.loans.relief.measures import (
    WORD,
    Excess,
    Kept,
    Measure,
    ReAge,
    Request,
    Settlement,
    Waiver,
)

MOST_INSTALMENTS: Final = 600  # fifty years of months; beyond that is a slip of the hand
_MOST_STEP: Final = 366
MOST_RATE: Final = Decimal(1000)
_BY_WORD: Final = {word: kind for kind, word in WORD.items()}
PREFIX: Final = "relief_"
_FIRST: Final = date(1950, 1, 1)
_LAST: Final = date(2199, 12, 31)
_DAYS: Final = {"days": 1, "weeks": 7, "months": 31}
_LONGEST: Final = 100 * 366
_Word = TypeVar("_Word", bound=StrEnum)


def request_of(given: Any, currency: str) -> Request:
    """A request as a person or a program writes it.

    ``{"measures": [{"kind": "waiver", "amounts": {"penalty": "all"}}, {"kind": "reage", …}],
    "on_excess": "trim", "product": "credit_card", "jurisdiction": "cn"}``. Raises
    :class:`LoanError` with the field and the mend.
    """
    if not isinstance(given, Mapping):
        raise LoanError('request: it is no object; write {"measures": [...]}')
    _only(given, ("measures", "on_excess", "product", "jurisdiction"), "request")
    measures = given.get("measures")
    if not isinstance(measures, list) or not measures:
        raise LoanError('measures: none is given; write at least one, such as {"kind": "reage"}')
    read = []
    for number, each in enumerate(measures):
        where = f"measures[{number}]"
        if not isinstance(each, Mapping):
            raise LoanError(f'{where}: it is no object; write {{"kind": "reage", …}}')
        details = {name: value for name, value in each.items() if name != "kind"}
        read.append(measure_of(each.get("kind"), details, currency, where))
    return Request(
        measures=tuple(read),
        on_excess=_word(given.get("on_excess", Excess.TRIM), Excess, "on_excess"),
        product=_name(given.get("product", "online_consumer"), "product"),
        jurisdiction=_name(given.get("jurisdiction", "cn"), "jurisdiction"),
    )


def measure_of(word: Any, details: Mapping[str, Any], currency: str, where: str) -> Measure:
    """The measure ``word`` with the fields in ``details``; ``where`` begins each message.

    Raises :class:`LoanError`.
    """
    kind = _BY_WORD.get(word) if isinstance(word, str) else None
    if kind is None:
        raise LoanError(f"{where}.kind: «{word}» is no relief; known are {', '.join(_BY_WORD)}")
    fields = {each.name: each for each in dataclasses.fields(kind)}
    _only(details, tuple(fields), where)
    read: dict[str, Any] = {}
    for name, each in fields.items():
        if name in details:
            read[name] = _READ[name](details[name], currency, f"{where}.{name}")
        elif each.default is dataclasses.MISSING:
            raise LoanError(f"{where}.{name}: it is missing; {word} needs it")
    for start, end in (("start", "end"), ("due", "new_due")):
        if start in read and end in read and read[end] < read[start]:
            raise LoanError(
                f"{where}.{end}: {read[end]} lies before {start} {read[start]}; exchange them"
            )
    made: Measure = kind(**read)
    if isinstance(made, ReAge) and made.n * made.every * _DAYS[made.unit] > _LONGEST:
        raise LoanError(
            f"{where}.n: {made.n} times {made.every} {made.unit} is beyond a hundred years; "
            "write fewer or shorter steps"
        )
    return made


def details_of(measure: Measure, currency: str) -> dict[str, Any]:
    """The fields of a measure as JSON has them; :func:`measure_of` reads them back the same."""
    if isinstance(measure, Waiver):
        return {
            "amounts": {
                str(component): "all" if amount is None else text(amount, currency)
                for component, amount in measure.amounts.items()
            }
        }
    told: dict[str, Any] = {}
    for each in dataclasses.fields(measure):
        value = getattr(measure, each.name)
        if isinstance(measure, Settlement) and each.name == "amount":
            told[each.name] = text(value, currency)
        else:
            told[each.name] = value if isinstance(value, int) else str(value)
    return told


def _only(given: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
    for name in given:
        if name not in known:
            takes = ", ".join(known) or "none, since it takes no field"
            raise LoanError(f"{where}.{name}: it is no field here; known are {takes}")


def _word(given: Any, words: type[_Word], where: str) -> _Word:
    try:
        return words(given)
    except ValueError:
        known = ", ".join(each.value for each in words)
        raise LoanError(f"{where}: «{given}» is not known; known are {known}") from None


def _name(given: Any, where: str) -> str:
    if not isinstance(given, str) or not given:
        raise LoanError(f"{where}: {given!r} is no word; write one such as credit_card")
    return given


def _count(given: Any, _currency: str, where: str, most: int = MOST_INSTALMENTS) -> int:
    if isinstance(given, bool) or not isinstance(given, int):
        raise LoanError(f"{where}: {given!r} is no whole number; write one such as 12")
    if not 1 <= given <= most:
        raise LoanError(f"{where}: {given} is not between 1 and {most}; correct it")
    return given


def _step(given: Any, currency: str, where: str) -> int:
    return _count(given, currency, where, _MOST_STEP)


def _day(given: Any, _currency: str, where: str) -> date:
    try:
        day = date.fromisoformat(given)
    except (TypeError, ValueError):
        message = f"{where}: {given!r} is no date; write one such as 2026-03-10"
        raise LoanError(message) from None
    if not _FIRST <= day <= _LAST:
        raise LoanError(f"{where}: {day} is not between {_FIRST} and {_LAST}; correct the year")
    return day


def _unit(given: Any, _currency: str, where: str) -> str:
    if given not in UNITS:
        raise LoanError(f"{where}: «{given}» is no step; known are {', '.join(UNITS)}")
    return str(given)


def _rate(given: Any, _currency: str, where: str) -> Decimal:
    if isinstance(given, float | bool) or not isinstance(given, str | int | Decimal):
        raise LoanError(f'{where}: {given!r} is no rate; write percent a year as text, "12.5"')
    try:
        rate = Decimal(given)
    except InvalidOperation:
        raise LoanError(f"{where}: «{given}» is no rate; write percent a year, 12.5") from None
    if not (rate.is_finite() and 0 <= rate <= MOST_RATE):
        raise LoanError(f"{where}: {given} is not between 0 and {MOST_RATE}; correct it")
    return rate


def _amount(given: Any, currency: str, where: str) -> int:
    try:
        amount = parse(given, currency, where=where)
    except MoneyError as error:
        raise LoanError(str(error)) from None
    if amount <= 0:
        raise LoanError(f"{where}: {given} is not above nothing; write what it is to be")
    return amount


def _amounts(given: Any, currency: str, where: str) -> dict[Component, int | None]:
    if not isinstance(given, Mapping) or not given:
        raise LoanError(f'{where}: nothing is to be waived; write {{"penalty": "all"}}')
    known = {str(component): component for component in Component}
    read: dict[Component, int | None] = {}
    for name, amount in given.items():
        if name not in known:
            raise LoanError(f"{where}.{name}: it is no component; known are {', '.join(known)}")
        everything = amount == "all"
        read[known[name]] = None if everything else _amount(amount, currency, f"{where}.{name}")
    return read


def _kept(given: Any, _currency: str, where: str) -> Kept:
    return _word(given, Kept, where)


# One reading for each name of a field, whatever measure it stands in.
_READ: Final[dict[str, Callable[[Any, str, str], Any]]] = {
    "n": _count, "every": _step, "unit": _unit, "interest": _kept, "first_due": _day,
    "start": _day, "end": _day, "due": _day, "new_due": _day, "deadline": _day,
    "annual_rate_percent": _rate, "amount": _amount, "amounts": _amounts,
}  # fmt: skip
