"""Ceilings: dated law that says how much a loan may cost, read from ``ceilings/*.toml``.

A ceiling gives *room*: what the parts of a claim that it covers may come to in all. Room is a fixed
sum, a share of the credit, or grows day by day with the balance that is really out. Each ceiling
names its clause, its level, its source and how sure the reading is; one that was read in a single
poor report, from memory or in a draft can only ask a person. Percentages are texts in the files, so
that no figure of the law passes through a binary fraction.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from fractions import Fraction
from functools import cache
from importlib.resources import files as package_files
from pathlib import Path
from typing import Any, Final

from forbear.base.errors import LoanError
from forbear.base.reasons import Sentence
from forbear.base.words import Confidence, Effect, Level
from forbear.loans.lpr import Lpr, read_lpr


class Cost(StrEnum):
    """What a claim holds beside principal, in the order in which room is filled."""

    INTEREST = "interest"
    OVERDUE_INTEREST = "overdue_interest"
    PENALTY = "penalty"
    FEE = "fee"


class Base(StrEnum):
    """What room grows on: the principal really out, the credit first given, what is overdue."""

    BALANCE = "balance"
    CREDIT = "credit"
    OVERDUE = "overdue"


LENDERS: Final = ("bank", "consumer_finance", "microloan", "private", "unlicensed", "moneylender")
MONTHS: Final = 12
KINDS: Final = ("deducted", "capitalised")
WHEN: Final = ("always", "penalty_claimed", "overdue_claimed", "refused", "contract_before")
_SURE: Final = (Confidence.TEXT, Confidence.QUOTED)
_HEAD: Final = frozenset({"country", "title", "level", "confidence", "source", "checked"})
_COMMON: Final = frozenset({"id", "clause", "level", "confidence", "source", "says", "lender"})
_CEILING: Final = _COMMON | {
    "effect", "covers", "product", "borrower", "region", "contract_from", "contract_until",
    "contract_rate_from", "contract_rate_zero", "days_until", "settled", "fixed", "share_percent",
    "step",
}  # fmt: skip
_STEP: Final = frozenset(
    {
        "from", "until", "annual_percent", "monthly_percent", "daily_percent", "kept_percent",
        "lpr_multiple", "lpr_at", "contract_multiple", "base",
    }
)  # fmt: skip
_TOP: Final = frozenset({"instrument", "ceiling", "principal", "judge", "span", "rates"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Norm:
    """A clause and what it says. ``source`` is where it was read."""

    id: str
    clause: str
    says: Sentence
    level: Level
    confidence: Confidence
    source: str
    lender: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """How room grows on the days from ``since`` to ``until``, both counted.

    ``yearly`` is a part of the base a year (24 % is 24/100), known at once or a multiple of the LPR
    (``lpr_at`` contract or filing) or of the contract's own rate. ``kept`` is the yearly rate up to
    which what was paid stays paid, where that is more than may be claimed.
    """

    since: date | None = None
    until: date | None = None
    yearly: Fraction | None = None
    kept: Fraction | None = None
    lpr_multiple: Fraction | None = None
    lpr_at: str = "contract"
    contract_multiple: Fraction | None = None
    base: Base = Base.BALANCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling(Norm):
    """A limit on the sum of the costs it covers.

    ``settled`` says when what was paid above it is set off against principal: ``payment`` on the
    day it was paid, so that nothing may be taken before it is earned; ``end`` in one sum at last.
    """

    effect: Effect
    covers: frozenset[Cost]
    steps: tuple[Step, ...] = ()
    fixed: str | None = None
    share: Fraction = Fraction(0)
    settled: str = "payment"
    product: tuple[str, ...] = ()
    borrower: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    contract_from: date | None = None
    contract_until: date | None = None
    contract_rate_from: Decimal | None = None
    contract_rate_zero: bool = False
    days_until: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PrincipalRule(Norm):
    """What counts as principal: ``deducted`` (taken in advance) or ``capitalised`` interest."""

    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge(Norm):
    """What a person has to judge, and ``when`` (of :data:`WHEN`); ``day`` of contract_before."""

    when: str
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """The ceilings of one country, with the hash of the files they come from."""

    country: str
    ceilings: tuple[Ceiling, ...] = ()
    principal: tuple[PrincipalRule, ...] = ()
    judges: tuple[Judge, ...] = ()
    lpr: Lpr | None = None
    sha256: str = ""
    checked: date | None = None
    titles: Mapping[str, Sentence] = field(default_factory=dict)


def shipped() -> Path:
    """The folder of the ceilings that come with Forbear."""
    return Path(str(package_files("forbear.loans"))) / "ceilings"


@cache
def countries() -> tuple[str, ...]:
    """The countries of which ceilings come with Forbear."""
    return tuple(sorted({path.name.split("-")[0] for path in shipped().glob("*.toml")}))


@cache
def load(country: str, folder: Path | None = None) -> Book:
    """The ceilings of a country; raises LoanError where none are known or a file is wrong."""
    paths = sorted((folder or shipped()).glob(f"{country}-*.toml"))
    if not country.isalpha() or not paths:
        known = ", ".join(countries())
        raise LoanError(f"country «{country}» has no ceilings here; known are {known}")
    ceilings: list[Ceiling] = []
    principal: list[PrincipalRule] = []
    judges: list[Judge] = []
    titles: dict[str, Sentence] = {}
    lpr: Lpr | None = None
    checked: date | None = None
    whole = hashlib.sha256()
    for path in paths:
        data = path.read_bytes()
        whole.update(f"{path.name}\0{len(data)}\0".encode() + data)
        where = f"ceilings/{path.name}"
        table = _toml(data, where)
        head = table["instrument"]
        titles[path.stem] = _sentence(head.get("title"), where)
        checked = max(filter(None, (checked, head["checked"])))
        if "rates" in table:
            lpr = read_lpr(table, where)
            continue
        ceilings += [_ceiling(each, head, where) for each in table.get("ceiling", [])]
        principal += [_principal(each, head, where) for each in table.get("principal", [])]
        judges += [_judge(each, head, where) for each in table.get("judge", [])]
    # A ceiling within another is applied before it, so that room is never wasted on the outer one.
    ceilings.sort(key=lambda ceiling: len(ceiling.covers))
    return Book(
        country=country,
        ceilings=tuple(ceilings),
        principal=tuple(principal),
        judges=tuple(judges),
        lpr=lpr,
        sha256=whole.hexdigest(),
        checked=checked,
        titles=titles,
    )


def _toml(data: bytes, where: str) -> dict[str, Any]:
    try:
        table = tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LoanError(f"{where}: it is no TOML: {error}") from error
    _known(table, _TOP, where)
    head = table.get("instrument")
    if not isinstance(head, dict) or not {"country", "level", "checked"} <= set(head):
        raise LoanError(f"{where}: [instrument] needs country, level and checked")
    _known(head, _HEAD, f"{where}: instrument")
    return table


def _known(table: Mapping[str, Any], known: frozenset[str], where: str) -> None:
    if unknown := sorted(set(table) - known):
        raise LoanError(
            f"{where}: unknown key «{unknown[0]}»; known are {', '.join(sorted(known))}"
        )


def _sentence(given: object, where: str) -> Sentence:
    if not isinstance(given, dict) or set(given) != {"zh", "en"}:
        raise LoanError(f"{where}: a sentence is written {{ zh = …, en = … }}")
    return Sentence(zh=given["zh"], en=given["en"])


def _norm(given: Mapping[str, Any], head: Mapping[str, Any], where: str) -> dict[str, Any]:
    """What every norm has, the instrument speaking where the norm is silent."""
    place = f"{where}: {given.get('id', 'a norm without id')}"
    both = {**head, **given}
    try:
        return {
            "id": str(given["id"]),
            "clause": str(given["clause"]),
            "says": _sentence(given.get("says"), place),
            "level": Level(both["level"]),
            "confidence": Confidence(both["confidence"]),
            "source": str(both["source"]),
            "lender": _words(given, "lender", place, LENDERS),
        }
    except KeyError as error:
        raise LoanError(f"{place}: {error.args[0]} is missing") from None
    except ValueError as error:
        raise LoanError(f"{place}: {error}") from None


def _words(
    given: Mapping[str, Any], key: str, where: str, known: tuple[str, ...] = ()
) -> tuple[str, ...]:
    words = given.get(key, [])
    if not isinstance(words, list) or (known and set(words) - set(known)):
        raise LoanError(f"{where}: {key} is a list; known are {', '.join(known) or 'any words'}")
    return tuple(words)


def _ceiling(given: Mapping[str, Any], head: Mapping[str, Any], where: str) -> Ceiling:
    _known(given, _CEILING, f"{where}: {given.get('id')}")
    norm = _norm(given, head, where)
    place = f"{where}: {norm['id']}"
    strongest = Effect.DENY if norm["confidence"] in _SURE else Effect.REVIEW
    effect = Effect(given.get("effect", strongest))
    if effect is Effect.DENY and strongest is not Effect.DENY:
        raise LoanError(f"{place}: a reading that is {norm['confidence']} can only ask for review")
    covers = frozenset(map(Cost, _words(given, "covers", place, tuple(Cost))))
    settled = given.get("settled", "payment")
    if not covers or settled not in ("payment", "end"):
        raise LoanError(f"{place}: it needs covers; settled is payment or end")
    rate_from = given.get("contract_rate_from")
    return Ceiling(
        **norm,
        effect=effect,
        covers=covers,
        steps=tuple(_step(each, place) for each in given.get("step", [])),
        fixed=given.get("fixed"),
        share=_percent(given, "share_percent", place) or Fraction(0),
        settled=settled,
        product=_words(given, "product", place),
        borrower=_words(given, "borrower", place),
        region=_words(given, "region", place),
        contract_from=given.get("contract_from"),
        contract_until=given.get("contract_until"),
        contract_rate_from=None if rate_from is None else Decimal(rate_from),
        contract_rate_zero=given.get("contract_rate_zero", False),
        days_until=given.get("days_until"),
    )


def _step(given: Mapping[str, Any], where: str) -> Step:
    _known(given, _STEP, where)
    yearly = [
        found * times
        for key, times in (
            ("annual_percent", 1),
            ("monthly_percent", MONTHS),
            ("daily_percent", 365),
        )
        if (found := _percent(given, key, where)) is not None
    ]
    lpr, contract = (
        _number(given, "lpr_multiple", where),
        _number(given, "contract_multiple", where),
    )
    if len(yearly) + (lpr is not None) + (contract is not None) != 1:
        raise LoanError(
            f"{where}: a step has one rate: a percentage, lpr_multiple or contract_multiple"
        )
    return Step(
        since=given.get("from"),
        until=given.get("until"),
        yearly=yearly[0] if yearly else None,
        kept=_percent(given, "kept_percent", where),
        lpr_multiple=lpr,
        lpr_at=given.get("lpr_at", "contract"),
        contract_multiple=contract,
        base=Base(given.get("base", Base.BALANCE)),
    )


def _principal(given: Mapping[str, Any], head: Mapping[str, Any], where: str) -> PrincipalRule:
    _known(given, _COMMON | {"kind"}, where)
    if given.get("kind") not in KINDS:
        raise LoanError(f"{where}: {given.get('id')}: kind; known are {', '.join(KINDS)}")
    return PrincipalRule(**_norm(given, head, where), kind=given["kind"])


def _judge(given: Mapping[str, Any], head: Mapping[str, Any], where: str) -> Judge:
    _known(given, _COMMON | {"when", "day"}, where)
    if given.get("when") not in WHEN:
        raise LoanError(f"{where}: {given.get('id')}: when; known are {', '.join(WHEN)}")
    return Judge(**_norm(given, head, where), when=given["when"], day=given.get("day"))


def _percent(given: Mapping[str, Any], key: str, where: str) -> Fraction | None:
    found = _number(given, key, where)
    return None if found is None else found / 100


def _number(given: Mapping[str, Any], key: str, where: str) -> Fraction | None:
    written = given.get(key)
    if written is None:
        return None
    if not isinstance(written, str):
        raise LoanError(f'{where}: {key} is written as text, such as "24"')
    try:
        return Fraction(Decimal(written))
    except InvalidOperation:
        raise LoanError(f"{where}: {key} «{written}» is no number") from None
