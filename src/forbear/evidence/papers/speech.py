"""What papers say: their own words looked up, and set as the language wants them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from forbear.base.reasons import Sentence
from forbear.evidence.given import Language
from forbear.evidence.voice import Voice

_FILE: Final = "words.toml"
_PLURAL: Final = re.compile(r"([\d,]+) ([a-z]+)\(s\)")


@cache
def words() -> Mapping[str, Sentence]:
    """Every sentence of the papers by ``table.key``."""
    text = files("forbear.evidence.papers").joinpath(_FILE).read_text(encoding="utf-8")
    return {
        f"{table}.{key}": Sentence(zh=said["zh"], en=said["en"])
        for table, keys in tomllib.loads(text).items()
        for key, said in keys.items()
    }


class Speech:
    """One language of the papers."""

    __slots__ = ("voice",)

    def __init__(self, language: Language) -> None:
        self.voice = Voice(language)

    def say(self, key: str, **values: object) -> str:
        """The words ``key`` with ``values`` put in; whole numbers get their thousands marked.

        English words end in ``(s)`` where the number before them decides their form.
        """
        shown = {name: f"{v:,}" if isinstance(v, int) else str(v) for name, v in values.items()}
        said = words()[key].in_language(self.voice.language).format_map(shown)
        return self.voice.tidy(said if self.voice.chinese else _PLURAL.sub(_agree, said))

    def line(self, sentence: Sentence) -> str:
        """A sentence from the data of a country, or from a finding."""
        return self.voice.sentence(sentence)

    def joined(self, parts: list[str]) -> str:
        """Sentences in a row."""
        return ("" if self.voice.chinese else " ").join(parts)


def _agree(found: re.Match[str]) -> str:
    number, noun = found[1], found[2]
    if (number, noun) == ("1", "time"):
        return "once"
    return f"{number} {noun}" if number == "1" else f"{number} {noun}s"
