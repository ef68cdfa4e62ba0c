"""The bytes of an XML backup made fit to be parsed, without moving anything.

The app writes an emoji as two surrogate references, which no XML parser accepts. Each repair keeps
the length in bytes, so that lines stay where they are in the person's own file.
"""

from __future__ import annotations

import codecs
import re
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

from forbear.intake.rows import Part
from forbear.intake.table import SNIFF_BYTES, encoding_of

_PIECE_BYTES: Final = 1 << 18
_REFERENCE: Final = rb"&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,10}));"
_ONE: Final = re.compile(_REFERENCE)
_RUN: Final = re.compile(rb"(?:" + _REFERENCE.replace(b"([", b"(?:[") + rb")+")
# XML allows a tab and the ends of lines, and no other control character.
_CONTROLS: Final = frozenset(range(32)) - {9, 10, 13}
_NO_CHARACTERS: Final = _CONTROLS | {0xFFFE, 0xFFFF}
_WITHOUT_CONTROLS: Final = bytes(32 if code in _CONTROLS else code for code in range(256))
_HIGH: Final = range(0xD800, 0xDC00)
_LOW: Final = range(0xDC00, 0xE000)
_BEYOND: Final = 0x10000
_REPLACEMENT: Final = 0xFFFD


def utf8_pieces(path: Path, part: Part) -> Iterator[bytes]:
    """The file in pieces of UTF-8, whatever its encoding; damaged bytes are reported once."""
    with path.open("rb") as file:
        encoding = encoding_of(file.read(SNIFF_BYTES))
        file.seek(0)
        decoder = codecs.getincrementaldecoder(encoding)("strict")
        line = 1
        reported = False
        while True:
            chunk = file.read(_PIECE_BYTES)
            state = decoder.getstate()
            try:
                text = decoder.decode(chunk, not chunk)
            except UnicodeDecodeError as error:
                if not reported:
                    damaged = line + chunk[: max(0, error.start)].count(b"\n")
                    part.fail(damaged, "bytes here are not UTF-8 and show as �; export again")
                    reported = True
                decoder.setstate(state)
                decoder.errors = "replace"
                text = decoder.decode(chunk, not chunk)
                decoder.errors = "strict"
            line += text.count("\n")
            if text:
                yield text.encode("utf-8", "replace")
            if not chunk:
                return


def repaired(raw: bytes) -> bytes:
    """``raw`` with surrogate pairs joined, and with what XML cannot hold replaced, same length."""
    plain = raw.translate(_WITHOUT_CONTROLS)
    return _RUN.sub(lambda run: _repaired_run(run[0]), plain) if b"&#" in plain else plain


@lru_cache(maxsize=1024)
def _repaired_run(run: bytes) -> bytes:
    """A run of adjoining references, with each high and low surrogate made one character."""
    out: list[bytes] = []
    high, high_width = 0, 0
    for reference in _ONE.finditer(run):
        code, width = _code(reference), len(reference[0])
        if high and code in _LOW:
            code = _BEYOND + ((high - _HIGH.start) << 10) + (code - _LOW.start)
            width += high_width
            high = 0
        elif high:
            out.append(_reference(high, high_width))
            high = 0
        if code in _HIGH:
            high, high_width = code, width
        else:
            out.append(_reference(code, width))
    if high:
        out.append(_reference(high, high_width))
    return b"".join(out)


def _code(reference: re.Match[bytes]) -> int:
    return int(reference[1], 16) if reference[1] else int(reference[2])


def _reference(code: int, width: int) -> bytes:
    """A reference to ``code`` in exactly ``width`` bytes; a space where XML has no such one."""
    if code in _NO_CHARACTERS:
        return b" " * width
    if code in _HIGH or code in _LOW or code > sys.maxunicode:
        code = _REPLACEMENT
    digits = width - len("&#;")
    text = b"%d" % code
    if len(text) > digits:
        return b"&#x%s;" % (b"%X" % code).rjust(digits - 1, b"0")
    return b"&#" + text.rjust(digits, b"0") + b";"
