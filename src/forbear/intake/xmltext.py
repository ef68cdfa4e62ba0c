"""The bytes of an XML backup made fit to be parsed, without moving anything.

The app writes an emoji as two surrogate references, which no XML parser accepts. Each repair keeps
the length in bytes, so that lines stay where they are in the person's own file.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from forbear.intake.rows import Part
from forbear.intake.table import SNIFF_BYTES, encoding_of

_PIECE_BYTES: Final = 1 << 18
_REFERENCE: Final = rb"&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,10}));"
_ONE: Final = re.compile(_REFERENCE)
_RUN: Final = re.compile(rb"(?:" + _REFERENCE.replace(b"([", b"(?:[") + rb")+")
_CONTROL: Final = bytes(
    32 if code < 32 and code not in (9, 10, 13) else code for code in range(256)
)


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
    plain = raw.translate(_CONTROL)
    return _RUN.sub(_repair_run, plain) if b"&#" in plain else plain


def _repair_run(run: re.Match[bytes]) -> bytes:
    """A run of adjoining references, with each high and low surrogate made one character."""
    out: list[bytes] = []
    found = list(_ONE.finditer(run[0]))
    index = 0
    while index < len(found):
        code, width = _code(found[index]), len(found[index][0])
        follower = _code(found[index + 1]) if index + 1 < len(found) else 0
        if 0xD800 <= code < 0xDC00 <= follower < 0xE000:
            code = 0x10000 + ((code - 0xD800) << 10) + (follower - 0xDC00)
            width += len(found[index + 1][0])
            index += 1
        index += 1
        out.append(_reference(code, width))
    return b"".join(out)


def _code(reference: re.Match[bytes]) -> int:
    return int(reference[1], 16) if reference[1] else int(reference[2])


def _reference(code: int, width: int) -> bytes:
    """A reference to ``code`` in exactly ``width`` bytes; a space where XML has no such one."""
    whole = code >= 32 or code in (9, 10, 13)
    if not whole or code in (0xFFFE, 0xFFFF):
        return b" " * width
    if 0xD800 <= code < 0xE000 or code > 0x10FFFF:
        code = 0xFFFD
    digits = width - len("&#;")
    text = b"%d" % code
    if len(text) > digits:
        return b"&#x%s;" % (b"%X" % code).rjust(digits - 1, b"0")
    return b"&#" + text.rjust(digits, b"0") + b";"
