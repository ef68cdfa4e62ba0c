"""Text for a terminal of a hundred columns, where a Chinese character takes two."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from forbear.cli.law_cases import Language
from forbear.cli.law_words import WORDS
from forbear.evidence.voice import Voice, columns
from forbear.law.book import Book

WIDTH: Final = 100
# Nothing of this begins a line, and nothing of that ends one.
_NEVER_FIRST: Final = frozenset("，。；：、）》」”？！,.;:)]}%")
_NEVER_LAST: Final = frozenset("（《「“([{")
# A date such as 2026年3月10日 stays on one line.
_DATE: Final = re.compile("[0-9][年月日]|[年月][0-9]")
_SHORT_HASH: Final = 12


class Page:
    """Lines in one language, none wider than a terminal."""

    def __init__(self, language: Language) -> None:
        self.voice = Voice(language, space=" ")
        self._lines: list[str] = []

    def say(self, key: str, **values: object) -> str:
        """The words ``key``, of this command or of every report, with ``values`` put in."""
        if key not in WORDS:
            return self.voice.say(key, **values)
        zh, en = WORDS[key]
        if self.voice.chinese:
            return self.voice.tidy(zh.format_map(values))
        return en.format_map(values)

    def add(self, text: str = "", *, indent: int = 0, hang: int = 0) -> None:
        """A paragraph, set in by ``indent`` and its later lines by ``hang`` more."""
        if not text:
            # One empty line separates; two would only be a hole.
            if self._lines and self._lines[-1]:
                self._lines.append("")
            return
        self._lines += wrapped(printable(text), indent=indent, hang=hang)

    def row(self, cells: Sequence[str], widths: Sequence[int]) -> None:
        """One line of a table; a cell wider than its column takes the line for itself."""
        line, room = "", 0
        for cell, width in zip(cells, widths, strict=True):
            if columns(line) > room:
                self._lines.append(line.rstrip())
                line = ""
            line = line + " " * (room - columns(line)) + printable(cell) + " "
            room += width + 1
        self._lines.append(line.rstrip())

    def packs(self, *books: Book) -> None:
        """The last line: by which packs this was answered."""
        hashes = dict.fromkeys(pair for book in books for pair in book.hashes.items())
        shown = [f"{name} {sha[:_SHORT_HASH]}" for name, sha in hashes]
        self.add()
        self.add(f"{self.say('packs')}{self.voice.colon()}{', '.join(shown)}")

    def text(self) -> str:
        """The whole page."""
        return "\n".join(self._lines) + "\n"


def printable(text: str) -> str:
    """``text`` without characters that could move the cursor of a terminal."""
    return "".join(mark if mark.isprintable() else "\ufffd" for mark in text)


def wrapped(text: str, *, indent: int = 0, hang: int = 0) -> list[str]:
    """``text`` broken at spaces and beside Chinese characters, so that every line fits."""
    lines: list[str] = []
    margin, rest = " " * indent, text.strip()
    while columns(margin + rest) > WIDTH:
        end = _break(rest, WIDTH - len(margin))
        lines.append(margin + rest[:end].rstrip())
        margin, rest = " " * (indent + hang), rest[end:].lstrip()
    return [*lines, margin + rest]


def _break(text: str, room: int) -> int:
    """Where to break ``text``: as far right as fits, in the middle of a word only if it must."""
    width, best, end = 0, 0, 1
    for place, mark in enumerate(text):
        width += columns(mark)
        if width > room:
            break
        end = place + 1
        following = text[end : end + 1]
        free = mark == " " or max(columns(mark), columns(following)) > 1
        barred = following in _NEVER_FIRST or mark in _NEVER_LAST or _DATE.match(mark + following)
        if free and not barred:
            best = end
    return best or end


def toml_lines(table: Mapping[str, Any]) -> list[str]:
    """A table as lines of TOML, a long list of conditions with one on each line."""
    lines = []
    for key, value in table.items():
        whole = f"{key} = {toml(value)}"
        if columns(whole) <= WIDTH - 4 or not isinstance(value, list | dict):
            lines.append(whole)
        elif isinstance(value, list):
            lines += [f"{key} = [", *(f"  {toml(each)}," for each in value), "]"]
        elif set(value) == {"any"}:
            lines += [f"{key}.any = [", *(f"  {toml(each)}," for each in value["any"]), "]"]
        else:
            lines += [f"{key}.{name} = {toml(each)}" for name, each in value.items()]
    return lines


def toml(value: Any) -> str:
    """A value as TOML writes it on one line."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        if not value:
            return "{}"
        return "{ " + ", ".join(f"{key} = {toml(each)}" for key, each in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(value)


def plain(value: Any) -> Any:
    """A pack's value as JSON takes it: dates as text."""
    if isinstance(value, Mapping):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value.isoformat() if isinstance(value, datetime | date) else value


def joined(parts: Iterable[str], voice: Voice) -> str:
    """Several things in a row."""
    return voice.together(list(parts))
