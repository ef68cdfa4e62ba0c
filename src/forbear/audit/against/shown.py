"""Numbers as a record has them: whole, masked, the last digits, or not said; never guessed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from forbear.intake.numbers import comparable, is_mobile

MASK: Final = "*"
_MASKS: Final = re.compile(r"[*xX#●•·_]|\.{2,}|…")
_MASKED: Final = re.compile(r"\+?[\d*]*\d[\d*]*")
_TAIL: Final = re.compile(r"(?:尾号|末四位|后四位|ending(?: in)?|last four:?)\s*(\d{2,6})", re.I)
_HASH: Final = re.compile(r"(?:[a-z0-9]+:)?[0-9a-f]{16,}", re.I)
_TAIL_DIGITS: Final = 4
# How numbers begin that no agent or extension is named by.
_PUBLIC: Final = re.compile(r"\+\d{7,}|0\d{9,}|9[56]\d{3,}|1069?\d{3,}|[48]00\d{7}")


def shown_number(more: Mapping[str, object], displayed_as: str | None) -> str | None:
    """The number that the person's phone displayed, as far as a row of a record says it.

    Plain digits, or with ``*`` for each digit that is hidden, or None. ``caller_id`` decides where
    it is said, since a line's own number need not be the one displayed. An agent's code is no
    number.
    """
    caller = more.get("caller_id")
    if isinstance(caller, str):
        return None if caller.lower() == "withheld" else said_number(caller)
    said = said_number(displayed_as)
    if said is None or displayed_as is None or displayed_as != more.get("agent"):
        return said
    masked = MASK in said and not displayed_as.isdecimal()
    return said if masked or is_mobile(said) or _PUBLIC.fullmatch(said) else None


@lru_cache(maxsize=4096)
def said_number(text: str | None) -> str | None:
    """A number, whole or masked, in the form that ``agreement`` takes; None for a hash."""
    if text is None:
        return None
    plain = unicodedata.normalize("NFKC", text).strip()
    if (tail := _TAIL.search(plain)) is not None:
        return MASK + tail[1]
    if _HASH.fullmatch(plain) and not plain.isdecimal():
        return None
    bare = _MASKS.sub(MASK, re.sub(r"[\s\-()]", "", plain))
    if MASK in bare and _MASKED.fullmatch(bare):
        return re.sub(r"^\+?86(?=1[3-9])", "", bare)
    if re.fullmatch(rf"\d{{{_TAIL_DIGITS}}}", plain):
        return MASK + plain
    return None if MASK in bare else comparable(plain)


def agreement(one: str | None, other: str | None) -> int | None:
    """How well two numbers agree: 0 the same, 1 as far as shown, 2 one is unsaid, None not."""
    if one is None or other is None:
        return 2
    if one == other:
        return 0
    if MASK not in one and MASK not in other:
        return None
    return 1 if _fits(one, other) else None


def _fits(one: str, other: str) -> bool:
    """Whether no digit that both show differs."""
    if len(one) == len(other):
        return all(a == b or MASK in (a, b) for a, b in zip(one, other, strict=True))
    # Of different length, stars stand for however many: beginnings and ends must agree.
    (head, tail), (head_too, tail_too) = _ends(one), _ends(other)
    heads = head.startswith(head_too) or head_too.startswith(head)
    return heads and (tail.endswith(tail_too) or tail_too.endswith(tail))


def _ends(number: str) -> tuple[str, str]:
    """What stands before the first star and behind the last; all of it twice without a star."""
    return number.split(MASK, 1)[0], number.rsplit(MASK, 1)[-1]
