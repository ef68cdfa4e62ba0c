"""What a house offers and how it orders: ``policy.toml``, read once."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files

from forbear.loans.offers.value import Valuation, valuation


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """``margin`` and ``step`` are parts of one; the rest is the menu of what is tried."""

    margin: Fraction
    step: Fraction
    values: Valuation
    months: tuple[int, ...]
    extra: tuple[int, ...]
    rates: tuple[Fraction, ...]
    pause: tuple[int, ...]
    settle: tuple[Fraction, ...]
    settle_days: int


@cache
def policy() -> Policy:
    """The policy of this house."""
    path = files("forbear.loans.offers").joinpath("policy.toml")
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    menu: Mapping[str, list[str]] = table["menu"]
    return Policy(
        margin=Fraction(table["margin"]),
        step=Fraction(table["step"]),
        values=valuation(
            discount=table["discount"],
            cure=table["cure"],
            cure_of=table["cure_of"],
            recovery=table["recovery"],
        ),
        months=tuple(map(int, menu["months"])),
        extra=tuple(map(int, menu["extra"])),
        rates=tuple(map(Fraction, menu["rates"])),
        pause=tuple(map(int, menu["pause"])),
        settle=tuple(map(Fraction, menu["settle"])),
        settle_days=int(table["menu"]["settle_days"]),
    )
