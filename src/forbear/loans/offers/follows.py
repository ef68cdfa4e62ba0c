"""What follows where no plan can be carried: pause, waiver, help; from ``follows.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from forbear.base.reasons import Sentence
from forbear.base.words import Confidence, Level

_ANY: Final = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that can be done. ``when`` is none, short or any; ``law`` a country, or any."""

    id: str
    law: str
    when: str
    clause: str
    level: Level
    confidence: Confidence
    says: Sentence


def follows(law: str, *, short: bool) -> tuple[Step, ...]:
    """What to do without a plan, by the law of a country.

    ``short`` says that the household's income does not even cover what it must live on.
    """
    return tuple(
        each for each in _read() if each.law in (_ANY, law) and (each.when != "short" or short)
    )


@cache
def _read() -> tuple[Step, ...]:
    path = files("forbear.loans.offers").joinpath("follows.toml")
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(
        Step(
            id=each["id"],
            law=each["law"],
            when=each["when"],
            clause=each["clause"],
            level=Level(each["level"]),
            confidence=Confidence(each["confidence"]),
            says=Sentence(**each["says"]),
        )
        for each in table["step"]
    )
