"""Saying things in one language: words looked up, numbers and dates written, Chinese set properly.

Chinese has a thin space between its own characters and Latin letters or digits, and full-width
punctuation. Sentences come from many hands, so both are put right here, in one place.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from forbear.base.reasons import Sentence
from forbear.evidence.given import Language
from forbear.evidence.words import MONTHS, WEEKDAYS, WORDS

THIN_SPACE: Final = "\u2009"
_HAN: Final = "\u3400-\u9fff"
_HAN_THEN_LATIN: Final = re.compile(rf"(?<=[{_HAN}])(?=[A-Za-z0-9])")
_LATIN_THEN_HAN: Final = re.compile(rf"(?<=[A-Za-z0-9%])(?=[{_HAN}])")
# 2026年3月10日 is one word: no space may stand inside it.
_DATE: Final = re.compile(
    rf"(\d)[{THIN_SPACE} ]?([年月日])(?:[{THIN_SPACE} ]?(?=\d+[{THIN_SPACE} ]?[月日]))?"
)
_HALF_WIDTH: Final = re.compile(rf"(?<=[{_HAN}”」》）])([,;:?!])\s*|([,;])(?=[{_HAN}])")
_FULL_WIDTH: Final = {",": "，", ";": "；", ":": "：", "?": "？", "!": "。"}
# Brackets are full-width where Chinese stands before or within them.
_BRACKETS: Final = re.compile(rf"(?<=[{_HAN}])\(([^()]*)\)\s?|\(([^()]*[{_HAN}][^()]*)\)")
_PLURAL: Final = re.compile(r"([\d,]+) ((?:[a-z]+ )?[a-z]+)\(s\)")
# Not allowed in XML, invisible, or able to turn the reading order round.
_UNSAFE: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff"
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


def clean(text: str) -> str:
    """``text`` with every character that could break or disguise a document made visible."""
    return _UNSAFE.sub("\ufffd", text)


def cut(text: str, most: int) -> str:
    """``text`` with an ellipsis for whatever is beyond ``most`` characters."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def columns(text: str) -> int:
    """How many columns of a terminal ``text`` takes; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(mark) in "WF" else 1 for mark in text)


def tidy_chinese(text: str, *, space: str = THIN_SPACE) -> str:
    """Running Chinese text with full-width punctuation, and ``space`` around Latin and digits."""
    text = _HALF_WIDTH.sub(lambda m: _FULL_WIDTH[m[1] or m[2]], text)
    text = _BRACKETS.sub(lambda m: f"（{m[1] or m[2] or ''}）", text)
    text = _LATIN_THEN_HAN.sub(space, _HAN_THEN_LATIN.sub(space, text))
    return _DATE.sub(r"\1\2", text)


class Voice:
    """One language, with the space that its medium wants between Chinese and Latin."""

    __slots__ = ("chinese", "language", "space")

    def __init__(self, language: Language, *, space: str = THIN_SPACE) -> None:
        """Speak ``language``; a terminal wants a plain ``space``, a page a thin one."""
        self.language = language
        self.chinese = language == "zh"
        self.space = space

    def say(self, key: str, **values: object) -> str:
        """The words ``key`` with ``values`` put in; whole numbers get their thousands marked.

        English words end in ``(s)`` where the number before them decides their form.
        """
        return self.put(WORDS[key], **values)

    def put(self, words: tuple[str, str], **values: object) -> str:
        """Chinese and English words that stand elsewhere, with ``values`` put in, as ``say``."""
        shown = {name: f"{v:,}" if isinstance(v, int) else str(v) for name, v in values.items()}
        zh, en = words
        if self.chinese:
            return self.tidy(zh.format_map(shown))
        return _PLURAL.sub(_agree, en.format_map(shown))

    def say_if_known(self, key: str) -> str:
        """The words ``key``, or nothing where there are none."""
        return self.say(key) if key in WORDS else ""

    def tidy(self, text: str) -> str:
        """``text`` as this language sets it."""
        text = clean(text)
        return tidy_chinese(text, space=self.space) if self.chinese else text

    def sentence(self, sentence: Sentence) -> str:
        """A sentence that another part of Forbear wrote."""
        return self.tidy(sentence.in_language(self.language))

    def together(self, parts: Sequence[str]) -> str:
        """``parts`` in a row, as a list within a sentence."""
        return ("、" if self.chinese else ", ").join(parts)

    def colon(self) -> str:
        """A colon, with the space that follows it."""
        return "：" if self.chinese else ": "

    def stop(self) -> str:
        """The mark that ends a sentence."""
        return "。" if self.chinese else "."

    def day(self, day: date, *, year: bool = False) -> str:
        """A date as in 3月10日 or 10 March, with the year where asked."""
        if self.chinese:
            return f"{day.year}年{day.month}月{day.day}日" if year else f"{day.month}月{day.day}日"
        shown = f"{day.day} {MONTHS[day.month - 1]}"
        return f"{shown} {day.year}" if year else shown

    def short_day(self, day: date) -> str:
        """A date without its year, for a narrow column."""
        return self.day(day) if self.chinese else f"{day.day} {MONTHS[day.month - 1][:3]}"

    def month(self, day: date) -> str:
        """A month with its year."""
        if self.chinese:
            return f"{day.year}年{day.month}月"
        return f"{MONTHS[day.month - 1]} {day.year}"

    def weekday(self, day: date) -> str:
        """The day of the week, short."""
        return WEEKDAYS[self.language][day.weekday()]

    def moment(self, moment: datetime, *, year: bool = True) -> str:
        """A date and a time of day, to the minute; short where the year is plain."""
        day = moment.date()
        return f"{self.day(day, year=True) if year else self.short_day(day)} {moment:%H:%M}"

    def lines(self, numbers: Sequence[int]) -> str:
        """Line numbers of one file, to follow its name."""
        shown = self.together([str(number) for number in numbers])
        if self.chinese:
            return f"第{self.space}{shown}{self.space}行"
        return f"line {shown}" if len(numbers) == 1 else f"lines {shown}"


def _agree(found: re.Match[str]) -> str:
    number, noun = found[1], found[2]
    if (number, noun) == ("1", "time"):
        return "once"
    return f"{number} {noun}" if number == "1" else f"{number} {noun}s"
