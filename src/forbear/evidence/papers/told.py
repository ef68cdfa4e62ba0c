"""What a person says of herself and of what she wants; everything may stay unsaid."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from importlib.resources import files
from typing import Any, Final

from forbear.base.clock import parse_second
from forbear.base.errors import CaseError, InputError
from forbear.evidence.given import Language

WANTS: Final = ("stop", "hours", "dispute", "pay", "family", "credit", "leak")
LENDER_TYPES: Final = ("bank", "consumer_finance", "microloan", "private", "unlicensed")
COUNTRIES: Final = ("cn", "us", "uk", "india", "au", "hk", "ie")
_TEXT_MAX: Final = 4000
_ITEMS_MAX: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the person says.

    ``relation`` and ``debtor_name`` are for somebody else's letter: what she is to the debtor, and
    whose debt they spoke of. ``hours`` are the only ones in which she wants to be contacted,
    ``family`` whom the collector contacted besides. Amounts and ``first_date`` are as typed.
    ``danger``: threats or violence. ``acknowledged``: she has read what acknowledging a debt can
    do. ``country`` decides the channels and the law.
    """

    name: str = ""
    phone: str = ""
    address: str = ""
    email: str = ""
    relation: str = ""
    debtor_name: str = ""
    lender: str = ""
    lender_type: str = ""
    product: str = ""
    agency: str = ""
    contract: str = ""
    wants: tuple[str, ...] = ()
    hours: tuple[str, str] | None = None
    family: tuple[str, ...] = ()
    disputed: str = ""
    principal: str = ""
    claimed: str = ""
    can_pay: str = ""
    first_date: str = ""
    months: int | None = None
    hardship: str = ""
    dated: date | None = None
    danger: bool = False
    acknowledged: bool = False
    country: str = "cn"


def about_template(language: Language) -> str:
    """An empty form in TOML, every field explained, to be filled in and read by ``told_from``."""
    name = f"about.{language}.toml"
    return files("forbear.evidence.papers").joinpath(name).read_text(encoding="utf-8")


def told_from(table: Mapping[str, Any]) -> Told:
    """A ``Told`` from a plain mapping, as JSON and TOML give it.

    Raises InputError that names the key where a key is unknown or a value is of the wrong form;
    amounts and dates of an offer are taken as typed, so that a slip there is shown, not lost.
    """
    known = [each.name for each in fields(Told)]
    made: dict[str, Any] = {}
    for key, value in table.items():
        if key not in known:
            message = f"{str(key)[:40]!r} is no field of the papers; known are {', '.join(known)}"
            raise InputError(message)
        if value is not None:
            read: Callable[[Any, str], Any] = _READERS.get(key, _text)
            made[key] = read(value, key)
    return Told(**made)


def _wrong(key: str, value: Any, want: str) -> InputError:
    return InputError(f"{key}: {str(value)[:60]!r} is {want}")


def _text(value: Any, key: str) -> str:
    # A number without quotes is as good as one with them; one with a point may already be rounded.
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise _wrong(key, value, 'no text; write it in quotes, such as "1234.56"')
    if len(value) > _TEXT_MAX:
        raise _wrong(key, value, f"longer than {_TEXT_MAX} characters; shorten it")
    return value.strip()


def _texts(value: Any, key: str) -> tuple[str, ...]:
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list | tuple) or len(value) > _ITEMS_MAX:
        raise _wrong(key, value, f"no list of at most {_ITEMS_MAX} texts")
    return tuple(dict.fromkeys(text for each in value if (text := _text(each, key))))


def _one_of(known: tuple[str, ...]) -> Callable[[Any, str], str]:
    def read(value: Any, key: str) -> str:
        text = _text(value, key)
        if text and text not in known:
            raise _wrong(key, value, f"unknown; known are {', '.join(known)}")
        return text

    return read


def _wants(value: Any, key: str) -> tuple[str, ...]:
    found = _texts(value, key)
    for each in found:
        _one_of(WANTS)(each, key)
    return found


def _hours(value: Any, key: str) -> tuple[str, str] | None:
    if not value:
        return None
    form = 'no pair of times; write two such as ["18:00", "20:00"]'
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise _wrong(key, value, form)
    try:
        seconds = [parse_second(_text(each, key), where=key) for each in value]
    except CaseError as error:
        raise InputError(str(error)) from error
    if seconds[0] == seconds[1]:
        raise _wrong(key, value, form)
    start, end = (f"{second // 3600:02d}:{second % 3600 // 60:02d}" for second in seconds)
    return start, end


def _country(value: Any, key: str) -> str:
    return _one_of(COUNTRIES)(value, key) or "cn"


def _months(value: Any, key: str) -> int | None:
    text = _text(value, key)
    if not text:
        return None
    # str.isdigit is true of signs that int refuses, such as a raised two.
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and int(text) > 0):
        raise _wrong(key, value, "no number of months; write a whole one such as 12")
    return int(text)


def _date(value: Any, key: str) -> date | None:
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    text = _text(value, key)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise _wrong(key, value, "no date; write one such as 2026-03-16") from error


def _typed_date(value: Any, key: str) -> str:
    return value.isoformat()[:10] if isinstance(value, date) else _text(value, key)


def _truth(value: Any, key: str) -> bool:
    if not isinstance(value, bool):
        raise _wrong(key, value, "neither true nor false")
    return value


_READERS: Final[Mapping[str, Callable[[Any, str], Any]]] = {
    "wants": _wants,
    "family": _texts,
    "hours": _hours,
    "months": _months,
    "dated": _date,
    "first_date": _typed_date,
    "danger": _truth,
    "acknowledged": _truth,
    "country": _country,
    "lender_type": _one_of(LENDER_TYPES),
}
