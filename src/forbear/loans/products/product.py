"""Reading products from their files: TOML in, checked products out, or one line that says why not.

Amounts and rates are text in the files, since a number with a point would be a binary fraction.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files as package_files
from pathlib import Path
from typing import Any, Final

from forbear.base.errors import ForbearError, LoanError
from forbear.base.money import Rounding, digits_of, parse
from forbear.base.reasons import Sentence
from forbear.loans.bounds import COUNT_MAX, RATE_MAX, count, percent
from forbear.loans.days import UNITS
from forbear.loans.plan import AMORTIZATIONS

# The day counts by the names that contracts use: days_in_year, days_in_month, interest_period.
DAY_COUNTS: Final[dict[str, tuple[str, str, str]]] = {
    "actual/365": ("365", "actual", "daily"),
    "actual/actual": ("actual", "actual", "daily"),
    "actual/360": ("360", "actual", "daily"),
    "30/360": ("360", "30", "daily"),
}
_TABLES: Final = frozenset({"product", "limits", "fee", "terms"})
_PRODUCT: Final = frozenset({"lender", "name", "currency"})
_LIMITS: Final = frozenset(
    {
        "amount", "instalments", "annual_rate_percent", "every", "amortization", "all_in_percent",
        "grace_principal", "grace_interest", "down_payment_percent", "disbursements",
    }
)  # fmt: skip
_FEE: Final = frozenset({"id", "name", "percent_of_principal", "at_most"})
_TERMS: Final = frozenset({"interest_method", "day_count", "rounding", "multiple_of"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeCeiling:
    """The most that one fee may be: a share of the principal, an amount, or the lesser of both."""

    id: str
    name: Sentence
    percent_of_principal: Decimal | None = None
    at_most: int | None = None

    def ceiling(self, principal: int) -> int:
        """The most for a loan of ``principal``, in minor units, rounded down."""
        most = [] if self.at_most is None else [self.at_most]
        if self.percent_of_principal is not None:
            share, under = self.percent_of_principal.as_integer_ratio()
            most.append(principal * share // (under * 100))
        return min(most)


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """What a lender offers. Ranges are ``(from, to)``, both ends inside.

    ``every`` holds the steps between due days, such as ``(2, "weeks")``; ``all_in_percent`` is the
    most that a loan may cost in all as an annual rate.
    """

    id: str
    lender: Sentence
    name: Sentence
    currency: str
    amount: tuple[int, int]
    instalments: tuple[int, int]
    annual_rate_percent: tuple[Decimal, Decimal]
    every: tuple[tuple[int, str], ...]
    amortization: tuple[str, ...]
    all_in_percent: Decimal | None
    grace_principal: int
    grace_interest: int
    down_payment_percent: tuple[Decimal, Decimal]
    disbursements: int
    fees: tuple[FeeCeiling, ...]
    interest_method: str
    day_count: str
    rounding: Rounding
    multiple_of: int | None


def shipped() -> Mapping[str, Product]:
    """The products of the demonstration lender, by id."""
    folder = Path(str(package_files("forbear.loans"))) / "products"
    return {file.stem: load(file) for file in sorted(folder.glob("*.toml"))}


def find(name: str) -> Product:
    """The product of this id, or of this file where ``name`` ends in ``.toml``.

    Raises :class:`LoanError` where there is none, or where the file is not well formed.
    """
    if name.endswith(".toml"):
        return load(Path(name))
    known = shipped()
    if name not in known:
        raise LoanError(f"product «{name}» is not known; name a file, or known are {_list(known)}")
    return known[name]


def load(file: Path) -> Product:
    """The product in one file. Raises :class:`LoanError` with the file and the field."""
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise LoanError(f"{file}: cannot be read ({error.strerror}); look at the path") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LoanError(f"{file}: is not TOML ({error}); mend that line") from error
    try:
        return read(table, file.stem)
    except ForbearError as error:
        raise LoanError(f"{file.name}: {error}") from error


def read(table: Mapping[str, Any], name: str) -> Product:
    """A product from the tables of its file. Raises :class:`LoanError` or ``MoneyError``."""
    _keys(table, _TABLES, "the file")
    head, limits = _table(table, "product"), _table(table, "limits")
    terms = _table(table, "terms")
    _keys(head, _PRODUCT, "product")
    _keys(limits, _LIMITS, "limits")
    _keys(terms, _TERMS, "terms")
    currency = _text(head, "currency", "product")
    digits_of(currency)
    all_in, multiple = limits.get("all_in_percent"), terms.get("multiple_of")
    grace = {key: count(limits.get(key, 0), f"limits.{key}") for key in _LIMITS if "grace" in key}
    return Product(
        id=name,
        lender=_sentence(head, "lender", "product"),
        name=_sentence(head, "name", "product"),
        currency=currency,
        amount=_amounts(limits, currency),
        instalments=_counts(limits),
        annual_rate_percent=_percents(limits, "annual_rate_percent", RATE_MAX),
        every=_every(limits),
        amortization=_words(limits, "amortization", AMORTIZATIONS),
        all_in_percent=None if all_in is None else percent(all_in, "limits.all_in_percent"),
        **grace,
        down_payment_percent=_percents(
            {"down_payment_percent": {"from": "0", "to": "0"}, **limits}, "down_payment_percent", 99
        ),
        disbursements=count(limits.get("disbursements", 1), "limits.disbursements"),
        fees=tuple(_fee(each, currency) for each in _fees(table)),
        interest_method=_one(terms, "interest_method", ("declining_balance", "flat", "zero")),
        day_count=_one(terms, "day_count", tuple(DAY_COUNTS)),
        rounding=Rounding(_one(terms, "rounding", tuple(Rounding))),
        multiple_of=None if multiple is None else _positive(multiple, currency, "multiple_of"),
    )


# ── pieces ──


def _list(words: Sequence[str] | Mapping[str, Any]) -> str:
    return ", ".join(words)


def _keys(table: Mapping[str, Any], known: frozenset[str], where: str) -> None:
    for key in table:
        if key not in known:
            raise LoanError(
                f"{where}: «{key}» is not a word here; known are {_list(sorted(known))}"
            )


def _table(table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    if not isinstance(table.get(key), dict):
        raise LoanError(f"[{key}] is missing; write that table")
    found: Mapping[str, Any] = table[key]
    return found


def _fees(table: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    fees = table.get("fee", [])
    if not isinstance(fees, list) or not all(isinstance(each, dict) for each in fees):
        raise LoanError("fee: write each fee as a table of its own, [[fee]]")
    return fees


def _text(table: Mapping[str, Any], key: str, where: str) -> str:
    if not isinstance(table.get(key), str) or not table[key]:
        raise LoanError(f'{where}.{key} is missing; write it as text, {key} = "…"')
    return str(table[key])


def _sentence(table: Mapping[str, Any], key: str, where: str) -> Sentence:
    words = table.get(key)
    if not isinstance(words, dict) or set(words) != {"zh", "en"}:
        raise LoanError(f'{where}.{key}: write it in both languages, {{ zh = "…", en = "…" }}')
    return Sentence(
        zh=_text(words, "zh", f"{where}.{key}"), en=_text(words, "en", f"{where}.{key}")
    )


def _range(limits: Mapping[str, Any], key: str) -> tuple[Any, Any]:
    ends = limits.get(key)
    if not isinstance(ends, dict) or set(ends) != {"from", "to"}:
        raise LoanError(f"limits.{key}: write both ends, {{ from = …, to = … }}")
    return ends["from"], ends["to"]


def _ordered(low: Any, high: Any, key: str) -> None:
    if low > high:
        raise LoanError(f"limits.{key}: from is more than to, so nothing fits; exchange them")


def _amounts(limits: Mapping[str, Any], currency: str) -> tuple[int, int]:
    low, high = (_positive(end, currency, "limits.amount") for end in _range(limits, "amount"))
    _ordered(low, high, "amount")
    return low, high


def _positive(given: Any, currency: str, where: str) -> int:
    amount = parse(given, currency, where=where)
    if amount <= 0:
        raise LoanError(f"{where}: {given} is not more than 0; write an amount to lend")
    return amount


def _counts(limits: Mapping[str, Any]) -> tuple[int, int]:
    low, high = (count(end, "limits.instalments") for end in _range(limits, "instalments"))
    _ordered(low, high, "instalments")
    if not 1 <= low <= high <= COUNT_MAX:
        raise LoanError(f"limits.instalments: they lie between 1 and {COUNT_MAX}")
    return low, high


def _percents(limits: Mapping[str, Any], key: str, most: int) -> tuple[Decimal, Decimal]:
    low, high = (percent(end, f"limits.{key}") for end in _range(limits, key))
    _ordered(low, high, key)
    if low < 0 or high > most:
        raise LoanError(f"limits.{key}: it lies between 0 and {most}")
    return low, high


def step(written: object, where: str) -> tuple[int, str]:
    """A step between due days, ``2 weeks``. Raises :class:`LoanError`."""
    number, _, unit = str(written).strip().partition(" ")
    unit = unit.strip()
    unit = unit if unit.endswith("s") else unit + "s"
    if not number.isascii() or not number.isdigit() or int(number) < 1 or unit not in UNITS:
        raise LoanError(f"{where}: «{written}» is not a step; write one such as 2 weeks")
    return int(number), unit


def _every(limits: Mapping[str, Any]) -> tuple[tuple[int, str], ...]:
    steps = limits.get("every")
    if not isinstance(steps, list) or not steps:
        raise LoanError('limits.every: write the steps between due days, ["1 months"]')
    return tuple(step(each, "limits.every") for each in steps)


def _words(limits: Mapping[str, Any], key: str, known: Sequence[str]) -> tuple[str, ...]:
    words = limits.get(key)
    if not isinstance(words, list) or not words:
        raise LoanError(f"limits.{key}: write a list of words; known are {_list(known)}")
    return tuple(_known(word, known, f"limits.{key}") for word in words)


def _one(table: Mapping[str, Any], key: str, known: Sequence[str]) -> str:
    return _known(table.get(key), known, f"terms.{key}")


def _known(word: Any, known: Sequence[str], where: str) -> str:
    if word not in known:
        raise LoanError(f"{where}: «{word}» is not known; known are {_list(known)}")
    return str(word)


def _fee(table: Mapping[str, Any], currency: str) -> FeeCeiling:
    _keys(table, _FEE, "fee")
    name = _text(table, "id", "fee")
    share, most = table.get("percent_of_principal"), table.get("at_most")
    if share is None and most is None:
        raise LoanError(f"fee {name}: write percent_of_principal or at_most, or both")
    where = f"fee {name}"
    read = FeeCeiling(
        id=name,
        name=_sentence(table, "name", where),
        percent_of_principal=None if share is None else percent(share, f"{where}.percent"),
        at_most=None if most is None else parse(most, currency, where=f"{where}.at_most"),
    )
    if (read.percent_of_principal or 0) < 0 or (read.at_most or 0) < 0:
        raise LoanError(f"{where}: a ceiling is not negative")
    return read
