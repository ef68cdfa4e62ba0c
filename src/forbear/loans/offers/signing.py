"""What signing a plan means, by country: clauses with their level, from ``signing.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from forbear.base.errors import LoanError
from forbear.base.reasons import Sentence
from forbear.base.words import Confidence, Level

OTHER: Final = "other"
# The law of a currency where nobody names another.
_BY_CURRENCY: Final = {"CNY": "cn", "USD": "us", "GBP": "uk", "INR": "in"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """One thing that agreeing to a plan means.

    ``effect`` is restarts, gives_up, keeps, counts or proves; ``when`` is before or after the
    limitation period has run out, or always. Without ``products`` it holds for all of them.
    """

    law: str
    id: str
    effect: str
    when: str
    clause: str
    level: Level
    confidence: Confidence
    says: Sentence
    products: frozenset[str]


def signing(law: str, product: str) -> tuple[Meaning, ...]:
    """What agreeing means by the law of a country, for what is lent; in the order of the file.

    ``law`` is cn, us, uk, in, or other. Raises :class:`LoanError` for one that is not known.
    """
    if law not in laws():
        raise LoanError(f"law: «{law}» is not known; known are {', '.join(laws())}")
    return tuple(
        each
        for each in _read()
        if each.law == law and (not each.products or product in each.products)
    )


def law_of(currency: str) -> str:
    """The law that a loan in ``currency`` is taken to be under where nobody says."""
    return _BY_CURRENCY.get(currency, OTHER)


@cache
def laws() -> tuple[str, ...]:
    """The countries that something is known of, ``other`` last."""
    return tuple(dict.fromkeys(each.law for each in _read()))


@cache
def _read() -> tuple[Meaning, ...]:
    path = files("forbear.loans.offers").joinpath("signing.toml")
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(
        Meaning(
            law=each["law"],
            id=each["id"],
            effect=each["effect"],
            when=each["when"],
            clause=each["clause"],
            level=Level(each["level"]),
            confidence=Confidence(each["confidence"]),
            says=Sentence(**each["says"]),
            products=frozenset(each.get("products", ())),
        )
        for each in table["meaning"]
    )
