"""Telephone numbers made comparable, as they are written on Chinese phones and bills."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

# What a log writes where the caller hid the number, or where there is none.
_WITHHELD: Final = frozenset(
    {
        "", "null", "none", "nan", "-", "--", "-1", "-2", "-3", "unknown", "private",
        "private number", "withheld", "anonymous", "restricted", "payphone",
        "未知", "未知号码", "私人号码", "隐藏号码", "匿名", "无", "保密", "未显示", "无主叫号码",
    }
)  # fmt: skip
_DECORATION: Final = re.compile(r"[\s\-().·/\u200b-\u200f\u202a-\u202e\ufeff]")
_MOBILE: Final = re.compile(r"1[3-9]\d{9}")
# A carrier's cheap-rate prefixes were dialled before the number and stand on old bills.
_DIAL_THROUGH: Final = re.compile(r"(?:17951|17911|17909|12593)(?=1[3-9]\d{9}$)")
_LAND_WITHOUT_ZERO: Final = re.compile(r"10[5-8]\d{7}|[2-9]\d{9,10}")
# Longer numbers that begin with 00 were dialled from abroad.
_WITHIN_CHINA_DIGITS_MAX: Final = 10
_NO_AREA: Final = re.compile(r"[48]00|9[56]|106")


def clean(text: str | None) -> str | None:
    """``text`` without outer blanks; None for an empty cell and for the literal "null"."""
    if text is None:
        return None
    bare = text.strip().strip("\ufeff\u200b")
    return None if bare.lower() in ("", "null") else bare


@lru_cache(maxsize=4096)
def comparable(text: str | None) -> str | None:
    """A number as it is compared: plain digits where it has any, None where it was withheld.

    Full-width digits, spaces and hyphens go; the country prefix of China goes however it is
    written; another country's stays as ``+``; a sender that is a name stays, in capitals.
    """
    if text is None:
        return None
    shown = unicodedata.normalize("NFKC", text).strip().strip("'`\"")
    if shown.lower() in _WITHHELD:
        return None
    bare = _DECORATION.sub("", shown)
    if bare.lower() in _WITHHELD:
        return None
    if not re.fullmatch(r"\+?[\d*#]+", bare, re.ASCII):
        return " ".join(shown.upper().split())
    if bare.startswith("00") and len(bare) > _WITHIN_CHINA_DIGITS_MAX:
        bare = "+" + bare[2:]
    if bare.startswith("+86"):
        return _with_area_zero(_without_dial_through(bare[3:])) or None
    if bare.startswith("86") and _MOBILE.fullmatch(bare[2:]):
        return bare[2:]
    return _without_dial_through(bare)


def _without_dial_through(digits: str) -> str:
    return _DIAL_THROUGH.sub("", digits)


def _with_area_zero(digits: str) -> str:
    """A landline after +86 lacks the zero that it has within China."""
    if _LAND_WITHOUT_ZERO.fullmatch(digits) and not _NO_AREA.match(digits):
        return "0" + digits
    return digits


def is_mobile(number: str) -> bool:
    """Whether it is a mainland mobile number."""
    return _MOBILE.fullmatch(number) is not None


def is_receive_only(number: str) -> bool:
    """Whether it is a 400 or 800 number: in China these can be called, and never call."""
    return re.fullmatch(r"[48]00\d{7}", number) is not None
