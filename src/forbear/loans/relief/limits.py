"""The limits of relief: data with clause, level and confidence, read from ``limits.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from forbear.base.reasons import Sentence
from forbear.base.words import Confidence, Level

EXTENSIONS: Final = "extensions"
PLAN_MONTHS: Final = "plan_months"
RESIDUE: Final = "residue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One limit: at most ``at_most`` of what ``id`` names, by ``clause``.

    Without ``products``, ``jurisdiction`` or ``currency`` it holds for all of them.
    """

    id: str
    at_most: int
    clause: str
    level: Level
    confidence: Confidence
    says: Sentence
    products: frozenset[str] = frozenset()
    jurisdiction: str = ""
    currency: str = ""

    def holds_for(self, product: str, jurisdiction: str, currency: str) -> bool:
        """Whether this limit is one of theirs."""
        return (
            (not self.products or product in self.products)
            and self.jurisdiction in ("", jurisdiction)
            and self.currency in ("", currency)
        )


@cache
def limits() -> tuple[Limit, ...]:
    """Every limit there is, in the order of the file: law before promises of our own."""
    written = files("forbear.loans.relief").joinpath("limits.toml").read_text(encoding="utf-8")
    return tuple(
        Limit(
            id=each["id"],
            at_most=each["at_most"],
            clause=each["clause"],
            level=Level(each["level"]),
            confidence=Confidence(each["confidence"]),
            says=Sentence(**each["says"]),
            products=frozenset(each.get("products", ())),
            jurisdiction=each.get("jurisdiction", ""),
            currency=each.get("currency", ""),
        )
        for each in tomllib.loads(written)["limit"]
    )


def limits_for(name: str, product: str, jurisdiction: str, currency: str = "") -> Iterator[Limit]:
    """The limits called ``name`` that hold for a product of a jurisdiction."""
    for limit in limits():
        if limit.id == name and limit.holds_for(product, jurisdiction, currency):
            yield limit


def residue(currency: str) -> int:
    """What rest is too small to be asked for, in minor units; less than this is waived."""
    return max((each.at_most for each in limits_for(RESIDUE, "", "", currency)), default=0)
