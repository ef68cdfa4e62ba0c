"""Floors: what must stay with a household, by region, read from ``floors.toml`` with its sources.

A region is found by its name in either language, short or full, by its ISO 3166-2 or GB/T 2260
code, and by a larger city in it. However it is spelled, it is one region and has one floor.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any, Final

from forbear.base.errors import LoanError
from forbear.base.money import Rounding, digits_of, rounded
from forbear.base.reasons import Sentence
from forbear.base.words import Confidence

AREAS: Final = ("urban", "rural")
_MONTHS: Final = 12
_WHOLE: Final = "CN"  # the whole country, which every province lies in
# Marks that only separate the parts of a name; Xi'an and XIAN are one city.
_MARKS: Final = re.compile(r"[\s'’·.,，、_/-]+")
_KIND: Final = re.compile(r"(?<=.)(?:province|municipality|autonomousregion|city|state)$")
_CODE: Final = re.compile(r"(?:cn)?([1-8]\d{5})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A published figure: minor units (of a month or a year), and the source by its id."""

    amount: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """Where figures come from, of what day, and how sure we are of having read them right."""

    id: str
    title: Sentence
    dated: date
    confidence: Confidence
    read: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A region with its figures, in minor units of its currency.

    ``allowance`` is of a person and a month, ``consumption`` of a person and a year, each by area
    where that was published (the empty word is the whole region). ``by_size`` is of a household
    and a month by the number of people, ``each_more`` for everyone beyond. ``within`` is the region
    that a city with figures of its own lies in.
    """

    id: str
    name: Sentence
    currency: str
    allowance: Mapping[str, Figure]
    consumption: Mapping[str, Figure]
    by_size: tuple[int, ...] = ()
    each_more: int = 0
    size_source: str = ""
    within: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """What must stay with a household each month, in minor units, and what it rests on.

    ``typical`` is what people there spend on average; None where that is not known.
    """

    region: Region
    area: str
    people: int
    amount: int
    typical: int | None
    sources: tuple[Published, ...]


def floor(region: Region, people: int, area: str = "") -> Floor:
    """The floor of a household of ``people`` in ``region``; each head counts alike.

    ``area`` is ``urban``, ``rural`` or nothing; where no figure of that area was published, that
    of the whole region stands.
    """
    assert people > 0, "a household has somebody in it"
    assert area in ("", *AREAS), "an area is urban or rural"
    if region.by_size:
        size = len(region.by_size)
        amount = region.by_size[min(people, size) - 1] + region.each_more * max(0, people - size)
        return Floor(
            region=region, area="", people=people, amount=amount, typical=None,
            sources=(_read().sources[region.size_source],),
        )  # fmt: skip
    return _per_head(region, people, area)


def _per_head(region: Region, people: int, area: str) -> Floor:
    rule = _read()
    allowance = region.allowance.get(area, region.allowance.get(""))
    consumption = region.consumption.get(area, region.consumption.get(""))
    lines = []
    if allowance is not None:
        lines.append(Fraction(allowance.amount) * rule.of_allowance)
    if consumption is not None:
        lines.append(Fraction(consumption.amount, _MONTHS) * rule.of_consumption)
    unit = 10 ** digits_of(region.currency)
    # Rounded up to whole units: the odd part of a yuan is the borrower's.
    each = -(-max(lines) // (rule.round_up_to * unit)) * rule.round_up_to * unit
    rests = dict.fromkeys(f.source for f in (allowance, consumption) if f is not None)
    typical = None
    if consumption is not None:
        typical = rounded(Fraction(consumption.amount * people, _MONTHS), Rounding.HALF_UP)
    return Floor(
        region=region,
        area=area,
        people=people,
        amount=int(each) * people,
        typical=typical,
        sources=tuple(rule.sources[name] for name in rests),
    )


def region(name: str) -> Region:
    """The region that ``name`` means, however it is spelled.

    A place within a known region, such as 上海市浦东新区 or a GB/T 2260 code of a district, stands
    for that region. Raises :class:`LoanError` that lists the known ones.
    """
    read = _read()
    wanted = _plain(name)
    found = read.names.get(wanted) or read.names.get(wanted.removesuffix("市"))
    if found is None and (code := _CODE.fullmatch(wanted)):
        digits = code[1]
        found = read.names.get(f"{digits[:4]}00") or read.names.get(f"{digits[:2]}0000")
    if found is None:
        found = _within(wanted, read)
    if found is None:
        known = ", ".join(each.name.zh for each in read.regions.values())
        raise LoanError(
            f"region: «{name}» is not known; name the province or state the floor of the "
            f"household yourself, known are {known}"
        )
    return read.regions[found]


def regions() -> tuple[Region, ...]:
    """Every region with a floor, in the order of the file."""
    return tuple(_read().regions.values())


def rule_says() -> Sentence:
    """How a floor is made of the published figures."""
    return _read().says


def basis() -> tuple[str, str, Confidence, Sentence]:
    """The norm behind the idea of a floor: clause, level, confidence, and what it says."""
    return _read().basis


def _plain(name: str) -> str:
    """A name without what spelling can vary: width, case, marks, the kind of place it is."""
    plain = _MARKS.sub("", unicodedata.normalize("NFKC", name).casefold())
    return _KIND.sub("", plain) if plain.isascii() else plain


def _within(wanted: str, read: _Read) -> str | None:
    """The region whose name ``wanted`` begins with, or a region of its own within that one."""
    # A Latin name must end where a word ends, which cannot be told here; so it must be Chinese.
    chinese = {name: found for name, found in read.names.items() if not name.isascii()}
    begins = [name for name in chinese if len(name) > 1 and wanted.startswith(name)]
    if not begins:
        return None
    longest = max(begins, key=len)
    outer, rest = chinese[longest], wanted[len(longest) :]
    if outer == _WHOLE:
        return _within(rest, read) or outer
    for name, inner in chinese.items():
        if rest.startswith(name) and read.regions[inner].within == outer:
            return inner
    return outer


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """The file as read."""

    of_allowance: Fraction
    of_consumption: Fraction
    round_up_to: int
    says: Sentence
    basis: tuple[str, str, Confidence, Sentence]
    sources: Mapping[str, Published]
    regions: Mapping[str, Region]
    names: Mapping[str, str]


@cache
def _read() -> _Read:
    path = files("forbear.loans.offers").joinpath("floors.toml")
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    rule, (norm,) = table["rule"], table["basis"]
    found = {each["id"]: _region(each) for each in table["region"]}
    return _Read(
        of_allowance=Fraction(rule["of_allowance"]),
        of_consumption=Fraction(rule["of_consumption"]),
        round_up_to=int(rule["round_up_to"]),
        says=_sentence(rule["says"]),
        basis=(
            norm["clause"], norm["level"], Confidence(norm["confidence"]), _sentence(norm["says"])
        ),
        sources={each["id"]: _published(each) for each in table["source"]},
        regions=found,
        names=_names(table["region"]),
    )  # fmt: skip


def _names(tables: list[dict[str, Any]]) -> dict[str, str]:
    """Every way to name a region; a city within one stands for it unless it has its own row."""
    names: dict[str, str] = {}
    for each in tables:
        own = {each["id"], each["name"]["zh"], each["name"]["en"], *each["also"]}
        for name in sorted({_plain(name) for name in own}):
            assert name not in names, f"{name} names two regions"
            names[name] = each["id"]
    for each in tables:
        for city in each.get("cities", ()):
            names.setdefault(_plain(city), each["id"])
    return names


def _region(table: Mapping[str, Any]) -> Region:
    currency = table["currency"]
    by_size = table.get("by_size", {})
    return Region(
        id=table["id"],
        name=_sentence(table["name"]),
        currency=currency,
        allowance=_figures(table, "allowance", "month", currency),
        consumption=_figures(table, "consumption", "year", currency),
        by_size=tuple(_minor(each, currency) for each in by_size.get("month", ())),
        each_more=_minor(by_size.get("each_more", "0"), currency),
        size_source=by_size.get("source", ""),
        within=table.get("within", ""),
    )


def _figures(table: Mapping[str, Any], name: str, of: str, currency: str) -> dict[str, Figure]:
    found = {}
    for area in ("", *AREAS):
        key = f"{name}_{area}" if area else name
        if key in table:
            row = table[key]
            found[area] = Figure(amount=_minor(row[of], currency), source=row["source"])
    return found


def _minor(written: str, currency: str) -> int:
    return rounded(Decimal(written).scaleb(digits_of(currency)), Rounding.HALF_UP)


def _published(table: Mapping[str, Any]) -> Published:
    return Published(
        id=table["id"],
        title=_sentence(table["title"]),
        dated=table["dated"],
        confidence=Confidence(table["confidence"]),
        read=_sentence(table["read"]),
    )


def _sentence(table: Mapping[str, str]) -> Sentence:
    return Sentence(zh=table["zh"], en=table["en"])
