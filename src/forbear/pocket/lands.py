"""The countries that the page offers, and which one a log looks as if it came from."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

from forbear.base.reasons import Sentence
from forbear.intake import Form, Log

_NUMBERS_MIN: Final = 3
# Four numbers in five have to speak for another country before the page asks about it.
_SHARE: Final = 0.8
_MAINLAND_MOBILE: Final = re.compile(r"1[3-9]\d{9}")
# Many a mobile of mainland China would be a North American number as well.
_NORTH_AMERICAN: Final = re.compile(r"1[2-9]\d\d[2-9]\d{6}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Land:
    """One country: the law that is asked, and how its telephone numbers begin.

    ``regions`` are parts with law of their own that the packs hold; ``region`` is the one assumed.
    """

    name: Sentence
    packs: tuple[str, ...]
    dial: str
    region: str | None = None
    regions: tuple[tuple[str, Sentence], ...] = ()
    lender_types: tuple[str, ...] = ()

    def lender_type(self, said: str | None) -> str | None:
        """What was said of the lender, where this country's rules ask about it."""
        return said if said in self.lender_types else None


LANDS: Final[dict[str, Land]] = {
    "cn": Land(
        name=Sentence(zh="中国大陆", en="Mainland China"),
        packs=("cn",),
        dial="+86",
        lender_types=("bank", "consumer_finance", "microloan", "private", "unlicensed"),
    ),
    "hk": Land(
        name=Sentence(zh="中国香港", en="Hong Kong, China"),
        packs=("other",),
        dial="+852",
        region="HK",
    ),
    "us": Land(
        name=Sentence(zh="美国", en="United States"),
        packs=("us",),
        dial="+1",
        regions=(
            ("US-MA", Sentence(zh="马萨诸塞州", en="Massachusetts")),
            ("US-WA", Sentence(zh="华盛顿州", en="Washington")),
            ("US-NY-NYC", Sentence(zh="纽约市", en="New York City")),
        ),
    ),
    "uk": Land(
        name=Sentence(zh="英国", en="United Kingdom"),
        packs=("uk",),
        dial="+44",
        regions=(
            ("GB-ENG", Sentence(zh="英格兰", en="England")),
            ("GB-WLS", Sentence(zh="威尔士", en="Wales")),
            ("GB-SCT", Sentence(zh="苏格兰", en="Scotland")),
            ("GB-NIR", Sentence(zh="北爱尔兰", en="Northern Ireland")),
        ),
    ),
    "ie": Land(
        name=Sentence(zh="爱尔兰", en="Ireland"), packs=("other",), dial="+353", region="IE"
    ),
    "au": Land(
        name=Sentence(zh="澳大利亚", en="Australia"),
        packs=("au",),
        dial="+61",
        regions=(
            ("AU-NSW", Sentence(zh="新南威尔士州", en="New South Wales")),
            ("AU-VIC", Sentence(zh="维多利亚州", en="Victoria")),
            ("AU-QLD", Sentence(zh="昆士兰州", en="Queensland")),
            ("AU-WA", Sentence(zh="西澳大利亚州", en="Western Australia")),
            ("AU-SA", Sentence(zh="南澳大利亚州", en="South Australia")),
            ("AU-TAS", Sentence(zh="塔斯马尼亚州", en="Tasmania")),
            ("AU-ACT", Sentence(zh="首都领地", en="Australian Capital Territory")),
            ("AU-NT", Sentence(zh="北领地", en="Northern Territory")),
        ),
    ),
    "india": Land(name=Sentence(zh="印度", en="India"), packs=("india",), dial="+91"),
}


def looks_like(log: Log, country: str) -> str | None:
    """Another country that most numbers of ``log`` speak for, or None.

    Only numbers that show where they are from are asked: those with a country's prefix, and the
    mobiles of mainland China, which no other country writes so. A bill of a Chinese carrier speaks
    for all its rows.
    """
    spoken: Counter[str] = Counter()
    for number in {row.number for row in log.rows if row.number}:
        if (of := _country_of(number, asked=country)) is not None:
            spoken[of] += 1
    if any(row.form is Form.BILL for row in log.rows):
        return None if country == "cn" else "cn"
    total = sum(spoken.values())
    if total < _NUMBERS_MIN:
        return None
    likeliest, count = spoken.most_common(1)[0]
    return likeliest if likeliest != country and count >= _SHARE * total else None


def _country_of(number: str, *, asked: str) -> str | None:
    if _MAINLAND_MOBILE.fullmatch(number):
        return None if asked == "us" and _NORTH_AMERICAN.fullmatch(number) else "cn"
    found = [name for name, land in LANDS.items() if number.startswith(land.dial)]
    return max(found, key=lambda name: len(LANDS[name].dial), default=None)


def as_data() -> list[dict[str, Any]]:
    """The countries as the page shows them."""
    return [
        {
            "id": ident,
            "name": {"zh": land.name.zh, "en": land.name.en},
            "lender_types": list(land.lender_types),
            "regions": [
                {"id": region, "name": {"zh": name.zh, "en": name.en}}
                for region, name in land.regions
            ],
        }
        for ident, land in LANDS.items()
    ]
